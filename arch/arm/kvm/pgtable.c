// SPDX-License-Identifier: GPL-2.0-only
/*
 * Translation tables for HYP stage 1 and for Stage-2
 *
 * One depth-first walker; an operation is a visitor or two. Nothing here
 * knows how memory is allocated, how caches and TLBs are maintained, or on
 * which architecture it runs: struct kvm_pgtable_mm_ops does.
 *
 * The page count of a table page is one more than its entries in use, so a
 * page whose count is one can go. HYP and Stage-2 tables are freed in one way
 * only, by unmapping.
 *
 * To take translations away, or to exchange a block for a table, entries have
 * to be broken, the TLB invalidated, and only then may memory be reused or
 * a new entry made (ARM ARM DDI 0406C, B3.10.1, "TLB maintenance operations
 * and the memory order model"). ARMv7 has no invalidation by IPA, so that
 * each invalidation costs the guest all of its TLB. Operations on a range
 * therefore walk twice, with one invalidation in between:
 *
 *   1. Break: take KVM_PTE_VALID away, and keep the rest of the descriptor.
 *   2. Invalidate the TLB.
 *   3. Finish what is broken: maintain the data cache, free tables, or make
 *      the new entries. The broken tree is the list of what is to be done.
 *
 * Walks that run in parallel never take a table out of use. A table can be
 * walked without further protection while mmu_lock is held in any mode.
 */
#include <linux/bitfield.h>
#include <linux/errno.h>
#include <linux/minmax.h>

#include <asm/kvm_pgtable.h>

#define S2_PROT_ATTRS	(KVM_PTE_XN | KVM_PTE_S2_READ | KVM_PTE_S2_WRITE | \
			 KVM_PTE_AF)

static bool pte_cacheable(kvm_pte_t pte)
{
	return (pte & KVM_PTE_S2_MEMATTR) == KVM_PTE_S2_MEMATTR_NORMAL;
}

static kvm_pte_t leaf_pte(u64 phys, kvm_pte_t attr, u32 level)
{
	kvm_pte_t pte = phys | attr | KVM_PTE_VALID;

	return level == KVM_PGTABLE_LAST_LEVEL ? pte | KVM_PTE_TYPE_PAGE : pte;
}

static kvm_pte_t table_pte(const struct kvm_pgtable *pgt, kvm_pte_t *table)
{
	return pgt->ops->virt_to_phys(table) | KVM_PTE_TYPE_TABLE |
	       KVM_PTE_VALID;
}

static kvm_pte_t *pte_follow(const struct kvm_pgtable *pgt, kvm_pte_t pte)
{
	return pgt->ops->phys_to_virt(kvm_pte_to_phys(pte));
}

/*
 * All of level 1 is one table: concatenated pages are contiguous. Page numbers
 * have 32 bits, which is what a 32-bit CPU shifts at once.
 */
static u32 table_index(u64 addr, u32 level)
{
	u32 page = addr >> kvm_granule_shift(KVM_PGTABLE_LAST_LEVEL);
	u32 idx = page >> (kvm_granule_shift(level) -
			   kvm_granule_shift(KVM_PGTABLE_LAST_LEVEL));

	return level == KVM_PGTABLE_FIRST_LEVEL ? idx :
	       idx % KVM_PGTABLE_ENTRIES;
}

/* Is the entry a table for this walk, which may want broken ones, too? */
static bool sees_table(const struct kvm_pgtable_visit *v)
{
	kvm_pte_t pte = v->old;

	if (v->walker->flags & KVM_PGTABLE_WALK_BROKEN)
		pte |= KVM_PTE_VALID;

	return kvm_pte_table(pte, v->level);
}

static int walk_table(struct kvm_pgtable *pgt,
		      const struct kvm_pgtable_walker *walker,
		      kvm_pte_t *table, u32 level, u64 addr, u64 end);

static int walk_entry(struct kvm_pgtable_visit *v)
{
	const struct kvm_pgtable_walker *walker = v->walker;
	int ret;

	v->old = kvm_pte_read(v->ptep);

	if (!sees_table(v)) {
		ret = walker->leaf ? walker->leaf(v) : 0;
		if (ret || v->level == KVM_PGTABLE_LAST_LEVEL)
			return ret;

		/* The visitor may have put a table here: go down into it. */
		v->old = kvm_pte_read(v->ptep);
		if (!sees_table(v))
			return 0;
	} else if (walker->table_pre) {
		ret = walker->table_pre(v);
		if (ret)
			return ret == KVM_PGTABLE_SKIP ? 0 : ret;
	}

	if ((walker->flags & KVM_PGTABLE_WALK_BLOCKS) &&
	    v->level == KVM_PGTABLE_BLOCK_LEVEL)
		return 0;

	ret = walk_table(v->pgt, walker, pte_follow(v->pgt, v->old),
			 v->level + 1, v->addr, v->end);
	if (ret || !walker->table_post)
		return ret;

	return walker->table_post(v);
}

