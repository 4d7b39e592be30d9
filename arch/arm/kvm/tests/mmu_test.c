// SPDX-License-Identifier: GPL-2.0-only
/*
 * KUnit tests of who gets a turn while something is done to a range of Stage-2
 */
#include <kunit/test.h>
#include <linux/irqflags.h>
#include <linux/kvm_host.h>
#include <linux/sched.h>
#include <linux/sizes.h>

#include <asm/kvm_mmu.h>

#include "mmu.h"

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

static struct kunit_case mmu_cases[] = {
	KUNIT_CASE(others_get_a_turn),
	KUNIT_CASE(no_turn_with_interrupts_disabled),
	{}
};

static struct kunit_suite mmu_suite = {
	.name		= "kvm_arm_mmu",
	.test_cases	= mmu_cases,
};

kunit_test_suite(mmu_suite);
