// SPDX-License-Identifier: GPL-2.0-only
/*
 * What has to happen between a guest and the host that runs after it, and
 * what has to be behind each ERET.
 */
#include "arch-check.h"

/* How far a CPU is with the asynchronous aborts that its guest caused */
enum aborts {
	ABORTS_NONE,
	ABORTS_ANY,		/* a guest has run */
	ABORTS_PENDING,		/* DSB: what is to come has come */
};

static enum aborts aborts[MAX_CPUS];

/* What the host has left, when it could last change it without a trap */
static struct {
	bool known;
	uint32_t fpexc;
} host[MAX_CPUS];

static void reset(struct cpu *cpu)
{
	aborts[cpu->index] = ABORTS_NONE;
	host[cpu->index].known = false;
}

static bool vfp_traps(void)
{
	return read_state(STATE_HCPTR) & HCPTR_TCP10_11;
}

static void enter_hyp(struct cpu *cpu, const struct insn *insn)
{
	if (cpu->from == WORLD_GUEST) {
		aborts[cpu->index] = ABORTS_ANY;
	} else if (cpu->from == WORLD_HOST && !vfp_traps()) {
		host[cpu->index].known = true;
		host[cpu->index].fpexc = read_state(STATE_FPEXC);
	}
}

static void insn(struct cpu *cpu, const struct insn *insn)
{
	enum aborts *state = &aborts[cpu->index];

	if (cpu->world != WORLD_HYP || *state == ABORTS_NONE)
		return;
	if (insn->class == INSN_DSB && barrier_waits_for_all(insn))
		*state = ABORTS_PENDING;
	else if (insn->class == INSN_ISB && *state == ABORTS_PENDING &&
		 !(read_state(STATE_CPSR) & PSR_A))
		*state = ABORTS_NONE;
}

/* DSB and ISB, or SB */
static bool barrier_follows(const struct insn *eret)
{
	struct insn next[2] = {
		{ .pc = eret->pc + eret->size, .size = 4, .thumb = eret->thumb },
		{ .pc = eret->pc + eret->size + 4, .size = 4,
		  .thumb = eret->thumb },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(next); i++) {
		if (!read_code(next[i].pc, &next[i].opcode, next[i].size))
			return false;
		if (next[i].thumb)
			next[i].opcode = next[i].opcode << 16 |
				next[i].opcode >> 16;
		decode(&next[i]);
	}
	return next[0].class == INSN_SB ||
		(next[0].class == INSN_DSB && next[1].class == INSN_ISB);
}

static void check_vfp(struct cpu *cpu, const struct insn *insn)
{
	uint32_t fpexc = read_state(STATE_FPEXC);

	if (!has_vfp() || !host[cpu->index].known || vfp_traps())
		return;
	check(RULE_EXIT_VFP, cpu, insn, fpexc == host[cpu->index].fpexc,
	      "write FPEXC before HCPTR lets the host use it: it is %#x, the host's was %#x",
	      fpexc, host[cpu->index].fpexc);
}

static void leave_hyp(struct cpu *cpu, const struct insn *insn, enum world to)
{
	static const char *const missing[] = {
		[ABORTS_NONE] = "",
		[ABORTS_ANY] = "DSB, CPSIE A, ISB: there was no DSB since the guest ran",
		[ABORTS_PENDING] = "CPSIE A, ISB after the DSB",
	};
	enum aborts *state = &aborts[cpu->index];

	check(RULE_ERET_BARRIER, cpu, insn, barrier_follows(insn),
	      "DSB NSH, ISB behind the ERET");
	if (to != WORLD_HOST)
		return;
	/* Asked where a guest has run since the host did */
	if (cpu->guest_ran)
		check(RULE_EXIT_ABORTS, cpu, insn, *state == ABORTS_NONE,
		      "%s", missing[*state]);
	*state = ABORTS_NONE;
	check_vfp(cpu, insn);
}

const struct module exit_module = {
	.reset = reset,
	.enter_hyp = enter_hyp,
	.insn = insn,
	.leave_hyp = leave_hyp,
};
