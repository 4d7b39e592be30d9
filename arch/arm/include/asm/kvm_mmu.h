/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Memory management of KVM: the HYP address space, Stage-2, and all that is
 * particular to the architecture's caches, TLBs and table walks.
 *
 * pgtable.c, hyp_map.c and the mmu*.c files, except for mmu_cache.c, have no
 * such thing in them. A port that has another way to clean a cache, or where
 * HYP cannot use the kernel's virtual addresses, changes it here.
 */
#ifndef __ARM_KVM_MMU_H__
#define __ARM_KVM_MMU_H__

#include <asm/memory.h>

/*
 * HYP has one translation table base and so one range of virtual addresses.
 * Kernel memory is found at a constant distance from where the kernel has it:
 *
 *   HYP VA = kernel VA - PAGE_OFFSET + HYP_PAGE_OFFSET
 *
 * On 32-bit ARM HYP can use the kernel's own addresses, so both are equal.
 * Everything that HYP is to follow a pointer to has to be converted, with
 * kern_hyp_va() for a pointer or KERN_TO_HYP() for a number, even so.
 */
#ifndef HYP_PAGE_OFFSET
#define HYP_PAGE_OFFSET		PAGE_OFFSET
#endif

#define KERN_TO_HYP(kva)	((kva) - PAGE_OFFSET + HYP_PAGE_OFFSET)

/*
 * Mappings that have no kernel address, stacks and devices: from where the
 * kernel only ever has user space.
 */
#define HYP_PRIVATE_START	0x10000000UL
#define HYP_PRIVATE_END		0x20000000UL

#ifndef __ASSEMBLY__

#include <linux/bitops.h>
#include <linux/highmem.h>
#include <linux/kvm_host.h>
#include <linux/mm.h>
#include <linux/mm_inline.h>
#include <linux/sizes.h>
#include <linux/smp.h>
#include <linux/srcu.h>
#include <linux/uaccess.h>
#include <asm/barrier.h>
#include <asm/cacheflush.h>
#include <asm/cachetype.h>
#include <asm/cp15.h>
#include <asm/cputype.h>
#include <asm/kvm_asm.h>
#include <asm/kvm_pgtable.h>
#include <asm/smp_plat.h>
#include <asm/tlbflush.h>

/**
 * kern_hyp_va() - where HYP finds what the kernel finds at @v
 * @v: a pointer or address; the result has its type
 */
#define kern_hyp_va(v)	((typeof(v))KERN_TO_HYP((unsigned long)(v)))

/* What a VM may use of its IPA space: see struct kvm_s2_mmu */
#define kvm_phys_size(mmu)	((mmu)->phys_size)
#define kvm_phys_mask(mmu)	(kvm_phys_size(mmu) - 1)

/**
 * enum kvm_hyp_table - the two sets of HYP tables
 * @KVM_HYP_BOOT:    those on which a CPU turns its MMU on
 * @KVM_HYP_RUNTIME: those it uses from then on
 */
enum kvm_hyp_table {
	KVM_HYP_BOOT,
	KVM_HYP_RUNTIME,
};

/* hyp_map.c */
int kvm_mmu_init(void);
void free_hyp_pgds(void);
phys_addr_t kvm_mmu_get_boot_httbr(void);
phys_addr_t kvm_mmu_get_httbr(void);
phys_addr_t kvm_get_idmap_vector(void);
int create_hyp_mappings(void *from, void *to, enum kvm_pgtable_prot prot);
void remove_hyp_mappings(void *from, void *to);
int kvm_hyp_write_protect(void *from, void *to);
int create_hyp_stack(unsigned long page, unsigned long *top);
int create_hyp_io_mappings(phys_addr_t phys, size_t size, void __iomem **kaddr,
			   void __iomem **haddr);
int kvm_hyp_walk(enum kvm_hyp_table table, u64 addr, u64 size,
		 const struct kvm_pgtable_walker *walker);

/* mmu.c */
int kvm_alloc_stage2_pgd(struct kvm *kvm);
void kvm_free_stage2_pgd(struct kvm *kvm);
int kvm_phys_addr_ioremap(struct kvm *kvm, gpa_t gpa, phys_addr_t pa,
			  unsigned long size, bool writable);
void stage2_unmap_vm(struct kvm *kvm);
void stage2_flush_vm(struct kvm *kvm);

