/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the drivers of the CPU's PMU tell KVM: which of their events are for
 * the host alone, or for guests alone.
 */
#ifndef _ASM_ARM_KVM_PMU_H
#define _ASM_ARM_KVM_PMU_H

#include <linux/perf_event.h>
#include <linux/types.h>

#ifdef CONFIG_KVM

void kvm_set_pmu_events(u32 set, struct perf_event_attr *attr);
void kvm_clr_pmu_events(u32 clr);

/* HYP mode starts its counter when a guest is entered, and nobody before */
static inline bool kvm_pmu_counter_deferred(struct perf_event_attr *attr)
{
	return attr->exclude_host;
}

#else

static inline void kvm_set_pmu_events(u32 set, struct perf_event_attr *attr) {}
static inline void kvm_clr_pmu_events(u32 clr) {}

static inline bool kvm_pmu_counter_deferred(struct perf_event_attr *attr)
{
	return false;
}

#endif

#endif /* _ASM_ARM_KVM_PMU_H */
