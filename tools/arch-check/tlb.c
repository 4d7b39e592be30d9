// SPDX-License-Identifier: GPL-2.0-only
/*
 * What TLBs may hold, and the operations that take it from them: which CPU has
 * walked which tables, for which VM and vCPU, until when.
 *
 * A CPU may hold entries of a Stage-2 from when it returns to a guest with it in
 * VTTBR, of HYP's tables from when they are in HTTBR and HSCTLR.M is set. What
 * the host does at PL1 to its own TLB entries is not looked at.
 */
#include <stdlib.h>

#include "tlb.h"

#define HTTBR_BADDR	VTTBR_BADDR

#define BARRIER_STORES	2

#define TCR_T0SZ	7
#define VTCR_T0SZ	0xf
#define VTCR_T0SZ_SIGN	8
#define VTCR_SL0_L1	(1u << 6)

enum scope { SCOPE_VMID, SCOPE_VMIDS, SCOPE_HYP, SCOPE_HYP_ADDRESS };

static const struct {
	enum sysreg sysreg;
	enum scope scope;
	bool broadcast;
} operations[] = {
	{ SYS_TLBIALLIS, SCOPE_VMID, true },
	{ SYS_TLBIALL, SCOPE_VMID, false },
	{ SYS_TLBIALLNSNHIS, SCOPE_VMIDS, true },
	{ SYS_TLBIALLNSNH, SCOPE_VMIDS, false },
	{ SYS_TLBIALLHIS, SCOPE_HYP, true },
	{ SYS_TLBIALLH, SCOPE_HYP, false },
	{ SYS_TLBIMVAHIS, SCOPE_HYP_ADDRESS, true },
	{ SYS_TLBIMVAH, SCOPE_HYP_ADDRESS, false },
};

/* For whom a CPU holds entries with a VMID */
struct tag {
	uint64_t base;			/* 0: it holds none */
	uint64_t last_base;		/* the same, even if it holds none */
	uint32_t vcpu;
};

struct mmu {
	struct root *guest;		/* that runs */
	struct root *hyp;		/* in HTTBR */
	bool hyp_on;
	bool hyp_forgot;		/* HYP mode's, since that is off */
	uint64_t hyp_off;		/* since when */
	uint32_t htcr, vtcr;
	struct tlbi *begun;
	unsigned int nr_begun, room;
	bool forgot;			/* all guests, since HYP mode was off */
	bool ran_guest;			/* one, since then */
	const struct insn *hyp_flushed;	/* and no ISB since */
	const struct insn *hyp_made;	/* a descriptor, and no DSB since */
	struct tag tags[NR_VMIDS];
};

static struct mmu mmus[MAX_CPUS];

static void reset(struct cpu *cpu)
{
	struct mmu *mmu = &mmus[cpu->index];

	/* What the TLB holds is unknown, and so what it held */
	mmu->guest = NULL;
	mmu->hyp_on = false;
	mmu->hyp_forgot = false;
	mmu->hyp_off = ++now;
	mmu->nr_begun = 0;
	mmu->hyp_flushed = NULL;
	mmu->hyp_made = NULL;
}

/* ---- operations, and the DSB that says that they are complete ---- */

const struct insn *covering_tlbi(const struct cpu *cpu,
				 const struct entry *entry)
{
	const struct mmu *mmu = &mmus[cpu->index];
	unsigned int i;

	for (i = 0; i < mmu->nr_begun; i++)
		if (entry->ordered && mmu->begun[i].time >= entry->ordered &&
		    tlbi_covers(&mmu->begun[i], entry) &&
		    covered_cpus(entry_root(entry), &mmu->begun[i]))
			return mmu->begun[i].insn;
	return NULL;
}

