// SPDX-License-Identifier: GPL-2.0-only
/*
 * The ioctls of a vCPU of a 32-bit ARM guest, in the wrong order, with values
 * that are none, and with pointers that lead nowhere: each has its errno.
 */
#include <sched.h>
#include <linux/bits.h>
#include <sys/mman.h>

#include "isa.h"
#include "kvm_util.h"
#include "processor.h"

#define REG_PC		ARM_CORE_REG(usr_regs.ARM_pc)
#define REG_CPSR	ARM_CORE_REG(usr_regs.ARM_cpsr)
#define REG_R4		(ARM_CORE_REG(usr_regs.uregs[0]) + 4)

#define NR_CORE_REGS	(sizeof(struct kvm_regs) / sizeof(__u32))

/* The first page of an address space is never mapped. */
#define BAD_POINTER	((void *)8)
/* In the kernel's half of it */
#define KERNEL_POINTER	((void *)0xc0008000UL)

#define PSR_MODE_MON	0x16U
#define PSR_MODE_HYP	0x1aU

/* The result of a call, which fails with an errno or succeeds with 0 */
#define EXPECT(err, call) do {						\
	int __ret = (call), __err = (err);				\
									\
	TEST_ASSERT(__err ? __ret == -1 && errno == __err : !__ret,	\
		    "%s: ret %d errno %d, wanted %d", #call, __ret,	\
		    errno, __err);					\
} while (0)

static void guest_code(void)
{
	for (;;)
		GUEST_SYNC(0);
}

static int get_reg(struct kvm_vcpu *vcpu, uint64_t id)
{
	uint64_t val;

	return __vcpu_get_reg(vcpu, id, &val);
}

static void test_not_initialized(void)
{
	struct kvm_vm *vm = vm_create_barebones();
	struct kvm_vcpu *vcpu = __vm_vcpu_add(vm, 0);
	struct kvm_vcpu_events events = {};
	struct kvm_reg_list list = {};

	EXPECT(ENOEXEC, __vcpu_run(vcpu));
	EXPECT(ENOEXEC, get_reg(vcpu, REG_PC));
	EXPECT(ENOEXEC, __vcpu_set_reg(vcpu, REG_PC, 0));
	EXPECT(ENOEXEC, __vcpu_ioctl(vcpu, KVM_GET_REG_LIST, &list));
	EXPECT(ENOEXEC, __vcpu_ioctl(vcpu, KVM_GET_VCPU_EVENTS, &events));
	EXPECT(ENOEXEC, __vcpu_ioctl(vcpu, KVM_SET_VCPU_EVENTS, &events));

	EXPECT(EEXIST, __vm_ioctl(vm, KVM_CREATE_VCPU, (void *)0UL));

	kvm_vm_free(vm);
}

static int vcpu_init(struct kvm_vcpu *vcpu, uint32_t target, int word,
		     uint32_t features)
{
	struct kvm_vcpu_init init = { .target = target };

	init.features[word] = features;
	return __vcpu_ioctl(vcpu, KVM_ARM_VCPU_INIT, &init);
}

