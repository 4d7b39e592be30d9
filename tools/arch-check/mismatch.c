// SPDX-License-Identifier: GPL-2.0-only
/*
 * Memory that the host and HYP mode both access has to have the same attributes
 * in both, and so have tables for those who walk them (DDI 0406C A3.5.7). Otherwise
 * one may not find what the other has in its caches. The host's attributes are
 * those of its own walks: Linux has its memory like that, with CONFIG_SMP or
 * without.
 *
 * The emulator shows none of the registers of HYP mode that this is about, so
 * that they are what was written to them.
 */
#include "tlb.h"

#define HSCTLR_C	(1u << 2)
#define HSCTLR_I	(1u << 12)
#define HSCTLR_CACHED	(HSCTLR_M | HSCTLR_C | HSCTLR_I)

/* Attributes are compared as SH0, ORGN0 and IRGN0 of TTBCR, HTCR and VTCR */
#define SH_SHIFT	12
#define SH_OUTER	2u
#define SH_INNER	3u
#define ORGN_SHIFT	10
#define IRGN_SHIFT	8
#define FIELD_MASK	3u

#define RGN_NC		0u
#define RGN_WRITE_BACK	1u
#define RGN_WRITE_THROUGH 2u

/* TTBRn of short descriptors (B4.1.154): IRGN is in two places */
#define TTBR_IRGN_1	(1u << 0)
#define TTBR_S		(1u << 1)
#define TTBR_RGN_SHIFT	3
#define TTBR_NOS	(1u << 5)
#define TTBR_IRGN_0	(1u << 6)

/* A half of an attribute of HMAIRn (B4.1.104) */
#define MAIR_HALF	0xfu
#define MAIR_NC		4u
#define MAIR_WRITE_BACK	4u

#define DESC_ATTR_SHIFT	2
#define DESC_ATTR_MASK	7u
#define DESC_SH_SHIFT	8

static struct {
	uint32_t hsctlr, htcr, vtcr;
	uint64_t hmair;
	bool host_known;
	uint32_t host;		/* attributes */
	bool told;		/* that HYP mode's are others */
} cpus[MAX_CPUS];

static void reset(struct cpu *cpu)
{
	cpus[cpu->index] = (typeof(cpus[0])){ 0 };
}

/* Whether lines are allocated is a hint */
static uint32_t attributes(uint32_t sh, uint32_t outer, uint32_t inner)
{
	if (outer & RGN_WRITE_BACK)
		outer = RGN_WRITE_BACK;
	if (inner & RGN_WRITE_BACK)
		inner = RGN_WRITE_BACK;
	return sh << SH_SHIFT | outer << ORGN_SHIFT | inner << IRGN_SHIFT;
}

static uint32_t of_tcr(uint32_t tcr)
{
	return attributes(tcr >> SH_SHIFT & FIELD_MASK,
			  tcr >> ORGN_SHIFT & FIELD_MASK,
			  tcr >> IRGN_SHIFT & FIELD_MASK);
}

static uint32_t of_ttbr(uint32_t ttbr)
{
	uint32_t sh = ttbr & TTBR_NOS ? SH_INNER : SH_OUTER;
	uint32_t inner = (ttbr & TTBR_IRGN_1 ? 2 : 0) |
		(ttbr & TTBR_IRGN_0 ? 1 : 0);

	return attributes(ttbr & TTBR_S ? sh : 0,
			  ttbr >> TTBR_RGN_SHIFT & FIELD_MASK, inner);
}

/* What is no Normal memory is not cached, either */
static uint32_t rgn_of_half(uint32_t half)
{
	if (!half || half == MAIR_NC)
		return RGN_NC;
	return half & MAIR_WRITE_BACK ? RGN_WRITE_BACK : RGN_WRITE_THROUGH;
}

static uint32_t of_leaf(uint64_t leaf, uint64_t hmair)
{
	uint32_t attr = hmair >> 8 * (leaf >> DESC_ATTR_SHIFT & DESC_ATTR_MASK);

	return attributes(leaf >> DESC_SH_SHIFT & FIELD_MASK,
			  rgn_of_half(attr >> 4 & MAIR_HALF),
			  rgn_of_half(attr & MAIR_HALF));
}

