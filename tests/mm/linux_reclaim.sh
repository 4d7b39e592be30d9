#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# linux_reclaim.sh SECONDS: a Linux guest whose memory is swapped out, and
# moved, all the time that it computes.
. ../lib.sh

MEMORY=96
RECLAIM=2M

[ -e /sys/block/zram0 ] || skip "no zram"
echo 192M > /sys/block/zram0/disksize
mkswap /dev/zram0
swapon /dev/zram0 || fail "no swap"
mkdir -p /tmp/cgroup
mount -t cgroup2 none /tmp/cgroup || skip "no cgroup2"
echo +memory > /tmp/cgroup/cgroup.subtree_control
mkdir /tmp/cgroup/vmm
GUEST_MEMORY=$MEMORY
start_guest /tmp/log "load $1 24" -c 2
vmm=$!
echo $vmm > /tmp/cgroup/vmm/cgroup.procs

reclaim() {
	while :; do
		# It says EAGAIN when there was less to be had.
		echo $RECLAIM > /tmp/cgroup/vmm/memory.reclaim 2>/dev/null
		echo 1 > /proc/sys/vm/compact_memory
		# The guest is to get on with its work in between.
		usleep 200000
	done
}

reclaim &
reclaimer=$!
finish_guest $vmm /tmp/log
kill $reclaimer
wait $reclaimer

# Pages have come back: reads of the device.
read -r swapped _ < /sys/block/zram0/stat
echo "# $swapped pages swapped in"
swapoff /dev/zram0
echo 1 > /sys/block/zram0/reset
rmdir /tmp/cgroup/vmm
umount /tmp/cgroup
[ "$swapped" -gt 500 ] || fail "hardly anything was swapped"
