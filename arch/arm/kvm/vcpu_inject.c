// SPDX-License-Identifier: GPL-2.0-only
/*
 * Exceptions that KVM makes the guest take.
 *
 * Injection is in two steps. Whoever finds that the guest is to take an
 * exception records the fault status and sets a flag; kvm_adjust_pc() does
 * the entry, just before the guest runs or user space looks. So emulation
 * further up the call chain still sees the registers of the instruction that
 * trapped, and nobody skips an instruction of the handler.
 */
#include <linux/kvm_host.h>
#include <linux/string.h>
#include <asm/cp15.h>
#include <asm/kvm_emulate.h>

#include "cpu_model.h"

/* Vectors with SCTLR.V set, whatever the host's own are (B1.8.1) */
#define HIVECS_BASE		0xffff0000
/* Vectors are 32 bytes: the low bits of VBAR are SBZ */
#define VBAR_MASK		(~0x1fUL)

/* TTBCR.EAE: the long-descriptor format (B4.1.153) */
#define TTBCR_LPAE		BIT(31)

/* DFSR and IFSR in both formats (B4.1.52, B4.1.96) */
#define FSR_WNR			BIT(11)
#define FSR_LPAE		BIT(9)
#define FSC_LEVEL_MAX		3
#define FSR_SHORT_EXTABT	0x08
#define FSR_LPAE_EXTABT		0x10
#define FSR_LPAE_ADDRSZ		0x00

/*
 * ARMv8 in AArch32: speculative store bypassing is safe, privileged access
 * never, illegal execution state. Those that a CPU does not have are zero.
 */
#define PSR_SSBS_BIT		BIT(23)
#define PSR_PAN_BIT		BIT(22)
#define PSR_IL_BIT		BIT(20)
#define SCTLR_DSSBS		BIT(31)
#define SCTLR_SPAN		BIT(23)
#define ID_MMFR3_PAN		GENMASK(19, 16)

/**
 * struct exception_entry - what taking an exception to PL1 changes (B1.9)
 * @mode: the mode it is taken in
 * @vector: offset from the base of the vectors
 * @lr_arm: LR of the new mode less the address of the instruction, ARM state
 * @lr_thumb: the same in Thumb state
 * @psr_mask: asynchronous exceptions that are masked on entry
 */
struct exception_entry {
	u8 mode;
	u8 vector;
	u8 lr_arm;
	u8 lr_thumb;
	u16 psr_mask;
};

static const struct exception_entry undefined_entry = {
	.mode = UND_MODE, .vector = 0x04, .lr_arm = 4, .lr_thumb = 2,
	.psr_mask = PSR_I_BIT,
};

static const struct exception_entry prefetch_abort_entry = {
	.mode = ABT_MODE, .vector = 0x0c, .lr_arm = 4, .lr_thumb = 4,
	.psr_mask = PSR_I_BIT | PSR_A_BIT,
};

static const struct exception_entry data_abort_entry = {
	.mode = ABT_MODE, .vector = 0x10, .lr_arm = 8, .lr_thumb = 8,
	.psr_mask = PSR_I_BIT | PSR_A_BIT,
};

static bool vcpu_uses_lpae(const struct kvm_vcpu *vcpu)
{
	return vcpu_read_cp15(vcpu, c2_TTBCR) & TTBCR_LPAE;
}

static unsigned long exception_cpsr(struct kvm_vcpu *vcpu, u32 sctlr,
				    const struct exception_entry *entry)
{
	unsigned long cpsr = *vcpu_cpsr(vcpu);

	cpsr &= ~(MODE_MASK | PSR_T_BIT | PSR_J_BIT | PSR_IT_MASK | PSR_E_BIT |
		  PSR_IL_BIT | PSR_SSBS_BIT);
	cpsr |= entry->mode | entry->psr_mask;

	if (sctlr & CR_TE)
		cpsr |= PSR_T_BIT;
	if (sctlr & CR_EE)
		cpsr |= PSR_E_BIT;
	if (sctlr & SCTLR_DSSBS)
		cpsr |= PSR_SSBS_BIT;
	if (!(sctlr & SCTLR_SPAN) &&
	    (vcpu->kvm->arch.model->ids[HOST_ID_MMFR3] & ID_MMFR3_PAN))
		cpsr |= PSR_PAN_BIT;

	return cpsr;
}

/**
 * kvm_vector_base - where a guest has its exception vectors
 * @vcpu: the vCPU
 *
 * Context: as vcpu_read_cp15().
 *
 * Return: their virtual address (B1.8.1).
 */
u32 kvm_vector_base(const struct kvm_vcpu *vcpu)
{
	if (vcpu_read_cp15(vcpu, c1_SCTLR) & CR_V)
		return HIVECS_BASE;

	return vcpu_read_cp15(vcpu, c12_VBAR) & VBAR_MASK;
}

