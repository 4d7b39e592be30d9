// SPDX-License-Identifier: GPL-2.0-only
/*
 * KUnit tests of faults on guest memory
 *
 * They have an instance of mmu_fault.c to themselves, with a Stage-2 of its
 * own, and say what user space has mapped. What becomes of the host's pages,
 * and with which lock held, they are told of.
 */
#include <kunit/test.h>
#include <linux/kvm_host.h>
#include <linux/memblock.h>
#include <linux/mm.h>
#include <linux/sizes.h>

/* What the code under test calls in HYP mode is one function. */
#undef kvm_call_hyp
#define kvm_call_hyp(f, ...)	((void)__kvm_hvc_##f, (void)hyp_calls++)

static unsigned int hyp_calls;

#define kvm_handle_guest_abort	test_handle_guest_abort
#define kvm_find_fault_ipa	test_find_fault_ipa
#define kvm_look_up_host_pages	test_look_up_host_pages
#define kvm_host_has_page	test_host_has_page

#include <asm/kvm_emulate.h>
#include <asm/kvm_mmu.h>

#include "../compat.h"
#include "fake_stage2.h"
#include "fake_vcpu.h"
#include "trace.h"

static kvm_pfn_t find_page(const struct kvm_memory_slot *slot, gfn_t gfn,
			   bool write, bool *writable, struct page **page);
static struct vm_area_struct *no_vma(struct mm_struct *mm, unsigned long hva);
static void page_accessed(kvm_pfn_t pfn);
static void page_dirty(struct kvm *kvm, const struct kvm_memory_slot *slot,
		       gfn_t gfn);
static struct kvm_memory_slot *find_slot(struct kvm *kvm, gfn_t gfn);
static int for_device(struct kvm_vcpu *vcpu, gpa_t ipa);
static bool is_memory(phys_addr_t phys);
static int translate(struct kvm_vcpu *vcpu, gpa_t *ipa);

#undef kvm_fault_in_page
#define kvm_fault_in_page	find_page
#define lock_vma_under_rcu	no_vma
#undef kvm_note_pfn_accessed
#define kvm_note_pfn_accessed	page_accessed
#define mark_page_dirty_in_slot	page_dirty
#define gfn_to_memslot		find_slot
#define io_mem_abort		for_device
#define memblock_is_map_memory	is_memory
#define kvm_translate_fault	translate
#include "../mmu_fault.c"

#define RAM		0x80000000UL
#define USER		0x40000000UL
#define NR_HOST		3

/* Where there is no page: nothing looks at them. */
#define BLOCK_PHYS	0x4080000000ULL

static struct fixture {
	struct kunit		*test;
	struct kvm_vcpu		*vcpu;
	struct kvm_memory_slot	slot;
	struct kvm_pgtable	pgt;
	struct kvm_host_pages	host;		/* nr is 0: nothing is mapped */
	struct page		*page[NR_HOST];
	kvm_pfn_t		pfn;		/* what is found, if nothing is */
	struct page		*pfn_page;	/* with a reference to this page */
	bool			no_memory;	/* and that is a device */
	bool			map_found;	/* once it is, it is mapped */
	bool			no_tables;	/* for the next look */
	kvm_pfn_t		accessed;
	bool			locked;
	gfn_t			dirty;
	unsigned int		nr_dirty;
	gpa_t			device_ipa;	/* of the last access to one */
	gpa_t			leads_to;	/* what the guest's tables say */
} *fixture;

bool kvm_look_up_host_pages(struct mm_struct *mm, unsigned long hva, bool write,
			    unsigned int nr, struct kvm_host_pages *host)
{
	struct fixture *f = fixture;

	if (f->no_tables)
		kvm_mmu_free_memory_cache(&f->vcpu->arch.mmu_page_cache);
	f->no_tables = false;

	if (!f->host.nr)
		return false;

	*host = f->host;
	host->nr = min(nr, f->host.nr);
	return true;
}

