// SPDX-License-Identifier: GPL-2.0-only
/* The state of the in-kernel GIC in a section. */
#include <errno.h>
#include <linux/kvm.h>
#include <string.h>
#include <sys/ioctl.h>

#include "gic.h"
#include "layout.h"
#include "util.h"

#define SGI_MASK		0xffffU

/**
 * struct gic_range - registers that follow each other
 * @group: KVM_DEV_ARM_VGIC_GRP_*_REGS
 * @offset: of the first, in bytes
 * @banked: how many there are for each vCPU, first ones
 * @shared: how many there are for all vCPUs, after those
 * @skipped: how many of the first ones are left out; they are read-only
 * @first_mask: what counts of the first
 * @clear: not saved; where a restored guest begins, all bits are written
 */
struct gic_range {
	uint32_t group;
	uint32_t offset;
	unsigned int banked;
	unsigned int shared;
	unsigned int skipped;
	uint32_t first_mask;
	bool clear;
};

#define ALL_BITS		(~0U)
#define PRIVATE_WORDS(bits)	(GIC_NR_PRIVATE_IRQS * (bits) / 32)
#define SHARED_WORDS(bits) \
	((GIC_NR_IRQS - GIC_NR_PRIVATE_IRQS) * (bits) / 32)

/* Registers with @bits bits for each interrupt */
#define DIST_BITS(offset, bits) \
	{ KVM_DEV_ARM_VGIC_GRP_DIST_REGS, offset, PRIVATE_WORDS(bits), \
	  SHARED_WORDS(bits), 0, ALL_BITS, false }
#define DIST_SHARED(offset) \
	{ KVM_DEV_ARM_VGIC_GRP_DIST_REGS, offset, 0, 1, 0, ALL_BITS, false }
#define CPU_BANKED(offset, nr) \
	{ KVM_DEV_ARM_VGIC_GRP_CPU_REGS, offset, nr, 0, 0, ALL_BITS, false }

/*
 * In the order of restoring, which matters:
 *  - GICD_IIDR first: what the others mean may depend on it, and without it
 *    GICD_IGROUPR cannot be written;
 *  - GICD_CTLR before what makes an interrupt pending: KVM queues none for a
 *    vCPU while the distributor is off, nor when it is switched on afterwards;
 *  - configuration, priority, target and enable before active and pending,
 *    which take the vCPU and its queue from them;
 *  - pending last. Of a software-generated interrupt GICD_ISPENDR does not
 *    tell the sender, and writing it would add one: GICD_SPENDSGIR has them.
 */
static const struct gic_range gicv2_table[] = {
	DIST_SHARED(0x008),		/* GICD_IIDR */
	DIST_SHARED(0x000),		/* GICD_CTLR */
	DIST_BITS(0x080, 1),		/* GICD_IGROUPR */
	DIST_BITS(0xc00, 2),		/* GICD_ICFGR */
	DIST_BITS(0x400, 8),		/* GICD_IPRIORITYR */
	{ KVM_DEV_ARM_VGIC_GRP_DIST_REGS, 0x800, 0, SHARED_WORDS(8),
	  PRIVATE_WORDS(8), ALL_BITS, false },	/* GICD_ITARGETSR */
	DIST_BITS(0x100, 1),		/* GICD_ISENABLER */
	CPU_BANKED(0x04, 1),		/* GICC_PMR */
	CPU_BANKED(0x08, 1),		/* GICC_BPR */
	CPU_BANKED(0x1c, 1),		/* GICC_ABPR */
	CPU_BANKED(0xd0, 4),		/* GICC_APR */
	CPU_BANKED(0x00, 1),		/* GICC_CTLR */
	DIST_BITS(0x300, 1),		/* GICD_ISACTIVER */
	{ KVM_DEV_ARM_VGIC_GRP_DIST_REGS, 0xf20, 4, 0, 0,
	  ALL_BITS, false },		/* GICD_SPENDSGIR */
	{ KVM_DEV_ARM_VGIC_GRP_DIST_REGS, 0x200, PRIVATE_WORDS(1),
	  SHARED_WORDS(1), 0, ~SGI_MASK, false },	/* GICD_ISPENDR */
};

/* Private interrupts have their registers in the second page of GICR */
#define GICR_SGI		0x10000
/* Two words for each interrupt */
#define IROUTER_BITS		64

#define V3_DIST_BITS(offset, bits, clear) \
	{ KVM_DEV_ARM_VGIC_GRP_DIST_REGS, offset, 0, SHARED_WORDS(bits), \
	  PRIVATE_WORDS(bits), ALL_BITS, clear }
