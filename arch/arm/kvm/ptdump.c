// SPDX-License-Identifier: GPL-2.0-only
/*
 * KVM's translation tables in debugfs, in the manner of the kernel's own
 * (Documentation/arch/arm64/ptdump.rst):
 *
 *   kvm/<pid>-<fd>/stage2_page_tables	a VM's Stage-2
 *   kvm/<pid>-<fd>/stage2_levels	how many levels deep it is
 *   kvm/<pid>-<fd>/ipa_range		bits of its input address
 *   kvm/hyp_boot_page_tables		what HYP maps while a CPU is set up
 *   kvm/hyp_page_tables		what HYP maps from then on
 *
 * A line is a range of addresses that are mapped alike, to contiguous memory.
 * Tables may change from one line to the next, as they do under the kernel's
 * dump.
 */
#include <linux/bitfield.h>
#include <linux/debugfs.h>
#include <linux/kvm_host.h>
#include <linux/seq_file.h>

#include <asm/kvm_mmu.h>
#include <asm/sections.h>

#include "ptdump.h"

/* Entries looked at in one go, with the lock of the tables held */
#define PTDUMP_BATCH	4096

/**
 * struct ptdump_marker - where something begins in an address space
 * @addr: its first address
 * @name: what it is; NULL for the last marker, which is beyond all addresses
 */
struct ptdump_marker {
	unsigned long	addr;
	const char	*name;
};

/**
 * struct ptdump_tables - a kind of tables that can be dumped
 * @ia_bits: bits of an input address
 * @walk:    kvm_pgtable_walk() with locks; -ENOENT if there are no tables.
 *	     @owner is whose they are, for Stage-2 the VM
 * @prot:    the permissions in a descriptor
 * @markers: in order of address; NULL for none
 */
struct ptdump_tables {
	u32				ia_bits;
	int (*walk)(void *owner, u64 addr, u64 size,
		    const struct kvm_pgtable_walker *walker);
	enum kvm_pgtable_prot (*prot)(kvm_pte_t pte);
	const struct ptdump_marker	*markers;
};

/**
 * struct ptdump_run - a range of addresses that are mapped alike
 * @from:  where the search for it began
 * @start: its first address
 * @end:   the first address behind it
 * @pte:   its first descriptor; 0 if nothing is mapped from @from on
 * @level: the level of its descriptors
 */
struct ptdump_run {
	u64		from;
	u64		start;
	u64		end;
	kvm_pte_t	pte;
	u32		level;
};

/**
 * struct ptdump_iter - an open dump
 * @tables: of which kind
 * @owner:  whose
 * @run:    the line to be shown
 */
struct ptdump_iter {
	const struct ptdump_tables	*tables;
	void				*owner;
	struct ptdump_run		run;
};

/**
 * struct ptdump_batch - a walk that looks at a limited number of entries
 * @iter: whose run is to grow
 * @next: the first address that has not been looked at
 * @left: number of entries that may still be
 * @done: the run is complete
 */
struct ptdump_batch {
	struct ptdump_iter	*iter;
	u64			next;
	unsigned int		left;
	bool			done;
};

static u64 ptdump_limit(const struct ptdump_tables *tables)
{
	return BIT_ULL(tables->ia_bits);
}

static u64 run_output(const struct ptdump_run *run)
{
	u64 mask = kvm_granule_size(run->level) - 1;

	return kvm_pte_to_phys(run->pte) + (run->start & mask);
}

/* Does the entry go on where the run ends? */
static bool run_continues(const struct ptdump_iter *iter, kvm_pte_t pte,
			  u32 level)
{
	const struct ptdump_run *run = &iter->run;

	if (level != run->level || (pte ^ run->pte) & ~KVM_PTE_ADDR_MASK)
		return false;

	return kvm_pte_to_phys(pte) ==
	       run_output(run) + (run->end - run->start);
}

static int ptdump_leaf(const struct kvm_pgtable_visit *v)
{
	struct ptdump_batch *b = v->walker->arg;
	struct ptdump_run *run = &b->iter->run;
	bool mapped = kvm_pte_valid(v->old);

	if (run->pte) {
		if (!mapped || !run_continues(b->iter, v->old, v->level)) {
			b->done = true;
			return 1;
		}
	} else if (mapped) {
		run->start = v->addr;
		run->pte = v->old;
		run->level = v->level;
	}

	if (run->pte)
		run->end = v->end;
	b->next = v->end;
	return !--b->left;
}

/* A limited number of entries at a time, to give others a turn in between. */
static void ptdump_find(struct ptdump_iter *iter, u64 from)
{
	u64 limit = ptdump_limit(iter->tables);
	struct ptdump_batch batch = {
		.iter	= iter,
		.next	= from,
	};
	const struct kvm_pgtable_walker walker = {
		.leaf	= ptdump_leaf,
		.arg	= &batch,
	};
	int ret = 0;

	iter->run = (struct ptdump_run) {
		.from	= from,
		.start	= limit,
		.end	= limit,
	};

	while (!batch.done && batch.next < limit && ret >= 0) {
		batch.left = PTDUMP_BATCH;
		ret = iter->tables->walk(iter->owner, batch.next,
					 limit - batch.next, &walker);
		cond_resched();
	}
}

