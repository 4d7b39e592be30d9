// SPDX-License-Identifier: GPL-2.0-only
/*
 * The coprocessor registers of a vCPU: see struct kvm_cpreg.
 *
 * The table has what traps and what user space may see. Whatever else a guest
 * accesses either does not trap or is UNDEFINED. Access from User mode never
 * traps to HYP for most of them, since being UNDEFINED at PL1 comes first;
 * for implementation defined ones it may (B1.14.3), hence the user bit.
 */
#include <linux/kvm_host.h>
#include <linux/math.h>
#include <linux/minmax.h>
#include <linux/preempt.h>
#include <asm/cputype.h>
#include <asm/kvm_emulate.h>
#include <asm/kvm_hyp.h>
#include <asm/kvm_mmu.h>

#include "compat.h"
#include "cpu_model.h"
#include "vcpu_cp15.h"
#include "vcpu_pmu.h"
#include "vgic_host.h"
#include "vgic/vgic.h"

/* SCTLR of an ARMv7 core out of reset: MMU and caches off, U, CP15BEN */
#define SCTLR_RESET		0x00c50078

#define MPIDR_RES1		BIT(31)
/* Cores in a cluster of a Cortex-A7 or A15, and so in ours */
#define CLUSTER_SIZE		VGIC_V2_CLUSTER_SIZE

/* L2CTLR: number of cores in the cluster less one */
#define L2CTLR_CORES_SHIFT	24
#define L2CTLR_CORES_MASK	(0x3 << L2CTLR_CORES_SHIFT)

/* Level, and whether the instruction cache */
#define CSSELR_MASK		0xf

static const struct kvm_cpu_model *model_of(const struct kvm_vcpu *vcpu)
{
	return vcpu->kvm->arch.model;
}

/* ---- registers whose value the vCPU has in its context ---- */

static u64 get_stored(struct kvm_vcpu *vcpu, const struct kvm_cpreg *r)
{
	u64 val = vcpu_read_cp15(vcpu, r->index);

	if (kvm_cpreg_is_64(r))
		val |= (u64)vcpu_read_cp15(vcpu, r->index + 1) << 32;

	return val;
}

static int set_stored(struct kvm_vcpu *vcpu, const struct kvm_cpreg *r,
		      u64 val)
{
	vcpu_write_cp15(vcpu, r->index, lower_32_bits(val));
	if (kvm_cpreg_is_64(r))
		vcpu_write_cp15(vcpu, r->index + 1, upper_32_bits(val));

	return 0;
}

static void reset_stored(struct kvm_vcpu *vcpu, const struct kvm_cpreg *r)
{
	set_stored(vcpu, r, r->reset);
}

static const struct kvm_cpreg_ops stored_ops = {
	.get	= get_stored,
	.set	= set_stored,
	.reset	= reset_stored,
};

static bool has_thumbee(struct kvm_vcpu *vcpu, const struct kvm_cpreg *r)
{
	return kvm_has_thumbee;
}

static const struct kvm_cpreg_ops thumbee_ops = {
	.exists	= has_thumbee,
	.get	= get_stored,
	.set	= set_stored,
	.reset	= reset_stored,
};

static bool has_ras(struct kvm_vcpu *vcpu, const struct kvm_cpreg *r)
{
	return model_of(vcpu)->ids[HOST_ID_PFR0] & ID_PFR0_RAS;
}

static const struct kvm_cpreg_ops ras_ops = {
	.exists	= has_ras,
	.get	= get_stored,
	.set	= set_stored,
	.reset	= reset_stored,
};

/*
 * HCR.TVM: writes to the registers of the MMU trap until the guest has
 * switched its caches on.
 */
static bool access_vm(struct kvm_vcpu *vcpu, const struct kvm_cpreg *r,
		      struct kvm_cpreg_access *a)
{
	bool was_enabled = vcpu_has_cache_enabled(vcpu);

	if (!a->is_write)
		return false;

	set_stored(vcpu, r, a->val);
	kvm_toggle_cache(vcpu, was_enabled);

	return true;
}

static const struct kvm_cpreg_ops vm_ops = {
	.access	= access_vm,
	.get	= get_stored,
	.set	= set_stored,
	.reset	= reset_stored,
};

/* On a CPU without it, it is UNDEFINED */
static bool has_ttbcr2(struct kvm_vcpu *vcpu, const struct kvm_cpreg *r)
{
	return kvm_has_ttbcr2;
}

static bool access_ttbcr2(struct kvm_vcpu *vcpu, const struct kvm_cpreg *r,
			  struct kvm_cpreg_access *a)
{
	return has_ttbcr2(vcpu, r) && access_vm(vcpu, r, a);
}

static const struct kvm_cpreg_ops ttbcr2_ops = {
	.access	= access_ttbcr2,
	.exists	= has_ttbcr2,
	.get	= get_stored,
	.set	= set_stored,
	.reset	= reset_stored,
};

/*
 * Affinity as on the cores that guests take it for: clusters of four, and on
 * a host with a GICv3, whose guests may have many, as large as they can be.
 * The host it is and not the guest's GIC, which may be made later.
 */
