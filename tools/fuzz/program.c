// SPDX-License-Identifier: GPL-2.0-only
/*
 * A program, of operations of a table: most of them one instruction with some bits
 * drawn, others what it takes some to do.  The encodings are those of the ARM ARM
 * (DDI 0406C), A8 and B9.
 */
#include <string.h>

#include "machine.h"
#include "program.h"

/* What ends it has to fit, too. */
#define MAX_WORDS	(CODE_SIZE / sizeof(uint32_t) - 16)

/* General-purpose registers: a value, an address, and what else a call takes */
#define VALUE		0
#define ADDRESS		1
#define NR_ARGS		4
#define COUNTER		4
#define SCRATCH		12

struct code {
	uint32_t *words;
	unsigned int count;
};

/**
 * struct operation - what a byte stands for
 * @emit: writes it
 * @word: an instruction
 * @drawn: the bits of it that are drawn, and set where they are
 */
struct operation {
	void (*emit)(struct code *code, struct input *in,
		     const struct operation *op);
	uint32_t word;
	uint32_t drawn;
};

/*
 * MRRC with the PC as one of its registers is UNPREDICTABLE (ARM ARM, A8.8.108),
 * and QEMU 10.0 aborts in its translator.
 */
static bool is_mrrc_to_pc(uint32_t word)
{
	return (word & 0x0ff00000) == 0x0c500000 &&
	       ((word & 0x000f0000) == 0x000f0000 ||
		(word & 0x0000f000) == 0x0000f000);
}

static void emit(struct code *code, uint32_t word)
{
	if (code->count < MAX_WORDS && !is_mrrc_to_pc(word))
		code->words[code->count++] = word;
}

static void emit_set(struct code *code, unsigned int reg, uint32_t value)
{
	/* MOVW, MOVT */
	emit(code, 0xe3000000 | (value & 0xf000) << 4 | reg << 12 |
		   (value & 0xfff));
	emit(code, 0xe3400000 | (value >> 12 & 0xf0000) | reg << 12 |
		   (value >> 16 & 0xfff));
}

static void emit_store(struct code *code, uint32_t address, uint32_t value)
{
	emit_set(code, ADDRESS, address);
	emit_set(code, VALUE, value);
	emit(code, 0xe5810000);		/* STR r0, [r1] */
}

/* A number that means something more often than not */
static uint32_t draw_value(struct input *in)
{
	uint8_t byte = draw(in);

	switch (byte >> 6) {
	case 0:
		return byte;
	case 1:
		return byte & 0x20 ? ~(1U << (byte & 0x1f)) :
				     1U << (byte & 0x1f);
	case 2:
		return CODE_GPA + (byte & 0x3f) * (CODE_SIZE / 4);
	default:
		return draw_number(in, sizeof(uint32_t));
	}
}

/* As many bytes as it takes, from the lowest bit up */
static uint32_t draw_bits(struct input *in, uint32_t mask)
{
	unsigned int bits = __builtin_popcount(mask);
	uint32_t left = draw_number(in, (bits + 7) / 8), value = 0, bit;

	for (; mask; mask &= mask - 1, left >>= 1) {
		bit = mask & -mask;
		if (left & 1)
			value |= bit;
	}

	return value;
}

static void emit_word(struct code *code, struct input *in,
		      const struct operation *op)
{
	emit(code, op->word | draw_bits(in, op->drawn));
}

static void emit_value(struct code *code, struct input *in,
		       const struct operation *op)
{
	uint8_t reg = draw(in) & 0x7;

	(void)op;
	emit_set(code, reg, draw_value(in));
}

/* A value for what the next byte says of the coprocessor register */
static void emit_write(struct code *code, struct input *in,
		       const struct operation *op)
{
	uint32_t word = op->word | draw_bits(in, op->drawn);

	emit_set(code, VALUE, draw_value(in));
	emit(code, word);
}

