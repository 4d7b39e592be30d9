#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Erratum 798181 of Cortex-A15: where TLB entries of a VM are invalidated, the
# other CPU executes a barrier, too; also if the CPU that booted is of another kind.
. ../lib.sh

EVENTS="kvm/kvm_stage2_tlb_inval csd/csd_function_entry"
LEAST=100

tracing=/sys/kernel/tracing

# switch 0|1
switch() {
	for event in $EVENTS; do
		echo "$1" > "$tracing/events/$event/enable" || fail "no event $event"
	done
	echo "$1" > $tracing/tracing_on
}

echo 0 > $tracing/tracing_on
echo > $tracing/trace
switch 1
../selftests/arm/memslot_test || fail "memslot_test"
switch 0

grep -h overrun $tracing/per_cpu/cpu*/stats
grep -qh 'overrun: [1-9]' $tracing/per_cpu/cpu*/stats && fail "the buffer is too small"
invalidations=$(grep -c ' kvm_stage2_tlb_inval: ' $tracing/trace)
barriers=$(grep -c 'func=kvm_tlb_erratum_barrier' $tracing/trace)
echo "# $invalidations invalidations, $barriers barriers"
[ "$invalidations" -ge $LEAST ] || fail "fewer than $LEAST"
[ "$barriers" -eq "$invalidations" ] || fail "not as many barriers"

grep -q '^ *ok .*erratum_of_a_later_cpu$' /sys/kernel/debug/kunit/kvm_arm_cpu_model/results ||
	fail "a CPU that came later was not asked"
