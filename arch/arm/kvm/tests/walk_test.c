// SPDX-License-Identifier: GPL-2.0-only
/*
 * KUnit tests of where an access of the guest leads to
 *
 * They have an instance of vcpu_walk.c to themselves, and a Stage-2 with a few
 * pages for the guest's tables, the last of which it has as a device.
 */
#include <kunit/test.h>
#include <linux/vmalloc.h>

#define kvm_translate_fault	test_translate_fault
#define kvm_guest_read_va	test_guest_read_va
#define kvm_guest_walk_init	test_guest_walk_init

#include "fake_stage2.h"
#include "fake_vcpu.h"

#include "../vcpu_walk.c"

#define RAM		0x80000000UL
#define TABLES_ORDER	3
#define NR_TABLES	BIT(TABLES_ORDER)
#define DEVICE_PAGE	(NR_TABLES - 1)
#define AT(page)	(RAM + (page) * SZ_4K)
#define NOWHERE		(RAM + SZ_1M)

#define ON		(CR_M | CR_C)
#define TTBCR_N(n)	(n)
#define TTBCR_T0SZ(n)	(n)
#define TTBCR_T1SZ(n)	((n) << TTBCR_T1SZ_SHIFT)
#define LONG		TTBCR_LPAE

#define DOMAIN_0(access)	(access)
#define DOMAIN_5(access)	((access) << DACR_SHIFT(5))

/* Descriptors of the short format, where nothing is said with AP[2:0] 0b011 */
#define SECTION(addr)		((addr) | 0x3 << 10 | 0x2)
#define SECTION_AP(ap2, ap10)	((ap2) << 15 | (ap10) << 10 | 0x2)
#define SUPERSECTION(addr, pa36, pa32) \
	(SECTION(addr) | SHORT_SUPERSECTION | (pa32) << 20 | (pa36) << 5)
#define TABLE(addr, domain)	((addr) | (domain) << 5 | SHORT_TYPE_TABLE)
#define LARGE_PAGE(addr)	((addr) | 0x3 << 4 | SHORT_TYPE_LARGE_PAGE)
#define SMALL_PAGE(addr)	((addr) | 0x3 << 4 | 0x2)
#define SMALL_PAGE_AP(ap2, ap10)	((ap2) << 9 | (ap10) << 4 | 0x2)

/* And of the long format */
#define LBLOCK(addr)		((addr) | LONG_ACCESS_FLAG | LONG_VALID)
#define LPAGE(addr)		(LBLOCK(addr) | LONG_TABLE)
#define LTABLE(addr)		((addr) | LONG_TABLE | LONG_VALID)
#define LAP(ap)			((u64)(ap) << 6)

#define STORE			HSR_WNR
#define CLEAN			(HSR_WNR | HSR_DABT_CM)
#define FAULTS			0

