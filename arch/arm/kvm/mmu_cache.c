// SPDX-License-Identifier: GPL-2.0-only
/*
 * A guest that turns its caches on or off, or has them off
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
#include <linux/memblock.h>
#include <linux/mm.h>

#include <asm/kvm_emulate.h>
#include <asm/kvm_mmu.h>

#include "compat.h"
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

/**
 * kvm_read_guest_poc() - read what a guest may have written past the caches
 * @kvm: the VM, with its srcu held
 * @gpa: IPA
 * @to:  where it goes
 * @len: bytes, of one page
 *
 * The caches may have a line of it that is older, such as one of the last read
 * (A3.5.7). So the page is cleaned and invalidated before: what is fetched from
 * then on has all that the guest had written.
 *
 * Context: a thread of the VM's user space. May sleep.
 * Return: 0, or -EFAULT if there is no memory.
 */
int kvm_read_guest_poc(struct kvm *kvm, gpa_t gpa, void *to, u32 len)
{
	gfn_t gfn = gpa_to_gfn(gpa);
	struct page *page;
	bool writable;
	kvm_pfn_t pfn;
	int ret;

	pfn = kvm_fault_in_page(gfn_to_memslot(kvm, gfn), gfn, false, &writable,
				&page);
	if (is_error_noslot_pfn(pfn))
		return -EFAULT;

	/* Of a device the caches have nothing. */
	if (memblock_is_map_memory(PFN_PHYS((u64)pfn)))
		__clean_dcache_guest_page(PFN_PHYS((u64)pfn), PAGE_SIZE);
	ret = kvm_read_guest(kvm, gpa, to, len);

	if (page)
		put_page(page);
	return ret;
}