bool kvm_host_has_page(struct mm_struct *mm, unsigned long hva)
{
	return fixture->host.nr;
}

static struct vm_area_struct *no_vma(struct mm_struct *mm, unsigned long hva)
{
	return NULL;
}

static kvm_pfn_t find_page(const struct kvm_memory_slot *slot, gfn_t gfn,
			   bool write, bool *writable, struct page **page)
{
	*page = fixture->pfn_page;
	if (*page)
		get_page(*page);
	if (fixture->map_found)
		fixture->host.nr = NR_HOST;
	*writable = true;
	return fixture->pfn;
}

static void page_accessed(kvm_pfn_t pfn)
{
	rwlock_t *lock = &fixture->vcpu->kvm->mmu_lock;

	fixture->accessed = pfn;
	fixture->locked = true;
	if (write_trylock(lock)) {
		fixture->locked = false;
		write_unlock(lock);
	}
}

static void page_dirty(struct kvm *kvm, const struct kvm_memory_slot *slot,
		       gfn_t gfn)
{
	fixture->dirty = gfn;
	fixture->nr_dirty++;
}

static struct kvm_memory_slot *find_slot(struct kvm *kvm, gfn_t gfn)
{
	struct kvm_memory_slot *slot = &fixture->slot;

	return gfn - slot->base_gfn < slot->npages ? slot : NULL;
}

/* User space is to do the access. */
static int for_device(struct kvm_vcpu *vcpu, gpa_t ipa)
{
	fixture->device_ipa = ipa;
	return 0;
}

static bool is_memory(phys_addr_t phys)
{
	return !fixture->no_memory;
}

static int translate(struct kvm_vcpu *vcpu, gpa_t *ipa)
{
	if (!fixture->leads_to)
		return -EFAULT;

	*ipa = fixture->leads_to;
	return 0;
}

static void free_host_page(void *page)
{
	ClearPageReserved((struct page *)page);
	ClearPageDirty((struct page *)page);
	put_page(page);
}

static void free_table_cache(void *cache)
{
	kvm_mmu_free_memory_cache(cache);
}

static int fault_init(struct kunit *test)
{
	struct fixture *f = kunit_kzalloc(test, sizeof(*f), GFP_KERNEL);
	unsigned int i;

	KUNIT_ASSERT_NOT_NULL(test, f);
	f->test = test;
	f->vcpu = fake_vcpu(test);
	rwlock_init(&f->vcpu->kvm->mmu_lock);
	f->vcpu->arch.mmu_page_cache.gfp_zero = __GFP_ZERO;
	KUNIT_ASSERT_EQ(test, 0, kunit_add_action(test, free_table_cache,
						  &f->vcpu->arch.mmu_page_cache));
	f->slot.base_gfn = RAM >> PAGE_SHIFT;
	f->slot.npages = SZ_4M >> PAGE_SHIFT;
	f->slot.userspace_addr = USER;

	for (i = 0; i < NR_HOST; i++) {
		f->page[i] = alloc_page(GFP_KERNEL);
		KUNIT_ASSERT_NOT_NULL(test, f->page[i]);
		KUNIT_ASSERT_EQ(test, 0,
				kunit_add_action_or_reset(test, free_host_page,
							  f->page[i]));
		f->host.phys[i] = page_to_phys(f->page[i]);
	}
	f->host.writable = true;
	f->pfn = KVM_PFN_ERR_FAULT;

	KUNIT_ASSERT_EQ(test, 0, kvm_pgtable_stage2_init(&f->pgt, NULL,
							 &fake_stage2_ops));
	f->vcpu->kvm->arch.mmu.pgt = &f->pgt;
	f->vcpu->kvm->arch.mmu.phys_size = SZ_4G;
	hyp_calls = 0;
	test->priv = f;
	fixture = f;
	return 0;
}

static void fault_exit(struct kunit *test)
{
	struct fixture *f = test->priv;

	if (f)
		kvm_pgtable_destroy(&f->pgt);
}

