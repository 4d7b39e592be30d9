// SPDX-License-Identifier: GPL-2.0-only
/*
 * KVM_DEV_ARM_VGIC_GRP_CPU_SYSREGS: the registers of a virtual GICv3's CPU
 * interface, for user space. Both halves of the interface are those of 64-bit
 * hosts, and so are the names: by AArch64's encodings. Here is what finds one
 * of them in the table of arm64's vgic-sys-reg-v3.c.
 */
#include <linux/kvm_host.h>
#include <linux/uaccess.h>
#include <asm/kvm_emulate.h>

#include "sys_regs.h"

/**
 * get_reg_by_id - look up a register
 * @id: sys_reg() of its AArch64 name
 * @table: registers in the order of their encodings
 * @num: how many
 *
 * Return: the register, NULL if it is not in the table.
 */
const struct sys_reg_desc *get_reg_by_id(u64 id,
					 const struct sys_reg_desc table[],
					 unsigned int num)
{
	struct sys_reg_params params = encoding_to_params(id);

	return find_reg(&params, table, num);
}

/**
 * kvm_sys_reg_get_user - read a register of a vCPU for user space
 * @vcpu: the vCPU
 * @reg: sys_reg() of the register, and the address of a u64
 * @table: registers in the order of their encodings
 * @num: how many
 *
 * Context: with the vCPU's mutex, not loaded.
 *
 * Return: 0, -ENOENT if it is not in the table, -EINVAL if this vCPU has
 * none such, -EFAULT.
 */
int kvm_sys_reg_get_user(struct kvm_vcpu *vcpu, const struct kvm_one_reg *reg,
			 const struct sys_reg_desc table[], unsigned int num)
{
	u64 __user *uaddr = (u64 __user *)(unsigned long)reg->addr;
	const struct sys_reg_desc *r = get_reg_by_id(reg->id, table, num);
	u64 val;
	int ret;

	if (!r || sysreg_hidden(vcpu, r))
		return -ENOENT;

	ret = (r->get_user)(vcpu, r, &val);

	return ret ?: put_user(val, uaddr);
}

/**
 * kvm_sys_reg_set_user - write a register of a vCPU for user space
 * @vcpu: the vCPU
 * @reg: sys_reg() of the register, and the address of a u64
 * @table: registers in the order of their encodings
 * @num: how many
 *
 * Context: with the vCPU's mutex, not loaded.
 *
 * Return: 0, -ENOENT if it is not in the table, -EINVAL if it cannot have
 * that value or this vCPU has none such, -EFAULT.
 */
int kvm_sys_reg_set_user(struct kvm_vcpu *vcpu, const struct kvm_one_reg *reg,
			 const struct sys_reg_desc table[], unsigned int num)
{
	u64 __user *uaddr = (u64 __user *)(unsigned long)reg->addr;
	const struct sys_reg_desc *r = get_reg_by_id(reg->id, table, num);
	u64 val;

	if (get_user(val, uaddr))
		return -EFAULT;

	if (!r || sysreg_hidden(vcpu, r))
		return -ENOENT;

	return r->set_user(vcpu, r, val);
}
