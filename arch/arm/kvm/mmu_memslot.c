// SPDX-License-Identifier: GPL-2.0-only
/*
 * Memory slots and the log of dirty pages
 *
 * Pages are logged by write-protecting them: the fault that a write takes
 * marks the page and makes it writable, and no other. Blocks are split, either
 * by that fault or ahead of it, in chunks, if user space asked for that with
 * KVM_CAP_ARM_EAGER_SPLIT_CHUNK_SIZE.
 */
#include <linux/bitops.h>
#include <linux/kvm_host.h>
#include <linux/mm.h>

#include <asm/kvm_mmu.h>

#include "mmu.h"

/* One table for each block. Chunks are aligned to their size. */
static int split_cache_pages(u64 chunk)
{
	return max_t(int, chunk >> kvm_granule_shift(KVM_PGTABLE_BLOCK_LEVEL),
		     1);
}

/*
 * Drops mmu_lock where table pages have to be allocated or others are waiting
 * for it. Splitting ahead is a favour: without memory it just ends.
 */
static bool split_prepare(struct kvm *kvm, int pages)
{
	struct kvm_mmu_memory_cache *cache = &kvm->arch.mmu.split_page_cache;
	int ret;

	if (!need_resched() && !rwlock_needbreak(&kvm->mmu_lock) &&
	    kvm_mmu_memory_cache_nr_free_objects(cache) >= pages)
		return true;

	write_unlock(&kvm->mmu_lock);
	cond_resched();
	ret = __kvm_mmu_topup_memory_cache(cache, pages, pages);
	write_lock(&kvm->mmu_lock);

	return !ret;
}

static void split_blocks(struct kvm *kvm, gpa_t start, gpa_t end)
{
	struct kvm_s2_mmu *mmu = &kvm->arch.mmu;
	struct kvm_stage2_ctx ctx = { .cache = &mmu->split_page_cache };
	u64 chunk = mmu->split_page_chunk_size;
	gpa_t next;

	lockdep_assert_held_write(&kvm->mmu_lock);

	if (!chunk)
		return;

	for (; start < end; start = next) {
		next = min((start | (chunk - 1)) + 1, end);
		if (!split_prepare(kvm, split_cache_pages(chunk)) || !mmu->pgt)
			return;
		if (kvm_pgtable_stage2_split(mmu->pgt, start, next - start,
					     &ctx))
			return;
	}
}

static int wrprotect(struct kvm_pgtable *pgt, u64 addr, u64 size, void *ctx)
{
	return kvm_pgtable_stage2_wrprotect(pgt, addr, size);
}

static void start_logging(struct kvm *kvm, const struct kvm_memory_slot *slot)
{
	write_lock(&kvm->mmu_lock);
	kvm_stage2_apply(kvm, kvm_slot_start(slot), kvm_slot_end(slot),
			 wrprotect, NULL, true);
	write_unlock(&kvm->mmu_lock);

	kvm_flush_remote_tlbs_memslot(kvm, slot);

	write_lock(&kvm->mmu_lock);
	split_blocks(kvm, kvm_slot_start(slot), kvm_slot_end(slot));
	write_unlock(&kvm->mmu_lock);
}

/* Does the guest have pages where the host has a block? */
static bool block_is_split(struct kvm *kvm, const struct kvm_memory_slot *slot,
			   gpa_t gpa)
{
	hva_t hva = slot->userspace_addr + (gpa - kvm_slot_start(slot));
	struct kvm_pgtable *pgt = kvm->arch.mmu.pgt;
	struct kvm_host_pages host;
	kvm_pte_t pte;
	u32 level;

	return pgt && !kvm_pgtable_get_leaf(pgt, gpa, &pte, &level) &&
	       level == KVM_PGTABLE_LAST_LEVEL &&
	       kvm_look_up_host_pages(kvm->mm, hva, false, 1, &host) &&
	       host.block;
}

/*
 * Pages that were a block before they were logged, and can be one again. They
 * may all be writable by now, so that the guest would never fault on them: it
 * has to lose them for that.
 */
