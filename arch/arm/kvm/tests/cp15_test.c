// SPDX-License-Identifier: GPL-2.0-only
/*
 * The table of coprocessor registers, emulation of trapped accesses, and the
 * ONE_REG interface on top of both.
 */
#include <kunit/test.h>
#include <linux/bitmap.h>
#include <linux/irqflags.h>
#include <linux/kvm_host.h>
#include <linux/mman.h>
#include <linux/uaccess.h>
#include <kvm/arm_hypercalls.h>
#include <asm/barrier.h>
#include <asm/cachetype.h>
#include <asm/cputype.h>
#include <asm/kvm_emulate.h>
#include <asm/virt.h>

#include "fake_vcpu.h"
#include "vcpu_cp15.h"
#include "vcpu_pmu.h"

#define TEST_PC		0x80001000
#define CP14		14
#define CP15		15
#define ID32		(KVM_REG_ARM | KVM_REG_SIZE_U32)

static int cp15_suite_init(struct kunit_suite *suite)
{
	int ret;

	/* Where there is no HYP mode nobody has done it */
	ret = kvm_cpu_models_init();
	if (ret || kvm_cpreg_find(CPREG_KEY32(CP15, 0, 0, 0, 0)))
		return ret;

	return kvm_coproc_table_init();
}

static struct kvm_vcpu *reset_vcpu(struct kunit *test)
{
	struct kvm_vcpu *vcpu = fake_vcpu(test);

	kvm_reset_coprocs(vcpu);
	*vcpu_cpsr(vcpu) = SVC_MODE;
	*vcpu_pc(vcpu) = TEST_PC;

	return vcpu;
}

#define ISS_READ	1

static u32 iss32(u32 op1, u32 crn, u32 crm, u32 op2, u32 rt, u32 dir)
{
	return HSR_IL | op2 << 17 | op1 << 14 | crn << 10 | rt << 5 |
	       crm << 1 | dir;
}

static u32 iss64(u32 op1, u32 crm, u32 rt, u32 rt2, u32 dir)
{
	return HSR_IL | op1 << 16 | rt2 << 10 | rt << 5 | crm << 1 | dir;
}

static int trap(struct kvm_vcpu *vcpu, u32 ec, u32 iss)
{
	vcpu->arch.fault.hsr = ec << HSR_EC_SHIFT | iss;

	switch (ec) {
	case HSR_EC_CP15_32:
		return kvm_handle_cp15_32(vcpu);
	case HSR_EC_CP15_64:
		return kvm_handle_cp15_64(vcpu);
	case HSR_EC_CP14_MR:
		return kvm_handle_cp14_32(vcpu);
	case HSR_EC_CP14_64:
		return kvm_handle_cp14_64(vcpu);
	default:
		return kvm_handle_cp14_load_store(vcpu);
	}
}

/* Both leave the PC alone until kvm_adjust_pc() */
static void expect_done(struct kunit *test, struct kvm_vcpu *vcpu, u32 ec,
			u32 iss)
{
	KUNIT_EXPECT_EQ(test, trap(vcpu, ec, iss), 1);
	KUNIT_EXPECT_FALSE_MSG(test, vcpu_get_flag(vcpu, PENDING_EXCEPTION),
			       "class %02x ISS %07x", ec, iss);
	KUNIT_EXPECT_EQ(test, *vcpu_pc(vcpu), TEST_PC);
	kvm_adjust_pc(vcpu);
	KUNIT_EXPECT_EQ(test, *vcpu_pc(vcpu), TEST_PC + 4);
	*vcpu_pc(vcpu) = TEST_PC;
}

static void expect_undefined(struct kunit *test, struct kvm_vcpu *vcpu, u32 ec,
			     u32 iss)
{
	u32 cpsr = *vcpu_cpsr(vcpu);

	KUNIT_EXPECT_EQ(test, trap(vcpu, ec, iss), 1);
	KUNIT_EXPECT_TRUE_MSG(test, vcpu_get_flag(vcpu, PENDING_EXCEPTION),
			      "class %02x ISS %07x", ec, iss);
	KUNIT_EXPECT_EQ(test, vcpu_get_flag(vcpu, EXCEPT_MASK),
			unpack_vcpu_flag(EXCEPT_AA32_UND));
	KUNIT_EXPECT_FALSE(test, vcpu_get_flag(vcpu, INCREMENT_PC));
	kvm_adjust_pc(vcpu);
	KUNIT_EXPECT_EQ(test, vcpu_mode(vcpu), UND_MODE);
	*vcpu_cpsr(vcpu) = cpsr;
	*vcpu_pc(vcpu) = TEST_PC;
}

static bool is_timer(const struct kvm_cpreg *r)
{
	u32 key = r->key & ~CPREG_KEY_64;

	switch (r->key & CPREG_KEY_64 ? key & KVM_REG_ARM_CRM_MASK :
					key & (KVM_REG_ARM_32_CRN_MASK |
					       KVM_REG_ARM_CRM_MASK)) {
	case CPREG_KEY32(0, 0, 0, 14, 0):
	case CPREG_KEY32(0, 0, 14, 2, 0):
	case CPREG_KEY32(0, 0, 14, 3, 0):
		return true;
	default:
		return false;
	}
}

static void table_is_sorted(struct kunit *test)
{
	const struct kvm_cpreg *r;
	unsigned int i;

	for (i = 0; i < kvm_nr_cpregs; i++) {
		r = &kvm_cpregs[i];
		if (i)
			KUNIT_EXPECT_LT_MSG(test, kvm_cpregs[i - 1].key, r->key,
					    "%s", r->name);
		KUNIT_EXPECT_PTR_EQ_MSG(test, kvm_cpreg_find(r->key), r, "%s",
					r->name);
		KUNIT_EXPECT_NULL(test, kvm_cpreg_find(r->key ^ BIT(30)));
	}
}

/* Performance monitors: among the registers of the shared code */
static bool is_pmu(const struct kvm_cpreg *r)
{
	return !strncmp(r->name, "PM", 2);
}

static bool has_state(const struct kvm_cpreg *r)
{
	return r->ops->reset || r->ops->reset_along;
}

static void table_is_complete(struct kunit *test)
{
	const struct kvm_cpreg *r;

	for (r = kvm_cpregs; r < kvm_cpregs + kvm_nr_cpregs; r++) {
		KUNIT_ASSERT_NOT_NULL(test, r->name);
		KUNIT_ASSERT_NOT_NULL_MSG(test, r->ops, "%s", r->name);
		/* Whatever can be read can be written back */
		KUNIT_EXPECT_EQ_MSG(test, !r->ops->get, !r->ops->set, "%s",
				    r->name);
		KUNIT_EXPECT_TRUE_MSG(test, r->ops->access || r->ops->get,
				      "%s", r->name);
		if (has_state(r)) {
			KUNIT_EXPECT_LT_MSG(test, r->index,
					    is_pmu(r) ? NR_SYS_REGS :
							NR_CP15_REGS,
					    "%s", r->name);
			if (kvm_cpreg_is_64(r) && !is_pmu(r))
				KUNIT_EXPECT_EQ_MSG(test, r->index % 2, 0, "%s",
						    r->name);
		}
	}
}

