// SPDX-License-Identifier: GPL-2.0-only
/*
 * Where a guest may be after its next instruction: AArch32 has no other way
 * to single step that all implementations have.
 *
 * All that an instruction depends on is known before it is executed, so that it
 * leads to one place; or into an exception, to one of the vectors. A sequence
 * that begins with a load-exclusive is one instruction here: broken up, its
 * store would fail for ever (A3.4.5).
 *
 * The tables have the instructions that write the PC. Any other one leads to
 * the next. What is UNPREDICTABLE may lead anywhere.
 */
#include <linux/bitops.h>
#include <linux/kernel.h>
#include <linux/swab.h>
#include <asm/kvm_emulate.h>
#include <asm/opcodes.h>
#include <asm/ptrace.h>

#include "vcpu_step.h"

#define REG_SP			13
#define REG_LR			14
#define REG_PC			15

/* What is read of the PC is ahead of the instruction by so much (A2.3) */
#define PC_AHEAD_ARM		8
#define PC_AHEAD_THUMB		4

/* Exception vectors (B1.8.1) */
#define VECTOR_UNDEFINED	0x04
#define VECTOR_SVC		0x08
#define VECTOR_PREFETCH_ABORT	0x0c
#define VECTOR_DATA_ABORT	0x10
#define VECTOR_IRQ		0x18
#define VECTOR_FIQ		0x1c

/* A load-exclusive is not farther than that from its store, nor more branches */
#define EXCLUSIVE_INSNS		16
#define EXCLUSIVE_BRANCHES	2

/* Where an instruction has its condition, other than in the IT state */
enum step_cond {
	COND_NONE,
	COND_ARM,	/* bits 31:28 */
	COND_IT,
	COND_B16,	/* bits 11:8 of a Thumb branch */
	COND_B32,	/* bits 25:22 of one of 32 bits */
	COND_CBZ,	/* a register */
};

enum step_kind {
	KIND_OTHER,
	KIND_BRANCH,	/* to what it says itself */
	KIND_LOAD_EX,
	KIND_STORE_EX,
};

/**
 * struct step_insn - instructions
 * @mask: bits that are looked at
 * @value: what they are
 * @cond: where the condition is
 * @kind: whether it is of a special kind
 * @target: where it leads to; false if that cannot be known. NULL: to the next
 */
struct step_insn {
	u32 mask;
	u32 value;
	u8 cond;
	u8 kind;
	bool (*target)(struct kvm_step_cpu *cpu, u32 insn,
		       struct kvm_step_stop *to);
};

static bool is_thumb(const struct kvm_step_cpu *cpu)
{
	return cpu->cpsr & PSR_T_BIT;
}

static u32 reg(const struct kvm_step_cpu *cpu, u32 n)
{
	if (n != REG_PC)
		return cpu->r[n];

	return cpu->r[REG_PC] + (is_thumb(cpu) ? PC_AHEAD_THUMB : PC_AHEAD_ARM);
}

/* A literal's base, and that of BLX to ARM state */
static u32 aligned_pc(const struct kvm_step_cpu *cpu)
{
	return reg(cpu, REG_PC) & ~3U;
}

static bool goes_to(struct kvm_step_stop *to, u32 addr, bool thumb)
{
	to->thumb = thumb;
	to->addr = addr & (thumb ? ~1U : ~3U);
	return true;
}

/* BXWritePC() and LoadWritePC() of A2.3.1 */
static bool exchange(struct kvm_step_stop *to, u32 addr)
{
	return goes_to(to, addr, addr & 1);
}

static bool exception_return(struct kvm_step_stop *to, u32 addr, u32 spsr)
{
	return goes_to(to, addr, spsr & PSR_T_BIT);
}

static bool to_vector(struct kvm_step_cpu *cpu, u32 vector,
		      struct kvm_step_stop *to)
{
	return goes_to(to, cpu->vectors + vector, cpu->thumb_vectors);
}

/* Data is of the endianness of the CPU's state */
static bool load(struct kvm_step_cpu *cpu, u32 addr, u32 *val)
{
	if (cpu->read(cpu, addr, val, sizeof(*val)))
		return false;

	*val = cpu->cpsr & PSR_E_BIT ? be32_to_cpu((__force __be32)*val) :
				       le32_to_cpu((__force __le32)*val);
	return true;
}

