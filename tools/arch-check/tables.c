// SPDX-License-Identifier: GPL-2.0-only
/*
 * Translation tables, as they are in memory: what each store to one means, and
 * whether it is one that a walk or a TLB may not meet yet.
 *
 * Long descriptors (DDI 0406C B3.6), as HYP mode and Stage-2 have no others.
 * That a change needs no break is so for permissions, the access flag and bits
 * that hardware ignores (DDI 0487 D8.14.1).
 *
 * Tables are read when a root or a table descriptor is first seen, through the
 * addresses of the CPU that runs; from then on each store to them is followed.
 */
#include <stdlib.h>

#include "cache.h"
#include "tlb.h"

#define NR_ENTRIES	512
#define LAST_LEVEL	3

#define DESC_VALID	1u
#define DESC_TABLE	2u
#define DESC_ADDRESS	0xfffffff000ull
/* AP or HAP, AF, PXN, XN, and what is ignored or for software */
#define DESC_RELAXED	(0xffe0000000000000ull | 1 << 10 | 3 << 6)

/* Where lowmem of Linux is a constant away from its physical address */
#define LINEAR_ALIGN	0x200000

struct table {
	struct root *root;
	struct entry *parent;	/* NULL: it is the root's, or was unlinked */
	uint64_t page;
	uint64_t ia;		/* of its first entry */
	unsigned int first, nr;	/* of the page's descriptors */
	unsigned int level;
	unsigned int held;	/* entries that TLBs may hold */
	bool linked;		/* walks find it */
	struct entry entries[NR_ENTRIES];
};

static struct table *tables[NR_PAGES];
static struct root *roots;
static struct entries unordered = LIST_HEAD_INITIALIZER(unordered);
/* A descriptor that was read by its physical address, and that */
static uint64_t sample, sample_at;
static bool linear_known;
static uint32_t linear;		/* virtual less physical */
static unsigned int unknown;	/* roots */

uint64_t now;

static unsigned int level_shift(unsigned int level)
{
	return 39 - 9 * level;
}

static bool is_valid(uint64_t desc, unsigned int level)
{
	return desc & DESC_VALID && (level < LAST_LEVEL || desc & DESC_TABLE);
}

static bool is_table(uint64_t desc, unsigned int level)
{
	return level < LAST_LEVEL && (desc & 3) == (DESC_VALID | DESC_TABLE);
}

/* May TLBs hold both, so that the change needs no break? */
static bool is_relaxed(uint64_t old, uint64_t new, unsigned int level)
{
	if (is_table(old, level) != is_table(new, level))
		return false;
	if (is_table(old, level))
		return !((old ^ new) & DESC_ADDRESS);
	return !((old ^ new) & ~DESC_RELAXED);
}

/* Tables of the first level may be longer than a page (B3.6.5) */
static unsigned int root_entries(const struct root *root)
{
	return 1u << (root->bits - level_shift(root->level));
}

static uint64_t entry_address(const struct entry *e)
{
	const struct table *t = e->table;

	return t->page + (e - t->entries + t->first) * sizeof(e->value);
}

static uint64_t entry_ia(const struct entry *e)
{
	const struct table *t = e->table;

	return t->ia + ((uint64_t)(e - t->entries) << level_shift(t->level));
}

static struct table *find_table(uint64_t address)
{
	return address >> PAGE_SHIFT < NR_PAGES ?
		tables[address >> PAGE_SHIFT] : NULL;
}

static struct table *table_of(const struct entry *e, uint64_t desc)
{
	return is_table(desc, e->table->level) ?
		find_table(desc & DESC_ADDRESS) : NULL;
}

static void set_held(struct entry *e, uint64_t held)
{
	e->table->held += !!held - !!e->held;
	e->held = held;
}

/* Neither a walk nor a TLB gets there any more */
static void forget_unused(struct table *t)
{
	if (t->linked || t->held || t->parent)
		return;
	watch_page(t->page, WATCH_TABLE, false);
	tables[t->page >> PAGE_SHIFT] = NULL;
	free(t);
}

static void clean(struct entry *e)
{
	struct table *t = e->table, *child = table_of(e, e->held);

	if (e->broken)
		LIST_REMOVE(e, link);
	e->broken = false;
	e->again = true;
	set_held(e, 0);
	if (child && child->parent == e) {
		child->parent = NULL;
		forget_unused(child);
	}
	forget_unused(t);
}

static void unlink_table(const struct cpu *cpu, const struct insn *insn,
			 struct table *t);

static void break_entry(const struct cpu *cpu, const struct insn *insn,
			struct entry *e)
{
	struct table *child = table_of(e, e->held);

	e->by = insn;
	e->writers = 1u << cpu->index;
	e->ordered = 0;
	e->stale = entry_root(e)->cpus;
	e->broken = true;
	LIST_INSERT_HEAD(&unordered, e, link);
	if (child && child->parent == e)
		unlink_table(cpu, insn, child);
	if (!e->stale)
		clean(e);
}

