/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Exceptions that HYP mode does not expect, one of each, for a look at the
 * report. The registers hold known values meanwhile.
 */
#include <linux/linkage.h>
#include <asm/assembler.h>

#include "../hyp_fault_test.h"

	.arch_extension virt
	.arm
	.section .hyp.text, "ax"

	.macro	fault, name
	b	fault_\name
	.endm

/*
 * void __kvm_hyp_fault(unsigned int fault)
 *
 * Does not return, if HYP mode is what it should be.
 */
ENTRY(__kvm_hyp_fault)
	mov	ip, r0
	mov_l	r0, KVM_HYP_FAULT_R0
	add	r1, r0, #1
	add	r2, r0, #2
	add	r3, r0, #3
	add	r4, r0, #4
	add	r5, r0, #5
	add	r6, r0, #6
	add	r7, r0, #7
	add	r8, r0, #8
	add	r9, r0, #9
	add	r10, r0, #10
	add	r11, r0, #11
	add	pc, pc, ip, lsl #2
	nop
	fault	undef
	fault	hvc
	fault	fetch
	fault	execute
	fault	read
	fault	write
	fault	overflow
ENDPROC(__kvm_hyp_fault)

/* No instruction will ever be here (A5.4) */
fault_undef:
	udf	#0

/* It returns behind the HVC */
fault_hvc:
	hvc	#0
	nop

/* HYP has nothing mapped at address 0, where the kernel has user space */
fault_fetch:
	mov	ip, #0
	bx	ip

fault_execute:
	bic	ip, sp, #3
	bx	ip

fault_read:
	mov	ip, #0
	ldr	ip, [ip]

fault_write:
	adr	ip, fault_write
	str	ip, [ip]

fault_overflow:
	push	{r0-r7}
	b	fault_overflow
