/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A host, a guest and what is between them in HYP mode, by the rules: each of
 * them is asked, none is violated. Assembled with without_NAME defined, the
 * step NAME is left out, or done wrong, and everything else is as it should be.
 *
 * For -M virt,virtualization=on,gic-version=3 -cpu max without a kernel: HYP mode,
 * the MMU off.
 */
	.syntax	unified
	.arch	armv7ve
	.arch_extension virt
	.arch_extension sec
	.fpu	neon-vfpv4

#ifdef THUMB
	.thumb
#define HSCTLR_EXCEPTIONS	(1 << 30)	/* TE */
#define PSR_STATE		(1 << 5)	/* T */
#define W(insn)			insn.w
#else
	.arm
#define HSCTLR_EXCEPTIONS	0
#define PSR_STATE		0
#define W(insn)			insn
#endif

/* By the assembler, for the macros' arguments */
	.equ	PSR_MASKED, 0x1c0
	.equ	PSR_T, 0x20
	.equ	PSR_IT_2, 0x400
	.equ	PSR_J, 0x1000000
	.equ	MODE_SVC, 0x13
	.equ	MODE_HYP, 0x1a
	.equ	MODE_NONE, 0x15

	.equ	HCR_VM, 1
	.equ	HCR_TVM, (1 << 26)
	.equ	HCR_TSW, (1 << 22)
	.equ	HCR_FB, (1 << 9)
/* TSW, TAC, TIDCP, TSC, TID2, BSU, FB, AMO, IMO, FMO, PTW, SWIO, VM */
	.equ	HCR_GUEST, 0x7a063f
	.equ	VMID_1, (1 << 16)	/* of VTTBR's upper half */
	.equ	HCPTR_TCP_VFP, 0xc00
	.equ	HCR2_TERR, (1 << 4)
	.equ	HDCR_TRAPS, 0xe60		/* TDRA, TDOSA, TDA, TPM, TPMCR */
	.equ	HDCR_TDE, (1 << 8)
	.equ	HDCR_HPMN, 0x1f
	.equ	DBGDSCR_MDBGEN, (1 << 15)
	.equ	FPEXC_EN, (1 << 30)
	.equ	CPACR_VFP, (0xf << 20)
	.equ	VTCR_LEVEL_1, 0x80003540
	.equ	TCR_SH, 0x3000

/* 1 GiB, normal memory, all may access it */
	.equ	STAGE2_BLOCK, 0x7fd
	.equ	HYP_BLOCK, 0x741
	.equ	GUEST_BLOCK, 0x701
	.equ	TABLE, 3
	.equ	TTBCR_EAE, 0x80000000
	.equ	ICC_SRE_ALL, 0xf		/* and ICC_HSRE.Enable */
	.equ	ICC_HSRE_ENABLE, 8
	.equ	ICH_HCR_EN, 1
	.equ	SCTLR_M, 1
	.equ	SCTLR_C, 4
	.equ	LINE, 64
	.equ	HTCR_SHARED, 0x80003500
	.equ	TTBR_SHARED, 0x6a		/* the same, as TTBR0 has it */
	.equ	HMAIR_NORMAL, 0xff
	.equ	HMAIR_UNCACHED, 0x44
	.equ	HSCTLR_C, 4
	.equ	HSCTLR_I, 0x1000
	.equ	HSCTLR_CACHED, (1 | HSCTLR_C | HSCTLR_I)	/* M */

	.equ	PSCI_SYSTEM_OFF, 0x84000008

