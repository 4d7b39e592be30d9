// SPDX-License-Identifier: GPL-2.0-only
/*
 * A model of the caches, by physical address and line: which lines a data cache
 * may have that memory does not, at the point of coherency and at that of
 * unification; which ones may hide what is in memory; and which lines of the
 * instruction caches may be older than both (DDI 0406C A3.9, B2.2).
 *
 * A cache is assumed to hold what it may hold: nothing was cleaned before it is
 * seen to be. A line is looked at from its first clean to the point of coherency
 * on, which is what KVM does with memory before a guest gets it. What devices
 * write is coherent, and so is what a guest has mapped as it likes, its MMU on.
 *
 * A guest looks after what it has written itself, and what it has had written in
 * memory that was its own by then, by addresses that are not translated here:
 * one operation of its own is taken for all of these lines. What it does by set
 * and way is KVM's, which has to do it by address. So is what it does before it
 * turns its caches on, if HCR.TVM has KVM see that.
 */
#include <stdlib.h>
#include <string.h>

#include "cache.h"
#include "tlb.h"
#include "translate.h"

#define NR_LINES	(1u << (PAGE_SHIFT - LINE_SHIFT))
/* Beyond are the vectors' page and what the kernel has beside lowmem */
#define HYP_TEXT_END	0xf0000000

#define SCTLR_M		1u
#define SCTLR_C		(1u << 2)

/* Of a page: masks with a bit for each line */
struct lines {
	bool hyp;		/* of HYP text, and looked at since it was executed */
	uint64_t poc_dirty;	/* written by the host, and not cleaned since */
	uint64_t pou_dirty;
	uint64_t guest_dirty;	/* written by a guest with its caches on */
	uint64_t hidden;	/* written by a guest past the caches */
	uint32_t hider;		/* that guest's vCPU, by HTPIDR */
	uint32_t guest_epoch;	/* in which the guest has written the two */
	uint32_t written[NR_LINES];	/* by the host, first since the clean */
	uint32_t cleaned[NR_LINES];	/* to the point of unification */
	uint32_t fetchable[NR_LINES];	/* instruction cache line invalidated */
	const struct insn *writer[NR_LINES];
};

/* Whose vCPU a CPU has run last with a VMID */
struct fetcher {
	uint64_t base;
	uint32_t vcpu;
	bool mmu_off;		/* at some time */
	bool stale;		/* and the instruction cache has what it fetched */
};

/* Table memory that this CPU wrote, and that walks have to find */
struct table_store {
	const struct insn *insn;
	uint64_t physical;
	uint64_t lines;
};

#define MAX_TABLE_STORES	16

struct core {
	const struct insn *entry;	/* the last ERET to a guest */
	bool uncached, mmu_off;		/* that guest, now */
	bool watched;			/* HCR.TVM */
	uint32_t vcpu;			/* by HTPIDR */
	bool entered_uncached;
	uint32_t icache_clean;
	/* The last translation: addresses of a page, until the next DSB */
	bool memo_valid;
	uint32_t memo_address;
	uint64_t memo_physical;
	struct fetcher fetchers[NR_VMIDS];
	struct fetcher *fetcher;
	uint64_t fetched, loaded;	/* asked, without the lock */
	struct table_store table_stores[MAX_TABLE_STORES];
	unsigned int nr_table_stores;
};

static struct lines *pages[NR_PAGES];
static struct core cores[MAX_CPUS];
static unsigned int nr_hidden;
/* Maintenance is what time goes by */
static uint32_t clock = 1;
static uint32_t icaches_clean;
static uint32_t guest_epoch = 1;
/* When a guest has last maintained something */
static uint32_t guest_cleaned, guest_fetches;

static struct lines *find_lines(uint64_t physical)
{
	return physical >> PAGE_SHIFT < NR_PAGES ?
		pages[physical >> PAGE_SHIFT] : NULL;
}

static struct lines *get_lines(uint64_t physical, uint64_t dirty)
{
	struct lines *l = find_lines(physical);
	unsigned int i;

	if (l || physical >> PAGE_SHIFT >= NR_PAGES)
		return l;
	l = calloc(1, sizeof(*l));
	if (!l)
		abort();
	for (i = 0; i < NR_LINES; i++)
		l->written[i] = clock;
	l->poc_dirty = dirty;
	l->pou_dirty = dirty;
	pages[physical >> PAGE_SHIFT] = l;
	return l;
}

static unsigned int line_of(uint64_t physical)
{
	return physical >> LINE_SHIFT & (NR_LINES - 1);
}

