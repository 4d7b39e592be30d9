// SPDX-License-Identifier: GPL-2.0-only
/*
 * Interrupts of the vGICv2: level and edge, pending and active state, both
 * EOI modes, priorities and preemption, more interrupts than list registers,
 * SGIs between vCPUs, irqfd and its resampling.
 */
#include <pthread.h>
#include <sys/eventfd.h>

#include "arch_timer.h"
#include "gic.h"
#include "kvm_util.h"
#include "processor.h"
#include "vgic.h"

#define NR_VCPUS	2
#define NR_IRQS		128
#define PPI		20
#define SGI		5
#define SPI		40
/* As long as there is no other routing */
#define IRQFD_GSI	(SPI - MIN_SPI)
#define NR_MANY		64	/* no GICv2 has as many list registers */
#define PPI_VTIMER	27
#define NR_NESTED	24	/* more than list registers, of which mostly 4 */
#define NR_BURST	8	/* likewise, a part of the above */

/*
 * Lower is more urgent.  GICv2 of a VM has five bits, and 0xf8 is masked always
 * as GICC_PMR can't be above that.
 */
#define PRIO_HIGH	0x40
#define PRIO_LOW	0xc0
#define PRIO_LEAST	0xf0
#define PRIO(n)		(((n) % 31) << 3)
/* Each more urgent than the one before */
#define PRIO_NESTED(n)	((NR_NESTED - (n)) << 3)

#define TIMEOUT_MS	30000

/* What the guest asks of the host, with the interrupt and its level */
enum request {
	REQ_LINE,
	REQ_LINE_PPI,
	REQ_EVENT,
	REQ_RESAMPLED,
	REQ_ROUTE,
};

struct handled {
	volatile uint32_t count;
	volatile uint32_t iar;
};

static struct handled handled[NR_IRQS];
static volatile uint32_t nr_handled, nr_spurious;
/* In the order in which they came */
static volatile uint32_t order[NR_MANY];

/* What the handler does besides */
static bool eoi_split, lower_line, enable_nested;

static void guest_irq_handler(struct ex_regs *regs)
{
	uint32_t iar = gic_read_iar();
	unsigned int intid = GICC_IAR_INTID(iar);

	if (intid == IAR_SPURIOUS) {
		nr_spurious++;
		return;
	}
	GUEST_ASSERT(intid < NR_IRQS);

	if (nr_handled < ARRAY_SIZE(order))
		order[nr_handled] = intid;
	nr_handled++;
	handled[intid].count++;
	handled[intid].iar = iar;

	if (lower_line && INTID_IS_SPI(intid))
		GUEST_SYNC3(REQ_LINE, intid, 0);

	if (enable_nested) {
		enable_nested = false;
		gic_irq_set_pending(SPI);
		local_irq_enable();
		while (!handled[SPI].count)
			cpu_relax();
		local_irq_disable();
	}

	gic_set_eoi(iar);
	if (eoi_split) {
		GUEST_ASSERT(gic_irq_get_active(intid));
		gic_set_dir(iar);
	}
	GUEST_ASSERT(!gic_irq_get_active(intid));
}

