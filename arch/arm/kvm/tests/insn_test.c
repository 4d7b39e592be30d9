// SPDX-License-Identifier: GPL-2.0-only
/*
 * Conditional execution, skipping, banked registers and exception entry,
 * each against a reference that is written another way.
 */
#include <kunit/test.h>
#include <linux/bits.h>
#include <linux/kvm_host.h>
#include <asm/cp15.h>
#include <asm/cputype.h>
#include <asm/kvm_emulate.h>

#include "fake_vcpu.h"

#define TEST_PC		0x80001000
#define TEST_VBAR	0x40008000
/* Of ARMv8 */
#define SCTLR_DSSBS	BIT(31)
#define PSR_SSBS	BIT(23)
#define COND_AL		0xe
#define NR_CONDS	16
#define NR_FLAGS	16
#define NR_ITSTATES	256
#define HSR_CLASS(ec)	((u32)(ec) << HSR_EC_SHIFT)

/* CPSR[15:10] has ITSTATE[7:2], CPSR[26:25] has ITSTATE[1:0] */
static u32 cpsr_of_it(u32 it)
{
	return (it >> 2) << 10 | (it & 3) << 25;
}

static u32 it_of_cpsr(u32 cpsr)
{
	return ((cpsr >> 10) & 0x3f) << 2 | ((cpsr >> 25) & 3);
}

/* ConditionHolds() of A8.3.1 */
static bool condition_holds(u32 cond, u32 nzcv)
{
	bool n = nzcv & 8, z = nzcv & 4, c = nzcv & 2, v = nzcv & 1;
	bool result;

	switch (cond >> 1) {
	case 0:
		result = z;
		break;
	case 1:
		result = c;
		break;
	case 2:
		result = n;
		break;
	case 3:
		result = v;
		break;
	case 4:
		result = c && !z;
		break;
	case 5:
		result = n == v;
		break;
	case 6:
		result = n == v && !z;
		break;
	default:
		return true;
	}

	return cond & 1 ? !result : result;
}

static void condition_from_syndrome(struct kunit *test)
{
	struct kvm_vcpu *vcpu = fake_vcpu(test);
	u32 cond, nzcv, thumb;

	for (cond = 0; cond < NR_CONDS; cond++)
		for (nzcv = 0; nzcv < NR_FLAGS; nzcv++)
			for (thumb = 0; thumb <= PSR_T_BIT; thumb += PSR_T_BIT) {
				/* An IT state that says otherwise is no matter */
				*vcpu_cpsr(vcpu) = SVC_MODE | nzcv << 28 | thumb |
						   cpsr_of_it(0x08);
				vcpu->arch.fault.hsr = HSR_CLASS(HSR_EC_CP15_32) |
					HSR_CV | cond << HSR_COND_SHIFT;
				KUNIT_EXPECT_EQ_MSG(test,
						    kvm_condition_valid(vcpu),
						    condition_holds(cond, nzcv),
						    "cond %x flags %x", cond, nzcv);
			}
}

/*
 * ITSTATE[7:5] is the base of the condition. ITSTATE[4:0] is what follows:
 * its topmost bit is the lowest of the condition now, and the lowest set bit
 * marks the end of the block.
 */
static u32 it_remaining(u32 it)
{
	return it & 0xf ? 4 - __ffs(it & 0xf) : 0;
}

static void condition_from_it_state(struct kunit *test)
{
	struct kvm_vcpu *vcpu = fake_vcpu(test);
	u32 it, nzcv;
	bool expected;

	vcpu->arch.fault.hsr = HSR_CLASS(HSR_EC_CP15_32);

	for (it = 0; it < NR_ITSTATES; it++)
		for (nzcv = 0; nzcv < NR_FLAGS; nzcv++) {
			*vcpu_cpsr(vcpu) = SVC_MODE | PSR_T_BIT | nzcv << 28 |
					   cpsr_of_it(it);
			expected = !it_remaining(it) ||
				   condition_holds(it >> 4, nzcv);
			KUNIT_EXPECT_EQ_MSG(test, kvm_condition_valid(vcpu),
					    expected, "IT %02x flags %x", it,
					    nzcv);
		}
}

