// SPDX-License-Identifier: GPL-2.0-only
/*
 * The rules, and what becomes of their verdicts: lines for report.py.
 *
 *   rule NAME|SECTION|WATCHED|VIOLATION
 *   violation NAME CPU WORLD PC CALLER	the first at this PC
 *   missing TEXT
 *   step WORLD PC VALUE TEXT		what led there, the last is at PC
 *   times NAME PC NUMBER		at the end, of each violation
 *   asked NAME NUMBER
 */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "arch-check.h"

const struct rule rules[NR_RULES] = {
	[RULE_ENTRY_MONITOR] = {
		"entry-monitor", "DDI 0406C A3.4.4",
		"each ERET to a guest",
		"the local exclusive monitor is not open: a load-exclusive of the host's or another guest's was last, and lets a store-exclusive of this guest succeed",
	},
	[RULE_ENTRY_VFP] = {
		"entry-vfp", "DDI 0487 G1.13.2",
		"each ERET to a guest with HCPTR.TCP10 or TCP11 set",
		"FPEXC.EN is 0: a VFP instruction of the guest is UNDEFINED before HCPTR traps it",
	},
	[RULE_ENTRY_MODE] = {
		"entry-mode", "DDI 0406C B1.3.1, B9.3.3; DDI 0487 G1.9",
		"each ERET with a SPSR that HYP mode has written",
		"SPSR has a mode that cannot be returned to, or Jazelle state",
	},
	[RULE_ENTRY_IT] = {
		"entry-it", "DDI 0406C A2.5.2",
		"each ERET with a SPSR that HYP mode has written",
		"SPSR has an IT block in ARM state: what follows is UNPREDICTABLE",
	},
	[RULE_ENTRY_PC] = {
		"entry-pc", "DDI 0406C B9.3.3",
		"each ERET to the host with an ELR_hyp that HYP mode has written",
		"ELR_hyp is not aligned for the instruction set that SPSR has: it is not what was there when HYP mode was entered",
	},
	[RULE_ENTRY_HCR] = {
		"entry-hcr", "DDI 0406C B4.1.68: HCR",
		"each ERET to a guest",
		"HCR.SWIO, PTW, FMO, IMO, AMO, FB, TID2, TSC, TIDCP, TAC and TSW are not all set, or BSU is 0: the guest has what is the host's, or what it invalidates and orders on one CPU is not so on the next",
	},
	[RULE_HOST_WALKS] = {
		"host-walks", "DDI 0406C B3.10.3; DDI 0487 R_LFHQG",
		"in HYP mode, entered from the host: each write that changes VTTBR, HCR.{VM, PTW, DC, TGE}, SCTLR, TTBCR or TTBRn",
		"no DSB for loads and stores since the host ran: a translation table walk of the host's may use the new value, and the TLB keep it",
	},
	[RULE_GUEST_WALKS] = {
		"guest-walks", "DDI 0406C B3.10.3; DDI 0487 R_LFHQG",
		"in HYP mode, entered from a guest: each write that changes VTTBR, HCR.{VM, PTW, DC, TGE}, SCTLR, TTBCR or TTBRn",
		"no DSB for loads and stores since the guest ran: a translation table walk of the guest's may use the new value, and the TLB keep it",
	},
	[RULE_EXIT_ABORTS] = {
		"exit-aborts", "DDI 0406C B1.9.10; DDI 0487 G1.13",
		"each ERET to the host that follows a guest's run",
		"no DSB, and an ISB with CPSR.A clear after it, in HYP mode since the guest ran: an asynchronous abort that the guest caused is taken by the host",
	},
	[RULE_EXIT_VFP] = {
		"exit-vfp", "DDI 0406C B1.11",
		"each ERET to the host with HCPTR.TCP10 and TCP11 clear",
		"FPEXC is not what it was when the host last ran like that: the host takes a guest's value, or what was set for a guest, for its own",
	},
	[RULE_RESET_UNKNOWN] = {
		"reset-unknown", "DDI 0406C B4.1, B4.2: what each of them resets to",
		"each read in HYP mode of HTPIDR, HTTBR, HTCR, HMAIRn, HVBAR, VTTBR, VTCR, CNTVOFF, and each ERET to a guest, of ARMv8 also by HCR2, VDFSR and VDISR",
		"the register was not written since reset: its value is UNKNOWN",
	},
	[RULE_ERET_BARRIER] = {
		"eret-barrier", "DDI 0487 B2.3.10, straight-line speculation",
		"each ERET in HYP mode",
		"neither DSB and ISB, nor SB, is in memory behind it: what is there may be executed speculatively",
	},
	[RULE_SYNC_HCPTR] = {
		"sync-hcptr", "DDI 0406C B3.15.5",
		"each write of HCPTR in HYP mode",
		"VFP is used in HYP mode with no ISB in between",
	},
	[RULE_SYNC_HYP_TABLES] = {
		"sync-hyp-tables", "DDI 0406C B3.15.5",
		"each write of HTTBR, HTCR, HMAIRn, HSCTLR in HYP mode",
		"memory is accessed in HYP mode with no ISB in between",
	},
	[RULE_SYNC_HVBAR] = {
		"sync-hvbar", "DDI 0406C B3.15.5",
		"each write of HVBAR in HYP mode",
		"HYP mode calls itself with no ISB in between",
	},
	[RULE_SYNC_STAGE2] = {
		"sync-stage2", "DDI 0406C B3.15.5",
		"each write of VTTBR, VTCR, HCR in HYP mode",
		"a TLB entry of the VMID is invalidated with no ISB in between",
	},
	[RULE_SYNC_CPACR] = {
		"sync-cpacr", "DDI 0406C B1.11, B3.15.5",
		"each write of CPACR in HYP mode and by the host",
		"VFP is used by the host with no ISB or exception in between",
	},
	[RULE_SYNC_CSSELR] = {
		"sync-csselr", "DDI 0406C B3.15.5, B4.1: CSSELR, CCSIDR",
		"each write of CSSELR in HYP mode and by the host",
		"CCSIDR is read with no ISB or exception in between",
	},
	[RULE_SYNC_CNTVOFF] = {
		"sync-cntvoff", "DDI 0406C B3.15.5, B8.1",
		"each write of CNTVOFF in HYP mode",
		"the virtual counter or its timer is accessed with no ISB in between",
	},
	[RULE_SYNC_SRE] = {
		"sync-sre", "IHI 0069 12.4, 12.7: ICC_SRE; DDI 0406C B3.15.5",
		"each write of ICC_SRE in HYP mode",
		"another register of a GICv3 is accessed in HYP mode with no ISB in between: which of its bits mean something depends on SRE",
	},
	[RULE_GIC_APRS] = {
		"gic-aprs", "IHI 0069 12.4: ICH_AP1R<n>",
		"each write of ICH_AP1R0 in HYP mode",
		"ICH_AP0R0 was not written before: any other order is UNPREDICTABLE",
	},
	[RULE_GIC_OFF] = {
		"gic-off", "IHI 0069 12.4: ICH_HCR",
		"each ERET to the host that follows a write of ICH_HCR other than 0",
		"ICH_HCR is not 0: the host's accesses to its GIC may trap, and maintenance interrupts come that nobody handles",
	},
	[RULE_GIC_SRE] = {
		"gic-sre", "IHI 0069: ICC_HSRE, ICC_SRE",
		"each ERET to a guest on a CPU whose ICC_HSRE was written since reset",
		"ICC_HSRE.Enable is 1: the guest may clear ICC_SRE.SRE, and the host's next access to its GIC is UNDEFINED",
	},
	[RULE_ERROR_RECORDS] = {
		"error-records", "DDI 0487 G8.2: HCR2",
		"each ERET to a guest on a CPU with the RAS Extension",
		"HCR2.TERR is 0: the guest accesses the error records of the host's core",
	},
	[RULE_SYNC_DSCR] = {
		"sync-dscr", "DDI 0406C B3.15.5, C11.11: DBGDSCR",
		"each write of DBGDSCRext in HYP mode",
		"DBGDSCRint is read in HYP mode with no ISB in between: it is the same register by another name",
	},
	[RULE_DEBUG_TRAPS] = {
		"debug-traps", "DDI 0406C B4.1.69: HDCR",
		"each ERET to a guest",
		"HDCR.TDRA, TDOSA, TDA, TPM and TPMCR are not all set: the guest accesses the host's debug registers or counters",
	},
	[RULE_DEBUG_GUEST] = {
		"debug-guest", "DDI 0406C B1.8.9, C3.3",
		"each ERET to a guest with DBGDSCR.MDBGen set",
		"HDCR.TDE is 0: the guest takes the exceptions of breakpoints and watchpoints that are not its own",
	},
	[RULE_DEBUG_HOST] = {
		"debug-host", "DDI 0406C B1.8.9, C3.3",
		"each ERET to the host that follows a write of HDCR.TDE, DBGBVRn, DBGBCRn, DBGWVRn or DBGWCRn in HYP mode",
		"HDCR.TDE is 1, or the register is not as the host has left it: the host's debug exceptions come to HYP mode, or are a guest's",
	},
	[RULE_PMU_COUNTERS] = {
		"pmu-counters", "DDI 0406C B4.1.69: HDCR",
		"each write of HDCR in HYP mode",
		"HDCR.HPMN changes: counters from it on are no longer switched by PMCR.E, and not PL1's",
	},
	[RULE_PMU_HOST] = {
		"pmu-host", "DDI 0406C C12.8",
		"each ERET to the host that follows a write of PMCNTENSET, PMCNTENCLR or PMUSERENR in HYP mode",
		"it is not as the host has left it: a guest's counters count the host, the host's do not, or user space may access them",
	},
	[RULE_COMPLETE_TLB] = {
		"complete-tlb", "DDI 0406C B3.10.1",
		"each TLB maintenance operation in HYP mode and of the host",
		"no DSB that waits for it, of loads and stores and as wide as the operation, before the next ISB, exception return or call",
	},
	[RULE_COMPLETE_ICACHE] = {
		"complete-icache", "DDI 0406C B2.2.9",
		"each instruction cache and branch predictor maintenance operation in HYP mode and of the host",
		"no DSB that waits for it, of loads and stores and as wide as the operation, before the next ISB, exception return or call",
	},
	[RULE_TLB_BREAK] = {
		"tlb-break", "DDI 0406C B3.10.1; DDI 0487 D8.14.1",
		"each store to a live descriptor of HYP mode's or of a Stage-2 that a CPU's TLB may hold entries of",
		"it has another address, other attributes or is of another kind, and none that is invalid in between: TLBs may hold both",
	},
	[RULE_TLB_ORDER] = {
		"tlb-order", "DDI 0406C B3.10.1, B3.10.5",
		"each TLB maintenance operation in HYP mode that covers a descriptor which was made invalid",
		"no DSB of stores, Inner Shareable or wider, since the CPU did that: a walk behind the operation may still find the old one",
	},
	[RULE_TLB_REMAKE] = {
		"tlb-remake", "DDI 0406C B3.10.1, B3.10.5; DDI 0487 D8.14.1",
		"each store of a valid descriptor where another one was made invalid",
		"the TLB of a CPU that used the tables may still hold the other: not invalidated since, or not complete",
	},
	[RULE_TLB_REUSE] = {
		"tlb-reuse", "DDI 0406C B3.10.1, B3.10.5; DDI 0487 D8.14",
		"each table that is taken out of the tables it is in",
		"something is stored to it that a walk takes for a descriptor, and a TLB may still lead there: not invalidated since, or not complete",
	},
	[RULE_TLB_MAKE] = {
		"tlb-make", "DDI 0406C B3.10.1",
		"each entry to HYP mode from the host with HYP mode's MMU on",
		"no DSB since this CPU stored a HYP descriptor: the walk may not find it, and HYP mode takes an abort",
	},
	[RULE_TLB_ISB] = {
		"tlb-isb", "DDI 0406C B3.10.5, B3.15.5",
		"each TLB maintenance operation for HYP mode in HYP mode",
		"memory is accessed in HYP mode behind the DSB with no ISB in between",
	},
	[RULE_TLB_VCPUS] = {
		"tlb-vcpus", "DDI 0406C B3.10.1, B3.9",
		"each ERET to a guest where the last vCPU with this VMID on this CPU was another one",
		"the TLB may hold what the other vCPU's tables had: its ASIDs are not this one's",
	},
	[RULE_TLB_VMID] = {
		"tlb-vmid", "DDI 0406C B3.9, B3.10.1",
		"each ERET to a guest with other tables than the last with this VMID on this CPU",
		"this CPU's TLB may hold entries of the other tables with this VMID",
	},
	[RULE_TLB_AWAY] = {
		"tlb-away", "DDI 0406C B3.10.1, B3.10.5",
		"each first ERET to a guest on a CPU that was reset, or whose HYP mode was off",
		"no TLBIALLNSNH since: the TLB is UNKNOWN after reset, and a CPU that is off misses what the others invalidate",
	},
	[RULE_TLB_ON] = {
		"tlb-on", "DDI 0406C B3.10.1, B3.10.5",
		"each write of HSCTLR in HYP mode that sets M",
		"no TLBIALLH and DSB since reset, or since M was last clear: HYP mode's accesses may be translated by what the TLB had of others, or had out of reset",
	},
	[RULE_MISMATCH_WALKS] = {
		"mismatch-walks", "DDI 0406C A3.5.7, B4.1.76: HTCR, B4.1.159: VTCR",
		"each ERET to a guest",
		"SH0, ORGN0 or IRGN0 of HTCR or VTCR says something else than the host's own registers: walks may not find in tables what the host has stored there",
	},
	[RULE_MISMATCH_MEMORY] = {
		"mismatch-memory", "DDI 0406C A3.5.7, B4.1.75: HSCTLR, B4.1.104: MAIRn",
		"each access to memory in HYP mode with its MMU on, and each ERET to a guest",
		"HSCTLR.M, C and I are not all set, or HMAIRn and the descriptor have other attributes than the host's walks: HYP mode may not find what the host has stored, and the other way round",
	},
	[RULE_CACHE_OFF] = {
		"cache-off", "DDI 0406C A3.9, B2.2.1, B3.2.1",
		"each access and instruction fetch of a guest with its MMU or caches off",
		"it finds what memory has, and a data cache may have another: written by the host, or by the guest with its caches on, and not cleaned to the point of coherency since",
	},
	[RULE_CACHE_HIDES] = {
		"cache-hides", "DDI 0406C A3.9, B2.2.1, B3.2.1",
		"each line that a guest has written with its MMU or caches off and HCR.TVM set, when it is invalidated, the guest accesses it with them on, or goes on with them on",
		"a data cache may have the line as it was before: not invalidated to the point of coherency since",
	},
	[RULE_CACHE_CODE] = {
		"cache-code", "DDI 0406C A3.9.3, B2.2.9",
		"each line that a guest executes from, and each instruction of HYP mode",
		"this CPU's instruction cache may have other instructions: the host has written them, and not cleaned to the point of unification and then invalidated",
	},
	[RULE_CACHE_VCPUS] = {
		"cache-vcpus", "DDI 0406C B3.2.1, B2.2.9",
		"each ERET to a guest where the last vCPU with this VMID on this CPU was another one and had its MMU off",
		"this CPU's instruction cache may have what that one fetched past the data caches: not invalidated since",
	},
	[RULE_CACHE_WALKS] = {
		"cache-walks", "DDI 0406C B3.10.1, B4.1.92",
		"each store of the host to a translation table that a walk may find, where walks are not coherent",
		"HYP mode is entered, and the line not cleaned to the point of unification: walks find what was there before",
	},
};

