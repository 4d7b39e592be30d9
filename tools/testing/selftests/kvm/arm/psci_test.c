// SPDX-License-Identifier: GPL-2.0-only
/*
 * PSCI (ARM DEN 0022) of 32-bit ARM guests: versions and what each of them
 * offers, CPU_ON with its errors and its race against user space, CPU_OFF,
 * SYSTEM_OFF, SYSTEM_RESET, SYSTEM_RESET2 and SYSTEM_SUSPEND.
 */
#include <pthread.h>
#include <signal.h>
#include <linux/psci.h>

#include "kvm_util.h"
#include "processor.h"

#define CPU_ON_ENTRY_ADDR	0xfeedf00cU
#define CPU_ON_ENTRY_THUMB	(CPU_ON_ENTRY_ADDR | 1)
#define CPU_ON_CONTEXT_ID	0xdeadc0deU

#define MPIDR_AFF_MASK		0x00ffffffU
#define NO_SUCH_MPIDR		0x00010203U

#define PSCI_MAJOR(v)		((v) >> 16)
#define PSCI_VERSION_0_2	0x00000002U
#define PSCI_VERSION_1_0	0x00010000U
#define PSCI_VERSION_1_1	0x00010001U
#define PSCI_VERSION_1_3	0x00010003U

#define REG(n)			(ARM_CORE_REG(usr_regs.uregs[0]) + (n))
#define REG_PC			ARM_CORE_REG(usr_regs.ARM_pc)
#define REG_CPSR		ARM_CORE_REG(usr_regs.ARM_cpsr)

static int32_t psci(uint32_t fn, uint32_t a1, uint32_t a2, uint32_t a3)
{
	struct arm_smccc_res res;

	smccc_hvc(fn, a1, a2, a3, &res);
	return res.a0;
}

static void vcpu_power_off(struct kvm_vcpu *vcpu)
{
	struct kvm_mp_state mp_state = {
		.mp_state = KVM_MP_STATE_STOPPED,
	};

	vcpu_mp_state_set(vcpu, &mp_state);
}

static uint32_t vcpu_mp_state(struct kvm_vcpu *vcpu)
{
	struct kvm_mp_state mp_state;

	vcpu_mp_state_get(vcpu, &mp_state);
	return mp_state.mp_state;
}

static struct kvm_vm *setup_vm(void *guest_code, struct kvm_vcpu **source,
			       struct kvm_vcpu **target)
{
	struct kvm_vcpu_init init;
	struct kvm_vm *vm;

	vm = vm_create(2);

	vm_ioctl(vm, KVM_ARM_PREFERRED_TARGET, &init);
	init.features[0] |= 1 << KVM_ARM_VCPU_PSCI_0_2;

	*source = arm_vcpu_add(vm, 0, &init, guest_code);
	*target = arm_vcpu_add(vm, 1, &init, guest_code);
	vcpu_power_off(*target);

	return vm;
}

/* Version negotiation: what user space asked for is what the guest gets. */
static void guest_version(uint32_t version)
{
	bool v1 = PSCI_MAJOR(version) >= 1;
	bool v1_1 = version >= PSCI_VERSION_1_1;

	GUEST_ASSERT_EQ(psci(PSCI_0_2_FN_PSCI_VERSION, 0, 0, 0), version);
	GUEST_ASSERT_EQ(psci(PSCI_0_2_FN_MIGRATE_INFO_TYPE, 0, 0, 0),
			PSCI_0_2_TOS_MP);

	/* Neither SMC64 functions nor unknown ones for a 32-bit guest */
	GUEST_ASSERT_EQ(psci(PSCI_0_2_FN64_CPU_ON, 1, 0, 0),
			PSCI_RET_NOT_SUPPORTED);
	GUEST_ASSERT_EQ(psci(PSCI_0_2_FN(0x1f), 0, 0, 0),
			PSCI_RET_NOT_SUPPORTED);

	GUEST_ASSERT_EQ(psci(PSCI_1_0_FN_PSCI_FEATURES,
			     PSCI_0_2_FN_CPU_ON, 0, 0),
			v1 ? 0 : PSCI_RET_NOT_SUPPORTED);
	GUEST_ASSERT_EQ(psci(PSCI_1_0_FN_PSCI_FEATURES,
			     PSCI_0_2_FN64_CPU_ON, 0, 0),
			PSCI_RET_NOT_SUPPORTED);
	GUEST_ASSERT_EQ(psci(PSCI_1_0_FN_PSCI_FEATURES,
			     PSCI_1_1_FN_SYSTEM_RESET2, 0, 0),
			v1_1 ? 0 : PSCI_RET_NOT_SUPPORTED);
	/* KVM_CAP_ARM_SYSTEM_SUSPEND is not enabled. */
	GUEST_ASSERT_EQ(psci(PSCI_1_0_FN_PSCI_FEATURES,
			     PSCI_1_0_FN_SYSTEM_SUSPEND, 0, 0),
			PSCI_RET_NOT_SUPPORTED);
	GUEST_ASSERT_EQ(psci(PSCI_1_0_FN_SYSTEM_SUSPEND, 0, 0, 0),
			PSCI_RET_NOT_SUPPORTED);

	GUEST_DONE();
}

