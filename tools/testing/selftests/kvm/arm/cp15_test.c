// SPDX-License-Identifier: GPL-2.0-only
/*
 * cp15 as the guest sees it: identification registers, cache geometry, ACTLR,
 * accesses that KVM refuses, and what becomes of the PC and of the IT state
 * when KVM emulates an instruction.  In ARM and in Thumb state.  And of cp14,
 * ThumbEE, which guests and host have each for themselves, and Jazelle, which
 * is trivial.
 */
#include <sched.h>
#include <sys/wait.h>
#include <linux/bits.h>

#include "isa.h"
#include "kvm_util.h"
#include "processor.h"
#include "trace.h"

#define MPIDR_AFF0_MASK		0xff
#define MPIDR_MP_EXT		BIT(31)

#define CLIDR_LEVELS		7
#define CLIDR_CTYPE(clidr, level)	(((clidr) >> (3 * (level))) & 7)

#define CSSELR_INSTR		1
#define CSSELR_LEVEL(level)	((level) << 1)

#define DEMUX_CCSIDR(csselr)	(KVM_REG_ARM | KVM_REG_SIZE_U32 | \
				 KVM_REG_ARM_DEMUX | \
				 KVM_REG_ARM_DEMUX_ID_CCSIDR | (csselr))

#define NR_VCPUS		2

struct id_reg {
	const char *name;
	uint64_t id;
	uint32_t (*read)(void);
};

#define ID_REG(reg) static uint32_t guest_read_##reg(void)	\
{								\
	return read_cp15(CP15_##reg);				\
}
#include "cp15_id_regs.h"
#undef ID_REG

#define ID_REG(reg) { #reg, KVM_CP15(CP15_##reg), guest_read_##reg },
static const struct id_reg id_regs[] = {
#include "cp15_id_regs.h"
};
#undef ID_REG

static void guest_id_regs(void)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(id_regs); i++)
		GUEST_SYNC2(i, id_regs[i].read());

	GUEST_DONE();
}

static void run_until_done(struct kvm_vcpu *vcpu, struct ucall *uc)
{
	vcpu_run(vcpu);
	switch (get_ucall(vcpu, uc)) {
	case UCALL_SYNC:
	case UCALL_DONE:
		break;
	case UCALL_ABORT:
		REPORT_GUEST_ASSERT(*uc);
		break;
	default:
		TEST_FAIL("Unexpected exit: %s",
			  exit_reason_str(vcpu->run->exit_reason));
	}
}

/* The guest reads what ONE_REG has, and user space can't make up another. */
static void test_id_regs(void)
{
	struct kvm_vcpu *vcpus[NR_VCPUS];
	const struct id_reg *reg;
	struct kvm_vm *vm;
	struct ucall uc;
	uint32_t val;
	int i, ret;

	vm = vm_create_with_vcpus(NR_VCPUS, guest_id_regs, vcpus);

	for (i = 0; i < NR_VCPUS; i++) {
		for (;;) {
			run_until_done(vcpus[i], &uc);
			if (uc.cmd == UCALL_DONE)
				break;

			reg = &id_regs[uc.args[0]];
			val = vcpu_get_reg32(vcpus[i], reg->id);
			TEST_ASSERT(val == uc.args[1],
				    "vCPU %d %s: ONE_REG 0x%x, guest 0x%x",
				    i, reg->name, val, (uint32_t)uc.args[1]);

			if (reg->id == KVM_CP15(CP15_MPIDR))
				continue;

			ret = __vcpu_set_reg(vcpus[i], reg->id, ~val);
			TEST_ASSERT(ret == -1 && errno == EINVAL,
				    "%s: set to 0x%x: ret %d errno %d",
				    reg->name, ~val, ret, errno);
		}

		val = vcpu_get_reg32(vcpus[i], KVM_CP15(CP15_MPIDR));
		TEST_ASSERT((val & MPIDR_AFF0_MASK) == i &&
			    (val & MPIDR_MP_EXT),
			    "vCPU %d has MPIDR 0x%x", i, val);
	}

	kvm_vm_free(vm);
}

