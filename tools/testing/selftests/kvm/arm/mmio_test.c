// SPDX-License-Identifier: GPL-2.0-only
/*
 * MMIO that user space emulates, in ARM and in Thumb state: every size and
 * sign extension, both endiannesses, completion exactly once, writes to
 * read-only memory, and accesses for which the hardware has no syndrome.
 */
#include <linux/sizes.h>

#include "isa.h"
#include "kvm_util.h"
#include "processor.h"

#define MMIO_GPA	0x30000000UL
#define MMIO_OFFSET	0x120
#define MMIO_ADDR	(MMIO_GPA + MMIO_OFFSET)

#define RO_GPA		0x50000000UL
#define RO_SLOT		10
#define RO_PATTERN	0x600df00dU

#define READ_DATA	0xf1e2d3c4U
#define WRITE_DATA	0x89abcdefU

#define REG(n)		(ARM_CORE_REG(usr_regs.uregs[0]) + (n))
#define REG_PC		ARM_CORE_REG(usr_regs.ARM_pc)
#define REG_CPSR	ARM_CORE_REG(usr_regs.ARM_cpsr)

/* One access: what the guest executes, and what both sides see of it */
struct access {
	const char *insn;
	bool is_write;
	unsigned int len;
	uint32_t bus;		/* bytes at the device, little-endian */
	uint32_t reg;		/* the register after a load, before a store */
};

/* In the order of guest_sizes() */
static const struct access accesses[] = {
	{ "ldr",	false,	4,	READ_DATA,	READ_DATA },
	{ "ldrh",	false,	2,	0xd3c4,		0xd3c4 },
	{ "ldrb",	false,	1,	0xc4,		0xc4 },
	{ "ldrsh",	false,	2,	0xd3c4,		0xffffd3c4 },
	{ "ldrsb",	false,	1,	0xc4,		0xffffffc4 },
	{ "ldrsb +",	false,	1,	0x44,		0x44 },
	{ "str",	true,	4,	WRITE_DATA,	WRITE_DATA },
	{ "strh",	true,	2,	0xcdef,		WRITE_DATA },
	{ "strb",	true,	1,	0xef,		WRITE_DATA },
	{ "ldr be",	false,	4,	READ_DATA,	0xc4d3e2f1 },
	{ "ldrh be",	false,	2,	0xd3c4,		0xc4d3 },
	{ "ldrsh be",	false,	2,	0xc4d3,		0xffffd3c4 },
	{ "str be",	true,	4,	0xefcdab89,	WRITE_DATA },
	{ "strh be",	true,	2,	0xefcd,		WRITE_DATA },
	{ "ldr to lr",	false,	4,	READ_DATA,	READ_DATA },
};

#define LOAD(insn) ({							\
	uint32_t __val;							\
									\
	asm volatile(".syntax unified\n" insn " %0, [%1]"		\
		     : "=&r" (__val) : "r" (MMIO_ADDR) : "memory");	\
	__val;								\
})

#define STORE(insn)							\
	asm volatile(".syntax unified\n" insn " %0, [%1]"		\
		     : : "r" (WRITE_DATA), "r" (MMIO_ADDR) : "memory")

/* With interrupts off, nothing but the access itself is big-endian. */
#define LOAD_BE(insn) ({						\
	uint32_t __val;							\
									\
	asm volatile(".syntax unified\nsetend be\n" insn " %0, [%1]\n"	\
		     "setend le"					\
		     : "=&r" (__val) : "r" (MMIO_ADDR) : "memory");	\
	__val;								\
})

#define STORE_BE(insn)							\
	asm volatile(".syntax unified\nsetend be\n" insn " %0, [%1]\n"	\
		     "setend le"					\
		     : : "r" (WRITE_DATA), "r" (MMIO_ADDR) : "memory")

