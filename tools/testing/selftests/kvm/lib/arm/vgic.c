// SPDX-License-Identifier: GPL-2.0-only
/*
 * vGICv2 from the host's side
 */
#include "kvm_util.h"
#include "gic.h"
#include "processor.h"
#include "vgic.h"

int vgic_v2_setup(struct kvm_vm *vm, unsigned int nr_vcpus, uint32_t nr_irqs)
{
	unsigned int nr_vcpus_created = 0;
	uint64_t addr;
	struct list_head *iter;
	int gic_fd;

	list_for_each(iter, &vm->vcpus)
		nr_vcpus_created++;
	TEST_ASSERT(nr_vcpus && nr_vcpus == nr_vcpus_created,
		    "Number of vCPUs (%u) doesn't match the ones created (%u)",
		    nr_vcpus, nr_vcpus_created);

	gic_fd = __kvm_create_device(vm, KVM_DEV_TYPE_ARM_VGIC_V2);
	if (gic_fd < 0)
		return gic_fd;

	kvm_device_attr_set(gic_fd, KVM_DEV_ARM_VGIC_GRP_NR_IRQS, 0, &nr_irqs);

	addr = GICD_BASE_GPA;
	kvm_device_attr_set(gic_fd, KVM_DEV_ARM_VGIC_GRP_ADDR,
			    KVM_VGIC_V2_ADDR_TYPE_DIST, &addr);
	virt_map_device(vm, addr, addr,
			vm_calc_num_guest_pages(vm->mode,
						KVM_VGIC_V2_DIST_SIZE));

	addr = GICC_BASE_GPA;
	kvm_device_attr_set(gic_fd, KVM_DEV_ARM_VGIC_GRP_ADDR,
			    KVM_VGIC_V2_ADDR_TYPE_CPU, &addr);
	virt_map_device(vm, addr, addr,
			vm_calc_num_guest_pages(vm->mode,
						KVM_VGIC_V2_CPU_SIZE));

	kvm_device_attr_set(gic_fd, KVM_DEV_ARM_VGIC_GRP_CTRL,
			    KVM_DEV_ARM_VGIC_CTRL_INIT, NULL);

	return gic_fd;
}

int _kvm_arm_irq_line(struct kvm_vm *vm, uint32_t intid, uint32_t vcpu_id,
		      int level)
{
	uint32_t irq = intid & KVM_ARM_IRQ_NUM_MASK;

	if (INTID_IS_PPI(intid))
		irq |= KVM_ARM_IRQ_TYPE_PPI << KVM_ARM_IRQ_TYPE_SHIFT;
	else
		irq |= KVM_ARM_IRQ_TYPE_SPI << KVM_ARM_IRQ_TYPE_SHIFT;
	irq |= vcpu_id << KVM_ARM_IRQ_VCPU_SHIFT;

	return _kvm_irq_line(vm, irq, level);
}

void kvm_arm_irq_line(struct kvm_vm *vm, uint32_t intid, int level)
{
	int ret = _kvm_arm_irq_line(vm, intid, 0, level);

	TEST_ASSERT(!ret, KVM_IOCTL_ERROR(KVM_IRQ_LINE, ret));
}

static uint64_t vgic_reg_attr(uint32_t vcpu_id, uint32_t offset)
{
	return ((uint64_t)vcpu_id << KVM_DEV_ARM_VGIC_CPUID_SHIFT) | offset;
}

uint32_t vgic_reg_get(int gic_fd, uint32_t group, uint32_t vcpu_id,
		      uint32_t offset)
{
	uint32_t val;

	kvm_device_attr_get(gic_fd, group, vgic_reg_attr(vcpu_id, offset),
			    &val);

	return val;
}

void vgic_reg_set(int gic_fd, uint32_t group, uint32_t vcpu_id,
		  uint32_t offset, uint32_t val)
{
	kvm_device_attr_set(gic_fd, group, vgic_reg_attr(vcpu_id, offset),
			    &val);
}
