#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# A disk on the PCI bus: its interrupts are messages, and what is read and
# written is right.
. ./lib.sh

SECTORS=8192

dd if=/dev/urandom of=/tmp/disk bs=512 count=$SECTORS 2>/dev/null
sum=$(md5sum < /tmp/disk)
sum=${sum%% *}
{
	dd if=/dev/zero bs=64k count=1
	dd if=/tmp/disk bs=64k count=63
} > /tmp/expected 2>/dev/null
start 0 "set -e; md5sum /dev/vda | grep $sum; dd if=/dev/vda of=/tmp/x bs=64k; dd if=/tmp/x of=/dev/vda bs=64k seek=1 count=63; dd if=/dev/zero of=/dev/vda bs=64k count=1; sync; grep -q 'MSI.*virtio0-req' /proc/interrupts" \
	-smp 2 -drive if=none,id=disk,file=/tmp/disk,format=raw \
	-device virtio-blk-pci,drive=disk
expect "*guest: status 0*"
ended "$vmm"
cmp /tmp/disk /tmp/expected || fail "the disk does not hold what was written"
