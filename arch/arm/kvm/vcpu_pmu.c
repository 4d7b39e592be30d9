// SPDX-License-Identifier: GPL-2.0-only
/*
 * The registers of the Performance Monitors (C12.8) as a guest accesses them
 * and as ONE_REGs. All of them trap (HDCR.TPM, TPMCR); what they do is up to
 * the emulation that is shared with 64-bit hosts, whose counters are events of
 * the host's perf. Its rows of the table are in vcpu_cp15_table.c.
 *
 * What the emulation does not have: a cycle counter that counts every 64th
 * cycle (PMCR.D), event counters of 64 bits (PMCR.LP, which reads as zero).
 */
#include <linux/bitfield.h>
#include <linux/container_of.h>
#include <linux/kvm_host.h>
#include <linux/minmax.h>
#include <linux/perf/arm_pmuv3.h>
#include <asm/cputype.h>
#include <asm/kvm_emulate.h>
#include <kvm/arm_pmu.h>

#include "compat.h"
#include "vcpu_cp15.h"
#include "vcpu_pmu.h"

/* ID_DFR0.PerfMon (B4.1.82) */
#define DFR0_PERFMON_SHIFT	24
#define DFR0_PERFMON_MASK	0xf
#define DFR0_PERFMON_V1		1
#define DFR0_PERFMON_V2		2
#define DFR0_PERFMON_V3		3
#define DFR0_PERFMON_IMPDEF	0xf

/* PMSELR.SEL; of one that is not there, this is PMCCFILTR */
#define PMSELR_SEL_MASK		0x1f

/* Bits of PMUSERENR that permit something to User mode: any of them will do */
#define EN			ARMV8_PMU_USERENR_EN
#define SW			ARMV8_PMU_USERENR_SW
#define CR			ARMV8_PMU_USERENR_CR
#define ER			ARMV8_PMU_USERENR_ER
#define NEVER			0
#define ALWAYS			BIT(7)

static u32 host_perfmon(void)
{
	return (read_cpuid_ext(CPUID_EXT_DFR0) >> DFR0_PERFMON_SHIFT) &
	       DFR0_PERFMON_MASK;
}

/**
 * kvm_pmuver - the version of the PMU, as AArch64 has it
 * @perfmon: ID_DFR0.PerfMon
 *
 * Return: ID_AA64DFR0_EL1.PMUVer, up to what the emulation knows; PMUv2 counts
 * as the first PMUv3; as none PMUv1, which no CPU with HYP mode has, and what is
 * IMPLEMENTATION DEFINED.
 */
u64 kvm_pmuver(u32 perfmon)
{
	switch (perfmon) {
	case 0:
	case DFR0_PERFMON_V1:
	case DFR0_PERFMON_IMPDEF:
		return 0;
	case DFR0_PERFMON_V2:
	case DFR0_PERFMON_V3:
		return ID_AA64DFR0_EL1_PMUVer_IMP;
	default:
		return min_t(u32, perfmon, ID_AA64DFR0_EL1_PMUVer_V3P5);
	}
}

/**
 * kvm_pmu_dfr0 - ID_AA64DFR0_EL1, as far as it is about the PMU
 *
 * Return: PMUVer, which all CPUs have in common: see cpu_model.c.
 */
u64 kvm_pmu_dfr0(void)
{
	return kvm_pmuver(host_perfmon()) << ID_AA64DFR0_EL1_PMUVer_SHIFT;
}

static bool has_pmuv3(void)
{
	return host_perfmon() >= DFR0_PERFMON_V3;
}

static bool user_may(struct kvm_vcpu *vcpu, const struct kvm_pmu_reg_ops *ops,
		     bool is_write)
{
	u32 enabled = __vcpu_sys_reg(vcpu, PMUSERENR_EL0) | ALWAYS;

	return enabled & (is_write ? ops->user_write : ops->user_read);
}

static bool access_pmu(struct kvm_vcpu *vcpu, const struct kvm_cpreg *r,
		       struct kvm_cpreg_access *a)
{
	const struct kvm_pmu_reg_ops *ops =
		container_of(r->ops, struct kvm_pmu_reg_ops, cpreg);

