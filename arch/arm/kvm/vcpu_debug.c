// SPDX-License-Identifier: GPL-2.0-only
/*
 * KVM_SET_GUEST_DEBUG: what the CPU has in its debug registers while a guest
 * runs, and for whom its debug exceptions are.
 *
 * As on arm64, while user space has breakpoints or steps, those of the guest do
 * nothing. A guest's accesses to its debug registers always trap, for HDCR.TDA
 * has all of them or none, and DBGDSCR is the host's, too.
 */
#include <linux/cacheflush.h>
#include <linux/kvm_host.h>
#include <linux/log2.h>
#include <linux/string.h>
#include <asm/cp15.h>
#include <asm/kvm_emulate.h>
#include <asm/kvm_hyp.h>

#include "cpu_model.h"
#include "vcpu_step.h"

/* All that uses breakpoints */
#define GUESTDBG_HW	(KVM_GUESTDBG_USE_HW | KVM_GUESTDBG_SINGLESTEP)
#define GUESTDBG_BLOCK	(KVM_GUESTDBG_BLOCKIRQ | KVM_GUESTDBG_SINGLESTEP)

/* Breakpoint types (C11.11.2): address, context ID, mismatch; linked or not */
#define BT_LINKED		BIT(0)
#define BT_CONTEXT		0x2
#define BT_MISMATCH		0x4
#define BT_LAST			(BT_MISMATCH | BT_LINKED)

#define DBGBCR_FIELDS	(DBG_CTRL_E | DBG_CTRL_PMC | DBGBCR_BAS | \
			 DBGBCR_LBN | DBGBCR_BT_MASK << DBGBCR_BT_SHIFT)
#define DBGWCR_FIELDS	(DBG_CTRL_E | DBG_CTRL_PMC | DBGWCR_LSC | \
			 DBGWCR_BAS_MASK << DBGWCR_BAS_SHIFT | \
			 DBGWCR_LBN | DBGWCR_WT | \
			 DBGWCR_MASK_MASK << DBGWCR_MASK_SHIFT)

/* Watched are up to 2^n bytes, not two or four by the mask (C11.11.44) */
#define DBGWCR_MASK_FIRST	3
/* A doubleword has all of the byte select, a word at its upper half less */
#define DBGWVR_UPPER_WORD	BIT(2)
#define DBGWCR_BAS_WORD		0xf

/* Hyp traps of aborts and their status, as a step is reported */
#define HSR_STEP	((u32)HSR_EC_IABT << HSR_EC_SHIFT | HSR_IL | FSC_DEBUG)
#define DSCR_STEP	(MOE_BREAKPOINT << DBGDSCR_MOE_SHIFT)

static unsigned int nr_regs(const struct kvm_cpu_model *model,
			    unsigned int shift)
{
	if (!model || !model->dbgdidr)
		return 0;

	return ((model->dbgdidr >> shift) & DBGDIDR_NR_MASK) + 1;
}

/**
 * kvm_debug_nr_brps - how many breakpoints there are
 * @model: a kind of CPU, or NULL
 *
 * Return: their number, zero if the host cannot use them.
 */
unsigned int kvm_debug_nr_brps(const struct kvm_cpu_model *model)
{
	return nr_regs(model, DBGDIDR_BRPS_SHIFT);
}

/**
 * kvm_debug_nr_wrps - how many watchpoints there are
 * @model: a kind of CPU, or NULL
 *
 * Return: their number, zero if the host cannot use them.
 */
unsigned int kvm_debug_nr_wrps(const struct kvm_cpu_model *model)
{
	return nr_regs(model, DBGDIDR_WRPS_SHIFT);
}

/* ---- what may be in the registers: nothing that is UNPREDICTABLE ---- */

static bool bcr_is_valid(u32 bcr, u32 bvr, unsigned int nr)
{
	u32 type = (bcr >> DBGBCR_BT_SHIFT) & DBGBCR_BT_MASK;
	u32 bas = (bcr & DBGBCR_BAS) >> DBGBCR_BAS_SHIFT;

	/* Any PMC: 0b00 is User, System and Supervisor mode (DDI 0487, G2.8.3) */
	if (bcr & ~DBGBCR_FIELDS || type > BT_LAST)
		return false;

	if (type & BT_LINKED && (bcr & DBGBCR_LBN) >> DBGBCR_LBN_SHIFT >= nr)
		return false;

	if ((type & ~BT_LINKED) == BT_CONTEXT)
		return bas == DBGBCR_BAS_ALL;

	return !(bvr & ~DBGBVR_ADDR_MASK) &&
	       (bas == DBGBCR_BAS_ALL || bas == DBGBCR_BAS_LOW ||
		bas == DBGBCR_BAS_HIGH);
}

