/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * GICv2 (ARM IHI 0048B): the guest's view
 */
#ifndef SELFTEST_KVM_GIC_H
#define SELFTEST_KVM_GIC_H

#include <stdbool.h>
#include <stdint.h>
#include <linux/bits.h>
#include <asm/kvm.h>

enum gic_type {
	GIC_V2,
	GIC_TYPE_MAX,
};

#define GICD_BASE_GPA		0x08000000ULL
#define GICC_BASE_GPA		0x08010000ULL

/* The GIC is identity-mapped into the guest by vgic_v2_setup(). */
#define GICD_BASE_GVA		((volatile void *)(uintptr_t)GICD_BASE_GPA)
#define GICC_BASE_GVA		((volatile void *)(uintptr_t)GICC_BASE_GPA)

#define GICD_CTLR		0x000
#define GICD_TYPER		0x004
#define GICD_IIDR		0x008
#define GICD_IGROUPR		0x080
#define GICD_ISENABLER		0x100
#define GICD_ICENABLER		0x180
#define GICD_ISPENDR		0x200
#define GICD_ICPENDR		0x280
#define GICD_ISACTIVER		0x300
#define GICD_ICACTIVER		0x380
#define GICD_IPRIORITYR		0x400
#define GICD_ITARGETSR		0x800
#define GICD_ICFGR		0xc00
#define GICD_SGIR		0xf00
#define GICD_CPENDSGIR		0xf10
#define GICD_SPENDSGIR		0xf20

#define GICD_CTLR_ENABLE	BIT(0)
#define GICD_SGIR_TARGETS(m)	((uint32_t)(m) << 16)
#define GICD_SGIR_OTHERS	BIT(24)
#define GICD_SGIR_SELF		(2U << 24)

#define GICC_CTLR		0x0000
#define GICC_PMR		0x0004
#define GICC_BPR		0x0008
#define GICC_IAR		0x000c
#define GICC_EOIR		0x0010
#define GICC_RPR		0x0014
#define GICC_HPPIR		0x0018
#define GICC_APR0		0x00d0
#define GICC_IIDR		0x00fc
#define GICC_DIR		0x1000

#define GICC_CTLR_ENABLE	BIT(0)
#define GICC_CTLR_EOIMODE	BIT(9)

#define GICC_IAR_INTID(iar)	((iar) & 0x3ff)
#define GICC_IAR_CPU(iar)	(((iar) >> 10) & 7)

#define MIN_SGI			0
#define MIN_PPI			16
#define MIN_SPI			32
#define MAX_SPI			1019
#define IAR_SPURIOUS		1023

#define INTID_IS_SGI(intid)	((intid) < MIN_PPI)
#define INTID_IS_PPI(intid)	(MIN_PPI <= (intid) && (intid) < MIN_SPI)
#define INTID_IS_SPI(intid)	(MIN_SPI <= (intid) && (intid) <= MAX_SPI)

#define GIC_PRIO_DEFAULT	0xa0

/**
 * gic_init - initialize the distributor and this vCPU's interface
 * @type: GIC_V2
 * @nr_cpus: number of vCPUs
 *
 * Guest code.  The first vCPU to come here initializes the distributor: all
 * interrupts off but SGIs, at the default priority, SPIs level-sensitive and
 * for vCPU 0.
 */
void gic_init(enum gic_type type, unsigned int nr_cpus);

/* What follows is guest code, one register access each. */
void gic_irq_enable(unsigned int intid);
void gic_irq_disable(unsigned int intid);
void gic_set_priority(unsigned int intid, unsigned int prio);
void gic_set_target(unsigned int intid, unsigned int cpu_mask);
void gic_irq_set_config(unsigned int intid, bool is_edge);
void gic_irq_set_pending(unsigned int intid);
void gic_irq_clear_pending(unsigned int intid);
bool gic_irq_get_pending(unsigned int intid);
void gic_irq_set_active(unsigned int intid);
void gic_irq_clear_active(unsigned int intid);
bool gic_irq_get_active(unsigned int intid);
void gic_send_sgi(uint32_t sgir);

/**
 * gic_read_iar - acknowledge the pending interrupt of the highest priority
 *
 * Return: GICC_IAR: the id, and for an SGI the number of the sender
 */
uint32_t gic_read_iar(void);

/**
 * gic_get_and_ack_irq - the same, without the number of the sender
 *
 * Return: the id, IAR_SPURIOUS where there is none
 */
unsigned int gic_get_and_ack_irq(void);

/**
 * gic_set_eoi - priority drop, and deactivation unless EOImode is split
 * @iar: what gic_read_iar() returned
 */
void gic_set_eoi(uint32_t iar);

/**
 * gic_set_dir - deactivate, where EOImode is split
 * @iar: what gic_read_iar() returned
 */
void gic_set_dir(uint32_t iar);
void gic_set_eoi_split(bool split);
void gic_set_priority_mask(uint32_t mask);

#endif /* SELFTEST_KVM_GIC_H */
