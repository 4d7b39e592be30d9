#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# be.sh VCPUS: a big-endian guest computes on all vCPUs, and copies half of a disk
# to the other half.
. ../lib.sh

HALF=2

dd if=/guest/zImage of=/tmp/half bs=1M count=$HALF 2>/dev/null
dd if=/dev/zero of=/tmp/disk bs=1M count=$((2 * HALF)) 2>/dev/null
dd if=/tmp/half of=/tmp/disk conv=notrunc 2>/dev/null
start_guest /tmp/log true -c "$1" -k /guests/be/zImage -i /guests/be/initramfs \
	-p "console=ttyS0 loglevel=5 cpus=$1" -d /tmp/disk
finish_guest $! /tmp/log
cat /tmp/half /tmp/half | cmp - /tmp/disk || fail "the disk is not what was written"