/* One run of bits */
static bool is_contiguous(u32 bits)
{
	return bits && is_power_of_2((bits >> __ffs(bits)) + 1);
}

static bool wcr_is_valid(u32 wcr, u32 wvr, unsigned int nr)
{
	u32 bas = (wcr >> DBGWCR_BAS_SHIFT) & DBGWCR_BAS_MASK;
	u32 mask = (wcr >> DBGWCR_MASK_SHIFT) & DBGWCR_MASK_MASK;

	if (!(wcr & DBG_CTRL_PMC) || !(wcr & DBGWCR_LSC) ||
	    wcr & ~DBGWCR_FIELDS || wvr & ~DBGBVR_ADDR_MASK)
		return false;

	if (wcr & DBGWCR_WT && (wcr & DBGWCR_LBN) >> DBGBCR_LBN_SHIFT >= nr)
		return false;

	if (mask)
		return mask >= DBGWCR_MASK_FIRST && bas == DBGWCR_BAS_MASK &&
		       !(wvr & (BIT(mask) - 1));

	return is_contiguous(bas) &&
	       !(wvr & DBGWVR_UPPER_WORD && bas & ~DBGWCR_BAS_WORD);
}

static bool brp_is_valid(const struct kvm_guest_debug_arch *regs,
			 unsigned int n, unsigned int nr)
{
	return n < nr && bcr_is_valid(regs->dbg_bcr[n], regs->dbg_bvr[n], nr);
}

static bool wrp_is_valid(const struct kvm_guest_debug_arch *regs,
			 unsigned int n, unsigned int nr, unsigned int nr_brps)
{
	return n < nr &&
	       wcr_is_valid(regs->dbg_wcr[n], regs->dbg_wvr[n], nr_brps);
}

/* Of registers that are not enabled the rest does not matter */
static bool regs_are_valid(const struct kvm_vcpu *vcpu,
			   const struct kvm_guest_debug_arch *regs)
{
	unsigned int nr_brps = kvm_debug_nr_brps(vcpu->kvm->arch.model);
	unsigned int nr_wrps = kvm_debug_nr_wrps(vcpu->kvm->arch.model);
	unsigned int i;

	for (i = 0; i < KVM_ARM_MAX_DBG_REGS; i++) {
		if (regs->dbg_bcr[i] & DBG_CTRL_E &&
		    !brp_is_valid(regs, i, nr_brps))
			return false;
		if (regs->dbg_wcr[i] & DBG_CTRL_E &&
		    !wrp_is_valid(regs, i, nr_wrps, nr_brps))
			return false;
	}

	return true;
}

/* ---- onto the CPU ---- */

static void load_brps(struct kvm_vcpu *vcpu,
		      const struct kvm_guest_debug_arch *regs)
{
	struct kvm_guest_debug_arch *on_cpu = &vcpu->arch.debug.on_cpu;
	unsigned int nr = kvm_debug_nr_brps(vcpu->kvm->arch.model);
	unsigned int i;

	for (i = 0; i < nr; i++) {
		if (!(regs->dbg_bcr[i] & DBG_CTRL_E) ||
		    !brp_is_valid(regs, i, nr))
			continue;
		on_cpu->dbg_bvr[i] = regs->dbg_bvr[i];
		on_cpu->dbg_bcr[i] = regs->dbg_bcr[i] | DBG_CTRL_NONSECURE;
	}
}

static void load_wrps(struct kvm_vcpu *vcpu,
		      const struct kvm_guest_debug_arch *regs)
{
	struct kvm_guest_debug_arch *on_cpu = &vcpu->arch.debug.on_cpu;
	unsigned int nr_brps = kvm_debug_nr_brps(vcpu->kvm->arch.model);
	unsigned int nr = kvm_debug_nr_wrps(vcpu->kvm->arch.model);
	unsigned int i;

	for (i = 0; i < nr; i++) {
		if (!(regs->dbg_wcr[i] & DBG_CTRL_E) ||
		    !wrp_is_valid(regs, i, nr, nr_brps))
			continue;
		on_cpu->dbg_wvr[i] = regs->dbg_wvr[i];
		on_cpu->dbg_wcr[i] = regs->dbg_wcr[i] | DBG_CTRL_NONSECURE;
	}
}