#define NR_READS	1000

/* Linux reads ID_MMFR3 whenever it invalidates TLB entries. */
static void guest_read_often(void)
{
	unsigned int i;

	for (i = 0; i < NR_READS; i++)
		read_cp15(CP15_ID_MMFR3);
	GUEST_DONE();
}

static void test_no_traps(void)
{
	struct kvm_vcpu *vcpu;
	struct kvm_vm *vm = vm_create_with_one_vcpu(&vcpu, guest_read_often);
	struct ucall uc;
	uint64_t exits;

	run_until_done(vcpu, &uc);
	exits = vcpu_get_stat(vcpu, "exits");
	TEST_ASSERT(exits < NR_READS / 2, "%" PRIu64 " exits", exits);
	kvm_vm_free(vm);
}

/* A guest has no error records, whatever its core has. */
static void guest_read_erridr(void)
{
	unsigned int i;

	for (i = 0; i < NR_READS; i++)
		GUEST_ASSERT_EQ(read_cp15(CP15_ERRIDR), 0);
	GUEST_DONE();
}

static void test_error_records(bool expect_trap)
{
	struct kvm_vcpu *vcpu;
	struct kvm_vm *vm = vm_create_with_one_vcpu(&vcpu, guest_read_erridr);
	struct ucall uc;
	uint64_t exits;

	if (vcpu_has_ras(vcpu)) {
		run_until_done(vcpu, &uc);
		exits = vcpu_get_stat(vcpu, "exits");
		TEST_ASSERT(!expect_trap || exits >= NR_READS,
			    "%" PRIu64 " exits", exits);
		ksft_test_result_pass("error records\n");
	} else {
		TEST_ASSERT(!expect_trap, "No RAS Extension");
		ksft_test_result_skip("error records: no RAS Extension\n");
	}
	kvm_vm_free(vm);
}

static void guest_read_ccsidr(unsigned int csselr)
{
	write_cp15(csselr, CP15_CSSELR);
	isb();
	GUEST_SYNC2(csselr, read_cp15(CP15_CCSIDR));
}

static void guest_ccsidr(void)
{
	uint32_t clidr = read_cp15(CP15_CLIDR);
	unsigned int level, type;

	for (level = 0; level < CLIDR_LEVELS; level++) {
		type = CLIDR_CTYPE(clidr, level);
		if (!type)
			break;
		if (type & 1)
			guest_read_ccsidr(CSSELR_LEVEL(level) | CSSELR_INSTR);
		if (type >= 2)
			guest_read_ccsidr(CSSELR_LEVEL(level));
	}

	GUEST_DONE();
}

static void test_ccsidr(void)
{
	unsigned int nr_caches = 0;
	struct kvm_vcpu *vcpu;
	struct kvm_vm *vm;
	struct ucall uc;
	uint32_t val;
	int ret;

	vm = vm_create_with_one_vcpu(&vcpu, guest_ccsidr);

	for (;;) {
		run_until_done(vcpu, &uc);
		if (uc.cmd == UCALL_DONE)
			break;

		val = vcpu_get_reg32(vcpu, DEMUX_CCSIDR(uc.args[0]));
		TEST_ASSERT(val == uc.args[1] && val,
			    "CSSELR %u: demux 0x%x, guest 0x%x",
			    (uint32_t)uc.args[0], val, (uint32_t)uc.args[1]);

		ret = __vcpu_set_reg(vcpu, DEMUX_CCSIDR(uc.args[0]), val);
		TEST_ASSERT(!ret, "CSSELR %u: can't restore",
			    (uint32_t)uc.args[0]);
		ret = __vcpu_set_reg(vcpu, DEMUX_CCSIDR(uc.args[0]), ~val);
		TEST_ASSERT(ret == -1 && errno == EINVAL,
			    "CSSELR %u: set to 0x%x: ret %d errno %d",
			    (uint32_t)uc.args[0], ~val, ret, errno);
		nr_caches++;
	}
	TEST_ASSERT(nr_caches >= 2, "Only %u caches", nr_caches);

	ret = __vcpu_get_reg(vcpu, DEMUX_CCSIDR(CSSELR_LEVEL(CLIDR_LEVELS)),
			     &val);
	TEST_ASSERT(ret == -1 && errno == ENOENT,
		    "There is no cache at level 8: ret %d errno %d", ret,
		    errno);

	kvm_vm_free(vm);
}

