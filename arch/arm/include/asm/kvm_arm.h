/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Register layouts of the Virtualization Extensions.
 *
 * Sections named below are those of the ARM Architecture Reference Manual,
 * ARMv7-A and ARMv7-R edition (ARM DDI 0406C).
 */
#ifndef _ASM_ARM_KVM_ARM_H
#define _ASM_ARM_KVM_ARM_H

#include <linux/const.h>
#include <linux/types.h>

/* HCR, Hyp Configuration Register (B4.1.68) */
#define HCR_TGE		(_AC(1, UL) << 27)
#define HCR_TVM		(_AC(1, UL) << 26)
#define HCR_TTLB	(_AC(1, UL) << 25)
#define HCR_TPU		(_AC(1, UL) << 24)
#define HCR_TPC		(_AC(1, UL) << 23)
#define HCR_TSW		(_AC(1, UL) << 22)
#define HCR_TAC		(_AC(1, UL) << 21)
#define HCR_TIDCP	(_AC(1, UL) << 20)
#define HCR_TSC		(_AC(1, UL) << 19)
#define HCR_TID3	(_AC(1, UL) << 18)
#define HCR_TID2	(_AC(1, UL) << 17)
#define HCR_TID1	(_AC(1, UL) << 16)
#define HCR_TID0	(_AC(1, UL) << 15)
#define HCR_TWE		(_AC(1, UL) << 14)
#define HCR_TWI		(_AC(1, UL) << 13)
#define HCR_DC		(_AC(1, UL) << 12)
#define HCR_BSU_IS	(_AC(1, UL) << 10)
#define HCR_FB		(_AC(1, UL) << 9)
#define HCR_VA		(_AC(1, UL) << 8)
#define HCR_VI		(_AC(1, UL) << 7)
#define HCR_VF		(_AC(1, UL) << 6)
#define HCR_AMO		(_AC(1, UL) << 5)
#define HCR_IMO		(_AC(1, UL) << 4)
#define HCR_FMO		(_AC(1, UL) << 3)
#define HCR_PTW		(_AC(1, UL) << 2)
#define HCR_SWIO	(_AC(1, UL) << 1)
#define HCR_VM		(_AC(1, UL) << 0)

/*
 * What a guest runs with. Inner Shareable broadcast (FB, BSU) makes local
 * maintenance right when a vCPU moves; TVM comes and goes with the state of
 * its caches, TWI and TWE with the load of the CPU.
 */
#define HCR_GUEST_MASK	(HCR_TAC | HCR_TIDCP | HCR_TSC | HCR_TSW | \
			 HCR_TID2 | HCR_TWI | HCR_TWE | HCR_BSU_IS | \
			 HCR_FB | HCR_AMO | HCR_IMO | HCR_FMO | HCR_SWIO | \
			 HCR_PTW | HCR_VM)

/*
 * HCR2, Hyp Configuration Register 2, of ARMv8 (DDI 0487, G8.2): accesses to
 * error records trap
 */
#define HCR2_TERR	(_AC(1, UL) << 4)

/*
 * What an ARMv8 core has, by fields that are zero before it (DDI 0487, G8.2):
 * SEVL, which no such core lacks, error records and DISR, and TTBCR2
 */
#define ID_ISAR5_SEVL	(_AC(0xf, UL) << 0)
#define ID_MMFR4_HPDS	(_AC(0xf, UL) << 16)
#define ID_PFR0_RAS	(_AC(0xf, UL) << 28)

/* HSCTLR, Hyp System Control Register (B4.1.75) */
#define HSCTLR_TE	(_AC(1, UL) << 30)
#define HSCTLR_EE	(_AC(1, UL) << 25)
#define HSCTLR_FI	(_AC(1, UL) << 21)
#define HSCTLR_WXN	(_AC(1, UL) << 19)
#define HSCTLR_I	(_AC(1, UL) << 12)
#define HSCTLR_CP15BEN	(_AC(1, UL) << 5)
#define HSCTLR_C	(_AC(1, UL) << 2)
#define HSCTLR_A	(_AC(1, UL) << 1)
#define HSCTLR_M	(_AC(1, UL) << 0)

/* Cacheability and shareability of table walks, as TCR, HTCR, VTCR have it */
#define TCR_SH_INNER	_AC(3, UL)
#define TCR_RGN_WBWA	_AC(1, UL)

/*
 * HTCR, Hyp Translation Control Register (B4.1.76): 32-bit VA, T0SZ = 0. To be
 * inner shareable where the kernel's own tables are.
 */
