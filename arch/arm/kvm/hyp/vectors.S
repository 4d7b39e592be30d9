/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * HYP vectors and what is decided before any C code runs: whose exception it
 * is, the host's calls, the calls that a guest makes too often for a full
 * switch, and the report of what should never happen.
 *
 * HTPIDR is the context of the guest that runs, 0 while the host does. HYP
 * mode always has interrupts masked, so IRQ and FIQ come from the guest.
 */
#include <linux/linkage.h>
#include <asm/asm-offsets.h>
#include <asm/assembler.h>
#include <asm/kvm_arm.h>
#include <asm/kvm_asm.h>
#include <asm/virt.h>

	.arch_extension virt
	.arch_extension sec
	.arm
	.section .hyp.text, "ax"

	.align	5
ENTRY(__kvm_hyp_vector)
	b	hyp_panic_reset
	b	hyp_panic_undef
	b	hyp_panic_svc
	b	hyp_panic_pabt
	b	__hyp_data_abort
	b	hyp_trap
	b	hyp_irq
	b	hyp_fiq
ENDPROC(__kvm_hyp_vector)

/*
 * Vectors for cores whose branch predictor a guest could have trained: it is
 * invalidated before the first branch. Each slot adds one to the stack
 * pointer on the way down, so that afterwards its low bits tell how many
 * slots were passed. The condition flags are free: the guest's are in SPSR.
 * Traps, which are what most exits and all calls of the host are, come first.
 */
	.macro	hardened_vectors, name, crm, opc2
	.align	5
ENTRY(\name)
	.rept	KVM_HYP_NR_VECTORS - 1
	add	sp, sp, #1
	.endr
	mcr	p15, 0, r0, c7, \crm, \opc2
	isb
	vector_target KVM_HYP_VECTOR_TRAP, hyp_trap
	vector_target KVM_HYP_VECTOR_IRQ, hyp_irq
	vector_target KVM_HYP_VECTOR_FIQ, hyp_fiq
	vector_target KVM_HYP_VECTOR_DABT, __hyp_data_abort
	vector_target KVM_HYP_VECTOR_PABT, hyp_panic_pabt
	vector_target KVM_HYP_VECTOR_UNDEF, hyp_panic_undef
	vector_target KVM_HYP_VECTOR_SVC, hyp_panic_svc
	vector_target KVM_HYP_VECTOR_RESET, hyp_panic_reset
ENDPROC(\name)
	.endm

	.macro	vector_target, vector, target
	eor	sp, sp, #(KVM_HYP_VECTOR_FIQ - \vector)
	tst	sp, #(KVM_HYP_NR_VECTORS - 1)
	beq	\target
	eor	sp, sp, #(KVM_HYP_VECTOR_FIQ - \vector)
	.endm

#ifdef CONFIG_HARDEN_BRANCH_PREDICTOR
	hardened_vectors __kvm_hyp_vector_ic_inv, c5, 0		@ ICIALLU
	hardened_vectors __kvm_hyp_vector_bp_inv, c5, 6		@ BPIALL
#endif

/* ---- the guest's and the host's traps ---- */

hyp_trap:
	push	{r0, r1}
	mrc	p15, 4, r0, c13, c0, 2		@ HTPIDR
	mrc	p15, 4, r1, c5, c2, 0		@ HSR
	teq	r0, #0
	bne	guest_trap

	eor	r1, r1, #HSR_EC_HVC << HSR_EC_SHIFT | HSR_IL
	teq	r1, #KVM_HVC_CALL
	bne	host_trap
	pop	{r0, r1}

	/*
	 * LR_usr, which is HYP's link register, is in the host's pt_regs
	 * while the kernel runs.
	 */
	blx	ip
	kvm_eret

/* The host accesses what is the guest's as long as the vCPU is loaded */
host_trap:
	teq	r1, #KVM_HVC_STUB
	bne	host_access
	pop	{r0, r1}

