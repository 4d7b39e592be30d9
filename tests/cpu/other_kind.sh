#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# A vCPU on a CPU of another kind than its own: no emulated machine has any, so
# the kernel is made to believe it.
. ../lib.sh
. ../inject.sh

can_inject || skip "no error injection"
taskset 2 ../selftests/arm/vcpu_api -o || fail "see above"

# kvm-check sees two of them. What else it finds, in the log, is of other tests,
# and what is an error in one of those would be one here.
! kvm-check | grep -q 'different kinds' || fail "all CPUs are of one kind"
awk '/^CPU part/ && !first++ { $NF = "0xc07" } { print }' /proc/cpuinfo > /tmp/cpuinfo
mount --bind /tmp/cpuinfo /proc/cpuinfo
kvm-check > /tmp/report
umount /proc/cpuinfo
grep '^note .*different kinds.*taskset' /tmp/report || fail "no note of the kinds"

LOG=/tmp/guest.log

# believe TIMES: that a vCPU is on a CPU of another kind, so often; -1 is always
believe() {
	inject kvm_cpu_model_is_other "$1" 1
}

# cpus: those that the vCPU's thread may run on
cpus() {
	for task in /proc/"$vmm"/task/*; do
		if grep -qx vcpu0 "$task/comm"; then
			sed -n 's/^Cpus_allowed_list:[[:space:]]*//p' "$task/status"
		fi
	done
}

# The thread leaves the CPU, and the guest goes on.
start_load $LOG
[ "$(cpus)" = 0-1 ] || fail "the vCPU may run on $(cpus)"
believe 1
while [ "$(cpus)" = 0-1 ]; do
	kill -0 "$vmm" || fail "the guest is gone"
	# What a thread was loaded with is forgotten where it is preempted at once.
	# Twice is one time too many, when it is only slow: there is no third CPU.
	left=$(cat $INJECT/times)
	sleep 1
	if [ "$left" = 0 ] && [ "$(cpus)" = 0-1 ]; then
		echo 1 > $INJECT/times
	fi
done
inject_no_more
case $(cpus) in
0 | 1)
	;;
*)
	fail "the vCPU may run on $(cpus)"
	;;
esac
finish_load

# There is none left.
believe -1
kvm-vmm -m $GUEST_MEMORY -k /guest/zImage </dev/null >$LOG 2>&1
status=$?
inject_no_more
cat $LOG
[ $status -eq 1 ] || fail "the VMM ended with status $status, not 1"
grep -q 'KVM_EXIT_FAIL_ENTRY, reason 0x1, CPU [01]$' $LOG ||
	fail "it does not say why"
