#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# debian.sh NAME VCPUS: a kernel of Debian's, with the modules that it needs for a
# disk and a file system: both are used on all vCPUs.
. ../lib.sh

# Debian's kernels are large.
GUEST_MEMORY=256

dd if=/dev/zero of=/tmp/disk bs=1M count=16 2>/dev/null
# shellcheck disable=SC2016 # the guest's shell expands it
guest '(set -e; uname -r; [ $(nproc) = '"$2"' ]; mke2fs /dev/vda; mkdir /mnt; mount -t ext4 /dev/vda /mnt; dd if=/dev/urandom of=/mnt/x bs=64k count=64; cp /mnt/x /tmp/; load 2 8; umount /mnt; mount -t ext4 /dev/vda /mnt; cmp /mnt/x /tmp/x; umount /mnt; cat /proc/interrupts)' \
	-c "$2" -k "/guests/$1/zImage" -i "/guests/$1/initramfs" -d /tmp/disk
# What the guest wrote is in its disk: the magic number of the file system
[ "$(dd if=/tmp/disk bs=1 skip=1080 count=2 2>/dev/null | hexdump -e '1/2 "%x"')" = ef53 ] ||
	fail "no file system on the disk"
