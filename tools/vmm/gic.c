// SPDX-License-Identifier: GPL-2.0-only
/* The in-kernel GICv2. */
#include <linux/kvm.h>
#include <stdint.h>
#include <sys/ioctl.h>

#include "gic.h"
#include "layout.h"
#include "util.h"

static void set_attr(int gic_fd, const char *what, uint32_t group,
		     uint64_t attr, void *value)
{
	struct kvm_device_attr device_attr = {
		.group = group,
		.attr = attr,
		.addr = (uintptr_t)value,
	};

	if (ioctl(gic_fd, KVM_SET_DEVICE_ATTR, &device_attr) < 0)
		die_errno("GICv2: %s", what);
}

/**
 * gic_create() - make the GIC of a VM or end the process
 * @vm_fd: the VM
 *
 * Return: descriptor of the GIC.
 */
int gic_create(int vm_fd)
{
	struct kvm_create_device device = { .type = KVM_DEV_TYPE_ARM_VGIC_V2 };
	uint64_t dist = GIC_DIST_BASE;
	uint64_t cpu = GIC_CPU_BASE;

	if (ioctl(vm_fd, KVM_CREATE_DEVICE, &device) < 0)
		die_errno("KVM has no interrupt controller for guests here, see the kernel's log");
	set_attr(device.fd, "address of the distributor",
		 KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V2_ADDR_TYPE_DIST, &dist);
	set_attr(device.fd, "address of the CPU interface",
		 KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V2_ADDR_TYPE_CPU, &cpu);
	return device.fd;
}

/**
 * gic_init() - finish the GIC or end the process
 * @gic_fd: descriptor from gic_create()
 *
 * Context: all vCPUs are initialised.
 */
void gic_init(int gic_fd)
{
	uint32_t nr_irqs = GIC_NR_IRQS;

	set_attr(gic_fd, "number of interrupts", KVM_DEV_ARM_VGIC_GRP_NR_IRQS,
		 0, &nr_irqs);
	set_attr(gic_fd, "initialisation", KVM_DEV_ARM_VGIC_GRP_CTRL,
		 KVM_DEV_ARM_VGIC_CTRL_INIT, NULL);
}