static void test_init(void)
{
	struct kvm_vm *vm = vm_create_barebones();
	struct kvm_vcpu *vcpu = __vm_vcpu_add(vm, 0);
	struct kvm_vcpu *other = __vm_vcpu_add(vm, 1);
	struct kvm_mp_state mp_state;
	struct kvm_vcpu_init init;
	uint32_t target;

	vm_ioctl(vm, KVM_ARM_PREFERRED_TARGET, &init);
	target = init.target;
	TEST_ASSERT(target < KVM_ARM_NUM_TARGETS, "target %u", target);

	EXPECT(EINVAL, vcpu_init(vcpu, KVM_ARM_NUM_TARGETS, 0, 0));
	EXPECT(EINVAL, vcpu_init(vcpu, ~0U, 0, 0));
	EXPECT(EINVAL, vcpu_init(vcpu, (target + 1) % KVM_ARM_NUM_TARGETS, 0,
				 0));
	EXPECT(ENOENT, vcpu_init(vcpu, target, 0, 1U << 2));
	EXPECT(ENOENT, vcpu_init(vcpu, target, 0, 1U << 31));
	EXPECT(ENOENT, vcpu_init(vcpu, target, 6, 1));
	EXPECT(EFAULT, ioctl(vcpu->fd, KVM_ARM_VCPU_INIT, BAD_POINTER));
	EXPECT(EFAULT, ioctl(vcpu->fd, KVM_ARM_VCPU_INIT, KERNEL_POINTER));
	EXPECT(EFAULT, ioctl(vm->fd, KVM_ARM_PREFERRED_TARGET, BAD_POINTER));
	EXPECT(ENOEXEC, get_reg(vcpu, REG_PC));

	/* Off or on is this vCPU's choice, the features are the VM's. */
	EXPECT(0, vcpu_init(vcpu, target, 0, 1 << KVM_ARM_VCPU_POWER_OFF));
	vcpu_mp_state_get(vcpu, &mp_state);
	TEST_ASSERT_EQ(mp_state.mp_state, KVM_MP_STATE_STOPPED);
	EXPECT(0, vcpu_init(vcpu, target, 0, 0));
	vcpu_mp_state_get(vcpu, &mp_state);
	TEST_ASSERT_EQ(mp_state.mp_state, KVM_MP_STATE_RUNNABLE);
	EXPECT(EINVAL, vcpu_init(vcpu, target, 0, 1 << KVM_ARM_VCPU_PSCI_0_2));
	EXPECT(EINVAL, vcpu_init(other, target, 0,
				 1 << KVM_ARM_VCPU_PSCI_0_2));
	EXPECT(0, vcpu_init(other, target, 0, 1 << KVM_ARM_VCPU_POWER_OFF));

	kvm_vm_free(vm);
}

/*
 * A second KVM_ARM_VCPU_INIT is a reset, and it comes while user space has the
 * store in hand that is the guest's exit: that store is not completed any more,
 * which would skip an instruction at the new entry point.
 */
static void test_reset(void)
{
	struct kvm_vcpu_init init;
	struct kvm_vcpu *vcpu;
	struct kvm_vm *vm;

	vm = vm_create_with_one_vcpu(&vcpu, guest_code);
	vcpu_run(vcpu);
	TEST_ASSERT_EQ(get_ucall(vcpu, NULL), UCALL_SYNC);
	vcpu_set_reg(vcpu, REG_R4, 0x1234);

	vm_ioctl(vm, KVM_ARM_PREFERRED_TARGET, &init);
	EXPECT(0, vcpu_init(vcpu, init.target, 0, 0));
	TEST_ASSERT_EQ(vcpu_get_reg32(vcpu, REG_PC), 0);
	TEST_ASSERT_EQ(vcpu_get_reg32(vcpu, REG_R4), 0);
	TEST_ASSERT_EQ(vcpu_get_reg32(vcpu, REG_CPSR),
		       PSR_MODE_SVC | PSR_A | PSR_I | PSR_F);
	TEST_ASSERT_EQ(vcpu_get_reg32(vcpu, KVM_CP15(CP15_SCTLR)) & SCTLR_M, 0);
	TEST_ASSERT_EQ(vcpu_get_reg32(vcpu, KVM_CP15(CP15_VBAR)), 0);

	/* And it runs again. */
	arm_vcpu_setup(vcpu, NULL);
	vcpu_arch_set_entry_point(vcpu, guest_code);
	vcpu_set_reg(vcpu, ARM_CORE_REG(KVM_ARM_SVC_sp),
		     vm_vaddr_alloc_page(vm) + vm->page_size);
	vcpu->run->immediate_exit = 1;
	EXPECT(EINTR, __vcpu_run(vcpu));
	vcpu->run->immediate_exit = 0;
	TEST_ASSERT_EQ(vcpu_get_reg32(vcpu, REG_PC),
		       (uintptr_t)guest_code & ~1U);
	vcpu_run(vcpu);
	TEST_ASSERT_EQ(get_ucall(vcpu, NULL), UCALL_SYNC);

	kvm_vm_free(vm);
}