#define REDIST(offset, nr, clear) \
	{ KVM_DEV_ARM_VGIC_GRP_REDIST_REGS, offset, nr, 0, 0, ALL_BITS, clear }
#define REDIST_BITS(offset, bits, clear) \
	REDIST(GICR_SGI + (offset), PRIVATE_WORDS(bits), clear)

/*
 * Likewise; and
 *  - the tables of LPIs before GICR_CTLR, which switches them on;
 *  - GICD_ICENABLER and its like before ISENABLER: a new GIC has its
 *    software-generated interrupts enabled.
 */
static const struct gic_range gicv3_table[] = {
	DIST_SHARED(0x0008),			/* GICD_IIDR */
	DIST_SHARED(0x0000),			/* GICD_CTLR */
	REDIST(0x0070, 2, false),		/* GICR_PROPBASER */
	REDIST(0x0078, 2, false),		/* GICR_PENDBASER */
	REDIST(0x0000, 1, false),		/* GICR_CTLR */
	V3_DIST_BITS(0x0080, 1, false),		/* GICD_IGROUPR */
	V3_DIST_BITS(0x0c00, 2, false),		/* GICD_ICFGR */
	V3_DIST_BITS(0x0400, 8, false),		/* GICD_IPRIORITYR */
	V3_DIST_BITS(0x6000, IROUTER_BITS, false),	/* GICD_IROUTER */
	V3_DIST_BITS(0x0180, 1, true),		/* GICD_ICENABLER */
	V3_DIST_BITS(0x0100, 1, false),		/* GICD_ISENABLER */
	REDIST_BITS(0x0080, 1, false),		/* GICR_IGROUPR0 */
	REDIST_BITS(0x0c00, 2, false),		/* GICR_ICFGR */
	REDIST_BITS(0x0400, 8, false),		/* GICR_IPRIORITYR */
	REDIST_BITS(0x0180, 1, true),		/* GICR_ICENABLER0 */
	REDIST_BITS(0x0100, 1, false),		/* GICR_ISENABLER0 */
	V3_DIST_BITS(0x0300, 1, false),		/* GICD_ISACTIVER */
	REDIST_BITS(0x0300, 1, false),		/* GICR_ISACTIVER0 */
	V3_DIST_BITS(0x0200, 1, false),		/* GICD_ISPENDR */
	REDIST_BITS(0x0200, 1, false),		/* GICR_ISPENDR0 */
};

/* By AArch64's names, see arm-vgic-v3.rst */
#define ICC(crn, crm, op2)	(3 << 14 | (crn) << 7 | (crm) << 3 | (op2))

#define ICC_CTLR		ICC(12, 12, 4)
#define ICC_CTLR_PRIBITS(ctlr)	((((ctlr) >> 8) & 7) + 1)

/**
 * struct icc_register - a register of a GICv3's CPU interface
 * @id: which one
 * @pri_bits: there if so many bits of a priority count
 */
struct icc_register {
	uint32_t id;
	unsigned int pri_bits;
};

/* ICC_CTLR after ICC_BPR1, which cannot be written while ICC_CTLR.CBPR is set */
static const struct icc_register icc_table[] = {
	{ ICC(4, 6, 0), 0 },		/* ICC_PMR */
	{ ICC(12, 8, 3), 0 },		/* ICC_BPR0 */
	{ ICC(12, 12, 3), 0 },		/* ICC_BPR1 */
	{ ICC_CTLR, 0 },
	{ ICC(12, 8, 4), 0 },		/* ICC_AP0R0 */
	{ ICC(12, 8, 5), 6 },
	{ ICC(12, 8, 6), 7 },
	{ ICC(12, 8, 7), 7 },
	{ ICC(12, 9, 0), 0 },		/* ICC_AP1R0 */
	{ ICC(12, 9, 1), 6 },
	{ ICC(12, 9, 2), 7 },
	{ ICC(12, 9, 3), 7 },
	{ ICC(12, 12, 6), 0 },		/* ICC_IGRPEN0 */
	{ ICC(12, 12, 7), 0 },		/* ICC_IGRPEN1 */
};

/*
 * The ITS, in the order of arm-vgic-its.rst. GITS_CTLR comes after the tables:
 * an ITS that is on takes no other register.
 */
static const uint32_t its_table[] = {
	0x0004,				/* GITS_IIDR */
	0x0080,				/* GITS_CBASER */
	0x0090,				/* GITS_CREADR */
	0x0088,				/* GITS_CWRITER */
	0x0100, 0x0108,			/* GITS_BASER */
};