static void emit_access(struct code *code, struct input *in,
			const struct operation *op)
{
	static const uint32_t bases[] = {
		GICD_GPA, GICC_GPA, GICR_GPA, GICR_GPA + KIB(64), ITS_GPA,
		ITS_GPA + KIB(64), RAM_GPA, RAM_GPA + RAM_SIZE - KIB(32),
		TABLE_GPA, HOST_GPA, END_GPA + KIB(64), 0xffff0000,
		GICC_GPA + KIB(4), RAM_GPA + MIB(1), RAM_GPA + RAM_SIZE,
		GICR_GPA + 2 * KIB(64),
	};
	static const uint32_t accesses[] = {
		0xe5810000,		/* STR r0, [r1] */
		0xe5910000,		/* LDR r0, [r1] */
		0xe5c10000,		/* STRB */
		0xe5d10000,		/* LDRB */
		0xe1c100b0,		/* STRH */
		0xe1d100b0,		/* LDRH */
		0xe1d100d0,		/* LDRSB */
		0xe1d100f0,		/* LDRSH */
		0xe1c120f0,		/* STRD r2, r3, [r1] */
		0xe1c120d0,		/* LDRD r2, r3, [r1] */
		0xe881000c,		/* STM r1, {r2, r3} */
		0xe891000c,		/* LDM r1, {r2, r3} */
		0xe1912f9f,		/* LDREX r2, [r1] */
		0xe1812f90,		/* STREX r2, r0, [r1] */
		0xe4910004,		/* LDR r0, [r1], #4 */
		0xe4810004,		/* STR r0, [r1], #4 */
		0xe4b10000,		/* LDRT r0, [r1], #0 */
		0xe5310004,		/* LDR r0, [r1, #-4]! */
		0xe581f000,		/* STR pc, [r1] */
		0xe591f000,		/* LDR pc, [r1] */
		0xe1010090,		/* SWP r0, r0, [r1] */
		0xf5d1f000,		/* PLD [r1] */
		0xed910b00,		/* VLDR d0, [r1] */
		0xed810b00,		/* VSTR d0, [r1] */
		0xe7910002,		/* LDR r0, [r1, r2] */
		0xf421070f,		/* VLD1.8 {d0}, [r1] */
		0xf401070f,		/* VST1.8 {d0}, [r1] */
		0xe1d12fd1,		/* LDRSB r2, [r1, #241] */
		0xf8910a00,		/* RFE r1 */
		0xe59100f3,		/* LDR r0, [r1, #243] */
		0xe4f10001,		/* LDRBT r0, [r1], #1 */
		0xe4e10001,		/* STRBT r0, [r1], #1 */
	};
	uint8_t what = draw(in), base = draw(in);
	uint16_t offset = draw_number(in, sizeof(offset));

	(void)op;
	/* A byte for each: what is aligned is more often right. */
	if (!(what & 0x80))
		offset &= ~3;
	if (what & 0x40)
		emit_set(code, VALUE, draw_value(in));
	emit_set(code, ADDRESS, bases[base % ARRAY_SIZE(bases)] + offset);
	emit(code, accesses[what % ARRAY_SIZE(accesses)]);
}

/* A function of the firmware, or of the hypervisor: SMC Calling Convention */
static void emit_call(struct code *code, struct input *in,
		      const struct operation *op)
{
	static const uint32_t functions[] = {
		0x84000000, 0x84000010,	/* PSCI */
		0x95c1ba5e,		/* PSCI 0.1 */
		0x80000000, 0x80008000, 0x80007ff0, 0x80003ff0,
		0x84000050,		/* TRNG */
		0x86000000, 0x8600ff00,	/* of the hypervisor */
		0xc4000000, 0xc4000010, 0xc5000020, 0x85000020, 0x87000000,
		0xbf00ff00,
	};
	uint8_t function = draw(in);
	unsigned int i;

	emit_set(code, VALUE, functions[function >> 4] + (function & 0xf));
	for (i = 1; i < NR_ARGS; i++)
		emit_set(code, i, draw_value(in));
	emit(code, op->word);
}

static void emit_delay(struct code *code, struct input *in,
		       const struct operation *op)
{
	(void)op;
	emit_set(code, COUNTER, draw(in) << 6);
	emit(code, 0xe2544001);		/* SUBS r4, r4, #1 */
	emit(code, 0x5afffffd);		/* BPL to it */
}

/* A table of sections: memory, and above devices; one descriptor is drawn. */
static void emit_mmu(struct code *code, struct input *in,
		     const struct operation *op)
{
	uint32_t *table = (uint32_t *)(machine.ram + TABLE_GPA - RAM_GPA);
	uint32_t i, section = draw(in), descriptor = draw_number(in, 3);

	(void)op;
	for (i = 0; i < KIB(4); i++)
		table[i] = i << 20 | (i < RAM_SIZE / MIB(1) ? 0x1c0e : 0xc06);
	table[section] = section << 20 | (descriptor & 0xfffff);

	emit_set(code, VALUE, TABLE_GPA);
	emit(code, 0xee020f10);		/* TTBR0 */
	emit_set(code, VALUE, descriptor >> 22 & 1 ? ~0U : 1);
	emit(code, 0xee030f10);		/* DACR */
	emit_set(code, VALUE, descriptor >> 23 & 1);
	emit(code, 0xee020f50);		/* TTBCR */
	emit(code, 0xf57ff04f);		/* DSB */
	emit(code, 0xee110f10);		/* from SCTLR */
	emit(code, 0xe3800001);		/* M */
	emit(code, 0xe3800a01);		/* I */
	if (descriptor >> 21 & 1)
		emit(code, 0xe3800004);	/* C */
	emit(code, 0xee010f10);		/* to SCTLR */
	emit(code, 0xf57ff06f);		/* ISB */
}