static void enter_exception(struct kvm_vcpu *vcpu,
			    const struct exception_entry *entry)
{
	u32 sctlr = vcpu_read_cp15(vcpu, c1_SCTLR);
	unsigned long cpsr = *vcpu_cpsr(vcpu);

	*vcpu_cpsr(vcpu) = exception_cpsr(vcpu, sctlr, entry);

	/* Neither mode's registers stay on the CPU: plain memory accesses */
	*vcpu_spsr(vcpu) = cpsr;
	vcpu_set_reg(vcpu, 14, *vcpu_pc(vcpu) + (cpsr & PSR_T_BIT ?
						 entry->lr_thumb :
						 entry->lr_arm));
	*vcpu_pc(vcpu) = kvm_vector_base(vcpu) + entry->vector;
}

static void enter_pending_exception(struct kvm_vcpu *vcpu)
{
	switch (vcpu_get_flag(vcpu, EXCEPT_MASK)) {
	case unpack_vcpu_flag(EXCEPT_AA32_IABT):
		enter_exception(vcpu, &prefetch_abort_entry);
		break;
	case unpack_vcpu_flag(EXCEPT_AA32_DABT):
		enter_exception(vcpu, &data_abort_entry);
		break;
	default:
		enter_exception(vcpu, &undefined_entry);
		break;
	}
}

/**
 * __kvm_adjust_pc - enter the exception that is pending
 * @vcpu: the vCPU
 *
 * The rare half of kvm_adjust_pc().
 */
void __kvm_adjust_pc(struct kvm_vcpu *vcpu)
{
	enter_pending_exception(vcpu);
	vcpu_clear_flag(vcpu, PENDING_EXCEPTION);
	vcpu_clear_flag(vcpu, EXCEPT_MASK);
	vcpu_clear_flag(vcpu, INCREMENT_PC);
}

/**
 * kvm_inject_undefined - have the guest take an Undefined Instruction exception
 * @vcpu: the vCPU
 *
 * Context: the vCPU's thread, or a holder of its mutex.
 */
void kvm_inject_undefined(struct kvm_vcpu *vcpu)
{
	kvm_pend_exception(vcpu, EXCEPT_AA32_UND);
}

static u32 external_abort_status(const struct kvm_vcpu *vcpu)
{
	return vcpu_uses_lpae(vcpu) ? FSR_LPAE | FSR_LPAE_EXTABT :
				      FSR_SHORT_EXTABT;
}

/**
 * kvm_inject_dabt - have the guest take a synchronous external Data Abort
 * @vcpu: the vCPU
 * @addr: guest virtual address of the access, for DFAR
 *
 * Context: as kvm_inject_undefined().
 */
void kvm_inject_dabt(struct kvm_vcpu *vcpu, unsigned long addr)
{
	u32 fsr = external_abort_status(vcpu);

	if (kvm_vcpu_trap_get_class(vcpu) == HSR_EC_DABT &&
	    kvm_vcpu_dabt_iswrite(vcpu))
		fsr |= FSR_WNR;

	vcpu_write_cp15(vcpu, c5_DFSR, fsr);
	vcpu_write_cp15(vcpu, c6_DFAR, addr);
	kvm_pend_exception(vcpu, EXCEPT_AA32_DABT);
}

/**
 * kvm_inject_pabt - have the guest take a synchronous external Prefetch Abort
 * @vcpu: the vCPU
 * @addr: guest virtual address of the instruction, for IFAR
 *
 * Context: as kvm_inject_undefined().
 */
void kvm_inject_pabt(struct kvm_vcpu *vcpu, unsigned long addr)
{
	vcpu_write_cp15(vcpu, c5_IFSR, external_abort_status(vcpu));
	vcpu_write_cp15(vcpu, c6_IFAR, addr);
	kvm_pend_exception(vcpu, EXCEPT_AA32_IABT);
}

/**
 * kvm_inject_abort - have the guest take the access that trapped as an abort
 * @vcpu: the vCPU, at an abort that it took to HYP mode
 *
 * A synchronous external one, of instruction or data as the other was.
 *
 * Context: as kvm_inject_undefined().
 */
void kvm_inject_abort(struct kvm_vcpu *vcpu)
{
	if (kvm_vcpu_trap_is_iabt(vcpu))
		kvm_inject_pabt(vcpu, kvm_vcpu_get_hfar(vcpu));
	else
		kvm_inject_dabt(vcpu, kvm_vcpu_get_hfar(vcpu));
}

/* The same, and the guest is told another status */
static void inject_status(struct kvm_vcpu *vcpu, u32 status)
{
	enum vcpu_cp15_reg reg = kvm_vcpu_trap_is_iabt(vcpu) ? c5_IFSR :
							       c5_DFSR;

	kvm_inject_abort(vcpu);
	vcpu_write_cp15(vcpu, reg,
			(vcpu_read_cp15(vcpu, reg) & FSR_WNR) | status);
}

