/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * vGICv2: the host's view
 */
#ifndef SELFTEST_KVM_VGIC_H
#define SELFTEST_KVM_VGIC_H

#include <linux/kvm.h>

#include "kvm_util.h"

#define VGIC_MIN_RESERVED	32
#define VGIC_MAX_RESERVED	1023

/**
 * vgic_v2_setup - create and initialize a vGICv2, and map it into the guest
 * @vm: the VM, with all its vCPUs
 * @nr_vcpus: how many they are
 * @nr_irqs: number of interrupts, SGIs and PPIs included
 *
 * Return: the file descriptor of the device, or a negative error
 */
int vgic_v2_setup(struct kvm_vm *vm, unsigned int nr_vcpus, uint32_t nr_irqs);

/**
 * kvm_arm_irq_line - set the level of an SPI, or of a PPI of vCPU 0
 * @vm: the VM
 * @intid: which one
 * @level: 0 or 1
 */
void kvm_arm_irq_line(struct kvm_vm *vm, uint32_t intid, int level);

/**
 * _kvm_arm_irq_line - the same for any vCPU, without a check of the result
 * @vm: the VM
 * @intid: an SPI or PPI
 * @vcpu_id: the vCPU, for a PPI
 * @level: 0 or 1
 *
 * Return: what the ioctl returned
 */
int _kvm_arm_irq_line(struct kvm_vm *vm, uint32_t intid, uint32_t vcpu_id,
		      int level);

/**
 * vgic_reg_get - read a register of the distributor or of a CPU interface
 * @gic_fd: the device
 * @group: KVM_DEV_ARM_VGIC_GRP_DIST_REGS or KVM_DEV_ARM_VGIC_GRP_CPU_REGS
 * @vcpu_id: whose view
 * @offset: of the register
 *
 * Return: the value
 */
uint32_t vgic_reg_get(int gic_fd, uint32_t group, uint32_t vcpu_id,
		      uint32_t offset);

/**
 * vgic_reg_set - write a register of the distributor or of a CPU interface
 * @gic_fd: the device
 * @group: KVM_DEV_ARM_VGIC_GRP_DIST_REGS or KVM_DEV_ARM_VGIC_GRP_CPU_REGS
 * @vcpu_id: whose view
 * @offset: of the register
 * @val: the value
 */
void vgic_reg_set(int gic_fd, uint32_t group, uint32_t vcpu_id,
		  uint32_t offset, uint32_t val);

#endif /* SELFTEST_KVM_VGIC_H */