static void condition_of_other_classes(struct kunit *test)
{
	struct kvm_vcpu *vcpu = fake_vcpu(test);
	u32 ec;

	/* ARM state, no condition in the syndrome */
	vcpu->arch.fault.hsr = HSR_CLASS(HSR_EC_CP15_32);
	*vcpu_cpsr(vcpu) = SVC_MODE;
	KUNIT_EXPECT_TRUE(test, kvm_condition_valid(vcpu));

	/* What is bit 24 and up in other classes is not a condition: EQ, NE */
	for (ec = HSR_EC_SVC_HYP; ec <= HSR_EC_MAX; ec++) {
		vcpu->arch.fault.hsr = HSR_CLASS(ec) | HSR_CV;
		KUNIT_EXPECT_TRUE(test, kvm_condition_valid(vcpu));
		vcpu->arch.fault.hsr |= 1 << HSR_COND_SHIFT;
		KUNIT_EXPECT_TRUE(test, kvm_condition_valid(vcpu));
	}
}

static void skip_moves_pc(struct kunit *test)
{
	struct kvm_vcpu *vcpu = fake_vcpu(test);
	static const struct {
		u32 cpsr, hsr, size;
	} cases[] = {
		{ SVC_MODE, HSR_IL, 4 },
		{ SVC_MODE, 0, 4 },
		{ SVC_MODE | PSR_T_BIT, HSR_IL, 4 },
		{ SVC_MODE | PSR_T_BIT, 0, 2 },
		{ USR_MODE | PSR_T_BIT, 0, 2 },
		{ SVC_MODE | PSR_T_BIT, HSR_CLASS(HSR_EC_DABT) | HSR_ISV, 2 },
		{ SVC_MODE | PSR_T_BIT,
		  HSR_CLASS(HSR_EC_DABT) | HSR_ISV | HSR_IL, 4 },

		/* Cache maintenance: there is no 16-bit encoding, and no IL */
		{ SVC_MODE | PSR_T_BIT,
		  HSR_CLASS(HSR_EC_DABT) | HSR_DABT_CM | HSR_WNR, 4 },
		{ SVC_MODE,
		  HSR_CLASS(HSR_EC_DABT) | HSR_DABT_CM | HSR_WNR, 4 },
	};
	u32 i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		*vcpu_cpsr(vcpu) = cases[i].cpsr;
		*vcpu_pc(vcpu) = TEST_PC;
		vcpu->arch.fault.hsr = cases[i].hsr;
		kvm_skip_instr(vcpu);
		KUNIT_EXPECT_EQ(test, *vcpu_pc(vcpu), TEST_PC + cases[i].size);
		KUNIT_EXPECT_EQ(test, *vcpu_cpsr(vcpu), cases[i].cpsr);
	}
}

/* Skip through each possible block: conditions, length and the other bits */
static void skip_advances_it(struct kunit *test)
{
	const u32 other = SVC_MODE | PSR_T_BIT | PSR_C_BIT | PSR_Q_BIT |
			  PSR_E_BIT | PSR_A_BIT | 0x000f0000;
	struct kvm_vcpu *vcpu = fake_vcpu(test);
	u32 it, step, cond, now;

	for (it = 0; it < NR_ITSTATES; it++) {
		*vcpu_cpsr(vcpu) = other | cpsr_of_it(it);

		for (step = 0; step < it_remaining(it); step++) {
			now = it_of_cpsr(*vcpu_cpsr(vcpu));
			cond = (it >> 5) << 1 | ((it >> (4 - step)) & 1);
			KUNIT_EXPECT_EQ_MSG(test, now >> 4, cond,
					    "IT %02x step %u", it, step);
			KUNIT_EXPECT_EQ_MSG(test, it_remaining(now),
					    it_remaining(it) - step,
					    "IT %02x step %u", it, step);
			kvm_skip_instr(vcpu);
		}

		/* Past the end, also if there never was a block */
		if (!it_remaining(it))
			kvm_skip_instr(vcpu);
		if (it & 0xf || !(it & 0x7))
			KUNIT_EXPECT_EQ_MSG(test, *vcpu_cpsr(vcpu), other,
					    "IT %02x", it);
	}
}

