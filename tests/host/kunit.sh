#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# The kernel's unit tests have run and passed, and those of KVM are all there.
. ../lib.sh

SUITES='kvm_arm_cache kvm_arm_cp15 kvm_arm_cpu_model kvm_arm_exit kvm_arm_fault
	kvm_arm_host_pages kvm_arm_hyp_map kvm_arm_hyp_map_offset kvm_arm_hyp_pgtable
	kvm_arm_hyp_pgtable_offset kvm_arm_insn kvm_arm_mmu kvm_arm_pgtable_walker
	kvm_arm_spectre kvm_arm_srt kvm_arm_stage2_pgtable kvm_arm_step kvm_arm_user_tlb
	kvm_arm_vmid kvm_arm_walk'

found=$(ls /sys/kernel/debug/kunit) || fail "no KUnit"
others=
for suite in $found; do
	case $suite in
	kvm_arm_*)
		# Who is not named may go, and nobody sees that.
		echo "$SUITES" | grep -qw "$suite" || fail "$suite is not named here"
		;;
	*)
		others="$others $suite"
		;;
	esac
done
# shellcheck disable=SC2086
exec sh ../mm/kunit.sh $SUITES $others
