// SPDX-License-Identifier: GPL-2.0-only
/*
 * Aborts that a guest takes to HYP mode
 *
 * An access to guest memory that Stage-2 does not permit (yet) goes from step
 * to step here with a struct kvm_s2_fault. All others are for the emulation
 * of devices, or the guest's own fault.
 */
#include <linux/kvm_host.h>
#include <linux/memblock.h>
#include <linux/mm.h>
#include <linux/pgtable.h>

#include <asm/kvm_emulate.h>
#include <asm/kvm_mmu.h>

#include "compat.h"
#include "mmu.h"
#include "trace.h"

/**
 * struct kvm_s2_fault - a Stage-2 fault on guest memory
 * @vcpu:	who took it
 * @slot:	the memory slot it is in
 * @ipa:	where, page aligned
 * @gfn:	the page
 * @hva:	its address in user space
 * @host:	the page, and those that follow, in memory
 * @page:	its struct page, if a reference is held
 * @size:	of the mapping to make, in bytes
 * @mmu_seq:	what the MMU notifiers had done before the page was looked up
 * @prot:	of the mapping to make
 * @ctx:	for the page-table engine
 * @write:	the guest wants to write
 * @exec:	the guest wants to execute
 * @perm:	there is a mapping, but it does not permit that
 * @logging:	dirty pages are logged
 * @found:	the page was looked up: it is in @host whatever user space has
 * @device:	the page is not memory
 */
struct kvm_s2_fault {
	struct kvm_vcpu		*vcpu;
	struct kvm_memory_slot	*slot;
	gpa_t			ipa;
	gfn_t			gfn;
	hva_t			hva;
	struct kvm_host_pages	*host;
	struct page		*page;
	u64			size;
	unsigned long		mmu_seq;
	enum kvm_pgtable_prot	prot;
	struct kvm_stage2_ctx	ctx;
	bool			write;
	bool			exec;
	bool			perm;
	bool			logging;
	bool			found;
	bool			device;
};

/* The guest is told where, in its own address space, and no more. */
static int inject_abort(struct kvm_vcpu *vcpu)
{
	kvm_inject_abort(vcpu);
	return 1;
}

static struct kvm_pgtable *fault_pgt(const struct kvm_s2_fault *f)
{
	return f->vcpu->kvm->arch.mmu.pgt;
}

/* All that is found out from here on is void if the notifiers come by. */
static void fault_begin(struct kvm_s2_fault *f)
{
	f->mmu_seq = f->vcpu->kvm->mmu_invalidate_seq;

	/* Pairs with smp_wmb() in kvm_mmu_invalidate_end(). */
	smp_rmb();
}

/*
 * A fault maps the pages that follow, too, up to the next multiple of so many,
 * if user space has them mapped. Not while dirty pages are logged: a page is
 * then made writable, and marked, when it is written to. And where a mapping
 * is too strict its neighbours have one.
 */
static unsigned int fault_around(const struct kvm_s2_fault *f)
{
	const struct kvm_memory_slot *slot = f->slot;
	gfn_t end = (f->gfn | (KVM_HOST_PAGES - 1)) + 1;

	if (f->perm || kvm_slot_dirty_track_enabled(slot))
		return 1;

	return min_t(gfn_t, end, slot->base_gfn + slot->npages) - f->gfn;
}

/* With mmu_lock held: what user space has mapped, or else what was found. */
static bool fault_find_pages(struct kvm_s2_fault *f)
{
	if (kvm_look_up_host_pages(f->vcpu->kvm->mm, f->hva, f->write,
				   fault_around(f), f->host))
		f->device = false;
	else if (!f->found)
		return false;

	if (f->slot->flags & KVM_MEM_READONLY)
		f->host->writable = false;
	return true;
}

/*
 * The fault that user space would take if it wrote there, and no more than
 * that: what has to wait, or is no plain memory, is for those who know how.
 * Memory that the guest is the first to touch takes this way.
 */