static int walk_table(struct kvm_pgtable *pgt,
		      const struct kvm_pgtable_walker *walker,
		      kvm_pte_t *table, u32 level, u64 addr, u64 end)
{
	bool used_only = walker->flags & KVM_PGTABLE_WALK_USED;
	u32 shift = kvm_granule_shift(level);
	u32 i, nr = ((end - 1) >> shift) - (addr >> shift) + 1;
	u64 base = addr >> shift << shift;
	struct kvm_pgtable_visit v = {
		.pgt	= pgt,
		.walker	= walker,
		.ptep	= table + table_index(addr, level),
		.addr	= addr,
		.end	= end,
		.level	= level,
	};

	if (level == KVM_PGTABLE_LAST_LEVEL && walker->pages)
		return walker->pages(&v);

	for (i = 0; i < nr; i++, v.ptep++) {
		int ret;

		if (used_only && !kvm_pte_read(v.ptep))
			continue;

		v.addr = max(base + ((u64)i << shift), addr);
		v.end = min(base + ((u64)(i + 1) << shift), end);
		ret = walk_entry(&v);
		if (ret)
			return ret;
	}

	return 0;
}

static int check_range(u64 addr, u64 size, u32 bits)
{
	u64 mask = kvm_granule_size(KVM_PGTABLE_LAST_LEVEL) - 1;

	if (!size || ((addr | size) & mask))
		return -EINVAL;

	/* Unlike the sum, neither difference can wrap around. */
	if (addr >= BIT_ULL(bits) || size > BIT_ULL(bits) - addr)
		return -ERANGE;

	return 0;
}

int kvm_pgtable_walk(struct kvm_pgtable *pgt, u64 addr, u64 size,
		     const struct kvm_pgtable_walker *walker)
{
	int ret = check_range(addr, size, pgt->ia_bits);

	if (ret)
		return ret;

	return walk_table(pgt, walker, pgt->pgd, KVM_PGTABLE_FIRST_LEVEL,
			  addr, addr + size);
}

/*
 * What is about a single entry has no use for a walk: it goes straight down.
 * Nor has it for @end, and nothing else of the visit is left to be cleared.
 */

static void visit_begin(struct kvm_pgtable_visit *v, struct kvm_pgtable *pgt,
			const struct kvm_pgtable_walker *walker, u64 addr)
{
	v->pgt = pgt;
	v->walker = walker;
	v->ptep = pgt->pgd + table_index(addr, KVM_PGTABLE_FIRST_LEVEL);
	v->addr = addr;
	v->level = KVM_PGTABLE_FIRST_LEVEL;
}

/* To the entry of a level, or to one on the way there that is not a table */
static void visit_descend(struct kvm_pgtable_visit *v, u32 level)
{
	for (;;) {
		v->old = kvm_pte_read(v->ptep);
		if (v->level == level || !kvm_pte_table(v->old, v->level))
			return;

		v->level++;
		v->ptep = pte_follow(v->pgt, v->old) +
			  table_index(v->addr, v->level);
	}
}

static int visit_page(struct kvm_pgtable_visit *v, struct kvm_pgtable *pgt,
		      const struct kvm_pgtable_walker *walker, u64 addr)
{
	u64 granule = kvm_granule_size(KVM_PGTABLE_LAST_LEVEL);
	int ret = check_range(addr, granule, pgt->ia_bits);

	if (ret)
		return ret;

	visit_begin(v, pgt, walker, addr);
	visit_descend(v, KVM_PGTABLE_LAST_LEVEL);
	return 0;
}

int kvm_pgtable_get_leaf(struct kvm_pgtable *pgt, u64 addr, kvm_pte_t *ptep,
			 u32 *level)
{
	struct kvm_pgtable_visit v __uninitialized;
	int ret = visit_page(&v, pgt, NULL, addr);

	if (ret)
		return ret;

	*ptep = v.old;
	*level = v.level;
	return 0;
}

/* How many entries a visitor of pages has before it */
static u32 pages_nr(const struct kvm_pgtable_visit *v)
{
	return (v->end - v->addr) >> kvm_granule_shift(KVM_PGTABLE_LAST_LEVEL);
}

/*
 * Writing entries
 */

static void pte_set(const struct kvm_pgtable_visit *v, kvm_pte_t new)
{
	const struct kvm_pgtable_mm_ops *ops = v->pgt->ops;

	kvm_pte_write(v->ptep, new);
	if (ops->clean_table)
		ops->clean_table(v->ptep, sizeof(*v->ptep));
}

/* Returns false if the entry is no longer what the visitor was told. */
static bool pte_try_set(const struct kvm_pgtable_visit *v, kvm_pte_t new)
{
	const struct kvm_pgtable_mm_ops *ops = v->pgt->ops;

	if (!(v->walker->flags & KVM_PGTABLE_WALK_SHARED)) {
		pte_set(v, new);
		return true;
	}

	if (!kvm_pte_try_cmpxchg(v->ptep, v->old, new))
		return false;

	if (ops->clean_table)
		ops->clean_table(v->ptep, sizeof(*v->ptep));
	return true;
}