#define GITS_CTLR		0x0000

/**
 * struct gic_access - how to move one register
 * @gic: the GIC
 * @section: where to or where from
 * @stream: gets the error
 * @move: moves it, of 32 bits, or returns false
 * @move64: likewise, of 64 bits
 * @load: to the GIC
 */
struct gic_access {
	const struct gic *gic;
	struct section *section;
	struct state_stream *stream;
	bool (*move)(const struct gic_access *access,
		     struct kvm_device_attr *attr, uint32_t mask);
	bool (*move64)(const struct gic_access *access, int fd,
		       struct kvm_device_attr *attr);
	bool load;
};

static bool access_attr(const struct gic_access *access, int fd,
			unsigned long request, struct kvm_device_attr *attr,
			void *value)
{
	attr->addr = (uintptr_t)value;
	return ioctl(fd, request, attr) == 0 ||
	       state_fail(access->stream, "GIC register 0x%llx of group %u: %s",
			  (unsigned long long)attr->attr, attr->group,
			  strerror(errno));
}

static bool move_out(const struct gic_access *access,
		     struct kvm_device_attr *attr, uint32_t mask)
{
	uint32_t value = 0;

	if (!access_attr(access, access->gic->fd, KVM_GET_DEVICE_ATTR, attr,
			 &value))
		return false;
	section_put32(access->section, value & mask);
	return true;
}

static bool move_in(const struct gic_access *access,
		    struct kvm_device_attr *attr, uint32_t mask)
{
	uint32_t value = section_get32(access->section) & mask;

	return access_attr(access, access->gic->fd, KVM_SET_DEVICE_ATTR, attr,
			   &value);
}

static bool move64_out(const struct gic_access *access, int fd,
		       struct kvm_device_attr *attr)
{
	uint64_t value = 0;

	if (!access_attr(access, fd, KVM_GET_DEVICE_ATTR, attr, &value))
		return false;
	section_put64(access->section, value);
	return true;
}

static bool move64_in(const struct gic_access *access, int fd,
		      struct kvm_device_attr *attr)
{
	uint64_t value = section_get64(access->section);

	return access_attr(access, fd, KVM_SET_DEVICE_ATTR, attr, &value);
}

static bool clear_register(const struct gic_access *access,
			   struct kvm_device_attr *attr)
{
	uint32_t value = ALL_BITS;

	return !access->load ||
	       access_attr(access, access->gic->fd, KVM_SET_DEVICE_ATTR, attr,
			   &value);
}

/* A GICv2 names vCPUs by their number, a GICv3 by their affinity */
static uint64_t vcpu_of_attr(const struct gic *gic, unsigned int vcpu)
{
	uint64_t name = gic->kind == GIC_V2 ? vcpu : gic->mpidr[vcpu];

	return name << KVM_DEV_ARM_VGIC_CPUID_SHIFT;
}

static bool move_register(const struct gic_access *access,
			  const struct gic_range *range, unsigned int vcpu,
			  unsigned int nr)
{
	struct kvm_device_attr attr = {
		.group = range->group,
		.attr = vcpu_of_attr(access->gic, vcpu) |
			(range->offset + nr * sizeof(uint32_t)),
	};

	if (range->clear)
		return clear_register(access, &attr);
	return access->move(access, &attr, nr ? ALL_BITS : range->first_mask);
}

static bool move_range(const struct gic_access *access,
		       const struct gic_range *range)
{
	unsigned int first = range->banked + range->skipped;
	unsigned int vcpu, i;

	for (vcpu = 0; vcpu < access->gic->nr_vcpus; vcpu++)
		for (i = 0; i < range->banked; i++)
			if (!move_register(access, range, vcpu, i))
				return false;
	for (i = first; i < first + range->shared; i++)
		if (!move_register(access, range, 0, i))
			return false;
	return true;
}

static bool move_ranges(const struct gic_access *access,
			const struct gic_range *table, unsigned int nr)
{
	unsigned int i;

	for (i = 0; i < nr; i++)
		if (!move_range(access, &table[i]))
			return false;
	return true;
}