/* Calls of the host, and what the guest says */
	.equ	CALL_RUN, 1
	.equ	CALL_MAINTAIN, 2
	.equ	CALL_FROM_HYP, 3
	.equ	CALL_BREAK, 4

	.macro	step, name, right, wrong
	.ifdef	without_\name
	\wrong
	.else
	\right
	.endif
	.endm

	.macro	load, reg, value
	movw	\reg, #:lower16:(\value)
	movt	\reg, #:upper16:(\value)
	.endm

	/* Everything behind it is executed, speculatively, unless ... */
	.macro	return_from_hyp, name
	eret
	step	\name, "dsb nsh"
	isb
	.endm

	/* ELR and SPSR for \target in \mode */
	.macro	prepare_return, target, mode
	load	r0, \target
	msr	ELR_hyp, r0
	load	r0, (PSR_MASKED | PSR_STATE | \mode)
	msr	SPSR_cxsf, r0
	.endm

	.text
	.globl	_start
	.type	_start, %function
_start:
	load	r0, stack
	mov	sp, r0
	load	r0, HSCTLR_EXCEPTIONS
	mcr	p15, 4, r0, c1, c0, 0		@ HSCTLR
	isb
	load	r0, vectors
	mcr	p15, 4, r0, c12, c0, 0		@ HVBAR
	step	isb_hvbar, "isb"
	hvc	#CALL_FROM_HYP
	mov	r0, #0
	step	write_htpidr, "mcr p15, 4, r0, c13, c0, 2"
	mrc	p15, 4, r0, c13, c0, 2		@ HTPIDR
	load	r0, VTCR_LEVEL_1
	step	vtcr_sh, "", "bic r0, r0, #TCR_SH"
	mcr	p15, 4, r0, c2, c1, 2		@ VTCR
	mov	r0, #0
	mov	r1, #0
	step	write_cntvoff, "mcrr p15, 4, r0, r1, c14"
	mov	r0, #HCR2_TERR
	step	hcr2_terr, "", "mov r0, #0"
	mcr	p15, 4, r0, c1, c1, 4		@ HCR2
	mov	r0, #0
	step	write_vdfsr, "mcr p15, 4, r0, c5, c2, 3"
	step	write_vdisr, "mcr p15, 4, r0, c12, c1, 1"

	mov	r0, #ICC_SRE_ALL
	mcr	p15, 4, r0, c12, c9, 5		@ ICC_HSRE
	isb
	mcr	p15, 0, r0, c12, c12, 5		@ ICC_SRE
	step	isb_sre, "isb"
	mov	r0, #0
	mcr	p15, 4, r0, c12, c11, 7		@ ICH_VMCR

	load	r0, HTCR_SHARED
	step	htcr_sh, "", "bic r0, r0, #TCR_SH"
	mcr	p15, 4, r0, c2, c0, 2		@ HTCR
	mov	r0, #HMAIR_NORMAL
	step	hmair_normal, "", "mov r0, #HMAIR_UNCACHED"
	mcr	p15, 4, r0, c10, c2, 0		@ HMAIR0
	load	r0, hyp_tables
	mov	r1, #0
	mcrr	p15, 4, r0, r1, c2		@ HTTBR
	step	tlbi_hyp_away, "mcr p15, 4, r0, c8, c7, 0"	@ TLBIALLH
	step	tlbi_away, "mcr p15, 4, r0, c8, c7, 4"	@ TLBIALLNSNH
	dsb	nsh
	isb
	mrc	p15, 4, r0, c1, c0, 0		@ HSCTLR
	load	r1, HSCTLR_CACHED
	step	hsctlr_c, "", "bic r1, r1, #HSCTLR_C"
	step	hsctlr_i, "", "bic r1, r1, #HSCTLR_I"
	orr	r0, r0, r1
	mcr	p15, 4, r0, c1, c0, 0		@ HSCTLR
	step	isb_httbr, "isb"
	push	{r0, r1}
	pop	{r0, r1}

	mcr	p15, 4, r0, c8, c7, 0		@ TLBIALLH
	dsb	nsh
	step	isb_tlb_hyp, "isb"
	push	{r0, r1}
	pop	{r0, r1}

	prepare_return host, MODE_SVC
	return_from_hyp eret_barrier

	.align	5