	if (!vcpu_mode_priv(vcpu) && !user_may(vcpu, ops, a->is_write))
		return false;

	if (!kvm_vcpu_has_pmu(vcpu)) {
		a->val = 0;
		return true;
	}

	if (!ops->access(vcpu, r, a))
		return false;

	/* Whatever was written, it may have raised the interrupt or taken it */
	if (a->is_write)
		kvm_pmu_flush_hwstate(vcpu);

	return true;
}

/* ---- user space ---- */

static bool vcpu_has_pmu(struct kvm_vcpu *vcpu, const struct kvm_cpreg *r)
{
	return kvm_vcpu_has_pmu(vcpu);
}

static u64 get_reg(struct kvm_vcpu *vcpu, const struct kvm_cpreg *r)
{
	return __vcpu_sys_reg(vcpu, r->index);
}

/**
 * kvm_pmu_restart - have the thread that runs a vCPU next make its counters
 * @vcpu: the vCPU, which has a PMU
 *
 * Counters are events of the thread that ran the vCPU, and count no other one:
 * they end here, which leaves their values in the registers.
 *
 * Context: with the vCPU's mutex; may sleep.
 */
void kvm_pmu_restart(struct kvm_vcpu *vcpu)
{
	kvm_pmu_vcpu_reset(vcpu);
	kvm_make_request(KVM_REQ_RELOAD_PMU, vcpu);
}

static int set_reg(struct kvm_vcpu *vcpu, const struct kvm_cpreg *r, u64 val)
{
	kvm_pmu_restart(vcpu);
	__vcpu_sys_reg(vcpu, r->index) = val;

	return 0;
}

/* A register that has the state, and one through which that is accessed */
#define PMU_RESET_REG(getter, setter, ...) \
{ \
	.access	= access_pmu, \
	.exists	= vcpu_has_pmu, \
	.get	= getter, \
	.set	= setter, \
	__VA_ARGS__ \
}

#define PMU_ONE_REG(getter, setter) \
	PMU_RESET_REG(getter, setter, .reset_along = true)

#define PMU_ALIAS	{ .access = access_pmu }

/* ---- PMCR ---- */

/* LC of PMUv3, E, X, DP; the others do something or are not emulated */
static u32 pmcr_writable(void)
{
	u32 mask = ARMV8_PMU_PMCR_MASK & ~ARMV8_PMU_PMCR_LP;

	return has_pmuv3() ? mask : mask & ~ARMV8_PMU_PMCR_LC;
}

static bool access_pmcr(struct kvm_vcpu *vcpu, const struct kvm_cpreg *r,
			struct kvm_cpreg_access *a)
{
	u32 pmcr = kvm_vcpu_read_pmcr(vcpu);
	u32 writable = pmcr_writable();

	if (a->is_write)
		kvm_pmu_handle_pmcr(vcpu, (pmcr & ~writable) |
					  (a->val & writable));
	else
		a->val = pmcr & ~(ARMV8_PMU_PMCR_P | ARMV8_PMU_PMCR_C);

	return true;
}

static u64 get_pmcr(struct kvm_vcpu *vcpu, const struct kvm_cpreg *r)
{
	return kvm_vcpu_read_pmcr(vcpu);
}

/* A guest may have fewer counters than its host, until it has run */
static void set_nr_counters(struct kvm *kvm, u8 n)
{
	mutex_lock(&kvm->arch.config_lock);
	if (!kvm_vm_has_ran_once(kvm) && n <= kvm_arm_pmu_get_max_counters(kvm))
		kvm->arch.pmcr_n = n;
	mutex_unlock(&kvm->arch.config_lock);
}

static int set_pmcr(struct kvm_vcpu *vcpu, const struct kvm_cpreg *r, u64 val)
{
	set_nr_counters(vcpu->kvm, FIELD_GET(ARMV8_PMU_PMCR_N, val));

	return set_reg(vcpu, r, val & pmcr_writable() &
				~(ARMV8_PMU_PMCR_P | ARMV8_PMU_PMCR_C));
}

