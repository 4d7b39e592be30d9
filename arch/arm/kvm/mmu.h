/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the mmu*.c files have in common.
 */
#ifndef __ARM_KVM_LOCAL_MMU_H__
#define __ARM_KVM_LOCAL_MMU_H__

#include <linux/kvm_host.h>
#include <linux/sched.h>
#include <asm/kvm_pgtable.h>

/* Table pages that a fault may need: one of level 2 and one of level 3 */
#define KVM_STAGE2_FAULT_PAGES	2

/**
 * struct kvm_stage2_ctx - what the page-table engine works with on Stage-2
 * @cache:	where table pages come from
 * @hva_offset:	from an IPA, modulo 2^32, to the address in user space
 * @user:	the memory may be cleaned through user space's mapping
 *
 * As long as mmu_lock keeps the MMU notifiers out, what a guest has mapped is
 * what user space has mapped at the same place. What its TLBs hold is another
 * matter: see kvm_sync_user_tlb().
 */
struct kvm_stage2_ctx {
	struct kvm_mmu_memory_cache *cache;
	unsigned long hva_offset;
	bool user;
};

/* An operation of the page-table engine on a range */
typedef int (*kvm_stage2_op_t)(struct kvm_pgtable *pgt, u64 addr, u64 size,
			       void *ctx);

int kvm_stage2_apply(struct kvm *kvm, gpa_t start, gpa_t end,
		     kvm_stage2_op_t op, struct kvm_stage2_ctx *ctx,
		     bool may_block);

static inline gpa_t kvm_slot_start(const struct kvm_memory_slot *slot)
{
	return gfn_to_gpa(slot->base_gfn);
}

static inline gpa_t kvm_slot_end(const struct kvm_memory_slot *slot)
{
	return gfn_to_gpa(slot->base_gfn + slot->npages);
}

/*
 * A block has to be aligned in the same way for the guest and for user space,
 * or pages would get mixed up.
 */
static inline bool kvm_slot_fits_block(const struct kvm_memory_slot *slot,
				       u64 size)
{
	return !((kvm_slot_start(slot) ^ slot->userspace_addr) & (size - 1));
}

/* How many pages a fault maps at most, where it makes no block */
#define KVM_HOST_PAGES		16

/**
 * struct kvm_host_pages - pages next to each other in user space
 * @phys:	where they are in memory
 * @nr:		how many
 * @writable:	they may be written to
 * @block:	they are part of a 2 MiB page
 */
struct kvm_host_pages {
	u64 phys[KVM_HOST_PAGES];
	unsigned int nr;
	bool writable;
	bool block;
};

#ifdef CONFIG_HAVE_GUP_FAST
bool kvm_look_up_host_pages(struct mm_struct *mm, unsigned long hva, bool write,
			    unsigned int nr, struct kvm_host_pages *host);
bool kvm_host_has_page(struct mm_struct *mm, unsigned long hva);
#else
static inline bool kvm_look_up_host_pages(struct mm_struct *mm,
					  unsigned long hva, bool write,
					  unsigned int nr,
					  struct kvm_host_pages *host)
{
	return false;
}

static inline bool kvm_host_has_page(struct mm_struct *mm, unsigned long hva)
{
	return true;
}
#endif

/* For memory of a slot, from any context; without a cache of table pages */
static inline void kvm_stage2_slot_ctx(struct kvm_stage2_ctx *ctx,
				       const struct kvm *kvm,
				       const struct kvm_memory_slot *slot)
{
	*ctx = (struct kvm_stage2_ctx) {
		.hva_offset	= slot->userspace_addr -
				  (unsigned long)kvm_slot_start(slot),
		.user		= current->mm == kvm->mm,
	};
}

/*
 * Are pages of this slot to be mapped for writing one by one? With a dirty ring
 * there may be no bitmap.
 */
static inline bool kvm_slot_is_logging(const struct kvm_memory_slot *slot)
{
	return (slot->flags & KVM_MEM_LOG_DIRTY_PAGES) &&
	       !(slot->flags & KVM_MEM_READONLY);
}

#endif /* __ARM_KVM_LOCAL_MMU_H__ */
