// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the kernel does when a guest has trapped: a table by the exception
 * class of the HSR.
 *
 * Handlers return 1 to go on with the guest, 0 to exit to user space with the
 * reason in kvm_run, or a negative errno.
 */
#include <linux/kvm_host.h>
#include <asm/kvm_emulate.h>
#include <asm/kvm_mmu.h>
#include <kvm/arm_hypercalls.h>

#include "cpu_model.h"
#include "trace.h"

/* In both instruction sets (B9.3.5) */
#define HVC_INSN_SIZE	4

typedef int (*exit_handler_t)(struct kvm_vcpu *vcpu);

/* HVC: its immediate does not count, and the PC is past it already */
static int handle_hvc(struct kvm_vcpu *vcpu)
{
	trace_kvm_hvc(*vcpu_pc(vcpu), vcpu_get_reg(vcpu, 0),
		      kvm_vcpu_hvc_get_imm(vcpu));
	vcpu->stat.hvc_exit_stat++;

	return kvm_smccc_call_handler(vcpu);
}

/*
 * On ARMv8 an SMC may trap although its condition fails, and the syndrome says
 * so (DDI 0487, HCR.TSC, HSR). On ARMv7 it does not trap then, and whatever that
 * bit has is UNK.
 */
static bool smc_executes(const struct kvm_vcpu *vcpu)
{
	const struct kvm_cpu_model *model = vcpu->kvm->arch.model;

	return !(kvm_vcpu_get_hsr(vcpu) & HSR_CCKNOWNPASS) ||
	       !(model->ids[HOST_ID_ISAR5] & ID_ISAR5_SEVL) ||
	       __kvm_condition_valid(vcpu);
}

/*
 * SMC: traps before it is executed (B1.14.9), so it is skipped. Its immediate is
 * not in the syndrome, which is UNK (B3.13.6): any SMC is a call.
 */
static int handle_smc(struct kvm_vcpu *vcpu)
{
	int ret = 1;

	if (smc_executes(vcpu))
		ret = kvm_smccc_call_handler(vcpu);

	kvm_incr_pc(vcpu);
	return ret;
}

static int handle_wfx(struct kvm_vcpu *vcpu)
{
	bool is_wfe = kvm_vcpu_get_hsr(vcpu) & HSR_WFI_IS_WFE;

	trace_kvm_wfx(*vcpu_pc(vcpu), is_wfe);
	if (is_wfe) {
		vcpu->stat.wfe_exit_stat++;
		kvm_vcpu_on_spin(vcpu, vcpu_mode_priv(vcpu));
	} else {
		vcpu->stat.wfi_exit_stat++;
		kvm_vcpu_wfi(vcpu);
	}

	kvm_incr_pc(vcpu);
	return 1;
}

/*
 * HPFAR is UNKNOWN for a permission fault on the second stage of a translation
 * whose first stage was good (B3.13.3).
 */
static bool hpfar_is_valid(const struct kvm_vcpu *vcpu)
{
	if (kvm_vcpu_trap_get_fault_type(vcpu) != FSC_PERM &&
	    likely(!vcpu->kvm->arch.model->stage1_first))
		return true;

	return kvm_vcpu_abt_iss1tw(vcpu) || !kvm_vcpu_abt_is_stage2(vcpu);
}

/* False: there is none by now, and the guest goes on */
static bool has_ipa(struct kvm_vcpu *vcpu)
{
	return hpfar_is_valid(vcpu) || kvm_find_fault_ipa(vcpu);
}

static int handle_iabt(struct kvm_vcpu *vcpu)
{
	if (!has_ipa(vcpu))
		return 1;

	return kvm_handle_guest_abort(vcpu);
}

static int handle_dabt(struct kvm_vcpu *vcpu)
{
	if (!has_ipa(vcpu))
		return 1;

	if (kvm_handle_dist_access(vcpu))
		return 1;

	return kvm_handle_guest_abort(vcpu);
}

/* What the guest's CPU does not have: other coprocessors */
static int handle_undefined(struct kvm_vcpu *vcpu)
{
	kvm_inject_undefined(vcpu);
	return 1;
}