/* Interrupts get as far as the CPU. */
static void emit_gic_v2(struct code *code)
{
	emit_store(code, GICD_GPA, 1);			/* GICD_CTLR */
	emit_store(code, GICD_GPA + 0x100, ~0U);	/* GICD_ISENABLER */
	emit_store(code, GICD_GPA + 0x104, ~0U);
	emit_store(code, GICC_GPA + 0x4, 0xff);		/* GICC_PMR */
	emit_store(code, GICC_GPA, 1);			/* GICC_CTLR */
}

static void emit_gic_v3(struct code *code)
{
	const uint32_t sgi_base = GICR_GPA + KIB(64);

	emit_store(code, GICD_GPA, 0x12);		/* GICD_CTLR */
	emit_store(code, GICD_GPA + 0x84, ~0U);		/* GICD_IGROUPR */
	emit_store(code, GICD_GPA + 0x104, ~0U);	/* GICD_ISENABLER */
	emit_store(code, sgi_base + 0x80, ~0U);		/* GICR_IGROUPR0 */
	emit_store(code, sgi_base + 0x100, ~0U);	/* GICR_ISENABLER0 */
	emit_set(code, VALUE, 0xff);
	emit(code, 0xee040f16);				/* ICC_PMR */
	emit(code, 0xee0c0ffc);				/* ICC_IGRPEN1 */
}

static void emit_gic(struct code *code, struct input *in,
		     const struct operation *op)
{
	(void)in;
	(void)op;
	if (machine.gic == KVM_DEV_TYPE_ARM_VGIC_V3)
		emit_gic_v3(code);
	else
		emit_gic_v2(code);
	emit(code, 0xf1080080);				/* CPSIE i */
}

static void emit_vfp(struct code *code, struct input *in,
		     const struct operation *op)
{
	(void)in;
	(void)op;
	emit_set(code, VALUE, 0xf << 20);
	emit(code, 0xee010f50);		/* CPACR */
	emit_set(code, VALUE, 1 << 30);
	emit(code, 0xeee80a10);		/* FPEXC */
}

/* Fields of MCR and MRC, of MCRR and MRRC */
#define OPC1		0x00e00000
#define CRN		0x000f0000
#define OPC2		0x000000e0
#define CRM		0x0000000f
#define READ		0x00100000
#define OPC1_64		0x000000f0
#define CP15(crn)	(0xee000f10 | (crn) << 16)
#define CP14		0xee000e10
#define CP15_64		0xec410f00
#define CP14_64		0xec410e00
#define CRM_OF(crm)	(crm)