/* Breakpoints and watchpoints: numbers, and storage of their own */
static bool is_debug(const struct kvm_cpreg *r)
{
	return !strncmp(r->name, "DBG", 3);
}

/* Two registers of one size never share their storage */
static void storage_is_not_shared(struct kunit *test)
{
	DECLARE_BITMAP(seen[2], NR_CP15_REGS) = { };
	DECLARE_BITMAP(pmu, NR_SYS_REGS) = { };
	const struct kvm_cpreg *r;

	for (r = kvm_cpregs; r < kvm_cpregs + kvm_nr_cpregs; r++)
		if (has_state(r) && !is_debug(r))
			KUNIT_EXPECT_FALSE_MSG(test,
					       test_and_set_bit(r->index, is_pmu(r) ? pmu :
								seen[kvm_cpreg_is_64(r)]),
					       "%s", r->name);
}

static void reset_values(struct kunit *test)
{
	struct kvm_vcpu *vcpu = fake_vcpu(test);
	const struct kvm_cpreg *r;
	u32 i;

	memset(vcpu->arch.ctxt.cp15, 0x5a, sizeof(vcpu->arch.ctxt.cp15));
	memset(vcpu->arch.shared_regs, 0x5a, sizeof(vcpu->arch.shared_regs));
	memset(&vcpu->arch.debug.guest, 0x5a, sizeof(vcpu->arch.debug.guest));
	kvm_reset_coprocs(vcpu);

	KUNIT_EXPECT_EQ(test, vcpu_cp15(vcpu, c1_SCTLR), 0x00c50078);
	KUNIT_EXPECT_EQ(test, vcpu_cp15(vcpu, c2_TTBCR), 0);
	KUNIT_EXPECT_EQ(test, vcpu_cp15(vcpu, c1_CPACR), 0);
	KUNIT_EXPECT_EQ(test, vcpu_cp15(vcpu, c12_VBAR), 0);

	for (r = kvm_cpregs; r < kvm_cpregs + kvm_nr_cpregs; r++)
		if (has_state(r) && kvm_cpreg_is_onereg(vcpu, r))
			KUNIT_EXPECT_NE_MSG(test, (u32)r->ops->get(vcpu, r),
					    0x5a5a5a5a, "%s", r->name);

	/* Those that another one's reset takes along */
	for (i = PMCR_EL0; i <= PMCCFILTR_EL0; i++)
		KUNIT_EXPECT_EQ_MSG(test, vcpu->arch.shared_regs[i], 0, "%u", i);
	KUNIT_EXPECT_NULL(test, memchr_inv(&vcpu->arch.debug.guest, 0,
					   sizeof(vcpu->arch.debug.guest)));
}

/* By opc2: of DBGDSCRext, DBGBCR and DBGWCR what a guest has */
static u32 debug_mask(const struct kvm_cpreg *r)
{
	switch (r->key & 0x7) {
	case 2:
		return 0x0000903c;
	case 5:
		return 0x00ff01e7;
	case 7:
		return 0x1f1f1fff;
	default:
		return ~0U;
	}
}

/* Bits that are not simply stored */
static u64 stored_mask(const struct kvm_cpreg *r)
{
	if (is_debug(r))
		return debug_mask(r);

	switch (r->key) {
	case CPREG_KEY32(CP15, 2, 0, 0, 0):	/* CSSELR */
		return 0xf;
	case CPREG_KEY32(CP15, 1, 9, 0, 2):	/* L2CTLR */
		return ~(3U << 24);
	default:
		return kvm_cpreg_is_64(r) ? ~0ULL : ~0U;
	}
}

static void stored_round_trip(struct kunit *test)
{
	struct kvm_vcpu *vcpu = reset_vcpu(test);
	const u64 patterns[] = { 0x0123456789abcdefULL, ~0ULL, 0 };
	const struct kvm_cpreg *r;
	u64 id, mask, val;
	u32 i;

	for (r = kvm_cpregs; r < kvm_cpregs + kvm_nr_cpregs; r++) {
		if (!has_state(r) || !kvm_cpreg_is_onereg(vcpu, r))
			continue;

		id = kvm_cpreg_id(r);
		mask = stored_mask(r);
		for (i = 0; i < ARRAY_SIZE(patterns); i++) {
			val = kvm_cpreg_is_64(r) ? patterns[i] :
						   (u32)patterns[i];
			KUNIT_EXPECT_EQ_MSG(test, kvm_cpreg_set(vcpu, id, val),
					    0, "%s", r->name);
			val = 0;
			KUNIT_EXPECT_EQ(test, kvm_cpreg_get(vcpu, id, &val), 0);
			KUNIT_EXPECT_EQ_MSG(test, val & mask,
					    patterns[i] & mask, "%s", r->name);
		}
	}
}

static void invariants(struct kunit *test)
{
	struct kvm_vcpu *vcpu = reset_vcpu(test);
	const struct kvm_cpreg *r;
	u32 n = 0;
	u64 id, val;

	for (r = kvm_cpregs; r < kvm_cpregs + kvm_nr_cpregs; r++) {
		if (has_state(r) || !r->ops->get || is_timer(r))
			continue;

		id = kvm_cpreg_id(r);
		KUNIT_EXPECT_EQ(test, kvm_cpreg_get(vcpu, id, &val), 0);
		KUNIT_EXPECT_EQ_MSG(test, kvm_cpreg_set(vcpu, id, val), 0, "%s",
				    r->name);
		KUNIT_EXPECT_EQ_MSG(test, kvm_cpreg_set(vcpu, id, val ^ 1),
				    -EINVAL, "%s", r->name);
		n++;
	}
	KUNIT_EXPECT_EQ(test, n, 21);

	KUNIT_EXPECT_EQ(test, kvm_cpreg_get(vcpu, ARM_CP15_REG32(0, 0, 0, 0),
					    &val), 0);
	KUNIT_EXPECT_EQ(test, val, read_cpuid_id());
	KUNIT_EXPECT_EQ(test, kvm_cpreg_get(vcpu, ARM_CP15_REG32(0, 0, 0, 1),
					    &val), 0);
	KUNIT_EXPECT_EQ(test, val, read_cpuid_cachetype());
	KUNIT_EXPECT_EQ(test, kvm_cpreg_get(vcpu, ARM_CP15_REG32(0, 0, 1, 7),
					    &val), 0);
	KUNIT_EXPECT_EQ(test, val, read_cpuid_ext(CPUID_EXT_MMFR3));
	KUNIT_EXPECT_EQ(test, kvm_cpreg_get(vcpu, ARM_CP15_REG32(0, 0, 2, 5),
					    &val), 0);
	KUNIT_EXPECT_EQ(test, val, read_cpuid_ext(CPUID_EXT_ISAR5));
}