/* Later kernels have 1.3 */
static uint32_t latest_version(struct kvm_vcpu *vcpu)
{
	return __vcpu_set_reg(vcpu, KVM_REG_ARM_PSCI_VERSION, PSCI_VERSION_1_3) ?
	       PSCI_VERSION_1_1 : PSCI_VERSION_1_3;
}

static void test_versions(void)
{
	static const uint32_t versions[] = {
		PSCI_VERSION_0_2, PSCI_VERSION_1_0, PSCI_VERSION_1_1,
	};
	struct kvm_vcpu *source, *target;
	struct kvm_vm *vm;
	uint64_t version;
	int i, ret;

	for (i = 0; i < ARRAY_SIZE(versions); i++) {
		vm = setup_vm(guest_version, &source, &target);

		version = vcpu_get_reg64(source, KVM_REG_ARM_PSCI_VERSION);
		TEST_ASSERT(version == latest_version(source),
			    "The latest version is default");
		vcpu_set_reg(source, KVM_REG_ARM_PSCI_VERSION, versions[i]);
		ret = __vcpu_set_reg(source, KVM_REG_ARM_PSCI_VERSION,
				     0x7fff0000);
		TEST_ASSERT(ret == -1 && errno == EINVAL,
			    "No such version: ret %d errno %d", ret, errno);

		vcpu_args_set(source, 1, versions[i]);
		vcpu_run_until(source, UCALL_DONE);
		kvm_vm_free(vm);
	}
}

static void guest_cpu_on_errors(uint32_t target)
{
	/* Not there, already on, and affinities that are not there */
	GUEST_ASSERT_EQ(psci(PSCI_0_2_FN_CPU_ON, NO_SUCH_MPIDR, 0, 0),
			PSCI_RET_INVALID_PARAMS);
	GUEST_ASSERT_EQ(psci(PSCI_0_2_FN_CPU_ON, 1U << 31, 0, 0),
			PSCI_RET_INVALID_PARAMS);
	GUEST_ASSERT_EQ(psci(PSCI_0_2_FN_CPU_ON, 0, 0, 0),
			PSCI_RET_ALREADY_ON);
	GUEST_ASSERT_EQ(psci(PSCI_0_2_FN_AFFINITY_INFO, NO_SUCH_MPIDR, 0, 0),
			PSCI_RET_INVALID_PARAMS);
	GUEST_ASSERT_EQ(psci(PSCI_0_2_FN_AFFINITY_INFO, target, 4, 0),
			PSCI_RET_INVALID_PARAMS);

	GUEST_ASSERT_EQ(psci(PSCI_0_2_FN_AFFINITY_INFO, 0, 0, 0),
			PSCI_0_2_AFFINITY_LEVEL_ON);
	GUEST_ASSERT_EQ(psci(PSCI_0_2_FN_AFFINITY_INFO, target, 0, 0),
			PSCI_0_2_AFFINITY_LEVEL_OFF);
	/* One level up, both are one, and one of them is on. */
	GUEST_ASSERT_EQ(psci(PSCI_0_2_FN_AFFINITY_INFO, target, 1, 0),
			PSCI_0_2_AFFINITY_LEVEL_ON);

	GUEST_DONE();
}

