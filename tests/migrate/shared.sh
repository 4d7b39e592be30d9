#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Two machines have a disk, as over a network: each has a page cache of its own.
# The one that a guest moves to has read all of the disk before.
. ./lib.sh

mv /tmp/disk /tmp/storage
for there in 0 1; do
	losetup /dev/loop$there /tmp/storage
done

ln -s /dev/loop0 /tmp/disk
boot -c 2 --migrate-to "$ADDR"
expect "*at work*"
alive
source=$vmm
# The last one to close it would empty the cache.
exec 5</dev/loop1
cat <&5 >/dev/null

ln -sf /dev/loop1 /tmp/disk
vmm --incoming "$ADDR"
expect "kvm-vmm: waiting*"
leave "$source"
expect "kvm-vmm: moved:*"
ended "$source"
for _ in 1 2 3 4 5; do
	alive
done
finish
exec 5<&-
for there in 0 1; do
	losetup -d /dev/loop$there
done