/* Of all of them, which follow each other */
static void reset_pmu(struct kvm_vcpu *vcpu, const struct kvm_cpreg *r)
{
	memset(&__vcpu_sys_reg(vcpu, PMCR_EL0), 0,
	       (NR_SYS_REGS - PMCR_EL0) * sizeof(__vcpu_sys_reg(vcpu, 0)));
}

const struct kvm_pmu_reg_ops kvm_pmcr_ops = {
	.cpreg		= PMU_RESET_REG(get_pmcr, set_pmcr, .reset = reset_pmu),
	.access		= access_pmcr,
	.user_read	= EN,
	.user_write	= EN,
};

/* ---- registers with a bit for each counter ---- */

static void bits_changed(struct kvm_vcpu *vcpu, u8 index, u32 bits)
{
	if (index == PMCNTENSET_EL0)
		kvm_pmu_reprogram_counter_mask(vcpu, bits);
}

static bool access_set_bits(struct kvm_vcpu *vcpu, const struct kvm_cpreg *r,
			    struct kvm_cpreg_access *a)
{
	u32 mask = kvm_pmu_implemented_counter_mask(vcpu);

	if (a->is_write) {
		__vcpu_sys_reg(vcpu, r->index) |= a->val & mask;
		bits_changed(vcpu, r->index, a->val & mask);
	} else {
		a->val = __vcpu_sys_reg(vcpu, r->index);
	}

	return true;
}

static bool access_clear_bits(struct kvm_vcpu *vcpu, const struct kvm_cpreg *r,
			      struct kvm_cpreg_access *a)
{
	u32 mask = kvm_pmu_implemented_counter_mask(vcpu);

	if (a->is_write) {
		__vcpu_sys_reg(vcpu, r->index) &= ~(u64)(a->val & mask);
		bits_changed(vcpu, r->index, a->val & mask);
	} else {
		a->val = __vcpu_sys_reg(vcpu, r->index);
	}

	return true;
}

/* Bits of counters that are not there are RAZ: see kvm_vcpu_reload_pmu() */
static u64 get_bits(struct kvm_vcpu *vcpu, const struct kvm_cpreg *r)
{
	return get_reg(vcpu, r) & kvm_pmu_implemented_counter_mask(vcpu);
}

const struct kvm_pmu_reg_ops kvm_pmu_set_ops = {
	.cpreg		= PMU_ONE_REG(get_bits, set_reg),
	.access		= access_set_bits,
	.user_read	= EN,
	.user_write	= EN,
};

const struct kvm_pmu_reg_ops kvm_pmu_clear_ops = {
	.cpreg		= PMU_ALIAS,
	.access		= access_clear_bits,
	.user_read	= EN,
	.user_write	= EN,
};

/* User mode has no business with interrupts */
const struct kvm_pmu_reg_ops kvm_pmintenset_ops = {
	.cpreg		= PMU_ONE_REG(get_bits, set_reg),
	.access		= access_set_bits,
};

const struct kvm_pmu_reg_ops kvm_pmintenclr_ops = {
	.cpreg		= PMU_ALIAS,
	.access		= access_clear_bits,
};

static bool access_pmswinc(struct kvm_vcpu *vcpu, const struct kvm_cpreg *r,
			   struct kvm_cpreg_access *a)
{
	if (!a->is_write)
		return false;

	kvm_pmu_software_increment(vcpu, a->val &
				   kvm_pmu_implemented_counter_mask(vcpu));
	return true;
}

const struct kvm_pmu_reg_ops kvm_pmswinc_ops = {
	.cpreg		= PMU_ALIAS,
	.access		= access_pmswinc,
	.user_write	= EN | SW,
};

/* ---- what there is to count ---- */

/* Of 32 events each; those from 0x4000 on are not counted for a guest */
static bool access_pmceid(struct kvm_vcpu *vcpu, const struct kvm_cpreg *r,
			  struct kvm_cpreg_access *a)
{
	a->val = lower_32_bits(kvm_pmu_pmceid(vcpu, r->index));

