// SPDX-License-Identifier: GPL-2.0-only
/*
 * Where an instruction leads to: each with the address that the manual's
 * pseudocode has for it, written out.
 */
#include <kunit/test.h>
#include <linux/container_of.h>
#include <linux/string.h>
#include <asm/ptrace.h>

#include "vcpu_step.h"

/* Memory that there is: code in its first half, data in the second */
#define BASE		0x80000000
#define SIZE		0x200
#define DATA		(BASE + 0x100)
#define VECTORS		0xffff0000

/* What the data area has: addresses in ARM and in Thumb state, a CPSR */
#define WORD_ARM	0x80001000
#define WORD_THUMB	0x80002001
#define THUMB_ADDR	0x80002000
#define WORD_PSR_T	(USR_MODE | PSR_T_BIT)

#define NR_VECTORS	5

struct fake_cpu {
	struct kvm_step_cpu cpu;
	u8 memory[SIZE];
};

static int read_fake(struct kvm_step_cpu *cpu, u32 addr, void *to, u32 len)
{
	struct fake_cpu *fake = container_of(cpu, struct fake_cpu, cpu);

	if (addr < BASE || addr + len > BASE + SIZE)
		return -EFAULT;

	memcpy(to, fake->memory + addr - BASE, len);
	return 0;
}

/* R0 to R14 are numbers that differ; the data area is what R1 and SP point to */
static struct fake_cpu *fake_cpu(struct kunit *test, u32 cpsr)
{
	static const u32 data[] = {
		WORD_ARM, WORD_THUMB, WORD_ARM + 4, WORD_PSR_T,
	};
	struct fake_cpu *fake = kunit_kzalloc(test, sizeof(*fake), GFP_KERNEL);
	unsigned int i;

	KUNIT_ASSERT_NOT_NULL(test, fake);
	for (i = 0; i < 15; i++)
		fake->cpu.r[i] = 0x100 * i;
	fake->cpu.r[1] = DATA;
	fake->cpu.r[2] = 4;
	fake->cpu.r[3] = WORD_THUMB;
	fake->cpu.r[13] = DATA;
	fake->cpu.r[14] = 0x80000f04;
	fake->cpu.r[15] = BASE;
	fake->cpu.cpsr = cpsr;
	fake->cpu.spsr = USR_MODE | PSR_T_BIT;
	fake->cpu.vectors = VECTORS;
	fake->cpu.read = read_fake;
	memcpy(fake->memory + DATA - BASE, data, sizeof(data));

	return fake;
}

/**
 * struct step_case - an instruction
 * @name: in the syntax of the assembler
 * @insn: it; of a Thumb instruction with 32 bits the first halfword on top
 * @addr: where it leads to
 * @thumb: in Thumb state
 * @cpsr: flags and IT state before it
 */
struct step_case {
	const char *name;
	u32 insn;
	u32 addr;
	bool thumb;
	u32 cpsr;
};

