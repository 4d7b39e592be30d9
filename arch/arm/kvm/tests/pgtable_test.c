// SPDX-License-Identifier: GPL-2.0-only
/*
 * KUnit tests of the page-table engine
 *
 * The engine runs on fake table memory. After each of its steps a model of
 * the hardware looks at the tables: it remembers whatever a TLB could hold by
 * then, table walk caches included, until it is told to forget. A descriptor
 * that changes while its old value may still be in use, a table that is freed
 * or memory that is cleaned too early, a stray reference: the model finds it
 * in every test. The tests themselves check results and the order of events.
 *
 * An event is a letter in the log, repetitions are dropped:
 *
 *   A  table page allocated          F  table page freed
 *   C  contents of a table written   S  table writes completed
 *   B  entry written, not valid      M  entry written, valid
 *   I  TLB invalidation              D  data cache cleaned
 *   X  instruction cache invalidated
 */
#include <kunit/test.h>
#include <kunit/test-bug.h>
#include <linux/prandom.h>
#include <linux/sizes.h>
#include <linux/string.h>
#include <linux/vmalloc.h>

#include <asm/kvm_pgtable.h>

#define NR_PAGES	64
#define PAGE_BYTES	4096
#define TABLES_PHYS	0x8000000000ULL
#define LOG_SIZE	128
#define TRACE_SIZE	256

#define IPA_TOP		BIT_ULL(KVM_S2_IPA_BITS)
#define RAM		0x80000000ULL
#define MEM		0x4080000000ULL
#define MEM2		0x5080000000ULL

#define RW		((enum kvm_pgtable_prot)KVM_PGTABLE_PROT_RW)
#define RO		((enum kvm_pgtable_prot)KVM_PGTABLE_PROT_R)
#define RWX		((enum kvm_pgtable_prot)KVM_PGTABLE_PROT_RWX)
#define SHARED		KVM_PGTABLE_WALK_SHARED

/* What may change in a descriptor that is in use */
#define S2_SOFT		(KVM_PTE_S2_READ | KVM_PTE_S2_WRITE | KVM_PTE_XN | \
			 KVM_PTE_AF)

struct table_page {
	kvm_pte_t	entry[KVM_PGTABLE_ENTRIES];
};

struct fixture {
	struct kunit		*test;
	struct kvm_pgtable	pgt;
	u64			hva;		/* where the HYP tests map */
	struct table_page	*mem;		/* the tables */
	struct table_page	*tlb;		/* what may be cached of them */
	int			count[NR_PAGES];
	bool			pgd[NR_PAGES];
	unsigned int		used;		/* pages ever handed out */
	unsigned int		live;
	unsigned int		allocs;
	unsigned int		fail_at;	/* allocation to fail, from 1 */
	unsigned int		invals;
	unsigned int		writes;		/* to entries of tables in use */
	u64			cleaned;
	u64			icache;
	unsigned int		icache_calls;
	bool			flushing;
	unsigned int		violations;
	char			log[LOG_SIZE];
	char			trace[TRACE_SIZE];
};

static struct fixture *fixture(void)
{
	return kunit_get_current_test()->priv;
}

/*
 * All that happens, page counts included: p for one that is dropped, c for one
 * that is looked at below level 1, | for the end of the level 1 table
 */
static void trace(struct fixture *f, char c)
{
	size_t len = strlen(f->trace);

	if (len < TRACE_SIZE - 1)
		f->trace[len] = c;
}

static void event(struct fixture *f, char c)
{
	size_t len = strlen(f->log);

	trace(f, c);
	if (len && f->log[len - 1] == c)
		return;
	if (len < LOG_SIZE - 1)
		f->log[len] = c;
}

static void forget_log(struct fixture *f)
{
	memset(f->log, 0, sizeof(f->log));
	memset(f->trace, 0, sizeof(f->trace));
	f->invals = 0;
	f->writes = 0;
	f->allocs = 0;
	f->cleaned = 0;
	f->icache = 0;
	f->icache_calls = 0;
}

/* One message is enough: one mistake tends to show a thousand times. */
static void violation(struct fixture *f, const char *what, u64 value)
{
	if (!f->violations++)
		KUNIT_FAIL(f->test, "%s: %llx", what, value);
}

static unsigned int page_of(struct fixture *f, void *table)
{
	unsigned int page = ((void *)table - (void *)f->mem) / PAGE_BYTES;

	KUNIT_ASSERT_LT(f->test, page, NR_PAGES);
	KUNIT_ASSERT_GT_MSG(f->test, f->count[page], 0, "freed page %u", page);
	return page;
}

static unsigned int page_of_pte(struct fixture *f, kvm_pte_t pte)
{
	return (kvm_pte_to_phys(pte) - TABLES_PHYS) / PAGE_BYTES;
}

/* The hardware looks at all it can reach, by memory or by what it cached. */
static void observe_table(struct fixture *f, unsigned int page, u32 level)
{
	kvm_pte_t soft = f->pgt.ia_bits == KVM_S2_IPA_BITS ? S2_SOFT : 0;
	u32 i;

	KUNIT_ASSERT_LT(f->test, page, NR_PAGES);
	KUNIT_ASSERT_GT_MSG(f->test, f->count[page], 0,
			    "table walk reaches freed page %u", page);

	for (i = 0; i < KVM_PGTABLE_ENTRIES; i++) {
		kvm_pte_t pte = f->mem[page].entry[i];
		kvm_pte_t *cached = &f->tlb[page].entry[i];

		if (kvm_pte_valid(pte)) {
			if (*cached && ((*cached ^ pte) & ~soft))
				violation(f, "changed while in use", pte);
			*cached = pte;
		}
		if (kvm_pte_table(*cached, level))
			observe_table(f, page_of_pte(f, *cached), level + 1);
	}
}

static void observe(struct fixture *f)
{
	unsigned int page;

	for (page = 0; page < f->used; page++)
		if (f->pgd[page] && f->count[page])
			observe_table(f, page, KVM_PGTABLE_FIRST_LEVEL);
}

static u32 level_of_page(struct fixture *f, unsigned int page)
{
	unsigned int p, i;

	if (f->pgd[page])
		return KVM_PGTABLE_FIRST_LEVEL;

	for (p = 0; p < f->used; p++)
		for (i = 0; f->pgd[p] && i < KVM_PGTABLE_ENTRIES; i++)
			if (kvm_pte_table(f->tlb[p].entry[i], 1) &&
			    page_of_pte(f, f->tlb[p].entry[i]) == page)
				return KVM_PGTABLE_BLOCK_LEVEL;

	return KVM_PGTABLE_LAST_LEVEL;
}

/* May anybody still get at this memory through the tables? */
static bool in_use(struct fixture *f, u64 phys, u64 size)
{
	unsigned int page, i;

	for (page = 0; page < f->used; page++) {
		u32 level = level_of_page(f, page);

		for (i = 0; i < KVM_PGTABLE_ENTRIES; i++) {
			kvm_pte_t pte = f->tlb[page].entry[i];
			u64 start = kvm_pte_to_phys(pte);

			if (!pte || kvm_pte_table(pte, level))
				continue;
			if (start < phys + size &&
			    phys < start + kvm_granule_size(level))
				return true;
		}
	}

	return false;
}

static void *alloc_pages_fake(struct fixture *f, unsigned int nr, bool pgd)
{
	unsigned int i, page = round_up(f->used, nr);

	observe(f);
	if (++f->allocs == f->fail_at)
		return NULL;

	KUNIT_ASSERT_LE(f->test, page + nr, NR_PAGES);
	f->used = page + nr;
	f->live += nr;
	for (i = page; i < page + nr; i++) {
		f->count[i] = 1;
		f->pgd[i] = pgd;
	}
	event(f, 'A');
	return &f->mem[page];
}

static void free_page_fake(struct fixture *f, unsigned int page)
{
	unsigned int p, i;

	observe(f);
	for (p = 0; p < f->used; p++) {
		for (i = 0; i < KVM_PGTABLE_ENTRIES; i++) {
			kvm_pte_t pte = f->tlb[p].entry[i];

			if (pte && (p == page ||
				    (kvm_pte_table(pte, level_of_page(f, p)) &&
				     page_of_pte(f, pte) == page)))
				violation(f, "freed while in use", page);
		}
	}

	/* Nobody may read it again: what looks like a table leads nowhere. */
	memset(&f->mem[page], 0xff, PAGE_BYTES);
	f->count[page] = 0;
	f->live--;
	event(f, 'F');
}

static void *op_zalloc_page(void *ctx)
{
	return alloc_pages_fake(fixture(), 1, false);
}

static void *op_zalloc_pgd(size_t size)
{
	return alloc_pages_fake(fixture(), size / PAGE_BYTES, true);
}

static void op_free_pgd(void *pgd, size_t size)
{
	struct fixture *f = fixture();
	unsigned int i, page = page_of(f, pgd);

	trace(f, '|');
	for (i = 0; i < size / PAGE_BYTES; i++) {
		KUNIT_EXPECT_EQ(f->test, f->count[page + i], 1);
		free_page_fake(f, page + i);
	}
}

static void op_get_page(void *table, unsigned int nr)
{
	struct fixture *f = fixture();

	f->count[page_of(f, table)] += nr;
}

static void op_put_page(void *table, unsigned int nr)
{
	struct fixture *f = fixture();
	unsigned int page = page_of(f, table);

	trace(f, 'p');
	KUNIT_ASSERT_GE(f->test, f->count[page], (int)nr);
	if (f->count[page] == nr)
		free_page_fake(f, page);
	else
		f->count[page] -= nr;
}

static int op_page_count(void *table)
{
	struct fixture *f = fixture();
	unsigned int page = page_of(f, table);

	if (!f->pgd[page])
		trace(f, 'c');
	return f->count[page];
}

static void *op_phys_to_virt(u64 phys)
{
	struct fixture *f = fixture();

	KUNIT_ASSERT_GE(f->test, phys, TABLES_PHYS);
	KUNIT_ASSERT_LT(f->test, phys, TABLES_PHYS + NR_PAGES * PAGE_BYTES);
	return (void *)f->mem + (phys - TABLES_PHYS);
}

