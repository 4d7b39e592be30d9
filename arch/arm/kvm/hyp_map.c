// SPDX-License-Identifier: GPL-2.0-only
/*
 * The HYP address space
 *
 * There are two sets of tables. A CPU enters HYP mode on the boot tables and
 * goes on to the runtime tables, through a page that is mapped at the same
 * address in both:
 *
 *            boot tables           runtime tables
 *   idmap    init page
 *   trampo-  init page             init page
 *   line
 *   kernel                         HYP text, and what create_hyp_mappings()
 *                                  was asked for, at kern_hyp_va()
 *   private                        stacks and devices
 *
 * So the runtime tables have no identity mapping that could collide with the
 * kernel's addresses. The boot tables stay for as long as KVM does, for CPUs
 * that come online later.
 *
 * Objects that HYP uses need not have pages of their own, so that each page
 * has a count of its users and is unmapped with the last.
 */
#include <linux/io.h>
#include <linux/kvm_host.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/vmalloc.h>
#include <linux/xarray.h>

#include <asm/kvm_mmu.h>
#include <asm/sections.h>

#include "table.h"

/* Protects all of the following */
static DEFINE_MUTEX(hyp_map_lock);

static struct kvm_pgtable boot_pgt;
static struct kvm_pgtable hyp_pgt;

/* Number of users of each page mapped at kern_hyp_va(), by page of HYP VA */
static DEFINE_XARRAY(hyp_users);

/* What is left of the private range */
static unsigned long hyp_private_next = HYP_PRIVATE_START;

static void *hyp_zalloc_page(void *ctx)
{
	return kvm_table_init((void *)get_zeroed_page(GFP_KERNEL), PAGE_SIZE);
}

static void *hyp_zalloc_pgd(size_t size)
{
	return kvm_table_init(alloc_pages_exact(size, GFP_KERNEL | __GFP_ZERO),
			      size);
}

static void hyp_free_pgd(void *pgd, size_t size)
{
	free_pages_exact(pgd, size);
}

static void hyp_put_page(void *table, unsigned int nr)
{
	if (kvm_table_put(table, nr))
		free_page((unsigned long)table);
}

static void hyp_tlb_inval(struct kvm_pgtable *pgt, u64 addr, u64 size)
{
	kvm_tlb_inval_hyp(addr, size);
}

static struct kvm_pgtable_mm_ops hyp_mm_ops = {
	.zalloc_page	= hyp_zalloc_page,
	.zalloc_pgd	= hyp_zalloc_pgd,
	.free_pgd	= hyp_free_pgd,
	.get_page	= kvm_table_get,
	.put_page	= hyp_put_page,
	.page_count	= kvm_table_count,
	.phys_to_virt	= kvm_table_virt,
	.virt_to_phys	= kvm_table_phys,
	.sync_table	= kvm_sync_table,
	.tlb_inval	= hyp_tlb_inval,
};

/**
 * kvm_mmu_get_boot_httbr() - physical address of the boot tables
 *
 * Context: after kvm_mmu_init().
 */
phys_addr_t kvm_mmu_get_boot_httbr(void)
{
	return __pa(boot_pgt.pgd);
}

/**
 * kvm_mmu_get_httbr() - physical address of the runtime tables
 *
 * Context: after kvm_mmu_init().
 */
phys_addr_t kvm_mmu_get_httbr(void)
{
	return __pa(hyp_pgt.pgd);
}

/**
 * kvm_get_idmap_vector() - physical address of the init vectors
 *
 * What the HYP stub is to be told as its new vectors.
 */
phys_addr_t kvm_get_idmap_vector(void)
{
	return __pa_symbol(__kvm_hyp_init);
}

/*
 * HYP mode is entered with the MMU off, with 32 bits of program counter and
 * of each parameter, and then jumps to the trampoline. Returns what is in the
 * way of that, or NULL.
 */
static const char *init_page_obstacle(u64 phys)
{
	if (phys + PAGE_SIZE > BIT_ULL(KVM_HYP_VA_BITS) ||
	    upper_32_bits(kvm_mmu_get_boot_httbr()) ||
	    upper_32_bits(kvm_mmu_get_httbr()))
		return "the kernel is loaded above 4 GiB, it must be below";

	if (phys == TRAMPOLINE_VA)
		return "the kernel is loaded at the address of its vectors, it must be elsewhere";

	return NULL;
}

