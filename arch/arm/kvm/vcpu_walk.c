// SPDX-License-Identifier: GPL-2.0-only
/*
 * Where a virtual address of the guest leads to, by a walk of its tables in both
 * formats (B3.5, B3.6)
 *
 * HYP mode could have the CPU do this. But an address translation operation that
 * HYP mode can execute at all is one that a CPU may execute by speculation, while
 * the registers of PL1 are half the host's and half a guest's, and some cores put
 * what comes of that into their TLBs (Cortex-A57 1319537, Cortex-A72 1319367,
 * Cortex-A55 1530923, Cortex-A53 1530924).
 *
 * What the guest's TLB remembers is not known.
 */
#include <linux/bug.h>
#include <linux/highmem.h>
#include <linux/kvm_host.h>
#include <linux/sizes.h>
#include <linux/srcu.h>
#include <linux/swab.h>
#include <asm/cp15.h>
#include <asm/extable.h>
#include <asm/kvm_emulate.h>
#include <asm/kvm_mmu.h>
#include <asm/kvm_pgtable.h>

/* TTBCR (B4.1.153, B4.1.154) */
#define TTBCR_LPAE		BIT(31)
#define TTBCR_TSZ_MASK		0x7
#define TTBCR_T1SZ_SHIFT	16
#define LONG_EPD0		BIT(7)
#define LONG_EPD1		BIT(23)
#define LONG_IRGN0		GENMASK(9, 8)
#define LONG_IRGN1		GENMASK(25, 24)
/* ARMv8.2: permissions in tables may be off */
#define LONG_T2E		BIT(6)
#define TTBCR_N_MASK		0x7
#define TTBCR_PD0		BIT(4)
#define TTBCR_PD1		BIT(5)

/* TTBR0 and TTBR1, short format (B4.1.154): walks look into the inner caches */
#define TTBR_IRGN		(BIT(6) | BIT(0))

/* AP[2:0] (B3.7.1) */
#define AP_ACCESS_FLAG		BIT(0)
#define AP_PL0			BIT(1)
#define AP_READ_ONLY		BIT(2)
#define AP_10_MASK		(AP_PL0 | AP_ACCESS_FLAG)
#define AP_NONE			0
#define AP_ALL			AP_10_MASK

/* DACR (B4.1.43) */
#define DACR_SHIFT(domain)	(2 * (domain))
#define DACR_MASK		0x3
#define DACR_CLIENT		1
#define DACR_MANAGER		3

/* Descriptors of the short format (B3.5.1) */
#define SHORT_TYPE_MASK		0x3
#define SHORT_TYPE_TABLE	0x1
#define SHORT_TYPE_LARGE_PAGE	0x1
#define SHORT_SUPERSECTION	BIT(18)
#define SHORT_DOMAIN(desc)	(((desc) >> 5) & 0xf)
#define SHORT_SECTION_AP10	10
#define SHORT_SECTION_AP2	15
#define SHORT_PAGE_AP10		4
#define SHORT_PAGE_AP2		9
#define SHORT_TABLE_MASK	GENMASK(31, 10)
#define SHORT_L1_SHIFT		20
#define SHORT_L2_INDEX_MASK	0xff
#define SHORT_TTBR1_MASK	GENMASK(31, 14)

/* Descriptors of the long format (B3.6.1) */
#define LONG_VALID		BIT_ULL(0)
#define LONG_TABLE		BIT_ULL(1)
#define LONG_ADDR_MASK		GENMASK_ULL(39, 12)
#define LONG_ACCESS_FLAG	BIT_ULL(10)
#define LONG_AP(desc)		((((u32)(desc) >> 6) & 0x3) << 1 | AP_ACCESS_FLAG)
#define LONG_TABLE_NO_PL0	BIT_ULL(61)
#define LONG_TABLE_READ_ONLY	BIT_ULL(62)
#define LONG_LEVEL_BITS		9
#define LONG_FIRST_LEVEL	1
#define LONG_LAST_LEVEL		3
#define LONG_LEVEL_SHIFT(level)	(12 + LONG_LEVEL_BITS * (LONG_LAST_LEVEL - (level)))

