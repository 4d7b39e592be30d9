#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# migrate.sh N [OPTION...]: a guest with two vCPUs and a disk, that works and
# checks its work, moves to another process and on by way of a file, N times.
. ./lib.sh

DISK_SECTORS=512

moves=$1
shift
dd if=/dev/zero of=/tmp/disk bs=512 count=$DISK_SECTORS 2>/dev/null

# shellcheck disable=SC2016 # the guest's shell expands it
WORK="diskload /dev/vda & b=\$!; $WORK && kill \$b && wait \$b"
set -- -smp 2 -drive if=none,id=disk,file=/tmp/disk,format=raw \
	-device virtio-blk-pci,drive=disk "$@"

n=0
start $n "$WORK" "$@"
expect "*at work*"
alive
for _ in $(seq "$moves"); do
	source=$vmm
	start $((n + 1)) "$WORK" -incoming defer "$@"
	arrive $((n + 1)) unix:/tmp/socket
	migrate $n unix:/tmp/socket
	event $((n + 1)) '"event": "RESUME"'
	ended "$source"
	alive

	source=$vmm
	migrate $((n + 1)) file:/tmp/state
	ended "$source"
	start $((n + 2)) "$WORK" -incoming defer "$@"
	arrive $((n + 2)) file:/tmp/state
	event $((n + 2)) '"event": "RESUME"'
	alive
	n=$((n + 2))
done
finish
# It says so where there is no dirty ring, and goes on without.
! grep . /tmp/qemu.* || fail "QEMU is not content"
