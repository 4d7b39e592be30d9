// SPDX-License-Identifier: GPL-2.0-only
/*
 * KUnit tests of which register a Thumb instruction stores, on a CPU whose
 * syndrome may be wrong about it
 */
#include <kunit/test.h>

/* The tests have an instance of vcpu_srt.c to themselves. */
#define __kvm_correct_srt	test_correct_srt

#include <linux/kvm_host.h>

/* What the code under test calls in HYP mode is the invalidation of a TLB. */
#undef kvm_call_hyp
#define kvm_call_hyp(f, ...)	((void)__kvm_hvc_##f, (void)hyp_calls++)

static unsigned int hyp_calls;

#include <asm/kvm_emulate.h>

#include "fake_vcpu.h"

static int fake_read(struct kvm_vcpu *vcpu, u32 va, void *to, u32 len);

#define kvm_guest_read_va	fake_read
#include "../vcpu_srt.c"

#define TEST_PC		0x80001002
#define WRONG_RT	14
#define STORE		((u32)HSR_EC_DABT << HSR_EC_SHIFT | HSR_ISV | HSR_WNR | \
			 FSC_FAULT | 3)

/* The guest's text, as far as it can be read */
static u16 text[2];
static u32 text_size;

static int fake_read(struct kvm_vcpu *vcpu, u32 va, void *to, u32 len)
{
	if (va - TEST_PC + len > text_size)
		return -EFAULT;

	memcpy(to, (void *)text + (va - TEST_PC), len);
	return 0;
}

static const struct srt_case {
	const char	*name;
	u16		insn[2];
	u32		rt;
} srt_cases[] = {
	{ "str r5, [r1]", { 0x600d }, 5 },
	{ "str r7, [r0, #124]", { 0x67c7 }, 7 },
	{ "str r1, [r2, r3]", { 0x50d1 }, 1 },
	{ "strh r6, [r1, r2]", { 0x528e }, 6 },
	{ "strb r4, [r0, r7]", { 0x55c4 }, 4 },
	{ "strb r3, [r6, #31]", { 0x77f3 }, 3 },
	{ "strh r2, [r5]", { 0x802a }, 2 },
	{ "str r6, [sp, #12]", { 0x9603 }, 6 },
	{ "str.w r9, [r1, #0x120]", { 0xf8c1, 0x9120 }, 9 },
	{ "str.w r12, [r1, r2, lsl #2]", { 0xf841, 0xc022 }, 12 },
	{ "str.w r8, [r1, #-4]", { 0xf841, 0x8c04 }, 8 },
	{ "strb.w r10, [r3, #1]", { 0xf883, 0xa001 }, 10 },
	{ "strh.w r11, [r3, #2]", { 0xf8a3, 0xb002 }, 11 },
	{ "strht r1, [r3]", { 0xf823, 0x1e00 }, 1 },
	{ "strt r2, [r3]", { 0xf843, 0x2e00 }, 2 },

	/* No such stores: as the syndrome has it */
	{ "ldr r5, [r1]", { 0x680d }, WRONG_RT },
	{ "ldrsb r1, [r2, r3]", { 0x56d1 }, WRONG_RT },
	{ "ldr.w r9, [r1, #0x120]", { 0xf8d1, 0x9120 }, WRONG_RT },
	{ "stmia r1!, {r2}", { 0xc104 }, WRONG_RT },
};

KUNIT_ARRAY_PARAM_DESC(srt_case, srt_cases, name);

/* A vCPU of a CPU with the erratum, that has stored */
static struct kvm_vcpu *srt_vcpu(struct kunit *test, const u16 *insn)
{
	struct kvm_vcpu *vcpu = fake_vcpu(test);
	struct kvm_cpu_model *model = kunit_kzalloc(test, sizeof(*model),
						    GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, model);
	model->ids[HOST_MIDR] = MIDR_CORTEX_A15_R0P4;
	vcpu->kvm->arch.model = model;
	vcpu->arch.fault.hsr = STORE | WRONG_RT << HSR_SRT_SHIFT;
	*vcpu_pc(vcpu) = TEST_PC;
	*vcpu_cpsr(vcpu) = SVC_MODE | PSR_T_BIT;

	hyp_calls = 0;
	text_size = is_wide_instruction(insn[0]) ? 4 : 2;
	memcpy(text, insn, sizeof(text));
	return vcpu;
}

static void srt_by_instruction(struct kunit *test)
{
	const struct srt_case *c = test->param_value;
	struct kvm_vcpu *vcpu = srt_vcpu(test, c->insn);

	KUNIT_EXPECT_TRUE(test, __kvm_correct_srt(vcpu));
	KUNIT_EXPECT_EQ(test, kvm_vcpu_dabt_get_rd(vcpu), c->rt);
	KUNIT_EXPECT_EQ(test, kvm_vcpu_get_hsr(vcpu) & ~HSR_SRT_MASK, STORE);
	KUNIT_EXPECT_EQ(test, hyp_calls, 0);
}

/*
 * The text is asked where the syndrome may be wrong, and nowhere else. Where the
 * guest's tables have none, its TLB is to have none, either.
 */
static void srt_unreadable(struct kunit *test)
{
	static const u16 insn[] = { 0xf8c1, 0x9120 };
	struct kvm_vcpu *vcpu = srt_vcpu(test, insn);
	const u32 hsr = kvm_vcpu_get_hsr(vcpu);
	struct kvm_cpu_model *model =
		(struct kvm_cpu_model *)vcpu->kvm->arch.model;

	text_size = 2;
	KUNIT_EXPECT_FALSE(test, __kvm_correct_srt(vcpu));
	KUNIT_EXPECT_EQ(test, hyp_calls, 1);
	text_size = 0;
	KUNIT_EXPECT_FALSE(test, __kvm_correct_srt(vcpu));
	KUNIT_EXPECT_EQ(test, hyp_calls, 2);
	KUNIT_EXPECT_EQ(test, kvm_vcpu_get_hsr(vcpu), hsr);

	vcpu->arch.fault.hsr = hsr & ~HSR_WNR;
	KUNIT_EXPECT_TRUE(test, __kvm_correct_srt(vcpu));
	vcpu->arch.fault.hsr = hsr & ~HSR_ISV;
	KUNIT_EXPECT_TRUE(test, __kvm_correct_srt(vcpu));
	vcpu->arch.fault.hsr = hsr ^ FSC_FAULT ^ FSC_PERM;
	KUNIT_EXPECT_TRUE(test, __kvm_correct_srt(vcpu));

	vcpu->arch.fault.hsr = hsr;
	model->ids[HOST_MIDR]++;
	KUNIT_EXPECT_TRUE(test, __kvm_correct_srt(vcpu));
	KUNIT_EXPECT_EQ(test, kvm_vcpu_get_hsr(vcpu), hsr);
	KUNIT_EXPECT_EQ(test, hyp_calls, 2);
}

static struct kunit_case srt_cases_all[] = {
	KUNIT_CASE_PARAM(srt_by_instruction, srt_case_gen_params),
	KUNIT_CASE(srt_unreadable),
	{}
};

static struct kunit_suite srt_suite = {
	.name		= "kvm_arm_srt",
	.test_cases	= srt_cases_all,
};

kunit_test_suite(srt_suite);