static void guest_cpu_on(uint32_t target)
{
	GUEST_ASSERT_EQ(psci(PSCI_0_2_FN_CPU_ON, target, CPU_ON_ENTRY_THUMB,
			     CPU_ON_CONTEXT_ID), PSCI_RET_SUCCESS);
	GUEST_ASSERT_EQ(psci(PSCI_0_2_FN_CPU_ON, target, CPU_ON_ENTRY_ADDR,
			     CPU_ON_CONTEXT_ID), PSCI_RET_ALREADY_ON);
	GUEST_ASSERT_EQ(psci(PSCI_0_2_FN_AFFINITY_INFO, target, 0, 0),
			PSCI_0_2_AFFINITY_LEVEL_ON);

	GUEST_DONE();
}

static uint32_t target_affinity(struct kvm_vcpu *target)
{
	return vcpu_get_reg32(target, KVM_CP15(CP15_MPIDR)) & MPIDR_AFF_MASK;
}

static void test_cpu_on_errors(void)
{
	struct kvm_vcpu *source, *target;
	struct kvm_vm *vm;

	vm = setup_vm(guest_cpu_on_errors, &source, &target);
	vcpu_args_set(source, 1, target_affinity(target));
	vcpu_run_until(source, UCALL_DONE);

	TEST_ASSERT(vcpu_mp_state(target) == KVM_MP_STATE_STOPPED,
		    "Nobody turned it on");
	kvm_vm_free(vm);
}

/*
 * CPU_ON leaves a request for the target.  User space that looks at the target
 * before it runs has to see the reset already.
 */
static void test_cpu_on(void)
{
	struct kvm_vcpu_events events = { .exception.serror_pending = 1 };
	struct kvm_vcpu *source, *target;
	struct kvm_vm *vm;
	uint32_t cpsr;

	vm = setup_vm(guest_cpu_on, &source, &target);
	vcpu_args_set(source, 1, target_affinity(target));
	vcpu_events_set(target, &events);
	vcpu_run_until(source, UCALL_DONE);

	TEST_ASSERT(vcpu_mp_state(target) == KVM_MP_STATE_RUNNABLE,
		    "The target is off");
	vcpu_events_get(target, &events);
	TEST_ASSERT(!events.exception.serror_pending,
		    "An abort of the time before the reset is pending");
	TEST_ASSERT(vcpu_get_reg32(target, REG_PC) == CPU_ON_ENTRY_ADDR,
		    "PC 0x%x", vcpu_get_reg32(target, REG_PC));
	TEST_ASSERT(vcpu_get_reg32(target, REG(0)) == CPU_ON_CONTEXT_ID,
		    "R0 0x%x", vcpu_get_reg32(target, REG(0)));

	cpsr = vcpu_get_reg32(target, REG_CPSR);
	TEST_ASSERT((cpsr & ~PSR_E) == (PSR_MODE_SVC | PSR_A | PSR_I | PSR_F |
					PSR_T),
		    "CPSR 0x%x: SVC, all masked, Thumb by bit 0 of the entry",
		    cpsr);
	TEST_ASSERT(!(cpsr & PSR_E), "The caller is little-endian");
	TEST_ASSERT(!(vcpu_get_reg32(target, KVM_CP15(CP15_SCTLR)) & SCTLR_M),
		    "The MMU is on after a reset");

	kvm_vm_free(vm);
}

#define MOVED_AFFINITY		0x00000302U

static void guest_cpu_on_moved(uint32_t target)
{
	GUEST_ASSERT_EQ(psci(PSCI_0_2_FN_CPU_ON, target, 0, 0),
			PSCI_RET_INVALID_PARAMS);
	GUEST_ASSERT_EQ(psci(PSCI_0_2_FN_CPU_ON, MOVED_AFFINITY,
			     CPU_ON_ENTRY_ADDR, CPU_ON_CONTEXT_ID),
			PSCI_RET_SUCCESS);
	GUEST_DONE();
}

