// SPDX-License-Identifier: GPL-2.0-only
/*
 * What becomes of an exit: of those above all that no emulated CPU makes, and of
 * an abort that Stage-2 has nothing to do with or that was left pending.
 */
#include <kunit/test.h>
#include <linux/arm-smccc.h>
#include <linux/kvm_host.h>
#include <linux/xarray.h>
#include <asm/cp15.h>
#include <asm/kvm_emulate.h>
#include <asm/virt.h>

#include "fake_vcpu.h"

#define TEST_PC		0x80001000
#define TEST_ADDR	0xc0de1235
#define TTBCR_LPAE	BIT(31)
#define FSR_LPAE	BIT(9)
#define SCTLR_SPAN	BIT(23)
#define MMFR3_PAN	BIT(16)
#define PSR_PAN		BIT(22)
/* The one instruction of an IT block: ITSTATE is 0x08, in CPSR[15:10] */
#define THUMB_IT_EQ	(PSR_T_BIT | 0x08 << 8)
#define ISAR5_SEVL	1
/* What is in R0 then */
#define SMC_CALLED	ARM_SMCCC_VERSION_1_1
#define SMC_SKIPPED	ARM_SMCCC_VERSION_FUNC_ID

enum abort_kind {
	ABORT_STAGE2,
	ABORT_ASYNC,
	ABORT_SIZE,
	ABORT_EXTERNAL,
	ABORT_SAME,
};

/* By the table of fault status codes of the long-descriptor format */
static enum abort_kind kind_of(u32 fsc)
{
	if (fsc >= 0x04 && fsc <= 0x0f)
		return ABORT_STAGE2;

	switch (fsc) {
	case 0x00 ... 0x03:
		return ABORT_SIZE;
	case 0x11:
	case 0x19:
		return ABORT_ASYNC;
	case 0x21:
	case 0x22:
	case 0x30:
	case 0x34:
	case 0x35:
		return ABORT_SAME;
	default:
		return ABORT_EXTERNAL;
	}
}

/* DFSR and IFSR but for WnR */
static u32 status_of(u32 fsc, bool lpae)
{
	switch (kind_of(fsc)) {
	case ABORT_SAME:
		if (lpae)
			return FSR_LPAE | fsc;
		if (fsc == 0x21 || fsc == 0x22)
			return fsc & 0xf;
		/* FS is 0b10000, 0b10100, 0b10101; its bit 4 is bit 10 */
		return BIT(10) | (fsc & 0xf);
	case ABORT_SIZE:
		return lpae ? FSR_LPAE : 0x8;
	default:
		return lpae ? FSR_LPAE | 0x10 : 0x8;
	}
}

static void check_abort(struct kunit *test, u32 ec, u32 fsc, bool lpae)
{
	const bool data = ec == HSR_EC_DABT;
	struct kvm_vcpu *vcpu = fake_vcpu(test);
	const enum abort_kind kind = kind_of(fsc);
	bool sync = kind != ABORT_STAGE2 && kind != ABORT_ASYNC;

	vcpu_cp15(vcpu, c2_TTBCR) = lpae ? TTBCR_LPAE : 0;
	vcpu->arch.fault.hsr = ec << HSR_EC_SHIFT | HSR_WNR | fsc;
	vcpu->arch.fault.hxfar = TEST_ADDR;

	KUNIT_EXPECT_EQ_MSG(test, kvm_vcpu_abt_is_stage2(vcpu),
			    kind == ABORT_STAGE2,
			    "EC %#x FSC %#x", ec, fsc);
	if (!kvm_vcpu_abt_is_stage2(vcpu))
		kvm_inject_own_abort(vcpu);
	KUNIT_EXPECT_EQ_MSG(test, !!(*vcpu_hcr(vcpu) & HCR_VA),
			    kind == ABORT_ASYNC,
			    "EC %#x FSC %#x", ec, fsc);
	KUNIT_EXPECT_EQ_MSG(test, kvm_pc_needs_adjustment(vcpu), sync,
			    "EC %#x FSC %#x", ec, fsc);
	if (!sync)
		return;

	KUNIT_EXPECT_EQ_MSG(test, vcpu_get_flag(vcpu, EXCEPT_MASK),
			    data ? unpack_vcpu_flag(EXCEPT_AA32_DABT) :
				   unpack_vcpu_flag(EXCEPT_AA32_IABT),
			    "EC %#x FSC %#x", ec, fsc);
	KUNIT_EXPECT_EQ_MSG(test, vcpu_cp15(vcpu, data ? c5_DFSR : c5_IFSR),
			    status_of(fsc, lpae) | (data ? BIT(11) : 0),
			    "EC %#x FSC %#x", ec, fsc);
	KUNIT_EXPECT_EQ_MSG(test, vcpu_cp15(vcpu, data ? c6_DFAR : c6_IFAR),
			    TEST_ADDR, "EC %#x FSC %#x", ec, fsc);
}