static bool load_exchange(struct kvm_step_cpu *cpu, u32 addr,
			  struct kvm_step_stop *to)
{
	u32 val;

	return load(cpu, addr, &val) && exchange(to, val);
}

/* Rm, shifted by an immediate: DecodeImmShift() and Shift() of A8.4.3 */
static u32 shifted_reg(const struct kvm_step_cpu *cpu, u32 insn)
{
	u32 val = reg(cpu, insn & 0xf);
	u32 n = (insn >> 7) & 0x1f;

	switch ((insn >> 5) & 3) {
	case 0:
		return val << n;
	case 1:
		return n ? val >> n : 0;
	case 2:
		return (s32)val >> (n ?: 31);
	default:
		return n ? ror32(val, n) :
			   val >> 1 | (cpu->cpsr & PSR_C_BIT ? BIT(31) : 0);
	}
}

/* ---- ARM ---- */

static bool arm_svc(struct kvm_step_cpu *cpu, u32 insn,
		    struct kvm_step_stop *to)
{
	return to_vector(cpu, VECTOR_SVC, to);
}

static bool arm_b(struct kvm_step_cpu *cpu, u32 insn, struct kvm_step_stop *to)
{
	return goes_to(to, reg(cpu, REG_PC) + (sign_extend32(insn, 23) << 2),
		       false);
}

static bool arm_blx(struct kvm_step_cpu *cpu, u32 insn,
		    struct kvm_step_stop *to)
{
	u32 halfword = (insn >> 23) & 2;

	return goes_to(to, reg(cpu, REG_PC) +
			   (sign_extend32(insn, 23) << 2) + halfword, true);
}

static bool arm_bx(struct kvm_step_cpu *cpu, u32 insn, struct kvm_step_stop *to)
{
	return exchange(to, reg(cpu, insn & 0xf));
}

static bool arm_eret(struct kvm_step_cpu *cpu, u32 insn,
		     struct kvm_step_stop *to)
{
	return exception_return(to, cpu->r[REG_LR], cpu->spsr);
}

#define ARM_ALU_IMMEDIATE	BIT(25)
#define ARM_ALU_SETS_FLAGS	BIT(20)

static u32 arm_alu_result(struct kvm_step_cpu *cpu, u32 insn)
{
	u32 carry = cpu->cpsr & PSR_C_BIT ? 1 : 0;
	u32 rn = reg(cpu, (insn >> 16) & 0xf);
	u32 op2;

	if (insn & ARM_ALU_IMMEDIATE)
		op2 = ror32(insn & 0xff, ((insn >> 8) & 0xf) * 2);
	else
		op2 = shifted_reg(cpu, insn);

	switch ((insn >> 21) & 0xf) {
	case 0x0:
		return rn & op2;
	case 0x1:
		return rn ^ op2;
	case 0x2:
		return rn - op2;
	case 0x3:
		return op2 - rn;
	case 0x4:
		return rn + op2;
	case 0x5:
		return rn + op2 + carry;
	case 0x6:
		return rn - op2 - !carry;
	case 0x7:
		return op2 - rn - !carry;
	case 0xc:
		return rn | op2;
	case 0xd:
		return op2;
	case 0xe:
		return rn & ~op2;
	default:
		return ~op2;
	}
}

static bool arm_alu(struct kvm_step_cpu *cpu, u32 insn,
		    struct kvm_step_stop *to)
{
	u32 result = arm_alu_result(cpu, insn);

	return insn & ARM_ALU_SETS_FLAGS ?
	       exception_return(to, result, cpu->spsr) : exchange(to, result);
}

#define MEM_PRE		BIT(24)
#define MEM_UP		BIT(23)

static bool arm_ldr(struct kvm_step_cpu *cpu, u32 insn, u32 offset,
		    struct kvm_step_stop *to)
{
	u32 addr = reg(cpu, (insn >> 16) & 0xf);

	if (insn & MEM_PRE)
		addr += insn & MEM_UP ? offset : -offset;

	return load_exchange(cpu, addr, to);
}

