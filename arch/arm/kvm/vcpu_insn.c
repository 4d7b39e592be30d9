// SPDX-License-Identifier: GPL-2.0-only
/*
 * Instructions that trapped: did their condition hold, and where does the
 * next one begin.
 */
#include <linux/kvm_host.h>
#include <asm/kvm_emulate.h>
#include <asm/opcodes.h>

/*
 * ITSTATE in the CPSR (A2.5.2): bits 7:2 in CPSR[15:10], 1:0 in CPSR[26:25].
 * Its bits 7:4 are the condition of the next instruction, 3:0 a mask that
 * shifts a bit of the condition in and is zero outside of an IT block.
 */
#define PSR_IT_HIGH_SHIFT	8
#define PSR_IT_HIGH_MASK	0xfc
#define PSR_IT_LOW_SHIFT	25
#define PSR_IT_LOW_MASK		0x03

#define IT_COND_SHIFT		4
#define IT_BLOCK_MASK		0x0f
#define IT_LAST_MASK		0x07
#define IT_SHIFTED_MASK		0x1f

#define THUMB16_INSN_SIZE	2

#define OPCODE_COND_SHIFT	28
#define COND_AL			0xe

static u8 itstate_get(unsigned long cpsr)
{
	return ((cpsr >> PSR_IT_HIGH_SHIFT) & PSR_IT_HIGH_MASK) |
	       ((cpsr >> PSR_IT_LOW_SHIFT) & PSR_IT_LOW_MASK);
}

static unsigned long itstate_set(unsigned long cpsr, u8 it)
{
	cpsr &= ~PSR_IT_MASK;
	cpsr |= (unsigned long)(it & PSR_IT_HIGH_MASK) << PSR_IT_HIGH_SHIFT;
	cpsr |= (unsigned long)(it & PSR_IT_LOW_MASK) << PSR_IT_LOW_SHIFT;

	return cpsr;
}

/* ITAdvance() of A2.5.2 */
static u8 itstate_advance(u8 it)
{
	if (!(it & IT_LAST_MASK))
		return 0;

	return (it & ~IT_SHIFTED_MASK) | ((it << 1) & IT_SHIFTED_MASK);
}

static bool condition_passes(u32 cond, unsigned long cpsr)
{
	return cond == COND_AL ||
	       arm_check_condition(cond << OPCODE_COND_SHIFT, cpsr) !=
	       ARM_OPCODE_CONDTEST_FAIL;
}

/**
 * kvm_it_passes - is the next instruction executed
 * @cpsr: CPSR, in Thumb state
 *
 * Return: false if it is in an IT block and its condition does not hold.
 */
bool kvm_it_passes(unsigned long cpsr)
{
	u8 it = itstate_get(cpsr);

	return !(it & IT_BLOCK_MASK) ||
	       condition_passes(it >> IT_COND_SHIFT, cpsr);
}

/**
 * __kvm_condition_valid - would the instruction that trapped have executed
 * @vcpu: the vCPU, at a trap of a class that has a condition
 *
 * An implementation may trap an instruction whose condition does not hold,
 * and may leave the condition of a Thumb instruction to the IT state (B1.14.1).
 *
 * Return: true if it is to be emulated, false if only to be skipped.
 */
bool __kvm_condition_valid(const struct kvm_vcpu *vcpu)
{
	unsigned long cpsr = *vcpu_cpsr(vcpu);
	u32 hsr = kvm_vcpu_get_hsr(vcpu);

	if (hsr & HSR_CV)
		return condition_passes((hsr & HSR_COND) >> HSR_COND_SHIFT,
					cpsr);

	return !(cpsr & PSR_T_BIT) || kvm_it_passes(cpsr);
}

/**
 * kvm_skip_thumb_instr - kvm_skip_instr() for a guest in Thumb state
 * @vcpu: the vCPU, with the syndrome of the trap
 */
void kvm_skip_thumb_instr(struct kvm_vcpu *vcpu)
{
	unsigned long cpsr = *vcpu_cpsr(vcpu);

	*vcpu_pc(vcpu) += kvm_vcpu_trap_il_is32bit(vcpu) ? ARM_INSN_SIZE :
							   THUMB16_INSN_SIZE;
	*vcpu_cpsr(vcpu) = itstate_set(cpsr,
				       itstate_advance(itstate_get(cpsr)));
}
