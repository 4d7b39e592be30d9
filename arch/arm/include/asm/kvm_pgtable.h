/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Translation tables for HYP stage 1 and for Stage-2
 *
 * Both use the long-descriptor format (ARM ARM DDI 0406C, B3.6) with a 4 KiB
 * granule, whatever format the host uses for its own tables, and both are
 * always three levels deep:
 *
 *   HYP      32-bit VA,  the level 1 table has 4 entries     (HTCR.T0SZ = 0)
 *   Stage-2  40-bit IPA, the level 1 table has 1024 entries  (VTCR.T0SZ = -8),
 *            two concatenated pages that are aligned to their size
 *
 * Input and output addresses are 64 bits wide here: phys_addr_t and unsigned
 * long are not, on a host without LPAE.
 */
#ifndef __ARM_KVM_PGTABLE_H__
#define __ARM_KVM_PGTABLE_H__

/*
 * HYP memory types: AttrIndx of a stage 1 descriptor selects a byte of HMAIR,
 * laid out like MAIR (B4.1.104). KVM_HYP_HMAIR* are the values to load.
 */
#define KVM_HYP_MT_DEVICE	0	/* Device */
#define KVM_HYP_MT_NORMAL	1	/* Normal, write-back, allocate always */
#define KVM_HYP_HMAIR0		0x0000ff04
#define KVM_HYP_HMAIR1		0x00000000

#ifndef __ASSEMBLY__

#include <linux/atomic.h>
#include <linux/bits.h>
#include <linux/types.h>

struct kvm_pgtable;
struct kvm_s2_mmu;

typedef u64 kvm_pte_t;

#define KVM_PGTABLE_FIRST_LEVEL		1
#define KVM_PGTABLE_BLOCK_LEVEL		2
#define KVM_PGTABLE_LAST_LEVEL		3
#define KVM_PGTABLE_ENTRIES		512
#define KVM_PGTABLE_SIZE		(KVM_PGTABLE_ENTRIES * sizeof(kvm_pte_t))

#define KVM_HYP_VA_BITS			32
#define KVM_S2_IPA_BITS			40
#define KVM_PGTABLE_OA_BITS		40

/* Bits of every descriptor */
#define KVM_PTE_VALID			BIT_ULL(0)
#define KVM_PTE_TYPE_TABLE		BIT_ULL(1)	/* level 1 and 2 */
#define KVM_PTE_TYPE_PAGE		BIT_ULL(1)	/* level 3 */
#define KVM_PTE_ADDR_MASK		GENMASK_ULL(39, 12)

/* Attributes of a block or page: what both kinds of table have in common */
#define KVM_PTE_SH			GENMASK_ULL(9, 8)
#define KVM_PTE_SH_INNER		(3ULL << 8)
#define KVM_PTE_AF			BIT_ULL(10)
#define KVM_PTE_XN			BIT_ULL(54)

/* HYP stage 1 only (B3.6.2). AP[1] reads as one in HYP: there is no PL0. */
#define KVM_PTE_HYP_ATTRIDX		GENMASK_ULL(4, 2)
#define KVM_PTE_HYP_AP1			BIT_ULL(6)
#define KVM_PTE_HYP_RDONLY		BIT_ULL(7)

/* Stage-2 only (B3.6.2, "Stage 2 translation tables") */
#define KVM_PTE_S2_MEMATTR		GENMASK_ULL(5, 2)
#define KVM_PTE_S2_MEMATTR_DEVICE	(0x1ULL << 2)
#define KVM_PTE_S2_MEMATTR_NORMAL	(0xfULL << 2)
#define KVM_PTE_S2_READ			BIT_ULL(6)
#define KVM_PTE_S2_WRITE		BIT_ULL(7)

/*
 * An invalid entry is zero when it is empty. While a change is under way it
 * may also be KVM_PTE_LOCKED, owned by the one that replaces it, or "broken":
 * a former value with KVM_PTE_VALID taken away, which the same operation
 * still has to deal with after its TLB invalidation. Neither is left behind
 * when mmu_lock is dropped.
 */
#define KVM_PTE_LOCKED			BIT_ULL(63)

/**
 * enum kvm_pgtable_prot - what a mapping permits, and its memory type
 * @KVM_PGTABLE_PROT_X:		execute
 * @KVM_PGTABLE_PROT_W:		write
 * @KVM_PGTABLE_PROT_R:		read
 * @KVM_PGTABLE_PROT_DEVICE:	Device memory; Normal write-back without it
 */