vectors:
	W(b)	.
	W(b)	.
	W(b)	hyp_call			@ of HYP mode itself
	W(b)	.
	W(b)	.
	W(b)	hyp_trap
	W(b)	.
	W(b)	.

hyp_call:
	return_from_hyp eret_barrier_hyp

/* From the host, with the number of a call in r0, or from the guest */
hyp_trap:
	mrc	p15, 4, r1, c1, c1, 0		@ HCR
	tst	r1, #HCR_VM
	bne	guest_exit
	cmp	r0, #CALL_BREAK
	beq	break_entry
	cmp	r0, #CALL_RUN
	bne	maintain

/* ---- to the guest: r6 says which, r7 where its tables are ---- */

	mcr	p15, 4, r6, c13, c0, 2		@ HTPIDR
	step	dsb_host_walks, "dsb nsh", "dsb nshst"
	mov	r0, r7
	load	r1, VMID_1			@ VMID 1
	mcrr	p15, 6, r0, r1, c2		@ VTTBR
	load	r0, HCR_GUEST
	step	hcr_fb, "", "bic r0, r0, #HCR_FB"
	step	hcr_tsw, "", "bic r0, r0, #HCR_TSW"
	cmp	r5, #1
	it	ne
	orrne	r0, r0, #HCR_TVM
	mcr	p15, 4, r0, c1, c1, 0		@ HCR

	mov	r0, #0
	step	write_ap0r, "mcr p15, 4, r0, c12, c8, 0"	@ ICH_AP0R0
	mcr	p15, 4, r0, c12, c9, 0		@ ICH_AP1R0
	mov	r0, #ICH_HCR_EN
	mcr	p15, 4, r0, c12, c11, 0		@ ICH_HCR

	mov	r0, #(ICC_SRE_ALL - ICC_HSRE_ENABLE)
	step	hsre_enable, "", "mov r0, #ICC_SRE_ALL"
	mcr	p15, 4, r0, c12, c9, 5		@ ICC_HSRE

	mrc	p15, 4, r0, c1, c1, 1		@ HDCR
	step	hpmn, "", "eor r0, r0, #1"
	load	r1, (HDCR_TRAPS | HDCR_TDE)
	step	hdcr_traps, "", "bic r1, r1, #HDCR_TRAPS"
	step	hdcr_tde, "", "bic r1, r1, #HDCR_TDE"
	orr	r0, r0, r1
	mcr	p15, 4, r0, c1, c1, 1		@ HDCR
	load	r0, DBGDSCR_MDBGEN
	mcr	p14, 0, r0, c0, c2, 2		@ DBGDSCRext
	step	isb_dscr, "isb"
	mrc	p14, 0, r0, c0, c1, 0		@ DBGDSCRint
	mov	r0, #4
	mcr	p14, 0, r0, c0, c1, 4		@ DBGBVR1
	mcr	p14, 0, r0, c0, c0, 6		@ DBGWVR0
	mov	r0, #1
	mcr	p15, 0, r0, c9, c14, 0		@ PMUSERENR
	mcr	p15, 0, r0, c9, c12, 2		@ PMCNTENCLR
	mov	r0, #2
	mcr	p15, 0, r0, c9, c12, 1		@ PMCNTENSET

	vmrs	r2, fpexc			@ the host's, until its VFP is back
	orr	r0, r2, #FPEXC_EN
	step	fpexc_en, "", "bic r0, r0, #FPEXC_EN"
	vmsr	fpexc, r0
	load	r0, HCPTR_TCP_VFP
	mcr	p15, 4, r0, c1, c1, 2		@ HCPTR

	prepare_return guest, MODE_SVC
	step	spsr_mode, "", "eor r0, r0, #(MODE_SVC ^ MODE_NONE)"
	step	spsr_jazelle, "", "bic r0, r0, #PSR_T; orr r0, r0, #PSR_J"
	step	spsr_it, "", "bic r0, r0, #PSR_T; orr r0, r0, #PSR_IT_2"
	msr	SPSR_cxsf, r0
	step	clrex, "clrex"
	return_from_hyp eret_barrier_guest

