// SPDX-License-Identifier: GPL-2.0-only
/*
 * KUnit tests of decisions about caches
 *
 * What is to be done to caches of which type, and when, by the ARM ARM: the
 * tests log what would be done, since an emulated CPU has no caches in which
 * the lack of it would show. When the engine calls for maintenance at all is
 * up to its own tests.
 */
#include <kunit/test.h>
#include <linux/memblock.h>
#include <linux/sizes.h>
#include <linux/string.h>

/* Two of its trace points have names that the next lines change. */
#include "trace.h"

/* The tests have an instance of mmu_cache.c to themselves. */
#define kvm_set_way_flush	test_set_way_flush
#define kvm_toggle_cache	test_toggle_cache
#define stage2_flush_vm		test_stage2_flush_vm
#define kvm_read_guest_poc	test_read_guest_poc
#include <asm/kvm_emulate.h>
#include <asm/kvm_mmu.h>

#include "../compat.h"
#include "fake_vcpu.h"

static struct kvm_memory_slot *find_slot(struct kvm *kvm, gfn_t gfn);
static kvm_pfn_t find_page(struct kvm_memory_slot *slot, gfn_t gfn, bool write,
			   bool *writable, struct page **page);
static bool is_memory(phys_addr_t phys);
static void clean_page(u64 phys, u64 size);
static int read_cached(struct kvm *kvm, gpa_t gpa, void *to, unsigned long len);

#undef kvm_fault_in_page
#define kvm_fault_in_page		find_page
#define gfn_to_memslot			find_slot
#define memblock_is_map_memory		is_memory
#define __clean_dcache_guest_page	clean_page
#define kvm_read_guest			read_cached
#include "../mmu_cache.c"

/*
 * An event is a letter in the log:
 *
 *   m  instruction cache invalidated by address
 *   A  all of the instruction cache invalidated
 *   F  memory of the guest cleaned and invalidated
 */
static char event_log[16];

static void event(char c)
{
	size_t len = strlen(event_log);

	if (len < sizeof(event_log) - 1)
		event_log[len] = c;
}

static u64 logged_phys, logged_size;

static void log_icache_mva(u64 phys, u64 size)
{
	logged_phys += phys;
	logged_size += size;
	event('m');
}

static void log_icache_all(void)
{
	event('A');
}

static const struct kvm_icache_ops log_icache_ops = {
	.inval_mva	= log_icache_mva,
	.inval_all	= log_icache_all,
};

void stage2_flush_vm(struct kvm *kvm)
{
	event('F');
}

static int cache_test_init(struct kunit *test)
{
	memset(event_log, 0, sizeof(event_log));
	logged_phys = 0;
	logged_size = 0;
	return 0;
}

static const struct icache_case {
	const char		*name;
	enum kvm_icache_type	type;
	u32			nr;
	u64			size;
	const char		*log;
} icache_cases[] = {
	{ "PIPT, page", KVM_ICACHE_PIPT, 1, SZ_4K, "m" },
	{ "PIPT, pages", KVM_ICACHE_PIPT, 3, SZ_4K, "mmm" },
	{ "PIPT, as large as a cache", KVM_ICACHE_PIPT, 1, KVM_ICACHE_MVA_MAX,
	  "m" },
	{ "PIPT, more than a cache", KVM_ICACHE_PIPT, 3, KVM_ICACHE_MVA_MAX / 2,
	  "A" },
	{ "PIPT, block", KVM_ICACHE_PIPT, 1, SZ_2M, "A" },
	{ "VIPT, page", KVM_ICACHE_VIPT, 1, SZ_4K, "A" },
	{ "VIPT, pages", KVM_ICACHE_VIPT, 3, SZ_4K, "A" },
	{ "VIPT, block", KVM_ICACHE_VIPT, 1, SZ_2M, "A" },
	{ "VIVT by VMID, page", KVM_ICACHE_VIVT_VMID, 1, SZ_4K, "" },
	{ "VIVT by VMID, pages", KVM_ICACHE_VIVT_VMID, 3, SZ_4K, "" },
	{ "VIVT by VMID, block", KVM_ICACHE_VIVT_VMID, 1, SZ_2M, "" },
};

KUNIT_ARRAY_PARAM_DESC(icache_case, icache_cases, name);

