#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# HYP mode cannot be entered on a CPU that comes online: the CPU is refused
# with one message, the others and their guest go on, the next try succeeds.
# First CPU hotplug fails the step for KVM, then KVM fails to enter HYP mode.
. ../lib.sh
. ../inject.sh

SAYS='kvm: enabling virtualization on CPU1 failed'
cpus=/sys/devices/system/cpu
cpu1=$cpus/cpu1/online
echo "# allow: $SAYS"

messages() {
	dmesg | grep -c "$1"
}

# refused MESSAGES: CPU1 does not come online, which is so many messages
refused() {
	before=$(messages kvm)
	! echo 1 > $cpu1 2>/dev/null || fail "CPU1 came up"
	[ "$(cat $cpu1)" = 0 ] || fail "CPU1 is online"
	[ "$(messages kvm)" = $((before + $1)) ] || fail "not $1 messages"
	kill -0 $vmm || fail "the guest is gone"
}

accepted() {
	echo 1 > $cpu1 || fail "CPU1 does not come up"
	taskset 2 ../selftests/arm/vcpu_state || fail "no guest runs on CPU1"
}

start_load /tmp/log -c 2
echo 0 > $cpu1 || fail "CPU1 does not go down"

awk -F: '/kvm/ { print $1 + 0 }' $cpus/hotplug/states > $cpus/cpu1/hotplug/fail ||
	fail "CPU hotplug cannot be made to fail"
refused 0
accepted
echo "ok 1 - the step for KVM fails"

if can_inject; then
	echo 0 > $cpu1 || fail "CPU1 does not go down"
	inject kvm_hyp_cpu_enable -1
	refused 1
	[ "$(messages "$SAYS")" = 1 ] || fail "not that message"
	inject_no_more
	accepted
	echo "ok 2 - HYP mode cannot be entered"
else
	echo "ok 2 - HYP mode cannot be entered # SKIP no error injection"
fi
finish_load
