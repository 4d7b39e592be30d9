// SPDX-License-Identifier: GPL-2.0-only
/*
 * KUnit tests of the HYP address space
 *
 * They have an instance of hyp_map.c to themselves, with HYP addresses at an
 * offset from the kernel's, and look at the tables that it makes. What is
 * mapped is never used.
 */
#include <kunit/test.h>
#include <linux/gfp.h>
#include <linux/memblock.h>
#include <linux/pfn.h>
#include <linux/sizes.h>
#include <linux/vmalloc.h>

#ifndef HYP_TEST_OFFSET
#define HYP_TEST_OFFSET		0UL
#define HYP_TEST_SUITE		"kvm_arm_hyp_map"
#define HYP_TEST_NAME(fn)	test_##fn
#endif

#define HYP_PAGE_OFFSET		(PAGE_OFFSET - HYP_TEST_OFFSET)

#define kvm_mmu_init		HYP_TEST_NAME(kvm_mmu_init)
#define free_hyp_pgds		HYP_TEST_NAME(free_hyp_pgds)
#define kvm_mmu_get_boot_httbr	HYP_TEST_NAME(kvm_mmu_get_boot_httbr)
#define kvm_mmu_get_httbr	HYP_TEST_NAME(kvm_mmu_get_httbr)
#define kvm_get_idmap_vector	HYP_TEST_NAME(kvm_get_idmap_vector)
#define create_hyp_mappings	HYP_TEST_NAME(create_hyp_mappings)
#define remove_hyp_mappings	HYP_TEST_NAME(remove_hyp_mappings)
#define kvm_hyp_write_protect	HYP_TEST_NAME(kvm_hyp_write_protect)
#define create_hyp_stack	HYP_TEST_NAME(create_hyp_stack)
#define create_hyp_io_mappings	HYP_TEST_NAME(create_hyp_io_mappings)
#define kvm_hyp_walk		HYP_TEST_NAME(kvm_hyp_walk)
#include "../hyp_map.c"

static int count_leaf(const struct kvm_pgtable_visit *v)
{
	unsigned int *count = v->walker->arg;

	*count += kvm_pte_valid(v->old);
	return 0;
}

static unsigned int count_mapped(struct kvm_pgtable *pgt)
{
	unsigned int count = 0;
	const struct kvm_pgtable_walker walker = {
		.leaf	= count_leaf,
		.arg	= &count,
	};

	kvm_pgtable_walk(pgt, 0, BIT_ULL(KVM_HYP_VA_BITS), &walker);
	return count;
}

static kvm_pte_t hyp_pte(struct kvm_pgtable *pgt, unsigned long hva)
{
	kvm_pte_t pte = 0;
	u32 level;

	kvm_pgtable_get_leaf(pgt, hva & PAGE_MASK, &pte, &level);
	return pte;
}

static unsigned long alloc_test_page(struct kunit *test)
{
	unsigned long page = __get_free_page(GFP_KERNEL);

	KUNIT_ASSERT_NE(test, page, 0);
	return page;
}

static int hyp_map_init(struct kunit *test)
{
	KUNIT_ASSERT_EQ(test, 0, kvm_mmu_init());
	return 0;
}

static void hyp_map_exit(struct kunit *test)
{
	free_hyp_pgds();
	KUNIT_EXPECT_TRUE(test, xa_empty(&hyp_users));
	KUNIT_EXPECT_NULL(test, boot_pgt.pgd);
	KUNIT_EXPECT_NULL(test, hyp_pgt.pgd);
}

