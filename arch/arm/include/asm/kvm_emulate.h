/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The guest CPU as the emulation sees it: registers by number in the mode
 * the guest was in, the syndrome of a trap, exceptions to inject.
 *
 * Everything here works on the copy in memory and needs the vCPU's mutex or
 * its thread.
 */
#ifndef _ASM_ARM_KVM_EMULATE_H
#define _ASM_ARM_KVM_EMULATE_H

#include <linux/kvm_host.h>
#include <linux/swab.h>
#include <asm/kvm_arm.h>
#include <asm/kvm_host.h>
#include <asm/ptrace.h>

#define ARM_INSN_SIZE	4

/* vcpu_regs.c */
unsigned long vcpu_get_reg_banked(struct kvm_vcpu *vcpu, u8 reg_num);
void vcpu_set_reg_banked(struct kvm_vcpu *vcpu, u8 reg_num, unsigned long val);
unsigned long *vcpu_spsr(struct kvm_vcpu *vcpu);

/* vcpu_insn.c */
bool kvm_it_passes(unsigned long cpsr);
bool __kvm_condition_valid(const struct kvm_vcpu *vcpu);
void kvm_skip_thumb_instr(struct kvm_vcpu *vcpu);

/* vcpu_srt.c */
bool __kvm_correct_srt(struct kvm_vcpu *vcpu);

/* vcpu_inject.c */
void kvm_inject_undefined(struct kvm_vcpu *vcpu);
void kvm_inject_dabt(struct kvm_vcpu *vcpu, unsigned long addr);
#define kvm_inject_sea_dabt(vcpu, addr)	({ kvm_inject_dabt(vcpu, addr); 1; })
void kvm_inject_pabt(struct kvm_vcpu *vcpu, unsigned long addr);
void kvm_inject_abort(struct kvm_vcpu *vcpu);
void kvm_inject_vabt(struct kvm_vcpu *vcpu);
void kvm_inject_size_fault(struct kvm_vcpu *vcpu);
void kvm_inject_own_abort(struct kvm_vcpu *vcpu);
u32 kvm_vector_base(const struct kvm_vcpu *vcpu);
void __kvm_adjust_pc(struct kvm_vcpu *vcpu);

static inline unsigned long *vcpu_hcr(struct kvm_vcpu *vcpu)
{
	return &vcpu->arch.hcr;
}

static inline unsigned long *vcpu_pc(const struct kvm_vcpu *vcpu)
{
	return (unsigned long *)&vcpu_gp_regs(vcpu)->usr_regs.ARM_pc;
}

static inline unsigned long *vcpu_cpsr(const struct kvm_vcpu *vcpu)
{
	return (unsigned long *)&vcpu_gp_regs(vcpu)->usr_regs.ARM_cpsr;
}

static inline unsigned long vcpu_mode(const struct kvm_vcpu *vcpu)
{
	return *vcpu_cpsr(vcpu) & MODE_MASK;
}

static inline bool vcpu_mode_priv(const struct kvm_vcpu *vcpu)
{
	return vcpu_mode(vcpu) > USR_MODE;
}

static inline bool vcpu_is_thumb(const struct kvm_vcpu *vcpu)
{
	return *vcpu_cpsr(vcpu) & PSR_T_BIT;
}

/* FIQ mode banks R8 to R12, all modes bank SP and LR (B1.3.2) */
static inline bool vcpu_reg_is_banked(const struct kvm_vcpu *vcpu, u8 reg_num)
{
	return reg_num >= 8 &&
	       (reg_num >= 13 || vcpu_mode(vcpu) == FIQ_MODE);
}

/**
 * vcpu_get_reg - read a core register as the guest's current mode sees it
 * @vcpu: the vCPU
 * @reg_num: 0 to 14
 *
 * Return: its value, wherever it is: see vcpu_get_reg_banked().
 */