static bool arm_ldr_imm(struct kvm_step_cpu *cpu, u32 insn,
			struct kvm_step_stop *to)
{
	return arm_ldr(cpu, insn, insn & 0xfff, to);
}

static bool arm_ldr_reg(struct kvm_step_cpu *cpu, u32 insn,
			struct kvm_step_stop *to)
{
	return arm_ldr(cpu, insn, shifted_reg(cpu, insn), to);
}

/* The PC is at the highest address of so many words */
static u32 block_pc(struct kvm_step_cpu *cpu, u32 insn, u32 words)
{
	u32 addr = reg(cpu, (insn >> 16) & 0xf);

	if (!(insn & MEM_UP))
		return insn & MEM_PRE ? addr - 4 : addr;

	return addr + 4 * (insn & MEM_PRE ? words : words - 1);
}

#define LDM_EXCEPTION_RETURN	BIT(22)

static bool arm_ldm(struct kvm_step_cpu *cpu, u32 insn,
		    struct kvm_step_stop *to)
{
	u32 addr = block_pc(cpu, insn, hweight16(insn & 0xffff));
	u32 val;

	if (!(insn & LDM_EXCEPTION_RETURN))
		return load_exchange(cpu, addr, to);

	return load(cpu, addr, &val) && exception_return(to, val, cpu->spsr);
}

/* The PC, and behind it the CPSR */
static bool load_rfe(struct kvm_step_cpu *cpu, u32 addr,
		     struct kvm_step_stop *to)
{
	u32 pc, psr;

	return load(cpu, addr, &pc) && load(cpu, addr + 4, &psr) &&
	       exception_return(to, pc, psr);
}

static bool arm_rfe(struct kvm_step_cpu *cpu, u32 insn,
		    struct kvm_step_stop *to)
{
	return load_rfe(cpu, block_pc(cpu, insn, 2) - 4, to);
}

/* A5.1 to A5.7. The first one that matches */
static const struct step_insn arm_insns[] = {
	{ 0xfe000000, 0xfa000000, COND_NONE, KIND_OTHER, arm_blx },
	{ 0xfe500000, 0xf8100000, COND_NONE, KIND_OTHER, arm_rfe },
	{ 0xf0000000, 0xf0000000, COND_NONE, KIND_OTHER, NULL },
	/* BX, BXJ, BLX */
	{ 0x0fffffc0, 0x012fff00, COND_ARM, KIND_OTHER, arm_bx },
	{ 0x0fffffff, 0x0160006e, COND_ARM, KIND_OTHER, arm_eret },
	{ 0x0f000000, 0x0f000000, COND_ARM, KIND_OTHER, arm_svc },
	{ 0x0f000000, 0x0a000000, COND_ARM, KIND_BRANCH, arm_b },
	{ 0x0f000000, 0x0b000000, COND_ARM, KIND_OTHER, arm_b },
	{ 0x0e108000, 0x08108000, COND_ARM, KIND_OTHER, arm_ldm },
	{ 0x0e50f000, 0x0410f000, COND_ARM, KIND_OTHER, arm_ldr_imm },
	{ 0x0e50f010, 0x0610f000, COND_ARM, KIND_OTHER, arm_ldr_reg },
	{ 0x0f900eff, 0x01900e9f, COND_ARM, KIND_LOAD_EX, NULL },
	{ 0x0f900ef0, 0x01800e90, COND_ARM, KIND_STORE_EX, NULL },
	/* Multiplies and other loads, miscellaneous, comparisons */
	{ 0x0e000090, 0x00000090, COND_ARM, KIND_OTHER, NULL },
	{ 0x0d800000, 0x01000000, COND_ARM, KIND_OTHER, NULL },
	{ 0x0c00f000, 0x0000f000, COND_ARM, KIND_OTHER, arm_alu },
};

/* ---- Thumb, 16 bits ---- */

static bool thumb_b_cond(struct kvm_step_cpu *cpu, u32 insn,
			 struct kvm_step_stop *to)
{
	return goes_to(to, reg(cpu, REG_PC) + (sign_extend32(insn, 7) << 1),
		       true);
}