/*
 * The position in the file is the page number of the address from which to
 * look for the next line. One line behind the last mapping is for the markers
 * that are left.
 */
static void *ptdump_start(struct seq_file *m, loff_t *pos)
{
	struct ptdump_iter *iter = m->private;
	u64 from = (u64)*pos << PAGE_SHIFT;

	if (*pos > ptdump_limit(iter->tables) >> PAGE_SHIFT)
		return NULL;

	ptdump_find(iter, from);
	return iter;
}

static void *ptdump_next(struct seq_file *m, void *v, loff_t *pos)
{
	struct ptdump_iter *iter = v;

	*pos = iter->run.end >> PAGE_SHIFT;
	if (!iter->run.pte)
		++*pos;

	return ptdump_start(m, pos);
}

static void ptdump_stop(struct seq_file *m, void *v)
{
}

static void show_markers(struct seq_file *m, const struct ptdump_iter *iter)
{
	const struct ptdump_marker *marker = iter->tables->markers;
	const struct ptdump_run *run = &iter->run;

	for (; marker && marker->name; marker++)
		if (marker->addr <= run->start &&
		    (!run->from || marker->addr >= run->from))
			seq_printf(m, "---[ %s ]---\n", marker->name);
}

/* SH (B3.6.2), which counts for NORMAL memory alone */
static const char *shareability(kvm_pte_t pte)
{
	static const char * const names[] = { "NS", "--", "OS", "IS" };

	return names[FIELD_GET(KVM_PTE_SH, pte)];
}

static void show_size(struct seq_file *m, u64 size)
{
	static const char units[] = "KMGT";
	const char *unit = units;

	for (size >>= 10; !(size & 1023) && unit[1]; size >>= 10)
		unit++;
	seq_printf(m, "%9llu%c", size, *unit);
}

static int ptdump_show(struct seq_file *m, void *v)
{
	const struct ptdump_iter *iter = v;
	const struct ptdump_run *run = &iter->run;
	enum kvm_pgtable_prot prot = iter->tables->prot(run->pte);
	int digits = DIV_ROUND_UP(iter->tables->ia_bits, 4);

	show_markers(m, iter);
	if (!run->pte)
		return 0;

	seq_printf(m, "0x%0*llx-0x%0*llx", digits, run->start, digits,
		   run->end);
	show_size(m, run->end - run->start);
	seq_printf(m, " %u %c%c%c %s %s %s", run->level,
		   prot & KVM_PGTABLE_PROT_R ? 'R' : '-',
		   prot & KVM_PGTABLE_PROT_W ? 'W' : '-',
		   prot & KVM_PGTABLE_PROT_X ? 'X' : '-',
		   run->pte & KVM_PTE_AF ? "AF" : "--",
		   prot & KVM_PGTABLE_PROT_DEVICE ? "DEVICE" : "NORMAL",
		   shareability(run->pte));
	if (run->level != KVM_PGTABLE_LAST_LEVEL)
		seq_puts(m, " BLK");
	seq_printf(m, " PA 0x%010llx\n", run_output(run));
	return 0;
}

static const struct seq_operations ptdump_seq_ops = {
	.start	= ptdump_start,
	.next	= ptdump_next,
	.stop	= ptdump_stop,
	.show	= ptdump_show,
};

static int ptdump_open(struct file *file, const struct ptdump_tables *tables,
		       void *owner)
{
	struct ptdump_iter *iter;

	iter = __seq_open_private(file, &ptdump_seq_ops, sizeof(*iter));
	if (!iter)
		return -ENOMEM;

	iter->tables = tables;
	iter->owner = owner;
	return 0;
}

/*
 * Stage-2
 */

static int stage2_walk(void *owner, u64 addr, u64 size,
		       const struct kvm_pgtable_walker *walker)
{
	struct kvm *kvm = owner;
	struct kvm_pgtable *pgt;
	int ret = -ENOENT;

	read_lock(&kvm->mmu_lock);
	pgt = kvm->arch.mmu.pgt;
	if (pgt)
		ret = kvm_pgtable_walk(pgt, addr, size, walker);
	read_unlock(&kvm->mmu_lock);

	return ret;
}

static const struct ptdump_tables stage2_tables = {
	.ia_bits	= KVM_S2_IPA_BITS,
	.walk		= stage2_walk,
	.prot		= kvm_pgtable_stage2_pte_prot,
};

/* The VM's directory may go away while a file in there is open. */
static int stage2_open(struct inode *inode, struct file *file)
{
	struct kvm *kvm = inode->i_private;
	int ret;

	if (!kvm_get_kvm_safe(kvm))
		return -ENOENT;

	ret = ptdump_open(file, &stage2_tables, kvm);
	if (ret)
		kvm_put_kvm(kvm);
	return ret;
}