/* FSR of a synchronous external abort (B3.13.3) */
#define FSR_SHORT_EXTERNAL	8
#define FSR_LONG_EXTERNAL	16

struct guest_walk;

/**
 * struct guest_walk - a walk of the tables of a guest
 * @vcpu: the vCPU whose tables they are
 * @read: reads a descriptor of @len bytes
 * @past_caches: the guest's walk does not look into the caches
 * @ipa: found: where the address leads to
 * @ap: found: AP[2:0], by which the access flag and domains have been looked at;
 *	with an access flag AP[0] is set, and AP_NONE permits nothing
 */
struct guest_walk {
	struct kvm_vcpu *vcpu;
	int (*read)(const struct guest_walk *w, gpa_t at, void *desc, u32 len);
	bool past_caches;
	gpa_t ipa;
	u32 ap;
};

/* Of a memory slot, whatever the guest has mapped of it */
static int read_slot(const struct guest_walk *w, gpa_t at, void *desc, u32 len)
{
	return kvm_read_guest_poc(w->vcpu->kvm, at, desc, len);
}

/* A line may be older than what the guest has written past the caches. */
static void clean_inval_line(const void *va)
{
	asm volatile("mcr p15, 0, %0, c7, c14, 1" : : "r" (va) : "memory");
	dsb(sy);
}

#define load_or_fail(insn, to, va) \
	({ \
		int __ret = -EFAULT; \
		asm volatile("1:	" insn ", [%2]\n" \
			     "	mov	%0, #0\n" \
			     "2:\n" \
			     "	.pushsection __ex_table,\"a\"\n" \
			     "	.align	3\n" \
			     "	.long	1b, 2b\n" \
			     "	.popsection" \
			     : "+r" (__ret), "+r" (to) : "r" (va) : "memory"); \
		__ret; \
	})

/* In one go, as the guest may be writing it */
static int load_desc(const void *va, void *desc, u32 len)
{
	u64 desc64 = 0;
	u32 desc32 = 0;
	int ret;

	if (len == sizeof(desc32)) {
		ret = load_or_fail("ldr	%1", desc32, va);
		*(u32 *)desc = desc32;
	} else {
		ret = load_or_fail("ldrd	%1, %H1", desc64, va);
		*(u64 *)desc = desc64;
	}

	return ret;
}

/*
 * As the guest's own walk would find it, by Stage-2: where that has no memory,
 * but nothing or a device (HCR.PTW), or memory that fails, the walk ends. With
 * mmu_lock held the page stays.
 */
static int read_mapped(const struct guest_walk *w, gpa_t at, void *desc,
		       u32 len)
{
	struct kvm_pgtable *pgt = w->vcpu->kvm->arch.mmu.pgt;
	kvm_pte_t pte = 0;
	u32 level = 0;
	void *page, *va;
	u64 phys;
	int ret;

	if (!pgt || kvm_pgtable_get_leaf(pgt, round_down(at, PAGE_SIZE), &pte,
					 &level) ||
	    !kvm_pte_valid(pte) ||
	    (kvm_pgtable_stage2_pte_prot(pte) & KVM_PGTABLE_PROT_DEVICE))
		return -EFAULT;

	phys = kvm_pte_to_phys(pte) | (at & (kvm_granule_size(level) - 1));
	page = kmap_local_page(pfn_to_page(phys >> PAGE_SHIFT));
	va = page + offset_in_page(phys);
	if (w->past_caches)
		clean_inval_line(va);
	ret = load_desc(va, desc, len);
	kunmap_local(page);

	return ret;
}

static u32 sctlr(const struct guest_walk *w)
{
	return vcpu_read_cp15(w->vcpu, c1_SCTLR);
}

static void set_past_caches(struct guest_walk *w, bool inner_cacheable)
{
	w->past_caches = !inner_cacheable || !(sctlr(w) & CR_C);
}

static int read_desc32(const struct guest_walk *w, gpa_t at, u32 *desc)
{
	int ret = w->read(w, at, desc, sizeof(*desc));

	*desc = sctlr(w) & CR_EE ? be32_to_cpu((__force __be32)*desc) :
				   le32_to_cpu((__force __le32)*desc);
	return ret;
}

