// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reading a guest's memory by its virtual addresses, by a walk of its tables
 * in both formats (B3.5, B3.6). For debugging, and for instructions that were
 * just executed: what the guest may access is not looked at, and what its TLB
 * remembers is not known.
 */
#include <linux/kvm_host.h>
#include <linux/sizes.h>
#include <linux/srcu.h>
#include <linux/swab.h>
#include <asm/cp15.h>
#include <asm/kvm_emulate.h>
#include <asm/kvm_mmu.h>

/* TTBCR (B4.1.153, B4.1.154) */
#define TTBCR_LPAE		BIT(31)
#define TTBCR_TSZ_MASK		0x7
#define TTBCR_T1SZ_SHIFT	16
#define LONG_EPD0		BIT(7)
#define LONG_EPD1		BIT(23)
#define TTBCR_N_MASK		0x7
#define TTBCR_PD0		BIT(4)
#define TTBCR_PD1		BIT(5)

/* Descriptors of the short format (B3.5.1) */
#define SHORT_TYPE_MASK		0x3
#define SHORT_TYPE_TABLE	0x1
#define SHORT_TYPE_LARGE_PAGE	0x1
#define SHORT_SUPERSECTION	BIT(18)
#define SHORT_TABLE_MASK	GENMASK(31, 10)
#define SHORT_L1_SHIFT		20
#define SHORT_L2_INDEX_MASK	0xff
#define SHORT_TTBR1_MASK	GENMASK(31, 14)

/* Descriptors of the long format (B3.6.1) */
#define LONG_VALID		BIT_ULL(0)
#define LONG_TABLE		BIT_ULL(1)
#define LONG_ADDR_MASK		GENMASK_ULL(39, 12)
#define LONG_LEVEL_BITS		9
#define LONG_FIRST_LEVEL	1
#define LONG_LAST_LEVEL		3
#define LONG_LEVEL_SHIFT(level)	(12 + LONG_LEVEL_BITS * (LONG_LAST_LEVEL - (level)))

static bool tables_are_be(const struct kvm_vcpu *vcpu)
{
	return vcpu_read_cp15(vcpu, c1_SCTLR) & CR_EE;
}

static int read_desc32(struct kvm_vcpu *vcpu, gpa_t at, u32 *desc)
{
	int ret = kvm_read_guest_poc(vcpu->kvm, at, desc, sizeof(*desc));

	*desc = tables_are_be(vcpu) ? be32_to_cpu((__force __be32)*desc) :
				      le32_to_cpu((__force __le32)*desc);
	return ret;
}

