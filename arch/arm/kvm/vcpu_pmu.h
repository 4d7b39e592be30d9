/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _ARM_KVM_VCPU_PMU_H
#define _ARM_KVM_VCPU_PMU_H

#include "vcpu_cp15.h"

/**
 * struct kvm_pmu_reg_ops - a kind of register of the PMU
 * @cpreg: as which it is in the table
 * @access: emulate an access that is permitted; false makes it UNDEFINED
 * @user_read: bits of PMUSERENR of which one lets User mode read it
 * @user_write: likewise, write it
 */
struct kvm_pmu_reg_ops {
	struct kvm_cpreg_ops cpreg;
	bool (*access)(struct kvm_vcpu *vcpu, const struct kvm_cpreg *r,
		       struct kvm_cpreg_access *a);
	u8 user_read;
	u8 user_write;
};

u64 kvm_pmuver(u32 perfmon);
void kvm_pmu_restart(struct kvm_vcpu *vcpu);

extern const struct kvm_pmu_reg_ops kvm_pmcr_ops;
extern const struct kvm_pmu_reg_ops kvm_pmu_set_ops;
extern const struct kvm_pmu_reg_ops kvm_pmu_clear_ops;
extern const struct kvm_pmu_reg_ops kvm_pmintenset_ops;
extern const struct kvm_pmu_reg_ops kvm_pmintenclr_ops;
extern const struct kvm_pmu_reg_ops kvm_pmswinc_ops;
extern const struct kvm_pmu_reg_ops kvm_pmceid_ops;
extern const struct kvm_pmu_reg_ops kvm_pmu_raz_ops;
extern const struct kvm_pmu_reg_ops kvm_pmselr_ops;
extern const struct kvm_pmu_reg_ops kvm_pmevcntr_ops;
extern const struct kvm_pmu_reg_ops kvm_pmxevcntr_ops;
extern const struct kvm_pmu_reg_ops kvm_pmccntr_ops;
extern const struct kvm_pmu_reg_ops kvm_pmccntr64_ops;
extern const struct kvm_pmu_reg_ops kvm_pmevtyper_ops;
extern const struct kvm_pmu_reg_ops kvm_pmxevtyper_ops;
extern const struct kvm_pmu_reg_ops kvm_pmuserenr_ops;

#endif /* _ARM_KVM_VCPU_PMU_H */
