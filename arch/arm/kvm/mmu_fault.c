// SPDX-License-Identifier: GPL-2.0-only
/*
 * Aborts that a guest takes to HYP mode
 *
 * An access to guest memory that Stage-2 does not permit (yet) goes from step
 * to step here with a struct kvm_s2_fault. All others are for the emulation
 * of devices, or the guest's own fault.
 */
#include <linux/kvm_host.h>
#include <linux/mm.h>
#include <linux/pgtable.h>

#include <asm/kvm_emulate.h>
#include <asm/kvm_mmu.h>

#include "mmu.h"
#include "trace.h"

/**
 * struct kvm_s2_fault - a Stage-2 fault on guest memory
 * @vcpu:	who took it
 * @slot:	the memory slot it is in
 * @ipa:	where, page aligned; of the mapping once its size is known
 * @gfn:	the page
 * @hva:	its address in user space
 * @pfn:	its page frame; of the mapping once its size is known
 * @page:	its struct page, if references to it are counted
 * @size:	of the mapping to make, in bytes
 * @mmu_seq:	what the MMU notifiers had done before @pfn was looked up
 * @prot:	of the mapping to make
 * @write:	the guest wants to write
 * @exec:	the guest wants to execute
 * @perm:	there is a mapping, but it does not permit that
 * @logging:	dirty pages are logged
 * @writable:	the host lets the guest write
 * @device:	the page is not memory
 */
struct kvm_s2_fault {
	struct kvm_vcpu		*vcpu;
	struct kvm_memory_slot	*slot;
	gpa_t			ipa;
	gfn_t			gfn;
	hva_t			hva;
	kvm_pfn_t		pfn;
	struct page		*page;
	u64			size;
	unsigned long		mmu_seq;
	enum kvm_pgtable_prot	prot;
	bool			write;
	bool			exec;
	bool			perm;
	bool			logging;
	bool			writable;
	bool			device;
};

/* The guest is told where, in its own address space, and no more. */
static int inject_abort(struct kvm_vcpu *vcpu)
{
	unsigned long hfar = kvm_vcpu_get_hfar(vcpu);

	if (kvm_vcpu_trap_is_iabt(vcpu))
		kvm_inject_pabt(vcpu, hfar);
	else
		kvm_inject_dabt(vcpu, hfar);

	return 1;
}

static struct kvm_pgtable *fault_pgt(const struct kvm_s2_fault *f)
{
	return f->vcpu->kvm->arch.mmu.pgt;
}

/* Gets the page into memory, if need be. Takes a reference to it. */
static int fault_get_page(struct kvm_s2_fault *f)
{
	f->mmu_seq = f->vcpu->kvm->mmu_invalidate_seq;

	/* Pairs with smp_wmb() in kvm_mmu_invalidate_end(). */
	smp_rmb();

	f->pfn = __gfn_to_pfn_memslot(f->slot, f->gfn, false, false, NULL,
				      f->write, &f->writable, NULL);
	if (is_error_noslot_pfn(f->pfn))
		return -EFAULT;

	f->page = kvm_pfn_to_refcounted_page(f->pfn);
	f->device = !f->page && !pfn_valid(f->pfn);
	return 0;
}

/**
 * kvm_host_mapping_size() - how much does the host map in one piece?
 * @mm:  the memory of the VM's user space
 * @hva: an address in there
 *
 * An answer that is out of date is caught by mmu_invalidate_retry(). Interrupts
 * are off because that is what freeing the host's tables waits for.
 *
 * Context: any.
 * Return: bytes: a page, also where there is none, or a block.
 */
u64 kvm_host_mapping_size(struct mm_struct *mm, unsigned long hva)
{
	u64 size = PAGE_SIZE;
	unsigned long flags;
	pud_t *pud;
	pmd_t pmd;

	local_irq_save(flags);
	pud = pud_offset(p4d_offset(pgd_offset(mm, hva), hva), hva);
	if (!pud_none(*pud)) {
		pmd = pmdp_get_lockless(pmd_offset(pud, hva));
		if (pmd_present(pmd) && pmd_leaf(pmd))
			size = PMD_SIZE;
	}
	local_irq_restore(flags);

	return size;
}

/*
 * A block has to be aligned in the same way for the guest and for user space,
 * or pages would get mixed up, and to be all in the slot.
 */
static bool slot_has_block(const struct kvm_s2_fault *f, u64 size)
{
	const struct kvm_memory_slot *slot = f->slot;
	gpa_t block = f->ipa & ~(size - 1);

	if ((kvm_slot_start(slot) ^ slot->userspace_addr) & (size - 1))
		return false;

	return block >= kvm_slot_start(slot) &&
	       block + size <= kvm_slot_end(slot);
}