static void sync_table(const struct kvm_pgtable *pgt)
{
	if (pgt->ops->sync_table)
		pgt->ops->sync_table();
}

/*
 * Break-before-make of a single entry: from pte_break() to pte_make() nobody
 * else touches it, and a guest that meets it faults until it is made. Returns
 * false if somebody else was first.
 */
static bool pte_break(const struct kvm_pgtable_visit *v)
{
	u64 granule = kvm_granule_size(v->level);

	if (v->old == KVM_PTE_LOCKED || !pte_try_set(v, KVM_PTE_LOCKED))
		return false;

	if (kvm_pte_valid(v->old))
		v->pgt->ops->tlb_inval(v->pgt, v->addr & ~(granule - 1),
				       granule);
	return true;
}

static void pte_make(const struct kvm_pgtable_visit *v, kvm_pte_t new)
{
	if (!v->old)
		v->pgt->ops->get_page(v->ptep, 1);

	/* Nobody must find the entry before what it leads to. */
	smp_wmb();
	pte_set(v, new);
}

/* A new table in place of @v->old: empty, or with the pages of the block. */
static kvm_pte_t *table_alloc(const struct kvm_pgtable_visit *v, void *ctx)
{
	const struct kvm_pgtable_mm_ops *ops = v->pgt->ops;
	u64 granule = kvm_granule_size(v->level + 1);
	kvm_pte_t *table = ops->zalloc_page(ctx);
	kvm_pte_t attr, pte;
	u32 i;

	if (!table)
		return NULL;

	if (kvm_pte_valid(v->old)) {
		attr = v->old & ~(KVM_PTE_ADDR_MASK | KVM_PTE_TYPE_PAGE);
		pte = leaf_pte(kvm_pte_to_phys(v->old), attr, v->level + 1);
		for (i = 0; i < KVM_PGTABLE_ENTRIES; i++, pte += granule)
			kvm_pte_write(&table[i], pte);
		ops->get_page(table, KVM_PGTABLE_ENTRIES);
	}

	if (ops->clean_table)
		ops->clean_table(table, KVM_PGTABLE_ENTRIES * sizeof(*table));

	/* A table walk must not find the table before what is in it. */
	sync_table(v->pgt);
	return table;
}

static int map_table(const struct kvm_pgtable_visit *v, void *ctx)
{
	kvm_pte_t *table;

	if (!pte_break(v))
		return -EAGAIN;

	table = table_alloc(v, ctx);
	if (!table) {
		pte_set(v, v->old);
		return -ENOMEM;
	}

	pte_make(v, table_pte(v->pgt, table));
	return 0;
}

/* The memory of a Stage-2 entry, which is all of what it maps */
static void dcache_clean_inval(const struct kvm_pgtable_visit *v, kvm_pte_t pte,
			       void *ctx)
{
	const struct kvm_pgtable_mm_ops *ops = v->pgt->ops;
	u64 granule = kvm_granule_size(v->level);

	if (ops->dcache_clean_inval && pte_cacheable(pte))
		ops->dcache_clean_inval(ctx, v->addr & ~(granule - 1),
					kvm_pte_to_phys(pte), granule);
}

/*
 * Unmapping, for HYP and Stage-2
 */

struct unmap_data {
	void	*ctx;
	bool	broken;
	bool	flush_dcache;
};

static void unmap_break(const struct kvm_pgtable_visit *v)
{
	struct unmap_data *d = v->walker->arg;

	pte_set(v, v->old & ~KVM_PTE_VALID);
	v->pgt->ops->put_page(v->ptep, 1);
	d->broken = true;
}

static int unmap_break_leaf(const struct kvm_pgtable_visit *v)
{
	if (kvm_pte_valid(v->old))
		unmap_break(v);
	return 0;
}

static int unmap_break_pages(const struct kvm_pgtable_visit *v)
{
	const struct kvm_pgtable_mm_ops *ops = v->pgt->ops;
	u32 i, nr = pages_nr(v), broken = 0;
	struct unmap_data *d = v->walker->arg;

	for (i = 0; i < nr; i++) {
		kvm_pte_t pte = kvm_pte_read(&v->ptep[i]);

		if (!kvm_pte_valid(pte))
			continue;
		kvm_pte_write(&v->ptep[i], pte & ~KVM_PTE_VALID);
		broken++;
	}

	if (!broken)
		return 0;

	if (ops->clean_table)
		ops->clean_table(v->ptep, nr * sizeof(*v->ptep));
	ops->put_page(v->ptep, broken);
	d->broken = true;
	return 0;
}

