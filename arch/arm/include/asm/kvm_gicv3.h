/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The system registers of a GICv3 (IHI 0069, 12): those of the virtual
 * interface, which only HYP mode has, and what the code that is built from
 * arch/arm64/kvm/vgic calls the others.
 */
#ifndef _ASM_ARM_KVM_GICV3_H
#define _ASM_ARM_KVM_GICV3_H

#include <linux/bits.h>
#include <linux/types.h>
#include <linux/wordpart.h>
#include <asm/cp15.h>

/* ID_PFR1: the CPU interface has system registers */
#define ID_PFR1_GIC		GENMASK(31, 28)

/* ---- HYP mode's registers ---- */

#define ICC_HSRE		__ACCESS_CP15(c12, 4, c9, 5)
#define ICH_HCR			__ACCESS_CP15(c12, 4, c11, 0)
#define ICH_VTR			__ACCESS_CP15(c12, 4, c11, 1)
#define ICH_VMCR		__ACCESS_CP15(c12, 4, c11, 7)
#define ICH_AP0R(n)		__ACCESS_CP15(c12, 4, c8, n)
#define ICH_AP1R(n)		__ACCESS_CP15(c12, 4, c9, n)

/* A list register has 64 bits: ICH_LR has the lower half, ICH_LRC the other */
#define ICH_LR_LOW(n)		__ACCESS_CP15(c12, 4, c12, n)
#define ICH_LR_HIGH(n)		__ACCESS_CP15(c12, 4, c13, n)
#define ICH_LRC_LOW(n)		__ACCESS_CP15(c12, 4, c14, n)
#define ICH_LRC_HIGH(n)		__ACCESS_CP15(c12, 4, c15, n)

/* What __vgic_v3_get_gic_config() has besides ICH_VTR: GICv2's interface, too */
#define VGIC_V3_CONFIG_MMIO	BIT_ULL(63)

/* As 64 bits: what a list register has */
#define ICH_LR_VIRTUAL_ID_MASK	GENMASK_ULL(31, 0)
#define ICH_LR_PHYS_ID_SHIFT	32
#define ICH_LR_PHYS_ID_MASK	GENMASK_ULL(41, 32)
#define ICH_LR_EOI		BIT_ULL(41)
#define ICH_LR_PRIORITY_SHIFT	48
#define ICH_LR_GROUP		BIT_ULL(60)
#define ICH_LR_HW		BIT_ULL(61)
#define ICH_LR_PENDING_BIT	BIT_ULL(62)
#define ICH_LR_ACTIVE_BIT	BIT_ULL(63)
#define ICH_LR_STATE		(ICH_LR_PENDING_BIT | ICH_LR_ACTIVE_BIT)

#define ICH_HCR_EN		BIT(0)
#define ICH_HCR_UIE		BIT(1)
#define ICH_HCR_LRENPIE		BIT(2)
#define ICH_HCR_TC		BIT(10)
#define ICH_HCR_TALL0		BIT(11)
#define ICH_HCR_TALL1		BIT(12)
#define ICH_HCR_TDIR		BIT(14)
#define ICH_HCR_EOICOUNT	GENMASK(31, 27)

#define ICH_VMCR_ENG0_SHIFT	0
#define ICH_VMCR_ENG0_MASK	BIT(0)
#define ICH_VMCR_ENG1_SHIFT	1
#define ICH_VMCR_ENG1_MASK	BIT(1)
#define ICH_VMCR_ACK_CTL_SHIFT	2
#define ICH_VMCR_ACK_CTL_MASK	BIT(2)
#define ICH_VMCR_FIQ_EN_SHIFT	3
#define ICH_VMCR_FIQ_EN_MASK	BIT(3)
#define ICH_VMCR_CBPR_SHIFT	4
#define ICH_VMCR_CBPR_MASK	BIT(4)
#define ICH_VMCR_EOIM_SHIFT	9
#define ICH_VMCR_EOIM_MASK	BIT(9)
#define ICH_VMCR_BPR1_SHIFT	18
#define ICH_VMCR_BPR1_MASK	GENMASK(20, 18)
#define ICH_VMCR_BPR0_SHIFT	21
#define ICH_VMCR_BPR0_MASK	GENMASK(23, 21)
#define ICH_VMCR_PMR_SHIFT	24
#define ICH_VMCR_PMR_MASK	GENMASK(31, 24)

#define ICH_VTR_LIST_REGS	GENMASK(4, 0)
#define ICH_VTR_TDS_MASK	BIT(19)
#define ICH_VTR_A3V_MASK	BIT(21)
#define ICH_VTR_SEIS_MASK	BIT(22)
#define ICH_VTR_ID_BITS_SHIFT	23
#define ICH_VTR_ID_BITS_MASK	GENMASK(25, 23)
#define ICH_VTR_PRE_BITS_SHIFT	26
#define ICH_VTR_PRE_BITS_MASK	GENMASK(28, 26)
#define ICH_VTR_PRI_BITS_SHIFT	29
#define ICH_VTR_PRI_BITS_MASK	GENMASK(31, 29)

