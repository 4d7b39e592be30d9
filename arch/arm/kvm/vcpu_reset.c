// SPDX-License-Identifier: GPL-2.0-only
/*
 * The state a vCPU starts in, and which CPU it is.
 */
#include <linux/kvm_host.h>
#include <linux/preempt.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <asm/kvm_emulate.h>

#include "vcpu_pmu.h"

#define RESET_CPSR	(SVC_MODE | PSR_A_BIT | PSR_I_BIT | PSR_F_BIT)

/**
 * kvm_vcpu_preferred_target - KVM_ARM_PREFERRED_TARGET
 * @init: filled in so that KVM_ARM_VCPU_INIT takes it as it is
 *
 * Return: 0.
 */
int kvm_vcpu_preferred_target(struct kvm_vcpu_init *init)
{
	memset(init, 0, sizeof(*init));
	init->target = kvm_target_cpu();

	return 0;
}

/*
 * Other vCPUs look for this one by its MPIDR, in PSCI calls, without a lock:
 * its reset overwrites the one value with the other.
 */
static void clear_registers(struct kvm_cpu_context *ctxt)
{
	unsigned int i;

	memset(&ctxt->gp_regs, 0, sizeof(ctxt->gp_regs));
	memset(&ctxt->vfp, 0, sizeof(ctxt->vfp));
	for (i = 0; i < ARRAY_SIZE(ctxt->cp15); i++) {
		if (i != c0_MPIDR)
			ctxt->cp15[i] = 0;
	}
}

static void start_at(struct kvm_vcpu *vcpu,
		     const struct vcpu_reset_state *state)
{
	unsigned long pc = state->pc;

	/* PSCI has the instruction set in bit 0 of the entry point */
	if (pc & 1) {
		pc &= ~1UL;
		*vcpu_cpsr(vcpu) |= PSR_T_BIT;
	}

	if (state->be)
		kvm_vcpu_set_be(vcpu);

	*vcpu_pc(vcpu) = pc;
	vcpu_set_reg(vcpu, 0, state->r0);
}

/**
 * kvm_reset_vcpu - give a vCPU the registers of a CPU out of reset
 * @vcpu: the vCPU
 *
 * If a PSCI CPU_ON has left an entry point in reset_state, it starts there.
 *
 * Context: the vCPU's thread, or with its mutex; takes its mp_state_lock.
 */
void kvm_reset_vcpu(struct kvm_vcpu *vcpu)
{
	struct vcpu_reset_state reset_state;
	bool loaded;

	spin_lock(&vcpu->arch.mp_state_lock);
	reset_state = vcpu->arch.reset_state;
	vcpu->arch.reset_state.reset = false;
	spin_unlock(&vcpu->arch.mp_state_lock);

	if (kvm_vcpu_has_pmu(vcpu))
		kvm_pmu_restart(vcpu);

	/* Registers that are on the CPU would overwrite the new ones */
	preempt_disable();
	loaded = vcpu->cpu != -1;
	if (loaded)
		kvm_arch_vcpu_put(vcpu);

	clear_registers(&vcpu->arch.ctxt);
	*vcpu_cpsr(vcpu) = RESET_CPSR;
	kvm_reset_coprocs(vcpu);

	/* The instruction that turned the CPU off is not to be skipped */
	vcpu_clear_flag(vcpu, PENDING_EXCEPTION);
	vcpu_clear_flag(vcpu, EXCEPT_MASK);
	vcpu_clear_flag(vcpu, INCREMENT_PC);
	*vcpu_hcr(vcpu) &= ~HCR_VA;

	/* Nor is an access to be completed that user space has in hand */
	vcpu->mmio_needed = 0;

	/* Its caches are off: watch for when the guest switches them on */
	*vcpu_hcr(vcpu) |= HCR_TVM;

	if (reset_state.reset)
		start_at(vcpu, &reset_state);

	kvm_timer_vcpu_reset(vcpu);
	kvm_debug_reg_changed(vcpu);

	if (loaded)
		kvm_arch_vcpu_load(vcpu, smp_processor_id());
	preempt_enable();
}