enum kvm_pgtable_prot {
	KVM_PGTABLE_PROT_X	= BIT(0),
	KVM_PGTABLE_PROT_W	= BIT(1),
	KVM_PGTABLE_PROT_R	= BIT(2),
	KVM_PGTABLE_PROT_DEVICE	= BIT(3),
};

#define KVM_PGTABLE_PROT_RW	(KVM_PGTABLE_PROT_R | KVM_PGTABLE_PROT_W)
#define KVM_PGTABLE_PROT_RX	(KVM_PGTABLE_PROT_R | KVM_PGTABLE_PROT_X)
#define KVM_PGTABLE_PROT_RWX	(KVM_PGTABLE_PROT_RW | KVM_PGTABLE_PROT_X)

#define PAGE_HYP		((enum kvm_pgtable_prot)KVM_PGTABLE_PROT_RW)
#define PAGE_HYP_RO		((enum kvm_pgtable_prot)KVM_PGTABLE_PROT_R)
#define PAGE_HYP_EXEC		((enum kvm_pgtable_prot)KVM_PGTABLE_PROT_RX)
#define PAGE_HYP_DEVICE		((enum kvm_pgtable_prot)		\
				 (KVM_PGTABLE_PROT_RW | KVM_PGTABLE_PROT_DEVICE))

/**
 * struct kvm_pgtable_mm_ops - how the engine reaches memory, caches and TLBs
 * @zalloc_page:	A zeroed page for a table, from where @ctx says or by any
 *			means if that is NULL; its page count is 1. NULL when there
 *			is none. Must not sleep if the caller of the operation
 *			may not.
 * @zalloc_pgd:		The level 1 table: @size bytes of zeroed pages aligned
 *			to @size, each page with a page count of 1.
 * @free_pgd:		Frees what @zalloc_pgd returned.
 * @get_page:		Adds @nr to the page count of the table page that holds
 *			address @table.
 * @put_page:		Drops @nr from that page count, and frees the page when
 *			none is left.
 * @page_count:		That page count.
 * @phys_to_virt:	Address of a table page by its physical address.
 * @virt_to_phys:	The reverse.
 * @clean_table:	Makes table memory that was just written visible to a
 *			table walk that does not look into the data cache.
 *			NULL where table walks are coherent.
 * @sync_table:		Completes all earlier writes to tables, so that walks
 *			that begin later see them.
 * @dcache_clean_inval:	Cleans and invalidates @size bytes of memory at @phys
 *			from the data caches to the point of coherency. The
 *			guest has, had or will have it at @addr.
 * @icache_inval:	Invalidates @nr pieces of memory, @size bytes at each of
 *			@phys, from the instruction caches of all CPUs.
 * @tlb_inval:		Completes earlier writes to tables, then removes from
 *			the TLBs of all CPUs what they hold of @size bytes at
 *			input address @addr of @pgt, table walk caches included.
 *			On return the removal is complete. ARMv7 cannot
 *			invalidate by IPA: for Stage-2 this takes the VMID.
 * @sh:			Shareability of what is mapped: KVM_PTE_SH_INNER, or 0
 *			for none. As the kernel's own mappings of memory have it.
 *
 * @sync_table, @clean_table, @dcache_clean_inval and @icache_inval may be NULL
 * where they are not needed.
 *
 * @ctx is what the caller of the operation gave to it, for these functions
 * alone. NULL where the operation takes none.
 */
struct kvm_pgtable_mm_ops {
	void *(*zalloc_page)(void *ctx);
	void *(*zalloc_pgd)(size_t size);
	void (*free_pgd)(void *pgd, size_t size);
	void (*get_page)(void *table, unsigned int nr);
	void (*put_page)(void *table, unsigned int nr);
	int (*page_count)(void *table);
	void *(*phys_to_virt)(u64 phys);
	u64 (*virt_to_phys)(void *virt);
	void (*clean_table)(void *table, size_t size);
	void (*sync_table)(void);
	void (*dcache_clean_inval)(void *ctx, u64 addr, u64 phys, u64 size);
	void (*icache_inval)(const u64 *phys, u32 nr, u64 size);
	void (*tlb_inval)(struct kvm_pgtable *pgt, u64 addr, u64 size);
	kvm_pte_t sh;
};