#define HTCR_RES1	((_AC(1, UL) << 31) | (_AC(1, UL) << 23))
#define HTCR_SH0_SHIFT	12
#define HTCR_ORGN0_SHIFT 10
#define HTCR_IRGN0_SHIFT 8
#define HTCR_HYP	(HTCR_RES1 | TCR_RGN_WBWA << HTCR_ORGN0_SHIFT | \
			 TCR_RGN_WBWA << HTCR_IRGN0_SHIFT)
#define HTCR_HYP_SMP	(TCR_SH_INNER << HTCR_SH0_SHIFT)

/*
 * VTCR, Virtualization Translation Control Register (B4.1.159): 40-bit IPA,
 * T0SZ = -8 with its sign repeated in S, walks start at the first level. To be
 * inner shareable as HTCR.
 */
#define VTCR_RES1	(_AC(1, UL) << 31)
#define VTCR_SH0_SHIFT	12
#define VTCR_ORGN0_SHIFT 10
#define VTCR_IRGN0_SHIFT 8
#define VTCR_SL0_L1	(_AC(1, UL) << 6)
#define VTCR_S		(_AC(1, UL) << 4)
#define VTCR_T0SZ_40BIT	_AC(0x8, UL)
#define VTCR_GUEST	(VTCR_RES1 | TCR_RGN_WBWA << VTCR_ORGN0_SHIFT | \
			 TCR_RGN_WBWA << VTCR_IRGN0_SHIFT | \
			 VTCR_SL0_L1 | VTCR_S | VTCR_T0SZ_40BIT)
#define VTCR_GUEST_SMP	(TCR_SH_INNER << VTCR_SH0_SHIFT)

#define KVM_PHYS_SHIFT	40
/* As few bits as user space may ask for: Documentation/virt/kvm/api.rst */
#define KVM_MIN_PHYS_SHIFT 32

/* VTTBR, Virtualization Translation Table Base Register (B4.1.160) */
#define VTTBR_VMID_SHIFT	48
#define VTTBR_VMID_BITS		8
#define VTTBR_VMID_MASK		GENMASK_ULL(55, 48)
#define VTTBR_CNP_BIT		0

/* HCPTR, Hyp Coprocessor Trap Register (B4.1.67) */
#define HCPTR_TTA	(_AC(1, UL) << 20)
#define HCPTR_TASE	(_AC(1, UL) << 15)
#define HCPTR_TCP(n)	(_AC(1, UL) << (n))
#define HCPTR_TCP_VFP	(HCPTR_TCP(10) | HCPTR_TCP(11))
/* Coprocessors that no guest has: all but CP10, CP11, CP14 and CP15 */
#define HCPTR_GUEST	(HCPTR_TTA | HCPTR_TCP_VFP | 0x3ff | \
			 HCPTR_TCP(12) | HCPTR_TCP(13))

/*
 * HSTR, Hyp System Trap Register (B4.1.84): c15. ThumbEE is the guest's own:
 * its instructions cannot be trapped, so its registers are switched. Jazelle
 * is trivial on all cores with the Virtualization Extensions: there is no
 * state, and BXJ, which would trap, is BX.
 */
#define HSTR_T15	(_AC(1, UL) << 15)
#define HSTR_TTEE	(_AC(1, UL) << 16)
#define HSTR_TJDBX	(_AC(1, UL) << 17)
#define HSTR_GUEST	HSTR_T15

/* DBGDSCR, Debug Status and Control Register (C11.11.20) */
#define DBGDSCR_MDBGEN	(_AC(1, UL) << 15)
#define DBGDSCR_UDCCDIS	(_AC(1, UL) << 12)
#define DBGDSCR_MOE_SHIFT	2
#define DBGDSCR_MOE_MASK	_AC(0xf, UL)
#define DBGDSCR_MOE(dscr) \
	(((dscr) >> DBGDSCR_MOE_SHIFT) & DBGDSCR_MOE_MASK)

/* Method of debug entry */
#define MOE_BREAKPOINT	0x1
#define MOE_BKPT	0x3
#define MOE_WATCHPOINT	0xa

/* DBGDIDR, Debug ID Register (C11.11.15): registers of each kind less one */
#define DBGDIDR_BRPS_SHIFT	24
#define DBGDIDR_WRPS_SHIFT	28
#define DBGDIDR_NR_MASK		_AC(0xf, UL)
/* And how many breakpoints compare contexts, and the version */
#define DBGDIDR_GUEST		GENMASK(31, 16)