static int stage2_release(struct inode *inode, struct file *file)
{
	kvm_put_kvm(inode->i_private);
	return seq_release_private(inode, file);
}

static const struct file_operations stage2_fops = {
	.owner		= THIS_MODULE,
	.open		= stage2_open,
	.read		= seq_read,
	.llseek		= seq_lseek,
	.release	= stage2_release,
};

static int stage2_levels_show(struct seq_file *m, void *v)
{
	seq_printf(m, "%u\n",
		   KVM_PGTABLE_LAST_LEVEL - KVM_PGTABLE_FIRST_LEVEL + 1);
	return 0;
}

DEFINE_SHOW_ATTRIBUTE(stage2_levels);

static int ipa_range_show(struct seq_file *m, void *v)
{
	seq_printf(m, "%u\n", KVM_S2_IPA_BITS);
	return 0;
}

DEFINE_SHOW_ATTRIBUTE(ipa_range);

void kvm_ptdump_create_vm(struct kvm *kvm)
{
	debugfs_create_file("stage2_page_tables", 0400, kvm->debugfs_dentry,
			    kvm, &stage2_fops);
}

/*
 * HYP
 */

static int hyp_boot_walk(void *owner, u64 addr, u64 size,
			 const struct kvm_pgtable_walker *walker)
{
	return kvm_hyp_walk(KVM_HYP_BOOT, addr, size, walker);
}

static int hyp_runtime_walk(void *owner, u64 addr, u64 size,
			    const struct kvm_pgtable_walker *walker)
{
	return kvm_hyp_walk(KVM_HYP_RUNTIME, addr, size, walker);
}

enum {
	BOOT_IDMAP,
	BOOT_TRAMPOLINE,
};

/* The first address is known when the kernel knows where it is. */
static struct ptdump_marker hyp_boot_markers[] __ro_after_init = {
	[BOOT_IDMAP]		= { 0, "Init page, identity" },
	[BOOT_TRAMPOLINE]	= { TRAMPOLINE_VA, "Trampoline" },
	{}
};

static const struct ptdump_tables hyp_boot_tables = {
	.ia_bits	= KVM_HYP_VA_BITS,
	.walk		= hyp_boot_walk,
	.prot		= kvm_pgtable_hyp_pte_prot,
	.markers	= hyp_boot_markers,
};

enum {
	HYP_PRIVATE,
	HYP_PRIVATE_LAST,
	HYP_KERNEL,
	HYP_TEXT,
	HYP_KERNEL_AFTER_TEXT,
	HYP_TRAMPOLINE,
};

static struct ptdump_marker hyp_markers[] __ro_after_init = {
	[HYP_PRIVATE]		= { HYP_PRIVATE_START, "Private" },
	[HYP_PRIVATE_LAST]	= { HYP_PRIVATE_END, "Private end" },
	[HYP_KERNEL]		= { HYP_PAGE_OFFSET, "Kernel" },
	[HYP_TEXT]		= { 0, "HYP text" },
	[HYP_KERNEL_AFTER_TEXT]	= { 0, "Kernel" },
	[HYP_TRAMPOLINE]	= { TRAMPOLINE_VA, "Trampoline" },
	{}
};

static const struct ptdump_tables hyp_tables = {
	.ia_bits	= KVM_HYP_VA_BITS,
	.walk		= hyp_runtime_walk,
	.prot		= kvm_pgtable_hyp_pte_prot,
	.markers	= hyp_markers,
};

static int hyp_open(struct inode *inode, struct file *file)
{
	return ptdump_open(file, inode->i_private, NULL);
}

static const struct file_operations hyp_fops = {
	.owner		= THIS_MODULE,
	.open		= hyp_open,
	.read		= seq_read,
	.llseek		= seq_lseek,
	.release	= seq_release_private,
};

static void __init set_hyp_markers(void)
{
	hyp_boot_markers[BOOT_IDMAP].addr = __pa_symbol(__hyp_idmap_text_start);
	hyp_markers[HYP_TEXT].addr = KERN_TO_HYP((unsigned long)__hyp_text_start);
	hyp_markers[HYP_KERNEL_AFTER_TEXT].addr =
		KERN_TO_HYP((unsigned long)__hyp_text_end);
}

void __init kvm_ptdump_init(void)
{
	struct dentry *dir = debugfs_lookup("kvm", NULL);

	if (!dir)
		return;

	set_hyp_markers();
	debugfs_create_file("hyp_boot_page_tables", 0400, dir,
			    (void *)&hyp_boot_tables, &hyp_fops);
	debugfs_create_file("hyp_page_tables", 0400, dir, (void *)&hyp_tables,
			    &hyp_fops);

	/* The same for every VM, which has no files of its own for them */
	debugfs_create_file("stage2_levels", 0400, dir, NULL,
			    &stage2_levels_fops);
	debugfs_create_file("ipa_range", 0400, dir, NULL, &ipa_range_fops);
	dput(dir);
}
