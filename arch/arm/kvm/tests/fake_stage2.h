/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _ARM_KVM_TESTS_FAKE_STAGE2_H
#define _ARM_KVM_TESTS_FAKE_STAGE2_H

#include <linux/gfp.h>
#include <linux/kvm_host.h>
#include <asm/kvm_pgtable.h>

#include "mmu.h"
#include "table.h"

/* A Stage-2 of which no CPU knows */

/* For a fault from the vCPU's cache, for the tests from anywhere */
static inline void *fake_zalloc_page(void *arg)
{
	struct kvm_stage2_ctx *ctx = arg;
	void *table = NULL;

	if (!ctx)
		table = (void *)get_zeroed_page(GFP_KERNEL);
	else if (ctx->cache->nobjs)
		table = kvm_mmu_memory_cache_alloc(ctx->cache);
	return kvm_table_init(table, PAGE_SIZE);
}

static inline void *fake_zalloc_pgd(size_t size)
{
	return kvm_table_init(alloc_pages_exact(size, GFP_KERNEL | __GFP_ZERO),
			      size);
}

static inline void fake_put_table(void *table, unsigned int nr)
{
	if (kvm_table_put(table, nr))
		free_page((unsigned long)table);
}

static inline void fake_tlb_inval(struct kvm_pgtable *pgt, u64 addr, u64 size)
{
}

static const struct kvm_pgtable_mm_ops fake_stage2_ops = {
	.zalloc_page	= fake_zalloc_page,
	.zalloc_pgd	= fake_zalloc_pgd,
	.free_pgd	= free_pages_exact,
	.get_page	= kvm_table_get,
	.put_page	= fake_put_table,
	.page_count	= kvm_table_count,
	.phys_to_virt	= kvm_table_virt,
	.virt_to_phys	= kvm_table_phys,
	.tlb_inval	= fake_tlb_inval,
};

#endif /* _ARM_KVM_TESTS_FAKE_STAGE2_H */
