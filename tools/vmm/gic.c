// SPDX-License-Identifier: GPL-2.0-only
/* The in-kernel GIC. */
#include <errno.h>
#include <linux/kvm.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "gic.h"
#include "layout.h"
#include "util.h"

static void set_attr(int fd, const char *what, uint32_t group, uint64_t attr,
		     void *value)
{
	struct kvm_device_attr device_attr = {
		.group = group,
		.attr = attr,
		.addr = (uintptr_t)value,
	};

	if (ioctl(fd, KVM_SET_DEVICE_ATTR, &device_attr) < 0)
		die_errno("GIC: %s", what);
}

static void set_address(int fd, const char *what, uint64_t type,
			uint64_t address)
{
	set_attr(fd, what, KVM_DEV_ARM_VGIC_GRP_ADDR, type, &address);
}

static bool try_create(int vm_fd, uint32_t type, int *fd)
{
	struct kvm_create_device device = { .type = type };

	if (ioctl(vm_fd, KVM_CREATE_DEVICE, &device) < 0)
		return false;
	*fd = device.fd;
	return true;
}

static bool create_v2(struct gic *gic, int vm_fd)
{
	if (!try_create(vm_fd, KVM_DEV_TYPE_ARM_VGIC_V2, &gic->fd))
		return false;
	set_address(gic->fd, "address of the distributor",
		    KVM_VGIC_V2_ADDR_TYPE_DIST, GIC_DIST_BASE);
	set_address(gic->fd, "address of the CPU interface",
		    KVM_VGIC_V2_ADDR_TYPE_CPU, GIC_CPU_BASE);
	return true;
}

static bool create_v3(struct gic *gic, int vm_fd)
{
	if (!try_create(vm_fd, KVM_DEV_TYPE_ARM_VGIC_V3, &gic->fd))
		return false;
	set_address(gic->fd, "address of the distributor",
		    KVM_VGIC_V3_ADDR_TYPE_DIST, GIC_DIST_BASE);
	set_address(gic->fd, "address of the redistributors",
		    KVM_VGIC_V3_ADDR_TYPE_REDIST, GIC_REDIST_BASE);
	return true;
}

static bool create_v3_its(struct gic *gic, int vm_fd)
{
	return create_v3(gic, vm_fd) &&
	       try_create(vm_fd, KVM_DEV_TYPE_ARM_VGIC_ITS, &gic->its_fd);
}

static bool (* const create[GIC_NR_KINDS])(struct gic *gic, int vm_fd) = {
	[GIC_V2]	= create_v2,
	[GIC_V3]	= create_v3,
	[GIC_V3_ITS]	= create_v3_its,
};

/**
 * gic_create() - make the GIC of a VM or end the process
 * @gic: filled in
 * @vm_fd: the VM
 * @kind: what it is to be
 */
void gic_create(struct gic *gic, int vm_fd, enum gic_kind kind)
{
	enum gic_kind last = kind == GIC_ANY ? GIC_V3 : kind;

	gic->its_fd = -1;
	for (gic->kind = kind == GIC_ANY ? GIC_V2 : kind; gic->kind <= last;
	     gic->kind++)
		if (create[gic->kind](gic, vm_fd))
			return;
	die_errno("KVM has no such interrupt controller for guests here, see the kernel's log");
}

/**
 * gic_init() - finish the GIC or end the process
 * @gic: from gic_create()
 * @nr_vcpus: number of vCPUs, all of which are initialised
 * @mpidr: affinity fields of each one's MPIDR; stays the caller's
 */
void gic_init(struct gic *gic, unsigned int nr_vcpus, const uint32_t *mpidr)
{
	uint32_t nr_irqs = GIC_NR_IRQS;

	gic->nr_vcpus = nr_vcpus;
	gic->mpidr = mpidr;
	set_attr(gic->fd, "number of interrupts", KVM_DEV_ARM_VGIC_GRP_NR_IRQS,
		 0, &nr_irqs);
	set_attr(gic->fd, "initialisation", KVM_DEV_ARM_VGIC_GRP_CTRL,
		 KVM_DEV_ARM_VGIC_CTRL_INIT, NULL);
	if (gic->its_fd < 0)
		return;
	set_address(gic->its_fd, "address of the ITS", KVM_VGIC_ITS_ADDR_TYPE,
		    GIC_ITS_BASE);
	set_attr(gic->its_fd, "initialisation of the ITS",
		 KVM_DEV_ARM_VGIC_GRP_CTRL, KVM_DEV_ARM_VGIC_CTRL_INIT, NULL);
}

/**
 * gic_destroy() - free what gic_create() allocated
 * @gic: the GIC
 */
void gic_destroy(struct gic *gic)
{
	if (gic->its_fd >= 0)
		close(gic->its_fd);
	close(gic->fd);
}
