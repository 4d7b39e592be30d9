// SPDX-License-Identifier: GPL-2.0-only
/*
 * The virtual and the physical timer of 32-bit ARM, set by compare value and
 * by timer value: the interrupt has to come, on time, and for the right
 * reason.
 */
#include "arch_timer.h"
#include "delay.h"
#include "gic.h"
#include "processor.h"
#include "timer_test.h"
#include "ucall_common.h"
#include "vgic.h"

#define NR_IRQS	64

/* In the order in which the guest runs them */
static const struct {
	enum arch_timer timer;
	bool by_tval;
} stages[] = {
	{ VIRTUAL, false },
	{ VIRTUAL, true },
	{ PHYSICAL, false },
	{ PHYSICAL, true },
};

static int timer_irq[2];
static int gic_fd;

static void guest_irq_handler(struct ex_regs *regs)
{
	struct test_vcpu_shared_data *data;
	unsigned int intid = gic_get_and_ack_irq();
	uint64_t now, cval;
	uint32_t ctl;
	int timer;

	if (intid == IAR_SPURIOUS)
		return;

	data = &vcpu_shared_data[guest_get_vcpuid()];
	timer = stages[data->guest_stage].timer;

	ctl = timer_get_ctl(timer);
	timer_set_ctl(timer, CTL_IMASK);
	now = timer_get_cntct(timer);
	cval = timer_get_cval(timer);

	GUEST_ASSERT_EQ(intid, timer_irq[timer]);
	__GUEST_ASSERT(now >= cval, "counter 0x%llx, compare value 0x%llx",
		       (unsigned long long)now, (unsigned long long)cval);
	__GUEST_ASSERT(ctl == (CTL_ENABLE | CTL_ISTATUS), "ctl = 0x%x", ctl);

	WRITE_ONCE(data->nr_iter, data->nr_iter + 1);

	gic_set_eoi(intid);
}

static void guest_arm_timer(unsigned int stage)
{
	enum arch_timer timer = stages[stage].timer;

	if (stages[stage].by_tval)
		timer_set_next_tval_ms(timer, test_args.timer_period_ms);
	else
		timer_set_next_cval_ms(timer, test_args.timer_period_ms);
	timer_set_ctl(timer, CTL_ENABLE);
}

static void guest_run_stage(struct test_vcpu_shared_data *data,
			    unsigned int stage)
{
	uint64_t start, timeout;
	uint32_t done, i;

	timeout = usec_to_cycles(msecs_to_usecs(test_args.timer_period_ms) +
				 test_args.timer_err_margin_us);
	data->guest_stage = stage;
	data->nr_iter = 0;

	for (i = 1; i <= test_args.nr_iter; i++) {
		guest_arm_timer(stage);

		start = timer_get_cntct(VIRTUAL);
		do {
			cpu_relax();
			done = READ_ONCE(data->nr_iter);
		} while (done != i &&
			 timer_get_cntct(VIRTUAL) - start < timeout);

		__GUEST_ASSERT(done == i,
			       "stage %u: %u interrupts after %u periods, the error margin (-e) may be too small",
			       stage, done, i);
	}
}

static void guest_code(void)
{
	struct test_vcpu_shared_data *data;
	unsigned int stage;

	data = &vcpu_shared_data[guest_get_vcpuid()];

	local_irq_disable();
	gic_init(GIC_V2, test_args.nr_vcpus);

	timer_set_ctl(VIRTUAL, CTL_IMASK);
	timer_set_ctl(PHYSICAL, CTL_IMASK);
	gic_irq_enable(timer_irq[VIRTUAL]);
	gic_irq_enable(timer_irq[PHYSICAL]);
	local_irq_enable();

	for (stage = 0; stage < ARRAY_SIZE(stages); stage++)
		guest_run_stage(data, stage);

	GUEST_DONE();
}

static void set_counter_offset(struct kvm_vm *vm)
{
	struct kvm_arm_counter_offset offset = {
		.counter_offset = test_args.counter_offset,
	};

	TEST_ASSERT(kvm_has_cap(KVM_CAP_COUNTER_OFFSET),
		    "no support for global offset");
	vm_ioctl(vm, KVM_ARM_SET_COUNTER_OFFSET, &offset);
}

struct kvm_vm *test_vm_create(void)
{
	int nr_vcpus = test_args.nr_vcpus;
	struct kvm_vm *vm;

	vm = vm_create_with_vcpus(nr_vcpus, guest_code, vcpus);
	vm_init_descriptor_tables(vm);
	vm_install_exception_handler(vm, VECTOR_IRQ_CURRENT, guest_irq_handler);

	/* timer_test.h: not reserved means that -o was given */
	if (!test_args.reserved)
		set_counter_offset(vm);

	vcpu_device_attr_get(vcpus[0], KVM_ARM_VCPU_TIMER_CTRL,
			     KVM_ARM_VCPU_TIMER_IRQ_VTIMER,
			     &timer_irq[VIRTUAL]);
	vcpu_device_attr_get(vcpus[0], KVM_ARM_VCPU_TIMER_CTRL,
			     KVM_ARM_VCPU_TIMER_IRQ_PTIMER,
			     &timer_irq[PHYSICAL]);
	sync_global_to_guest(vm, timer_irq);

	gic_fd = vgic_v2_setup(vm, nr_vcpus, NR_IRQS);
	__TEST_REQUIRE(gic_fd >= 0, "Failed to create vgic-v2");

	sync_global_to_guest(vm, test_args);

	return vm;
}

void test_vm_cleanup(struct kvm_vm *vm)
{
	close(gic_fd);
	kvm_vm_free(vm);
}
