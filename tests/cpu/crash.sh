#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# crash.sh kernel|hyp: the host panics with guests running, by itself or
# because HYP mode takes an exception. The crash kernel gets HYP mode from the
# CPU that crashed, and runs a guest.
. ../lib.sh

[ -e /sys/kernel/kexec_crash_size ] || skip "the kernel has no crash kernels"

if [ -n "$generation" ]; then
	dmesg | grep 'All CPU(s) started in HYP mode' || fail "not in HYP mode"
	../selftests/arm/vcpu_state || fail "guests do not run"
	guest "load 2 16"
	# The next test is not for the crash kernel.
	echo "# ends: power-off"
	poweroff -f
fi

echo "# allow: Kernel panic - not syncing: (sysrq triggered crash|kvm: HYP panic)"
# There are no frames of the kernel between HYP mode and the call to it.
echo "# allow: kvm: HYP panic on CPU|Call trace:|Backtrace aborted due to bad frame pointer"
# The other CPUs are not given back, and one crash is enough.
kexec -p /zImage /sys/firmware/initrd \
	"$(next_cmdline | sed 's/crashkernel=[^ ]*//') maxcpus=1" ||
	fail "kexec_load"
start_guests /tmp/guests
case $1 in
kernel)
	taskset 2 sh -c 'echo c > /proc/sysrq-trigger'
	;;
hyp)
	echo guest > /sys/kernel/debug/kvm/hyp_fault
	;;
esac
sleep 30
fail "there was no panic"