static bool thumb_b(struct kvm_step_cpu *cpu, u32 insn,
		    struct kvm_step_stop *to)
{
	return goes_to(to, reg(cpu, REG_PC) + (sign_extend32(insn, 10) << 1),
		       true);
}

static bool thumb_cbz(struct kvm_step_cpu *cpu, u32 insn,
		      struct kvm_step_stop *to)
{
	u32 offset = ((insn >> 9) & 1) << 6 | ((insn >> 3) & 0x1f) << 1;

	return goes_to(to, reg(cpu, REG_PC) + offset, true);
}

static bool thumb_bx(struct kvm_step_cpu *cpu, u32 insn,
		     struct kvm_step_stop *to)
{
	return exchange(to, reg(cpu, (insn >> 3) & 0xf));
}

static bool thumb_pop(struct kvm_step_cpu *cpu, u32 insn,
		      struct kvm_step_stop *to)
{
	return load_exchange(cpu, cpu->r[REG_SP] + 4 * hweight8(insn & 0xff),
			     to);
}

static bool thumb_mov(struct kvm_step_cpu *cpu, u32 insn,
		      struct kvm_step_stop *to)
{
	return goes_to(to, reg(cpu, (insn >> 3) & 0xf), true);
}

static bool thumb_add(struct kvm_step_cpu *cpu, u32 insn,
		      struct kvm_step_stop *to)
{
	return goes_to(to, reg(cpu, REG_PC) + reg(cpu, (insn >> 3) & 0xf),
		       true);
}

static const struct step_insn thumb_insns[] = {
	{ 0xff00, 0xdf00, COND_IT, KIND_OTHER, arm_svc },
	{ 0xff00, 0xde00, COND_NONE, KIND_OTHER, NULL },
	{ 0xf000, 0xd000, COND_B16, KIND_BRANCH, thumb_b_cond },
	{ 0xf800, 0xe000, COND_IT, KIND_BRANCH, thumb_b },
	{ 0xf500, 0xb100, COND_CBZ, KIND_BRANCH, thumb_cbz },
	{ 0xff00, 0xbd00, COND_IT, KIND_OTHER, thumb_pop },
	/* BX, BLX */
	{ 0xff00, 0x4700, COND_IT, KIND_OTHER, thumb_bx },
	{ 0xff87, 0x4687, COND_IT, KIND_OTHER, thumb_mov },
	{ 0xff87, 0x4487, COND_IT, KIND_OTHER, thumb_add },
};

/* ---- Thumb, 32 bits: the first halfword is the upper one ---- */

#define THUMB32_S(insn)		(((insn) >> 26) & 1)
#define THUMB32_J1(insn)	(((insn) >> 13) & 1)
#define THUMB32_J2(insn)	(((insn) >> 11) & 1)

static bool thumb32_b_cond(struct kvm_step_cpu *cpu, u32 insn,
			   struct kvm_step_stop *to)
{
	u32 offset = THUMB32_S(insn) << 20 | THUMB32_J2(insn) << 19 |
		     THUMB32_J1(insn) << 18 | ((insn >> 16) & 0x3f) << 12 |
		     (insn & 0x7ff) << 1;

	return goes_to(to, reg(cpu, REG_PC) + sign_extend32(offset, 20), true);
}

/* I1 and I2 are J1 and J2 where S is set, and their complements elsewhere */
static u32 thumb32_offset(u32 insn)
{
	u32 s = THUMB32_S(insn);
	u32 i1 = THUMB32_J1(insn) ^ !s;
	u32 i2 = THUMB32_J2(insn) ^ !s;

	return sign_extend32(s << 24 | i1 << 23 | i2 << 22 |
			     ((insn >> 16) & 0x3ff) << 12 |
			     (insn & 0x7ff) << 1, 24);
}

static bool thumb32_b(struct kvm_step_cpu *cpu, u32 insn,
		      struct kvm_step_stop *to)
{
	return goes_to(to, reg(cpu, REG_PC) + thumb32_offset(insn), true);
}

static bool thumb32_blx(struct kvm_step_cpu *cpu, u32 insn,
			struct kvm_step_stop *to)
{
	return goes_to(to, aligned_pc(cpu) + thumb32_offset(insn), false);
}