static void map(struct fixture *f, u64 size, u64 phys, int prot)
{
	KUNIT_ASSERT_EQ(f->test, 0, kvm_pgtable_stage2_map(&f->pgt, RAM, size,
							   phys, prot, NULL,
							   0));
}

static kvm_pte_t leaf(struct fixture *f, u64 offset, u32 *level)
{
	kvm_pte_t pte = 0;

	KUNIT_ASSERT_EQ(f->test, 0, kvm_pgtable_get_leaf(&f->pgt, RAM + offset,
							 &pte, level));
	return pte;
}

static unsigned int count_writable(struct fixture *f)
{
	unsigned int n = 0;
	u64 offset;
	u32 level;

	for (offset = 0; offset < SZ_2M; offset += SZ_4K)
		n += !!(leaf(f, offset, &level) & KVM_PTE_S2_WRITE);
	return n;
}

/* The guest writes to the first page; what the fault says is @fsc. */
static int write_fault(struct fixture *f, u32 fsc)
{
	f->vcpu->arch.fault.hsr = HSR_EC_DABT << HSR_EC_SHIFT | HSR_WNR | fsc;
	return handle_memory_fault(f->vcpu, &f->slot, RAM >> PAGE_SHIFT, USER,
				   true);
}

static void expect_dirty_page(struct fixture *f)
{
	KUNIT_EXPECT_EQ(f->test, 1, f->nr_dirty);
	KUNIT_EXPECT_EQ(f->test, RAM >> PAGE_SHIFT, f->dirty);
	KUNIT_EXPECT_TRUE(f->test, PageDirty(f->page[0]));
}

/*
 * A fault on a mapping that is too strict says of which level that was. By the
 * time it is handled there may be another one.
 */
static const struct level_case {
	const char	*name;
	u64		size;		/* of what is mapped by then */
	u32		level;		/* that the fault was taken on */
} level_cases[] = {
	{ "page was a page", SZ_4K, 3 },
	{ "page was a block", SZ_4K, 2 },
	{ "block was a block", SZ_2M, 2 },
	{ "block was a page", SZ_2M, 3 },
};

KUNIT_ARRAY_PARAM_DESC(level_case, level_cases, name);

/* While pages are logged, what becomes writable is marked dirty. */
static void fault_while_logging(struct kunit *test)
{
	const struct level_case *c = test->param_value;
	struct fixture *f = test->priv;
	u32 level;

	f->slot.flags = KVM_MEM_LOG_DIRTY_PAGES;
	f->host.nr = NR_HOST;
	f->host.block = c->size == SZ_2M;
	map(f, c->size, c->size == SZ_2M ? BLOCK_PHYS : f->host.phys[0],
	    KVM_PGTABLE_PROT_R);

	KUNIT_EXPECT_EQ(test, 1, write_fault(f, FSC_PERM | c->level));
	KUNIT_EXPECT_EQ(test, kvm_pte_to_phys(leaf(f, 0, &level)),
			f->host.phys[0]);
	KUNIT_EXPECT_EQ(test, level, KVM_PGTABLE_LAST_LEVEL);
	KUNIT_EXPECT_EQ(test, count_writable(f), 1);
	expect_dirty_page(f);

	/* And the CPU forgets the strict one. */
	KUNIT_EXPECT_EQ(test, hyp_calls, 1);
}

/* Not so if there was none */
static void fault_without_mapping(struct kunit *test)
{
	struct fixture *f = test->priv;

	f->host.nr = NR_HOST;
	KUNIT_EXPECT_EQ(test, 1, write_fault(f, FSC_FAULT | 1));
	KUNIT_EXPECT_EQ(test, count_writable(f), NR_HOST);
	KUNIT_EXPECT_EQ(test, hyp_calls, 0);
	expect_dirty_page(f);
}

