/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * For code that runs in HYP mode: where it goes, system registers by name,
 * the data of the CPU it runs on.
 *
 * HYP code sees the HYP text, the page of its CPU with stack and
 * struct kvm_hyp_cpu, and what create_hyp_mappings() was given: no current,
 * no per-CPU variables, no thread stacks, no strings or constant tables.
 */
#ifndef _ASM_ARM_KVM_HYP_H
#define _ASM_ARM_KVM_HYP_H

#include <linux/compiler.h>
#include <linux/kvm_host.h>
#include <clocksource/arm_arch_timer.h>
#include <asm/cp15.h>
#include <asm/kvm_arm.h>
#include <asm/kvm_asm.h>

#define __hyp_text	__section(".hyp.text") notrace __noscs

/* PL0 and PL1 registers (B4.1, B8.1): CRn, opc1, CRm, opc2 or opc1, CRm */
#define VPIDR		__ACCESS_CP15(c0, 4, c0, 0)
#define VMPIDR		__ACCESS_CP15(c0, 4, c0, 5)
#define ID_PFR0		__ACCESS_CP15(c0, 0, c1, 0)
#define ID_PFR1		__ACCESS_CP15(c0, 0, c1, 1)
#define ID_ISAR5	__ACCESS_CP15(c0, 0, c2, 5)
#define CSSELR		__ACCESS_CP15(c0, 2, c0, 0)
#define SCTLR		__ACCESS_CP15(c1, 0, c0, 0)
#define CPACR		__ACCESS_CP15(c1, 0, c0, 2)
#define HCR		__ACCESS_CP15(c1, 4, c1, 0)
#define HDCR		__ACCESS_CP15(c1, 4, c1, 1)
#define HCPTR		__ACCESS_CP15(c1, 4, c1, 2)
#define HSTR		__ACCESS_CP15(c1, 4, c1, 3)
#define HCR2		__ACCESS_CP15(c1, 4, c1, 4)
#define TTBR0		__ACCESS_CP15_64(0, c2)
#define TTBR1		__ACCESS_CP15_64(1, c2)
#define VTTBR		__ACCESS_CP15_64(6, c2)
#define TTBCR		__ACCESS_CP15(c2, 0, c0, 2)
#define TTBCR2		__ACCESS_CP15(c2, 0, c0, 3)
#define VTCR		__ACCESS_CP15(c2, 4, c1, 2)
#define DACR		__ACCESS_CP15(c3, 0, c0, 0)
#define DFSR		__ACCESS_CP15(c5, 0, c0, 0)
#define IFSR		__ACCESS_CP15(c5, 0, c0, 1)
#define ADFSR		__ACCESS_CP15(c5, 0, c1, 0)
#define AIFSR		__ACCESS_CP15(c5, 0, c1, 1)
#define HSR		__ACCESS_CP15(c5, 4, c2, 0)
#define VDFSR		__ACCESS_CP15(c5, 4, c2, 3)
#define DFAR		__ACCESS_CP15(c6, 0, c0, 0)
#define IFAR		__ACCESS_CP15(c6, 0, c0, 2)
#define HDFAR		__ACCESS_CP15(c6, 4, c0, 0)
#define HIFAR		__ACCESS_CP15(c6, 4, c0, 2)
#define HPFAR		__ACCESS_CP15(c6, 4, c0, 4)
#define PAR		__ACCESS_CP15_64(0, c7)
#define ICIALLUIS	__ACCESS_CP15(c7, 0, c1, 0)
#define ICIALLU		__ACCESS_CP15(c7, 0, c5, 0)
#define TLBIALLIS	__ACCESS_CP15(c8, 0, c3, 0)
#define TLBIALL		__ACCESS_CP15(c8, 0, c7, 0)
#define TLBIALLNSNHIS	__ACCESS_CP15(c8, 4, c3, 4)
#define TLBIMVAHIS	__ACCESS_CP15(c8, 4, c3, 1)
#define PRRR		__ACCESS_CP15(c10, 0, c2, 0)
#define NMRR		__ACCESS_CP15(c10, 0, c2, 1)
#define AMAIR0		__ACCESS_CP15(c10, 0, c3, 0)
#define AMAIR1		__ACCESS_CP15(c10, 0, c3, 1)
#define VBAR		__ACCESS_CP15(c12, 0, c0, 0)
#define VDISR		__ACCESS_CP15(c12, 4, c1, 1)
#define CONTEXTIDR	__ACCESS_CP15(c13, 0, c0, 1)
#define TPIDRURW	__ACCESS_CP15(c13, 0, c0, 2)
#define TPIDRURO	__ACCESS_CP15(c13, 0, c0, 3)
#define TPIDRPRW	__ACCESS_CP15(c13, 0, c0, 4)
#define HTPIDR		__ACCESS_CP15(c13, 4, c0, 2)
#define CNTKCTL		__ACCESS_CP15(c14, 0, c1, 0)
#define CNTHCTL		__ACCESS_CP15(c14, 4, c1, 0)
#define CNTVOFF		__ACCESS_CP15_64(4, c14)

