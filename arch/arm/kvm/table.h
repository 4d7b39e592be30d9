/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Pages that translation tables are made of: what both kinds of tables have in
 * common. "Page count" is that of struct kvm_pgtable_mm_ops.
 *
 * It is not the number of references to the page. Of any page somebody may
 * take one for a moment, to see what it is: the page cache, whose page it was,
 * and whoever looks for pages to migrate. A table that was to go just then
 * would be left behind, or be charged for good.
 */
#ifndef __ARM_KVM_TABLE_H__
#define __ARM_KVM_TABLE_H__

#include <linux/atomic.h>
#include <linux/gfp.h>
#include <linux/mm.h>

static inline atomic_t *__kvm_table_count(void *table)
{
	return &virt_to_ptdesc(table)->pt_frag_refcount;
}

/**
 * kvm_table_init() - give pages for tables a page count of 1
 * @table: the pages, just allocated; NULL if there were none
 * @size:  in bytes
 *
 * Return: @table.
 */
static inline void *kvm_table_init(void *table, size_t size)
{
	size_t offset;

	for (offset = 0; table && offset < size; offset += PAGE_SIZE)
		atomic_set(__kvm_table_count(table + offset), 1);
	return table;
}

/**
 * kvm_table_count() - the page count of a table
 * @table: an address in its page
 */
static inline int kvm_table_count(void *table)
{
	return atomic_read(__kvm_table_count(table));
}

/**
 * kvm_table_get() - add to the page count of a table
 * @table: an address in its page
 * @nr:	   how much
 */
static inline void kvm_table_get(void *table, unsigned int nr)
{
	atomic_add(nr, __kvm_table_count(table));
}

/**
 * kvm_table_put() - drop from the page count of a table
 * @table: an address in its page
 * @nr:	   how much
 *
 * Return: true if none is left: the caller frees the page.
 */
static inline bool kvm_table_put(void *table, unsigned int nr)
{
	return atomic_sub_and_test(nr, __kvm_table_count(table));
}

/**
 * kvm_table_virt() - address of a table
 * @phys: its physical address
 */
static inline void *kvm_table_virt(u64 phys)
{
	return __va((phys_addr_t)phys);
}

/**
 * kvm_table_phys() - physical address of a table
 * @table: its address
 */
static inline u64 kvm_table_phys(void *table)
{
	return __pa(table);
}

#endif /* __ARM_KVM_TABLE_H__ */
