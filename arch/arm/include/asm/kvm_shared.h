/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Names that the files built from arch/arm64/kvm use for things which are
 * different, or which there are none of, on a 32-bit host.
 *
 * What is constant on 32 bits is constant here, so that the compiler drops
 * the code behind it; what must never be reached does not link.
 */
#ifndef _ASM_ARM_KVM_SHARED_H
#define _ASM_ARM_KVM_SHARED_H

#include <linux/bitfield.h>
#include <linux/build_bug.h>
#include <linux/minmax.h>
#include <linux/percpu.h>
#include <linux/types.h>
#include <asm/cp15.h>
#include <asm/cputype.h>
#include <asm/kvm_arm.h>
#include <asm/kvm_gicv3.h>
#include <asm/ptrace.h>
#include <asm/spectre.h>

struct kvm;
struct kvm_vcpu;
struct vgic_irq;

/* Capabilities that no ARMv7 CPU has, and ARMv8 ones have in AArch64 only */
#define ARM64_HAS_WFXT			0
#define ARM64_HAS_ECV_CNTPOFF		1
#define ARM64_HAS_ECV			2
#define ARM64_HAS_NV2P1			3
#define ARM64_HAS_ICH_HCR_EL2_TDIR	4
#define ARM64_WORKAROUND_QCOM_ORYON_CNTVOFF 5
#define ARM64_HAS_GICV5_LEGACY		6
#define ARM64_WORKAROUND_PMUV3_IMPDEF_TRAPS 7
#define cpus_have_final_cap(cap) \
	((cap) == ARM64_HAS_ICH_HCR_EL2_TDIR && kvm_gicv3_has_tdir())
#define kvm_has_feat(kvm, id, fld, limit) kvm_has_##id##_##fld(kvm)
#define kvm_has_ID_AA64PFR0_EL1_GIC(kvm)	kvm_vm_has_gicv3(kvm)
#define kvm_has_ID_AA64PFR0_EL1_EL2(kvm)	((void)(kvm), false)
#define kvm_has_ID_AA64PFR0_EL1_EL3(kvm)	((void)(kvm), false)
#define kvm_has_ID_AA64PFR1_EL1_SSBS(kvm)	((void)(kvm), false)
#define kvm_has_ID_AA64PFR2_EL1_GCIE(kvm)	((void)(kvm), false)
/* AArch32 has no access to the upper half of a counter */
#define kvm_has_ID_AA64DFR0_EL1_PMUVer(kvm)	((void)(kvm), false)

/* ID registers of AArch64, in which there is nothing for us but the PMU */
#define SYS_ID_AA64PFR0_EL1		0
#define SYS_ID_AA64PFR2_EL1		0
#define SYS_ID_PFR1_EL1			0
#define SYS_ID_AA64MMFR0_EL1		0
#define SYS_ID_AA64MMFR1_EL1		0
#define SYS_ID_AA64MMFR4_EL1		0
#define ID_AA64PFR0_EL1_GIC		0
#define ID_AA64PFR2_EL1_GCIE		0
#define ID_PFR1_EL1_GIC			0
#define ID_AA64MMFR0_EL1_ECV_MASK	GENMASK_ULL(63, 60)
#define ID_AA64MMFR1_EL1_VH_MASK	GENMASK_ULL(11, 8)
#define ID_AA64MMFR4_EL1_E2H0_MASK	GENMASK_ULL(27, 24)
#define kvm_set_vm_id_reg(kvm, id, val)	((void)(kvm), (void)(id), (void)(val))
#define SYS_FIELD_PREP_ENUM(reg, field, val) 0ULL
#define kvm_supports_32bit_el0()	true

static __always_inline bool has_vhe(void)
{
	return false;
}

static __always_inline bool has_hvhe(void)
{
	return false;
}

static __always_inline bool is_protected_kvm_enabled(void)
{
	return false;
}

#define KVM_MODE_PROTECTED		1
#define kvm_get_mode()			0

static __always_inline bool vcpu_is_protected(struct kvm_vcpu *vcpu)
{
	return false;
}

#define kvm_vm_is_protected(kvm)	((void)(kvm), false)

static __always_inline bool vcpu_has_nv(const struct kvm_vcpu *vcpu)
{
	return false;
}

static __always_inline bool is_hyp_ctxt(const struct kvm_vcpu *vcpu)
{
	return false;
}

static __always_inline bool is_nested_ctxt(const struct kvm_vcpu *vcpu)
{
	return false;
}

static __always_inline bool vcpu_is_el2(const struct kvm_vcpu *vcpu)
{
	return false;
}

static __always_inline bool vcpu_el2_e2h_is_set(const struct kvm_vcpu *vcpu)
{
	return false;
}

static __always_inline bool vcpu_el1_is_32bit(const struct kvm_vcpu *vcpu)
{
	return true;
}

static __always_inline bool vcpu_mode_is_32bit(const struct kvm_vcpu *vcpu)
{
	return true;
}

/* Steal time has SMC64 function numbers only (DEN 0057A): not for us */
static inline long kvm_hypercall_pv_features(struct kvm_vcpu *vcpu)
{
	return SMCCC_RET_NOT_SUPPORTED;
}

#define kvm_init_stolen_time(vcpu)	INVALID_GPA

/* Speculation mitigations: what <asm/spectre.h> knows about the host */
int arm64_get_spectre_v2_state(void);
int arm64_get_spectre_v4_state(void);
int arm64_get_spectre_bhb_state(void);

