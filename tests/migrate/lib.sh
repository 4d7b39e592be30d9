# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# What the tests of this suite share.
. ../lib.sh
. ../console.sh

GUEST_MEMORY=48
DISK_SECTORS=512

# shellcheck disable=SC2034 # whoever sources this uses them
STATE=/tmp/state
# shellcheck disable=SC2034
ADDR=unix:/tmp/address

dd if=/dev/zero of=/tmp/disk bs=512 count=$DISK_SECTORS 2>/dev/null

# The memory that the guest's load works on is a sixth of all it has.
# It is at work when both programs catch SIGTERM (bit 14 of the mask).
# shellcheck disable=SC2016 # the guest's shell expands it
WORK='load 99999 8 & a=$!; diskload /dev/vda & b=$!; for p in $a $b; do until grep -q SigCgt.*[4-7c-f]...$ /proc/$p/status; do :; done; done; '"$ANSWER"'; kill $a $b; wait $a && wait $b'

# vmm OPTION...: start a VMM with the guest's disk; its process is $vmm
vmm() {
	kvm-vmm -d /tmp/disk "$@" </tmp/console.in >/tmp/console.out 2>&1 &
	vmm=$!
}

# boot OPTION...: start the guest's work
boot() {
	vmm -m "$GUEST_MEMORY" -k /guest/zImage -i /guest/initramfs \
		-p "console=ttyS0 loglevel=5 run=\"$WORK\"" "$@"
}

# leave PID: make a guest leave a VMM
leave() {
	kill -USR2 "$1"
}
