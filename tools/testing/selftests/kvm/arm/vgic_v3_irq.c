// SPDX-License-Identifier: GPL-2.0-only
/*
 * Interrupts of the vGICv3: SGIs to vCPUs in several clusters, by every register
 * that sends them; SPIs that are routed, of either kind of trigger; priorities;
 * more interrupts than list registers; both EOI modes; ICC_SRE.
 */
#include <pthread.h>

#include "gic_v3.h"

#define NR_VCPUS	GICV3_MAX_CPUS
#define NR_IRQS		128
#define CLUSTER		16

#define SGI		5
#define SGI_END		15
#define SPI_LEVEL	40
#define SPI_EDGE	41
#define FIRST_MANY	64
/* No GICv3 has as many list registers */
#define NR_MANY		24

/* In the order in which the guest does them */
enum step {
	SELF = 1,
	TARGETS,
	OTHER_CLUSTER,
	OTHERS,
	AFF3,
	GROUP,
	ROUTED,
	MANY,
	SPLIT,
};

static volatile uint32_t counts[NR_VCPUS][NR_IRQS];
static volatile uint32_t order[NR_MANY], nr_order;
static volatile bool ready[NR_VCPUS];
static volatile bool split;

static unsigned int this_cpu(void)
{
	uint32_t mpidr = read_cp15(CP15_MPIDR);

	return ((mpidr >> 8) & 0xff) * CLUSTER + (mpidr & 0xff);
}

static void guest_irq_handler(struct ex_regs *regs)
{
	uint32_t intid = read_cp15(ICC_IAR1);
	unsigned int cpu = this_cpu();

	if (intid == IAR_SPURIOUS)
		return;

	GUEST_ASSERT(intid < NR_IRQS);
	if (intid >= FIRST_MANY)
		order[nr_order++] = intid;
	if (intid == SPI_LEVEL)
		GUEST_SYNC(0);
	write_cp15(intid, ICC_EOIR1);
	isb();
	if (split) {
		GUEST_ASSERT(gicv3_read_bit(cpu, GICD_ISACTIVER, intid));
		write_cp15(intid, ICC_DIR);
		isb();
	}
	GUEST_ASSERT(!gicv3_read_bit(cpu, GICD_ISACTIVER, intid));
	counts[cpu][intid]++;
}

static void wait_for(unsigned int cpu, unsigned int intid, uint32_t count)
{
	while (counts[cpu][intid] != count)
		cpu_relax();
}

/* An access to the distributor leaves the guest: what can come, has come. */
static void settle(void)
{
	isb();
	readl(gicv3_dist(GICD_TYPER));
	isb();
}

static void send(uint64_t to)
{
	dsb(ishst);
	write_cp15_64(to | ICC_SGI1R_ID(SGI), ICC_SGI1R);
	isb();
}

static void guest_others(void)
{
	unsigned int cpu = this_cpu();

	gicv3_cpu_init(cpu);
	dmb(ish);
	ready[cpu] = true;
	local_irq_enable();
	while (!counts[cpu][SGI_END])
		wfi();
	GUEST_DONE();
}

static void guest_sgis(void)
{
	unsigned int cpu;

	send(BIT_ULL(0));
	wait_for(0, SGI, 1);
	GUEST_SYNC(SELF);

	send(BIT_ULL(1) | BIT_ULL(CLUSTER - 1));
	wait_for(1, SGI, 1);
	wait_for(CLUSTER - 1, SGI, 1);
	GUEST_SYNC(TARGETS);

	/* It is the number in the cluster that is in the list. */
	send(ICC_SGI1R_AFF1(1) | BIT_ULL(1));
	wait_for(CLUSTER + 1, SGI, 1);
	GUEST_ASSERT_EQ(counts[1][SGI], 1);
	GUEST_SYNC(OTHER_CLUSTER);

	send(ICC_SGI1R_OTHERS);
	for (cpu = 1; cpu < NR_VCPUS; cpu++)
		wait_for(cpu, SGI, 1 + (cpu == 1 || cpu == CLUSTER - 1 ||
					cpu == CLUSTER + 1));
	settle();
	GUEST_ASSERT_EQ(counts[0][SGI], 1);
	GUEST_SYNC(OTHERS);

	/* Nobody has another third level than 0, nor a second one of 7. */
	send(ICC_SGI1R_AFF3(1) | BIT_ULL(0));
	send(ICC_SGI1R_AFF1(7) | BIT_ULL(0));
	settle();
	GUEST_ASSERT_EQ(counts[0][SGI], 1);
	GUEST_SYNC(AFF3);

	/* They are of group 1, which these two do not send. */
	write_cp15_64(BIT_ULL(0) | ICC_SGI1R_ID(SGI), ICC_SGI0R);
	write_cp15_64(BIT_ULL(0) | ICC_SGI1R_ID(SGI), ICC_ASGI1R);
	settle();
	GUEST_ASSERT_EQ(counts[0][SGI], 1);
	GUEST_SYNC(GROUP);
}

static void guest_route(unsigned int intid, unsigned int cpu)
{
	writel((cpu / CLUSTER) << 8 | cpu % CLUSTER,
	       gicv3_dist(GICD_IROUTER + intid * 8));
	gicv3_write_bit(0, GICD_ISENABLER, intid);
}