/* What kernels with GICv5 call them */
#define ICH_HCR_EL2_En		ICH_HCR_EN
#define ICH_HCR_EL2_UIE		ICH_HCR_UIE
#define ICH_HCR_EL2_LRENPIE	ICH_HCR_LRENPIE
#define ICH_HCR_EL2_NPIE	BIT(3)
#define ICH_HCR_EL2_VGrp0EIE	BIT(4)
#define ICH_HCR_EL2_VGrp0DIE	BIT(5)
#define ICH_HCR_EL2_VGrp1EIE	BIT(6)
#define ICH_HCR_EL2_VGrp1DIE	BIT(7)
#define ICH_HCR_EL2_vSGIEOICount BIT(8)
#define ICH_HCR_EL2_TC		ICH_HCR_TC
#define ICH_HCR_EL2_TALL0	ICH_HCR_TALL0
#define ICH_HCR_EL2_TALL1	ICH_HCR_TALL1
#define ICH_HCR_EL2_TDIR	ICH_HCR_TDIR
#define ICH_HCR_EL2_EOIcount	ICH_HCR_EOICOUNT

#define ICH_VMCR_EL2_VENG0	ICH_VMCR_ENG0_MASK
#define ICH_VMCR_EL2_VENG0_MASK	ICH_VMCR_ENG0_MASK
#define ICH_VMCR_EL2_VENG1	ICH_VMCR_ENG1_MASK
#define ICH_VMCR_EL2_VENG1_MASK	ICH_VMCR_ENG1_MASK
#define ICH_VMCR_EL2_VAckCtl	ICH_VMCR_ACK_CTL_MASK
#define ICH_VMCR_EL2_VFIQEn	ICH_VMCR_FIQ_EN_MASK
#define ICH_VMCR_EL2_VFIQEn_MASK ICH_VMCR_FIQ_EN_MASK
#define ICH_VMCR_EL2_VCBPR	ICH_VMCR_CBPR_MASK
#define ICH_VMCR_EL2_VEOIM	ICH_VMCR_EOIM_MASK
#define ICH_VMCR_EL2_VEOIM_MASK	ICH_VMCR_EOIM_MASK
#define ICH_VMCR_EL2_VBPR1	ICH_VMCR_BPR1_MASK
#define ICH_VMCR_EL2_VBPR0	ICH_VMCR_BPR0_MASK
#define ICH_VMCR_EL2_VPMR	ICH_VMCR_PMR_MASK

#define ICH_VTR_EL2_DVIM	BIT(18)
#define ICH_VTR_EL2_nV4		BIT(20)
#define ICH_VTR_EL2_A3V		ICH_VTR_A3V_MASK
#define ICH_VTR_EL2_SEIS	ICH_VTR_SEIS_MASK
#define ICH_VTR_EL2_IDbits	ICH_VTR_ID_BITS_MASK
#define ICH_VTR_EL2_PRIbits	ICH_VTR_PRI_BITS_MASK

/* What __vgic_v3_read_config() has found: see vgic_host.c */
extern u64 kvm_gicv3_config;

static inline u64 vgic_ich_vtr(void)
{
	return lower_32_bits(kvm_gicv3_config);
}

/* Without it a guest's writes of ICC_DIR do not trap alone */
static inline bool kvm_gicv3_has_tdir(void)
{
	return kvm_gicv3_config & ICH_VTR_TDS_MASK;
}

/* Nothing that a guest with a GICv3 does with it is emulated but for that */
#define vgic_ich_hcr_trap_bits()	0ULL

/* ---- KVM_DEV_ARM_VGIC_GRP_CPU_SYSREGS: named by AArch64's encodings ---- */

#define ARM64_SYS_REG(op0, op1, crn, crm, op2) \
	sys_reg(op0, op1, crn, crm, op2)

#define SYS_ICC_PMR_EL1		sys_reg(3, 0, 4, 6, 0)
#define SYS_ICC_BPR0_EL1	sys_reg(3, 0, 12, 8, 3)
#define SYS_ICC_AP0R0_EL1	sys_reg(3, 0, 12, 8, 4)
#define SYS_ICC_AP0R1_EL1	sys_reg(3, 0, 12, 8, 5)
#define SYS_ICC_AP0R2_EL1	sys_reg(3, 0, 12, 8, 6)
#define SYS_ICC_AP0R3_EL1	sys_reg(3, 0, 12, 8, 7)
#define SYS_ICC_AP1R0_EL1	sys_reg(3, 0, 12, 9, 0)
#define SYS_ICC_AP1R1_EL1	sys_reg(3, 0, 12, 9, 1)
#define SYS_ICC_AP1R2_EL1	sys_reg(3, 0, 12, 9, 2)
#define SYS_ICC_AP1R3_EL1	sys_reg(3, 0, 12, 9, 3)
#define SYS_ICC_BPR1_EL1	sys_reg(3, 0, 12, 12, 3)
#define SYS_ICC_CTLR_EL1	sys_reg(3, 0, 12, 12, 4)
#define SYS_ICC_SRE_EL1		sys_reg(3, 0, 12, 12, 5)
#define SYS_ICC_IGRPEN0_EL1	sys_reg(3, 0, 12, 12, 6)
#define SYS_ICC_IGRPEN1_EL1	sys_reg(3, 0, 12, 12, 7)

/* ---- errata of CPUs that have no AArch32 state ---- */

struct midr_range {
};

#define MIDR_ALL_VERSIONS(model) { }
#define is_midr_in_range_list(midr, ranges) ((void)(midr), (void)(ranges), false)
#define ARM64_WORKAROUND_CAVIUM_30115	0

#endif /* _ASM_ARM_KVM_GICV3_H */