static inline unsigned long vcpu_get_reg(struct kvm_vcpu *vcpu, u8 reg_num)
{
	if (likely(!vcpu_reg_is_banked(vcpu, reg_num)))
		return vcpu_gp_regs(vcpu)->usr_regs.uregs[reg_num];

	return vcpu_get_reg_banked(vcpu, reg_num);
}

/**
 * vcpu_set_reg - write a core register as the guest's current mode sees it
 * @vcpu: the vCPU
 * @reg_num: 0 to 14
 * @val: its new value
 */
static inline void vcpu_set_reg(struct kvm_vcpu *vcpu, u8 reg_num,
				unsigned long val)
{
	if (likely(!vcpu_reg_is_banked(vcpu, reg_num)))
		vcpu_gp_regs(vcpu)->usr_regs.uregs[reg_num] = val;
	else
		vcpu_set_reg_banked(vcpu, reg_num, val);
}

/* ---- syndrome ---- */

static inline u32 kvm_vcpu_get_hsr(const struct kvm_vcpu *vcpu)
{
	return vcpu->arch.fault.hsr;
}

/* For shared code, which looks for AArch64's accesses of 64 bytes */
static inline u32 kvm_vcpu_get_esr(const struct kvm_vcpu *vcpu)
{
	return kvm_vcpu_get_hsr(vcpu) & ~HSR_DABT_LST;
}

static inline u8 kvm_vcpu_trap_get_class(const struct kvm_vcpu *vcpu)
{
	return HSR_EC(kvm_vcpu_get_hsr(vcpu));
}

/* HSR classes below have a condition in their syndrome, if any (B3.13.6) */
#define HSR_EC_FIRST_UNCOND	0x10

/* The condition is there, and is "always" */
#define HSR_COND_AL		(HSR_CV | 0xeUL << HSR_COND_SHIFT)

/* Would the instruction that trapped have executed, or is it to be skipped? */
static inline bool kvm_condition_valid(const struct kvm_vcpu *vcpu)
{
	u32 hsr = kvm_vcpu_get_hsr(vcpu);

	return HSR_EC(hsr) >= HSR_EC_FIRST_UNCOND ||
	       (hsr & (HSR_CV | HSR_COND)) == HSR_COND_AL ||
	       __kvm_condition_valid(vcpu);
}

/*
 * Does the instruction have 32 bits? Of a data abort whose syndrome does not
 * describe the instruction HSR.IL does not tell (B3.13.6): the only one of these
 * to be skipped is cache maintenance, an MCR.
 */
static inline bool kvm_vcpu_trap_il_is32bit(const struct kvm_vcpu *vcpu)
{
	u32 hsr = kvm_vcpu_get_hsr(vcpu);

	return hsr & HSR_IL ||
	       (HSR_EC(hsr) == HSR_EC_DABT && !(hsr & HSR_ISV));
}

static inline unsigned long kvm_vcpu_get_hfar(const struct kvm_vcpu *vcpu)
{
	return vcpu->arch.fault.hxfar;
}

static inline gpa_t kvm_vcpu_get_fault_ipa(const struct kvm_vcpu *vcpu)
{
	gpa_t fipa = vcpu->arch.fault.hpfar & HPFAR_FIPA_MASK;

	return fipa << (PAGE_SHIFT - HPFAR_FIPA_SHIFT);
}

static inline bool kvm_vcpu_trap_is_iabt(const struct kvm_vcpu *vcpu)
{
	return kvm_vcpu_trap_get_class(vcpu) == HSR_EC_IABT;
}

static inline u32 kvm_vcpu_trap_get_fault(const struct kvm_vcpu *vcpu)
{
	return kvm_vcpu_get_hsr(vcpu) & HSR_FSC;
}

static inline u32 kvm_vcpu_trap_get_fault_type(const struct kvm_vcpu *vcpu)
{
	return kvm_vcpu_get_hsr(vcpu) & HSR_FSC_TYPE;
}

