// SPDX-License-Identifier: GPL-2.0-only
/*
 * The PMU of a 32-bit ARM guest: that its counters count the guest and nothing
 * of the host, its interrupt, user mode's access, the event filter, what user
 * space may ask for and when, the registers in a copy of the VM, what becomes of
 * the interrupt when they are set, and a vCPU that another thread goes on with.
 *
 * Counts are exact where the emulator runs a CPU by the instruction (-icount).
 *
 *	-c	a PMU that is chosen, of CPU0 alone
 */
#include <linux/bits.h>
#include <pthread.h>

#include "gic.h"
#include "host.h"
#include "kvm_util.h"
#include "pmu.h"
#include "processor.h"
#include "user_mode.h"
#include "vgic.h"

#define NR_IRQS			64

#define ROUNDS			100000
/* Two instructions a round */
#define LOOP_COUNT		(2 * ROUNDS)
#define NR_EXITS		50

/* What a start and a stop may be seen to take, and what user mode's end does */
#define NR_BESIDE		20

#define USER_GVA		0x20000000UL
#define USER_LOOP_GVA		(USER_GVA + 8)
/* mrc p15, 0, r0, c9, c13, 0: PMCCNTR */
#define INSN_READ_PMCCNTR	0xee190f1dU
/* subs r0, r0, #1; bne to it */
#define INSN_SUBS_R0		0xe2500001U
#define INSN_BNE_BACK		0x1afffffdU

enum { STAGE_NONE, STAGE_SETUP, STAGE_COUNT, STAGE_CONTINUE };

static volatile uint32_t nr_irqs, nr_undefs;
static volatile bool interrupt_ends;

static void guest_loop(void)
{
	uint32_t n = ROUNDS;

	asm volatile(".balign 8\n1:	subs	%0, %0, #1\n	bne	1b"
		     : "+r" (n) : : "cc");
}

static void guest_expect(uint32_t count, uint32_t wanted)
{
	__GUEST_ASSERT(count >= wanted && count < wanted + wanted / 100,
		       "%u, wanted %u and up to a percent more", count, wanted);
}

/* What the host does at an exit is some thousand instructions. */
static void guest_counts(void)
{
	int i;

	guest_set_counter(0, EVENT_CPU_CYCLES, 0);
	guest_set_counter(1, EVENT_INST_RETIRED, 0);
	write_cp15(0, CP15_PMCCNTR);
	guest_start(BIT(0) | BIT(1) | BIT(CYCLES));
	guest_loop();
	guest_stop();
	guest_expect(guest_get_counter(0), LOOP_COUNT);
	guest_expect(guest_get_counter(1), LOOP_COUNT);
	guest_expect(read_cp15(CP15_PMCCNTR), LOOP_COUNT);

	/* Resets, and counts nothing while it is off */
	write_cp15(PMCR_P | PMCR_C, CP15_PMCR);
	guest_loop();
	GUEST_ASSERT_EQ(guest_get_counter(0), 0);
	GUEST_ASSERT_EQ(read_cp15(CP15_PMCCNTR), 0);

	guest_start(BIT(0) | BIT(1) | BIT(CYCLES));
	for (i = 0; i < NR_EXITS; i++)
		GUEST_SYNC(STAGE_NONE);
	guest_loop();
	guest_stop();
	__GUEST_ASSERT(guest_get_counter(1) < LOOP_COUNT + NR_EXITS * 1000,
		       "%u with %u exits", guest_get_counter(1), NR_EXITS);
	guest_expect(guest_get_counter(0), guest_get_counter(1));

	/* Not in this mode */
	write_cp15(PMCR_P, CP15_PMCR);
	guest_set_counter(0, EVENT_CPU_CYCLES | TYPE_P, 0);
	guest_start(BIT(0));
	guest_loop();
	guest_stop();
	GUEST_ASSERT_EQ(guest_get_counter(0), 0);
}

/* A counter that starts and stops does so in the guest, not around it. */
static void guest_starts(void)
{
	uint32_t count;
	int i;

	guest_set_counter(0, EVENT_INST_RETIRED, 0);
	for (i = 0; i < NR_EXITS; i++) {
		guest_start(BIT(0));
		guest_stop();
	}
	count = guest_get_counter(0);
	__GUEST_ASSERT(count > 0 && count < NR_EXITS * NR_BESIDE,
		       "%u in %u starts", count, NR_EXITS);
}