static bool thumb32_bxj(struct kvm_step_cpu *cpu, u32 insn,
			struct kvm_step_stop *to)
{
	return exchange(to, reg(cpu, (insn >> 16) & 0xf));
}

/* SUBS PC, LR, #n, which with zero is ERET */
static bool thumb32_subs(struct kvm_step_cpu *cpu, u32 insn,
			 struct kvm_step_stop *to)
{
	return exception_return(to, cpu->r[REG_LR] - (insn & 0xff), cpu->spsr);
}

static bool thumb32_ldr_literal(struct kvm_step_cpu *cpu, u32 insn,
				struct kvm_step_stop *to)
{
	u32 offset = insn & 0xfff;

	return load_exchange(cpu, aligned_pc(cpu) +
				  (insn & MEM_UP ? offset : -offset), to);
}

static bool thumb32_ldr_imm12(struct kvm_step_cpu *cpu, u32 insn,
			      struct kvm_step_stop *to)
{
	return load_exchange(cpu, cpu->r[(insn >> 16) & 0xf] + (insn & 0xfff),
			     to);
}

#define THUMB32_IMM8_PRE	BIT(10)
#define THUMB32_IMM8_UP		BIT(9)

static bool thumb32_ldr_imm8(struct kvm_step_cpu *cpu, u32 insn,
			     struct kvm_step_stop *to)
{
	u32 addr = cpu->r[(insn >> 16) & 0xf];
	u32 offset = insn & 0xff;

	if (insn & THUMB32_IMM8_PRE)
		addr += insn & THUMB32_IMM8_UP ? offset : -offset;

	return load_exchange(cpu, addr, to);
}

static bool thumb32_ldr_reg(struct kvm_step_cpu *cpu, u32 insn,
			    struct kvm_step_stop *to)
{
	u32 offset = cpu->r[insn & 0xf] << ((insn >> 4) & 3);

	return load_exchange(cpu, cpu->r[(insn >> 16) & 0xf] + offset, to);
}

static bool thumb32_rfedb(struct kvm_step_cpu *cpu, u32 insn,
			  struct kvm_step_stop *to)
{
	return load_rfe(cpu, cpu->r[(insn >> 16) & 0xf] - 8, to);
}

static bool thumb32_rfeia(struct kvm_step_cpu *cpu, u32 insn,
			  struct kvm_step_stop *to)
{
	return load_rfe(cpu, cpu->r[(insn >> 16) & 0xf], to);
}

#define THUMB32_TABLE_HALFWORDS	BIT(4)

/* TBB, TBH: a table of offsets in halfwords */
static bool thumb32_tb(struct kvm_step_cpu *cpu, u32 insn,
		       struct kvm_step_stop *to)
{
	u32 base = reg(cpu, (insn >> 16) & 0xf);
	u32 index = cpu->r[insn & 0xf];
	u16 val16;
	u8 val8;

	if (!(insn & THUMB32_TABLE_HALFWORDS)) {
		if (cpu->read(cpu, base + index, &val8, sizeof(val8)))
			return false;
		return goes_to(to, reg(cpu, REG_PC) + 2 * val8, true);
	}

	if (cpu->read(cpu, base + 2 * index, &val16, sizeof(val16)))
		return false;
	val16 = cpu->cpsr & PSR_E_BIT ? be16_to_cpu((__force __be16)val16) :
					le16_to_cpu((__force __le16)val16);
	return goes_to(to, reg(cpu, REG_PC) + 2 * val16, true);
}

