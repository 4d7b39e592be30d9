#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Firmware that has not set CNTFRQ: one line says so, and with which value to
# help guests; kvm-vmm does that by itself, and knows the time of a guest.
. ../lib.sh
. ../console.sh

dmesg | grep CNTFRQ
[ "$(dmesg | grep -c 'kvm.*CNTFRQ')" = 1 ] || fail "not one line"
dmesg | grep -q 'kvm: CNTFRQ of CPU0 is 0, not 62500000: .*<62500000>' ||
	fail "it does not name both values"

guest 'dmesg | grep arch_timer; sleep 1'
grep -q 'arch_timer: .* running at 62.50MHz' $log ||
	fail "the guest does not know the frequency"

kvm-vmm -m "$GUEST_MEMORY" -k /guest/zImage -i /guest/initramfs --save /tmp/state \
	-p "console=ttyS0 loglevel=5 run=\"$ANSWER\"" \
	</tmp/console.in >/tmp/console.out 2>&1 &
vmm=$!
expect "*at work*"
kill -USR2 $vmm
expect "kvm-vmm: saved:*guest clock [1-9]*"
ended $vmm
kvm-vmm --restore /tmp/state </tmp/console.in >/tmp/console.out 2>&1 &
vmm=$!
alive
finish