/* mmu_cache.c */
void kvm_set_way_flush(struct kvm_vcpu *vcpu);
void kvm_toggle_cache(struct kvm_vcpu *vcpu, bool was_enabled);
int kvm_read_guest_poc(struct kvm *kvm, gpa_t gpa, void *to, u32 len);

/* mmu_fault.c */
bool kvm_find_fault_ipa(struct kvm_vcpu *vcpu);
int kvm_handle_guest_abort(struct kvm_vcpu *vcpu);

/**
 * kvm_supported_block_sizes() - sizes of Stage-2 mappings, as a mask
 *
 * What KVM_CAP_ARM_SUPPORTED_BLOCK_SIZES reports.
 */
static inline u64 kvm_supported_block_sizes(void)
{
	return kvm_granule_size(KVM_PGTABLE_LAST_LEVEL) |
	       kvm_granule_size(KVM_PGTABLE_BLOCK_LEVEL);
}

/**
 * kvm_is_block_size_supported() - can Stage-2 have mappings of that size?
 * @size: bytes
 */
static inline bool kvm_is_block_size_supported(u64 size)
{
	/* is_power_of_2() takes an unsigned long, and @size is user space's */
	return hweight64(size) == 1 && (size & kvm_supported_block_sizes());
}

/**
 * kvm_memory_sh() - shareability of memory in a descriptor
 *
 * A kernel for one CPU has memory mapped that is not shareable. If HYP mode and
 * guests had it otherwise, accesses to one location would have attributes that
 * do not match, and no coherency to rely on (A3.5.7). Of the two stages the
 * stronger one counts: a guest for more than one CPU makes it shareable again.
 */
static inline kvm_pte_t kvm_memory_sh(void)
{
	return is_smp() ? KVM_PTE_SH_INNER : 0;
}

/* Tables and table walks */

#define MMFR3_COHWALK_SHIFT	20
#define MMFR3_COHWALK_MASK	0xf

/**
 * kvm_mmfr3_walks_coherent() - do table walks look into the data caches?
 * @mmfr3: ID_MMFR3, of which "Coherent walk" counts (B4.1.92)
 *
 * The tables are write-back for a walk, and as shareable as the kernel's own:
 * see HTCR_HYP and VTCR_GUEST.
 */
static inline bool kvm_mmfr3_walks_coherent(u32 mmfr3)
{
	return (mmfr3 >> MMFR3_COHWALK_SHIFT) & MMFR3_COHWALK_MASK;
}

/**
 * kvm_table_walks_coherent() - is that so on this machine?
 *
 * All CPUs that KVM runs on are alike in this: see cpu_model.c.
 */
static inline bool kvm_table_walks_coherent(void)
{
	return kvm_mmfr3_walks_coherent(read_cpuid_ext(CPUID_EXT_MMFR3));
}

/**
 * kvm_clean_table() - make table memory visible to walks that are not coherent
 * @table: first byte written
 * @size:  number of bytes
 *
 * The DSB in here is one of writes and completes no maintenance: that is for
 * kvm_sync_table(), or for the TLB invalidation.
 */
static inline void kvm_clean_table(void *table, size_t size)
{
	__cpuc_flush_dcache_area(table, size);
}

/**
 * kvm_sync_table() - complete writes to tables
 *
 * Walks that begin after this see them (B3.10.1). A DSB of reads and writes, as
 * only that completes maintenance, too (DDI 0487, "Data Synchronization
 * Barrier").
 */
static inline void kvm_sync_table(void)
{
	dsb(ish);
	isb();
}

/* Caches */

/*
 * Above this the whole instruction cache is invalidated rather than each line
 * of it: no first-level instruction cache is larger.
 */
#define KVM_ICACHE_MVA_MAX	SZ_64K

/**
 * enum kvm_icache_type - types of instruction cache (CTR.L1Ip, B4.1.42)
 * @KVM_ICACHE_VIVT_VMID: virtually indexed, virtually tagged, with the ASID
 *			 and, in the presence of virtualization, the VMID
 * @KVM_ICACHE_PIPT:	 physically indexed, physically tagged
 * @KVM_ICACHE_VIPT:	 virtually indexed, physically tagged
 *
 * Each takes what those before it do, and more.
 */
enum kvm_icache_type {
	KVM_ICACHE_VIVT_VMID,
	KVM_ICACHE_PIPT,
	KVM_ICACHE_VIPT,
};

/**
 * struct kvm_cache_traits - what the maintenance of caches goes by
 * @dcache_line: bytes in the shortest line of any data or unified cache
 * @icache_line: bytes in the shortest line of any instruction cache
 * @icache_type: type of the first-level instruction cache
 */
