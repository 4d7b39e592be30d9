// SPDX-License-Identifier: GPL-2.0-only
/*
 * The virtual interface of a GICv3: in which order it is written, and that it
 * is off while the host runs. And that a guest does not reach ICC_SRE, by what
 * was written to ICC_HSRE: that of the emulator is a constant.
 */
#include "arch-check.h"

static struct {
	bool used;		/* ICH_HCR has been something else than 0 */
	uint32_t hcr;
	bool group_0;		/* its priorities come first */
	bool hsre_written;	/* since reset */
	uint32_t hsre;
} gic[MAX_CPUS];

static void reset(struct cpu *cpu)
{
	gic[cpu->index] = (typeof(gic[0])){ 0 };
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
	case SYS_ICC_HSRE:
		gic[cpu->index].hsre = value_written(insn);
		gic[cpu->index].hsre_written = true;
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

static void enter_guest(struct cpu *cpu, const struct insn *insn)
{
	uint32_t hsre = gic[cpu->index].hsre;

	if (!gic[cpu->index].hsre_written)
		return;
	check(RULE_GIC_SRE, cpu, insn, !(hsre & ICC_HSRE_ENABLE),
	      "clear Enable in ICC_HSRE: it is %#x", hsre);
}

static void enter_host(struct cpu *cpu, const struct insn *insn)
{
	uint32_t hcr = gic[cpu->index].hcr;

	if (!gic[cpu->index].used)
		return;
	check(RULE_GIC_OFF, cpu, insn, !hcr, "write 0 to ICH_HCR: it is %#x",
	      hcr);
	gic[cpu->index].used = hcr != 0;
}

static void leave_hyp(struct cpu *cpu, const struct insn *insn, enum world to)
{
	if (to == WORLD_GUEST)
		enter_guest(cpu, insn);
	else if (to == WORLD_HOST)
		enter_host(cpu, insn);
}

const struct module gic_module = {
	.reset = reset,
	.enter_hyp = enter_hyp,
	.insn = insn,
	.leave_hyp = leave_hyp,
};
