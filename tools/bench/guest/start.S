/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Entry of the guest, by the boot protocol of a raw ARM kernel image: SVC
 * mode, MMU and caches off, interrupts masked, address of the device tree
 * in r2. All of it stays like that; VFP is switched on.
 */
#define MODE_IRQ	0x12
#define MODE_SVC	0x13
#define CPACR_CP10_CP11	(0xf << 20)
#define FPEXC_EN	(1 << 30)

	.syntax	unified
	.arch	armv7-a
	.fpu	vfpv4
	.arm

	.section .text.start, "ax"
	.global	_start
_start:
	cps	#MODE_IRQ
	ldr	sp, =irq_stack_end
	cps	#MODE_SVC
	ldr	sp, =stack_end

	ldr	r0, =vectors
	mcr	p15, 0, r0, c12, c0, 0		@ VBAR
	mrc	p15, 0, r0, c1, c0, 2		@ CPACR
	orr	r0, r0, #CPACR_CP10_CP11
	mcr	p15, 0, r0, c1, c0, 2
	isb
	mov	r0, #FPEXC_EN
	vmsr	fpexc, r0

	mov	r0, r2
	bl	guest_main
	b	.

	.balign	32
vectors:
	b	unexpected			@ reset
	b	unexpected			@ undefined instruction
	b	unexpected			@ supervisor call
	b	unexpected			@ prefetch abort
	b	unexpected			@ data abort
	b	unexpected			@ not used
	b	irq_handler
	b	unexpected			@ FIQ

unexpected:
	cpsid	if, #MODE_SVC
	ldr	sp, =stack_end
	bl	guest_exception
	b	.

	.bss
	.balign	8
	.space	1024
irq_stack_end:
	.space	4096
stack_end:
