// SPDX-License-Identifier: GPL-2.0-only
/*
 * KUnit tests of the look at user space's page tables
 *
 * They run in an address space of their own, which nobody else changes: there
 * is no VM and no MMU notifier, and so nothing to lock.
 */
#include <kunit/test.h>
#include <linux/kvm_host.h>
#include <linux/mm.h>
#include <linux/mman.h>
#include <linux/uaccess.h>

#include "mmu.h"

#define REGION_SIZE	(2 * PMD_SIZE)

static unsigned long map_region(struct kunit *test, unsigned long prot)
{
	unsigned long at = kunit_vm_mmap(test, NULL, 0, REGION_SIZE, prot,
					 MAP_PRIVATE | MAP_ANONYMOUS, 0);

	KUNIT_ASSERT_NE(test, at, 0UL);
	KUNIT_ASSERT_FALSE(test, IS_ERR_VALUE(at));
	return at;
}

static void touch(struct kunit *test, unsigned long at, unsigned int nr)
{
	for (; nr; nr--, at += PAGE_SIZE)
		KUNIT_ASSERT_EQ(test, 0, put_user(1, (int __user *)at));
}

static unsigned int look_up(unsigned long at, bool write, unsigned int nr,
			    struct kvm_host_pages *host)
{
	return kvm_look_up_host_pages(current->mm, at, write, nr, host) ?
	       host->nr : 0;
}

/* The page at an address, by those who are in charge of finding it */
static u64 phys_of(struct kunit *test, unsigned long at)
{
	struct page *page;
	u64 phys;

	KUNIT_ASSERT_EQ(test, 1, get_user_pages_fast(at, 1, 0, &page));
	phys = page_to_phys(page);
	put_page(page);
	return phys;
}

static void host_pages_present(struct kunit *test)
{
	unsigned long at = map_region(test, PROT_READ | PROT_WRITE);
	struct kvm_host_pages host;
	unsigned int i;

	KUNIT_EXPECT_EQ(test, 0, look_up(at, false, KVM_HOST_PAGES, &host));
	KUNIT_EXPECT_FALSE(test, kvm_look_up_host_pages(current->mm, at, true,
							1, &host));

	touch(test, at, 3);
	touch(test, at + 4 * PAGE_SIZE, 1);
	KUNIT_EXPECT_EQ(test, 3, look_up(at, true, KVM_HOST_PAGES, &host));
	KUNIT_EXPECT_TRUE(test, host.writable);
	KUNIT_EXPECT_FALSE(test, host.block);
	for (i = 0; i < host.nr; i++)
		KUNIT_EXPECT_EQ(test, host.phys[i],
				phys_of(test, at + i * PAGE_SIZE));

	KUNIT_EXPECT_EQ(test, 2, look_up(at, false, 2, &host));
	KUNIT_EXPECT_EQ(test, 0, look_up(at + 3 * PAGE_SIZE, true, 2, &host));
}

/* What follows in user space may be in another table. */
static void host_pages_end_of_table(struct kunit *test)
{
	unsigned long at = map_region(test, PROT_READ | PROT_WRITE);
	unsigned long last = ALIGN(at + PAGE_SIZE, PMD_SIZE) - PAGE_SIZE;
	struct kvm_host_pages host;

	touch(test, last, 4);
	KUNIT_EXPECT_EQ(test, 1, look_up(last, true, KVM_HOST_PAGES, &host));
	KUNIT_EXPECT_EQ(test, 3, look_up(last + PAGE_SIZE, true, KVM_HOST_PAGES,
					 &host));
}

/* Nobody may write to the page of zeroes, and nobody counts its users. */
static void host_pages_zero(struct kunit *test)
{
	unsigned long at = map_region(test, PROT_READ | PROT_WRITE);
	struct kvm_host_pages host;
	int value, ret;

	ret = get_user(value, (int __user *)at);
	KUNIT_ASSERT_EQ(test, ret, 0);
	KUNIT_EXPECT_EQ(test, 0, look_up(at, false, 1, &host));
	KUNIT_EXPECT_EQ(test, 0, look_up(at, true, 1, &host));
}

