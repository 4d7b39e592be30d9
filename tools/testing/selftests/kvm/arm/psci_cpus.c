// SPDX-License-Identifier: GPL-2.0-only
/*
 * vCPUs of a 32-bit ARM guest that turn each other on, at once, and that
 * suspend themselves: CPU_ON races, CPU_SUSPEND, the functions of PSCI 0.1,
 * both conduits, and KVM_MP_STATE_SUSPENDED.
 */
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <linux/psci.h>

#include "kvm_util.h"
#include "processor.h"

#define NR_SOURCES	3
#define TARGET		NR_SOURCES
#define NR_VCPUS	(NR_SOURCES + 1)
#define NR_ROUNDS	100

#define CONTEXT(round, source)	((round) << 8 | (source))

/* A vCPU that was just turned on stores its context ID here: it exits. */
#define REPORT_GPA	0x30000000UL
#define STUB_GPA	0x50000000UL
#define STUB_SLOT	10

/*
 * What it runs, with the MMU off, in ARM state:
 *	mov	r1, #REPORT_GPA
 *	str	r0, [r1]
 *	ldr	r0, [pc, #4]
 *	hvc	#0
 *	b	.
 *	.word	PSCI_0_2_FN_CPU_OFF
 */
static const uint32_t stub[] = {
	0xe3a01203, 0xe5810000, 0xe59f0004, 0xe1400070, 0xeafffffe,
	PSCI_0_2_FN_CPU_OFF,
};

#define IRQ_LINE ((KVM_ARM_IRQ_TYPE_CPU << KVM_ARM_IRQ_TYPE_SHIFT) | \
		  KVM_ARM_IRQ_CPU_IRQ)

#define MPIDR_AFF_MASK	0x00ffffffU
#define REG_PC		ARM_CORE_REG(usr_regs.ARM_pc)

static int32_t psci(uint32_t fn, uint32_t a1, uint32_t a2, uint32_t a3)
{
	struct arm_smccc_res res;

	smccc_hvc(fn, a1, a2, a3, &res);
	return res.a0;
}

static void *run_to_done(void *arg)
{
	vcpu_run_until(arg, UCALL_DONE);
	return NULL;
}

static void add_vcpus(struct kvm_vm *vm, void *guest_code,
		      struct kvm_vcpu *vcpus[], unsigned int nr,
		      uint32_t features)
{
	struct kvm_vcpu_init init;
	unsigned int i;

	vm_ioctl(vm, KVM_ARM_PREFERRED_TARGET, &init);
	init.features[0] |= features;
	for (i = 0; i < nr; i++)
		vcpus[i] = arm_vcpu_add(vm, i, &init, guest_code);
}

static uint32_t affinity(struct kvm_vcpu *vcpu)
{
	return vcpu_get_reg32(vcpu, KVM_CP15(CP15_MPIDR)) & MPIDR_AFF_MASK;
}

static void add_stub(struct kvm_vm *vm)
{
	vm_userspace_mem_region_add(vm, VM_MEM_SRC_ANONYMOUS, STUB_GPA,
				    STUB_SLOT, 1, 0);
	memcpy(addr_gpa2hva(vm, STUB_GPA), stub, sizeof(stub));
}

static void set_mp_state(struct kvm_vcpu *vcpu, uint32_t state)
{
	struct kvm_mp_state mp_state = { .mp_state = state };

	vcpu_mp_state_set(vcpu, &mp_state);
}

/* Tries when it is told to, and waits for it to be off when it is told to. */
static void guest_cpu_on_race(uint32_t target)
{
	uint32_t me = guest_get_vcpuid(), round;
	int32_t ret;

	for (round = 0; round < NR_ROUNDS; round++) {
		GUEST_SYNC1(0);
		ret = psci(PSCI_0_2_FN_CPU_ON, target, STUB_GPA,
			   CONTEXT(round, me));
		GUEST_SYNC1(ret);

		do {
			ret = psci(PSCI_0_2_FN_AFFINITY_INFO, target, 0, 0);
		} while (ret == PSCI_0_2_AFFINITY_LEVEL_ON);
		GUEST_ASSERT_EQ(ret, PSCI_0_2_AFFINITY_LEVEL_OFF);
	}

	GUEST_DONE();
}

/* All sources before they try, and with the target after they have tried */
static pthread_barrier_t start, tried;

/* The source that turned the target on, and the context the target has seen */
static uint32_t winners[NR_ROUNDS], contexts[NR_ROUNDS];
static int nr_wins, nr_starts;

