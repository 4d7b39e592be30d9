/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * cp15 of 32-bit ARM: how the guest accesses a register, and its ONE_REG id.
 *
 * A register is named by its coordinates in the order op1, CRn, CRm, op2 for
 * MRC and MCR, and op1, CRm for MRRC and MCRR.  This is the order of the macros
 * of <asm/kvm.h>, and not the order of the assembler.
 */
#ifndef SELFTEST_KVM_ARM_CP15_H
#define SELFTEST_KVM_ARM_CP15_H

#include <linux/bits.h>
#include <linux/stringify.h>
#include <linux/types.h>
#include <asm/kvm.h>

#define CP15_MIDR		0, 0, 0, 0
#define CP15_CTR		0, 0, 0, 1
#define CP15_TCMTR		0, 0, 0, 2
#define CP15_TLBTR		0, 0, 0, 3
#define CP15_MPIDR		0, 0, 0, 5
#define CP15_REVIDR		0, 0, 0, 6
#define CP15_ID_PFR0		0, 0, 1, 0
#define CP15_ID_PFR1		0, 0, 1, 1
#define CP15_ID_DFR0		0, 0, 1, 2
#define CP15_ID_AFR0		0, 0, 1, 3
#define CP15_ID_MMFR0		0, 0, 1, 4
#define CP15_ID_MMFR1		0, 0, 1, 5
#define CP15_ID_MMFR2		0, 0, 1, 6
#define CP15_ID_MMFR3		0, 0, 1, 7
#define CP15_ID_ISAR0		0, 0, 2, 0
#define CP15_ID_ISAR1		0, 0, 2, 1
#define CP15_ID_ISAR2		0, 0, 2, 2
#define CP15_ID_ISAR3		0, 0, 2, 3
#define CP15_ID_ISAR4		0, 0, 2, 4
#define CP15_ID_ISAR5		0, 0, 2, 5
#define CP15_ID_MMFR4		0, 0, 2, 6
#define CP15_CCSIDR		1, 0, 0, 0
#define CP15_CLIDR		1, 0, 0, 1
#define CP15_AIDR		1, 0, 0, 7
#define CP15_CSSELR		2, 0, 0, 0
#define CP15_SCTLR		0, 1, 0, 0
#define CP15_ACTLR		0, 1, 0, 1
#define CP15_CPACR		0, 1, 0, 2
#define CP15_TTBR0		0, 2, 0, 0
#define CP15_TTBR1		0, 2, 0, 1
#define CP15_TTBCR		0, 2, 0, 2
#define CP15_TTBCR2		0, 2, 0, 3
#define CP15_DACR		0, 3, 0, 0
#define CP15_DFSR		0, 5, 0, 0
#define CP15_IFSR		0, 5, 0, 1
#define CP15_ADFSR		0, 5, 1, 0
#define CP15_AIFSR		0, 5, 1, 1
#define CP15_ERRIDR		0, 5, 3, 0
#define CP15_DFAR		0, 6, 0, 0
#define CP15_IFAR		0, 6, 0, 2
#define CP15_DCISW		0, 7, 6, 2
#define CP15_DCCSW		0, 7, 10, 2
#define CP15_DCCISW		0, 7, 14, 2
#define CP15_TLBIALL		0, 8, 7, 0
#define CP15_PMCR		0, 9, 12, 0
#define CP15_L2CTLR		1, 9, 0, 2
#define CP15_L2ECTLR		1, 9, 0, 3
#define CP15_MAIR0		0, 10, 2, 0
#define CP15_MAIR1		0, 10, 2, 1
#define CP15_AMAIR0		0, 10, 3, 0
#define CP15_AMAIR1		0, 10, 3, 1
#define CP15_VBAR		0, 12, 0, 0
#define CP15_DISR		0, 12, 1, 1
#define CP15_CONTEXTIDR		0, 13, 0, 1
#define CP15_TPIDRURW		0, 13, 0, 2
#define CP15_TPIDRURO		0, 13, 0, 3
#define CP15_TPIDRPRW		0, 13, 0, 4
#define CP15_CNTFRQ		0, 14, 0, 0
#define CP15_CNTKCTL		0, 14, 1, 0
#define CP15_CNTP_TVAL		0, 14, 2, 0
#define CP15_CNTP_CTL		0, 14, 2, 1
#define CP15_CNTV_TVAL		0, 14, 3, 0
#define CP15_CNTV_CTL		0, 14, 3, 1

#define CP15_TTBR0_64		0, 2
#define CP15_TTBR1_64		1, 2
#define CP15_PAR_64		0, 7
#define CP15_CNTPCT		0, 14
#define CP15_CNTVCT		1, 14
#define CP15_CNTP_CVAL		2, 14
#define CP15_CNTV_CVAL		3, 14

#define __cp15_mrc(op1, crn, crm, op2)					\
	"mrc p15, " __stringify(op1) ", %0, c" __stringify(crn)		\
	", c" __stringify(crm) ", " __stringify(op2)
#define __cp15_mcr(op1, crn, crm, op2)					\
	"mcr p15, " __stringify(op1) ", %0, c" __stringify(crn)		\
	", c" __stringify(crm) ", " __stringify(op2)
#define __cp15_mrrc(op1, crm)						\
	"mrrc p15, " __stringify(op1) ", %Q0, %R0, c" __stringify(crm)
#define __cp15_mcrr(op1, crm)						\
	"mcrr p15, " __stringify(op1) ", %Q0, %R0, c" __stringify(crm)

