#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# later.sh enabled|lazy: a CPU that firmware starts in SVC mode after boot. It is
# named, and none of the others; those have their guests before and after it, also
# where one of them lost its state while it was there.
. ../lib.sh
. ../idle.sh

# What KVM says that is not of this architecture
echo "# allow: kvm: enabling virtualization on CPU1 failed"
online=/sys/devices/system/cpu/cpu1/online
vm=../selftests/arm/psci_test

named() {
	[ "$(dmesg | grep -c 'kvm: CPU.* not started in HYP mode')" = "$1" ] &&
	[ "$(dmesg | grep -c 'kvm: CPU1 not started in HYP mode')" = "$1" ]
}

runs() {
	$vm || fail "no guest runs $1"
}

case $1 in
enabled)
	runs "before"
	for n in 1 2; do
		! echo 1 > $online 2>/dev/null || fail "CPU1 came up"
		named $n || fail "CPU1 is not named, or another is"
		runs "after CPU1 has come and gone"
	done
	# CPU0 leaves HYP mode and enters it again
	echo 1 > /sys/module/suspend/parameters/pm_test_delay
	echo core > /sys/power/pm_test
	echo disk > /sys/power/state || fail "no step of a hibernation"
	named 2 || fail "another one is named"
	runs "after that"
	sh kvm_check.sh 1 'CPU1 not started in HYP mode: firmware must' ||
		fail "kvm-check"
	;;
lazy)
	echo 1 > $online || fail "CPU1 does not come up"
	! $vm || fail "a guest runs with CPU1"
	named 1 || fail "CPU1 is not named, or another is"
	idle_more
	echo 0 > $online || fail "CPU1 does not go down"
	runs "without CPU1"
	;;
esac