static void skip_keeps_it_in_arm_state(struct kunit *test)
{
	struct kvm_vcpu *vcpu = fake_vcpu(test);
	u32 cpsr = SVC_MODE | PSR_N_BIT;

	*vcpu_cpsr(vcpu) = cpsr;
	kvm_skip_instr(vcpu);
	KUNIT_EXPECT_EQ(test, *vcpu_cpsr(vcpu), cpsr);
}

static void banked_registers(struct kunit *test)
{
	struct kvm_vcpu *vcpu = fake_vcpu(test);
	struct kvm_regs *regs = vcpu_gp_regs(vcpu);
	unsigned long *usr = regs->usr_regs.uregs;
	const struct {
		u32 mode;
		unsigned long *r8, *sp, *lr, *spsr;
	} modes[] = {
		{ USR_MODE, usr + 8, usr + 13, usr + 14, NULL },
		{ SYSTEM_MODE, usr + 8, usr + 13, usr + 14, NULL },
		{ SVC_MODE, usr + 8, regs->svc_regs, regs->svc_regs + 1,
		  regs->svc_regs + 2 },
		{ ABT_MODE, usr + 8, regs->abt_regs, regs->abt_regs + 1,
		  regs->abt_regs + 2 },
		{ UND_MODE, usr + 8, regs->und_regs, regs->und_regs + 1,
		  regs->und_regs + 2 },
		{ IRQ_MODE, usr + 8, regs->irq_regs, regs->irq_regs + 1,
		  regs->irq_regs + 2 },
		{ FIQ_MODE, regs->fiq_regs, regs->fiq_regs + 5,
		  regs->fiq_regs + 6, regs->fiq_regs + 7 },
	};
	unsigned long *where;
	u32 i, r;

	for (i = 0; i < ARRAY_SIZE(modes); i++) {
		for (r = 0; r < 15; r++) {
			where = r < 8 ? usr + r :
				r < 13 ? modes[i].r8 + r - 8 :
				r == 13 ? modes[i].sp : modes[i].lr;

			memset(regs, 0, sizeof(*regs));
			*vcpu_cpsr(vcpu) = modes[i].mode;

			vcpu_set_reg(vcpu, r, 0x1234 + r);
			KUNIT_EXPECT_EQ_MSG(test, *where, 0x1234 + r,
					    "mode %02x r%u", modes[i].mode, r);
			*where = 0x5678 + r;
			KUNIT_EXPECT_EQ_MSG(test, vcpu_get_reg(vcpu, r),
					    0x5678 + r, "mode %02x r%u",
					    modes[i].mode, r);
		}

		if (modes[i].spsr)
			KUNIT_EXPECT_PTR_EQ(test, vcpu_spsr(vcpu),
					    modes[i].spsr);
	}
}

/* What an exception does by Table B1-4 and B1.9.8: preferred return offsets */
struct exception_case {
	const char *name;
	void (*inject)(struct kvm_vcpu *vcpu);
	u32 mode, vector, lr_arm, lr_thumb, masks;
};

static void inject_dabt(struct kvm_vcpu *vcpu)
{
	kvm_inject_dabt(vcpu, 0x1000);
}

static void inject_pabt(struct kvm_vcpu *vcpu)
{
	kvm_inject_pabt(vcpu, 0x1000);
}

static const struct exception_case exceptions[] = {
	{ "undefined", kvm_inject_undefined, UND_MODE, 0x4, 4, 2, PSR_I_BIT },
	{ "prefetch abort", inject_pabt, ABT_MODE, 0xc, 4, 4,
	  PSR_I_BIT | PSR_A_BIT },
	{ "data abort", inject_dabt, ABT_MODE, 0x10, 8, 8,
	  PSR_I_BIT | PSR_A_BIT },
};

