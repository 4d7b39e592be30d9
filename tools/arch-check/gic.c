// SPDX-License-Identifier: GPL-2.0-only
/*
 * The virtual interface of a GICv3: in which order it is written, and that it
 * is off while the host runs.
 */
#include "arch-check.h"

static struct {
	bool used;		/* ICH_HCR has been something else than 0 */
	uint32_t hcr;
	bool group_0;		/* its priorities come first */
} gic[MAX_CPUS];

static void reset(struct cpu *cpu)
{
	gic[cpu->index].used = false;
	gic[cpu->index].hcr = 0;
}

static void enter_hyp(struct cpu *cpu, const struct insn *insn)
{
	gic[cpu->index].group_0 = false;
}

static void insn(struct cpu *cpu, const struct insn *insn)
{
	if (cpu->world != WORLD_HYP || insn->class != INSN_CP_WRITE)
		return;

	switch (insn->sysreg) {
	case SYS_ICH_HCR:
		gic[cpu->index].hcr = value_written(insn);
		gic[cpu->index].used |= gic[cpu->index].hcr != 0;
		break;
	case SYS_ICH_AP0R0:
		gic[cpu->index].group_0 = true;
		break;
	case SYS_ICH_AP1R0:
		check(RULE_GIC_APRS, cpu, insn, gic[cpu->index].group_0,
		      "write ICH_AP0R0 before");
		break;
	default:
		break;
	}
}

static void leave_hyp(struct cpu *cpu, const struct insn *insn, enum world to)
{
	uint32_t hcr = gic[cpu->index].hcr;

	if (to != WORLD_HOST || !gic[cpu->index].used)
		return;
	check(RULE_GIC_OFF, cpu, insn, !hcr, "write 0 to ICH_HCR: it is %#x",
	      hcr);
	gic[cpu->index].used = hcr != 0;
}

const struct module gic_module = {
	.reset = reset,
	.enter_hyp = enter_hyp,
	.insn = insn,
	.leave_hyp = leave_hyp,
};