static void every_abort(struct kunit *test)
{
	u32 fsc;

	for (fsc = 0; fsc <= FSC_MAX; fsc++) {
		check_abort(test, HSR_EC_DABT, fsc, false);
		check_abort(test, HSR_EC_DABT, fsc, true);
		check_abort(test, HSR_EC_IABT, fsc, false);
		check_abort(test, HSR_EC_IABT, fsc, true);
	}
}

static struct kvm_vcpu *vcpu_at_exit(struct kunit *test, u32 hsr)
{
	struct kvm_vcpu *vcpu = fake_vcpu(test);

	*vcpu_cpsr(vcpu) = SVC_MODE;
	*vcpu_pc(vcpu) = TEST_PC;
	vcpu->arch.fault.hsr = hsr;

	return vcpu;
}

/* And the guest goes on */
static void handle_trap(struct kunit *test, struct kvm_vcpu *vcpu)
{
	KUNIT_EXPECT_EQ(test, kvm_handle_exit(vcpu, ARM_EXCEPTION_TRAP), 1);
}

/* The trap is not handled: it comes again, if the guest does */
static void abort_left_pending(struct kunit *test)
{
	static const struct {
		int code;
		u32 ec;
		u32 pc;
	} exits[] = {
		{ ARM_EXCEPTION_IRQ, HSR_EC_HVC, TEST_PC },
		{ ARM_EXCEPTION_FIQ, HSR_EC_HVC, TEST_PC },
		{ ARM_EXCEPTION_TRAP, HSR_EC_HVC, TEST_PC - 4 },
		{ ARM_EXCEPTION_TRAP, HSR_EC_SMC, TEST_PC },
		{ ARM_EXCEPTION_TRAP, HSR_EC_CP15_32, TEST_PC },
		{ ARM_EXCEPTION_TRAP, HSR_EC_DABT, TEST_PC },
		{ ARM_EXCEPTION_TRAP, HSR_EC_MAX, TEST_PC },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(exits); i++) {
		u32 hsr = exits[i].ec << HSR_EC_SHIFT;
		struct kvm_vcpu *vcpu = vcpu_at_exit(test, hsr);

		KUNIT_EXPECT_EQ(test, kvm_handle_exit(vcpu, exits[i].code |
						      ARM_EXIT_ABORT_PENDING),
				1);
		KUNIT_EXPECT_TRUE(test, *vcpu_hcr(vcpu) & HCR_VA);
		KUNIT_EXPECT_EQ(test, *vcpu_pc(vcpu), exits[i].pc);
		KUNIT_EXPECT_FALSE(test, kvm_pc_needs_adjustment(vcpu));
	}
}

/* Exits that no emulated CPU makes, and what user space is told of them */
static void exit_without_handler(struct kunit *test)
{
	static const struct {
		int code;
		u32 ec;
		u32 reason;
	} exits[] = {
		{ ARM_EXCEPTION_TRAP, HSR_EC_MAX, KVM_EXIT_INTERNAL_ERROR },
		{ ARM_EXCEPTION_TRAP, HSR_EC_MAX - 1, KVM_EXIT_INTERNAL_ERROR },
		{ ARM_EXCEPTION_DEBUG + 1, HSR_EC_HVC, KVM_EXIT_INTERNAL_ERROR },
		{ ARM_EXCEPTION_HYP_GONE, HSR_EC_HVC, KVM_EXIT_FAIL_ENTRY },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(exits); i++) {
		u32 hsr = exits[i].ec << HSR_EC_SHIFT | HSR_COND_AL;
		struct kvm_vcpu *vcpu = vcpu_at_exit(test, hsr);
		struct kvm_run *run = kunit_kzalloc(test, sizeof(*run),
						    GFP_KERNEL);

		KUNIT_ASSERT_NOT_NULL(test, run);
		vcpu->run = run;

		KUNIT_EXPECT_EQ(test, kvm_handle_exit(vcpu, exits[i].code), 0);
		KUNIT_EXPECT_EQ(test, run->exit_reason, exits[i].reason);
		KUNIT_EXPECT_FALSE(test, kvm_pc_needs_adjustment(vcpu));
		if (exits[i].reason != KVM_EXIT_INTERNAL_ERROR)
			continue;
		KUNIT_EXPECT_EQ(test, run->internal.suberror,
				KVM_INTERNAL_ERROR_UNEXPECTED_EXIT_REASON);
		KUNIT_EXPECT_EQ(test, run->internal.ndata, 2);
		KUNIT_EXPECT_EQ(test, run->internal.data[0], hsr);
		KUNIT_EXPECT_EQ(test, run->internal.data[1], TEST_PC);
	}
}

