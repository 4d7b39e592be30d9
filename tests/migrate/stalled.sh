#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# stalled.sh CONSOLE [VMM-OPTION...]: a guest prints what nobody reads, is typed
# at, and leaves all the same; what it did not get to print, it prints elsewhere.
. ./lib.sh

console=$1
shift

# quiet OPTION...: start a VMM whose own messages go to a file
quiet() {
	kvm-vmm -d /tmp/disk "$@" </tmp/console.in >/tmp/console.out 2>/tmp/messages &
	vmm=$!
}

# is_asleep PROCESS: it waits for something
is_asleep() {
	grep -q '^State:.S' "/proc/$1/status"
}

# stalls: a vCPU waits in poll() for a reader, or the I/O thread for that and more
NR_POLL=168
stalls() {
	grep -q "^$NR_POLL " /proc/$vmm/task/*/syscall ||
		grep -qh '^tfd: *1 ' /proc/$vmm/fdinfo/*
}

# until_is COMMAND [ARGUMENT...]
until_is() {
	until "$@"; do
		time_left || give_up "never: $*"
		sleep 1
	done
}

quiet -m "$GUEST_MEMORY" -k /guest/zImage -i /guest/initramfs --save "$STATE" \
	-p "console=$console loglevel=5 run=\"$WORK\"" "$@"
expect "*at work*"
alive

# As much as the pipe takes: the guest gets not one byte into it.
yes >/tmp/console.out &
until_is is_asleep $!
kill $!
echo "ping first" >&3
until_is stalls
# The I/O thread is woken by what is typed, and sleeps again when it has seen that.
echo "ping second" >&3
until_is is_asleep "$vmm"
leave "$vmm"
until_is grep "kvm-vmm: saved" /tmp/messages
ended "$vmm"

timeout 1 cat /tmp/console.out >/dev/null || :
quiet --restore "$STATE"
expect "*pong second*"
alive
finish
