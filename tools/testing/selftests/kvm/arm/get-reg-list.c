// SPDX-License-Identifier: GPL-2.0-only
/*
 * The registers that KVM_GET_REG_LIST has to offer on 32-bit ARM: a virtual
 * machine monitor that saves a guest saves all of them, and expects to find
 * all of them where it restores it.
 */
#include "kvm_util.h"
#include "processor.h"

#define NR_CORE_REGS	(sizeof(struct kvm_regs) / sizeof(__u32))

#define CORE(i)		(KVM_REG_ARM | KVM_REG_SIZE_U32 | KVM_REG_ARM_CORE | (i))
#define VFP_D(i)	ARM_VFP_D_REG(i)
#define VFP(name)	ARM_VFP_SYS_REG(name)
#define CCSIDR(i)	(KVM_REG_ARM | KVM_REG_SIZE_U32 | KVM_REG_ARM_DEMUX | \
			 KVM_REG_ARM_DEMUX_ID_CCSIDR | (i))

/* MVFR0: 2 for thirty-two double-word registers, 1 for sixteen */
#define MVFR0_SIMD_REGS_MASK	0xf
#define MVFR0_SIMD_REGS_32	2
#define NR_VFP_D16		16

/* CLIDR: three bits a level.  0: none, 1: I, 2: D, 3: I and D, 4: unified */
#define CLIDR_CTYPE(clidr, level)	(((clidr) >> (3 * (level))) & 7)

/* Implementer and part number of the CPUs that have L2CTLR */
#define MIDR_IMPL_PART_MASK	0xff00fff0U
#define MIDR_CORTEX_A7		0x4100c070U
#define MIDR_CORTEX_A15		0x4100c0f0U

static __u64 core_regs[] = {
	/* R0 to R15, CPSR and a word that is there for the layout only */
	CORE(0), CORE(1), CORE(2), CORE(3), CORE(4), CORE(5),
	CORE(6), CORE(7), CORE(8), CORE(9), CORE(10), CORE(11),
	CORE(12), CORE(13), CORE(14), CORE(15), CORE(16), CORE(17),
	/* SP, LR and SPSR of SVC, ABT, UND and IRQ */
	CORE(18), CORE(19), CORE(20),
	CORE(21), CORE(22), CORE(23),
	CORE(24), CORE(25), CORE(26),
	CORE(27), CORE(28), CORE(29),
	/* R8 to R14 and SPSR of FIQ */
	CORE(30), CORE(31), CORE(32), CORE(33), CORE(34), CORE(35),
	CORE(36), CORE(37),
};
kvm_static_assert(ARRAY_SIZE(core_regs) == NR_CORE_REGS);

static __u64 vfp_regs[] = {
	VFP_D(0), VFP_D(1), VFP_D(2), VFP_D(3),
	VFP_D(4), VFP_D(5), VFP_D(6), VFP_D(7),
	VFP_D(8), VFP_D(9), VFP_D(10), VFP_D(11),
	VFP_D(12), VFP_D(13), VFP_D(14), VFP_D(15),
	VFP_D(16), VFP_D(17), VFP_D(18), VFP_D(19),
	VFP_D(20), VFP_D(21), VFP_D(22), VFP_D(23),
	VFP_D(24), VFP_D(25), VFP_D(26), VFP_D(27),
	VFP_D(28), VFP_D(29), VFP_D(30), VFP_D(31),
	VFP(FPSID), VFP(FPSCR), VFP(MVFR1), VFP(MVFR0),
	VFP(FPEXC), VFP(FPINST), VFP(FPINST2),
};

