// SPDX-License-Identifier: GPL-2.0-only
/*
 * GICv2 in the guest
 */
#include "kvm_util.h"
#include "gic.h"
#include "processor.h"
#include "spinlock.h"

#define IRQS_PER_BIT_REG	32
#define IRQS_PER_CFG_REG	16
#define IRQS_PER_BYTE_REG	4

#define GICD_SGI_MASK		0xffff

static struct spinlock gic_lock;
static bool gic_dist_ready;

static volatile void *gicd(unsigned int reg)
{
	return GICD_BASE_GVA + reg;
}

static volatile void *gicc(unsigned int reg)
{
	return GICC_BASE_GVA + reg;
}

static void gicd_write_bit(unsigned int reg, unsigned int intid)
{
	writel(1U << (intid % IRQS_PER_BIT_REG),
	       gicd(reg + intid / IRQS_PER_BIT_REG * 4));
}

static bool gicd_read_bit(unsigned int reg, unsigned int intid)
{
	uint32_t val = readl(gicd(reg + intid / IRQS_PER_BIT_REG * 4));

	return val & (1U << (intid % IRQS_PER_BIT_REG));
}

static void gic_init_range(unsigned int first, unsigned int end)
{
	unsigned int i;

	for (i = first; i < end; i += IRQS_PER_BIT_REG) {
		writel(~0U, gicd(GICD_ICENABLER + i / IRQS_PER_BIT_REG * 4));
		writel(~0U, gicd(GICD_ICACTIVER + i / IRQS_PER_BIT_REG * 4));
		writel(~0U, gicd(GICD_ICPENDR + i / IRQS_PER_BIT_REG * 4));
	}

	for (i = first; i < end; i += IRQS_PER_BYTE_REG)
		writel(GIC_PRIO_DEFAULT * 0x01010101U,
		       gicd(GICD_IPRIORITYR + i));
}

static void gic_dist_init(void)
{
	unsigned int nr_irqs, i;

	nr_irqs = ((readl(gicd(GICD_TYPER)) & 0x1f) + 1) * IRQS_PER_BIT_REG;

	writel(0, gicd(GICD_CTLR));
	gic_init_range(MIN_SPI, nr_irqs);

	for (i = MIN_SPI; i < nr_irqs; i += IRQS_PER_BYTE_REG)
		writel(0x01010101, gicd(GICD_ITARGETSR + i));
	for (i = MIN_SPI; i < nr_irqs; i += IRQS_PER_CFG_REG)
		writel(0, gicd(GICD_ICFGR + i / IRQS_PER_CFG_REG * 4));

	writel(GICD_CTLR_ENABLE, gicd(GICD_CTLR));
}

void gic_init(enum gic_type type, unsigned int nr_cpus)
{
	GUEST_ASSERT(type == GIC_V2);
	GUEST_ASSERT(nr_cpus);

	spin_lock(&gic_lock);
	if (!gic_dist_ready)
		gic_dist_init();
	gic_dist_ready = true;
	spin_unlock(&gic_lock);

	gic_init_range(0, MIN_SPI);
	/* Whether SGIs can be disabled is up to the implementation. */
	writel(GICD_SGI_MASK, gicd(GICD_ISENABLER));
	writel(0xff, gicc(GICC_PMR));
	writel(GICC_CTLR_ENABLE, gicc(GICC_CTLR));
}

void gic_irq_enable(unsigned int intid)
{
	gicd_write_bit(GICD_ISENABLER, intid);
}

void gic_irq_disable(unsigned int intid)
{
	gicd_write_bit(GICD_ICENABLER, intid);
}

void gic_set_priority(unsigned int intid, unsigned int prio)
{
	writeb(prio, gicd(GICD_IPRIORITYR + intid));
}

void gic_set_target(unsigned int intid, unsigned int cpu_mask)
{
	writeb(cpu_mask, gicd(GICD_ITARGETSR + intid));
}

void gic_irq_set_config(unsigned int intid, bool is_edge)
{
	unsigned int reg = GICD_ICFGR + intid / IRQS_PER_CFG_REG * 4;
	unsigned int shift = (intid % IRQS_PER_CFG_REG) * 2;
	uint32_t val = readl(gicd(reg)) & ~(3U << shift);

	if (is_edge)
		val |= 2U << shift;
	writel(val, gicd(reg));
}

void gic_irq_set_pending(unsigned int intid)
{
	gicd_write_bit(GICD_ISPENDR, intid);
}

void gic_irq_clear_pending(unsigned int intid)
{
	gicd_write_bit(GICD_ICPENDR, intid);
}

bool gic_irq_get_pending(unsigned int intid)
{
	return gicd_read_bit(GICD_ISPENDR, intid);
}

void gic_irq_set_active(unsigned int intid)
{
	gicd_write_bit(GICD_ISACTIVER, intid);
}

void gic_irq_clear_active(unsigned int intid)
{
	gicd_write_bit(GICD_ICACTIVER, intid);
}

bool gic_irq_get_active(unsigned int intid)
{
	return gicd_read_bit(GICD_ISACTIVER, intid);
}

void gic_send_sgi(uint32_t sgir)
{
	writel(sgir, gicd(GICD_SGIR));
}

uint32_t gic_read_iar(void)
{
	return readl(gicc(GICC_IAR));
}

unsigned int gic_get_and_ack_irq(void)
{
	return GICC_IAR_INTID(gic_read_iar());
}

void gic_set_eoi(uint32_t iar)
{
	writel(iar, gicc(GICC_EOIR));
}

void gic_set_dir(uint32_t iar)
{
	writel(iar, gicc(GICC_DIR));
}

void gic_set_eoi_split(bool split)
{
	writel(GICC_CTLR_ENABLE | (split ? GICC_CTLR_EOIMODE : 0),
	       gicc(GICC_CTLR));
}

void gic_set_priority_mask(uint32_t mask)
{
	writel(mask, gicc(GICC_PMR));
}