/**
 * struct kvm_pgtable - one set of translation tables
 * @pgd:	The level 1 table.
 * @ops:	Access to memory, caches and TLBs.
 * @mmu:	The VM's MMU that a Stage-2 belongs to; NULL for HYP.
 * @ia_bits:	Number of bits of an input address.
 * @leaf_level:	Lowest level at which memory may be mapped: HYP mappings come
 *		and go one page at a time, so there are no blocks in HYP.
 */
struct kvm_pgtable {
	kvm_pte_t				*pgd;
	const struct kvm_pgtable_mm_ops		*ops;
	struct kvm_s2_mmu			*mmu;
	u32					ia_bits;
	u32					leaf_level;
};

/**
 * enum kvm_pgtable_walk_flags - how a walk is to treat the tables
 * @KVM_PGTABLE_WALK_SHARED:	Other walks of this kind run at the same time:
 *				change an entry only if it is still what it
 *				was, and never take a table out of use.
 * @KVM_PGTABLE_WALK_BROKEN:	Descend into tables whose entry is broken.
 * @KVM_PGTABLE_WALK_BLOCKS:	Do not descend to pages.
 * @KVM_PGTABLE_WALK_USED:	Pass over entries that are empty.
 */
enum kvm_pgtable_walk_flags {
	KVM_PGTABLE_WALK_SHARED	= BIT(0),
	KVM_PGTABLE_WALK_BROKEN	= BIT(1),
	KVM_PGTABLE_WALK_BLOCKS	= BIT(2),
	KVM_PGTABLE_WALK_USED	= BIT(3),
};

struct kvm_pgtable_walker;

/**
 * struct kvm_pgtable_visit - what a visitor is told about an entry
 * @pgt:	The tables walked.
 * @walker:	The walk this is part of.
 * @ptep:	The entry.
 * @old:	Its value when the walk came by.
 * @addr:	First input address of the range walked that the entry covers.
 * @end:	First input address after that, or after the entry. Not set where
 *		a single entry is visited without a walk.
 * @level:	1, 2 or 3.
 */
struct kvm_pgtable_visit {
	struct kvm_pgtable			*pgt;
	const struct kvm_pgtable_walker		*walker;
	kvm_pte_t				*ptep;
	kvm_pte_t				old;
	u64					addr;
	u64					end;
	u32					level;
};

/* A visitor of a table wants its entries left out, and @table_post with them */
#define KVM_PGTABLE_SKIP		1

/**
 * typedef kvm_pgtable_visitor_t - looks at one entry, and may change it
 * @v: the entry
 *
 * Return: 0 to go on; KVM_PGTABLE_SKIP, from @table_pre, to go on behind the
 * table; anything else ends the walk, which returns it.
 */
typedef int (*kvm_pgtable_visitor_t)(const struct kvm_pgtable_visit *v);

/**
 * struct kvm_pgtable_walker - a walk
 * @leaf:	Called for each entry that is not a table, empty ones included.
 *		May put a table there, which is then descended into.
 * @pages:	Called instead of @leaf, once for all the entries of a table of
 *		the last level that are in the range: @ptep is the first of
 *		them, @addr and @end are their bounds, @old is not set. For
 *		what is done to many pages at a time.
 * @table_pre:	Called for each table, before its entries. Must not change it
 *		unless it returns KVM_PGTABLE_SKIP.
 * @table_post:	Called for each table, after its entries.
 * @flags:	How to walk.
 * @arg:	For the visitors.
 *
 * A visitor that is NULL is not called.
 */
struct kvm_pgtable_walker {
	kvm_pgtable_visitor_t			leaf;
	kvm_pgtable_visitor_t			pages;
	kvm_pgtable_visitor_t			table_pre;
	kvm_pgtable_visitor_t			table_post;
	enum kvm_pgtable_walk_flags		flags;
	void					*arg;
};

/**
 * kvm_granule_shift() - log2 of the bytes an entry covers
 * @level: 1, 2 or 3.
 */
static inline u32 kvm_granule_shift(u32 level)
{
	return 39 - 9 * level;
}

/**
 * kvm_granule_size() - bytes that an entry covers
 * @level: 1, 2 or 3.
 */
static inline u64 kvm_granule_size(u32 level)
{
	return BIT_ULL(kvm_granule_shift(level));
}