static void icache_by_type(struct kunit *test)
{
	const struct icache_case *c = test->param_value;
	const u64 phys[] = { 0x8000000000ULL, 0x1000000000ULL, 0x80000000ULL };
	u64 sum = 0;
	u32 i;

	kvm_icache_inval(c->type, &log_icache_ops, phys, c->nr, c->size);
	KUNIT_EXPECT_STREQ(test, event_log, c->log);
	if (*c->log != 'm')
		return;

	for (i = 0; i < c->nr; i++)
		sum += phys[i];
	KUNIT_EXPECT_EQ(test, logged_phys, sum);
	KUNIT_EXPECT_EQ(test, logged_size, c->nr * c->size);
}

/* CTR.L1Ip of this CPU, as the kernel understood it (B4.1.42) */
static void icache_type_is_ctr(struct kunit *test)
{
	static const int types[] = {
		[1] = KVM_ICACHE_VIVT_VMID,
		[2] = KVM_ICACHE_VIPT,
		[3] = KVM_ICACHE_PIPT,
	};
	u32 l1ip = (read_cpuid_cachetype() >> 14) & 3;

	KUNIT_ASSERT_NE(test, l1ip, 0);
	KUNIT_EXPECT_EQ(test, (int)kvm_icache_type(), types[l1ip]);
}

/* ID_MMFR3.CohWalk: tables have to be cleaned for walks that are not. */
static void walks_by_mmfr3(struct kunit *test)
{
	KUNIT_EXPECT_FALSE(test, kvm_mmfr3_walks_coherent(0x00002211));
	KUNIT_EXPECT_TRUE(test, kvm_mmfr3_walks_coherent(0x00102211));
	KUNIT_EXPECT_FALSE(test, kvm_mmfr3_walks_coherent(0xff0fffff));
}

/* Accesses are cached when MMU and cache are both on (B3.2, B2.2.1). */
static void caches_by_sctlr(struct kunit *test)
{
	struct kvm_vcpu *vcpu = fake_vcpu(test);
	static const struct {
		u32	sctlr;
		bool	enabled;
	} cases[] = {
		{ 0, false },
		{ CR_M, false },
		{ CR_C, false },
		{ CR_I | CR_C, false },
		{ CR_M | CR_I, false },
		{ CR_M | CR_C, true },
		{ CR_M | CR_C | CR_I, true },
		{ ~CR_C, false },
		{ ~CR_M, false },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		vcpu_write_cp15(vcpu, c1_SCTLR, cases[i].sctlr);
		KUNIT_EXPECT_EQ_MSG(test, vcpu_has_cache_enabled(vcpu),
				    cases[i].enabled, "SCTLR %08x",
				    cases[i].sctlr);
	}
}

/*
 * What a guest does, and what comes of it. In @does:
 *
 *   s  maintenance by set and way
 *   1  the MMU and the data cache are turned on
 *   0  they are turned off
 *   =  another register of the MMU is written
 *
 * In @log each of these has '.' for nothing or F as above, then T if writes to
 * registers of the MMU trap from then on, - if they do not. If they did not
 * before, KVM does not get to see them.
 */
static const struct guest_case {
	const char	*name;
	const char	*does;
	const char	*log;
} guest_cases[] = {
	{ "never by set and way", "1=0=1", ".-.-.-.-.-" },
	{ "caches on at boot", "s1", "FTF-" },
	{ "cleans more than once", "sss1", "FT.T.TF-" },
	{ "sets up the MMU in between", "s==1=", "FT.T.TF-.-" },
	{ "off and on again", "s1s01", "FTF-FTFTF-" },
	{ "off without maintenance", "s10", "FTF-.-" },
	{ "maintenance with caches on", "1s=s", ".-FT.-FT" },
	{ "turns off what is off", "s00", "FT.T.T" },
};

KUNIT_ARRAY_PARAM_DESC(guest_case, guest_cases, name);

/* As the cp15 emulation does it, if the write traps at all */
static void write_vm_register(struct kvm_vcpu *vcpu, char c)
{
	bool trapped = *vcpu_hcr(vcpu) & HCR_TVM;
	bool was_enabled = vcpu_has_cache_enabled(vcpu);

	if (c == '1')
		vcpu_write_cp15(vcpu, c1_SCTLR, CR_M | CR_C);
	else if (c == '0')
		vcpu_write_cp15(vcpu, c1_SCTLR, 0);

	if (trapped)
		kvm_toggle_cache(vcpu, was_enabled);
}