/* By entry, in the order of the walk */
static const struct walk_case {
	const char *name;
	u32 sctlr, ttbcr, dacr, ttbr0, ttbr1;
	struct {
		u32 at;
		u64 desc;
	} table[3];
	u32 va;
	u32 iss;
	u32 fsc;		/* if it is no permission fault */
	bool user;
	gpa_t ipa;
} walk_cases[] = {
	{ "first stage off", .va = 0xfedcba98, .iss = STORE, .user = true,
	  .ipa = 0xfedcba98 },

	{ "section", ON, 0, DOMAIN_0(1), AT(0), .va = 0x123456,
	  .table = { { 4, SECTION(0xab500000) } }, .ipa = 0xab523456 },
	{ "section, big-endian", ON | CR_EE, 0, DOMAIN_0(1), AT(0),
	  .va = 0x123456, .table = { { 4, SECTION(0xab500000) } },
	  .ipa = 0xab523456 },
	{ "supersection", ON, 0, DOMAIN_0(1), AT(0), .va = 0x1234567,
	  .table = { { 0x48, SUPERSECTION(0xab000000, 0xc, 0x5) } },
	  .ipa = 0xc5ab234567 },
	{ "large page", ON, 0, DOMAIN_5(1), AT(0), .va = 0x15678,
	  .table = { { 0, TABLE(AT(1), 5) },
		     { 0x1054, LARGE_PAGE(0xabcd0000) } },
	  .ipa = 0xabcd5678 },
	{ "small page", ON, 0, DOMAIN_5(1), AT(0), .va = 0x15678,
	  .table = { { 0, TABLE(AT(1) + 0x400, 5) },
		     { 0x1454, SMALL_PAGE(0xabcde000) } },
	  .ipa = 0xabcde678 },
	{ "TTBR1", ON, TTBCR_N(1), DOMAIN_0(1), NOWHERE, AT(0), .va = 0x80000004,
	  .table = { { 0x2000, SECTION(0xab500000) } }, .ipa = 0xab500004 },
	{ "short TTBR0", ON, TTBCR_N(7), DOMAIN_0(1), AT(0) + 0x80, NOWHERE,
	  .va = 0x1f00000, .table = { { 0xfc, SECTION(0xab500000) } },
	  .ipa = 0xab500000 },
	{ "no walks by TTBR0", ON, TTBCR_PD0, DOMAIN_0(1), AT(0), .va = 0x123456,
	  .table = { { 4, SECTION(0xab500000) } }, .ipa = FAULTS },
	{ "no walks by TTBR1", ON, TTBCR_N(1) | TTBCR_PD1, DOMAIN_0(1), AT(0),
	  AT(0), .va = 0x80000000, .table = { { 0x2000, SECTION(0xab500000) } },
	  .ipa = FAULTS },
	{ "no section", ON, 0, DOMAIN_0(1), AT(0), .va = 0x123456,
	  .table = { { 4, SECTION(0xab500000) & ~SHORT_TYPE_MASK } },
	  .ipa = FAULTS },
	{ "no page", ON, 0, DOMAIN_0(1), AT(0), .va = 0x5678,
	  .table = { { 0, TABLE(AT(1), 0) },
		     { 0x1014, SMALL_PAGE(0xabcde000) & ~SHORT_TYPE_MASK } },
	  .ipa = FAULTS },
	{ "table in a device", ON, 0, DOMAIN_0(1), AT(0), .va = 0x5678,
	  .table = { { 0, TABLE(AT(DEVICE_PAGE), 0) },
		     { DEVICE_PAGE * SZ_4K + 0x14, SMALL_PAGE(0xabcde000) } },
	  .ipa = FAULTS },
	{ "table nowhere", ON, 0, DOMAIN_0(1), NOWHERE, .va = 0x5678,
	  .ipa = FAULTS },

	{ "domain without access", ON, 0, DOMAIN_5(1), AT(0),
	  .table = { { 0, TABLE(AT(1), 4) },
		     { 0x1000, SMALL_PAGE(0xabcde000) } }, .ipa = FAULTS },
	{ "manager", ON, 0, DOMAIN_5(3), AT(0), .iss = STORE, .user = true,
	  .table = { { 0, TABLE(AT(1), 5) },
		     { 0x1000, 0xabcde000 | SMALL_PAGE_AP(0, 0) } },
	  .ipa = 0xabcde000 },
	{ "manager, access flag", ON | CR_AFE, 0, DOMAIN_5(3), AT(0),
	  .table = { { 0, TABLE(AT(1), 5) },
		     { 0x1000, 0xabcde000 | SMALL_PAGE_AP(0, 2) } },
	  .ipa = FAULTS },
	{ "access flag", ON | CR_AFE, 0, DOMAIN_0(1), AT(0), .iss = STORE,
	  .table = { { 0, 0xab500000 | SECTION_AP(0, 1) } }, .ipa = 0xab500000 },
	{ "no access", ON, 0, DOMAIN_0(1), AT(0),
	  .table = { { 0, 0xab500000 | SECTION_AP(0, 0) } }, .ipa = FAULTS },
	{ "no access, maintenance", ON, 0, DOMAIN_0(1), AT(0), .iss = CLEAN,
	  .table = { { 0, 0xab500000 | SECTION_AP(0, 0) } }, .ipa = 0xab500000 },
	{ "PL1 writes its own", ON, 0, DOMAIN_0(1), AT(0), .iss = STORE,
	  .table = { { 0, 0xab500000 | SECTION_AP(0, 1) } }, .ipa = 0xab500000 },
	{ "PL0 reads PL1's", ON, 0, DOMAIN_0(1), AT(0), .user = true,
	  .table = { { 0, 0xab500000 | SECTION_AP(0, 1) } }, .ipa = FAULTS },
	{ "PL0 reads what PL1 writes", ON, 0, DOMAIN_0(1), AT(0), .user = true,
	  .table = { { 0, 0xab500000 | SECTION_AP(0, 2) } }, .ipa = 0xab500000 },
	{ "PL0 writes what it reads", ON, 0, DOMAIN_0(1), AT(0), .iss = STORE,
	  .user = true, .table = { { 0, 0xab500000 | SECTION_AP(0, 2) } },
	  .ipa = FAULTS },
	{ "PL1 writes what PL0 reads", ON, 0, DOMAIN_0(1), AT(0), .iss = STORE,
	  .table = { { 0, 0xab500000 | SECTION_AP(0, 2) } }, .ipa = 0xab500000 },
	{ "PL1 writes what it reads", ON, 0, DOMAIN_0(1), AT(0), .iss = STORE,
	  .table = { { 0, 0xab500000 | SECTION_AP(1, 1) } }, .ipa = FAULTS },
	{ "PL1 writes what all read", ON, 0, DOMAIN_0(1), AT(0), .iss = STORE,
	  .table = { { 0, TABLE(AT(1), 0) },
		     { 0x1000, 0xabcde000 | SMALL_PAGE_AP(1, 3) } },
	  .ipa = FAULTS },
	{ "PL0 reads what all read", ON, 0, DOMAIN_0(1), AT(0), .user = true,
	  .table = { { 0, TABLE(AT(1), 0) },
		     { 0x1000, 0xabcde000 | SMALL_PAGE_AP(1, 2) } },
	  .ipa = 0xabcde000 },

	{ "PL0 reads PL1's, translation fault", ON, 0, DOMAIN_0(1), AT(0),
	  .table = { { 0, 0xab500000 | SECTION_AP(0, 1) } }, .user = true,
	  .fsc = FSC_FAULT | 3, .ipa = 0xab500000 },
	{ "no access, translation fault", ON, 0, DOMAIN_0(1), AT(0),
	  .table = { { 0, 0xab500000 | SECTION_AP(0, 0) } },
	  .fsc = FSC_FAULT | 3, .ipa = FAULTS },

	{ "block of level 1", ON, LONG, .ttbr0 = AT(0) + 0x20, .va = 0x56789abc,
	  .table = { { 0x28, LBLOCK(0xc5c0000000) } }, .iss = STORE,
	  .ipa = 0xc5d6789abc },
	{ "block of level 2", ON, LONG, .ttbr0 = AT(0), .va = 0x56789abc,
	  .table = { { 0x08, LTABLE(AT(1)) },
		     { 0x1598, LBLOCK(0xc5ab200000) } }, .ipa = 0xc5ab389abc },
	{ "page", ON, LONG, .ttbr0 = AT(0), .va = 0x56789abc,
	  .table = { { 0x08, LTABLE(AT(1)) }, { 0x1598, LTABLE(AT(2)) },
		     { 0x2c48, LPAGE(0xc5abcde000) } }, .ipa = 0xc5abcdeabc },
	{ "page, big-endian", ON | CR_EE, LONG, .ttbr0 = AT(0), .va = 0x56789abc,
	  .table = { { 0x08, LTABLE(AT(1)) }, { 0x1598, LTABLE(AT(2)) },
		     { 0x2c48, LPAGE(0xc5abcde000) } }, .ipa = 0xc5abcdeabc },
	{ "block of level 3", ON, LONG, .ttbr0 = AT(0), .va = 0x56789abc,
	  .table = { { 0x08, LTABLE(AT(1)) }, { 0x1598, LTABLE(AT(2)) },
		     { 0x2c48, LBLOCK(0xc5abcde000) } }, .ipa = FAULTS },
	{ "no block", ON, LONG, .ttbr0 = AT(0), .va = 0x56789abc,
	  .table = { { 0x08, LBLOCK(0xc5c0000000) & ~LONG_VALID } },
	  .ipa = FAULTS },
	{ "from level 2", ON, LONG | TTBCR_T0SZ(2), .ttbr0 = AT(0),
	  .va = 0x36789abc, .table = { { 0xd98, LBLOCK(0xab200000) } },
	  .ipa = 0xab389abc },
	{ "short first table", ON, LONG | TTBCR_T0SZ(7), .ttbr0 = AT(0) + 0x80,
	  .va = 0x1e00004, .table = { { 0xf8, LBLOCK(0xab200000) } },
	  .ipa = 0xab200004 },
	{ "long TTBR1", ON, LONG | TTBCR_T1SZ(1), .ttbr0 = NOWHERE,
	  .ttbr1 = AT(0), .va = 0xc0000004,
	  .table = { { 0x08, LBLOCK(0xc5c0000000) } }, .ipa = 0xc5c0000004 },
	{ "behind TTBR0", ON, LONG | TTBCR_T0SZ(1), .ttbr0 = NOWHERE,
	  .ttbr1 = AT(0), .va = 0x80000004,
	  .table = { { 0x10, LBLOCK(0xc5c0000000) } }, .ipa = 0xc5c0000004 },
	{ "between the regions", ON, LONG | TTBCR_T0SZ(2) | TTBCR_T1SZ(2),
	  .ttbr0 = AT(0), .ttbr1 = AT(0), .va = 0x80000000,
	  .table = { { 0, LBLOCK(0xc5c0000000) } }, .ipa = FAULTS },
	{ "no walks by long TTBR0", ON, LONG | LONG_EPD0, .ttbr0 = AT(0),
	  .table = { { 0, LBLOCK(0xc5c0000000) } }, .ipa = FAULTS },
	{ "no walks by long TTBR1", ON, LONG | LONG_EPD1 | TTBCR_T0SZ(1),
	  .ttbr1 = AT(0), .va = 0x80000000,
	  .table = { { 0x10, LBLOCK(0xc5c0000000) } }, .ipa = FAULTS },
	{ "long access flag", ON, LONG, .ttbr0 = AT(0),
	  .table = { { 0, LBLOCK(0xc5c0000000) & ~LONG_ACCESS_FLAG } },
	  .ipa = FAULTS },
	{ "long, PL1 writes", ON, LONG, .ttbr0 = AT(0), .iss = STORE,
	  .table = { { 0, LBLOCK(0xc5c0000000) | LAP(2) } }, .ipa = FAULTS },
	{ "long, PL0 reads PL1's", ON, LONG, .ttbr0 = AT(0), .user = true,
	  .table = { { 0, LBLOCK(0xc5c0000000) | LAP(0) } }, .ipa = FAULTS },
	{ "long, PL0 writes", ON, LONG, .ttbr0 = AT(0), .iss = STORE,
	  .user = true, .table = { { 0, LBLOCK(0xc5c0000000) | LAP(1) } },
	  .ipa = 0xc5c0000000 },
	{ "long, PL0 writes what it reads", ON, LONG, .ttbr0 = AT(0),
	  .iss = STORE, .user = true,
	  .table = { { 0, LBLOCK(0xc5c0000000) | LAP(3) } }, .ipa = FAULTS },
	{ "read-only table", ON, LONG, .ttbr0 = AT(0), .iss = STORE,
	  .table = { { 0, LTABLE(AT(1)) | LONG_TABLE_READ_ONLY },
		     { 0x1000, LBLOCK(0xab200000) | LAP(1) } }, .ipa = FAULTS },
	{ "PL1's table", ON, LONG, .ttbr0 = AT(0), .user = true,
	  .table = { { 0, LTABLE(AT(1)) | LONG_TABLE_NO_PL0 },
		     { 0x1000, LBLOCK(0xab200000) | LAP(1) } }, .ipa = FAULTS },
	{ "tables that may not tell", ON, LONG | LONG_T2E, .ttbr0 = AT(0),
	  .iss = STORE, .user = true,
	  .table = { { 0, LTABLE(AT(1)) | LONG_TABLE_NO_PL0 |
			  LONG_TABLE_READ_ONLY },
		     { 0x1000, LBLOCK(0xab200000) | LAP(1) } },
	  .ipa = 0xab200000 },
};

