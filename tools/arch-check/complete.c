// SPDX-License-Identifier: GPL-2.0-only
/*
 * Maintenance operations, and the DSB that says that one has ended. Those of
 * data caches are not among them: by line and address, they count as stores.
 */
#include "arch-check.h"

static const struct {
	enum sysreg sysreg;
	enum rule_id id;
	uint8_t domain;		/* whose CPUs do it */
} operations[] = {
	{ SYS_TLBIALLIS, RULE_COMPLETE_TLB, BARRIER_ISH },
	{ SYS_TLBIMVAIS, RULE_COMPLETE_TLB, BARRIER_ISH },
	{ SYS_TLBIASIDIS, RULE_COMPLETE_TLB, BARRIER_ISH },
	{ SYS_TLBIMVAAIS, RULE_COMPLETE_TLB, BARRIER_ISH },
	{ SYS_TLBIALLHIS, RULE_COMPLETE_TLB, BARRIER_ISH },
	{ SYS_TLBIMVAHIS, RULE_COMPLETE_TLB, BARRIER_ISH },
	{ SYS_TLBIALLNSNHIS, RULE_COMPLETE_TLB, BARRIER_ISH },
	{ SYS_TLBIALL, RULE_COMPLETE_TLB, BARRIER_NSH },
	{ SYS_TLBIMVA, RULE_COMPLETE_TLB, BARRIER_NSH },
	{ SYS_TLBIASID, RULE_COMPLETE_TLB, BARRIER_NSH },
	{ SYS_TLBIMVAA, RULE_COMPLETE_TLB, BARRIER_NSH },
	{ SYS_TLBIALLH, RULE_COMPLETE_TLB, BARRIER_NSH },
	{ SYS_TLBIMVAH, RULE_COMPLETE_TLB, BARRIER_NSH },
	{ SYS_TLBIALLNSNH, RULE_COMPLETE_TLB, BARRIER_NSH },
	{ SYS_ICIALLUIS, RULE_COMPLETE_ICACHE, BARRIER_ISH },
	{ SYS_BPIALLIS, RULE_COMPLETE_ICACHE, BARRIER_ISH },
	{ SYS_ICIALLU, RULE_COMPLETE_ICACHE, BARRIER_NSH },
	{ SYS_ICIMVAU, RULE_COMPLETE_ICACHE, BARRIER_NSH },
	{ SYS_BPIALL, RULE_COMPLETE_ICACHE, BARRIER_NSH },
	{ SYS_BPIMVA, RULE_COMPLETE_ICACHE, BARRIER_NSH },
};

/* Operations of a rule that a CPU has begun, of which one is @first */
struct begun {
	const struct insn *first;
	const struct insn *barrier;	/* the first behind it, too weak */
	uint32_t caller;		/* where the function returns to */
	uint8_t domain;
};

struct progress {
	struct begun begun[2];
	/*
	 * Exceptions that the host has taken since: their handlers are not the
	 * code that has to wait.
	 */
	unsigned int exceptions;
};

static const enum rule_id ids[] = { RULE_COMPLETE_TLB, RULE_COMPLETE_ICACHE };
static struct progress all[MAX_CPUS];

static void reset(struct cpu *cpu)
{
	all[cpu->index] = (struct progress){ };
}

static void begin(struct cpu *cpu, const struct insn *insn)
{
	struct begun *begun;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(operations); i++)
		if (operations[i].sysreg == insn->sysreg)
			break;
	if (i == ARRAY_SIZE(operations))
		return;

	check(operations[i].id, cpu, insn, true, " ");
	begun = &all[cpu->index].begun[operations[i].id != ids[0]];
	begun->first = insn;
	begun->caller = return_address();
	begun->barrier = NULL;
	if (begun->domain < operations[i].domain)
		begun->domain = operations[i].domain;
}

/* The outer shareable domain is wider than the inner and has a lower number */
static unsigned int width(uint8_t option)
{
	uint8_t domain = option & BARRIER_DOMAIN_MASK;

	return domain ? domain : BARRIER_ISH;
}

static void wait(struct cpu *cpu, const struct insn *insn)
{
	struct progress *progress = &all[cpu->index];
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(progress->begun); i++) {
		struct begun *begun = &progress->begun[i];

		if (barrier_waits_for_all(insn) &&
		    width(insn->option) >= begun->domain)
			*begun = (struct begun){ };
		else if (!begun->barrier)
			begun->barrier = insn;
	}
	if (!progress->begun[0].first && !progress->begun[1].first)
		progress->exceptions = 0;
}

/* Where the fault is: at the barrier, or at the operation if there is none */
static void violated(struct cpu *cpu, enum rule_id id, const struct begun *begun)
{
	cpu->caller = begun->caller;
	if (begun->barrier)
		check(id, cpu, begun->barrier, false,
		      "DSB that waits for the %s at %#x: %s does not",
		      sysreg_name(begun->first->sysreg), begun->first->pc,
		      begun->barrier->text);
	else
		check(id, cpu, begun->first, false,
		      "DSB that waits for the %s: there is none",
		      sysreg_name(begun->first->sysreg));
}

static void end(struct cpu *cpu)
{
	struct progress *progress = &all[cpu->index];
	unsigned int i;

	if (progress->exceptions)
		return;
	for (i = 0; i < ARRAY_SIZE(progress->begun); i++) {
		if (progress->begun[i].first)
			violated(cpu, ids[i], &progress->begun[i]);
		progress->begun[i] = (struct begun){ };
	}
}

static void insn(struct cpu *cpu, const struct insn *insn)
{
	struct progress *progress = &all[cpu->index];
	bool pending = progress->begun[0].first || progress->begun[1].first;

	if (cpu->world == WORLD_GUEST)
		return;
	if (pending && insn->vector)
		progress->exceptions++;

	switch (insn->class) {
	case INSN_CP_WRITE:
		begin(cpu, insn);
		break;
	case INSN_DSB:
		wait(cpu, insn);
		break;
	case INSN_ISB:
	case INSN_HVC:
	case INSN_SVC:
		end(cpu);
		break;
	case INSN_ERET:
		if (insn->hyp)
			end(cpu);
		break;
	case INSN_RETURN:
		/* Linux leaves the exception's own mode in the vectors' page */
		if (insn->stub)
			break;
		if (progress->exceptions)
			progress->exceptions--;
		else
			end(cpu);
		break;
	default:
		break;
	}
}

const struct module complete_module = {
	.reset = reset,
	.insn = insn,
};
