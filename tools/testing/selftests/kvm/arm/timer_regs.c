// SPDX-License-Identifier: GPL-2.0-only
/*
 * The timers of a 32-bit ARM guest and user space: counters, compare values and
 * control registers by ONE_REG in both directions, timers that expire while
 * the vCPU does not run or waits for an interrupt, and the offset of both
 * counters for the whole VM.
 */
#include <sched.h>

#include "arch_timer.h"
#include "gic.h"
#include "kvm_util.h"
#include "processor.h"
#include "vgic.h"

#define NR_IRQS		64

#define COUNTER		0x0123456700000000ULL
#define COMPARE		0x89abcdef01234567ULL
#define WAIT_MS		20

/* No timer has it of its own accord. */
#define OTHER_PPI	20

/* Between a value that was set and its use nobody waits for longer. */
#define MAX_SECONDS	1000

static const struct timer_ids {
	const char *name;
	uint64_t ctl, cnt, cval;
	int irq_attr;
} ids[] = {
	[VIRTUAL] = {
		"virtual", KVM_REG_ARM_TIMER_CTL, KVM_REG_ARM_TIMER_CNT,
		KVM_REG_ARM_TIMER_CVAL, KVM_ARM_VCPU_TIMER_IRQ_VTIMER,
	},
	[PHYSICAL] = {
		"physical", KVM_REG_ARM_PTIMER_CTL, KVM_REG_ARM_PTIMER_CNT,
		KVM_REG_ARM_PTIMER_CVAL, KVM_ARM_VCPU_TIMER_IRQ_PTIMER,
	},
};

static enum arch_timer timer;
static int timer_irq;
static volatile uint32_t nr_irqs;

static void guest_irq_handler(struct ex_regs *regs)
{
	unsigned int intid = gic_get_and_ack_irq();

	GUEST_ASSERT_EQ(intid, timer_irq);
	GUEST_ASSERT_EQ(timer_get_ctl(timer), CTL_ENABLE | CTL_ISTATUS);
	timer_set_ctl(timer, CTL_ENABLE | CTL_IMASK);
	nr_irqs++;
	gic_set_eoi(intid);
}

static void run_until(struct kvm_vcpu *vcpu, uint64_t cmd, struct ucall *uc)
{
	vcpu_run(vcpu);
	get_ucall(vcpu, uc);
	if (uc->cmd == UCALL_ABORT)
		REPORT_GUEST_ASSERT(*uc);
	TEST_ASSERT(uc->cmd == cmd, "ucall %" PRIu64 ", exit %s", uc->cmd,
		    exit_reason_str(vcpu->run->exit_reason));
}

static uint64_t max_cycles(void)
{
	return (uint64_t)timer_get_cntfrq() * MAX_SECONDS;
}

static void guest_registers(void)
{
	uint64_t now = timer_get_cntct(timer);

	GUEST_ASSERT(now >= COUNTER && now - COUNTER < max_cycles());
	__GUEST_ASSERT(timer_get_cval(timer) == COMPARE, "CVAL 0x%llx",
		       (unsigned long long)timer_get_cval(timer));
	GUEST_ASSERT_EQ(timer_get_ctl(timer), CTL_ENABLE | CTL_IMASK);

	/* Now the other way round, with the condition met */
	timer_set_ctl(timer, CTL_ENABLE | CTL_IMASK);
	timer_set_cval(timer, COUNTER - 1);
	GUEST_ASSERT_EQ(timer_get_ctl(timer),
			CTL_ENABLE | CTL_IMASK | CTL_ISTATUS);
	GUEST_SYNC1(now);
	GUEST_DONE();
}

static void test_registers(struct kvm_vcpu *vcpu)
{
	const struct timer_ids *id = &ids[timer];
	struct ucall uc;
	uint64_t now;

	vcpu_set_reg(vcpu, id->ctl, CTL_ENABLE | CTL_IMASK);
	vcpu_set_reg(vcpu, id->cval, COMPARE);
	vcpu_set_reg(vcpu, id->cnt, COUNTER);

	TEST_ASSERT_EQ(vcpu_get_reg64(vcpu, id->cval), COMPARE);
	now = vcpu_get_reg64(vcpu, id->cnt);
	TEST_ASSERT(now >= COUNTER, "counter 0x%" PRIx64, now);

	run_until(vcpu, UCALL_SYNC, &uc);
	now = vcpu_get_reg64(vcpu, id->cnt);
	TEST_ASSERT(now >= uc.args[0],
		    "user space reads 0x%" PRIx64 ", the guest read 0x%" PRIx64,
		    now, uc.args[0]);
	TEST_ASSERT_EQ(vcpu_get_reg64(vcpu, id->cval), COUNTER - 1);
	TEST_ASSERT_EQ(vcpu_get_reg32(vcpu, id->ctl),
		       CTL_ENABLE | CTL_IMASK | CTL_ISTATUS);
	run_until(vcpu, UCALL_DONE, &uc);
}

