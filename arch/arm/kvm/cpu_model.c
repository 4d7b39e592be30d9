// SPDX-License-Identifier: GPL-2.0-only
/*
 * The kinds of CPU that the host has: more than one on big.LITTLE.
 *
 * A vCPU is of one kind and runs on CPUs of that kind, so that what it reads
 * without a trap, or has set itself up by, stays true. Maintenance that KVM does
 * for all CPUs is that of the weakest: the shortest lines, the instruction cache
 * that takes most.
 */
#include <linux/cpumask.h>
#include <linux/error-injection.h>
#include <linux/kvm_host.h>
#include <linux/preempt.h>
#include <linux/printk.h>
#include <linux/smp.h>
#include <linux/spinlock.h>
#include <asm/cachetype.h>
#include <asm/cputype.h>
#include <asm/hwcap.h>
#include <asm/kvm_hyp.h>
#include <asm/kvm_mmu.h>
#include <asm/tlbflush.h>
#include <asm/vfp.h>

#include "../vfp/vfpinstr.h"
#include "cpu_model.h"

/* ACTLR of Cortex-A7 and A15: takes part in coherency */
#define ACTLR_SMP		BIT(6)

/* ID_PFR0.State3 (B4.1.93): a guest has ThumbEE if its CPU has, not on ARMv8 */
#define ID_PFR0_STATE3_MASK	0xf000

/* ID_DFR0.PerfMon (B4.1.82): emulation is of one version, whichever CPU asks */
#define ID_DFR0_PERFMON_MASK	0x0f000000

/* CLIDR (B4.1.20): three bits for each of seven levels */
#define CLIDR_CTYPE_SHIFT(level)	(3 * (level))
#define CLIDR_CTYPE_MASK		0x7
#define CTYPE_INSTRUCTION		1
#define CTYPE_SEPARATE			3
#define CTYPE_UNIFIED			4

/* Until a CPU is known: what is right on any */
struct kvm_cache_traits kvm_caches = {
	.dcache_line	= sizeof(u32),
	.icache_line	= sizeof(u32),
	.icache_type	= KVM_ICACHE_VIPT,
};

static struct kvm_cpu_models host_models = { .caches = &kvm_caches };
static DEFINE_RAW_SPINLOCK(models_lock);

bool kvm_has_thumbee __ro_after_init;
bool kvm_has_ttbcr2 __ro_after_init;

static int target_of(u32 midr)
{
	switch (midr & ARM_CPU_PART_MASK) {
	case ARM_CPU_PART_CORTEX_A15:
		return KVM_ARM_TARGET_CORTEX_A15;
	case ARM_CPU_PART_CORTEX_A7:
		return KVM_ARM_TARGET_CORTEX_A7;
	default:
		return KVM_ARM_TARGET_GENERIC_V7;
	}
}

/**
 * kvm_target_cpu - the target that matches the CPU this runs on
 *
 * Any core with the Virtualization Extensions can host a guest of its own
 * kind. The two that have an ABI number of their own keep it, because
 * virtual machine monitors ask for them by it.
 *
 * Return: KVM_ARM_TARGET_*.
 */
int kvm_target_cpu(void)
{
	return target_of(read_cpuid_id());
}

/**
 * kvm_clidr_has_cache - is there a cache
 * @clidr: a Cache Level ID Register
 * @csselr: a value of CSSELR of one of the seven levels
 *
 * What it says of the levels after the first one without a cache is to be
 * ignored (B4.1.20).
 *
 * Return: true if so.
 */
bool kvm_clidr_has_cache(u32 clidr, u32 csselr)
{
	u32 level, ctype;

	for (level = 0; level <= csselr >> CSSELR_LEVEL_SHIFT; level++) {
		ctype = (clidr >> CLIDR_CTYPE_SHIFT(level)) & CLIDR_CTYPE_MASK;
		if (!ctype)
			return false;
	}

	if (csselr & CSSELR_IND)
		return ctype == CTYPE_INSTRUCTION || ctype == CTYPE_SEPARATE;

	return ctype > CTYPE_INSTRUCTION && ctype <= CTYPE_UNIFIED;
}

static void read_ccsidrs(struct kvm_cpu_model *model)
{
	unsigned long flags;
	u32 csselr;

	for (csselr = 0; csselr < NR_CSSELR; csselr++) {
		if (!kvm_clidr_has_cache(model->ids[HOST_CLIDR], csselr))
			continue;

		/* The host selects caches in interrupt handlers, too */
		local_irq_save(flags);
		set_csselr(csselr);
		isb();
		model->ccsidr[csselr] = read_ccsidr();
		local_irq_restore(flags);

		model->ccsidr_valid |= BIT(csselr);
	}
}