static bool any_enabled(const struct kvm_guest_debug_arch *regs)
{
	u32 all = 0;
	unsigned int i;

	for (i = 0; i < KVM_ARM_MAX_DBG_REGS; i++)
		all |= regs->dbg_bcr[i] | regs->dbg_wcr[i];

	return all & DBG_CTRL_E;
}

/*
 * The exceptions of a guest's breakpoints come to HYP mode, too, and are given
 * back: that is how its method of debug entry is known. Of BKPT it is known
 * without, as long as nothing else has been there: without breakpoints, after a
 * BKPT, the guest is left to itself.
 */
static bool guest_has_debug(const struct kvm_vcpu *vcpu)
{
	const struct kvm_vcpu_debug *debug = &vcpu->arch.debug;

	return DBGDSCR_MOE(debug->guest_dscr) != MOE_BKPT ||
	       (debug->guest_dscr & DBGDSCR_MDBGEN &&
		any_enabled(&debug->guest));
}

/* Choose what the CPU has while the guest runs */
static void update(struct kvm_vcpu *vcpu)
{
	struct kvm_vcpu_debug *debug = &vcpu->arch.debug;
	bool guests = !(vcpu->guest_debug & GUESTDBG_HW) &&
		      guest_has_debug(vcpu);

	memset(&debug->on_cpu, 0, sizeof(debug->on_cpu));

	if (vcpu->guest_debug & KVM_GUESTDBG_USE_HW)
		load_wrps(vcpu, &debug->user);

	if (vcpu->guest_debug & KVM_GUESTDBG_SINGLESTEP)
		load_brps(vcpu, &debug->step);
	else if (vcpu->guest_debug & KVM_GUESTDBG_USE_HW)
		load_brps(vcpu, &debug->user);

	if (guests && debug->guest_dscr & DBGDSCR_MDBGEN) {
		load_brps(vcpu, &debug->guest);
		load_wrps(vcpu, &debug->guest);
	}

	debug->active = vcpu->guest_debug || guests;
	debug->block_irqs = (vcpu->guest_debug & GUESTDBG_BLOCK) ==
			    GUESTDBG_BLOCK;
	kvm_vcpu_choose_enter(vcpu);
}

/* ---- the guest's own ---- */

#define DSCR_WRITABLE	(DBGDSCR_MDBGEN | DBGDSCR_UDCCDIS)
#define DSCR_MOE	(DBGDSCR_MOE_MASK << DBGDSCR_MOE_SHIFT)

/**
 * kvm_debug_get_dscr - read a guest's DBGDSCR
 * @vcpu: the vCPU
 *
 * Return: its value.
 */
u32 kvm_debug_get_dscr(const struct kvm_vcpu *vcpu)
{
	return vcpu->arch.debug.guest_dscr;
}

/**
 * kvm_debug_set_dscr - write a guest's DBGDSCR
 * @vcpu: the vCPU
 * @val: the value
 *
 * There are neither a communications channel nor halting debug.
 *
 * Context: the vCPU's thread, or with its mutex.
 */
void kvm_debug_set_dscr(struct kvm_vcpu *vcpu, u32 val)
{
	vcpu->arch.debug.guest_dscr = val & (DSCR_WRITABLE | DSCR_MOE);
	update(vcpu);
}

/**
 * kvm_debug_reset - give a guest's debug registers their reset values
 * @vcpu: the vCPU
 * @dscr: that of DBGDSCR
 *
 * Breakpoints and watchpoints are off.
 *
 * Context: the vCPU's thread, or with its mutex.
 */
void kvm_debug_reset(struct kvm_vcpu *vcpu, u32 dscr)
{
	memset(&vcpu->arch.debug.guest, 0, sizeof(vcpu->arch.debug.guest));
	kvm_debug_set_dscr(vcpu, dscr);
}

/**
 * kvm_debug_reg - one of a guest's breakpoint or watchpoint registers
 * @vcpu: the vCPU
 * @kind: which of the pair it is
 * @n: its number
 *
 * Return: where its value is, NULL if there is no such register.
 */