/* Coprocessors that there are not, and VFP identification without a VFP */
static void exit_undefined(struct kunit *test)
{
	static const u32 classes[] = {
		HSR_EC_UNKNOWN, HSR_EC_CP_0_13, HSR_EC_CP10_ID,
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(classes); i++) {
		u32 hsr = classes[i] << HSR_EC_SHIFT | HSR_COND_AL;
		struct kvm_vcpu *vcpu = vcpu_at_exit(test, hsr);

		handle_trap(test, vcpu);
		KUNIT_EXPECT_EQ(test, vcpu_get_flag(vcpu, EXCEPT_MASK),
				unpack_vcpu_flag(EXCEPT_AA32_UND));
	}
}

/* By way of the exit, too */
static void exit_own_abort(struct kunit *test)
{
	static const u32 classes[] = { HSR_EC_IABT, HSR_EC_DABT };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(classes); i++) {
		u32 hsr = classes[i] << HSR_EC_SHIFT | FSC_ALIGN;
		struct kvm_vcpu *vcpu = vcpu_at_exit(test, hsr);

		handle_trap(test, vcpu);
		KUNIT_EXPECT_TRUE(test,
				  vcpu_get_flag(vcpu, PENDING_EXCEPTION));
	}
}

/*
 * An abort of which HPFAR does not tell the IPA is looked at before all else: here
 * the guest's tables are nowhere, and it goes on.
 */
static void exit_unknown_ipa(struct kunit *test)
{
	static const struct {
		u32 ec;
		u32 fsc;
		bool stage1_first;
	} exits[] = {
		{ HSR_EC_DABT, FSC_PERM | 3 },
		{ HSR_EC_IABT, FSC_PERM | 2 },
		{ HSR_EC_DABT, FSC_FAULT | 1, true },
		{ HSR_EC_IABT, FSC_ACCESS | 3, true },
	};
	unsigned int i;

	if (!is_hyp_mode_available())
		kunit_skip(test, "no HYP mode");

	for (i = 0; i < ARRAY_SIZE(exits); i++) {
		struct kvm_vcpu *vcpu =
			vcpu_at_exit(test, exits[i].ec << HSR_EC_SHIFT |
					   exits[i].fsc);
		struct kvm_cpu_model *model = kunit_kzalloc(test, sizeof(*model),
							    GFP_KERNEL);

		KUNIT_ASSERT_NOT_NULL(test, model);
		model->stage1_first = exits[i].stage1_first;
		vcpu->kvm->arch.model = model;
		rwlock_init(&vcpu->kvm->mmu_lock);
		vcpu_cp15(vcpu, c1_SCTLR) = CR_M;

		handle_trap(test, vcpu);
		KUNIT_EXPECT_FALSE(test, kvm_pc_needs_adjustment(vcpu));
	}
}

/* What there is in the syndrome of an SMC is nothing to go by */
static void exit_smc(struct kunit *test)
{
	static const u32 syndromes[] = { 0, 1, HSR_HVC_IMM_MASK };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(syndromes); i++) {
		u32 hsr = HSR_EC_SMC << HSR_EC_SHIFT | HSR_IL | syndromes[i];
		struct kvm_vcpu *vcpu = vcpu_at_exit(test, hsr);

		vcpu_set_reg(vcpu, 0, ARM_SMCCC_VERSION_FUNC_ID);
		handle_trap(test, vcpu);
		KUNIT_EXPECT_EQ(test, vcpu_get_reg(vcpu, 0),
				ARM_SMCCC_VERSION_1_1);
		kvm_adjust_pc(vcpu);
		KUNIT_EXPECT_EQ(test, *vcpu_pc(vcpu), TEST_PC + 4);
	}
}