static u64 op_virt_to_phys(void *virt)
{
	return TABLES_PHYS + (virt - (void *)fixture()->mem);
}

static void op_clean_table(void *table, size_t size)
{
	struct fixture *f = fixture();

	page_of(f, table);
	f->writes += size != PAGE_BYTES;
	if (size == PAGE_BYTES)
		event(f, 'C');
	else
		event(f, kvm_pte_valid(*(kvm_pte_t *)table) ? 'M' : 'B');
	observe(f);
}

static void op_sync_table(void)
{
	event(fixture(), 'S');
}

static void op_dcache_clean_inval(void *ctx, u64 addr, u64 phys, u64 size)
{
	struct fixture *f = fixture();

	observe(f);
	if (!f->flushing && in_use(f, phys, size))
		violation(f, "cleaned while in use", phys);
	f->cleaned += size;
	event(f, 'D');
}

static void op_icache_inval(const u64 *phys, u32 nr, u64 size)
{
	struct fixture *f = fixture();

	f->icache += nr * size;
	f->icache_calls++;
	event(f, 'X');
}

static void op_tlb_inval(struct kvm_pgtable *pgt, u64 addr, u64 size)
{
	struct fixture *f = fixture();

	observe(f);
	memset(f->tlb, 0, NR_PAGES * PAGE_BYTES);
	observe(f);
	f->invals++;
	event(f, 'I');
}

static const struct kvm_pgtable_mm_ops fake_ops = {
	.zalloc_page		= op_zalloc_page,
	.zalloc_pgd		= op_zalloc_pgd,
	.free_pgd		= op_free_pgd,
	.get_page		= op_get_page,
	.put_page		= op_put_page,
	.page_count		= op_page_count,
	.phys_to_virt		= op_phys_to_virt,
	.virt_to_phys		= op_virt_to_phys,
	.clean_table		= op_clean_table,
	.sync_table		= op_sync_table,
	.dcache_clean_inval	= op_dcache_clean_inval,
	.icache_inval		= op_icache_inval,
	.tlb_inval		= op_tlb_inval,
	.sh			= KVM_PTE_SH_INNER,
};

/* Between operations all entries are empty or valid, and all are counted. */
static void check_idle(struct fixture *f)
{
	unsigned int page, i;

	observe(f);
	for (page = 0; page < f->used; page++) {
		int entries = 0;

		if (!f->count[page])
			continue;
		for (i = 0; i < KVM_PGTABLE_ENTRIES; i++) {
			kvm_pte_t pte = f->mem[page].entry[i];

			KUNIT_EXPECT_TRUE_MSG(f->test,
					      !pte || kvm_pte_valid(pte),
					      "left behind: %llx", pte);
			entries += !!pte;
		}
		KUNIT_EXPECT_EQ_MSG(f->test, f->count[page], 1 + entries,
				    "page %u", page);
	}
}

static kvm_pte_t leaf(struct fixture *f, u64 addr, u32 *level)
{
	kvm_pte_t pte = ~0ULL;

	*level = 0;
	KUNIT_EXPECT_EQ(f->test, 0,
			kvm_pgtable_get_leaf(&f->pgt, addr, &pte, level));
	return pte;
}

static void expect_leaf(struct fixture *f, u64 addr, u64 phys, u32 level)
{
	u32 found;
	kvm_pte_t pte = leaf(f, addr, &found);

	KUNIT_EXPECT_TRUE_MSG(f->test, kvm_pte_valid(pte), "at %llx", addr);
	KUNIT_EXPECT_EQ_MSG(f->test, kvm_pte_to_phys(pte), phys, "at %llx",
			    addr);
	KUNIT_EXPECT_EQ_MSG(f->test, found, level, "at %llx", addr);
}

static void expect_unmapped(struct fixture *f, u64 addr)
{
	u32 level;

	KUNIT_EXPECT_EQ_MSG(f->test, leaf(f, addr, &level), 0, "at %llx", addr);
}

static void expect_prot(struct fixture *f, u64 addr, int prot)
{
	u32 level;

	KUNIT_EXPECT_EQ_MSG(f->test, prot,
			    (int)kvm_pgtable_stage2_pte_prot(leaf(f, addr,
								  &level)),
			    "at %llx", addr);
}

static int s2_map(struct fixture *f, u64 addr, u64 size, u64 phys,
		  enum kvm_pgtable_prot prot)
{
	return kvm_pgtable_stage2_map(&f->pgt, addr, size, phys, prot, NULL, 0);
}

static int s2_map_shared(struct fixture *f, u64 addr, u64 size, u64 phys,
			 enum kvm_pgtable_prot prot)
{
	return kvm_pgtable_stage2_map(&f->pgt, addr, size, phys, prot, NULL,
				      SHARED);
}

static int s2_unmap(struct fixture *f, u64 addr, u64 size)
{
	return kvm_pgtable_stage2_unmap(&f->pgt, addr, size, NULL);
}

static void free_fixture_mem(void *mem)
{
	vfree(mem);
}

static struct table_page *fixture_mem(struct kunit *test)
{
	struct table_page *mem = vzalloc(NR_PAGES * PAGE_BYTES);

	KUNIT_ASSERT_NOT_NULL(test, mem);
	KUNIT_ASSERT_EQ(test, 0, kunit_add_action_or_reset(test,
							   free_fixture_mem,
							   mem));
	return mem;
}

static int fixture_init(struct kunit *test)
{
	struct fixture *f = kunit_kzalloc(test, sizeof(*f), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, f);
	test->priv = f;
	f->test = test;
	f->mem = fixture_mem(test);
	f->tlb = fixture_mem(test);
	return 0;
}

static int stage2_init(struct kunit *test)
{
	struct fixture *f;

	fixture_init(test);
	f = test->priv;
	KUNIT_ASSERT_EQ(test, 0, kvm_pgtable_stage2_init(&f->pgt, NULL,
							 &fake_ops));
	KUNIT_EXPECT_EQ(test, f->live, 2);
	forget_log(f);
	return 0;
}

/* Every test ends like this: no operation is under way and nothing leaks. */
static void fixture_exit(struct kunit *test)
{
	struct fixture *f = test->priv;

	if (!f || !f->pgt.pgd)
		return;
	check_idle(f);
	kvm_pgtable_destroy(&f->pgt);
	KUNIT_EXPECT_EQ(test, f->live, 0);
}

/* Pages that are next to each other for the guest, and nowhere else */
static u32 s2_map_around(struct fixture *f, u64 addr, u64 first, u32 nr,
			 enum kvm_pgtable_walk_flags flags)
{
	u64 phys[4];
	u32 i;

	for (i = 0; i < nr; i++)
		phys[i] = first + i * SZ_64K;

	return kvm_pgtable_stage2_map_around(&f->pgt, addr, phys, nr, RWX, NULL,
					     flags);
}

static void stage2_map_page(struct kunit *test)
{
	struct fixture *f = test->priv;
	u32 level;

	KUNIT_EXPECT_EQ(test, 0, s2_map(f, RAM, SZ_4K, MEM, RW));
	KUNIT_EXPECT_STREQ(test, f->log, "BACSMBACSMDMS");
	KUNIT_EXPECT_EQ(test, f->cleaned, SZ_4K);
	KUNIT_EXPECT_EQ(test, leaf(f, RAM, &level),
			MEM | 0x3 | KVM_PTE_AF | KVM_PTE_SH_INNER |
			KVM_PTE_S2_MEMATTR_NORMAL | KVM_PTE_S2_READ |
			KVM_PTE_S2_WRITE | KVM_PTE_XN);
	expect_leaf(f, RAM, MEM, 3);
	expect_unmapped(f, RAM + SZ_4K);
	expect_unmapped(f, RAM - SZ_4K);
	check_idle(f);

	/* Its tables are there now. */
	forget_log(f);
	KUNIT_EXPECT_EQ(test, 0, s2_map_shared(f, RAM + SZ_4K, SZ_4K,
					       MEM + SZ_4K, RWX));
	KUNIT_EXPECT_STREQ(test, f->log, "DXMS");
	expect_prot(f, RAM + SZ_4K, RWX);
}

static void stage2_map_block(struct kunit *test)
{
	struct fixture *f = test->priv;

	KUNIT_EXPECT_EQ(test, 0, s2_map_shared(f, RAM, SZ_2M, MEM, RWX));
	KUNIT_EXPECT_STREQ(test, f->log, "BACSMDXMS");
	KUNIT_EXPECT_EQ(test, f->cleaned, SZ_2M);
	KUNIT_EXPECT_EQ(test, f->icache, SZ_2M);
	expect_leaf(f, RAM, MEM, 2);
	expect_leaf(f, RAM + SZ_2M - SZ_4K, MEM, 2);
	expect_unmapped(f, RAM + SZ_2M);
}

static void stage2_map_mixed(struct kunit *test)
{
	struct fixture *f = test->priv;

	/* A page, two blocks, two pages; then the same with bad alignment. */
	KUNIT_EXPECT_EQ(test, 0, s2_map(f, RAM - SZ_4K, SZ_4M + 3 * SZ_4K,
					MEM - SZ_4K, RW));
	expect_leaf(f, RAM - SZ_4K, MEM - SZ_4K, 3);
	expect_leaf(f, RAM, MEM, 2);
	expect_leaf(f, RAM + SZ_2M, MEM + SZ_2M, 2);
	expect_leaf(f, RAM + SZ_4M, MEM + SZ_4M, 3);
	expect_leaf(f, RAM + SZ_4M + SZ_4K, MEM + SZ_4M + SZ_4K, 3);
	expect_unmapped(f, RAM + SZ_4M + 2 * SZ_4K);
	KUNIT_EXPECT_EQ(test, f->invals, 0);
	check_idle(f);

	KUNIT_EXPECT_EQ(test, 0, s2_map(f, SZ_1G, SZ_2M, MEM2 + SZ_4K, RW));
	expect_leaf(f, SZ_1G, MEM2 + SZ_4K, 3);
	expect_leaf(f, SZ_1G + SZ_2M - SZ_4K, MEM2 + SZ_2M, 3);
}

