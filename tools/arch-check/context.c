// SPDX-License-Identifier: GPL-2.0-only
/*
 * A system register that was written, and what depends on it: not before an
 * ISB, an exception or the return from one (DDI 0406C B3.15.5).
 *
 * There is no row for what nothing in HYP mode depends on: HSTR, HDCR, CNTHCTL,
 * VPIDR, VMPIDR, breakpoints and watchpoints act in PL1 and PL0, and so do the
 * registers of the first stage there, as HYP mode has no address translation
 * operation (scripts/check-hyp); counters count there and in HYP mode, whose
 * events nobody asks for; and HYP mode is left by an exception return. There is
 * none for FPEXC either: the manual's own sequence to enable the VFP has no ISB
 * behind the VMSR (B1.11).
 */
#include "arch-check.h"

#define MAX_SYSREGS	16
#define SYSREG_SET(...)	{ __VA_ARGS__ }

struct dependence {
	enum rule_id id;
	bool host;		/* of the host's code, too */
	/* Written by MCR or MCRR */
	enum sysreg written[MAX_SYSREGS];
	/* What depends on that: read or written, classes, accesses */
	enum sysreg used[MAX_SYSREGS];
	enum insn_class class;
	bool access;
};

static const struct dependence dependences[] = {
	{
		.id = RULE_SYNC_HCPTR,
		.written = { SYS_HCPTR },
		.class = INSN_VFP,
	}, {
		.id = RULE_SYNC_HYP_TABLES,
		.written = { SYS_HTTBR, SYS_HTCR, SYS_HMAIR0, SYS_HMAIR1,
			     SYS_HSCTLR },
		.access = true,
	}, {
		.id = RULE_SYNC_HVBAR,
		.written = { SYS_HVBAR },
		.class = INSN_HVC,
	}, {
		.id = RULE_SYNC_STAGE2,
		.written = { SYS_VTTBR, SYS_VTCR, SYS_HCR },
		.used = { SYS_TLBIALL, SYS_TLBIALLIS, SYS_TLBIMVA,
			  SYS_TLBIMVAIS, SYS_TLBIASID, SYS_TLBIASIDIS,
			  SYS_TLBIMVAA, SYS_TLBIMVAAIS },
	}, {
		.id = RULE_SYNC_CPACR, .host = true,
		.written = { SYS_CPACR },
		.class = INSN_VFP,
	}, {
		.id = RULE_SYNC_CSSELR, .host = true,
		.written = { SYS_CSSELR },
		.used = { SYS_CCSIDR },
	}, {
		.id = RULE_SYNC_CNTVOFF,
		.written = { SYS_CNTVOFF },
		.used = { SYS_CNTVCT, SYS_CNTV_TVAL, SYS_CNTV_CTL,
			  SYS_CNTV_CVAL },
	}, {
		.id = RULE_SYNC_SRE,
		.written = { SYS_ICC_SRE },
		.used = { SYS_ICH_AP0R0, SYS_ICH_AP1R0, SYS_ICH_HCR,
			  SYS_ICH_VTR, SYS_ICH_VMCR },
	}, {
		.id = RULE_SYNC_DSCR,
		.written = { SYS_DBGDSCRext },
		.used = { SYS_DBGDSCRint },
	},
};

/* The write of each row that nothing has synchronised since */
static const struct insn *writes[MAX_CPUS][ARRAY_SIZE(dependences)];

static void synchronise(struct cpu *cpu)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(dependences); i++)
		writes[cpu->index][i] = NULL;
}

static bool is_in(enum sysreg sysreg, const enum sysreg *set)
{
	unsigned int i;

	for (i = 0; sysreg != SYS_NONE && i < MAX_SYSREGS; i++)
		if (set[i] == sysreg)
			return true;
	return false;
}

static bool is_vfp(enum insn_class class)
{
	return class == INSN_VFP || class == INSN_VMSR_FPEXC ||
		class == INSN_VMRS;
}

static bool depends(const struct dependence *d, const struct insn *insn)
{
	if (d->class == INSN_VFP)
		return is_vfp(insn->class);
	if (d->class != INSN_OTHER)
		return insn->class == d->class;
	return is_in(insn->sysreg, d->used);
}

/* A write asks the rule; it is violated by what comes too early after it */
static void violated(struct cpu *cpu, const struct insn *insn, unsigned int row)
{
	const struct insn *write = writes[cpu->index][row];

	check(dependences[row].id, cpu, insn, false,
	      "ISB between the write of %s at %#x and what depends on it",
	      sysreg_name(write->sysreg), write->pc);
	writes[cpu->index][row] = NULL;
}

static void follow(struct cpu *cpu, const struct insn *insn)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(dependences); i++) {
		const struct dependence *d = &dependences[i];

		if (cpu->world != WORLD_HYP && !d->host)
			continue;
		if (writes[cpu->index][i] && depends(d, insn))
			violated(cpu, insn, i);
		if (insn->class == INSN_CP_WRITE &&
		    is_in(insn->sysreg, d->written)) {
			check(d->id, cpu, insn, true, " ");
			writes[cpu->index][i] = insn;
		}
	}
}

static void insn(struct cpu *cpu, const struct insn *insn)
{
	if (insn->vector) {
		synchronise(cpu);
		return;
	}
	if (cpu->world == WORLD_GUEST)
		return;

	follow(cpu, insn);
	switch (insn->class) {
	case INSN_ISB:
	case INSN_RETURN:
	case INSN_SVC:
	case INSN_SMC:
	case INSN_HVC:
		synchronise(cpu);
		break;
	default:
		break;
	}
}

static void access(struct cpu *cpu, const struct insn *insn,
		   const struct access *access)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(dependences); i++)
		if (dependences[i].access && writes[cpu->index][i])
			violated(cpu, insn, i);
}

static void enter_hyp(struct cpu *cpu, const struct insn *insn)
{
	synchronise(cpu);
}

static void leave_hyp(struct cpu *cpu, const struct insn *insn, enum world to)
{
	synchronise(cpu);
}

const struct module context_module = {
	.reset = synchronise,
	.enter_hyp = enter_hyp,
	.leave_hyp = leave_hyp,
	.hyp_exception = enter_hyp,
	.insn = insn,
	.access = access,
};