/* A table of pages that all go is broken with one write. */
static int unmap_break_whole_table(const struct kvm_pgtable_visit *v)
{
	if (v->level != KVM_PGTABLE_BLOCK_LEVEL ||
	    v->end - v->addr != kvm_granule_size(v->level))
		return 0;

	unmap_break(v);
	return KVM_PGTABLE_SKIP;
}

static int unmap_break_table(const struct kvm_pgtable_visit *v)
{
	if (v->pgt->ops->page_count(pte_follow(v->pgt, v->old)) == 1)
		unmap_break(v);
	return 0;
}

static int unmap_finish_leaf(const struct kvm_pgtable_visit *v)
{
	struct unmap_data *d = v->walker->arg;

	if (!v->old || kvm_pte_valid(v->old))
		return 0;

	if (d->flush_dcache)
		dcache_clean_inval(v, v->old, d->ctx);
	kvm_pte_write(v->ptep, 0);
	return 0;
}

/* What is still valid here is in a table that was broken as a whole. */
static int unmap_finish_pages(const struct kvm_pgtable_visit *v)
{
	const struct kvm_pgtable_mm_ops *ops = v->pgt->ops;
	struct unmap_data *d = v->walker->arg;
	u64 granule = kvm_granule_size(KVM_PGTABLE_LAST_LEVEL);
	u64 addr = v->addr;
	u32 i, nr = pages_nr(v), whole = 0;

	for (i = 0; i < nr; i++, addr += granule) {
		kvm_pte_t pte = kvm_pte_read(&v->ptep[i]);

		if (!pte)
			continue;
		whole += kvm_pte_valid(pte);
		if (d->flush_dcache && pte_cacheable(pte))
			ops->dcache_clean_inval(d->ctx, addr,
						kvm_pte_to_phys(pte), granule);
		kvm_pte_write(&v->ptep[i], 0);
	}

	if (whole)
		ops->put_page(v->ptep, whole);
	return 0;
}

static int unmap_finish_table(const struct kvm_pgtable_visit *v)
{
	if (kvm_pte_valid(v->old))
		return 0;

	kvm_pte_write(v->ptep, 0);
	v->pgt->ops->put_page(pte_follow(v->pgt, v->old), 1);
	return 0;
}

static int unmap_range(struct kvm_pgtable *pgt, u64 addr, u64 size,
		       bool flush_dcache, void *ctx)
{
	struct unmap_data data = {
		.ctx		= ctx,
		.flush_dcache	= flush_dcache && pgt->ops->dcache_clean_inval,
	};
	const struct kvm_pgtable_walker break_walker = {
		.leaf		= unmap_break_leaf,
		.pages		= unmap_break_pages,
		.table_pre	= unmap_break_whole_table,
		.table_post	= unmap_break_table,
		.flags		= KVM_PGTABLE_WALK_USED,
		.arg		= &data,
	};
	const struct kvm_pgtable_walker finish_walker = {
		.leaf		= unmap_finish_leaf,
		.pages		= unmap_finish_pages,
		.table_post	= unmap_finish_table,
		.flags		= KVM_PGTABLE_WALK_BROKEN |
				  KVM_PGTABLE_WALK_USED,
		.arg		= &data,
	};
	int ret;

	ret = kvm_pgtable_walk(pgt, addr, size, &break_walker);
	if (ret || !data.broken)
		return ret;

	pgt->ops->tlb_inval(pgt, addr, size);
	return kvm_pgtable_walk(pgt, addr, size, &finish_walker);
}

static size_t pgd_size(const struct kvm_pgtable *pgt)
{
	u32 shift = kvm_granule_shift(KVM_PGTABLE_FIRST_LEVEL);
	size_t size = sizeof(kvm_pte_t) << (pgt->ia_bits - shift);

	return max_t(size_t, size, KVM_PGTABLE_SIZE);
}

static int pgtable_init(struct kvm_pgtable *pgt)
{
	pgt->pgd = pgt->ops->zalloc_pgd(pgd_size(pgt));
	if (!pgt->pgd)
		return -ENOMEM;

	if (pgt->ops->clean_table)
		pgt->ops->clean_table(pgt->pgd, pgd_size(pgt));
	sync_table(pgt);
	return 0;
}

/*
 * What level 1 has in use, by the pages it is made of: that is none before the
 * first fault, and for most guests one of two.
 */
static void unmap_all(struct kvm_pgtable *pgt)
{
	u32 shift = kvm_granule_shift(KVM_PGTABLE_FIRST_LEVEL);
	u64 top = BIT_ULL(pgt->ia_bits), start = top, end = 0;
	u32 i, nr = pgd_size(pgt) / sizeof(kvm_pte_t);

	for (i = 0; i < nr; i += KVM_PGTABLE_ENTRIES) {
		if (pgt->ops->page_count(pgt->pgd + i) == 1)
			continue;
		start = min(start, (u64)i << shift);
		end = min((u64)(i + KVM_PGTABLE_ENTRIES) << shift, top);
	}

	if (start < end)
		unmap_range(pgt, start, end - start, false, NULL);
}

