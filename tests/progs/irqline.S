/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A guest of QEMU's machine virt, and all that runs there: its interrupts stay
 * masked, and it says what its CPU's IRQ line is, "irq 0" or "irq 1", when it
 * begins, and again for each character from the console. With the character
 * 't' it first has its timer raise the line. With 'c' it says in place of that what
 * its physical counter is, "count 0123abcd", in 65536 ticks; and with 'w' so after
 * a while.
 */
	.arch	armv7-a
	.arm

/* The machine */
#define GICD		0x08000000
#define GICC		0x08010000
#define UART		0x09000000

#define GICD_CTLR	0x000
#define GICD_ISENABLER	0x100
#define GICC_CTLR	0x000
#define GICC_PMR	0x004
#define ENABLE		1
#define PMR_ALL		0xff
/* The virtual timer's interrupt */
#define TIMER_PPI	27

#define UARTDR		0x00
#define UARTFR		0x18
#define UARTFR_RXFE	0x10

#define CNTV_CTL_ENABLE	1
#define ISR_I		0x80
/* Some tenth of a second */
#define WAIT		128

	.globl	_start
_start:
	ldr	r5, =UART
	ldr	r4, =GICD
	mov	r0, #1 << TIMER_PPI
	str	r0, [r4, #GICD_ISENABLER]
	mov	r0, #ENABLE
	str	r0, [r4, #GICD_CTLR]
	ldr	r4, =GICC
	mov	r0, #PMR_ALL
	str	r0, [r4, #GICC_PMR]
	mov	r0, #ENABLE
	str	r0, [r4, #GICC_CTLR]
	b	say

next:	ldr	r0, [r5, #UARTFR]
	tst	r0, #UARTFR_RXFE
	bne	next
	ldr	r0, [r5, #UARTDR]
	uxtb	r0, r0
	cmp	r0, #'w'
	beq	wait
	cmp	r0, #'c'
	beq	count
	cmp	r0, #'t'
	bne	say

	mov	r0, #0
	mcr	p15, 0, r0, c14, c3, 0	@ CNTV_TVAL
	mov	r0, #CNTV_CTL_ENABLE
	mcr	p15, 0, r0, c14, c3, 1	@ CNTV_CTL
	isb
1:	mrc	p15, 0, r0, c12, c1, 0	@ ISR
	tst	r0, #ISR_I
	beq	1b

say:	adr	r1, irq_text
	bl	print
	mrc	p15, 0, r0, c12, c1, 0	@ ISR
	tst	r0, #ISR_I
	moveq	r0, #'0'
	movne	r0, #'1'
	str	r0, [r5, #UARTDR]
end_line:
	mov	r0, #'\n'
	str	r0, [r5, #UARTDR]
	b	next

wait:	bl	counter
	add	r6, r0, #WAIT
1:	bl	counter
	subs	r1, r0, r6
	bmi	1b

count:	adr	r1, count_text
	bl	print
	bl	counter
	mov	r2, #32 / 4
1:	lsr	r1, r0, #28
	cmp	r1, #10
	addlo	r1, r1, #'0'
	addhs	r1, r1, #'a' - 10
	str	r1, [r5, #UARTDR]
	lsl	r0, r0, #4
	subs	r2, r2, #1
	bne	1b
	b	end_line

	/* The text at r1; r0 is clobbered */
print:	ldrb	r0, [r1], #1
	cmp	r0, #0
	strne	r0, [r5, #UARTDR]
	bne	print
	bx	lr

	/* r0: the counter; r1 is clobbered */
counter:
	isb
	mrrc	p15, 0, r0, r1, c14		@ CNTPCT
	lsr	r0, r0, #16
	orr	r0, r0, r1, lsl #16
	bx	lr

	.ltorg
irq_text:
	.asciz	"irq "
count_text:
	.asciz	"count "