static const struct step_insn thumb32_insns[] = {
	{ 0xffffff00, 0xf3de8f00, COND_IT, KIND_OTHER, thumb32_subs },
	{ 0xfff0ffff, 0xf3c08f00, COND_IT, KIND_OTHER, thumb32_bxj },
	/* Miscellaneous control: conditions 0b111x of a branch */
	{ 0xfb80d000, 0xf3808000, COND_IT, KIND_OTHER, NULL },
	{ 0xf800d000, 0xf0008000, COND_B32, KIND_BRANCH, thumb32_b_cond },
	{ 0xf800d000, 0xf0009000, COND_IT, KIND_BRANCH, thumb32_b },
	{ 0xf800d000, 0xf000d000, COND_IT, KIND_OTHER, thumb32_b },
	{ 0xf800d000, 0xf000c000, COND_IT, KIND_OTHER, thumb32_blx },
	{ 0xff7ff000, 0xf85ff000, COND_IT, KIND_OTHER, thumb32_ldr_literal },
	{ 0xfff0f000, 0xf8d0f000, COND_IT, KIND_OTHER, thumb32_ldr_imm12 },
	{ 0xfff0f800, 0xf850f800, COND_IT, KIND_OTHER, thumb32_ldr_imm8 },
	{ 0xfff0ffc0, 0xf850f000, COND_IT, KIND_OTHER, thumb32_ldr_reg },
	{ 0xffd0ffff, 0xe810c000, COND_IT, KIND_OTHER, thumb32_rfedb },
	{ 0xffd0ffff, 0xe990c000, COND_IT, KIND_OTHER, thumb32_rfeia },
	{ 0xffd08000, 0xe8908000, COND_IT, KIND_OTHER, arm_ldm },
	{ 0xffd08000, 0xe9108000, COND_IT, KIND_OTHER, arm_ldm },
	{ 0xfff0ffe0, 0xe8d0f000, COND_IT, KIND_OTHER, thumb32_tb },
	{ 0xfff00f00, 0xe8500f00, COND_IT, KIND_LOAD_EX, NULL },
	{ 0xfff00f40, 0xe8d00f40, COND_IT, KIND_LOAD_EX, NULL },
	{ 0xfff00000, 0xe8400000, COND_IT, KIND_STORE_EX, NULL },
	{ 0xfff00040, 0xe8c00040, COND_IT, KIND_STORE_EX, NULL },
};

/* ---- all of them ---- */

/**
 * struct step_fetched - an instruction
 * @insn: it
 * @size: its bytes
 * @row: what is known of it, NULL if it leads to the next
 */
struct step_fetched {
	u32 insn;
	u32 size;
	const struct step_insn *row;
};

static const struct step_insn *find(const struct step_insn *insns, int nr,
				    u32 insn)
{
	int i;

	for (i = 0; i < nr; i++) {
		if ((insn & insns[i].mask) == insns[i].value)
			return &insns[i];
	}

	return NULL;
}

/* Instructions are little-endian whatever data is (A3.3.1) */
static bool fetch(struct kvm_step_cpu *cpu, struct step_fetched *f)
{
	u32 addr = cpu->r[REG_PC];
	u16 half[2];

	if (!is_thumb(cpu)) {
		f->size = ARM_INSN_SIZE;
		if (cpu->read(cpu, addr, &f->insn, sizeof(f->insn)))
			return false;
		f->insn = le32_to_cpu((__force __le32)f->insn);
		f->row = find(arm_insns, ARRAY_SIZE(arm_insns), f->insn);
		return true;
	}

	f->size = sizeof(half[0]);
	if (cpu->read(cpu, addr, &half[0], sizeof(half[0])))
		return false;
	f->insn = le16_to_cpu((__force __le16)half[0]);
	if (!is_wide_instruction(f->insn)) {
		f->row = find(thumb_insns, ARRAY_SIZE(thumb_insns), f->insn);
		return true;
	}

	f->size = sizeof(half);
	if (cpu->read(cpu, addr + sizeof(half[0]), &half[1], sizeof(half[1])))
		return false;
	f->insn = f->insn << 16 | le16_to_cpu((__force __le16)half[1]);
	f->row = find(thumb32_insns, ARRAY_SIZE(thumb32_insns), f->insn);
	return true;
}

#define CBZ_NONZERO	BIT(11)

static bool cbz_passes(const struct kvm_step_cpu *cpu, u32 insn)
{
	return !cpu->r[insn & 7] != !!(insn & CBZ_NONZERO);
}

