// SPDX-License-Identifier: GPL-2.0-only
/*
 * A virtual machine monitor that has looked at a vCPU may write back all that
 * KVM_GET_REG_LIST names, whether it knows it or not, also values that it read
 * some time ago, before other vCPUs ran.  That is what QEMU does: core and VFP
 * registers one by one, all others as the list has them.  It leaves out the
 * virtual counter, unless it restores a guest that it has saved.
 *
 * The guest notices nothing: its counters go on by the same difference and do
 * not trap, its timers fire in time, its registers are what they were.
 */
#include "arch_timer.h"
#include "gic.h"
#include "kvm_util.h"
#include "processor.h"
#include "vgic.h"

#define NR_VCPUS	2
#define NR_ROUNDS	50
#define NR_IRQS		64
#define TIMER_MS	5

/* What the guest does at once, and exits that interrupts of the host make */
#define NR_READS	1000
#define MAX_EXITS	(NR_READS / 2)

/**
 * struct offset_range - the difference of the counters, as far as it is known
 * @min: at least so much
 * @max: at most so much
 */
struct offset_range {
	int64_t min;
	int64_t max;
};

static int timer_irqs[2];
static struct offset_range offsets[NR_VCPUS];
static volatile uint32_t nr_irqs[NR_VCPUS][2];

static void guest_irq_handler(struct ex_regs *regs)
{
	unsigned int intid = gic_get_and_ack_irq();
	enum arch_timer timer = intid == timer_irqs[PHYSICAL];

	GUEST_ASSERT_EQ(intid, timer_irqs[timer]);
	GUEST_ASSERT(timer_get_cntct(timer) >= timer_get_cval(timer));
	timer_set_ctl(timer, 0);
	nr_irqs[guest_get_vcpuid()][timer]++;
	gic_set_eoi(intid);
}

