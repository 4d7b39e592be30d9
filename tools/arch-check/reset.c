// SPDX-License-Identifier: GPL-2.0-only
/* Registers whose value is UNKNOWN from reset until they are written. */
#include "arch-check.h"

static const struct {
	enum sysreg sysreg;
	bool of_guest;		/* a guest runs by it, whoever reads it */
	/* Of what not every CPU has: what that CPU says in which register */
	enum state id;
	uint32_t mask;
} registers[] = {
	{ SYS_HTPIDR },
	{ SYS_HTTBR },
	{ SYS_HTCR },
	{ SYS_HMAIR0 },
	{ SYS_HMAIR1 },
	{ SYS_HVBAR },
	{ SYS_VTTBR, true },
	{ SYS_VTCR, true },
	{ SYS_CNTVOFF, true },
	{ SYS_HCR2, true, STATE_ID_ISAR5, ID_ISAR5_SEVL },
	{ SYS_VDFSR, true, STATE_ID_PFR0, ID_PFR0_RAS },
	{ SYS_VDISR, true, STATE_ID_PFR0, ID_PFR0_RAS },
};

static bool written[MAX_CPUS][ARRAY_SIZE(registers)];

static void reset(struct cpu *cpu)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(registers); i++)
		written[cpu->index][i] = false;
}

static bool is_there(unsigned int i)
{
	return !registers[i].mask ||
		read_state(registers[i].id) & registers[i].mask;
}

static void ask(struct cpu *cpu, const struct insn *insn, unsigned int i)
{
	check(RULE_RESET_UNKNOWN, cpu, insn, written[cpu->index][i],
	      "%s has not been written since reset",
	      sysreg_name(registers[i].sysreg));
	written[cpu->index][i] = true;
}

static void insn(struct cpu *cpu, const struct insn *insn)
{
	unsigned int i;

	if (cpu->world != WORLD_HYP || insn->sysreg == SYS_NONE)
		return;
	for (i = 0; i < ARRAY_SIZE(registers); i++) {
		if (registers[i].sysreg != insn->sysreg)
			continue;
		if (insn->class == INSN_CP_READ)
			ask(cpu, insn, i);
		else
			written[cpu->index][i] = true;
	}
}

static void leave_hyp(struct cpu *cpu, const struct insn *insn, enum world to)
{
	unsigned int i;

	for (i = 0; to == WORLD_GUEST && i < ARRAY_SIZE(registers); i++)
		if (registers[i].of_guest && is_there(i))
			ask(cpu, insn, i);
}

const struct module reset_module = {
	.reset = reset,
	.insn = insn,
	.leave_hyp = leave_hyp,
};