void kvm_pgtable_destroy(struct kvm_pgtable *pgt)
{
	unmap_all(pgt);
	pgt->ops->free_pgd(pgt->pgd, pgd_size(pgt));
	pgt->pgd = NULL;
}

/*
 * HYP
 */

struct hyp_map_data {
	u64		start;
	u64		phys;
	u64		mapped;
	kvm_pte_t	attr;
};

static int hyp_attr(const struct kvm_pgtable *pgt, enum kvm_pgtable_prot prot,
		    kvm_pte_t *attr)
{
	u64 type = KVM_HYP_MT_NORMAL;

	if (!(prot & KVM_PGTABLE_PROT_R))
		return -EINVAL;

	if ((prot & KVM_PGTABLE_PROT_X) &&
	    (prot & (KVM_PGTABLE_PROT_W | KVM_PGTABLE_PROT_DEVICE)))
		return -EINVAL;

	if (prot & KVM_PGTABLE_PROT_DEVICE)
		type = KVM_HYP_MT_DEVICE;

	*attr = FIELD_PREP(KVM_PTE_HYP_ATTRIDX, type) | KVM_PTE_HYP_AP1 |
		pgt->ops->sh | KVM_PTE_AF;
	if (!(prot & KVM_PGTABLE_PROT_W))
		*attr |= KVM_PTE_HYP_RDONLY;
	if (!(prot & KVM_PGTABLE_PROT_X))
		*attr |= KVM_PTE_XN;
	return 0;
}

enum kvm_pgtable_prot kvm_pgtable_hyp_pte_prot(kvm_pte_t pte)
{
	enum kvm_pgtable_prot prot = KVM_PGTABLE_PROT_R;

	if (!kvm_pte_valid(pte))
		return 0;

	if (!(pte & KVM_PTE_HYP_RDONLY))
		prot |= KVM_PGTABLE_PROT_W;
	if (!(pte & KVM_PTE_XN))
		prot |= KVM_PGTABLE_PROT_X;
	if (FIELD_GET(KVM_PTE_HYP_ATTRIDX, pte) == KVM_HYP_MT_DEVICE)
		prot |= KVM_PGTABLE_PROT_DEVICE;
	return prot;
}

static int hyp_map_leaf(const struct kvm_pgtable_visit *v)
{
	struct hyp_map_data *d = v->walker->arg;
	u64 phys = d->phys + (v->addr - d->start);

	if (v->level < v->pgt->leaf_level)
		return map_table(v, NULL);

	if (v->old)
		return -EEXIST;

	pte_make(v, leaf_pte(phys, d->attr, v->level));
	d->mapped += v->end - v->addr;
	return 0;
}

int kvm_pgtable_hyp_init(struct kvm_pgtable *pgt,
			 const struct kvm_pgtable_mm_ops *ops)
{
	*pgt = (struct kvm_pgtable) {
		.ops		= ops,
		.ia_bits	= KVM_HYP_VA_BITS,
		.leaf_level	= KVM_PGTABLE_LAST_LEVEL,
	};

	return pgtable_init(pgt);
}

int kvm_pgtable_hyp_map(struct kvm_pgtable *pgt, u64 addr, u64 size, u64 phys,
			enum kvm_pgtable_prot prot)
{
	struct hyp_map_data data = {
		.start	= addr,
		.phys	= phys,
	};
	const struct kvm_pgtable_walker walker = {
		.leaf	= hyp_map_leaf,
		.arg	= &data,
	};
	int ret;

	ret = hyp_attr(pgt, prot, &data.attr);
	if (!ret)
		ret = check_range(phys, size, KVM_PGTABLE_OA_BITS);
	if (ret)
		return ret;

	ret = kvm_pgtable_walk(pgt, addr, size, &walker);
	if (ret == -ENOMEM) {
		/* Without a table for it, but perhaps with an empty level 2 */
		data.mapped += kvm_granule_size(KVM_PGTABLE_LAST_LEVEL);
	}
	if (ret && data.mapped)
		unmap_range(pgt, addr, data.mapped, false, NULL);

	sync_table(pgt);
	return ret;
}

int kvm_pgtable_hyp_unmap(struct kvm_pgtable *pgt, u64 addr, u64 size)
{
	return unmap_range(pgt, addr, size, false, NULL);
}

/*
 * Stage-2
 */

struct stage2_map_data {
	kvm_pte_t		attr;
	enum kvm_pgtable_prot	prot;
	void			*ctx;
	bool			clean;
};

static int stage2_attr(const struct kvm_pgtable *pgt,
		       enum kvm_pgtable_prot prot, kvm_pte_t *attr)
{
	*attr = pgt->ops->sh | KVM_PTE_AF;

