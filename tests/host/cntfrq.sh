#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Firmware that has not set CNTFRQ: one line says so, and with which value to
# help guests; kvm-vmm does that by itself.
. ../lib.sh

dmesg | grep CNTFRQ
[ "$(dmesg | grep -c 'kvm.*CNTFRQ')" = 1 ] || fail "not one line"
dmesg | grep -q 'kvm: CNTFRQ of CPU0 is 0, not 62500000: .*<62500000>' ||
	fail "it does not name both values"

guest 'dmesg | grep arch_timer; sleep 1'
grep -q 'arch_timer: .* running at 62.50MHz' $log ||
	fail "the guest does not know the frequency"
