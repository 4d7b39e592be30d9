// SPDX-License-Identifier: GPL-2.0-only
/* The state of the in-kernel GICv2 in a section. */
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
 * @group: KVM_DEV_ARM_VGIC_GRP_DIST_REGS or KVM_DEV_ARM_VGIC_GRP_CPU_REGS
 * @offset: of the first, in bytes
 * @banked: how many there are for each vCPU, first ones
 * @shared: how many there are for all vCPUs, after those
 * @skipped: how many of the first ones are left out; they are read-only
 * @first_mask: what counts of the first
 */
struct gic_range {
	uint32_t group;
	uint32_t offset;
	unsigned int banked;
	unsigned int shared;
	unsigned int skipped;
	uint32_t first_mask;
};

#define ALL_BITS		(~0U)
#define PRIVATE_WORDS(bits)	(GIC_NR_PRIVATE_IRQS * (bits) / 32)
#define SHARED_WORDS(bits) \
	((GIC_NR_IRQS - GIC_NR_PRIVATE_IRQS) * (bits) / 32)

/* Registers with @bits bits for each interrupt */
#define DIST_BITS(offset, bits) \
	{ KVM_DEV_ARM_VGIC_GRP_DIST_REGS, offset, PRIVATE_WORDS(bits), \
	  SHARED_WORDS(bits), 0, ALL_BITS }
#define DIST_SHARED(offset) \
	{ KVM_DEV_ARM_VGIC_GRP_DIST_REGS, offset, 0, 1, 0, ALL_BITS }
#define CPU_BANKED(offset, nr) \
	{ KVM_DEV_ARM_VGIC_GRP_CPU_REGS, offset, nr, 0, 0, ALL_BITS }

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
static const struct gic_range gic_table[] = {
	DIST_SHARED(0x008),		/* GICD_IIDR */
	DIST_SHARED(0x000),		/* GICD_CTLR */
	DIST_BITS(0x080, 1),		/* GICD_IGROUPR */
	DIST_BITS(0xc00, 2),		/* GICD_ICFGR */
	DIST_BITS(0x400, 8),		/* GICD_IPRIORITYR */
	{ KVM_DEV_ARM_VGIC_GRP_DIST_REGS, 0x800, 0, SHARED_WORDS(8),
	  PRIVATE_WORDS(8), ALL_BITS },	/* GICD_ITARGETSR */
	DIST_BITS(0x100, 1),		/* GICD_ISENABLER */
	CPU_BANKED(0x04, 1),		/* GICC_PMR */
	CPU_BANKED(0x08, 1),		/* GICC_BPR */
	CPU_BANKED(0x1c, 1),		/* GICC_ABPR */
	CPU_BANKED(0xd0, 4),		/* GICC_APR */
	CPU_BANKED(0x00, 1),		/* GICC_CTLR */
	DIST_BITS(0x300, 1),		/* GICD_ISACTIVER */
	{ KVM_DEV_ARM_VGIC_GRP_DIST_REGS, 0xf20, 4, 0, 0,
	  ALL_BITS },			/* GICD_SPENDSGIR */
	{ KVM_DEV_ARM_VGIC_GRP_DIST_REGS, 0x200, PRIVATE_WORDS(1),
	  SHARED_WORDS(1), 0, ~SGI_MASK },	/* GICD_ISPENDR */
};

/**
 * struct gic_access - how to move one register
 * @gic_fd: the GIC
 * @section: where to or where from
 * @stream: gets the error
 * @move: moves it, or returns false
 */
struct gic_access {
	int gic_fd;
	struct section *section;
	struct state_stream *stream;
	bool (*move)(const struct gic_access *access,
		     struct kvm_device_attr *attr, uint32_t mask);
};

static bool move_out(const struct gic_access *access,
		     struct kvm_device_attr *attr, uint32_t mask)
{
	uint32_t value = 0;

	attr->addr = (uintptr_t)&value;
	if (ioctl(access->gic_fd, KVM_GET_DEVICE_ATTR, attr) < 0)
		return state_fail(access->stream, "GIC register 0x%llx: %s",
				  (unsigned long long)attr->attr,
				  strerror(errno));
	section_put32(access->section, value & mask);
	return true;
}

static bool move_in(const struct gic_access *access,
		    struct kvm_device_attr *attr, uint32_t mask)
{
	uint32_t value = section_get32(access->section) & mask;

	attr->addr = (uintptr_t)&value;
	if (ioctl(access->gic_fd, KVM_SET_DEVICE_ATTR, attr) < 0)
		return state_fail(access->stream, "GIC register 0x%llx: %s",
				  (unsigned long long)attr->attr,
				  strerror(errno));
	return true;
}

static bool move_register(const struct gic_access *access,
			  const struct gic_range *range, unsigned int vcpu,
			  unsigned int nr)
{
	struct kvm_device_attr attr = {
		.group = range->group,
		.attr = (uint64_t)vcpu << KVM_DEV_ARM_VGIC_CPUID_SHIFT |
			(range->offset + nr * sizeof(uint32_t)),
	};

	return access->move(access, &attr, nr ? ALL_BITS : range->first_mask);
}

static bool move_range(const struct gic_access *access,
		       const struct gic_range *range, unsigned int nr_vcpus)
{
	unsigned int first = range->banked + range->skipped;
	unsigned int vcpu, i;

	for (vcpu = 0; vcpu < nr_vcpus; vcpu++)
		for (i = 0; i < range->banked; i++)
			if (!move_register(access, range, vcpu, i))
				return false;
	for (i = first; i < first + range->shared; i++)
		if (!move_register(access, range, 0, i))
			return false;
	return true;
}

static bool move_all(const struct gic_access *access, unsigned int nr_vcpus)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(gic_table); i++)
		if (!move_range(access, &gic_table[i], nr_vcpus))
			return false;
	return true;
}

/**
 * gic_save() - put the state of the GIC into a section
 * @gic_fd: the GIC; no vCPU runs
 * @nr_vcpus: number of vCPUs
 * @section: where to
 * @stream: gets the error
 *
 * Return: false with &state_stream.error set on failure.
 */
bool gic_save(int gic_fd, unsigned int nr_vcpus, struct section *section,
	      struct state_stream *stream)
{
	const struct gic_access access = { gic_fd, section, stream, move_out };

	return move_all(&access, nr_vcpus);
}

/**
 * gic_load() - give the GIC the state that a section holds
 * @gic_fd: an initialised GIC, all of whose vCPUs have their state already
 * @nr_vcpus: number of vCPUs
 * @section: where from
 * @stream: gets the error
 *
 * The level of the lines of devices is not part of it: they set theirs.
 *
 * Return: false with &state_stream.error set on failure.
 */
bool gic_load(int gic_fd, unsigned int nr_vcpus, struct section *section,
	      struct state_stream *stream)
{
	const struct gic_access access = { gic_fd, section, stream, move_in };

	if (!move_all(&access, nr_vcpus))
		return false;
	if (!section_done(section))
		return state_fail(stream, "the GIC is not valid");
	return true;
}