static void reset_mpidr(struct kvm_vcpu *vcpu, const struct kvm_cpreg *r)
{
	u32 size = kvm_vgic_cluster_size();
	u32 aff0 = vcpu->vcpu_id % size;
	u32 aff1 = vcpu->vcpu_id / size;

	BUILD_BUG_ON((KVM_MAX_VCPUS - 1) / VGIC_V3_CLUSTER_SIZE > 0xff);

	/* Which CPU it is, CPU_ON does not change: user space may have set it */
	if (kvm_vcpu_initialized(vcpu))
		return;

	set_stored(vcpu, r, MPIDR_RES1 | aff1 << MPIDR_LEVEL_BITS | aff0);
}

static const struct kvm_cpreg_ops mpidr_ops = {
	.get	= get_stored,
	.set	= set_stored,
	.reset	= reset_mpidr,
};

/* HCR.TAC: a guest sees how the host has set its core up, and keeps it so */
static bool access_actlr(struct kvm_vcpu *vcpu, const struct kvm_cpreg *r,
			 struct kvm_cpreg_access *a)
{
	if (!a->is_write)
		a->val = vcpu_cp15(vcpu, r->index);

	return true;
}

static void reset_actlr(struct kvm_vcpu *vcpu, const struct kvm_cpreg *r)
{
	set_stored(vcpu, r, model_of(vcpu)->actlr);
}

static const struct kvm_cpreg_ops actlr_ops = {
	.access	= access_actlr,
	.get	= get_stored,
	.set	= set_stored,
	.reset	= reset_actlr,
};

/*
 * HCR.TIDCP: the number of cores in the vCPU's cluster is that of the moment,
 * since the first vCPUs are reset before the last ones are made.
 */
static u64 get_l2ctlr(struct kvm_vcpu *vcpu, const struct kvm_cpreg *r)
{
	int others = atomic_read(&vcpu->kvm->online_vcpus) - 1 -
		     (int)rounddown(vcpu->vcpu_id, CLUSTER_SIZE);

	others = clamp(others, 0, CLUSTER_SIZE - 1);

	return (get_stored(vcpu, r) & ~L2CTLR_CORES_MASK) |
	       (u32)others << L2CTLR_CORES_SHIFT;
}

static bool access_l2ctlr(struct kvm_vcpu *vcpu, const struct kvm_cpreg *r,
			  struct kvm_cpreg_access *a)
{
	if (!a->is_write)
		a->val = get_l2ctlr(vcpu, r);

	return true;
}

static void reset_l2ctlr(struct kvm_vcpu *vcpu, const struct kvm_cpreg *r)
{
	set_stored(vcpu, r, model_of(vcpu)->l2ctlr);
}

static const struct kvm_cpreg_ops l2ctlr_ops = {
	.access	= access_l2ctlr,
	.get	= get_l2ctlr,
	.set	= set_stored,
	.reset	= reset_l2ctlr,
};

/* ---- registers that say what the CPU is ---- */

static u64 get_host_id(struct kvm_vcpu *vcpu, const struct kvm_cpreg *r)
{
	return model_of(vcpu)->ids[r->index];
}

static int set_host_id(struct kvm_vcpu *vcpu, const struct kvm_cpreg *r,
		       u64 val)
{
	return val == get_host_id(vcpu, r) ? 0 : -EINVAL;
}

static const struct kvm_cpreg_ops invariant_ops = {
	.get	= get_host_id,
	.set	= set_host_id,
};

/* HCR.TID2: CTR and CLIDR come along with CSSELR */
static bool access_host_id(struct kvm_vcpu *vcpu, const struct kvm_cpreg *r,
			   struct kvm_cpreg_access *a)
{
	a->val = get_host_id(vcpu, r);

	return !a->is_write;
}

static const struct kvm_cpreg_ops trapped_invariant_ops = {
	.access	= access_host_id,
	.get	= get_host_id,
	.set	= set_host_id,
};

/* HCR.TID2: CSSELR is not switched, so CCSIDR is not what is selected */
static bool access_csselr(struct kvm_vcpu *vcpu, const struct kvm_cpreg *r,
			  struct kvm_cpreg_access *a)
{
	if (a->is_write)
		set_stored(vcpu, r, a->val & CSSELR_MASK);
	else
		a->val = get_stored(vcpu, r);

	return true;
}

static int set_stored_csselr(struct kvm_vcpu *vcpu, const struct kvm_cpreg *r,
			     u64 val)
{
	return set_stored(vcpu, r, val & CSSELR_MASK);
}

static const struct kvm_cpreg_ops csselr_ops = {
	.access	= access_csselr,
	.get	= get_stored,
	.set	= set_stored_csselr,
	.reset	= reset_stored,
};

static bool access_ccsidr(struct kvm_vcpu *vcpu, const struct kvm_cpreg *r,
			  struct kvm_cpreg_access *a)
{
	a->val = kvm_ccsidr(vcpu, vcpu_read_cp15(vcpu, c0_CSSELR));

	return !a->is_write;
}

static const struct kvm_cpreg_ops ccsidr_ops = {
	.access	= access_ccsidr,
};

/* ---- registers without state ---- */

static bool access_raz_wi(struct kvm_vcpu *vcpu, const struct kvm_cpreg *r,
			  struct kvm_cpreg_access *a)
{
	a->val = 0;

	return true;
}

static const struct kvm_cpreg_ops raz_wi_ops = {
	.access	= access_raz_wi,
};

static bool access_raz(struct kvm_vcpu *vcpu, const struct kvm_cpreg *r,
		       struct kvm_cpreg_access *a)
{
	a->val = 0;

	return !a->is_write;
}

static const struct kvm_cpreg_ops raz_ops = {
	.access	= access_raz,
};

