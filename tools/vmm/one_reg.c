// SPDX-License-Identifier: GPL-2.0-only
/* Registers of a vCPU, one at a time. Each has 32 or 64 bits. */
#include <linux/kvm.h>
#include <sys/ioctl.h>

#include "one_reg.h"
#include "util.h"

/**
 * one_reg_get() - read a register or end the process
 * @vcpu_fd: the vCPU
 * @id: the register
 *
 * Return: its value.
 */
uint64_t one_reg_get(int vcpu_fd, uint64_t id)
{
	uint64_t value = 0;
	struct kvm_one_reg reg = { .id = id, .addr = (uintptr_t)&value };

	/* Little-endian: 32 bits are the lower half. */
	if (ioctl(vcpu_fd, KVM_GET_ONE_REG, &reg) < 0)
		die_errno("KVM_GET_ONE_REG, register 0x%llx",
			  (unsigned long long)id);
	return value;
}

/**
 * one_reg_try_set() - write a register
 * @vcpu_fd: the vCPU
 * @id: the register
 * @value: its value
 *
 * Return: false with errno set where it cannot have this value.
 */
bool one_reg_try_set(int vcpu_fd, uint64_t id, uint64_t value)
{
	struct kvm_one_reg reg = { .id = id, .addr = (uintptr_t)&value };

	return ioctl(vcpu_fd, KVM_SET_ONE_REG, &reg) >= 0;
}

/**
 * one_reg_set() - write a register or end the process
 * @vcpu_fd: the vCPU
 * @id: the register
 * @value: its value
 */
void one_reg_set(int vcpu_fd, uint64_t id, uint64_t value)
{
	if (!one_reg_try_set(vcpu_fd, id, value))
		die_errno("KVM_SET_ONE_REG, register 0x%llx",
			  (unsigned long long)id);
}