static void unite_blocks(struct kvm *kvm, const struct kvm_memory_slot *slot)
{
	u64 size = kvm_granule_size(KVM_PGTABLE_BLOCK_LEVEL);
	gpa_t start = ALIGN(kvm_slot_start(slot), size);
	gpa_t end = kvm_slot_end(slot);
	struct kvm_stage2_ctx ctx;
	gpa_t next;

	if (!kvm_slot_fits_block(slot, size))
		return;

	kvm_stage2_slot_ctx(&ctx, kvm, slot);
	write_lock(&kvm->mmu_lock);
	for (; start + size <= end; start = next + size) {
		next = start;
		while (next + size <= end && block_is_split(kvm, slot, next))
			next += size;
		kvm_stage2_apply(kvm, start, next, kvm_pgtable_stage2_unmap,
				 &ctx, true);
	}
	write_unlock(&kvm->mmu_lock);
}

/*
 * Called with mmu_lock held for writing; the caller does the TLB invalidation
 * when it is through with all of its masks.
 */
void kvm_arch_mmu_enable_log_dirty_pt_masked(struct kvm *kvm,
					     struct kvm_memory_slot *slot,
					     gfn_t gfn_offset,
					     unsigned long mask)
{
	gfn_t base = slot->base_gfn + gfn_offset;
	gpa_t start = gfn_to_gpa(base + __ffs(mask));
	gpa_t end = gfn_to_gpa(base + __fls(mask) + 1);

	kvm_stage2_apply(kvm, start, end, wrprotect, NULL, false);

	/* Otherwise they were split when logging began. */
	if (kvm_dirty_log_manual_protect_and_init_set(kvm))
		split_blocks(kvm, start, end);
}

/* Pages are marked dirty when they become writable: there is no buffer. */
void kvm_arch_sync_dirty_log(struct kvm *kvm, struct kvm_memory_slot *slot)
{
}

/* A device has no pages that could be dirty. */
static int check_loggable(const struct kvm_memory_slot *slot)
{
	hva_t hva = slot->userspace_addr;
	hva_t end = hva + (slot->npages << PAGE_SHIFT);
	struct vm_area_struct *vma;
	struct vma_iterator vmi;
	int ret = 0;

	vma_iter_init(&vmi, current->mm, hva);
	mmap_read_lock(current->mm);
	for_each_vma_range(vmi, vma, end) {
		if (vma->vm_flags & VM_PFNMAP) {
			ret = -EINVAL;
			break;
		}
	}
	mmap_read_unlock(current->mm);

	return ret;
}

int kvm_arch_prepare_memory_region(struct kvm *kvm,
				   const struct kvm_memory_slot *old,
				   struct kvm_memory_slot *new,
				   enum kvm_mr_change change)
{
	if (change == KVM_MR_DELETE)
		return 0;

	if (kvm_slot_end(new) > kvm_phys_size(&kvm->arch.mmu))
		return -EFAULT;

	return new->flags & KVM_MEM_LOG_DIRTY_PAGES ? check_loggable(new) : 0;
}

void kvm_arch_commit_memory_region(struct kvm *kvm,
				   struct kvm_memory_slot *old,
				   const struct kvm_memory_slot *new,
				   enum kvm_mr_change change)
{
	bool logging = new && new->flags & KVM_MEM_LOG_DIRTY_PAGES;

	if (!logging) {
		if (change == KVM_MR_FLAGS_ONLY &&
		    old->flags & KVM_MEM_LOG_DIRTY_PAGES)
			unite_blocks(kvm, new);
		kvm_mmu_free_memory_cache(&kvm->arch.mmu.split_page_cache);
		return;
	}

	/* Where all is dirty to begin with, clearing protects bit by bit. */
	if (!kvm_dirty_log_manual_protect_and_init_set(kvm))
		start_logging(kvm, new);
}

void kvm_arch_free_memslot(struct kvm *kvm, struct kvm_memory_slot *slot)
{
}

void kvm_arch_memslots_updated(struct kvm *kvm, u64 gen)
{
}