static void init_page_places(struct kunit *test)
{
	u64 phys = __pa_symbol(__hyp_idmap_text_start);
	kvm_pte_t idmap = hyp_pte(&boot_pgt, phys);
	kvm_pte_t boot = hyp_pte(&boot_pgt, TRAMPOLINE_VA);
	kvm_pte_t runtime = hyp_pte(&hyp_pgt, TRAMPOLINE_VA);

	KUNIT_EXPECT_EQ(test, kvm_pte_to_phys(idmap), phys);
	KUNIT_EXPECT_EQ(test, (int)kvm_pgtable_hyp_pte_prot(idmap),
			KVM_PGTABLE_PROT_RX);
	KUNIT_EXPECT_EQ(test, !!(idmap & KVM_PTE_SH),
			!!(pgprot_val(pgprot_kernel) & L_PTE_SHARED));
	KUNIT_EXPECT_EQ(test, boot, idmap);
	KUNIT_EXPECT_EQ(test, runtime, idmap);
	KUNIT_EXPECT_EQ(test, count_mapped(&boot_pgt), 2);
	KUNIT_EXPECT_EQ(test, count_mapped(&hyp_pgt), 1);
	KUNIT_EXPECT_EQ(test, kvm_get_idmap_vector() & PAGE_MASK, phys);
}

static void init_page_refused(struct kunit *test)
{
	KUNIT_EXPECT_NULL(test, init_page_obstacle(SZ_1G));
	KUNIT_EXPECT_NOT_NULL(test, init_page_obstacle(TRAMPOLINE_VA));
	KUNIT_EXPECT_NOT_NULL(test, init_page_obstacle(SZ_4G));
	KUNIT_EXPECT_NULL(test, init_page_obstacle(SZ_4G - PAGE_SIZE));
}

static void maps_at_offset(struct kunit *test)
{
	unsigned long page = alloc_test_page(test);
	char *p = (char *)page + SZ_2K;
	kvm_pte_t pte;

	KUNIT_EXPECT_EQ(test, (unsigned long)kern_hyp_va(p),
			(unsigned long)p - HYP_TEST_OFFSET);
	KUNIT_ASSERT_EQ(test, 0, create_hyp_mappings(p, p + 1, PAGE_HYP));

	pte = hyp_pte(&hyp_pgt, page - HYP_TEST_OFFSET);
	KUNIT_EXPECT_EQ(test, kvm_pte_to_phys(pte), (u64)__pa(page));
	KUNIT_EXPECT_EQ(test, (int)kvm_pgtable_hyp_pte_prot(pte),
			KVM_PGTABLE_PROT_RW);
	KUNIT_EXPECT_EQ(test, count_mapped(&hyp_pgt), 2);

	remove_hyp_mappings(p, p + 1);
	KUNIT_EXPECT_EQ(test, 0, hyp_pte(&hyp_pgt, page - HYP_TEST_OFFSET));
	KUNIT_EXPECT_EQ(test, count_mapped(&hyp_pgt), 1);
	free_page(page);
}

/* Two objects of a slab, one of which reaches into the next page */
static void counts_users(struct kunit *test)
{
	unsigned long pages = __get_free_pages(GFP_KERNEL, 1);
	char *a = (char *)pages, *b = a + SZ_2K;
	char *a_end = b, *b_end = b + PAGE_SIZE;

	KUNIT_ASSERT_NE(test, pages, 0);
	KUNIT_EXPECT_EQ(test, 0, create_hyp_mappings(a, a_end, PAGE_HYP));
	KUNIT_EXPECT_EQ(test, count_mapped(&hyp_pgt), 2);
	KUNIT_EXPECT_EQ(test, 0, create_hyp_mappings(b, b_end, PAGE_HYP));
	KUNIT_EXPECT_EQ(test, count_mapped(&hyp_pgt), 3);

	remove_hyp_mappings(a, a_end);
	KUNIT_EXPECT_EQ(test, count_mapped(&hyp_pgt), 3);
	remove_hyp_mappings(b, b_end);
	KUNIT_EXPECT_EQ(test, count_mapped(&hyp_pgt), 1);
	KUNIT_EXPECT_TRUE(test, xa_empty(&hyp_users));
	free_pages(pages, 1);
}