static void stage2_map_device(struct kunit *test)
{
	struct fixture *f = test->priv;
	u32 level;

	KUNIT_EXPECT_EQ(test, 0, s2_map(f, RAM, SZ_4K, MEM,
					RW | KVM_PGTABLE_PROT_DEVICE));
	KUNIT_EXPECT_EQ(test, f->cleaned, 0);
	KUNIT_EXPECT_EQ(test, leaf(f, RAM, &level) & KVM_PTE_S2_MEMATTR,
			KVM_PTE_S2_MEMATTR_DEVICE);
	expect_prot(f, RAM, RW | KVM_PGTABLE_PROT_DEVICE);
	KUNIT_EXPECT_EQ(test, -EINVAL,
			s2_map(f, RAM, SZ_4K, MEM,
			       RWX | KVM_PGTABLE_PROT_DEVICE));

	KUNIT_EXPECT_EQ(test, 0, s2_unmap(f, RAM, SZ_4K));
	KUNIT_EXPECT_EQ(test, f->cleaned, 0);
}

/* A kernel for one CPU shares nothing. */
static void stage2_map_not_shared(struct kunit *test)
{
	struct kvm_pgtable_mm_ops ops = fake_ops;
	struct fixture *f = test->priv;
	u32 level;

	ops.sh = 0;
	f->pgt.ops = &ops;
	KUNIT_EXPECT_EQ(test, 0, s2_map(f, RAM, SZ_2M + SZ_8K, MEM, RW));
	KUNIT_EXPECT_EQ(test, 1, s2_map_around(f, RAM + SZ_2M + SZ_8K, MEM2, 1,
					       SHARED));
	KUNIT_EXPECT_EQ(test, leaf(f, RAM, &level) & KVM_PTE_SH, 0);
	KUNIT_EXPECT_EQ(test, leaf(f, RAM + SZ_2M, &level) & KVM_PTE_SH, 0);
	KUNIT_EXPECT_EQ(test, leaf(f, RAM + SZ_2M + SZ_8K, &level) & KVM_PTE_SH,
			0);
	f->pgt.ops = &fake_ops;
}

static void stage2_replace(struct kunit *test)
{
	struct fixture *f = test->priv;

	s2_map(f, RAM, SZ_4K, MEM, RW);
	forget_log(f);
	KUNIT_EXPECT_EQ(test, 0, s2_map(f, RAM, SZ_4K, MEM + SZ_4K, RW));
	KUNIT_EXPECT_STREQ(test, f->log, "BIDMS");
	KUNIT_EXPECT_EQ(test, f->invals, 1);
	expect_leaf(f, RAM, MEM + SZ_4K, 3);

	forget_log(f);
	KUNIT_EXPECT_EQ(test, 0, s2_map_shared(f, RAM, SZ_4K, MEM, RWX));
	KUNIT_EXPECT_STREQ(test, f->log, "BIDXMS");
	expect_leaf(f, RAM, MEM, 3);
}

static void stage2_map_again(struct kunit *test)
{
	struct fixture *f = test->priv;

	s2_map(f, RAM, SZ_2M, MEM, RO);
	forget_log(f);
	KUNIT_EXPECT_EQ(test, 0, s2_map_shared(f, RAM, SZ_2M, MEM, RO));
	KUNIT_EXPECT_STREQ(test, f->log, "S");

	/* Permissions are added, never taken. */
	forget_log(f);
	KUNIT_EXPECT_EQ(test, 0, s2_map_shared(f, RAM, SZ_2M, MEM, RW));
	KUNIT_EXPECT_STREQ(test, f->log, "MS");
	expect_prot(f, RAM, RW);
	KUNIT_EXPECT_EQ(test, 0, s2_map_shared(f, RAM, SZ_2M, MEM, RO));
	expect_prot(f, RAM, RW);
}

static void stage2_map_into_block(struct kunit *test)
{
	struct fixture *f = test->priv;

	/* As a write fault does, while dirty pages are logged. */
	s2_map(f, RAM, SZ_2M, MEM, RO);
	forget_log(f);
	KUNIT_EXPECT_EQ(test, 0, s2_map_shared(f, RAM + SZ_8K, SZ_4K,
					       MEM + SZ_8K, RW));
	KUNIT_EXPECT_STREQ(test, f->log, "BIACSMS");
	KUNIT_EXPECT_EQ(test, f->invals, 1);
	KUNIT_EXPECT_EQ(test, f->cleaned, 0);
	expect_leaf(f, RAM + SZ_8K, MEM + SZ_8K, 3);
	expect_prot(f, RAM + SZ_8K, RW);
	expect_leaf(f, RAM, MEM, 3);
	expect_prot(f, RAM, RO);
	expect_leaf(f, RAM + SZ_2M - SZ_4K, MEM + SZ_2M - SZ_4K, 3);
}

static void stage2_collapse(struct kunit *test)
{
	struct fixture *f = test->priv;
	unsigned int live;

	s2_map(f, RAM, SZ_2M, MEM, RO);
	live = f->live;
	kvm_pgtable_stage2_split(&f->pgt, RAM, SZ_2M, NULL);
	KUNIT_EXPECT_EQ(test, f->live, live + 1);

	/* Somebody else may be walking the table. */
	forget_log(f);
	KUNIT_EXPECT_EQ(test, -EBUSY, s2_map_shared(f, RAM, SZ_2M, MEM, RW));
	KUNIT_EXPECT_STREQ(test, f->log, "S");
	expect_leaf(f, RAM, MEM, 3);

	forget_log(f);
	KUNIT_EXPECT_EQ(test, 0, s2_map(f, RAM, SZ_2M, MEM, RW));
	KUNIT_EXPECT_STREQ(test, f->log, "BIFBACSMS");
	KUNIT_EXPECT_EQ(test, f->invals, 1);
	KUNIT_EXPECT_EQ(test, f->cleaned, 0);
	KUNIT_EXPECT_EQ(test, f->live, live);
	expect_leaf(f, RAM, MEM, 2);
}

/* What the guest had in pages is clean; what it sees for the first time is not */
static void stage2_collapse_clean(struct kunit *test)
{
	struct fixture *f = test->priv;
	u64 last = RAM + SZ_2M - SZ_4K;

	s2_map(f, RAM, SZ_2M - SZ_4K, MEM, RW);
	forget_log(f);
	KUNIT_EXPECT_EQ(test, 0, s2_map(f, RAM, SZ_2M, MEM, RW));
	KUNIT_EXPECT_EQ(test, f->cleaned, SZ_2M);
	expect_leaf(f, last, MEM, 2);

	s2_unmap(f, RAM, SZ_2M);
	s2_map(f, RAM, SZ_2M - SZ_4K, MEM, RW);
	s2_map(f, last, SZ_4K, MEM2, RW);
	forget_log(f);
	KUNIT_EXPECT_EQ(test, 0, s2_map(f, RAM, SZ_2M, MEM, RW));
	KUNIT_EXPECT_EQ(test, f->cleaned, SZ_2M);

	s2_unmap(f, RAM, SZ_2M);
	s2_map(f, RAM, SZ_2M - SZ_4K, MEM, RW);
	s2_map(f, last, SZ_4K, MEM + SZ_2M - SZ_4K, RWX);
	kvm_pgtable_stage2_wrprotect(&f->pgt, RAM, SZ_1M);
	kvm_pgtable_stage2_test_clear_young(&f->pgt, RAM, SZ_1M, true);
	forget_log(f);
	KUNIT_EXPECT_EQ(test, 0, s2_map(f, RAM, SZ_2M, MEM, RW));
	KUNIT_EXPECT_EQ(test, f->cleaned, 0);
	KUNIT_EXPECT_EQ(test, f->invals, 1);
	expect_leaf(f, last, MEM, 2);
	expect_prot(f, RAM, RW);
}

static void stage2_map_around(struct kunit *test)
{
	struct fixture *f = test->priv;
	u64 last = RAM + SZ_2M - SZ_4K;

	/* No table, and a block where one would be */
	KUNIT_EXPECT_EQ(test, 0, s2_map_around(f, RAM, MEM2, 4, SHARED));
	s2_map(f, RAM + SZ_2M, SZ_2M, MEM + SZ_2M, RW);
	KUNIT_EXPECT_EQ(test, 0, s2_map_around(f, RAM + SZ_2M, MEM2, 4, 0));
	KUNIT_EXPECT_EQ(test, f->allocs, 1);

	s2_map(f, RAM, SZ_4K, MEM, RO);
	forget_log(f);
	KUNIT_EXPECT_EQ(test, 4,
			s2_map_around(f, RAM + SZ_4K, MEM2, 4, SHARED));
	KUNIT_EXPECT_STREQ(test, f->log, "DXMS");
	KUNIT_EXPECT_EQ(test, f->cleaned, 4 * SZ_4K);
	KUNIT_EXPECT_EQ(test, f->icache, 4 * SZ_4K);
	KUNIT_EXPECT_EQ(test, f->icache_calls, 1);
	KUNIT_EXPECT_EQ(test, f->invals, 0);
	expect_leaf(f, RAM + SZ_4K, MEM2, 3);
	expect_leaf(f, RAM + SZ_16K, MEM2 + 3 * SZ_64K, 3);
	expect_prot(f, RAM + SZ_16K, RWX);
	expect_prot(f, RAM, RO);
	check_idle(f);

	/* Up to what is mapped, and up to the end of the table */
	KUNIT_EXPECT_EQ(test, 0,
			s2_map_around(f, RAM, MEM2 + SZ_1M, 4, SHARED));
	s2_map(f, last - SZ_16K, SZ_4K, MEM + SZ_1M, RO);
	forget_log(f);
	KUNIT_EXPECT_EQ(test, 2, s2_map_around(f, last - SZ_16K - SZ_8K,
					       MEM2 + SZ_1M, 4, 0));
	expect_prot(f, last - SZ_16K, RO);
	KUNIT_EXPECT_EQ(test, 1,
			s2_map_around(f, last, MEM2 + SZ_2M, 4, SHARED));
	KUNIT_EXPECT_EQ(test, f->cleaned, 3 * SZ_4K);
	expect_leaf(f, RAM + SZ_2M, MEM + SZ_2M, 2);

	KUNIT_EXPECT_EQ(test, 0, s2_map_around(f, RAM + 1, MEM2, 4, 0));
	KUNIT_EXPECT_EQ(test, 0, s2_map_around(f, IPA_TOP, MEM2, 4, 0));
}

