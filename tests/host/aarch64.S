/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The firmware of an ARMv8 board, for QEMU's virt machine with its secure world
 * and one CPU: in AArch64 state itself, it starts the kernel in HYP mode, that is
 * in AArch32 state. What HYP mode and KVM are to write themselves has anything in
 * it, as after a reset (DDI 0487, D1.8): of HCR_EL2 the upper half, which is HCR2.
 *
 * scripts/check puts the kernel and the device tree where FIRMWARE_RAM says.
 */
	.arch	armv8.2-a

/* The machine */
#define GICD		0x08000000
#define GICC		0x08010000
#define KERNEL		0x41000000
#define DTB		0x48000000

#define GICD_IGROUPR	0x080
#define GICC_PMR	0x004
#define NR_IGROUPR	9

#define SCR_RES1	0x030
#define SCR_NS		0x001
#define SCR_HCE		0x100		/* and RW clear: AArch32 */
/* AArch32, HYP mode, with A, I and F */
#define SPSR_HYP	0x1da
/* After a reset: MMU and caches off */
#define SCTLR_RESET	0x00c50078
#define HSCTLR_RESET	0x30c50830
#define UPPER_HALF	0xffffffff00000000

#define PSCI_VERSION		0x84000000
#define PSCI_MIGRATE_INFO_TYPE	0x84000006
#define PSCI_SYSTEM_OFF		0x84000008
#define PSCI_SYSTEM_RESET	0x84000009

#define PSCI_VERSION_0_2	2
#define PSCI_NO_MIGRATION	2
#define PSCI_NOT_SUPPORTED	-1

/* Semihosting: the emulator ends */
#define SYS_EXIT		0x18
#define ADP_STOPPED_EXIT	0x20026

/* Of a lower level in AArch32 state: the fourth group of the vectors */
#define VECTORS_AARCH32		0x600
#define VECTORS_ALIGN		11

	.text
	.globl	_start
_start:
	adr	x0, vectors
	msr	vbar_el3, x0

	/* Interrupts are those of the non-secure world */
	ldr	x0, =GICD + GICD_IGROUPR
	mov	w1, #-1
	mov	w2, #NR_IGROUPR
1:	str	w1, [x0], #4
	subs	w2, w2, #1
	b.ne	1b
	ldr	x0, =GICC
	mov	w1, #0xff
	str	w1, [x0, #GICC_PMR]

	mov	x0, #(SCR_RES1 | SCR_NS | SCR_HCE)
	msr	scr_el3, x0
	msr	cptr_el3, xzr
	msr	mdcr_el3, xzr
	ldr	x0, =SCTLR_RESET
	msr	sctlr_el1, x0
	ldr	x0, =HSCTLR_RESET
	msr	sctlr_el2, x0

	ldr	x0, =UPPER_HALF
	msr	hcr_el2, x0
	mov	x0, #-1
	msr	vsesr_el2, x0
	msr	vdisr_el2, x0

	mov	x0, #SPSR_HYP
	msr	spsr_el3, x0
	ldr	x0, =KERNEL
	msr	elr_el3, x0
	mov	x0, #0
	mov	x1, #-1
	ldr	x2, =DTB
	eret

	.balign	1 << VECTORS_ALIGN
vectors:
	.org	vectors + VECTORS_AARCH32

	/* PSCI: the function in x0; other registers are kept */
	msr	tpidr_el3, x1
	ldr	w1, =PSCI_VERSION
	cmp	w0, w1
	b.eq	version
	ldr	w1, =PSCI_MIGRATE_INFO_TYPE
	cmp	w0, w1
	b.eq	migrate_info_type
	ldr	w1, =PSCI_SYSTEM_OFF
	cmp	w0, w1
	b.eq	system_off
	ldr	w1, =PSCI_SYSTEM_RESET
	cmp	w0, w1
	b.eq	system_off
	mov	w0, #PSCI_NOT_SUPPORTED
	b	return
version:
	mov	w0, #PSCI_VERSION_0_2
	b	return
migrate_info_type:
	mov	w0, #PSCI_NO_MIGRATION
return:
	mrs	x1, tpidr_el3
	eret

system_off:
	mov	w0, #SYS_EXIT
	adr	x1, exit_block
	hlt	#0xf000
	b	.

	.balign	8
exit_block:
	.quad	ADP_STOPPED_EXIT, 0