/* A loop in user mode, counted where both modes are, or one of them */
static void guest_modes(void)
{
	guest_set_counter(0, EVENT_INST_RETIRED, 0);
	guest_set_counter(1, EVENT_INST_RETIRED | TYPE_P, 0);
	guest_set_counter(2, EVENT_INST_RETIRED | TYPE_U, 0);
	guest_start(BIT(0) | BIT(1) | BIT(2));
	guest_user_mode(USER_LOOP_GVA, ROUNDS, 0);
	guest_stop();
	guest_expect(guest_get_counter(0), LOOP_COUNT);
	guest_expect(guest_get_counter(1), LOOP_COUNT);
	__GUEST_ASSERT(guest_get_counter(1) < LOOP_COUNT + NR_BESIDE, "%u",
		       guest_get_counter(1));
	__GUEST_ASSERT(guest_get_counter(2) > 0 &&
		       guest_get_counter(2) < LOOP_COUNT / 100, "%u",
		       guest_get_counter(2));
}

static void guest_software(void)
{
	guest_set_counter(0, EVENT_SW_INCR, ~0U);
	guest_set_counter(1, EVENT_CHAIN, 7);
	write_cp15(BIT(0), CP15_PMSWINC);
	GUEST_ASSERT_EQ(guest_get_counter(0), ~0U);

	guest_start(BIT(0) | BIT(1));
	write_cp15(BIT(0), CP15_PMSWINC);
	GUEST_ASSERT_EQ(guest_get_counter(0), 0);
	GUEST_ASSERT_EQ(guest_get_counter(1), 8);
	GUEST_ASSERT_EQ(read_cp15(CP15_PMOVSR), BIT(0));
	guest_stop();
	GUEST_ASSERT_EQ(read_cp15(CP15_PMOVSR), 0);
}

static void guest_irq(struct ex_regs *regs)
{
	uint32_t iar = gic_get_and_ack_irq();

	GUEST_ASSERT_EQ(iar, PMU_IRQ);
	GUEST_ASSERT(read_cp15(CP15_PMOVSR) & read_cp15(CP15_PMINTENSET));
	write_cp15(~0U, CP15_PMOVSR);
	if (interrupt_ends)
		write_cp15(0, CP15_PMCR);
	nr_irqs++;
	gic_set_eoi(iar);
}

static void guest_interrupt(void)
{
	gic_init(GIC_V2, 1);
	gic_irq_enable(PMU_IRQ);
	local_irq_enable();

	/* By an instruction, and not again once it is clear */
	guest_set_counter(0, EVENT_SW_INCR, ~0U);
	write_cp15(BIT(0), CP15_PMINTENSET);
	guest_start(BIT(0));
	write_cp15(BIT(0), CP15_PMSWINC);
	isb();
	GUEST_ASSERT_EQ(nr_irqs, 1);
	write_cp15(BIT(0), CP15_PMSWINC);
	isb();
	GUEST_ASSERT_EQ(nr_irqs, 1);
	guest_stop();

	/*
	 * By the host's counter.  QEMU 10.0 is one cycle early when it looks
	 * for the overflow, and does so again at the next exception only.
	 */
	guest_set_counter(0, EVENT_CPU_CYCLES, -LOOP_COUNT / 2);
	interrupt_ends = true;
	guest_start(BIT(0));
	guest_loop();
	read_cp15(CP15_PMSELR);
	isb();
	GUEST_ASSERT_EQ(nr_irqs, 2);
	guest_stop();

	/* And while it waits: the overflow is what wakes it */
	local_irq_disable();
	guest_set_counter(0, EVENT_SW_INCR, ~0U);
	guest_start(BIT(0));
	write_cp15(BIT(0), CP15_PMSWINC);
	wfi();
	GUEST_ASSERT_EQ(nr_irqs, 2);
	local_irq_enable();
	isb();
	GUEST_ASSERT_EQ(nr_irqs, 3);
	guest_stop();
	write_cp15(BIT(0), CP15_PMINTENCLR);
	local_irq_disable();
}

static void guest_undef(struct ex_regs *regs)
{
	nr_undefs++;
	regs->pc += 4;
}