/* DBGPRSR, Powerdown and Reset Status Register (C11.11.33): powered up */
#define DBGPRSR_PU		_AC(1, UL)

/*
 * DBGBCRn and DBGWCRn, Breakpoint and Watchpoint Control Registers (C11.11.2,
 * C11.11.44). Debug events of Secure state are none of a guest.
 */
#define DBG_CTRL_E		(_AC(1, UL) << 0)
#define DBG_CTRL_PMC_SHIFT	1
#define DBG_CTRL_PMC		(_AC(3, UL) << DBG_CTRL_PMC_SHIFT)
#define DBG_CTRL_NONSECURE	(_AC(1, UL) << 14)
#define DBGBVR_ADDR_MASK	(~_AC(3, UL))
#define DBGBCR_BAS_SHIFT	5
#define DBGBCR_BAS		(_AC(0xf, UL) << DBGBCR_BAS_SHIFT)
#define DBGBCR_BAS_ALL		_AC(0xf, UL)
#define DBGBCR_BAS_LOW		_AC(0x3, UL)
#define DBGBCR_BAS_HIGH		_AC(0xc, UL)
#define DBGBCR_LBN_SHIFT	16
#define DBGBCR_LBN		(_AC(0xf, UL) << DBGBCR_LBN_SHIFT)
#define DBGBCR_BT_SHIFT		20
#define DBGBCR_BT_MASK		_AC(0xf, UL)
#define DBGWCR_LSC		(_AC(3, UL) << 3)
#define DBGWCR_BAS_SHIFT	5
#define DBGWCR_BAS_MASK		_AC(0xff, UL)
#define DBGWCR_LBN		DBGBCR_LBN
#define DBGWCR_WT		(_AC(1, UL) << 20)
#define DBGWCR_MASK_SHIFT	24
#define DBGWCR_MASK_MASK	_AC(0x1f, UL)

/* HDCR, Hyp Debug Configuration Register (B4.1.69) */
#define HDCR_TDRA	(_AC(1, UL) << 11)
#define HDCR_TDOSA	(_AC(1, UL) << 10)
#define HDCR_TDA	(_AC(1, UL) << 9)
#define HDCR_TDE	(_AC(1, UL) << 8)
#define HDCR_HPME	(_AC(1, UL) << 7)
#define HDCR_TPM	(_AC(1, UL) << 6)
#define HDCR_TPMCR	(_AC(1, UL) << 5)
#define HDCR_HPMN_MASK	_AC(0x1f, UL)
#define HDCR_GUEST	(HDCR_TDRA | HDCR_TDOSA | HDCR_TDA | \
			 HDCR_TPM | HDCR_TPMCR)

/* CNTHCTL, Timer PL2 Control Register */
#define CNTHCTL_PL1PCEN		(_AC(1, UL) << 1)
#define CNTHCTL_PL1PCTEN	(_AC(1, UL) << 0)

/* HSR, Hyp Syndrome Register (B3.13.6) */
#define HSR_EC_SHIFT	26
#define HSR_EC_MASK	_AC(0x3f, UL)
#define HSR_EC(hsr)	(((hsr) >> HSR_EC_SHIFT) & HSR_EC_MASK)
#define HSR_IL		(_AC(1, UL) << 25)
#define HSR_ISS_MASK	((_AC(1, UL) << 25) - 1)

#define HSR_EC_UNKNOWN	0x00
#define HSR_EC_WFI	0x01
#define HSR_EC_CP15_32	0x03
#define HSR_EC_CP15_64	0x04
#define HSR_EC_CP14_MR	0x05
#define HSR_EC_CP14_LS	0x06
#define HSR_EC_CP_0_13	0x07
#define HSR_EC_CP10_ID	0x08
#define HSR_EC_JAZELLE	0x09
#define HSR_EC_BXJ	0x0a
#define HSR_EC_CP14_64	0x0c
#define HSR_EC_ILL	0x0e
#define HSR_EC_SVC_HYP	0x11
#define HSR_EC_HVC	0x12
#define HSR_EC_SMC	0x13
#define HSR_EC_IABT	0x20
#define HSR_EC_IABT_HYP	0x21
#define HSR_EC_PCALIGN	0x22
#define HSR_EC_DABT	0x24
#define HSR_EC_DABT_HYP	0x25
#define HSR_EC_MAX	0x3f