/* With mmu_lock held, so that the host's mapping is still the one of @pfn. */
static void fault_set_size(struct kvm_s2_fault *f)
{
	u64 block = kvm_granule_size(KVM_PGTABLE_BLOCK_LEVEL);

	f->size = PAGE_SIZE;
	if (f->logging || f->device || !slot_has_block(f, block) ||
	    kvm_host_mapping_size(f->vcpu->kvm->mm, f->hva) < block)
		return;

	f->size = block;
	f->ipa &= ~(block - 1);
	f->pfn &= ~((kvm_pfn_t)(block >> PAGE_SHIFT) - 1);
}

/*
 * Memory becomes executable when the guest executes it, and not before: that
 * is when the instruction cache is invalidated. While dirty pages are logged
 * it becomes writable when the guest writes.
 */
static void fault_set_prot(struct kvm_s2_fault *f)
{
	f->prot = KVM_PGTABLE_PROT_R;
	if (f->writable && (f->write || !f->logging))
		f->prot |= KVM_PGTABLE_PROT_W;
	if (f->exec)
		f->prot |= KVM_PGTABLE_PROT_X;
	if (f->device)
		f->prot |= KVM_PGTABLE_PROT_DEVICE;
}

/*
 * High memory is cleaned through user space's mapping, which is the one of
 * @pfn as long as mmu_lock keeps the notifiers out. If that is not possible,
 * it is cleaned like all other memory when it is mapped.
 */
static bool fault_clean_user(const struct kvm_s2_fault *f)
{
	unsigned long hva = f->hva & ~((unsigned long)f->size - 1);

	return !f->device && kvm_phys_is_highmem(PFN_PHYS((u64)f->pfn)) &&
	       kvm_flush_dcache_user(hva, f->size);
}

/* Does the fault say that a mapping of this very size is too strict? */
static bool fault_needs_relax(const struct kvm_s2_fault *f)
{
	u32 level = kvm_vcpu_trap_get_fault_level(f->vcpu);

	return f->perm && kvm_granule_size(level) == f->size;
}

static int fault_map(struct kvm_s2_fault *f, enum kvm_pgtable_walk_flags flags)
{
	struct kvm_vcpu *vcpu = f->vcpu;

	if (!fault_pgt(f) || mmu_invalidate_retry(vcpu->kvm, f->mmu_seq))
		return -EAGAIN;

	fault_set_size(f);
	fault_set_prot(f);

	if (fault_needs_relax(f))
		return kvm_pgtable_stage2_relax_perms(fault_pgt(f), f->ipa,
						      f->prot);

	if (fault_clean_user(f))
		flags |= KVM_PGTABLE_WALK_CLEAN;

	return kvm_pgtable_stage2_map(fault_pgt(f), f->ipa, f->size,
				      PFN_PHYS((u64)f->pfn), f->prot,
				      &vcpu->arch.mmu_page_cache, flags);
}

/* In parallel with other faults; alone only where tables have to go. */
static int fault_map_locked(struct kvm_s2_fault *f)
{
	struct kvm *kvm = f->vcpu->kvm;
	int ret;

	read_lock(&kvm->mmu_lock);
	ret = fault_map(f, KVM_PGTABLE_WALK_SHARED);
	read_unlock(&kvm->mmu_lock);

	if (ret == -EBUSY) {
		write_lock(&kvm->mmu_lock);
		ret = fault_map(f, 0);
		write_unlock(&kvm->mmu_lock);
	}

	return ret;
}

/* Page frames that nobody counts references to need not be given back. */
static void fault_put_page(struct kvm_s2_fault *f, bool mapped)
{
	bool dirty = mapped && (f->prot & KVM_PGTABLE_PROT_W);

	if (dirty)
		mark_page_dirty_in_slot(f->vcpu->kvm, f->slot, f->gfn);

	if (!f->page)
		return;

	if (dirty)
		kvm_release_page_dirty(f->page);
	else
		kvm_release_page_clean(f->page);
}