static void check_exception(struct kunit *test, struct kvm_vcpu *vcpu,
			    const struct exception_case *e, u32 cpsr, u32 sctlr)
{
	const u32 kept = PSR_N_BIT | PSR_Z_BIT | PSR_C_BIT | PSR_V_BIT |
			 PSR_Q_BIT | 0x000f0000 | PSR_F_BIT | PSR_I_BIT |
			 PSR_A_BIT;
	struct kvm_regs *regs = vcpu_gp_regs(vcpu);
	unsigned long *bank = e->mode == UND_MODE ? regs->und_regs :
						    regs->abt_regs;
	u32 base = sctlr & CR_V ? 0xffff0000 : TEST_VBAR;
	u32 lr = cpsr & PSR_T_BIT ? e->lr_thumb : e->lr_arm;
	u32 expected = (cpsr & kept) | e->mode | e->masks;

	if (sctlr & CR_TE)
		expected |= PSR_T_BIT;
	if (sctlr & CR_EE)
		expected |= PSR_E_BIT;
	if (sctlr & SCTLR_DSSBS)
		expected |= PSR_SSBS;

	*vcpu_cpsr(vcpu) = cpsr;
	*vcpu_pc(vcpu) = TEST_PC;
	vcpu_cp15(vcpu, c1_SCTLR) = sctlr;
	vcpu_cp15(vcpu, c12_VBAR) = TEST_VBAR;

	e->inject(vcpu);
	KUNIT_EXPECT_EQ(test, *vcpu_cpsr(vcpu), cpsr);
	KUNIT_EXPECT_EQ(test, *vcpu_pc(vcpu), TEST_PC);
	KUNIT_EXPECT_TRUE(test, kvm_pc_needs_adjustment(vcpu));

	kvm_adjust_pc(vcpu);
	KUNIT_EXPECT_FALSE(test, kvm_pc_needs_adjustment(vcpu));
	KUNIT_EXPECT_EQ_MSG(test, *vcpu_cpsr(vcpu), expected,
			    "%s from %08x SCTLR %08x", e->name, cpsr, sctlr);
	KUNIT_EXPECT_EQ_MSG(test, *vcpu_pc(vcpu), base + e->vector,
			    "%s from %08x SCTLR %08x", e->name, cpsr, sctlr);
	KUNIT_EXPECT_EQ_MSG(test, bank[1], TEST_PC + lr,
			    "%s from %08x", e->name, cpsr);
	KUNIT_EXPECT_EQ_MSG(test, bank[2], cpsr, "%s from %08x", e->name, cpsr);

	/* Once only */
	kvm_adjust_pc(vcpu);
	KUNIT_EXPECT_EQ(test, *vcpu_pc(vcpu), base + e->vector);
}

static void exception_entry(struct kunit *test)
{
	/* RES1 on ARMv7: without it ARMv8 cores set PSTATE.PAN */
	const u32 sctlr_span = BIT(23);
	static const u32 cpsrs[] = {
		USR_MODE,
		USR_MODE | PSR_T_BIT,
		USR_MODE | PSR_T_BIT | 0x0600fc00,
		SVC_MODE | PSR_N_BIT | PSR_C_BIT | 0x000a0000,
		SVC_MODE | PSR_T_BIT | PSR_F_BIT | PSR_E_BIT,
		FIQ_MODE | PSR_F_BIT | PSR_I_BIT | PSR_A_BIT,
		ABT_MODE | PSR_J_BIT | PSR_T_BIT,
		UND_MODE | PSR_Q_BIT,
		SYSTEM_MODE | PSR_V_BIT,
		/* IL of ARMv8 */
		SVC_MODE | BIT(20),
		USR_MODE | PSR_SSBS,
	};
	static const u32 sctlrs[] = {
		0, CR_TE, CR_EE, CR_V, SCTLR_DSSBS, CR_TE | CR_EE | CR_V,
	};
	struct kvm_vcpu *vcpu = fake_vcpu(test);
	u32 i, j, k;

	for (i = 0; i < ARRAY_SIZE(exceptions); i++)
		for (j = 0; j < ARRAY_SIZE(cpsrs); j++)
			for (k = 0; k < ARRAY_SIZE(sctlrs); k++)
				check_exception(test, vcpu, &exceptions[i],
						cpsrs[j],
						sctlrs[k] | sctlr_span);
}

