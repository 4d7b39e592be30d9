#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# The host is suspended under a running guest: suspend-to-idle, with the RTC to
# wake it up; then every step of suspend and hibernation that the kernel can
# try, of which the last two take the other CPUs down and call syscore ops.
. ../lib.sh

vcpu_state=$PWD/../selftests/arm/vcpu_state

cd /sys/power || fail "no power management"
suspends=suspend_stats/success

start_load /tmp/log -c 2

echo s2idle > mem_sleep
before=$(cat $suspends)
nap 4 || fail "suspend-to-idle"
[ "$(cat $suspends)" = $((before + 1)) ] || fail "it was not suspended"
echo "ok - suspend-to-idle"

echo 1 > /sys/module/suspend/parameters/pm_test_delay
for level in freezer devices platform; do
	echo $level > pm_test
	echo mem > state || fail "suspend, $level"
	echo "ok - suspend, $level"
done

all=$(nproc)
for level in freezer devices platform processors core; do
	echo $level > pm_test
	echo disk > state || fail "hibernation, $level"
	[ "$(nproc)" = "$all" ] || fail "CPUs are missing"
	kill -0 $vmm || fail "the guest is gone"
	echo "ok - hibernation, $level"
done

echo none > pm_test
finish_load
taskset 2 "$vcpu_state" || fail "no guest runs on CPU1"