/* ---- from the guest ---- */

guest_exit:
	mov	r0, #0
	step	dsb_guest_walks, "", "mcr p15, 4, r0, c1, c1, 0"	@ HCR
	dsb	nsh
	step	cpsie_a, "cpsie a"
	step	isb_aborts, "isb"
	cpsid	a
	mov	r1, #0
	mcr	p15, 4, r0, c1, c1, 0		@ HCR
	mcrr	p15, 6, r0, r1, c2		@ VTTBR
	step	ich_hcr_off, "mcr p15, 4, r0, c12, c11, 0"	@ ICH_HCR
	mcr	p15, 4, r0, c1, c1, 2		@ HCPTR
	step	isb_hcptr, "isb"
	step	fpexc_back, "vmsr fpexc, r2", "vmrs r2, fpexc"

	mrc	p15, 4, r0, c1, c1, 1		@ HDCR
	and	r0, r0, #HDCR_HPMN
	step	tde_off, "", "orr r0, r0, #HDCR_TDE"
	mcr	p15, 4, r0, c1, c1, 1		@ HDCR
	mov	r0, #0
	step	bvr_back, "mcr p14, 0, r0, c0, c1, 4"	@ DBGBVR1
	step	wvr_back, "mcr p14, 0, r0, c0, c0, 6"	@ DBGWVR0
	step	userenr_back, "mcr p15, 0, r0, c9, c14, 0"	@ PMUSERENR
	mov	r0, #2
	step	guest_off, "mcr p15, 0, r0, c9, c12, 2"	@ PMCNTENCLR
	mov	r0, #1
	step	host_on, "mcr p15, 0, r0, c9, c12, 1"	@ PMCNTENSET

	mov	r0, #0
	mov	r1, #0
	mcrr	p15, 4, r0, r1, c14		@ CNTVOFF
	step	isb_cntvoff, "isb"
	mrrc	p15, 1, r0, r1, c14		@ CNTVCT

	prepare_return host_goes_on, MODE_SVC
	load	r0, host_goes_on
	step	elr_aligned, "", "orr r0, r0, #1"
	msr	ELR_hyp, r0
	return_from_hyp eret_barrier_host

/* ---- TLB and instruction cache maintenance for the host ---- */

maintain:
	step	dsb_vmid_walks, "dsb ish", "dsb ishst"
	mov	r0, #0
	load	r1, 1 << 16
	mcrr	p15, 6, r0, r1, c2		@ VTTBR
	step	isb_vttbr, "isb"
	mcr	p15, 0, r0, c8, c3, 0		@ TLBIALLIS
	step	dsb_tlb, "dsb ish", "dsb ishst"
	isb
	mcr	p15, 0, r0, c8, c3, 0		@ TLBIALLIS
	step	dsb_tlb_domain, "dsb ish", "dsb nsh"
	isb
	mcr	p15, 0, r0, c7, c1, 0		@ ICIALLUIS
	step	dsb_icache, "dsb ish", "dsb ishst"
	isb
	mcr	p15, 0, r0, c7, c5, 0		@ ICIALLU
	step	dsb_icache_local, "dsb nsh"
	isb
	mov	r1, #0
	mcrr	p15, 6, r0, r1, c2		@ VTTBR
	return_from_hyp eret_barrier_maintain

/* ---- a descriptor of Stage-2 that is made invalid: r8 is 1 ---- */