static struct fault_site undef;

static void guest_undef_handler(struct ex_regs *regs)
{
	uint32_t cpsr = fault_site_check(&undef, regs);

	__GUEST_ASSERT((cpsr & PSR_A) == (undef.cpsr & PSR_A),
		       "Undefined Instruction leaves A: CPSR 0x%x", cpsr);
}

/* Execute an instruction that KVM has to refuse. */
#define EXPECT_UNDEF(t, insn) do {					\
	uint32_t __n = undef.count;					\
									\
	FAULT_SITE(&undef, t, insn, 0);					\
	__GUEST_ASSERT(undef.count == __n + 1,				\
		       "%u exceptions of " insn, undef.count - __n);	\
} while (0)

static __always_inline void guest_undef(uint32_t t)
{
	/* HSTR.T15: the implementation defined space of c15 */
	EXPECT_UNDEF(t, "mrc p15, 7, r0, c15, c15, 7");
	EXPECT_UNDEF(t, "mcr p15, 7, r0, c15, c15, 7");
	EXPECT_UNDEF(t, "mrrc p15, 15, r0, r1, c15");

	/* The same with asynchronous aborts and FIQ on */
	asm volatile("cpsie af" : : : "memory");
	EXPECT_UNDEF(t, "mcrr p15, 15, r0, r1, c15");
	/* HCR.TIDCP: lockdown and TCM */
	EXPECT_UNDEF(t, "mrc p15, 7, r0, c9, c8, 7");
	EXPECT_UNDEF(t, "mrc p15, 7, r0, c11, c8, 7");
	asm volatile("cpsid af" : : : "memory");
}

BOTH_STATES(guest_undef)

/* The debug ROM and the debug registers are not anywhere in memory. */
static __always_inline void guest_no_debug_rom(uint32_t t)
{
	uint32_t n = undef.count;
	uint64_t drar = ~0ULL, dsar = ~0ULL;

	GUEST_ASSERT_EQ(read_cp14(CP14_DBGDRAR), 0);
	GUEST_ASSERT_EQ(read_cp14(CP14_DBGDSAR), 0);
	asm volatile("mrrc p14, 0, %Q0, %R0, c1\n"
		     "mrrc p14, 0, %Q1, %R1, c2\n"
		     : "+r" (drar), "+r" (dsar));
	GUEST_ASSERT_EQ(drar, 0);
	GUEST_ASSERT_EQ(dsar, 0);
	GUEST_ASSERT_EQ(undef.count, n);
	EXPECT_UNDEF(t, "mcrr p14, 0, r0, r1, c1");
}

BOTH_STATES(guest_no_debug_rom)

static __always_inline void guest_conditional(uint32_t t)
{
	uint32_t n = undef.count, val = 0, skipped = 0;

	/*
	 * The condition fails: neither UNDEF nor an access.  Whether the CPU
	 * traps such an instruction at all is its own choice.
	 */
	asm volatile(".syntax unified\n"
		     "cmp %0, %0\n"
		     "it ne\n"
		     "mrcne p15, 7, %0, c15, c15, 7\n"
		     "ite ne\n"
		     "mrcne p15, 0, %1, c1, c0, 1\n"
		     "moveq %1, #1\n"
		     : "+r" (val), "+r" (skipped) : : "cc");
	GUEST_ASSERT_EQ(undef.count, n);
	GUEST_ASSERT_EQ(val, 0);
	GUEST_ASSERT_EQ(skipped, 1);

	/* Emulated in the middle of an IT block, which has to go on */
	skipped = 0;
	asm volatile(".syntax unified\n"
		     "cmp %0, %0\n"
		     "itete eq\n"
		     "mrceq p15, 0, %0, c1, c0, 1\n"
		     "orrne %1, %1, #1\n"
		     "mcreq p15, 0, %0, c1, c0, 1\n"
		     "orrne %1, %1, #2\n"
		     "orr %1, %1, #4\n"
		     : "+r" (val), "+r" (skipped) : : "cc");
	GUEST_ASSERT_EQ(skipped, 4);
	GUEST_ASSERT_EQ(val, read_cp15(CP15_ACTLR));
}

