/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the files with rules see of the machine.
 *
 * How a file hooks in: it defines a const struct module, which modules[] in
 * plugin.c lists, and its rules are rows of RULES below and of the table in
 * rules.c. Its hooks keep the state that its rules are about, by CPU in an
 * array of its own, and ask a rule by check() wherever the rule has something
 * to say, whether it holds or not: a rule that is never asked is a failure of
 * the run. The hooks are called with a lock held, one at a time: before an
 * instruction executes, after it has accessed memory. Between the calls for two
 * CPUs the order is that of the calls.
 */
#ifndef ARCH_CHECK_H
#define ARCH_CHECK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "decode.h"

#define MAX_CPUS	8
#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))

#define PSR_MODE_MASK	0x1f
#define PSR_MODE_USR	0x10
#define PSR_MODE_FIQ	0x11
#define PSR_MODE_IRQ	0x12
#define PSR_MODE_SVC	0x13
#define PSR_MODE_ABT	0x17
#define PSR_MODE_HYP	0x1a
#define PSR_MODE_UND	0x1b
#define PSR_MODE_SYS	0x1f
#define PSR_T		(1u << 5)
#define PSR_A		(1u << 8)
#define PSR_IT		0x0600fc00
#define PSR_J		(1u << 24)

#define HCR_VM		1u
#define HCR_TVM		(1u << 26)
#define HCR2_TERR	(1u << 4)
#define HCPTR_TCP10_11	(3u << 10)
#define HSCTLR_M	(1u << 0)
#define TTBCR_EAE	(1u << 31)

#define HDCR_TDRA	(1u << 11)
#define HDCR_TDOSA	(1u << 10)
#define HDCR_TDA	(1u << 9)
#define HDCR_TDE	(1u << 8)
#define HDCR_TPM	(1u << 6)
#define HDCR_TPMCR	(1u << 5)
#define HDCR_HPMN	0x1fu
#define DBGDSCR_MDBGEN	(1u << 15)

#define ICC_HSRE_ENABLE	(1u << 3)

/* Zero on a CPU before ARMv8, and on one without the RAS Extension */
#define ID_ISAR5_SEVL	0xfu
#define ID_PFR0_RAS	(0xfu << 28)

#define VTTBR_BADDR	0xfffffffff8ull
#define VTTBR_VMID(v)	((v) >> 48 & 0xff)
#define NR_VMIDS	0x100

/* Physical addresses: of the machine's memory, and of no machine beyond */
#define RAM_START	0x40000000u
#define PAGE_SHIFT	12
#define PAGE_SIZE	(1u << PAGE_SHIFT)
#define NR_PAGES	(1u << 21)
/* Of caches, the shortest that there are: a longer one is several */
#define LINE_SHIFT	6

/**
 * is_mode_below_hyp - whether an ERET in HYP mode leaves it for this mode
 * @psr: SPSR
 */
bool is_mode_below_hyp(uint32_t psr);

/* Who executes. A guest is what runs with HCR.VM set. */
enum world { WORLD_RESET, WORLD_HYP, WORLD_HOST, WORLD_GUEST };

/* Names of rules; what they say is in rules.c */
#define RULES(R)		\
	R(ENTRY_MONITOR)	\
	R(ENTRY_VFP)		\
	R(ENTRY_MODE)		\
	R(ENTRY_IT)		\
	R(ENTRY_PC)		\
	R(ENTRY_HCR)		\
	R(HOST_WALKS)		\
	R(GUEST_WALKS)		\
	R(EXIT_ABORTS)		\
	R(EXIT_VFP)		\
	R(ERET_BARRIER)		\
	R(RESET_UNKNOWN)	\
	R(SYNC_HCPTR)		\
	R(SYNC_HYP_TABLES)	\
	R(SYNC_HVBAR)		\
	R(SYNC_STAGE2)		\
	R(SYNC_CPACR)		\
	R(SYNC_CSSELR)		\
	R(SYNC_CNTVOFF)		\
	R(SYNC_SRE)		\
	R(GIC_APRS)		\
	R(GIC_OFF)		\
	R(GIC_SRE)		\
	R(ERROR_RECORDS)	\
	R(SYNC_DSCR)		\
	R(DEBUG_TRAPS)		\
	R(DEBUG_GUEST)		\
	R(DEBUG_HOST)		\
	R(PMU_COUNTERS)		\
	R(PMU_HOST)		\
	R(COMPLETE_TLB)		\
	R(COMPLETE_ICACHE)	\
	R(TLB_BREAK)		\
	R(TLB_ORDER)		\
	R(TLB_REMAKE)		\
	R(TLB_REUSE)		\
	R(TLB_MAKE)		\
	R(TLB_ISB)		\
	R(TLB_VCPUS)		\
	R(TLB_VMID)		\
	R(TLB_AWAY)		\
	R(TLB_ON)		\
	R(MISMATCH_WALKS)	\
	R(MISMATCH_MEMORY)	\
	R(CACHE_OFF)		\
	R(CACHE_HIDES)		\
	R(CACHE_CODE)		\
	R(CACHE_VCPUS)		\
	R(CACHE_WALKS)

#define RULE_ENUM(name)	RULE_##name,

enum rule_id {
	RULES(RULE_ENUM)
	NR_RULES,
};

struct rule {
	const char *name;
	const char *section;
	const char *watched;
	const char *violation;
};