	if (prot & KVM_PGTABLE_PROT_DEVICE) {
		if (prot & KVM_PGTABLE_PROT_X)
			return -EINVAL;
		*attr |= KVM_PTE_S2_MEMATTR_DEVICE;
	} else {
		*attr |= KVM_PTE_S2_MEMATTR_NORMAL;
	}

	if (prot & KVM_PGTABLE_PROT_R)
		*attr |= KVM_PTE_S2_READ;
	if (prot & KVM_PGTABLE_PROT_W)
		*attr |= KVM_PTE_S2_WRITE;
	if (!(prot & KVM_PGTABLE_PROT_X))
		*attr |= KVM_PTE_XN;
	return 0;
}

enum kvm_pgtable_prot kvm_pgtable_stage2_pte_prot(kvm_pte_t pte)
{
	enum kvm_pgtable_prot prot = 0;

	if (!kvm_pte_valid(pte))
		return 0;

	if (pte & KVM_PTE_S2_READ)
		prot |= KVM_PGTABLE_PROT_R;
	if (pte & KVM_PTE_S2_WRITE)
		prot |= KVM_PGTABLE_PROT_W;
	if (!(pte & KVM_PTE_XN))
		prot |= KVM_PGTABLE_PROT_X;
	if (!pte_cacheable(pte))
		prot |= KVM_PGTABLE_PROT_DEVICE;
	return prot;
}

/* The memory of what becomes executable */
static void icache_inval(const struct kvm_pgtable_visit *v, kvm_pte_t new)
{
	const struct kvm_pgtable_mm_ops *ops = v->pgt->ops;
	u64 phys = kvm_pte_to_phys(new);

	if (ops->icache_inval)
		ops->icache_inval(&phys, 1, kvm_granule_size(v->level));
}

/* Adds permissions; what only does that needs no break-before-make. */
static int stage2_relax(const struct kvm_pgtable_visit *v,
			enum kvm_pgtable_prot prot)
{
	kvm_pte_t new = v->old | KVM_PTE_AF;

	if (prot & KVM_PGTABLE_PROT_R)
		new |= KVM_PTE_S2_READ;
	if (prot & KVM_PGTABLE_PROT_W)
		new |= KVM_PTE_S2_WRITE;
	if (prot & KVM_PGTABLE_PROT_X)
		new &= ~KVM_PTE_XN;

	if (new == v->old)
		return 0;

	if ((v->old ^ new) & KVM_PTE_XN)
		icache_inval(v, new);

	return pte_try_set(v, new) ? 0 : -EAGAIN;
}

/*
 * Where nothing is mapped there is nothing to break, and two that make the
 * same mapping at the same time may both clean it: by then no cache has a line
 * that could be written back.
 */
static int stage2_map_leaf(const struct kvm_pgtable_visit *v, u64 phys)
{
	struct stage2_map_data *d = v->walker->arg;
	kvm_pte_t new = leaf_pte(phys, d->attr, v->level);

	if (!((v->old ^ new) & ~S2_PROT_ATTRS))
		return stage2_relax(v, d->prot);

	if (v->old && !pte_break(v))
		return -EAGAIN;

	if (!d->clean)
		dcache_clean_inval(v, new, d->ctx);
	if (!(new & KVM_PTE_XN))
		icache_inval(v, new);

	if (v->old) {
		pte_make(v, new);
		return 0;
	}

	if (!pte_try_set(v, new))
		return -EAGAIN;

	v->pgt->ops->get_page(v->ptep, 1);
	return 0;
}

/* One block or page, as @level says */
static int stage2_map_one(struct kvm_pgtable *pgt,
			  const struct kvm_pgtable_walker *walker, u64 addr,
			  u64 phys, u32 level)
{
	struct stage2_map_data *d = walker->arg;
	struct kvm_pgtable_visit v __uninitialized;
	int ret;

	visit_begin(&v, pgt, walker, addr);
	for (;;) {
		visit_descend(&v, level);
		if (v.level == level)
			break;

		ret = map_table(&v, d->ctx);
		if (ret)
			return ret;
	}

	return kvm_pte_table(v.old, level) ? -EBUSY : stage2_map_leaf(&v, phys);
}

/* The largest mapping that @addr, @phys and what is left of a range allow */
static u32 stage2_map_level(u64 addr, u64 phys, u64 size)
{
	u64 block = kvm_granule_size(KVM_PGTABLE_BLOCK_LEVEL);

	return size >= block && !((addr | phys) & (block - 1)) ?
	       KVM_PGTABLE_BLOCK_LEVEL : KVM_PGTABLE_LAST_LEVEL;
}

