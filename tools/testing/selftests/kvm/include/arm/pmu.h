/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The PMU of a 32-bit ARM guest: PMUv2 and what PMUv3 has of it
 */
#ifndef SELFTEST_KVM_PMU_H
#define SELFTEST_KVM_PMU_H

#include <linux/bits.h>

#include "kvm_util.h"
#include "processor.h"

#define CP15_PMCNTENSET		0, 9, 12, 1
#define CP15_PMCNTENCLR		0, 9, 12, 2
#define CP15_PMOVSR		0, 9, 12, 3
#define CP15_PMSWINC		0, 9, 12, 4
#define CP15_PMSELR		0, 9, 12, 5
#define CP15_PMCEID0		0, 9, 12, 6
#define CP15_PMCCNTR		0, 9, 13, 0
#define CP15_PMXEVTYPER		0, 9, 13, 1
#define CP15_PMXEVCNTR		0, 9, 13, 2
#define CP15_PMUSERENR		0, 9, 14, 0
#define CP15_PMINTENSET		0, 9, 14, 1
#define CP15_PMINTENCLR		0, 9, 14, 2
#define CP15_PMOVSSET		0, 9, 14, 3
#define CP15_PMCCNTR_64		0, 9

#define PMCR_E			BIT(0)
#define PMCR_P			BIT(1)
#define PMCR_C			BIT(2)
#define PMCR_N_SHIFT		11
#define PMCR_N_MASK		(0x1fU << PMCR_N_SHIFT)
#define PMCR_N(pmcr)		(((pmcr) & PMCR_N_MASK) >> PMCR_N_SHIFT)
#define PMUSERENR_EN		BIT(0)
#define CYCLES			31
#define ID_DFR0_PERFMON(dfr0)	(((dfr0) >> 24) & 0xf)
#define PERFMON_V3		3
/* Not to count in the mode */
#define TYPE_P			BIT(31)
#define TYPE_U			BIT(30)

#define EVENT_SW_INCR		0x00
#define EVENT_INST_RETIRED	0x08
#define EVENT_CPU_CYCLES	0x11
#define EVENT_CHAIN		0x1e

#define PMU_IRQ			23

static inline void guest_set_counter(unsigned int n, uint32_t event,
				     uint32_t value)
{
	write_cp15(n, CP15_PMSELR);
	isb();
	write_cp15(event, CP15_PMXEVTYPER);
	write_cp15(value, CP15_PMXEVCNTR);
}

static inline uint32_t guest_get_counter(unsigned int n)
{
	write_cp15(n, CP15_PMSELR);
	isb();
	return read_cp15(CP15_PMXEVCNTR);
}

/* Counters by their bits in PMCNTENSET */
static inline void guest_start(uint32_t counters)
{
	write_cp15(counters, CP15_PMCNTENSET);
	write_cp15(PMCR_E, CP15_PMCR);
	isb();
}

/* All of them, which keep what they have */
static inline void guest_stop(void)
{
	write_cp15(0, CP15_PMCR);
	isb();
	write_cp15(~0U, CP15_PMCNTENCLR);
	write_cp15(~0U, CP15_PMOVSR);
}

/* Of struct kvm_vcpu_init: the PMU, where there is one for guests */
static inline uint32_t pmu_feature(void)
{
	return kvm_has_cap(KVM_CAP_ARM_PMU_V3) ? BIT(KVM_ARM_VCPU_PMU_V3) : 0;
}

static inline int vcpu_pmu_attr(struct kvm_vcpu *vcpu, int attr, void *value)
{
	return __vcpu_device_attr_set(vcpu, KVM_ARM_VCPU_PMU_V3_CTRL, attr,
				      value);
}

/* Of a vCPU that has the feature, in a VM that has a vGIC */
static inline void vcpu_init_pmu(struct kvm_vcpu *vcpu)
{
	int irq = PMU_IRQ;

	TEST_ASSERT(!vcpu_pmu_attr(vcpu, KVM_ARM_VCPU_PMU_V3_IRQ, &irq),
		    "PMU_V3_IRQ, errno %d", errno);
	TEST_ASSERT(!vcpu_pmu_attr(vcpu, KVM_ARM_VCPU_PMU_V3_INIT, NULL),
		    "PMU_V3_INIT, errno %d", errno);
}

#endif /* SELFTEST_KVM_PMU_H */