break_entry:
	dsb	ish
	mov	r0, #0
	load	r1, VMID_1
	mcrr	p15, 6, r0, r1, c2		@ VTTBR
	isb
	load	r2, stage2 + 24
	mov	r1, #0
	strd	r0, r1, [r2]
	step	dsb_break, "dsb ishst"
	cmp	r8, #0
	it	ne
	mcrne	p15, 0, r0, c8, c3, 0		@ TLBIALLIS
	dsb	ish
	isb
	mcrr	p15, 6, r0, r1, c2		@ VTTBR
	return_from_hyp eret_barrier_break

/* ---- the host: its MMU is off, but TTBR0 says how shareable its walks are ---- */

host:
	load	r0, TTBR_SHARED
	mcr	p15, 0, r0, c2, c0, 0		@ TTBR0
	load	r0, HYP_BLOCK
	mov	r1, #0
	load	r2, hyp_tables + 24
	strd	r0, r1, [r2]
	step	clean_table, "mcr p15, 0, r2, c7, c11, 1"	@ DCCMVAU
	step	dsb_make, "dsb ish"

	mov	r0, #1
	mcr	p15, 0, r0, c9, c12, 1		@ PMCNTENSET
	load	r0, CPACR_VFP
	mcr	p15, 0, r0, c1, c0, 2		@ CPACR
	step	isb_cpacr, "isb"
	vmrs	r0, fpexc
	mov	r0, #0
	mcr	p15, 2, r0, c0, c0, 0		@ CSSELR
	step	isb_csselr, "isb"
	mrc	p15, 1, r0, c0, c0, 0		@ CCSIDR

	mov	r0, #CALL_MAINTAIN
	hvc	#0

	load	r0, hyp_trap
	bic	r0, r0, #3
	ldr	r1, [r0]
	str	r1, [r0]
	mcr	p15, 0, r0, c7, c11, 1		@ DCCMVAU
	step	icimvau_hyp, "mcr p15, 0, r0, c7, c5, 1"	@ ICIMVAU
	dsb	ish
	isb
	mov	r0, #CALL_MAINTAIN
	hvc	#0

	load	r0, guest
	load	r1, guest_end
clean_code:
	mcr	p15, 0, r0, c7, c14, 1		@ DCCIMVAC
	step	icimvau, "mcr p15, 0, r0, c7, c5, 1"	@ ICIMVAU
	add	r0, r0, #LINE
	cmp	r0, r1
	blo	clean_code
	load	r0, guest_writes
	mcr	p15, 0, r0, c7, c14, 1		@ DCCIMVAC
	load	r0, guest_reads
	str	r0, [r0]
	step	clean_poc, "mcr p15, 0, r0, c7, c10, 1"	@ DCCMVAC
	dsb	ish
	isb

	load	r0, stage2
	ldrex	r1, [r0]
	mov	r5, #0
	mov	r6, #0
	load	r7, stage2
	mov	r0, #CALL_RUN
	hvc	#0

/* r5 counts the guest's runs */
host_goes_on:
	dmb	ish			@ the checker looks at tables here
	load	r0, TTBR_SHARED
	mcr	p15, 0, r0, c2, c0, 0		@ TTBR0
	add	r5, r5, #1
	cmp	r5, #1
	beq	make_table
	cmp	r5, #2
	beq	reuse_table
	cmp	r5, #3
	beq	next_vcpu
	cmp	r5, #4
	beq	next_vm
	load	r0, PSCI_SYSTEM_OFF
	smc	#0
	b	.

make_table:
	load	r0, stage2_table + TABLE
	mov	r1, #0
	load	r2, stage2 + 24
	step	break, "", "strd r0, r1, [r2]"
	mcr	p15, 0, r2, c7, c11, 1		@ DCCMVAU
	mov	r0, #CALL_BREAK
	mov	r8, #1
	step	tlbi_break, "", "mov r8, #0"
	hvc	#0
	mov	r8, #1
	load	r0, stage2_table + TABLE
	mov	r1, #0
	load	r2, stage2 + 24
	strd	r0, r1, [r2]
	mcr	p15, 0, r2, c7, c11, 1		@ DCCMVAU
	load	r0, stage2_table
	load	r1, stage2_table_end