	return !a->is_write;
}

const struct kvm_pmu_reg_ops kvm_pmceid_ops = {
	.cpreg		= PMU_ALIAS,
	.access		= access_pmceid,
	.user_read	= EN,
	.user_write	= EN,
};

static bool access_raz(struct kvm_vcpu *vcpu, const struct kvm_cpreg *r,
		       struct kvm_cpreg_access *a)
{
	a->val = 0;

	return !a->is_write;
}

const struct kvm_pmu_reg_ops kvm_pmu_raz_ops = {
	.cpreg		= PMU_ALIAS,
	.access		= access_raz,
	.user_read	= EN,
	.user_write	= EN,
};

/* ---- counters and what they count ---- */

static bool counter_exists(struct kvm_vcpu *vcpu, u32 n)
{
	return kvm_pmu_implemented_counter_mask(vcpu) & BIT(n);
}

static u32 selected(struct kvm_vcpu *vcpu)
{
	return __vcpu_sys_reg(vcpu, PMSELR_EL0);
}

static bool access_pmselr(struct kvm_vcpu *vcpu, const struct kvm_cpreg *r,
			  struct kvm_cpreg_access *a)
{
	if (a->is_write)
		__vcpu_sys_reg(vcpu, PMSELR_EL0) = a->val & PMSELR_SEL_MASK;
	else
		a->val = selected(vcpu);

	return true;
}

static int set_pmselr(struct kvm_vcpu *vcpu, const struct kvm_cpreg *r, u64 val)
{
	__vcpu_sys_reg(vcpu, PMSELR_EL0) = val & PMSELR_SEL_MASK;

	return 0;
}

const struct kvm_pmu_reg_ops kvm_pmselr_ops = {
	.cpreg		= PMU_ONE_REG(get_reg, set_pmselr),
	.access		= access_pmselr,
	.user_read	= EN | ER,
	.user_write	= EN | ER,
};

static bool access_counter(struct kvm_vcpu *vcpu, u32 n,
			   struct kvm_cpreg_access *a)
{
	if (!counter_exists(vcpu, n))
		return false;

	if (a->is_write)
		kvm_pmu_set_counter_value(vcpu, n, lower_32_bits(a->val));
	else
		a->val = lower_32_bits(kvm_pmu_get_counter_value(vcpu, n));

	return true;
}

static bool access_pmevcntr(struct kvm_vcpu *vcpu, const struct kvm_cpreg *r,
			    struct kvm_cpreg_access *a)
{
	return access_counter(vcpu, r->index - PMEVCNTR0_EL0, a);
}

/* The cycle counter has a register of its own */
static bool access_pmxevcntr(struct kvm_vcpu *vcpu, const struct kvm_cpreg *r,
			     struct kvm_cpreg_access *a)
{
	return selected(vcpu) != ARMV8_PMU_CYCLE_IDX &&
	       access_counter(vcpu, selected(vcpu), a);
}

/* A write of 32 bits leaves the upper half, which PMUv2 has not */
static bool access_pmccntr(struct kvm_vcpu *vcpu, const struct kvm_cpreg *r,
			   struct kvm_cpreg_access *a)
{
	u64 val = kvm_pmu_get_counter_value(vcpu, ARMV8_PMU_CYCLE_IDX);

	if (!a->is_write) {
		a->val = kvm_cpreg_is_64(r) ? val : lower_32_bits(val);
		return true;
	}

	if (!kvm_cpreg_is_64(r) && has_pmuv3())
		a->val |= val & GENMASK_ULL(63, 32);
	kvm_pmu_set_counter_value(vcpu, ARMV8_PMU_CYCLE_IDX, a->val);

	return true;
}

static u64 get_counter(struct kvm_vcpu *vcpu, const struct kvm_cpreg *r)
{
	u32 n = r->index == PMCCNTR_EL0 ? ARMV8_PMU_CYCLE_IDX :
					  r->index - PMEVCNTR0_EL0;

	return kvm_pmu_get_counter_value(vcpu, n);
}