#define CORE_ID(size, i) \
	(KVM_REG_ARM | KVM_REG_SIZE_ ## size | KVM_REG_ARM_CORE | (i))

static void test_bad_registers(struct kvm_vcpu *vcpu)
{
	static const struct {
		const char *what;
		uint64_t id;
		int err;
	} cases[] = {
		{ "no architecture", 0, ENOENT },
		{ "arm64", KVM_REG_ARM64 | KVM_REG_SIZE_U64 |
		  KVM_REG_ARM_CORE, ENOENT },
		{ "beyond the core registers", CORE_ID(U32, NR_CORE_REGS),
		  ENOENT },
		{ "last core index", CORE_ID(U32, 0xffff), ENOENT },
		{ "beyond D31", ARM_VFP_D_REG(32), ENOENT },
		{ "no VFP system register", KVM_REG_ARM | KVM_REG_SIZE_U32 |
		  KVM_REG_ARM_VFP | 0x1002, ENOENT },
		{ "demux id", KVM_REG_ARM | KVM_REG_SIZE_U32 |
		  KVM_REG_ARM_DEMUX | KVM_REG_ARM_DEMUX_ID_MASK, ENOENT },
		{ "cp15 register", KVM_CP15(7, 15, 15, 7), ENOENT },
		{ "cp15 64-bit register", KVM_CP15_64(15, 15), ENOENT },
		{ "coprocessor", KVM_REG_ARM | KVM_REG_SIZE_U32 |
		  (3ULL << KVM_REG_ARM_COPROC_SHIFT), ENOENT },
		{ "firmware register", KVM_REG_ARM_FW_REG(0xffff), ENOENT },
		{ "firmware feature register",
		  KVM_REG_ARM_FW_FEAT_BMAP_REG(0xffff), ENOENT },
	};
	uint64_t val = 0;
	int i, ret;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		ret = get_reg(vcpu, cases[i].id);
		TEST_ASSERT(ret == -1 && (errno == cases[i].err ||
					  errno == EINVAL),
			    "get %s: ret %d errno %d", cases[i].what, ret,
			    errno);
		ret = __vcpu_set_reg(vcpu, cases[i].id, 0);
		TEST_ASSERT(ret == -1 && (errno == cases[i].err ||
					  errno == EINVAL),
			    "set %s: ret %d errno %d", cases[i].what, ret,
			    errno);
	}

	/* Sizes that are not the register's; the last would be 2 KiB. */
	EXPECT(ENOENT, get_reg(vcpu, CORE_ID(U64, 0)));
	EXPECT(ENOENT, __vcpu_set_reg(vcpu, CORE_ID(U64, 0), val));
	EXPECT(ENOENT, get_reg(vcpu, CORE_ID(U8, 0)));
	EXPECT(ENOENT, __vcpu_set_reg(vcpu, CORE_ID(U2048, 0), val));
	EXPECT(ENOENT, get_reg(vcpu, ARM_VFP_D_REG(0) ^
			       (KVM_REG_SIZE_U64 ^ KVM_REG_SIZE_U32)));
	EXPECT(ENOENT, get_reg(vcpu, KVM_CP15(CP15_SCTLR) ^
			       (KVM_REG_SIZE_U64 ^ KVM_REG_SIZE_U32)));
	EXPECT(ENOENT, get_reg(vcpu, KVM_CP15(CP15_SCTLR) ^
			       (KVM_REG_SIZE_U8 ^ KVM_REG_SIZE_U32)));

	EXPECT(EFAULT, __vcpu_get_reg(vcpu, REG_PC, BAD_POINTER));
	EXPECT(EFAULT, __vcpu_get_reg(vcpu, REG_PC, KERNEL_POINTER));
	EXPECT(EFAULT, __vcpu_get_reg(vcpu, ARM_VFP_D_REG(0), BAD_POINTER));
	EXPECT(EFAULT, __vcpu_get_reg(vcpu, KVM_CP15(CP15_SCTLR),
				      BAD_POINTER));
	EXPECT(EFAULT, __vcpu_get_reg(vcpu, KVM_REG_ARM_TIMER_CNT,
				      BAD_POINTER));
	EXPECT(EFAULT, __vcpu_get_reg(vcpu, KVM_REG_ARM_PSCI_VERSION,
				      BAD_POINTER));
	EXPECT(EFAULT, ioctl(vcpu->fd, KVM_GET_ONE_REG, BAD_POINTER));
	EXPECT(EFAULT, ioctl(vcpu->fd, KVM_SET_ONE_REG, KERNEL_POINTER));
}