static void stage2_unmap_order(struct kunit *test)
{
	struct fixture *f = test->priv;

	s2_map(f, RAM, 16 * SZ_4K, MEM, RW);
	s2_map(f, RAM + SZ_2M, SZ_4M, MEM + SZ_2M, RW);
	forget_log(f);
	KUNIT_EXPECT_EQ(test, 0, s2_unmap(f, RAM, SZ_1G));
	KUNIT_EXPECT_STREQ(test, f->log, "BIDFDF");
	KUNIT_EXPECT_EQ(test, f->invals, 1);
	KUNIT_EXPECT_EQ(test, f->cleaned, SZ_4M + 16 * SZ_4K);
	KUNIT_EXPECT_EQ(test, f->live, 2);

	/* There is nothing left to invalidate. */
	forget_log(f);
	KUNIT_EXPECT_EQ(test, 0, s2_unmap(f, 0, IPA_TOP));
	KUNIT_EXPECT_STREQ(test, f->log, "");
}

static void stage2_unmap_part(struct kunit *test)
{
	struct fixture *f = test->priv;

	/* Neighbours stay, and so do the tables that they need. */
	s2_map(f, RAM, 3 * SZ_4K, MEM, RW);
	forget_log(f);
	KUNIT_EXPECT_EQ(test, 0, s2_unmap(f, RAM + SZ_4K, SZ_4K));
	KUNIT_EXPECT_STREQ(test, f->log, "BID");
	expect_leaf(f, RAM, MEM, 3);
	expect_unmapped(f, RAM + SZ_4K);
	expect_leaf(f, RAM + SZ_8K, MEM + SZ_8K, 3);
	check_idle(f);

	/* A block goes as a whole. */
	s2_map(f, RAM + SZ_2M, SZ_4M, MEM + SZ_2M, RW);
	forget_log(f);
	KUNIT_EXPECT_EQ(test, 0, s2_unmap(f, RAM + SZ_2M + SZ_8K, SZ_4K));
	KUNIT_EXPECT_EQ(test, f->cleaned, SZ_2M);
	expect_unmapped(f, RAM + SZ_2M);
	expect_leaf(f, RAM + SZ_4M, MEM + SZ_4M, 2);
}

/* A table that goes as a whole costs one write, whatever it has in it. */
static void stage2_unmap_tables(struct kunit *test)
{
	struct fixture *f = test->priv;

	/* Pages, as the blocks would have to be aligned */
	s2_map(f, RAM, 2 * SZ_2M + SZ_16K, MEM + SZ_4K, RW);
	s2_map(f, RAM + SZ_1G - SZ_4K, SZ_4K, MEM2, RW);
	forget_log(f);
	KUNIT_EXPECT_EQ(test, 0, s2_unmap(f, RAM, 2 * SZ_2M + SZ_8K));
	KUNIT_EXPECT_EQ(test, f->writes, 3);
	KUNIT_EXPECT_EQ(test, f->invals, 1);
	KUNIT_EXPECT_EQ(test, f->cleaned, 2 * SZ_2M + SZ_8K);
	expect_unmapped(f, RAM);
	expect_unmapped(f, RAM + SZ_4M + SZ_4K);
	expect_leaf(f, RAM + SZ_4M + SZ_8K, MEM + SZ_4M + SZ_8K + SZ_4K, 3);
	check_idle(f);
}

static void stage2_unmap_1g_block(struct kunit *test)
{
	struct fixture *f = test->priv;
	u32 idx = RAM / SZ_1G;

	/* The engine makes none, and takes it away all the same. */
	f->pgt.pgd[idx] = MEM | KVM_PTE_S2_MEMATTR_NORMAL | KVM_PTE_AF |
			  KVM_PTE_VALID;
	op_get_page(f->pgt.pgd + idx, 1);
	expect_leaf(f, RAM, MEM, 1);
	KUNIT_EXPECT_EQ(test, 0, s2_unmap(f, RAM, SZ_4K));
	KUNIT_EXPECT_STREQ(test, f->log, "BID");
	KUNIT_EXPECT_EQ(test, f->cleaned, SZ_1G);
	expect_unmapped(f, RAM);
}

/* Ranges to map, and what to unmap of them with a single TLB invalidation */
static const struct unmap_case {
	const char	*name;
	u64		start, size;	/* mapped */
	u64		phys;
	u64		ustart, usize;	/* unmapped */
} unmap_cases[] = {
	{ "page", RAM, SZ_4K, MEM, RAM, SZ_4K },
	{ "pages", RAM - SZ_64K, SZ_128K, MEM, RAM - SZ_64K, SZ_128K },
	{ "pages, part", RAM, SZ_128K, MEM + SZ_4K, RAM + SZ_32K, SZ_64K },
	{ "blocks", RAM, 8 * SZ_2M, MEM, RAM, 8 * SZ_2M },
	{ "blocks, part", RAM, 8 * SZ_2M, MEM, RAM + SZ_2M, SZ_4M },
	{ "mixed", RAM - SZ_64K, SZ_2M + SZ_128K, MEM - SZ_64K, RAM - SZ_64K,
	  SZ_2M + SZ_128K },
	{ "level 1 boundary", 2ULL * SZ_1G - SZ_2M, SZ_4M, MEM,
	  2ULL * SZ_1G - SZ_2M, SZ_4M },
	{ "page boundary of level 1", 512ULL * SZ_1G - SZ_8K, SZ_16K,
	  MEM + SZ_4K, 512ULL * SZ_1G - SZ_8K, SZ_16K },
	{ "everything", RAM, SZ_4M, MEM, 0, IPA_TOP },
};

KUNIT_ARRAY_PARAM_DESC(unmap_case, unmap_cases, name);

static void stage2_unmap_once(struct kunit *test)
{
	const struct unmap_case *c = test->param_value;
	struct fixture *f = test->priv;
	u64 addr;
	u32 level;

	KUNIT_ASSERT_EQ(test, 0, s2_map(f, c->start, c->size, c->phys, RW));
	check_idle(f);
	forget_log(f);
	KUNIT_EXPECT_EQ(test, 0, s2_unmap(f, c->ustart, c->usize));
	KUNIT_EXPECT_EQ(test, f->invals, 1);
	check_idle(f);

	for (addr = c->start; addr < c->start + c->size; addr += SZ_4K) {
		bool gone = addr >= c->ustart && addr < c->ustart + c->usize;

		KUNIT_EXPECT_EQ(test, kvm_pte_valid(leaf(f, addr, &level)),
				!gone);
	}
}

static void stage2_split(struct kunit *test)
{
	struct fixture *f = test->priv;

	s2_map(f, RAM, 3 * SZ_2M, MEM, RWX);
	s2_map(f, RAM + 3 * SZ_2M, SZ_4K, MEM2, RW);
	kvm_pgtable_stage2_wrprotect(&f->pgt, RAM, SZ_2M);
	op_tlb_inval(&f->pgt, 0, 0);
	forget_log(f);

	/* From inside the first block to inside the second */
	KUNIT_EXPECT_EQ(test, 0,
			kvm_pgtable_stage2_split(&f->pgt, RAM + SZ_4K, SZ_2M,
						 NULL));
	KUNIT_EXPECT_STREQ(test, f->log, "ACSBACSBIMS");
	KUNIT_EXPECT_EQ(test, f->invals, 1);
	KUNIT_EXPECT_EQ(test, f->cleaned, 0);
	expect_leaf(f, RAM, MEM, 3);
	expect_leaf(f, RAM + SZ_2M - SZ_4K, MEM + SZ_2M - SZ_4K, 3);
	expect_leaf(f, RAM + SZ_4M - SZ_4K, MEM + SZ_4M - SZ_4K, 3);
	expect_leaf(f, RAM + SZ_4M, MEM + SZ_4M, 2);
	expect_prot(f, RAM, KVM_PGTABLE_PROT_RX);
	expect_prot(f, RAM + SZ_2M, RWX);

	/* What is split already costs nothing. */
	forget_log(f);
	KUNIT_EXPECT_EQ(test, 0,
			kvm_pgtable_stage2_split(&f->pgt, RAM, SZ_4M, NULL));
	KUNIT_EXPECT_EQ(test, 0,
			kvm_pgtable_stage2_split(&f->pgt, 0, SZ_1G, NULL));
	KUNIT_EXPECT_STREQ(test, f->log, "");
}

static void stage2_wrprotect(struct kunit *test)
{
	struct fixture *f = test->priv;

	s2_map(f, RAM, SZ_2M + SZ_8K, MEM, RWX);
	s2_map(f, RAM + SZ_2M + SZ_8K, SZ_4K, MEM2, RW);
	forget_log(f);
	KUNIT_EXPECT_EQ(test, 1,
			kvm_pgtable_stage2_wrprotect(&f->pgt, RAM,
						     SZ_2M + SZ_8K));
	KUNIT_EXPECT_EQ(test, f->invals, 0);
	expect_prot(f, RAM, KVM_PGTABLE_PROT_RX);
	expect_prot(f, RAM + SZ_2M, KVM_PGTABLE_PROT_RX);
	expect_prot(f, RAM + SZ_2M + SZ_8K, RW);
	KUNIT_EXPECT_EQ(test, 0,
			kvm_pgtable_stage2_wrprotect(&f->pgt, RAM,
						     SZ_2M + SZ_8K));
	KUNIT_EXPECT_EQ(test, 0,
			kvm_pgtable_stage2_wrprotect(&f->pgt, 0, SZ_1G));
}