/* Does the guest have all of a block already, in pages? */
static bool stage2_has_pages_of(struct kvm_pgtable *pgt, u64 addr,
				kvm_pte_t attr, u64 phys)
{
	kvm_pte_t want = leaf_pte(phys, attr, KVM_PGTABLE_LAST_LEVEL);
	struct kvm_pgtable_visit v __uninitialized;
	u32 i;

	visit_begin(&v, pgt, NULL, addr);
	visit_descend(&v, KVM_PGTABLE_LAST_LEVEL);
	if (v.level != KVM_PGTABLE_LAST_LEVEL)
		return false;

	for (i = 0; i < KVM_PGTABLE_ENTRIES; i++) {
		if ((kvm_pte_read(&v.ptep[i]) ^ want) & ~S2_PROT_ATTRS)
			return false;
		want += kvm_granule_size(KVM_PGTABLE_LAST_LEVEL);
	}

	return true;
}

/*
 * A block in place of a table. All of it is cleaned where the guest gets to
 * see it anew, and not because it has changed from pages to a block.
 */
static int stage2_map_collapse(struct kvm_pgtable *pgt,
			       const struct kvm_pgtable_walker *walker,
			       u64 addr, u64 phys, u32 level)
{
	struct stage2_map_data *d = walker->arg;
	int ret;

	d->clean = stage2_has_pages_of(pgt, addr, d->attr, phys);
	unmap_range(pgt, addr, kvm_granule_size(level), false, NULL);
	ret = stage2_map_one(pgt, walker, addr, phys, level);
	d->clean = false;
	return ret;
}

static int stage2_map_range(struct kvm_pgtable *pgt, u64 addr, u64 end,
			    u64 phys, const struct kvm_pgtable_walker *walker)
{
	bool shared = walker->flags & KVM_PGTABLE_WALK_SHARED;
	u64 size;
	int ret;

	for (; addr < end; addr += size, phys += size) {
		u32 level = stage2_map_level(addr, phys, end - addr);

		size = kvm_granule_size(level);
		ret = stage2_map_one(pgt, walker, addr, phys, level);
		if (ret == -EBUSY && !shared)
			ret = stage2_map_collapse(pgt, walker, addr, phys,
						  level);
		if (ret)
			return ret;
	}

	return 0;
}

int kvm_pgtable_stage2_init(struct kvm_pgtable *pgt, struct kvm_s2_mmu *mmu,
			    const struct kvm_pgtable_mm_ops *ops)
{
	*pgt = (struct kvm_pgtable) {
		.ops		= ops,
		.mmu		= mmu,
		.ia_bits	= KVM_S2_IPA_BITS,
		.leaf_level	= KVM_PGTABLE_BLOCK_LEVEL,
	};

	return pgtable_init(pgt);
}

int kvm_pgtable_stage2_map(struct kvm_pgtable *pgt, u64 addr, u64 size,
			   u64 phys, enum kvm_pgtable_prot prot, void *ctx,
			   enum kvm_pgtable_walk_flags flags)
{
	struct stage2_map_data data = {
		.prot	= prot,
		.ctx	= ctx,
	};
	const struct kvm_pgtable_walker walker = {
		.flags		= flags,
		.arg		= &data,
	};
	int ret;

	ret = stage2_attr(pgt, prot, &data.attr);
	if (!ret)
		ret = check_range(phys, size, KVM_PGTABLE_OA_BITS);
	if (!ret)
		ret = check_range(addr, size, pgt->ia_bits);
	if (ret)
		return ret;

	ret = stage2_map_range(pgt, addr, addr + size, phys, &walker);
	sync_table(pgt);
	return ret;
}

/*
 * In three rounds, as it may take all of the instruction cache to invalidate it
 * for the first of the pages.
 */
u32 kvm_pgtable_stage2_map_around(struct kvm_pgtable *pgt, u64 addr,
				  const u64 *phys, u32 nr,
				  enum kvm_pgtable_prot prot, void *ctx,
				  enum kvm_pgtable_walk_flags flags)
{
	const u64 granule = kvm_granule_size(KVM_PGTABLE_LAST_LEVEL);
	const struct kvm_pgtable_walker walker = { .flags = flags };
	const struct kvm_pgtable_mm_ops *ops = pgt->ops;
	struct kvm_pgtable_visit v __uninitialized;
	kvm_pte_t attr;
	u32 i;

	if (stage2_attr(pgt, prot, &attr) ||
	    visit_page(&v, pgt, &walker, addr) ||
	    v.level != KVM_PGTABLE_LAST_LEVEL)
		return 0;

	nr = min(nr, KVM_PGTABLE_ENTRIES - table_index(addr, v.level));
	for (i = 0; i < nr && !kvm_pte_read(&v.ptep[i]); i++, v.addr += granule)
		dcache_clean_inval(&v, phys[i] | attr, ctx);

	nr = i;
	if (nr && ops->icache_inval && !(attr & KVM_PTE_XN))
		ops->icache_inval(phys, nr, granule);

	v.old = 0;
	for (i = 0; i < nr; i++, v.ptep++)
		if (!pte_try_set(&v, leaf_pte(phys[i], attr, v.level)))
			break;

	if (i)
		ops->get_page(v.ptep - 1, i);
	sync_table(pgt);
	return i;
}