static __always_inline void guest_sizes(uint32_t t)
{
	uint32_t val;

	GUEST_SYNC1(LOAD("ldr"));
	GUEST_SYNC1(LOAD("ldrh"));
	GUEST_SYNC1(LOAD("ldrb"));
	GUEST_SYNC1(LOAD("ldrsh"));
	GUEST_SYNC1(LOAD("ldrsb"));
	GUEST_SYNC1(LOAD("ldrsb"));
	STORE("str");
	STORE("strh");
	STORE("strb");
	GUEST_SYNC1(LOAD_BE("ldr"));
	GUEST_SYNC1(LOAD_BE("ldrh"));
	GUEST_SYNC1(LOAD_BE("ldrsh"));
	STORE_BE("str");
	STORE_BE("strh");

	/* LR is banked: the one of this mode has to get the value. */
	asm volatile("ldr lr, [%1]\n"
		     "mov %0, lr"
		     : "=r" (val) : "r" (MMIO_ADDR) : "lr", "memory");
	GUEST_SYNC1(val);
}

BOTH_STATES(guest_sizes)

static void check_ucall(struct kvm_vcpu *vcpu, struct ucall *uc, uint64_t cmd)
{
	get_ucall(vcpu, uc);
	if (uc->cmd == UCALL_ABORT)
		REPORT_GUEST_ASSERT(*uc);
	TEST_ASSERT(uc->cmd == cmd, "ucall %" PRIu64 ", not %" PRIu64
		    ", exit %s", uc->cmd, cmd,
		    exit_reason_str(vcpu->run->exit_reason));
}

static void expect_mmio(struct kvm_vcpu *vcpu, const struct access *a,
			uint64_t gpa)
{
	struct kvm_run *run = vcpu->run;
	uint32_t data = 0;

	TEST_ASSERT_KVM_EXIT_REASON(vcpu, KVM_EXIT_MMIO);
	TEST_ASSERT(run->mmio.phys_addr == gpa && run->mmio.len == a->len &&
		    run->mmio.is_write == a->is_write,
		    "%s: %s of %u at 0x%llx", a->insn,
		    run->mmio.is_write ? "write" : "read", run->mmio.len,
		    run->mmio.phys_addr);

	if (!a->is_write) {
		memcpy(run->mmio.data, &a->bus, a->len);
		return;
	}

	memcpy(&data, run->mmio.data, a->len);
	TEST_ASSERT(data == a->bus, "%s: 0x%x, not 0x%x", a->insn, data,
		    a->bus);
}

static void test_sizes(void)
{
	const struct access *a;
	struct kvm_vcpu *vcpu;
	struct kvm_vm *vm;
	struct ucall uc;
	int i, state;

	vm = vm_create_with_one_vcpu(&vcpu, guest_sizes_guest);
	virt_map_device(vm, MMIO_GPA, MMIO_GPA, 1);

	for (state = 0; state < 2; state++) {
		for (i = 0; i < ARRAY_SIZE(accesses); i++) {
			a = &accesses[i];

			vcpu_run(vcpu);
			expect_mmio(vcpu, a, MMIO_ADDR);
			if (a->is_write)
				continue;

			vcpu_run(vcpu);
			check_ucall(vcpu, &uc, UCALL_SYNC);
			TEST_ASSERT(uc.args[0] == a->reg,
				    "%s: register 0x%x, not 0x%x", a->insn,
				    (uint32_t)uc.args[0], a->reg);
		}
	}

	vcpu_run(vcpu);
	check_ucall(vcpu, &uc, UCALL_DONE);
	kvm_vm_free(vm);
}

#define SVC_R8		0x88888888U

/* FIQ mode has an R8 of its own, and while the vCPU is loaded the CPU has it. */
static __always_inline void guest_fiq(uint32_t t)
{
	uint32_t r8;

	asm volatile(".syntax unified\n"
		     "mov r0, %1\n"
		     "mov r8, %2\n"
		     "cps #0x11\n"
		     "ldr r8, [r0]\n"
		     "mvn r8, r8\n"
		     "str r8, [r0]\n"
		     "cps #0x13\n"
		     "mov %0, r8"
		     : "=r" (r8) : "r" (MMIO_ADDR), "r" (SVC_R8)
		     : "r0", "r8", "memory");
	GUEST_ASSERT_EQ(r8, SVC_R8);
}

BOTH_STATES(guest_fiq)