struct kvm_cache_traits {
	unsigned int dcache_line;
	unsigned int icache_line;
	enum kvm_icache_type icache_type;
};

/* Of the weakest of all CPUs that have been online: cpu_model.c */
extern struct kvm_cache_traits kvm_caches;

/* Log2 of words, and the type; 0b00 is ARMv8's, which is treated as VIPT */
#define CTR_IMINLINE(ctr)	((ctr) & 0xf)
#define CTR_DMINLINE(ctr)	(((ctr) >> 16) & 0xf)
#define CTR_L1IP(ctr)		(((ctr) >> 14) & 0x3)
#define CTR_L1IP_AIVIVT		1
#define CTR_L1IP_PIPT		3

/**
 * kvm_cache_traits_of() - what a CPU's caches are
 * @ctr: its Cache Type Register (B4.1.42)
 */
static inline struct kvm_cache_traits kvm_cache_traits_of(u32 ctr)
{
	enum kvm_icache_type type = KVM_ICACHE_VIPT;

	if (CTR_L1IP(ctr) == CTR_L1IP_AIVIVT)
		type = KVM_ICACHE_VIVT_VMID;
	else if (CTR_L1IP(ctr) == CTR_L1IP_PIPT)
		type = KVM_ICACHE_PIPT;

	return (struct kvm_cache_traits) {
		.dcache_line	= sizeof(u32) << CTR_DMINLINE(ctr),
		.icache_line	= sizeof(u32) << CTR_IMINLINE(ctr),
		.icache_type	= type,
	};
}

static inline unsigned long kvm_dcache_line_size(void)
{
	return READ_ONCE(kvm_caches.dcache_line);
}

/*
 * Not .rept: the compiler takes each line for an instruction, by which it knows
 * what a short branch of Thumb-2 gets past.
 */
#define EIGHT_TIMES(insns) \
	insns insns insns insns insns insns insns insns

/**
 * kvm_flush_dcache_to_poc() - clean and invalidate to the point of coherency
 * @va:   kernel address, page aligned
 * @size: number of bytes, a multiple of the page size
 *
 * Every page that a guest gets or loses goes through here, so the loop has
 * eight lines to a turn. A page has a multiple of that: the longest lines
 * there are have 128 bytes.
 */
static inline void kvm_flush_dcache_to_poc(void *va, size_t size)
{
	unsigned long end = (unsigned long)va + size;

	asm volatile("1:\n"
		     EIGHT_TIMES("	mcr	p15, 0, %0, c7, c14, 1\n"
				 "	add	%0, %0, %1\n")
		     "	cmp	%0, %2\n"
		     "	blo	1b"
		     : "+r" (va)
		     : "r" (kvm_dcache_line_size()), "r" (end)
		     : "cc", "memory");
	dsb(sy);
}

/* Invalidates instruction cache lines and branch predictors of all CPUs. */
static inline void kvm_invalidate_icache_mva(void *va, size_t size)
{
	unsigned long line = READ_ONCE(kvm_caches.icache_line);
	unsigned long addr = (unsigned long)va & ~(line - 1);

	for (; addr < (unsigned long)va + size; addr += line)
		asm volatile("mcr p15, 0, %0, c7, c5, 1" : : "r" (addr));
	asm volatile("mcr p15, 0, %0, c7, c1, 6" : : "r" (0));
	dsb(ish);
	isb();
}

/*
 * Calls @op for memory by its physical address. High memory has no kernel
 * address until it is given one, a page at a time.
 */
static inline void kvm_for_guest_memory(u64 phys, u64 size,
					void (*op)(void *va, size_t size))
{
	struct page *page = pfn_to_page(phys >> PAGE_SHIFT);
	struct page *end = page + (size >> PAGE_SHIFT);

	if (!PageHighMem(page) && !PageHighMem(end - 1)) {
		op(page_address(page), size);
		return;
	}

	for (; page < end; page++) {
		void *va = kmap_local_page(page);

		op(va, PAGE_SIZE);
		kunmap_local(va);
	}
}

/**
 * __clean_dcache_guest_page() - make memory what a guest without caches sees
 * @phys: physical address of memory that has a struct page, page aligned
 * @size: number of bytes, a multiple of the page size
 *
 * Cleans and invalidates to the point of coherency: as long as its MMU or
 * caches are off, a guest reads and writes past the caches.
 */