#define READ_ID(name, op1, crm, op2) \
	(model->ids[HOST_##name] = \
		read_sysreg(__ACCESS_CP15(c0, op1, c##crm, op2)))

static void read_this_cpu(struct kvm_cpu_model *model)
{
	READ_ID(MIDR, 0, 0, 0);
	READ_ID(CTR, 0, 0, 1);
	READ_ID(TCMTR, 0, 0, 2);
	READ_ID(TLBTR, 0, 0, 3);
	READ_ID(REVIDR, 0, 0, 6);
	READ_ID(CLIDR, 1, 0, 1);
	READ_ID(AIDR, 1, 0, 7);
	READ_ID(ID_PFR0, 0, 1, 0);
	READ_ID(ID_PFR1, 0, 1, 1);
	READ_ID(ID_DFR0, 0, 1, 2);
	READ_ID(ID_AFR0, 0, 1, 3);
	READ_ID(ID_MMFR0, 0, 1, 4);
	READ_ID(ID_MMFR1, 0, 1, 5);
	READ_ID(ID_MMFR2, 0, 1, 6);
	READ_ID(ID_MMFR3, 0, 1, 7);
	READ_ID(ID_MMFR4, 0, 2, 6);
	READ_ID(ID_ISAR0, 0, 2, 0);
	READ_ID(ID_ISAR1, 0, 2, 1);
	READ_ID(ID_ISAR2, 0, 2, 2);
	READ_ID(ID_ISAR3, 0, 2, 3);
	READ_ID(ID_ISAR4, 0, 2, 4);
	READ_ID(ID_ISAR5, 0, 2, 5);

	model->target = target_of(model->ids[HOST_MIDR]);
	/* Erratum 834220: a fault may be said to be the second stage's */
	model->stage1_first = kvm_is_a57_up_to_r1p2(model->ids[HOST_MIDR]);
	model->actlr = read_sysreg(__ACCESS_CP15(c1, 0, c0, 1));

	/* On other cores the same encodings may be something else */
	if (model->target != KVM_ARM_TARGET_GENERIC_V7) {
		model->actlr |= ACTLR_SMP;
		model->l2ctlr = read_sysreg(__ACCESS_CP15(c9, 1, c0, 2));
	}

	/* Monitor debug-mode is on if the host has found them accessible */
	if (read_sysreg(DBGDSCRINT) & DBGDSCR_MDBGEN)
		model->dbgdidr = read_sysreg(DBGDIDR);

	if (elf_hwcap & HWCAP_VFP) {
		model->ids[HOST_FPSID] = fmrx(FPSID);
		model->ids[HOST_MVFR0] = fmrx(MVFR0);
		model->ids[HOST_MVFR1] = fmrx(MVFR1);
	}

	read_ccsidrs(model);
}

static bool same_kind(u32 midr, u32 other)
{
	return !((midr ^ other) & ARM_CPU_PART_MASK);
}

static bool has_thumbee(const struct kvm_cpu_model *model)
{
	return model->ids[HOST_ID_PFR0] & ID_PFR0_STATE3_MASK;
}

static bool has_ttbcr2(const struct kvm_cpu_model *model)
{
	return model->ids[HOST_ID_MMFR4] & ID_MMFR4_HPDS;
}

static bool walks_coherent(const struct kvm_cpu_model *model)
{
	return kvm_mmfr3_walks_coherent(model->ids[HOST_ID_MMFR3]);
}

static u32 perfmon(const struct kvm_cpu_model *model)
{
	return model->ids[HOST_ID_DFR0] & ID_DFR0_PERFMON_MASK;
}

/* What all kinds have to have in common, as others have been set up by it */
static bool fits(const struct kvm_cpu_models *models,
		 const struct kvm_cpu_model *read)
{
	const struct kvm_cpu_model *first = &models->model[0];

	return !models->nr || (has_thumbee(read) == has_thumbee(first) &&
			       has_ttbcr2(read) == has_ttbcr2(first) &&
			       walks_coherent(read) == walks_coherent(first) &&
			       perfmon(read) == perfmon(first));
}

static void weaken_caches(struct kvm_cpu_models *models,
			  const struct kvm_cpu_model *read)
{
	struct kvm_cache_traits *all = models->caches;
	const struct kvm_cache_traits one =
		kvm_cache_traits_of(read->ids[HOST_CTR]);

	if (!models->nr) {
		*all = one;
		return;
	}

	WRITE_ONCE(all->dcache_line, min(all->dcache_line, one.dcache_line));
	WRITE_ONCE(all->icache_line, min(all->icache_line, one.icache_line));
	WRITE_ONCE(all->icache_type, max(all->icache_type, one.icache_type));
}

/**
 * kvm_cpu_models_insert - take note of a CPU
 * @models: kinds of CPU
 * @read: what the CPU is
 * @cpu: its number
 *
 * Context: nobody else inserts meanwhile; others may look.
 *
 * Return: 0; -ENODEV if it cannot be one CPU among the others; -ENOSPC if there
 * are too many kinds.
 */
int kvm_cpu_models_insert(struct kvm_cpu_models *models,
			  const struct kvm_cpu_model *read, unsigned int cpu)
{
	struct kvm_cpu_model *model;
	unsigned int i;

	for (i = 0; i < models->nr; i++) {
		model = &models->model[i];
		if (same_kind(model->ids[HOST_MIDR], read->ids[HOST_MIDR])) {
			cpumask_set_cpu(cpu, &model->cpus);
			return 0;
		}
	}

	if (!fits(models, read))
		return -ENODEV;
	if (models->nr == KVM_MAX_CPU_MODELS)
		return -ENOSPC;

	weaken_caches(models, read);
	model = &models->model[models->nr];
	*model = *read;
	cpumask_set_cpu(cpu, &model->cpus);

	/* Whoever sees the number sees the kind: kvm_cpu_models_find() */
	smp_store_release(&models->nr, models->nr + 1);
	return 0;
}

/**
 * kvm_cpu_models_find - a kind of CPU for a target
 * @models: kinds of CPU
 * @target: KVM_ARM_TARGET_*
 * @cpu: the CPU whose kind is preferred, where several have the target
 *
 * Return: the kind, or NULL if no CPU has the target.
 */
const struct kvm_cpu_model *
kvm_cpu_models_find(const struct kvm_cpu_models *models, int target,
		    unsigned int cpu)
{
	const struct kvm_cpu_model *found = NULL;
	unsigned int i, nr;

	/* Pairs with the release in kvm_cpu_models_insert() */
	nr = smp_load_acquire(&models->nr);
	for (i = 0; i < nr; i++) {
		const struct kvm_cpu_model *model = &models->model[i];

		if (model->target != target)
			continue;
		if (cpumask_test_cpu(cpu, &model->cpus))
			return model;
		found = found ?: model;
	}

	return found;
}

/* A CPU stays of the kind that it is of: nothing new when it wakes up */
static bool is_known(const struct kvm_cpu_models *models, unsigned int cpu)
{
	unsigned int i, nr;

	/* Pairs with the release in kvm_cpu_models_insert() */
	nr = smp_load_acquire(&models->nr);
	for (i = 0; i < nr; i++) {
		if (cpumask_test_cpu(cpu, &models->model[i].cpus))
			return true;
	}

	return false;
}

/*
 * Erratum 832075: exclusive accesses and loads from devices. The workaround is
 * a matter of the code, and so of a guest's own (Linux has one for 64 bits).
 */
static void warn_of_errata(u32 midr)
{
	/* All CPUs come at the same time, and "once" is not atomic. */
	lockdep_assert_held(&models_lock);

	if (kvm_is_a57_up_to_r1p2(midr))
		pr_warn_once("kvm: Cortex-A57 erratum 832075: a guest can deadlock the CPU, run only those that you trust\n");
}

/**
 * kvm_cpu_model_add - take note of the CPU that this runs on
 *
 * Context: the CPU cannot migrate. Any but NMI.
 *
 * Return: 0, or a negative errno if KVM cannot run on it, with a line in the
 * log.
 */
int kvm_cpu_model_add(void)
{
	struct kvm_cpu_model read = {};
	unsigned long flags;
	int ret;

	/* The kernel asked the CPU that booted, which may be the little one */
	erratum_a15_798181_init();

	if (is_known(&host_models, smp_processor_id()))
		return 0;

	read_this_cpu(&read);

	raw_spin_lock_irqsave(&models_lock, flags);
	ret = kvm_cpu_models_insert(&host_models, &read, smp_processor_id());
	if (!ret)
		warn_of_errata(read.ids[HOST_MIDR]);
	raw_spin_unlock_irqrestore(&models_lock, flags);

	if (ret)
		pr_err("kvm: CPU%d (MIDR %08x) is too different from the others (%d)\n",
		       smp_processor_id(), read.ids[HOST_MIDR], ret);
	return ret;
}

static void add_this_cpu(void *failed)
{
	if (kvm_cpu_model_add())
		atomic_inc(failed);
}

/**
 * kvm_cpu_models_init - take note of the CPUs that are online
 *
 * Those that come online later do it by kvm_cpu_model_add(), when HYP mode is
 * entered.
 *
 * Context: process context, at boot.
 *
 * Return: 0, or -ENODEV if they are too different.
 */
int kvm_cpu_models_init(void)
{
	atomic_t failed = ATOMIC_INIT(0);

	on_each_cpu(add_this_cpu, &failed, 1);
	if (atomic_read(&failed))
		return -ENODEV;

	kvm_has_thumbee = has_thumbee(&host_models.model[0]);
	kvm_has_ttbcr2 = has_ttbcr2(&host_models.model[0]);
	return 0;
}

/**
 * kvm_cpu_model_find - the kind of CPU that a VM with a target gets
 * @target: KVM_ARM_TARGET_*
 *
 * Return: the kind of the CPU that this runs on, if it has the target, or else
 * another that has; NULL if there is none.
 */
const struct kvm_cpu_model *kvm_cpu_model_find(int target)
{
	return kvm_cpu_models_find(&host_models, target,
				   raw_smp_processor_id());
}

/**
 * kvm_cpu_model_is_other - is a CPU of another kind than a vCPU
 * @model: the kind of the vCPU
 * @cpu: number of the CPU, which is online
 *
 * Return: true if so: the vCPU is not to run there.
 */
noinline bool kvm_cpu_model_is_other(const struct kvm_cpu_model *model,
				     unsigned int cpu)
{
	return !cpumask_test_cpu(cpu, &model->cpus);
}
ALLOW_ERROR_INJECTION(kvm_cpu_model_is_other, TRUE);