static int handle_memory_fault(struct kvm_s2_fault *f)
{
	struct kvm_vcpu *vcpu = f->vcpu;
	int ret;

	ret = kvm_mmu_topup_memory_cache(&vcpu->arch.mmu_page_cache,
					 KVM_STAGE2_FAULT_PAGES);
	if (ret)
		return ret;

	ret = fault_get_page(f);
	if (ret)
		return ret;

	/*
	 * Instructions cannot come from a device, and HCR.PTW keeps table
	 * walks away from there.
	 */
	if (f->device && (f->exec || kvm_vcpu_abt_iss1tw(vcpu))) {
		fault_put_page(f, false);
		return inject_abort(vcpu);
	}

	ret = fault_map_locked(f);
	fault_put_page(f, !ret);

	/* Whoever was faster has changed what the guest finds. */
	return !ret || ret == -EAGAIN ? 1 : ret;
}

/* The page was made old to see if it is used: it is. */
static int handle_access_fault(struct kvm_s2_fault *f)
{
	struct kvm *kvm = f->vcpu->kvm;
	kvm_pte_t pte = 0;

	trace_kvm_access_fault(f->ipa);

	read_lock(&kvm->mmu_lock);
	if (fault_pgt(f))
		pte = kvm_pgtable_stage2_mkyoung(fault_pgt(f), f->ipa);
	read_unlock(&kvm->mmu_lock);

	if (kvm_pte_valid(pte))
		kvm_set_pfn_accessed(kvm_pte_to_phys(pte) >> PAGE_SHIFT);

	return 1;
}

/* No memory slot, or a write to one that is read-only: a device, perhaps. */
static int handle_io_fault(struct kvm_s2_fault *f)
{
	struct kvm_vcpu *vcpu = f->vcpu;
	gpa_t ipa = f->ipa | offset_in_page(kvm_vcpu_get_hfar(vcpu));

	/* For an instruction or a table walk there is not even a syndrome. */
	if (kvm_vcpu_trap_is_iabt(vcpu) || kvm_vcpu_abt_iss1tw(vcpu))
		return inject_abort(vcpu);

	/* Nothing there can be in a cache, so maintenance is done already. */
	if (kvm_is_error_hva(f->hva) && kvm_vcpu_dabt_is_cm(vcpu)) {
		kvm_incr_pc(vcpu);
		return 1;
	}

	return io_mem_abort(vcpu, ipa);
}

static int handle_fault(struct kvm_s2_fault *f, bool access)
{
	bool writable;

	f->slot = gfn_to_memslot(f->vcpu->kvm, f->gfn);
	f->hva = gfn_to_hva_memslot_prot(f->slot, f->gfn, &writable);
	if (kvm_is_error_hva(f->hva) || (f->write && !writable))
		return handle_io_fault(f);

	if (access)
		return handle_access_fault(f);

	f->logging = kvm_slot_is_logging(f->slot);
	return handle_memory_fault(f);
}

/**
 * kvm_handle_guest_abort() - handle an abort that a guest took to HYP mode
 * @vcpu: the vCPU, with its fault information filled in
 *
 * Memory is mapped, devices are emulated, all else is given back to the guest
 * as an abort of its own.
 *
 * Context: the vCPU's thread, process context. May sleep.
 * Return: 1 to go on with the guest; 0 to go to user space, with the exit
 * reason set; -EFAULT for memory that user space does not back, or for an
 * abort that Stage-2 cannot have caused; -ENOMEM; -ENOSYS for an access that
 * user space would have to decode, but has not said that it can.
 */
int kvm_handle_guest_abort(struct kvm_vcpu *vcpu)
{
	unsigned long type = kvm_vcpu_trap_get_fault_type(vcpu);
	struct kvm_s2_fault fault = {
		.vcpu	= vcpu,
		.ipa	= kvm_vcpu_get_fault_ipa(vcpu),
		.write	= kvm_is_write_fault(vcpu),
		.exec	= kvm_vcpu_trap_is_iabt(vcpu) &&
			  !kvm_vcpu_abt_iss1tw(vcpu),
		.perm	= type == FSC_PERM,
	};
	int ret, idx;

	/* Memory reports an error: that is not for the host to die of. */
	if (kvm_vcpu_abt_issea(vcpu)) {
		kvm_inject_vabt(vcpu);
		return 1;
	}

	trace_kvm_guest_fault(*vcpu_pc(vcpu), kvm_vcpu_get_hsr(vcpu),
			      kvm_vcpu_get_hfar(vcpu), fault.ipa);

	if (type != FSC_FAULT && type != FSC_ACCESS && type != FSC_PERM)
		return -EFAULT;

	fault.gfn = gpa_to_gfn(fault.ipa);

	idx = srcu_read_lock(&vcpu->kvm->srcu);
	ret = handle_fault(&fault, type == FSC_ACCESS);
	srcu_read_unlock(&vcpu->kvm->srcu, idx);

	return ret;
}