BOTH_STATES(guest_conditional)

/* Where Jazelle is trivial, BXJ is BX: the register says which state it is. */
static __always_inline void guest_jazelle(uint32_t t)
{
	uint32_t n = undef.count, there = 0;

	asm volatile(".syntax unified\n"
		     "movw r1, #:lower16:1f\n"
		     "movt r1, #:upper16:1f\n"
		     "orr r1, r1, %1\n"
		     "bxj r1\n"
		     "b 2f\n"
		     "1: mov %0, #1\n"
		     "2:\n"
		     : "+r" (there) : "i" (!!t) : "r1");
	GUEST_ASSERT_EQ(there, 1);

	write_cp14(~0U, CP14_JOSCR);
	write_cp14(~0U, CP14_JMCR);
	GUEST_ASSERT_EQ(read_cp14(CP14_JIDR), 0);
	GUEST_ASSERT_EQ(read_cp14(CP14_JOSCR), 0);
	GUEST_ASSERT_EQ(read_cp14(CP14_JMCR), 0);
	GUEST_ASSERT_EQ(undef.count, n);
}

BOTH_STATES(guest_jazelle)

static __always_inline void guest_actlr(uint32_t t)
{
	uint32_t actlr = read_cp15(CP15_ACTLR);

	/* The guest can read it, and can't change the host's. */
	write_cp15(~actlr, CP15_ACTLR);
	GUEST_ASSERT_EQ(read_cp15(CP15_ACTLR), actlr);
	GUEST_SYNC2(0, actlr);
}

BOTH_STATES(guest_actlr)

/*
 * KVM flushes all of the guest's memory at the first operation by set and way,
 * and not again until a write of an MMU's register, which traps, has found the
 * caches on: of the two here it is one.
 */