static const struct step_case arm_cases[] = {
	{ "nop", 0xe320f000, BASE + 4 },
	{ "mov r0, #0", 0xe3a00000, BASE + 4 },
	{ "cmp r0, #0", 0xe3500000, BASE + 4 },
	{ "cmp pc, r1 (Rd is 15)", 0xe15ff001, BASE + 4 },
	{ "msr cpsr_c, r0", 0xe121f000, BASE + 4 },
	{ "mul r15-like: umull r0, r1, r2, r3", 0xe0810392, BASE + 4 },
	{ "bkpt #0", 0xe1200070, BASE + 4 },
	{ "udf #0", 0xe7f000f0, BASE + 4 },
	{ "hvc #0", 0xe1400070, BASE + 4 },
	{ "dsb sy", 0xf57ff04f, BASE + 4 },
	{ "cpsid i", 0xf10c0080, BASE + 4 },
	{ "b .+16", 0xea000002, BASE + 16 },
	{ "b .-8", 0xeafffffc, BASE - 8 },
	{ "bl .+16", 0xeb000002, BASE + 16 },
	{ "beq .+16, taken", 0x0a000002, BASE + 16, false, PSR_Z_BIT },
	{ "beq .+16, not taken", 0x0a000002, BASE + 4 },
	{ "blx .+16", 0xfa000002, BASE + 16, true },
	{ "blx .+18", 0xfb000002, BASE + 18, true },
	{ "bx r3", 0xe12fff13, THUMB_ADDR, true },
	{ "bx r1", 0xe12fff11, DATA },
	{ "blx r3", 0xe12fff33, THUMB_ADDR, true },
	{ "bxj r3", 0xe12fff23, THUMB_ADDR, true },
	{ "bxne r3, not taken", 0x112fff13, BASE + 4, false, PSR_Z_BIT },
	{ "mov pc, r1", 0xe1a0f001, DATA },
	{ "mov pc, r3", 0xe1a0f003, THUMB_ADDR, true },
	{ "movs pc, lr", 0xe1b0f00e, 0x80000f04, true },
	{ "subs pc, lr, #4", 0xe25ef004, 0x80000f00, true },
	{ "add pc, pc, #0", 0xe28ff000, BASE + 8 },
	{ "add pc, pc, r2, lsl #2", 0xe08ff102, BASE + 24 },
	{ "adc pc, pc, r2, C", 0xe0aff002, BASE + 8 + 4, false, 0 },
	{ "sub pc, pc, r2", 0xe04ff002, BASE + 4 },
	{ "sbc pc, pc, r2, C", 0xe0cff002, BASE + 4, false, PSR_C_BIT },
	{ "rsb pc, r2, pc", 0xe062f00f, BASE + 4 },
	{ "rsc pc, r2, pc", 0xe0e2f00f, BASE + 2, true },
	{ "bic pc, pc, #8", 0xe3cff008, BASE },
	{ "orr pc, pc, #4", 0xe38ff004, BASE + 12 },
	{ "eor pc, pc, #12", 0xe22ff00c, BASE + 4 },
	{ "and pc, pc, r3, lsr #1", 0xe00ff0a3, 0 },
	{ "mvn pc, r0", 0xe1e0f000, 0xfffffffe, true },
	{ "mov pc, r1, asr #32", 0xe1a0f041, 0xfffffffe, true },
	{ "mov pc, r3, rrx, C", 0xe1a0f063, 0xc0001000, false, PSR_C_BIT },
	{ "eret", 0xe160006e, 0x80000f04, true },
	{ "ldr pc, [r1]", 0xe591f000, WORD_ARM },
	{ "ldr pc, [r1, #4]", 0xe591f004, THUMB_ADDR, true },
	{ "ldr pc, [r1, #4]!", 0xe5b1f004, THUMB_ADDR, true },
	{ "ldr pc, [r1], #4", 0xe491f004, WORD_ARM },
	{ "ldr pc, [r1, r2]", 0xe791f002, THUMB_ADDR, true },
	{ "ldr pc, [r1, r2, lsl #1]", 0xe791f082, WORD_ARM + 4 },
	{ "ldr pc, [pc, #0xf8]", 0xe59ff0f8, WORD_ARM },
	{ "ldrb r15-like: ldrb r0, [r1]", 0xe5d10000, BASE + 4 },
	{ "ldm r1, {r0, pc}", 0xe8918001, THUMB_ADDR, true },
	{ "ldmib r1, {pc}", 0xe9918000, THUMB_ADDR, true },
	{ "ldmda r1, {r0, pc}", 0xe8118001, WORD_ARM },
	{ "ldmdb r1, {r0, pc}", 0xe9118001, 0 },
	{ "ldm sp!, {r0, r2, pc}", 0xe8bd8005, WORD_ARM + 4 },
	{ "ldm r1, {pc}^", 0xe8d18000, WORD_ARM, true },
	{ "ldm r1, {r0, r2}", 0xe8910005, BASE + 4 },
	{ "stm r1, {pc}", 0xe8818000, BASE + 4 },
	{ "rfeia r1", 0xf8910a00, WORD_ARM },
	{ "svc #0", 0xef000000, VECTORS + 8 },
	{ "svceq #0, not taken", 0x0f000000, BASE + 4 },
	{ "ldrex r0, [r1] alone", 0xe1910f9f, BASE + 4 },
};