static void refuses(struct kunit *test)
{
	unsigned long pages = __get_free_pages(GFP_KERNEL, 1);
	char *p = (char *)pages, *q = p + PAGE_SIZE;

	KUNIT_ASSERT_NE(test, pages, 0);
	KUNIT_EXPECT_EQ(test, -EINVAL,
			create_hyp_mappings(p, q, KVM_PGTABLE_PROT_RWX));
	KUNIT_EXPECT_TRUE(test, xa_empty(&hyp_users));

	/* The second page is mapped differently: the first one goes again. */
	KUNIT_EXPECT_EQ(test, 0, create_hyp_mappings(q, q + 1, PAGE_HYP_RO));
	KUNIT_EXPECT_EQ(test, -EEXIST, create_hyp_mappings(p, q + 1, PAGE_HYP));
	KUNIT_EXPECT_EQ(test, count_mapped(&hyp_pgt), 2);
	KUNIT_EXPECT_EQ(test, 1, users_of((unsigned long)kern_hyp_va(q)));
	remove_hyp_mappings(q, q + 1);
	KUNIT_EXPECT_EQ(test, count_mapped(&hyp_pgt), 1);
	free_pages(pages, 1);
}

static void maps_vmalloc(struct kunit *test)
{
	char *p = vmalloc(4 * PAGE_SIZE);
	unsigned long i;

	KUNIT_ASSERT_NOT_NULL(test, p);
	KUNIT_EXPECT_EQ(test, 0, create_hyp_mappings(p + 1, p + 4 * PAGE_SIZE,
						     PAGE_HYP));
	for (i = 0; i < 4; i++) {
		char *page = p + i * PAGE_SIZE;
		unsigned long hva = (unsigned long)kern_hyp_va(page);

		KUNIT_EXPECT_EQ(test, kvm_pte_to_phys(hyp_pte(&hyp_pgt, hva)),
				(u64)page_to_phys(vmalloc_to_page(page)));
	}
	remove_hyp_mappings(p + 1, p + 4 * PAGE_SIZE);
	KUNIT_EXPECT_EQ(test, count_mapped(&hyp_pgt), 1);
	vfree(p);
}

static void stacks_have_guards(struct kunit *test)
{
	unsigned long page = alloc_test_page(test);
	unsigned long top[4];
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(top); i++) {
		KUNIT_ASSERT_EQ(test, 0, create_hyp_stack(page, &top[i]));
		KUNIT_EXPECT_TRUE(test, IS_ALIGNED(top[i], 2 * PAGE_SIZE));
	}

	for (i = 0; i < ARRAY_SIZE(top); i++) {
		kvm_pte_t pte = hyp_pte(&hyp_pgt, top[i] - PAGE_SIZE);

		KUNIT_EXPECT_EQ(test, kvm_pte_to_phys(pte), (u64)__pa(page));
		KUNIT_EXPECT_EQ(test, (int)kvm_pgtable_hyp_pte_prot(pte),
				KVM_PGTABLE_PROT_RW);
		KUNIT_EXPECT_EQ(test, 0,
				hyp_pte(&hyp_pgt, top[i] - 2 * PAGE_SIZE));
	}

	KUNIT_EXPECT_EQ(test, count_mapped(&hyp_pgt), 1 + ARRAY_SIZE(top));
	free_page(page);
}

static void private_range_ends(struct kunit *test)
{
	void __iomem *kaddr, *haddr;
	unsigned long hva;

	KUNIT_EXPECT_EQ(test, 0, alloc_private(SZ_64K, &hva));
	KUNIT_EXPECT_TRUE(test, IS_ALIGNED(hva, SZ_64K));
	KUNIT_EXPECT_EQ(test, -ENOSPC, alloc_private(SZ_256M, &hva));
	KUNIT_EXPECT_EQ(test, 0, alloc_private(SZ_128M, &hva));
	KUNIT_EXPECT_EQ(test, hva, HYP_PRIVATE_END - SZ_128M);
	KUNIT_EXPECT_EQ(test, -ENOSPC, alloc_private(PAGE_SIZE, &hva));

	/* Nobody accesses what is behind the memory */
	KUNIT_EXPECT_EQ(test, -ENOSPC,
			create_hyp_io_mappings(PFN_PHYS(max_pfn), PAGE_SIZE,
					       &kaddr, &haddr));
	KUNIT_EXPECT_TRUE(test, !kaddr);
}