static const struct operation operations[] = {
	{ emit_value },
	{ emit_access },
	{ emit_access },
	{ emit_call, 0xe1400070 },			/* HVC */
	{ emit_call, 0xe1600070 },			/* SMC */
	{ emit_gic },
	{ emit_mmu },
	{ emit_vfp },
	{ emit_delay },
	{ emit_write, CP15(0), OPC1 | CRN | OPC2 | CRM },
	{ emit_write, CP15(1), OPC2 | CRM },
	{ emit_write, CP15(9) | CRM_OF(12), OPC2 | 0x3 },
	{ emit_write, CP15(12), OPC2 | CRM },
	{ emit_write, CP15(14), OPC2 | CRM },
	{ emit_write, CP14, OPC1 | CRN | OPC2 | CRM },
	{ emit_word, CP15(0) | READ, OPC1 | CRN | OPC2 | CRM },
	{ emit_word, CP15(0) | READ, OPC1 | OPC2 | CRM },
	{ emit_word, CP15(7), OPC2 | CRM | READ },
	{ emit_word, CP15(9) | CRM_OF(12), OPC2 | 0x3 | READ },
	{ emit_word, CP15(12) | READ, OPC2 | CRM },
	{ emit_word, CP15(14), OPC2 | CRM | READ },
	{ emit_word, CP14, OPC1 | CRN | OPC2 | CRM | READ },
	{ emit_word, CP15_64, OPC1_64 | CRM | READ },
	{ emit_word, CP15_64 | CRM_OF(14), OPC1_64 | READ },
	{ emit_word, CP14_64, OPC1_64 | CRM | READ },
	{ emit_word, 0xee000010, 0x00f0ffef },		/* of any coprocessor */
	{ emit_word, 0xf1000000, 0x000e01df },		/* CPS */
	{ emit_word, 0xe12ff000, 0x0040000f },		/* MSR, of a register */
	{ emit_word, 0xe120f200, 0x004f0100 },		/* MSR, banked */
	{ emit_word, 0xe100f200 & ~0xf000U, 0x004f0100 },	/* MRS, banked */
	{ emit_word, 0xe320f000, 0x7 },			/* hints: WFI, WFE, SEV */
	{ emit_word, 0xe320f003 },			/* WFI */
	{ emit_word, 0xf57ff040, 0x3f },		/* barriers */
	{ emit_word, 0xe1200070, 0xf },			/* BKPT */
	{ emit_word, 0xef000000, 0xff },		/* SVC */
	{ emit_word, 0xe7f000f0, 0xf },			/* UDF */
	{ emit_word, 0xe160006e },			/* ERET */
	{ emit_word, 0xeee00a10, 0x001f0000 },		/* VMSR, VMRS */
	{ emit_word, 0xee300b00, 0x00010101 },		/* VADD */
	{ emit_word, 0xf2000840, 0x00310101 },		/* VADD, of Advanced SIMD */
	{ emit_word, 0xe12fff1e },			/* BX lr */
	{ emit_word, 0xfa000000, 0x01000007 },		/* BLX forward, to Thumb */
	{ emit_word, 0xe2000000, 0x0df7ffff },		/* data processing */
	{ emit_word, 0xe8000000, 0x01f7ffff },		/* LDM, STM */
	{ emit_word, 0x00000000, 0xffffffff },
	{ emit_word, 0xf8400500, 0x01a0001f },		/* SRS */
	{ emit_word, 0xec005e00, 0x01bf00ff },		/* LDC, STC of DBGDTR */
};

/* To the end by an access; nothing that was set up is needed. */
static void write_end(uint32_t *words)
{
	struct code code = { .words = words };

	emit_set(&code, SCRATCH, END_GPA);
	emit(&code, 0xe58cc000);	/* STR r12, [r12] */
	emit(&code, 0xeafffffd);	/* again */
}

void program_write(unsigned int number, struct input *in)
{
	struct code code = {
		.words = (uint32_t *)(machine.ram + CODE_GPA - RAM_GPA +
				      number * CODE_SIZE),
	};
	const struct operation *op;

	while (!is_drawn_out(in)) {
		op = &operations[draw(in) % ARRAY_SIZE(operations)];
		op->emit(&code, in, op);
	}
	write_end(code.words + code.count);
}

static const uint32_t vectors[] = {
	0xea00003e,	/* reset:		to the end */
	0xe1b0f00e,	/* undefined:		movs pc, lr */
	0xe1b0f00e,	/* SVC:			movs pc, lr */
	0xea00003b,	/* Prefetch Abort:	to the end */
	0xe25ef004,	/* Data Abort:		subs pc, lr, #4 */
	0xea000039,	/* not used:		to the end */
	0xea000018,	/* IRQ:			to what acknowledges it */
	0xe25ef004,	/* FIQ:			subs pc, lr, #4 */
};

#define END_OFFSET	0x100
#define IRQ_OFFSET	0x80

void program_vectors(void)
{
	uint8_t *page = machine.ram + VECTORS_GPA - RAM_GPA;
	struct code code = { .words = (uint32_t *)(page + IRQ_OFFSET) };

	memcpy(page, vectors, sizeof(vectors));
	write_end((uint32_t *)(page + END_OFFSET));

	if (machine.gic == KVM_DEV_TYPE_ARM_VGIC_V3) {
		emit(&code, 0xee1ccf1c);	/* from ICC_IAR1, to r12 */
		emit(&code, 0xee0ccf3c);	/* ICC_EOIR1 */
	} else {
		emit_set(&code, SCRATCH, GICC_GPA);
		emit(&code, 0xe59cb00c);	/* LDR r11, [r12, #GICC_IAR] */
		emit(&code, 0xe58cb010);	/* STR r11, [r12, #GICC_EOIR] */
	}
	emit(&code, 0xe25ef004);	/* SUBS pc, lr, #4 */
}