static void increment_once(struct kunit *test)
{
	struct kvm_vcpu *vcpu = fake_vcpu(test);

	*vcpu_cpsr(vcpu) = SVC_MODE;
	*vcpu_pc(vcpu) = TEST_PC;

	kvm_incr_pc(vcpu);
	kvm_incr_pc(vcpu);
	KUNIT_EXPECT_EQ(test, *vcpu_pc(vcpu), TEST_PC);
	kvm_adjust_pc(vcpu);
	KUNIT_EXPECT_EQ(test, *vcpu_pc(vcpu), TEST_PC + 4);
	kvm_adjust_pc(vcpu);
	KUNIT_EXPECT_EQ(test, *vcpu_pc(vcpu), TEST_PC + 4);
}

/* In whichever order they come, the exception is taken, on the instruction */
static void exception_beats_increment(struct kunit *test)
{
	struct kvm_vcpu *vcpu = fake_vcpu(test);
	int order;

	for (order = 0; order < 2; order++) {
		*vcpu_cpsr(vcpu) = SVC_MODE;
		*vcpu_pc(vcpu) = TEST_PC;
		vcpu_cp15(vcpu, c12_VBAR) = TEST_VBAR;

		if (order)
			kvm_incr_pc(vcpu);
		kvm_inject_undefined(vcpu);
		if (!order)
			kvm_incr_pc(vcpu);
		kvm_adjust_pc(vcpu);

		KUNIT_EXPECT_EQ(test, *vcpu_pc(vcpu), TEST_VBAR + 4);
		KUNIT_EXPECT_EQ(test, vcpu_gp_regs(vcpu)->und_regs[1],
				TEST_PC + 4);
		kvm_adjust_pc(vcpu);
		KUNIT_EXPECT_EQ(test, *vcpu_pc(vcpu), TEST_VBAR + 4);
	}
}

static void abort_status(struct kunit *test)
{
	struct kvm_vcpu *vcpu = fake_vcpu(test);
	const u32 write = HSR_CLASS(HSR_EC_DABT) | HSR_WNR;
	const u32 addr = 0xc0de1234;

	/* Short-descriptor format: synchronous external abort is 0b01000 */
	kvm_inject_dabt(vcpu, addr);
	KUNIT_EXPECT_EQ(test, vcpu_cp15(vcpu, c5_DFSR), 0x008);
	KUNIT_EXPECT_EQ(test, vcpu_cp15(vcpu, c6_DFAR), addr);
	KUNIT_EXPECT_EQ(test, vcpu_cp15(vcpu, c6_IFAR), 0);

	vcpu->arch.fault.hsr = write;
	kvm_inject_dabt(vcpu, addr);
	KUNIT_EXPECT_EQ(test, vcpu_cp15(vcpu, c5_DFSR), 0x808);

	kvm_inject_pabt(vcpu, addr + 4);
	KUNIT_EXPECT_EQ(test, vcpu_cp15(vcpu, c5_IFSR), 0x008);
	KUNIT_EXPECT_EQ(test, vcpu_cp15(vcpu, c6_IFAR), addr + 4);
	KUNIT_EXPECT_EQ(test, vcpu_cp15(vcpu, c6_DFAR), addr);

	/* Long-descriptor format: bit 9, and 0b010000 */
	vcpu_cp15(vcpu, c2_TTBCR) = BIT(31);
	kvm_inject_pabt(vcpu, addr);
	KUNIT_EXPECT_EQ(test, vcpu_cp15(vcpu, c5_IFSR), 0x210);
	kvm_inject_dabt(vcpu, addr);
	KUNIT_EXPECT_EQ(test, vcpu_cp15(vcpu, c5_DFSR), 0xa10);
	vcpu->arch.fault.hsr = 0;
	kvm_inject_dabt(vcpu, addr);
	KUNIT_EXPECT_EQ(test, vcpu_cp15(vcpu, c5_DFSR), 0x210);
}