static int read_desc64(const struct guest_walk *w, gpa_t at, u64 *desc)
{
	int ret = w->read(w, at, desc, sizeof(*desc));

	*desc = sctlr(w) & CR_EE ? be64_to_cpu((__force __be64)*desc) :
				   le64_to_cpu((__force __le64)*desc);
	return ret;
}

static gpa_t section_ipa(u32 desc, u32 va)
{
	if (!(desc & SHORT_SUPERSECTION))
		return (desc & ~(SZ_1M - 1)) | (va & (SZ_1M - 1));

	return (desc & ~(SZ_16M - 1)) | (va & (SZ_16M - 1)) |
	       (u64)((desc >> 20) & 0xf) << 32 | (u64)((desc >> 5) & 0xf) << 36;
}

/* A supersection is in domain 0, and has an address there (B3.5.1). */
static u32 section_domain(u32 desc)
{
	return desc & SHORT_SUPERSECTION ? 0 : SHORT_DOMAIN(desc);
}

static gpa_t page_ipa(u32 desc, u32 va)
{
	u32 size = (desc & SHORT_TYPE_MASK) == SHORT_TYPE_LARGE_PAGE ?
		   SZ_64K : SZ_4K;

	return (desc & ~(size - 1)) | (va & (size - 1));
}

static u32 section_ap(u32 desc)
{
	return ((desc >> SHORT_SECTION_AP10) & AP_10_MASK) |
	       (desc & BIT(SHORT_SECTION_AP2) ? AP_READ_ONLY : 0);
}

static u32 page_ap(u32 desc)
{
	return ((desc >> SHORT_PAGE_AP10) & AP_10_MASK) |
	       (desc & BIT(SHORT_PAGE_AP2) ? AP_READ_ONLY : 0);
}

/* What is left of @ap by the access flag and the domain */
static u32 short_ap(const struct guest_walk *w, u32 domain, u32 ap)
{
	u32 dacr = vcpu_read_cp15(w->vcpu, c3_DACR);

	if (!(ap & AP_ACCESS_FLAG) && sctlr(w) & CR_AFE)
		return AP_NONE;

	switch ((dacr >> DACR_SHIFT(domain)) & DACR_MASK) {
	case DACR_CLIENT:
		return ap;
	case DACR_MANAGER:
		return AP_ALL;
	default:
		return AP_NONE;
	}
}

/* Which of the two tables, and of that the descriptor for the address */
static int short_first(struct guest_walk *w, u32 va, u32 *desc)
{
	u32 ttbcr = vcpu_read_cp15(w->vcpu, c2_TTBCR);
	u32 n = ttbcr & TTBCR_N_MASK;
	u32 ttbr, mask;

	if (n && va >> (32 - n)) {
		if (ttbcr & TTBCR_PD1)
			return -EFAULT;
		ttbr = vcpu_read_cp15(w->vcpu, c2_TTBR1);
		mask = SHORT_TTBR1_MASK;
	} else {
		if (ttbcr & TTBCR_PD0)
			return -EFAULT;
		ttbr = vcpu_read_cp15(w->vcpu, c2_TTBR0);
		mask = GENMASK(31, 14 - n);
	}

	set_past_caches(w, ttbr & TTBR_IRGN);

	/* Of the index, the bits that @n takes away are zero */
	return read_desc32(w, (ttbr & mask) +
			      (va >> SHORT_L1_SHIFT) * sizeof(*desc), desc);
}

static int walk_short(struct guest_walk *w, u32 va)
{
	u32 base, desc, domain;

	if (short_first(w, va, &desc) || !(desc & SHORT_TYPE_MASK))
		return -EFAULT;

	if ((desc & SHORT_TYPE_MASK) != SHORT_TYPE_TABLE) {
		w->ipa = section_ipa(desc, va);
		w->ap = short_ap(w, section_domain(desc), section_ap(desc));
		return 0;
	}

	domain = SHORT_DOMAIN(desc);
	base = desc & SHORT_TABLE_MASK;
	if (read_desc32(w, base + ((va >> PAGE_SHIFT) & SHORT_L2_INDEX_MASK) *
				  sizeof(desc), &desc) ||
	    !(desc & SHORT_TYPE_MASK))
		return -EFAULT;

	w->ipa = page_ipa(desc, va);
	w->ap = short_ap(w, domain, page_ap(desc));
	return 0;
}

