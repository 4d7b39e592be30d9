// SPDX-License-Identifier: GPL-2.0-only
/*
 * The counters of a guest, which all its vCPUs share. KVM has no switch that
 * stops them: they are read where the guest stops, and set to the same values
 * again where it goes on.
 */
#include <linux/kvm.h>
#include <stddef.h>

#include "clock.h"
#include "one_reg.h"

/**
 * clock_stop() - remember the time of a guest or end the process
 * @clock: filled in
 * @vcpu_fd: any vCPU; none runs
 */
void clock_stop(struct vm_clock *clock, int vcpu_fd)
{
	clock->virt = one_reg_get(vcpu_fd, KVM_REG_ARM_TIMER_CNT);
	clock->phys = one_reg_get(vcpu_fd, KVM_REG_ARM_PTIMER_CNT);
	clock->stopped = true;
}

/**
 * clock_start() - let the time of a guest go on where it was, if it was stopped
 * @clock: from clock_stop() or clock_load()
 * @vcpu_fd: any vCPU; none runs
 *
 * The last thing to do before vCPUs run: time passes from here on.
 */
void clock_start(struct vm_clock *clock, int vcpu_fd)
{
	if (!clock->stopped)
		return;
	one_reg_set(vcpu_fd, KVM_REG_ARM_TIMER_CNT, clock->virt);
	one_reg_set(vcpu_fd, KVM_REG_ARM_PTIMER_CNT, clock->phys);
	clock->stopped = false;
}