/* ISS of a conditional instruction: MCR, MRC, MCRR, LDC, WFI, VFP access */
#define HSR_CV		(_AC(1, UL) << 24)
#define HSR_COND_SHIFT	20
#define HSR_COND	(_AC(0xf, UL) << HSR_COND_SHIFT)
/* Of an SMC, of ARMv8: the condition may have failed (DDI 0487, HSR) */
#define HSR_CCKNOWNPASS	(_AC(1, UL) << 19)
#define HSR_WFI_IS_WFE	(_AC(1, UL) << 0)
#define HSR_HVC_IMM_MASK _AC(0xffff, UL)

/* ISS of an abort */
#define HSR_ISV		(_AC(1, UL) << 24)
#define HSR_SAS_SHIFT	22
#define HSR_SAS		(_AC(3, UL) << HSR_SAS_SHIFT)
#define HSR_SSE		(_AC(1, UL) << 21)
#define HSR_SRT_SHIFT	16
#define HSR_SRT_MASK	(_AC(0xf, UL) << HSR_SRT_SHIFT)
#define HSR_DABT_LST	(_AC(3, UL) << 11)	/* UNK in AArch32 (B3.13.6) */
#define HSR_DABT_EA	(_AC(1, UL) << 9)
#define HSR_DABT_CM	(_AC(1, UL) << 8)
#define HSR_DABT_S1PTW	(_AC(1, UL) << 7)
#define HSR_WNR		(_AC(1, UL) << 6)
#define HSR_FSC		_AC(0x3f, UL)
#define HSR_FSC_TYPE	_AC(0x3c, UL)

/* Fault status without the level (B3.13.3; ARM DDI 0487, G8.2.46) */
#define FSC_ADDRSZ	_AC(0x00, UL)
#define FSC_FAULT	_AC(0x04, UL)
#define FSC_ACCESS	_AC(0x08, UL)
#define FSC_PERM	_AC(0x0c, UL)
#define FSC_SEA		_AC(0x10, UL)
#define FSC_SEA_ASYNC	_AC(0x11, UL)
#define FSC_SEA_TTW0	_AC(0x14, UL)
#define FSC_SEA_TTW1	_AC(0x15, UL)
#define FSC_SEA_TTW2	_AC(0x16, UL)
#define FSC_SEA_TTW3	_AC(0x17, UL)
#define FSC_SECC	_AC(0x18, UL)
#define FSC_SECC_ASYNC	_AC(0x19, UL)
#define FSC_SECC_TTW0	_AC(0x1c, UL)
#define FSC_SECC_TTW1	_AC(0x1d, UL)
#define FSC_SECC_TTW2	_AC(0x1e, UL)
#define FSC_SECC_TTW3	_AC(0x1f, UL)
#define FSC_ALIGN	_AC(0x21, UL)
#define FSC_DEBUG	_AC(0x22, UL)
#define FSC_TLB_CONFLICT _AC(0x30, UL)
#define FSC_LOCKDOWN	_AC(0x34, UL)
#define FSC_EXCLUSIVE	_AC(0x35, UL)
#define FSC_MAX		_AC(0x3f, UL)

/* HPFAR, Hyp IPA Fault Address Register: IPA[39:12] in bits [31:4] */
#define HPFAR_FIPA_SHIFT 4
#define HPFAR_FIPA_MASK	(~_AC(0xf, UL))

#define kvm_arm_exception_class \
	{ HSR_EC_UNKNOWN, "UNKNOWN" }, { HSR_EC_WFI, "WFx" }, \
	{ HSR_EC_CP15_32, "CP15_32" }, { HSR_EC_CP15_64, "CP15_64" }, \
	{ HSR_EC_CP14_MR, "CP14_MR" }, { HSR_EC_CP14_LS, "CP14_LS" }, \
	{ HSR_EC_CP_0_13, "CP_0_13" }, { HSR_EC_CP10_ID, "CP10_ID" }, \
	{ HSR_EC_JAZELLE, "JAZELLE" }, { HSR_EC_BXJ, "BXJ" }, \
	{ HSR_EC_CP14_64, "CP14_64" }, { HSR_EC_ILL, "ILL" }, \
	{ HSR_EC_SVC_HYP, "SVC_HYP" }, \
	{ HSR_EC_HVC, "HVC" }, { HSR_EC_SMC, "SMC" }, \
	{ HSR_EC_IABT, "IABT" }, { HSR_EC_IABT_HYP, "IABT_HYP" }, \
	{ HSR_EC_PCALIGN, "PCALIGN" }, \
	{ HSR_EC_DABT, "DABT" }, { HSR_EC_DABT_HYP, "DABT_HYP" }

#endif /* _ASM_ARM_KVM_ARM_H */