static void stage2_relax(struct kunit *test)
{
	struct fixture *f = test->priv;

	/* The instruction cache first, then the permission. */
	s2_map(f, RAM, SZ_2M, MEM, RW);
	forget_log(f);
	KUNIT_EXPECT_EQ(test, 0, s2_map_shared(f, RAM, SZ_2M, MEM,
					       KVM_PGTABLE_PROT_X));
	KUNIT_EXPECT_STREQ(test, f->log, "XMS");
	KUNIT_EXPECT_EQ(test, f->icache, SZ_2M);
	KUNIT_EXPECT_EQ(test, f->cleaned, 0);
	expect_prot(f, RAM, RWX);

	/* What is permitted already */
	forget_log(f);
	KUNIT_EXPECT_EQ(test, 0, s2_map_shared(f, RAM, SZ_2M, MEM, RWX));
	KUNIT_EXPECT_STREQ(test, f->log, "S");
}

static void stage2_age(struct kunit *test)
{
	struct fixture *f = test->priv;
	u32 level;

	KUNIT_EXPECT_FALSE(test, kvm_pgtable_stage2_test_clear_young(&f->pgt, 0,
								     IPA_TOP,
								     true));
	s2_map(f, RAM, SZ_8K, MEM, RW);
	forget_log(f);
	KUNIT_EXPECT_TRUE(test,
			  kvm_pgtable_stage2_test_clear_young(&f->pgt, RAM,
							      SZ_4K, false));
	KUNIT_EXPECT_TRUE(test,
			  kvm_pgtable_stage2_test_clear_young(&f->pgt, RAM,
							      SZ_4K, true));
	KUNIT_EXPECT_FALSE(test, leaf(f, RAM, &level) & KVM_PTE_AF);
	KUNIT_EXPECT_TRUE(test, leaf(f, RAM + SZ_4K, &level) & KVM_PTE_AF);
	KUNIT_EXPECT_FALSE(test,
			   kvm_pgtable_stage2_test_clear_young(&f->pgt, RAM,
							       SZ_4K, true));
	KUNIT_EXPECT_TRUE(test,
			  kvm_pgtable_stage2_test_clear_young(&f->pgt, RAM,
							      SZ_8K, false));

	KUNIT_EXPECT_TRUE(test, kvm_pgtable_stage2_mkyoung(&f->pgt, RAM) &
				KVM_PTE_VALID);
	KUNIT_EXPECT_TRUE(test, leaf(f, RAM, &level) & KVM_PTE_AF);
	KUNIT_EXPECT_EQ(test, 0,
			kvm_pgtable_stage2_mkyoung(&f->pgt, RAM + SZ_2M));
	KUNIT_EXPECT_EQ(test, f->invals, 0);
	expect_prot(f, RAM, RW);
}

static void stage2_flush(struct kunit *test)
{
	struct fixture *f = test->priv;

	s2_map(f, RAM, SZ_2M + SZ_8K, MEM, RW);
	s2_map(f, RAM + SZ_4M, SZ_4K, MEM2, RW | KVM_PGTABLE_PROT_DEVICE);
	forget_log(f);
	f->flushing = true;
	KUNIT_EXPECT_EQ(test, 0, kvm_pgtable_stage2_flush(&f->pgt, 0, IPA_TOP, NULL));
	KUNIT_EXPECT_STREQ(test, f->log, "D");
	KUNIT_EXPECT_EQ(test, f->cleaned, SZ_2M + SZ_8K);
	f->flushing = false;
}

static void stage2_top_of_range(struct kunit *test)
{
	struct fixture *f = test->priv;

	KUNIT_EXPECT_EQ(test, 0, s2_map(f, IPA_TOP - SZ_4K, SZ_4K,
					IPA_TOP - SZ_4K, RWX));
	expect_leaf(f, IPA_TOP - SZ_4K, IPA_TOP - SZ_4K, 3);
	KUNIT_EXPECT_EQ(test, 0, s2_map(f, IPA_TOP - SZ_4M, SZ_2M,
					IPA_TOP - SZ_4M, RW));
	expect_leaf(f, IPA_TOP - SZ_4M, IPA_TOP - SZ_4M, 2);
	KUNIT_EXPECT_EQ(test, 0, s2_map(f, 0, SZ_4K, 0, RW));
	expect_leaf(f, 0, 0, 3);
	check_idle(f);

	KUNIT_EXPECT_EQ(test, 0, s2_unmap(f, IPA_TOP - SZ_4K, SZ_4K));
	expect_unmapped(f, IPA_TOP - SZ_4K);
	expect_leaf(f, IPA_TOP - SZ_4M, IPA_TOP - SZ_4M, 2);
	forget_log(f);
	KUNIT_EXPECT_EQ(test, 0, s2_unmap(f, 0, IPA_TOP));
	KUNIT_EXPECT_EQ(test, f->invals, 1);
	KUNIT_EXPECT_EQ(test, f->live, 2);
}

static const struct range_case {
	u64	addr, size, phys;
	int	err;
} bad_ranges[] = {
	{ RAM, 0, MEM, -EINVAL },
	{ RAM + 1, SZ_4K, MEM, -EINVAL },
	{ RAM + SZ_2K, SZ_4K, MEM, -EINVAL },
	{ RAM, SZ_4K + 1, MEM, -EINVAL },
	{ RAM, SZ_4K, MEM + 8, -EINVAL },
	{ IPA_TOP, SZ_4K, MEM, -ERANGE },
	{ IPA_TOP - SZ_4K, SZ_8K, MEM, -ERANGE },
	{ RAM, IPA_TOP, 0, -ERANGE },
	{ -(u64)SZ_4K, SZ_4K, MEM, -ERANGE },
	{ -(u64)SZ_4K, SZ_8K, MEM, -ERANGE },
	{ RAM, -(u64)RAM, MEM, -ERANGE },
	{ RAM, -(u64)SZ_4K, MEM, -ERANGE },
	{ RAM, SZ_4K, BIT_ULL(KVM_PGTABLE_OA_BITS), -ERANGE },
	{ RAM, SZ_8K, BIT_ULL(KVM_PGTABLE_OA_BITS) - SZ_4K, -ERANGE },
};

static void stage2_bad_ranges(struct kunit *test)
{
	struct fixture *f = test->priv;
	struct kvm_pgtable *pgt = &f->pgt;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(bad_ranges); i++) {
		const struct range_case *c = &bad_ranges[i];

		KUNIT_EXPECT_EQ_MSG(test, c->err,
				    s2_map(f, c->addr, c->size, c->phys, RW),
				    "case %u", i);
		/* The other operations have no output address. */
		if (!IS_ALIGNED(c->phys, SZ_4K) ||
		    c->phys + c->size > BIT_ULL(KVM_PGTABLE_OA_BITS))
			continue;
		KUNIT_EXPECT_EQ(test, c->err, s2_unmap(f, c->addr, c->size));
		KUNIT_EXPECT_EQ(test, c->err,
				kvm_pgtable_stage2_wrprotect(pgt, c->addr,
							     c->size));
		KUNIT_EXPECT_EQ(test, c->err,
				kvm_pgtable_stage2_split(pgt, c->addr, c->size,
							 NULL));
		KUNIT_EXPECT_EQ(test, c->err,
				kvm_pgtable_stage2_flush(pgt, c->addr, c->size,
							 NULL));
		KUNIT_EXPECT_FALSE(test,
				   kvm_pgtable_stage2_test_clear_young(pgt,
								       c->addr,
								       c->size,
								       true));
	}
	KUNIT_EXPECT_EQ(test, 0, kvm_pgtable_stage2_mkyoung(pgt, RAM + 1));
	KUNIT_EXPECT_EQ(test, 0, kvm_pgtable_stage2_mkyoung(pgt, IPA_TOP));
	KUNIT_EXPECT_EQ(test, f->allocs, 0);
	KUNIT_EXPECT_EQ(test, f->live, 2);
}

/* An entry that another CPU is about to make is left to it. */
static void stage2_locked_entry(struct kunit *test)
{
	struct fixture *f = test->priv;
	unsigned int idx = RAM / SZ_1G;
	kvm_pte_t pte;
	u32 level;

	f->pgt.pgd[idx] = KVM_PTE_LOCKED;
	KUNIT_EXPECT_EQ(test, -EAGAIN, s2_map_shared(f, RAM, SZ_4K, MEM, RW));
	KUNIT_EXPECT_EQ(test, -EAGAIN, s2_map_shared(f, RAM, SZ_2M, MEM, RW));
	KUNIT_EXPECT_EQ(test, f->pgt.pgd[idx], KVM_PTE_LOCKED);
	KUNIT_EXPECT_EQ(test, f->allocs, 0);
	f->pgt.pgd[idx] = 0;

	s2_map(f, RAM, SZ_4K, MEM, RW);
	pte = kvm_pte_read(f->pgt.pgd + idx);
	pte = kvm_pte_read(op_phys_to_virt(kvm_pte_to_phys(pte)));
	*(kvm_pte_t *)op_phys_to_virt(kvm_pte_to_phys(pte)) = KVM_PTE_LOCKED;
	forget_log(f);
	KUNIT_EXPECT_EQ(test, -EAGAIN, s2_map_shared(f, RAM, SZ_4K, MEM, RW));
	KUNIT_EXPECT_EQ(test, KVM_PTE_LOCKED,
			kvm_pgtable_stage2_mkyoung(&f->pgt, RAM));
	KUNIT_EXPECT_EQ(test, KVM_PTE_LOCKED, leaf(f, RAM, &level));
	KUNIT_EXPECT_EQ(test, f->cleaned, 0);
	*(kvm_pte_t *)op_phys_to_virt(kvm_pte_to_phys(pte)) = 0;
	op_put_page(op_phys_to_virt(kvm_pte_to_phys(pte)), 1);
	op_tlb_inval(&f->pgt, 0, 0);
}

struct walk_log {
	struct fixture	*f;
	char		log[64];
};

static int walk_log(const struct kvm_pgtable_visit *v, char c)
{
	struct walk_log *l = v->walker->arg;
	size_t len = strlen(l->log);

	if (c == 'l' && !v->old)
		return 0;
	KUNIT_ASSERT_LT(l->f->test, len + 3, sizeof(l->log));
	snprintf(l->log + len, sizeof(l->log) - len, "%c%u", c, v->level);
	return 0;
}

static int walk_log_pre(const struct kvm_pgtable_visit *v)
{
	return walk_log(v, 't');
}

static int walk_log_leaf(const struct kvm_pgtable_visit *v)
{
	return walk_log(v, 'l');
}