/*
 * Calls that the stub would answer: see hyp-abi.rst. Both that KVM takes
 * lead back to the stub.
 */
	teq	r0, #HVC_RESET_VECTORS
	teqne	r0, #HVC_SOFT_RESTART
	bne	1f
	mov	lr, #0				@ the stub knows of no traps
	mcr	p15, 4, lr, c1, c1, 2		@ HCPTR
	mcr	p15, 4, lr, c1, c1, 3		@ HSTR
	mov	lr, sp
	ldm	lr, {r2, r3, ip}		@ boot_pgd, init_page, stub_vectors
	mov_l	lr, __kvm_hyp_reset
	ubfx	lr, lr, #0, #PAGE_SHIFT
	mov_l	sp, TRAMPOLINE_VA
	orr	lr, lr, sp
	bx	lr
1:
	mov_l	r0, HVC_STUB_ERR
	kvm_eret

host_access:
	push	{r2, r3, ip, lr}
	bl	__kvm_release_cpu
	pop	{r2, r3, ip, lr}
	pop	{r0, r1}
	kvm_eret

guest_trap:
	lsr	r1, r1, #HSR_EC_SHIFT
	teq	r1, #HSR_EC_HVC
	bne	2f
	ldr	r1, [sp]			@ r0 of the guest
	eor	r1, r1, #KVM_SMCCC_ARCH_WORKAROUND_1 & 0xff000000
	teq	r1, #KVM_SMCCC_ARCH_WORKAROUND_1 & 0x00ffffff
	addne	r1, r1, #1			@ then it can be an immediate
	teqne	r1, #(KVM_SMCCC_ARCH_WORKAROUND_3 & 0x00ffffff) + 1
	bne	2f

	/*
	 * The predictor was invalidated by the vector, if this core needs it.
	 * An exclusive access is the guest's own still: nobody else has run.
	 */
	pop	{r0, r1}
	mov	r0, #0
	kvm_eret
2:
	mov	r1, #ARM_EXCEPTION_TRAP
	b	__guest_exit

hyp_irq:
	push	{r0, r1}
	mrc	p15, 4, r0, c13, c0, 2		@ HTPIDR
	mov	r1, #ARM_EXCEPTION_IRQ
	b	__guest_exit

hyp_fiq:
	push	{r0, r1}
	mrc	p15, 4, r0, c13, c0, 2		@ HTPIDR
	mov	r1, #ARM_EXCEPTION_FIQ
	b	__guest_exit

/* ---- what should not happen ---- */

/*
 * The stack may have overflowed, so the report goes to the top of the stack
 * page by address alone. HTPIDR takes r0: who was running is in kvm_hyp_cpu.
 */
	.macro	hyp_panic_entry, name, vector
ENTRY(hyp_panic_\name)
	mcr	p15, 4, r0, c13, c0, 2		@ HTPIDR
	lsr	r0, sp, #KVM_HYP_STACK_SPAN_SHIFT
	add	r0, r0, #1
	lsl	r0, r0, #KVM_HYP_STACK_SPAN_SHIFT
	sub	r0, r0, #HYP_CPU_SIZE
	add	r0, r0, #HYP_CPU_PANIC + 4
	stm	r0, {r1-r12, lr}
	mov	r1, #\vector
	b	hyp_panic
ENDPROC(hyp_panic_\name)
	.endm

	hyp_panic_entry reset, KVM_HYP_VECTOR_RESET
	hyp_panic_entry undef, KVM_HYP_VECTOR_UNDEF
	hyp_panic_entry svc, KVM_HYP_VECTOR_SVC
	hyp_panic_entry pabt, KVM_HYP_VECTOR_PABT
	hyp_panic_entry dabt, KVM_HYP_VECTOR_DABT

hyp_panic:
	mrc	p15, 4, r2, c13, c0, 2		@ HTPIDR
	sub	r0, r0, #HYP_CPU_PANIC + 4
	str	r2, [r0, #HYP_CPU_PANIC]
	str	sp, [r0, #HYP_CPU_PANIC + HYP_PANIC_SP]
	str	r1, [r0, #HYP_CPU_PANIC + HYP_PANIC_VECTOR]
	mov	sp, r0
	bl	__kvm_hyp_panic
	kvm_eret