/* It is by its MPIDR that a vCPU is found, which user space may have set. */
static void test_cpu_on_moved(void)
{
	struct kvm_vcpu *source, *target;
	struct kvm_vm *vm;

	vm = setup_vm(guest_cpu_on_moved, &source, &target);
	vcpu_args_set(source, 1, target_affinity(target));
	vcpu_set_reg(target, KVM_CP15(CP15_MPIDR),
		     (vcpu_get_reg32(target, KVM_CP15(CP15_MPIDR)) &
		      ~MPIDR_AFF_MASK) | MOVED_AFFINITY);
	vcpu_run_until(source, UCALL_DONE);

	TEST_ASSERT(vcpu_mp_state(target) == KVM_MP_STATE_RUNNABLE,
		    "The target is off");
	TEST_ASSERT_EQ(target_affinity(target), MOVED_AFFINITY);
	kvm_vm_free(vm);
}

static void guest_cpu_off(void)
{
	psci(PSCI_0_2_FN_CPU_OFF, 0, 0, 0);
	GUEST_FAIL("CPU_OFF returned");
}

static void guest_wait_for_off(uint32_t target)
{
	int32_t state;

	do {
		state = psci(PSCI_0_2_FN_AFFINITY_INFO, target, 0, 0);
	} while (state == PSCI_0_2_AFFINITY_LEVEL_ON);

	GUEST_ASSERT_EQ(state, PSCI_0_2_AFFINITY_LEVEL_OFF);
	GUEST_DONE();
}

static void ignore_signal(int sig)
{
}

/* KVM_RUN of a vCPU that goes off blocks until somebody stops it. */
static void *run_to_off(void *arg)
{
	int ret = __vcpu_run(arg);

	TEST_ASSERT(ret == -1 && errno == EINTR, "ret %d errno %d", ret,
		    errno);
	return NULL;
}

static void test_cpu_off(void)
{
	const struct sigaction sa = { .sa_handler = ignore_signal };
	struct kvm_mp_state runnable = { KVM_MP_STATE_RUNNABLE };
	struct kvm_vcpu *source, *target;
	struct kvm_vm *vm;
	pthread_t thread;

	sigaction(SIGUSR1, &sa, NULL);

	vm = setup_vm(guest_wait_for_off, &source, &target);
	vcpu_arch_set_entry_point(target, guest_cpu_off);
	vcpu_mp_state_set(target, &runnable);
	vcpu_args_set(source, 1, target_affinity(target));

	pthread_create(&thread, NULL, run_to_off, target);
	vcpu_run_until(source, UCALL_DONE);

	target->run->immediate_exit = 1;
	pthread_kill(thread, SIGUSR1);
	pthread_join(thread, NULL);

	TEST_ASSERT(vcpu_mp_state(target) == KVM_MP_STATE_STOPPED,
		    "The target is on");
	kvm_vm_free(vm);
}

static void guest_system(uint32_t fn, uint32_t arg)
{
	int32_t ret = psci(fn, arg, CPU_ON_CONTEXT_ID, 0);

	/* User space entered again: the call failed. */
	GUEST_ASSERT_EQ(ret, PSCI_RET_INTERNAL_FAILURE);
	GUEST_DONE();
}

static void test_system_event(uint32_t fn, uint32_t arg, uint32_t type,
			      uint64_t flags)
{
	struct kvm_mp_state runnable = { KVM_MP_STATE_RUNNABLE };
	struct kvm_vcpu *source, *target;
	struct kvm_run *run;
	struct kvm_vm *vm;

	vm = setup_vm(guest_system, &source, &target);
	vcpu_args_set(source, 2, fn, arg);
	vcpu_mp_state_set(target, &runnable);

	vcpu_run(source);
	run = source->run;
	TEST_ASSERT_KVM_EXIT_REASON(source, KVM_EXIT_SYSTEM_EVENT);
	TEST_ASSERT(run->system_event.type == type &&
		    run->system_event.ndata == 1 &&
		    run->system_event.data[0] == flags,
		    "event %u, flags 0x%llx", run->system_event.type,
		    run->system_event.data[0]);

	/* All vCPUs are off until user space says otherwise. */
	TEST_ASSERT(vcpu_mp_state(source) == KVM_MP_STATE_STOPPED &&
		    vcpu_mp_state(target) == KVM_MP_STATE_STOPPED,
		    "vCPUs go on after the event");
	vcpu_mp_state_set(source, &runnable);
	vcpu_run_until(source, UCALL_DONE);

	kvm_vm_free(vm);
}

