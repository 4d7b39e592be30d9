#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# debian.sh NAME VCPUS: a kernel of Debian's uses a disk and all vCPUs.
. ./lib.sh

# Debian's kernels are large.
GUEST_MEMORY=256

dd if=/dev/zero of=/tmp/disk bs=1M count=16 2>/dev/null
# shellcheck disable=SC2016 # the guest's shell expands it
start 0 '(set -e; uname -r; [ $(nproc) = '"$2"' ]; mke2fs /dev/vda; mkdir /mnt; mount -t ext4 /dev/vda /mnt; load 2 8; dd if=/dev/zero of=/mnt/x bs=64k count=64; umount /mnt)' \
	-smp "$2" -kernel "/guests/$1/zImage" -initrd "/guests/$1/initramfs" \
	-drive file=/tmp/disk,format=raw,if=none,id=disk \
	-device virtio-blk-device,drive=disk
expect '*guest: status 0*'
ended "$vmm"
