/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _ARM_KVM_VCPU_STEP_H
#define _ARM_KVM_VCPU_STEP_H

#include <linux/types.h>

/*
 * As many as the cores have breakpoints: where the instruction leads to, and
 * the five exceptions that any other than SVC may be interrupted by
 */
#define KVM_STEP_STOPS	6

/**
 * struct kvm_step_cpu - a CPU before an instruction
 * @r: R0 to R14 of its mode, and the address of the instruction
 * @cpsr: its CPSR
 * @spsr: SPSR of its mode
 * @vectors: base of the exception vectors
 * @thumb_vectors: exceptions are taken in Thumb state
 * @read: read memory by virtual address; 0 or an error
 */
struct kvm_step_cpu {
	u32 r[16];
	u32 cpsr;
	u32 spsr;
	u32 vectors;
	bool thumb_vectors;
	int (*read)(struct kvm_step_cpu *cpu, u32 addr, void *to, u32 len);
};

/**
 * struct kvm_step_stop - where a CPU may be after an instruction
 * @addr: the address
 * @thumb: in Thumb state
 */
struct kvm_step_stop {
	u32 addr;
	bool thumb;
};

/**
 * struct kvm_step - what an instruction may lead to
 * @stop: where to stop, the likeliest first
 * @nr: how many
 * @still: it does nothing but branch to itself
 */
struct kvm_step {
	struct kvm_step_stop stop[KVM_STEP_STOPS];
	unsigned int nr;
	bool still;
};

void kvm_step_decode(struct kvm_step_cpu *cpu, struct kvm_step *step);

#endif /* _ARM_KVM_VCPU_STEP_H */