static void unlink_table(const struct cpu *cpu, const struct insn *insn,
			 struct table *t)
{
	unsigned int i;

	t->linked = false;
	/* Not to be forgotten on the way */
	t->held++;
	for (i = 0; i < t->nr; i++)
		if (t->entries[i].held && !t->entries[i].broken)
			break_entry(cpu, insn, &t->entries[i]);
	t->held--;
}

/* Entries that are made live: of tables, those in them */
static void link_table(struct root *root, struct entry *parent,
		       uint64_t address, unsigned int level, uint64_t ia,
		       uint32_t offset, unsigned int nr);

static void make(struct entry *e, uint32_t offset)
{
	const struct table *t = e->table;

	if (e->broken)
		LIST_REMOVE(e, link);
	e->broken = false;
	set_held(e, e->value);
	if (is_table(e->value, t->level))
		link_table(t->root, e, e->value & DESC_ADDRESS, t->level + 1,
			   entry_ia(e), offset, NR_ENTRIES);
}

static void link_table(struct root *root, struct entry *parent,
		       uint64_t address, unsigned int level, uint64_t ia,
		       uint32_t offset, unsigned int nr)
{
	struct table *t = find_table(address);
	uint64_t values[NR_ENTRIES];
	unsigned int i;

	if (address >> PAGE_SHIFT >= NR_PAGES ||
	    !read_code(address + offset, values, nr * sizeof(*values)))
		return;
	if (!t) {
		t = calloc(1, sizeof(*t));
		if (!t)
			abort();
		t->page = address & ~(uint64_t)(PAGE_SIZE - 1);
		t->first = (address & (PAGE_SIZE - 1)) / sizeof(*values);
		t->nr = nr;
		tables[address >> PAGE_SHIFT] = t;
		watch_page(address, WATCH_TABLE, true);
	} else if (t->linked || t->first || t->nr != nr) {
		/* In two places: followed in the first */
		return;
	}
	t->root = root;
	t->parent = parent;
	t->level = level;
	t->ia = ia;
	t->linked = true;
	for (i = 0; i < nr; i++) {
		struct entry *e = &t->entries[i];

		e->table = t;
		e->value = values[i];
		if (!is_valid(e->value, level))
			continue;
		if (!offset && !sample) {
			sample = e->value;
			sample_at = entry_address(e);
		}
		make(e, offset);
	}
}

/* ---- stores ---- */

/* Which step is missing before TLBs hold nothing of it? */
static bool check_clean(enum rule_id id, struct cpu *cpu,
			const struct insn *insn, const struct entry *e)
{
	const struct insn *tlbi = covering_tlbi(cpu, e);
	unsigned int address = entry_address(e);

	if (!e->held)
		return check(id, cpu, insn, true, " ");

	cpu->caller = e->by->pc;
	if (!e->ordered)
		return check(id, cpu, insn, false,
			     "DSB behind the store at %#x, which broke the descriptor at physical address %#x, then the invalidation",
			     e->by->pc, address);
	if (tlbi)
		return check(id, cpu, insn, false,
			     "DSB, for loads and stores, behind the %s at %#x, which invalidates what the store at %#x broke at physical address %#x",
			     sysreg_name(tlbi->sysreg), tlbi->pc, e->by->pc,
			     address);
	return check(id, cpu, insn, false,
		     "invalidation of the TLBs, of these CPUs: %#x, behind the store at %#x and its DSB, which broke the descriptor at physical address %#x",
		     e->stale, e->by->pc, address);
}

/* Of a table that walks do not find any more, but TLBs may lead to */
static void store_unlinked(struct cpu *cpu, const struct insn *insn,
			   struct entry *e)
{
	const struct table *t = e->table;
	const struct entry *way = t->parent ? t->parent : e;

	if (e->value & DESC_VALID)
		check_clean(RULE_TLB_REUSE, cpu, insn, way);
}

static void store_live(struct cpu *cpu, const struct insn *insn,
		       struct entry *e, uint32_t offset)
{
	unsigned int level = e->table->level;
	uint64_t old = e->held;
	bool valid = is_valid(e->value, level);
	bool relaxed = valid && is_relaxed(old, e->value, level);

	if (is_table(old, level) && !relaxed)
		check(RULE_TLB_REUSE, cpu, insn, true, " ");
	if (entry_root(e)->cpus)
		check(RULE_TLB_BREAK, cpu, insn, !valid || relaxed,
		      "invalid descriptor, DSB, invalidation, DSB before the new one: physical address %#x had %#llx, now %#llx",
		      (unsigned int)entry_address(e), (unsigned long long)old,
		      (unsigned long long)e->value);
	if (relaxed) {
		set_held(e, e->value);
		return;
	}
	break_entry(cpu, insn, e);
	if (valid)
		make(e, offset);
}

