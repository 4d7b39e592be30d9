/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The instructions that rules are about, of A32 and T32 (DDI 0406C, A5 and
 * A6). Knows nothing of QEMU.
 */
#ifndef ARCH_CHECK_DECODE_H
#define ARCH_CHECK_DECODE_H

#include <stdbool.h>
#include <stdint.h>

/* Breakpoints and watchpoints: registers 0 to 15 of a kind, one after the other */
#define SYSREGS_16(R, name, opc2)		\
	R(name##0, 14, 0, 0, 0, opc2)		\
	R(name##1, 14, 0, 0, 1, opc2)		\
	R(name##2, 14, 0, 0, 2, opc2)		\
	R(name##3, 14, 0, 0, 3, opc2)		\
	R(name##4, 14, 0, 0, 4, opc2)		\
	R(name##5, 14, 0, 0, 5, opc2)		\
	R(name##6, 14, 0, 0, 6, opc2)		\
	R(name##7, 14, 0, 0, 7, opc2)		\
	R(name##8, 14, 0, 0, 8, opc2)		\
	R(name##9, 14, 0, 0, 9, opc2)		\
	R(name##10, 14, 0, 0, 10, opc2)		\
	R(name##11, 14, 0, 0, 11, opc2)		\
	R(name##12, 14, 0, 0, 12, opc2)		\
	R(name##13, 14, 0, 0, 13, opc2)		\
	R(name##14, 14, 0, 0, 14, opc2)		\
	R(name##15, 14, 0, 0, 15, opc2)

/*
 * Registers and operations of cp15 and cp14, by the names of the manual.
 *
 *   R(name, coprocessor, CRn, opc1, CRm, opc2)		MCR and MRC
 *   R64(name, coprocessor, opc1, CRm)			MCRR and MRRC
 */
#define SYSREGS(R, R64)				\
	R(CCSIDR, 15, 0, 1, 0, 0)		\
	R(CSSELR, 15, 0, 2, 0, 0)		\
	R(VPIDR, 15, 0, 4, 0, 0)		\
	R(VMPIDR, 15, 0, 4, 0, 5)		\
	R(SCTLR, 15, 1, 0, 0, 0)		\
	R(ACTLR, 15, 1, 0, 0, 1)		\
	R(CPACR, 15, 1, 0, 0, 2)		\
	R(HSCTLR, 15, 1, 4, 0, 0)		\
	R(HACTLR, 15, 1, 4, 0, 1)		\
	R(HCR, 15, 1, 4, 1, 0)			\
	R(HDCR, 15, 1, 4, 1, 1)			\
	R(HCPTR, 15, 1, 4, 1, 2)		\
	R(HSTR, 15, 1, 4, 1, 3)			\
	R(HCR2, 15, 1, 4, 1, 4)			\
	R(TTBR0, 15, 2, 0, 0, 0)		\
	R(TTBR1, 15, 2, 0, 0, 1)		\
	R(TTBCR, 15, 2, 0, 0, 2)		\
	R(HTCR, 15, 2, 4, 0, 2)			\
	R(VTCR, 15, 2, 4, 1, 2)			\
	R(DACR, 15, 3, 0, 0, 0)			\
	R(DFSR, 15, 5, 0, 0, 0)			\
	R(IFSR, 15, 5, 0, 0, 1)			\
	R(HSR, 15, 5, 4, 2, 0)			\
	R(VDFSR, 15, 5, 4, 2, 3)		\
	R(DFAR, 15, 6, 0, 0, 0)			\
	R(IFAR, 15, 6, 0, 0, 2)			\
	R(HDFAR, 15, 6, 4, 0, 0)		\
	R(HIFAR, 15, 6, 4, 0, 2)		\
	R(HPFAR, 15, 6, 4, 0, 4)		\
	R(ICIALLUIS, 15, 7, 0, 1, 0)		\
	R(BPIALLIS, 15, 7, 0, 1, 6)		\
	R(PAR, 15, 7, 0, 4, 0)			\
	R(ICIALLU, 15, 7, 0, 5, 0)		\
	R(ICIMVAU, 15, 7, 0, 5, 1)		\
	R(BPIALL, 15, 7, 0, 5, 6)		\
	R(BPIMVA, 15, 7, 0, 5, 7)		\
	R(DCIMVAC, 15, 7, 0, 6, 1)		\
	R(DCISW, 15, 7, 0, 6, 2)		\
	R(ATS1CPR, 15, 7, 0, 8, 0)		\
	R(ATS1CPW, 15, 7, 0, 8, 1)		\
	R(ATS1CUR, 15, 7, 0, 8, 2)		\
	R(ATS1CUW, 15, 7, 0, 8, 3)		\
	R(ATS12NSOPR, 15, 7, 0, 8, 4)		\
	R(ATS12NSOPW, 15, 7, 0, 8, 5)		\
	R(ATS12NSOUR, 15, 7, 0, 8, 6)		\
	R(ATS12NSOUW, 15, 7, 0, 8, 7)		\
	R(ATS1HR, 15, 7, 4, 8, 0)		\
	R(ATS1HW, 15, 7, 4, 8, 1)		\
	R(DCCMVAC, 15, 7, 0, 10, 1)		\
	R(DCCSW, 15, 7, 0, 10, 2)		\
	R(DCCMVAU, 15, 7, 0, 11, 1)		\
	R(DCCIMVAC, 15, 7, 0, 14, 1)		\
	R(DCCISW, 15, 7, 0, 14, 2)		\
	R(TLBIALLIS, 15, 8, 0, 3, 0)		\
	R(TLBIMVAIS, 15, 8, 0, 3, 1)		\
	R(TLBIASIDIS, 15, 8, 0, 3, 2)		\
	R(TLBIMVAAIS, 15, 8, 0, 3, 3)		\
	R(ITLBIALL, 15, 8, 0, 5, 0)		\
	R(ITLBIMVA, 15, 8, 0, 5, 1)		\
	R(ITLBIASID, 15, 8, 0, 5, 2)		\
	R(DTLBIALL, 15, 8, 0, 6, 0)		\
	R(DTLBIMVA, 15, 8, 0, 6, 1)		\
	R(DTLBIASID, 15, 8, 0, 6, 2)		\
	R(TLBIALL, 15, 8, 0, 7, 0)		\
	R(TLBIMVA, 15, 8, 0, 7, 1)		\
	R(TLBIASID, 15, 8, 0, 7, 2)		\
	R(TLBIMVAA, 15, 8, 0, 7, 3)		\
	R(TLBIALLHIS, 15, 8, 4, 3, 0)		\
	R(TLBIMVAHIS, 15, 8, 4, 3, 1)		\
	R(TLBIALLNSNHIS, 15, 8, 4, 3, 4)	\
	R(TLBIALLH, 15, 8, 4, 7, 0)		\
	R(TLBIMVAH, 15, 8, 4, 7, 1)		\
	R(TLBIALLNSNH, 15, 8, 4, 7, 4)		\
	R(PMCNTENSET, 15, 9, 0, 12, 1)		\
	R(PMCNTENCLR, 15, 9, 0, 12, 2)		\
	R(PMUSERENR, 15, 9, 0, 14, 0)		\
	R(MAIR0, 15, 10, 0, 2, 0)		\
	R(MAIR1, 15, 10, 0, 2, 1)		\
	R(AMAIR0, 15, 10, 0, 3, 0)		\
	R(AMAIR1, 15, 10, 0, 3, 1)		\
	R(HMAIR0, 15, 10, 4, 2, 0)		\
	R(HMAIR1, 15, 10, 4, 2, 1)		\
	R(VBAR, 15, 12, 0, 0, 0)		\
	R(ICC_SRE, 15, 12, 0, 12, 5)		\
	R(ICC_HSRE, 15, 12, 4, 9, 5)		\
	R(ICH_AP0R0, 15, 12, 4, 8, 0)		\
	R(ICH_AP1R0, 15, 12, 4, 9, 0)		\
	R(ICH_HCR, 15, 12, 4, 11, 0)		\
	R(ICH_VTR, 15, 12, 4, 11, 1)		\
	R(ICH_VMCR, 15, 12, 4, 11, 7)		\
	R(HVBAR, 15, 12, 4, 0, 0)		\
	R(VDISR, 15, 12, 4, 1, 1)		\
	R(CONTEXTIDR, 15, 13, 0, 0, 1)		\
	R(TPIDRURW, 15, 13, 0, 0, 2)		\
	R(TPIDRURO, 15, 13, 0, 0, 3)		\
	R(TPIDRPRW, 15, 13, 0, 0, 4)		\
	R(HTPIDR, 15, 13, 4, 0, 2)		\
	R(CNTFRQ, 15, 14, 0, 0, 0)		\
	R(CNTKCTL, 15, 14, 0, 1, 0)		\
	R(CNTP_TVAL, 15, 14, 0, 2, 0)		\
	R(CNTP_CTL, 15, 14, 0, 2, 1)		\
	R(CNTV_TVAL, 15, 14, 0, 3, 0)		\
	R(CNTV_CTL, 15, 14, 0, 3, 1)		\
	R(CNTHCTL, 15, 14, 4, 1, 0)		\
	R(DBGDSCRint, 14, 0, 0, 1, 0)		\
	R(DBGDSCRext, 14, 0, 0, 2, 2)		\
	SYSREGS_16(R, DBGBVR, 4)		\
	SYSREGS_16(R, DBGBCR, 5)		\
	SYSREGS_16(R, DBGWVR, 6)		\
	SYSREGS_16(R, DBGWCR, 7)		\
	R64(TTBR0_64, 15, 0, 2)			\
	R64(TTBR1_64, 15, 1, 2)			\
	R64(HTTBR, 15, 4, 2)			\
	R64(VTTBR, 15, 6, 2)			\
	R64(PAR_64, 15, 0, 7)			\
	R64(CNTPCT, 15, 0, 14)			\
	R64(CNTVCT, 15, 1, 14)			\
	R64(CNTP_CVAL, 15, 2, 14)		\
	R64(CNTV_CVAL, 15, 3, 14)		\
	R64(CNTVOFF, 15, 4, 14)

#define SYSREG_ENUM(name, ...) SYS_##name,

enum sysreg {
	SYS_NONE,		/* another one */
	SYSREGS(SYSREG_ENUM, SYSREG_ENUM)
	NR_SYSREGS,
};

enum insn_class {
	INSN_OTHER,
	INSN_CP_READ,		/* MRC, MRRC: sysreg, rt, rt2 */
	INSN_CP_WRITE,		/* MCR, MCRR: sysreg, rt, rt2 */
	INSN_VFP,		/* VFP and Advanced SIMD, and VMRS, VMSR */
	INSN_VMSR_FPEXC,	/* rt */
	INSN_VMRS,
	INSN_DSB,		/* option */
	INSN_DMB,		/* option */
	INSN_ISB,
	INSN_SB,
	INSN_CLREX,
	INSN_LDREX,
	INSN_STREX,
	INSN_ERET,
	INSN_RETURN,		/* another exception return, of PL1 */
	INSN_HVC,
	INSN_SMC,
	INSN_SVC,
	INSN_UDF,
	INSN_CPS,
	INSN_MSR,		/* to CPSR */
	INSN_MSR_SPSR,		/* of the mode; rt, option: mask, 0: immediate */
	INSN_MSR_ELR_HYP,	/* rt */
};

#define COND_AL		0xe

/* Of a barrier: what it waits for, and where that has to be seen */
#define BARRIER_TYPE_MASK	3
#define BARRIER_TYPE_ALL	3
#define BARRIER_DOMAIN_MASK	0xc
#define BARRIER_NSH		4
#define BARRIER_ISH		8
#define BARRIER_SY		0xc

struct insn {
	uint32_t pc;
	uint32_t opcode;
	uint8_t size;
	uint8_t cond;
	bool thumb;
	enum insn_class class;
	enum sysreg sysreg;
	uint8_t rt, rt2;
	uint8_t option;
	bool hyp;		/* of HYP mode: each is followed */
	bool vector;		/* of PL1: the first of an exception */
	bool stub;		/* of PL1: what the vectors lead to first */
	char *text;		/* disassembled, for a report */
};

/**
 * decode - class and operands of an instruction
 * @insn: has opcode, of which T32 has the first halfword on top where there
 *	are two, size, thumb, and for T32 the condition
 */
void decode(struct insn *insn);

/**
 * condition_holds - whether an instruction executes
 * @cond: of the instruction
 * @psr: CPSR before it
 */
bool condition_holds(unsigned int cond, uint32_t psr);

/**
 * it_advance - what the IT state is for the next instruction (A2.5.2)
 * @it: ITSTATE of this one
 */
uint8_t it_advance(uint8_t it);

/* ITSTATE behind this instruction where it is an IT, else 0 */
uint8_t it_begin(uint32_t opcode, uint8_t size);

/* Whether a DSB or DMB is one of loads and stores (A8.8.44) */
static inline bool barrier_waits_for_all(const struct insn *insn)
{
	return (insn->option & BARRIER_TYPE_MASK) == BARRIER_TYPE_ALL;
}

const char *sysreg_name(enum sysreg sysreg);

#endif