static void guest_user_access(void)
{
	write_cp15(0, CP15_PMUSERENR);
	guest_user_mode(USER_GVA, 0, 0);
	GUEST_ASSERT_EQ(nr_undefs, 1);
	write_cp15(~0U, CP15_PMUSERENR);
	GUEST_ASSERT(read_cp15(CP15_PMUSERENR) & PMUSERENR_EN);
	guest_user_mode(USER_GVA, 0, 0);
	GUEST_ASSERT_EQ(nr_undefs, 1);
	write_cp15(0, CP15_PMUSERENR);
}

/* What user space looks at, and changes, or takes to another VM */
static void guest_continue(void)
{
	guest_set_counter(0, EVENT_SW_INCR, 0x1000);
	guest_set_counter(1, EVENT_CPU_CYCLES, 0);
	guest_start(BIT(0) | BIT(1));
	guest_loop();
	GUEST_SYNC(STAGE_CONTINUE);
	guest_loop();
	write_cp15(BIT(0), CP15_PMSWINC);
	guest_stop();
	GUEST_ASSERT_EQ(guest_get_counter(0), 0x1001);
	__GUEST_ASSERT(guest_get_counter(1) >= 2 * LOOP_COUNT &&
		       guest_get_counter(1) < 3 * LOOP_COUNT, "%u",
		       guest_get_counter(1));
}

static void guest_code(void)
{
	guest_counts();
	guest_starts();
	guest_modes();
	guest_software();
	guest_interrupt();
	guest_user_access();
	guest_continue();
	GUEST_DONE();
}

static void guest_moves(void)
{
	guest_set_counter(1, EVENT_INST_RETIRED, 0);
	guest_start(BIT(1));
	guest_loop();
	GUEST_SYNC(STAGE_CONTINUE);
	guest_loop();
	guest_stop();
	guest_expect(guest_get_counter(1), 2 * LOOP_COUNT);
	GUEST_DONE();
}

/* Cycles are denied, instructions are not */
static void guest_filtered(void)
{
	GUEST_ASSERT(!(read_cp15(CP15_PMCEID0) & BIT(EVENT_CPU_CYCLES)));
	guest_set_counter(0, EVENT_CPU_CYCLES, 0);
	guest_set_counter(1, EVENT_INST_RETIRED, 0);
	guest_start(BIT(0) | BIT(1));
	guest_loop();
	guest_stop();
	GUEST_ASSERT_EQ(guest_get_counter(0), 0);
	guest_expect(guest_get_counter(1), LOOP_COUNT);
	GUEST_DONE();
}

/* One counter only: the second is not there */
static void guest_limited(void)
{
	GUEST_ASSERT_EQ(PMCR_N(read_cp15(CP15_PMCR)), 1);
	write_cp15(~0U, CP15_PMCNTENSET);
	GUEST_ASSERT_EQ(read_cp15(CP15_PMCNTENSET), BIT(0) | BIT(CYCLES));
	write_cp15(1, CP15_PMSELR);
	isb();
	read_cp15(CP15_PMXEVCNTR);
	GUEST_ASSERT_EQ(nr_undefs, 1);
	GUEST_DONE();
}

/*
 * Of an access that traps, a guest without a PMU reads zero.  QEMU 10.0.2 and
 * before have no PMCCNTR of 64 bits on a CPU with PMUv3, without which Linux
 * cannot count on it.
 */
static void guest_probe(void)
{
	if (ID_DFR0_PERFMON(read_cp15(CP15_ID_DFR0)) >= PERFMON_V3)
		read_cp15_64(CP15_PMCCNTR_64);
	GUEST_SYNC(nr_undefs);
	GUEST_DONE();
}

struct machine {
	struct kvm_vm *vm;
	struct kvm_vcpu *vcpu;
	int gic;
};

static void map_user_code(struct kvm_vm *vm)
{
	uint32_t *code = vm_map_user_page(vm, USER_GVA);

	code[0] = INSN_READ_PMCCNTR;
	code[1] = INSN_SVC;
	code[2] = INSN_SUBS_R0;
	code[3] = INSN_BNE_BACK;
	code[4] = INSN_SVC;
}

