/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Translation tables in memory (tables.c) and who may hold entries of them in a
 * TLB (tlb.c).
 *
 * A descriptor is live as long as a walk can find it. Where a live one is made
 * invalid, or the table that it is in taken out of use, it is broken: TLBs may
 * hold it until the store was waited for, then an invalidation that covers it
 * was made on each CPU that may hold it, and then that was waited for, in this
 * order (DDI 0406C B3.10.1, B3.10.5; DDI 0487 D8.14).
 */
#ifndef ARCH_CHECK_TLB_H
#define ARCH_CHECK_TLB_H

#include <sys/queue.h>

#include "arch-check.h"

struct table;

/* A descriptor, and what TLBs may hold of it */
struct entry {
	LIST_ENTRY(entry) link;		/* as long as it is broken */
	struct table *table;
	uint64_t value;			/* in memory */
	uint64_t held;			/* 0: nothing */
	const struct insn *by;		/* the store that broke it */
	uint64_t ordered;		/* when that was waited for, 0: not yet */
	uint8_t writers;		/* CPUs any of which may wait for it */
	uint8_t stale;			/* CPUs whose TLBs may hold it */
	bool broken;
	bool again;			/* it was broken once, and is clean */
};

LIST_HEAD(entries, entry);

/* What HTTBR or VTTBR points to */
struct root {
	struct root *next;
	uint64_t base;
	bool hyp;
	bool known;			/* its tables have been read */
	unsigned int bits, level;	/* of input addresses; of the first table */
	uint8_t cpus;			/* whose TLBs may hold entries of it */
	uint8_t vmid[MAX_CPUS];		/* with which they do */
	struct entries broken;		/* that have been waited for */
};

/* A TLB maintenance operation of HYP mode */
struct tlbi {
	const struct insn *insn;
	uint64_t time;
	uint8_t cpus;			/* that do it */
	bool broadcast;
	bool hyp;
	bool all;			/* VMIDs, or addresses of HYP's */
	uint8_t vmid;
	uint32_t address;
};

/* The order of what happens */
extern uint64_t now;

/**
 * find_root - the tables that a base register points to
 * @base: address of the first descriptor
 * @hyp: those of HYP mode, not a Stage-2
 * @bits: of input addresses
 * @level: of the first table
 *
 * Return: never NULL
 */
struct root *find_root(uint64_t base, bool hyp, unsigned int bits,
		       unsigned int level);
struct root *first_root(void);
struct root *entry_root(const struct entry *entry);

/**
 * read_roots - read the tables that nothing is known of yet
 * @flat: the CPU that a hook is called for reads by physical addresses, as its
 *	MMU is off; otherwise it is the host's, which has them in its linear map
 */
void read_roots(bool flat);

/**
 * linear_map - where the host has its lowmem
 * @offset: where to store its virtual less its physical address
 *
 * Return: false as long as that is not known
 */
bool linear_map(uint32_t *offset);

/*
 * Forget the tables that no CPU uses, and that no TLB may hold entries of: their
 * memory may be anything by now. What is used again is read again.
 */
void forget_idle_roots(void);

/**
 * find_leaf - the block or page that an address leads to
 * @root: the tables
 * @address: input address
 *
 * Return: its descriptor, as it is in memory; 0 if there is none, or the tables
 * were not read
 */
uint64_t find_leaf(const struct root *root, uint32_t address);

/* The same of what a CPU has in HTTBR; 0 while HYP mode's MMU is off, too */
uint64_t hyp_leaf(const struct cpu *cpu, uint32_t address);

/* Whether one is left that could not be read */
bool has_unknown_root(void);

/* A store of the host or in HYP mode to a page that is watched */
void store_to_table(struct cpu *cpu, const struct insn *insn,
		    const struct access *access);

/* A DSB: what the CPU has broken is seen to be broken by all */
void order_breaks(const struct cpu *cpu);

/**
 * unordered_break - a descriptor that the CPU broke, and has not waited for
 * @tlbi: covers it
 *
 * Return: NULL if there is none
 */
const struct entry *unordered_break(const struct cpu *cpu,
				    const struct tlbi *tlbi);

/* Whether one that is broken is covered by the operation */
bool covers_break(const struct tlbi *tlbi);

/**
 * clean_entries - the operation has been waited for
 * @root: its entries
 * @tlbi: covers them
 * @cpus: whose TLBs do not hold what was broken before it any more
 * @empty: whose TLBs hold nothing at all of the root
 */
void clean_entries(struct root *root, const struct tlbi *tlbi, uint8_t cpus,
		   uint8_t empty);

/* CPUs whose TLBs may hold entries of the root, and that do the operation */
uint8_t covered_cpus(const struct root *root, const struct tlbi *tlbi);

/**
 * covering_tlbi - an operation of the CPU that it has not waited for
 * @entry: which it would clean
 *
 * Return: NULL if there is none
 */
const struct insn *covering_tlbi(const struct cpu *cpu,
				 const struct entry *entry);

/* The CPU has stored a HYP descriptor that is valid and was not */
void note_hyp_make(const struct cpu *cpu, const struct insn *insn);

bool tlbi_covers(const struct tlbi *tlbi, const struct entry *entry);

#endif
