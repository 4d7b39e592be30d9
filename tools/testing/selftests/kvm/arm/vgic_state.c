// SPDX-License-Identifier: GPL-2.0-only
/*
 * Save and restore of the whole state of a vGICv2: one guest leaves interrupts
 * pending and active, of every kind, with priorities, a mask and a binary
 * point.  Another VM gets the registers of every group, in one go and by 32-bit
 * words, as a virtual machine monitor does that migrates; its guest finds the
 * interrupts as they were, and takes them in the right order.
 */
#include "gic.h"
#include "kvm_util.h"
#include "processor.h"
#include "vgic.h"

#define NR_VCPUS	2
#define NR_IRQS		96

/* In the order in which they are to come: by priority */
#define SPI_ACTIVE	42	/* active and pending */
#define SPI_EDGE	41
#define SPI_LEVEL	40
#define PPI		20
#define SGI_SELF	5
#define SGI_OTHER	3	/* sent by the other vCPU */
#define SPI_MASKED	70	/* by GICC_PMR */
#define SPI_DISABLED	71

#define PRIO_ACTIVE	0x20
#define PRIO_EDGE	0x40
#define PRIO_LEVEL	0x60
#define PRIO_PPI	0x80
#define PRIO_SGI_SELF	0xa0
#define PRIO_SGI_OTHER	0xb0
#define PRIO_MASKED	0xe0
#define PRIO_MASK	0xd0
#define PRIO_MASK_NONE	0xf8
#define BINARY_POINT	3

#define GICC_ABPR	0x1c

#define DIST		KVM_DEV_ARM_VGIC_GRP_DIST_REGS
#define CPU		KVM_DEV_ARM_VGIC_GRP_CPU_REGS

/**
 * struct reg_range - registers of one kind
 * @group: KVM_DEV_ARM_VGIC_GRP_*
 * @offset: of the first
 * @bits: for each interrupt; 0: one register
 * @clear: offset of where to clear them before, 0 if they are not set that way
 */
struct reg_range {
	uint32_t group;
	uint32_t offset;
	unsigned int bits;
	uint32_t clear;
};

/*
 * Configuration before pending state, and the distributor on at the end.  The
 * registers that tell what SGIs are pending have a byte an SGI.
 */
static const struct reg_range ranges[] = {
	{ DIST, GICD_IGROUPR, 1, 0 },
	{ DIST, GICD_ISENABLER, 1, GICD_ICENABLER },
	{ DIST, GICD_ICFGR, 2, 0 },
	{ DIST, GICD_IPRIORITYR, 8, 0 },
	{ DIST, GICD_ITARGETSR, 8, 0 },
	{ DIST, GICD_ISPENDR, 1, GICD_ICPENDR },
	{ DIST, GICD_ISACTIVER, 1, GICD_ICACTIVER },
	{ CPU, GICC_CTLR, 0, 0 },
	{ CPU, GICC_PMR, 0, 0 },
	{ CPU, GICC_BPR, 0, 0 },
	{ CPU, GICC_ABPR, 0, 0 },
	{ CPU, GICC_APR0, 0, 0 },
	{ DIST, GICD_SPENDSGIR, 8, GICD_CPENDSGIR },
	{ DIST, GICD_CTLR, 0, 0 },
};

#define MAX_WORDS	(NR_IRQS * 8 / 32)

struct gic_state {
	uint32_t words[NR_VCPUS][ARRAY_SIZE(ranges)][MAX_WORDS];
};

static unsigned int nr_words(const struct reg_range *r)
{
	if (r->offset == GICD_SPENDSGIR)
		return 16 * r->bits / 32;

	return r->bits ? NR_IRQS * r->bits / 32 : 1;
}

static void save(int gic_fd, struct gic_state *state)
{
	unsigned int cpu, i, w;

	for (cpu = 0; cpu < NR_VCPUS; cpu++)
		for (i = 0; i < ARRAY_SIZE(ranges); i++)
			for (w = 0; w < nr_words(&ranges[i]); w++)
				state->words[cpu][i][w] =
					vgic_reg_get(gic_fd, ranges[i].group,
						     cpu,
						     ranges[i].offset + 4 * w);
}