static bool access_wi(struct kvm_vcpu *vcpu, const struct kvm_cpreg *r,
		      struct kvm_cpreg_access *a)
{
	return a->is_write;
}

static const struct kvm_cpreg_ops wi_ops = {
	.access	= access_wi,
};

/*
 * HCR.TSW: an operation by set and way is for the caches of one CPU, and the
 * vCPU may move to another before it is through with them.
 */
static bool access_set_way(struct kvm_vcpu *vcpu, const struct kvm_cpreg *r,
			   struct kvm_cpreg_access *a)
{
	if (!a->is_write)
		return false;

	kvm_set_way_flush(vcpu);
	return true;
}

static const struct kvm_cpreg_ops set_way_ops = {
	.access	= access_set_way,
};

/* ---- the CPU interface of a GICv3: what of it traps ---- */

enum sgi_group {
	SGI_GROUP_0,
	SGI_ANY_GROUP
};

/* HCR.IMO and FMO: an interrupt for others, of group 0, or of either group */
static bool access_sgi(struct kvm_vcpu *vcpu, const struct kvm_cpreg *r,
		       struct kvm_cpreg_access *a)
{
	if (!a->is_write || !kvm_vm_has_gicv3(vcpu->kvm))
		return false;

	vgic_v3_dispatch_sgi(vcpu, a->val, r->index == SGI_ANY_GROUP);

	return true;
}

static const struct kvm_cpreg_ops sgi_ops = {
	.access	= access_sgi,
};

/* ICH_HCR.TDIR, where the kernel has to see the end of interrupts */
static bool access_dir(struct kvm_vcpu *vcpu, const struct kvm_cpreg *r,
		       struct kvm_cpreg_access *a)
{
	if (!a->is_write || !kvm_vm_has_gicv3(vcpu->kvm))
		return false;

	vgic_v3_deactivate(vcpu, a->val);

	return true;
}

static const struct kvm_cpreg_ops dir_ops = {
	.access	= access_dir,
};

/* ICC_HSRE.Enable: it is the one that the guest has */
static bool access_sre(struct kvm_vcpu *vcpu, const struct kvm_cpreg *r,
		       struct kvm_cpreg_access *a)
{
	if (!kvm_vm_has_gicv3(vcpu->kvm))
		return false;

	if (!a->is_write)
		a->val = vcpu->arch.vgic_cpu.vgic_v3.vgic_sre;

	return true;
}

static const struct kvm_cpreg_ops sre_ops = {
	.access	= access_sre,
};

/* ---- debug (HDCR.TDA, TDOSA, TDRA): see vcpu_debug.c ---- */

static bool has_debug(struct kvm_vcpu *vcpu, const struct kvm_cpreg *r)
{
	return model_of(vcpu)->dbgdidr;
}

static bool access_didr(struct kvm_vcpu *vcpu, const struct kvm_cpreg *r,
			struct kvm_cpreg_access *a)
{
	a->val = model_of(vcpu)->dbgdidr & DBGDIDR_GUEST;

	return !a->is_write;
}

static const struct kvm_cpreg_ops didr_ops = {
	.access	= access_didr,
};

static bool access_dscr_int(struct kvm_vcpu *vcpu, const struct kvm_cpreg *r,
			    struct kvm_cpreg_access *a)
{
	a->val = has_debug(vcpu, r) ? kvm_debug_get_dscr(vcpu) : 0;

	return !a->is_write;
}

static const struct kvm_cpreg_ops dscr_int_ops = {
	.access	= access_dscr_int,
};

/* The method of debug entry is for the CPU to write, and for user space */
static bool access_dscr_ext(struct kvm_vcpu *vcpu, const struct kvm_cpreg *r,
			    struct kvm_cpreg_access *a)
{
	u32 moe = DBGDSCR_MOE_MASK << DBGDSCR_MOE_SHIFT;

	if (!a->is_write)
		return access_dscr_int(vcpu, r, a);

	if (has_debug(vcpu, r))
		kvm_debug_set_dscr(vcpu, (a->val & ~moe) |
					 (kvm_debug_get_dscr(vcpu) & moe));
	return true;
}

static u64 get_dscr(struct kvm_vcpu *vcpu, const struct kvm_cpreg *r)
{
	return kvm_debug_get_dscr(vcpu);
}

static int set_dscr(struct kvm_vcpu *vcpu, const struct kvm_cpreg *r, u64 val)
{
	kvm_debug_set_dscr(vcpu, val);

	return 0;
}

/* With all of the others; no more than a BKPT so far: see vcpu_debug.c */
static void reset_dscr(struct kvm_vcpu *vcpu, const struct kvm_cpreg *r)
{
	kvm_debug_reset(vcpu, r->reset);
}

static const struct kvm_cpreg_ops dscr_ext_ops = {
	.access	= access_dscr_ext,
	.exists	= has_debug,
	.get	= get_dscr,
	.set	= set_dscr,
	.reset	= reset_dscr,
};

