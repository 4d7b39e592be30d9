// SPDX-License-Identifier: GPL-2.0-only
/* Performance monitors of a guest, which KVM has. */
#include <linux/kvm.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/ioctl.h>

#include "layout.h"
#include "one_reg.h"
#include "pmu.h"
#include "util.h"

#define REG_MIDR		(ARM_CP15_REG32(0, 0, 0, 0))
#define REG_ID_DFR0		(ARM_CP15_REG32(0, 0, 1, 2))

#define MIDR_PART_SHIFT		4
#define MIDR_PART_MASK		0xfff
#define ID_DFR0_PERFMON_SHIFT	24
#define ID_DFR0_PERFMON_MASK	0xf
#define PERFMON_V3		3

/**
 * pmu_is_possible() - whether a guest can have a PMU
 * @kvm_fd: /dev/kvm
 *
 * Return: whether this host has one for guests.
 */
bool pmu_is_possible(int kvm_fd)
{
	return ioctl(kvm_fd, KVM_CHECK_EXTENSION, KVM_CAP_ARM_PMU_V3) > 0;
}

static void set_attr(const struct vcpu *vcpu, uint64_t attr, const void *value)
{
	struct kvm_device_attr dev_attr = {
		.group = KVM_ARM_VCPU_PMU_V3_CTRL,
		.attr = attr,
		.addr = (uintptr_t)value,
	};

	if (ioctl(vcpu->fd, KVM_SET_DEVICE_ATTR, &dev_attr) < 0)
		die_errno("PMU of vCPU %u, attribute %u", vcpu->index,
			  (unsigned int)attr);
}

/**
 * pmu_init() - make the PMU of a vCPU or end the process
 * @vcpu: a vCPU that was initialised with KVM_ARM_VCPU_PMU_V3, of a VM with
 *	  an initialised GIC
 */
void pmu_init(const struct vcpu *vcpu)
{
	int irq = GIC_FIRST_PPI + PMU_PPI;

	set_attr(vcpu, KVM_ARM_VCPU_PMU_V3_IRQ, &irq);
	set_attr(vcpu, KVM_ARM_VCPU_PMU_V3_INIT, NULL);
}

/**
 * pmu_compatible() - how a device tree names the PMU
 * @vcpu: a vCPU that has one
 *
 * PMUv3 has one name. Before, Linux knows by the core which events there are.
 *
 * Return: the string, or NULL where Linux has no name for it.
 */
const char *pmu_compatible(const struct vcpu *vcpu)
{
	static const struct {
		unsigned int part;
		const char *name;
	} cores[] = {
		{ 0xc07, "arm,cortex-a7-pmu" },
		{ 0xc0d, "arm,cortex-a12-pmu" },
		{ 0xc0e, "arm,cortex-a17-pmu" },
		{ 0xc0f, "arm,cortex-a15-pmu" },
	};
	unsigned int dfr0 = one_reg_get(vcpu->fd, REG_ID_DFR0);
	unsigned int midr = one_reg_get(vcpu->fd, REG_MIDR);
	unsigned int i;

	if ((dfr0 >> ID_DFR0_PERFMON_SHIFT & ID_DFR0_PERFMON_MASK) >= PERFMON_V3)
		return "arm,armv8-pmuv3";
	for (i = 0; i < ARRAY_SIZE(cores); i++)
		if ((midr >> MIDR_PART_SHIFT & MIDR_PART_MASK) == cores[i].part)
			return cores[i].name;
	return NULL;
}
