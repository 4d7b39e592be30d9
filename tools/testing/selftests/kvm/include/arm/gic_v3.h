/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * GICv3 (ARM IHI 0069): the guest's view, and what the host needs to make one
 */
#ifndef SELFTEST_KVM_GIC_V3_H
#define SELFTEST_KVM_GIC_V3_H

#include <stdint.h>
#include <linux/bits.h>
#include <asm/kvm.h>

#include "cp15.h"
#include "gic.h"
#include "kvm_util.h"
#include "processor.h"

/* As many as one write of ICC_SGI1R reaches, and more */
#define GICV3_MAX_CPUS		20

#define GICV3_DIST_GPA		0x08000000U
#define GICV3_REDIST_GPA	0x080a0000U
#define GICV3_ITS_GPA		0x09000000U
#define GICV3_REDIST_SIZE	0x20000U
#define GICV3_ITS_SIZE		0x20000U

#define GICD_IROUTER		0x6000
#define GICD_PIDR2		0xffe8
#define GICD_CTLR_ENABLE_G1	BIT(0)
#define GICD_CTLR_ENABLE_G1A	BIT(1)
#define GICD_CTLR_ARE		BIT(4)

#define GICR_CTLR		0x0000
#define GICR_TYPER		0x0008
#define GICR_WAKER		0x0014
#define GICR_PROPBASER		0x0070
#define GICR_PENDBASER		0x0078
/* Its second page has what GICD has of SPIs, at the same offsets */
#define GICR_SGI		0x10000

#define GICR_CTLR_ENABLE_LPIS	BIT(0)

#define ICC_PMR			0, 4, 6, 0
#define ICC_IAR0		0, 12, 8, 0
#define ICC_BPR0		0, 12, 8, 3
#define ICC_AP1R0		0, 12, 9, 0
#define ICC_DIR			0, 12, 11, 1
#define ICC_RPR			0, 12, 11, 3
#define ICC_IAR1		0, 12, 12, 0
#define ICC_EOIR1		0, 12, 12, 1
#define ICC_HPPIR1		0, 12, 12, 2
#define ICC_BPR1		0, 12, 12, 3
#define ICC_CTLR		0, 12, 12, 4
#define ICC_SRE			0, 12, 12, 5
#define ICC_IGRPEN0		0, 12, 12, 6
#define ICC_IGRPEN1		0, 12, 12, 7
#define ICC_SGI1R		0, 12
#define ICC_ASGI1R		1, 12
#define ICC_SGI0R		2, 12

#define ICC_CTLR_EOIMODE	BIT(1)
#define ICC_CTLR_PRIBITS(ctlr)	((((ctlr) >> 8) & 7) + 1)
#define ICC_SRE_SRE		BIT(0)

#define ICC_SGI1R_ID(intid)	((uint64_t)(intid) << 24)
#define ICC_SGI1R_AFF1(aff)	((uint64_t)(aff) << 16)
#define ICC_SGI1R_AFF3(aff)	((uint64_t)(aff) << 48)
#define ICC_SGI1R_OTHERS	BIT_ULL(40)

/* KVM_DEV_ARM_VGIC_GRP_CPU_SYSREGS: 0, CRn, CRm, op2 of the above */
#define GICV3_SYSREG(op1, crn, crm, op2) \
	(3U << 14 | (op1) << 11 | (crn) << 7 | (crm) << 3 | (op2))
#define GICV3_SYSREG_ATTR(reg...)	GICV3_SYSREG(reg)

static inline volatile void *gicv3_dist(unsigned int reg)
{
	return (volatile void *)(uintptr_t)(GICV3_DIST_GPA + reg);
}

static inline volatile void *gicv3_redist(unsigned int cpu, unsigned int reg)
{
	return (volatile void *)(uintptr_t)(GICV3_REDIST_GPA +
					    cpu * GICV3_REDIST_SIZE + reg);
}

static inline volatile void *gicv3_its(unsigned int reg)
{
	return (volatile void *)(uintptr_t)(GICV3_ITS_GPA + reg);
}

/**
 * vgic_v3_setup - create a vGICv3 and map it into the guest
 * @vm: the VM, with all its vCPUs
 * @nr_vcpus: how many they are
 * @nr_irqs: number of interrupts, SGIs and PPIs included
 *
 * Return: the file descriptor of the device
 */
int vgic_v3_setup(struct kvm_vm *vm, unsigned int nr_vcpus, uint32_t nr_irqs);

/**
 * vgic_its_setup - create an ITS and map it into the guest
 * @vm: the VM, whose vGICv3 is initialized
 *
 * Return: the file descriptor of the device
 */
int vgic_its_setup(struct kvm_vm *vm);

/**
 * gicv3_cpu_init - set a vCPU's redistributor and CPU interface up
 * @cpu: the vCPU
 *
 * Guest code.  vCPU 0 initializes the distributor and has to come first.  All
 * interrupts are off but SGIs, in group 1 and at the default priority.
 */
void gicv3_cpu_init(unsigned int cpu);

/* Guest code: the register of an interrupt, of this vCPU if it is private */
volatile void *gicv3_reg(unsigned int cpu, unsigned int reg,
			 unsigned int intid, unsigned int bits);
void gicv3_write_bit(unsigned int cpu, unsigned int reg, unsigned int intid);
bool gicv3_read_bit(unsigned int cpu, unsigned int reg, unsigned int intid);

#endif /* SELFTEST_KVM_GIC_V3_H */
