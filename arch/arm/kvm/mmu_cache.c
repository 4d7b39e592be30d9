// SPDX-License-Identifier: GPL-2.0-only
/*
 * A guest that turns its caches on or off
 *
 * Cache maintenance by set and way acts on one CPU, races with lines that
 * move, and does not reach system caches (ARM ARM DDI 0406C, B2.2.6): it is
 * meant for a CPU that turns its caches on or off, when it cleans or
 * invalidates everything. So does KVM, for all of the guest's memory and by
 * address: at the first such operation, and whenever the guest then turns its
 * caches on or off, which HCR.TVM lets us see. Once they are on, there is
 * nothing more to see until the next such operation.
 */
#include <linux/kvm_host.h>

#include <asm/kvm_emulate.h>
#include <asm/kvm_mmu.h>

#include "trace.h"

/**
 * kvm_set_way_flush() - emulate cache maintenance by set and way
 * @vcpu: the vCPU that did it
 *
 * Context: the vCPU's thread, process context.
 */
void kvm_set_way_flush(struct kvm_vcpu *vcpu)
{
	unsigned long hcr = *vcpu_hcr(vcpu);

	if (hcr & HCR_TVM)
		return;

	trace_kvm_set_way_flush(*vcpu_pc(vcpu), vcpu_has_cache_enabled(vcpu));
	stage2_flush_vm(vcpu->kvm);
	*vcpu_hcr(vcpu) = hcr | HCR_TVM;
}

/**
 * kvm_toggle_cache() - a guest may have turned its caches on or off
 * @vcpu:        the vCPU, after it wrote a memory control register
 * @was_enabled: vcpu_has_cache_enabled() before that
 *
 * Context: the vCPU's thread, process context.
 */
void kvm_toggle_cache(struct kvm_vcpu *vcpu, bool was_enabled)
{
	bool enabled = vcpu_has_cache_enabled(vcpu);

	if (enabled != was_enabled)
		stage2_flush_vm(vcpu->kvm);

	if (enabled)
		*vcpu_hcr(vcpu) &= ~HCR_TVM;

	trace_kvm_toggle_cache(*vcpu_pc(vcpu), was_enabled, enabled);
}
