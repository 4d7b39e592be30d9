// SPDX-License-Identifier: GPL-2.0-only
/*
 * What user space has mapped, as its page tables tell
 *
 * Whatever is to be taken away from a mapping of user space, the MMU notifiers
 * announce before, and they wait for mmu_lock. With that lock held, and no
 * announcement under way, what is found here is good for as long as the lock
 * is held, and the pages need no references.
 *
 * The tables themselves are looked at in the way of get_user_pages_fast(), so
 * this is for hosts that have that: they free tables only when all CPUs have
 * had their interrupts enabled.
 */
#include <linux/highmem.h>
#include <linux/kvm_host.h>
#include <linux/mm.h>
#include <linux/pgtable.h>

#include "mmu.h"

/* An old page is for the host to make young, a special one for its owner. */
static bool pte_usable(pte_t pte, bool write)
{
	return pte_access_permitted(pte, write) && pte_young(pte) &&
	       !pte_special(pte);
}

static unsigned int look_up_ptes(pmd_t *pmd, unsigned long hva, bool write,
				 unsigned int nr, struct kvm_host_pages *host)
{
	pte_t pte, *ptep = pte_offset_map(pmd, hva);
	unsigned int i;

	if (!ptep)
		return 0;

	/* sparse sees what pte_unmap() gives back, but not where it is taken */
	__acquire(RCU);

	for (i = 0; i < nr; i++) {
		pte = ptep_get_lockless(ptep + i);
		if (!pte_usable(pte, write))
			break;
		if (!i) {
			host->block = false;
			host->writable = pte_write(pte);
		} else if (host->writable != !!pte_write(pte)) {
			break;
		}
		host->phys[i] = PFN_PHYS((u64)pte_pfn(pte));
	}

	pte_unmap(ptep);
	return i;
}

/*
 * An old block counts, for no other way ends in a block: the page alone would
 * split what the guest has mapped already. That the block is in use the host
 * learns from Stage-2 when it next asks.
 */
static unsigned int look_up_block(pmd_t pmd, unsigned long hva, bool write,
				  unsigned int nr, struct kvm_host_pages *host)
{
	u64 phys = PFN_PHYS((u64)pmd_pfn(pmd)) + (hva & ~PMD_MASK);
	unsigned int i;

	if (!pmd_access_permitted(pmd, write))
		return 0;

	host->block = true;
	host->writable = pmd_write(pmd);
	for (i = 0; i < nr; i++)
		host->phys[i] = phys + i * PAGE_SIZE;

	return nr;
}

/* The entry of level 2, and what it holds; NULL where there is no such table */
static __always_inline pmd_t *get_pmd(struct mm_struct *mm, unsigned long hva,
				      pmd_t *pmd)
{
	pud_t *pudp = pud_offset(p4d_offset(pgd_offset(mm, hva), hva), hva);
	pud_t pud = pudp_get(pudp);
	pmd_t *pmdp;

	if (pud_none(pud))
		return NULL;

	/* Somebody may be taking the table away: no second look at the entry */
	pmdp = pmd_offset_lockless(pudp, pud, hva);
	*pmd = pmdp_get_lockless(pmdp);
	return pmdp;
}

static unsigned int look_up(struct mm_struct *mm, unsigned long hva, bool write,
			    unsigned int nr, struct kvm_host_pages *host)
{
	pmd_t pmd, *pmdp = get_pmd(mm, hva, &pmd);

	if (!pmdp || !pmd_present(pmd))
		return 0;

	if (pmd_leaf(pmd))
		return look_up_block(pmd, hva, write, nr, host);

	return look_up_ptes(pmdp, hva, write, nr, host);
}

/**
 * kvm_look_up_host_pages() - find pages that user space has mapped
 * @mm:		The VM's user space.
 * @hva:	Address of the first page there.
 * @write:	They have to be writable.
 * @nr:		Number of pages wanted, up to KVM_HOST_PAGES.
 * @host:	What was found: one page or more, all with the same permission.
 *		Left as it is where nothing was.
 *
 * A page counts if user space could access it this moment without a fault, but
 * for one that makes a block young.
 *
 * Context: mmu_lock held, and no MMU notifier announced (as
 * mmu_invalidate_retry() tells).
 * Return: true if there is at least one page.
 */
bool kvm_look_up_host_pages(struct mm_struct *mm, unsigned long hva, bool write,
			    unsigned int nr, struct kvm_host_pages *host)
{
	unsigned int in_table = PTRS_PER_PTE - pte_index(hva);
	unsigned long flags;

	local_irq_save(flags);
	nr = look_up(mm, hva, write, min(nr, in_table), host);
	local_irq_restore(flags);

	if (nr)
		host->nr = nr;
	return nr;
}

static bool has_page(struct mm_struct *mm, unsigned long hva)
{
	pmd_t pmd, *pmdp = get_pmd(mm, hva, &pmd);
	bool found = true;
	pte_t *ptep;

	if (!pmdp)
		return false;

	if (!pmd_present(pmd) || pmd_leaf(pmd))
		return !pmd_none(pmd);

	ptep = pte_offset_map(pmdp, hva);
	if (ptep) {
		__acquire(RCU);
		found = !pte_none(ptep_get_lockless(ptep));
		pte_unmap(ptep);
	}
	return found;
}

/**
 * kvm_host_has_page() - has user space ever touched a page?
 * @mm:		The VM's user space.
 * @hva:	Address of the page there.
 *
 * Only to know what to try first: it may be different as soon as this returns.
 *
 * Return: false if nothing is mapped, nor swapped, nor anything else there.
 */
bool kvm_host_has_page(struct mm_struct *mm, unsigned long hva)
{
	unsigned long flags;
	bool found;

	local_irq_save(flags);
	found = has_page(mm, hva);
	local_irq_restore(flags);

	return found;
}