#define IT_NE_1		(0x18 >> 2 << 10)	/* the last of a block */
#define IT_EQ_1		(0x08 >> 2 << 10)

static const struct step_case thumb_cases[] = {
	{ "nop", 0xbf00, BASE + 2, true },
	{ "it eq", 0xbf08, BASE + 2, true },
	{ "bkpt #0", 0xbe00, BASE + 2, true },
	{ "udf #0", 0xde00, BASE + 2, true },
	{ "b .+8", 0xe002, BASE + 8, true },
	{ "b .-4", 0xe7fc, BASE - 4, true },
	{ "beq .+8, taken", 0xd002, BASE + 8, true, PSR_Z_BIT },
	{ "beq .+8, not taken", 0xd002, BASE + 2, true },
	{ "b .+8, in a block", 0xe002, BASE + 8, true, IT_NE_1 },
	{ "b .+8, skipped by it", 0xe002, BASE + 2, true, IT_EQ_1 },
	{ "cbz r0, .+8", 0xb110, BASE + 8, true },
	{ "cbz r1, .+8", 0xb111, BASE + 2, true },
	{ "cbnz r1, .+70", 0xbb09, BASE + 70, true },
	{ "bx r3", 0x4718, THUMB_ADDR, true },
	{ "blx r1", 0x4788, DATA },
	{ "bx pc", 0x4778, BASE + 4 },
	{ "mov pc, r1", 0x468f, DATA, true },
	{ "add pc, r2", 0x4497, BASE + 8, true },
	{ "pop {pc}", 0xbd00, WORD_ARM },
	{ "pop {r0, pc}", 0xbd01, THUMB_ADDR, true },
	{ "pop {r0}", 0xbc01, BASE + 2, true },
	{ "svc #0", 0xdf00, VECTORS + 8 },
	{ "b.w .+8", 0xf000b802, BASE + 8, true },
	{ "b.w .-0x1000", 0xf7febffe, BASE - 0x1000, true },
	{ "bl .+8", 0xf000f802, BASE + 8, true },
	{ "blx .+8", 0xf000e802, BASE + 8 },
	{ "beq.w .+8, taken", 0xf0008002, BASE + 8, true, PSR_Z_BIT },
	{ "beq.w .+8, not taken", 0xf0008002, BASE + 4, true },
	{ "bne.w .-4", 0xf47faffc, BASE - 4, true },
	{ "dsb sy", 0xf3bf8f4f, BASE + 4, true },
	{ "msr cpsr_f, r0", 0xf3808800, BASE + 4, true },
	{ "subs pc, lr, #4", 0xf3de8f04, 0x80000f00, true },
	{ "bxj r3", 0xf3c38f00, THUMB_ADDR, true },
	{ "ldr.w pc, [pc, #0xfc]", 0xf8dff0fc, WORD_ARM },
	{ "ldr.w pc, [r1, #4]", 0xf8d1f004, THUMB_ADDR, true },
	{ "ldr.w pc, [r1], #4", 0xf851fb04, WORD_ARM },
	{ "ldr.w pc, [r1, #4]!", 0xf851ff04, THUMB_ADDR, true },
	{ "ldr.w pc, [r1, r2, lsl #1]", 0xf851f012, WORD_ARM + 4 },
	{ "ldr.w r0, [r1]", 0xf8d10000, BASE + 4, true },
	{ "ldm.w r1, {r0, pc}", 0xe8918001, THUMB_ADDR, true },
	{ "rfeia r1", 0xe991c000, WORD_ARM },
	{ "rfedb r1", 0xe811c000, 0 },
	{ "tbb [r1, r0]", 0xe8d1f000, BASE + 4, true },
	{ "tbb [r1, r2]", 0xe8d1f002, BASE + 4 + 2, true },
	{ "tbh [r1, r2, lsl #1]", 0xe8d1f012, BASE + 4 + 2 * 0x1004, true },
	{ "cmp.w r0, r1", 0xebb00f01, BASE + 4, true },
};