static bool host_fault_in(struct mm_struct *mm, unsigned long hva)
{
	const unsigned int flags = FAULT_FLAG_WRITE | FAULT_FLAG_VMA_LOCK |
				   FAULT_FLAG_DEFAULT;
	struct vm_area_struct *vma = lock_vma_under_rcu(mm, hva);
	vm_fault_t ret = VM_FAULT_ERROR;

	if (!vma)
		return false;

	if ((vma->vm_flags & (VM_WRITE | VM_IO | VM_PFNMAP)) == VM_WRITE)
		ret = handle_mm_fault(vma, hva, flags, NULL);

	/* Otherwise the lock is gone. */
	if (!(ret & (VM_FAULT_RETRY | VM_FAULT_COMPLETED)))
		vma_end_read(vma);

	return !(ret & (VM_FAULT_ERROR | VM_FAULT_RETRY));
}

/*
 * Gets any kind of page into memory, if need be. Takes a reference to it.
 *
 * What is memory is what the kernel itself has mapped as such: a device may
 * have a struct page, if there is memory close to it, and so does what firmware
 * keeps to itself ("no-map").
 */
static int fault_get_page(struct kvm_s2_fault *f)
{
	struct kvm_host_pages *host = f->host;
	kvm_pfn_t pfn;

	pfn = kvm_fault_in_page(f->slot, f->gfn, f->write, &host->writable,
				&f->page);
	if (is_error_noslot_pfn(pfn))
		return -EFAULT;

	host->phys[0] = PFN_PHYS((u64)pfn);
	host->nr = 1;
	host->block = false;
	f->device = !memblock_is_map_memory(host->phys[0]);
	f->found = true;
	return 0;
}

/* A block has to be all in the slot. */
static bool slot_has_block(const struct kvm_s2_fault *f, u64 size)
{
	const struct kvm_memory_slot *slot = f->slot;
	gpa_t block = f->ipa & ~(size - 1);

	return kvm_slot_fits_block(slot, size) &&
	       block >= kvm_slot_start(slot) &&
	       block + size <= kvm_slot_end(slot);
}

static void fault_set_size(struct kvm_s2_fault *f)
{
	u64 block = kvm_granule_size(KVM_PGTABLE_BLOCK_LEVEL);

	f->size = PAGE_SIZE;
	if (f->host->block && !f->logging && slot_has_block(f, block))
		f->size = block;
}

/*
 * Memory becomes executable when the guest executes it, and not before: that
 * is when the instruction cache is invalidated. While dirty pages are logged
 * it becomes writable when the guest writes.
 */
static void fault_set_prot(struct kvm_s2_fault *f)
{
	f->prot = KVM_PGTABLE_PROT_R;
	if (f->host->writable && (f->write || !f->logging))
		f->prot |= KVM_PGTABLE_PROT_W;
	if (f->exec)
		f->prot |= KVM_PGTABLE_PROT_X;
	if (f->device)
		f->prot |= KVM_PGTABLE_PROT_DEVICE;
}

/*
 * What the guest may write to will be written back. The pages stay what they
 * are for as long as mmu_lock is held, or a reference to them.
 */
static void fault_mark_dirty(const struct kvm_s2_fault *f, unsigned int nr)
{
	unsigned int i;

	if (!(f->prot & KVM_PGTABLE_PROT_W))
		return;

	for (i = 0; i < nr; i++) {
		struct page *page = pfn_to_page(f->host->phys[i] >> PAGE_SHIFT);

		if (!PageDirty(page) && !PageReserved(page))
			SetPageDirty(page);
	}
}

