/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _ARM_KVM_CPU_MODEL_H
#define _ARM_KVM_CPU_MODEL_H

#include <linux/cpumask.h>
#include <linux/types.h>
#include <asm/cputype.h>
#include <asm/kvm_mmu.h>

/* Registers that say what a CPU is: a guest reads those of its kind */
enum {
	HOST_MIDR,
	HOST_CTR,
	HOST_TCMTR,
	HOST_TLBTR,
	HOST_REVIDR,
	HOST_CLIDR,
	HOST_AIDR,
	HOST_ID_PFR0,
	HOST_ID_PFR1,
	HOST_ID_DFR0,
	HOST_ID_AFR0,
	HOST_ID_MMFR0,
	HOST_ID_MMFR1,
	HOST_ID_MMFR2,
	HOST_ID_MMFR3,
	HOST_ID_MMFR4,
	HOST_ID_ISAR0,
	HOST_ID_ISAR1,
	HOST_ID_ISAR2,
	HOST_ID_ISAR3,
	HOST_ID_ISAR4,
	HOST_ID_ISAR5,
	HOST_FPSID,
	HOST_MVFR0,
	HOST_MVFR1,
	NR_HOST_IDS
};

/* CSSELR (B4.1.41): level less one, and whether the instruction cache */
#define CSSELR_IND		BIT(0)
#define CSSELR_LEVEL_SHIFT	1
#define NR_CACHE_LEVELS		7
#define NR_CSSELR		(NR_CACHE_LEVELS << CSSELR_LEVEL_SHIFT)

/**
 * struct kvm_cpu_model - a kind of CPU
 * @target:	  KVM_ARM_TARGET_*
 * @ids:	  identification registers, of the first CPU of the kind
 * @actlr:	  Auxiliary Control Register, likewise
 * @l2ctlr:	  L2 Control Register, likewise, if the kind is known to have it
 * @stage1_first: of any fault of Stage-2 the first stage has to be looked at
 * @dbgdidr:	  Debug ID Register, zero if the host cannot use its debug registers
 * @ccsidr:	  Cache Size ID Registers by CSSELR
 * @ccsidr_valid: those that there are
 * @cpus:	  CPUs of the kind that have been online
 */
struct kvm_cpu_model {
	int target;
	u32 ids[NR_HOST_IDS];
	u32 actlr;
	u32 l2ctlr;
	bool stage1_first;
	u32 dbgdidr;
	u32 ccsidr[NR_CSSELR];
	u16 ccsidr_valid;
	struct cpumask cpus;
};

/* MIDR (B4.1.105): Variant and Revision, a number that grows with them */
#define MIDR_REV_MASK	0x00f0000f
#define MIDR_R1P2	0x00100002

/**
 * kvm_is_a57_up_to_r1p2 - is this a Cortex-A57 with errata 832075 and 834220
 * @midr: its MIDR
 *
 * Return: true if so.
 */
static inline bool kvm_is_a57_up_to_r1p2(u32 midr)
{
	return (midr & ARM_CPU_PART_MASK) == ARM_CPU_PART_CORTEX_A57 &&
	       (midr & MIDR_REV_MASK) <= MIDR_R1P2;
}

/* More than any system has */
#define KVM_MAX_CPU_MODELS	4

/**
 * struct kvm_cpu_models - the kinds of CPU of a system
 * @model:	the kinds, in the order in which they came online
 * @nr:		how many
 * @caches:	what maintenance for all CPUs goes by
 */
struct kvm_cpu_models {
	struct kvm_cpu_model model[KVM_MAX_CPU_MODELS];
	unsigned int nr;
	struct kvm_cache_traits *caches;
};

/* All CPUs have it or none */
extern bool kvm_has_thumbee;
extern bool kvm_has_ttbcr2;

bool kvm_clidr_has_cache(u32 clidr, u32 csselr);
int kvm_cpu_models_insert(struct kvm_cpu_models *models,
			  const struct kvm_cpu_model *read, unsigned int cpu);
const struct kvm_cpu_model *
kvm_cpu_models_find(const struct kvm_cpu_models *models, int target,
		    unsigned int cpu);

int kvm_cpu_models_init(void);
int kvm_cpu_model_add(void);
const struct kvm_cpu_model *kvm_cpu_model_find(int target);
bool kvm_cpu_model_is_other(const struct kvm_cpu_model *model,
			    unsigned int cpu);

#endif /* _ARM_KVM_CPU_MODEL_H */