static void host_pages_gone(struct kunit *test)
{
	unsigned long at = map_region(test, PROT_READ | PROT_WRITE);
	struct kvm_host_pages host;

	touch(test, at, 2);
	KUNIT_EXPECT_EQ(test, 2, look_up(at, true, 2, &host));
	KUNIT_ASSERT_EQ(test, 0, vm_munmap(at, PAGE_SIZE));
	KUNIT_EXPECT_EQ(test, 0, look_up(at, false, 2, &host));
	KUNIT_EXPECT_EQ(test, 1, look_up(at + PAGE_SIZE, true, 2, &host));
}

/* Nobody else changes anything in there. */
static pmd_t *get_pmd(unsigned long at)
{
	pgd_t *pgd = pgd_offset(current->mm, at);

	return pmd_offset(pud_offset(p4d_offset(pgd, at), at), at);
}

/* To make a page young is the host's fault. */
static void host_pages_old_page(struct kunit *test)
{
	unsigned long at = map_region(test, PROT_READ | PROT_WRITE);
	struct kvm_host_pages host;
	pte_t *ptep;

	touch(test, at, 2);
	ptep = pte_offset_map(get_pmd(at), at);
	/* sparse sees what pte_unmap() gives back, but not where it is taken */
	__acquire(RCU);
	set_pte_at(current->mm, at, ptep, pte_mkold(*ptep));
	pte_unmap(ptep);

	KUNIT_EXPECT_EQ(test, 0, look_up(at, false, 2, &host));
	KUNIT_EXPECT_EQ(test, 1, look_up(at + PAGE_SIZE, false, 1, &host));
}

/* Else what is a block in Stage-2 would come to be pages. */
static void host_pages_old_block(struct kunit *test)
{
	unsigned long at = map_region(test, PROT_READ | PROT_WRITE);
	unsigned long block = ALIGN(at, PMD_SIZE);
	struct mm_struct *mm = current->mm;
	struct kvm_host_pages host;
	pmd_t *pmdp;

	if (!IS_ENABLED(CONFIG_ADVISE_SYSCALLS) ||
	    do_madvise(mm, block, PMD_SIZE, MADV_HUGEPAGE))
		kunit_skip(test, "no transparent huge pages");

	touch(test, block, 1);
	pmdp = get_pmd(block);
	if (!pmd_leaf(*pmdp))
		kunit_skip(test, "no huge page was to be had");
	KUNIT_EXPECT_EQ(test, 2, look_up(block + PAGE_SIZE, true, 2, &host));
	KUNIT_EXPECT_TRUE(test, host.block);

	set_pmd_at(mm, block, pmdp, pmd_mkold(*pmdp));
	host.block = false;
	KUNIT_EXPECT_EQ(test, 2, look_up(block + PAGE_SIZE, true, 2, &host));
	KUNIT_EXPECT_TRUE(test, host.block);
	KUNIT_EXPECT_TRUE(test, host.writable);
	KUNIT_EXPECT_FALSE(test, pmd_young(*pmdp));
	KUNIT_EXPECT_EQ(test, host.phys[1],
			phys_of(test, block + 2 * PAGE_SIZE));
}

static struct kunit_case host_pages_cases[] = {
	KUNIT_CASE(host_pages_present),
	KUNIT_CASE(host_pages_end_of_table),
	KUNIT_CASE(host_pages_zero),
	KUNIT_CASE(host_pages_gone),
	KUNIT_CASE(host_pages_old_page),
	KUNIT_CASE(host_pages_old_block),
	{}
};

static struct kunit_suite host_pages_suite = {
	.name		= "kvm_arm_host_pages",
	.test_cases	= host_pages_cases,
};

kunit_test_suites(&host_pages_suite);