static int walk_log_post(const struct kvm_pgtable_visit *v)
{
	return walk_log(v, 'p');
}

static int walk_stop(const struct kvm_pgtable_visit *v)
{
	return v->old ? -EINTR : 0;
}

static void stage2_walk(struct kunit *test)
{
	struct fixture *f = test->priv;
	struct walk_log log = { .f = f };
	struct kvm_pgtable_walker walker = {
		.leaf		= walk_log_leaf,
		.table_pre	= walk_log_pre,
		.table_post	= walk_log_post,
		.arg		= &log,
	};

	s2_map(f, RAM - SZ_4K, SZ_2M + SZ_8K, MEM - SZ_4K, RW);
	KUNIT_EXPECT_EQ(test, 0,
			kvm_pgtable_walk(&f->pgt, 0, IPA_TOP, &walker));
	KUNIT_EXPECT_STREQ(test, log.log, "t1t2l3p2p1t1l2t2l3p2p1");

	memset(log.log, 0, sizeof(log.log));
	walker.flags = KVM_PGTABLE_WALK_BLOCKS;
	KUNIT_EXPECT_EQ(test, 0,
			kvm_pgtable_walk(&f->pgt, RAM, SZ_2M, &walker));
	KUNIT_EXPECT_STREQ(test, log.log, "t1l2p1");

	walker.leaf = walk_stop;
	KUNIT_EXPECT_EQ(test, -EINTR,
			kvm_pgtable_walk(&f->pgt, 0, IPA_TOP, &walker));
}

/*
 * Every allocation of an operation fails once. It says so, leaves the tables
 * in order, and works when it is tried again.
 */
static int alloc_map_page(struct fixture *f)
{
	return s2_map_shared(f, RAM, SZ_4K, MEM2, RW);
}

static int alloc_map_range(struct fixture *f)
{
	return s2_map(f, SZ_1G - SZ_4K, SZ_2M + SZ_8K, MEM - SZ_4M - SZ_4K,
		      RW);
}

static int alloc_map_into_block(struct fixture *f)
{
	return s2_map_shared(f, 2 * SZ_2M + SZ_8K, SZ_4K,
			     MEM + SZ_2M + SZ_8K, RW);
}

static int alloc_split(struct fixture *f)
{
	return kvm_pgtable_stage2_split(&f->pgt, SZ_2M, 3 * SZ_2M, NULL);
}

static int alloc_collapse(struct fixture *f)
{
	return s2_map(f, 8 * SZ_2M, SZ_4M, MEM2, RWX);
}

static const struct alloc_case {
	const char	*name;
	int		(*op)(struct fixture *f);
	unsigned int	allocs;
} alloc_cases[] = {
	{ "map page", alloc_map_page, 2 },
	{ "map range", alloc_map_range, 3 },
	{ "map into block", alloc_map_into_block, 1 },
	{ "split", alloc_split, 3 },
	{ "collapse", alloc_collapse, 0 },
};

KUNIT_ARRAY_PARAM_DESC(alloc_case, alloc_cases, name);

static void stage2_no_memory(struct kunit *test)
{
	const struct alloc_case *c = test->param_value;
	struct fixture *f = test->priv;
	unsigned int fail_at;

	for (fail_at = 1; fail_at <= c->allocs + 1; fail_at++) {
		/* Blocks to split, and pages to make blocks of */
		s2_map(f, SZ_2M, 3 * SZ_2M, MEM, RO);
		s2_map(f, 8 * SZ_2M, SZ_8K, MEM2 + SZ_4K, RO);

		forget_log(f);
		f->fail_at = fail_at;
		KUNIT_EXPECT_EQ(test, c->op(f),
				fail_at <= c->allocs ? -ENOMEM : 0);
		f->fail_at = 0;
		check_idle(f);
		KUNIT_EXPECT_EQ(test, 0, c->op(f));
		check_idle(f);

		KUNIT_EXPECT_EQ(test, 0, s2_unmap(f, 0, IPA_TOP));
		KUNIT_EXPECT_EQ(test, f->live, 2);
	}
}

static void stage2_init_no_memory(struct kunit *test)
{
	struct fixture *f = test->priv;
	struct kvm_pgtable pgt;

	f->fail_at = 1;
	KUNIT_EXPECT_EQ(test, -ENOMEM,
			kvm_pgtable_stage2_init(&pgt, NULL, &fake_ops));
	KUNIT_EXPECT_EQ(test, f->live, 2);
}

static void stage2_destroy(struct kunit *test)
{
	struct fixture *f = test->priv;

	s2_map(f, RAM - SZ_4K, SZ_4M + SZ_8K, MEM - SZ_4K, RW);
	s2_map(f, IPA_TOP - SZ_4K, SZ_4K, MEM2, RW);
	forget_log(f);
	kvm_pgtable_destroy(&f->pgt);
	KUNIT_EXPECT_STREQ(test, f->log, "BIF");
	KUNIT_EXPECT_EQ(test, f->invals, 1);
	KUNIT_EXPECT_EQ(test, f->live, 0);
	KUNIT_EXPECT_NULL(test, f->pgt.pgd);
}

/*
 * Operations at random, on a few blocks, against a model of what is mapped:
 * an array of pages. The seed is the parameter.
 */

#define RANDOM_BLOCKS	4
#define RANDOM_PAGES	(RANDOM_BLOCKS * KVM_PGTABLE_ENTRIES)
#define RANDOM_OPS	400

struct random_page {
	u64	phys;		/* 0 if it is not mapped */
	int	prot;
	bool	young;
};

struct random {
	struct fixture		*f;
	struct rnd_state	rnd;
	struct random_page	page[RANDOM_PAGES];
	bool			table[RANDOM_BLOCKS];
};

static u32 random_below(struct random *r, u32 limit)
{
	return prandom_u32_state(&r->rnd) % limit;
}

static u64 random_addr(u32 i)
{
	return RAM + i * (u64)SZ_4K;
}

static u64 random_phys(struct random *r, u32 i)
{
	return (random_below(r, 4) ? MEM : MEM2) + i * (u64)SZ_4K;
}

static int random_prot(struct random *r)
{
	return KVM_PGTABLE_PROT_R | random_below(r, 4);
}

/* The pages that change together with this one */
static u32 random_first(struct random *r, u32 i)
{
	return r->table[i / KVM_PGTABLE_ENTRIES] ?
	       i : round_down(i, KVM_PGTABLE_ENTRIES);
}

static u32 random_count(struct random *r, u32 i)
{
	return r->table[i / KVM_PGTABLE_ENTRIES] ? 1 : KVM_PGTABLE_ENTRIES;
}

static void model_map(struct random_page *p, u64 phys, int prot)
{
	p->prot = p->phys == phys ? p->prot | prot : prot;
	p->phys = phys;
	p->young = true;
}

static void random_map_page(struct random *r)
{
	u32 i = random_below(r, RANDOM_PAGES);
	u64 phys = random_phys(r, i);
	int prot = random_prot(r);

	KUNIT_EXPECT_EQ(r->f->test, 0, s2_map(r->f, random_addr(i), SZ_4K,
					      phys, prot));
	r->table[i / KVM_PGTABLE_ENTRIES] = true;
	model_map(&r->page[i], phys, prot);
}

static void random_map_block(struct random *r)
{
	u32 b = random_below(r, RANDOM_BLOCKS), i = b * KVM_PGTABLE_ENTRIES;
	u64 phys = random_phys(r, i);
	int prot = random_prot(r);
	u32 n;

	/* Making blocks of pages has tests of its own. */
	if (r->table[b])
		return;

	KUNIT_EXPECT_EQ(r->f->test, 0, s2_map(r->f, random_addr(i), SZ_2M,
					      phys, prot));
	for (n = 0; n < KVM_PGTABLE_ENTRIES; n++)
		model_map(&r->page[i + n], phys + n * (u64)SZ_4K, prot);
}

static void random_unmap(struct random *r)
{
	u32 first = random_below(r, RANDOM_PAGES);
	u32 end = min(first + 1 + random_below(r, KVM_PGTABLE_ENTRIES),
		      RANDOM_PAGES);
	u32 i, b;

	KUNIT_EXPECT_EQ(r->f->test, 0,
			s2_unmap(r->f, random_addr(first),
				 (end - first) * (u64)SZ_4K));
	for (i = first; i < end; i++)
		memset(&r->page[random_first(r, i)], 0,
		       random_count(r, i) * sizeof(r->page[0]));

	for (b = 0; b < RANDOM_BLOCKS; b++)
		if (!memchr_inv(&r->page[b * KVM_PGTABLE_ENTRIES], 0,
				KVM_PGTABLE_ENTRIES * sizeof(r->page[0])))
			r->table[b] = false;
}

static void random_split(struct random *r)
{
	u32 b = random_below(r, RANDOM_BLOCKS), i = b * KVM_PGTABLE_ENTRIES;

	KUNIT_EXPECT_EQ(r->f->test, 0,
			kvm_pgtable_stage2_split(&r->f->pgt, random_addr(i),
						 SZ_2M, NULL));
	r->table[b] = r->page[i].phys || r->table[b];
}

static void random_wrprotect(struct random *r)
{
	u32 i = random_below(r, RANDOM_PAGES), n;
	bool changed = false;

	for (n = 0; n < random_count(r, i); n++) {
		struct random_page *p = &r->page[random_first(r, i) + n];

		changed |= p->prot & KVM_PGTABLE_PROT_W;
		p->prot &= ~KVM_PGTABLE_PROT_W;
	}
	KUNIT_EXPECT_EQ(r->f->test, changed,
			kvm_pgtable_stage2_wrprotect(&r->f->pgt, random_addr(i),
						     SZ_4K));
}

static void random_age(struct random *r)
{
	u32 i = random_below(r, RANDOM_PAGES), n;
	bool young = false;

	for (n = 0; n < random_count(r, i); n++) {
		struct random_page *p = &r->page[random_first(r, i) + n];

		young |= p->young;
		p->young = false;
	}
	KUNIT_EXPECT_EQ(r->f->test, young,
			kvm_pgtable_stage2_test_clear_young(&r->f->pgt,
							    random_addr(i),
							    SZ_4K, true));
}