/* Whether Stage-2 is what did not permit the access */
static inline bool kvm_vcpu_abt_is_stage2(const struct kvm_vcpu *vcpu)
{
	u32 type = kvm_vcpu_trap_get_fault_type(vcpu);

	return type >= FSC_FAULT && type <= FSC_PERM;
}

static inline bool kvm_vcpu_dabt_isvalid(const struct kvm_vcpu *vcpu)
{
	return kvm_vcpu_get_hsr(vcpu) & HSR_ISV;
}

static inline bool kvm_vcpu_dabt_iswrite(const struct kvm_vcpu *vcpu)
{
	return kvm_vcpu_get_hsr(vcpu) & HSR_WNR;
}

static inline bool kvm_vcpu_dabt_issext(const struct kvm_vcpu *vcpu)
{
	return kvm_vcpu_get_hsr(vcpu) & HSR_SSE;
}

/* Sixty-four is AArch64's */
static inline bool kvm_vcpu_dabt_issf(const struct kvm_vcpu *vcpu)
{
	return false;
}

static inline u8 kvm_vcpu_dabt_get_rd(const struct kvm_vcpu *vcpu)
{
	return (kvm_vcpu_get_hsr(vcpu) & HSR_SRT_MASK) >> HSR_SRT_SHIFT;
}

/**
 * kvm_correct_srt - have the syndrome name the register that a store stores
 * @vcpu: the vCPU, at a Data Abort
 *
 * Before kvm_vcpu_dabt_get_rd() of what may be a store.
 *
 * Context: the vCPU's thread, process context. May sleep.
 *
 * Return: false if it cannot be known: the guest is to do the access again, and
 * finds its instruction, or that this cannot be fetched any more.
 */
static inline bool kvm_correct_srt(struct kvm_vcpu *vcpu)
{
	return likely(!vcpu_is_thumb(vcpu)) || __kvm_correct_srt(vcpu);
}

/* Access size in bytes: 1, 2 or 4; 8 for the reserved encoding */
static inline unsigned int kvm_vcpu_dabt_get_as(const struct kvm_vcpu *vcpu)
{
	return 1U << ((kvm_vcpu_get_hsr(vcpu) & HSR_SAS) >> HSR_SAS_SHIFT);
}

static inline bool kvm_vcpu_dabt_is_cm(const struct kvm_vcpu *vcpu)
{
	return kvm_vcpu_get_hsr(vcpu) & HSR_DABT_CM;
}

static inline bool kvm_vcpu_abt_iss1tw(const struct kvm_vcpu *vcpu)
{
	return kvm_vcpu_get_hsr(vcpu) & HSR_DABT_S1PTW;
}

static inline u64 kvm_vcpu_dabt_iss_nisv_sanitized(const struct kvm_vcpu *vcpu)
{
	return kvm_vcpu_get_hsr(vcpu) &
	       (HSR_DABT_CM | HSR_WNR | HSR_FSC);
}

/*
 * A Stage-2 fault on a first-level walk counts as a write: hardware may set
 * the guest's access flag, and a page that holds its tables will be written.
 */
static inline bool kvm_is_write_fault(const struct kvm_vcpu *vcpu)
{
	if (kvm_vcpu_abt_iss1tw(vcpu))
		return kvm_vcpu_trap_get_fault_type(vcpu) == FSC_PERM;

	if (kvm_vcpu_trap_is_iabt(vcpu))
		return false;

	return kvm_vcpu_dabt_iswrite(vcpu);
}

static inline u32 kvm_vcpu_hvc_get_imm(const struct kvm_vcpu *vcpu)
{
	return kvm_vcpu_get_hsr(vcpu) & HSR_HVC_IMM_MASK;
}

/* WFIT is ARMv8.7's: has_vhe()-like constants drop the only caller */
static inline int kvm_vcpu_sys_get_rt(const struct kvm_vcpu *vcpu)
{
	return 0;
}

/* ---- identity and endianness ---- */