static uint64_t bit_of(uint64_t physical)
{
	return 1ull << line_of(physical);
}

/* What a guest was to maintain itself, and has */
static void expire(struct lines *l)
{
	if (l->guest_epoch == guest_epoch)
		return;
	l->guest_dirty = 0;
	l->hidden = 0;
	l->guest_epoch = guest_epoch;
}

static void set_hidden(struct lines *l, uint64_t hidden)
{
	nr_hidden += !!hidden - !!l->hidden;
	l->hidden = hidden;
}

static bool is_current(const struct lines *l)
{
	return l->guest_epoch == guest_epoch;
}

/* What is not cleaned, and the guest has not either, as far as can be known */
static bool is_dirty(const struct lines *l, uint64_t physical)
{
	uint64_t bit = bit_of(physical);

	return (l->poc_dirty & bit &&
		l->written[line_of(physical)] >= guest_cleaned) ||
		(l->guest_dirty & bit && is_current(l));
}

/* ---- asked without the lock ---- */

bool cache_store_is_news(unsigned int cpu, enum world world, uint64_t physical)
{
	const struct lines *l = find_lines(physical);
	uint64_t bit = bit_of(physical);

	if (!l)
		return world == WORLD_GUEST && cores[cpu].uncached;
	if (world != WORLD_GUEST)
		return !(l->poc_dirty & l->pou_dirty & bit) || l->hidden & bit;
	if (!is_current(l))
		return true;
	if (cores[cpu].uncached)
		return (cores[cpu].watched && !(l->hidden & bit)) ||
			is_dirty(l, physical);
	return !(l->guest_dirty & bit) || l->hidden & bit;
}

bool cache_load_may_be_news(unsigned int cpu)
{
	return cores[cpu].uncached || nr_hidden;
}

bool cache_load_is_news(unsigned int cpu, uint64_t physical)
{
	const struct lines *l = find_lines(physical);
	uint64_t bit = bit_of(physical);

	if (!cores[cpu].uncached)
		return l && is_current(l) && l->hidden & bit;
	cores[cpu].loaded++;
	return !l || is_dirty(l, physical);
}

static bool is_fetchable(unsigned int cpu, const struct lines *l,
			 uint64_t physical)
{
	unsigned int line = line_of(physical);
	uint32_t done = l->fetchable[line];

	if (l->pou_dirty & bit_of(physical))
		return l->written[line] < guest_fetches;
	if (done < icaches_clean)
		done = icaches_clean;
	if (done < cores[cpu].icache_clean)
		done = cores[cpu].icache_clean;
	return done >= l->cleaned[line];
}

bool cache_fetch_is_news(unsigned int cpu, uint64_t physical)
{
	const struct lines *l = find_lines(physical);

	cores[cpu].fetched++;
	return !l || !is_fetchable(cpu, l, physical) ||
		(cores[cpu].uncached && is_dirty(l, physical));
}

/* ---- accesses ---- */

/* A fault is of whoever let the guest go on */
static const struct insn *entry_of(const struct cpu *cpu)
{
	return cores[cpu->index].entry;
}

static void blame(struct cpu *cpu, const struct lines *l, uint64_t physical)
{
	const struct insn *writer = l ? l->writer[line_of(physical)] : NULL;

	if (writer)
		cpu->caller = writer->pc;
}

static const char *writer_of(const struct lines *l, uint64_t bit)
{
	if (!l)
		return "never cleaned";
	return l->poc_dirty & bit ? "the host has written it since" :
		"the guest has written it since, its caches on";
}

/* To memory, and not to what a cache has of it */
static void access_uncached(struct cpu *cpu, struct lines *l,
			    uint64_t physical, const char *what, uint32_t pc)
{
	uint64_t bit = bit_of(physical);

	if (l && !is_dirty(l, physical))
		return;
	blame(cpu, l, physical);
	check(RULE_CACHE_OFF, cpu, entry_of(cpu), false,
	      "clean to the point of coherency before the guest's %s at PC %x, with its MMU or caches off, of the line at physical address %llx: %s",
	      what, pc, (unsigned long long)physical, writer_of(l, bit));
	if (l)
		l->poc_dirty &= ~bit;
}