KUNIT_ARRAY_PARAM_DESC(walk_case, walk_cases, name);

struct fixture {
	struct kvm_vcpu		*vcpu;
	struct kvm_pgtable	pgt;
	struct page		*tables;
};

static void free_tables(void *tables)
{
	__free_pages(tables, TABLES_ORDER);
}

static void map(struct kunit *test, u32 page, u32 nr, int prot)
{
	struct fixture *f = test->priv;

	KUNIT_ASSERT_EQ(test, 0,
			kvm_pgtable_stage2_map(&f->pgt, AT(page), nr * SZ_4K,
					       page_to_phys(f->tables + page),
					       prot, NULL, 0));
}

static int walk_init(struct kunit *test)
{
	struct fixture *f = kunit_kzalloc(test, sizeof(*f), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, f);
	f->tables = alloc_pages(GFP_KERNEL | __GFP_ZERO, TABLES_ORDER);
	KUNIT_ASSERT_NOT_NULL(test, f->tables);
	KUNIT_ASSERT_EQ(test, 0, kunit_add_action_or_reset(test, free_tables,
							   f->tables));
	f->vcpu = fake_vcpu(test);
	rwlock_init(&f->vcpu->kvm->mmu_lock);
	KUNIT_ASSERT_EQ(test, 0, kvm_pgtable_stage2_init(&f->pgt, NULL,
							 &fake_stage2_ops));
	f->vcpu->kvm->arch.mmu.pgt = &f->pgt;
	test->priv = f;
	map(test, 0, DEVICE_PAGE, KVM_PGTABLE_PROT_R);
	map(test, DEVICE_PAGE, 1, KVM_PGTABLE_PROT_R | KVM_PGTABLE_PROT_DEVICE);
	return 0;
}

