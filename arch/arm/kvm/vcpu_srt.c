// SPDX-License-Identifier: GPL-2.0-only
/*
 * Erratum 766422 of Cortex-A15 r0p4: where a store in Thumb state takes a
 * translation fault of Stage-2, HSR.SRT may be another register than the one
 * that is stored. The instruction tells.
 */
#include <linux/kvm_host.h>
#include <linux/swab.h>
#include <asm/cputype.h>
#include <asm/kvm_emulate.h>
#include <asm/kvm_mmu.h>
#include <asm/ptrace.h>

#include "cpu_model.h"

#define MIDR_CORTEX_A15_R0P4	0x410fc0f4

/* A syndrome that may be wrong */
#define HSR_STORE_MASK	(HSR_ISV | HSR_WNR | HSR_DABT_CM | HSR_FSC_TYPE)
#define HSR_STORE	(HSR_ISV | HSR_WNR | FSC_FAULT)

#define RT_MASK_16	0x7
#define RT_SHIFT_32	12

/*
 * Stores of 16 bits, by what they begin with, and where Rt is (A8.8.203 to
 * A8.8.218); of those of 32 bits, what the first halfword is
 */
static const struct store_insn {
	u16	mask;
	u16	value;
	u8	rt_shift;
} store_insns[] = {
	{ 0xfe00, 0x5000, 0 },			/* STR, register */
	{ 0xfe00, 0x5200, 0 },			/* STRH, register */
	{ 0xfe00, 0x5400, 0 },			/* STRB, register */
	{ 0xf800, 0x6000, 0 },			/* STR, immediate */
	{ 0xf800, 0x7000, 0 },			/* STRB, immediate */
	{ 0xf800, 0x8000, 0 },			/* STRH, immediate */
	{ 0xf800, 0x9000, 8 },			/* STR, relative to SP */
	{ 0xff10, 0xf800, RT_SHIFT_32 },	/* all of one register */
};

/* Which register is stored? Negative if none is. */
static int stored_register(u16 first, u16 second)
{
	const struct store_insn *s;

	for (s = store_insns; s < store_insns + ARRAY_SIZE(store_insns); s++) {
		if ((first & s->mask) != s->value)
			continue;

		return is_wide_instruction(first) ?
		       second >> s->rt_shift :
		       (first >> s->rt_shift) & RT_MASK_16;
	}

	return -1;
}

/* Instructions are little-endian, whatever data are (A3.3.1) */
static int read_halfword(struct kvm_vcpu *vcpu, u32 va, u16 *halfword)
{
	__le16 data = 0;
	int ret = kvm_guest_read_va(vcpu, va, &data, sizeof(data));

	*halfword = le16_to_cpu(data);
	return ret;
}

static bool read_insn(struct kvm_vcpu *vcpu, u16 *first, u16 *second)
{
	u32 pc = *vcpu_pc(vcpu);

	*second = 0;
	if (read_halfword(vcpu, pc, first))
		return false;

	return !is_wide_instruction(*first) ||
	       !read_halfword(vcpu, pc + sizeof(*first), second);
}

/**
 * __kvm_correct_srt - kvm_correct_srt() for a guest in Thumb state
 * @vcpu: the vCPU, at a Data Abort
 *
 * Context: the vCPU's thread, process context. May sleep.
 *
 * Return: false if it cannot be known.
 */
bool __kvm_correct_srt(struct kvm_vcpu *vcpu)
{
	u32 hsr = kvm_vcpu_get_hsr(vcpu);
	u16 first, second;
	int rt;

	if (vcpu->kvm->arch.model->ids[HOST_MIDR] != MIDR_CORTEX_A15_R0P4 ||
	    (hsr & HSR_STORE_MASK) != HSR_STORE)
		return true;

	/*
	 * What the guest executes by may be an entry of this CPU's TLB that its
	 * tables have no more (B3.10.1). It would come back with that for ever.
	 */
	if (!read_insn(vcpu, &first, &second)) {
		kvm_tlb_inval_vm_local(&vcpu->kvm->arch.mmu);
		return false;
	}

	/* Not so of what is no store in Thumb state, but of ThumbEE */
	rt = stored_register(first, second);
	if (rt >= 0)
		vcpu->arch.fault.hsr = (hsr & ~HSR_SRT_MASK) |
				       (u32)rt << HSR_SRT_SHIFT;
	return true;
}