/* What is mapped along with it may be written to, whatever the page is. */
static void fault_dirty_neighbours(struct kunit *test)
{
	struct fixture *f = test->priv;

	SetPageReserved(f->page[0]);
	f->pfn = page_to_pfn(f->page[0]);
	f->map_found = true;
	KUNIT_EXPECT_EQ(test, 1, write_fault(f, FSC_FAULT | 1));
	KUNIT_EXPECT_EQ(test, count_writable(f), NR_HOST);
	KUNIT_EXPECT_FALSE(test, PageDirty(f->page[0]));
	KUNIT_EXPECT_TRUE(test, PageDirty(f->page[1]));
	KUNIT_EXPECT_TRUE(test, PageDirty(f->page[2]));
}

/* With the lock held the page is still the guest's. */
static void fault_on_old_page(struct kunit *test)
{
	struct fixture *f = test->priv;
	u32 level;

	map(f, SZ_4K, f->host.phys[0], KVM_PGTABLE_PROT_RW);
	kvm_pgtable_stage2_test_clear_young(&f->pgt, RAM, SZ_4K, true);
	KUNIT_EXPECT_EQ(test, 1, handle_access_fault(f->vcpu, RAM));
	KUNIT_EXPECT_TRUE(test, leaf(f, 0, &level) & KVM_PTE_AF);
	KUNIT_EXPECT_EQ(test, f->accessed, page_to_pfn(f->page[0]));
	KUNIT_EXPECT_TRUE(test, f->locked);

	/* It is not there any more. */
	f->accessed = 0;
	KUNIT_EXPECT_EQ(test, 1, handle_access_fault(f->vcpu, RAM + SZ_4K));
	KUNIT_EXPECT_EQ(test, f->accessed, 0);
}

/* Earlier attempts may have used up the pages for tables. */
static void fault_without_tables(struct kunit *test)
{
	struct fixture *f = test->priv;
	u32 level;

	f->host.nr = 1;
	f->no_tables = true;
	KUNIT_EXPECT_EQ(test, 1, write_fault(f, FSC_FAULT | 1));
	KUNIT_EXPECT_FALSE(test, kvm_pte_valid(leaf(f, 0, &level)));
	KUNIT_EXPECT_EQ(test, 0, f->nr_dirty);

	KUNIT_EXPECT_EQ(test, 1, write_fault(f, FSC_FAULT | 1));
	KUNIT_EXPECT_EQ(test, count_writable(f), 1);
	expect_dirty_page(f);
}

/*
 * What becomes of cache maintenance, whose syndrome is not valid and says that
 * it writes (B3.13.6), and of the other accesses to memory that the guest may
 * only read, or to no memory at all.
 */
static const struct maintenance_case {
	const char	*name;
	u32		flags;		/* of the slot */
	u64		offset;		/* in it, or behind it */
	u32		iss;
	int		ret;
	bool		maps;		/* the page becomes readable */
	bool		writable;	/* or writable, too */
	bool		skips;
} maintenance_cases[] = {
	{ "maintenance", 0, 0, HSR_DABT_CM | HSR_WNR | FSC_FAULT | 1,
	  .ret = 1, .maps = true, .writable = true },
	{ "maintenance, read-only", KVM_MEM_READONLY, 0,
	  HSR_DABT_CM | HSR_WNR | FSC_FAULT | 1, .ret = 1, .maps = true },
	{ "maintenance, read-only, not permitted", KVM_MEM_READONLY, 0,
	  HSR_DABT_CM | HSR_WNR | FSC_PERM | 3, .ret = 1, .skips = true },
	{ "maintenance, no memory", 0, SZ_4M,
	  HSR_DABT_CM | HSR_WNR | FSC_FAULT | 1, .ret = 1, .skips = true },
	{ "write, read-only", KVM_MEM_READONLY, 0, HSR_WNR | FSC_FAULT | 1,
	  .ret = 0 },
	{ "write, read-only, not permitted", KVM_MEM_READONLY, 0,
	  HSR_WNR | FSC_PERM | 3, .ret = 0 },
	{ "read, read-only", KVM_MEM_READONLY, 0, FSC_FAULT | 1,
	  .ret = 1, .maps = true },
	{ "read, no memory", 0, SZ_4M, FSC_FAULT | 1, .ret = 0 },
};

