// SPDX-License-Identifier: GPL-2.0-only
/*
 * KUnit tests of who gets a turn while something is done to Stage-2
 */
#include <kunit/test.h>

/* The tests have an instance of mmu_memslot.c to themselves. */
#define kvm_arch_mmu_enable_log_dirty_pt_masked	test_protect
#define kvm_arch_sync_dirty_log			test_sync_dirty_log
#define kvm_arch_prepare_memory_region		test_prepare_region
#define kvm_arch_commit_memory_region		test_commit_region
#define kvm_arch_free_memslot			test_free_memslot
#define kvm_arch_memslots_updated		test_memslots_updated

#include <linux/hashtable.h>
#include <linux/irqflags.h>
#include <linux/kvm_host.h>
#include <linux/mman.h>
#include <linux/sched.h>
#include <linux/sizes.h>

#include <asm/kvm_mmu.h>

#include "fake_stage2.h"

static bool is_block(struct mm_struct *mm, unsigned long hva, bool write,
		     unsigned int nr, struct kvm_host_pages *host);

#define kvm_look_up_host_pages	is_block
#include "../mmu_memslot.c"

static struct kvm *fake_kvm(struct kunit *test)
{
	struct kvm *kvm = kunit_kzalloc(test, sizeof(*kvm), GFP_KERNEL);
	struct kvm_pgtable *pgt = kunit_kzalloc(test, sizeof(*pgt), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, kvm);
	KUNIT_ASSERT_NOT_NULL(test, pgt);
	rwlock_init(&kvm->mmu_lock);
	kvm->arch.mmu.pgt = pgt;
	return kvm;
}

/* At the beginning of the range somebody else has come to need the CPU. */
static int somebody_waits(struct kvm_pgtable *pgt, u64 addr, u64 size, void *ctx)
{
	if (!addr)
		set_tsk_need_resched(current);

	return 0;
}

/* True if somebody still waits when all is done */
static bool waits_for_all(struct kvm *kvm, bool may_block)
{
	bool waits;

	write_lock(&kvm->mmu_lock);
	kvm_stage2_apply(kvm, 0, SZ_1G, somebody_waits, NULL, may_block);
	waits = test_tsk_need_resched(current);
	write_unlock(&kvm->mmu_lock);

	return waits;
}

static void others_get_a_turn(struct kunit *test)
{
	struct kvm *kvm = fake_kvm(test);

	KUNIT_EXPECT_FALSE(test, waits_for_all(kvm, true));
	KUNIT_EXPECT_TRUE(test, waits_for_all(kvm, false));
}

/*
 * As where a mapping of a file is split, __split_vma(): MMU notifiers may block
 * there, and flush_dcache_mmap_lock(), of ARM's, has disabled interrupts.
 */
static void no_turn_with_interrupts_disabled(struct kunit *test)
{
	struct kvm *kvm = fake_kvm(test);
	bool waits, disabled;

	local_irq_disable();
	waits = waits_for_all(kvm, true);
	disabled = irqs_disabled();
	local_irq_enable();

	KUNIT_EXPECT_TRUE(test, waits);
	KUNIT_EXPECT_TRUE(test, disabled);
}

/*
 * Operations that are made of many, each on less than what the lock may be held
 * for: with the first one, somebody has come to need the CPU.
 */
static unsigned int done;
static bool waits_at_last;

static void something_is_done(void)
{
	waits_at_last = done && test_tsk_need_resched(current);
	if (!done++)
		set_tsk_need_resched(current);
}

static void count_clean(void *arg, u64 addr, u64 phys, u64 size)
{
	something_is_done();
}

static void count_inval(struct kvm_pgtable *pgt, u64 addr, u64 size)
{
	something_is_done();
}

static bool is_block(struct mm_struct *mm, unsigned long hva, bool write,
		     unsigned int nr, struct kvm_host_pages *host)
{
	host->block = true;
	return true;
}

/* Memory is mapped before anything counts: see map_page(). */
static struct kvm_pgtable_mm_ops counting_ops;

static void free_srcu(void *srcu)
{
	cleanup_srcu_struct(srcu);
}

static void free_pgt(void *pgt)
{
	kvm_pgtable_destroy(pgt);
}

/* A VM with a Stage-2 and no memory */
static struct kvm *empty_kvm(struct kunit *test)
{
	struct kvm *kvm = fake_kvm(test);
	struct kvm_memslots *slots = kunit_kzalloc(test, sizeof(*slots),
						   GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, slots);
	KUNIT_ASSERT_EQ(test, 0, init_srcu_struct(&kvm->srcu));
	KUNIT_ASSERT_EQ(test, 0, kunit_add_action_or_reset(test, free_srcu,
							   &kvm->srcu));
	rcu_assign_pointer(kvm->memslots[0], slots);