static void test_cpsr(struct kvm_vcpu *vcpu)
{
	static const uint32_t good[] = {
		PSR_MODE_USR, PSR_MODE_FIQ, PSR_MODE_IRQ, PSR_MODE_SVC,
		PSR_MODE_ABT, PSR_MODE_UND, PSR_MODE_SYS,
	};
	static const uint32_t bad[] = {
		0, PSR_MODE_MON, PSR_MODE_HYP, 0x14, 0x1c,
	};
	uint32_t cpsr = vcpu_get_reg32(vcpu, REG_CPSR);
	int i;

	for (i = 0; i < ARRAY_SIZE(good); i++)
		EXPECT(0, __vcpu_set_reg(vcpu, REG_CPSR, good[i]));
	for (i = 0; i < ARRAY_SIZE(bad); i++)
		EXPECT(EINVAL, __vcpu_set_reg(vcpu, REG_CPSR, bad[i]));
	vcpu_set_reg(vcpu, REG_CPSR, cpsr);
}

static __arm_state void guest_in_arm_state(void)
{
	GUEST_DONE();
}

static __thumb_state void guest_in_thumb_state(void)
{
	GUEST_DONE();
}

/* CPSR bits that say nothing in the state that T says, or select none */
#define PSR_J		BIT(24)
#define PSR_IT		0x0600fc00U

/*
 * The low bits of the PC are ignored, as by every exception return, and it does
 * not matter which of PC and CPSR is written first.
 */
static void run_from(void *guest_code, uint32_t low_bits, uint32_t cpsr,
		     bool pc_first)
{
	uint32_t pc = ((uintptr_t)guest_code & ~1U) | low_bits;
	struct kvm_vcpu *vcpu;
	struct kvm_vm *vm;
	struct ucall uc;

	vm = vm_create_with_one_vcpu(&vcpu, guest_code);
	if (pc_first)
		vcpu_set_reg(vcpu, REG_PC, pc);
	vcpu_set_reg(vcpu, REG_CPSR, cpsr);
	if (!pc_first)
		vcpu_set_reg(vcpu, REG_PC, pc);

	vcpu_run(vcpu);
	TEST_ASSERT(get_ucall(vcpu, &uc) == UCALL_DONE,
		    "PC 0x%x CPSR 0x%x: exit %s", pc, cpsr,
		    exit_reason_str(vcpu->run->exit_reason));
	kvm_vm_free(vm);
}

static void test_state(struct kvm_vcpu *vcpu)
{
	const uint32_t svc = PSR_MODE_SVC | PSR_A | PSR_I | PSR_F;
	uint32_t cpsr = vcpu_get_reg32(vcpu, REG_CPSR), bits;
	int pc_first;

	for (pc_first = 0; pc_first < 2; pc_first++) {
		for (bits = 0; bits < 4; bits++) {
			run_from(guest_in_arm_state, bits, svc, pc_first);
			run_from(guest_in_arm_state, bits, svc | PSR_IT,
				 pc_first);
			run_from(guest_in_arm_state, bits, svc | PSR_J,
				 pc_first);
		}
		for (bits = 0; bits < 2; bits++)
			run_from(guest_in_thumb_state, bits, svc | PSR_T,
				 pc_first);
	}

	vcpu_set_reg(vcpu, REG_CPSR, svc | PSR_IT | PSR_J);
	TEST_ASSERT_EQ(vcpu_get_reg32(vcpu, REG_CPSR), svc);
	vcpu_set_reg(vcpu, REG_CPSR, svc | PSR_IT | PSR_T);
	TEST_ASSERT_EQ(vcpu_get_reg32(vcpu, REG_CPSR), svc | PSR_IT | PSR_T);
	vcpu_set_reg(vcpu, REG_CPSR, cpsr);
}

static void test_reg_list(struct kvm_vcpu *vcpu)
{
	struct kvm_reg_list *list = vcpu_get_reg_list(vcpu);
	struct kvm_reg_list none = { .n = 0 };
	uint64_t n = list->n, i, j;

	EXPECT(E2BIG, __vcpu_ioctl(vcpu, KVM_GET_REG_LIST, &none));
	TEST_ASSERT_EQ(none.n, n);
	list->n = n - 1;
	EXPECT(E2BIG, __vcpu_ioctl(vcpu, KVM_GET_REG_LIST, list));
	TEST_ASSERT_EQ(list->n, n);
	EXPECT(EFAULT, ioctl(vcpu->fd, KVM_GET_REG_LIST, BAD_POINTER));

	/* No register is there twice. */
	for (i = 0; i < n; i++)
		for (j = 0; j < i; j++)
			TEST_ASSERT(list->reg[i] != list->reg[j],
				    "0x%llx is register %" PRIu64
				    " and %" PRIu64, list->reg[i], j, i);
	free(list);
}

