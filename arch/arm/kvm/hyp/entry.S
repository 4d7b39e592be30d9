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
 * Returns ARM_EXCEPTION_* when the guest is left.
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
	eret
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
	mov	r2, #0
	mcr	p15, 4, r2, c13, c0, 2		@ HTPIDR
	mov	r0, r1
	pop	{r2-r11, ip, lr}
	msr	ELR_hyp, r2
	msr	SPSR_fsxc, r3
	bx	lr
ENDPROC(__guest_exit)
