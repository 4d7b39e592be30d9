#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# killed.sh KILLS: VMMs are killed at random moments. No VM, no memory and no
# HYP mapping is left of them, and no CPU is stuck.
. ../lib.sh

# More than what the kernel may rightly keep
SLACK_KIB=4096
debug=/sys/kernel/debug

../selftests/arm/kill_test -n 10 || fail "the first kills"
# What leaks anyway
if [ -e $debug/kmemleak ]; then
	leaks
	echo clear > $debug/kmemleak
fi
before=$(free_kib)
hyp_map > /tmp/before
[ -s /tmp/before ] || fail "there is no HYP map to see"
../selftests/arm/kill_test -n "$1" || fail "the kills"
hyp_map > /tmp/after
after=$(free_kib)

echo "# free before: $before KiB, after: $after KiB"
[ $((before - after)) -lt $SLACK_KIB ] || fail "memory is missing"
vms=$(find $debug/kvm -mindepth 1 -type d)
[ -z "$vms" ] || fail "there still is a VM: $vms"
diff /tmp/before /tmp/after || fail "HYP mode maps something else"
echo "ok - the HYP map is what it was"
if [ -e $debug/kmemleak ]; then
	leaks > /tmp/leaks
	cat /tmp/leaks
	[ ! -s /tmp/leaks ] || fail "memory leaks"
	echo "ok - kmemleak finds nothing"
fi
for cpu in $(seq 0 $(($(nproc) - 1))); do
	taskset $((1 << cpu)) true || fail "CPU$cpu is stuck"
done
