#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# A VMM whose terminal is another job's says so, and is not just stopped.
. ../lib.sh

job background kvm-vmm -k /guest/zImage > /tmp/log 2>&1
status=$?
cat /tmp/log
[ $status -eq 1 ] || fail "the VMM ended with status $status, not 1"
grep -q "kvm-vmm: the terminal is another job's" /tmp/log ||
	fail "it does not say why"

VMM="job foreground kvm-vmm"
guest true