#define __ACCESS_CP14(crn, op1, crm, op2) \
	"mrc", "mcr", "p14, " #op1 ", %0, " #crn ", " #crm ", " #op2, u32

/* Debug registers (C11.11): of DBGDSCR one is to be read, one to be written */
#define DBGDIDR		__ACCESS_CP14(c0, 0, c0, 0)
#define DBGDSCRINT	__ACCESS_CP14(c0, 0, c1, 0)
#define DBGDSCREXT	__ACCESS_CP14(c0, 0, c2, 2)
#define DBGBVR(n)	__ACCESS_CP14(c0, 0, c##n, 4)
#define DBGBCR(n)	__ACCESS_CP14(c0, 0, c##n, 5)
#define DBGWVR(n)	__ACCESS_CP14(c0, 0, c##n, 6)
#define DBGWCR(n)	__ACCESS_CP14(c0, 0, c##n, 7)

/* ThumbEE (chapter A9) */
#define TEECR		__ACCESS_CP14(c0, 6, c0, 0)
#define TEEHBR		__ACCESS_CP14(c1, 6, c0, 0)

/*
 * FPEXC: HCPTR has to permit the access. What follows a write in program order
 * sees it without a barrier (B9.3.24).
 */
static __always_inline u32 read_fpexc(void)
{
	u32 val;

	asm volatile(".fpu vfpv3\n\tvmrs %0, fpexc" : "=r" (val));
	return val;
}

static __always_inline void write_fpexc(u32 val)
{
	asm volatile(".fpu vfpv3\n\tvmsr fpexc, %0" : : "r" (val));
}

/* Banked registers (B9.3.9) */
#define read_banked(r) \
	({ \
		unsigned long __val; \
		asm volatile(".arch_extension virt\n\tmrs %0, " #r \
			     : "=r" (__val)); \
		__val; \
	})

#define write_banked(v, r) \
	asm volatile(".arch_extension virt\n\tmsr " #r ", %0" \
		     : : "r" (v))

/* The cp15 registers that both sides have at each exit come first */
#define HOST_NR_CP15_REGS	(c13_TID_PRIV + 1)

/**
 * struct kvm_hyp_host_context - the host's registers while a guest runs
 * @cp15: by enum vcpu_cp15_reg. Up to TPIDRURO, which is current, they change
 *	with the host's mm and its software PAN and are saved at each entry;
 *	from TTBR1 on they are constant on a CPU and read once, by
 *	__kvm_hyp_cpu_init()
 * @sp_svc: the host's stack; saved at each entry
 * @sp_abt: constant on a CPU, as all below
 * @sp_und: likewise
 * @sp_irq: likewise
 * @midr: what the host sees as its MIDR
 * @mpidr: what the host sees as its MPIDR
 * @hdcr: HDCR without traps
 * @hcr2: HCR2 with traps, 0 on a CPU without the RAS Extension
 * @dscr: DBGDSCR before a vCPU was loaded
 * @fpexc: FPEXC, likewise, on a CPU that has VFP
 * @icc_hsre: ICC_HSRE, 0 on a CPU that has no system registers of a GIC
 * @icc_sre: ICC_SRE, where HYP mode has these registers
 */
struct kvm_hyp_host_context {
	u32 cp15[HOST_NR_CP15_REGS];
	u32 sp_svc;
	u32 sp_abt;
	u32 sp_und;
	u32 sp_irq;
	u32 midr;
	u32 mpidr;
	u32 hdcr;
	u32 hcr2;
	u32 dscr;
	u32 fpexc;
	u32 icc_hsre;
	u32 icc_sre;
};

/**
 * struct kvm_hyp_panic_info - registers at an exception HYP cannot handle
 * @regs: r0 to r12
 * @lr: LR_usr, the link register of HYP mode
 * @sp: SP_hyp before the exception
 * @vector: KVM_HYP_VECTOR_*
 * @elr: ELR_hyp
 * @spsr: SPSR_hyp
 * @hsr: Hyp Syndrome Register
 * @hdfar: Hyp Data Fault Address Register
 * @hifar: Hyp Instruction Fault Address Register
 * @hpfar: Hyp IPA Fault Address Register
 * @vcpu: the vCPU that was being run, NULL for none
 */
struct kvm_hyp_panic_info {
	u32 regs[13];
	u32 lr;
	u32 sp;
	u32 vector;
	u32 elr;
	u32 spsr;
	u32 hsr;
	u32 hdfar;
	u32 hifar;
	u32 hpfar;
	struct kvm_vcpu *vcpu;
};

