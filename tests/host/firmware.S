/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The firmware of a board, for QEMU's virt machine with its secure world: it
 * starts the kernel in HYP mode and answers PSCI, and has one of the faults
 * that are found in the field:
 *
 * CNTFRQ=n	the frequency that CNTFRQ claims
 * SVC_LATER	CPUs other than the first are started in SVC mode
 * DIRTY	each time that a CPU is started, or wakes up, there is something in
 *		each register of HYP mode and of the virtual timer and interrupts,
 *		as after a reset that leaves them UNKNOWN
 *
 * A CPU that is suspended comes back as one that is started does, and nowhere are
 * HYP mode's vectors those of before.
 *
 * QEMU starts all CPUs here, in secure SVC mode. scripts/check puts the kernel
 * and the device tree where FIRMWARE_RAM says.
 */
	.arch	armv7-a
	.arch_extension sec
	.arch_extension virt

/* The machine */
#define GICD		0x08000000
#define GICC		0x08010000
#define GICH		0x08030000
#define GICH_SIZE_SHIFT	9
#define SECURE_RAM	0x0e000000
#define KERNEL		0x41000000
#define DTB		0x48000000

#define GICD_IGROUPR	0x080
#define GICC_PMR	0x004
#define NR_IGROUPR	9

/* CPSR: with A, I and F */
#define MON_MODE	0x1d6
#define SVC_MODE	0x1d3
#define HYP_MODE	0x1da

#define SCR_NS		0x001
#define SCR_FW_AW	0x030
#define SCR_HCE		0x100
#define NSACR_VFP	0xc00
/* Not zero on ARMv8 */
#define ID_ISAR5_SEVL	0xf
#define ID_PFR0_RAS	0xf0000000
/* After a reset: MMU and caches off */
#define SCTLR_RESET	0x00c50078
#define HSCTLR_RESET	0x30c50830

#define PSCI_VERSION		0x84000000
#define PSCI_CPU_SUSPEND	0x84000001
#define PSCI_CPU_OFF		0x84000002
#define PSCI_CPU_ON		0x84000003
#define PSCI_AFFINITY_INFO	0x84000004
#define PSCI_MIGRATE_INFO_TYPE	0x84000006
#define PSCI_SYSTEM_OFF		0x84000008
#define PSCI_SYSTEM_RESET	0x84000009

#define PSCI_VERSION_0_2	2
#define PSCI_NO_MIGRATION	2
#define PSCI_NOT_SUPPORTED	-1
#define PSCI_ALREADY_ON		-4
#define PSCI_OFF		1

/* Semihosting: the emulator ends */
#define SYS_EXIT		0x18
#define ADP_STOPPED_EXIT	0x20026

/* A CPU's words in secure RAM */
#define CPU_SHIFT	4
#define CPU_ENTRY	0	/* 0: it is off */
#define CPU_CONTEXT	4

	.macro	this_cpu, reg
	mrc	p15, 0, \reg, c0, c0, 5		@ MPIDR
	and	\reg, \reg, #0xff
	.endm

	.macro	words_of, reg, cpu
	mov32	\reg, SECURE_RAM
	add	\reg, \reg, \cpu, lsl #CPU_SHIFT
	.endm

	.macro	mov32, reg, value
	movw	\reg, #:lower16:(\value)
	movt	\reg, #:upper16:(\value)
	.endm

	/* op1 4, each with the value of \reg */
	.macro	write_hyp, reg, crn, crm, op2
	mcr	p15, 4, \reg, \crn, \crm, \op2
	.endm

	.text
	.arm
	.globl	_start
_start:
	b	reset

	.balign	32
monitor_vectors:
	b	.
	b	.
	b	smc
	b	.
	b	.
	b	.
	b	.
	b	.

reset:
	cpsid	aif, #(MON_MODE & 0x1f)
	adr	r0, monitor_vectors
	mcr	p15, 0, r0, c12, c0, 1		@ MVBAR
	mov	r0, #NSACR_VFP
	mcr	p15, 0, r0, c1, c1, 2		@ NSACR

	/* Interrupts are those of the non-secure world */
	mov32	r0, GICD + GICD_IGROUPR
	mvn	r1, #0
	mov	r2, #NR_IGROUPR