static void size_fault_status(struct kunit *test)
{
	struct kvm_vcpu *vcpu = fake_vcpu(test);

	vcpu->arch.fault.hxfar = 0x1234;
	vcpu->arch.fault.hsr = HSR_CLASS(HSR_EC_DABT);
	kvm_inject_size_fault(vcpu);
	KUNIT_EXPECT_EQ(test, vcpu_cp15(vcpu, c5_DFSR), 0x008);
	KUNIT_EXPECT_EQ(test, vcpu_cp15(vcpu, c6_DFAR), 0x1234);
	KUNIT_EXPECT_EQ(test, vcpu_get_flag(vcpu, EXCEPT_MASK),
			unpack_vcpu_flag(EXCEPT_AA32_DABT));

	vcpu_cp15(vcpu, c2_TTBCR) = BIT(31);
	vcpu->arch.fault.hsr = HSR_CLASS(HSR_EC_IABT);
	kvm_inject_size_fault(vcpu);
	KUNIT_EXPECT_EQ(test, vcpu_cp15(vcpu, c5_IFSR), 0x200);
	KUNIT_EXPECT_EQ(test, vcpu_cp15(vcpu, c6_IFAR), 0x1234);
	KUNIT_EXPECT_EQ(test, vcpu_get_flag(vcpu, EXCEPT_MASK),
			unpack_vcpu_flag(EXCEPT_AA32_IABT));
}

static void vcpu_events(struct kunit *test)
{
	struct kvm_vcpu *vcpu = fake_vcpu(test);
	struct kvm_vcpu_events events;

	memset(&events, 0xff, sizeof(events));
	KUNIT_EXPECT_EQ(test, __kvm_arm_vcpu_get_events(vcpu, &events), 0);
	KUNIT_EXPECT_NULL(test, memchr_inv(&events, 0, sizeof(events)));

	/* No register for a syndrome, and then nothing is done */
	events.exception.serror_pending = 1;
	events.exception.serror_has_esr = 1;
	KUNIT_EXPECT_EQ(test, __kvm_arm_vcpu_set_events(vcpu, &events),
			-EINVAL);
	KUNIT_EXPECT_FALSE(test, *vcpu_hcr(vcpu) & HCR_VA);

	events.exception.serror_has_esr = 0;
	KUNIT_EXPECT_EQ(test, __kvm_arm_vcpu_set_events(vcpu, &events), 0);
	KUNIT_EXPECT_TRUE(test, *vcpu_hcr(vcpu) & HCR_VA);
	KUNIT_EXPECT_FALSE(test, kvm_pc_needs_adjustment(vcpu));
	KUNIT_EXPECT_EQ(test, __kvm_arm_vcpu_get_events(vcpu, &events), 0);
	KUNIT_EXPECT_EQ(test, events.exception.serror_pending, 1);

	memset(&events, 0, sizeof(events));
	events.exception.ext_dabt_pending = 1;
	vcpu->arch.fault.hxfar = 0x9000;
	vcpu_cp15(vcpu, c12_VBAR) = TEST_VBAR;
	vcpu->mmio_needed = 1;
	KUNIT_EXPECT_EQ(test, __kvm_arm_vcpu_set_events(vcpu, &events), 0);
	KUNIT_EXPECT_FALSE(test, kvm_pc_needs_adjustment(vcpu));
	KUNIT_EXPECT_EQ(test, *vcpu_pc(vcpu), TEST_VBAR + 0x10);
	KUNIT_EXPECT_EQ(test, vcpu_cp15(vcpu, c6_DFAR), 0x9000);
	KUNIT_EXPECT_FALSE(test, vcpu->mmio_needed);
}

static struct kunit_case insn_cases[] = {
	KUNIT_CASE(condition_from_syndrome),
	KUNIT_CASE(condition_from_it_state),
	KUNIT_CASE(condition_of_other_classes),
	KUNIT_CASE(skip_moves_pc),
	KUNIT_CASE(skip_advances_it),
	KUNIT_CASE(skip_keeps_it_in_arm_state),
	KUNIT_CASE(banked_registers),
	KUNIT_CASE(exception_entry),
	KUNIT_CASE(increment_once),
	KUNIT_CASE(exception_beats_increment),
	KUNIT_CASE(abort_status),
	KUNIT_CASE(size_fault_status),
	KUNIT_CASE(vcpu_events),
	{ }
};

static struct kunit_suite insn_suite = {
	.name = "kvm_arm_insn",
	.test_cases = insn_cases,
};

kunit_test_suite(insn_suite);