static int map_init_page(void)
{
	u64 phys = __pa_symbol(__hyp_idmap_text_start);
	const char *obstacle = init_page_obstacle(phys);
	int ret;

	if (obstacle) {
		pr_err("kvm: cannot enter HYP mode: %s\n", obstacle);
		return -ENXIO;
	}

	ret = kvm_pgtable_hyp_map(&boot_pgt, phys, PAGE_SIZE, phys,
				  PAGE_HYP_EXEC);
	if (ret)
		return ret;

	ret = kvm_pgtable_hyp_map(&boot_pgt, TRAMPOLINE_VA, PAGE_SIZE, phys,
				  PAGE_HYP_EXEC);
	if (ret)
		return ret;

	return kvm_pgtable_hyp_map(&hyp_pgt, TRAMPOLINE_VA, PAGE_SIZE, phys,
				   PAGE_HYP_EXEC);
}

/**
 * kvm_mmu_init() - make the HYP tables
 *
 * Allocates both sets and maps the init page in its three places.
 *
 * Context: process context, no CPU in KVM's HYP mode.
 * Return: 0; -ENOMEM; -ENXIO if the kernel is where this cannot work, which
 * the log then says. Nothing is left behind on failure.
 */
int kvm_mmu_init(void)
{
	int ret;

	if (!kvm_table_walks_coherent())
		hyp_mm_ops.clean_table = kvm_clean_table;
	hyp_mm_ops.sh = kvm_memory_sh();

	mutex_lock(&hyp_map_lock);
	ret = kvm_pgtable_hyp_init(&boot_pgt, &hyp_mm_ops);
	if (!ret)
		ret = kvm_pgtable_hyp_init(&hyp_pgt, &hyp_mm_ops);
	if (!ret)
		ret = map_init_page();
	mutex_unlock(&hyp_map_lock);

	if (ret)
		free_hyp_pgds();
	return ret;
}

/**
 * free_hyp_pgds() - free the HYP tables and all that is mapped there
 *
 * Context: process context, no CPU in KVM's HYP mode.
 */
void free_hyp_pgds(void)
{
	mutex_lock(&hyp_map_lock);
	if (boot_pgt.pgd)
		kvm_pgtable_destroy(&boot_pgt);
	if (hyp_pgt.pgd)
		kvm_pgtable_destroy(&hyp_pgt);
	xa_destroy(&hyp_users);
	hyp_private_next = HYP_PRIVATE_START;
	mutex_unlock(&hyp_map_lock);
}

/**
 * kvm_hyp_walk() - visit what HYP has mapped
 * @table:  which of the two tables
 * @addr:   HYP virtual address, page aligned
 * @size:   size in bytes, likewise
 * @walker: whom to call; must not change anything
 *
 * Context: process context; the visitors are called with the tables locked.
 * Return: as kvm_pgtable_walk(), and -ENOENT if there are no tables.
 */
int kvm_hyp_walk(enum kvm_hyp_table table, u64 addr, u64 size,
		 const struct kvm_pgtable_walker *walker)
{
	struct kvm_pgtable *pgt = table == KVM_HYP_BOOT ? &boot_pgt : &hyp_pgt;
	int ret = -ENOENT;

	mutex_lock(&hyp_map_lock);
	if (pgt->pgd)
		ret = kvm_pgtable_walk(pgt, addr, size, walker);
	mutex_unlock(&hyp_map_lock);

	return ret;
}

static u64 kaddr_to_phys(unsigned long kaddr)
{
	void *p = (void *)kaddr;

	if (is_vmalloc_addr(p))
		return page_to_phys(vmalloc_to_page(p));

	return __pa(kaddr);
}

static unsigned long users_of(unsigned long hva)
{
	void *entry = xa_load(&hyp_users, hva >> PAGE_SHIFT);

	return entry ? xa_to_value(entry) : 0;
}

static int set_users(unsigned long hva, unsigned long users)
{
	return xa_err(xa_store(&hyp_users, hva >> PAGE_SHIFT,
			       xa_mk_value(users), GFP_KERNEL));
}