/**
 * struct kvm_hyp_cpu - what HYP mode keeps of a CPU, at the top of its stack
 * @boot_pgd: physical address of the boot page table, for the way back
 * @init_page: physical address of the init page
 * @stub_vectors: physical address of the stub's vectors
 * @panic_entry: where the kernel takes over after a HYP panic
 * @loaded: the vCPU whose registers are on the CPU, NULL for none
 * @panic: the last report
 * @owner: the vCPU whose traps stay while the host runs, and who may have the
 *	VFP; NULL for none
 * @host: the host's registers
 * @host_vfp: its VFP registers while a guest has the VFP
 * @host_debug: its breakpoints and watchpoints while others are in their place
 * @moved_brps: which breakpoints, a bit each
 * @moved_wrps: which watchpoints
 *
 * Assembly loads the first three with one instruction.
 */
struct kvm_hyp_cpu {
	u32 boot_pgd;
	u32 init_page;
	u32 stub_vectors;
	u32 panic_entry;
	struct kvm_vcpu *loaded;
	struct kvm_hyp_panic_info panic;
	struct kvm_vcpu *owner;
	struct kvm_hyp_host_context host;
	struct kvm_vfp_context host_vfp;
	struct kvm_guest_debug_arch host_debug;
	u32 moved_brps;
	u32 moved_wrps;
} __aligned(8);

/* Bytes that struct kvm_hyp_cpu takes from the top of a HYP stack */
#define KVM_HYP_CPU_SIZE	ALIGN(sizeof(struct kvm_hyp_cpu), 8)

/*
 * The kvm_hyp_cpu of this CPU. Stack and guard page together are aligned to
 * their size, so this also works from a stack that has overflowed.
 */
static __always_inline struct kvm_hyp_cpu *this_hyp_cpu(void)
{
	unsigned long sp;

	asm volatile("mov %0, sp" : "=r" (sp));

	return (void *)((sp | (KVM_HYP_STACK_SPAN - 1)) + 1 -
			KVM_HYP_CPU_SIZE);
}

/*
 * What the timer has HYP mode do for its offset, which goes there with all that
 * stays there until the put, when the vCPU is entered. Only a timer that may
 * fire before that needs it at once. At the put, where the timer is still
 * loaded, __kvm_vcpu_put() does it, whatever the vCPU has run on.
 */
static inline void __kvm_hvc___kvm_timer_set_cntvoff(u64 cntvoff)
{
	struct arch_timer_context *ctx;
	struct kvm_vcpu *vcpu;
	bool changed;

	/* The put's is a constant: mostly that is all to know */
	if (__builtin_constant_p(cntvoff) && !cntvoff)
		return;

	vcpu = kvm_get_running_vcpu();
	ctx = vcpu_vtimer(vcpu);
	if (ctx->loaded)
		return;

	changed = vcpu->arch.cntvoff != cntvoff;
	vcpu->arch.cntvoff = cntvoff;
	if (changed || timer_get_ctl(ctx) & ARCH_TIMER_CTRL_ENABLE)
		kvm_call_hyp(__kvm_vcpu_load, vcpu);
}

/* The same, in other words */
static inline void __kvm_hvc___vgic_v3_save_aprs(struct vgic_v3_cpu_if *cpu_if)
{
	kvm_call_hyp(__vgic_v3_save_vmcr_aprs, cpu_if);
}

/* hyp/vgic_v3.c */
void __vgic_v3_save_state(struct vgic_v3_cpu_if *cpu_if);
void __vgic_v3_restore_state(struct vgic_v3_cpu_if *cpu_if);
void __vgic_v3_reset(u32 sre);

/* These are for a kernel that is in HYP mode itself: see has_vhe() */
void __vgic_v3_activate_traps(struct vgic_v3_cpu_if *cpu_if);
void __vgic_v3_deactivate_traps(struct vgic_v3_cpu_if *cpu_if);

/* hyp/entry.S */
int __guest_enter(struct kvm_cpu_context *ctxt);

/* hyp/vfp.S */
void __kvm_vfp_save(struct kvm_vfp_context *ctxt);
void __kvm_vfp_restore(struct kvm_vfp_context *ctxt);

/* hyp/debug.c */
int __kvm_vcpu_run_debug(struct kvm_vcpu *vcpu);
void __kvm_debug_release(struct kvm_hyp_cpu *cpu);

/* hyp/panic.c: called by the vectors */
void __kvm_hyp_panic(struct kvm_hyp_cpu *cpu);

/* hyp/switch.c */
void __kvm_restore_host(struct kvm_hyp_cpu *cpu);

#endif /* _ASM_ARM_KVM_HYP_H */