static void begin(struct cpu *cpu, const struct insn *insn, unsigned int row)
{
	struct mmu *mmu = &mmus[cpu->index];
	enum scope scope = operations[row].scope;
	struct tlbi tlbi = {
		.insn = insn,
		.time = ++now,
		.broadcast = operations[row].broadcast,
		.cpus = operations[row].broadcast ? ~0 : 1u << cpu->index,
		.hyp = scope == SCOPE_HYP || scope == SCOPE_HYP_ADDRESS,
		.all = scope == SCOPE_VMIDS || scope == SCOPE_HYP,
		.vmid = VTTBR_VMID(read_state(STATE_VTTBR)),
		.address = value_written(insn),
	};
	const struct entry *early = unordered_break(cpu, &tlbi);

	if (early) {
		check(RULE_TLB_ORDER, cpu, insn, false,
		      "DSB between the store at %#x, which broke a descriptor, and the %s",
		      early->by->pc, sysreg_name(insn->sysreg));
		/* One fault is one violation */
		order_breaks(cpu);
		tlbi.time = now;
	} else if (covers_break(&tlbi)) {
		check(RULE_TLB_ORDER, cpu, insn, true, " ");
	}
	if (tlbi.hyp)
		check(RULE_TLB_ISB, cpu, insn, true, " ");

	if (mmu->nr_begun == mmu->room) {
		mmu->room = 2 * mmu->room + 1;
		mmu->begun = realloc(mmu->begun,
				     mmu->room * sizeof(*mmu->begun));
		if (!mmu->begun)
			abort();
	}
	mmu->begun[mmu->nr_begun++] = tlbi;
}

/* CPUs that walk it now, and so may hold what is not broken */
static uint8_t users(const struct root *root)
{
	uint8_t cpus = 0;
	unsigned int i;

	for (i = 0; i < MAX_CPUS; i++)
		if (mmus[i].guest == root ||
		    (mmus[i].hyp == root && mmus[i].hyp_on))
			cpus |= 1u << i;
	return cpus;
}

static void forget_tags(const struct tlbi *tlbi)
{
	unsigned int i, vmid;

	for (i = 0; i < MAX_CPUS; i++) {
		if (!(tlbi->cpus >> i & 1))
			continue;
		mmus[i].forgot |= tlbi->all;
		for (vmid = 0; vmid < NR_VMIDS; vmid++)
			if ((tlbi->all || vmid == tlbi->vmid) &&
			    !(mmus[i].guest && mmus[i].guest->vmid[i] == vmid))
				mmus[i].tags[vmid].base = 0;
	}
}

static void forget_hyp(const struct tlbi *tlbi)
{
	unsigned int i;

	for (i = 0; i < MAX_CPUS; i++)
		if (tlbi->cpus >> i & 1 && tlbi->time > mmus[i].hyp_off)
			mmus[i].hyp_forgot = true;
}

static void complete(struct cpu *cpu, const struct tlbi *tlbi)
{
	uint8_t cpus, empty;
	struct root *root;
	bool idle = false;

	for (root = first_root(); root; root = root->next) {
		cpus = covered_cpus(root, tlbi);
		empty = tlbi->hyp && !tlbi->all ? 0 : cpus & ~users(root);
		root->cpus &= ~empty;
		if (cpus)
			clean_entries(root, tlbi, cpus, empty);
		idle |= root->hyp && empty && !root->cpus;
	}
	if (idle)
		forget_idle_roots();
	if (tlbi->hyp && tlbi->all)
		forget_hyp(tlbi);
	if (tlbi->hyp)
		mmus[cpu->index].hyp_flushed = tlbi->insn;
	else
		forget_tags(tlbi);
}

static bool is_wide(const struct insn *insn)
{
	uint8_t domain = insn->option & BARRIER_DOMAIN_MASK;

	return domain != BARRIER_NSH;
}

static void barrier(struct cpu *cpu, const struct insn *insn)
{
	struct mmu *mmu = &mmus[cpu->index];
	unsigned int i, left = 0;

	if (insn->option & BARRIER_STORES)
		mmu->hyp_made = NULL;
	if (insn->option & BARRIER_STORES && is_wide(insn))
		order_breaks(cpu);
	if (!barrier_waits_for_all(insn))
		return;
	for (i = 0; i < mmu->nr_begun; i++) {
		if (mmu->begun[i].broadcast && !is_wide(insn))
			mmu->begun[left++] = mmu->begun[i];
		else
			complete(cpu, &mmu->begun[i]);
	}
	mmu->nr_begun = left;
}

/* ---- registers ---- */

static void use_hyp_root(struct cpu *cpu)
{
	struct mmu *mmu = &mmus[cpu->index];

	if (mmu->hyp && mmu->hyp_on)
		mmu->hyp->cpus |= 1u << cpu->index;
}

/*
 * A CPU whose HYP mode is off runs no guest: what its TLB holds of them does no
 * harm until it is on again, which is when it has to be invalidated. A kernel
 * that was started by another one finds the other's tables like that.
 */
static void leave_guests(struct cpu *cpu)
{
	uint8_t bit = 1u << cpu->index;
	struct root *root;

	for (root = first_root(); root; root = root->next) {
		if (root->hyp || !(root->cpus & bit))
			continue;
		root->cpus &= ~bit;
		clean_entries(root, &(struct tlbi){ .hyp = true }, 0, bit);
	}
	forget_idle_roots();
	mmus[cpu->index].forgot = false;
	mmus[cpu->index].ran_guest = false;
}

static void switch_hyp(struct cpu *cpu, const struct insn *insn, bool on)
{
	struct mmu *mmu = &mmus[cpu->index];

	if (on && !mmu->hyp_on)
		check(RULE_TLB_ON, cpu, insn, mmu->hyp_forgot,
		      "TLBIALLH on this CPU, and a DSB, since reset or since HSCTLR.M was last clear");
	if (mmu->hyp_on && !on) {
		leave_guests(cpu);
		mmu->hyp_forgot = false;
		mmu->hyp_off = ++now;
	}
	mmu->hyp_on = on;
	use_hyp_root(cpu);
}

static void find_stage2(const struct mmu *mmu, uint64_t vttbr)
{
	unsigned int t0sz = mmu->vtcr & VTCR_T0SZ;
	unsigned int bits = 32 - (t0sz & VTCR_T0SZ_SIGN ? t0sz - 16 : t0sz);

	if (vttbr & VTTBR_BADDR)
		find_root(vttbr & VTTBR_BADDR, false, bits,
			  mmu->vtcr & VTCR_SL0_L1 ? 1 : 2);
}

static void write_register(struct cpu *cpu, const struct insn *insn)
{
	struct mmu *mmu = &mmus[cpu->index];
	unsigned int bits;

	switch (insn->sysreg) {
	case SYS_HTCR:
		mmu->htcr = value_written(insn);
		break;
	case SYS_VTCR:
		mmu->vtcr = value_written(insn);
		break;
	case SYS_HSCTLR:
		switch_hyp(cpu, insn, value_written(insn) & HSCTLR_M);
		break;
	case SYS_HTTBR:
		bits = 32 - (mmu->htcr & TCR_T0SZ);
		mmu->hyp = find_root(value_written(insn) & HTTBR_BADDR, true, bits,
				     bits > 30 ? 1 : 2);
		use_hyp_root(cpu);
		break;
	case SYS_VTTBR:
		find_stage2(mmu, value_written(insn));
		break;
	default:
		return;
	}
	if (!mmu->hyp_on)
		read_roots(true);
}

uint64_t hyp_leaf(const struct cpu *cpu, uint32_t address)
{
	const struct mmu *mmu = &mmus[cpu->index];

	return mmu->hyp && mmu->hyp_on ? find_leaf(mmu->hyp, address) : 0;
}

/* ---- from one to another ---- */

void note_hyp_make(const struct cpu *cpu, const struct insn *insn)
{
	mmus[cpu->index].hyp_made = insn;
}

static void enter_hyp(struct cpu *cpu, const struct insn *insn)
{
	struct mmu *mmu = &mmus[cpu->index];

	mmu->guest = NULL;
	if (cpu->from != WORLD_HOST || !mmu->hyp_on)
		return;
	if (mmu->hyp_made) {
		cpu->caller = mmu->hyp_made->pc;
		check(RULE_TLB_MAKE, cpu, insn, false,
		      "DSB behind the store at %#x, which made a HYP descriptor valid",
		      mmu->hyp_made->pc);
		mmu->hyp_made = NULL;
	} else {
		check(RULE_TLB_MAKE, cpu, insn, true, " ");
	}
}

