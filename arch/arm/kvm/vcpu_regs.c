// SPDX-License-Identifier: GPL-2.0-only
/*
 * Core registers of a vCPU by number, in the mode the guest is in.
 *
 * SP_usr and the registers of FIQ mode stay on the CPU while the vCPU is
 * loaded (vcpu_sysregs.c). An access to one of those goes through memory:
 * it is as rare as a trap from FIQ mode or one that transfers SP_usr.
 */
#include <linux/kvm_host.h>
#include <linux/preempt.h>
#include <asm/kvm_emulate.h>

#include "vcpu_sysregs.h"

#define REG_R8		8
#define REG_SP		13
#define REG_LR		14
#define REG_PC		15

/* Modes differ in four bits: M[4] is set in all of them (B1.3.1) */
#define MODE_INDEX(mode)	((mode) & 0xf)

/**
 * struct reg_bank - where a mode has its registers
 * @r8: R8 to R12 in this order
 * @sp: R13
 * @lr: R14
 * @spsr: SPSR; the CPSR in modes that have none
 *
 * All of them are word offsets into struct kvm_regs.
 */
struct reg_bank {
	u8 r8;
	u8 sp;
	u8 lr;
	u8 spsr;
};

static const struct reg_bank usr_bank = {
	.r8	= KVM_REG_ARM_CORE_REG(usr_regs.ARM_r8),
	.sp	= KVM_REG_ARM_CORE_REG(usr_regs.ARM_sp),
	.lr	= KVM_REG_ARM_CORE_REG(usr_regs.ARM_lr),
	.spsr	= KVM_REG_ARM_CORE_REG(usr_regs.ARM_cpsr),
};

#define EXCEPTION_BANK(name) { \
	.r8	= KVM_REG_ARM_CORE_REG(usr_regs.ARM_r8), \
	.sp	= KVM_REG_ARM_CORE_REG(KVM_ARM_##name##_sp), \
	.lr	= KVM_REG_ARM_CORE_REG(KVM_ARM_##name##_lr), \
	.spsr	= KVM_REG_ARM_CORE_REG(KVM_ARM_##name##_spsr), \
}

/* Modes without an entry, User and System, share the registers of User */
static const struct reg_bank exception_banks[] = {
	[MODE_INDEX(FIQ_MODE)] = {
		.r8	= KVM_REG_ARM_CORE_REG(KVM_ARM_FIQ_r8),
		.sp	= KVM_REG_ARM_CORE_REG(KVM_ARM_FIQ_sp),
		.lr	= KVM_REG_ARM_CORE_REG(KVM_ARM_FIQ_lr),
		.spsr	= KVM_REG_ARM_CORE_REG(KVM_ARM_FIQ_spsr),
	},
	[MODE_INDEX(IRQ_MODE)] = EXCEPTION_BANK(IRQ),
	[MODE_INDEX(SVC_MODE)] = EXCEPTION_BANK(SVC),
	[MODE_INDEX(ABT_MODE)] = EXCEPTION_BANK(ABT),
	[MODE_INDEX(UND_MODE)] = EXCEPTION_BANK(UND),
	[MODE_INDEX(SYSTEM_MODE)] = { },
};

static const struct reg_bank *vcpu_bank(const struct kvm_vcpu *vcpu)
{
	const struct reg_bank *bank;

	bank = &exception_banks[MODE_INDEX(vcpu_mode(vcpu))];

	return bank->sp ? bank : &usr_bank;
}

static unsigned long *reg_at(struct kvm_vcpu *vcpu, u8 offset)
{
	return (unsigned long *)vcpu_gp_regs(vcpu) + offset;
}

static unsigned long *banked_reg(struct kvm_vcpu *vcpu, u8 reg_num)
{
	const struct reg_bank *bank = vcpu_bank(vcpu);

	switch (reg_num) {
	case REG_SP:
		return reg_at(vcpu, bank->sp);
	case REG_LR:
		return reg_at(vcpu, bank->lr);
	case REG_PC:
		return vcpu_pc(vcpu);
	default:
		return reg_at(vcpu, bank->r8 + reg_num - REG_R8);
	}
}

/**
 * vcpu_spsr - the current mode's Saved Program Status Register
 * @vcpu: the vCPU, in a mode that has one
 *
 * Context: as vcpu_get_reg_banked().
 *
 * Return: the register in memory.
 */
unsigned long *vcpu_spsr(struct kvm_vcpu *vcpu)
{
	return reg_at(vcpu, vcpu_bank(vcpu)->spsr);
}

static bool reg_is_on_cpu(const struct kvm_vcpu *vcpu, u8 reg_num)
{
	if (!vcpu_get_flag(vcpu, SYSREGS_ON_CPU))
		return false;

	switch (vcpu_mode(vcpu)) {
	case FIQ_MODE:
		return reg_num != REG_PC;
	case USR_MODE:
	case SYSTEM_MODE:
		return reg_num == REG_SP;
	default:
		return false;
	}
}

/**
 * vcpu_get_reg_banked - read a register that a mode may bank
 * @vcpu: the vCPU
 * @reg_num: 8 to 15
 *
 * Context: the vCPU's thread, or any holder of its mutex if it is not loaded.
 *
 * Return: its value in the mode the guest is in.
 */
unsigned long vcpu_get_reg_banked(struct kvm_vcpu *vcpu, u8 reg_num)
{
	if (reg_is_on_cpu(vcpu, reg_num)) {
		preempt_disable();
		kvm_vcpu_save_banked(vcpu);
		preempt_enable();
	}

	return *banked_reg(vcpu, reg_num);
}

/**
 * vcpu_set_reg_banked - write a register that a mode may bank
 * @vcpu: the vCPU
 * @reg_num: 8 to 15
 * @val: the value
 *
 * Context: as vcpu_get_reg_banked().
 */
void vcpu_set_reg_banked(struct kvm_vcpu *vcpu, u8 reg_num, unsigned long val)
{
	if (!reg_is_on_cpu(vcpu, reg_num)) {
		*banked_reg(vcpu, reg_num) = val;
		return;
	}

	/* The memory must not be overwritten from the CPU in between */
	preempt_disable();
	kvm_vcpu_save_banked(vcpu);
	*banked_reg(vcpu, reg_num) = val;
	kvm_vcpu_restore_banked(vcpu);
	preempt_enable();
}
