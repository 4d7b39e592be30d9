/* SPDX-License-Identifier: GPL-2.0-only */
/* A GICv3, for a guest with one CPU. */
#ifndef BENCH_GIC_H
#define BENCH_GIC_H

#include "platform.h"

#define GICR_SGI		0x10000
#define GICD_CTLR		0x000
#define GICD_ISENABLER0		0x100
/* Affinity routing, group 1 */
#define GICD_CTLR_ON		0x12

#define ICC_SGI1R_ID_SHIFT	24
#define ICC_SGI1R_CPU0		1

static inline uint32_t gic_acknowledge(const struct platform *p)
{
	uint32_t iar;

	asm volatile("mrc p15, 0, %0, c12, c12, 0" : "=r" (iar) : : "memory");
	return iar;
}

static inline void gic_end(const struct platform *p, uint32_t iar)
{
	asm volatile("mcr p15, 0, %0, c12, c12, 1" : : "r" (iar) : "memory");
}

static inline void gic_send_self(const struct platform *p, uint32_t sgi)
{
	uint32_t low = sgi << ICC_SGI1R_ID_SHIFT | ICC_SGI1R_CPU0;

	asm volatile("mcrr p15, 0, %0, %1, c12"
		     : : "r" (low), "r" (0) : "memory");
}

/* Where the registers of private interrupts are */
static inline uint32_t gic_private(const struct platform *p)
{
	return p->gicc + GICR_SGI;
}

static inline void gic_init(const struct platform *p, uint32_t enable,
			    uint32_t mask)
{
	writel(gic_private(p) + GICD_ISENABLER0, enable);
	writel(p->gicd + GICD_CTLR, GICD_CTLR_ON);
	asm volatile("mcr p15, 0, %0, c4, c6, 0" : : "r" (mask));	/* ICC_PMR */
	asm volatile("mcr p15, 0, %0, c12, c12, 7\n\t"	/* ICC_IGRPEN1 */
		     "isb" : : "r" (1) : "memory");
}

#endif