static void check_tag(struct cpu *cpu, const struct insn *insn, uint8_t vmid,
		      uint64_t base)
{
	struct tag *tag = &mmus[cpu->index].tags[vmid];
	uint32_t vcpu = read_state(STATE_HTPIDR);

	if (tag->last_base != base)
		check(RULE_TLB_VMID, cpu, insn,
		      !tag->base || tag->base == base,
		      "invalidation, by TLBIALLNSNHIS or for VMID %u, before the VMID has other tables: this CPU's TLB may hold entries of those at %#llx, now they are at %#llx",
		      vmid, (unsigned long long)tag->base,
		      (unsigned long long)base);

	if (tag->last_base == base && tag->vcpu != vcpu)
		check(RULE_TLB_VCPUS, cpu, insn, tag->base != base,
		      "invalidation for VMID %u on this CPU between two vCPUs: by HTPIDR, %#x ran and now %#x",
		      vmid, tag->vcpu, vcpu);
	*tag = (struct tag){ .base = base, .last_base = base, .vcpu = vcpu };
}

static void leave_hyp(struct cpu *cpu, const struct insn *insn, enum world to)
{
	uint64_t vttbr = read_state(STATE_VTTBR);
	struct mmu *mmu = &mmus[cpu->index];
	unsigned int vmid = VTTBR_VMID(vttbr);
	struct root *root;

	mmu->hyp_flushed = NULL;
	if (to != WORLD_GUEST || !(vttbr & VTTBR_BADDR))
		return;
	if (!mmu->ran_guest)
		check(RULE_TLB_AWAY, cpu, insn, mmu->forgot,
		      "TLBIALLNSNH on this CPU, since reset or since its HYP mode was off");
	mmu->ran_guest = true;
	check_tag(cpu, insn, vmid, vttbr & VTTBR_BADDR);
	for (root = first_root(); root; root = root->next)
		if (root->base == (vttbr & VTTBR_BADDR) && !root->hyp)
			break;
	mmu->guest = root;
	if (root) {
		root->cpus |= 1u << cpu->index;
		root->vmid[cpu->index] = vmid;
	}
}

static void insn(struct cpu *cpu, const struct insn *insn)
{
	struct mmu *mmu = &mmus[cpu->index];
	unsigned int i;

	if (cpu->world == WORLD_GUEST)
		return;
	if (cpu->world == WORLD_HOST && has_unknown_root())
		read_roots(false);

	switch (insn->class) {
	case INSN_DSB:
		barrier(cpu, insn);
		break;
	case INSN_ISB:
		mmu->hyp_flushed = NULL;
		break;
	case INSN_CP_WRITE:
		if (!insn->hyp)
			break;
		for (i = 0; i < ARRAY_SIZE(operations); i++)
			if (operations[i].sysreg == insn->sysreg)
				begin(cpu, insn, i);
		write_register(cpu, insn);
		break;
	default:
		break;
	}
}

static void access(struct cpu *cpu, const struct insn *insn,
		   const struct access *access)
{
	struct mmu *mmu = &mmus[cpu->index];

	if (!mmu->hyp_flushed)
		return;
	check(RULE_TLB_ISB, cpu, insn, false,
	      "ISB behind the DSB that completes the %s at %#x",
	      sysreg_name(mmu->hyp_flushed->sysreg), mmu->hyp_flushed->pc);
	mmu->hyp_flushed = NULL;
}

static void store(struct cpu *cpu, const struct insn *insn,
		  const struct access *access)
{
	if (cpu->world != WORLD_GUEST)
		store_to_table(cpu, insn, access);
}

const struct module tlb_module = {
	.reset = reset,
	.enter_hyp = enter_hyp,
	.leave_hyp = leave_hyp,
	.insn = insn,
	.access = access,
	.store = store,
};