/* Of what the CPU has less than sixteen the rest is RAZ/WI */
#define DEBUG_OPS(name, kind) \
static bool has_##name(struct kvm_vcpu *vcpu, const struct kvm_cpreg *r) \
{ \
	return kvm_debug_reg(vcpu, kind, r->index); \
} \
\
static u64 get_##name(struct kvm_vcpu *vcpu, const struct kvm_cpreg *r) \
{ \
	return *kvm_debug_reg(vcpu, kind, r->index); \
} \
\
static int set_##name(struct kvm_vcpu *vcpu, const struct kvm_cpreg *r, \
		      u64 val) \
{ \
	kvm_debug_write(vcpu, kind, r->index, val); \
	return 0; \
} \
\
static bool access_##name(struct kvm_vcpu *vcpu, const struct kvm_cpreg *r, \
			  struct kvm_cpreg_access *a) \
{ \
	if (!has_##name(vcpu, r)) \
		return access_raz_wi(vcpu, r, a); \
	if (a->is_write) \
		set_##name(vcpu, r, a->val); \
	else \
		a->val = get_##name(vcpu, r); \
	return true; \
} \
\
static const struct kvm_cpreg_ops name##_ops = { \
	.access	= access_##name, \
	.exists	= has_##name, \
	.get	= get_##name, \
	.set	= set_##name, \
	.reset_along = true, \
}

DEBUG_OPS(BVR, DEBUG_BVR);
DEBUG_OPS(BCR, DEBUG_BCR);
DEBUG_OPS(WVR, DEBUG_WVR);
DEBUG_OPS(WCR, DEBUG_WCR);

static bool access_prsr(struct kvm_vcpu *vcpu, const struct kvm_cpreg *r,
			struct kvm_cpreg_access *a)
{
	a->val = has_debug(vcpu, r) ? DBGPRSR_PU : 0;

	return !a->is_write;
}

static const struct kvm_cpreg_ops prsr_ops = {
	.access	= access_prsr,
};

/* ---- timers: their state is kept by the timer code ---- */

/* CNTHCTL: the host has the physical timer */
static bool access_ptimer(struct kvm_vcpu *vcpu, const struct kvm_cpreg *r,
			  struct kvm_cpreg_access *a)
{
	if (a->is_write)
		kvm_arm_timer_write_sysreg(vcpu, TIMER_PTIMER, r->index,
					   a->val);
	else
		a->val = kvm_arm_timer_read_sysreg(vcpu, TIMER_PTIMER,
						   r->index);

	return true;
}

static bool access_pct(struct kvm_vcpu *vcpu, const struct kvm_cpreg *r,
		       struct kvm_cpreg_access *a)
{
	return !a->is_write && access_ptimer(vcpu, r, a);
}

static u64 timer_count(const struct arch_timer_context *timer)
{
	return kvm_phys_timer_read() - *timer->offset.vm_offset;
}

/* Of a vCPU that is not loaded, as user space has them: all is in memory */
static u64 get_timer(struct arch_timer_context *timer, const struct kvm_cpreg *r)
{
	bool expired = timer_get_cval(timer) <= timer_count(timer);

	switch (r->index) {
	case TIMER_REG_CTL:
		return timer_get_ctl(timer) |
		       (expired ? ARCH_TIMER_CTRL_IT_STAT : 0);
	case TIMER_REG_CVAL:
		return timer_get_cval(timer);
	default:
		return timer_count(timer);
	}
}

/* Where user space has said what the counter is, nothing else changes it */
static void set_timer_count(struct kvm_vcpu *vcpu,
			    struct arch_timer_context *timer, u64 val)
{
	if (!test_bit(KVM_ARCH_FLAG_VM_COUNTER_OFFSET, &vcpu->kvm->arch.flags))
		WRITE_ONCE(*timer->offset.vm_offset, kvm_phys_timer_read() - val);
}

static u64 get_vtimer(struct kvm_vcpu *vcpu, const struct kvm_cpreg *r)
{
	return get_timer(vcpu_vtimer(vcpu), r);
}

static int set_vtimer(struct kvm_vcpu *vcpu, const struct kvm_cpreg *r, u64 val)
{
	switch (r->index) {
	case TIMER_REG_CTL:
		__vcpu_assign_sys_reg(vcpu, CNTV_CTL_EL0,
				      val & ~ARCH_TIMER_CTRL_IT_STAT);
		break;
	case TIMER_REG_CVAL:
		__vcpu_assign_sys_reg(vcpu, CNTV_CVAL_EL0, val);
		break;
	default:
		set_timer_count(vcpu, vcpu_vtimer(vcpu), val);
		break;
	}
	return 0;
}

static u64 get_ptimer(struct kvm_vcpu *vcpu, const struct kvm_cpreg *r)
{
	return get_timer(vcpu_ptimer(vcpu), r);
}

static int set_ptimer(struct kvm_vcpu *vcpu, const struct kvm_cpreg *r, u64 val)
{
	switch (r->index) {
	case TIMER_REG_CTL:
		__vcpu_assign_sys_reg(vcpu, CNTP_CTL_EL0,
				      val & ~ARCH_TIMER_CTRL_IT_STAT);
		break;
	case TIMER_REG_CVAL:
		__vcpu_assign_sys_reg(vcpu, CNTP_CVAL_EL0, val);
		break;
	default:
		set_timer_count(vcpu, vcpu_ptimer(vcpu), val);
		break;
	}
	return 0;
}

static const struct kvm_cpreg_ops ptimer_tval_ops = {
	.access	= access_ptimer,
};

static const struct kvm_cpreg_ops ptimer_ops = {
	.access	= access_ptimer,
	.get	= get_ptimer,
	.set	= set_ptimer,
};

/*
 * A virtual machine monitor that writes all of the list back whenever it has
 * looked at a vCPU knows of the virtual counter that it must not, and of no
 * other: it would set the physical one back, which traps from then on.
 */