	counting_ops = fake_stage2_ops;
	counting_ops.dcache_clean_inval = count_clean;
	counting_ops.tlb_inval = count_inval;
	KUNIT_ASSERT_EQ(test, 0, kvm_pgtable_stage2_init(kvm->arch.mmu.pgt,
							 NULL, &counting_ops));
	KUNIT_ASSERT_EQ(test, 0, kunit_add_action_or_reset(test, free_pgt,
							   kvm->arch.mmu.pgt));
	return kvm;
}

static struct kvm_memory_slot *add_slot(struct kunit *test, struct kvm *kvm,
					gpa_t gpa, u64 size, unsigned long hva)
{
	struct kvm_memory_slot *slot = kunit_kzalloc(test, sizeof(*slot),
						     GFP_KERNEL);
	struct kvm_memslots *slots = rcu_access_pointer(kvm->memslots[0]);

	KUNIT_ASSERT_NOT_NULL(test, slot);
	slot->base_gfn = gpa_to_gfn(gpa);
	slot->npages = size >> PAGE_SHIFT;
	slot->userspace_addr = hva;
	slot->id = gpa_to_gfn(gpa);
	hash_add(slots->id_hash, &slot->id_node[slots->node_idx], slot->id);
	return slot;
}

static void map_page(struct kunit *test, struct kvm *kvm, gpa_t gpa)
{
	KUNIT_ASSERT_EQ(test, 0, kvm_pgtable_stage2_map(kvm->arch.mmu.pgt, gpa,
							PAGE_SIZE, gpa,
							KVM_PGTABLE_PROT_R,
							NULL, 0));
	done = 0;
}

static void expect_turn(struct kunit *test)
{
	KUNIT_EXPECT_GT(test, done, 1);
	KUNIT_EXPECT_FALSE(test, waits_at_last);
}

static void others_get_a_turn_between_slots(struct kunit *test)
{
	struct kvm *kvm = empty_kvm(test);

	add_slot(test, kvm, 0, PAGE_SIZE, PMD_SIZE);
	add_slot(test, kvm, SZ_1M, PAGE_SIZE, PMD_SIZE);
	map_page(test, kvm, 0);
	map_page(test, kvm, SZ_1M);

	stage2_flush_vm(kvm);
	expect_turn(test);
}

/* Two mappings of user space's, with a hole between */
static void others_get_a_turn_between_vmas(struct kunit *test)
{
	struct kvm *kvm = empty_kvm(test);
	unsigned long at = kunit_vm_mmap(test, NULL, 0, 3 * PAGE_SIZE,
					 PROT_READ | PROT_WRITE,
					 MAP_PRIVATE | MAP_ANONYMOUS, 0);

	KUNIT_ASSERT_NE(test, at, 0UL);
	KUNIT_ASSERT_FALSE(test, IS_ERR_VALUE(at));
	KUNIT_ASSERT_EQ(test, 0, vm_munmap(at + PAGE_SIZE, PAGE_SIZE));

	add_slot(test, kvm, 0, 3 * PAGE_SIZE, at);
	map_page(test, kvm, 0);
	map_page(test, kvm, 2 * PAGE_SIZE);

	stage2_unmap_vm(kvm);
	expect_turn(test);
}

/* Of three blocks of the host's, the guest has pages of every other one. */
static void others_get_a_turn_between_blocks(struct kunit *test)
{
	struct kvm *kvm = empty_kvm(test);
	struct kvm_memory_slot *slot = add_slot(test, kvm, 0, 3 * SZ_2M, SZ_2M);

	map_page(test, kvm, 0);
	map_page(test, kvm, 2 * SZ_2M);

	unite_blocks(kvm, slot);
	expect_turn(test);
}

/* What is set here is not to be set by a tick: none ends a turn of this class. */
static int keep_turn(struct kunit *test)
{
	sched_set_fifo(current);
	return 0;
}

static struct kunit_case mmu_cases[] = {
	KUNIT_CASE(others_get_a_turn),
	KUNIT_CASE(no_turn_with_interrupts_disabled),
	KUNIT_CASE(others_get_a_turn_between_slots),
	KUNIT_CASE(others_get_a_turn_between_vmas),
	KUNIT_CASE(others_get_a_turn_between_blocks),
	{}
};

static struct kunit_suite mmu_suite = {
	.name		= "kvm_arm_mmu",
	.init		= keep_turn,
	.test_cases	= mmu_cases,
};

kunit_test_suite(mmu_suite);
