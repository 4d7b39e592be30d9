#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# sched.sh SECONDS: guests under whatever the scheduler may do to their vCPUs:
# all of them on one CPU, moved between CPUs, under a quota, real time.
. ../lib.sh

cgroup=/tmp/cgroup
mkdir $cgroup
mount -t cgroup2 cgroup $cgroup || fail "no cgroups"
echo +cpu > $cgroup/cgroup.subtree_control
mkdir $cgroup/guest

start_guest /tmp/quota "load $1" -c 2
quota=$!
echo "20000 50000" > $cgroup/guest/cpu.max || fail "no quota"
echo $quota > $cgroup/guest/cgroup.procs || fail "not in the cgroup"

start_guest /tmp/pinned "load $1" -c 3
pinned=$!
VMM="fifo 10 kvm-vmm"
start_guest /tmp/fifo "load $1" -c 2
fifo=$!

# A thread may end at any moment.
pin_threads() {
	for thread in /proc/"$1"/task/*; do
		taskset -p $((1 << $2)) "$(basename "$thread")" > /dev/null 2>&1
	done
}

cpu=0
while kill -0 $pinned 2>/dev/null; do
	pin_threads $pinned $cpu
	cpu=$(((cpu + 1) % $(nproc)))
	sleep 1
done
finish_guest $pinned /tmp/pinned
finish_guest $fifo /tmp/fifo
finish_guest $quota /tmp/quota
throttled=$(awk '/nr_throttled/ { print $2 }' $cgroup/guest/cpu.stat)
echo "# throttled $throttled times"
[ "$throttled" -gt 0 ] || fail "the quota did nothing"
rmdir $cgroup/guest
umount $cgroup
