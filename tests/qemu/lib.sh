# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# What the tests of this suite share. All QEMUs of a test have one console, at
# which one guest works at a time; each has a monitor of its own, that its
# number says.
. ../lib.sh
. ../console.sh

# shellcheck disable=SC2034 # whoever sources this changes them
GUEST_MEMORY=64
# Buses that a guest without LPAE reaches
MACHINE=${MACHINE:-virt,highmem=off}
ACCEL=${ACCEL:-kvm}
CPU=${CPU:-host}

# The memory that the guest's load works on is an eighth of all it has.
# It is at work when it catches SIGTERM (bit 14 of the mask).
# shellcheck disable=SC2016,SC2034 # the guest's shell expands it
WORK='load 99999 8 & a=$!; until grep -q SigCgt.*[4-7c-f]...$ /proc/$a/status; do :; done; '"$ANSWER"'; kill $a; wait $a'

# networks: what the host knows of its networks
networks() {
	for net in /sys/class/net/*; do
		echo "${net##*/} $(cat "$net/operstate" "$net/address" | paste -sd' '):" \
			"$(cat "$net/statistics/rx_packets") in," \
			"$(cat "$net/statistics/tx_packets") out"
	done
	cat /proc/net/arp /proc/net/tcp
}

# give_up MESSAGE: what was said by QEMU comes with it, what it waits for, and what
# became of its network
give_up() {
	for task in /proc/[0-9]*/task/*; do
		grep -q '^qemu-system' "${task%/task/*}/comm" 2>/dev/null || continue
		echo "# $(cut -d' ' -f1-3,14-15 "$task/stat")" \
			"$(sed 's/.*\] //' "$task/stack" 2>/dev/null | tr '\n' ' ')"
	done
	for log in /tmp/qemu.*; do
		sed "s|^|$log: |" "$log"
	done
	networks | sed 's/^/# /'
	kill -0 "$vmm" 2>/dev/null || {
		wait "$vmm"
		echo "# QEMU has ended with status $?"
	}
	fail "$@"
}

# qemu N OPTION...: start QEMU N; its process is $vmm
qemu() {
	number=$1
	shift
	mkfifo "/tmp/qmp$number.in" "/tmp/qmp$number.out"
	qemu-system-arm -M "$MACHINE" -accel "$ACCEL" -cpu "$CPU" \
		-m "$GUEST_MEMORY" -nodefaults -no-user-config -display none \
		-chardev pipe,id=console,path=/tmp/console \
		-serial chardev:console \
		-chardev "pipe,id=qmp,path=/tmp/qmp$number" \
		-mon chardev=qmp,mode=control "$@" >"/tmp/qemu.$number" 2>&1 &
	vmm=$!
	qmp "$number" '{"execute": "qmp_capabilities"}'
}

# start N COMMAND OPTION...: the same, with a guest that runs COMMAND
start() {
	number=$1
	guest_command=$2
	shift 2
	qemu "$number" -kernel /guest/zImage -initrd /guest/initramfs \
		-append "console=ttyAMA0 loglevel=5 run=\"$guest_command\"" "$@"
}

# start_perf N COMMAND OPTION...: the same, with a kernel that has perf
start_perf() {
	number=$1
	guest_command=$2
	shift 2
	GUEST_MEMORY=128
	qemu "$number" -kernel /guest/zImage-lpae -initrd /guest/initramfs \
		-append "console=ttyAMA0 loglevel=5 run=\"$guest_command\"" "$@"
}

# check_irqchip: the interrupt controller is where $ACCEL has it. There is a file
# for each that the kernel has.
check_irqchip() {
	vgic=$(echo /sys/kernel/debug/kvm/"$vmm"-*/vgic-state)
	case $ACCEL in
	*kernel-irqchip=off*)
		[ ! -e "$vgic" ] || fail "the kernel has $vgic"
		;;
	*)
		[ -e "$vgic" ] || fail "the kernel has no $vgic"
		;;
	esac
}

# await N PATTERN: read what monitor N says until a line matches, which is $line
await() {
	# shellcheck disable=SC3045 # busybox has it
	while time_left && read -t "$left" -r line; do
		echo "$line" >>"/tmp/said$1"
		# shellcheck disable=SC2254 # it is a pattern
		case $line in
		$2)
			return
			;;
		*'"error":'*)
			give_up "$line"
			;;
		esac
	done <>"/tmp/qmp$1.out"
	give_up "monitor $1 does not say $2 to $asked"
}

# transferred DEVICE BYTES: until so many went through a network device, both ways
transferred() {
	for counter in rx_bytes tx_bytes; do
		until [ "$(cat "/sys/class/net/$1/statistics/$counter")" -gt "$2" ]; do
			kill -0 "$vmm" || give_up "QEMU is gone"
			time_left || give_up "no $2 $counter of $1"
			sleep 1
		done
	done
}

# event N PATTERN: until monitor N has said it, be it before the last answer
event() {
	grep -q "$2" "/tmp/said$1" || await "$1" "*$2*"
}

# qmp N COMMAND: the answer is $line. Whoever is asked to quit may be gone before
# anybody reads his answer: it is lost unless somebody has the pipe open.
qmp() {
	asked=$2
	{
		echo "$2" >"/tmp/qmp$1.in"
		await "$1" '*"return":*'
	} <>"/tmp/qmp$1.out"
}

# hmp N COMMAND: one that says nothing if all is well
hmp() {
	qmp "$1" "{\"execute\": \"human-monitor-command\",
		\"arguments\": {\"command-line\": \"$2\"}}"
	case $line in
	*'"return": ""'*)
		;;
	*)
		give_up "$2: $line"
		;;
	esac
}

# The guest stands still for so many ms rather than dirty its memory faster than
# that goes away: the host is slow.
DOWNTIME=20000

# migrate N URI: QEMU N's guest leaves, and the process ends
migrate() {
	qmp "$1" '{"execute": "migrate-set-capabilities", "arguments":
		{"capabilities": [{"capability": "events", "state": true}]}}'
	qmp "$1" "{\"execute\": \"migrate-set-parameters\",
		\"arguments\": {\"downtime-limit\": $DOWNTIME}}"
	qmp "$1" "{\"execute\": \"migrate\", \"arguments\": {\"uri\": \"$2\"}}"
	event "$1" '"status": "completed"'
	qmp "$1" '{"execute": "quit"}'
}

# arrive N URI
arrive() {
	qmp "$1" "{\"execute\": \"migrate-incoming\",
		\"arguments\": {\"uri\": \"$2\"}}"
}