/* The same memory again, with other permissions */
static void random_relax(struct random *r)
{
	u32 i = random_first(r, random_below(r, RANDOM_PAGES));
	u32 n, count = random_count(r, i);
	int prot = random_prot(r);

	if (!r->page[i].phys)
		return;

	KUNIT_EXPECT_EQ(r->f->test, 0,
			s2_map_shared(r->f, random_addr(i),
				      count * (u64)SZ_4K, r->page[i].phys,
				      prot));
	for (n = 0; n < count; n++)
		model_map(&r->page[i + n], r->page[i + n].phys, prot);
}

static void (* const random_ops[])(struct random *r) = {
	random_map_page, random_map_page, random_map_block, random_unmap,
	random_split, random_wrprotect, random_age, random_relax,
};

static void random_compare(struct random *r)
{
	unsigned int i, tables = 0;

	for (i = 0; i < RANDOM_PAGES; i++) {
		const struct random_page *p = &r->page[i];
		u32 level;
		kvm_pte_t pte = leaf(r->f, random_addr(i), &level);

		if (!p->phys) {
			KUNIT_EXPECT_EQ_MSG(r->f->test, pte, 0, "page %u", i);
			continue;
		}
		expect_leaf(r->f, random_addr(i),
			    level == KVM_PGTABLE_LAST_LEVEL ? p->phys :
			    ALIGN_DOWN(p->phys, SZ_2M),
			    r->table[i / KVM_PGTABLE_ENTRIES] ? 3 : 2);
		expect_prot(r->f, random_addr(i), p->prot);
		KUNIT_EXPECT_EQ(r->f->test, p->young, !!(pte & KVM_PTE_AF));
	}

	for (i = 0; i < RANDOM_BLOCKS; i++)
		tables += r->table[i];
	if (memchr_inv(r->page, 0, sizeof(r->page)))
		tables++;
	KUNIT_EXPECT_EQ(r->f->test, r->f->live, 2 + tables);
}

static const unsigned int random_seeds[] = { 1, 2, 3, 4 };

static void random_seed_desc(const unsigned int *seed, char *desc)
{
	snprintf(desc, KUNIT_PARAM_DESC_SIZE, "seed %u", *seed);
}

KUNIT_ARRAY_PARAM(random_seed, random_seeds, random_seed_desc);

static void stage2_random(struct kunit *test)
{
	const unsigned int *seed = test->param_value;
	struct random *r = kunit_kzalloc(test, sizeof(*r), GFP_KERNEL);
	unsigned int i;

	KUNIT_ASSERT_NOT_NULL(test, r);
	r->f = test->priv;
	prandom_seed_state(&r->rnd, *seed);

	/* A page for tables is used once: an operation takes two at most. */
	for (i = 0; i < RANDOM_OPS && r->f->used < NR_PAGES - 2; i++) {
		random_ops[random_below(r, ARRAY_SIZE(random_ops))](r);
		check_idle(r->f);
	}
	random_compare(r);
}

static struct kunit_case stage2_cases[] = {
	KUNIT_CASE(stage2_map_page),
	KUNIT_CASE(stage2_map_block),
	KUNIT_CASE(stage2_map_mixed),
	KUNIT_CASE(stage2_map_device),
	KUNIT_CASE(stage2_map_not_shared),
	KUNIT_CASE(stage2_replace),
	KUNIT_CASE(stage2_map_again),
	KUNIT_CASE(stage2_map_into_block),
	KUNIT_CASE(stage2_collapse),
	KUNIT_CASE(stage2_collapse_clean),
	KUNIT_CASE(stage2_map_around),
	KUNIT_CASE(stage2_unmap_order),
	KUNIT_CASE(stage2_unmap_part),
	KUNIT_CASE(stage2_unmap_tables),
	KUNIT_CASE(stage2_unmap_1g_block),
	KUNIT_CASE_PARAM(stage2_unmap_once, unmap_case_gen_params),
	KUNIT_CASE(stage2_split),
	KUNIT_CASE(stage2_wrprotect),
	KUNIT_CASE(stage2_relax),
	KUNIT_CASE(stage2_age),
	KUNIT_CASE(stage2_flush),
	KUNIT_CASE(stage2_top_of_range),
	KUNIT_CASE(stage2_bad_ranges),
	KUNIT_CASE(stage2_locked_entry),
	KUNIT_CASE(stage2_walk),
	KUNIT_CASE_PARAM(stage2_no_memory, alloc_case_gen_params),
	KUNIT_CASE(stage2_init_no_memory),
	KUNIT_CASE(stage2_destroy),
	KUNIT_CASE_PARAM(stage2_random, random_seed_gen_params),
	{}
};

static struct kunit_suite stage2_suite = {
	.name		= "kvm_arm_stage2_pgtable",
	.init		= stage2_init,
	.exit		= fixture_exit,
	.test_cases	= stage2_cases,
};

/*
 * HYP
 */

#define KVA		0xc0200000ULL
#define KPHYS		0x4040200000ULL

/* A port may have HYP addresses at a distance from the kernel's. */
#define HYP_OFFSET	0x40000000ULL

static int hyp_init_at(struct kunit *test, u64 hva)
{
	struct fixture *f;

	fixture_init(test);
	f = test->priv;
	f->hva = hva;
	KUNIT_ASSERT_EQ(test, 0, kvm_pgtable_hyp_init(&f->pgt, &fake_ops));
	KUNIT_EXPECT_EQ(test, f->live, 1);
	forget_log(f);
	return 0;
}

static int hyp_init(struct kunit *test)
{
	return hyp_init_at(test, KVA);
}

static int hyp_offset_init(struct kunit *test)
{
	return hyp_init_at(test, KVA - HYP_OFFSET);
}

static int hyp_map(struct fixture *f, u64 addr, u64 size, u64 phys,
		   enum kvm_pgtable_prot prot)
{
	return kvm_pgtable_hyp_map(&f->pgt, addr, size, phys, prot);
}

static void hyp_map_pages(struct kunit *test)
{
	struct fixture *f = test->priv;
	u32 level;

	KUNIT_EXPECT_EQ(test, 0, hyp_map(f, f->hva, SZ_4K, KPHYS, PAGE_HYP));
	KUNIT_EXPECT_STREQ(test, f->log, "BACSMBACSMS");
	KUNIT_EXPECT_EQ(test, leaf(f, f->hva, &level),
			KPHYS | 0x3 | KVM_PTE_AF | KVM_PTE_SH_INNER |
			(KVM_HYP_MT_NORMAL << 2) | BIT_ULL(6) | KVM_PTE_XN);

	/* Never a block, be it aligned as it may */
	KUNIT_EXPECT_EQ(test, 0, hyp_map(f, f->hva + SZ_2M, SZ_2M, KPHYS + SZ_2M,
					 PAGE_HYP));
	expect_leaf(f, f->hva + SZ_2M, KPHYS + SZ_2M, 3);
	expect_leaf(f, f->hva + SZ_4M - SZ_4K, KPHYS + SZ_4M - SZ_4K, 3);
	KUNIT_EXPECT_EQ(test, f->invals, 0);
	KUNIT_EXPECT_EQ(test, f->cleaned, 0);
}

static const struct prot_case {
	int	prot;
	int	err;
} hyp_prots[] = {
	{ KVM_PGTABLE_PROT_R, 0 },
	{ KVM_PGTABLE_PROT_RW, 0 },
	{ KVM_PGTABLE_PROT_RX, 0 },
	{ KVM_PGTABLE_PROT_RW | KVM_PGTABLE_PROT_DEVICE, 0 },
	{ KVM_PGTABLE_PROT_R | KVM_PGTABLE_PROT_DEVICE, 0 },
	{ 0, -EINVAL },
	{ KVM_PGTABLE_PROT_W, -EINVAL },
	{ KVM_PGTABLE_PROT_X, -EINVAL },
	{ KVM_PGTABLE_PROT_RWX, -EINVAL },
	{ KVM_PGTABLE_PROT_RX | KVM_PGTABLE_PROT_DEVICE, -EINVAL },
	{ KVM_PGTABLE_PROT_RWX | KVM_PGTABLE_PROT_DEVICE, -EINVAL },
};

static void hyp_permissions(struct kunit *test)
{
	struct fixture *f = test->priv;
	unsigned int i;
	u32 level;

	for (i = 0; i < ARRAY_SIZE(hyp_prots); i++) {
		u64 addr = f->hva + i * SZ_4K;

		KUNIT_EXPECT_EQ(test, hyp_prots[i].err,
				hyp_map(f, addr, SZ_4K, KPHYS,
					hyp_prots[i].prot));
		KUNIT_EXPECT_EQ(test, hyp_prots[i].err ? 0 : hyp_prots[i].prot,
				(int)kvm_pgtable_hyp_pte_prot(leaf(f, addr,
								   &level)));
	}
}

static void hyp_map_exists(struct kunit *test)
{
	struct fixture *f = test->priv;
	unsigned int live;

	hyp_map(f, f->hva + SZ_2M, SZ_4K, KPHYS, PAGE_HYP);
	live = f->live;
	KUNIT_EXPECT_EQ(test, -EEXIST, hyp_map(f, f->hva + SZ_2M, SZ_4K, KPHYS,
					       PAGE_HYP));
	expect_leaf(f, f->hva + SZ_2M, KPHYS, 3);

	/* What had been mapped before that was found out is gone again. */
	KUNIT_EXPECT_EQ(test, -EEXIST, hyp_map(f, f->hva, SZ_4M, KPHYS, PAGE_HYP));
	expect_unmapped(f, f->hva);
	expect_unmapped(f, f->hva + SZ_2M - SZ_4K);
	expect_leaf(f, f->hva + SZ_2M, KPHYS, 3);
	expect_unmapped(f, f->hva + SZ_2M + SZ_4K);
	KUNIT_EXPECT_EQ(test, f->live, live);
}

