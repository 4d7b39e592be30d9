// SPDX-License-Identifier: GPL-2.0-only
/*
 * A guest without an operating system that counts the instructions of one
 * operation on its hypervisor. It reads the virtual counter around a loop:
 * where QEMU runs the host with -icount shift=0, an instruction is a
 * nanosecond.
 *
 * Each operation is done once before it is measured and what it gave is
 * looked at, so that no figure is that of an error path.
 */
#include "platform.h"

#include GIC_HEADER

#define NS_PER_SEC		1000000000

/*
 * Every operation is measured in batches and the least one counts: it holds
 * no interrupt of the host's own.
 */
#define BATCHES			50
#define BATCH_SIZE		100

#define GICD_IIDR		0x008
#define GICD_IPRIORITYR(n)	(0x400 + (n))
#define GIC_ALL_PRIORITIES	0xff
#define GIC_PRIORITY		0xa0a0a0a0
#define GIC_SPURIOUS		1023
#define GIC_ID_MASK		0x3ff
#define GIC_PRIVATE_IRQS	32
#define GIC_ARM			0x43b

#define IRQ_SGI			1
#define IRQ_VTIMER		27

#define PSCI_VERSION		0x84000000
#define PSCI_SYSTEM_OFF		0x84000008
#define PSCI_NO_FUNCTION	0x8400ffff
#define PSCI_NOT_SUPPORTED	0xffffffff
#define PSCI_ERROR		0x80000000
#define ARCH_WORKAROUND_1	0x80008000

/* A timer value that has passed before the wait for it begins */
#define TIMER_TICKS		16

#define ACTLR		"0, %0, c1, c0, 1"
#define CNTFRQ		"0, %0, c14, c0, 0"
#define CNTV_TVAL	"0, %0, c14, c3, 0"
#define CNTV_CTL	"0, %0, c14, c3, 1"

#define read_cp15(reg) ({						\
	uint32_t value_;						\
									\
	asm volatile("mrc p15, " reg : "=r" (value_));			\
	value_;								\
})

#define write_cp15(value, reg) ({					\
	asm volatile("mcr p15, " reg "\n\tisb"				\
		     : : "r" (value) : "memory");			\
})

/**
 * struct operation - what is measured
 * @name: its name in the output
 * @run: does it once and returns a value
 * @mask: the bits of the returned value that are known
 * @expect: their value
 */
struct operation {
	const char *name;
	uint32_t (*run)(const struct platform *p);
	uint32_t mask;
	uint32_t expect;
};

static struct platform platform;
static uint32_t interrupts;

static uint32_t call(uint32_t function)
{
	register uint32_t r0 asm("r0") = function;

	asm volatile(".arch_extension virt\n\thvc #0"
		     : "+r" (r0) : : "r1", "r2", "r3", "r12", "memory");
	return r0;
}

/* Its argument is its result: a return and nothing else */
static uint32_t nothing(const struct platform *p)
{
	return (uintptr_t)p;
}

static uint32_t hypercall(const struct platform *p)
{
	return call(PSCI_VERSION);
}

static uint32_t hypercall_unknown(const struct platform *p)
{
	return call(PSCI_NO_FUNCTION);
}

static uint32_t hypercall_vfp(const struct platform *p)
{
	uint32_t version = call(PSCI_VERSION);

	asm volatile(".fpu vfpv4\n\tvadd.f64 d0, d0, d0");
	return version;
}

static uint32_t hypercall_workaround(const struct platform *p)
{
	return call(ARCH_WORKAROUND_1);
}

static uint32_t cp15_trap(const struct platform *p)
{
	return read_cp15(ACTLR);
}

static uint32_t mmio_kernel_read(const struct platform *p)
{
	return readl(p->gicd + GICD_IIDR);
}

static uint32_t mmio_kernel_write(const struct platform *p)
{
	writel(p->gicd + GICD_IPRIORITYR(GIC_PRIVATE_IRQS), GIC_PRIORITY);
	return 0;
}

static uint32_t mmio_user_read(const struct platform *p)
{
	return readb(p->uart + (UART_LSR << p->uart_shift));
}

static uint32_t gicc_iar(const struct platform *p)
{
	return gic_acknowledge(p);
}

static void wait_for_interrupt(uint32_t before)
{
	while (__atomic_load_n(&interrupts, __ATOMIC_RELAXED) == before)
		;
}

