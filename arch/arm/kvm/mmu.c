// SPDX-License-Identifier: GPL-2.0-only
/*
 * Stage-2 of a VM: its life, and operations on parts of it
 *
 * kvm->mmu_lock protects the tables: held for reading by faults, which may
 * run in parallel, and for writing by everything else.
 */
#include <linux/kvm_host.h>
#include <linux/mm.h>
#include <linux/slab.h>

#include <asm/kvm_mmu.h>

#include "mmu.h"
#include "table.h"

#define CREATE_TRACE_POINTS
#include "trace_mmu.h"

/*
 * The lock is held over as much at most where others may get a turn: 5 ms on
 * a slow core, if all of it has to be cleaned a page at a time.
 */
#define STAGE2_CHUNK	SZ_64M

static void *s2_zalloc_page(void *arg)
{
	struct kvm_stage2_ctx *ctx = arg;
	struct kvm_mmu_memory_cache *mc = ctx->cache;
	void *table;

	if (!mc->nobjs)
		return NULL;

	table = kvm_mmu_memory_cache_alloc(mc);
	kvm_account_pgtable_pages(table, 1);
	return kvm_table_init(table, PAGE_SIZE);
}

static void *s2_zalloc_pgd(size_t size)
{
	void *pgd = alloc_pages_exact(size, GFP_KERNEL_ACCOUNT | __GFP_ZERO);

	if (pgd)
		kvm_account_pgtable_pages(pgd, size >> PAGE_SHIFT);
	return kvm_table_init(pgd, size);
}

static void s2_free_pgd(void *pgd, size_t size)
{
	kvm_account_pgtable_pages(pgd, -(int)(size >> PAGE_SHIFT));
	free_pages_exact(pgd, size);
}

static void s2_put_page(void *table, unsigned int nr)
{
	if (!kvm_table_put(table, nr))
		return;

	kvm_account_pgtable_pages(table, -1);
	free_page((unsigned long)table);
}

static void s2_dcache_clean_inval(void *arg, u64 addr, u64 phys, u64 size)
{
	struct kvm_stage2_ctx *ctx = arg;
	unsigned long hva = (unsigned long)addr + ctx->hva_offset;

	kvm_clean_guest_memory(phys, size, ctx->user, hva);
}

static void s2_tlb_inval(struct kvm_pgtable *pgt, u64 addr, u64 size)
{
	trace_kvm_stage2_tlb_inval(addr, size);
	kvm_tlb_inval_vm(pgt->mmu);
}

static struct kvm_pgtable_mm_ops s2_mm_ops = {
	.zalloc_page		= s2_zalloc_page,
	.zalloc_pgd		= s2_zalloc_pgd,
	.free_pgd		= s2_free_pgd,
	.get_page		= kvm_table_get,
	.put_page		= s2_put_page,
	.page_count		= kvm_table_count,
	.phys_to_virt		= kvm_table_virt,
	.virt_to_phys		= kvm_table_phys,
	.sync_table		= kvm_sync_table,
	.dcache_clean_inval	= s2_dcache_clean_inval,
	.icache_inval		= __invalidate_icache_guest_pages,
	.tlb_inval		= s2_tlb_inval,
};

static const struct kvm_pgtable_mm_ops *stage2_ops(void)
{
	/* Every VM finds the same: whoever is first, or last, does no harm. */
	if (!kvm_table_walks_coherent())
		s2_mm_ops.clean_table = kvm_clean_table;
	s2_mm_ops.sh = kvm_memory_sh();

	return &s2_mm_ops;
}

/*
 * Read at each load and seldom written: not worth a per-CPU allocation, which
 * takes ten times as long.
 */
static int init_last_ran(struct kvm_s2_mmu *mmu)
{
	unsigned int cpu;

	mmu->last_vcpu_ran = kmalloc_array(nr_cpu_ids,
					   sizeof(*mmu->last_vcpu_ran),
					   GFP_KERNEL_ACCOUNT);
	if (!mmu->last_vcpu_ran)
		return -ENOMEM;

	for (cpu = 0; cpu < nr_cpu_ids; cpu++)
		mmu->last_vcpu_ran[cpu] = -1;
	return 0;
}

/**
 * kvm_alloc_stage2_pgd() - give a VM an empty Stage-2
 * @kvm: the VM, which nobody else knows yet
 *
 * Return: 0 or -ENOMEM, with nothing left behind.
 */
int kvm_alloc_stage2_pgd(struct kvm *kvm)
{
	struct kvm_s2_mmu *mmu = &kvm->arch.mmu;
	struct kvm_pgtable *pgt;
	int ret;

	pgt = kzalloc(sizeof(*pgt), GFP_KERNEL_ACCOUNT);
	if (!pgt)
		return -ENOMEM;

	ret = init_last_ran(mmu);
	if (ret)
		goto free_pgt;

	ret = kvm_pgtable_stage2_init(pgt, mmu, stage2_ops());
	if (ret)
		goto free_last_ran;

	mmu->arch = &kvm->arch;
	mmu->split_page_cache.gfp_zero = __GFP_ZERO;
	mmu->pgd_phys = __pa(pgt->pgd);
	mmu->pgt = pgt;
	return 0;

free_last_ran:
	kfree(mmu->last_vcpu_ran);
free_pgt:
	kfree(pgt);
	return ret;
}

