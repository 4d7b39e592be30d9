// SPDX-License-Identifier: GPL-2.0-only
/*
 * The counters of a guest, which all its vCPUs share. KVM has no switch that
 * stops them: they are read where the guest stops, and set to the same values
 * again where it goes on.
 */
#include <linux/kvm.h>
#include <stddef.h>

#include "clock.h"
#include "host_timer.h"
#include "one_reg.h"

#define MS_PER_S		1000

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

/**
 * clock_save() - put the time of a guest into a section
 * @clock: a clock that is stopped
 * @section: where to
 */
void clock_save(const struct vm_clock *clock, struct section *section)
{
	section_put64(section, clock->virt);
	section_put64(section, clock->phys);
}

/**
 * clock_load() - take the time of a guest from a section
 * @clock: filled in; it is stopped
 * @section: where from
 *
 * Return: false where the section does not hold one.
 */
bool clock_load(struct vm_clock *clock, struct section *section)
{
	clock->virt = section_get64(section);
	clock->phys = section_get64(section);
	clock->stopped = true;
	return section_done(section);
}

/**
 * clock_ms() - how late it is in a guest
 * @clock: a clock that is stopped
 *
 * Return: the virtual counter in milliseconds, or 0 if nobody knows how fast it is.
 */
uint64_t clock_ms(const struct vm_clock *clock)
{
	uint32_t hz = host_counter_frequency();

	return hz ? clock->virt * MS_PER_S / hz : 0;
}