static void set_insn(struct fake_cpu *fake, u32 at, u32 insn, bool thumb)
{
	u16 half[2] = { insn >> 16, insn };

	if (!thumb)
		memcpy(fake->memory + at, &insn, sizeof(insn));
	else if (half[0])
		memcpy(fake->memory + at, half, sizeof(half));
	else
		memcpy(fake->memory + at, &half[1], sizeof(half[1]));
}

static void check_cases(struct kunit *test, const struct step_case *c,
			unsigned int nr, u32 state)
{
	struct kvm_step step;
	struct fake_cpu *fake;

	for (; nr; nr--, c++) {
		fake = fake_cpu(test, SVC_MODE | state | c->cpsr);
		set_insn(fake, 0, c->insn, state);
		kvm_step_decode(&fake->cpu, &step);

		if (c->addr == BASE) {
			KUNIT_EXPECT_EQ_MSG(test, step.nr, NR_VECTORS, "%s",
					    c->name);
			continue;
		}

		KUNIT_EXPECT_EQ_MSG(test, step.stop[0].addr, c->addr, "%s",
				    c->name);
		KUNIT_EXPECT_EQ_MSG(test, step.stop[0].thumb, c->thumb, "%s",
				    c->name);
		KUNIT_EXPECT_FALSE_MSG(test, step.still, "%s", c->name);
	}
}

static void arm_instructions(struct kunit *test)
{
	check_cases(test, arm_cases, ARRAY_SIZE(arm_cases), 0);
}

static void thumb_instructions(struct kunit *test)
{
	check_cases(test, thumb_cases, ARRAY_SIZE(thumb_cases), PSR_T_BIT);
}

/* The vectors but for reset, SVC and Hyp trap, in their own state */
static void vectors(struct kunit *test)
{
	struct fake_cpu *fake = fake_cpu(test, SVC_MODE);
	struct kvm_step step;
	unsigned int i;
	u32 seen = 0;

	fake->cpu.thumb_vectors = true;
	set_insn(fake, 0, 0xe320f000, false);
	kvm_step_decode(&fake->cpu, &step);

	KUNIT_ASSERT_EQ(test, step.nr, 1 + NR_VECTORS);
	for (i = 1; i < step.nr; i++) {
		KUNIT_EXPECT_TRUE(test, step.stop[i].thumb);
		seen |= BIT((step.stop[i].addr - VECTORS) / 4);
	}
	KUNIT_EXPECT_EQ(test, seen, BIT(1) | BIT(3) | BIT(4) | BIT(6) | BIT(7));
}

/* Only the vectors are left */
static void not_known(struct kunit *test)
{
	static const u32 insns[] = {
		0xe590f000,	/* ldr pc, [r0], where there is no memory */
		0xe8908000,	/* ldm r0, {pc} */
	};
	struct fake_cpu *fake = fake_cpu(test, SVC_MODE);
	struct kvm_step step;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(insns); i++) {
		set_insn(fake, 0, insns[i], false);
		kvm_step_decode(&fake->cpu, &step);
		KUNIT_EXPECT_EQ(test, step.nr, NR_VECTORS);
	}

	fake->cpu.r[15] = BASE + SIZE;
	kvm_step_decode(&fake->cpu, &step);
	KUNIT_EXPECT_EQ(test, step.nr, NR_VECTORS);
}

static void still(struct kunit *test)
{
	struct fake_cpu *fake = fake_cpu(test, SVC_MODE);
	struct kvm_step step;

	set_insn(fake, 0, 0xeafffffe, false);
	kvm_step_decode(&fake->cpu, &step);
	KUNIT_EXPECT_TRUE(test, step.still);

	fake = fake_cpu(test, SVC_MODE | PSR_T_BIT);
	set_insn(fake, 0, 0xe7fe, true);
	kvm_step_decode(&fake->cpu, &step);
	KUNIT_EXPECT_TRUE(test, step.still);
}

