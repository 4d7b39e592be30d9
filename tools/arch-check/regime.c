// SPDX-License-Identifier: GPL-2.0-only
/*
 * Walks of the PL1&0 translation regime that are in flight when HYP mode is
 * entered: only a DSB says that they have ended, and until then they must not
 * see registers of another host or guest.
 */
#include "arch-check.h"

/* VM, PTW, DC, TGE: the others have no part in a walk */
#define HCR_WALKS	(1u | 1u << 2 | 1u << 12 | 1u << 27)

/* No DSB since PL1 or PL0 ran */
static bool walks[MAX_CPUS];

/* What a walk depends on, as far as the emulator shows it */
static const struct {
	enum sysreg sysreg;
	enum state state;
	uint64_t mask;
} registers[] = {
	{ SYS_VTTBR, STATE_VTTBR, -1ULL },
	{ SYS_HCR, STATE_HCR, HCR_WALKS },
	{ SYS_SCTLR, STATE_SCTLR, -1ULL },
	{ SYS_TTBCR, STATE_TTBCR, -1ULL },
	{ SYS_TTBR0, STATE_TTBR0, -1ULL },
	{ SYS_TTBR1, STATE_TTBR1, -1ULL },
	{ SYS_TTBR0_64, STATE_TTBR0, -1ULL },
	{ SYS_TTBR1_64, STATE_TTBR1, -1ULL },
};

static void enter_hyp(struct cpu *cpu, const struct insn *insn)
{
	walks[cpu->index] = cpu->from != WORLD_RESET;
}

static bool changes_regime(const struct insn *insn)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(registers); i++)
		if (registers[i].sysreg == insn->sysreg)
			return (read_state(registers[i].state) ^
				value_written(insn)) & registers[i].mask;
	return false;
}

static void check_write(struct cpu *cpu, const struct insn *insn)
{
	enum rule_id id = cpu->from == WORLD_GUEST ? RULE_GUEST_WALKS :
		RULE_HOST_WALKS;

	if (!changes_regime(insn))
		return;
	/* One DSB is missing, however many writes follow */
	if (!check(id, cpu, insn, !walks[cpu->index],
		   "DSB (not *ST) before %s is written: nothing has waited for walks of the %s",
		   sysreg_name(insn->sysreg),
		   cpu->from == WORLD_GUEST ? "guest" : "host"))
		walks[cpu->index] = false;
}

static void insn(struct cpu *cpu, const struct insn *insn)
{
	if (cpu->world != WORLD_HYP)
		return;
	if (insn->class == INSN_DSB && barrier_waits_for_all(insn))
		walks[cpu->index] = false;
	else if (insn->class == INSN_CP_WRITE)
		check_write(cpu, insn);
}

const struct module regime_module = {
	.enter_hyp = enter_hyp,
	.insn = insn,
};