/**
 * kvm_free_stage2_pgd() - take a VM's Stage-2 away
 * @kvm: the VM
 *
 * May be called again, when there is none any more. From then on the MMU
 * notifiers and everything else find nothing to do.
 *
 * Context: process context; no vCPU runs.
 */
void kvm_free_stage2_pgd(struct kvm *kvm)
{
	struct kvm_s2_mmu *mmu = &kvm->arch.mmu;
	struct kvm_pgtable *pgt;

	write_lock(&kvm->mmu_lock);
	pgt = mmu->pgt;
	mmu->pgt = NULL;
	write_unlock(&kvm->mmu_lock);

	kvm_mmu_free_memory_cache(&mmu->split_page_cache);
	if (!pgt)
		return;

	/* The VMID is good for the last TLB invalidation until here. */
	kvm_pgtable_destroy(pgt);
	kfree(pgt);
	mmu->pgd_phys = 0;
	kfree(mmu->last_vcpu_ran);
	mmu->last_vcpu_ran = NULL;
}

/**
 * kvm_stage2_apply() - do something to a range of Stage-2
 * @kvm:       the VM
 * @start:     first IPA, page aligned
 * @end:       IPA after the last, likewise
 * @op:        operation of the page-table engine
 * @ctx:       for @op; NULL if it does not need memory
 * @may_block: mmu_lock may be dropped in between and at the end, to let others run
 *
 * Context: mmu_lock held for writing.
 * Return: a negative errno; 1 if @op returned 1 for any part; else 0. That is
 * also what happens where there is no Stage-2 any more.
 */
int kvm_stage2_apply(struct kvm *kvm, gpa_t start, gpa_t end,
		     kvm_stage2_op_t op, struct kvm_stage2_ctx *ctx,
		     bool may_block)
{
	int ret, any = 0;
	gpa_t next;

	lockdep_assert_held_write(&kvm->mmu_lock);

	for (; start < end; start = next) {
		struct kvm_pgtable *pgt = kvm->arch.mmu.pgt;

		if (!pgt)
			break;

		next = min((start | (STAGE2_CHUNK - 1)) + 1, end);
		ret = op(pgt, start, next - start, ctx);
		if (ret < 0)
			return ret;
		any |= ret;

		/* Of many small ranges each is done soon, and all of them are not */
		if (may_block)
			cond_resched_rwlock_write(&kvm->mmu_lock);
	}

	return any;
}

static void apply_to_slot(struct kvm *kvm, const struct kvm_memory_slot *slot,
			  gpa_t start, gpa_t end, kvm_stage2_op_t op,
			  bool may_block)
{
	struct kvm_stage2_ctx ctx;

	kvm_stage2_slot_ctx(&ctx, kvm, slot);
	kvm_stage2_apply(kvm, start, end, op, &ctx, may_block);
}

/**
 * kvm_phys_addr_ioremap() - map a device for a guest
 * @kvm:      the VM
 * @gpa:      IPA, page aligned
 * @pa:       physical address, page aligned
 * @size:     size in bytes, a multiple of the page size
 * @writable: the guest may write, too
 *
 * Context: process context.
 * Return: 0; -ENOMEM; -EINVAL or -ERANGE for an address that is not aligned
 * or cannot be mapped, or if there is no Stage-2 any more.
 */
int kvm_phys_addr_ioremap(struct kvm *kvm, gpa_t gpa, phys_addr_t pa,
			  unsigned long size, bool writable)
{
	struct kvm_mmu_memory_cache cache = { .gfp_zero = __GFP_ZERO };
	struct kvm_stage2_ctx ctx = { .cache = &cache };
	enum kvm_pgtable_prot prot = KVM_PGTABLE_PROT_DEVICE |
				     KVM_PGTABLE_PROT_R;
	struct kvm_s2_mmu *mmu = &kvm->arch.mmu;
	unsigned long done;
	int ret = 0;

	if (writable)
		prot |= KVM_PGTABLE_PROT_W;

	for (done = 0; done < size; done += PAGE_SIZE) {
		ret = kvm_mmu_topup_memory_cache(&cache,
						 KVM_STAGE2_FAULT_PAGES);
		if (ret)
			break;

		write_lock(&kvm->mmu_lock);
		ret = -EINVAL;
		if (mmu->pgt)
			ret = kvm_pgtable_stage2_map(mmu->pgt, gpa + done,
						     PAGE_SIZE, pa + done,
						     prot, &ctx, 0);
		write_unlock(&kvm->mmu_lock);
		if (ret)
			break;
	}

	kvm_mmu_free_memory_cache(&cache);
	return ret;
}

