#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# A CPU may lose its HYP state whenever it is idle. The device tree of the
# emulator has no such idle states: the next kernel gets them with kexec. The
# emulated firmware does not really power off, it waits for an interrupt. A CPU that
# could not enter HYP mode when it woke up does so the next time.
. ../lib.sh
. ../idle.sh
. ../inject.sh

TIMES=4

if [ -z "$generation" ]; then
	kexec -i /zImage /sys/firmware/initrd "$(next_cmdline)" ||
		fail "kexec_load"
	kexec -e
fi

cat /sys/devices/system/cpu/cpu*/cpuidle/state1/name || fail "no idle states"
before=$(idled)
guest "load 3 && sleep 2" -c 2
after=$(idled)
echo "# $((after - before)) times idle"
[ $((after - before)) -gt $IDLE_TIMES ] || fail "the CPUs were hardly ever idle"
echo "ok 1 - a guest on CPUs that are idle"

if can_inject; then
	inject kvm_hyp_cpu_enable $TIMES
	until [ "$(cat $INJECT/times)" = 0 ]; do
		sleep 1
	done
	inject_no_more
	idle_more
	for mask in 1 2; do
		VMM="taskset $mask kvm-vmm"
		guest true
	done
	echo "ok 2 - HYP mode cannot be entered once"
else
	echo "ok 2 - HYP mode cannot be entered once # SKIP no error injection"
fi