static void bad_ids(struct kunit *test)
{
	struct kvm_vcpu *vcpu = reset_vcpu(test);
	const u64 sctlr = ARM_CP15_REG32(0, 1, 0, 0);
	static const struct {
		u64 id;
		int ret;
	} cases[] = {
		/* No such register; one that only traps; one of cp14 */
		{ ARM_CP15_REG32(7, 15, 15, 7), -ENOENT },
		{ ARM_CP15_REG64(15, 15), -ENOENT },
		{ ARM_CP15_REG32(1, 0, 0, 0), -ENOENT },
		{ ID32 | 14 << KVM_REG_ARM_COPROC_SHIFT, -ENOENT },
		/* A 32-bit register by another size */
		{ (ARM_CP15_REG32(0, 1, 0, 0) & ~KVM_REG_SIZE_MASK) |
		  KVM_REG_SIZE_U64, -ENOENT },
		{ (ARM_CP15_REG32(0, 1, 0, 0) & ~KVM_REG_SIZE_MASK) |
		  KVM_REG_SIZE_U8, -ENOENT },
		{ (ARM_CP15_REG32(0, 1, 0, 0) & ~KVM_REG_SIZE_MASK) |
		  KVM_REG_SIZE_U128, -ENOENT },
		/* The Secure instance */
		{ ARM_CP15_REG32(0, 1, 0, 0) | KVM_REG_ARM_SECURE_MASK,
		  -ENOENT },
	};
	u64 val;
	u32 i;

	KUNIT_EXPECT_EQ(test, kvm_cpreg_get(vcpu, sctlr, &val), 0);
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		KUNIT_EXPECT_EQ_MSG(test,
				    kvm_cpreg_get(vcpu, cases[i].id, &val),
				    cases[i].ret, "%016llx", cases[i].id);
		KUNIT_EXPECT_EQ_MSG(test,
				    kvm_cpreg_set(vcpu, cases[i].id, 0),
				    cases[i].ret, "%016llx", cases[i].id);
	}
}

static u32 unknown_in(struct kunit *test, struct kvm_vcpu *vcpu, u32 ec, u32 cp)
{
	u32 i, op1, crn, crm, op2, n = 0;

	for (i = 0; i < 1 << 14; i++) {
		op2 = i & 7;
		op1 = (i >> 3) & 7;
		crm = (i >> 6) & 15;
		crn = i >> 10;
		if (kvm_cpreg_find(CPREG_KEY32(cp, op1, crn, crm, op2)))
			continue;

		expect_undefined(test, vcpu, ec,
				 iss32(op1, crn, crm, op2, 1, n++ & 1));
	}

	return n;
}

static void unknown_is_undefined(struct kunit *test)
{
	struct kvm_vcpu *vcpu = reset_vcpu(test);
	u32 op1;

	KUNIT_EXPECT_GT(test, unknown_in(test, vcpu, HSR_EC_CP15_32, CP15),
			16000);
	KUNIT_EXPECT_GT(test, unknown_in(test, vcpu, HSR_EC_CP14_MR, CP14),
			16000);

	for (op1 = 0; op1 < 16; op1++) {
		/* c12 has the SGI registers of GICv3 */
		expect_undefined(test, vcpu, HSR_EC_CP15_64,
				 iss64(op1, 12, 1, 2, 0));
		/* All but DBGDRAR and DBGDSAR */
		expect_undefined(test, vcpu, HSR_EC_CP14_64,
				 iss64(op1, 3, 1, 2, ISS_READ));
		if (op1) {
			expect_undefined(test, vcpu, HSR_EC_CP14_64,
					 iss64(op1, 1, 1, 2, ISS_READ));
			expect_undefined(test, vcpu, HSR_EC_CP14_64,
					 iss64(op1, 2, 1, 2, ISS_READ));
		}
	}
	expect_undefined(test, vcpu, HSR_EC_CP14_LS, 0);
}

static void one_way_registers(struct kunit *test)
{
	struct kvm_vcpu *vcpu = reset_vcpu(test);

	/* Writes to CTR, CCSIDR, CLIDR, DBGDIDR, CNTPCT; reads of DC ops */
	expect_undefined(test, vcpu, HSR_EC_CP15_32, iss32(0, 0, 0, 1, 1, 0));
	expect_undefined(test, vcpu, HSR_EC_CP15_32, iss32(1, 0, 0, 0, 1, 0));
	expect_undefined(test, vcpu, HSR_EC_CP15_32, iss32(1, 0, 0, 1, 1, 0));
	expect_undefined(test, vcpu, HSR_EC_CP14_MR, iss32(0, 0, 0, 0, 1, 0));
	expect_undefined(test, vcpu, HSR_EC_CP15_64, iss64(0, 14, 1, 2, 0));
	expect_undefined(test, vcpu, HSR_EC_CP15_32,
			 iss32(0, 7, 6, 2, 1, ISS_READ));
	expect_undefined(test, vcpu, HSR_EC_CP15_32,
			 iss32(0, 7, 14, 2, 1, ISS_READ));
	/* TVM traps writes only */
	expect_undefined(test, vcpu, HSR_EC_CP15_32,
			 iss32(0, 1, 0, 0, 1, ISS_READ));
}

static void reads_are_transparent(struct kunit *test)
{
	struct kvm_vcpu *vcpu = reset_vcpu(test);
	struct kvm_regs before;
	u32 rt;

	for (rt = 0; rt < 15; rt++) {
		memset32((u32 *)vcpu_gp_regs(vcpu), 0xdead0000, 13);
		*vcpu_cpsr(vcpu) = SVC_MODE | PSR_N_BIT;
		*vcpu_pc(vcpu) = TEST_PC;
		before = *vcpu_gp_regs(vcpu);

		expect_done(test, vcpu, HSR_EC_CP15_32,
			    iss32(0, 0, 0, 1, rt, ISS_READ));
		KUNIT_EXPECT_EQ(test, vcpu_get_reg(vcpu, rt),
				read_cpuid_cachetype());

		vcpu_set_reg(vcpu, rt, 0);
		*vcpu_gp_regs(vcpu) = before;
	}
}

/* MRC p14, 0, APSR_nzcv, c0, c1, 0 is how a debug channel is polled */
static void flags_as_destination(struct kunit *test)
{
	struct kvm_vcpu *vcpu = reset_vcpu(test);

	*vcpu_cpsr(vcpu) = SVC_MODE | PSR_N_BIT | PSR_V_BIT | PSR_Q_BIT;
	expect_done(test, vcpu, HSR_EC_CP14_MR, iss32(0, 0, 1, 0, 15, ISS_READ));
	KUNIT_EXPECT_EQ(test, *vcpu_cpsr(vcpu), SVC_MODE | PSR_Q_BIT);
}