static __u64 cp15_regs[] = {
	KVM_CP15(CP15_MIDR),
	KVM_CP15(CP15_CTR),
	KVM_CP15(CP15_TCMTR),
	KVM_CP15(CP15_TLBTR),
	KVM_CP15(CP15_MPIDR),
	KVM_CP15(CP15_REVIDR),
	KVM_CP15(CP15_ID_PFR0),
	KVM_CP15(CP15_ID_PFR1),
	KVM_CP15(CP15_ID_DFR0),
	KVM_CP15(CP15_ID_AFR0),
	KVM_CP15(CP15_ID_MMFR0),
	KVM_CP15(CP15_ID_MMFR1),
	KVM_CP15(CP15_ID_MMFR2),
	KVM_CP15(CP15_ID_MMFR3),
	KVM_CP15(CP15_ID_ISAR0),
	KVM_CP15(CP15_ID_ISAR1),
	KVM_CP15(CP15_ID_ISAR2),
	KVM_CP15(CP15_ID_ISAR3),
	KVM_CP15(CP15_ID_ISAR4),
	KVM_CP15(CP15_ID_ISAR5),
	KVM_CP15(CP15_CLIDR),
	KVM_CP15(CP15_AIDR),
	KVM_CP15(CP15_CSSELR),
	KVM_CP15(CP15_SCTLR),
	KVM_CP15(CP15_ACTLR),
	KVM_CP15(CP15_CPACR),
	KVM_CP15(CP15_TTBR0),
	KVM_CP15(CP15_TTBR1),
	KVM_CP15(CP15_TTBCR),
	KVM_CP15(CP15_TTBCR2),
	KVM_CP15(CP15_DACR),
	KVM_CP15(CP15_DFSR),
	KVM_CP15(CP15_IFSR),
	KVM_CP15(CP15_ADFSR),
	KVM_CP15(CP15_AIFSR),
	KVM_CP15(CP15_DFAR),
	KVM_CP15(CP15_IFAR),
	KVM_CP15(CP15_L2CTLR),
	KVM_CP15(CP15_MAIR0),
	KVM_CP15(CP15_MAIR1),
	KVM_CP15(CP15_AMAIR0),
	KVM_CP15(CP15_AMAIR1),
	KVM_CP15(CP15_VBAR),
	KVM_CP15(CP15_DISR),
	KVM_CP15(CP15_CONTEXTIDR),
	KVM_CP15(CP15_TPIDRURW),
	KVM_CP15(CP15_TPIDRURO),
	KVM_CP15(CP15_TPIDRPRW),
	KVM_CP15(CP15_CNTKCTL),
	KVM_CP15_64(CP15_TTBR0_64),
	KVM_CP15_64(CP15_TTBR1_64),
	KVM_CP15_64(CP15_PAR_64),
	KVM_CP14(CP14_TEECR),
	KVM_CP14(CP14_TEEHBR),
};

#define DEBUG_PAIRS(n) \
	KVM_CP14(CP14_DBGBVR(n)), KVM_CP14(CP14_DBGBCR(n)), \
	KVM_CP14(CP14_DBGWVR(n)), KVM_CP14(CP14_DBGWCR(n))

static __u64 debug_regs[] = {
	KVM_CP14(CP14_DBGDSCREXT),
	DEBUG_PAIRS(0), DEBUG_PAIRS(1), DEBUG_PAIRS(2), DEBUG_PAIRS(3),
	DEBUG_PAIRS(4), DEBUG_PAIRS(5), DEBUG_PAIRS(6), DEBUG_PAIRS(7),
	DEBUG_PAIRS(8), DEBUG_PAIRS(9), DEBUG_PAIRS(10), DEBUG_PAIRS(11),
	DEBUG_PAIRS(12), DEBUG_PAIRS(13), DEBUG_PAIRS(14), DEBUG_PAIRS(15),
};

/* Level 1 data, level 1 instruction, level 2: what ARMv7VE cores have */
static __u64 demux_regs[] = {
	CCSIDR(0), CCSIDR(1), CCSIDR(2),
};

static __u64 timer_regs[] = {
	KVM_REG_ARM_TIMER_CTL,
	KVM_REG_ARM_TIMER_CNT,
	KVM_REG_ARM_TIMER_CVAL,
	KVM_REG_ARM_PTIMER_CTL,
	KVM_REG_ARM_PTIMER_CVAL,
};

static __u64 firmware_regs[] = {
	KVM_REG_ARM_PSCI_VERSION,
	KVM_REG_ARM_SMCCC_ARCH_WORKAROUND_1,
	KVM_REG_ARM_SMCCC_ARCH_WORKAROUND_2,
	KVM_REG_ARM_SMCCC_ARCH_WORKAROUND_3,
	KVM_REG_ARM_STD_BMAP,
	KVM_REG_ARM_STD_HYP_BMAP,
	KVM_REG_ARM_VENDOR_HYP_BMAP,
};

/*
 * A counter that is set to the value that was read is a counter that went
 * back: fine for one vCPU, but there is a test of its own for it.
 */
static __u64 timer_skips[] = {
	KVM_REG_ARM_TIMER_CNT,
};