static int32_t run_until_sync(struct kvm_vcpu *vcpu)
{
	struct ucall uc;

	vcpu_run(vcpu);
	get_ucall(vcpu, &uc);
	if (uc.cmd == UCALL_ABORT)
		REPORT_GUEST_ASSERT(uc);
	TEST_ASSERT_EQ(uc.cmd, UCALL_SYNC);

	/* A result of the guest has 32 bits. */
	return uc.args[0];
}

static void *run_source(void *arg)
{
	struct kvm_vcpu *vcpu = arg;
	int32_t ret;
	int round;

	for (round = 0; round < NR_ROUNDS; round++) {
		run_until_sync(vcpu);
		pthread_barrier_wait(&start);

		ret = run_until_sync(vcpu);
		TEST_ASSERT(ret == PSCI_RET_SUCCESS ||
			    ret == PSCI_RET_ALREADY_ON,
			    "round %d, vCPU %u: CPU_ON returns %d", round,
			    vcpu->id, ret);
		if (ret == PSCI_RET_SUCCESS) {
			winners[round] = vcpu->id;
			__atomic_add_fetch(&nr_wins, 1, __ATOMIC_SEQ_CST);
		}
		pthread_barrier_wait(&tried);
	}

	vcpu_run_until(vcpu, UCALL_DONE);
	return NULL;
}

/* Off, on until all have tried, off, and finally off until it is kicked */
static void *run_target(void *arg)
{
	struct kvm_vcpu *vcpu = arg;
	uint32_t context;
	int ret;

	for (;;) {
		ret = __vcpu_run(vcpu);
		if (ret == -1 && errno == EINTR)
			return NULL;
		TEST_ASSERT(!ret && vcpu->run->exit_reason == KVM_EXIT_MMIO &&
			    vcpu->run->mmio.phys_addr == REPORT_GPA,
			    "ret %d errno %d exit %s", ret, errno,
			    exit_reason_str(vcpu->run->exit_reason));
		TEST_ASSERT(nr_starts < NR_ROUNDS, "Turned on once more");

		memcpy(&context, vcpu->run->mmio.data, sizeof(context));
		contexts[nr_starts++] = context;
		pthread_barrier_wait(&tried);
	}
}

static void ignore_signal(int sig)
{
}

/* All at once, and one of them succeeds: the context is the one it gave. */
static void test_cpu_on_race(void)
{
	const struct sigaction sa = { .sa_handler = ignore_signal };
	struct kvm_vm *vm = vm_create(NR_VCPUS);
	struct kvm_vcpu *vcpus[NR_VCPUS];
	pthread_t threads[NR_VCPUS];
	uint32_t target;
	int i;

	sigaction(SIGUSR1, &sa, NULL);
	add_vcpus(vm, guest_cpu_on_race, vcpus, NR_VCPUS,
		  1 << KVM_ARM_VCPU_PSCI_0_2);
	add_stub(vm);
	set_mp_state(vcpus[TARGET], KVM_MP_STATE_STOPPED);
	/* Once it runs, even if it is off, an ioctl waits for it to return */
	target = affinity(vcpus[TARGET]);

	pthread_barrier_init(&start, NULL, NR_SOURCES);
	pthread_barrier_init(&tried, NULL, NR_SOURCES + 1);
	pthread_create(&threads[TARGET], NULL, run_target, vcpus[TARGET]);
	for (i = 0; i < NR_SOURCES; i++) {
		vcpu_args_set(vcpus[i], 1, target);
		pthread_create(&threads[i], NULL, run_source, vcpus[i]);
	}
	for (i = 0; i < NR_SOURCES; i++)
		pthread_join(threads[i], NULL);

	vcpus[TARGET]->run->immediate_exit = 1;
	pthread_kill(threads[TARGET], SIGUSR1);
	pthread_join(threads[TARGET], NULL);

	TEST_ASSERT_EQ(nr_wins, NR_ROUNDS);
	TEST_ASSERT_EQ(nr_starts, NR_ROUNDS);
	for (i = 0; i < NR_ROUNDS; i++)
		TEST_ASSERT(contexts[i] == CONTEXT(i, winners[i]),
			    "start %d: context 0x%x, winner %u", i,
			    contexts[i], winners[i]);

	kvm_vm_free(vm);
}

static void guest_cpu_suspend(void)
{
	GUEST_SYNC(0);
	GUEST_ASSERT_EQ(psci(PSCI_0_2_FN_CPU_SUSPEND, 0, 0, 0),
			PSCI_RET_SUCCESS);
	GUEST_DONE();
}