static void hyp_unmap(struct kunit *test)
{
	struct fixture *f = test->priv;

	hyp_map(f, f->hva, 3 * SZ_4K, KPHYS, PAGE_HYP);
	forget_log(f);
	KUNIT_EXPECT_EQ(test, 0, kvm_pgtable_hyp_unmap(&f->pgt, f->hva + SZ_4K,
						       SZ_4K));
	KUNIT_EXPECT_STREQ(test, f->log, "BI");
	expect_leaf(f, f->hva, KPHYS, 3);
	expect_unmapped(f, f->hva + SZ_4K);
	check_idle(f);

	forget_log(f);
	KUNIT_EXPECT_EQ(test, 0, kvm_pgtable_hyp_unmap(&f->pgt, 0, SZ_4G));
	KUNIT_EXPECT_STREQ(test, f->log, "BIF");
	KUNIT_EXPECT_EQ(test, f->invals, 1);
	KUNIT_EXPECT_EQ(test, f->live, 1);
}

static void hyp_bad_ranges(struct kunit *test)
{
	struct fixture *f = test->priv;

	KUNIT_EXPECT_EQ(test, -EINVAL, hyp_map(f, f->hva + 4, SZ_4K, KPHYS,
					       PAGE_HYP));
	KUNIT_EXPECT_EQ(test, -EINVAL, hyp_map(f, f->hva, 0, KPHYS, PAGE_HYP));
	KUNIT_EXPECT_EQ(test, -EINVAL, hyp_map(f, f->hva, SZ_4K, KPHYS + 4,
					       PAGE_HYP));
	KUNIT_EXPECT_EQ(test, -ERANGE, hyp_map(f, SZ_4G, SZ_4K, KPHYS,
					       PAGE_HYP));
	KUNIT_EXPECT_EQ(test, -ERANGE, hyp_map(f, SZ_4G - SZ_4K, SZ_8K, KPHYS,
					       PAGE_HYP));
	KUNIT_EXPECT_EQ(test, -ERANGE,
			hyp_map(f, f->hva, SZ_4K, BIT_ULL(KVM_PGTABLE_OA_BITS),
				PAGE_HYP));
	KUNIT_EXPECT_EQ(test, -EINVAL, kvm_pgtable_hyp_unmap(&f->pgt, f->hva,
							     SZ_2K));
	KUNIT_EXPECT_EQ(test, -ERANGE, kvm_pgtable_hyp_unmap(&f->pgt, f->hva,
							     SZ_4G));
	KUNIT_EXPECT_EQ(test, 0, hyp_map(f, SZ_4G - SZ_4K, SZ_4K, KPHYS,
					 PAGE_HYP_EXEC));
	expect_leaf(f, SZ_4G - SZ_4K, KPHYS, 3);
}

static void hyp_no_memory(struct kunit *test)
{
	struct fixture *f = test->priv;
	unsigned int fail_at;

	/* Across a boundary of level 1: two tables of each level */
	for (fail_at = 1; fail_at <= 4; fail_at++) {
		forget_log(f);
		f->fail_at = fail_at;
		KUNIT_EXPECT_EQ(test, -ENOMEM, hyp_map(f, 0x80000000 - SZ_8K,
						       SZ_16K, KPHYS,
						       PAGE_HYP));
		check_idle(f);
		KUNIT_EXPECT_EQ(test, f->live, 1);
	}

	f->fail_at = 0;
	KUNIT_EXPECT_EQ(test, 0, hyp_map(f, 0x80000000 - SZ_8K, SZ_16K, KPHYS,
					 PAGE_HYP));
	KUNIT_EXPECT_EQ(test, f->live, 5);
}

static void hyp_init_no_memory(struct kunit *test)
{
	struct fixture *f = test->priv;
	struct kvm_pgtable pgt;

	f->fail_at = 1;
	KUNIT_EXPECT_EQ(test, -ENOMEM, kvm_pgtable_hyp_init(&pgt, &fake_ops));
	KUNIT_EXPECT_EQ(test, f->live, 1);
}

static void hyp_destroy(struct kunit *test)
{
	struct fixture *f = test->priv;

	hyp_map(f, f->hva, SZ_4M, KPHYS, PAGE_HYP);
	hyp_map(f, SZ_4G - SZ_64K, SZ_4K, KPHYS, PAGE_HYP_EXEC);
	forget_log(f);
	kvm_pgtable_destroy(&f->pgt);
	KUNIT_EXPECT_STREQ(test, f->log, "BIF");
	KUNIT_EXPECT_EQ(test, f->live, 0);
}

/* Each suite has its own: KUnit keeps the log of a case in there. */
static struct kunit_case hyp_cases[][9] = {
	[0 ... 1] = {
		KUNIT_CASE(hyp_map_pages),
		KUNIT_CASE(hyp_permissions),
		KUNIT_CASE(hyp_map_exists),
		KUNIT_CASE(hyp_unmap),
		KUNIT_CASE(hyp_bad_ranges),
		KUNIT_CASE(hyp_no_memory),
		KUNIT_CASE(hyp_init_no_memory),
		KUNIT_CASE(hyp_destroy),
		{}
	},
};

static struct kunit_suite hyp_suite = {
	.name		= "kvm_arm_hyp_pgtable",
	.init		= hyp_init,
	.exit		= fixture_exit,
	.test_cases	= hyp_cases[0],
};

static struct kunit_suite hyp_offset_suite = {
	.name		= "kvm_arm_hyp_pgtable_offset",
	.init		= hyp_offset_init,
	.exit		= fixture_exit,
	.test_cases	= hyp_cases[1],
};

/*
 * Both kinds of tables are unmapped and freed by one and the same walker: on
 * tables of the same shape it does the same, step by step.
 */

struct walker_ops {
	int (*init)(struct fixture *f);
	int (*map)(struct fixture *f, u64 addr, u64 size);
	int (*unmap)(struct fixture *f, u64 addr, u64 size);
};

/* HYP memory has no data cache maintenance: leave it out for Stage-2, too. */
static const struct kvm_pgtable_mm_ops walker_mm_ops = {
	.zalloc_page	= op_zalloc_page,
	.zalloc_pgd	= op_zalloc_pgd,
	.free_pgd	= op_free_pgd,
	.get_page	= op_get_page,
	.put_page	= op_put_page,
	.page_count	= op_page_count,
	.phys_to_virt	= op_phys_to_virt,
	.virt_to_phys	= op_virt_to_phys,
	.clean_table	= op_clean_table,
	.sync_table	= op_sync_table,
	.tlb_inval	= op_tlb_inval,
};

static int walker_hyp_init(struct fixture *f)
{
	return kvm_pgtable_hyp_init(&f->pgt, &walker_mm_ops);
}

static int walker_hyp_map(struct fixture *f, u64 addr, u64 size)
{
	return hyp_map(f, addr, size, KPHYS, PAGE_HYP);
}

static int walker_hyp_unmap(struct fixture *f, u64 addr, u64 size)
{
	return kvm_pgtable_hyp_unmap(&f->pgt, addr, size);
}

static int walker_s2_init(struct fixture *f)
{
	return kvm_pgtable_stage2_init(&f->pgt, NULL, &walker_mm_ops);
}

/* In pages, as HYP memory is */
static int walker_s2_map(struct fixture *f, u64 addr, u64 size)
{
	return s2_map(f, addr, size, KPHYS + SZ_4K, RW);
}

static const struct walker_ops walkers[] = {
	{ walker_hyp_init, walker_hyp_map, walker_hyp_unmap },
	{ walker_s2_init, walker_s2_map, s2_unmap },
};

/* Leaves a page in one table, and takes all out of two more. */
static void walker_unmap(struct kunit *test, const struct walker_ops *ops)
{
	struct fixture *f = test->priv;

	KUNIT_EXPECT_EQ(test, 0, ops->map(f, KVA - SZ_4K, SZ_16K));
	KUNIT_EXPECT_EQ(test, 0, ops->map(f, KVA + SZ_2M, SZ_8K));
	forget_log(f);
	KUNIT_EXPECT_EQ(test, 0, ops->unmap(f, KVA, SZ_4M));
	KUNIT_EXPECT_EQ(test, f->invals, 1);
}

static void walker_destroy(struct kunit *test, const struct walker_ops *ops)
{
	struct fixture *f = test->priv;

	KUNIT_EXPECT_EQ(test, 0, ops->map(f, KVA, SZ_8K));
	KUNIT_EXPECT_EQ(test, 0, ops->map(f, SZ_4G - SZ_4K, SZ_4K));
	forget_log(f);
	kvm_pgtable_destroy(&f->pgt);
	KUNIT_EXPECT_EQ(test, f->invals, 1);
}

static const struct walker_case {
	const char	*name;
	void		(*run)(struct kunit *test, const struct walker_ops *ops);
	const char	*log;
} walker_cases[] = {
	{ "unmap", walker_unmap, "BIF" },
	{ "destroy", walker_destroy, "BIF" },
};

KUNIT_ARRAY_PARAM_DESC(walker_case, walker_cases, name);

static void walker_is_one(struct kunit *test)
{
	const struct walker_case *c = test->param_value;
	char traces[ARRAY_SIZE(walkers)][TRACE_SIZE];
	struct fixture *f = test->priv;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(walkers); i++) {
		KUNIT_ASSERT_EQ(test, 0, walkers[i].init(f));
		c->run(test, &walkers[i]);
		KUNIT_EXPECT_STREQ(test, f->log, c->log);
		/* The level 1 tables need not have the same size. */
		*strchrnul(f->trace, '|') = '\0';
		memcpy(traces[i], f->trace, TRACE_SIZE);
		if (f->pgt.pgd)
			kvm_pgtable_destroy(&f->pgt);
		KUNIT_EXPECT_EQ(test, f->live, 0);
	}

	KUNIT_EXPECT_GT(test, strlen(traces[0]), strlen(c->log));
	KUNIT_EXPECT_STREQ(test, traces[0], traces[1]);
}

static struct kunit_case walker_suite_cases[] = {
	KUNIT_CASE_PARAM(walker_is_one, walker_case_gen_params),
	{}
};

static struct kunit_suite walker_suite = {
	.name		= "kvm_arm_pgtable_walker",
	.init		= fixture_init,
	.exit		= fixture_exit,
	.test_cases	= walker_suite_cases,
};

kunit_test_suites(&stage2_suite, &hyp_suite, &hyp_offset_suite, &walker_suite);