/* HSR by its AArch64 name: EC and the ISS of the classes in common agree */
#define ESR_ELx_EC(esr)			HSR_EC(esr)
#define ESR_ELx_EC_SMC32		HSR_EC_SMC
#define ESR_ELx_EC_SMC64		HSR_EC_SMC
#define ESR_ELx_FSC			HSR_FSC

/* System registers that the timer code reads and writes (B8.1) */
#define SYS_CNTP_CTL			__ACCESS_CP15(c14, 0, c2, 1)
#define SYS_CNTP_CVAL			__ACCESS_CP15_64(2, c14)
#define SYS_CNTV_CTL			__ACCESS_CP15(c14, 0, c3, 1)
#define SYS_CNTV_CVAL			__ACCESS_CP15_64(3, c14)

#define read_sysreg_el0(r)		read_sysreg(r)
#define write_sysreg_el0(v, r)		write_sysreg(v, r)

/* AArch64 encodings: the shared tracepoints and declarations use them */
#define sys_reg(op0, op1, crn, crm, op2) \
	((op0) << 19 | (op1) << 16 | (crn) << 12 | (crm) << 8 | (op2) << 5)
#define sys_reg_Op0(id)			(((id) >> 19) & 0x3)
#define sys_reg_Op1(id)			(((id) >> 16) & 0x7)
#define sys_reg_CRn(id)			(((id) >> 12) & 0xf)
#define sys_reg_CRm(id)			(((id) >> 8) & 0xf)
#define sys_reg_Op2(id)			(((id) >> 5) & 0x7)

/*
 * The PMU (C12.8, ID_DFR0): what the emulation asks ID_AA64DFR0_EL1 for.
 * PMUv2 has the registers of PMUv3 but for direct access to counters.
 */
#define SYS_ID_AA64DFR0_EL1		1
#define ID_AA64DFR0_EL1_PMUVer_SHIFT	8
#define ID_AA64DFR0_EL1_PMUVer_MASK	GENMASK_ULL(11, 8)
#define ID_AA64DFR0_EL1_PMUVer_IMP	1
#define ID_AA64DFR0_EL1_PMUVer_V3P1	4
#define ID_AA64DFR0_EL1_PMUVer_V3P4	5
#define ID_AA64DFR0_EL1_PMUVer_V3P5	6
#define ID_AA64DFR0_EL1_PMUVer_V3P7	7
#define ID_AA64DFR0_EL1_PMUVer_IMP_DEF	15
#define ARM64_FEATURE_MASK(field)	(field##_MASK)
#define SYS_FIELD_GET(reg, field, val)	FIELD_GET(reg##_##field##_MASK, val)
#define pmceid0_el0			PMCEID0
#define pmceid1_el0			PMCEID1

u64 kvm_pmu_dfr0(void);
#define read_sanitised_ftr_reg(id) \
	((id) == SYS_ID_AA64DFR0_EL1 ? kvm_pmu_dfr0() : 0)
#define kvm_read_vm_id_reg(kvm, id) \
	((void)(kvm), read_sanitised_ftr_reg(id))

/* kvm_pmuver() has done it */
#define cpuid_feature_cap_perfmon_field(features, field, cap) (features)

/* For the tracepoints of nested virtualization */
#define PSR_MODE_MASK			MODE_MASK
#define PSR_MODE32_BIT			MODE32_BIT
#define kvm_mode_names			{ SVC_MODE, "svc" }
#define kvm_exception_type_names	{ 0, "none" }

/* Registers of later architectures, in code that is never reached */
void __kvm_unreachable_sysreg(void)
	__compiletime_error("register does not exist on this architecture");
#define write_sysreg_s(v, r)		__kvm_unreachable_sysreg()
#define sysreg_clear_set(r, c, s)	__kvm_unreachable_sysreg()

/* A host with a GICv5 does not run in AArch32 state */
#define GICV5_GIC_CDDI_TYPE_MASK	GENMASK_ULL(31, 29)
#define gic_insn(v, insn)		((void)(v))

/* The PMU's share for HYP mode, of which guests have none */
#define MDCR_EL2_HPMN			GENMASK(4, 0)
#define MDCR_EL2_HPMN_MASK		MDCR_EL2_HPMN
#define MDCR_EL2_HPME			BIT(7)
#define MDCR_EL2_HPMD			BIT(17)
#define MDCR_EL2_HLP			BIT(26)
#define system_supports_pmuv3()		false

/* Device attributes of GICv3 and GICv5, whose devices are not registered */
#define KVM_DEV_ARM_VGIC_GRP_MAINT_IRQ	9
#define KVM_DEV_ARM_VGIC_USERSPACE_PPIS	5

/* Features of vCPUs that none of ours has */
#define KVM_ARM_VCPU_HAS_EL2		7
#define KVM_ARM_VCPU_PMU_V3_STRICT	9

/*
 * struct kvm_shared_host_data - per CPU, what the vGIC code notes there
 * @last_lr_irq: the last interrupt that the list registers had room for
 */
struct kvm_shared_host_data {
	struct vgic_irq *last_lr_irq;
};

DECLARE_PER_CPU(struct kvm_shared_host_data, kvm_shared_host_data);
#define host_data_ptr(f)		(&this_cpu_ptr(&kvm_shared_host_data)->f)

#endif /* _ASM_ARM_KVM_SHARED_H */