static void walk_exit(struct kunit *test)
{
	struct fixture *f = test->priv;

	if (f)
		kvm_pgtable_destroy(&f->pgt);
}

static void write_table(struct fixture *f, const struct walk_case *c)
{
	bool be = c->sctlr & CR_EE;
	unsigned int i;
	void *to;
	u64 desc;

	for (i = 0; i < ARRAY_SIZE(c->table) && c->table[i].desc; i++) {
		to = page_address(f->tables) + c->table[i].at;
		desc = c->table[i].desc;
		if (c->ttbcr & TTBCR_LPAE)
			*(u64 *)to = be ? (__force u64)cpu_to_be64(desc) :
					  (__force u64)cpu_to_le64(desc);
		else
			*(u32 *)to = be ? (__force u32)cpu_to_be32(desc) :
					  (__force u32)cpu_to_le32(desc);
	}
}

static void walk_to(struct kunit *test)
{
	const struct walk_case *c = test->param_value;
	struct fixture *f = test->priv;
	struct kvm_vcpu *vcpu = f->vcpu;
	gpa_t ipa = FAULTS;

	write_table(f, c);
	vcpu_cp15(vcpu, c1_SCTLR) = c->sctlr;
	vcpu_cp15(vcpu, c2_TTBCR) = c->ttbcr;
	vcpu_cp15(vcpu, c3_DACR) = c->dacr;
	vcpu_cp15(vcpu, c2_TTBR0) = c->ttbr0;
	vcpu_cp15(vcpu, c2_TTBR1) = c->ttbr1;
	*vcpu_cpsr(vcpu) = c->user ? USR_MODE : SVC_MODE;
	vcpu->arch.fault.hsr = HSR_EC_DABT << HSR_EC_SHIFT | c->iss |
			       (c->fsc ?: FSC_PERM | 3);
	vcpu->arch.fault.hxfar = c->va;

	KUNIT_EXPECT_EQ(test, c->ipa == FAULTS ? -EFAULT : 0,
			kvm_translate_fault(vcpu, &ipa));
	KUNIT_EXPECT_EQ(test, c->ipa, ipa);
}