static void restore(int gic_fd, const struct gic_state *state)
{
	const struct reg_range *r;
	unsigned int cpu, w;

	for (r = ranges; r < ranges + ARRAY_SIZE(ranges); r++) {
		for (cpu = 0; cpu < NR_VCPUS; cpu++) {
			for (w = 0; w < nr_words(r); w++) {
				if (r->clear)
					vgic_reg_set(gic_fd, r->group, cpu,
						     r->clear + 4 * w, ~0U);
				vgic_reg_set(gic_fd, r->group, cpu,
					     r->offset + 4 * w,
					     state->words[cpu][r - ranges][w]);
			}
		}
	}
}

static void compare_word(const struct gic_state *saved,
			 const struct gic_state *restored,
			 unsigned int cpu, unsigned int i, unsigned int w)
{
	uint32_t want = saved->words[cpu][i][w];
	uint32_t val = restored->words[cpu][i][w];

	TEST_ASSERT(val == want,
		    "vCPU %u group %u offset 0x%x: 0x%x, 0x%x was saved", cpu,
		    ranges[i].group, ranges[i].offset + 4 * w, val, want);
}

static void compare(const struct gic_state *saved,
		    const struct gic_state *restored)
{
	unsigned int cpu, i, w;

	for (cpu = 0; cpu < NR_VCPUS; cpu++)
		for (i = 0; i < ARRAY_SIZE(ranges); i++)
			for (w = 0; w < nr_words(&ranges[i]); w++)
				compare_word(saved, restored, cpu, i, w);
}

static void guest_pend(unsigned int intid, unsigned int prio)
{
	gic_set_priority(intid, prio);
	gic_irq_set_config(intid, true);
	gic_irq_enable(intid);
	gic_irq_set_pending(intid);
}

/* Interrupts stay masked in the CPU: none is taken but by reading GICC_IAR. */
static void guest_leave_state(void)
{
	local_irq_disable();
	gic_init(GIC_V2, NR_VCPUS);

	if (guest_get_vcpuid()) {
		gic_send_sgi(GICD_SGIR_TARGETS(1 << 0) | SGI_OTHER);
		gic_irq_set_pending(PPI);
		GUEST_SYNC(0);
	}

	writel(BINARY_POINT, GICC_BASE_GVA + GICC_BPR);
	gic_set_eoi_split(true);
	gic_set_priority_mask(PRIO_MASK);

	/* Nothing else is more urgent, nor so from now on. */
	guest_pend(SPI_ACTIVE, PRIO_ACTIVE);
	GUEST_ASSERT_EQ(gic_get_and_ack_irq(), SPI_ACTIVE);
	gic_irq_set_pending(SPI_ACTIVE);

	guest_pend(SPI_EDGE, PRIO_EDGE);
	guest_pend(SPI_MASKED, PRIO_MASKED);
	guest_pend(SPI_DISABLED, PRIO_EDGE);
	gic_irq_disable(SPI_DISABLED);

	gic_set_priority(SPI_LEVEL, PRIO_LEVEL);
	gic_irq_enable(SPI_LEVEL);
	gic_set_priority(PPI, PRIO_PPI);
	gic_irq_enable(PPI);
	gic_irq_set_pending(PPI);
	gic_set_priority(SGI_SELF, PRIO_SGI_SELF);
	gic_set_priority(SGI_OTHER, PRIO_SGI_OTHER);
	gic_send_sgi(GICD_SGIR_SELF | SGI_SELF);
	GUEST_SYNC(0);
}

static const unsigned int expected[] = {
	SPI_EDGE, SPI_LEVEL, PPI, SGI_SELF, SGI_OTHER, SPI_ACTIVE, SPI_MASKED,
};
#define NR_BEFORE_DEACTIVATION	5
#define NR_BEFORE_UNMASKING	6

static volatile uint32_t nr_handled;