#define SUBLIST(n)	{ .name = #n, .regs = n##_regs, \
			  .regs_n = ARRAY_SIZE(n##_regs) }

#define ALL_SUBLISTS							\
	SUBLIST(core), SUBLIST(vfp), SUBLIST(cp15), SUBLIST(debug),	\
	SUBLIST(demux),							\
	{								\
		.name = "timer",					\
		.regs = timer_regs,					\
		.regs_n = ARRAY_SIZE(timer_regs),			\
		.skips_set = timer_skips,				\
		.skips_set_n = ARRAY_SIZE(timer_skips),			\
	},								\
	SUBLIST(firmware)

static struct vcpu_reg_list base_config = {
	.name = "base",
	.sublists = { ALL_SUBLISTS, { 0 } },
};

static struct vcpu_reg_list psci_config = {
	.name = "psci",
	.sublists = {
		ALL_SUBLISTS,
		{
			.name = "psci",
			.capability = KVM_CAP_ARM_PSCI_0_2,
			.feature = KVM_ARM_VCPU_PSCI_0_2,
			.regs = firmware_regs,
			.regs_n = ARRAY_SIZE(firmware_regs),
		},
		{ 0 },
	},
};

struct vcpu_reg_list *vcpu_configs[] = { &base_config, &psci_config };
int vcpu_configs_n = ARRAY_SIZE(vcpu_configs);

static bool cache_exists(struct kvm_vcpu *vcpu, unsigned int csselr)
{
	uint32_t clidr = vcpu_get_reg32(vcpu, KVM_CP15(CP15_CLIDR));
	unsigned int type = CLIDR_CTYPE(clidr, csselr >> 1);

	return csselr & 1 ? type == 1 || type == 3 : type >= 2;
}

static bool has_l2ctlr(struct kvm_vcpu *vcpu)
{
	uint32_t midr = vcpu_get_reg32(vcpu, KVM_CP15(CP15_MIDR));

	return (midr & MIDR_IMPL_PART_MASK) == MIDR_CORTEX_A7 ||
	       (midr & MIDR_IMPL_PART_MASK) == MIDR_CORTEX_A15;
}

static bool has_thumbee(struct kvm_vcpu *vcpu)
{
	return ID_PFR0_STATE3(vcpu_get_reg32(vcpu, KVM_CP15(CP15_ID_PFR0)));
}

/* What says so is the guest's to read: arm/cp15_test looks there. */
static bool has_ttbcr2(struct kvm_vcpu *vcpu)
{
	uint32_t val;

	return !__vcpu_get_reg(vcpu, KVM_CP15(CP15_TTBCR2), &val);
}

/* As many pairs as there are breakpoints and watchpoints */
static bool has_debug_reg(__u64 reg)
{
	unsigned int i;

	if (reg == KVM_CP14(CP14_DBGDSCREXT))
		return kvm_check_cap(KVM_CAP_GUEST_DEBUG_HW_BPS);

	/* Pair by pair, of the breakpoint and of the watchpoint */
	for (i = 1; debug_regs[i] != reg; i++)
		;
	i--;
	return i / 4 < kvm_check_cap(i % 4 < 2 ? KVM_CAP_GUEST_DEBUG_HW_BPS :
						 KVM_CAP_GUEST_DEBUG_HW_WPS);
}

static bool is_debug_reg(__u64 reg)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(debug_regs); i++) {
		if (debug_regs[i] == reg)
			return true;
	}
	return false;
}

/* The only ids that depend on the CPU */
bool check_supported_reg(struct kvm_vcpu *vcpu, __u64 reg)
{
	uint32_t mvfr0;

	if (reg == KVM_CP15(CP15_L2CTLR))
		return has_l2ctlr(vcpu);

	if (reg == KVM_CP14(CP14_TEECR) || reg == KVM_CP14(CP14_TEEHBR))
		return has_thumbee(vcpu);

	if (reg == KVM_CP15(CP15_DISR))
		return vcpu_has_ras(vcpu);

	if (reg == KVM_CP15(CP15_TTBCR2))
		return has_ttbcr2(vcpu);

	if (is_debug_reg(reg))
		return has_debug_reg(reg);

	if ((reg & KVM_REG_ARM_COPROC_MASK) == KVM_REG_ARM_DEMUX)
		return cache_exists(vcpu, reg & KVM_REG_ARM_DEMUX_VAL_MASK);

	if (reg >= VFP_D(NR_VFP_D16) && reg < VFP_D(2 * NR_VFP_D16)) {
		mvfr0 = vcpu_get_reg32(vcpu, VFP(MVFR0));
		return (mvfr0 & MVFR0_SIMD_REGS_MASK) == MVFR0_SIMD_REGS_32;
	}

	return true;
}