static void test_fiq(void)
{
	static const struct access fiq[] = {
		{ "ldr r8_fiq",	false,	4,	READ_DATA,	READ_DATA },
		{ "str r8_fiq",	true,	4,	~READ_DATA,	~READ_DATA },
	};
	struct kvm_vcpu *vcpu;
	struct kvm_vm *vm;
	struct ucall uc;
	int i, state;

	vm = vm_create_with_one_vcpu(&vcpu, guest_fiq_guest);
	virt_map_device(vm, MMIO_GPA, MMIO_GPA, 1);

	for (state = 0; state < 2; state++) {
		for (i = 0; i < ARRAY_SIZE(fiq); i++) {
			vcpu_run(vcpu);
			expect_mmio(vcpu, &fiq[i], MMIO_ADDR);
		}
	}

	vcpu_run(vcpu);
	check_ucall(vcpu, &uc, UCALL_DONE);
	kvm_vm_free(vm);
}

/* R1 is the address, and R0 is loaded, once.  R2 counts instructions. */
static __always_inline void guest_complete(uint32_t t)
{
	uint32_t val, count;

	asm volatile(".syntax unified\n"
		     "mov r1, %2\n"
		     "mov r0, #0\n"
		     "mov r2, #0\n"
		     "ldr r0, [r1]\n"
		     "add r2, r2, #1\n"
		     "add r2, r2, #2\n"
		     "add r2, r2, #4\n"
		     "mov %0, r0\n"
		     "mov %1, r2"
		     : "=r" (val), "=r" (count) : "r" (MMIO_ADDR)
		     : "r0", "r1", "r2", "cc", "memory");
	GUEST_ASSERT_EQ(val, READ_DATA);
	GUEST_ASSERT_EQ(count, 7);
}

BOTH_STATES(guest_complete)

static void run_immediate_exit(struct kvm_vcpu *vcpu)
{
	int ret;

	vcpu->run->immediate_exit = 1;
	ret = __vcpu_run(vcpu);
	vcpu->run->immediate_exit = 0;
	TEST_ASSERT(ret == -1 && errno == EINTR,
		    "immediate exit: ret %d errno %d", ret, errno);
}

/*
 * However often user space enters with immediate_exit: the load completes at
 * the first time, and the PC moves by one instruction and never again.
 */
static void test_complete_once(void)
{
	uint32_t pc, next, t;
	struct kvm_vcpu *vcpu;
	struct kvm_vm *vm;
	struct ucall uc;
	int i, state;

	vm = vm_create_with_one_vcpu(&vcpu, guest_complete_guest);
	virt_map_device(vm, MMIO_GPA, MMIO_GPA, 1);

	for (state = 0; state < 2; state++) {
		vcpu_run(vcpu);
		expect_mmio(vcpu, &accesses[0], MMIO_ADDR);

		pc = vcpu_get_reg32(vcpu, REG_PC);
		t = vcpu_get_reg32(vcpu, REG_CPSR) & PSR_T;
		TEST_ASSERT(!t == !state, "CPSR.T is %u", !!t);
		TEST_ASSERT(!vcpu_get_reg32(vcpu, REG(0)),
			    "The load completed before it could");

		/* Both encodings of LDR R0, [R1] are known. */
		next = pc + (t ? 2 : 4);
		for (i = 0; i < 3; i++) {
			run_immediate_exit(vcpu);
			TEST_ASSERT(vcpu_get_reg32(vcpu, REG(0)) == READ_DATA,
				    "R0 is 0x%x after entry %d",
				    vcpu_get_reg32(vcpu, REG(0)), i);
			pc = vcpu_get_reg32(vcpu, REG_PC);
			TEST_ASSERT(pc == next,
				    "PC is 0x%x after entry %d, not 0x%x", pc,
				    i, next);
		}
	}

	vcpu_run(vcpu);
	check_ucall(vcpu, &uc, UCALL_DONE);
	kvm_vm_free(vm);
}

static __always_inline void guest_readonly(uint32_t t)
{
	volatile uint32_t *p = (uint32_t *)RO_GPA;

	GUEST_ASSERT_EQ(*p, RO_PATTERN);
	*p = WRITE_DATA;
	GUEST_ASSERT_EQ(*p, RO_PATTERN);
}

BOTH_STATES(guest_readonly)