/* What is mapped already has to be what this user wants, too. */
static bool same_mapping(unsigned long hva, u64 phys,
			 enum kvm_pgtable_prot prot)
{
	kvm_pte_t pte;
	u32 level;

	return !kvm_pgtable_get_leaf(&hyp_pgt, hva, &pte, &level) &&
	       kvm_pte_to_phys(pte) == phys &&
	       kvm_pgtable_hyp_pte_prot(pte) == prot;
}

static int add_user(unsigned long kaddr, enum kvm_pgtable_prot prot)
{
	unsigned long hva = kern_hyp_va(kaddr);
	unsigned long users = users_of(hva);
	u64 phys = kaddr_to_phys(kaddr);
	int ret;

	if (users) {
		if (!same_mapping(hva, phys, prot))
			return -EEXIST;
		return set_users(hva, users + 1);
	}

	ret = set_users(hva, 1);
	if (ret)
		return ret;

	ret = kvm_pgtable_hyp_map(&hyp_pgt, hva, PAGE_SIZE, phys, prot);
	if (ret)
		xa_erase(&hyp_users, hva >> PAGE_SHIFT);
	return ret;
}

/* Returns true if that was the last user, and the page is to be unmapped. */
static bool drop_user(unsigned long hva)
{
	unsigned long users = users_of(hva);

	if (WARN_ON_ONCE(!users))
		return false;

	/* Replaces an entry, which takes no memory and so cannot fail. */
	if (users > 1) {
		set_users(hva, users - 1);
		return false;
	}

	xa_erase(&hyp_users, hva >> PAGE_SHIFT);
	return true;
}

/* Pages next to each other go with one TLB invalidation. */
static void drop_users(unsigned long start, unsigned long end)
{
	unsigned long kaddr, hva, first = 0, size = 0;

	for (kaddr = start; kaddr < end; kaddr += PAGE_SIZE) {
		hva = kern_hyp_va(kaddr);
		if (drop_user(hva)) {
			if (!size)
				first = hva;
			size += PAGE_SIZE;
		} else if (size) {
			kvm_pgtable_hyp_unmap(&hyp_pgt, first, size);
			size = 0;
		}
	}

	if (size)
		kvm_pgtable_hyp_unmap(&hyp_pgt, first, size);
}

/**
 * create_hyp_mappings() - let HYP use memory of the kernel
 * @from: kernel address of the first byte: lowmem, kernel image or vmalloc
 * @to:   kernel address after the last byte
 * @prot: what HYP may do. Users of one page have to agree on it.
 *
 * Maps the pages at kern_hyp_va(). Each call needs a remove_hyp_mappings() of
 * the same range, or none at all until free_hyp_pgds().
 *
 * Context: process context.
 * Return: 0; -ENOMEM; -EINVAL for a @prot that HYP does not allow; -EEXIST if
 * the page is mapped differently. Nothing of the range is added on failure.
 */
int create_hyp_mappings(void *from, void *to, enum kvm_pgtable_prot prot)
{
	unsigned long start = (unsigned long)from & PAGE_MASK;
	unsigned long kaddr, end = PAGE_ALIGN((unsigned long)to);
	int ret = 0;

	mutex_lock(&hyp_map_lock);
	for (kaddr = start; kaddr < end; kaddr += PAGE_SIZE) {
		ret = add_user(kaddr, prot);
		if (ret) {
			drop_users(start, kaddr);
			break;
		}
	}
	mutex_unlock(&hyp_map_lock);

	return ret;
}

/**
 * remove_hyp_mappings() - undo create_hyp_mappings()
 * @from: as it was given there
 * @to:   likewise
 *
 * Unmaps pages that nobody else uses. When this returns HYP has no access to
 * them any more, on any CPU.
 *
 * Context: process context.
 */
void remove_hyp_mappings(void *from, void *to)
{
	mutex_lock(&hyp_map_lock);
	drop_users((unsigned long)from & PAGE_MASK,
		   PAGE_ALIGN((unsigned long)to));
	mutex_unlock(&hyp_map_lock);
}