1:	str	r1, [r0], #4
	subs	r2, r2, #1
	bne	1b
	mov32	r0, GICC
	mov	r1, #0xff
	str	r1, [r0, #GICC_PMR]

#ifdef CNTFRQ
	mov32	r0, CNTFRQ
	mcr	p15, 0, r0, c14, c0, 0		@ CNTFRQ
#endif

	this_cpu r4
	cmp	r4, #0
	bne	off
	words_of r5, r4
	mov32	r6, KERNEL
	str	r6, [r5, #CPU_ENTRY]
	mov	r0, #0
	mvn	r1, #0
	mov32	r2, DTB
	b	enter

	/* Until another CPU says where to go on */
off:
	words_of r5, r4
1:	wfe
	ldr	r6, [r5, #CPU_ENTRY]
	cmp	r6, #0
	beq	1b
	dmb
	ldr	r0, [r5, #CPU_CONTEXT]

	/* r0 to r2 for the kernel, r4: the CPU, r6: the entry */
enter:
	mov	r3, #(SCR_NS | SCR_FW_AW)
	mov	r7, #SVC_MODE
#ifdef SVC_LATER
	cmp	r4, #0
	bne	1f
#endif
	orr	r3, r3, #SCR_HCE
	mov	r7, #HYP_MODE
1:	mcr	p15, 0, r3, c1, c1, 0		@ SCR
	isb
	mov32	r3, SCTLR_RESET
	mcr	p15, 0, r3, c1, c0, 0		@ SCTLR
	mov32	r3, HSCTLR_RESET
	mcr	p15, 4, r3, c1, c0, 0		@ HSCTLR
	mvn	r3, #0
	write_hyp r3, c12, c0, 0		@ HVBAR
	isb
#ifdef DIRTY
	bl	dirty
#endif
	msr	spsr_cxsf, r7
	mov	lr, r6
	movs	pc, lr

#ifdef DIRTY
	/* r3 and r5 are clobbered */
dirty:
	mvn	r3, #0
	write_hyp r3, c0, c0, 0			@ VPIDR
	write_hyp r3, c0, c0, 5			@ VMPIDR
	write_hyp r3, c1, c1, 1			@ HDCR
	write_hyp r3, c1, c1, 2			@ HCPTR
	write_hyp r3, c1, c1, 3			@ HSTR
	write_hyp r3, c2, c0, 2			@ HTCR
	write_hyp r3, c2, c1, 2			@ VTCR
	write_hyp r3, c10, c2, 0		@ HMAIR0
	write_hyp r3, c10, c2, 1		@ HMAIR1
	write_hyp r3, c13, c0, 2		@ HTPIDR
	write_hyp r3, c14, c1, 0		@ CNTHCTL
	mrc	p15, 0, r5, c0, c2, 5		@ ID_ISAR5
	tst	r5, #ID_ISAR5_SEVL
	beq	1f
	write_hyp r3, c1, c1, 4			@ HCR2
	mrc	p15, 0, r5, c0, c1, 0		@ ID_PFR0
	tst	r5, #ID_PFR0_RAS
	beq	1f
	write_hyp r3, c5, c2, 3			@ VDFSR
	write_hyp r3, c12, c1, 1		@ VDISR
1:
	mcrr	p15, 4, r3, r3, c2		@ HTTBR
	mcrr	p15, 6, r3, r3, c2		@ VTTBR
	mcrr	p15, 4, r3, r3, c14		@ CNTVOFF
	mov	r5, #0
	mcrr	p15, 3, r5, r5, c14		@ CNTV_CVAL
	mov	r5, #1
	mcr	p15, 0, r5, c14, c3, 1		@ CNTV_CTL
	mov32	r5, GICH
1:	str	r3, [r5], #4
	tst	r5, #(1 << GICH_SIZE_SHIFT)
	beq	1b
	write_hyp r3, c1, c1, 0			@ HCR
	isb
	bx	lr
#endif

	/* PSCI: r0 function, r1 to r3 arguments; other registers are kept */
smc:
	mov	sp, ip
	mov32	ip, PSCI_VERSION
	cmp	r0, ip
	moveq	r0, #PSCI_VERSION_0_2
	beq	return
	mov32	ip, PSCI_CPU_SUSPEND
	cmp	r0, ip
	beq	cpu_suspend
	mov32	ip, PSCI_CPU_ON
	cmp	r0, ip
	beq	cpu_on
	mov32	ip, PSCI_CPU_OFF
	cmp	r0, ip
	beq	cpu_off
	mov32	ip, PSCI_AFFINITY_INFO
	cmp	r0, ip
	beq	affinity_info
	mov32	ip, PSCI_MIGRATE_INFO_TYPE
	cmp	r0, ip
	moveq	r0, #PSCI_NO_MIGRATION
	beq	return
	mov32	ip, PSCI_SYSTEM_OFF
	cmp	r0, ip
	beq	system_off
	mov32	ip, PSCI_SYSTEM_RESET
	cmp	r0, ip
	beq	system_off
	mvn	r0, #(~PSCI_NOT_SUPPORTED)
return:
	mov	ip, sp
	movs	pc, lr

	/* The only state that there is loses everything, with no way back to here */
cpu_suspend:
	this_cpu r4
	mov	r6, r2
	mov	r0, r3
	dsb
	wfi
	b	enter

cpu_on:
	and	r1, r1, #0xff
	words_of ip, r1
	ldr	r1, [ip, #CPU_ENTRY]
	cmp	r1, #0
	mvnne	r0, #(~PSCI_ALREADY_ON)
	bne	return
	str	r3, [ip, #CPU_CONTEXT]
	dmb
	str	r2, [ip, #CPU_ENTRY]
	dsb
	sev
	mov	r0, #0
	b	return

cpu_off:
	this_cpu r4
	words_of r5, r4
	mov	r6, #0
	str	r6, [r5, #CPU_ENTRY]
	dsb
	b	off

affinity_info:
	and	r1, r1, #0xff
	words_of ip, r1
	ldr	r1, [ip, #CPU_ENTRY]
	cmp	r1, #0
	moveq	r0, #PSCI_OFF
	movne	r0, #0
	b	return

system_off:
	mov	r0, #SYS_EXIT
	mov32	r1, ADP_STOPPED_EXIT
	hlt	#0xf000
	b	.