static void guest_irq_handler(struct ex_regs *regs)
{
	uint32_t iar = gic_read_iar();
	uint32_t intid = GICC_IAR_INTID(iar);

	if (intid == IAR_SPURIOUS)
		return;

	GUEST_ASSERT(nr_handled < ARRAY_SIZE(expected));
	GUEST_ASSERT_EQ(intid, expected[nr_handled]);
	nr_handled++;
	if (intid == SGI_OTHER)
		GUEST_ASSERT_EQ(GICC_IAR_CPU(iar), 1);
	if (intid == SPI_LEVEL)
		GUEST_SYNC(0);

	gic_set_eoi(iar);
	gic_set_dir(iar);
}

/* An access to the distributor leaves the guest: what can come, has come. */
static void settle(void)
{
	local_irq_enable();
	isb();
	readl(GICD_BASE_GVA + GICD_TYPER);
	isb();
	local_irq_disable();
}

static void guest_find_state(void)
{
	local_irq_disable();
	GUEST_ASSERT_EQ(readl(GICC_BASE_GVA + GICC_PMR), PRIO_MASK);
	GUEST_ASSERT_EQ(readl(GICC_BASE_GVA + GICC_BPR), BINARY_POINT);
	GUEST_ASSERT_EQ(readl(GICC_BASE_GVA + GICC_RPR), PRIO_ACTIVE);
	GUEST_ASSERT_EQ(readl(GICC_BASE_GVA + GICC_CTLR),
			GICC_CTLR_ENABLE | GICC_CTLR_EOIMODE);
	GUEST_ASSERT(gic_irq_get_active(SPI_ACTIVE));
	GUEST_ASSERT(gic_irq_get_pending(SPI_ACTIVE));
	GUEST_ASSERT(gic_irq_get_pending(SPI_DISABLED));

	/* The active one is the most urgent of all. */
	settle();
	GUEST_ASSERT_EQ(nr_handled, 0);

	/* Now they come, but for itself: it is active. */
	gic_set_eoi(SPI_ACTIVE);
	settle();
	GUEST_ASSERT_EQ(nr_handled, NR_BEFORE_DEACTIVATION);
	gic_set_dir(SPI_ACTIVE);
	settle();
	GUEST_ASSERT_EQ(nr_handled, NR_BEFORE_UNMASKING);
	gic_set_priority_mask(PRIO_MASK_NONE);
	settle();
	GUEST_ASSERT_EQ(nr_handled, ARRAY_SIZE(expected));

	GUEST_DONE();
}

static struct kvm_vm *create_vm(void *guest_code, struct kvm_vcpu *vcpus[],
				int *gic_fd)
{
	struct kvm_vm *vm = vm_create_with_vcpus(NR_VCPUS, guest_code, vcpus);

	vm_init_descriptor_tables(vm);
	vm_install_exception_handler(vm, VECTOR_IRQ_CURRENT, guest_irq_handler);
	*gic_fd = vgic_v2_setup(vm, NR_VCPUS, NR_IRQS);

	return vm;
}

int main(void)
{
	static struct gic_state saved, restored;
	struct kvm_vcpu *vcpus[NR_VCPUS];
	struct kvm_vm *vm;
	int gic_fd;

	ksft_print_header();
	ksft_set_plan(2);

	vm = create_vm(guest_leave_state, vcpus, &gic_fd);
	kvm_arm_irq_line(vm, SPI_LEVEL, 1);
	vcpu_run_until(vcpus[0], UCALL_SYNC);
	vcpu_run_until(vcpus[1], UCALL_SYNC);
	save(gic_fd, &saved);
	close(gic_fd);
	kvm_vm_free(vm);

	vm = create_vm(guest_find_state, vcpus, &gic_fd);
	restore(gic_fd, &saved);
	save(gic_fd, &restored);
	compare(&saved, &restored);
	ksft_test_result_pass("registers\n");

	/* The line is the device's, which is the monitor's to restore. */
	kvm_arm_irq_line(vm, SPI_LEVEL, 1);
	vcpu_run_until(vcpus[0], UCALL_SYNC);
	kvm_arm_irq_line(vm, SPI_LEVEL, 0);
	vcpu_run_until(vcpus[0], UCALL_DONE);
	ksft_test_result_pass("interrupts\n");

	close(gic_fd);
	kvm_vm_free(vm);
	ksft_finished();
}