static const char *const worlds[] = {
	[WORLD_RESET] = "reset", [WORLD_HYP] = "hyp", [WORLD_HOST] = "host",
	[WORLD_GUEST] = "guest",
};

/* A violation is told once for each place */
struct place {
	struct place *next;
	enum rule_id id;
	uint32_t pc;
	uint64_t times;
};

static struct place *places;
static uint64_t asked[NR_RULES];
static FILE *out;

static struct place *find_place(enum rule_id id, uint32_t pc)
{
	struct place *place;

	for (place = places; place; place = place->next)
		if (place->id == id && place->pc == pc)
			return place;

	place = calloc(1, sizeof(*place));
	if (!place)
		abort();
	place->id = id;
	place->pc = pc;
	place->next = places;
	places = place;
	return place;
}

static void write_step(const struct step *step)
{
	const char *name = sysreg_name(step->insn->sysreg);

	fprintf(out, "step %s %" PRIx32 " %" PRIx64 " %s%s%s\n",
		worlds[step->world], step->insn->pc, step->value,
		step->insn->text ? step->insn->text : "?", *name ? "\t@ " : "",
		name);
}

static void report(enum rule_id id, const struct cpu *cpu,
		   const struct insn *insn, const char *missing, va_list args)
{
	struct step last = { insn, cpu->world, 0 };
	unsigned int i, first;

	fprintf(out, "violation %s %u %s %" PRIx32 " %" PRIx32 "\nmissing ", rules[id].name,
		cpu->index, worlds[cpu->world], insn->pc, cpu->caller);
	vfprintf(out, missing, args);
	fputc('\n', out);

	first = cpu->steps > HISTORY ? cpu->steps - HISTORY : 0;
	for (i = first; i < cpu->steps; i++) {
		last = cpu->history[i % HISTORY];
		write_step(&last);
	}
	if (last.insn != insn)
		write_step(&(struct step){ insn, cpu->world, 0 });
	fflush(out);
}