static void from_user_mode(struct kunit *test)
{
	struct kvm_vcpu *vcpu = reset_vcpu(test);

	*vcpu_cpsr(vcpu) = USR_MODE;

	/* ACTLR, L2CTLR, PMCR, diagnostic register, DBGBVR0 */
	expect_undefined(test, vcpu, HSR_EC_CP15_32,
			 iss32(0, 1, 0, 1, 1, ISS_READ));
	expect_undefined(test, vcpu, HSR_EC_CP15_32,
			 iss32(1, 9, 0, 2, 1, ISS_READ));
	expect_undefined(test, vcpu, HSR_EC_CP15_32,
			 iss32(0, 9, 12, 0, 1, ISS_READ));
	expect_undefined(test, vcpu, HSR_EC_CP15_32, iss32(0, 15, 0, 1, 1, 0));
	expect_undefined(test, vcpu, HSR_EC_CP14_MR,
			 iss32(0, 0, 0, 4, 1, ISS_READ));

	/* DBGDIDR; PMUSERENR is for User mode to read, not to write */
	expect_done(test, vcpu, HSR_EC_CP14_MR,
		    iss32(0, 0, 0, 0, 1, ISS_READ));
	expect_done(test, vcpu, HSR_EC_CP15_32,
		    iss32(0, 9, 14, 0, 1, ISS_READ));
	expect_undefined(test, vcpu, HSR_EC_CP15_32, iss32(0, 9, 14, 0, 1, 0));
	*vcpu_cpsr(vcpu) = SVC_MODE;
	expect_done(test, vcpu, HSR_EC_CP15_32, iss32(0, 9, 14, 0, 1, 0));
}

/* No counters; debug registers, but none in memory */
static void no_pmu_no_debug_rom(struct kunit *test)
{
	struct kvm_vcpu *vcpu = reset_vcpu(test);
	u32 crm, op2;

	for (crm = 12; crm <= 13; crm++)
		for (op2 = 0; op2 < (crm == 12 ? 8 : 3); op2++) {
			vcpu_set_reg(vcpu, 1, ~0UL);
			expect_done(test, vcpu, HSR_EC_CP15_32,
				    iss32(0, 9, crm, op2, 1, 0));
			expect_done(test, vcpu, HSR_EC_CP15_32,
				    iss32(0, 9, crm, op2, 1, ISS_READ));
			KUNIT_EXPECT_EQ(test, vcpu_get_reg(vcpu, 1), 0);
		}

	vcpu_set_reg(vcpu, 1, ~0UL);
	expect_done(test, vcpu, HSR_EC_CP14_MR,
		    iss32(0, 0, 0, 0, 1, ISS_READ));
	KUNIT_EXPECT_EQ(test, vcpu_get_reg(vcpu, 1),
			vcpu->kvm->arch.model->dbgdidr & 0xffff0000);

	/* DBGDRAR and DBGDSAR, in both sizes: not valid, so nothing is there */
	for (crm = 1; crm <= 2; crm++) {
		vcpu_set_reg(vcpu, 1, ~0UL);
		vcpu_set_reg(vcpu, 2, ~0UL);
		expect_done(test, vcpu, HSR_EC_CP14_MR,
			    iss32(0, crm, 0, 0, 1, ISS_READ));
		KUNIT_EXPECT_EQ(test, vcpu_get_reg(vcpu, 1), 0);
		vcpu_set_reg(vcpu, 1, ~0UL);
		expect_done(test, vcpu, HSR_EC_CP14_64,
			    iss64(0, crm, 1, 2, ISS_READ));
		KUNIT_EXPECT_EQ(test, vcpu_get_reg(vcpu, 1), 0);
		KUNIT_EXPECT_EQ(test, vcpu_get_reg(vcpu, 2), 0);
		expect_undefined(test, vcpu, HSR_EC_CP14_64,
				 iss64(0, crm, 1, 2, 0));
	}
}

/* Registers that CPUs have, and no emulated one: that the core has power */
static void power_status(struct kunit *test)
{
	struct kvm_vcpu *vcpu = reset_vcpu(test);

	vcpu_set_reg(vcpu, 1, ~0UL);
	expect_done(test, vcpu, HSR_EC_CP14_MR,
		    iss32(0, 1, 5, 4, 1, ISS_READ));
	KUNIT_EXPECT_EQ(test, vcpu_get_reg(vcpu, 1),
			vcpu->kvm->arch.model->dbgdidr ? 1 : 0);
	expect_undefined(test, vcpu, HSR_EC_CP14_MR, iss32(0, 1, 5, 4, 1, 0));
}

/* ICC_SRE is there in a VM that has a GICv3, and is as that has it */
static void gicv3_enable(struct kunit *test)
{
	struct kvm_vcpu *vcpu = reset_vcpu(test);
	struct vgic_dist *vgic = &vcpu->kvm->arch.vgic;

	vgic->in_kernel = true;
	vgic->vgic_model = KVM_DEV_TYPE_ARM_VGIC_V2;
	vcpu->arch.vgic_cpu.vgic_v3.vgic_sre = 7;
	expect_undefined(test, vcpu, HSR_EC_CP15_32,
			 iss32(0, 12, 12, 5, 1, ISS_READ));

	vgic->vgic_model = KVM_DEV_TYPE_ARM_VGIC_V3;
	expect_done(test, vcpu, HSR_EC_CP15_32, iss32(0, 12, 12, 5, 1, 0));
	vcpu_set_reg(vcpu, 1, ~0UL);
	expect_done(test, vcpu, HSR_EC_CP15_32,
		    iss32(0, 12, 12, 5, 1, ISS_READ));
	KUNIT_EXPECT_EQ(test, vcpu_get_reg(vcpu, 1), 7);
}

/* TEECR and TEEHBR are there if the core has ThumbEE, and never trap */
static void thumbee(struct kunit *test)
{
	const u64 teehbr = ID32 | CPREG_KEY32(CP14, 6, 1, 0, 0);
	bool has = read_cpuid_ext(CPUID_EXT_PFR0) & 0xf000;
	struct kvm_vcpu *vcpu = reset_vcpu(test);
	u64 val;

	KUNIT_EXPECT_EQ(test, kvm_has_thumbee, has);
	KUNIT_EXPECT_EQ(test, kvm_cpreg_set(vcpu, teehbr, 0x12345000),
			has ? 0 : -ENOENT);
	KUNIT_EXPECT_EQ(test, kvm_cpreg_get(vcpu, teehbr, &val),
			has ? 0 : -ENOENT);
	expect_undefined(test, vcpu, HSR_EC_CP14_MR,
			 iss32(6, 0, 0, 0, 1, ISS_READ));
	expect_undefined(test, vcpu, HSR_EC_CP14_MR, iss32(6, 1, 0, 0, 1, 0));
}