/* Let the coordinates that hide behind a name expand first. */
#define cp15_mrc(reg...)	__cp15_mrc(reg)
#define cp15_mcr(reg...)	__cp15_mcr(reg)
#define cp15_mrrc(reg...)	__cp15_mrrc(reg)
#define cp15_mcrr(reg...)	__cp15_mcrr(reg)

#define read_cp15(reg...) ({						\
	uint32_t __val;							\
									\
	asm volatile(cp15_mrc(reg) : "=r" (__val) : : "memory");	\
	__val;								\
})

#define write_cp15(val, reg...)						\
	asm volatile(cp15_mcr(reg) : : "r" ((uint32_t)(val)) : "memory")

#define read_cp15_64(reg...) ({						\
	uint64_t __val;							\
									\
	asm volatile(cp15_mrrc(reg) : "=r" (__val) : : "memory");	\
	__val;								\
})

#define write_cp15_64(val, reg...)					\
	asm volatile(cp15_mcrr(reg) : : "r" ((uint64_t)(val)) : "memory")

/* ONE_REG ids.  <asm/kvm.h> has them for the order that is used here. */
#define KVM_CP15(reg...)	ARM_CP15_REG32(reg)
#define KVM_CP15_64(reg...)	ARM_CP15_REG64(reg)

/* The same for cp14, whose id nobody else needs */
#define CP14_DBGDIDR		0, 0, 0, 0
#define CP14_DBGDSCRINT		0, 0, 1, 0
#define CP14_DBGDSCREXT		0, 0, 2, 2
#define CP14_DBGBVR(n)		0, 0, n, 4
#define CP14_DBGBCR(n)		0, 0, n, 5
#define CP14_DBGWVR(n)		0, 0, n, 6
#define CP14_DBGWCR(n)		0, 0, n, 7
#define CP14_DBGDRAR		0, 1, 0, 0
#define CP14_DBGDSAR		0, 2, 0, 0
#define CP14_TEECR		6, 0, 0, 0
#define CP14_TEEHBR		6, 1, 0, 0
#define CP14_JIDR		7, 0, 0, 0
#define CP14_JOSCR		7, 1, 0, 0
#define CP14_JMCR		7, 2, 0, 0

#define __cp14_mrc(op1, crn, crm, op2)					\
	"mrc p14, " __stringify(op1) ", %0, c" __stringify(crn)		\
	", c" __stringify(crm) ", " __stringify(op2)
#define __cp14_mcr(op1, crn, crm, op2)					\
	"mcr p14, " __stringify(op1) ", %0, c" __stringify(crn)		\
	", c" __stringify(crm) ", " __stringify(op2)
#define cp14_mrc(reg...)	__cp14_mrc(reg)
#define cp14_mcr(reg...)	__cp14_mcr(reg)

#define read_cp14(reg...) ({						\
	uint32_t __val;							\
									\
	asm volatile(cp14_mrc(reg) : "=r" (__val) : : "memory");	\
	__val;								\
})

#define write_cp14(val, reg...)						\
	asm volatile(cp14_mcr(reg) : : "r" ((uint32_t)(val)) : "memory")

#define KVM_REG_ARM_CP14	(14 << KVM_REG_ARM_COPROC_SHIFT)
#define __KVM_CP14(id)		(((id) & ~(uint64_t)KVM_REG_ARM_COPROC_MASK) | \
				 KVM_REG_ARM_CP14)
#define KVM_CP14(reg...)	__KVM_CP14(ARM_CP15_REG32(reg))

/* ID_PFR0: State2 is 1 for the trivial Jazelle, State3 is 1 for ThumbEE */
#define ID_PFR0_STATE2(pfr0)	(((pfr0) >> 8) & 0xf)
#define ID_PFR0_STATE3(pfr0)	(((pfr0) >> 12) & 0xf)
/* The RAS Extension of ARMv8 */
#define ID_PFR0_RAS(pfr0)	(((pfr0) >> 28) & 0xf)
/* An instruction that came with ARMv8 */
#define ID_ISAR5_SEVL(isar5)	((isar5) & 0xf)
/* TTBCR2 of ARMv8.2 */
#define ID_MMFR4_HPDS(mmfr4)	(((mmfr4) >> 16) & 0xf)

/* SCTLR */
#define SCTLR_M			BIT(0)
#define SCTLR_A			BIT(1)
#define SCTLR_C			BIT(2)
#define SCTLR_Z			BIT(11)
#define SCTLR_I			BIT(12)
#define SCTLR_V			BIT(13)
#define SCTLR_EE		BIT(25)
#define SCTLR_TE		BIT(30)

/* TTBCR, long-descriptor format */
#define TTBCR_EAE		BIT(31)
#define TTBCR_SH0_INNER		(3U << 12)
#define TTBCR_ORGN0_WBWA	BIT(10)
#define TTBCR_IRGN0_WBWA	BIT(8)

/* CPACR: full access to cp10 and cp11 */
#define CPACR_VFP		(0xfU << 20)

/* Short names for the fault status of the long-descriptor format */
#define FSR_LPAE		BIT(9)
#define FSR_EXT			BIT(12)
#define FSR_WNR			BIT(11)
#define FSR_STATUS_MASK		0x3f
#define FSR_TRANSLATION(level)	(0x04 | (level))
#define FSR_ACCESS_FLAG(level)	(0x08 | (level))
#define FSR_PERMISSION(level)	(0x0c | (level))
#define FSR_SYNC_EXTERNAL	0x10
#define FSR_ASYNC_EXTERNAL	0x11
#define FSR_ALIGNMENT		0x21

#endif /* SELFTEST_KVM_ARM_CP15_H */