static void test_events(struct kvm_vcpu *vcpu)
{
	struct kvm_vcpu_events events = {};

	EXPECT(0, __vcpu_ioctl(vcpu, KVM_GET_VCPU_EVENTS, &events));
	TEST_ASSERT(!events.exception.serror_pending &&
		    !events.exception.ext_dabt_pending, "Something is pending");

	events.exception.serror_has_esr = 1;
	EXPECT(EINVAL, __vcpu_ioctl(vcpu, KVM_SET_VCPU_EVENTS, &events));
	events.exception.serror_has_esr = 0;
	events.exception.pad[0] = 1;
	EXPECT(EINVAL, __vcpu_ioctl(vcpu, KVM_SET_VCPU_EVENTS, &events));
	events.exception.pad[0] = 0;
	events.reserved[11] = 1;
	EXPECT(EINVAL, __vcpu_ioctl(vcpu, KVM_SET_VCPU_EVENTS, &events));
	EXPECT(EFAULT, ioctl(vcpu->fd, KVM_SET_VCPU_EVENTS, BAD_POINTER));
	EXPECT(EFAULT, ioctl(vcpu->fd, KVM_GET_VCPU_EVENTS, BAD_POINTER));
}

static void test_mp_state(struct kvm_vcpu *vcpu)
{
	struct kvm_mp_state state;
	uint32_t i;

	for (i = 0; i < 12; i++) {
		state.mp_state = i;
		EXPECT(i == KVM_MP_STATE_RUNNABLE ||
		       i == KVM_MP_STATE_STOPPED ||
		       i == KVM_MP_STATE_SUSPENDED ? 0 : EINVAL,
		       __vcpu_ioctl(vcpu, KVM_SET_MP_STATE, &state));
	}
	EXPECT(EFAULT, ioctl(vcpu->fd, KVM_SET_MP_STATE, BAD_POINTER));

	state.mp_state = KVM_MP_STATE_RUNNABLE;
	vcpu_mp_state_set(vcpu, &state);
}

/* What other architectures have, and ARM never had */
static void test_foreign(struct kvm_vcpu *vcpu)
{
	struct kvm_regs regs;

	EXPECT(EINVAL, __vcpu_ioctl(vcpu, KVM_GET_REGS, &regs));
	EXPECT(EINVAL, __vcpu_ioctl(vcpu, KVM_SET_REGS, &regs));
	EXPECT(EINVAL, ioctl(vcpu->fd, KVM_NMI, 0));
}

static void test_device_attrs(struct kvm_vcpu *vcpu)
{
	int irq = 0;

	EXPECT(0, __vcpu_has_device_attr(vcpu, KVM_ARM_VCPU_TIMER_CTRL,
					 KVM_ARM_VCPU_TIMER_IRQ_VTIMER));
	EXPECT(0, __vcpu_has_device_attr(vcpu, KVM_ARM_VCPU_TIMER_CTRL,
					 KVM_ARM_VCPU_TIMER_IRQ_PTIMER));
	EXPECT(ENXIO, __vcpu_has_device_attr(vcpu, KVM_ARM_VCPU_TIMER_CTRL,
					     100));
	EXPECT(ENXIO, __vcpu_has_device_attr(vcpu, 100, 0));
	EXPECT(ENXIO, __vcpu_device_attr_get(vcpu, 100, 0, &irq));
	EXPECT(ENXIO, __vcpu_device_attr_set(vcpu, 100, 0, &irq));
	EXPECT(EFAULT, __vcpu_device_attr_get(vcpu, KVM_ARM_VCPU_TIMER_CTRL,
					      KVM_ARM_VCPU_TIMER_IRQ_VTIMER,
					      BAD_POINTER));
}

#define INJECT	"/sys/kernel/debug/fail_function/"

