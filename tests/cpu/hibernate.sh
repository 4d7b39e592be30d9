#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# hibernate.sh MODE: the host hibernates to a disk with a running guest, which
# then goes on where it was. MODE is what the kernel does once it has written
# the image: power off, so that another kernel loads it, whose KVM had taken
# HYP mode; or test_resume, which loads it at once.
. ../lib.sh

mkswap /dev/vda > /dev/null || fail "no disk"
swapon /dev/vda || fail "no swap"

start_guest /tmp/log "echo at work; load 40 32" -c 2
vmm=$!
# Half of a page table, of a boot, of anything would not be fair.
await_guest $vmm /tmp/log 'at work'

echo "$1" > /sys/power/disk || fail "no mode $1"
if [ "$1" != test_resume ]; then
	# The counter starts again from zero. The kernel that loads the image
	# takes less than that, so that it has gone back for the guest.
	until [ "$(cut -d. -f1 /proc/uptime)" -ge 30 ]; do
		sleep 1
	done
	echo "# resumes"
fi
echo disk > /sys/power/state || fail "the host does not hibernate"
dmesg | tail -n 40 | grep -E 'PM:|CPU1|kvm'

[ "$(nproc)" = "$(nproc --all)" ] || fail "CPUs are missing"
kill -0 $vmm || fail "the guest is gone"
finish_guest $vmm /tmp/log
taskset 2 ../selftests/arm/vcpu_state || fail "no guest runs on CPU1"
swapoff /dev/vda
