// SPDX-License-Identifier: GPL-2.0-only
/*
 * Debug registers and counters: what a guest does not reach, and what the host
 * gets back. The emulator shows none of them, so that they are what was written
 * to them; out of reset, zero.
 */
#include "arch-check.h"

#define HDCR_TRAPS	(HDCR_TDRA | HDCR_TDOSA | HDCR_TDA | HDCR_TPM | \
			 HDCR_TPMCR)

/* DBGBVRn, DBGBCRn, DBGWVRn, DBGWCRn, in the order of SYSREGS */
#define FIRST_POINT	SYS_DBGBVR0
#define NR_POINTS	(SYS_DBGWCR15 - SYS_DBGBVR0 + 1)

/* What a CPU has, and what the host has left there */
struct registers {
	uint32_t points[NR_POINTS];
	uint32_t counters;		/* PMCNTENSET */
	uint32_t userenr;
};

static struct {
	struct registers now, host;
	uint32_t dscr;
	/* In HYP mode, since the host ran */
	bool debug_written, pmu_written;
} cpus[MAX_CPUS];

static void reset(struct cpu *cpu)
{
	cpus[cpu->index] = (typeof(cpus[0])){ 0 };
}

static void enter_hyp(struct cpu *cpu, const struct insn *insn)
{
	if (cpu->from == WORLD_HOST)
		cpus[cpu->index].host = cpus[cpu->index].now;
}

static void write_hdcr(struct cpu *cpu, const struct insn *insn)
{
	uint32_t old = read_state(STATE_HDCR), new = value_written(insn);

	check(RULE_PMU_COUNTERS, cpu, insn, !((old ^ new) & HDCR_HPMN),
	      "keep HDCR.HPMN: it is %u and would be %u", old & HDCR_HPMN,
	      new & HDCR_HPMN);
	cpus[cpu->index].debug_written |= (old ^ new) & HDCR_TDE;
}

static void write_register(struct cpu *cpu, const struct insn *insn)
{
	struct registers *now = &cpus[cpu->index].now;
	bool hyp = cpu->world == WORLD_HYP;

	switch (insn->sysreg) {
	case SYS_DBGBVR0 ... SYS_DBGWCR15:
		now->points[insn->sysreg - FIRST_POINT] = value_written(insn);
		cpus[cpu->index].debug_written |= hyp;
		break;
	case SYS_DBGDSCRext:
		cpus[cpu->index].dscr = value_written(insn);
		break;
	case SYS_PMCNTENSET:
		now->counters |= value_written(insn);
		cpus[cpu->index].pmu_written |= hyp;
		break;
	case SYS_PMCNTENCLR:
		now->counters &= ~value_written(insn);
		cpus[cpu->index].pmu_written |= hyp;
		break;
	case SYS_PMUSERENR:
		now->userenr = value_written(insn);
		cpus[cpu->index].pmu_written |= hyp;
		break;
	default:
		break;
	}
}

/* What traps comes here, too, and again when it does not: it is the same value */
static void insn(struct cpu *cpu, const struct insn *insn)
{
	if (cpu->world == WORLD_GUEST || insn->class != INSN_CP_WRITE)
		return;
	if (cpu->world == WORLD_HYP && insn->sysreg == SYS_HDCR)
		write_hdcr(cpu, insn);
	else
		write_register(cpu, insn);
}

static void enter_guest(struct cpu *cpu, const struct insn *insn)
{
	uint32_t hdcr = read_state(STATE_HDCR);

	check(RULE_DEBUG_TRAPS, cpu, insn, (hdcr & HDCR_TRAPS) == HDCR_TRAPS,
	      "set %#x in HDCR: it is %#x", HDCR_TRAPS & ~hdcr, hdcr);
	if (cpus[cpu->index].dscr & DBGDSCR_MDBGEN)
		check(RULE_DEBUG_GUEST, cpu, insn, hdcr & HDCR_TDE,
		      "set HDCR.TDE, or clear DBGDSCR.MDBGen: HDCR is %#x, DBGDSCR %#x",
		      hdcr, cpus[cpu->index].dscr);
}

static void check_debug(struct cpu *cpu, const struct insn *insn)
{
	const struct registers *now = &cpus[cpu->index].now;
	const struct registers *host = &cpus[cpu->index].host;
	uint32_t hdcr = read_state(STATE_HDCR);
	unsigned int i = 0;

	while (i < NR_POINTS - 1 && now->points[i] == host->points[i])
		i++;
	check(RULE_DEBUG_HOST, cpu, insn,
	      now->points[i] == host->points[i] && !(hdcr & HDCR_TDE),
	      "clear HDCR.TDE and write the host's %s: HDCR is %#x, the register %#x and was %#x",
	      sysreg_name(FIRST_POINT + i), hdcr, now->points[i],
	      host->points[i]);
}

static void check_pmu(struct cpu *cpu, const struct insn *insn)
{
	const struct registers *now = &cpus[cpu->index].now;
	const struct registers *host = &cpus[cpu->index].host;

	check(RULE_PMU_HOST, cpu, insn,
	      now->counters == host->counters && now->userenr == host->userenr,
	      "write PMCNTENSET, PMCNTENCLR, PMUSERENR: on are the counters %#x, the host's were %#x; PMUSERENR is %#x and was %#x",
	      now->counters, host->counters, now->userenr, host->userenr);
}

static void leave_hyp(struct cpu *cpu, const struct insn *insn, enum world to)
{
	if (to == WORLD_GUEST)
		enter_guest(cpu, insn);
	if (to != WORLD_HOST)
		return;
	if (cpus[cpu->index].debug_written)
		check_debug(cpu, insn);
	if (cpus[cpu->index].pmu_written)
		check_pmu(cpu, insn);
	cpus[cpu->index].debug_written = false;
	cpus[cpu->index].pmu_written = false;
}

const struct module debug_module = {
	.reset = reset,
	.enter_hyp = enter_hyp,
	.insn = insn,
	.leave_hyp = leave_hyp,
};
