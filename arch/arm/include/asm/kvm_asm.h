/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What assembly and C of KVM share: the HYP call ABI, exit codes and the
 * cp15 registers of a vCPU.
 */
#ifndef _ASM_ARM_KVM_ASM_H
#define _ASM_ARM_KVM_ASM_H

#include <linux/const.h>
#include <asm/page.h>
#include <asm/virt.h>

/*
 * HVC immediates. The stub ABI of Documentation/virt/kvm/arm/hyp-abi.rst is
 * "hvc #0" with a function number in r0. A call of a HYP function is
 * "hvc #256": its HYP address is in ip, arguments and result are where the
 * AAPCS puts them, so that 64-bit arguments need no care.
 */
#define KVM_HVC_STUB		0
#define KVM_HVC_CALL		256

/* Why the guest was left: what __kvm_vcpu_run() returns */
#define ARM_EXCEPTION_IRQ	0
#define ARM_EXCEPTION_TRAP	1
#define ARM_EXCEPTION_FIQ	2
/* A debug exception, while they come to HYP mode: __kvm_vcpu_run_debug() */
#define ARM_EXCEPTION_DEBUG	3
/* The guest was not entered: the stub has HYP mode, and answers so */
#define ARM_EXCEPTION_HYP_GONE	HVC_STUB_ERR
/* With any of them: the guest has left an asynchronous abort pending */
#define ARM_EXIT_ABORT_PENDING	(_AC(1, UL) << 30)
#define ARM_EXCEPTION_CODE(x)	((x) & ~ARM_EXIT_ABORT_PENDING)
#define ARM_EXCEPTION_IS_TRAP(x) (ARM_EXCEPTION_CODE(x) == ARM_EXCEPTION_TRAP)

#define kvm_arm_exception_type \
	{ ARM_EXCEPTION_IRQ, "IRQ" }, \
	{ ARM_EXCEPTION_TRAP, "TRAP" }, \
	{ ARM_EXCEPTION_FIQ, "FIQ" }, \
	{ ARM_EXCEPTION_DEBUG, "DEBUG" }, \
	{ ARM_EXCEPTION_HYP_GONE, "HYP_GONE" }

/* HYP vector numbers, in the order of the vector table */
#define KVM_HYP_VECTOR_RESET	0
#define KVM_HYP_VECTOR_UNDEF	1
#define KVM_HYP_VECTOR_SVC	2
#define KVM_HYP_VECTOR_PABT	3
#define KVM_HYP_VECTOR_DABT	4
#define KVM_HYP_VECTOR_TRAP	5
#define KVM_HYP_VECTOR_IRQ	6
#define KVM_HYP_VECTOR_FIQ	7
#define KVM_HYP_NR_VECTORS	8

/*
 * One page a CPU for the HYP stack, and below it a page that is never
 * mapped; both together are aligned to their size.
 */
#define KVM_HYP_STACK_SIZE	PAGE_SIZE
#define KVM_HYP_STACK_SPAN_SHIFT (PAGE_SHIFT + 1)
#define KVM_HYP_STACK_SPAN	(_AC(1, UL) << KVM_HYP_STACK_SPAN_SHIFT)

/*
 * Where the init page is mapped in both HYP tables besides its identity
 * mapping: the kernel has its own vectors there and needs nothing else of
 * that page in HYP mode.
 */
#define TRAMPOLINE_VA		VECTORS_BASE

/* Calls that guests make often enough to be answered in HYP mode */
#define KVM_SMCCC_ARCH_WORKAROUND_1	0x80008000
#define KVM_SMCCC_ARCH_WORKAROUND_3	0x80003fff

#ifdef __ASSEMBLY__

/*
 * Nothing behind an exception return is to be executed by speculation along a
 * straight line.
 */
	.macro	kvm_eret
	eret
	dsb	nsh
	isb
	.endm

#else

#include <linux/types.h>

/*
 * cp15 registers of a vCPU as kvm_cpu_context::cp15 holds them. 64-bit
 * registers take two words, least significant first, at an even index.
 *
 * The world switch (hyp/switch.c) moves blocks of registers that are in its
 * order here: see Documentation/virt/kvm/arm/aarch32-register-policy.rst.
 */
enum vcpu_cp15_reg {
	/* At each exit, and the host changes its own while it runs */
	c2_TTBR0,		/* Translation Table Base Register 0 */
	c2_TTBR0_HI,
	c2_TTBCR,		/* Translation Table Base Control Register */
	c3_DACR,		/* Domain Access Control Register */
	c13_CID,		/* Context ID Register */
	c13_TID_URO,		/* TPIDRURO, user read-only thread id */

	/* At each exit, and the host's are constant on a CPU */
	c2_TTBR1,		/* Translation Table Base Register 1 */
	c2_TTBR1_HI,
	c1_SCTLR,		/* System Control Register */
	c1_CPACR,		/* Coprocessor Access Control Register */
	c10_PRRR,		/* Primary Region Remap Register, MAIR0 */
	c10_NMRR,		/* Normal Memory Remap Register, MAIR1 */
	c13_TID_PRIV,		/* TPIDRPRW, PL1 only thread id */

	/* At each exit, the guest's alone: the host never relies on its own */
	c5_DFSR,		/* Data Fault Status Register */
	c5_IFSR,		/* Instruction Fault Status Register */
	c6_DFAR,		/* Data Fault Address Register */
	c6_IFAR,		/* Instruction Fault Address Register */