/* TTBCR2 is there by ID_MMFR4.HPDS; of its accesses writes trap (HCR.TVM) */
static void ttbcr2(struct kunit *test)
{
	const u64 id = ID32 | CPREG_KEY32(CP15, 0, 2, 0, 3);
	const u32 write = iss32(0, 2, 0, 3, 1, 0);
	struct kvm_vcpu *vcpu = reset_vcpu(test);
	u32 mmfr4;
	u64 val;

	asm("mrc p15, 0, %0, c0, c2, 6" : "=r" (mmfr4));
	KUNIT_EXPECT_EQ(test, kvm_has_ttbcr2, (mmfr4 >> 16 & 0xf) != 0);
	vcpu_set_reg(vcpu, 1, 0x600);
	if (kvm_has_ttbcr2) {
		expect_done(test, vcpu, HSR_EC_CP15_32, write);
		KUNIT_EXPECT_EQ(test, kvm_cpreg_get(vcpu, id, &val), 0);
		KUNIT_EXPECT_EQ(test, val, 0x600);
	} else {
		expect_undefined(test, vcpu, HSR_EC_CP15_32, write);
		KUNIT_EXPECT_EQ(test, kvm_cpreg_get(vcpu, id, &val), -ENOENT);
		KUNIT_EXPECT_EQ(test, kvm_cpreg_set(vcpu, id, 0), -ENOENT);
	}
	expect_undefined(test, vcpu, HSR_EC_CP15_32, write | ISS_READ);
}

static u32 hw_ccsidr(u32 csselr)
{
	unsigned long flags;
	u32 val;

	local_irq_save(flags);
	set_csselr(csselr);
	isb();
	val = read_ccsidr();
	local_irq_restore(flags);

	return val;
}

/* A bit for each value of CSSELR. CLIDR of a Cortex-A15, and odd ones */
static void cache_levels(struct kunit *test)
{
	static const struct {
		u32 clidr;
		u16 caches;
	} cases[] = {
		{ 0x0a200023, BIT(0) | BIT(1) | BIT(2) },
		{ 00000000000, 0 },
		{ 00000000001, BIT(1) },
		{ 00000000002, BIT(0) },
		{ 00000000004, BIT(0) },
		/* Nothing at the first level: the second does not count */
		{ 00000000040, 0 },
		{ 00004444043, BIT(0) | BIT(1) | BIT(2) },
		{ 00004444444, 0x1555 },
		{ 00003333333, 0x3fff },
	};
	u32 csselr, i, caches;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		caches = 0;
		for (csselr = 0; csselr < 14; csselr++)
			if (kvm_clidr_has_cache(cases[i].clidr, csselr))
				caches |= BIT(csselr);
		KUNIT_EXPECT_EQ_MSG(test, caches, cases[i].caches, "CLIDR %o",
				    cases[i].clidr);
	}
}

static void cache_size_selection(struct kunit *test)
{
	const u64 base = ID32 | KVM_REG_ARM_DEMUX | KVM_REG_ARM_DEMUX_ID_CCSIDR;
	struct kvm_vcpu *vcpu = reset_vcpu(test);
	u32 csselr, n = 0;
	u64 val;

	for (csselr = 0; csselr < 16; csselr++) {
		vcpu_set_reg(vcpu, 1, csselr | 0xabcd0000);
		expect_done(test, vcpu, HSR_EC_CP15_32,
			    iss32(2, 0, 0, 0, 1, 0));
		expect_done(test, vcpu, HSR_EC_CP15_32,
			    iss32(2, 0, 0, 0, 2, ISS_READ));
		KUNIT_EXPECT_EQ(test, vcpu_get_reg(vcpu, 2), csselr);
		expect_done(test, vcpu, HSR_EC_CP15_32,
			    iss32(1, 0, 0, 0, 3, ISS_READ));

		if (!kvm_ccsidr_valid(vcpu, csselr)) {
			KUNIT_EXPECT_EQ(test, vcpu_get_reg(vcpu, 3), 0);
			KUNIT_EXPECT_EQ(test, kvm_demux_get(vcpu, base | csselr,
							    &val), -ENOENT);
			continue;
		}

		n++;
		KUNIT_EXPECT_EQ(test, vcpu_get_reg(vcpu, 3),
				hw_ccsidr(csselr));
		KUNIT_EXPECT_EQ(test, kvm_demux_get(vcpu, base | csselr, &val),
				0);
		KUNIT_EXPECT_EQ(test, val, hw_ccsidr(csselr));
		KUNIT_EXPECT_EQ(test, kvm_demux_set(vcpu, base | csselr, val),
				0);
		KUNIT_EXPECT_EQ(test, kvm_demux_set(vcpu, base | csselr,
						    val + 1), -EINVAL);
	}

	/* Level one has caches on every core that KVM runs on */
	KUNIT_EXPECT_TRUE(test, kvm_ccsidr_valid(vcpu, 0));
	KUNIT_EXPECT_EQ(test, kvm_demux_indices(vcpu, NULL), n);
	KUNIT_EXPECT_EQ(test, kvm_demux_get(vcpu, base | BIT(8), &val),
			-ENOENT);
	KUNIT_EXPECT_EQ(test,
			kvm_demux_get(vcpu, (base & ~KVM_REG_SIZE_MASK) |
				      KVM_REG_SIZE_U64, &val), -ENOENT);
}

static void mmu_registers(struct kunit *test)
{
	struct kvm_vcpu *vcpu = reset_vcpu(test);

	/* MCR writes the low word of a 64-bit register, MCRR both */
	vcpu_set_reg(vcpu, 4, 0x89abcdef);
	vcpu_set_reg(vcpu, 5, 0x01234567);
	expect_done(test, vcpu, HSR_EC_CP15_64, iss64(1, 2, 4, 5, 0));
	KUNIT_EXPECT_EQ(test, vcpu_cp15(vcpu, c2_TTBR1), 0x89abcdef);
	KUNIT_EXPECT_EQ(test, vcpu_cp15(vcpu, c2_TTBR1_HI), 0x01234567);
	KUNIT_EXPECT_EQ(test, vcpu_cp15(vcpu, c2_TTBR0), 0);

	expect_done(test, vcpu, HSR_EC_CP15_32, iss32(0, 2, 0, 1, 5, 0));
	KUNIT_EXPECT_EQ(test, vcpu_cp15(vcpu, c2_TTBR1), 0x01234567);
	KUNIT_EXPECT_EQ(test, vcpu_cp15(vcpu, c2_TTBR1_HI), 0x01234567);

	/* Ones that stay on the CPU are in memory while it is not loaded */
	expect_done(test, vcpu, HSR_EC_CP15_32, iss32(0, 10, 3, 1, 4, 0));
	KUNIT_EXPECT_EQ(test, vcpu_cp15(vcpu, c10_AMAIR1), 0x89abcdef);
	expect_done(test, vcpu, HSR_EC_CP15_32, iss32(0, 13, 0, 1, 4, 0));
	KUNIT_EXPECT_EQ(test, vcpu_cp15(vcpu, c13_CID), 0x89abcdef);
}