static u64 ttbr64(const struct guest_walk *w, enum vcpu_cp15_reg reg)
{
	return (u64)vcpu_read_cp15(w->vcpu, reg + 1) << 32 |
	       vcpu_read_cp15(w->vcpu, reg);
}

/* Which of the two regions is it in, and how many bits of it are an address? */
static int long_region(struct guest_walk *w, u32 va, u64 *base, u32 *bits)
{
	u32 ttbcr = vcpu_read_cp15(w->vcpu, c2_TTBCR);
	u32 t0sz = ttbcr & TTBCR_TSZ_MASK;
	u32 t1sz = (ttbcr >> TTBCR_T1SZ_SHIFT) & TTBCR_TSZ_MASK;

	if (!t0sz && t1sz ? va < -(1U << (32 - t1sz)) :
			    !t0sz || !(va >> (32 - t0sz))) {
		if (ttbcr & LONG_EPD0)
			return -EFAULT;
		*base = ttbr64(w, c2_TTBR0);
		*bits = 32 - t0sz;
		set_past_caches(w, ttbcr & LONG_IRGN0);
		return 0;
	}

	if (ttbcr & LONG_EPD1 || (t1sz && va < -(1U << (32 - t1sz))))
		return -EFAULT;
	*base = ttbr64(w, c2_TTBR1);
	*bits = 32 - t1sz;
	set_past_caches(w, ttbcr & LONG_IRGN1);
	return 0;
}

/* @tables: the descriptors of all tables on the way, one over the other */
static u32 long_ap(const struct guest_walk *w, u64 desc, u64 tables)
{
	u32 ap = LONG_AP(desc);

	if (!(desc & LONG_ACCESS_FLAG))
		return AP_NONE;

	if (vcpu_read_cp15(w->vcpu, c2_TTBCR) & LONG_T2E)
		return ap;

	if (tables & LONG_TABLE_NO_PL0)
		ap &= ~AP_PL0;
	if (tables & LONG_TABLE_READ_ONLY)
		ap |= AP_READ_ONLY;
	return ap;
}

static int walk_long(struct guest_walk *w, u32 va)
{
	u64 base, desc, offset, tables = 0;
	u32 bits, level;

	if (long_region(w, va, &base, &bits))
		return -EFAULT;

	level = LONG_FIRST_LEVEL;
	if (bits <= LONG_LEVEL_SHIFT(level))
		level++;

	/* The first table may be smaller than a page, and is aligned to it */
	offset = va & GENMASK(bits - 1, 0);
	base &= GENMASK_ULL(39, 0) &
		~((8ULL << (bits - LONG_LEVEL_SHIFT(level))) - 1);

	for (;; level++) {
		base += (offset >> LONG_LEVEL_SHIFT(level)) * sizeof(desc);
		if (read_desc64(w, base, &desc) || !(desc & LONG_VALID))
			return -EFAULT;

		offset &= (1ULL << LONG_LEVEL_SHIFT(level)) - 1;
		base = desc & LONG_ADDR_MASK;
		if (level == LONG_LAST_LEVEL || !(desc & LONG_TABLE))
			break;
		tables |= desc;
	}

	/* What would be a block there is no descriptor (B3.6.2) */
	if (level == LONG_LAST_LEVEL && !(desc & LONG_TABLE))
		return -EFAULT;

	w->ipa = (base & ~((1ULL << LONG_LEVEL_SHIFT(level)) - 1)) | offset;
	w->ap = long_ap(w, desc, tables);
	return 0;
}

static int walk(struct guest_walk *w, u32 va)
{
	if (!(sctlr(w) & CR_M)) {
		w->ipa = va;
		w->ap = AP_ALL;
		return 0;
	}

	return vcpu_read_cp15(w->vcpu, c2_TTBCR) & TTBCR_LPAE ?
	       walk_long(w, va) : walk_short(w, va);
}