static uint32_t self_ipi(const struct platform *p)
{
	uint32_t before = interrupts;

	gic_send_self(p, IRQ_SGI);
	wait_for_interrupt(before);
	return 0;
}

static uint32_t timer(const struct platform *p)
{
	uint32_t before = interrupts;

	write_cp15(TIMER_TICKS, CNTV_TVAL);
	write_cp15(1, CNTV_CTL);
	wait_for_interrupt(before);
	return 0;
}

static const struct operation operations[] = {
	{ "hypercall", hypercall, PSCI_ERROR, 0 },
	{ "hypercall-unknown", hypercall_unknown, ~0, PSCI_NOT_SUPPORTED },
	{ "hypercall-vfp", hypercall_vfp, PSCI_ERROR, 0 },
	{ "hypercall-workaround", hypercall_workaround, ~0, 0 },
	{ "cp15-trap", cp15_trap },
	{ "mmio-kernel-read", mmio_kernel_read, 0xfff, GIC_ARM },
	{ "mmio-kernel-write", mmio_kernel_write },
	{ "mmio-user-read", mmio_user_read, UART_LSR_THRE, UART_LSR_THRE },
	{ "self-ipi", self_ipi },
	{ "timer", timer },
	{ "gicc-iar", gicc_iar, GIC_ID_MASK, GIC_SPURIOUS },
};

void __attribute__((interrupt("IRQ"))) irq_handler(void)
{
	uint32_t iar = gic_acknowledge(&platform);
	uint32_t id = iar & GIC_ID_MASK;

	if (id == GIC_SPURIOUS)
		return;
	if (id == IRQ_VTIMER)
		write_cp15(0, CNTV_CTL);
	gic_end(&platform, iar);
	interrupts++;
}

static uint32_t now(void)
{
	uint32_t low, high;

	asm volatile("isb\n\tmrrc p15, 1, %0, %1, c14"
		     : "=r" (low), "=r" (high) : : "memory");
	return low;
}

/* One body for all operations, so that the empty one cancels the loop */
static uint32_t __attribute__((noipa))
batch_ticks(uint32_t (*run)(const struct platform *p))
{
	uint32_t begin = now();
	uint32_t i;

	for (i = 0; i < BATCH_SIZE; i++)
		run(&platform);
	return now() - begin;
}

static uint32_t least_ticks(uint32_t (*run)(const struct platform *p))
{
	uint32_t least = batch_ticks(run);
	uint32_t i;

	for (i = 1; i < BATCHES; i++) {
		uint32_t spent = batch_ticks(run);

		if (spent < least)
			least = spent;
	}
	return least;
}

static void measure(const struct operation *op)
{
	uint32_t value = op->run(&platform);
	uint32_t ns;

	print(&platform, "bench ");
	print(&platform, op->name);
	if ((value & op->mask) != op->expect) {
		print(&platform, " failed, it gave ");
		print_number(&platform, value);
		print(&platform, "\n");
		return;
	}
	ns = least_ticks(op->run) - least_ticks(nothing);
	ns *= NS_PER_SEC / read_cp15(CNTFRQ);
	print(&platform, " ");
	print_number(&platform, (ns + BATCH_SIZE / 2) / BATCH_SIZE);
	print(&platform, "\n");
}

static void init_interrupts(void)
{
	uint32_t i;

	write_cp15(0, CNTV_CTL);
	for (i = 0; i < GIC_PRIVATE_IRQS; i += sizeof(uint32_t))
		writel(gic_private(&platform) + GICD_IPRIORITYR(i),
		       GIC_PRIORITY);
	gic_init(&platform, 1 << IRQ_SGI | 1 << IRQ_VTIMER,
		 GIC_ALL_PRIORITIES);
	asm volatile("cpsie i" : : : "memory");
}

/* Called by start.S, on an exception that nothing here should cause */
void guest_exception(void)
{
	print(&platform, "bench exception\n");
	call(PSCI_SYSTEM_OFF);
}

/* Called by start.S with the address of the device tree */
void guest_main(const void *fdt)
{
	uint32_t i;

	platform_find(&platform, fdt);
	init_interrupts();
	for (i = 0; i < sizeof(operations) / sizeof(*operations); i++)
		measure(&operations[i]);
	call(PSCI_SYSTEM_OFF);
}