bool check(enum rule_id id, struct cpu *cpu, const struct insn *insn,
	   bool holds, const char *missing, ...)
{
	va_list args;

	asked[id]++;
	if (!holds && !find_place(id, insn->pc)->times++) {
		va_start(args, missing);
		report(id, cpu, insn, missing, args);
		va_end(args);
	}
	cpu->caller = 0;
	return holds;
}

void count_held(enum rule_id id, uint64_t times)
{
	asked[id] += times;
}

/* One that cannot be asked is none that was forgotten */
static bool is_on(enum rule_id id)
{
	return id != RULE_CACHE_WALKS || !walks_coherent;
}

int start_reports(const char *path)
{
	unsigned int i;

	out = fopen(path, "w");
	if (!out)
		return -1;
	for (i = 0; i < NR_RULES; i++)
		if (is_on(i))
			fprintf(out, "rule %s|%s|%s|%s\n", rules[i].name,
				rules[i].section, rules[i].watched,
				rules[i].violation);
	fflush(out);
	return 0;
}

void end_reports(void)
{
	const struct place *place;
	unsigned int i;

	for (place = places; place; place = place->next)
		fprintf(out, "times %s %" PRIx32 " %" PRIu64 "\n",
			rules[place->id].name, place->pc, place->times);
	for (i = 0; i < NR_RULES; i++)
		if (is_on(i))
			fprintf(out, "asked %s %" PRIu64 "\n", rules[i].name,
				asked[i]);
	fclose(out);
}