static struct machine make_machine(void *code)
{
	struct kvm_vcpu_init init = {
		.target = -1,
		.features[0] = BIT(KVM_ARM_VCPU_PMU_V3) |
			       BIT(KVM_ARM_VCPU_PSCI_0_2),
	};
	struct machine m = { .vm = vm_create(1) };

	m.vcpu = arm_vcpu_add(m.vm, 0, &init, code);
	vm_init_descriptor_tables(m.vm);
	vm_install_exception_handler(m.vm, VECTOR_IRQ_CURRENT, guest_irq);
	vm_install_exception_handler(m.vm, VECTOR_UNDEF, guest_undef);
	vm_install_user_mode(m.vm);
	map_user_code(m.vm);
	m.gic = vgic_v2_setup(m.vm, 1, NR_IRQS);
	TEST_ASSERT(m.gic >= 0, "no vGIC");

	return m;
}

static void free_machine(struct machine *m)
{
	close(m->gic);
	kvm_vm_free(m->vm);
}

/* Up to the stage, or the end */
static void run_to(struct kvm_vcpu *vcpu, uint64_t stage)
{
	struct ucall uc;

	for (;;) {
		vcpu_run(vcpu);
		switch (get_ucall(vcpu, &uc)) {
		case UCALL_SYNC:
			if (uc.args[1] == stage)
				return;
			break;
		case UCALL_DONE:
			TEST_ASSERT_EQ(stage, STAGE_NONE);
			return;
		case UCALL_ABORT:
			REPORT_GUEST_ASSERT(uc);
			break;
		default:
			TEST_FAIL("exit %s",
				  exit_reason_str(vcpu->run->exit_reason));
		}
	}
}

/* Each is what it was set to, and goes on from there. */
static void rewrite_registers(struct kvm_vcpu *vcpu)
{
	struct kvm_reg_list *list = vcpu_get_reg_list(vcpu);
	unsigned int i, nr_pmu = 0;
	uint64_t val;

	for (i = 0; i < list->n; i++) {
		if ((list->reg[i] & KVM_REG_ARM_COPROC_MASK) !=
		    15ULL << KVM_REG_ARM_COPROC_SHIFT)
			continue;
		if ((list->reg[i] & KVM_REG_ARM_32_CRN_MASK) !=
		    9ULL << KVM_REG_ARM_32_CRN_SHIFT)
			continue;
		val = 0;
		vcpu_get_reg(vcpu, list->reg[i], &val);
		vcpu_set_reg(vcpu, list->reg[i], val);
		nr_pmu++;
	}
	free(list);
	TEST_ASSERT(nr_pmu >= 6, "%u registers of the PMU", nr_pmu);
}

static void test_guest(void)
{
	struct machine m = make_machine(guest_code);

	vcpu_init_pmu(m.vcpu);
	run_to(m.vcpu, STAGE_CONTINUE);
	rewrite_registers(m.vcpu);
	run_to(m.vcpu, STAGE_NONE);
	free_machine(&m);
}

static void *run_to_continue(void *vcpu)
{
	run_to(vcpu, STAGE_CONTINUE);

	return NULL;
}

/* The host's counters belong to a thread, and this one ends. */
static void test_thread(void)
{
	struct machine m = make_machine(guest_moves);
	pthread_t thread;

	vcpu_init_pmu(m.vcpu);
	TEST_ASSERT(!pthread_create(&thread, NULL, run_to_continue, m.vcpu),
		    "pthread_create()");
	pthread_join(thread, NULL);
	run_to(m.vcpu, STAGE_NONE);
	free_machine(&m);
}

static void test_filter(void)
{
	struct kvm_pmu_event_filter filter = {
		.base_event = EVENT_CPU_CYCLES,
		.nevents = 1,
		.action = KVM_PMU_EVENT_DENY,
	};
	struct machine m = make_machine(guest_filtered);

	TEST_ASSERT(!vcpu_pmu_attr(m.vcpu, KVM_ARM_VCPU_PMU_V3_FILTER, &filter),
		    "filter");
	vcpu_init_pmu(m.vcpu);
	run_to(m.vcpu, STAGE_NONE);
	free_machine(&m);
}