static inline unsigned long kvm_vcpu_get_mpidr_aff(struct kvm_vcpu *vcpu)
{
	return vcpu_cp15(vcpu, c0_MPIDR) & MPIDR_HWID_BITMASK;
}

static inline bool kvm_vcpu_is_be(struct kvm_vcpu *vcpu)
{
	return *vcpu_cpsr(vcpu) & PSR_E_BIT;
}

static inline void kvm_vcpu_set_be(struct kvm_vcpu *vcpu)
{
	*vcpu_cpsr(vcpu) |= PSR_E_BIT;
}

/**
 * vcpu_data_guest_to_host - the value that a guest's store means
 * @vcpu: the vCPU
 * @data: the register it stored
 * @len: 1, 2 or 4 bytes
 *
 * Return: what puts the guest's bytes into memory when the host, which is
 * little-endian, stores it.
 */
static inline unsigned long vcpu_data_guest_to_host(struct kvm_vcpu *vcpu,
						    unsigned long data,
						    unsigned int len)
{
	bool swap = kvm_vcpu_is_be(vcpu);

	switch (len) {
	case 1:
		return (u8)data;
	case 2:
		return swap ? swab16(data) : (u16)data;
	default:
		return swap ? swab32(data) : data;
	}
}

/**
 * vcpu_data_host_to_guest - the register value of a guest's load
 * @vcpu: the vCPU
 * @data: what a little-endian device gave
 * @len: 1, 2 or 4 bytes
 *
 * Byte swapping is its own inverse.
 *
 * Return: what goes into the register.
 */
static inline unsigned long vcpu_data_host_to_guest(struct kvm_vcpu *vcpu,
						    unsigned long data,
						    unsigned int len)
{
	return vcpu_data_guest_to_host(vcpu, data, len);
}

/* ---- what happens to the guest's PC at the next entry ---- */

static __always_inline void kvm_incr_pc(struct kvm_vcpu *vcpu)
{
	vcpu_set_flag(vcpu, INCREMENT_PC);
}

/*
 * The exception that is pending last wins, and it wins over an instruction
 * to be skipped: user space may inject one over an MMIO it was to complete.
 */
#define kvm_pend_exception(v, e) \
	do { \
		vcpu_clear_flag((v), INCREMENT_PC); \
		vcpu_set_flag((v), PENDING_EXCEPTION); \
		vcpu_set_flag((v), e); \
	} while (0)

static inline bool kvm_pc_needs_adjustment(const struct kvm_vcpu *vcpu)
{
	return vcpu_get_flag(vcpu, PENDING_EXCEPTION) ||
	       vcpu_get_flag(vcpu, INCREMENT_PC);
}

/**
 * kvm_skip_instr - move the guest to the instruction after the one that trapped
 * @vcpu: the vCPU, with the syndrome of the trap
 *
 * Emulation does not call this but kvm_incr_pc(): see kvm_adjust_pc().
 */
static inline void kvm_skip_instr(struct kvm_vcpu *vcpu)
{
	if (likely(!vcpu_is_thumb(vcpu)))
		*vcpu_pc(vcpu) += ARM_INSN_SIZE;
	else
		kvm_skip_thumb_instr(vcpu);
}

/**
 * kvm_adjust_pc - do what emulation has left for the guest's PC
 * @vcpu: the vCPU
 *
 * Enters the exception that is pending, or else skips the instruction that
 * was emulated, and forgets both. To be called before each entry to the
 * guest and each exit to user space.
 *
 * Context: the vCPU's thread, with its mutex.
 */
static inline void kvm_adjust_pc(struct kvm_vcpu *vcpu)
{
	if (!kvm_pc_needs_adjustment(vcpu))
		return;

	if (unlikely(vcpu_get_flag(vcpu, PENDING_EXCEPTION))) {
		__kvm_adjust_pc(vcpu);
		return;
	}

	kvm_skip_instr(vcpu);
	vcpu_clear_flag(vcpu, INCREMENT_PC);
}

#endif /* _ASM_ARM_KVM_EMULATE_H */