/* It is the same of all vCPUs, and of the host that a guest comes from */
static bool get_pri_bits(const struct gic_access *access,
			 unsigned int *pri_bits)
{
	struct kvm_device_attr attr = {
		.group = KVM_DEV_ARM_VGIC_GRP_CPU_SYSREGS,
		.attr = vcpu_of_attr(access->gic, 0) | ICC_CTLR,
	};
	uint64_t ctlr = 0;

	if (!access_attr(access, access->gic->fd, KVM_GET_DEVICE_ATTR, &attr,
			 &ctlr))
		return false;
	*pri_bits = ICC_CTLR_PRIBITS(ctlr);
	return true;
}

static bool move_icc(const struct gic_access *access, unsigned int vcpu,
		     unsigned int pri_bits)
{
	const struct icc_register *reg;
	struct kvm_device_attr attr = {
		.group = KVM_DEV_ARM_VGIC_GRP_CPU_SYSREGS,
	};

	for (reg = icc_table; reg < icc_table + ARRAY_SIZE(icc_table); reg++) {
		attr.attr = vcpu_of_attr(access->gic, vcpu) | reg->id;
		if (pri_bits >= reg->pri_bits &&
		    !access->move64(access, access->gic->fd, &attr))
			return false;
	}
	return true;
}

static bool move_gicv3(const struct gic_access *access)
{
	unsigned int vcpu, pri_bits;

	if (!get_pri_bits(access, &pri_bits) ||
	    !move_ranges(access, gicv3_table, ARRAY_SIZE(gicv3_table)))
		return false;
	for (vcpu = 0; vcpu < access->gic->nr_vcpus; vcpu++)
		if (!move_icc(access, vcpu, pri_bits))
			return false;
	return true;
}

static bool control(const struct gic_access *access, int fd, uint64_t what)
{
	struct kvm_device_attr attr = {
		.group = KVM_DEV_ARM_VGIC_GRP_CTRL,
		.attr = what,
	};

	return access_attr(access, fd, KVM_SET_DEVICE_ATTR, &attr, NULL);
}

static bool move_its_register(const struct gic_access *access, uint32_t offset)
{
	struct kvm_device_attr attr = {
		.group = KVM_DEV_ARM_VGIC_GRP_ITS_REGS,
		.attr = offset,
	};

	return access->move64(access, access->gic->its_fd, &attr);
}

static bool move_its(const struct gic_access *access)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(its_table); i++)
		if (!move_its_register(access, its_table[i]))
			return false;
	if (access->load && !control(access, access->gic->its_fd,
				     KVM_DEV_ARM_ITS_RESTORE_TABLES))
		return false;
	return move_its_register(access, GITS_CTLR);
}

static bool move_all(const struct gic_access *access)
{
	if (access->gic->kind == GIC_V2)
		return move_ranges(access, gicv2_table,
				   ARRAY_SIZE(gicv2_table));
	return move_gicv3(access) &&
	       (access->gic->kind != GIC_V3_ITS || move_its(access));
}

/**
 * gic_flush() - put what a guest's GIC keeps in its memory there
 * @gic: the GIC; no vCPU runs
 * @stream: gets the error
 *
 * Memory has to be saved afterwards. Where it has the log of what is written,
 * it has these pages, too.
 *
 * Return: false with &state_stream.error set on failure.
 */
bool gic_flush(const struct gic *gic, struct state_stream *stream)
{
	const struct gic_access access = { .gic = gic, .stream = stream };

	return gic->kind != GIC_V3_ITS ||
	       (control(&access, gic->fd,
			KVM_DEV_ARM_VGIC_SAVE_PENDING_TABLES) &&
		control(&access, gic->its_fd, KVM_DEV_ARM_ITS_SAVE_TABLES));
}

/**
 * gic_save() - put the state of the GIC into a section
 * @gic: the GIC; no vCPU runs
 * @section: where to
 * @stream: gets the error
 *
 * Return: false with &state_stream.error set on failure.
 */
bool gic_save(const struct gic *gic, struct section *section,
	      struct state_stream *stream)
{
	const struct gic_access access = {
		gic, section, stream, move_out, move64_out, false
	};

	return move_all(&access);
}

/**
 * gic_load() - give the GIC the state that a section holds
 * @gic: an initialised GIC, all of whose vCPUs have their state already
 * @section: where from
 * @stream: gets the error
 *
 * The level of the lines of devices is not part of it: they set theirs.
 *
 * Return: false with &state_stream.error set on failure.
 */
bool gic_load(const struct gic *gic, struct section *section,
	      struct state_stream *stream)
{
	const struct gic_access access = {
		gic, section, stream, move_in, move64_in, true
	};

	if (!move_all(&access))
		return false;
	if (!section_done(section))
		return state_fail(stream, "the GIC is not valid");
	return true;
}