	/* On the CPU while the vCPU is loaded: see vcpu_sysregs.c */
	c12_VBAR,		/* Vector Base Address Register */
	c7_PAR,			/* Physical Address Register */
	c7_PAR_HI,
	c5_ADFSR,		/* Auxiliary Data Fault Status Register */
	c5_AIFSR,		/* Auxiliary Instruction Fault Status Register */
	c10_AMAIR0,		/* Auxiliary Memory Attribute Indirection 0 */
	c10_AMAIR1,		/* Auxiliary Memory Attribute Indirection 1 */
	c13_TID_URW,		/* TPIDRURW, user read/write thread id */
	c14_CNTKCTL,		/* Timer PL1 Control Register */
	c2_TTBCR2,		/* Translation Table Base Control Register 2 */
	cp14_TEECR,		/* ThumbEE Configuration Register */
	cp14_TEEHBR,		/* ThumbEE Handler Base Register */

	/* On the CPU from the first entry to the put: HYP mode's, as VDISR */
	c12_DISR,		/* Deferred Interrupt Status Register */

	/* What the guest reads through HYP mode or a trap */
	c0_MPIDR,		/* Multiprocessor Affinity Register */
	c0_CSSELR,		/* Cache Size Selection Register */
	c1_ACTLR,		/* Auxiliary Control Register */
	c9_L2CTLR,		/* Cortex-A7/A15 L2 Control Register */
	NR_CP15_REGS
};

struct kvm_vcpu;
struct vgic_v3_cpu_if;

/*
 * Functions that run in HYP mode, and for each the entry with the same
 * prototype that the kernel calls (kvm_call_hyp()). They get three words of
 * arguments at most and none on the stack.
 */
#define DECLARE_KVM_HYP_CALL(ret, fn, ...) \
	ret fn(__VA_ARGS__); \
	ret __kvm_hvc_##fn(__VA_ARGS__)

DECLARE_KVM_HYP_CALL(int, __kvm_vcpu_run, struct kvm_vcpu *vcpu);
int __kvm_vcpu_run_gicv3(struct kvm_vcpu *vcpu);
int __kvm_vcpu_run_counted(struct kvm_vcpu *vcpu);
DECLARE_KVM_HYP_CALL(void, __kvm_tlb_flush_vmid, u64 vttbr);
DECLARE_KVM_HYP_CALL(void, __kvm_tlb_flush_local_vmid, u64 vttbr);
DECLARE_KVM_HYP_CALL(void, __kvm_flush_cpu_context, u64 vttbr);
DECLARE_KVM_HYP_CALL(void, __kvm_flush_vm_context, void);
DECLARE_KVM_HYP_CALL(void, __kvm_tlb_flush_hyp_range, unsigned long start,
		     unsigned long size);
DECLARE_KVM_HYP_CALL(void, __kvm_hyp_cpu_init, void);
DECLARE_KVM_HYP_CALL(void, __kvm_vcpu_load, struct kvm_vcpu *vcpu);
DECLARE_KVM_HYP_CALL(void, __kvm_vcpu_put, void);
DECLARE_KVM_HYP_CALL(void, __kvm_release_cpu, void);
void __kvm_release_hyp(void);
DECLARE_KVM_HYP_CALL(void, __kvm_hyp_fault, unsigned int fault);
DECLARE_KVM_HYP_CALL(int, __kvm_hyp_abort, int offset);
DECLARE_KVM_HYP_CALL(u64, __vgic_v3_read_config, void);
DECLARE_KVM_HYP_CALL(u64, __vgic_v3_get_gic_config, void);
DECLARE_KVM_HYP_CALL(void, __vgic_v3_init_lrs, void);
DECLARE_KVM_HYP_CALL(void, __vgic_v3_restore_vmcr_aprs,
		     struct vgic_v3_cpu_if *cpu_if);
DECLARE_KVM_HYP_CALL(void, __vgic_v3_save_vmcr_aprs,
		     struct vgic_v3_cpu_if *cpu_if);

/* What __kvm_vcpu_run() is on this host: see kvm_vgic_host_init() */
extern int (*kvm_vcpu_run_hyp)(struct kvm_vcpu *vcpu);

/**
 * kvm_call_hyp_ret - run a function in HYP mode
 * @f: a function declared with DECLARE_KVM_HYP_CALL()
 *
 * The HVC and the exception return are context synchronising, so no barrier
 * is needed around the call. Interrupts are masked while @f runs.
 *
 * Return: what @f returns.
 */
#define kvm_call_hyp_ret(f, ...) __kvm_hvc_##f(__VA_ARGS__)
#define kvm_call_hyp(f, ...) ((void)__kvm_hvc_##f(__VA_ARGS__))

/* The init page and where in it HYP mode is entered */
extern char __hyp_idmap_text_start[], __hyp_idmap_text_end[];
extern char __kvm_hyp_init[];

/* HYP code and data outside the init page */
extern char __hyp_text_start[], __hyp_text_end[];

/* Vector tables, by what a CPU needs when it leaves the guest (T13) */
extern char __kvm_hyp_vector[];
extern char __kvm_hyp_vector_ic_inv[];
extern char __kvm_hyp_vector_bp_inv[];

unsigned long __kvm_hyp_enter(unsigned long boot_pgd, unsigned long pgd,
			      unsigned long stack, unsigned long vectors);

#endif /* __ASSEMBLY__ */

#endif /* _ASM_ARM_KVM_ASM_H */