static void guest_bad_reset2(void)
{
	/* Reserved: neither warm reset nor a vendor's */
	GUEST_ASSERT_EQ(psci(PSCI_1_1_FN_SYSTEM_RESET2, 1, 0, 0),
			PSCI_RET_INVALID_PARAMS);
	GUEST_DONE();
}

static void test_bad_reset2(void)
{
	struct kvm_vcpu *source, *target;
	struct kvm_vm *vm = setup_vm(guest_bad_reset2, &source, &target);

	vcpu_run_until(source, UCALL_DONE);
	kvm_vm_free(vm);
}

static void guest_system_suspend(void)
{
	GUEST_ASSERT_EQ(psci(PSCI_1_0_FN_PSCI_FEATURES,
			     PSCI_1_0_FN_SYSTEM_SUSPEND, 0, 0), 0);
	psci(PSCI_1_0_FN_SYSTEM_SUSPEND, CPU_ON_ENTRY_ADDR, CPU_ON_CONTEXT_ID,
	     0);
	GUEST_DONE();
}

static void test_system_suspend(void)
{
	struct kvm_vcpu *source, *target;
	struct kvm_run *run;
	struct kvm_vm *vm;

	vm = setup_vm(guest_system_suspend, &source, &target);
	vm_enable_cap(vm, KVM_CAP_ARM_SYSTEM_SUSPEND, 0);
	run = source->run;

	vcpu_run(source);
	TEST_ASSERT_KVM_EXIT_REASON(source, KVM_EXIT_SYSTEM_EVENT);
	TEST_ASSERT(run->system_event.type == KVM_SYSTEM_EVENT_SUSPEND,
		    "event %u", run->system_event.type);

	/* User space finds the arguments of the call in the registers. */
	TEST_ASSERT(vcpu_get_reg32(source, REG(1)) == CPU_ON_ENTRY_ADDR &&
		    vcpu_get_reg32(source, REG(2)) == CPU_ON_CONTEXT_ID,
		    "R1 0x%x R2 0x%x", vcpu_get_reg32(source, REG(1)),
		    vcpu_get_reg32(source, REG(2)));

	/* Not suspended: the call returns. */
	vcpu_run_until(source, UCALL_DONE);
	kvm_vm_free(vm);
}

int main(void)
{
	TEST_REQUIRE(kvm_has_cap(KVM_CAP_ARM_PSCI_0_2));
	TEST_REQUIRE(kvm_has_cap(KVM_CAP_ARM_SYSTEM_SUSPEND));

	ksft_print_header();
	ksft_set_plan(10);

	test_versions();
	ksft_test_result_pass("versions\n");
	test_cpu_on_errors();
	ksft_test_result_pass("CPU_ON, AFFINITY_INFO: errors\n");
	test_cpu_on();
	ksft_test_result_pass("CPU_ON\n");
	test_cpu_on_moved();
	ksft_test_result_pass("CPU_ON by another affinity\n");
	test_cpu_off();
	ksft_test_result_pass("CPU_OFF\n");
	test_system_event(PSCI_0_2_FN_SYSTEM_OFF, 0,
			  KVM_SYSTEM_EVENT_SHUTDOWN, 0);
	ksft_test_result_pass("SYSTEM_OFF\n");
	test_system_event(PSCI_0_2_FN_SYSTEM_RESET, 0,
			  KVM_SYSTEM_EVENT_RESET, 0);
	ksft_test_result_pass("SYSTEM_RESET\n");
	test_system_event(PSCI_1_1_FN_SYSTEM_RESET2, 0,
			  KVM_SYSTEM_EVENT_RESET,
			  KVM_SYSTEM_EVENT_RESET_FLAG_PSCI_RESET2);
	ksft_test_result_pass("SYSTEM_RESET2\n");
	test_bad_reset2();
	ksft_test_result_pass("SYSTEM_RESET2: reserved type\n");
	test_system_suspend();
	ksft_test_result_pass("SYSTEM_SUSPEND\n");

	ksft_finished();
}
