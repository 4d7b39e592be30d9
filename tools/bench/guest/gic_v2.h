/* SPDX-License-Identifier: GPL-2.0-only */
/* A GICv2, for a guest with one CPU. */
#ifndef BENCH_GIC_H
#define BENCH_GIC_H

#include "platform.h"

#define GICC_CTLR		0x000
#define GICC_PMR		0x004
#define GICC_IAR		0x00c
#define GICC_EOIR		0x010
#define GICD_CTLR		0x000
#define GICD_ISENABLER0		0x100
#define GICD_SGIR		0xf00
#define GICD_SGIR_SELF		(2 << 24)

static inline uint32_t gic_acknowledge(const struct platform *p)
{
	return readl(p->gicc + GICC_IAR);
}

static inline void gic_end(const struct platform *p, uint32_t iar)
{
	writel(p->gicc + GICC_EOIR, iar);
}

static inline void gic_send_self(const struct platform *p, uint32_t sgi)
{
	writel(p->gicd + GICD_SGIR, GICD_SGIR_SELF | sgi);
}

/* Where the registers of private interrupts are */
static inline uint32_t gic_private(const struct platform *p)
{
	return p->gicd;
}

static inline void gic_init(const struct platform *p, uint32_t enable,
			    uint32_t mask)
{
	writel(p->gicd + GICD_ISENABLER0, enable);
	writel(p->gicd + GICD_CTLR, 1);
	writel(p->gicc + GICC_PMR, mask);
	writel(p->gicc + GICC_CTLR, 1);
}

#endif