static void test_limit(void)
{
	struct machine m = make_machine(guest_limited);
	uint32_t pmcr;

	vcpu_init_pmu(m.vcpu);
	pmcr = vcpu_get_reg32(m.vcpu, KVM_CP15(CP15_PMCR));
	TEST_ASSERT(PMCR_N(pmcr) >= 1, "PMCR %#x", pmcr);

	/* More than the host has: not heard */
	vcpu_set_reg(m.vcpu, KVM_CP15(CP15_PMCR), 31U << PMCR_N_SHIFT);
	TEST_ASSERT_EQ(vcpu_get_reg32(m.vcpu, KVM_CP15(CP15_PMCR)), pmcr);

	vcpu_set_reg(m.vcpu, KVM_CP15(CP15_PMCR), 1U << PMCR_N_SHIFT);
	run_to(m.vcpu, STAGE_NONE);
	free_machine(&m);
}

static void expect_attr(struct kvm_vcpu *vcpu, int attr, void *value, int err)
{
	int ret = vcpu_pmu_attr(vcpu, attr, value);

	TEST_ASSERT(err ? ret == -1 && errno == err : !ret,
		    "attribute %d: ret %d errno %d, wanted %d", attr, ret,
		    errno, err);
}

static void test_attributes(void)
{
	struct kvm_pmu_event_filter bad_range = { .base_event = 0xffff,
						  .nevents = 2 };
	struct kvm_pmu_event_filter bad_action = { .nevents = 1, .action = 2 };
	struct machine m = make_machine(guest_filtered);
	int irq, pmu = 12345;

	TEST_ASSERT(!__vcpu_has_device_attr(m.vcpu, KVM_ARM_VCPU_PMU_V3_CTRL,
					    KVM_ARM_VCPU_PMU_V3_IRQ), "none");
	expect_attr(m.vcpu, 77, &irq, ENXIO);
	expect_attr(m.vcpu, KVM_ARM_VCPU_PMU_V3_IRQ, (void *)8, EFAULT);
	irq = 7;
	expect_attr(m.vcpu, KVM_ARM_VCPU_PMU_V3_IRQ, &irq, EINVAL);
	irq = 1020;
	expect_attr(m.vcpu, KVM_ARM_VCPU_PMU_V3_IRQ, &irq, EINVAL);
	expect_attr(m.vcpu, KVM_ARM_VCPU_PMU_V3_INIT, NULL, ENXIO);
	expect_attr(m.vcpu, KVM_ARM_VCPU_PMU_V3_FILTER, &bad_range, EINVAL);
	expect_attr(m.vcpu, KVM_ARM_VCPU_PMU_V3_FILTER, &bad_action, EINVAL);
	expect_attr(m.vcpu, KVM_ARM_VCPU_PMU_V3_FILTER, (void *)8, EFAULT);
	expect_attr(m.vcpu, KVM_ARM_VCPU_PMU_V3_SET_PMU, &pmu, ENXIO);

	/* A PMU that was promised and not made */
	TEST_ASSERT(__vcpu_run(m.vcpu) == -1 && errno == EINVAL,
		    "it runs, errno %d", errno);

	vcpu_init_pmu(m.vcpu);
	irq = PMU_IRQ;
	expect_attr(m.vcpu, KVM_ARM_VCPU_PMU_V3_IRQ, &irq, EBUSY);
	expect_attr(m.vcpu, KVM_ARM_VCPU_PMU_V3_INIT, NULL, EBUSY);
	free_machine(&m);
}

#define PMU_DIR		"/sys/bus/event_source/devices/armv7_cortex_a15/"
#define PMU_CPU		0
#define OTHER_CPU	1

static void guest_nothing(void)
{
	GUEST_DONE();
}

/* A PMU that one of two CPUs has: that is where a vCPU with it runs. */
static void test_chosen(void)
{
	int pmu = host_number(PMU_DIR "type", NULL);
	struct kvm_run *run;
	struct machine m;

	TEST_ASSERT_EQ(host_number(PMU_DIR "cpus", NULL), PMU_CPU);
	/* Unless one is chosen, it is that of the guest's kind of CPU */
	kvm_pin_this_task_to_pcpu(OTHER_CPU);
	m = make_machine(guest_nothing);
	run = m.vcpu->run;
	expect_attr(m.vcpu, KVM_ARM_VCPU_PMU_V3_SET_PMU, &pmu, 0);
	vcpu_init_pmu(m.vcpu);

	vcpu_run(m.vcpu);
	TEST_ASSERT(run->exit_reason == KVM_EXIT_FAIL_ENTRY &&
		    run->fail_entry.hardware_entry_failure_reason ==
		    KVM_EXIT_FAIL_ENTRY_CPU_UNSUPPORTED &&
		    run->fail_entry.cpu == OTHER_CPU, "exit %s",
		    exit_reason_str(run->exit_reason));
	kvm_pin_this_task_to_pcpu(PMU_CPU);
	run_to(m.vcpu, STAGE_NONE);
	expect_attr(m.vcpu, KVM_ARM_VCPU_PMU_V3_SET_PMU, &pmu, EBUSY);
	free_machine(&m);
}

