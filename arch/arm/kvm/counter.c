// SPDX-License-Identifier: GPL-2.0-only
/*
 * The counter of the guests, over a time without power. When a hibernated
 * kernel goes on, the system counter has started again from zero. The host's
 * own clocks are prepared for that. A guest's counter must not go back, and
 * goes on from where it was.
 */
#include <linux/kernel.h>
#include <linux/kvm_host.h>
#include <kvm/arm_arch_timer.h>

#include "counter.h"

/* In counter ticks, as all below */
static u64 counter_at_suspend;

static void put_forward(struct kvm *kvm, u64 ticks)
{
	kvm->arch.timer_data.voffset -= ticks;
	kvm->arch.timer_data.poffset -= ticks;
}

/**
 * kvm_counter_suspend - remember the counter, if the system is going to sleep
 *
 * Context: this CPU is about to leave HYP mode, interrupts disabled.
 */
void kvm_counter_suspend(void)
{
	if (system_state == SYSTEM_SUSPEND)
		counter_at_suspend = kvm_phys_timer_read();
}

/**
 * kvm_counter_resume - have guests go on, if the counter has gone back
 *
 * Context: this CPU is back in HYP mode. While the system sleeps it is the
 * only one, with interrupts disabled: every VMM is frozen, and no vCPU loaded.
 */
void kvm_counter_resume(void)
{
	struct kvm *kvm;
	u64 now;

	if (system_state != SYSTEM_SUSPEND)
		return;

	now = kvm_phys_timer_read();
	if (now >= counter_at_suspend)
		return;

	list_for_each_entry(kvm, &vm_list, vm_list)
		put_forward(kvm, counter_at_suspend - now);
}