static void guest_spis(void)
{
	unsigned int i;

	/* Level and edge, to vCPUs of both clusters */
	guest_route(SPI_LEVEL, 3);
	writel(2U << (SPI_EDGE % 16 * 2),
	       gicv3_reg(0, GICD_ICFGR, SPI_EDGE, 2));
	guest_route(SPI_EDGE, CLUSTER + 2);
	GUEST_SYNC(ROUTED);
	wait_for(3, SPI_LEVEL, 1);
	wait_for(CLUSTER + 2, SPI_EDGE, 1);

	/* Rising priorities, pending before the first one comes */
	local_irq_disable();
	for (i = 0; i < NR_MANY; i++) {
		writeb((NR_MANY - i) * 8,
		       gicv3_dist(GICD_IPRIORITYR + FIRST_MANY + i));
		guest_route(FIRST_MANY + i, 0);
		gicv3_write_bit(0, GICD_ISPENDR, FIRST_MANY + i);
	}
	local_irq_enable();
	while (nr_order != NR_MANY)
		cpu_relax();
	for (i = 0; i < NR_MANY; i++)
		GUEST_ASSERT_EQ(order[i], FIRST_MANY + NR_MANY - 1 - i);
	GUEST_SYNC(MANY);

	write_cp15(ICC_CTLR_EOIMODE, ICC_CTLR);
	isb();
	split = true;
	send(BIT_ULL(0));
	wait_for(0, SGI, 2);
	gicv3_write_bit(0, GICD_ISPENDR, FIRST_MANY);
	wait_for(0, FIRST_MANY, 2);
	split = false;
	write_cp15(0, ICC_CTLR);
	isb();
	GUEST_SYNC(SPLIT);
}

static void guest_first(void)
{
	unsigned int cpu;

	/* The interface is this one, whatever the guest writes. */
	write_cp15(0, ICC_SRE);
	isb();
	GUEST_ASSERT(read_cp15(ICC_SRE) & ICC_SRE_SRE);

	gicv3_cpu_init(0);
	ready[0] = true;
	local_irq_enable();
	for (cpu = 1; cpu < NR_VCPUS; cpu++)
		while (!ready[cpu])
			cpu_relax();
	guest_sgis();
	guest_spis();
	write_cp15_64(ICC_SGI1R_OTHERS | ICC_SGI1R_ID(SGI_END), ICC_SGI1R);
	GUEST_DONE();
}

static void guest_code(void)
{
	if (!this_cpu()) {
		guest_first();
		return;
	}
	while (!ready[0])
		cpu_relax();
	guest_others();
}

/* The one that waits for its device has it lowered by the host */
static uint64_t run(struct kvm_vcpu *vcpu, struct ucall *uc)
{
	vcpu_run(vcpu);
	get_ucall(vcpu, uc);
	if (uc->cmd == UCALL_ABORT)
		REPORT_GUEST_ASSERT(*uc);
	return uc->cmd;
}

static void spi(struct kvm_vm *vm, unsigned int intid, int level)
{
	kvm_irq_line(vm, KVM_ARM_IRQ_TYPE_SPI << KVM_ARM_IRQ_TYPE_SHIFT | intid,
		     level);
}

static void *run_other(void *arg)
{
	struct kvm_vcpu *vcpu = arg;
	struct ucall uc;

	while (run(vcpu, &uc) == UCALL_SYNC)
		spi(vcpu->vm, SPI_LEVEL, 0);
	TEST_ASSERT_EQ(uc.cmd, UCALL_DONE);
	return NULL;
}

static const char *const names[] = {
	[SELF] = "SGI to itself",
	[TARGETS] = "SGI to a list",
	[OTHER_CLUSTER] = "SGI to another cluster",
	[OTHERS] = "SGI to all others",
	[AFF3] = "SGI to nobody",
	[GROUP] = "SGI of the other group",
	[ROUTED] = "SPIs set up",
	[MANY] = "SPIs, and more than list registers",
	[SPLIT] = "EOI mode",
};

int main(void)
{
	struct kvm_vcpu *vcpus[NR_VCPUS];
	pthread_t threads[NR_VCPUS];
	unsigned int i, step;
	struct kvm_vm *vm;
	struct ucall uc;
	int gic_fd;

	TEST_REQUIRE(kvm_check_cap(KVM_CAP_MAX_VCPUS) >= NR_VCPUS);

	ksft_print_header();
	ksft_set_plan(ARRAY_SIZE(names) - 1);

	vm = vm_create_with_vcpus(NR_VCPUS, guest_code, vcpus);
	vm_init_descriptor_tables(vm);
	vm_install_exception_handler(vm, VECTOR_IRQ_CURRENT, guest_irq_handler);
	gic_fd = vgic_v3_setup(vm, NR_VCPUS, NR_IRQS);

	for (i = 1; i < NR_VCPUS; i++)
		pthread_create(&threads[i], NULL, run_other, vcpus[i]);
	for (step = SELF; run(vcpus[0], &uc) == UCALL_SYNC; step++) {
		TEST_ASSERT_EQ(uc.args[1], step);
		ksft_test_result_pass("%s\n", names[step]);
		if (step != ROUTED)
			continue;
		spi(vm, SPI_LEVEL, 1);
		spi(vm, SPI_EDGE, 1);
		spi(vm, SPI_EDGE, 0);
	}
	TEST_ASSERT_EQ(uc.cmd, UCALL_DONE);
	for (i = 1; i < NR_VCPUS; i++)
		pthread_join(threads[i], NULL);

	close(gic_fd);
	kvm_vm_free(vm);
	ksft_finished();
}