int kvm_arch_flush_remote_tlbs(struct kvm *kvm)
{
	trace_kvm_stage2_tlb_inval(0, kvm_phys_size(&kvm->arch.mmu));
	kvm_tlb_inval_vm(&kvm->arch.mmu);
	return 0;
}

int kvm_arch_flush_remote_tlbs_range(struct kvm *kvm, gfn_t gfn, u64 nr_pages)
{
	trace_kvm_stage2_tlb_inval(gfn_to_gpa(gfn), nr_pages << PAGE_SHIFT);
	kvm_tlb_inval_vm(&kvm->arch.mmu);
	return 0;
}

void kvm_arch_flush_shadow_all(struct kvm *kvm)
{
	kvm_free_stage2_pgd(kvm);
}

void kvm_arch_flush_shadow_memslot(struct kvm *kvm,
				   struct kvm_memory_slot *slot)
{
	write_lock(&kvm->mmu_lock);
	apply_to_slot(kvm, slot, kvm_slot_start(slot), kvm_slot_end(slot),
		      kvm_pgtable_stage2_unmap, true);
	write_unlock(&kvm->mmu_lock);
}

/*
 * MMU notifiers. What they unmap has had its TLB invalidation by then.
 */

bool kvm_unmap_gfn_range(struct kvm *kvm, struct kvm_gfn_range *range)
{
	apply_to_slot(kvm, range->slot, gfn_to_gpa(range->start),
		      gfn_to_gpa(range->end), kvm_pgtable_stage2_unmap,
		      range->may_block);
	return false;
}

static bool test_clear_young(struct kvm *kvm, struct kvm_gfn_range *range,
			     bool clear)
{
	struct kvm_pgtable *pgt = kvm->arch.mmu.pgt;
	gpa_t start = gfn_to_gpa(range->start);
	u64 size = gfn_to_gpa(range->end) - start;

	if (!pgt)
		return false;

	return kvm_pgtable_stage2_test_clear_young(pgt, start, size, clear);
}

bool kvm_age_gfn(struct kvm *kvm, struct kvm_gfn_range *range)
{
	return test_clear_young(kvm, range, true);
}

bool kvm_test_age_gfn(struct kvm *kvm, struct kvm_gfn_range *range)
{
	return test_clear_young(kvm, range, false);
}

/* Pages that come with a struct page; devices stay as they are. */
static void unmap_slot_ram(struct kvm *kvm, struct kvm_memory_slot *slot)
{
	hva_t hva = slot->userspace_addr;
	hva_t end = hva + (slot->npages << PAGE_SHIFT);
	struct vm_area_struct *vma;
	struct vma_iterator vmi;

	vma_iter_init(&vmi, current->mm, hva);
	for_each_vma_range(vmi, vma, end) {
		hva_t from = max(hva, vma->vm_start);
		hva_t to = min(end, vma->vm_end);
		gpa_t gpa = kvm_slot_start(slot) + (from - hva);

		if (!(vma->vm_flags & VM_PFNMAP))
			apply_to_slot(kvm, slot, gpa, gpa + (to - from),
				      kvm_pgtable_stage2_unmap, true);
	}
}

/**
 * stage2_unmap_vm() - unmap a guest's RAM
 * @kvm: the VM
 *
 * The guest faults it in again, and what it finds then is in memory, not only
 * in the caches: for a guest that starts over with its caches off.
 *
 * Context: process context of the VM's user space.
 */
void stage2_unmap_vm(struct kvm *kvm)
{
	struct kvm_memory_slot *slot;
	int idx, bkt;

	idx = srcu_read_lock(&kvm->srcu);
	mmap_read_lock(current->mm);
	write_lock(&kvm->mmu_lock);

	kvm_for_each_memslot(slot, bkt, kvm_memslots(kvm))
		unmap_slot_ram(kvm, slot);

	write_unlock(&kvm->mmu_lock);
	mmap_read_unlock(current->mm);
	srcu_read_unlock(&kvm->srcu, idx);
}

/**
 * stage2_flush_vm() - clean and invalidate a guest's memory
 * @kvm: the VM
 *
 * All that is mapped, to the point of coherency.
 *
 * Context: process context.
 */
void stage2_flush_vm(struct kvm *kvm)
{
	struct kvm_memory_slot *slot;
	int idx, bkt;

	idx = srcu_read_lock(&kvm->srcu);
	write_lock(&kvm->mmu_lock);

	kvm_for_each_memslot(slot, bkt, kvm_memslots(kvm))
		apply_to_slot(kvm, slot, kvm_slot_start(slot),
			      kvm_slot_end(slot), kvm_pgtable_stage2_flush,
			      true);

	write_unlock(&kvm->mmu_lock);
	srcu_read_unlock(&kvm->srcu, idx);
}