int kvm_pgtable_stage2_unmap(struct kvm_pgtable *pgt, u64 addr, u64 size,
			     void *ctx)
{
	return unmap_range(pgt, addr, size, true, ctx);
}

static int stage2_wrprotect_leaf(const struct kvm_pgtable_visit *v)
{
	bool *changed = v->walker->arg;

	if (kvm_pte_valid(v->old) && (v->old & KVM_PTE_S2_WRITE)) {
		pte_set(v, v->old & ~KVM_PTE_S2_WRITE);
		*changed = true;
	}

	return 0;
}

int kvm_pgtable_stage2_wrprotect(struct kvm_pgtable *pgt, u64 addr, u64 size)
{
	bool changed = false;
	const struct kvm_pgtable_walker walker = {
		.leaf	= stage2_wrprotect_leaf,
		.flags	= KVM_PGTABLE_WALK_USED,
		.arg	= &changed,
	};

	return kvm_pgtable_walk(pgt, addr, size, &walker) ?: changed;
}

kvm_pte_t kvm_pgtable_stage2_mkyoung(struct kvm_pgtable *pgt, u64 addr)
{
	const struct kvm_pgtable_walker walker = {
		.flags	= KVM_PGTABLE_WALK_SHARED,
	};
	struct kvm_pgtable_visit v __uninitialized;

	if (visit_page(&v, pgt, &walker, addr))
		return 0;

	if (kvm_pte_valid(v.old))
		stage2_relax(&v, 0);
	sync_table(pgt);
	return v.old;
}

struct stage2_age_data {
	bool	clear;
	bool	young;
};

static int stage2_age_leaf(const struct kvm_pgtable_visit *v)
{
	struct stage2_age_data *d = v->walker->arg;

	if (!kvm_pte_valid(v->old) || !(v->old & KVM_PTE_AF))
		return 0;

	d->young = true;
	if (d->clear)
		pte_set(v, v->old & ~KVM_PTE_AF);
	return 0;
}

bool kvm_pgtable_stage2_test_clear_young(struct kvm_pgtable *pgt, u64 addr,
					 u64 size, bool clear)
{
	struct stage2_age_data data = { .clear = clear };
	const struct kvm_pgtable_walker walker = {
		.leaf	= stage2_age_leaf,
		.flags	= KVM_PGTABLE_WALK_USED,
		.arg	= &data,
	};

	kvm_pgtable_walk(pgt, addr, size, &walker);
	return data.young;
}

struct stage2_split_data {
	void	*ctx;
	bool	broken;
};

static int stage2_split_break(const struct kvm_pgtable_visit *v)
{
	struct stage2_split_data *d = v->walker->arg;
	kvm_pte_t *table;

	if (v->level != KVM_PGTABLE_BLOCK_LEVEL || !kvm_pte_valid(v->old))
		return 0;

	table = table_alloc(v, d->ctx);
	if (!table)
		return -ENOMEM;

	pte_set(v, table_pte(v->pgt, table) & ~KVM_PTE_VALID);
	d->broken = true;
	return 0;
}

static int stage2_split_finish(const struct kvm_pgtable_visit *v)
{
	if (v->old && !kvm_pte_valid(v->old))
		pte_set(v, v->old | KVM_PTE_VALID);
	return 0;
}

int kvm_pgtable_stage2_split(struct kvm_pgtable *pgt, u64 addr, u64 size,
			     void *ctx)
{
	struct stage2_split_data data = { .ctx = ctx };
	const struct kvm_pgtable_walker break_walker = {
		.leaf		= stage2_split_break,
		.flags		= KVM_PGTABLE_WALK_BLOCKS,
		.arg		= &data,
	};
	const struct kvm_pgtable_walker finish_walker = {
		.leaf		= stage2_split_finish,
		.flags		= KVM_PGTABLE_WALK_BLOCKS,
	};
	int ret = kvm_pgtable_walk(pgt, addr, size, &break_walker);

	if (!data.broken)
		return ret;

	pgt->ops->tlb_inval(pgt, addr, size);
	kvm_pgtable_walk(pgt, addr, size, &finish_walker);
	sync_table(pgt);
	return ret;
}

static int stage2_flush_leaf(const struct kvm_pgtable_visit *v)
{
	if (kvm_pte_valid(v->old))
		dcache_clean_inval(v, v->old, v->walker->arg);
	return 0;
}

int kvm_pgtable_stage2_flush(struct kvm_pgtable *pgt, u64 addr, u64 size,
			     void *ctx)
{
	const struct kvm_pgtable_walker walker = {
		.leaf	= stage2_flush_leaf,
		.flags	= KVM_PGTABLE_WALK_USED,
		.arg	= ctx,
	};

	if (!pgt->ops->dcache_clean_inval)
		return 0;

	return kvm_pgtable_walk(pgt, addr, size, &walker);
}
