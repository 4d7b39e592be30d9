/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the firmware of a Raspberry Pi 2 does before it starts a kernel, and
 * QEMU's raspi2b does not: all CPUs go to HYP mode. The others wait there for
 * the kernel, which names the address in a mailbox.
 *
 * QEMU starts this in non-secure SVC mode, with the kernel in the next page, and
 * leaves vectors for Monitor mode in memory, of which ours takes the SMC.
 */
	.arch	armv7-a
	.arch_extension sec
	.arch_extension virt

#define NR_CPUS		4

/* Where QEMU has the vector of an SMC, and what jumps by the word after it */
#define SMC_VECTOR	0x408
#define LDR_PC_NEXT	0xe51ff004	/* ldr pc, [pc, #-4] */

/* Memory that the device tree reserves for firmware; the kernel is put over us */
#define RESIDENT	0x600

/* BCM2836: mailbox 3 of each CPU, to write and to read and clear */
#define MAILBOX3_SET	0x4000008c
#define MAILBOX3_CLEAR	0x400000cc
#define CPU_SHIFT	4

/* CPSR: with A, I and F */
#define HYP_MODE	0x1da

#define SCR		0x131	/* HCE, AW, FW, NS */

	.macro	mov32, reg, value
	movw	\reg, #:lower16:(\value)
	movt	\reg, #:upper16:(\value)
	.endm

	.text
	.arm
	/* r0 to r2 are for the kernel */
_start:
	adr	r3, to_hyp_mode
	adr	r4, resident_end
	mov	r5, #RESIDENT
1:	ldr	r6, [r3], #4
	str	r6, [r5], #4
	cmp	r3, r4
	bne	1b

	mov32	r3, SMC_VECTOR
	mov32	r4, LDR_PC_NEXT
	mov	r5, #RESIDENT
	stm	r3, {r4, r5}
	dsb
	isb

	mov32	r3, MAILBOX3_SET
	mov	r4, #(RESIDENT + secondary - to_hyp_mode)
	mov	r5, #1
1:	str	r4, [r3, r5, lsl #CPU_SHIFT]
	add	r5, r5, #1
	cmp	r5, #NR_CPUS
	bne	1b
	smc	#0
	b	kernel

to_hyp_mode:
	movw	r3, #SCR
	mcr	p15, 0, r3, c1, c1, 0		@ SCR
	isb
	mov	r3, #HYP_MODE
	msr	spsr_cxsf, r3
	movs	pc, lr

secondary:
	smc	#0
	mrc	p15, 0, r5, c0, c0, 5		@ MPIDR
	and	r5, r5, #(NR_CPUS - 1)
	mov32	r3, MAILBOX3_CLEAR
	add	r3, r3, r5, lsl #CPU_SHIFT
1:	yield
	ldr	r4, [r3]
	cmp	r4, #0
	beq	1b
	str	r4, [r3]
	bx	r4
resident_end:

	.balign	4096
kernel:
