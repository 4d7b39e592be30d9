// SPDX-License-Identifier: GPL-2.0-only
/*
 * Systems with several kinds of CPU, which no emulated machine is: which CPU is
 * of which kind, which kind a VM gets, and what maintenance goes by.
 */
#include <kunit/test.h>
#include <linux/kvm_host.h>
#include <linux/preempt.h>
#include <asm/kvm_mmu.h>
#include <asm/tlbflush.h>

#include "cpu_model.h"

#define MIDR_A15	0x412fc0f2
#define MIDR_A15_OLD	0x412fc0f1
#define MIDR_A7		0x410fc073
#define MIDR_A17	0x410fc0e1
#define MIDR_A12	0x410fc0d1
#define MIDR_B15	0x420f00f3

/* Lines of 64 bytes, PIPT; lines of 32 and 64 bytes, VIPT */
#define CTR_A15		0x8444c004
#define CTR_A7		0x84448003

#define PFR0_THUMBEE	0x00001131
#define PFR0_NO_THUMBEE	0x00000131
#define DFR0_PMUV2	0x02010555
#define DFR0_PMUV3P1	0x04010555
#define MMFR3_COHERENT	0x02102211
#define MMFR3_WALKS	0x00100000
#define MMFR4_HPDS	0x00010000

static struct kvm_cpu_model cpu(u32 midr, int target, u32 ctr)
{
	return (struct kvm_cpu_model) {
		.target			= target,
		.ids[HOST_MIDR]		= midr,
		.ids[HOST_CTR]		= ctr,
		.ids[HOST_ID_PFR0]	= PFR0_THUMBEE,
		.ids[HOST_ID_DFR0]	= DFR0_PMUV2,
		.ids[HOST_ID_MMFR3]	= MMFR3_COHERENT,
	};
}

struct system {
	struct kvm_cpu_models models;
	struct kvm_cache_traits caches;
};

static struct system *empty_system(struct kunit *test)
{
	struct system *s = kunit_kzalloc(test, sizeof(*s), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, s);
	s->models.caches = &s->caches;
	return s;
}

static int insert(struct system *s, u32 midr, int target, u32 ctr,
		  unsigned int nr)
{
	const struct kvm_cpu_model read = cpu(midr, target, ctr);

	return kvm_cpu_models_insert(&s->models, &read, nr);
}

static void big_little(struct kunit *test)
{
	const int a15 = KVM_ARM_TARGET_CORTEX_A15;
	const int a7 = KVM_ARM_TARGET_CORTEX_A7;
	struct system *s = empty_system(test);
	const struct kvm_cpu_model *big, *little;

	KUNIT_EXPECT_EQ(test, insert(s, MIDR_A15, a15, CTR_A15, 0), 0);
	KUNIT_EXPECT_EQ(test, s->caches.icache_line, 64);
	KUNIT_EXPECT_EQ(test, (int)s->caches.icache_type, KVM_ICACHE_PIPT);
	KUNIT_EXPECT_NULL(test, kvm_cpu_models_find(&s->models, a7, 0));

	KUNIT_EXPECT_EQ(test, insert(s, MIDR_A15_OLD, a15, CTR_A15, 1), 0);
	KUNIT_EXPECT_EQ(test, s->models.nr, 1);
	KUNIT_EXPECT_EQ(test, insert(s, MIDR_A7, a7, CTR_A7, 2), 0);
	KUNIT_EXPECT_EQ(test, insert(s, MIDR_A7, a7, CTR_A7, 3), 0);
	KUNIT_EXPECT_EQ(test, s->models.nr, 2);

	/* The weaker of each, from whichever CPU one asks */
	KUNIT_EXPECT_EQ(test, s->caches.dcache_line, 64);
	KUNIT_EXPECT_EQ(test, s->caches.icache_line, 32);
	KUNIT_EXPECT_EQ(test, (int)s->caches.icache_type, KVM_ICACHE_VIPT);

	big = kvm_cpu_models_find(&s->models, a15, 3);
	little = kvm_cpu_models_find(&s->models, a7, 0);
	KUNIT_ASSERT_NOT_NULL(test, big);
	KUNIT_ASSERT_NOT_NULL(test, little);
	KUNIT_EXPECT_EQ(test, big->ids[HOST_MIDR], MIDR_A15);
	KUNIT_EXPECT_EQ(test, little->ids[HOST_MIDR], MIDR_A7);
	KUNIT_EXPECT_FALSE(test, kvm_cpu_model_is_other(big, 1));
	KUNIT_EXPECT_TRUE(test, kvm_cpu_model_is_other(big, 2));
	KUNIT_EXPECT_FALSE(test, kvm_cpu_model_is_other(little, 2));
	KUNIT_EXPECT_TRUE(test, kvm_cpu_model_is_other(little, 1));

	/* One that comes back */
	KUNIT_EXPECT_EQ(test, insert(s, MIDR_A7, a7, CTR_A7, 2), 0);
	KUNIT_EXPECT_EQ(test, s->models.nr, 2);
}

/* The other order: what came first is not stronger for it */
static void little_big(struct kunit *test)
{
	struct system *s = empty_system(test);

	insert(s, MIDR_A7, KVM_ARM_TARGET_CORTEX_A7, CTR_A7, 0);
	insert(s, MIDR_A15, KVM_ARM_TARGET_CORTEX_A15, CTR_A15, 1);
	KUNIT_EXPECT_EQ(test, s->caches.icache_line, 32);
	KUNIT_EXPECT_EQ(test, (int)s->caches.icache_type, KVM_ICACHE_VIPT);
}

/* Kinds that have a target in common: that of the CPU, if it has it */
static void kinds_of_a_target(struct kunit *test)
{
	const int generic = KVM_ARM_TARGET_GENERIC_V7;
	struct system *s = empty_system(test);
	const struct kvm_cpu_models *m = &s->models;

	insert(s, MIDR_A7, KVM_ARM_TARGET_CORTEX_A7, CTR_A7, 0);
	insert(s, MIDR_A17, generic, CTR_A15, 1);
	insert(s, MIDR_A12, generic, CTR_A15, 2);
	KUNIT_EXPECT_EQ(test, m->nr, 3);
	KUNIT_EXPECT_PTR_EQ(test, kvm_cpu_models_find(m, generic, 0),
			    &m->model[1]);
	KUNIT_EXPECT_PTR_EQ(test, kvm_cpu_models_find(m, generic, 1),
			    &m->model[1]);
	KUNIT_EXPECT_PTR_EQ(test, kvm_cpu_models_find(m, generic, 2),
			    &m->model[2]);

	/* The same part number, of somebody else */
	insert(s, MIDR_B15, generic, CTR_A15, 3);
	KUNIT_EXPECT_EQ(test, m->nr, 4);
	KUNIT_EXPECT_EQ(test, insert(s, MIDR_A15, KVM_ARM_TARGET_CORTEX_A15,
				     CTR_A15, 4), -ENOSPC);
}

/* What cannot be made up for once other CPUs have been set up */
static void too_different(struct kunit *test)
{
	struct kvm_cpu_model read = cpu(MIDR_A7, KVM_ARM_TARGET_CORTEX_A7,
					CTR_A7);
	struct system *s = empty_system(test);

	insert(s, MIDR_A15, KVM_ARM_TARGET_CORTEX_A15, CTR_A15, 0);

	read.ids[HOST_ID_MMFR3] &= ~MMFR3_WALKS;
	KUNIT_EXPECT_EQ(test, kvm_cpu_models_insert(&s->models, &read, 1),
			-ENODEV);
	read.ids[HOST_ID_MMFR3] = MMFR3_COHERENT;
	read.ids[HOST_ID_PFR0] = PFR0_NO_THUMBEE;
	KUNIT_EXPECT_EQ(test, kvm_cpu_models_insert(&s->models, &read, 1),
			-ENODEV);
	read.ids[HOST_ID_PFR0] = PFR0_THUMBEE;
	read.ids[HOST_ID_DFR0] = DFR0_PMUV3P1;
	KUNIT_EXPECT_EQ(test, kvm_cpu_models_insert(&s->models, &read, 1),
			-ENODEV);
	read.ids[HOST_ID_DFR0] = DFR0_PMUV2;
	read.ids[HOST_ID_MMFR4] = MMFR4_HPDS;
	KUNIT_EXPECT_EQ(test, kvm_cpu_models_insert(&s->models, &read, 1),
			-ENODEV);
	KUNIT_EXPECT_EQ(test, s->models.nr, 1);
	KUNIT_EXPECT_EQ(test, s->caches.icache_line, 64);
}

/* Errata 832075 and 834220 are those of Cortex-A57 from r0p0 to r1p2 */
static void early_a57(struct kunit *test)
{
	KUNIT_EXPECT_TRUE(test, kvm_is_a57_up_to_r1p2(0x410fd070));
	KUNIT_EXPECT_TRUE(test, kvm_is_a57_up_to_r1p2(0x411fd070));
	KUNIT_EXPECT_TRUE(test, kvm_is_a57_up_to_r1p2(0x411fd072));
	KUNIT_EXPECT_FALSE(test, kvm_is_a57_up_to_r1p2(0x411fd073));
	/* Cortex-A53, A72, and the same part of somebody else */
	KUNIT_EXPECT_FALSE(test, kvm_is_a57_up_to_r1p2(0x410fd032));
	KUNIT_EXPECT_FALSE(test, kvm_is_a57_up_to_r1p2(0x410fd080));
	KUNIT_EXPECT_FALSE(test, kvm_is_a57_up_to_r1p2(0x420fd070));
}

#ifdef CONFIG_ARM_ERRATA_798181
/* The CPU that booted did not have it: then this one came. */
static void erratum_of_a_later_cpu(struct kunit *test)
{
	bool (*handler)(void) = erratum_a15_798181_handler;

	if (!handler)
		kunit_skip(test, "this CPU does not have erratum 798181");

	erratum_a15_798181_handler = NULL;
	preempt_disable();
	KUNIT_EXPECT_EQ(test, kvm_cpu_model_add(), 0);
	preempt_enable();
	KUNIT_EXPECT_PTR_EQ(test, erratum_a15_798181_handler, handler);
	erratum_a15_798181_handler = handler;
}
#else
static void erratum_of_a_later_cpu(struct kunit *test)
{
	kunit_skip(test, "the kernel has no workaround for erratum 798181");
}
#endif

static struct kunit_case cpu_model_cases[] = {
	KUNIT_CASE(big_little),
	KUNIT_CASE(little_big),
	KUNIT_CASE(kinds_of_a_target),
	KUNIT_CASE(too_different),
	KUNIT_CASE(early_a57),
	KUNIT_CASE(erratum_of_a_later_cpu),
	{ }
};

static struct kunit_suite cpu_model_suite = {
	.name = "kvm_arm_cpu_model",
	.test_cases = cpu_model_cases,
};

kunit_test_suite(cpu_model_suite);