static void inject(const char *file, const char *what)
{
	char path[sizeof(INJECT) + 64];
	FILE *f;

	snprintf(path, sizeof(path), INJECT "%s", file);
	f = fopen(path, "w");
	TEST_ASSERT(f && fputs(what, f) >= 0 && !fclose(f), "%s", path);
}

/*
 * The CPU is of another kind than the vCPU, as the kernel is made to believe:
 * user space is told each time, and the guest does not run until it is not.
 */
static void test_other_cpu(void)
{
	const char *retval = "kvm_cpu_model_is_other/retval";
	struct kvm_vcpu *vcpu;
	struct kvm_run *run;
	struct kvm_vm *vm;
	int i;

	vm = vm_create_with_one_vcpu(&vcpu, guest_code);
	run = vcpu->run;

	inject("inject", "kvm_cpu_model_is_other");
	inject(retval, "1");
	inject("probability", "100");
	inject("times", "-1");
	inject("verbose", "0");
	for (i = 0; i < 3; i++) {
		vcpu_run(vcpu);
		TEST_ASSERT_KVM_EXIT_REASON(vcpu, KVM_EXIT_FAIL_ENTRY);
		TEST_ASSERT_EQ(run->fail_entry.hardware_entry_failure_reason,
			       KVM_EXIT_FAIL_ENTRY_CPU_UNSUPPORTED);
		TEST_ASSERT_EQ(run->fail_entry.cpu, sched_getcpu());
	}
	inject("inject", "\n");

	vcpu_run(vcpu);
	TEST_ASSERT_EQ(get_ucall(vcpu, NULL), UCALL_SYNC);
	kvm_vm_free(vm);
}

/* Neither struct kvm_run, nor coalesced MMIO, nor a dirty ring */
#define NO_SUCH_PAGE	32

static void test_mapping(struct kvm_vcpu *vcpu)
{
	size_t size = getpagesize();
	void *page = mmap(NULL, size, PROT_READ, MAP_SHARED, vcpu->fd,
			  NO_SUCH_PAGE * size);
	int fds[2];

	TEST_ASSERT(page != MAP_FAILED, "mmap: %s", strerror(errno));
	TEST_ASSERT(!pipe(fds), "pipe: %s", strerror(errno));
	EXPECT(EFAULT, write(fds[1], page, 1));
	close(fds[0]);
	close(fds[1]);
	munmap(page, size);
}

int main(int argc, char *argv[])
{
	static const struct {
		const char *name;
		void (*test)(struct kvm_vcpu *vcpu);
	} tests[] = {
		{ "registers that are none", test_bad_registers },
		{ "modes that are none", test_cpsr },
		{ "states that are none, and any PC", test_state },
		{ "KVM_GET_REG_LIST", test_reg_list },
		{ "KVM_SET_VCPU_EVENTS", test_events },
		{ "KVM_SET_MP_STATE", test_mp_state },
		{ "ioctls of other architectures", test_foreign },
		{ "device attributes", test_device_attrs },
		{ "a page that is not there", test_mapping },
	};
	struct kvm_vcpu *vcpu;
	struct kvm_vm *vm;
	int i;

	ksft_print_header();

	/* -o: nothing but a CPU of another kind, on the CPU that it runs on */
	if (argc > 1 && !strcmp(argv[1], "-o")) {
		ksft_set_plan(1);
		test_other_cpu();
		ksft_test_result_pass("a CPU of another kind\n");
		ksft_finished();
	}

	ksft_set_plan(ARRAY_SIZE(tests) + 3);

	test_not_initialized();
	ksft_test_result_pass("before KVM_ARM_VCPU_INIT\n");
	test_init();
	ksft_test_result_pass("KVM_ARM_VCPU_INIT\n");
	test_reset();
	ksft_test_result_pass("reset\n");

	vm = vm_create_with_one_vcpu(&vcpu, guest_code);
	for (i = 0; i < ARRAY_SIZE(tests); i++) {
		tests[i].test(vcpu);
		ksft_test_result_pass("%s\n", tests[i].name);
	}

	/* After all that, the guest still runs. */
	vcpu_run(vcpu);
	TEST_ASSERT_EQ(get_ucall(vcpu, NULL), UCALL_SYNC);
	kvm_vm_free(vm);

	ksft_finished();
}