static void guest_turns_caches(struct kunit *test)
{
	const struct guest_case *c = test->param_value;
	struct kvm_vcpu *vcpu = fake_vcpu(test);
	const char *p;

	for (p = c->does; *p; p++) {
		size_t len = strlen(event_log);

		if (*p == 's')
			kvm_set_way_flush(vcpu);
		else
			write_vm_register(vcpu, *p);

		if (strlen(event_log) == len)
			event('.');
		event(*vcpu_hcr(vcpu) & HCR_TVM ? 'T' : '-');
	}

	KUNIT_EXPECT_STREQ(test, event_log, c->log);
}

/*
 * A page of a guest that has its caches off, where it is in memory and where the
 * host may have it, in a cache
 */
#define GUEST_PHYS	0x4080000000ULL
#define GUEST_GPA	0x40000000UL

static struct guest_page {
	u32		memory;
	u32		cache;
	bool		cached;
	bool		is_device;
	unsigned int	cleaned;
	struct page	*page;		/* that there is a reference to */
} guest_page;

static struct kvm_memory_slot *find_slot(struct kvm *kvm, gfn_t gfn)
{
	return NULL;
}

static kvm_pfn_t find_page(struct kvm_memory_slot *slot, gfn_t gfn, bool write,
			   bool *writable, struct page **page)
{
	*page = NULL;
	if (gfn != gpa_to_gfn(GUEST_GPA))
		return KVM_PFN_NOSLOT;

	if (!guest_page.is_device) {
		*page = guest_page.page;
		get_page(*page);
	}
	return GUEST_PHYS >> PAGE_SHIFT;
}

static bool is_memory(phys_addr_t phys)
{
	return !guest_page.is_device;
}

static void clean_page(u64 phys, u64 size)
{
	if (phys == GUEST_PHYS && size == PAGE_SIZE)
		guest_page.cached = false;
	guest_page.cleaned++;
}

static int read_cached(struct kvm *kvm, gpa_t gpa, void *to, unsigned long len)
{
	if (!guest_page.cached)
		guest_page.cache = guest_page.memory;
	guest_page.cached = true;

	memcpy(to, &guest_page.cache, len);
	return 0;
}

static u32 read_word(struct kunit *test)
{
	u32 word = 0;

	KUNIT_EXPECT_EQ(test, 0, kvm_read_guest_poc(NULL, GUEST_GPA, &word,
						    sizeof(word)));
	return word;
}

/* Twice, each time after the host has had the page in a cache */
static void guest_writes_past_caches(struct kunit *test)
{
	memset(&guest_page, 0, sizeof(guest_page));
	guest_page.page = alloc_page(GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, guest_page.page);
	guest_page.cached = true;

	guest_page.memory = 1;
	KUNIT_EXPECT_EQ(test, 1, read_word(test));
	guest_page.memory = 2;
	KUNIT_EXPECT_EQ(test, 2, read_word(test));

	KUNIT_EXPECT_EQ(test, 1, page_count(guest_page.page));
	put_page(guest_page.page);
}

static void guest_reads_device(struct kunit *test)
{
	memset(&guest_page, 0, sizeof(guest_page));
	guest_page.is_device = true;
	guest_page.memory = 1;

	KUNIT_EXPECT_EQ(test, 1, read_word(test));
	KUNIT_EXPECT_EQ(test, 0, guest_page.cleaned);
}

static void guest_reads_nothing(struct kunit *test)
{
	u32 word;

	memset(&guest_page, 0, sizeof(guest_page));
	KUNIT_EXPECT_EQ(test, -EFAULT,
			kvm_read_guest_poc(NULL, GUEST_GPA + PAGE_SIZE, &word,
					   sizeof(word)));
	KUNIT_EXPECT_EQ(test, 0, guest_page.cleaned);
	KUNIT_EXPECT_FALSE(test, guest_page.cached);
}

static struct kunit_case cache_cases[] = {
	KUNIT_CASE_PARAM(icache_by_type, icache_case_gen_params),
	KUNIT_CASE(icache_type_is_ctr),
	KUNIT_CASE(walks_by_mmfr3),
	KUNIT_CASE(caches_by_sctlr),
	KUNIT_CASE_PARAM(guest_turns_caches, guest_case_gen_params),
	KUNIT_CASE(guest_writes_past_caches),
	KUNIT_CASE(guest_reads_device),
	KUNIT_CASE(guest_reads_nothing),
	{}
};

static struct kunit_suite cache_suite = {
	.name		= "kvm_arm_cache",
	.init		= cache_test_init,
	.test_cases	= cache_cases,
};

kunit_test_suite(cache_suite);
