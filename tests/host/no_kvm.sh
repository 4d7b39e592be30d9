#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# no_kvm.sh [PATTERN...]: KVM has found a reason not to come up. The log has such
# lines and no other of KVM, /dev/kvm is not there, and nothing is left of what
# had been set up by then: CPUs come and go without KVM.
. ../lib.sh

cpu=/sys/devices/system/cpu

dmesg | grep 'kvm[ :]' > /tmp/lines
cat /tmp/lines
[ "$(wc -l < /tmp/lines)" = $# ] || fail "not $# lines"
for pattern; do
	grep -qE "$pattern" /tmp/lines || fail "no line '$pattern'"
done
[ ! -e /dev/kvm ] || fail "/dev/kvm exists"
[ ! -e /sys/kernel/debug/kvm ] || fail "KVM's directory in debugfs exists"
! grep kvm $cpu/hotplug/states || fail "KVM waits for CPUs to come online"
echo 0 > $cpu/cpu1/online || fail "CPU1 does not go"
echo 1 > $cpu/cpu1/online || fail "CPU1 does not come back"
[ "$(dmesg | grep -c 'kvm[ :]')" = $# ] || fail "KVM has to do with it"
