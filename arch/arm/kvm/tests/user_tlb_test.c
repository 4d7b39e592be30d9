// SPDX-License-Identifier: GPL-2.0-only
/*
 * KUnit tests of maintenance by user space's addresses: which page is it that a
 * CPU finds there, while a TLB invalidation of somebody else's is pending?
 *
 * To allow accesses to user space is to write a register, for which an emulated
 * CPU forgets its TLB: here that is done by the tests, once.
 */
#include <kunit/test.h>
#include <linux/kvm_host.h>
#include <linux/mm.h>
#include <linux/mm_inline.h>
#include <linux/mman.h>
#include <linux/uaccess.h>

static unsigned int allow_user(void)
{
	return uaccess_save_and_enable();
}

static void forbid_user(unsigned int flags)
{
	uaccess_restore(flags);
}

#define uaccess_save_and_enable()	0
#define uaccess_restore(flags)		((void)(flags))

#include <asm/kvm_mmu.h>

#define OLD	1
#define NEW	2

/* Two pages, with OLD in the first one and NEW in the second */
static unsigned long map_pages(struct kunit *test)
{
	unsigned long at = kunit_vm_mmap(test, NULL, 0, 4 * PAGE_SIZE,
					 PROT_READ | PROT_WRITE,
					 MAP_PRIVATE | MAP_ANONYMOUS, 0);

	KUNIT_ASSERT_NE(test, at, 0UL);
	KUNIT_ASSERT_FALSE(test, IS_ERR_VALUE(at));

	/* In one table */
	at = ALIGN(at, 2 * PAGE_SIZE);
	KUNIT_ASSERT_EQ(test, 0, put_user(OLD, (int __user *)at));
	KUNIT_ASSERT_EQ(test, 0, put_user(NEW, (int __user *)(at + PAGE_SIZE)));
	return at;
}

/* Nobody else changes anything in there: what has a table has it. */
static pte_t *get_ptes(struct kunit *test, unsigned long at) __acquires(RCU)
{
	pgd_t *pgd = pgd_offset(current->mm, at);
	pud_t *pud = pud_offset(p4d_offset(pgd, at), at);
	pmd_t *pmd = pmd_offset(pud, at);

	KUNIT_ASSERT_TRUE(test, pmd_present(*pmd));
	/* sparse sees what pte_unmap() gives back, but not where it is taken */
	__acquire(RCU);
	return pte_offset_map(pmd, at);
}

static int load(unsigned long at)
{
	return READ_ONCE(*(int *)at);
}

/*
 * What is found at an address whose entry changes behind the TLB's back, when
 * its page has been cleaned: OLD from the TLB, or NEW from the table. 0 if this
 * TLB has forgotten by itself.
 */
static int clean_behind_tlb(unsigned long at, pte_t *ptes)
{
	struct mm_struct *mm = current->mm;
	pte_t old = ptes[0];
	unsigned int ua_flags;
	unsigned long flags;
	int found = 0;

	local_irq_save(flags);
	ua_flags = allow_user();

	load(at);
	set_pte_at(mm, at, ptes, ptes[1]);
	dsb(ishst);
	if (load(at) == OLD && kvm_flush_dcache_user(at, PAGE_SIZE))
		found = load(at);
	set_pte_at(mm, at, ptes, old);
	local_flush_tlb_mm(mm);

	forbid_user(ua_flags);
	local_irq_restore(flags);
	return found;
}

static void clean_what_is_mapped(struct kunit *test)
{
	unsigned long at = map_pages(test);
	pte_t *ptes = get_ptes(test, at);
	int found;

	inc_tlb_flush_pending(current->mm);
	found = clean_behind_tlb(at, ptes);
	dec_tlb_flush_pending(current->mm);
	pte_unmap(ptes);

	if (!found)
		kunit_skip(test, "this TLB has nothing of the page");
	KUNIT_EXPECT_EQ(test, found, NEW);
}

static struct kunit_case user_tlb_cases[] = {
	KUNIT_CASE(clean_what_is_mapped),
	{}
};

static struct kunit_suite user_tlb_suite = {
	.name		= "kvm_arm_user_tlb",
	.test_cases	= user_tlb_cases,
};

kunit_test_suite(user_tlb_suite);