static inline bool kvm_pte_valid(kvm_pte_t pte)
{
	return pte & KVM_PTE_VALID;
}

static inline bool kvm_pte_table(kvm_pte_t pte, u32 level)
{
	return level != KVM_PGTABLE_LAST_LEVEL && kvm_pte_valid(pte) &&
	       (pte & KVM_PTE_TYPE_TABLE);
}

static inline u64 kvm_pte_to_phys(kvm_pte_t pte)
{
	return pte & KVM_PTE_ADDR_MASK;
}

/*
 * A table walk by the hardware reads a descriptor in one go, so it has to be
 * written in one go. atomic64_t does that for any u64 in memory: strd where
 * the kernel knows that to be single-copy atomic, ldrexd and strexd elsewhere.
 */
static inline kvm_pte_t kvm_pte_read(const kvm_pte_t *ptep)
{
	return atomic64_read((const atomic64_t *)ptep);
}

static inline void kvm_pte_write(kvm_pte_t *ptep, kvm_pte_t pte)
{
	atomic64_set((atomic64_t *)ptep, pte);
}

static inline bool kvm_pte_try_cmpxchg(kvm_pte_t *ptep, kvm_pte_t old,
				       kvm_pte_t new)
{
	return atomic64_cmpxchg((atomic64_t *)ptep, old, new) == old;
}

/**
 * kvm_pgtable_walk() - visit every entry that covers a range, depth first
 * @pgt:	The tables.
 * @addr:	Input address, a multiple of the page size.
 * @size:	Size in bytes, likewise, not 0.
 * @walker:	Whom to call.
 *
 * Context: As the operations below; what the visitors do decides.
 * Return: 0; what a visitor returned; -EINVAL if the range is not aligned or
 * is empty; -ERANGE if it wraps around or ends beyond the input addresses.
 */
int kvm_pgtable_walk(struct kvm_pgtable *pgt, u64 addr, u64 size,
		     const struct kvm_pgtable_walker *walker);

/**
 * kvm_pgtable_get_leaf() - the descriptor that maps an address
 * @pgt:	The tables.
 * @addr:	Input address, a multiple of the page size.
 * @ptep:	Where to store the descriptor, valid or not.
 * @level:	Where to store its level.
 *
 * Context: Caller holds the lock that keeps tables from being freed.
 * Return: 0, -EINVAL or -ERANGE.
 */
int kvm_pgtable_get_leaf(struct kvm_pgtable *pgt, u64 addr, kvm_pte_t *ptep,
			 u32 *level);

/**
 * kvm_pgtable_destroy() - unmap everything and free the tables
 * @pgt:	The tables, of either kind; @pgt itself is the caller's.
 *
 * No data cache maintenance is done: see kvm_pgtable_stage2_unmap() for when
 * that matters. Costs one TLB invalidation if anything was mapped.
 *
 * Context: Nobody else uses @pgt any more. Does not sleep.
 */
void kvm_pgtable_destroy(struct kvm_pgtable *pgt);

/**
 * kvm_pgtable_hyp_init() - make an empty set of HYP tables
 * @pgt:	What to initialise.
 * @ops:	Access to memory, caches and TLBs.
 *
 * Return: 0 or -ENOMEM.
 */
int kvm_pgtable_hyp_init(struct kvm_pgtable *pgt,
			 const struct kvm_pgtable_mm_ops *ops);

/**
 * kvm_pgtable_hyp_map() - map memory for HYP, where nothing is mapped yet
 * @pgt:	The HYP tables.
 * @addr:	HYP virtual address.
 * @size:	Size in bytes.
 * @phys:	Physical address.
 * @prot:	Needs KVM_PGTABLE_PROT_R. Writable and executable exclude each
 *		other, and Device memory is never executable.
 *
 * On failure nothing of the range is mapped. No TLB invalidation is needed.
 *
 * Context: Caller serialises all changes to @pgt. May sleep, if @zalloc_page
 * does.
 * Return: 0; -EINVAL for a @prot that is refused, or if an address or the size
 * is not a multiple of the page size; -ERANGE if a range wraps around or is
 * beyond what a descriptor can tell; -EEXIST if something is mapped in the
 * range; -ENOMEM.
 */
int kvm_pgtable_hyp_map(struct kvm_pgtable *pgt, u64 addr, u64 size, u64 phys,
			enum kvm_pgtable_prot prot);