/* A cache may have had the line before it was written past it */
static void access_cached(struct cpu *cpu, struct lines *l, uint64_t physical,
			  const char *what, uint32_t pc)
{
	uint64_t bit = bit_of(physical);

	if (!l || !(l->hidden & bit))
		return;
	check(RULE_CACHE_HIDES, cpu, entry_of(cpu), false,
	      "invalidation to the point of coherency before the guest's %s at PC %x, with its caches on, of the line at physical address %llx, which it has written at PC %x with its MMU or caches off",
	      what, pc, (unsigned long long)physical,
	      l->writer[line_of(physical)]->pc);
	set_hidden(l, l->hidden & ~bit);
}

static void store_of_guest(struct cpu *cpu, const struct insn *insn,
			   struct lines *l, uint64_t physical)
{
	uint64_t bit = bit_of(physical);

	if (l)
		expire(l);
	if (cores[cpu->index].uncached) {
		access_uncached(cpu, l, physical, "store", insn->pc);
		if (l && cores[cpu->index].watched) {
			set_hidden(l, l->hidden | bit);
			l->hider = cores[cpu->index].vcpu;
			l->writer[line_of(physical)] = insn;
		}
		return;
	}
	access_cached(cpu, l, physical, "store", insn->pc);
	if (l)
		l->guest_dirty |= bit;
}

static void store(struct cpu *cpu, const struct insn *insn,
		  const struct access *access)
{
	struct lines *l = find_lines(access->physical);
	uint64_t bit = bit_of(access->physical);

	if (access->io)
		return;
	if (cpu->world == WORLD_GUEST) {
		store_of_guest(cpu, insn, l, access->physical);
		return;
	}
	if (!l)
		return;
	expire(l);
	set_hidden(l, l->hidden & ~bit);
	l->poc_dirty |= bit;
	l->pou_dirty |= bit;
	l->written[line_of(access->physical)] = clock;
	l->writer[line_of(access->physical)] = insn;
}

static void load(struct cpu *cpu, uint32_t pc, uint64_t physical)
{
	struct lines *l = find_lines(physical);

	if (l)
		expire(l);
	if (cores[cpu->index].uncached)
		access_uncached(cpu, l, physical, "load", pc);
	else
		access_cached(cpu, l, physical, "load", pc);
}

static void execute_guest(struct cpu *cpu, uint32_t pc, uint64_t physical)
{
	struct lines *l = find_lines(physical);
	unsigned int line = line_of(physical);

	if (l)
		expire(l);
	if (cores[cpu->index].uncached)
		access_uncached(cpu, l, physical, "instruction fetch", pc);
	if (!l || is_fetchable(cpu->index, l, physical))
		return;
	blame(cpu, l, physical);
	check(RULE_CACHE_CODE, cpu, entry_of(cpu), false,
	      "%s before the guest executes at PC %x from physical address %llx, where the host has written",
	      l->pou_dirty & bit_of(physical) ?
	      "clean to the point of unification, then invalidation of the instruction cache" :
	      "invalidation of this CPU's instruction cache behind the clean",
	      pc, (unsigned long long)physical);
	l->pou_dirty &= ~bit_of(physical);
	l->fetchable[line] = clock;
}

/*
 * HYP text is where the kernel has it: the same in HYP mode, and a constant
 * away in memory. What the kernel had written before it was first executed is
 * not known, nor is what another kernel writes there when HYP mode is off.
 */
static void forget_hyp(void)
{
	unsigned int i;

	for (i = 0; i < NR_PAGES; i++)
		if (pages[i] && pages[i]->hyp) {
			pages[i]->poc_dirty = 0;
			pages[i]->pou_dirty = 0;
			memset(pages[i]->cleaned, 0, sizeof(pages[i]->cleaned));
		}
}

static void execute_hyp(struct cpu *cpu, const struct insn *insn)
{
	unsigned int line = line_of(insn->pc);
	uint32_t offset;
	struct lines *l;

	if (!linear_map(&offset) || insn->pc >= HYP_TEXT_END ||
	    insn->pc - offset < RAM_START)
		return;
	l = find_lines(insn->pc - offset);
	if (!l) {
		l = get_lines(insn->pc - offset, 0);
		if (l)
			l->hyp = true;
	}
	if (!l || is_fetchable(cpu->index, l, insn->pc - offset))
		return;
	blame(cpu, l, insn->pc - offset);
	check(RULE_CACHE_CODE, cpu, insn, false,
	      "clean to the point of unification, then invalidation of the instruction cache before HYP mode executes what the host has written");
	l->pou_dirty &= ~bit_of(insn->pc);
	l->fetchable[line] = clock;
}

/* ---- maintenance ---- */