static int prot_of(void *kaddr)
{
	unsigned long hva = (unsigned long)kern_hyp_va(kaddr);

	return kvm_pgtable_hyp_pte_prot(hyp_pte(&hyp_pgt, hva));
}

static void write_protects(struct kunit *test)
{
	unsigned long pages = __get_free_pages(GFP_KERNEL, 2);
	char *p = (char *)pages, *q = p + PAGE_SIZE, *end = q + PAGE_SIZE;

	if (!IS_ENABLED(CONFIG_KVM_ARM_HYP_FAULT_TEST))
		kunit_skip(test, "no CONFIG_KVM_ARM_HYP_FAULT_TEST");

	KUNIT_ASSERT_NE(test, pages, 0);
	KUNIT_EXPECT_EQ(test, 0, create_hyp_mappings(p, end, PAGE_HYP));
	KUNIT_EXPECT_EQ(test, 0, kvm_hyp_write_protect(p + 1, p + 2));
	KUNIT_EXPECT_EQ(test, prot_of(p), KVM_PGTABLE_PROT_R);
	KUNIT_EXPECT_EQ(test, prot_of(q), KVM_PGTABLE_PROT_RW);

	/* The last page is not there, and stays so */
	KUNIT_EXPECT_EQ(test, 0, kvm_hyp_write_protect(p, end + 1));
	KUNIT_EXPECT_EQ(test, prot_of(q), KVM_PGTABLE_PROT_R);
	KUNIT_EXPECT_EQ(test, count_mapped(&hyp_pgt), 3);
	remove_hyp_mappings(p, end);
	KUNIT_EXPECT_EQ(test, count_mapped(&hyp_pgt), 1);
	free_pages(pages, 2);
}

static int note_table(const struct kvm_pgtable_visit *v)
{
	void **table = v->walker->arg;

	if (v->level == KVM_PGTABLE_BLOCK_LEVEL)
		*table = __va((phys_addr_t)kvm_pte_to_phys(v->old));
	return 0;
}

/* Anybody may have a reference to the page of a table for a moment. */
static void tables_go(struct kunit *test)
{
	unsigned long page = alloc_test_page(test);
	char *p = (char *)page;
	void *table = NULL;
	const struct kvm_pgtable_walker walker = {
		.table_pre	= note_table,
		.arg		= &table,
	};

	KUNIT_ASSERT_EQ(test, 0, create_hyp_mappings(p, p + 1, PAGE_HYP));
	kvm_pgtable_walk(&hyp_pgt, page - HYP_TEST_OFFSET, PAGE_SIZE, &walker);
	KUNIT_ASSERT_NOT_NULL(test, table);

	get_page(virt_to_page(table));
	remove_hyp_mappings(p, p + 1);
	KUNIT_EXPECT_EQ(test, page_count(virt_to_page(table)), 1);
	put_page(virt_to_page(table));
	free_page(page);
}

static struct kunit_case hyp_map_cases[] = {
	KUNIT_CASE(init_page_places),
	KUNIT_CASE(init_page_refused),
	KUNIT_CASE(maps_at_offset),
	KUNIT_CASE(counts_users),
	KUNIT_CASE(refuses),
	KUNIT_CASE(maps_vmalloc),
	KUNIT_CASE(stacks_have_guards),
	KUNIT_CASE(private_range_ends),
	KUNIT_CASE(write_protects),
	KUNIT_CASE(tables_go),
	{}
};

static struct kunit_suite hyp_map_suite = {
	.name		= HYP_TEST_SUITE,
	.init		= hyp_map_init,
	.exit		= hyp_map_exit,
	.test_cases	= hyp_map_cases,
};

kunit_test_suite(hyp_map_suite);