/* Only what the guest's own walk would look into: else memory comes first. */
static const struct caches_case {
	const char *name;
	u32 sctlr, ttbcr, ttbr0, ttbr1, va;
	bool past;
} caches_cases[] = {
	{ "on", ON, 0, BIT(0), .past = false },
	{ "on, write-through", ON, 0, BIT(6), .past = false },
	{ "off", CR_M, 0, BIT(0), .past = true },
	{ "not for walks", ON, 0, 0, BIT(0), .past = true },
	{ "TTBR1", ON, TTBCR_N(1), 0, BIT(0), SZ_2G, .past = false },
	{ "not for TTBR1", ON, TTBCR_N(1), BIT(0), 0, SZ_2G, .past = true },
	{ "long, on", ON, LONG | BIT(8), .past = false },
	{ "long, off", CR_M, LONG | BIT(8), .past = true },
	{ "long, not for walks", ON, LONG | BIT(24), .past = true },
	{ "long, TTBR1", ON, LONG | TTBCR_T0SZ(1) | BIT(25), .va = SZ_2G,
	  .past = false },
	{ "long, not for TTBR1", ON, LONG | TTBCR_T0SZ(1) | BIT(8), .va = SZ_2G,
	  .past = true },
};

KUNIT_ARRAY_PARAM_DESC(caches_case, caches_cases, name);

