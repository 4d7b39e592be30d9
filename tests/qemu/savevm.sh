#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# savevm.sh N: a working guest is saved into its disk and put back N times. What
# it said since then has not happened to it.
. ./lib.sh

qemu-img create -q -f qcow2 /tmp/disk 16M
start 0 "$WORK" -smp 2 -drive if=none,id=disk,file=/tmp/disk,format=qcow2 \
	-device virtio-blk-pci,drive=disk
expect "*at work*"
for _ in $(seq "$1"); do
	alive
	hmp 0 "savevm state"
	alive
	hmp 0 "loadvm state"
	alive
done
finish