u32 *kvm_debug_reg(struct kvm_vcpu *vcpu, enum kvm_debug_reg kind,
		   unsigned int n)
{
	struct kvm_guest_debug_arch *guest = &vcpu->arch.debug.guest;
	const struct kvm_cpu_model *model = vcpu->kvm->arch.model;
	bool is_watchpoint = kind == DEBUG_WVR || kind == DEBUG_WCR;

	if (n >= (is_watchpoint ? kvm_debug_nr_wrps(model) :
				  kvm_debug_nr_brps(model)))
		return NULL;

	switch (kind) {
	case DEBUG_BVR:
		return &guest->dbg_bvr[n];
	case DEBUG_BCR:
		return &guest->dbg_bcr[n];
	case DEBUG_WVR:
		return &guest->dbg_wvr[n];
	default:
		return &guest->dbg_wcr[n];
	}
}

/**
 * kvm_debug_write - write one of a guest's breakpoint or watchpoint registers
 * @vcpu: the vCPU
 * @kind: which of the pair it is
 * @n: its number, of one that there is
 * @val: the value
 *
 * What a guest does not have, Secure state, HYP mode and VMIDs, reads as zero.
 * What else is UNPREDICTABLE is as if it was not enabled.
 *
 * Context: the vCPU's thread, or with its mutex.
 */
void kvm_debug_write(struct kvm_vcpu *vcpu, enum kvm_debug_reg kind,
		     unsigned int n, u32 val)
{
	static const u32 fields[] = {
		[DEBUG_BVR]	= ~0U,
		[DEBUG_BCR]	= DBGBCR_FIELDS,
		[DEBUG_WVR]	= ~0U,
		[DEBUG_WCR]	= DBGWCR_FIELDS,
	};

	*kvm_debug_reg(vcpu, kind, n) = val & fields[kind];
	update(vcpu);
}

/* ---- user space's ---- */

/**
 * kvm_arch_vcpu_ioctl_set_guest_debug - KVM_SET_GUEST_DEBUG
 * @vcpu: the vCPU
 * @dbg: what user space wants
 *
 * Context: with the vCPU's mutex, not loaded.
 *
 * Return: 0; -ENOEXEC before KVM_ARM_VCPU_INIT; -EINVAL for what there is not,
 * and for what the manual calls UNPREDICTABLE.
 */
int kvm_arch_vcpu_ioctl_set_guest_debug(struct kvm_vcpu *vcpu,
					struct kvm_guest_debug *dbg)
{
	u32 control = dbg->control;

	if (control & ~KVM_GUESTDBG_VALID_MASK)
		return -EINVAL;

	if (!kvm_vcpu_initialized(vcpu))
		return -ENOEXEC;

	if (!(control & KVM_GUESTDBG_ENABLE))
		control = 0;

	if (control & GUESTDBG_HW && !kvm_debug_nr_brps(vcpu->kvm->arch.model))
		return -EINVAL;

	if (control & KVM_GUESTDBG_USE_HW) {
		if (!regs_are_valid(vcpu, &dbg->arch))
			return -EINVAL;
		vcpu->arch.debug.user = dbg->arch;
	}

	/*
	 * What user space writes into code it cleans by its own addresses. An
	 * instruction cache may have it by the guest's (B2.2.6). The barrier of
	 * the kernel's function is of stores alone, which does not wait for
	 * the maintenance (B2.2.9).
	 */
	if ((vcpu->guest_debug | control) & KVM_GUESTDBG_USE_SW_BP) {
		__flush_icache_all();
		dsb(ish);
	}

	vcpu->guest_debug = control;
	kvm_debug_reg_changed(vcpu);
	update(vcpu);
	return 0;
}

/* ---- single step ---- */

/**
 * struct vcpu_step_cpu - a vCPU as the decoder sees it
 * @cpu: its registers
 * @vcpu: the vCPU
 */
struct vcpu_step_cpu {
	struct kvm_step_cpu cpu;
	struct kvm_vcpu *vcpu;
};

static int read_memory(struct kvm_step_cpu *cpu, u32 addr, void *to, u32 len)
{
	struct vcpu_step_cpu *c = container_of(cpu, struct vcpu_step_cpu, cpu);

	return kvm_guest_read_va(c->vcpu, addr, to, len);
}

static void decode(struct kvm_vcpu *vcpu, struct kvm_step *step)
{
	u32 sctlr = vcpu_read_cp15(vcpu, c1_SCTLR);
	struct vcpu_step_cpu c = {
		.cpu = {
			.cpsr		= *vcpu_cpsr(vcpu),
			.vectors	= kvm_vector_base(vcpu),
			.thumb_vectors	= sctlr & CR_TE,
			.read		= read_memory,
		},
		.vcpu = vcpu,
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(c.cpu.r) - 1; i++)
		c.cpu.r[i] = vcpu_get_reg(vcpu, i);
	c.cpu.r[i] = *vcpu_pc(vcpu);
	/* If it was on the CPU it has come along with the others */
	c.cpu.spsr = *vcpu_spsr(vcpu);

	kvm_step_decode(&c.cpu, step);
}