static void actlr_is_read_only(struct kunit *test)
{
	struct kvm_vcpu *vcpu = reset_vcpu(test);
	u32 actlr = vcpu_cp15(vcpu, c1_ACTLR);

	vcpu_set_reg(vcpu, 1, ~actlr);
	expect_done(test, vcpu, HSR_EC_CP15_32, iss32(0, 1, 0, 1, 1, 0));
	expect_done(test, vcpu, HSR_EC_CP15_32,
		    iss32(0, 1, 0, 1, 2, ISS_READ));
	KUNIT_EXPECT_EQ(test, vcpu_get_reg(vcpu, 2), actlr);

	if (kvm_target_cpu() != KVM_ARM_TARGET_GENERIC_V7)
		KUNIT_EXPECT_TRUE(test, actlr & BIT(6));
}

/* Power control, diagnostic, internal feature: Linux sets bits of them */
static void errata_workarounds(struct kunit *test)
{
	struct kvm_vcpu *vcpu = reset_vcpu(test);
	u32 op2;

	for (op2 = 0; op2 <= 2; op2++) {
		vcpu_set_reg(vcpu, 10, ~0UL);
		expect_done(test, vcpu, HSR_EC_CP15_32,
			    iss32(0, 15, 0, op2, 10, 0));
		expect_done(test, vcpu, HSR_EC_CP15_32,
			    iss32(0, 15, 0, op2, 10, ISS_READ));
		KUNIT_EXPECT_EQ(test, vcpu_get_reg(vcpu, 10), 0);
	}
}

/*
 * HCR2.TERR: a guest has no error records. Without one, what would access it is
 * RAZ/WI; ERRIDR, ERXFR and ERXFR2 are read-only whatever there is.
 */
static void error_records(struct kunit *test)
{
	static const struct {
		u8 crm, registers, read_only;
	} cases[] = {
		{ 3, 0x03, 0x01 }, { 4, 0xbf, 0x11 }, { 5, 0xff, 0x00 },
	};
	struct kvm_vcpu *vcpu = reset_vcpu(test);
	u32 i, op2, crm;

	for (i = 0; i < ARRAY_SIZE(cases) * 8; i++) {
		crm = cases[i / 8].crm;
		op2 = i % 8;
		if (!(cases[i / 8].registers & BIT(op2)))
			continue;

		vcpu_set_reg(vcpu, 1, ~0UL);
		if (cases[i / 8].read_only & BIT(op2))
			expect_undefined(test, vcpu, HSR_EC_CP15_32,
					 iss32(0, 5, crm, op2, 1, 0));
		else
			expect_done(test, vcpu, HSR_EC_CP15_32,
				    iss32(0, 5, crm, op2, 1, 0));
		expect_done(test, vcpu, HSR_EC_CP15_32,
			    iss32(0, 5, crm, op2, 1, ISS_READ));
		KUNIT_EXPECT_EQ_MSG(test, vcpu_get_reg(vcpu, 1), 0,
				    "c5, c%u, %u", crm, op2);
	}
}

/* A vCPU of a kind that has another value in an identification register */
static struct kvm_vcpu *vcpu_of_kind(struct kunit *test, unsigned int id,
				     u32 val)
{
	struct kvm_vcpu *vcpu = reset_vcpu(test);
	struct kvm_cpu_model *model;

	model = kunit_kmalloc(test, sizeof(*model), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, model);
	*model = *vcpu->kvm->arch.model;
	model->ids[id] = val;
	vcpu->kvm->arch.model = model;

	return vcpu;
}

/* DISR is there with the RAS Extension, and does not trap */
static void deferred_aborts(struct kunit *test)
{
	const u64 disr = ID32 | CPREG_KEY32(CP15, 0, 12, 1, 1);
	struct kvm_vcpu *vcpu;
	u64 val;

	vcpu = vcpu_of_kind(test, HOST_ID_PFR0, 0x00011131);
	KUNIT_EXPECT_EQ(test, kvm_cpreg_set(vcpu, disr, 0), -ENOENT);
	KUNIT_EXPECT_EQ(test, kvm_cpreg_get(vcpu, disr, &val), -ENOENT);

	vcpu = vcpu_of_kind(test, HOST_ID_PFR0, 0x10010131);
	KUNIT_EXPECT_EQ(test, kvm_cpreg_get(vcpu, disr, &val), 0);
	KUNIT_EXPECT_EQ(test, val, 0);
	KUNIT_EXPECT_EQ(test, kvm_cpreg_set(vcpu, disr, 0x80000011), 0);
	KUNIT_EXPECT_EQ(test, kvm_cpreg_get(vcpu, disr, &val), 0);
	KUNIT_EXPECT_EQ(test, val, 0x80000011);
	expect_undefined(test, vcpu, HSR_EC_CP15_32,
			 iss32(0, 12, 1, 1, 1, ISS_READ));
	kvm_reset_coprocs(vcpu);
	KUNIT_EXPECT_EQ(test, kvm_cpreg_get(vcpu, disr, &val), 0);
	KUNIT_EXPECT_EQ(test, val, 0);
}

/* None, v2 and v3 (16 bits of events from v3.1 on), IMPLEMENTATION DEFINED */
static void pmu_versions(struct kunit *test)
{
	static const u8 pmuver[] = {
		0, 0, 1, 1, 4, 5, 6, 6, 6, 6, 6, 6, 6, 6, 6, 0,
	};
	u32 i;

	for (i = 0; i < ARRAY_SIZE(pmuver); i++)
		KUNIT_EXPECT_EQ_MSG(test, kvm_pmuver(i), pmuver[i],
				    "PerfMon %u", i);
}

static void cores_in_l2ctlr(struct kunit *test)
{
	struct kvm_vcpu *vcpu = reset_vcpu(test);
	int nr, id, cores;

	for (nr = 1; nr <= VGIC_V2_MAX_CPUS; nr++) {
		atomic_set(&vcpu->kvm->online_vcpus, nr);
		for (id = 0; id < nr; id++) {
			vcpu->vcpu_id = id;
			/* Clusters are filled up in turn */
			cores = id < 4 ? min(nr, 4) : min(nr - 4, 4);

			expect_done(test, vcpu, HSR_EC_CP15_32,
				    iss32(1, 9, 0, 2, 1, ISS_READ));
			KUNIT_EXPECT_EQ_MSG(test,
					    (vcpu_get_reg(vcpu, 1) >> 24) & 3,
					    cores - 1, "vCPU %d of %d", id, nr);
		}
	}
}