static void guest_init(void)
{
	local_irq_disable();
	gic_init(GIC_V2, 1);
	gic_irq_enable(timer_irq);
}

/* Turned off before it expires: that it would have then is nobody's business. */
static void guest_off(void)
{
	uint64_t end;

	guest_init();
	local_irq_enable();
	timer_set_next_cval_ms(timer, WAIT_MS);
	timer_set_ctl(timer, CTL_ENABLE);
	timer_set_ctl(timer, 0);

	end = timer_get_cntct(timer) + msec_to_cycles(2 * WAIT_MS);
	while (timer_get_cntct(timer) < end)
		cpu_relax();
	GUEST_ASSERT_EQ(nr_irqs, 0);
	GUEST_DONE();
}

static void test_off(struct kvm_vcpu *vcpu)
{
	struct ucall uc;

	run_until(vcpu, UCALL_DONE, &uc);
}

/* User space has made it expire already. */
static void guest_restored(void)
{
	guest_init();
	local_irq_enable();
	isb();
	while (!nr_irqs)
		cpu_relax();
	GUEST_ASSERT_EQ(nr_irqs, 1);
	GUEST_DONE();
}

static void test_restored(struct kvm_vcpu *vcpu)
{
	const struct timer_ids *id = &ids[timer];
	struct ucall uc;

	vcpu_set_reg(vcpu, id->cnt, COUNTER);
	vcpu_set_reg(vcpu, id->cval, COUNTER);
	vcpu_set_reg(vcpu, id->ctl, CTL_ENABLE);
	run_until(vcpu, UCALL_DONE, &uc);
}

static void guest_away(void)
{
	guest_init();
	timer_set_next_cval_ms(timer, WAIT_MS);
	timer_set_ctl(timer, CTL_ENABLE);
	GUEST_SYNC(0);

	GUEST_ASSERT_EQ(nr_irqs, 0);
	local_irq_enable();
	isb();
	while (!nr_irqs)
		cpu_relax();
	GUEST_ASSERT_EQ(nr_irqs, 1);
	GUEST_DONE();
}

/* It expires while the vCPU is in user space. */
static void test_away(struct kvm_vcpu *vcpu)
{
	const struct timer_ids *id = &ids[timer];
	struct ucall uc;

	run_until(vcpu, UCALL_SYNC, &uc);
	while (!(vcpu_get_reg32(vcpu, id->ctl) & CTL_ISTATUS))
		sched_yield();
	TEST_ASSERT(vcpu_get_reg64(vcpu, id->cnt) >=
		    vcpu_get_reg64(vcpu, id->cval), "expired too early");
	run_until(vcpu, UCALL_DONE, &uc);
}

/* WFI ends when it expires, with interrupts masked, and not earlier. */
static void guest_wfi(void)
{
	uint64_t deadline;

	guest_init();
	deadline = timer_get_cntct(timer) + msec_to_cycles(WAIT_MS);
	timer_set_cval(timer, deadline);
	timer_set_ctl(timer, CTL_ENABLE);

	while (!(timer_get_ctl(timer) & CTL_ISTATUS))
		wfi();
	GUEST_ASSERT(timer_get_cntct(timer) >= deadline);
	GUEST_ASSERT_EQ(nr_irqs, 0);

	local_irq_enable();
	isb();
	while (!nr_irqs)
		cpu_relax();
	GUEST_ASSERT_EQ(nr_irqs, 1);
	GUEST_DONE();
}

static void test_wfi(struct kvm_vcpu *vcpu)
{
	struct ucall uc;

	run_until(vcpu, UCALL_DONE, &uc);
}

/* With one offset for both counters they tell the same time. */
static void guest_offset(void)
{
	uint64_t virt, phys, after;

	virt = timer_get_cntct(VIRTUAL);
	phys = timer_get_cntct(PHYSICAL);
	after = timer_get_cntct(VIRTUAL);
	__GUEST_ASSERT(virt <= phys && phys <= after,
		       "virtual 0x%llx, physical 0x%llx, virtual 0x%llx",
		       (unsigned long long)virt, (unsigned long long)phys,
		       (unsigned long long)after);
	GUEST_SYNC1(virt);
	GUEST_DONE();
}