static void set_stop(struct kvm_guest_debug_arch *regs, unsigned int n,
		     const struct kvm_step_stop *stop)
{
	u32 bas = DBGBCR_BAS_ALL;

	if (stop->thumb)
		bas = stop->addr & ~DBGBVR_ADDR_MASK ? DBGBCR_BAS_HIGH :
						       DBGBCR_BAS_LOW;

	regs->dbg_bvr[n] = stop->addr & DBGBVR_ADDR_MASK;
	regs->dbg_bcr[n] = bas << DBGBCR_BAS_SHIFT | DBG_CTRL_PMC | DBG_CTRL_E;
}

/**
 * kvm_debug_reg_changed - a core register of a vCPU is another one
 * @vcpu: the vCPU
 *
 * If it is about to be stepped, the instruction may lead elsewhere.
 *
 * Context: with the vCPU's mutex.
 */
void kvm_debug_reg_changed(struct kvm_vcpu *vcpu)
{
	if (vcpu->guest_debug & KVM_GUESTDBG_SINGLESTEP)
		kvm_make_request(KVM_REQ_STEP, vcpu);
}

static int exit_debug(struct kvm_vcpu *vcpu, u32 hsr, u32 far, u32 dscr)
{
	struct kvm_run *run = vcpu->run;

	run->exit_reason = KVM_EXIT_DEBUG;
	run->debug.arch.hsr = hsr;
	run->debug.arch.far = far;
	run->debug.arch.dscr = dscr;
	run->debug.arch.pad = 0;

	/* The next step begins when user space comes back */
	kvm_debug_reg_changed(vcpu);
	return 0;
}

/**
 * kvm_debug_begin_step - have the guest stop after an instruction
 * @vcpu: the vCPU
 *
 * Whatever the instruction needs the kernel, or user space, for, the guest goes
 * on at one of the breakpoints.
 *
 * Context: the vCPU's thread, vCPU loaded. May sleep.
 *
 * Return: 1; or 0 if the step is done already, with the exit reason set.
 */
int kvm_debug_begin_step(struct kvm_vcpu *vcpu)
{
	struct kvm_guest_debug_arch *regs = &vcpu->arch.debug.step;
	struct kvm_step step;
	unsigned int i;

	if (!(vcpu->guest_debug & KVM_GUESTDBG_SINGLESTEP))
		return 1;

	kvm_adjust_pc(vcpu);
	decode(vcpu, &step);
	if (step.still)
		return exit_debug(vcpu, HSR_STEP, 0, DSCR_STEP);

	memset(regs, 0, sizeof(*regs));
	for (i = 0; i < step.nr; i++)
		set_stop(regs, i, &step.stop[i]);
	update(vcpu);
	return 1;
}

/* ---- exits ---- */

/* What user space has to have asked for to be told of a debug exception */
static u32 user_control(u32 hsr, u32 dscr)
{
	if (HSR_EC(hsr) == HSR_EC_DABT)
		return KVM_GUESTDBG_USE_HW;

	return DBGDSCR_MOE(dscr) == MOE_BKPT ? KVM_GUESTDBG_USE_SW_BP :
					       GUESTDBG_HW;
}

/**
 * kvm_handle_debug - a guest has taken a debug exception to HYP mode
 * @vcpu: the vCPU, with the syndrome of the exception
 *
 * Context: the vCPU's thread.
 *
 * Return: 0 to go to user space, if it is for that; or 1, with the exception
 * given back to the guest.
 */
int kvm_handle_debug(struct kvm_vcpu *vcpu)
{
	u32 hsr = kvm_vcpu_get_hsr(vcpu);
	u32 dscr = vcpu->arch.debug.dscr;
	u32 far = HSR_EC(hsr) == HSR_EC_DABT ? kvm_vcpu_get_hfar(vcpu) : 0;

	if (vcpu->guest_debug & user_control(hsr, dscr))
		return exit_debug(vcpu, hsr, far, dscr);

	kvm_inject_own_abort(vcpu);
	kvm_debug_set_dscr(vcpu, (vcpu->arch.debug.guest_dscr & ~DSCR_MOE) |
				 (dscr & DSCR_MOE));
	return 1;
}
