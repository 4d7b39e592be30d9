// SPDX-License-Identifier: GPL-2.0-only
/*
 * KUnit tests of the VMID allocator
 *
 * They have an instance of it to themselves, with few VMIDs, and count what
 * it would have HYP mode invalidate.
 */
#define kvm_arm_vmid_bits		test_vmid_bits
#define kvm_arm_vmid_clear_active	test_vmid_clear_active
#define kvm_arm_vmid_update		test_vmid_update
#define kvm_arm_vmid_alloc_init		test_vmid_alloc_init
#define kvm_arm_vmid_alloc_free		test_vmid_alloc_free

#include <kunit/test.h>
#include <linux/bitmap.h>
#include <linux/kvm_host.h>
#include <linux/percpu.h>
#include <linux/preempt.h>

#include <asm/kvm_asm.h>
#include <asm/kvm_mmu.h>

#include "trace.h"

#define TEST_VMID_BITS		4
#define TEST_VMIDS		BIT(TEST_VMID_BITS)
#define TEST_VMS		(3 * TEST_VMIDS)

static unsigned int flushes;

/* The allocator calls nothing else in HYP mode. */
#undef kvm_call_hyp
#define kvm_call_hyp(f)		((void)__kvm_hvc_##f, (void)flushes++)
#define kvm_get_vmid_bits()	TEST_VMID_BITS

/* The tests can be run again when the kernel has booted. */
#undef __init
#define __init
#undef __ro_after_init
#define __ro_after_init

#include "../../../arm64/kvm/vmid.c"

/* A vCPU of the VM is loaded on this CPU; returns the VM's id. */
static u64 load(struct kvm_vmid *vm)
{
	preempt_disable();
	kvm_arm_vmid_update(vm);
	preempt_enable();

	return atomic64_read(&vm->id);
}

static void put(void)
{
	preempt_disable();
	kvm_arm_vmid_clear_active();
	preempt_enable();
}

static unsigned int vmid_of(struct kvm_vmid *vm)
{
	return atomic64_read(&vm->id) & (TEST_VMIDS - 1);
}

static bool is_current(struct kvm_vmid *vm)
{
	return vmid_gen_match(atomic64_read(&vm->id));
}

static int vmid_test_init(struct kunit *test)
{
	int cpu;

	test->priv = kunit_kcalloc(test, TEST_VMS, sizeof(struct kvm_vmid),
				   GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, test->priv);

	for_each_possible_cpu(cpu) {
		atomic64_set(&per_cpu(active_vmids, cpu), 0);
		per_cpu(reserved_vmids, cpu) = 0;
	}
	flushes = 0;
	return kvm_arm_vmid_alloc_init();
}

static void vmid_test_exit(struct kunit *test)
{
	kvm_arm_vmid_alloc_free();
	vmid_map = NULL;
}

/* How many are left depends on where the last test has stopped. */
static unsigned int use_up(struct kvm_vmid *vm)
{
	unsigned int n = 0;

	while (!flushes) {
		load(vm + n);
		put();
		n++;
	}
	return n;
}

static void keeps_vmid(struct kunit *test)
{
	struct kvm_vmid *vm = test->priv;
	u64 id;

	use_up(vm + 2);
	id = load(vm);
	KUNIT_EXPECT_NE(test, vmid_of(vm), 0);
	KUNIT_EXPECT_EQ(test, load(vm), id);
	put();
	load(vm + 1);
	KUNIT_EXPECT_NE(test, vmid_of(vm + 1), vmid_of(vm));
	KUNIT_EXPECT_EQ(test, load(vm), id);
	KUNIT_EXPECT_EQ(test, flushes, 1);
}

static void consecutive(struct kunit *test)
{
	struct kvm_vmid *vm = test->priv;
	unsigned int i, used = use_up(vm);

	KUNIT_EXPECT_LE(test, used, TEST_VMIDS);
	KUNIT_EXPECT_EQ(test, vmid_of(vm + used - 1), 1);

	/* VMID 0 is the host's; all the others are handed out before the next. */
	for (i = 0; i < TEST_VMIDS - 2; i++) {
		load(vm + used + i);
		put();
		KUNIT_EXPECT_EQ(test, vmid_of(vm + used + i), 2 + i);
	}
	KUNIT_EXPECT_EQ(test, flushes, 1);
	load(vm + used + i);
	KUNIT_EXPECT_EQ(test, flushes, 2);
}

