// SPDX-License-Identifier: GPL-2.0-only
/* What has to be so when a guest is entered, and any ERET is executed. */
#include "arch-check.h"

#define FPEXC_EN	(1u << 30)

/*
 * What a guest does not run without. Its walks do not go to devices (PTW), and
 * its invalidations do not lose what was written (SWIO). Interrupts and aborts
 * are the host's (FMO, IMO, AMO). What it invalidates for its CPU alone is
 * invalidated on all, and its barriers are as wide (FB, BSU): it may go on
 * elsewhere, and come back to what a TLB had before. Rules that look at who ran
 * on a CPU depend on that, as a guest's own operations are not followed.
 * Set/way operations, of no use to one that moves, trap (TSW), and so does what
 * is of the core or of its firmware (TID2, TSC, TIDCP, TAC).
 *
 * VM is how a guest is told from the host. TVM, TWI and TWE come and go, and
 * VA, VI and VF are of what is pending.
 */
#define HCR_SWIO	(1u << 1)
#define HCR_PTW		(1u << 2)
#define HCR_FMO		(1u << 3)
#define HCR_IMO		(1u << 4)
#define HCR_AMO		(1u << 5)
#define HCR_FB		(1u << 9)
#define HCR_BSU		(3u << 10)
#define HCR_BSU_IS	(1u << 10)
#define HCR_TID2	(1u << 17)
#define HCR_TSC		(1u << 19)
#define HCR_TIDCP	(1u << 20)
#define HCR_TAC		(1u << 21)
#define HCR_TSW		(1u << 22)
#define HCR_GUEST	(HCR_SWIO | HCR_PTW | HCR_FMO | HCR_IMO | HCR_AMO | \
			 HCR_FB | HCR_TID2 | HCR_TSC | HCR_TIDCP | HCR_TAC | \
			 HCR_TSW)

/* The last load-exclusive, where the local monitor is not open since */
static const struct insn *exclusive[MAX_CPUS];
static enum world exclusive_world[MAX_CPUS];

static void reset(struct cpu *cpu)
{
	exclusive[cpu->index] = NULL;
}

static void insn(struct cpu *cpu, const struct insn *insn)
{
	switch (insn->class) {
	case INSN_LDREX:
		exclusive[cpu->index] = insn;
		exclusive_world[cpu->index] = cpu->world;
		break;
	case INSN_STREX:
	case INSN_CLREX:
		exclusive[cpu->index] = NULL;
		break;
	default:
		break;
	}
}

/*
 * A PC that is not aligned is one only for the host, whose it is for sure: the
 * return ignores bits that the instruction set has no use for, and user space
 * may leave a guest's so. IL, of ARMv8, is an exception of the guest's own.
 */
static void check_return(struct cpu *cpu, const struct insn *insn,
			 enum world to)
{
	uint32_t psr = cpu->spsr, misaligned = psr & PSR_T ? 1 : 3;

	/* What an exception has left there is right */
	if (!cpu->spsr_written)
		return;
	check(RULE_ENTRY_MODE, cpu, insn,
	      (is_mode_below_hyp(psr) ||
	       (psr & PSR_MODE_MASK) == PSR_MODE_HYP) &&
	      (psr & (PSR_J | PSR_T)) != PSR_J,
	      "SPSR is %#x: give it a mode that exists, and not J alone", psr);
	check(RULE_ENTRY_IT, cpu, insn, psr & PSR_T || !(psr & PSR_IT),
	      "SPSR is %#x: T is clear, clear IT", psr);
	if (to == WORLD_HOST && cpu->elr_written)
		check(RULE_ENTRY_PC, cpu, insn, !(cpu->elr & misaligned),
		      "ELR_hyp is %#x and SPSR.T is %d: align it", cpu->elr,
		      !!(psr & PSR_T));
}

/*
 * That HYP mode goes back to the guest that it came from is no matter for the
 * monitor: the load-exclusive was the guest's own.
 */
static bool is_foreign(const struct cpu *cpu)
{
	return exclusive[cpu->index] &&
		!(cpu->from == WORLD_GUEST &&
		  exclusive_world[cpu->index] == WORLD_GUEST);
}

/* Each domain that BSU may have is wide enough */
static void check_hcr(struct cpu *cpu, const struct insn *insn)
{
	uint32_t hcr = read_state(STATE_HCR), missing = HCR_GUEST & ~hcr;

	if (!(hcr & HCR_BSU))
		missing |= HCR_BSU_IS;
	check(RULE_ENTRY_HCR, cpu, insn, !missing,
	      "set %#x in HCR: it is %#x", missing, hcr);
}

static void leave_hyp(struct cpu *cpu, const struct insn *insn, enum world to)
{
	const struct insn *last = exclusive[cpu->index];

	check_return(cpu, insn, to);
	if (to != WORLD_GUEST)
		return;

	check_hcr(cpu, insn);
	check(RULE_ENTRY_MONITOR, cpu, insn, !is_foreign(cpu),
	      "CLREX before the ERET: the load-exclusive at %#x has left the monitor in the exclusive state",
	      last ? last->pc : 0);
	if (has_vfp() && read_state(STATE_HCPTR) & HCPTR_TCP10_11)
		check(RULE_ENTRY_VFP, cpu, insn,
		      read_state(STATE_FPEXC) & FPEXC_EN,
		      "set FPEXC.EN while HCPTR traps the VFP: HCPTR is %#x, FPEXC %#x",
		      (uint32_t)read_state(STATE_HCPTR),
		      (uint32_t)read_state(STATE_FPEXC));
}

const struct module entry_module = {
	.reset = reset,
	.insn = insn,
	.leave_hyp = leave_hyp,
};