static bool passes(const struct kvm_step_cpu *cpu,
		   const struct step_fetched *f)
{
	u32 cond;

	switch (f->row->cond) {
	case COND_ARM:
		cond = f->insn >> 28;
		break;
	case COND_IT:
		return kvm_it_passes(cpu->cpsr);
	case COND_B16:
		cond = (f->insn >> 8) & 0xf;
		break;
	case COND_B32:
		cond = (f->insn >> 22) & 0xf;
		break;
	case COND_CBZ:
		return cbz_passes(cpu, f->insn);
	default:
		return true;
	}

	return arm_check_condition(cond << 28, cpu->cpsr) !=
	       ARM_OPCODE_CONDTEST_FAIL;
}

static void add(struct kvm_step *step, const struct kvm_step_stop *stop)
{
	unsigned int i;

	for (i = 0; i < step->nr; i++) {
		if (step->stop[i].addr == stop->addr)
			return;
	}

	if (step->nr < KVM_STEP_STOPS)
		step->stop[step->nr++] = *stop;
}

/* Moves the PC behind the store, and collects the branches on the way */
static bool scan_exclusive(struct kvm_step_cpu *cpu,
			   struct kvm_step_stop *exits, unsigned int *nr)
{
	struct step_fetched f;
	int i, kind;

	*nr = 0;
	for (i = 0; i < EXCLUSIVE_INSNS; i++) {
		if (!fetch(cpu, &f))
			return false;

		kind = f.row ? f.row->kind : KIND_OTHER;
		if (kind == KIND_BRANCH) {
			if (*nr == EXCLUSIVE_BRANCHES ||
			    !f.row->target(cpu, f.insn, &exits[(*nr)++]))
				return false;
		} else if (f.row && f.row->target) {
			return false;
		}

		cpu->r[REG_PC] += f.size;
		if (kind == KIND_STORE_EX)
			return true;
	}

	return false;
}

/*
 * From a load-exclusive to behind its store, and to where branches in between
 * leave the sequence. False: it is no such sequence.
 */
static bool decode_exclusive(struct kvm_step_cpu *cpu, struct kvm_step *step)
{
	struct kvm_step_stop exits[EXCLUSIVE_BRANCHES];
	u32 begin = cpu->r[REG_PC];
	struct kvm_step_stop end;
	unsigned int i, nr;
	bool found;

	found = scan_exclusive(cpu, exits, &nr);
	goes_to(&end, cpu->r[REG_PC], is_thumb(cpu));
	cpu->r[REG_PC] = begin;
	if (!found)
		return false;

	add(step, &end);
	for (i = 0; i < nr; i++) {
		if (exits[i].addr < begin || exits[i].addr > end.addr)
			add(step, &exits[i]);
	}

	return true;
}

static void decode_insn(struct kvm_step_cpu *cpu, struct kvm_step *step)
{
	struct kvm_step_stop to;
	struct step_fetched f;

	/* It will abort */
	if (!fetch(cpu, &f))
		return;

	if (f.row && f.row->kind == KIND_LOAD_EX &&
	    decode_exclusive(cpu, step))
		return;

	goes_to(&to, cpu->r[REG_PC] + f.size, is_thumb(cpu));
	if (f.row && f.row->target && passes(cpu, &f) &&
	    !f.row->target(cpu, f.insn, &to))
		return;

	/* A breakpoint where the CPU is already would be hit at once */
	if (to.addr == cpu->r[REG_PC])
		step->still = f.row->kind == KIND_BRANCH;
	else
		add(step, &to);
}

/**
 * kvm_step_decode - find out where a CPU may be after its next instruction
 * @cpu: the CPU
 * @step: filled in
 *
 * An instruction that leads to itself otherwise than by a plain branch has no
 * stop of its own, and neither has one whose memory cannot be read.
 *
 * Context: that of @cpu->read.
 */
void kvm_step_decode(struct kvm_step_cpu *cpu, struct kvm_step *step)
{
	static const u8 vectors[] = {
		VECTOR_IRQ, VECTOR_PREFETCH_ABORT, VECTOR_DATA_ABORT,
		VECTOR_UNDEFINED, VECTOR_FIQ,
	};
	struct kvm_step_stop to;
	unsigned int i;

	step->nr = 0;
	step->still = false;
	decode_insn(cpu, step);

	for (i = 0; i < ARRAY_SIZE(vectors); i++) {
		to_vector(cpu, vectors[i], &to);
		if (to.addr != cpu->r[REG_PC])
			add(step, &to);
	}
}
