// SPDX-License-Identifier: GPL-2.0-only
/*
 * A guest does not reach the error records of its core, by what was written to
 * HCR2: not every emulator keeps the bit.
 */
#include "arch-check.h"

static uint32_t hcr2[MAX_CPUS];

static void reset(struct cpu *cpu)
{
	hcr2[cpu->index] = 0;
}

static void insn(struct cpu *cpu, const struct insn *insn)
{
	if (cpu->world == WORLD_HYP && insn->class == INSN_CP_WRITE &&
	    insn->sysreg == SYS_HCR2)
		hcr2[cpu->index] = value_written(insn);
}

static void leave_hyp(struct cpu *cpu, const struct insn *insn, enum world to)
{
	if (to != WORLD_GUEST || !(read_state(STATE_ID_PFR0) & ID_PFR0_RAS))
		return;

	check(RULE_ERROR_RECORDS, cpu, insn, hcr2[cpu->index] & HCR2_TERR,
	      "set TERR in HCR2: it is %#x", hcr2[cpu->index]);
}

const struct module ras_module = {
	.reset = reset,
	.insn = insn,
	.leave_hyp = leave_hyp,
};