static void test_offset(struct kvm_vcpu *vcpu)
{
	struct kvm_arm_counter_offset offset = { .reserved = 1 };
	uint64_t before, after;
	struct ucall uc;
	int ret;

	ret = __vm_ioctl(vcpu->vm, KVM_ARM_SET_COUNTER_OFFSET, &offset);
	TEST_ASSERT(ret == -1 && errno == EINVAL, "ret %d errno %d", ret,
		    errno);

	/* The guest's counters start at COUNTER. */
	offset.reserved = 0;
	offset.counter_offset = timer_get_cntct(VIRTUAL) - COUNTER;
	vm_ioctl(vcpu->vm, KVM_ARM_SET_COUNTER_OFFSET, &offset);

	/* From now on ONE_REG does not set a counter, and does not fail. */
	before = vcpu_get_reg64(vcpu, ids[timer].cnt);
	TEST_ASSERT(before >= COUNTER && before - COUNTER < max_cycles(),
		    "counter 0x%" PRIx64, before);
	vcpu_set_reg(vcpu, ids[timer].cnt, 0);
	after = vcpu_get_reg64(vcpu, ids[timer].cnt);
	TEST_ASSERT(after >= before, "0x%" PRIx64 " after 0x%" PRIx64, after,
		    before);

	run_until(vcpu, UCALL_SYNC, &uc);
	TEST_ASSERT(uc.args[0] >= after, "the guest read 0x%" PRIx64
		    " after 0x%" PRIx64, uc.args[0], after);
	run_until(vcpu, UCALL_DONE, &uc);
}

static int set_timer_irq(struct kvm_vcpu *vcpu, enum arch_timer which, int irq)
{
	return __vcpu_device_attr_set(vcpu, KVM_ARM_VCPU_TIMER_CTRL,
				      ids[which].irq_attr, &irq);
}

/*
 * The interrupts are user space's choice, and not the same one for both: that
 * is found out when the vCPU runs, and others will do.  Then it is settled.
 */
static void test_irq_numbers(struct kvm_vcpu *vcpu)
{
	enum arch_timer other = timer == VIRTUAL ? PHYSICAL : VIRTUAL;
	struct ucall uc;
	int ret;

	timer_irq = OTHER_PPI + 1;
	sync_global_to_guest(vcpu->vm, timer_irq);
	TEST_ASSERT(!set_timer_irq(vcpu, timer, OTHER_PPI) &&
		    !set_timer_irq(vcpu, other, OTHER_PPI), "errno %d", errno);
	ret = __vcpu_run(vcpu);
	TEST_ASSERT(ret == -1 && errno == EINVAL, "ret %d errno %d", ret,
		    errno);

	TEST_ASSERT(!set_timer_irq(vcpu, timer, timer_irq) &&
		    !set_timer_irq(vcpu, other, timer_irq + 1), "errno %d",
		    errno);
	run_until(vcpu, UCALL_DONE, &uc);
	ret = set_timer_irq(vcpu, timer, timer_irq);
	TEST_ASSERT(ret == -1 && errno == EBUSY, "ret %d errno %d", ret,
		    errno);
}

static void run_test(void *guest_code, void (*test)(struct kvm_vcpu *vcpu))
{
	struct kvm_vcpu *vcpu;
	struct kvm_vm *vm;
	int gic_fd;

	vm = vm_create_with_one_vcpu(&vcpu, guest_code);
	vm_init_descriptor_tables(vm);
	vm_install_exception_handler(vm, VECTOR_IRQ_CURRENT, guest_irq_handler);
	vcpu_device_attr_get(vcpu, KVM_ARM_VCPU_TIMER_CTRL,
			     ids[timer].irq_attr, &timer_irq);
	sync_global_to_guest(vm, timer_irq);
	sync_global_to_guest(vm, timer);
	gic_fd = vgic_v2_setup(vm, 1, NR_IRQS);

	test(vcpu);

	close(gic_fd);
	kvm_vm_free(vm);
}

int main(void)
{
	static const struct {
		const char *name;
		void (*guest_code)(void);
		void (*test)(struct kvm_vcpu *vcpu);
	} tests[] = {
		{ "registers", guest_registers, test_registers },
		{ "restored as expired", guest_restored, test_restored },
		{ "expires while the vCPU is away", guest_away, test_away },
		{ "turned off", guest_off, test_off },
		{ "WFI", guest_wfi, test_wfi },
		{ "counter offset", guest_offset, test_offset },
		{ "other interrupts", guest_wfi, test_irq_numbers },
	};
	int i;

	TEST_REQUIRE(kvm_has_cap(KVM_CAP_COUNTER_OFFSET));

	ksft_print_header();
	ksft_set_plan(ARRAY_SIZE(ids) * ARRAY_SIZE(tests));

	for (timer = VIRTUAL; timer <= PHYSICAL; timer++) {
		for (i = 0; i < ARRAY_SIZE(tests); i++) {
			run_test(tests[i].guest_code, tests[i].test);
			ksft_test_result_pass("%s timer: %s\n",
					      ids[timer].name, tests[i].name);
		}
	}

	ksft_finished();
}