static bool read_past_caches;

static int note_read(const struct guest_walk *w, gpa_t at, void *desc, u32 len)
{
	read_past_caches = w->past_caches;
	return -EFAULT;
}

static void walk_caches(struct kunit *test)
{
	const struct caches_case *c = test->param_value;
	struct fixture *f = test->priv;
	struct guest_walk w = { .vcpu = f->vcpu, .read = note_read };

	vcpu_cp15(f->vcpu, c1_SCTLR) = c->sctlr;
	vcpu_cp15(f->vcpu, c2_TTBCR) = c->ttbcr;
	vcpu_cp15(f->vcpu, c2_TTBR0) = c->ttbr0;
	vcpu_cp15(f->vcpu, c2_TTBR1) = c->ttbr1;

	read_past_caches = !c->past;
	KUNIT_EXPECT_EQ(test, -EFAULT, walk(&w, c->va));
	KUNIT_EXPECT_EQ(test, c->past, read_past_caches);
}

/* Pages come and go, and are aged: what is there is there. */
static void walk_stage2_changes(struct kunit *test)
{
	struct fixture *f = test->priv;
	struct guest_walk w = { .vcpu = f->vcpu, .past_caches = true };
	u64 *tables = page_address(f->tables);
	u64 desc64;
	u32 desc32;

	tables[1] = 0x123456789abcdef0ULL;
	KUNIT_EXPECT_EQ(test, 0, read_mapped(&w, RAM + 8, &desc64, 8));
	KUNIT_EXPECT_EQ(test, 0x123456789abcdef0ULL, desc64);

	kvm_pgtable_stage2_test_clear_young(&f->pgt, RAM, SZ_4K, true);
	KUNIT_EXPECT_EQ(test, 0, read_mapped(&w, RAM + 12, &desc32, 4));
	KUNIT_EXPECT_EQ(test, ((u32 *)tables)[3], desc32);

	KUNIT_EXPECT_EQ(test, 0, kvm_pgtable_stage2_unmap(&f->pgt, RAM, SZ_4K,
							  NULL));
	KUNIT_EXPECT_EQ(test, -EFAULT, read_mapped(&w, RAM + 8, &desc64, 8));

	f->vcpu->kvm->arch.mmu.pgt = NULL;
	KUNIT_EXPECT_EQ(test, -EFAULT, read_mapped(&w, AT(1), &desc64, 8));
}

/*
 * Nor is it the end if there is nothing after all: as behind an allocation, by a
 * fault.
 */
static void walk_external_abort(struct kunit *test)
{
	struct pt_regs regs = { .ARM_cpsr = USR_MODE };
	void *page = vmalloc(PAGE_SIZE);
	u64 desc64;
	u32 desc32;

	KUNIT_ASSERT_NOT_NULL(test, page);
	KUNIT_EXPECT_EQ(test, -EFAULT, load_desc(page + PAGE_SIZE, &desc64, 8));
	KUNIT_EXPECT_EQ(test, -EFAULT, load_desc(page + PAGE_SIZE, &desc32, 4));
	vfree(page);

	KUNIT_EXPECT_TRUE(test, external_abort(0, 0, &regs));

	regs.ARM_cpsr = SVC_MODE;
	regs.ARM_pc = (unsigned long)walk_external_abort;
	KUNIT_EXPECT_TRUE(test, external_abort(0, 0, &regs));
}

static struct kunit_case walk_cases_all[] = {
	KUNIT_CASE_PARAM(walk_to, walk_case_gen_params),
	KUNIT_CASE_PARAM(walk_caches, caches_case_gen_params),
	KUNIT_CASE(walk_stage2_changes),
	KUNIT_CASE(walk_external_abort),
	{}
};

static struct kunit_suite walk_suite = {
	.name		= "kvm_arm_walk",
	.init		= walk_init,
	.exit		= walk_exit,
	.test_cases	= walk_cases_all,
};

kunit_test_suite(walk_suite);