extern const struct rule rules[NR_RULES];

/* Of the emulated CPU, beside r0 to r14: the name is the emulator's */
#define STATE(S)			\
	S(CPSR, "cpsr")			\
	S(FPEXC, "fpexc")		\
	S(HCR, "HCR")			\
	S(HCPTR, "CPTR_EL2")		\
	S(HDCR, "MDCR_EL2")		\
	S(HVBAR, "VBAR_EL2")		\
	S(VTTBR, "VTTBR")		\
	S(SCTLR, "SCTLR")		\
	S(TTBR0, "TTBR0")		\
	S(TTBR1, "TTBR1")		\
	S(TTBCR, "TTBCR")		\
	S(HTPIDR, "TPIDR_EL2")		\
	S(ID_PFR0, "ID_PFR0")		\
	S(ID_ISAR5, "ID_ISAR5")

#define STATE_ENUM(id, name)	STATE_##id,

enum state {
	STATE_R0,
	STATE_R14 = STATE_R0 + 14,
	STATE(STATE_ENUM)
	NR_STATES,
};

/* What led to where a CPU is: the last of what rules are about */
#define HISTORY		24

struct step {
	const struct insn *insn;
	enum world world;
	uint64_t value;		/* that an instruction writes */
};

struct cpu {
	unsigned int index;
	enum world world;
	enum world from;	/* in HYP mode: where it was entered from */
	bool guest_ran;		/* since the host did */
	uint32_t last_pc;	/* in HYP mode */
	/* In HYP mode: what an ERET returns with, unless it is as it was left */
	uint32_t spsr, elr;
	bool spsr_written, elr_written;
	struct step history[HISTORY];
	unsigned int steps;
	/*
	 * For a module to say who is at fault in the next check(), beside the
	 * function of the instruction; for that one only.
	 */
	uint32_t caller;
};

struct access {
	uint32_t address;
	uint64_t physical;
	unsigned int size;
	bool store, io;
	uint64_t value;
};

/**
 * struct module - the hooks of a file with rules; each may be missing
 * @reset: the CPU starts from reset
 * @enter_hyp: HYP mode is entered, from cpu->from, and @insn is next
 * @leave_hyp: @insn, an ERET, leaves HYP mode for @to, which may be HYP mode
 * @hyp_exception: HYP mode takes an exception of its own, and @insn is next
 * @insn: @insn is next, and its condition holds; in HYP mode this is every
 *	instruction, elsewhere those that decode.h has a class for
 * @access: @insn, in HYP mode, has accessed memory
 * @store: @insn, of anybody, has stored to a page that watch_page() is about or
 *	where cache.h says that it is news; of what is not HYP mode's, @insn has
 *	no condition
 * @load: a guest has loaded, where cache.h says that it is news
 * @fetch: a guest is about to execute from a line, likewise
 */
struct module {
	void (*reset)(struct cpu *cpu);
	void (*enter_hyp)(struct cpu *cpu, const struct insn *insn);
	void (*leave_hyp)(struct cpu *cpu, const struct insn *insn,
			  enum world to);
	void (*hyp_exception)(struct cpu *cpu, const struct insn *insn);
	void (*insn)(struct cpu *cpu, const struct insn *insn);
	void (*access)(struct cpu *cpu, const struct insn *insn,
		       const struct access *access);
	void (*store)(struct cpu *cpu, const struct insn *insn,
		      const struct access *access);
	void (*load)(struct cpu *cpu, uint32_t pc, uint64_t physical);
	void (*fetch)(struct cpu *cpu, uint32_t pc, uint64_t physical);
};

/* Why a page is watched */
enum watch { WATCH_TABLE = 1 };

extern const struct module entry_module, regime_module, exit_module,
	reset_module, context_module, complete_module, tlb_module,
	cache_module, gic_module, debug_module, ras_module, mismatch_module;

/**
 * check - ask a rule
 * @id: which one
 * @cpu: that executes
 * @insn: where
 * @holds: or is violated
 * @missing: of a violation: which step is missing, in words, as for printf()
 *
 * Return: @holds
 */
bool check(enum rule_id id, struct cpu *cpu, const struct insn *insn,
	   bool holds, const char *missing, ...)
	__attribute__((format(printf, 5, 6)));

/* A rule was asked so many times, and held */
void count_held(enum rule_id id, uint64_t times);

/* Do walks look into the data caches? Otherwise rules ask for what that needs */
extern bool walks_coherent;

/* The emulated CPU's own state; only of the CPU that a hook is called for */
uint64_t read_state(enum state state);

/* Not every CPU has a VFP */
bool has_vfp(void);

/* What a CP_WRITE or an MSR is about to write */
uint64_t value_written(const struct insn *insn);

/* The function that an instruction is in returns there, if it calls none */
uint32_t return_address(void);

/* Of the memory that the CPU executes from: false if there is none */
bool read_code(uint32_t address, void *to, unsigned int size);

/**
 * watch_page - have the hooks for stores called for a page
 * @physical: an address in it
 * @why: a module's reason, of which a page may have more than one
 * @on: or not any more
 */
void watch_page(uint64_t physical, enum watch why, bool on);

/* For all pages, which is slow */
void watch_all_stores(bool on);

/* rules.c */
int start_reports(const char *path);
void end_reports(void);

#endif
