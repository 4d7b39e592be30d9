// SPDX-License-Identifier: GPL-2.0-only
/*
 * Counters of the host's PMU that are for the host alone or for guests alone:
 * HYP mode stops the ones and starts the others at entry and exit (hyp/pmu.c).
 * It does so only where there are such counters, or where the guest has a PMU:
 * which function enters the guest is chosen here, and nobody else pays for it.
 */
#include <linux/cpumask.h>
#include <linux/irq_work.h>
#include <linux/irqflags.h>
#include <linux/kvm_host.h>
#include <linux/percpu.h>
#include <linux/perf/arm_pmuv3.h>
#include <linux/workqueue.h>
#include <kvm/arm_pmu.h>

#include "pmu_switch.h"

/* There has been a need: from then on each load of a vCPU looks for one */
DEFINE_STATIC_KEY_FALSE(kvm_pmu_switching);

static DEFINE_PER_CPU(struct kvm_pmu_events, kvm_pmu_events);

/* Interrupts off: the next entry on this CPU goes by what is written here */
static void choose_entry(struct kvm_vcpu *vcpu)
{
	struct kvm_pmu_events *events = this_cpu_ptr(&kvm_pmu_events);
	bool counted = events->events_host | events->events_guest ||
		       kvm_vcpu_has_pmu(vcpu);

	vcpu->arch.pmu.events = *events;
	vcpu->arch.run = counted ? __kvm_vcpu_run_counted :
				   vcpu->arch.world_switch;
	kvm_vcpu_choose_enter(vcpu);
}

static void enable_switching(struct work_struct *work)
{
	kvm_pmu_switch_enable();
}

static DECLARE_WORK(switching_work, enable_switching);

static void queue_enable(struct irq_work *work)
{
	schedule_work(&switching_work);
}

static DEFINE_IRQ_WORK(switching_irq_work, queue_enable);

/* Code cannot be patched here: a driver may be called by the scheduler */
static void events_changed(void)
{
	struct kvm_vcpu *vcpu = kvm_get_running_vcpu();

	if (vcpu)
		choose_entry(vcpu);

	if (!static_key_enabled(&kvm_pmu_switching))
		irq_work_queue(&switching_irq_work);
}

/**
 * kvm_pmu_switch_enable - have kvm_pmu_load() look for counters
 *
 * Context: process context, sleeps.
 */
void kvm_pmu_switch_enable(void)
{
	static_branch_enable(&kvm_pmu_switching);
}

/**
 * kvm_set_pmu_events - a driver starts counters on this CPU
 * @set: the counters, by their bits in PMCNTENSET
 * @attr: what their event is to count
 *
 * The first counters of all may be switched some microseconds late: see
 * events_changed().
 *
 * Context: interrupts off.
 */
void kvm_set_pmu_events(u32 set, struct perf_event_attr *attr)
{
	struct kvm_pmu_events *events = this_cpu_ptr(&kvm_pmu_events);

	if (attr->exclude_host == attr->exclude_guest)
		return;

	if (attr->exclude_guest)
		events->events_host |= set;
	else
		events->events_guest |= set;
	events_changed();
}

/**
 * kvm_clr_pmu_events - a driver stops counters on this CPU
 * @clr: the counters, by their bits in PMCNTENSET
 *
 * Context: interrupts off.
 */
void kvm_clr_pmu_events(u32 clr)
{
	struct kvm_pmu_events *events = this_cpu_ptr(&kvm_pmu_events);

	if (!((events->events_host | events->events_guest) & clr))
		return;

	events->events_host &= ~(u64)clr;
	events->events_guest &= ~(u64)clr;
	events_changed();
}

/**
 * __kvm_pmu_load - choose how a vCPU is entered on this CPU
 * @vcpu: the vCPU, about which set_cpu_kind() has said its part
 *
 * On a CPU whose counters are not those that user space has chosen for the VM
 * it is not.
 *
 * Context: preemption disabled.
 */
void __kvm_pmu_load(struct kvm_vcpu *vcpu)
{
	unsigned long flags;

	if (!cpumask_test_cpu(smp_processor_id(),
			      vcpu->kvm->arch.supported_cpus)) {
		vcpu->arch.on_other_cpu = true;
		kvm_make_request(KVM_REQ_OTHER_CPU, vcpu);
	}

	local_irq_save(flags);
	choose_entry(vcpu);
	local_irq_restore(flags);
}

/**
 * kvm_vcpu_pmu_restore_guest - for hosts that run in HYP mode
 * @vcpu: the vCPU
 *
 * The counters of a guest are switched at each of its entries, see hyp/pmu.c.
 */
void kvm_vcpu_pmu_restore_guest(struct kvm_vcpu *vcpu)
{
}