static int fault_map(struct kvm_s2_fault *f, enum kvm_pgtable_walk_flags flags)
{
	struct kvm_host_pages *host = f->host;
	unsigned int nr = 1;
	int ret;

	if (!fault_pgt(f) || mmu_invalidate_retry(f->vcpu->kvm, f->mmu_seq))
		return -EAGAIN;

	if (!fault_find_pages(f))
		return -ENOENT;

	fault_set_size(f);
	fault_set_prot(f);

	ret = kvm_pgtable_stage2_map(fault_pgt(f), round_down(f->ipa, f->size),
				     f->size,
				     round_down(host->phys[0], f->size),
				     f->prot, &f->ctx, flags);
	if (ret)
		return ret;

	/*
	 * Whatever the fault was taken on, the tables permit it now, and the
	 * TLB of this CPU may not know. Other CPUs take the fault, too.
	 */
	if (f->perm)
		kvm_tlb_inval_vm_local(&f->vcpu->kvm->arch.mmu);

	if (host->nr > 1 && f->size == PAGE_SIZE)
		nr += kvm_pgtable_stage2_map_around(fault_pgt(f),
						    f->ipa + PAGE_SIZE,
						    &host->phys[1],
						    host->nr - 1, f->prot,
						    &f->ctx, flags);
	if (!f->device)
		fault_mark_dirty(f, nr);
	return 0;
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

/*
 * What user space has mapped, and can map at once. A page that nobody has
 * touched yet is not looked for with mmu_lock held: it is faulted in before.
 */
static int handle_mapped_page(struct kvm_s2_fault *f)
{
	struct mm_struct *mm = f->vcpu->kvm->mm;
	bool fresh = f->write && !kvm_host_has_page(mm, f->hva);
	int ret;

	if (fresh && !host_fault_in(mm, f->hva))
		return -ENOENT;

	fault_begin(f);
	ret = fault_map_locked(f);
	if (ret != -ENOENT || !f->write || fresh || !host_fault_in(mm, f->hva))
		return ret;

	fault_begin(f);
	return fault_map_locked(f);
}

/* All others. That the page was accessed was noted when it was looked up. */
static int handle_other_page(struct kvm_s2_fault *f)
{
	int ret;

	fault_begin(f);
	ret = fault_get_page(f);
	if (ret)
		return ret;

	/*
	 * Instructions cannot come from a device, and HCR.PTW keeps table
	 * walks away from there.
	 */
	if (f->device && (f->exec || kvm_vcpu_abt_iss1tw(f->vcpu)))
		ret = inject_abort(f->vcpu);
	else
		ret = fault_map_locked(f);
	if (f->page)
		put_page(f->page);
	return ret;
}

/*
 * Nothing is cleared but what has to be: the fault finds out all the rest.
 */
static int handle_memory_fault(struct kvm_vcpu *vcpu,
			       struct kvm_memory_slot *slot, gfn_t gfn,
			       hva_t hva, bool write)
{
	struct kvm_host_pages host __uninitialized;
	struct kvm_s2_fault f __uninitialized;
	int ret;

	ret = kvm_mmu_topup_memory_cache(&vcpu->arch.mmu_page_cache,
					 KVM_STAGE2_FAULT_PAGES);
	if (ret)
		return ret;

	f.vcpu = vcpu;
	f.slot = slot;
	f.ipa = gfn_to_gpa(gfn);
	f.gfn = gfn;
	f.hva = hva;
	f.host = &host;
	f.page = NULL;
	f.write = write;
	f.exec = kvm_vcpu_trap_is_iabt(vcpu) && !kvm_vcpu_abt_iss1tw(vcpu);
	f.perm = kvm_vcpu_trap_get_fault_type(vcpu) == FSC_PERM;
	f.logging = kvm_slot_is_logging(slot);
	f.found = false;
	f.device = false;
	kvm_stage2_slot_ctx(&f.ctx, vcpu->kvm, slot);
	f.ctx.cache = &vcpu->arch.mmu_page_cache;

	ret = handle_mapped_page(&f);
	if (ret == -ENOENT)
		ret = handle_other_page(&f);

	if (!ret && (f.prot & KVM_PGTABLE_PROT_W))
		mark_page_dirty_in_slot(vcpu->kvm, slot, gfn);

	/*
	 * Whoever was faster has changed what the guest finds, perhaps more than
	 * once, with table pages for one attempt: the next fault has new ones.
	 */
	return !ret || ret == -EAGAIN || ret == -ENOMEM ? 1 : ret;
}

/*
 * The page was made old to see if it is used: it is. Without mmu_lock it may be
 * somebody else's.
 */
static int handle_access_fault(struct kvm_vcpu *vcpu, gpa_t ipa)
{
	struct kvm *kvm = vcpu->kvm;
	struct kvm_pgtable *pgt;
	kvm_pte_t pte = 0;

	trace_kvm_access_fault(ipa);

	read_lock(&kvm->mmu_lock);
	pgt = kvm->arch.mmu.pgt;
	if (pgt)
		pte = kvm_pgtable_stage2_mkyoung(pgt, ipa);
	if (kvm_pte_valid(pte))
		kvm_note_pfn_accessed(kvm_pte_to_phys(pte) >> PAGE_SHIFT);
	read_unlock(&kvm->mmu_lock);

	return 1;
}

/* No memory slot, or a write to one that is read-only: a device, perhaps. */
static int handle_io_fault(struct kvm_vcpu *vcpu, gpa_t ipa)
{
	/* The VM has no such address: there is nothing to answer. */
	if (ipa >= kvm_phys_size(&vcpu->kvm->arch.mmu))
		return inject_abort(vcpu);

	/* For an instruction or a table walk there is not even a syndrome. */
	if (kvm_vcpu_trap_is_iabt(vcpu) || kvm_vcpu_abt_iss1tw(vcpu))
		return inject_abort(vcpu);

	/*
	 * Nothing there can be in a cache, or nothing that the guest wrote: so
	 * maintenance is done already.
	 */
	if (kvm_vcpu_dabt_is_cm(vcpu)) {
		kvm_incr_pc(vcpu);
		return 1;
	}

	if (!kvm_correct_srt(vcpu))
		return 1;

	return io_mem_abort(vcpu,
			    ipa | offset_in_page(kvm_vcpu_get_hfar(vcpu)));
}

static int handle_fault(struct kvm_vcpu *vcpu, gpa_t ipa, unsigned long type)
{
	bool write = kvm_is_write_fault(vcpu);
	gfn_t gfn = gpa_to_gfn(ipa);
	struct kvm_memory_slot *slot = gfn_to_memslot(vcpu->kvm, gfn);
	hva_t hva = gfn_to_hva_memslot_prot(slot, gfn, NULL);

	if (kvm_is_error_hva(hva))
		return handle_io_fault(vcpu, ipa);

	if (write && slot->flags & KVM_MEM_READONLY) {
		/*
		 * Cache maintenance counts as a write (B3.13.6). Most of it may
		 * be done to memory that can only be read, once it is mapped.
		 */
		if (type == FSC_PERM || !kvm_vcpu_dabt_is_cm(vcpu))
			return handle_io_fault(vcpu, ipa);
		write = false;
	}

	if (type == FSC_ACCESS)
		return handle_access_fault(vcpu, ipa);

	return handle_memory_fault(vcpu, slot, gfn, hva, write);
}

/**
 * kvm_find_fault_ipa() - find the IPA of an abort that HPFAR does not tell
 * @vcpu: the vCPU, at an abort on Stage-2 that is not one of a table walk
 *
 * The access may have been translated by an entry of the TLB, which outlives what
 * it was made of (B3.10.1): it would be so again, and for ever. So if the tables
 * do not permit the access any more, the entry goes, and what the guest then takes
 * is the fault that they lead to. If they have another IPA, so does the access.
 *
 * Context: the vCPU's thread, process context.
 * Return: true if it is in the fault information; false to go on with the guest.
 */
bool kvm_find_fault_ipa(struct kvm_vcpu *vcpu)
{
	gpa_t ipa;

	if (kvm_translate_fault(vcpu, &ipa)) {
		kvm_tlb_inval_vm_local(&vcpu->kvm->arch.mmu);
		return false;
	}

	vcpu->arch.fault.hpfar = (ipa >> PAGE_SHIFT) << HPFAR_FIPA_SHIFT;
	return true;
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
 * reason set; -EFAULT for memory that user space does not back; -ENOMEM;
 * -ENOSYS for an access that user space would have to decode, but has not said
 * that it can.
 */
int kvm_handle_guest_abort(struct kvm_vcpu *vcpu)
{
	unsigned long type = kvm_vcpu_trap_get_fault_type(vcpu);
	gpa_t ipa = kvm_vcpu_get_fault_ipa(vcpu);
	int ret, idx;

	trace_kvm_guest_fault(*vcpu_pc(vcpu), kvm_vcpu_get_hsr(vcpu),
			      kvm_vcpu_get_hfar(vcpu), ipa);

	if (unlikely(!kvm_vcpu_abt_is_stage2(vcpu))) {
		kvm_inject_own_abort(vcpu);
		return 1;
	}

	idx = srcu_read_lock(&vcpu->kvm->srcu);
	ret = handle_fault(vcpu, ipa, type);
	srcu_read_unlock(&vcpu->kvm->srcu, idx);

	return ret;
}