static bool translate(struct cpu *cpu, const struct insn *insn,
		      uint64_t *physical)
{
	struct core *core = &cores[cpu->index];
	uint32_t address = value_written(insn);
	uint32_t offset = address & ((1u << PAGE_SHIFT) - 1);

	if (insn->hyp)
		return false;
	if (!core->memo_valid || core->memo_address != address - offset) {
		core->memo_valid = translate_host(address - offset,
						  &core->memo_physical);
		core->memo_address = address - offset;
	}
	*physical = core->memo_physical + offset;
	return core->memo_valid;
}

static void clean_to_pou(struct lines *l, uint64_t physical)
{
	uint64_t bit = bit_of(physical);

	if (l->pou_dirty & bit)
		l->cleaned[line_of(physical)] = ++clock;
	l->pou_dirty &= ~bit;
}

static void invalidate_line(struct lines *l, uint64_t bit)
{
	if (!(l->hidden & bit))
		return;
	count_held(RULE_CACHE_HIDES, 1);
	set_hidden(l, l->hidden & ~bit);
}

static void maintain_line(enum sysreg sysreg, uint64_t physical)
{
	bool to_poc = sysreg == SYS_DCCMVAC || sysreg == SYS_DCCIMVAC;
	bool anew = to_poc || (sysreg == SYS_DCCMVAU && !walks_coherent);
	struct lines *l = anew ? get_lines(physical, ~0ull) :
		find_lines(physical);
	uint64_t bit = bit_of(physical);

	if (!l)
		return;
	expire(l);
	if (sysreg == SYS_ICIMVAU) {
		l->fetchable[line_of(physical)] = ++clock;
		return;
	}
	if (sysreg == SYS_DCCIMVAC || sysreg == SYS_DCIMVAC)
		invalidate_line(l, bit);
	if (to_poc) {
		l->poc_dirty &= ~bit;
		l->guest_dirty &= ~bit;
	}
	if (sysreg != SYS_DCIMVAC)
		clean_to_pou(l, physical);
}

static void forget_fetched(struct core *core)
{
	unsigned int i;

	for (i = 0; i < NR_VMIDS; i++)
		core->fetchers[i].stale = false;
	/* Who is about to run, or runs, goes on fetching */
	if (core->fetcher)
		core->fetcher->stale = core->mmu_off;
}

static void invalidate_icache(struct cpu *cpu, bool all)
{
	unsigned int i;

	clock++;
	if (all)
		icaches_clean = clock;
	else
		cores[cpu->index].icache_clean = clock;
	for (i = 0; i < MAX_CPUS; i++)
		if (all || i == cpu->index)
			forget_fetched(&cores[i]);
}

static void maintain(struct cpu *cpu, const struct insn *insn)
{
	uint64_t physical;

	switch (insn->sysreg) {
	case SYS_DCCIMVAC:
	case SYS_DCCMVAC:
	case SYS_DCCMVAU:
	case SYS_DCIMVAC:
	case SYS_ICIMVAU:
		if (translate(cpu, insn, &physical))
			maintain_line(insn->sysreg, physical);
		break;
	case SYS_HSCTLR:
		if (!(value_written(insn) & SCTLR_M))
			forget_hyp();
		break;
	case SYS_ICIALLU:
		invalidate_icache(cpu, false);
		break;
	case SYS_ICIALLUIS:
		invalidate_icache(cpu, true);
		break;
	default:
		break;
	}
}

/* ---- tables, for walks that do not look into the data caches ---- */

void cache_table_store(struct cpu *cpu, const struct insn *insn,
		       uint64_t physical, bool whole)
{
	struct core *core = &cores[cpu->index];

	/* Stores in HYP mode are cleaned there, by addresses of its own */
	if (walks_coherent || cpu->world != WORLD_HOST ||
	    core->nr_table_stores == MAX_TABLE_STORES)
		return;
	core->table_stores[core->nr_table_stores++] = (struct table_store){
		.insn = insn, .physical = physical,
		.lines = whole ? ~0ull : bit_of(physical),
	};
}

static void check_walks(struct cpu *cpu, const struct insn *insn)
{
	struct core *core = &cores[cpu->index];
	unsigned int i;

	for (i = 0; i < core->nr_table_stores; i++) {
		const struct table_store *s = &core->table_stores[i];
		const struct lines *l = find_lines(s->physical);

		cpu->caller = s->insn->pc;
		check(RULE_CACHE_WALKS, cpu, insn,
		      l && !(l->pou_dirty & s->lines),
		      "clean to the point of unification of the table memory at physical address %#llx behind the store at %#x",
		      (unsigned long long)s->physical, s->insn->pc);
	}
	core->nr_table_stores = 0;
}