/*
 * Would the access fault on the first stage? Instruction fetches are reads: nothing
 * is emulated for one. Nor is it for cache maintenance, which may be done to more
 * than can be accessed.
 *
 * What is no permission fault is here for Cortex-A57 834220: what that CPU has
 * reported may be fixed, so that it reports the other fault, unless the address does
 * not translate at all.
 */
static bool permits(const struct kvm_vcpu *vcpu, u32 ap)
{
	bool write = kvm_is_write_fault(vcpu);

	if (kvm_vcpu_dabt_is_cm(vcpu))
		return true;

	if (kvm_vcpu_trap_get_fault_type(vcpu) != FSC_PERM)
		return ap & AP_ALL;

	if (!vcpu_mode_priv(vcpu))
		return write ? ap == AP_ALL : ap & AP_PL0;

	return ap & AP_ALL && !(write && ap & AP_READ_ONLY);
}

/**
 * kvm_translate_fault - where an access that was aborted leads to
 * @vcpu: the vCPU, at an abort on Stage-2 that is not one of a table walk
 * @ipa: found: the intermediate physical address
 *
 * By the tables as they are now, and for the level of privilege that the vCPU is
 * at: an unprivileged access from PL1 has less. Nothing is read that the guest's
 * own walk could not read.
 *
 * Context: the vCPU's thread. Takes mmu_lock.
 *
 * Return: 0, or -EFAULT if the guest would fault on the first stage, or on a table
 * of that.
 */
int kvm_translate_fault(struct kvm_vcpu *vcpu, gpa_t *ipa)
{
	struct guest_walk w = { .vcpu = vcpu, .read = read_mapped };
	int ret;

	read_lock(&vcpu->kvm->mmu_lock);
	ret = walk(&w, kvm_vcpu_get_hfar(vcpu));
	read_unlock(&vcpu->kvm->mmu_lock);

	if (ret || !permits(vcpu, w.ap))
		return -EFAULT;

	*ipa = w.ipa;
	return 0;
}

/**
 * kvm_guest_read_va - read memory at a virtual address of the guest
 * @vcpu: the vCPU, in whose address space it is
 * @va: the address
 * @to: where it goes
 * @len: bytes
 *
 * For debugging, and for instructions that were just executed: what the guest may
 * access is not looked at.
 *
 * Context: the vCPU's thread, process context. May sleep.
 *
 * Return: 0, or -EFAULT if not all of it is mapped to memory.
 */
int kvm_guest_read_va(struct kvm_vcpu *vcpu, u32 va, void *to, u32 len)
{
	struct guest_walk w = { .vcpu = vcpu, .read = read_slot };
	int idx = srcu_read_lock(&vcpu->kvm->srcu);
	int ret = 0;
	u32 n;

	for (; len && !ret; len -= n, va += n, to += n) {
		n = min_t(u32, len, PAGE_SIZE - offset_in_page(va));
		ret = walk(&w, va);
		if (!ret)
			ret = kvm_read_guest_poc(vcpu->kvm, w.ipa, to, n);
	}

	srcu_read_unlock(&vcpu->kvm->srcu, idx);
	return ret ? -EFAULT : 0;
}

/* As a fault is for an instruction that is prepared for it */
static int external_abort(unsigned long addr, unsigned int fsr,
			  struct pt_regs *regs)
{
	return user_mode(regs) || !fixup_exception(regs);
}

/**
 * kvm_guest_walk_init - survive where the tables of a guest may lead to
 *
 * Memory may fail, or be none though the host believes it. A guest takes an
 * external abort from there, and the host must not take one for it.
 */
void __init kvm_guest_walk_init(void)
{
	if (IS_ENABLED(CONFIG_ARM_LPAE))
		hook_fault_code(FSR_LONG_EXTERNAL, external_abort, SIGBUS, 0,
				"synchronous external abort");
	else
		hook_fault_code(FSR_SHORT_EXTERNAL, external_abort, SIGBUS, 0,
				"external abort on non-linefetch");
}