/* A standby state: an interrupt ends it, masked or not. */
static void test_cpu_suspend(void)
{
	struct kvm_vm *vm = vm_create(1);
	struct kvm_vcpu *vcpu;
	pthread_t thread;

	add_vcpus(vm, guest_cpu_suspend, &vcpu, 1,
		  1 << KVM_ARM_VCPU_PSCI_0_2);
	vcpu_run_until(vcpu, UCALL_SYNC);
	pthread_create(&thread, NULL, run_to_done, vcpu);
	kvm_irq_line(vm, IRQ_LINE, 1);
	pthread_join(thread, NULL);

	kvm_vm_free(vm);
}

static void guest_psci_0_1(uint32_t target)
{
	GUEST_ASSERT_EQ(psci(KVM_PSCI_FN_CPU_SUSPEND, 0, 0, 0),
			KVM_PSCI_RET_NI);
	GUEST_ASSERT_EQ(psci(KVM_PSCI_FN_MIGRATE, 0, 0, 0), KVM_PSCI_RET_NI);
	GUEST_ASSERT_EQ(psci(PSCI_0_2_FN_PSCI_VERSION, 0, 0, 0),
			KVM_PSCI_RET_NI);
	GUEST_ASSERT_EQ(psci(PSCI_0_2_FN_SYSTEM_OFF, 0, 0, 0),
			KVM_PSCI_RET_NI);

	GUEST_ASSERT_EQ(psci(KVM_PSCI_FN_CPU_ON, 0, STUB_GPA, 0),
			KVM_PSCI_RET_INVAL);
	GUEST_ASSERT_EQ(psci(KVM_PSCI_FN_CPU_ON, ~0U, STUB_GPA, 0),
			KVM_PSCI_RET_INVAL);
	GUEST_ASSERT_EQ(psci(KVM_PSCI_FN_CPU_ON, target, STUB_GPA, 0),
			KVM_PSCI_RET_SUCCESS);
	GUEST_SYNC(0);

	psci(KVM_PSCI_FN_CPU_OFF, 0, 0, 0);
	GUEST_FAIL("CPU_OFF returned");
}

static uint32_t get_mp_state(struct kvm_vcpu *vcpu)
{
	struct kvm_mp_state mp_state;

	vcpu_mp_state_get(vcpu, &mp_state);
	return mp_state.mp_state;
}

/* A signal may come before it is off. */
static void *run_to_off(void *arg)
{
	int ret;

	do {
		ret = __vcpu_run(arg);
		TEST_ASSERT(ret == -1 && errno == EINTR, "ret %d errno %d",
			    ret, errno);
	} while (get_mp_state(arg) != KVM_MP_STATE_STOPPED);

	return NULL;
}

/* Without KVM_ARM_VCPU_PSCI_0_2 that is what there is, and no way to ask. */
static void test_psci_0_1(void)
{
	struct kvm_vm *vm = vm_create(2);
	struct kvm_vcpu *vcpus[2];
	pthread_t thread;
	int ret;

	add_vcpus(vm, guest_psci_0_1, vcpus, 2, 0);
	add_stub(vm);
	set_mp_state(vcpus[1], KVM_MP_STATE_STOPPED);

	TEST_ASSERT_EQ(vcpu_get_reg64(vcpus[0], KVM_REG_ARM_PSCI_VERSION), 1);
	ret = __vcpu_set_reg(vcpus[0], KVM_REG_ARM_PSCI_VERSION,
			     PSCI_VERSION(0, 2));
	TEST_ASSERT(ret == -1 && errno == EINVAL, "ret %d errno %d", ret,
		    errno);

	vcpu_args_set(vcpus[0], 1, affinity(vcpus[1]));
	vcpu_run_until(vcpus[0], UCALL_SYNC);
	TEST_ASSERT_EQ(get_mp_state(vcpus[1]), KVM_MP_STATE_RUNNABLE);
	TEST_ASSERT_EQ(vcpu_get_reg32(vcpus[1], REG_PC), STUB_GPA);

	pthread_create(&thread, NULL, run_to_off, vcpus[0]);
	while (pthread_tryjoin_np(thread, NULL)) {
		pthread_kill(thread, SIGUSR1);
		sched_yield();
	}

	kvm_vm_free(vm);
}