#define SET_WAY(op) do {			\
	write_cp15(0, CP15_DACR);		\
	write_cp15(0, CP15_##op);		\
	write_cp15(0, CP15_##op);		\
} while (0)

#define NR_SET_WAYS	(3 * 2)		/* in both states */

/* Clean and invalidate by set and way: trapped, and does what it says */
static __always_inline void guest_set_way(uint32_t t)
{
	SET_WAY(DCCISW);
	SET_WAY(DCCSW);
	SET_WAY(DCISW);
}

BOTH_STATES(guest_set_way)

/*
 * The registers that HCR.TVM has trap when written, until the first such write
 * finds the caches on: but for the trap it does what one without does.
 */
#define FOR_EACH_VM_REG(reg) \
	reg(DACR) reg(DFSR) reg(IFSR) reg(ADFSR) reg(AIFSR) reg(DFAR) reg(IFAR) \
	reg(AMAIR0) reg(AMAIR1) reg(CONTEXTIDR)

/* With nothing in it that is reserved in any of them */
#define VM_REG_VALUE	0x00000405U

#define VM_REG(reg) static void guest_write_##reg(void)			\
{									\
	uint32_t trapped;						\
									\
	write_cp15(VM_REG_VALUE, CP15_##reg);				\
	isb();								\
	trapped = read_cp15(CP15_##reg);				\
	write_cp15(0, CP15_##reg);					\
	write_cp15(VM_REG_VALUE, CP15_##reg);				\
	isb();								\
	GUEST_SYNC2(trapped, read_cp15(CP15_##reg));			\
}
FOR_EACH_VM_REG(VM_REG)
#undef VM_REG

#define VM_REG(reg) { #reg, KVM_CP15(CP15_##reg), guest_write_##reg },
static const struct {
	const char *name;
	uint64_t id;
	void (*write)(void);
} vm_regs[] = { FOR_EACH_VM_REG(VM_REG) };
#undef VM_REG

static void test_vm_regs(void)
{
	struct kvm_vcpu *vcpu;
	struct kvm_vm *vm;
	struct ucall uc;
	uint32_t val;
	int i;

	for (i = 0; i < ARRAY_SIZE(vm_regs); i++) {
		vm = vm_create_with_one_vcpu(&vcpu, vm_regs[i].write);
		run_until_done(vcpu, &uc);
		val = vcpu_get_reg32(vcpu, vm_regs[i].id);
		TEST_ASSERT(uc.args[0] == uc.args[1] && uc.args[0] == val,
			    "%s: 0x%x, 0x%x without a trap, ONE_REG 0x%x",
			    vm_regs[i].name, (uint32_t)uc.args[0],
			    (uint32_t)uc.args[1], val);
		kvm_vm_free(vm);
	}
}

#define TEEHBR_HOST	0x12345000U
#define TEEHBR_USER	0x23456000U
#define TEEHBR_GUEST(i)	(0x34567000U + ((i) << 12))

/* TEECR.XED is not what the host has. */
static uint32_t guest_teecr;

/* What one has written it finds again when the others have run. */
static void guest_thumbee(uint32_t teehbr)
{
	GUEST_ASSERT_EQ(read_cp14(CP14_TEEHBR), TEEHBR_USER);
	GUEST_ASSERT_EQ(read_cp14(CP14_TEECR), 0);
	write_cp14(teehbr, CP14_TEEHBR);
	write_cp14(guest_teecr, CP14_TEECR);
	GUEST_SYNC(0);
	GUEST_ASSERT_EQ(read_cp14(CP14_TEEHBR), teehbr);
	GUEST_ASSERT_EQ(read_cp14(CP14_TEECR), guest_teecr);
	GUEST_DONE();
}

/* TEECR.XED of the host, which denies user space TEEHBR */
static uint32_t host_teecr(void)
{
	pid_t pid = fork();
	int status;

	if (!pid) {
		read_cp14(CP14_TEEHBR);
		_exit(0);
	}
	TEST_ASSERT(waitpid(pid, &status, 0) == pid, "errno %d", errno);
	TEST_ASSERT(!status || WTERMSIG(status) == SIGILL, "status 0x%x",
		    status);
	return !!status;
}

/* On a CPU without, the ids are none. */
static void expect_no_thumbee(struct kvm_vcpu *vcpu)
{
	uint32_t val;
	int ret;

	ret = __vcpu_get_reg(vcpu, KVM_CP14(CP14_TEEHBR), &val);
	TEST_ASSERT(ret == -1 && errno == ENOENT, "get: ret %d errno %d", ret,
		    errno);
	ret = __vcpu_set_reg(vcpu, KVM_CP14(CP14_TEEHBR), 0);
	TEST_ASSERT(ret == -1 && errno == ENOENT, "set: ret %d errno %d", ret,
		    errno);
}

static void run_thumbee(struct kvm_vcpu **vcpus)
{
	uint32_t teecr = host_teecr();
	struct ucall uc;
	int i, round;

	guest_teecr = !teecr;
	sync_global_to_guest(vcpus[0]->vm, guest_teecr);
	for (i = 0; i < NR_VCPUS; i++) {
		vcpu_args_set(vcpus[i], 1, TEEHBR_GUEST(i));
		vcpu_set_reg(vcpus[i], KVM_CP14(CP14_TEEHBR), TEEHBR_USER);
	}

	if (!teecr)
		write_cp14(TEEHBR_HOST, CP14_TEEHBR);
	for (round = 0; round < 2; round++) {
		for (i = 0; i < NR_VCPUS; i++) {
			run_until_done(vcpus[i], &uc);
			TEST_ASSERT_EQ(host_teecr(), teecr);
			if (!teecr)
				TEST_ASSERT_EQ(read_cp14(CP14_TEEHBR),
					       TEEHBR_HOST);
			TEST_ASSERT_EQ(vcpu_get_reg32(vcpus[i],
						      KVM_CP14(CP14_TEEHBR)),
				       TEEHBR_GUEST(i));
			TEST_ASSERT_EQ(vcpu_get_reg32(vcpus[i],
						      KVM_CP14(CP14_TEECR)),
				       guest_teecr);
		}
	}
}

static void test_thumbee(void)
{
	struct kvm_vcpu *vcpus[NR_VCPUS];
	struct kvm_vm *vm;
	uint32_t pfr0;

	vm = vm_create_with_vcpus(NR_VCPUS, guest_thumbee, vcpus);
	pfr0 = vcpu_get_reg32(vcpus[0], KVM_CP15(CP15_ID_PFR0));
	if (ID_PFR0_STATE3(pfr0))
		run_thumbee(vcpus);
	else
		expect_no_thumbee(vcpus[0]);
	kvm_vm_free(vm);
}

static void guest_id_mmfr4(void)
{
	GUEST_SYNC2(0, read_cp15(CP15_ID_MMFR4));
}

/* User space does not see what says so. */
static bool has_ttbcr2(struct kvm_vcpu *vcpu)
{
	struct kvm_vcpu *other;
	struct kvm_vm *vm = vm_create_with_one_vcpu(&other, guest_id_mmfr4);
	struct ucall uc;

	run_until_done(other, &uc);
	kvm_vm_free(vm);
	return ID_MMFR4_HPDS(uc.args[1]);
}

#define OWN_REG(reg)							\
static void guest_own_##reg(uint32_t user, uint32_t val)		\
{									\
	GUEST_ASSERT_EQ(read_cp15(CP15_##reg), user);			\
	write_cp15(val, CP15_##reg);					\
	isb();								\
	GUEST_ASSERT_EQ(read_cp15(CP15_##reg), val);			\
	GUEST_SYNC(0);							\
	GUEST_ASSERT_EQ(read_cp15(CP15_##reg), val);			\
	GUEST_DONE();							\
}

OWN_REG(DISR)
OWN_REG(TTBCR2)

/*
 * Registers of ARMv8 that not every such CPU has, and values of the bits that
 * they have: what user space sets, and what the guests write.
 */
static const struct v8_reg {
	const char *name;
	uint64_t id;
	void (*guest)(uint32_t user, uint32_t val);
	bool (*exists)(struct kvm_vcpu *vcpu);
	uint32_t user;
	uint32_t vals[NR_VCPUS];
} v8_regs[] = {
	{
		.name	= "DISR",
		.id	= KVM_CP15(CP15_DISR),
		.guest	= guest_own_DISR,
		.exists	= vcpu_has_ras,
		.user	= 0x80000211,
		.vals	= { 0x80005211, 0x8000c011 },
	},
	/* Means nothing as long as TTBCR.T2E is clear */
	{
		.name	= "TTBCR2",
		.id	= KVM_CP15(CP15_TTBCR2),
		.guest	= guest_own_TTBCR2,
		.exists	= has_ttbcr2,
		.user	= 0x00000200,
		.vals	= { 0x00000400, 0x00000600 },
	},
};

/* On one CPU, one after the other and again */
static void run_v8_reg(const struct v8_reg *reg, struct kvm_vcpu **vcpus)
{
	struct ucall uc;
	uint32_t val;
	int i, round;

	for (i = 0; i < NR_VCPUS; i++) {
		vcpu_args_set(vcpus[i], 2, reg->user, reg->vals[i]);
		vcpu_set_reg(vcpus[i], reg->id, reg->user);
	}
	for (round = 0; round < 2; round++) {
		for (i = 0; i < NR_VCPUS; i++) {
			run_until_done(vcpus[i], &uc);
			val = vcpu_get_reg32(vcpus[i], reg->id);
			TEST_ASSERT(val == reg->vals[i],
				    "%s: ONE_REG 0x%x, guest 0x%x", reg->name,
				    val, reg->vals[i]);
		}
	}
}

static void test_v8_reg(const struct v8_reg *reg)
{
	struct kvm_vcpu *vcpus[NR_VCPUS];
	struct kvm_vm *vms[NR_VCPUS];
	uint32_t val;
	int i, ret;

	for (i = 0; i < NR_VCPUS; i++)
		vms[i] = vm_create_with_one_vcpu(&vcpus[i], reg->guest);

	if (reg->exists(vcpus[0])) {
		run_v8_reg(reg, vcpus);
		ksft_test_result_pass("%s\n", reg->name);
	} else {
		ret = __vcpu_get_reg(vcpus[0], reg->id, &val);
		TEST_ASSERT(ret == -1 && errno == ENOENT, "%s: ret %d errno %d",
			    reg->name, ret, errno);
		ksft_test_result_skip("no %s\n", reg->name);
	}

	for (i = 0; i < NR_VCPUS; i++)
		kvm_vm_free(vms[i]);
}

static void test_guest(const char *name, void *guest_code)
{
	struct kvm_vcpu *vcpu;
	struct kvm_vm *vm;
	struct ucall uc;
	uint32_t actlr;

	vm = vm_create_with_one_vcpu(&vcpu, guest_code);
	vm_init_descriptor_tables(vm);
	vm_install_exception_handler(vm, VECTOR_UNDEF, guest_undef_handler);

	for (;;) {
		run_until_done(vcpu, &uc);
		if (uc.cmd == UCALL_DONE)
			break;

		actlr = vcpu_get_reg32(vcpu, KVM_CP15(CP15_ACTLR));
		TEST_ASSERT(actlr == uc.args[1], "ONE_REG 0x%x, guest 0x%x",
			    actlr, (uint32_t)uc.args[1]);
	}

	kvm_vm_free(vm);
	ksft_test_result_pass("%s\n", name);
}

static void test_set_way(void)
{
	static const char *const events[] = {
		"kvm_set_way_flush", "kvm_toggle_cache", NULL
	};
	unsigned int flushes, toggles;
	struct kvm_vcpu *vcpu;
	struct kvm_vm *vm;
	struct ucall uc;
	uint32_t isar5;

	vm = vm_create_with_one_vcpu(&vcpu, guest_set_way_guest);
	isar5 = vcpu_get_reg32(vcpu, KVM_CP15(CP15_ID_ISAR5));
	trace_start(events);
	run_until_done(vcpu, &uc);
	trace_stop(events);
	kvm_vm_free(vm);

	flushes = trace_count(events[0]);
	toggles = trace_count(events[1]);
	/* QEMU does not have them trap on cores of ARMv7 */
	if (!flushes && !ID_ISAR5_SEVL(isar5)) {
		ksft_test_result_skip("set/way maintenance does not trap\n");
		return;
	}
	TEST_ASSERT(flushes == NR_SET_WAYS && toggles == NR_SET_WAYS,
		    "memory flushed %u times, DACR trapped %u times",
		    flushes, toggles);
	ksft_test_result_pass("set/way maintenance\n");
}

/* cp15_test [-e]: -e where it is known that accesses to error records trap */
int main(int argc, char *argv[])
{
	bool expect_trap = argc > 1 && !strcmp(argv[1], "-e");
	int i;

	kvm_pin_this_task_to_pcpu(sched_getcpu());
	ksft_print_header();
	ksft_set_plan(12 + ARRAY_SIZE(v8_regs));

	test_id_regs();
	ksft_test_result_pass("identification registers\n");
	test_no_traps();
	ksft_test_result_pass("identification registers without traps\n");
	test_error_records(expect_trap);
	test_ccsidr();
	ksft_test_result_pass("cache geometry\n");
	test_thumbee();
	ksft_test_result_pass("ThumbEE\n");
	test_vm_regs();
	ksft_test_result_pass("writes of the MMU's registers that trap\n");
	for (i = 0; i < ARRAY_SIZE(v8_regs); i++)
		test_v8_reg(&v8_regs[i]);

	test_guest("ACTLR", guest_actlr_guest);
	test_guest("undefined registers", guest_undef_guest);
	test_guest("no debug ROM", guest_no_debug_rom_guest);
	test_guest("trivial Jazelle", guest_jazelle_guest);
	test_guest("conditional accesses", guest_conditional_guest);
	test_set_way();

	ksft_finished();
}