/**
 * kvm_pgtable_hyp_unmap() - take memory away from HYP
 * @pgt:	The HYP tables.
 * @addr:	HYP virtual address.
 * @size:	Size in bytes; may include what is not mapped.
 *
 * Tables that become empty are freed. Costs one TLB invalidation for all of
 * the range, or none if nothing was mapped.
 *
 * Context: Caller serialises all changes to @pgt. Does not sleep.
 * Return: 0, -EINVAL or -ERANGE as kvm_pgtable_walk().
 */
int kvm_pgtable_hyp_unmap(struct kvm_pgtable *pgt, u64 addr, u64 size);

/**
 * kvm_pgtable_hyp_pte_prot() - the permissions in a HYP descriptor
 * @pte: A block or page descriptor.
 */
enum kvm_pgtable_prot kvm_pgtable_hyp_pte_prot(kvm_pte_t pte);

/**
 * kvm_pgtable_stage2_init() - make an empty Stage-2
 * @pgt:	What to initialise.
 * @mmu:	The MMU it belongs to.
 * @ops:	Access to memory, caches and TLBs.
 *
 * Return: 0 or -ENOMEM.
 */
int kvm_pgtable_stage2_init(struct kvm_pgtable *pgt, struct kvm_s2_mmu *mmu,
			    const struct kvm_pgtable_mm_ops *ops);

/**
 * kvm_pgtable_stage2_map() - map memory for a guest
 * @pgt:	The Stage-2.
 * @addr:	Intermediate physical address.
 * @size:	Size in bytes.
 * @phys:	Physical address.
 * @prot:	Any permissions; Device memory is never executable.
 * @ctx:	For the operations on memory.
 * @flags:	KVM_PGTABLE_WALK_SHARED or 0.
 *
 * Uses 2 MiB blocks where alignment and size permit. A block that only part
 * of which is to change is split into pages that map the same. Where the same
 * memory is mapped already, permissions are added and none is taken away, and
 * TLBs may hold on to the old ones: that is for whoever had a permission fault.
 * Other memory is replaced, by break-before-make. No page but those of the
 * range becomes writable, whatever is mapped there by now.
 *
 * Cacheable memory is cleaned to the point of coherency before the guest can
 * see it, since a guest may run with its caches off; executable memory has
 * the instruction cache invalidated. Pages that become a block have been
 * cleaned when they were mapped.
 *
 * Context: mmu_lock held, for reading with KVM_PGTABLE_WALK_SHARED and for
 * writing without. Does not sleep.
 * Return: 0; -EINVAL or -ERANGE as kvm_pgtable_hyp_map(); -ENOMEM if
 * @ctx has no more pages; and for a shared walk -EAGAIN, if somebody else changed an entry at
 * the same time: let the guest try again, or -EBUSY, if a block needs to
 * replace a table: only a walk that is not shared does that.
 */
int kvm_pgtable_stage2_map(struct kvm_pgtable *pgt, u64 addr, u64 size,
			   u64 phys, enum kvm_pgtable_prot prot, void *ctx,
			   enum kvm_pgtable_walk_flags flags);

/**
 * kvm_pgtable_stage2_map_around() - map pages that may be wanted next
 * @pgt:	The Stage-2.
 * @addr:	Intermediate physical address of the first.
 * @phys:	Physical addresses, one for each page.
 * @nr:		Number of pages.
 * @prot:	Permissions and memory type.
 * @ctx:	As for kvm_pgtable_stage2_map().
 * @flags:	Likewise.
 *
 * A favour that must not cost much: it ends where a table would be needed, at
 * the end of one, and at the first page that has a mapping or gets one from
 * somebody else at the same time.
 *
 * Context: mmu_lock held, as for kvm_pgtable_stage2_map(). Does not sleep.
 * Return: Number of pages mapped.
 */
u32 kvm_pgtable_stage2_map_around(struct kvm_pgtable *pgt, u64 addr,
				  const u64 *phys, u32 nr,
				  enum kvm_pgtable_prot prot, void *ctx,
				  enum kvm_pgtable_walk_flags flags);