clean_new_table:
	mcr	p15, 0, r0, c7, c14, 1		@ DCCIMVAC
	add	r0, r0, #LINE
	cmp	r0, r1
	blo	clean_new_table
	dsb	ish
	load	r0, guest_writes
	step	inval_hidden, "mcr p15, 0, r0, c7, c6, 1"	@ DCIMVAC
	dsb	ish
	b	run

reuse_table:
	mov	r0, #0
	mov	r1, #0
	load	r2, stage2 + 24
	strd	r0, r1, [r2]
	mcr	p15, 0, r2, c7, c11, 1		@ DCCMVAU
	mov	r0, #CALL_MAINTAIN
	step	tlbi_reuse, "hvc #0", "dsb ish"
	mov	r0, #1
	load	r2, stage2_table
	str	r0, [r2]
	b	run

next_vcpu:
	mov	r0, #CALL_BREAK
	step	tlbi_vcpus, "hvc #0"
	step	iciallu_vcpus, "mcr p15, 0, r0, c7, c5, 0"	@ ICIALLU
	dsb	nsh
	isb
	mov	r6, #1
	b	run

next_vm:
	mov	r0, #CALL_MAINTAIN
	step	tlbi_vmid, "hvc #0"
	load	r7, stage2_of_other
run:
	mov	r0, #CALL_RUN
	hvc	#0

/* ---- the guest: what it writes with its MMU off, it reads with it on ---- */

	.align	12
guest:
	load	r0, guest_reads
	ldr	r1, [r0]
	load	r0, guest_writes
	cmp	r5, #1
	beq	turn_on
	str	r0, [r0]
	hvc	#0
turn_on:
	load	r1, TTBCR_EAE
	mcr	p15, 0, r1, c2, c0, 2		@ TTBCR
	mov	r1, #HMAIR_NORMAL
	mcr	p15, 0, r1, c10, c2, 0		@ MAIR0
	load	r1, guest_tables
	mov	r2, #0
	mcrr	p15, 0, r1, r2, c2		@ TTBR0
	isb
	mrc	p15, 0, r3, c1, c0, 0		@ SCTLR
	orr	r1, r3, #SCTLR_M
	orr	r1, r1, #SCTLR_C
	mcr	p15, 0, r1, c1, c0, 0		@ SCTLR
	isb
	ldr	r1, [r0]
	mcr	p15, 0, r3, c1, c0, 0		@ SCTLR
	isb
	mov	r1, #0
	mcr	p15, 0, r1, c2, c0, 2		@ TTBCR
	isb
	hvc	#0
	b	.
	.align	6
guest_end:
guest_reads:
	.word	0
	.align	6
guest_writes:
	.word	0
	.align	6

	.align	12
stage2:
	.quad	0x00000000 + STAGE2_BLOCK, 0x40000000 + STAGE2_BLOCK
	.quad	0x80000000 + STAGE2_BLOCK, 0xc0000000 + STAGE2_BLOCK
	.align	12
stage2_of_other:
	.quad	0x00000000 + STAGE2_BLOCK, 0x40000000 + STAGE2_BLOCK
	.quad	0x80000000 + STAGE2_BLOCK, 0xc0000000 + STAGE2_BLOCK
	.align	12
stage2_table:
	.space	0x1000
stage2_table_end:
guest_tables:
	.quad	0x00000000 + GUEST_BLOCK, 0x40000000 + GUEST_BLOCK
	.quad	0x80000000 + GUEST_BLOCK, 0xc0000000 + GUEST_BLOCK
	.align	12
hyp_tables:
	.quad	0x00000000 + HYP_BLOCK, 0x40000000 + HYP_BLOCK
	.quad	0x80000000 + HYP_BLOCK, 0
	.space	0x1000
	.align	3
stack:
