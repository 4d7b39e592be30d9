/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Into the guest and out of it: the core registers, which no C code can
 * move. Everything else is in switch.c.
 */
#include <linux/linkage.h>
#include <asm/asm-offsets.h>
#include <asm/assembler.h>
#include <asm/kvm_asm.h>
#include <asm/virt.h>

	.arch_extension virt
	.arm
	.section .hyp.text, "ax"

/*
 * int __guest_enter(struct kvm_cpu_context *ctxt)
 *
 * The core registers are the first thing in a context. SP_usr is not moved
 * here: no kernel or HYP code uses it.
 *
 * An exclusive access that the host has begun is not for the guest to end: an
 * exception return leaves the local monitor as it is (A3.4.5).
 *
 * Returns ARM_EXCEPTION_*, and ARM_EXIT_ABORT_PENDING, when the guest is left;
 * HSR is in the vCPU.
 */
ENTRY(__guest_enter)
	mrs	r2, ELR_hyp			@ for the return to the host
	mrs	r3, SPSR
	push	{r2-r11, ip, lr}
	mcr	p15, 4, r0, c13, c0, 2		@ HTPIDR
	add	r1, r0, #S_LR
	ldm	r1, {r2, r3, r4}		@ LR_usr, PC, CPSR
	mov	lr, r2
	msr	ELR_hyp, r3
	msr	SPSR_fsxc, r4
	ldm	r0, {r0-r12}
	clrex
	kvm_eret
ENDPROC(__guest_enter)

/*
 * From the vectors, with the guest's r0 and r1 on the stack.
 *
 * r0: the context
 * r1: ARM_EXCEPTION_*
 */
ENTRY(__guest_exit)
	str	r12, [r0, #S_IP]
	add	r12, r0, #S_R2
	stm	r12, {r2-r11}
	pop	{r2, r3}			@ r0 and r1 of the guest
	stm	r0, {r2, r3}
	mov	r2, lr
	mrs	r3, ELR_hyp
	mrs	r4, SPSR
	add	r12, r0, #S_LR
	stm	r12, {r2, r3, r4}
	mrc	p15, 4, r5, c5, c2, 0		@ HSR, which an abort would change
	str	r5, [r0, #VCPU_CTXT_HSR]

	/*
	 * What the guest has accessed is complete, and so is what it had
	 * translated, before its registers go (B3.10.1, and R_LFHQG of ARM DDI
	 * 0487). Should an access end in an asynchronous abort, then it is
	 * taken here and not by the host (B1.9.10): by __hyp_data_abort.
	 */
	dsb	sy
	cpsie	a
.Labort_window:
	isb
	cpsid	a
.Labort_window_end:
	mov	r2, #0
	mcr	p15, 4, r2, c13, c0, 2		@ HTPIDR
	mov	r0, r1
	pop	{r2-r11, ip, lr}
	msr	ELR_hyp, r2
	msr	SPSR_fsxc, r3
	bx	lr
ENDPROC(__guest_exit)

/*
 * A data abort in HYP mode, from the vectors: what the guest has left, if it
 * comes in the window above, where r1 goes into the exit code. The stack may
 * be what could not be accessed, so a register is free in HTPIDR only, which
 * the window does not need any more.
 */
ENTRY(__hyp_data_abort)
	mcr	p15, 4, r0, c13, c0, 2		@ HTPIDR
	mrs	r0, ELR_hyp
	sub	r0, r0, pc
1:	add	r0, r0, #1b + 4 - .Labort_window
	cmp	r0, #.Labort_window_end - .Labort_window
	mrc	p15, 4, r0, c13, c0, 2		@ HTPIDR
	bhs	hyp_panic_dabt
	orr	r1, r1, #ARM_EXIT_ABORT_PENDING
	kvm_eret
ENDPROC(__hyp_data_abort)

#ifdef CONFIG_KVM_ARM_HYP_FAULT_TEST
/*
 * int __kvm_hyp_abort(int offset)
 *
 * A data abort that many bytes from the start of the window, at an exit with
 * the code 0. Returns what __guest_enter would: see hyp_fault_test.c.
 */
ENTRY(__kvm_hyp_abort)
	mrs	r2, ELR_hyp
	mrs	r3, SPSR
	push	{r2-r11, ip, lr}		@ like __guest_enter
	adr	ip, .Labort_window
	add	ip, ip, r0
	msr	ELR_hyp, ip
	mrs	ip, cpsr
	msr	SPSR_fsxc, ip
	mov	r1, #0
	b	__hyp_data_abort
ENDPROC(__kvm_hyp_abort)
#endif