static int read_desc64(struct kvm_vcpu *vcpu, gpa_t at, u64 *desc)
{
	int ret = kvm_read_guest_poc(vcpu->kvm, at, desc, sizeof(*desc));

	*desc = tables_are_be(vcpu) ? be64_to_cpu((__force __be64)*desc) :
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

static gpa_t page_ipa(u32 desc, u32 va)
{
	u32 size = (desc & SHORT_TYPE_MASK) == SHORT_TYPE_LARGE_PAGE ?
		   SZ_64K : SZ_4K;

	return (desc & ~(size - 1)) | (va & (size - 1));
}

static int walk_short(struct kvm_vcpu *vcpu, u32 va, gpa_t *ipa)
{
	u32 ttbcr = vcpu_read_cp15(vcpu, c2_TTBCR);
	u32 n = ttbcr & TTBCR_N_MASK;
	u32 base, desc;
	int ret;

	if (n && va >> (32 - n)) {
		if (ttbcr & TTBCR_PD1)
			return -EFAULT;
		base = vcpu_read_cp15(vcpu, c2_TTBR1) & SHORT_TTBR1_MASK;
	} else {
		if (ttbcr & TTBCR_PD0)
			return -EFAULT;
		base = vcpu_read_cp15(vcpu, c2_TTBR0) & GENMASK(31, 14 - n);
	}

	/* Of the index, the bits that @n takes away are zero */
	ret = read_desc32(vcpu, base + (va >> SHORT_L1_SHIFT) * sizeof(desc),
			  &desc);
	if (ret || !(desc & SHORT_TYPE_MASK))
		return -EFAULT;

	if ((desc & SHORT_TYPE_MASK) != SHORT_TYPE_TABLE) {
		*ipa = section_ipa(desc, va);
		return 0;
	}

	base = desc & SHORT_TABLE_MASK;
	ret = read_desc32(vcpu, base + ((va >> PAGE_SHIFT) &
					SHORT_L2_INDEX_MASK) * sizeof(desc),
			  &desc);
	if (ret || !(desc & SHORT_TYPE_MASK))
		return -EFAULT;

	*ipa = page_ipa(desc, va);
	return 0;
}

static u64 ttbr64(struct kvm_vcpu *vcpu, enum vcpu_cp15_reg reg)
{
	return (u64)vcpu_read_cp15(vcpu, reg + 1) << 32 |
	       vcpu_read_cp15(vcpu, reg);
}

/* Which of the two regions is it in, and how many bits of it are an address? */
static int long_region(struct kvm_vcpu *vcpu, u32 va, u64 *base, u32 *bits)
{
	u32 ttbcr = vcpu_read_cp15(vcpu, c2_TTBCR);
	u32 t0sz = ttbcr & TTBCR_TSZ_MASK;
	u32 t1sz = (ttbcr >> TTBCR_T1SZ_SHIFT) & TTBCR_TSZ_MASK;

	if (!t0sz && t1sz ? va < -(1U << (32 - t1sz)) :
			    !t0sz || !(va >> (32 - t0sz))) {
		if (ttbcr & LONG_EPD0)
			return -EFAULT;
		*base = ttbr64(vcpu, c2_TTBR0);
		*bits = 32 - t0sz;
		return 0;
	}

	if (ttbcr & LONG_EPD1 || (t1sz && va < -(1U << (32 - t1sz))))
		return -EFAULT;
	*base = ttbr64(vcpu, c2_TTBR1);
	*bits = 32 - t1sz;
	return 0;
}

static int walk_long(struct kvm_vcpu *vcpu, u32 va, gpa_t *ipa)
{
	u64 base, desc, offset;
	u32 bits, level;

	if (long_region(vcpu, va, &base, &bits))
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
		if (read_desc64(vcpu, base, &desc) || !(desc & LONG_VALID))
			return -EFAULT;

		offset &= (1ULL << LONG_LEVEL_SHIFT(level)) - 1;
		base = desc & LONG_ADDR_MASK;
		if (level == LONG_LAST_LEVEL || !(desc & LONG_TABLE))
			break;
	}

	*ipa = (base & ~((1ULL << LONG_LEVEL_SHIFT(level)) - 1)) | offset;
	return 0;
}

static int walk(struct kvm_vcpu *vcpu, u32 va, gpa_t *ipa)
{
	if (!(vcpu_read_cp15(vcpu, c1_SCTLR) & CR_M)) {
		*ipa = va;
		return 0;
	}

	return vcpu_read_cp15(vcpu, c2_TTBCR) & TTBCR_LPAE ?
	       walk_long(vcpu, va, ipa) : walk_short(vcpu, va, ipa);
}

/**
 * kvm_guest_read_va - read memory at a virtual address of the guest
 * @vcpu: the vCPU, in whose address space it is
 * @va: the address
 * @to: where it goes
 * @len: bytes
 *
 * Context: the vCPU's thread, process context. May sleep.
 *
 * Return: 0, or -EFAULT if not all of it is mapped to memory.
 */
int kvm_guest_read_va(struct kvm_vcpu *vcpu, u32 va, void *to, u32 len)
{
	int idx = srcu_read_lock(&vcpu->kvm->srcu);
	int ret = 0;
	gpa_t ipa;
	u32 n;

	for (; len && !ret; len -= n, va += n, to += n) {
		n = min_t(u32, len, PAGE_SIZE - offset_in_page(va));
		ret = walk(vcpu, va, &ipa);
		if (!ret)
			ret = kvm_read_guest_poc(vcpu->kvm, ipa, to, n);
	}

	srcu_read_unlock(&vcpu->kvm->srcu, idx);
	return ret ? -EFAULT : 0;
}