static void affinity(struct kunit *test)
{
	struct kvm_vcpu *vcpu = fake_vcpu(test);
	static const u32 expected[] = {
		0x80000000, 0x80000001, 0x80000002, 0x80000003,
		0x80000100, 0x80000101, 0x80000102, 0x80000103,
	};
	u32 i;

	for (i = 0; i < ARRAY_SIZE(expected); i++) {
		vcpu->vcpu_id = i;
		kvm_reset_coprocs(vcpu);
		KUNIT_EXPECT_EQ(test, vcpu_cp15(vcpu, c0_MPIDR), expected[i]);
	}
}

/* ---- ONE_REG as user space has it ---- */

static void __user *user_page(struct kunit *test)
{
	unsigned long addr = kunit_vm_mmap(test, NULL, 0, PAGE_SIZE,
					   PROT_READ | PROT_WRITE,
					   MAP_ANONYMOUS | MAP_PRIVATE, 0);

	KUNIT_ASSERT_NE(test, addr, 0);
	KUNIT_ASSERT_FALSE(test, IS_ERR_VALUE(addr));

	return (void __user *)addr;
}

static int get_reg(struct kvm_vcpu *vcpu, u64 id, void __user *page, u64 *val)
{
	struct kvm_one_reg reg = { .id = id, .addr = (uintptr_t)page };
	int ret;

	*val = 0;
	ret = kvm_arm_get_reg(vcpu, &reg);
	if (!ret && copy_from_user(val, page, KVM_REG_SIZE(id)))
		return -EFAULT;

	return ret;
}

static int set_reg(struct kvm_vcpu *vcpu, u64 id, void __user *page, u64 val)
{
	struct kvm_one_reg reg = { .id = id, .addr = (uintptr_t)page };

	if (put_user(val, (u64 __user *)page))
		return -EFAULT;

	return kvm_arm_set_reg(vcpu, &reg);
}

static void every_listed_register(struct kunit *test)
{
	struct kvm_vcpu *vcpu = reset_vcpu(test);
	void __user *page = user_page(test);
	unsigned long i, j, n;
	u64 __user *uids;
	u64 *ids, val;

	/* The timer code has no counter before KVM is up */
	if (!is_hyp_mode_available())
		kunit_skip(test, "no HYP mode");

	kvm_arm_init_hypercalls(vcpu->kvm);
	kvm_timer_init_vm(vcpu->kvm);
	kvm_timer_vcpu_init(vcpu);

	n = kvm_arm_num_regs(vcpu);
	KUNIT_ASSERT_GT(test, n, 100);
	KUNIT_ASSERT_LE(test, n * sizeof(u64), PAGE_SIZE);

	uids = page;
	KUNIT_ASSERT_EQ(test, kvm_arm_copy_reg_indices(vcpu, uids), 0);
	ids = kunit_kcalloc(test, n, sizeof(u64), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, ids);
	KUNIT_ASSERT_EQ(test, copy_from_user(ids, uids, n * sizeof(u64)), 0);
	KUNIT_EXPECT_EQ(test, clear_user(page, PAGE_SIZE), 0);

	*vcpu_cpsr(vcpu) = SVC_MODE;
	for (i = 0; i < n; i++) {
		KUNIT_EXPECT_EQ_MSG(test, ids[i] & KVM_REG_ARCH_MASK,
				    KVM_REG_ARM, "%016llx", ids[i]);
		for (j = 0; j < i; j++)
			KUNIT_EXPECT_NE_MSG(test, ids[i], ids[j], "%016llx",
					    ids[i]);
		KUNIT_EXPECT_EQ_MSG(test, get_reg(vcpu, ids[i], page, &val), 0,
				    "%016llx", ids[i]);
		/* The state of one vCPU is good for another */
		KUNIT_EXPECT_EQ_MSG(test, set_reg(vcpu, ids[i], page, val), 0,
				    "%016llx", ids[i]);
	}
}

#define CORE_ID(name) \
	(ID32 | KVM_REG_ARM_CORE | KVM_REG_ARM_CORE_REG(name))

static void core_registers(struct kunit *test)
{
	struct kvm_vcpu *vcpu = reset_vcpu(test);
	struct kvm_regs *regs = vcpu_gp_regs(vcpu);
	void __user *page = user_page(test);
	static const u32 modes[] = {
		USR_MODE, FIQ_MODE, IRQ_MODE, SVC_MODE, ABT_MODE, UND_MODE,
		SYSTEM_MODE,
	};
	u64 id, val;
	u32 i, mode, valid = 0;

	for (i = 0; i < sizeof(*regs) / sizeof(u32); i++) {
		id = ID32 | KVM_REG_ARM_CORE | i;
		val = SVC_MODE | PSR_T_BIT | i << 8;
		KUNIT_EXPECT_EQ(test, set_reg(vcpu, id, page, val), 0);
		KUNIT_EXPECT_EQ(test, ((u32 *)regs)[i], val);
		KUNIT_EXPECT_EQ(test, get_reg(vcpu, id, page, &val), 0);
		KUNIT_EXPECT_EQ(test, val, SVC_MODE | PSR_T_BIT | i << 8);
	}
	KUNIT_EXPECT_EQ(test, get_reg(vcpu, ID32 | KVM_REG_ARM_CORE | i, page,
				      &val), -ENOENT);
	KUNIT_EXPECT_EQ(test, get_reg(vcpu, ID32 | KVM_REG_ARM_CORE | 0xffff,
				      page, &val), -ENOENT);
	KUNIT_EXPECT_EQ(test,
			get_reg(vcpu, (CORE_ID(usr_regs.ARM_pc) &
				       ~KVM_REG_SIZE_MASK) | KVM_REG_SIZE_U64,
				page, &val), -ENOENT);

	for (i = 0; i < ARRAY_SIZE(modes); i++)
		valid |= BIT(modes[i]);

	/* Hyp mode above all: the guest would have the machine */
	for (mode = 0; mode <= MODE_MASK; mode++) {
		*vcpu_cpsr(vcpu) = SVC_MODE;
		KUNIT_EXPECT_EQ_MSG(test,
				    set_reg(vcpu, CORE_ID(usr_regs.ARM_cpsr),
					    page, mode | PSR_Z_BIT),
				    valid & BIT(mode) ? 0 : -EINVAL,
				    "mode %02x", mode);
		KUNIT_EXPECT_EQ_MSG(test, *vcpu_cpsr(vcpu),
				    valid & BIT(mode) ? mode | PSR_Z_BIT :
							SVC_MODE,
				    "mode %02x", mode);
	}
}