static void guest_init(void)
{
	local_irq_disable();
	gic_init(GIC_V2, NR_VCPUS);
	isb();
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

static void expect(unsigned int intid, uint32_t count)
{
	settle();
	__GUEST_ASSERT(handled[intid].count == count,
		       "interrupt %u came %u times, not %u", intid,
		       handled[intid].count, count);
}

static void wait_for(unsigned int intid, uint32_t count)
{
	uint64_t start = timer_get_cntct(VIRTUAL);

	local_irq_enable();
	while (handled[intid].count != count) {
		__GUEST_ASSERT(timer_get_cntct(VIRTUAL) - start <
			       msec_to_cycles(TIMEOUT_MS),
			       "interrupt %u came %u times, not %u", intid,
			       handled[intid].count, count);
		cpu_relax();
	}
	local_irq_disable();
}

static void guest_level(void)
{
	guest_init();
	GUEST_SYNC3(REQ_LINE, SPI, 1);
	GUEST_ASSERT(gic_irq_get_pending(SPI));
	expect(SPI, 0);

	/* Enabled: it comes again and again, until the line is low. */
	lower_line = true;
	gic_irq_enable(SPI);
	expect(SPI, 1);
	expect(SPI, 1);
	GUEST_ASSERT(!gic_irq_get_pending(SPI));

	/* Lowered before it was taken: gone */
	lower_line = false;
	GUEST_SYNC3(REQ_LINE, SPI, 1);
	GUEST_SYNC3(REQ_LINE, SPI, 0);
	expect(SPI, 1);
	GUEST_ASSERT_EQ(nr_spurious, 0);

	/* Still high after the end of interrupt: pending again */
	GUEST_SYNC3(REQ_LINE, SPI, 1);
	gic_irq_disable(SPI);
	expect(SPI, 1);
	lower_line = true;
	gic_irq_enable(SPI);
	expect(SPI, 2);

	GUEST_DONE();
}

static void guest_edge(void)
{
	guest_init();
	gic_irq_set_config(SPI, true);
	gic_irq_enable(SPI);

	/* One edge is one interrupt, however long the line stays high. */
	GUEST_SYNC3(REQ_LINE, SPI, 1);
	expect(SPI, 1);
	expect(SPI, 1);
	GUEST_SYNC3(REQ_LINE, SPI, 0);
	expect(SPI, 1);

	/* An edge that came while it was disabled is remembered. */
	gic_irq_disable(SPI);
	GUEST_SYNC3(REQ_LINE, SPI, 1);
	GUEST_SYNC3(REQ_LINE, SPI, 0);
	expect(SPI, 1);
	gic_irq_enable(SPI);
	expect(SPI, 2);

	GUEST_DONE();
}

static void guest_ppi(void)
{
	guest_init();
	gic_irq_enable(PPI);
	GUEST_SYNC3(REQ_LINE_PPI, PPI, 1);
	GUEST_SYNC3(REQ_LINE_PPI, PPI, 0);
	expect(PPI, 0);

	gic_irq_set_pending(PPI);
	expect(PPI, 1);

	GUEST_DONE();
}

static void guest_pending(void)
{
	guest_init();
	gic_irq_set_config(SPI, true);
	gic_irq_set_pending(SPI);
	GUEST_ASSERT(gic_irq_get_pending(SPI));
	gic_irq_clear_pending(SPI);
	GUEST_ASSERT(!gic_irq_get_pending(SPI));
	gic_irq_enable(SPI);
	expect(SPI, 0);

	gic_irq_set_pending(SPI);
	expect(SPI, 1);
	GUEST_ASSERT(!gic_irq_get_pending(SPI));

	/* Not for this vCPU */
	gic_irq_set_config(SPI + 1, true);
	gic_set_target(SPI + 1, 1 << 1);
	gic_irq_enable(SPI + 1);
	gic_irq_set_pending(SPI + 1);
	expect(SPI + 1, 0);
	GUEST_ASSERT(gic_irq_get_pending(SPI + 1));

	GUEST_DONE();
}

/* What becomes pending while the distributor is off comes when it is on. */
static void guest_distributor_off(void)
{
	guest_init();
	gic_irq_set_config(SPI, true);
	gic_irq_enable(SPI);
	gic_irq_enable(PPI);
	gic_irq_enable(SPI + 1);

	writel(0, GICD_BASE_GVA + GICD_CTLR);
	gic_irq_set_pending(SPI);
	gic_irq_set_pending(PPI);
	gic_send_sgi(GICD_SGIR_SELF | SGI);
	GUEST_SYNC3(REQ_LINE, SPI + 1, 1);
	settle();
	GUEST_ASSERT_EQ(nr_handled, 0);

	lower_line = true;
	writel(GICD_CTLR_ENABLE, GICD_BASE_GVA + GICD_CTLR);
	expect(SPI, 1);
	expect(PPI, 1);
	expect(SGI, 1);
	expect(SPI + 1, 1);

	GUEST_DONE();
}

static void guest_active(void)
{
	guest_init();
	gic_irq_set_config(SPI, true);
	gic_irq_enable(SPI);

	/* Active interrupts don't come, and stay pending. */
	gic_irq_set_active(SPI);
	GUEST_ASSERT(gic_irq_get_active(SPI));
	gic_irq_set_pending(SPI);
	expect(SPI, 0);
	gic_irq_clear_active(SPI);
	GUEST_ASSERT(!gic_irq_get_active(SPI));
	expect(SPI, 1);

	GUEST_DONE();
}

static void guest_eoi_split(void)
{
	guest_init();
	eoi_split = true;
	gic_set_eoi_split(true);
	gic_irq_set_config(SPI, true);
	gic_irq_enable(SPI);
	gic_irq_set_pending(SPI);
	expect(SPI, 1);
	gic_irq_set_pending(SPI);
	expect(SPI, 2);

	GUEST_DONE();
}

static void guest_priority(void)
{
	guest_init();
	gic_irq_set_config(SPI, true);
	gic_irq_set_config(SPI + 1, true);
	gic_set_priority(SPI, PRIO_LOW);
	gic_set_priority(SPI + 1, PRIO_HIGH);
	gic_irq_enable(SPI);
	gic_irq_enable(SPI + 1);

	/* The more urgent one comes first. */
	gic_irq_set_pending(SPI);
	gic_irq_set_pending(SPI + 1);
	settle();
	GUEST_ASSERT_EQ(nr_handled, 2);
	GUEST_ASSERT_EQ(order[0], SPI + 1);
	GUEST_ASSERT_EQ(order[1], SPI);

	/* The mask holds back what is not more urgent than it is. */
	gic_set_priority_mask(PRIO_LOW);
	gic_irq_set_pending(SPI);
	expect(SPI, 1);
	gic_irq_set_pending(SPI + 1);
	expect(SPI + 1, 2);
	gic_set_priority_mask(0xff);
	expect(SPI, 2);

	GUEST_DONE();
}

static void guest_preemption(void)
{
	guest_init();
	gic_irq_set_config(SPI, true);
	gic_irq_set_config(SPI + 1, true);
	gic_set_priority(SPI, PRIO_HIGH);
	gic_set_priority(SPI + 1, PRIO_LOW);
	gic_irq_enable(SPI);
	gic_irq_enable(SPI + 1);

	/* The handler of the one makes the other one pending, and waits. */
	enable_nested = true;
	gic_irq_set_pending(SPI + 1);
	expect(SPI + 1, 1);
	GUEST_ASSERT_EQ(handled[SPI].count, 1);
	GUEST_ASSERT_EQ(nr_handled, 2);

	GUEST_DONE();
}

/* All of them come once, the most urgent ones first. */
static void guest_many(void)
{
	unsigned int i, prio, last = 0;

	guest_init();
	for (i = 0; i < NR_MANY; i++) {
		gic_irq_set_config(SPI + i, true);
		gic_set_priority(SPI + i, PRIO(i * 7));
		gic_irq_enable(SPI + i);
		gic_irq_set_pending(SPI + i);
	}

	local_irq_enable();
	for (i = 0; i < NR_MANY; i++)
		wait_for(SPI + i, 1);
	GUEST_ASSERT_EQ(nr_handled, NR_MANY);

	for (i = 0; i < NR_MANY; i++) {
		prio = PRIO((order[i] - SPI) * 7);
		__GUEST_ASSERT(prio >= last,
			       "interrupt %u of priority 0x%x after 0x%x",
			       order[i], prio, last);
		last = prio;
	}

	GUEST_DONE();
}

/*
 * More active interrupts than list registers.  What follows takes interrupts
 * by reading GICC_IAR, as a kernel does that masks them in the CPU.
 */
static void nested_init(bool split)
{
	unsigned int i;

	guest_init();
	gic_set_eoi_split(split);
	for (i = 0; i < NR_NESTED; i++) {
		gic_irq_set_config(SPI + i, true);
		gic_set_priority(SPI + i, PRIO_NESTED(i));
		gic_irq_enable(SPI + i);
	}
}

static void take(unsigned int intid)
{
	unsigned int taken = gic_get_and_ack_irq();

	__GUEST_ASSERT(taken == intid, "interrupt %u came, not %u", taken,
		       intid);
}

static void take_nested(unsigned int first)
{
	unsigned int i;

	for (i = first; i < NR_NESTED; i++) {
		gic_irq_set_pending(SPI + i);
		take(SPI + i);
	}
	for (i = first; i < NR_NESTED; i++)
		GUEST_ASSERT(gic_irq_get_active(SPI + i));
	GUEST_ASSERT_EQ(gic_get_and_ack_irq(), IAR_SPURIOUS);
}

static void expect_inactive(void)
{
	unsigned int i;

	for (i = 0; i < NR_NESTED; i++)
		__GUEST_ASSERT(!gic_irq_get_active(SPI + i),
			       "interrupt %u is active", SPI + i);
	GUEST_ASSERT_EQ(gic_get_and_ack_irq(), IAR_SPURIOUS);
}

/*
 * End interrupts in the order of their numbers, downwards, and then another
 * one, so fast that nobody can put others into list registers meanwhile.
 */
static void end_burst(unsigned int intid, unsigned int last)
{
	asm volatile(".rept " __stringify(NR_BURST) "\n"
		     "str	%0, [%1]\n"
		     "sub	%0, %0, #1\n"
		     ".endr\n"
		     "str	%2, [%1]"
		     : "+r" (intid)
		     : "r" (GICC_BASE_GVA + GICC_EOIR), "r" (last)
		     : "memory");
}

static void guest_nested(void)
{
	unsigned int i;

	nested_init(false);

	/* One by one */
	take_nested(0);
	for (i = NR_NESTED; i-- > 0;) {
		gic_set_eoi(SPI + i);
		GUEST_ASSERT(!gic_irq_get_active(SPI + i));
		GUEST_ASSERT(!i || gic_irq_get_active(SPI + i - 1));
	}
	expect_inactive();

	/* Without an exit in between but those that the host causes */
	take_nested(0);
	for (i = NR_NESTED; i-- > 0;)
		gic_set_eoi(SPI + i);
	expect_inactive();

	/* The least urgent one pending by its register: that is over, too. */
	gic_irq_set_config(SPI, false);
	take_nested(0);
	for (i = NR_NESTED; i > 0; i -= NR_BURST)
		end_burst(SPI + i - 1, IAR_SPURIOUS);
	expect_inactive();
	gic_irq_set_config(SPI, true);

	/* What became pending again comes when its time has come. */
	take_nested(0);
	gic_irq_set_pending(SPI);
	gic_irq_set_pending(SPI + NR_NESTED / 2);
	GUEST_ASSERT_EQ(gic_get_and_ack_irq(), IAR_SPURIOUS);
	for (i = NR_NESTED; i-- > 0;) {
		gic_set_eoi(SPI + i);
		if (i == 0 || i == NR_NESTED / 2) {
			take(SPI + i);
			gic_set_eoi(SPI + i);
		}
	}
	expect_inactive();

	GUEST_DONE();
}

static void guest_nested_split(void)
{
	unsigned int i;

	nested_init(true);

	/* The priority has been dropped: less urgent ones come, too. */
	for (i = NR_NESTED; i-- > 0;) {
		gic_irq_set_pending(SPI + i);
		take(SPI + i);
		gic_set_eoi(SPI + i);
	}
	for (i = 0; i < NR_NESTED; i++)
		GUEST_ASSERT(gic_irq_get_active(SPI + i));
	for (i = 0; i < NR_NESTED; i++) {
		gic_set_dir(SPI + i);
		GUEST_ASSERT(!gic_irq_get_active(SPI + i));
		GUEST_ASSERT(i == NR_NESTED - 1 ||
			     gic_irq_get_active(SPI + i + 1));
	}
	expect_inactive();

	/* All at once: taken while those before are still active */
	for (i = 0; i < NR_NESTED; i++)
		gic_irq_set_pending(SPI + i);
	for (i = NR_NESTED; i-- > 0;) {
		take(SPI + i);
		gic_set_eoi(SPI + i);
	}
	for (i = NR_NESTED; i-- > 0;)
		gic_set_dir(SPI + i);
	expect_inactive();

	/* Active without having been taken */
	for (i = 0; i < NR_NESTED; i++)
		gic_irq_set_active(SPI + i);
	for (i = 0; i < NR_NESTED; i++) {
		gic_set_dir(SPI + i);
		GUEST_ASSERT(!gic_irq_get_active(SPI + i));
	}
	expect_inactive();

	/* No such interrupt */
	gic_set_dir(NR_IRQS);
	gic_set_dir(IAR_SPURIOUS);

	GUEST_DONE();
}

/* The first one is the timer's, which the hardware knows of as well. */
static void take_timer(void)
{
	uint64_t start = timer_get_cntct(VIRTUAL);
	unsigned int intid;

	timer_set_cval(VIRTUAL, start);
	timer_set_ctl(VIRTUAL, CTL_ENABLE);
	do {
		intid = gic_get_and_ack_irq();
		GUEST_ASSERT(timer_get_cntct(VIRTUAL) - start <
			     msec_to_cycles(TIMEOUT_MS));
	} while (intid == IAR_SPURIOUS);
	GUEST_ASSERT_EQ(intid, PPI_VTIMER);
	timer_set_ctl(VIRTUAL, 0);
}

static void guest_nested_timer(void)
{
	unsigned int i, round;

	nested_init(false);
	gic_set_priority(PPI_VTIMER, PRIO_LEAST);
	gic_irq_enable(PPI_VTIMER);

	for (round = 0; round < 10; round++) {
		take_timer();
		take_nested(0);
		for (i = NR_NESTED; i > NR_BURST; i--)
			gic_set_eoi(SPI + i - 1);
		end_burst(SPI + NR_BURST - 1, PPI_VTIMER);
		GUEST_ASSERT(!gic_irq_get_active(PPI_VTIMER));
	}

	GUEST_DONE();
}

/* The first one is level-sensitive, and its end tells the device. */
static void nested_resample(bool split)
{
	uint64_t start;
	unsigned int i;

	nested_init(split);
	gic_irq_set_config(SPI, false);
	GUEST_SYNC3(REQ_EVENT, SPI, 0);
	start = timer_get_cntct(VIRTUAL);
	while (!gic_irq_get_pending(SPI))
		GUEST_ASSERT(timer_get_cntct(VIRTUAL) - start <
			     msec_to_cycles(TIMEOUT_MS));
	take(SPI);
	take_nested(1);
	for (i = NR_NESTED - 1; i > NR_BURST; i--)
		gic_set_eoi(SPI + i);
	end_burst(SPI + NR_BURST, SPI);
	if (split)
		for (i = NR_NESTED; i-- > 0;)
			gic_set_dir(SPI + i);
	GUEST_SYNC3(REQ_RESAMPLED, SPI, 0);
	GUEST_ASSERT(!gic_irq_get_pending(SPI));
	expect_inactive();

	GUEST_DONE();
}

static void guest_nested_resample(void)
{
	nested_resample(false);
}

static void guest_nested_resample_split(void)
{
	nested_resample(true);
}

static volatile uint32_t vcpu0_ready, vcpu1_ready;

static void guest_sgi(void)
{
	unsigned int i;

	guest_init();

	if (guest_get_vcpuid()) {
		/* The other one sends an SGI for each that it gets. */
		vcpu1_ready = 1;
		while (!vcpu0_ready)
			cpu_relax();
		for (i = 1; i <= NR_MANY; i++) {
			wait_for(SGI, i);
			GUEST_ASSERT_EQ(GICC_IAR_CPU(handled[SGI].iar), 0);
			gic_send_sgi(GICD_SGIR_TARGETS(1 << 0) | (SGI + 1));
		}
		GUEST_DONE();
	}

	gic_send_sgi(GICD_SGIR_SELF | SGI);
	expect(SGI, 1);
	GUEST_ASSERT_EQ(GICC_IAR_CPU(handled[SGI].iar), 0);
	handled[SGI].count = 0;
	vcpu0_ready = 1;

	while (!vcpu1_ready)
		cpu_relax();
	for (i = 1; i <= NR_MANY; i++) {
		gic_send_sgi(GICD_SGIR_OTHERS | SGI);
		wait_for(SGI + 1, i);
		GUEST_ASSERT_EQ(GICC_IAR_CPU(handled[SGI + 1].iar), 1);
	}

	GUEST_DONE();
}

static void guest_irqfd(void)
{
	guest_init();
	gic_irq_set_config(SPI, true);
	gic_irq_enable(SPI);
	GUEST_SYNC3(REQ_EVENT, SPI, 0);
	wait_for(SPI, 1);
	GUEST_SYNC3(REQ_EVENT, SPI, 0);
	wait_for(SPI, 2);

	GUEST_DONE();
}

/* The event is an interrupt by way of a routing table, which may change. */
static void guest_routing(void)
{
	guest_init();
	gic_irq_set_config(SPI, true);
	gic_irq_set_config(SPI + 1, true);
	gic_irq_enable(SPI);
	gic_irq_enable(SPI + 1);

	GUEST_SYNC3(REQ_ROUTE, SPI + 1, 0);
	GUEST_SYNC3(REQ_EVENT, SPI, 0);
	wait_for(SPI + 1, 1);
	GUEST_SYNC3(REQ_ROUTE, SPI, 0);
	GUEST_SYNC3(REQ_EVENT, SPI, 0);
	wait_for(SPI, 1);

	/* Nowhere: what is routed next shows that nothing came before. */
	GUEST_SYNC3(REQ_ROUTE, 0, 0);
	GUEST_SYNC3(REQ_EVENT, SPI, 0);
	GUEST_SYNC3(REQ_ROUTE, SPI, 0);
	GUEST_SYNC3(REQ_EVENT, SPI, 0);
	wait_for(SPI, 2);
	expect(SPI, 2);
	expect(SPI + 1, 1);

	GUEST_DONE();
}

/* Level-sensitive: the end of the interrupt tells the device to look again. */
static void guest_resample(void)
{
	guest_init();
	gic_irq_enable(SPI);
	GUEST_SYNC3(REQ_EVENT, SPI, 0);
	wait_for(SPI, 1);
	GUEST_SYNC3(REQ_RESAMPLED, SPI, 0);
	expect(SPI, 1);

	/* The device still wants something: it all starts over. */
	GUEST_SYNC3(REQ_EVENT, SPI, 0);
	wait_for(SPI, 2);
	GUEST_SYNC3(REQ_RESAMPLED, SPI, 0);
	expect(SPI, 2);

	GUEST_DONE();
}

struct test {
	const char *name;
	void (*guest_code)(void);
	bool both_vcpus;
	bool irqfd;
	bool resample;
};

static const struct test tests[] = {
	{ "level", guest_level },
	{ "edge", guest_edge },
	{ "private interrupts", guest_ppi },
	{ "pending state and targets", guest_pending },
	{ "distributor off", guest_distributor_off },
	{ "active state", guest_active },
	{ "split end of interrupt", guest_eoi_split },
	{ "priorities", guest_priority },
	{ "preemption", guest_preemption },
	{ "more than list registers", guest_many },
	{ "more than list registers, nested", guest_nested },
	{ "more than list registers, split end", guest_nested_split },
	{ "more than list registers, timer", guest_nested_timer },
	{ "more than list registers, resampling", guest_nested_resample,
	  .irqfd = true, .resample = true },
	{ "more than list registers, resampling, split end",
	  guest_nested_resample_split, .irqfd = true, .resample = true },
	{ "SGIs between vCPUs", guest_sgi, .both_vcpus = true },
	{ "irqfd", guest_irqfd, .irqfd = true },
	{ "irqfd with routing", guest_routing, .irqfd = true },
	{ "irqfd with resampling", guest_resample, .irqfd = true,
	  .resample = true },
};

static int event_fd, resample_fd;

/* The GSI of the irqfd to an interrupt, or nothing to nowhere */
static void set_route(struct kvm_vm *vm, uint32_t intid)
{
	struct kvm_irq_routing *routing;

	routing = calloc(1, sizeof(*routing) + sizeof(routing->entries[0]));
	TEST_ASSERT(routing, "Out of memory");
	routing->nr = intid ? 1 : 0;
	routing->entries[0].gsi = IRQFD_GSI;
	routing->entries[0].type = KVM_IRQ_ROUTING_IRQCHIP;
	routing->entries[0].u.irqchip.pin = intid - MIN_SPI;
	vm_ioctl(vm, KVM_SET_GSI_ROUTING, routing);
	free(routing);
}

static void host_request(struct kvm_vm *vm, const struct ucall *uc)
{
	uint32_t intid = uc->args[1], level = uc->args[2];
	eventfd_t val;

	switch ((enum request)uc->args[0]) {
	case REQ_LINE:
		kvm_arm_irq_line(vm, intid, level);
		break;
	case REQ_LINE_PPI:
		TEST_ASSERT(!_kvm_arm_irq_line(vm, intid, 0, level),
			    "KVM_IRQ_LINE: errno %d", errno);
		break;
	case REQ_EVENT:
		TEST_ASSERT(!eventfd_write(event_fd, 1), "errno %d", errno);
		break;
	case REQ_RESAMPLED:
		/* Blocks for as long as there was no resampling. */
		TEST_ASSERT(!eventfd_read(resample_fd, &val) && val == 1,
			    "resampled %" PRIu64 " times, errno %d", val,
			    errno);
		break;
	case REQ_ROUTE:
		set_route(vm, intid);
		break;
	}
}

static void *run_vcpu(void *arg)
{
	struct kvm_vcpu *vcpu = arg;
	struct ucall uc;

	for (;;) {
		vcpu_run(vcpu);
		switch (get_ucall(vcpu, &uc)) {
		case UCALL_SYNC:
			host_request(vcpu->vm, &uc);
			break;
		case UCALL_DONE:
			return NULL;
		case UCALL_ABORT:
			REPORT_GUEST_ASSERT(uc);
			break;
		default:
			TEST_FAIL("Unexpected exit: %s",
				  exit_reason_str(vcpu->run->exit_reason));
		}
	}
}

static void assign_irqfd(struct kvm_vm *vm, bool resample)
{
	struct kvm_irqfd irqfd = {
		.gsi = IRQFD_GSI,
	};

	event_fd = eventfd(0, 0);
	resample_fd = eventfd(0, 0);
	irqfd.fd = event_fd;
	if (resample) {
		irqfd.flags = KVM_IRQFD_FLAG_RESAMPLE;
		irqfd.resamplefd = resample_fd;
	}
	vm_ioctl(vm, KVM_IRQFD, &irqfd);
}

static void run_test(const struct test *test)
{
	struct kvm_vcpu *vcpus[NR_VCPUS];
	struct kvm_vm *vm;
	pthread_t thread;
	int gic_fd, i;

	vm = vm_create_with_vcpus(NR_VCPUS, test->guest_code, vcpus);
	vm_init_descriptor_tables(vm);
	for (i = 0; i < NR_VCPUS; i++)
		vcpu_init_descriptor_tables(vcpus[i]);
	vm_install_exception_handler(vm, VECTOR_IRQ_CURRENT, guest_irq_handler);
	gic_fd = vgic_v2_setup(vm, NR_VCPUS, NR_IRQS);

	if (test->irqfd)
		assign_irqfd(vm, test->resample);

	if (test->both_vcpus)
		pthread_create(&thread, NULL, run_vcpu, vcpus[1]);
	run_vcpu(vcpus[0]);
	if (test->both_vcpus)
		pthread_join(thread, NULL);

	if (test->irqfd) {
		close(event_fd);
		close(resample_fd);
	}
	close(gic_fd);
	kvm_vm_free(vm);
}

/* A host with a GICv3 need not have it */
static bool has_vgic_v2(void)
{
	struct kvm_vm *vm = vm_create_barebones();
	int ret = __kvm_test_create_device(vm, KVM_DEV_TYPE_ARM_VGIC_V2);

	kvm_vm_free(vm);

	return !ret;
}

int main(void)
{
	int i;

	TEST_REQUIRE(kvm_has_cap(KVM_CAP_IRQCHIP));
	__TEST_REQUIRE(has_vgic_v2(), "no vGICv2");

	ksft_print_header();
	ksft_set_plan(ARRAY_SIZE(tests));

	for (i = 0; i < ARRAY_SIZE(tests); i++) {
		run_test(&tests[i]);
		ksft_test_result_pass("%s\n", tests[i].name);
	}

	ksft_finished();
}
