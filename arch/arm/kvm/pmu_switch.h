/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _ARM_KVM_PMU_SWITCH_H
#define _ARM_KVM_PMU_SWITCH_H

#include <linux/jump_label.h>
#include <linux/kvm_host.h>

#ifdef CONFIG_HW_PERF_EVENTS

DECLARE_STATIC_KEY_FALSE(kvm_pmu_switching);

void kvm_pmu_switch_enable(void);
void __kvm_pmu_load(struct kvm_vcpu *vcpu);

static inline void kvm_pmu_load(struct kvm_vcpu *vcpu)
{
	if (static_branch_unlikely(&kvm_pmu_switching))
		__kvm_pmu_load(vcpu);
}

#else

/* Without drivers there are no counters */
static inline void kvm_pmu_switch_enable(void) {}
static inline void kvm_pmu_load(struct kvm_vcpu *vcpu) {}

#endif

#endif /* _ARM_KVM_PMU_SWITCH_H */