static void guest_conduits(void)
{
	struct arm_smccc_res res;

	smccc_smc(PSCI_0_2_FN_PSCI_VERSION, 0, 0, 0, &res);
	GUEST_ASSERT_EQ(res.a0, (uint32_t)psci(PSCI_0_2_FN_PSCI_VERSION, 0, 0,
					       0));
	GUEST_DONE();
}

static void test_conduits(void)
{
	struct kvm_vm *vm = vm_create(1);
	struct kvm_vcpu *vcpu;

	add_vcpus(vm, guest_conduits, &vcpu, 1, 1 << KVM_ARM_VCPU_PSCI_0_2);
	vcpu_run_until(vcpu, UCALL_DONE);
	kvm_vm_free(vm);
}

static void guest_cpu_on_again(uint32_t target)
{
	int i;

	for (i = 0; i < 2; i++) {
		GUEST_ASSERT_EQ(psci(PSCI_0_2_FN_CPU_ON, target, STUB_GPA, 0),
				PSCI_RET_SUCCESS);
		GUEST_SYNC(0);
	}
	GUEST_DONE();
}

/*
 * User space has stopped it with a store in hand: that is not completed any
 * more once it is on again, which would skip its first instruction.
 */
static void test_cpu_on_mmio(void)
{
	struct kvm_vm *vm = vm_create(2);
	struct kvm_vcpu *vcpus[2];

	add_vcpus(vm, guest_cpu_on_again, vcpus, 2, 1 << KVM_ARM_VCPU_PSCI_0_2);
	add_stub(vm);
	set_mp_state(vcpus[1], KVM_MP_STATE_STOPPED);
	vcpu_args_set(vcpus[0], 1, affinity(vcpus[1]));

	vcpu_run_until(vcpus[0], UCALL_SYNC);
	vcpu_run(vcpus[1]);
	TEST_ASSERT_KVM_EXIT_REASON(vcpus[1], KVM_EXIT_MMIO);
	set_mp_state(vcpus[1], KVM_MP_STATE_STOPPED);

	vcpu_run_until(vcpus[0], UCALL_SYNC);
	TEST_ASSERT_EQ(vcpu_get_reg32(vcpus[1], REG_PC), STUB_GPA);
	vcpu_run_complete_io(vcpus[1]);
	TEST_ASSERT_EQ(vcpu_get_reg32(vcpus[1], REG_PC), STUB_GPA);

	vcpu_run_until(vcpus[0], UCALL_DONE);
	kvm_vm_free(vm);
}

static void guest_done(void)
{
	GUEST_DONE();
}

/* Suspended by user space: it hears of the wake-up, and decides. */
static void test_suspended(void)
{
	struct kvm_vcpu *vcpu;
	struct kvm_vm *vm;
	int i;

	vm = vm_create_with_one_vcpu(&vcpu, guest_done);
	set_mp_state(vcpu, KVM_MP_STATE_SUSPENDED);
	kvm_irq_line(vm, IRQ_LINE, 1);

	for (i = 0; i < 2; i++) {
		vcpu_run(vcpu);
		TEST_ASSERT_KVM_EXIT_REASON(vcpu, KVM_EXIT_SYSTEM_EVENT);
		TEST_ASSERT_EQ(vcpu->run->system_event.type,
			       KVM_SYSTEM_EVENT_WAKEUP);
		TEST_ASSERT_EQ(get_mp_state(vcpu), KVM_MP_STATE_SUSPENDED);
		TEST_ASSERT_EQ(vcpu_get_reg32(vcpu, REG_PC),
			       (uintptr_t)guest_done & ~1U);
	}

	set_mp_state(vcpu, KVM_MP_STATE_RUNNABLE);
	vcpu_run_until(vcpu, UCALL_DONE);
	kvm_vm_free(vm);
}

int main(void)
{
	static const struct {
		const char *name;
		void (*test)(void);
	} tests[] = {
		{ "CPU_ON race", test_cpu_on_race },
		{ "CPU_ON over MMIO", test_cpu_on_mmio },
		{ "CPU_SUSPEND", test_cpu_suspend },
		{ "PSCI 0.1", test_psci_0_1 },
		{ "HVC and SMC", test_conduits },
		{ "KVM_MP_STATE_SUSPENDED", test_suspended },
	};
	int i;

	TEST_REQUIRE(kvm_has_cap(KVM_CAP_ARM_PSCI_0_2));

	ksft_print_header();
	ksft_set_plan(ARRAY_SIZE(tests));

	for (i = 0; i < ARRAY_SIZE(tests); i++) {
		tests[i].test();
		ksft_test_result_pass("%s\n", tests[i].name);
	}

	ksft_finished();
}