static void test_readonly(void)
{
	const struct access write = {
		"str", true, sizeof(uint32_t), WRITE_DATA, WRITE_DATA,
	};
	struct kvm_vcpu *vcpu;
	struct kvm_vm *vm;
	struct ucall uc;
	uint32_t *hva;
	int state;

	vm = vm_create_with_one_vcpu(&vcpu, guest_readonly_guest);
	vm_userspace_mem_region_add(vm, VM_MEM_SRC_ANONYMOUS, RO_GPA, RO_SLOT,
				    1, KVM_MEM_READONLY);
	virt_map(vm, RO_GPA, RO_GPA, 1);
	hva = addr_gpa2hva(vm, RO_GPA);
	*hva = RO_PATTERN;

	for (state = 0; state < 2; state++) {
		vcpu_run(vcpu);
		get_ucall(vcpu, &uc);
		if (uc.cmd == UCALL_ABORT)
			REPORT_GUEST_ASSERT(uc);
		expect_mmio(vcpu, &write, RO_GPA);
		TEST_ASSERT(*hva == RO_PATTERN, "Read-only memory was written");
	}

	vcpu_run(vcpu);
	check_ucall(vcpu, &uc, UCALL_DONE);
	kvm_vm_free(vm);
}

/* A store of two registers has no valid syndrome: DDI 0406C B3.13.6. */
static __always_inline void guest_nisv(uint32_t t)
{
	asm volatile("ldrd r2, r3, [%0]\n"
		     "strd r2, r3, [%0]\n"
		     : : "r" (MMIO_ADDR) : "r2", "r3", "memory");
}

BOTH_STATES(guest_nisv)

static void skip_insn(struct kvm_vcpu *vcpu)
{
	/* LDRD and STRD have four bytes in both instruction sets. */
	vcpu_set_reg(vcpu, REG_PC, vcpu_get_reg32(vcpu, REG_PC) + 4);
}

static void test_nisv(bool to_user)
{
	struct kvm_vcpu *vcpu;
	struct kvm_run *run;
	struct kvm_vm *vm;
	struct ucall uc;
	int i, ret;

	vm = vm_create_with_one_vcpu(&vcpu, guest_nisv_guest);
	virt_map_device(vm, MMIO_GPA, MMIO_GPA, 1);
	run = vcpu->run;

	if (to_user)
		vm_enable_cap(vm, KVM_CAP_ARM_NISV_TO_USER, 0);

	for (i = 0; i < 4; i++) {
		ret = __vcpu_run(vcpu);
		if (to_user) {
			TEST_ASSERT(!ret, "ret %d errno %d", ret, errno);
			TEST_ASSERT_KVM_EXIT_REASON(vcpu, KVM_EXIT_ARM_NISV);
			TEST_ASSERT(run->arm_nisv.fault_ipa == MMIO_GPA ||
				    run->arm_nisv.fault_ipa == MMIO_ADDR,
				    "IPA 0x%llx", run->arm_nisv.fault_ipa);
		} else {
			TEST_ASSERT(ret == -1 && errno == ENOSYS,
				    "ret %d errno %d", ret, errno);
		}
		skip_insn(vcpu);
	}

	vcpu_run(vcpu);
	check_ucall(vcpu, &uc, UCALL_DONE);
	kvm_vm_free(vm);
}

int main(void)
{
	TEST_REQUIRE(kvm_has_cap(KVM_CAP_READONLY_MEM));
	TEST_REQUIRE(kvm_has_cap(KVM_CAP_ARM_NISV_TO_USER));

	ksft_print_header();
	ksft_set_plan(6);

	test_sizes();
	ksft_test_result_pass("sizes, signs and endianness\n");
	test_fiq();
	ksft_test_result_pass("a register of FIQ mode\n");
	test_complete_once();
	ksft_test_result_pass("completion exactly once\n");
	test_readonly();
	ksft_test_result_pass("writes to read-only memory\n");
	test_nisv(false);
	ksft_test_result_pass("no syndrome: ENOSYS\n");
	test_nisv(true);
	ksft_test_result_pass("no syndrome: KVM_EXIT_ARM_NISV\n");

	ksft_finished();
}
