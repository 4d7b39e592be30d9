// SPDX-License-Identifier: GPL-2.0-only
/*
 * A guest whose interrupt controller is in user space: the IRQ and FIQ lines
 * of a vCPU, also while it waits for an interrupt, and the output of its timers
 * (KVM_CAP_ARM_USER_IRQ).
 */
#include <pthread.h>

#include "arch_timer.h"
#include "kvm_util.h"
#include "processor.h"

#define LINE(l)	((KVM_ARM_IRQ_TYPE_CPU << KVM_ARM_IRQ_TYPE_SHIFT) | (l))

#define NR_TICKS	25
#define TICK_MS		40

static volatile uint32_t nr_irqs, nr_fiqs;
static enum arch_timer timer;

static void set_line(struct kvm_vm *vm, unsigned int line, int level)
{
	kvm_irq_line(vm, LINE(line), level);
}

/* The line stays high until user space lowers it. */
static void guest_irq_handler(struct ex_regs *regs)
{
	nr_irqs++;
	GUEST_SYNC(KVM_ARM_IRQ_CPU_IRQ);
}

static void guest_fiq_handler(struct ex_regs *regs)
{
	GUEST_ASSERT(read_cpsr() & PSR_F);
	nr_fiqs++;
	GUEST_SYNC(KVM_ARM_IRQ_CPU_FIQ);
}

static void guest_lines(void)
{
	/* Both are high, and masked. */
	GUEST_ASSERT(!nr_irqs && !nr_fiqs);

	asm volatile("cpsie i\nisb" : : : "memory");
	GUEST_ASSERT_EQ(nr_irqs, 1);
	GUEST_ASSERT_EQ(nr_fiqs, 0);
	asm volatile("cpsie f\nisb" : : : "memory");
	GUEST_ASSERT_EQ(nr_irqs, 1);
	GUEST_ASSERT_EQ(nr_fiqs, 1);

	GUEST_DONE();
}

static void test_lines(struct kvm_vcpu *vcpu)
{
	set_line(vcpu->vm, KVM_ARM_IRQ_CPU_IRQ, 1);
	set_line(vcpu->vm, KVM_ARM_IRQ_CPU_FIQ, 1);
	vcpu_run_until(vcpu, UCALL_SYNC);
	set_line(vcpu->vm, KVM_ARM_IRQ_CPU_IRQ, 0);
	vcpu_run_until(vcpu, UCALL_SYNC);
	set_line(vcpu->vm, KVM_ARM_IRQ_CPU_FIQ, 0);
	vcpu_run_until(vcpu, UCALL_DONE);
}

static void guest_wfi(void)
{
	GUEST_SYNC(0);

	/* Masked: WFI ends all the same, and the interrupt is not taken. */
	wfi();
	GUEST_ASSERT_EQ(nr_irqs, 0);
	asm volatile("cpsie i\nisb" : : : "memory");
	GUEST_ASSERT_EQ(nr_irqs, 1);

	GUEST_DONE();
}

static void *run_in_thread(void *arg)
{
	vcpu_run_until(arg, UCALL_SYNC);
	return NULL;
}

static void test_wfi(struct kvm_vcpu *vcpu)
{
	pthread_t thread;

	vcpu_run_until(vcpu, UCALL_SYNC);

	/* Before or after it is in WFI: it has to come out. */
	pthread_create(&thread, NULL, run_in_thread, vcpu);
	set_line(vcpu->vm, KVM_ARM_IRQ_CPU_IRQ, 1);
	pthread_join(thread, NULL);

	set_line(vcpu->vm, KVM_ARM_IRQ_CPU_IRQ, 0);
	vcpu_run_until(vcpu, UCALL_DONE);
}

static void guest_timer_handler(struct ex_regs *regs)
{
	GUEST_ASSERT_EQ(timer_get_ctl(timer), CTL_ENABLE | CTL_ISTATUS);
	timer_set_ctl(timer, CTL_ENABLE | CTL_IMASK);
	nr_irqs++;

	/* Now user space has to see that the output is low, and lower the line. */
	GUEST_SYNC(0);
}

static void guest_timer(void)
{
	timer_set_next_cval_ms(timer, 10);
	timer_set_ctl(timer, CTL_ENABLE);
	local_irq_enable();
	while (!nr_irqs)
		cpu_relax();
	GUEST_ASSERT_EQ(nr_irqs, 1);
	GUEST_DONE();
}