static void enter_hyp(struct cpu *cpu, const struct insn *insn)
{
	uint32_t ttbcr;

	if (cpu->from != WORLD_HOST)
		return;
	ttbcr = read_state(STATE_TTBCR);
	cpus[cpu->index].host = ttbcr & TTBCR_EAE ?
		of_tcr(ttbcr) : of_ttbr(read_state(STATE_TTBR0));
	cpus[cpu->index].host_known = true;
}

static void insn(struct cpu *cpu, const struct insn *insn)
{
	uint64_t *hmair = &cpus[cpu->index].hmair;

	if (cpu->world != WORLD_HYP || insn->class != INSN_CP_WRITE)
		return;

	switch (insn->sysreg) {
	case SYS_HSCTLR:
		cpus[cpu->index].hsctlr = value_written(insn);
		break;
	case SYS_HTCR:
		cpus[cpu->index].htcr = value_written(insn);
		break;
	case SYS_VTCR:
		cpus[cpu->index].vtcr = value_written(insn);
		break;
	case SYS_HMAIR0:
		*hmair = *hmair >> 32 << 32 | value_written(insn);
		break;
	case SYS_HMAIR1:
		*hmair = (uint32_t)*hmair | value_written(insn) << 32;
		break;
	default:
		return;
	}
	cpus[cpu->index].told = false;
}

static void check_page(struct cpu *cpu, const struct insn *insn,
		       uint32_t address)
{
	uint64_t leaf = hyp_leaf(cpu, address);
	uint32_t host = cpus[cpu->index].host, hyp;

	if (!leaf || !cpus[cpu->index].host_known || cpus[cpu->index].told)
		return;
	hyp = of_leaf(leaf, cpus[cpu->index].hmair);
	cpus[cpu->index].told =
		!check(RULE_MISMATCH_MEMORY, cpu, insn, hyp == host,
		       "attributes of %#x as the host has them: by HMAIR %#llx and descriptor %#llx they are, as SH0, ORGN0 and IRGN0, %#x, the host's %#x",
		       address, (unsigned long long)cpus[cpu->index].hmair,
		       (unsigned long long)leaf, hyp, host);
}

static void access(struct cpu *cpu, const struct insn *insn,
		   const struct access *access)
{
	if (!access->io && access->physical >= RAM_START)
		check_page(cpu, insn, access->address);
}

static void check_walks(struct cpu *cpu, const struct insn *insn,
			enum sysreg sysreg, uint32_t tcr)
{
	uint32_t host = cpus[cpu->index].host;

	if (cpus[cpu->index].host_known)
		check(RULE_MISMATCH_WALKS, cpu, insn, of_tcr(tcr) == host,
		      "SH0, ORGN0 and IRGN0 in %s as the host's walks have them: they are %#x, the host's %#x",
		      sysreg_name(sysreg), of_tcr(tcr), host);
}

static void leave_hyp(struct cpu *cpu, const struct insn *insn, enum world to)
{
	uint32_t hsctlr = cpus[cpu->index].hsctlr;

	if (to != WORLD_GUEST)
		return;
	check(RULE_MISMATCH_MEMORY, cpu, insn,
	      (hsctlr & HSCTLR_CACHED) == HSCTLR_CACHED,
	      "set %#x in HSCTLR: it is %#x", HSCTLR_CACHED & ~hsctlr, hsctlr);
	check_page(cpu, insn, insn->pc);
	check_walks(cpu, insn, SYS_HTCR, cpus[cpu->index].htcr);
	check_walks(cpu, insn, SYS_VTCR, cpus[cpu->index].vtcr);
}

const struct module mismatch_module = {
	.reset = reset,
	.enter_hyp = enter_hyp,
	.insn = insn,
	.access = access,
	.leave_hyp = leave_hyp,
};