KUNIT_ARRAY_PARAM_DESC(maintenance_case, maintenance_cases, name);

static void fault_of_maintenance(struct kunit *test)
{
	const struct maintenance_case *c = test->param_value;
	struct fixture *f = test->priv;
	kvm_pte_t pte;
	u32 level;

	f->slot.flags = c->flags;
	f->host.nr = NR_HOST;
	f->vcpu->arch.fault.hsr = HSR_EC_DABT << HSR_EC_SHIFT | c->iss;

	KUNIT_EXPECT_EQ(test, c->ret,
			handle_fault(f->vcpu, RAM + c->offset,
				     c->iss & HSR_FSC_TYPE));
	pte = leaf(f, 0, &level);
	KUNIT_EXPECT_EQ(test, c->maps, kvm_pte_valid(pte));
	KUNIT_EXPECT_EQ(test, c->writable, !!(pte & KVM_PTE_S2_WRITE));
	KUNIT_EXPECT_EQ(test, c->writable, f->nr_dirty);
	KUNIT_EXPECT_EQ(test, c->skips,
			!!vcpu_get_flag(f->vcpu, INCREMENT_PC));
	KUNIT_EXPECT_FALSE(test, vcpu_get_flag(f->vcpu, PENDING_EXCEPTION));
	KUNIT_EXPECT_EQ(test, c->ret ? 0 : RAM + c->offset, f->device_ipa);
}

/* Instructions cannot come from a device, and nobody keeps its page. */
static void fault_fetch_from_device(struct kunit *test)
{
	struct fixture *f = test->priv;
	int count = page_count(f->page[0]);

	f->pfn = page_to_pfn(f->page[0]);
	f->pfn_page = f->page[0];
	f->no_memory = true;
	f->vcpu->arch.fault.hsr = HSR_EC_IABT << HSR_EC_SHIFT | FSC_FAULT | 1;

	KUNIT_EXPECT_EQ(test, 1, handle_fault(f->vcpu, RAM, FSC_FAULT));
	KUNIT_EXPECT_TRUE(test, vcpu_get_flag(f->vcpu, PENDING_EXCEPTION));
	KUNIT_EXPECT_EQ(test, count, page_count(f->page[0]));
}

/*
 * What was met by an entry of the TLB, and by no walk of the tables as they are
 * now, must not be met again.
 */
static void fault_by_stale_entry(struct kunit *test)
{
	struct fixture *f = test->priv;

	KUNIT_EXPECT_FALSE(test, kvm_find_fault_ipa(f->vcpu));
	KUNIT_EXPECT_EQ(test, 1, hyp_calls);

	f->leads_to = BLOCK_PHYS + SZ_4K + 4;
	KUNIT_EXPECT_TRUE(test, kvm_find_fault_ipa(f->vcpu));
	KUNIT_EXPECT_EQ(test, BLOCK_PHYS + SZ_4K,
			kvm_vcpu_get_fault_ipa(f->vcpu));
	KUNIT_EXPECT_EQ(test, 1, hyp_calls);
}

static struct kunit_case fault_cases[] = {
	KUNIT_CASE_PARAM(fault_while_logging, level_case_gen_params),
	KUNIT_CASE(fault_without_mapping),
	KUNIT_CASE(fault_dirty_neighbours),
	KUNIT_CASE(fault_on_old_page),
	KUNIT_CASE(fault_without_tables),
	KUNIT_CASE_PARAM(fault_of_maintenance, maintenance_case_gen_params),
	KUNIT_CASE(fault_fetch_from_device),
	KUNIT_CASE(fault_by_stale_entry),
	{}
};

static struct kunit_suite fault_suite = {
	.name		= "kvm_arm_fault",
	.init		= fault_init,
	.exit		= fault_exit,
	.test_cases	= fault_cases,
};

kunit_test_suite(fault_suite);
