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

#include <linux/build_bug.h>
#include <linux/types.h>
#include <asm/cp15.h>
#include <asm/cputype.h>
#include <asm/kvm_arm.h>
#include <asm/kvm_gicv3.h>
#include <asm/ptrace.h>
#include <asm/spectre.h>

struct kvm;
struct kvm_vcpu;

/* Capabilities that no ARMv7 CPU has, and ARMv8 ones have in AArch64 only */
#define ARM64_HAS_WFXT			0
#define ARM64_HAS_ECV_CNTPOFF		1
#define cpus_have_final_cap(cap)	((void)(cap), false)
#define kvm_has_feat(kvm, id, fld, limit) kvm_has_##id##_##fld(kvm)
#define kvm_has_ID_AA64PFR0_EL1_GIC(kvm)	kvm_vm_has_gicv3(kvm)
#define kvm_has_ID_AA64PFR1_EL1_SSBS(kvm)	((void)(kvm), false)

static __always_inline bool has_vhe(void)
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

static __always_inline bool vcpu_has_nv(const struct kvm_vcpu *vcpu)
{
	return false;
}

static __always_inline bool is_hyp_ctxt(const struct kvm_vcpu *vcpu)
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

#endif /* _ASM_ARM_KVM_SHARED_H */