static const struct kvm_cpreg_ops pct_ops = {
	.unlisted = true,
	.access	= access_pct,
	.get	= get_ptimer,
	.set	= set_ptimer,
};

static const struct kvm_cpreg_ops vtimer_ops = {
	.get	= get_vtimer,
	.set	= set_vtimer,
};

/* ---- the table ---- */

#define CP14_32(regname, op1, crn, crm, op2, regops) \
	.key = CPREG_KEY32(14, op1, crn, crm, op2), \
	.name = regname, .ops = &(regops)
#define CP14_64(regname, op1, crm, regops) \
	.key = CPREG_KEY64(14, op1, crm), \
	.name = regname, .ops = &(regops)
#define CP15_32(regname, op1, crn, crm, op2, regops) \
	.key = CPREG_KEY32(15, op1, crn, crm, op2), \
	.name = regname, .ops = &(regops)
#define CP15_64(regname, op1, crm, regops) \
	.key = CPREG_KEY64(15, op1, crm), \
	.name = regname, .ops = &(regops)

#define INVARIANT(name, op1, crn, crm, op2) \
	{ CP15_32(#name, op1, crn, crm, op2, invariant_ops), \
	  .index = HOST_##name }

/* Value and control registers of breakpoint or watchpoint n */
#define DEBUG_REG(name, n, op2) \
	{ CP14_32("DBG" #name #n, 0, 0, n, op2, name##_ops), .index = n }

/* User mode may access those that PMUSERENR says */
#define PMU(regname, crn, crm, op2, regops, nr) \
	{ CP15_32(regname, 0, crn, crm, op2, (regops).cpreg), .user = 1, \
	  .index = (nr) }

/* Event counter n and what it counts, of PMUv3 */
#define PMU_COUNTER(n) \
	PMU("PMEVCNTR" #n, 14, 8 + (n) / 8, (n) % 8, kvm_pmevcntr_ops, \
	    PMEVCNTR0_EL0 + (n))
#define PMU_TYPE(n) \
	PMU("PMEVTYPER" #n, 14, 12 + (n) / 8, (n) % 8, kvm_pmevtyper_ops, \
	    PMEVTYPER0_EL0 + (n))
#define PMU_BLOCK(reg) \
	reg(0), reg(1), reg(2), reg(3), reg(4), reg(5), reg(6), reg(7), \
	reg(8), reg(9), reg(10), reg(11), reg(12), reg(13), reg(14), reg(15), \
	reg(16), reg(17), reg(18), reg(19), reg(20), reg(21), reg(22), \
	reg(23), reg(24), reg(25), reg(26), reg(27), reg(28), reg(29), reg(30)

/*
 * Debug: breakpoints and watchpoints. Where the host cannot use its own, the
 * guest's DBGDIDR is of no version of the debug architecture, which is how Linux
 * finds out; the rest is for those who do not look. There is neither an OS Lock,
 * nor vector catch, nor a communications channel.
 *
 * The PMU (HDCR.TPM, TPMCR) of a guest that was not given one is RAZ/WI.
 * ID_DFR0 shows the host's all the same: to change it is to trap all
 * identification registers (HCR.TID3), one of which Linux reads at each TLB
 * maintenance.
 *
 * Of error records (HCR2.TERR) a guest has none: ERRIDR says so, and the
 * registers that one would be accessed by are RAZ/WI, as DDI 0487 permits for a
 * record that is not there.
 *
 * Implementation defined registers (HCR.TIDCP, HSTR.T15) are those that
 * Linux accesses at boot by the name of its core.
 */
const struct kvm_cpreg kvm_cpregs[] = {
	{ CP14_32("DBGDIDR", 0, 0, 0, 0, didr_ops), .user = 1 },
	{ CP14_32("DBGDTRRXext", 0, 0, 0, 2, raz_wi_ops) },
	DEBUG_REG(BVR, 0, 4), DEBUG_REG(BCR, 0, 5),
	DEBUG_REG(WVR, 0, 6), DEBUG_REG(WCR, 0, 7),
	{ CP14_32("TEECR", 6, 0, 0, 0, thumbee_ops), .index = cp14_TEECR },
	{ CP14_32("DBGDSCRint", 0, 0, 1, 0, dscr_int_ops), .user = 1 },
	DEBUG_REG(BVR, 1, 4), DEBUG_REG(BCR, 1, 5),
	DEBUG_REG(WVR, 1, 6), DEBUG_REG(WCR, 1, 7),
	{ CP14_32("DBGDSCRext", 0, 0, 2, 2, dscr_ext_ops),
	  .reset = MOE_BKPT << DBGDSCR_MOE_SHIFT },
	DEBUG_REG(BVR, 2, 4), DEBUG_REG(BCR, 2, 5),
	DEBUG_REG(WVR, 2, 6), DEBUG_REG(WCR, 2, 7),
	{ CP14_32("DBGDTRTXext", 0, 0, 3, 2, raz_wi_ops) },
	DEBUG_REG(BVR, 3, 4), DEBUG_REG(BCR, 3, 5),
	DEBUG_REG(WVR, 3, 6), DEBUG_REG(WCR, 3, 7),
	DEBUG_REG(BVR, 4, 4), DEBUG_REG(BCR, 4, 5),
	DEBUG_REG(WVR, 4, 6), DEBUG_REG(WCR, 4, 7),
	{ CP14_32("DBGDTRint", 0, 0, 5, 0, raz_wi_ops), .user = 1 },
	DEBUG_REG(BVR, 5, 4), DEBUG_REG(BCR, 5, 5),
	DEBUG_REG(WVR, 5, 6), DEBUG_REG(WCR, 5, 7),
	{ CP14_32("DBGWFAR", 0, 0, 6, 0, raz_wi_ops) },
	{ CP14_32("DBGOSECCR", 0, 0, 6, 2, raz_wi_ops) },
	DEBUG_REG(BVR, 6, 4), DEBUG_REG(BCR, 6, 5),
	DEBUG_REG(WVR, 6, 6), DEBUG_REG(WCR, 6, 7),
	{ CP14_32("DBGVCR", 0, 0, 7, 0, raz_wi_ops) },
	DEBUG_REG(BVR, 7, 4), DEBUG_REG(BCR, 7, 5),
	DEBUG_REG(WVR, 7, 6), DEBUG_REG(WCR, 7, 7),
	DEBUG_REG(BVR, 8, 4), DEBUG_REG(BCR, 8, 5),
	DEBUG_REG(WVR, 8, 6), DEBUG_REG(WCR, 8, 7),
	DEBUG_REG(BVR, 9, 4), DEBUG_REG(BCR, 9, 5),
	DEBUG_REG(WVR, 9, 6), DEBUG_REG(WCR, 9, 7),
	DEBUG_REG(BVR, 10, 4), DEBUG_REG(BCR, 10, 5),
	DEBUG_REG(WVR, 10, 6), DEBUG_REG(WCR, 10, 7),
	DEBUG_REG(BVR, 11, 4), DEBUG_REG(BCR, 11, 5),
	DEBUG_REG(WVR, 11, 6), DEBUG_REG(WCR, 11, 7),
	DEBUG_REG(BVR, 12, 4), DEBUG_REG(BCR, 12, 5),
	DEBUG_REG(WVR, 12, 6), DEBUG_REG(WCR, 12, 7),
	DEBUG_REG(BVR, 13, 4), DEBUG_REG(BCR, 13, 5),
	DEBUG_REG(WVR, 13, 6), DEBUG_REG(WCR, 13, 7),
	DEBUG_REG(BVR, 14, 4), DEBUG_REG(BCR, 14, 5),
	DEBUG_REG(WVR, 14, 6), DEBUG_REG(WCR, 14, 7),
	DEBUG_REG(BVR, 15, 4), DEBUG_REG(BCR, 15, 5),
	DEBUG_REG(WVR, 15, 6), DEBUG_REG(WCR, 15, 7),
	{ CP14_32("DBGDRAR", 0, 1, 0, 0, raz_ops), .user = 1 },
	{ CP14_32("DBGOSLAR", 0, 1, 0, 4, wi_ops) },
	{ CP14_32("TEEHBR", 6, 1, 0, 0, thumbee_ops), .index = cp14_TEEHBR },
	{ CP14_32("DBGOSLSR", 0, 1, 1, 4, raz_ops) },
	{ CP14_32("DBGOSDLR", 0, 1, 3, 4, raz_wi_ops) },
	{ CP14_32("DBGPRCR", 0, 1, 4, 4, raz_wi_ops) },
	{ CP14_32("DBGPRSR", 0, 1, 5, 4, prsr_ops) },
	{ CP14_32("DBGDSAR", 0, 2, 0, 0, raz_ops), .user = 1 },
	{ CP14_32("DBGDEVID2", 0, 7, 0, 7, raz_ops) },
	{ CP14_32("DBGDEVID1", 0, 7, 1, 7, raz_ops) },
	{ CP14_32("DBGDEVID", 0, 7, 2, 7, raz_ops) },
	{ CP14_32("DBGCLAIMSET", 0, 7, 8, 6, raz_wi_ops) },
	{ CP14_32("DBGCLAIMCLR", 0, 7, 9, 6, raz_wi_ops) },
	{ CP14_32("DBGAUTHSTATUS", 0, 7, 14, 6, raz_ops) },

	INVARIANT(MIDR, 0, 0, 0, 0),
	{ CP15_32("CTR", 0, 0, 0, 1, trapped_invariant_ops),
	  .index = HOST_CTR },
	INVARIANT(TCMTR, 0, 0, 0, 2),
	INVARIANT(TLBTR, 0, 0, 0, 3),
	{ CP15_32("MPIDR", 0, 0, 0, 5, mpidr_ops), .index = c0_MPIDR },
	INVARIANT(REVIDR, 0, 0, 0, 6),
	{ CP15_32("CCSIDR", 1, 0, 0, 0, ccsidr_ops) },
	{ CP15_32("CLIDR", 1, 0, 0, 1, trapped_invariant_ops),
	  .index = HOST_CLIDR },
	INVARIANT(AIDR, 1, 0, 0, 7),
	{ CP15_32("CSSELR", 2, 0, 0, 0, csselr_ops), .index = c0_CSSELR },
	INVARIANT(ID_PFR0, 0, 0, 1, 0),
	INVARIANT(ID_PFR1, 0, 0, 1, 1),
	INVARIANT(ID_DFR0, 0, 0, 1, 2),
	INVARIANT(ID_AFR0, 0, 0, 1, 3),
	INVARIANT(ID_MMFR0, 0, 0, 1, 4),
	INVARIANT(ID_MMFR1, 0, 0, 1, 5),
	INVARIANT(ID_MMFR2, 0, 0, 1, 6),
	INVARIANT(ID_MMFR3, 0, 0, 1, 7),
	INVARIANT(ID_ISAR0, 0, 0, 2, 0),
	INVARIANT(ID_ISAR1, 0, 0, 2, 1),
	INVARIANT(ID_ISAR2, 0, 0, 2, 2),
	INVARIANT(ID_ISAR3, 0, 0, 2, 3),
	INVARIANT(ID_ISAR4, 0, 0, 2, 4),
	INVARIANT(ID_ISAR5, 0, 0, 2, 5),

	{ CP15_32("SCTLR", 0, 1, 0, 0, vm_ops), .index = c1_SCTLR,
	  .reset = SCTLR_RESET },
	{ CP15_32("ACTLR", 0, 1, 0, 1, actlr_ops), .index = c1_ACTLR },
	{ CP15_32("CPACR", 0, 1, 0, 2, stored_ops), .index = c1_CPACR },
	{ CP15_32("ACTLR2", 0, 1, 0, 3, raz_wi_ops) },

	{ CP15_32("TTBR0", 0, 2, 0, 0, vm_ops), .index = c2_TTBR0 },
	{ CP15_32("TTBR1", 0, 2, 0, 1, vm_ops), .index = c2_TTBR1 },
	{ CP15_32("TTBCR", 0, 2, 0, 2, vm_ops), .index = c2_TTBCR },
	{ CP15_32("TTBCR2", 0, 2, 0, 3, ttbcr2_ops), .index = c2_TTBCR2 },
	{ CP15_32("DACR", 0, 3, 0, 0, vm_ops), .index = c3_DACR },

	{ CP15_32("DFSR", 0, 5, 0, 0, vm_ops), .index = c5_DFSR },
	{ CP15_32("IFSR", 0, 5, 0, 1, vm_ops), .index = c5_IFSR },
	{ CP15_32("ADFSR", 0, 5, 1, 0, vm_ops), .index = c5_ADFSR },
	{ CP15_32("AIFSR", 0, 5, 1, 1, vm_ops), .index = c5_AIFSR },
	{ CP15_32("ERRIDR", 0, 5, 3, 0, raz_ops) },
	{ CP15_32("ERRSELR", 0, 5, 3, 1, raz_wi_ops) },
	{ CP15_32("ERXFR", 0, 5, 4, 0, raz_ops) },
	{ CP15_32("ERXCTLR", 0, 5, 4, 1, raz_wi_ops) },
	{ CP15_32("ERXSTATUS", 0, 5, 4, 2, raz_wi_ops) },
	{ CP15_32("ERXADDR", 0, 5, 4, 3, raz_wi_ops) },
	{ CP15_32("ERXFR2", 0, 5, 4, 4, raz_ops) },
	{ CP15_32("ERXCTLR2", 0, 5, 4, 5, raz_wi_ops) },
	{ CP15_32("ERXADDR2", 0, 5, 4, 7, raz_wi_ops) },
	{ CP15_32("ERXMISC0", 0, 5, 5, 0, raz_wi_ops) },
	{ CP15_32("ERXMISC1", 0, 5, 5, 1, raz_wi_ops) },
	{ CP15_32("ERXMISC4", 0, 5, 5, 2, raz_wi_ops) },
	{ CP15_32("ERXMISC5", 0, 5, 5, 3, raz_wi_ops) },
	{ CP15_32("ERXMISC2", 0, 5, 5, 4, raz_wi_ops) },
	{ CP15_32("ERXMISC3", 0, 5, 5, 5, raz_wi_ops) },
	{ CP15_32("ERXMISC6", 0, 5, 5, 6, raz_wi_ops) },
	{ CP15_32("ERXMISC7", 0, 5, 5, 7, raz_wi_ops) },
	{ CP15_32("DFAR", 0, 6, 0, 0, vm_ops), .index = c6_DFAR },
	{ CP15_32("IFAR", 0, 6, 0, 2, vm_ops), .index = c6_IFAR },

	{ CP15_32("DCISW", 0, 7, 6, 2, set_way_ops) },
	{ CP15_32("DCCSW", 0, 7, 10, 2, set_way_ops) },
	{ CP15_32("DCCISW", 0, 7, 14, 2, set_way_ops) },

	{ CP15_32("L2CTLR", 1, 9, 0, 2, l2ctlr_ops), .index = c9_L2CTLR },
	{ CP15_32("L2ECTLR", 1, 9, 0, 3, raz_wi_ops) },

	PMU("PMCR", 9, 12, 0, kvm_pmcr_ops, PMCR_EL0),
	PMU("PMCNTENSET", 9, 12, 1, kvm_pmu_set_ops, PMCNTENSET_EL0),
	PMU("PMCNTENCLR", 9, 12, 2, kvm_pmu_clear_ops, PMCNTENSET_EL0),
	PMU("PMOVSR", 9, 12, 3, kvm_pmu_clear_ops, PMOVSSET_EL0),
	PMU("PMSWINC", 9, 12, 4, kvm_pmswinc_ops, 0),
	PMU("PMSELR", 9, 12, 5, kvm_pmselr_ops, PMSELR_EL0),
	PMU("PMCEID0", 9, 12, 6, kvm_pmceid_ops, 0),
	PMU("PMCEID1", 9, 12, 7, kvm_pmceid_ops, 1),
	PMU("PMCCNTR", 9, 13, 0, kvm_pmccntr_ops, PMCCNTR_EL0),
	PMU("PMXEVTYPER", 9, 13, 1, kvm_pmxevtyper_ops, 0),
	PMU("PMXEVCNTR", 9, 13, 2, kvm_pmxevcntr_ops, 0),
	PMU("PMUSERENR", 9, 14, 0, kvm_pmuserenr_ops, PMUSERENR_EL0),
	PMU("PMINTENSET", 9, 14, 1, kvm_pmintenset_ops, PMINTENSET_EL1),
	PMU("PMINTENCLR", 9, 14, 2, kvm_pmintenclr_ops, PMINTENSET_EL1),
	PMU("PMOVSSET", 9, 14, 3, kvm_pmu_set_ops, PMOVSSET_EL0),
	PMU("PMCEID2", 9, 14, 4, kvm_pmu_raz_ops, 0),
	PMU("PMCEID3", 9, 14, 5, kvm_pmu_raz_ops, 0),
	PMU("PMMIR", 9, 14, 6, kvm_pmu_raz_ops, 0),

	/* MAIR0 and MAIR1 of the long-descriptor format are the same */
	{ CP15_32("PRRR", 0, 10, 2, 0, vm_ops), .index = c10_PRRR },
	{ CP15_32("NMRR", 0, 10, 2, 1, vm_ops), .index = c10_NMRR },
	{ CP15_32("AMAIR0", 0, 10, 3, 0, vm_ops), .index = c10_AMAIR0 },
	{ CP15_32("AMAIR1", 0, 10, 3, 1, vm_ops), .index = c10_AMAIR1 },

	{ CP15_32("VBAR", 0, 12, 0, 0, stored_ops), .index = c12_VBAR },
	{ CP15_32("DISR", 0, 12, 1, 1, ras_ops), .index = c12_DISR },
	{ CP15_32("ICC_DIR", 0, 12, 11, 1, dir_ops) },
	{ CP15_32("ICC_SRE", 0, 12, 12, 5, sre_ops) },

	{ CP15_32("CONTEXTIDR", 0, 13, 0, 1, vm_ops), .index = c13_CID },
	{ CP15_32("TPIDRURW", 0, 13, 0, 2, stored_ops),
	  .index = c13_TID_URW },
	{ CP15_32("TPIDRURO", 0, 13, 0, 3, stored_ops),
	  .index = c13_TID_URO },
	{ CP15_32("TPIDRPRW", 0, 13, 0, 4, stored_ops),
	  .index = c13_TID_PRIV },

	{ CP15_32("CNTKCTL", 0, 14, 1, 0, stored_ops),
	  .index = c14_CNTKCTL },
	{ CP15_32("CNTP_TVAL", 0, 14, 2, 0, ptimer_tval_ops), .user = 1,
	  .index = TIMER_REG_TVAL },
	{ CP15_32("CNTP_CTL", 0, 14, 2, 1, ptimer_ops), .user = 1,
	  .index = TIMER_REG_CTL },
	{ CP15_32("CNTV_CTL", 0, 14, 3, 1, vtimer_ops),
	  .index = TIMER_REG_CTL },
	PMU_BLOCK(PMU_COUNTER),
	PMU_BLOCK(PMU_TYPE),
	PMU("PMCCFILTR", 14, 15, 7, kvm_pmevtyper_ops, PMCCFILTR_EL0),

	/* Control registers that errata workarounds for Cortex-A12, A17 set */
	{ CP15_32("Power control", 0, 15, 0, 0, raz_wi_ops) },
	{ CP15_32("Diagnostic", 0, 15, 0, 1, raz_wi_ops) },
	{ CP15_32("Internal feature", 0, 15, 0, 2, raz_wi_ops) },
	{ CP15_32("CBAR", 4, 15, 0, 0, raz_ops) },

	{ CP14_64("DBGDRAR", 0, 1, raz_ops), .user = 1 },
	{ CP14_64("DBGDSAR", 0, 2, raz_ops), .user = 1 },

	{ CP15_64("TTBR0", 0, 2, vm_ops), .index = c2_TTBR0 },
	{ CP15_64("TTBR1", 1, 2, vm_ops), .index = c2_TTBR1 },
	{ CP15_64("PAR", 0, 7, stored_ops), .index = c7_PAR },
	{ CP15_64("PMCCNTR", 0, 9, kvm_pmccntr64_ops.cpreg), .user = 1,
	  .index = PMCCNTR_EL0 },
	{ CP15_64("ICC_SGI1R", 0, 12, sgi_ops), .index = SGI_ANY_GROUP },
	{ CP15_64("ICC_ASGI1R", 1, 12, sgi_ops), .index = SGI_GROUP_0 },
	{ CP15_64("ICC_SGI0R", 2, 12, sgi_ops), .index = SGI_GROUP_0 },
	{ CP15_64("CNTPCT", 0, 14, pct_ops), .user = 1,
	  .index = TIMER_REG_CNT },
	{ CP15_64("CNTVCT", 1, 14, vtimer_ops),
	  .index = TIMER_REG_CNT },
	{ CP15_64("CNTP_CVAL", 2, 14, ptimer_ops), .user = 1,
	  .index = TIMER_REG_CVAL },
	{ CP15_64("CNTV_CVAL", 3, 14, vtimer_ops),
	  .index = TIMER_REG_CVAL },
};

const unsigned int kvm_nr_cpregs = ARRAY_SIZE(kvm_cpregs);
