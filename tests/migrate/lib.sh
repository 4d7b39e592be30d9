# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# What the tests of this suite share. A guest answers "ping N" on its console
# with "pong N" while it works, and ends its work at "stop".
. ../lib.sh

GUEST_MEMORY=48
DISK_SECTORS=512
# What nobody says for so many seconds, nobody will say.
PATIENCE=120

# shellcheck disable=SC2034 # whoever sources this uses them
STATE=/tmp/state
# shellcheck disable=SC2034
ADDR=unix:/tmp/address

mkfifo /tmp/in /tmp/out
exec 3<>/tmp/in 4<>/tmp/out
dd if=/dev/zero of=/tmp/disk bs=512 count=$DISK_SECTORS 2>/dev/null

# The memory that the guest's load works on is a sixth of all it has.
# It is at work when both programs catch SIGTERM (bit 14 of the mask).
# shellcheck disable=SC2016 # the guest's shell expands it
WORK='load 99999 8 & a=$!; diskload /dev/vda & b=$!; for p in $a $b; do until grep -q SigCgt.*[4-7c-f]...$ /proc/$p/status; do :; done; done; echo at work; while read -r c x && [ $c = ping ]; do echo pong $x; done; kill $a $b; wait $a && wait $b'

# vmm OPTION...: start a VMM with the guest's disk; its process is $vmm
vmm() {
	kvm-vmm -d /tmp/disk "$@" </tmp/in >/tmp/out 2>&1 &
	vmm=$!
}

# boot OPTION...: start the guest's work
boot() {
	vmm -m "$GUEST_MEMORY" -k /guest/zImage -i /guest/initramfs \
		-p "console=ttyS0 loglevel=5 run=\"$WORK\"" "$@"
}

# expect PATTERN: read what is printed until a line matches, which is $line
expect() {
	# shellcheck disable=SC3045 # busybox has it
	while read -t "$PATIENCE" -r line <&4; do
		echo "$line"
		# shellcheck disable=SC2254 # it is a pattern
		case $line in
		$1)
			return
			;;
		*FAILED* | *"guest: status"* | *anic*)
			fail "instead of $1"
			;;
		esac
	done
	fail "nobody says $1"
}

ping=0
# alive: the guest answers
alive() {
	ping=$((ping + 1))
	echo "ping $ping" >&3
	expect "*pong $ping*"
}

# leave PID: make a guest leave a VMM
leave() {
	kill -USR2 "$1"
}

# ended PID: a VMM must end, and well
ended() {
	wait "$1"
	status=$?
	[ $status -eq 0 ] || fail "a VMM ended with status $status"
}

# finish: the guest's work was all right
finish() {
	echo stop >&3
	expect "*guest: status 0*"
	ended "$vmm"
}