static void store_invalid(struct cpu *cpu, const struct insn *insn,
			  struct entry *e, uint32_t offset)
{
	const struct table *t = e->table;

	if (!is_valid(e->value, t->level)) {
		e->writers |= 1u << cpu->index;
		return;
	}
	/* The same again is no change */
	if (e->held ? !is_relaxed(e->held, e->value, t->level) : e->again)
		check_clean(RULE_TLB_REMAKE, cpu, insn, e);
	e->again = false;
	if (t->root->hyp)
		note_hyp_make(cpu, insn);
	if (is_table(e->value, t->level))
		cache_table_store(cpu, insn, e->value & DESC_ADDRESS, true);
	make(e, offset);
}

/* Two words are written at once in both instruction sets by few */
static bool writes_descriptor(const struct insn *insn,
			      const struct access *access)
{
	uint32_t op = insn->opcode;

	if (access->size == sizeof(uint64_t))
		return true;
	if (insn->thumb)
		return (op & 0xfe500000) == 0xe8400000;
	return (op & 0x0e1000f0) == 0xf0 || (op & 0x0ff000f0) == 0x01a00090;
}

static struct entry *find_entry(uint64_t address)
{
	struct table *t = find_table(address);
	unsigned int i;

	if (!t)
		return NULL;
	i = (address & (PAGE_SIZE - 1)) / sizeof(uint64_t) - t->first;
	return i < t->nr ? &t->entries[i] : NULL;
}

/*
 * A root that maps nothing may be freed with nobody being told. What is not
 * written as descriptors are says that it was.
 */
static struct root *freed_root(const struct table *t, const struct insn *insn,
			       const struct access *access)
{
	struct root *root = t->root;
	unsigned int i;

	if (t->level != root->level || writes_descriptor(insn, access))
		return NULL;
	for (i = 0; i < root_entries(root); i += NR_ENTRIES) {
		t = find_table(root->base + i * sizeof(uint64_t));
		if (t && t->held)
			return NULL;
	}
	return root;
}

static void forget_root(struct root *root)
{
	struct table *t;
	unsigned int i;

	for (i = 0; i < root_entries(root); i += NR_ENTRIES) {
		t = find_table(root->base + i * sizeof(uint64_t));
		if (!t)
			continue;
		t->linked = false;
		forget_unused(t);
	}
}

/* All of the tables, whatever is in them */
static void drop_table(struct table *t)
{
	unsigned int i;

	for (i = 0; i < t->nr; i++)
		if (t->entries[i].broken)
			LIST_REMOVE(&t->entries[i], link);
	watch_page(t->page, WATCH_TABLE, false);
	tables[t->page >> PAGE_SHIFT] = NULL;
	free(t);
}

void forget_idle_roots(void)
{
	unsigned int i;

	for (i = 0; i < NR_PAGES; i++)
		if (tables[i] && !tables[i]->root->cpus)
			drop_table(tables[i]);
}

/* By a store, and by what is found where a table would have to be */
static void learn_linear_map(const struct access *access)
{
	uint32_t offset = access->address - (uint32_t)access->physical;
	uint64_t value;

	linear_known = sample && offset % LINEAR_ALIGN == 0 &&
		read_code(sample_at + offset, &value, sizeof(value)) &&
		value == sample;
	if (!linear_known)
		return;
	linear = offset;
	watch_all_stores(false);
}

void store_to_table(struct cpu *cpu, const struct insn *insn,
		    const struct access *access)
{
	uint64_t address = access->physical & ~7ull;
	uint32_t offset = access->address - (uint32_t)access->physical;
	const struct table *t = find_table(address);
	struct root *root;
	uint64_t value;

	root = t ? freed_root(t, insn, access) : NULL;
	if (root) {
		forget_root(root);
		return;
	}
	for (; address < access->physical + access->size; address += 8) {
		struct entry *e = find_entry(address);

		/* Not what was stored: a store-exclusive may have failed */
		if (!e || !read_code(address + offset, &value, sizeof(value)))
			continue;
		if (value == e->value && !e->broken)
			continue;
		e->value = value;
		if (e->table->linked)
			cache_table_store(cpu, insn, address, false);
		if (!e->table->linked)
			store_unlinked(cpu, insn, e);
		else if (e->held && !e->broken)
			store_live(cpu, insn, e, offset);
		else
			store_invalid(cpu, insn, e, offset);
	}
	if (!linear_known)
		learn_linear_map(access);
}

/* ---- from break to clean ---- */