static int64_t max64(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

static int64_t min64(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

/* Neither counter goes back, and all differences may be the same one. */
static void guest_read_counters(struct offset_range *offset)
{
	uint64_t virt, phys, next, last = 0;
	unsigned int i;

	virt = timer_get_cntct(VIRTUAL);
	for (i = 0; i < NR_READS; i++) {
		phys = timer_get_cntct(PHYSICAL);
		next = timer_get_cntct(VIRTUAL);
		GUEST_ASSERT(virt <= next && last <= phys);

		offset->min = max64(offset->min, phys - next);
		offset->max = min64(offset->max, phys - virt);
		__GUEST_ASSERT(offset->min <= offset->max,
			       "difference was up to %lld, is %lld",
			       (long long)offset->max, (long long)offset->min);
		virt = next;
		last = phys;
	}
}

/* User space looks while both timers are to expire. */
static void guest_wait_for_timers(volatile uint32_t *irqs)
{
	uint32_t virt = irqs[VIRTUAL], phys = irqs[PHYSICAL];
	int timer;

	for (timer = VIRTUAL; timer <= PHYSICAL; timer++) {
		timer_set_next_cval_ms(timer, TIMER_MS);
		timer_set_ctl(timer, CTL_ENABLE);
	}
	GUEST_SYNC(0);

	local_irq_enable();
	while (irqs[VIRTUAL] == virt || irqs[PHYSICAL] == phys)
		cpu_relax();
	local_irq_disable();
	GUEST_ASSERT_EQ(irqs[VIRTUAL], virt + 1);
	GUEST_ASSERT_EQ(irqs[PHYSICAL], phys + 1);
}

static void guest_code(void)
{
	uint32_t id = guest_get_vcpuid();

	local_irq_disable();
	gic_init(GIC_V2, NR_VCPUS);
	gic_irq_enable(timer_irqs[VIRTUAL]);
	gic_irq_enable(timer_irqs[PHYSICAL]);
	offsets[id] = (struct offset_range) { INT64_MIN, INT64_MAX };

	for (;;) {
		guest_wait_for_timers(nr_irqs[id]);
		GUEST_SYNC(0);
		guest_read_counters(&offsets[id]);
	}
}

static uint64_t get_reg(struct kvm_vcpu *vcpu, uint64_t id)
{
	uint64_t val = 0;

	vcpu_get_reg(vcpu, id, &val);
	return val;
}

static void read_all(struct kvm_vcpu *vcpu, const struct kvm_reg_list *list,
		     uint64_t *vals)
{
	uint64_t i;

	for (i = 0; i < list->n; i++)
		vals[i] = get_reg(vcpu, list->reg[i]);
}

static bool moves(uint64_t id)
{
	return id == KVM_REG_ARM_TIMER_CNT;
}

/* Set where the condition is met, whatever is written to it */
static uint64_t stored(uint64_t id, uint64_t val)
{
	if (id == KVM_REG_ARM_TIMER_CTL || id == KVM_REG_ARM_PTIMER_CTL)
		return val & ~(uint64_t)CTL_ISTATUS;
	return val;
}

static void write_all(struct kvm_vcpu *vcpu, const struct kvm_reg_list *list,
		      const uint64_t *vals)
{
	uint64_t i, id, val;
	int ret;

	for (i = 0; i < list->n; i++) {
		id = list->reg[i];
		if (moves(id))
			continue;
		ret = __vcpu_set_reg(vcpu, id, vals[i]);
		TEST_ASSERT(!ret, "register 0x%" PRIx64 " value 0x%" PRIx64
			    ": errno %d", id, vals[i], errno);
	}

	for (i = 0; i < list->n; i++) {
		id = list->reg[i];
		if (moves(id))
			continue;
		val = get_reg(vcpu, id);
		TEST_ASSERT(stored(id, val) == stored(id, vals[i]),
			    "register 0x%" PRIx64 " was 0x%" PRIx64
			    ", is 0x%" PRIx64, id, vals[i], val);
	}
}

/* Counters are read without an exit before and after as well. */
static void check_exits(struct kvm_vcpu *vcpu)
{
	uint64_t exits = vcpu_get_stat(vcpu, "exits");

	vcpu_run_until(vcpu, UCALL_SYNC);
	exits = vcpu_get_stat(vcpu, "exits") - exits;
	TEST_ASSERT(exits < MAX_EXITS, "%" PRIu64 " exits", exits);
}

static void setup_timers(struct kvm_vm *vm, struct kvm_vcpu *vcpu)
{
	vcpu_device_attr_get(vcpu, KVM_ARM_VCPU_TIMER_CTRL,
			     KVM_ARM_VCPU_TIMER_IRQ_VTIMER,
			     &timer_irqs[VIRTUAL]);
	vcpu_device_attr_get(vcpu, KVM_ARM_VCPU_TIMER_CTRL,
			     KVM_ARM_VCPU_TIMER_IRQ_PTIMER,
			     &timer_irqs[PHYSICAL]);
	sync_global_to_guest(vm, timer_irqs);
	vm_init_descriptor_tables(vm);
	vm_install_exception_handler(vm, VECTOR_IRQ_CURRENT, guest_irq_handler);
}

/* What was read before others ran is written before this one runs again. */
static void test_rounds(struct kvm_vcpu **vcpus,
			const struct kvm_reg_list *list, uint64_t **vals)
{
	int i, round;

	for (round = 0; round < NR_ROUNDS; round++) {
		for (i = 0; i < NR_VCPUS; i++)
			read_all(vcpus[i], list, vals[i]);
		for (i = 0; i < NR_VCPUS; i++) {
			write_all(vcpus[i], list, vals[i]);
			/* Every other time it waits for its timers */
			if (round % 2)
				check_exits(vcpus[i]);
			else
				vcpu_run_until(vcpus[i], UCALL_SYNC);
		}
	}
}

int main(void)
{
	struct kvm_vcpu *vcpus[NR_VCPUS];
	uint64_t *vals[NR_VCPUS];
	struct kvm_reg_list *list;
	struct kvm_vm *vm;
	int i, gic_fd;

	ksft_print_header();
	ksft_set_plan(2);

	vm = vm_create_with_vcpus(NR_VCPUS, guest_code, vcpus);
	setup_timers(vm, vcpus[0]);
	gic_fd = vgic_v2_setup(vm, NR_VCPUS, NR_IRQS);
	list = vcpu_get_reg_list(vcpus[0]);

	for (i = 0; i < NR_VCPUS; i++) {
		vals[i] = calloc(list->n, sizeof(*vals[i]));
		TEST_ASSERT(vals[i], "Out of memory");
	}

	/* Before the first run, by when time has passed since they were read */
	for (i = 0; i < NR_VCPUS; i++)
		read_all(vcpus[i], list, vals[i]);
	vcpu_run_until(vcpus[0], UCALL_SYNC);
	write_all(vcpus[1], list, vals[1]);
	vcpu_run_until(vcpus[1], UCALL_SYNC);
	ksft_test_result_pass("before the first run\n");

	test_rounds(vcpus, list, vals);
	ksft_test_result_pass("%d times\n", NR_ROUNDS);

	for (i = 0; i < NR_VCPUS; i++)
		free(vals[i]);
	free(list);
	close(gic_fd);
	kvm_vm_free(vm);
	ksft_finished();
}