/* ---- guests ---- */

static void set_sctlr(struct cpu *cpu, uint32_t sctlr)
{
	struct core *core = &cores[cpu->index];

	core->mmu_off = !(sctlr & SCTLR_M);
	core->uncached = core->mmu_off || !(sctlr & SCTLR_C);
	if (!core->mmu_off || !core->fetcher)
		return;
	core->fetcher->mmu_off = true;
	core->fetcher->stale = true;
}

static void insn_of_guest(struct cpu *cpu, const struct insn *insn)
{
	switch (insn->sysreg) {
	case SYS_SCTLR:
		set_sctlr(cpu, value_written(insn));
		break;
	case SYS_DCCIMVAC:
	case SYS_DCCMVAC:
	case SYS_DCIMVAC:
		guest_epoch++;
		guest_cleaned = ++clock;
		nr_hidden = 0;
		break;
	case SYS_ICIALLU:
	case SYS_ICIALLUIS:
	case SYS_ICIMVAU:
		guest_fetches = ++clock;
		break;
	default:
		break;
	}
}

static void insn(struct cpu *cpu, const struct insn *insn)
{
	struct core *core = &cores[cpu->index];

	if (insn->hyp)
		execute_hyp(cpu, insn);
	if (insn->class == INSN_DSB)
		core->memo_valid = false;
	if (insn->class != INSN_CP_WRITE)
		return;
	if (cpu->world == WORLD_GUEST)
		insn_of_guest(cpu, insn);
	else
		maintain(cpu, insn);
}

/* A guest goes on with its caches on, where it was entered with them off */
static void check_hidden(struct cpu *cpu, const struct insn *insn)
{
	struct core *core = &cores[cpu->index];
	const struct lines *first = NULL;
	unsigned int i, line = 0;

	for (i = 0; i < NR_PAGES && !first; i++)
		if (pages[i] && is_current(pages[i]) && pages[i]->hidden &&
		    pages[i]->hider == core->vcpu)
			first = pages[i];
	if (first)
		line = __builtin_ctzll(first->hidden);
	check(RULE_CACHE_HIDES, cpu, insn, !first,
	      "invalidation to the point of coherency of what the guest has written with its MMU or caches off, as now they are on: physical address %x and others, at PC %x",
	      first ? (i - 1) << PAGE_SHIFT | line << LINE_SHIFT : 0,
	      first ? first->writer[line]->pc : 0);
}

static void leave_hyp(struct cpu *cpu, const struct insn *insn, enum world to)
{
	struct core *core = &cores[cpu->index];
	bool same = core->vcpu == (uint32_t)read_state(STATE_HTPIDR);
	uint64_t vttbr = read_state(STATE_VTTBR), base = vttbr & VTTBR_BADDR;
	struct fetcher *fetcher = &core->fetchers[VTTBR_VMID(vttbr)];
	uint32_t vcpu = read_state(STATE_HTPIDR);

	if (to != WORLD_GUEST)
		return;
	if (fetcher->base == base && fetcher->vcpu != vcpu && fetcher->mmu_off)
		check(RULE_CACHE_VCPUS, cpu, insn, !fetcher->stale,
		      "ICIALLU on this CPU between two vCPUs: by HTPIDR, %#x ran with its MMU off and now %#x",
		      fetcher->vcpu, vcpu);
	if (fetcher->base != base || fetcher->vcpu != vcpu)
		*fetcher = (struct fetcher){ .base = base, .vcpu = vcpu };
	core->entry = insn;
	core->fetcher = fetcher;
	core->vcpu = vcpu;
	core->watched = read_state(STATE_HCR) & HCR_TVM;
	set_sctlr(cpu, read_state(STATE_SCTLR));
	if (same && core->entered_uncached && !core->uncached)
		check_hidden(cpu, insn);
	core->entered_uncached = core->uncached;
}

static void enter_hyp(struct cpu *cpu, const struct insn *insn)
{
	struct core *core = &cores[cpu->index];

	count_held(RULE_CACHE_CODE, core->fetched);
	count_held(RULE_CACHE_OFF, core->loaded);
	core->fetched = 0;
	core->loaded = 0;
	core->fetcher = NULL;
	core->uncached = false;
	core->mmu_off = false;
	check_walks(cpu, insn);
}

const struct module cache_module = {
	.enter_hyp = enter_hyp,
	.leave_hyp = leave_hyp,
	.insn = insn,
	.store = store,
	.load = load,
	.fetch = execute_guest,
};