void order_breaks(const struct cpu *cpu)
{
	struct entry *e, *next;

	now++;
	for (e = LIST_FIRST(&unordered); e; e = next) {
		struct root *root = entry_root(e);

		next = LIST_NEXT(e, link);
		if (!(e->writers >> cpu->index & 1))
			continue;
		LIST_REMOVE(e, link);
		LIST_INSERT_HEAD(&root->broken, e, link);
		e->ordered = now;
		e->stale = root->cpus;
	}
}

bool tlbi_covers(const struct tlbi *tlbi, const struct entry *e)
{
	const struct root *root = entry_root(e);
	uint64_t ia = entry_ia(e);

	if (tlbi->hyp != root->hyp)
		return false;
	if (tlbi->all)
		return true;
	if (root->hyp)
		return tlbi->address >> level_shift(e->table->level) ==
			ia >> level_shift(e->table->level);
	return true;
}

uint8_t covered_cpus(const struct root *root, const struct tlbi *tlbi)
{
	uint8_t cpus = 0;
	unsigned int i;

	if (root->hyp != tlbi->hyp)
		return 0;
	/* A CPU may have run it with another VMID, before a roll-over */
	for (i = 0; i < MAX_CPUS; i++)
		if (tlbi->hyp || tlbi->all || root->vmid[i] == tlbi->vmid)
			cpus |= 1u << i;
	return cpus & root->cpus & tlbi->cpus;
}

const struct entry *unordered_break(const struct cpu *cpu,
				    const struct tlbi *tlbi)
{
	const struct entry *e;

	LIST_FOREACH(e, &unordered, link)
		if (e->writers == 1u << cpu->index && tlbi_covers(tlbi, e) &&
		    covered_cpus(entry_root(e), tlbi))
			return e;
	return NULL;
}

bool covers_break(const struct tlbi *tlbi)
{
	const struct root *root;
	const struct entry *e;

	for (root = roots; root; root = root->next) {
		if (!covered_cpus(root, tlbi))
			continue;
		LIST_FOREACH(e, &root->broken, link)
			if (tlbi_covers(tlbi, e))
				return true;
	}
	return false;
}

void clean_entries(struct root *root, const struct tlbi *tlbi, uint8_t cpus,
		   uint8_t empty)
{
	struct entry *e, *next;

	LIST_FOREACH(e, &root->broken, link)
		e->stale &= e->ordered <= tlbi->time && tlbi_covers(tlbi, e) ?
			~cpus : ~empty;
	for (e = LIST_FIRST(&root->broken); e; e = next) {
		next = LIST_NEXT(e, link);
		if (!e->stale)
			clean(e);
	}
}

/* ---- roots ---- */

bool linear_map(uint32_t *offset)
{
	*offset = linear;
	return linear_known;
}

struct root *first_root(void)
{
	return roots;
}

bool has_unknown_root(void)
{
	return unknown;
}

struct root *entry_root(const struct entry *e)
{
	return e->table->root;
}

static void set_known(struct root *root, bool known)
{
	unknown += root->known - known;
	root->known = known;
	watch_all_stores(unknown && !linear_known);
}

struct root *find_root(uint64_t base, bool hyp, unsigned int bits,
		       unsigned int level)
{
	struct root *root;

	for (root = roots; root; root = root->next)
		if (root->base == base && root->hyp == hyp)
			break;
	if (root) {
		/* Another's by now, perhaps */
		set_known(root, find_table(base));
		return root;
	}
	root = calloc(1, sizeof(*root));
	if (!root)
		abort();
	root->base = base;
	root->hyp = hyp;
	root->known = true;
	root->bits = bits;
	root->level = level;
	LIST_INIT(&root->broken);
	root->next = roots;
	roots = root;
	set_known(root, false);
	return root;
}

static bool read_root(struct root *root, uint32_t offset)
{
	unsigned int nr = root_entries(root), i;
	uint64_t first;

	if (!read_code(root->base + offset, &first, sizeof(first)))
		return false;
	for (i = 0; i < nr; i += NR_ENTRIES)
		link_table(root, NULL, root->base + i * sizeof(first),
			   root->level,
			   (uint64_t)i << level_shift(root->level), offset,
			   nr - i < NR_ENTRIES ? nr - i : NR_ENTRIES);
	return true;
}

uint64_t find_leaf(const struct root *root, uint32_t address)
{
	uint64_t at = root->base, index;
	unsigned int level;

	for (level = root->level; ; level++) {
		const struct entry *e;

		index = address >> level_shift(level);
		if (level != root->level)
			index %= NR_ENTRIES;
		e = find_entry(at + index * sizeof(e->value));
		if (!e || !is_valid(e->value, level))
			return 0;
		if (!is_table(e->value, level))
			return e->value;
		at = e->value & DESC_ADDRESS;
	}
}

void read_roots(bool flat)
{
	struct root *root;

	if (!flat && !linear_known)
		return;
	for (root = roots; root; root = root->next)
		if (!root->known)
			set_known(root, read_root(root, flat ? 0 : linear));
}
