/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The init page: how a CPU gets from the stub into KVM's HYP mode and back.
 *
 * This page is the only HYP code that runs with the MMU off. It is mapped
 * three times: at its physical address in the boot page table, and at
 * TRAMPOLINE_VA in both the boot and the runtime page table. The runtime
 * table therefore needs no identity mapping, which could lie where the kernel
 * has something else.
 *
 * The code must run at either address: no absolute addresses, no literals.
 */
#include <linux/linkage.h>
#include <asm/asm-offsets.h>
#include <asm/assembler.h>
#include <asm/kvm_arm.h>
#include <asm/kvm_asm.h>
#include <asm/kvm_pgtable.h>
#include <asm/virt.h>

	.arch_extension virt

/* Continue at the label \target as it is mapped in the page at \base */
	.macro	jump_alias, base, target, tmp
	badr	\tmp, \target
	ubfx	\tmp, \tmp, #0, #PAGE_SHIFT
	orr	\tmp, \tmp, \base
	bx	\tmp
	.endm

/* Walk from \pgd from now on, and forget what was walked before */
	.macro	switch_httbr, pgd, zero
	mov	\zero, #0
	mcrr	p15, 4, \pgd, \zero, c2		@ HTTBR
	isb
	mcr	p15, 4, \zero, c8, c7, 0	@ TLBIALLH
	dsb	nsh
	isb
	.endm

	.section .hyp.idmap.text, "ax"

	.align	5
ENTRY(__kvm_hyp_init)
	W(b)	.				@ reset
	W(b)	.				@ undefined instruction
	W(b)	.				@ HVC from HYP mode
	W(b)	.				@ prefetch abort
	W(b)	.				@ data abort
	W(b)	__do_hyp_init			@ HVC
	W(b)	.				@ IRQ
	W(b)	.				@ FIQ
END(__kvm_hyp_init)				/* its address is for HVBAR */

/*
 * r0: physical address of the boot page table
 * r1: physical address of the runtime page table
 * r2: stack pointer
 * r3: vectors
 *
 * r4 and r5 are scratch. Entered by HVC with the HYP MMU off.
 */
__do_hyp_init:
	mov	r4, #0
	mcrr	p15, 4, r0, r4, c2		@ HTTBR
	mov_l	r4, HTCR_HYP
	ALT_SMP(orr	r4, r4, #HTCR_HYP_SMP)
	ALT_UP(W(nop))
	mcr	p15, 4, r4, c2, c0, 2		@ HTCR
	mov_l	r4, VTCR_GUEST
	ALT_SMP(orr	r4, r4, #VTCR_GUEST_SMP)
	ALT_UP(W(nop))
	mcr	p15, 4, r4, c2, c1, 2		@ VTCR
	mov_l	r4, KVM_HYP_HMAIR0
	mcr	p15, 4, r4, c10, c2, 0		@ HMAIR0
	mov_l	r4, KVM_HYP_HMAIR1
	mcr	p15, 4, r4, c10, c2, 1		@ HMAIR1

	/*
	 * HTPIDR, by which the vectors tell guest and host, may hold anything,
	 * and VTTBR, too: until here the host had any VMID. Its walks under
	 * that are over.
	 */
	mov	r4, #0
	mcr	p15, 4, r4, c13, c0, 2		@ HTPIDR
	dsb	nsh
	mcrr	p15, 6, r4, r4, c2		@ VTTBR
	isb

	/*
	 * The TLB may hold anything since reset or since the last user: of the
	 * host under a VMID that will be a guest's, of guests what they were
	 * told to forget while this CPU was off.
	 */
	mcr	p15, 4, r4, c8, c7, 0		@ TLBIALLH
	mcr	p15, 4, r4, c8, c7, 4		@ TLBIALLNSNH
	mcr	p15, 0, r4, c7, c5, 0		@ ICIALLU
	dsb	nsh
	isb

	/* Exceptions are taken in ARM state, little-endian like the kernel */
	mrc	p15, 4, r4, c1, c0, 0		@ HSCTLR
	mov_l	r5, HSCTLR_TE | HSCTLR_WXN | HSCTLR_A | HSCTLR_EE
	bic	r4, r4, r5
	mov_l	r5, HSCTLR_M | HSCTLR_C | HSCTLR_I
	orr	r4, r4, r5
	mcr	p15, 4, r4, c1, c0, 0		@ HSCTLR
	isb

	mov_l	r5, TRAMPOLINE_VA
	jump_alias r5, 1f, r4
1:
	switch_httbr r1, r4
	mov	sp, r2
	mcr	p15, 4, r3, c12, c0, 0		@ HVBAR
	mov	r0, #0
	kvm_eret
ENDPROC(__do_hyp_init)

/*
 * The way back. Entered at its alias in the trampoline page.
 *
 * r0: HVC_RESET_VECTORS, which returns to the caller of the HVC, or
 *     HVC_SOFT_RESTART
 * r1: where a soft restart continues, in HYP mode with the MMU off
 * r2: physical address of the boot page table
 * r3: physical address of this page
 * ip: physical address of the stub's vectors
 *
 * lr is scratch.
 */
ENTRY(__kvm_hyp_reset)
	switch_httbr r2, lr
	jump_alias r3, 1f, lr
1:
	mrc	p15, 4, lr, c1, c0, 0		@ HSCTLR
	bic	lr, lr, #HSCTLR_M
	bic	lr, lr, #HSCTLR_C
	bic	lr, lr, #HSCTLR_I
THUMB(	orr	lr, lr, #HSCTLR_TE	)	@ as the stub has it
	mcr	p15, 4, lr, c1, c0, 0		@ HSCTLR
	isb
	mcr	p15, 4, r2, c8, c7, 0		@ TLBIALLH
	mcr	p15, 4, ip, c12, c0, 0		@ HVBAR
	dsb	nsh
	isb
	teq	r0, #HVC_SOFT_RESTART
	it	eq
	bxeq	r1
	mov	r0, #0
	kvm_eret
ENDPROC(__kvm_hyp_reset)