static inline void __clean_dcache_guest_page(u64 phys, u64 size)
{
	kvm_for_guest_memory(phys, size, kvm_flush_dcache_to_poc);
}

/*
 * Have this CPU translate user space's addresses by what the tables say. Its
 * TLB may hold what they said before: the MMU notifiers have ended by the time
 * an entry that was taken away is invalidated, and a fault may have made
 * another one meanwhile (B3.10.1).
 *
 * Whoever takes entries away has counted itself before, with a lock of the
 * table held in between, and takes that back after the DSB of its invalidation.
 * So if what the tables say now was seen, here or by those who had mmu_lock
 * before, so is the count. Those that follow wait for mmu_lock.
 */
static inline void kvm_sync_user_tlb(struct mm_struct *mm)
{
	/* Entries may have been looked at without the lock of the table. */
	smp_rmb();
	if (!mm_tlb_flush_pending(mm))
		return;

	local_flush_tlb_mm(mm);
	isb();
}

/**
 * kvm_flush_dcache_user() - clean and invalidate to the point of coherency
 * @uaddr: address in the user space of the current process, page aligned
 * @size:  number of bytes, a multiple of the page size
 *
 * For high memory this costs a fraction of mapping it into the kernel. ARMv7
 * data caches behave as physically tagged ones, so any alias will do.
 *
 * Context: mmu_lock held: what is mapped there stays, and this is not moved to
 * another CPU. A fault is not handled, but ends the attempt.
 * Return: false if not all of it was mapped.
 */
static inline bool kvm_flush_dcache_user(unsigned long uaddr, size_t size)
{
	unsigned long end = uaddr + size;
	unsigned int ua_flags;

	kvm_sync_user_tlb(current->mm);
	pagefault_disable();
	ua_flags = uaccess_save_and_enable();
	asm volatile("1:\n"
		     EIGHT_TIMES("2:	mcr	p15, 0, %0, c7, c14, 1\n"
				 "	add	%0, %0, %1\n"
				 "	.pushsection __ex_table,\"a\"\n"
				 "	.align	3\n"
				 "	.long	2b, 3f\n"
				 "	.popsection\n")
		     "	cmp	%0, %2\n"
		     "	blo	1b\n"
		     "3:"
		     : "+r" (uaddr)
		     : "r" (kvm_dcache_line_size()), "r" (end)
		     : "cc", "memory");
	dsb(sy);
	uaccess_restore(ua_flags);
	pagefault_enable();

	return uaddr == end;
}

/**
 * kvm_clean_guest_memory() - __clean_dcache_guest_page(), the cheaper way
 * @phys:  physical address of memory that has a struct page, page aligned
 * @size:  number of bytes, a multiple of the page size
 * @user:  the current process may have it mapped
 * @uaddr: where, page aligned
 *
 * Context: as kvm_flush_dcache_user().
 */
static inline void kvm_clean_guest_memory(u64 phys, u64 size, bool user,
					  unsigned long uaddr)
{
	if (!user || !kvm_flush_dcache_user(uaddr, size))
		__clean_dcache_guest_page(phys, size);
}

/**
 * struct kvm_icache_ops - what can be done about stale instructions
 * @inval_mva: invalidates a range of memory by virtual address, on all CPUs
 * @inval_all: invalidates everything, on all CPUs
 */
struct kvm_icache_ops {
	void (*inval_mva)(u64 phys, u64 size);
	void (*inval_all)(void);
};

static inline enum kvm_icache_type kvm_icache_type(void)
{
	return READ_ONCE(kvm_caches.icache_type);
}

/**
 * kvm_icache_inval() - have no stale instructions of memory, by type of cache
 * @type: of the instruction cache
 * @ops:  how to invalidate it
 * @phys: physical addresses
 * @nr:   how many of them
 * @size: number of bytes at each
 *
 * One that is physically tagged and indexed can be invalidated by any virtual
 * address. If it is virtually indexed, the guest's address decides, so all of
 * it has to go (B2.2.3). A virtually tagged one is tagged by VMID, too, and
 * can hold nothing of a page the guest did not have; roll-over of VMIDs
 * invalidates it.
 */
static inline void kvm_icache_inval(enum kvm_icache_type type,
				    const struct kvm_icache_ops *ops,
				    const u64 *phys, u32 nr, u64 size)
{
	u32 i;

	if (type == KVM_ICACHE_VIVT_VMID)
		return;

	if (type != KVM_ICACHE_PIPT || nr * size > KVM_ICACHE_MVA_MAX) {
		ops->inval_all();
		return;
	}

	for (i = 0; i < nr; i++)
		ops->inval_mva(phys[i], size);
}

