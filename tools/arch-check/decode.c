// SPDX-License-Identifier: GPL-2.0-only
#include <stddef.h>

#include "decode.h"

struct encoding {
	uint8_t cp, crn, opc1, crm, opc2;
};

/* No CRn is that large: MCRR and MRRC have none */
#define CRN_64		0x10

#define SYSREG_ENCODING(name, cp, crn, opc1, crm, opc2)	\
	[SYS_##name] = { cp, crn, opc1, crm, opc2 },
#define SYSREG64_ENCODING(name, cp, opc1, crm)		\
	[SYS_##name] = { cp, CRN_64, opc1, crm, 0 },
#define SYSREG_NAME(name, ...)	[SYS_##name] = #name,

static const struct encoding encodings[NR_SYSREGS] = {
	SYSREGS(SYSREG_ENCODING, SYSREG64_ENCODING)
};

static const char *const names[NR_SYSREGS] = {
	[SYS_NONE] = "",
	SYSREGS(SYSREG_NAME, SYSREG_NAME)
};

const char *sysreg_name(enum sysreg sysreg)
{
	return names[sysreg];
}

static enum sysreg find_sysreg(struct encoding e)
{
	unsigned int i;

	for (i = SYS_NONE + 1; i < NR_SYSREGS; i++)
		if (encodings[i].cp == e.cp && encodings[i].crn == e.crn &&
		    encodings[i].opc1 == e.opc1 && encodings[i].crm == e.crm &&
		    encodings[i].opc2 == e.opc2)
			return i;
	return SYS_NONE;
}

static unsigned int bits(uint32_t opcode, unsigned int high, unsigned int low)
{
	return opcode >> low & ((2u << (high - low)) - 1);
}

/*
 * The coprocessor space is the same in A32 and T32 but for what is the
 * condition in A32.
 */
static void decode_coprocessor(struct insn *insn, uint32_t op)
{
	unsigned int cp = bits(op, 11, 8);
	bool read = bits(op, 20, 20);

	if (cp == 10 || cp == 11) {
		insn->class = INSN_VFP;
		insn->rt = bits(op, 15, 12);
		if ((op & 0x0fff0fff) == 0x0ee80a10)
			insn->class = INSN_VMSR_FPEXC;
		else if ((op & 0x0ff00fff) == 0x0ef00a10)
			insn->class = INSN_VMRS;
		return;
	}
	if (cp != 14 && cp != 15)
		return;

	insn->rt = bits(op, 15, 12);
	if ((op & 0x0f000010) == 0x0e000010) {
		insn->sysreg = find_sysreg((struct encoding){
			cp, bits(op, 19, 16), bits(op, 23, 21), bits(op, 3, 0),
			bits(op, 7, 5) });
	} else if ((op & 0x0fe00000) == 0x0c400000) {
		insn->rt2 = bits(op, 19, 16);
		insn->sysreg = find_sysreg((struct encoding){
			cp, CRN_64, bits(op, 7, 4), bits(op, 3, 0), 0 });
	} else {
		return;
	}
	insn->class = read ? INSN_CP_READ : INSN_CP_WRITE;
}

/*
 * Encodings without operands that the classes need to know. The first that
 * fits counts.
 */
struct pattern {
	uint32_t mask, value;
	enum insn_class class;
	/* where the operands are */
	uint8_t rt, option_high, option_low;
};

static const struct pattern a32_unconditional[] = {
	{ 0xfffffff0, 0xf57ff040, INSN_DSB, 0, 3, 0 },
	{ 0xfffffff0, 0xf57ff050, INSN_DMB, 0, 3, 0 },
	{ 0xfffffff0, 0xf57ff060, INSN_ISB },
	{ 0xffffffff, 0xf57ff070, INSN_SB },
	{ 0xffffffff, 0xf57ff01f, INSN_CLREX },
	{ 0xfff10020, 0xf1000000, INSN_CPS },
	{ 0xfe500000, 0xf8100000, INSN_RETURN },	/* RFE */
	{ 0xfe000000, 0xf2000000, INSN_VFP },		/* Advanced SIMD */
	{ 0xff100000, 0xf4000000, INSN_VFP },		/* of elements */
	{ }
};

static const struct pattern a32[] = {
	{ 0x0fffffff, 0x0160006e, INSN_ERET },
	{ 0x0ff000f0, 0x01400070, INSN_HVC },
	{ 0x0ff000f0, 0x01600070, INSN_SMC },
	{ 0x0f000000, 0x0f000000, INSN_SVC },
	{ 0x0ff000f0, 0x07f000f0, INSN_UDF },
	{ 0x0f900ff0, 0x01900f90, INSN_LDREX },
	{ 0x0f900ff0, 0x01900e90, INSN_LDREX },		/* LDAEX */
	{ 0x0f900ff0, 0x01800f90, INSN_STREX },
	{ 0x0f900ff0, 0x01800e90, INSN_STREX },		/* STLEX */
	{ 0x0ffffff0, 0x012ef300, INSN_MSR_ELR_HYP },
	{ 0x0ff0fff0, 0x0160f000, INSN_MSR_SPSR, 0, 19, 16 },
	{ 0x0ff0f000, 0x0360f000, INSN_MSR_SPSR },
	{ 0x0ff0fff0, 0x0120f000, INSN_MSR },
	{ 0x0ff8f000, 0x0328f000, INSN_MSR },
	{ 0x0ff4f000, 0x0324f000, INSN_MSR },
	{ 0x0ff2f000, 0x0322f000, INSN_MSR },
	{ 0x0ff1f000, 0x0321f000, INSN_MSR },
	{ 0x0e508000, 0x08508000, INSN_RETURN },	/* LDM with S and PC */
	{ 0x0f90f000, 0x0110f000, INSN_OTHER },		/* TST and its kind */
	{ 0x0f90f000, 0x0310f000, INSN_OTHER },
	{ 0x0e10f000, 0x0010f000, INSN_RETURN },	/* MOVS PC, LR */
	{ 0x0e10f000, 0x0210f000, INSN_RETURN },	/* SUBS PC, LR */
	{ }
};

static const struct pattern t32[] = {
	{ 0xfffffff0, 0xf3bf8f40, INSN_DSB, 0, 3, 0 },
	{ 0xfffffff0, 0xf3bf8f50, INSN_DMB, 0, 3, 0 },
	{ 0xfffffff0, 0xf3bf8f60, INSN_ISB },
	{ 0xffffffff, 0xf3bf8f70, INSN_SB },
	{ 0xffffffff, 0xf3bf8f2f, INSN_CLREX },
	{ 0xffffffff, 0xf3de8f00, INSN_ERET },
	{ 0xffffff00, 0xf3de8f00, INSN_RETURN },
	{ 0xffd0ffff, 0xe810c000, INSN_RETURN },	/* RFE */
	{ 0xffd0ffff, 0xe990c000, INSN_RETURN },
	{ 0xfff0f000, 0xf7e08000, INSN_HVC },
	{ 0xfff0f000, 0xf7f08000, INSN_SMC },
	{ 0xfff0f000, 0xf7f0a000, INSN_UDF },
	{ 0xfff00f00, 0xe8500f00, INSN_LDREX },
	{ 0xfff0004f, 0xe8d0004f, INSN_LDREX },
	{ 0xfff00000, 0xe8400000, INSN_STREX },
	{ 0xfff00040, 0xe8c00040, INSN_STREX },
	{ 0xfff0ffff, 0xf3808e30, INSN_MSR_ELR_HYP, 16 },
	{ 0xfff0f0ff, 0xf3908000, INSN_MSR_SPSR, 16, 11, 8 },
	{ 0xfff0f0ff, 0xf3808000, INSN_MSR, 16 },
	{ 0xef000000, 0xef000000, INSN_VFP },
	{ 0xff100000, 0xf9000000, INSN_VFP },
	{ }
};

static const struct pattern t16[] = {
	{ 0xff00, 0xdf00, INSN_SVC },
	{ 0xff00, 0xde00, INSN_UDF },
	{ }
};

static bool decode_pattern(struct insn *insn, const struct pattern *p)
{
	for (; p->mask; p++) {
		if ((insn->opcode & p->mask) != p->value)
			continue;
		insn->class = p->class;
		insn->rt = bits(insn->opcode, p->rt + 3, p->rt);
		insn->option = bits(insn->opcode, p->option_high, p->option_low);
		return true;
	}
	return false;
}

static void decode_a32(struct insn *insn)
{
	uint32_t op = insn->opcode;
	unsigned int cond = bits(op, 31, 28);

	insn->cond = cond == 0xf ? COND_AL : cond;
	if (cond == 0xf) {
		if (decode_pattern(insn, a32_unconditional))
			return;
	} else if (decode_pattern(insn, a32)) {
		return;
	}
	if (bits(op, 27, 26) == 3 && bits(op, 27, 24) != 0xf)
		decode_coprocessor(insn, op);
}

static void decode_t32(struct insn *insn)
{
	uint32_t op = insn->opcode;

	if (insn->size == 2) {
		decode_pattern(insn, t16);
		if ((op & 0xffe8) == 0xb660)
			insn->class = INSN_CPS;
		return;
	}
	if (decode_pattern(insn, t32))
		return;
	if ((op & 0xfffff800) == 0xf3af8000 && bits(op, 10, 8))
		insn->class = INSN_CPS;
	else if (bits(op, 31, 29) == 7 && bits(op, 27, 26) == 3 &&
		 bits(op, 25, 24) != 3)
		decode_coprocessor(insn, op);
}

void decode(struct insn *insn)
{
	insn->class = INSN_OTHER;
	insn->sysreg = SYS_NONE;
	if (insn->thumb)
		decode_t32(insn);
	else
		decode_a32(insn);
}

bool condition_holds(unsigned int cond, uint32_t psr)
{
	bool n = psr >> 31 & 1, z = psr >> 30 & 1, c = psr >> 29 & 1;
	bool v = psr >> 28 & 1;
	const bool holds[] = {
		z, c, n, v, c && !z, n == v, n == v && !z, true,
	};

	return holds[cond >> 1 & 7] ^ (cond < COND_AL && (cond & 1));
}

uint8_t it_advance(uint8_t it)
{
	return it & 7 ? (it & 0xe0) | (it << 1 & 0x1f) : 0;
}

uint8_t it_begin(uint32_t opcode, uint8_t size)
{
	return size == 2 && (opcode & 0xff00) == 0xbf00 && (opcode & 0xf) ?
		opcode & 0xff : 0;
}