const struct kvm_pmu_reg_ops kvm_pmevcntr_ops = {
	.cpreg		= PMU_ONE_REG(get_counter, set_reg),
	.access		= access_pmevcntr,
	.user_read	= EN | ER,
	.user_write	= EN,
};

const struct kvm_pmu_reg_ops kvm_pmxevcntr_ops = {
	.cpreg		= PMU_ALIAS,
	.access		= access_pmxevcntr,
	.user_read	= EN | ER,
	.user_write	= EN,
};

const struct kvm_pmu_reg_ops kvm_pmccntr_ops = {
	.cpreg		= PMU_ALIAS,
	.access		= access_pmccntr,
	.user_read	= EN | CR,
	.user_write	= EN,
};

/* As a ONE_REG it has 64 bits on each CPU: KVM counts so */
const struct kvm_pmu_reg_ops kvm_pmccntr64_ops = {
	.cpreg		= PMU_ONE_REG(get_counter, set_reg),
	.access		= access_pmccntr,
	.user_read	= EN | CR,
	.user_write	= EN,
};

static bool access_type(struct kvm_vcpu *vcpu, u32 n,
			struct kvm_cpreg_access *a)
{
	u32 reg = n == ARMV8_PMU_CYCLE_IDX ? PMCCFILTR_EL0 : PMEVTYPER0_EL0 + n;

	if (!counter_exists(vcpu, n))
		return false;

	if (a->is_write)
		kvm_pmu_set_counter_event_type(vcpu, a->val, n);
	else
		a->val = __vcpu_sys_reg(vcpu, reg);

	return true;
}

static bool access_pmevtyper(struct kvm_vcpu *vcpu, const struct kvm_cpreg *r,
			     struct kvm_cpreg_access *a)
{
	u32 n = r->index == PMCCFILTR_EL0 ? ARMV8_PMU_CYCLE_IDX :
					    r->index - PMEVTYPER0_EL0;

	return access_type(vcpu, n, a);
}

static bool access_pmxevtyper(struct kvm_vcpu *vcpu, const struct kvm_cpreg *r,
			      struct kvm_cpreg_access *a)
{
	return access_type(vcpu, selected(vcpu), a);
}

static int set_type(struct kvm_vcpu *vcpu, const struct kvm_cpreg *r, u64 val)
{
	return set_reg(vcpu, r, val & kvm_pmu_evtyper_mask(vcpu->kvm));
}

const struct kvm_pmu_reg_ops kvm_pmevtyper_ops = {
	.cpreg		= PMU_ONE_REG(get_reg, set_type),
	.access		= access_pmevtyper,
	.user_read	= EN,
	.user_write	= EN,
};

const struct kvm_pmu_reg_ops kvm_pmxevtyper_ops = {
	.cpreg		= PMU_ALIAS,
	.access		= access_pmxevtyper,
	.user_read	= EN,
	.user_write	= EN,
};

/* ---- PMUSERENR: User mode may read what it may do ---- */

static u32 userenr_mask(void)
{
	return has_pmuv3() ? ARMV8_PMU_USERENR_MASK : ARMV8_PMU_USERENR_EN;
}

static bool access_pmuserenr(struct kvm_vcpu *vcpu, const struct kvm_cpreg *r,
			     struct kvm_cpreg_access *a)
{
	if (a->is_write)
		__vcpu_sys_reg(vcpu, PMUSERENR_EL0) = a->val & userenr_mask();
	else
		a->val = __vcpu_sys_reg(vcpu, PMUSERENR_EL0);

	return true;
}

static int set_pmuserenr(struct kvm_vcpu *vcpu, const struct kvm_cpreg *r,
			 u64 val)
{
	__vcpu_sys_reg(vcpu, PMUSERENR_EL0) = val & userenr_mask();

	return 0;
}

const struct kvm_pmu_reg_ops kvm_pmuserenr_ops = {
	.cpreg		= PMU_ONE_REG(get_reg, set_pmuserenr),
	.access		= access_pmuserenr,
	.user_read	= ALWAYS,
};
