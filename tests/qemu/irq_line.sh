#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# The line from QEMU's interrupt controller to a CPU is as it was when a guest was
# saved, whatever it is when that is put back: low or high, in this process or in
# another.
. ./lib.sh

# bare N OPTION...: the guest that says what the line is
bare() {
	number=$1
	shift
	qemu "$number" -kernel /usr/bin/irqline \
		-drive if=none,id=disk,file=/tmp/disk,format=qcow2 "$@"
}

# line_is LEVEL: when the guest has been asked by a character
line_is() {
	expect "*irq [01]*"
	case $line in
	*"irq $1"*)
		;;
	*)
		give_up "the line is not $1"
		;;
	esac
}

# asked_line_is LEVEL
asked_line_is() {
	printf '?' >&3
	line_is "$1"
}

qemu-img create -q -f qcow2 /tmp/disk 16M
bare 0
line_is 0
hmp 0 "savevm low"
printf t >&3
line_is 1
hmp 0 "savevm high"
asked_line_is 1

hmp 0 "loadvm low"
asked_line_is 0
hmp 0 "loadvm high"
asked_line_is 1
qmp 0 '{"execute": "system_reset"}'
line_is 0
hmp 0 "loadvm high"
asked_line_is 1

source=$vmm
migrate 0 file:/tmp/state
ended "$source"
bare 1 -incoming defer
arrive 1 file:/tmp/state
event 1 '"event": "RESUME"'
asked_line_is 1
qmp 1 '{"execute": "quit"}'
ended "$vmm"