/* Instruction sets and IT blocks that there can be stay, others do not */
static void execution_state(struct kunit *test)
{
	struct kvm_vcpu *vcpu = reset_vcpu(test);
	void __user *page = user_page(test);
	const u32 thumbee = kvm_has_thumbee ? PSR_J_BIT : 0;
	const struct {
		u32 set, get;
	} cases[] = {
		{ SVC_MODE, SVC_MODE },
		{ SVC_MODE | PSR_IT_MASK, SVC_MODE },
		{ SVC_MODE | PSR_J_BIT, SVC_MODE },
		{ SVC_MODE | PSR_J_BIT | PSR_IT_MASK | PSR_Z_BIT,
		  SVC_MODE | PSR_Z_BIT },
		{ SVC_MODE | PSR_T_BIT, SVC_MODE | PSR_T_BIT },
		{ SVC_MODE | PSR_T_BIT | PSR_IT_MASK,
		  SVC_MODE | PSR_T_BIT | PSR_IT_MASK },
		{ SVC_MODE | PSR_T_BIT | PSR_J_BIT,
		  SVC_MODE | PSR_T_BIT | thumbee },
	};
	int i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		KUNIT_EXPECT_EQ(test, set_reg(vcpu, CORE_ID(usr_regs.ARM_cpsr),
					      page, cases[i].set), 0);
		KUNIT_EXPECT_EQ_MSG(test, *vcpu_cpsr(vcpu), cases[i].get,
				    "CPSR %08x", cases[i].set);
	}
}

static void vfp_registers(struct kunit *test)
{
	const u64 d0 = KVM_REG_ARM | KVM_REG_SIZE_U64 | KVM_REG_ARM_VFP;
	const u64 sys = ID32 | KVM_REG_ARM_VFP;
	struct kvm_vcpu *vcpu = reset_vcpu(test);
	struct kvm_vfp_context *vfp = &vcpu->arch.ctxt.vfp;
	void __user *page = user_page(test);
	u64 val;

	if (!(elf_hwcap & HWCAP_VFP))
		kunit_skip(test, "no VFP");

	KUNIT_EXPECT_EQ(test, set_reg(vcpu, d0 | 3, page,
				      0x0123456789abcdefULL), 0);
	KUNIT_EXPECT_EQ(test, vfp->d[3], 0x0123456789abcdefULL);
	KUNIT_EXPECT_EQ(test, get_reg(vcpu, d0 | 3, page, &val), 0);
	KUNIT_EXPECT_EQ(test, val, 0x0123456789abcdefULL);
	KUNIT_EXPECT_EQ(test, get_reg(vcpu, d0 | 32, page, &val), -ENOENT);
	KUNIT_EXPECT_EQ(test, get_reg(vcpu, sys | 3, page, &val), -ENOENT);

	KUNIT_EXPECT_EQ(test, set_reg(vcpu, sys | KVM_REG_ARM_VFP_FPSCR, page,
				      0x03000000), 0);
	KUNIT_EXPECT_EQ(test, vfp->fpscr, 0x03000000);
	KUNIT_EXPECT_EQ(test, set_reg(vcpu, sys | KVM_REG_ARM_VFP_FPEXC, page,
				      0x40000000), 0);
	KUNIT_EXPECT_EQ(test, vfp->fpexc, 0x40000000);
	KUNIT_EXPECT_EQ(test, get_reg(vcpu, d0 | KVM_REG_ARM_VFP_FPEXC, page,
				      &val), -ENOENT);

	KUNIT_EXPECT_EQ(test, get_reg(vcpu, sys | KVM_REG_ARM_VFP_MVFR0, page,
				      &val), 0);
	KUNIT_EXPECT_NE(test, val, 0);
	KUNIT_EXPECT_EQ(test, set_reg(vcpu, sys | KVM_REG_ARM_VFP_MVFR0, page,
				      val), 0);
	KUNIT_EXPECT_EQ(test, set_reg(vcpu, sys | KVM_REG_ARM_VFP_MVFR0, page,
				      val ^ 1), -EINVAL);
	KUNIT_EXPECT_EQ(test, get_reg(vcpu, sys | 0x1002, page, &val),
			-ENOENT);
}

static void other_ids(struct kunit *test)
{
	struct kvm_vcpu *vcpu = reset_vcpu(test);
	void __user *page = user_page(test);
	struct kvm_one_reg reg = { .id = ARM_CP15_REG32(0, 1, 0, 0) };
	u64 val;

	/* Another architecture, an unknown class, bits that mean nothing */
	KUNIT_EXPECT_EQ(test, get_reg(vcpu, KVM_REG_ARM64 | KVM_REG_SIZE_U32,
				      page, &val), -EINVAL);
	KUNIT_EXPECT_EQ(test, get_reg(vcpu, ID32 | 0x0fffULL << 16, page, &val),
			-ENOENT);
	KUNIT_EXPECT_EQ(test, get_reg(vcpu, reg.id | BIT_ULL(40), page, &val),
			-ENOENT);
	KUNIT_EXPECT_EQ(test, set_reg(vcpu, reg.id | BIT_ULL(40), page, 0),
			-ENOENT);
	KUNIT_EXPECT_EQ(test, get_reg(vcpu, KVM_REG_ARM_PSCI_VERSION + 0x100,
				      page, &val), -ENOENT);

	/* An address that is not user space's */
	KUNIT_EXPECT_EQ(test, kvm_arm_get_reg(vcpu, &reg), -EFAULT);
	KUNIT_EXPECT_EQ(test, kvm_arm_set_reg(vcpu, &reg), -EFAULT);
}

static struct kunit_case cp15_cases[] = {
	KUNIT_CASE(table_is_sorted),
	KUNIT_CASE(table_is_complete),
	KUNIT_CASE(storage_is_not_shared),
	KUNIT_CASE(reset_values),
	KUNIT_CASE(stored_round_trip),
	KUNIT_CASE(invariants),
	KUNIT_CASE(bad_ids),
	KUNIT_CASE(unknown_is_undefined),
	KUNIT_CASE(one_way_registers),
	KUNIT_CASE(reads_are_transparent),
	KUNIT_CASE(flags_as_destination),
	KUNIT_CASE(from_user_mode),
	KUNIT_CASE(no_pmu_no_debug_rom),
	KUNIT_CASE(power_status),
	KUNIT_CASE(gicv3_enable),
	KUNIT_CASE(thumbee),
	KUNIT_CASE(ttbcr2),
	KUNIT_CASE(cache_levels),
	KUNIT_CASE(cache_size_selection),
	KUNIT_CASE(mmu_registers),
	KUNIT_CASE(actlr_is_read_only),
	KUNIT_CASE(errata_workarounds),
	KUNIT_CASE(error_records),
	KUNIT_CASE(deferred_aborts),
	KUNIT_CASE(pmu_versions),
	KUNIT_CASE(cores_in_l2ctlr),
	KUNIT_CASE(affinity),
	KUNIT_CASE(every_listed_register),
	KUNIT_CASE(core_registers),
	KUNIT_CASE(execution_state),
	KUNIT_CASE(vfp_registers),
	KUNIT_CASE(other_ids),
	{ }
};

static struct kunit_suite cp15_suite = {
	.name = "kvm_arm_cp15",
	.suite_init = cp15_suite_init,
	.test_cases = cp15_cases,
};

kunit_test_suite(cp15_suite);
