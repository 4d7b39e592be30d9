/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Exception vectors of the guest
 *
 * All exceptions are handled in SVC mode, on the stack of the guest code:
 * SRS stores LR and SPSR of the mode of the exception there, so that no other
 * mode needs a stack.  The frame is a struct ex_regs, below it are the
 * registers of VFP that a C function may change.
 */

	.syntax	unified
	.arch	armv7-a
	.arch_extension virt
	.fpu	vfpv3-d16
	.arm

#define MODE_SVC	0x13

#define FRAME_SP	(4 * 13)
#define FRAME_PC	(4 * 15)
#define FRAME_SIZE	(4 * 17)

	.section .text.vectors, "ax"
	.balign	32
	.global	vectors
	.type	vectors, %object
vectors:
	b	handle_reset
	b	handle_undef
	b	handle_svc
	b	handle_prefetch_abort
	b	handle_data_abort
	b	handle_hyp_trap
	b	handle_irq
	b	handle_fiq
	.size	vectors, . - vectors

/*
 * LR of the exception is ahead of the return address by an amount that depends
 * on the exception, and for an undefined instruction on the instruction set:
 * DDI 0406C B1.8.3, table B1-7.
 */
	.macro	save_frame
	srsdb	sp!, #MODE_SVC		@ ex_regs.pc, ex_regs.cpsr
	cps	#MODE_SVC
	sub	sp, sp, #8
	push	{r0 - r12}
	add	r0, sp, #FRAME_SIZE
	str	r0, [sp, #FRAME_SP]
	str	lr, [sp, #FRAME_SP + 4]
	.endm

	.macro	handler, name, vector, lr_offset
handle_\name:
	.if	\lr_offset
	sub	lr, lr, #\lr_offset
	.endif
	save_frame
	mov	r1, #\vector
	b	dispatch
	.endm

	handler	reset, 0, 0
	handler	svc, 2, 0
	handler	prefetch_abort, 3, 4
	handler	data_abort, 4, 8
	handler	hyp_trap, 5, 0
	handler	irq, 6, 4
	handler	fiq, 7, 4

handle_undef:
	save_frame
	ldr	r2, [sp, #FRAME_PC]
	ldr	r3, [sp, #FRAME_PC + 4]
	tst	r3, #(1 << 5)		@ T
	subne	r2, r2, #2
	subeq	r2, r2, #4
	str	r2, [sp, #FRAME_PC]
	mov	r1, #1

dispatch:
	mov	r0, sp
	mov	r4, sp
	bic	sp, sp, #7
	/* A guest with VFP off has nothing to save, and would fault here. */
	vmrs	r5, fpexc
	tst	r5, #(1 << 30)
	beq	1f
	vmrs	r6, fpscr
	vpush	{d0 - d7}
1:	blx	route_exception
	tst	r5, #(1 << 30)
	beq	2f
	vpop	{d0 - d7}
	vmsr	fpscr, r6
2:	mov	sp, r4
	clrex
	ldr	lr, [sp, #FRAME_SP + 4]
	pop	{r0 - r12}
	add	sp, sp, #8
	rfeia	sp!

	.section .note.GNU-stack, "", %progbits