/* Data is big-endian, instructions never are */
static void big_endian(struct kunit *test)
{
	struct fake_cpu *fake = fake_cpu(test, SVC_MODE | PSR_E_BIT);
	const u8 word[] = { 0x80, 0x00, 0x30, 0x00 };
	struct kvm_step step;

	memcpy(fake->memory + DATA - BASE, word, sizeof(word));
	set_insn(fake, 0, 0xe591f000, false);	/* ldr pc, [r1] */
	kvm_step_decode(&fake->cpu, &step);
	KUNIT_EXPECT_EQ(test, step.stop[0].addr, 0x80003000);
}

static void expect_stops(struct kunit *test, const struct kvm_step *step,
			 u32 first, u32 second)
{
	KUNIT_EXPECT_EQ(test, step->stop[0].addr, first);
	KUNIT_EXPECT_EQ(test, step->stop[1].addr, second);
}

static void exclusives(struct kunit *test)
{
	static const u32 arm[] = {
		0xe1910f9f,	/* ldrex r0, [r1] */
		0xe3500000,	/* cmp r0, #0 */
		0x1a000005,	/* bne, out of it */
		0x0afffffb,	/* beq, back to the beginning */
		0xe1812f90,	/* strex r2, r0, [r1] */
		0xe3320000,	/* teq r2, #0 */
	};
	static const u16 thumb[] = {
		0xe851, 0x0f00,	/* ldrex r0, [r1] */
		0x3001,		/* adds r0, #1 */
		0xb108,		/* cbz r0, out of it */
		0xe841, 0x0200,	/* strex r2, r0, [r1] */
	};
	static const u32 other[] = {
		0xe1910f9f,	/* ldrex r0, [r1] */
		0xe12fff13,	/* bx r3 */
		0xe1812f90,	/* strex r2, r0, [r1] */
	};
	static const u32 branches[] = {
		0xe1910f9f,	/* ldrex r0, [r1] */
		0x1a000005,	/* bne, out of it, three times */
		0x4a000005,	/* bmi */
		0x6a000005,	/* bvs */
		0xe1812f90,	/* strex r2, r0, [r1] */
	};
	struct fake_cpu *fake = fake_cpu(test, SVC_MODE);
	struct kvm_step step;

	memcpy(fake->memory, arm, sizeof(arm));
	kvm_step_decode(&fake->cpu, &step);
	expect_stops(test, &step, BASE + 20, BASE + 8 + 8 + 5 * 4);
	KUNIT_EXPECT_EQ(test, step.nr, KVM_STEP_STOPS);

	memcpy(fake->memory, other, sizeof(other));
	kvm_step_decode(&fake->cpu, &step);
	KUNIT_EXPECT_EQ(test, step.stop[0].addr, BASE + 4);

	memcpy(fake->memory, branches, sizeof(branches));
	kvm_step_decode(&fake->cpu, &step);
	KUNIT_EXPECT_EQ(test, step.stop[0].addr, BASE + 4);

	/* The branch is to right behind the store: one stop */
	fake = fake_cpu(test, SVC_MODE | PSR_T_BIT);
	memcpy(fake->memory, thumb, sizeof(thumb));
	kvm_step_decode(&fake->cpu, &step);
	KUNIT_EXPECT_EQ(test, step.stop[0].addr, BASE + 12);
	KUNIT_EXPECT_EQ(test, step.nr, 1 + NR_VECTORS);
}

static struct kunit_case step_cases[] = {
	KUNIT_CASE(arm_instructions),
	KUNIT_CASE(thumb_instructions),
	KUNIT_CASE(vectors),
	KUNIT_CASE(not_known),
	KUNIT_CASE(still),
	KUNIT_CASE(big_endian),
	KUNIT_CASE(exclusives),
	{}
};

static struct kunit_suite step_suite = {
	.name = "kvm_arm_step",
	.test_cases = step_cases,
};

kunit_test_suite(step_suite);
