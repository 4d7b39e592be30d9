#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# lost.sh --save FILE | --migrate-to ADDRESS: what a guest wrote is in the page
# cache and cannot go to its disk, and it has not asked for that. It does not
# leave its disk behind.
. ./lib.sh

# There is nothing under it.
mkdir /tmp/small
mount -t tmpfs -o size=64k small /tmp/small
truncate -s $((DISK_SECTORS * 512)) /tmp/small/disk
cat /dev/zero > /tmp/small/full 2>/dev/null
losetup /dev/loop0 /tmp/small/disk
ln -sf /dev/loop0 /tmp/disk

# It has written before it is at work.
WORK="dd if=/dev/zero of=/dev/vda bs=512 count=$DISK_SECTORS; $WORK"
boot -c 2 "$@"
expect "*at work*"
source=$vmm
for _ in 1 2; do
	if [ "$1" = --migrate-to ]; then
		vmm --incoming "$2"
		expect "kvm-vmm: waiting*"
	fi
	leave "$source"
	expect "kvm-vmm: $2: cannot write, *: disk /tmp/disk"
	if [ "$1" = --migrate-to ]; then
		wait "$vmm"
		status=$?
		[ $status -eq 1 ] || fail "a VMM ended with status $status, not 1"
	fi
	alive
done
[ ! -e "$STATE" ] || fail "the guest was saved"
vmm=$source
finish
losetup -d /dev/loop0
umount /tmp/small