/**
 * kvm_inject_vabt - make an asynchronous abort pending
 * @vcpu: the vCPU
 *
 * The CPU delivers it once the guest has CPSR.A clear (B1.8.11).
 *
 * Context: as kvm_inject_undefined().
 */
void kvm_inject_vabt(struct kvm_vcpu *vcpu)
{
	*vcpu_hcr(vcpu) |= HCR_VA;
}

/**
 * kvm_inject_size_fault - abort for an address that is out of range
 * @vcpu: the vCPU, at an abort on an IPA that its VM cannot have
 *
 * The long-descriptor format has a status for it, an Address size fault at
 * level 0; the short one does not, so it stays an external abort.
 *
 * Context: as kvm_inject_undefined().
 */
void kvm_inject_size_fault(struct kvm_vcpu *vcpu)
{
	if (vcpu_uses_lpae(vcpu))
		inject_status(vcpu, FSR_LPAE | FSR_LPAE_ADDRSZ);
	else
		kvm_inject_abort(vcpu);
}

/*
 * Statuses that a guest is told as they are, in the short-descriptor format:
 * FSR[3:0], and in bit 10 the fifth bit of it
 */
static const u16 short_status[FSC_MAX + 1] = {
	[FSC_ALIGN]		= 0x001,
	[FSC_DEBUG]		= 0x002,
	[FSC_TLB_CONFLICT]	= 0x400,
	[FSC_LOCKDOWN]		= 0x404,
	[FSC_EXCLUSIVE]		= 0x405,
};

/* As an external abort, unless the guest's CPU would have said what it is */
static void inject_same_abort(struct kvm_vcpu *vcpu)
{
	u32 fsc = kvm_vcpu_trap_get_fault(vcpu);

	if (!short_status[fsc])
		kvm_inject_abort(vcpu);
	else
		inject_status(vcpu, vcpu_uses_lpae(vcpu) ? FSR_LPAE | fsc :
							   short_status[fsc]);
}

/**
 * kvm_inject_own_abort - give a guest an abort that is not Stage-2's business
 * @vcpu: the vCPU, at an abort that it took to HYP mode and that
 *	kvm_vcpu_abt_is_stage2() says is none of Stage-2
 *
 * While a guest runs all its aborts come to HYP mode that are asynchronous
 * (HCR.AMO), and of the others those which the second stage of a translation
 * or its memory attributes have to do with (B1.8.11, B3.12.7): an unaligned
 * access to what Stage-2 makes Device memory, for one. Whatever it is, the
 * guest has done it, and gets it.
 *
 * Context: as kvm_inject_undefined().
 */
void kvm_inject_own_abort(struct kvm_vcpu *vcpu)
{
	switch (kvm_vcpu_trap_get_fault(vcpu)) {
	case FSC_SEA_ASYNC:
	case FSC_SECC_ASYNC:
		kvm_inject_vabt(vcpu);
		break;
	case FSC_ADDRSZ ... FSC_ADDRSZ + FSC_LEVEL_MAX:
		kvm_inject_size_fault(vcpu);
		break;
	default:
		inject_same_abort(vcpu);
		break;
	}
}

/**
 * __kvm_arm_vcpu_get_events - KVM_GET_VCPU_EVENTS
 * @vcpu: the vCPU
 * @events: what is pending, filled in
 *
 * An external abort is never reported: it is entered as soon as it is set.
 *
 * Context: with the vCPU's mutex.
 *
 * Return: 0.
 */
int __kvm_arm_vcpu_get_events(struct kvm_vcpu *vcpu,
			      struct kvm_vcpu_events *events)
{
	memset(events, 0, sizeof(*events));
	events->exception.serror_pending = !!(*vcpu_hcr(vcpu) & HCR_VA);

	return 0;
}

/*
 * Nobody can ask whether it is pending, so the vCPU that user space may save
 * now is the one after it, and the access that it answers is over.
 */
static void enter_external_abort(struct kvm_vcpu *vcpu)
{
	kvm_inject_dabt(vcpu, kvm_vcpu_get_hfar(vcpu));
	kvm_adjust_pc(vcpu);
	vcpu->mmio_needed = 0;
	kvm_debug_reg_changed(vcpu);
}

/**
 * __kvm_arm_vcpu_set_events - KVM_SET_VCPU_EVENTS
 * @vcpu: the vCPU
 * @events: what is to be pending
 *
 * Context: with the vCPU's mutex.
 *
 * Return: 0, or -EINVAL if the SError is to have a syndrome: no CPU has a
 * register for it before ARMv8, and VDFSR is always 0.
 */
int __kvm_arm_vcpu_set_events(struct kvm_vcpu *vcpu,
			      struct kvm_vcpu_events *events)
{
	if (events->exception.serror_has_esr)
		return -EINVAL;

	if (events->exception.serror_pending)
		kvm_inject_vabt(vcpu);

	if (events->exception.ext_dabt_pending)
		enter_external_abort(vcpu);

	return 0;
}