static inline void kvm_icache_inval_mva(u64 phys, u64 size)
{
	kvm_for_guest_memory(phys, size, kvm_invalidate_icache_mva);
}

/* Not __flush_icache_all(), which has a DSB of writes: see kvm_sync_table() */
static inline void kvm_icache_inval_all(void)
{
	asm volatile("mcr p15, 0, %0, c7, c1, 0" : : "r" (0));
	dsb(ish);
	isb();
}

/**
 * __invalidate_icache_guest_pages() - have no stale instructions of pages
 * @phys: physical addresses of memory that has a struct page, page aligned
 * @nr:   how many of them
 * @size: number of bytes at each, a multiple of the page size
 */
static inline void __invalidate_icache_guest_pages(const u64 *phys, u32 nr,
						   u64 size)
{
	static const struct kvm_icache_ops ops = {
		.inval_mva	= kvm_icache_inval_mva,
		.inval_all	= kvm_icache_inval_all,
	};

	kvm_icache_inval(kvm_icache_type(), &ops, phys, nr, size);
}

/**
 * vcpu_has_cache_enabled() - does the guest run with MMU and data cache on?
 * @vcpu: the vCPU, loaded or with its mutex held
 */
static inline bool vcpu_has_cache_enabled(struct kvm_vcpu *vcpu)
{
	u32 on = CR_M | CR_C;

	return (vcpu_read_cp15(vcpu, c1_SCTLR) & on) == on;
}

/* Guest memory, for code that does not hold kvm->srcu */

static inline int kvm_read_guest_lock(struct kvm *kvm, gpa_t gpa, void *data,
				      unsigned long len)
{
	int idx = srcu_read_lock(&kvm->srcu);
	int ret = kvm_read_guest(kvm, gpa, data, len);

	srcu_read_unlock(&kvm->srcu, idx);
	return ret;
}

static inline int kvm_write_guest_lock(struct kvm *kvm, gpa_t gpa,
				       const void *data, unsigned long len)
{
	int idx = srcu_read_lock(&kvm->srcu);
	int ret = kvm_write_guest(kvm, gpa, data, len);

	srcu_read_unlock(&kvm->srcu, idx);
	return ret;
}

/* TLBs */

static inline void kvm_tlb_erratum_barrier(void *unused)
{
	dmb();
}

/**
 * kvm_tlb_inval_vm() - invalidate what the TLBs of all CPUs hold of a VM
 * @mmu: its Stage-2
 *
 * On a Cortex-A15 a TLB invalidation may be complete before the accesses are
 * that used the old translation (erratum 798181): each CPU has to execute a
 * barrier.
 *
 * Context: interrupts enabled.
 */
static inline void kvm_tlb_inval_vm(struct kvm_s2_mmu *mmu)
{
	/*
	 * A vCPU that is loaded with a new VMID after the roll-over, and sees
	 * the old table entry, must have its VMID seen here: the entry is
	 * written before the VMID is read. Pairs with the barrier that follows
	 * the mode in vcpu_enter(): to load the VMID may take no lock.
	 */
	smp_mb();
	kvm_call_hyp(__kvm_tlb_flush_vmid, kvm_get_vttbr(mmu));
	if (erratum_a15_798181())
		smp_call_function(kvm_tlb_erratum_barrier, NULL, 1);
}

/**
 * kvm_tlb_inval_vm_local() - invalidate what this CPU's TLBs hold of a VM
 * @mmu: its Stage-2
 */
static inline void kvm_tlb_inval_vm_local(struct kvm_s2_mmu *mmu)
{
	kvm_call_hyp(__kvm_tlb_flush_local_vmid, kvm_get_vttbr(mmu));
}

/**
 * kvm_tlb_inval_hyp() - invalidate HYP translations in the TLBs of all CPUs
 * @hva:  HYP virtual address, page aligned
 * @size: number of bytes
 *
 * A CPU that enters KVM's HYP mode invalidates everything. As long as none is
 * in there, and the HYP stub would not understand the call, it is not needed.
 */
static inline void kvm_tlb_inval_hyp(unsigned long hva, unsigned long size)
{
	if (kvm_hyp_enabled())
		kvm_call_hyp(__kvm_tlb_flush_hyp_range, hva, size);
}

#endif /* __ASSEMBLY__ */

#endif /* __ARM_KVM_MMU_H__ */