/* A flush comes before the first VMID that somebody else may have had. */
static void rollover(struct kunit *test)
{
	struct kvm_vmid *vm = test->priv;
	u64 generation = atomic64_read(&vmid_generation);

	use_up(vm);
	KUNIT_EXPECT_EQ(test, flushes, 1);
	KUNIT_EXPECT_EQ(test, atomic64_read(&vmid_generation),
			generation + TEST_VMIDS);
	KUNIT_EXPECT_FALSE(test, is_current(vm));
	load(vm);
	KUNIT_EXPECT_TRUE(test, is_current(vm));
	KUNIT_EXPECT_EQ(test, flushes, 1);
}

static void expect_unique(struct kunit *test, struct kvm_vmid *vm)
{
	DECLARE_BITMAP(seen, TEST_VMIDS) = {};
	unsigned int i;

	for (i = 0; i < TEST_VMS; i++)
		if (is_current(vm + i))
			KUNIT_EXPECT_FALSE(test, __test_and_set_bit(vmid_of(vm + i),
								    seen));
	KUNIT_EXPECT_FALSE(test, test_bit(0, seen));
}

static void more_vms_than_vmids(struct kunit *test)
{
	struct kvm_vmid *vm = test->priv;
	unsigned int i, round;

	for (round = 0; round < 4; round++) {
		for (i = 0; i < TEST_VMS; i++) {
			load(vm + i);
			KUNIT_EXPECT_TRUE(test, is_current(vm + i));
			expect_unique(test, vm);
			put();
		}
	}
	KUNIT_EXPECT_GT(test, flushes, 4 * TEST_VMS / TEST_VMIDS - 1);
}

/* Another CPU has a VM loaded when VMIDs roll over, and is not stopped. */
static void running_keeps_vmid(struct kunit *test)
{
	struct kvm_vmid *vm = test->priv, *running = vm + TEST_VMS - 1;
	unsigned int other = cpumask_last(cpu_possible_mask);
	unsigned int vmid, i;
	u64 id;

	if (!other)
		kunit_skip(test, "there is one CPU only");

	/* This test stays where it is, so as not to be on that CPU. */
	migrate_disable();
	if (smp_processor_id() == other)
		other = cpumask_first(cpu_possible_mask);

	id = load(running);
	put();
	vmid = vmid_of(running);
	atomic64_set(&per_cpu(active_vmids, other), id);

	for (i = 0; i < TEST_VMS - 1; i++) {
		load(vm + i);
		KUNIT_EXPECT_NE(test, vmid_of(vm + i), vmid);
		put();
	}
	KUNIT_EXPECT_GT(test, flushes, 1);
	KUNIT_EXPECT_EQ(test, atomic64_read(&running->id), id);

	load(running);
	KUNIT_EXPECT_EQ(test, vmid_of(running), vmid);
	KUNIT_EXPECT_TRUE(test, is_current(running));
	expect_unique(test, vm);
	migrate_enable();
}

static void put_gives_up_vmid(struct kunit *test)
{
	struct kvm_vmid *vm = test->priv;
	int cpu;

	load(vm);
	put();
	use_up(vm + 1);
	for_each_possible_cpu(cpu)
		KUNIT_EXPECT_EQ(test, per_cpu(reserved_vmids, cpu) &
				      (TEST_VMIDS - 1), 0);
}

static struct kunit_case vmid_cases[] = {
	KUNIT_CASE(keeps_vmid),
	KUNIT_CASE(consecutive),
	KUNIT_CASE(rollover),
	KUNIT_CASE(more_vms_than_vmids),
	KUNIT_CASE(running_keeps_vmid),
	KUNIT_CASE(put_gives_up_vmid),
	{}
};

static struct kunit_suite vmid_suite = {
	.name		= "kvm_arm_vmid",
	.init		= vmid_test_init,
	.exit		= vmid_test_exit,
	.test_cases	= vmid_cases,
};

kunit_test_suite(vmid_suite);