/* One of another architecture than this CPU's may be meant */
static void set_isar5(struct kunit *test, struct kvm_vcpu *vcpu, u32 isar5)
{
	struct kvm_cpu_model *model =
		kunit_kzalloc(test, sizeof(*model), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, model);
	*model = *vcpu->kvm->arch.model;
	model->ids[HOST_ID_ISAR5] = isar5;
	vcpu->kvm->arch.model = model;
}

/* The condition is EQ; on ARMv7 there is none in the syndrome */
static void exit_smc_condition(struct kunit *test)
{
	static const struct {
		u32 isar5, iss, flags, r0;
	} cases[] = {
		{ ISAR5_SEVL, HSR_CV | HSR_CCKNOWNPASS, 0, SMC_SKIPPED },
		{ ISAR5_SEVL, HSR_CV | HSR_CCKNOWNPASS, PSR_Z_BIT, SMC_CALLED },
		{ ISAR5_SEVL, HSR_CCKNOWNPASS, THUMB_IT_EQ, SMC_SKIPPED },
		{ ISAR5_SEVL, HSR_CCKNOWNPASS, THUMB_IT_EQ | PSR_Z_BIT,
		  SMC_CALLED },
		{ ISAR5_SEVL, HSR_CV, 0, SMC_CALLED },
		{ ISAR5_SEVL, 0, THUMB_IT_EQ, SMC_CALLED },
		{ 0, HSR_CV | HSR_CCKNOWNPASS, 0, SMC_CALLED },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		u32 hsr = HSR_EC_SMC << HSR_EC_SHIFT | HSR_IL | cases[i].iss;
		struct kvm_vcpu *vcpu = vcpu_at_exit(test, hsr);

		set_isar5(test, vcpu, cases[i].isar5);
		*vcpu_cpsr(vcpu) |= cases[i].flags;
		vcpu_set_reg(vcpu, 0, ARM_SMCCC_VERSION_FUNC_ID);
		handle_trap(test, vcpu);
		KUNIT_EXPECT_EQ_MSG(test, vcpu_get_reg(vcpu, 0), cases[i].r0,
				    "case %u", i);
		kvm_adjust_pc(vcpu);
		KUNIT_EXPECT_EQ_MSG(test, *vcpu_pc(vcpu), TEST_PC + 4,
				    "case %u", i);
	}
}

/* An instruction that traps though its condition fails is skipped */
static void exit_condition(struct kunit *test)
{
	const u32 hsr = HSR_EC_CP_0_13 << HSR_EC_SHIFT | HSR_CV | HSR_IL;
	struct kvm_vcpu *vcpu = vcpu_at_exit(test, hsr);

	handle_trap(test, vcpu);
	KUNIT_EXPECT_FALSE(test, vcpu_get_flag(vcpu, PENDING_EXCEPTION));
	kvm_adjust_pc(vcpu);
	KUNIT_EXPECT_EQ(test, *vcpu_pc(vcpu), TEST_PC + 4);

	/* The condition is EQ */
	*vcpu_cpsr(vcpu) |= PSR_Z_BIT;
	handle_trap(test, vcpu);
	KUNIT_EXPECT_TRUE(test, vcpu_get_flag(vcpu, PENDING_EXCEPTION));
}

/*
 * A vCPU that waits for a lock makes way for another one that was preempted: if
 * it waits in its kernel, for one that has the lock there. Whether that one is
 * considered its dy_eligible tells, which then changes.
 */
