/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the mmu*.c files have in common.
 */
#ifndef __ARM_KVM_LOCAL_MMU_H__
#define __ARM_KVM_LOCAL_MMU_H__

#include <linux/kvm_host.h>
#include <asm/kvm_pgtable.h>

/* Table pages that a fault may need: one of level 2 and one of level 3 */
#define KVM_STAGE2_FAULT_PAGES	2

/* An operation of the page-table engine on a range */
typedef int (*kvm_stage2_op_t)(struct kvm_pgtable *pgt, u64 addr, u64 size);

int kvm_stage2_apply(struct kvm *kvm, gpa_t start, gpa_t end,
		     kvm_stage2_op_t op, bool may_block);

u64 kvm_host_mapping_size(struct mm_struct *mm, unsigned long hva);

static inline gpa_t kvm_slot_start(const struct kvm_memory_slot *slot)
{
	return gfn_to_gpa(slot->base_gfn);
}

static inline gpa_t kvm_slot_end(const struct kvm_memory_slot *slot)
{
	return gfn_to_gpa(slot->base_gfn + slot->npages);
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
