/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A guest of kvm-vmm with a GICv2, and all that runs there: with its interrupts
 * masked it gives the GIC a state, says "set", and waits for a character. Then it
 * looks whether all is as it was, and says "kept", or "FAILED: " with a letter for
 * the register: 'a' is the first of the table, and capitals are the interrupts
 * that it acknowledges. It powers off in the end.
 */
	.arch	armv7-a
	.arch_extension virt
	.arm

/* The machine */
#define UART		0x01000000
#define GICC		0x3ffd0000
#define GICD		0x3fff0000

#define UART_DATA	0
#define UART_LSR	5
#define UART_LSR_DR	0x01

#define GICD_CTLR	(GICD + 0x000)
#define GICD_ISENABLER1	(GICD + 0x104)
#define GICD_ISPENDR1	(GICD + 0x204)
#define GICD_ISACTIVER1	(GICD + 0x304)
#define GICD_IPRIORITYR0	(GICD + 0x400)
#define GICD_IPRIORITYR10	(GICD + 0x428)
#define GICD_ITARGETSR10	(GICD + 0x828)
#define GICD_ICFGR2	(GICD + 0xc08)
#define GICD_SGIR	(GICD + 0xf00)
#define GICC_CTLR	(GICC + 0x00)
#define GICC_PMR	(GICC + 0x04)
#define GICC_BPR	(GICC + 0x08)
#define GICC_IAR	(GICC + 0x0c)
#define GICC_EOIR	(GICC + 0x10)
#define GICC_RPR	(GICC + 0x14)

#define ENABLE		1
#define SGIR_SELF	(2 << 24)
/* The one of the lowest priority is active, the others wait. */
#define ACTIVE_SPI	40
#define PENDING_SPI	41
#define PENDING_SGI	3
#define BIT_OF(spi)	(1 << ((spi) - 32))
#define EDGE(spi)	(2 << (((spi) - 32) * 2))
#define PRIORITY_ACTIVE	0x90
/* Of four interrupts each: the last byte is that of the first */
#define PRIORITIES_SGI	0x50586068
#define PRIORITIES_SPI	(0x80a87800 | PRIORITY_ACTIVE)

#define PSCI_SYSTEM_OFF	0x84000008

	.macro	load reg, value
	movw	\reg, #:lower16:(\value)
	movt	\reg, #:upper16:(\value)
	.endm

	.macro	put address, value
	load	r0, \address
	load	r1, \value
	str	r1, [r0]
	.endm

	/* The next interrupt is \id: else that is letter \letter */
	.macro	acknowledges id, letter
	mov	r7, #\letter
	load	r0, GICC_IAR
	ldr	r2, [r0]
	cmp	r2, #\id
	bne	wrong
	.endm

	.globl	_start
_start:
	load	r5, UART
	adr	r6, state
1:	ldm	r6!, {r0, r1}
	cmp	r0, #0
	strne	r1, [r0]
	bne	1b
	put	GICD_ISPENDR1, BIT_OF(ACTIVE_SPI)
	load	r0, GICC_IAR
1:	ldr	r1, [r0]
	cmp	r1, #ACTIVE_SPI
	bne	1b
	put	GICD_ISPENDR1, BIT_OF(PENDING_SPI)
	put	GICD_SGIR, SGIR_SELF | PENDING_SGI
	adr	r0, set
	bl	say

1:	ldrb	r0, [r5, #UART_LSR]
	tst	r0, #UART_LSR_DR
	beq	1b

	mov	r7, #'a'
	adr	r6, state
	bl	compare
	adr	r6, more_state
	bl	compare
	acknowledges PENDING_SGI, 'S'
	put	GICC_EOIR, PENDING_SGI
	acknowledges PENDING_SPI, 'P'
	put	GICC_EOIR, PENDING_SPI
	put	GICC_EOIR, ACTIVE_SPI
	adr	r0, kept
	bl	say
end:	load	r0, PSCI_SYSTEM_OFF
	hvc	#0
	b	end

/* The table at r6: r7 is the letter of its first */
compare:
	ldm	r6!, {r0, r1}
	cmp	r0, #0
	bxeq	lr
	ldr	r2, [r0]
	cmp	r2, r1
	addeq	r7, r7, #1
	beq	compare
wrong:
	adr	r0, failed
	bl	say
	strb	r7, [r5, #UART_DATA]
	mov	r0, #'\n'
	strb	r0, [r5, #UART_DATA]
	b	end

/* The text at r0 */
say:	ldrb	r1, [r0], #1
	cmp	r1, #0
	bxeq	lr
	strb	r1, [r5, #UART_DATA]
	b	say

	.align	2
/* Written, and read as it was written */
state:
	.word	GICC_PMR, 0xf0
	.word	GICC_BPR, 3
	.word	GICC_CTLR, ENABLE
	.word	GICD_IPRIORITYR0, PRIORITIES_SGI
	.word	GICD_IPRIORITYR10, PRIORITIES_SPI
	.word	GICD_ITARGETSR10, 0x00000101
	.word	GICD_ICFGR2, EDGE(ACTIVE_SPI) | EDGE(PENDING_SPI)
	.word	GICD_ISENABLER1, BIT_OF(ACTIVE_SPI) | BIT_OF(PENDING_SPI)
	.word	GICD_CTLR, ENABLE
	.word	0, 0
more_state:
	.word	GICC_RPR, PRIORITY_ACTIVE
	.word	GICD_ISACTIVER1, BIT_OF(ACTIVE_SPI)
	.word	GICD_ISPENDR1, BIT_OF(PENDING_SPI)
	.word	0, 0

set:	.asciz	"set\n"
kept:	.asciz	"kept\n"
failed:	.asciz	"FAILED: "