/**
 * kvm_pgtable_stage2_unmap() - take memory away from a guest
 * @pgt:	The Stage-2.
 * @addr:	Intermediate physical address.
 * @size:	Size in bytes; may include what is not mapped.
 * @ctx:	For the operations on memory.
 *
 * A block of which only a part is in the range is unmapped as a whole, and
 * the guest faults the rest in again. Tables that become empty are freed.
 * Costs one TLB invalidation for all of the range, or none if nothing was
 * mapped.
 *
 * Cacheable memory is cleaned and invalidated to the point of coherency after
 * the TLB invalidation: a guest with its caches off writes past lines that
 * the CPU may have read speculatively through the host's cacheable mapping,
 * and the host must not find those.
 *
 * Context: mmu_lock held for writing. Does not sleep.
 * Return: 0, -EINVAL or -ERANGE as kvm_pgtable_walk().
 */
int kvm_pgtable_stage2_unmap(struct kvm_pgtable *pgt, u64 addr, u64 size,
			     void *ctx);

/**
 * kvm_pgtable_stage2_wrprotect() - make memory read-only for a guest
 * @pgt:	The Stage-2.
 * @addr:	Intermediate physical address.
 * @size:	Size in bytes. Blocks are protected as a whole.
 *
 * Leaves the TLB invalidation to the caller, who may have more ranges to do.
 *
 * Context: mmu_lock held for writing. Does not sleep.
 * Return: 1 if a TLB invalidation is due, 0 if nothing was writable, -EINVAL
 * or -ERANGE as kvm_pgtable_walk().
 */
int kvm_pgtable_stage2_wrprotect(struct kvm_pgtable *pgt, u64 addr, u64 size);

/**
 * kvm_pgtable_stage2_mkyoung() - set the access flag of one mapping
 * @pgt:	The Stage-2.
 * @addr:	Intermediate physical address.
 *
 * A descriptor without access flag is never in a TLB: nothing to invalidate.
 *
 * Context: mmu_lock held for reading. Does not sleep.
 * Return: the descriptor found, not valid if there is none.
 */
kvm_pte_t kvm_pgtable_stage2_mkyoung(struct kvm_pgtable *pgt, u64 addr);

/**
 * kvm_pgtable_stage2_test_clear_young() - was memory used by a guest?
 * @pgt:	The Stage-2.
 * @addr:	Intermediate physical address.
 * @size:	Size in bytes.
 * @clear:	Clear the access flags, too. TLB invalidation is up to the
 *		caller (the generic MMU notifiers do it where they need it).
 *
 * Context: mmu_lock held for writing. Does not sleep.
 * Return: true if any mapping in the range had its access flag set.
 */
bool kvm_pgtable_stage2_test_clear_young(struct kvm_pgtable *pgt, u64 addr,
					 u64 size, bool clear);

/**
 * kvm_pgtable_stage2_split() - turn blocks into pages that map the same
 * @pgt:	The Stage-2.
 * @addr:	Intermediate physical address.
 * @size:	Size in bytes. A block that begins before the range or ends
 *		behind it is split as a whole.
 * @ctx:	For the operations on memory: one table page for each block.
 *
 * Costs one TLB invalidation for all of the range, or none if there was no
 * block.
 *
 * Context: mmu_lock held for writing. Does not sleep.
 * Return: 0; -ENOMEM if @ctx has no more pages: blocks up to there are split;
 * -EINVAL or -ERANGE as kvm_pgtable_walk().
 */
int kvm_pgtable_stage2_split(struct kvm_pgtable *pgt, u64 addr, u64 size,
			     void *ctx);

/**
 * kvm_pgtable_stage2_flush() - clean and invalidate guest memory
 * @pgt:	The Stage-2.
 * @addr:	Intermediate physical address.
 * @size:	Size in bytes.
 * @ctx:	For the operations on memory.
 *
 * Cacheable memory mapped in the range, to the point of coherency.
 *
 * Context: mmu_lock held. Does not sleep.
 * Return: 0, -EINVAL or -ERANGE as kvm_pgtable_walk().
 */
int kvm_pgtable_stage2_flush(struct kvm_pgtable *pgt, u64 addr, u64 size,
			     void *ctx);

/**
 * kvm_pgtable_stage2_pte_prot() - the permissions in a Stage-2 descriptor
 * @pte: A block or page descriptor.
 */
enum kvm_pgtable_prot kvm_pgtable_stage2_pte_prot(kvm_pte_t pte);

#endif /* __ASSEMBLY__ */

#endif /* __ARM_KVM_PGTABLE_H__ */