/* A class this code knows nothing of: for user space to report */
static int handle_unknown(struct kvm_vcpu *vcpu)
{
	struct kvm_run *run = vcpu->run;

	run->exit_reason = KVM_EXIT_INTERNAL_ERROR;
	run->internal.suberror = KVM_INTERNAL_ERROR_UNEXPECTED_EXIT_REASON;
	run->internal.ndata = 2;
	run->internal.data[0] = kvm_vcpu_get_hsr(vcpu);
	run->internal.data[1] = *vcpu_pc(vcpu);
	return 0;
}

/*
 * What the guest has accessed ends in an abort of its own, before whatever it
 * was left for: it does that again, if it comes back to it. Of all traps only
 * an HVC has a return address behind it (B1.8.3, "preferred return address").
 */
static int handle_abort_pending(struct kvm_vcpu *vcpu, int exit)
{
	if (ARM_EXCEPTION_IS_TRAP(exit) &&
	    kvm_vcpu_trap_get_class(vcpu) == HSR_EC_HVC)
		*vcpu_pc(vcpu) -= HVC_INSN_SIZE;

	kvm_inject_vabt(vcpu);
	return 1;
}

/*
 * The host's FIQs are masked while its FIQ bank is the guest's, which left to
 * itself would come back with the same FIQ until the vCPU is put.
 */
static int handle_fiq(struct kvm_vcpu *vcpu)
{
	preempt_disable();
	kvm_arch_vcpu_put(vcpu);
	kvm_arch_vcpu_load(vcpu, smp_processor_id());
	preempt_enable();

	return 1;
}

/* The host is on its way down and has taken HYP mode from under the vCPU */
static int handle_hyp_gone(struct kvm_vcpu *vcpu)
{
	struct kvm_run *run = vcpu->run;

	run->exit_reason = KVM_EXIT_FAIL_ENTRY;
	run->fail_entry.hardware_entry_failure_reason = 0;
	run->fail_entry.cpu = raw_smp_processor_id();
	return 0;
}

static const exit_handler_t exit_handlers[HSR_EC_MAX + 1] = {
	[0 ... HSR_EC_MAX]	= handle_unknown,
	[HSR_EC_UNKNOWN]	= handle_undefined,
	[HSR_EC_WFI]		= handle_wfx,
	[HSR_EC_CP15_32]	= kvm_handle_cp15_32,
	[HSR_EC_CP15_64]	= kvm_handle_cp15_64,
	[HSR_EC_CP14_MR]	= kvm_handle_cp14_32,
	[HSR_EC_CP14_LS]	= kvm_handle_cp14_load_store,
	[HSR_EC_CP14_64]	= kvm_handle_cp14_64,
	[HSR_EC_CP_0_13]	= handle_undefined,
	[HSR_EC_CP10_ID]	= handle_undefined,
	[HSR_EC_HVC]		= handle_hvc,
	[HSR_EC_SMC]		= handle_smc,
	[HSR_EC_IABT]		= handle_iabt,
	[HSR_EC_DABT]		= handle_dabt,
};

/*
 * A trapped instruction may be one that its condition would have made a NOP
 * (B1.14.3, "Traps and conditional instructions").
 */
static int handle_trap(struct kvm_vcpu *vcpu)
{
	if (!kvm_condition_valid(vcpu)) {
		kvm_incr_pc(vcpu);
		return 1;
	}

	return exit_handlers[kvm_vcpu_trap_get_class(vcpu)](vcpu);
}

/**
 * kvm_handle_exit - do what a guest exit asks for
 * @vcpu: the vCPU, loaded; interrupts and preemption enabled
 * @exit: what __kvm_vcpu_run() returned
 *
 * Return: 1 to run the guest again, 0 to go to user space, or a negative
 * errno.
 */
int kvm_handle_exit(struct kvm_vcpu *vcpu, int exit)
{
	if (unlikely(exit & ARM_EXIT_ABORT_PENDING))
		return handle_abort_pending(vcpu, exit);

	switch (exit) {
	case ARM_EXCEPTION_IRQ:
		return 1;
	case ARM_EXCEPTION_TRAP:
		return handle_trap(vcpu);
	case ARM_EXCEPTION_DEBUG:
		return kvm_handle_debug(vcpu);
	case ARM_EXCEPTION_FIQ:
		return handle_fiq(vcpu);
	case ARM_EXCEPTION_HYP_GONE:
		return handle_hyp_gone(vcpu);
	default:
		return handle_unknown(vcpu);
	}
}