/* KVM_RUN returns -EINTR whenever the output of a timer has changed. */
static void test_timer(struct kvm_vcpu *vcpu)
{
	const uint64_t bit = timer == VIRTUAL ? KVM_ARM_DEV_EL1_VTIMER :
						KVM_ARM_DEV_EL1_PTIMER;
	struct kvm_run *run = vcpu->run;
	bool line = false, output;
	int ret;

	for (;;) {
		ret = __vcpu_run(vcpu);
		TEST_ASSERT(!ret || (ret == -1 && errno == EINTR),
			    "ret %d errno %d", ret, errno);

		output = run->s.regs.device_irq_level & bit;
		TEST_ASSERT(!(run->s.regs.device_irq_level & ~bit),
			    "device_irq_level 0x%llx",
			    run->s.regs.device_irq_level);
		if (output != line) {
			line = output;
			set_line(vcpu->vm, KVM_ARM_IRQ_CPU_IRQ, line);
		}
		if (!ret)
			break;
	}

	vcpu_check_ucall(vcpu, UCALL_SYNC);
	TEST_ASSERT(!line, "The timer is masked, and its output is high");
	vcpu_run_until(vcpu, UCALL_DONE);
}

/* As a kernel's tick: the next one is at a time of its own, late or not. */
static void guest_tick_handler(struct ex_regs *regs)
{
	uint64_t cval = timer_get_cval(timer);

	GUEST_ASSERT(timer_get_cntct(timer) >= cval);
	timer_set_cval(timer, cval + msec_to_cycles(TICK_MS));
	if (++nr_irqs == NR_TICKS)
		timer_set_ctl(timer, 0);
	GUEST_SYNC(nr_irqs);
}

static void guest_ticks(void)
{
	timer_set_next_cval_ms(timer, TICK_MS);
	timer_set_ctl(timer, CTL_ENABLE);
	local_irq_enable();
	while (nr_irqs < NR_TICKS)
		cpu_relax();
	GUEST_DONE();
}

static void test_ticks(struct kvm_vcpu *vcpu)
{
	struct kvm_sync_regs *regs = &vcpu->run->s.regs;
	uint64_t ticks = 0;
	struct ucall uc;
	int ret;

	for (;;) {
		ret = __vcpu_run(vcpu);
		TEST_ASSERT(!ret || (ret == -1 && errno == EINTR),
			    "ret %d errno %d", ret, errno);
		set_line(vcpu->vm, KVM_ARM_IRQ_CPU_IRQ,
			 !!regs->device_irq_level);
		if (ret)
			continue;
		if (get_ucall(vcpu, &uc) == UCALL_DONE)
			break;
		vcpu_check_ucall(vcpu, UCALL_SYNC);
		TEST_ASSERT_EQ(uc.args[1], ++ticks);
	}
	TEST_ASSERT_EQ(ticks, NR_TICKS);
}

static void run_test(void *guest_code, handler_fn irq_handler,
		     void (*test)(struct kvm_vcpu *vcpu))
{
	struct kvm_vcpu *vcpu;
	struct kvm_vm *vm;

	vm = vm_create_with_one_vcpu(&vcpu, guest_code);
	vm_init_descriptor_tables(vm);
	vm_install_exception_handler(vm, VECTOR_IRQ_CURRENT, irq_handler);
	vm_install_exception_handler(vm, VECTOR_FIQ, guest_fiq_handler);
	sync_global_to_guest(vm, timer);

	test(vcpu);
	kvm_vm_free(vm);
}

int main(void)
{
	TEST_REQUIRE(kvm_has_cap(KVM_CAP_ARM_USER_IRQ));

	ksft_print_header();
	ksft_set_plan(6);

	run_test(guest_lines, guest_irq_handler, test_lines);
	ksft_test_result_pass("IRQ and FIQ lines\n");
	run_test(guest_wfi, guest_irq_handler, test_wfi);
	ksft_test_result_pass("WFI\n");

	timer = VIRTUAL;
	run_test(guest_timer, guest_timer_handler, test_timer);
	ksft_test_result_pass("virtual timer\n");
	run_test(guest_ticks, guest_tick_handler, test_ticks);
	ksft_test_result_pass("virtual timer, %d ticks\n", NR_TICKS);
	timer = PHYSICAL;
	run_test(guest_timer, guest_timer_handler, test_timer);
	ksft_test_result_pass("physical timer\n");
	run_test(guest_ticks, guest_tick_handler, test_ticks);
	ksft_test_result_pass("physical timer, %d ticks\n", NR_TICKS);

	ksft_finished();
}