static void exit_wfe(struct kunit *test)
{
	static const struct {
		u32 waiting, other;
		bool considered;
	} modes[] = {
		{ SVC_MODE, SVC_MODE, true },
		{ SVC_MODE, USR_MODE, false },
		{ USR_MODE, USR_MODE, true },
	};
	const u32 hsr = HSR_EC_WFI << HSR_EC_SHIFT | HSR_COND_AL | HSR_IL |
			HSR_WFI_IS_WFE;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(modes); i++) {
		struct kvm_vcpu *vcpu = vcpu_at_exit(test, hsr);
		struct kvm_vcpu *other = fake_vcpu(test);
		struct kvm *kvm = vcpu->kvm;

		*vcpu_cpsr(vcpu) = modes[i].waiting;
		*vcpu_cpsr(other) = modes[i].other;
		other->ready = true;
		other->preempted = true;
		other->spin_loop.in_spin_loop = true;
		xa_init(&kvm->vcpu_array);
		KUNIT_EXPECT_EQ(test, xa_insert(&kvm->vcpu_array, 1, other,
						GFP_KERNEL), 0);
		atomic_set(&kvm->online_vcpus, 2);

		handle_trap(test, vcpu);
		KUNIT_EXPECT_EQ_MSG(test, other->spin_loop.dy_eligible,
				    modes[i].considered, "case %u", i);
		KUNIT_EXPECT_EQ(test, vcpu->stat.wfe_exit_stat, 1);
		KUNIT_EXPECT_EQ(test, vcpu->stat.wfi_exit_stat, 0);
		kvm_adjust_pc(vcpu);
		KUNIT_EXPECT_EQ(test, *vcpu_pc(vcpu), TEST_PC + 4);
		xa_destroy(&kvm->vcpu_array);
	}
}

/*
 * Nor is one asked for its timers, which may be on its CPU by now, but for what
 * is in memory: here the virtual one does not raise its interrupt any more.
 */
static void other_timers(struct kunit *test)
{
	struct kvm_vcpu *vcpu = vcpu_at_exit(test, 0);
	struct kvm_run *run = kunit_kzalloc(test, sizeof(*run), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, run);
	/* The timer code has no counter before KVM is up */
	if (!is_hyp_mode_available())
		kunit_skip(test, "no HYP mode");

	vcpu->run = run;
	kvm_timer_init_vm(vcpu->kvm);
	kvm_timer_vcpu_init(vcpu);

	KUNIT_EXPECT_FALSE(test, kvm_arch_vcpu_runnable(vcpu));
	run->s.regs.device_irq_level = KVM_ARM_DEV_EL1_VTIMER;
	KUNIT_EXPECT_TRUE(test, kvm_arch_vcpu_runnable(vcpu));
	KUNIT_EXPECT_FALSE(test, kvm_arch_dy_runnable(vcpu));

	vcpu->arch.irq_lines = 1;
	KUNIT_EXPECT_TRUE(test, kvm_arch_dy_runnable(vcpu));
}

/* CPSR.PAN at an exception: set unless SCTLR.SPAN keeps it, where there is one */
static void exception_sets_pan(struct kunit *test)
{
	static const struct {
		u32 mmfr3, sctlr, before, after;
	} cases[] = {
		{ 0, 0, 0, 0 },
		{ MMFR3_PAN, 0, 0, PSR_PAN },
		{ MMFR3_PAN, SCTLR_SPAN, 0, 0 },
		{ MMFR3_PAN, SCTLR_SPAN, PSR_PAN, PSR_PAN },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		struct kvm_vcpu *vcpu = vcpu_at_exit(test, 0);
		struct kvm_cpu_model *model;

		model = kunit_kzalloc(test, sizeof(*model), GFP_KERNEL);
		KUNIT_ASSERT_NOT_NULL(test, model);
		model->ids[HOST_ID_MMFR3] = cases[i].mmfr3;
		vcpu->kvm->arch.model = model;
		vcpu_cp15(vcpu, c1_SCTLR) = cases[i].sctlr;
		*vcpu_cpsr(vcpu) |= cases[i].before;

		kvm_inject_undefined(vcpu);
		kvm_adjust_pc(vcpu);
		KUNIT_EXPECT_EQ_MSG(test, *vcpu_cpsr(vcpu) & PSR_PAN,
				    cases[i].after, "case %u", i);
	}
}

static struct kunit_case exit_cases[] = {
	KUNIT_CASE(exit_own_abort),
	KUNIT_CASE(exit_unknown_ipa),
	KUNIT_CASE(exit_smc),
	KUNIT_CASE(exit_smc_condition),
	KUNIT_CASE(exit_condition),
	KUNIT_CASE(exit_wfe),
	KUNIT_CASE(other_timers),
	KUNIT_CASE(exception_sets_pan),
	KUNIT_CASE(exit_without_handler),
	KUNIT_CASE(exit_undefined),
	KUNIT_CASE(every_abort),
	KUNIT_CASE(abort_left_pending),
	{ }
};

static struct kunit_suite exit_suite = {
	.name = "kvm_arm_exit",
	.test_cases = exit_cases,
};

kunit_test_suite(exit_suite);
