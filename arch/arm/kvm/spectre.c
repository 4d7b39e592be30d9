// SPDX-License-Identifier: GPL-2.0-only
/*
 * Speculation between a guest and HYP mode: what each core needs when it
 * leaves a guest, and what the guest is told (SMCCC ARCH_WORKAROUND_*).
 *
 * A core of ARM's that is not named here is in-order and not affected. One of
 * somebody else's may be, as the host's own mitigation has it. Predictor
 * invalidation clears the branch history, too, so it covers Spectre-BHB.
 */
#include <linux/cpu.h>
#include <asm/cp15.h>
#include <asm/cputype.h>
#include <asm/kvm_hyp.h>
#include <asm/spectre.h>

#include "spectre.h"

#ifdef CONFIG_HARDEN_BRANCH_PREDICTOR
#define VECTOR_IC_INV	__kvm_hyp_vector_ic_inv
#define VECTOR_BP_INV	__kvm_hyp_vector_bp_inv
#define V2_INVALIDATES	SPECTRE_MITIGATED
#else
#define VECTOR_IC_INV	__kvm_hyp_vector
#define VECTOR_BP_INV	__kvm_hyp_vector
#define V2_INVALIDATES	SPECTRE_VULNERABLE
#endif

static const struct kvm_spectre_core cores[] = {
	{ ARM_CPU_PART_CORTEX_A12, VECTOR_BP_INV,
	  V2_INVALIDATES, SPECTRE_UNAFFECTED },
	{ ARM_CPU_PART_CORTEX_A15, VECTOR_IC_INV,
	  V2_INVALIDATES, SPECTRE_UNAFFECTED },
	{ ARM_CPU_PART_CORTEX_A17, VECTOR_BP_INV,
	  V2_INVALIDATES, SPECTRE_UNAFFECTED },
	{ ARM_CPU_PART_BRAHMA_B15, VECTOR_IC_INV,
	  V2_INVALIDATES, SPECTRE_UNAFFECTED },
	/* The predictor needs firmware, which HYP mode does not call */
	{ ARM_CPU_PART_CORTEX_A57, __kvm_hyp_vector,
	  SPECTRE_VULNERABLE, SPECTRE_VULNERABLE },
	{ ARM_CPU_PART_CORTEX_A72, __kvm_hyp_vector,
	  SPECTRE_VULNERABLE, SPECTRE_VULNERABLE },
	{ ARM_CPU_PART_CORTEX_A73, VECTOR_BP_INV,
	  V2_INVALIDATES, SPECTRE_VULNERABLE },
	{ ARM_CPU_PART_CORTEX_A75, VECTOR_BP_INV,
	  V2_INVALIDATES, SPECTRE_VULNERABLE },
	{ ARM_CPU_PART_BRAHMA_B53, __kvm_hyp_vector,
	  SPECTRE_UNAFFECTED, SPECTRE_UNAFFECTED },
};

static const struct kvm_spectre_core other_arm_core = {
	.vector = __kvm_hyp_vector,
	.v2 = SPECTRE_UNAFFECTED,
	.v4 = SPECTRE_UNAFFECTED,
};

static const struct kvm_spectre_core unknown_core = {
	.vector = __kvm_hyp_vector,
	.v2 = SPECTRE_VULNERABLE,
	.v4 = SPECTRE_VULNERABLE,
};

/*
 * On a Cortex-A15, ICIALLU invalidates the branch predictor only if firmware
 * has set ACTLR.IBE (DDI 0438, "Auxiliary Control Register").
 */
#define A15_ACTLR_IBE	BIT(0)

/* MIDR (B4.1.105) */
#define MIDR_IMPLEMENTER_SHIFT	24

static bool predictor_is_out_of_reach(const struct kvm_spectre_core *core,
				      u32 actlr)
{
	return (core->part == ARM_CPU_PART_CORTEX_A15 ||
		core->part == ARM_CPU_PART_BRAHMA_B15) &&
	       !(actlr & A15_ACTLR_IBE);
}

static const struct kvm_spectre_core *find_core(u32 midr)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(cores); i++) {
		if (cores[i].part == (midr & ARM_CPU_PART_MASK))
			return &cores[i];
	}

	return midr >> MIDR_IMPLEMENTER_SHIFT == ARM_CPU_IMP_ARM ?
	       &other_arm_core : &unknown_core;
}

/**
 * kvm_spectre_core_of - the mitigation of a core
 * @midr: its MIDR
 * @actlr: its ACTLR
 *
 * Return: what it needs, and what can be said of it.
 */
struct kvm_spectre_core kvm_spectre_core_of(u32 midr, u32 actlr)
{
	struct kvm_spectre_core core = *find_core(midr);

	if (predictor_is_out_of_reach(&core, actlr))
		core.v2 = SPECTRE_VULNERABLE;

	return core;
}

/* The worst of all cores that have been online: a vCPU may move to any */
static int v2_state = SPECTRE_UNAFFECTED;
static int v4_state = SPECTRE_UNAFFECTED;

/**
 * kvm_hyp_vectors - the HYP vectors that this CPU needs
 *
 * Also accounts for the CPU in what guests are told.
 *
 * Context: runs on the CPU that it is about, preemption disabled.
 *
 * Return: their kernel VA.
 */
void *kvm_hyp_vectors(void)
{
	const struct kvm_spectre_core core =
		kvm_spectre_core_of(read_cpuid_id(), get_auxcr());

	if (core.v2 > READ_ONCE(v2_state))
		WRITE_ONCE(v2_state, core.v2);
	if (core.v4 > READ_ONCE(v4_state))
		WRITE_ONCE(v4_state, core.v4);

	return core.vector;
}

/**
 * arm64_get_spectre_v2_state - branch target injection, for the SMCCC code
 *
 * Return: SPECTRE_*.
 */
int arm64_get_spectre_v2_state(void)
{
	return READ_ONCE(v2_state);
}

/**
 * arm64_get_spectre_v4_state - speculative store bypass, for the SMCCC code
 *
 * Return: SPECTRE_*.
 */
int arm64_get_spectre_v4_state(void)
{
	return READ_ONCE(v4_state);
}

/**
 * arm64_get_spectre_bhb_state - branch history injection, for the SMCCC code
 *
 * Return: SPECTRE_*.
 */
int arm64_get_spectre_bhb_state(void)
{
	return READ_ONCE(v2_state);
}