#ifdef CONFIG_KVM_ARM_HYP_FAULT_TEST
static int write_protect_leaf(const struct kvm_pgtable_visit *v)
{
	if (!kvm_pte_valid(v->old))
		return 0;

	kvm_pte_write(v->ptep, v->old | KVM_PTE_HYP_RDONLY);
	if (hyp_mm_ops.clean_table)
		hyp_mm_ops.clean_table(v->ptep, sizeof(*v->ptep));
	return 0;
}

/**
 * kvm_hyp_write_protect() - take write access away, to provoke a fault
 * @from: kernel address of the first byte
 * @to:   kernel address after the last byte
 *
 * Whoever else uses a page of the range loses write access to it, too. HYP may
 * read there meanwhile: permissions change without break-before-make (B3.10.1).
 *
 * Context: process context.
 * Return: 0, or -ERANGE for what is no address.
 */
int kvm_hyp_write_protect(void *from, void *to)
{
	const struct kvm_pgtable_walker walker = { .leaf = write_protect_leaf };
	unsigned long kaddr = (unsigned long)from & PAGE_MASK;
	unsigned long size = PAGE_ALIGN((unsigned long)to) - kaddr;
	unsigned long hva = kern_hyp_va(kaddr);
	int ret;

	mutex_lock(&hyp_map_lock);
	ret = kvm_pgtable_walk(&hyp_pgt, hva, size, &walker);
	kvm_tlb_inval_hyp(hva, size);
	mutex_unlock(&hyp_map_lock);

	return ret;
}
#endif

/*
 * Takes @size bytes of the private range, aligned to that, which is a power
 * of two. There is no way to give them back: users are there to stay.
 */
static int alloc_private(unsigned long size, unsigned long *hva)
{
	unsigned long base = ALIGN(hyp_private_next, size);

	if (base >= HYP_PRIVATE_END || size > HYP_PRIVATE_END - base)
		return -ENOSPC;

	hyp_private_next = base + size;
	*hva = base;
	return 0;
}

/**
 * create_hyp_stack() - map a page as a stack, with a guard page below
 * @page: kernel address of the page
 * @top:  where to store the HYP address of its end
 *
 * Guard page and stack together are aligned to their size, so that a bit of
 * the stack pointer tells one from the other. HYP has them in its private
 * range. free_hyp_pgds() unmaps.
 *
 * Context: process context.
 * Return: 0, -ENOMEM, or -ENOSPC if the private range is used up.
 */
int create_hyp_stack(unsigned long page, unsigned long *top)
{
	unsigned long base;
	int ret;

	mutex_lock(&hyp_map_lock);
	ret = alloc_private(2 * PAGE_SIZE, &base);
	if (!ret)
		ret = kvm_pgtable_hyp_map(&hyp_pgt, base + PAGE_SIZE, PAGE_SIZE,
					  __pa(page), PAGE_HYP);
	mutex_unlock(&hyp_map_lock);

	if (!ret)
		*top = base + 2 * PAGE_SIZE;
	return ret;
}

/**
 * create_hyp_io_mappings() - map a device for the kernel and for HYP
 * @phys:  physical address
 * @size:  size in bytes
 * @kaddr: where to store the kernel address; the caller unmaps it
 * @haddr: where to store the HYP address; free_hyp_pgds() unmaps it
 *
 * Context: process context.
 * Return: 0, -ENOMEM, or -ENOSPC if the private range is used up; then neither
 * mapping is there.
 */
int create_hyp_io_mappings(phys_addr_t phys, size_t size, void __iomem **kaddr,
			   void __iomem **haddr)
{
	unsigned long offset = offset_in_page(phys);
	unsigned long len = PAGE_ALIGN(offset + size);
	unsigned long hva;
	int ret;

	*kaddr = ioremap(phys, size);
	if (!*kaddr)
		return -ENOMEM;

	mutex_lock(&hyp_map_lock);
	ret = alloc_private(roundup_pow_of_two(len), &hva);
	if (!ret)
		ret = kvm_pgtable_hyp_map(&hyp_pgt, hva, len, phys - offset,
					  PAGE_HYP_DEVICE);
	mutex_unlock(&hyp_map_lock);

	if (ret) {
		iounmap(*kaddr);
		*kaddr = NULL;
		return ret;
	}

	*haddr = (void __iomem *)(hva + offset);
	return 0;
}