static void test_without(void)
{
	struct kvm_vcpu *vcpu;
	struct kvm_vm *vm = vm_create_with_one_vcpu(&vcpu, guest_code);
	int irq = PMU_IRQ;
	uint32_t val;

	expect_attr(vcpu, KVM_ARM_VCPU_PMU_V3_IRQ, &irq, ENODEV);
	TEST_ASSERT(__vcpu_get_reg(vcpu, KVM_CP15(CP15_PMCR), &val) == -1 &&
		    errno == ENOENT, "PMCR is there, errno %d", errno);
	kvm_vm_free(vm);
}

/* Where there is no vGIC, user space is told before the guest goes on. */
static void expect_output(struct kvm_vcpu *vcpu, bool high)
{
	int ret = __vcpu_run(vcpu);

	TEST_ASSERT(ret == -1 && errno == EINTR, "ret %d errno %d, exit %s",
		    ret, errno, exit_reason_str(vcpu->run->exit_reason));
	TEST_ASSERT_EQ(!!(vcpu->run->s.regs.device_irq_level & KVM_ARM_DEV_PMU),
		       high);
}

/* The interrupt follows what user space sets, and a reset */
static void test_output(void)
{
	struct kvm_vcpu_init init = {
		.target = -1,
		.features[0] = BIT(KVM_ARM_VCPU_PMU_V3),
	};
	struct kvm_vm *vm = vm_create(1);
	struct kvm_vcpu *vcpu = arm_vcpu_add(vm, 0, &init, guest_nothing);

	expect_attr(vcpu, KVM_ARM_VCPU_PMU_V3_INIT, NULL, 0);
	vcpu_set_reg(vcpu, KVM_CP15(CP15_PMCR),
		     vcpu_get_reg32(vcpu, KVM_CP15(CP15_PMCR)) | PMCR_E);
	vcpu_set_reg(vcpu, KVM_CP15(CP15_PMINTENSET), BIT(CYCLES));
	vcpu_set_reg(vcpu, KVM_CP15(CP15_PMOVSSET), BIT(CYCLES));
	expect_output(vcpu, true);
	vcpu_set_reg(vcpu, KVM_CP15(CP15_PMOVSSET), 0);
	expect_output(vcpu, false);

	vcpu_set_reg(vcpu, KVM_CP15(CP15_PMOVSSET), BIT(CYCLES));
	expect_output(vcpu, true);
	vcpu_ioctl(vcpu, KVM_ARM_VCPU_INIT, &init);
	expect_output(vcpu, false);
	kvm_vm_free(vm);
}

static bool host_can_count(void)
{
	struct kvm_vcpu *vcpu;
	struct kvm_vm *vm = vm_create_with_one_vcpu(&vcpu, guest_probe);
	struct ucall uc;

	vm_init_descriptor_tables(vm);
	vm_install_exception_handler(vm, VECTOR_UNDEF, guest_undef);
	vcpu_run(vcpu);
	TEST_ASSERT_EQ(get_ucall(vcpu, &uc), UCALL_SYNC);
	kvm_vm_free(vm);

	return !uc.args[1];
}

int main(int argc, char *argv[])
{
	TEST_REQUIRE(kvm_has_cap(KVM_CAP_ARM_PMU_V3));

	if (argc > 1 && !strcmp(argv[1], "-c")) {
		test_chosen();
		return 0;
	}

	test_without();
	test_attributes();
	test_output();
	__TEST_REQUIRE(host_can_count(), "the CPU has no PMCCNTR of 64 bits");
	test_guest();
	test_thread();
	test_filter();
	test_limit();

	return 0;
}
