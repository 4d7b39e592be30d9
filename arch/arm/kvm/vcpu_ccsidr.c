// SPDX-License-Identifier: GPL-2.0-only
/*
 * Cache Size ID Registers: one for each value of CSSELR that CLIDR says
 * there is a cache for. Guests read them through a trap, user space as
 * KVM_REG_ARM_DEMUX registers; both get what CPUs of the vCPU's kind have.
 */
#include <linux/kvm_host.h>
#include <linux/uaccess.h>

#include "cpu_model.h"
#include "vcpu_cp15.h"

/**
 * kvm_ccsidr_valid - is there such a cache
 * @vcpu: the vCPU
 * @csselr: a value of CSSELR
 *
 * Return: true if so.
 */
bool kvm_ccsidr_valid(const struct kvm_vcpu *vcpu, u32 csselr)
{
	return csselr < NR_CSSELR &&
	       (vcpu->kvm->arch.model->ccsidr_valid & BIT(csselr));
}

/**
 * kvm_ccsidr - size and shape of a cache
 * @vcpu: the vCPU
 * @csselr: a value of CSSELR
 *
 * Return: CCSIDR, which is UNKNOWN and so zero if there is no such cache.
 */
u32 kvm_ccsidr(const struct kvm_vcpu *vcpu, u32 csselr)
{
	if (!kvm_ccsidr_valid(vcpu, csselr))
		return 0;

	return vcpu->kvm->arch.model->ccsidr[csselr];
}

/**
 * kvm_demux_indices - list the KVM_REG_ARM_DEMUX registers
 * @vcpu: the vCPU
 * @uindices: user space array to fill in, or NULL to count them
 *
 * Return: how many there are, or -EFAULT.
 */
long kvm_demux_indices(struct kvm_vcpu *vcpu, u64 __user *uindices)
{
	const u64 base = KVM_REG_ARM | KVM_REG_SIZE_U32 | KVM_REG_ARM_DEMUX |
			 KVM_REG_ARM_DEMUX_ID_CCSIDR;
	long n = 0;
	u32 csselr;

	for (csselr = 0; csselr < NR_CSSELR; csselr++) {
		if (!kvm_ccsidr_valid(vcpu, csselr))
			continue;
		if (uindices && put_user(base | csselr, uindices + n))
			return -EFAULT;
		n++;
	}

	return n;
}

/**
 * kvm_demux_get - KVM_GET_ONE_REG of a KVM_REG_ARM_DEMUX register
 * @vcpu: the vCPU
 * @id: its id
 * @val: its value, filled in
 *
 * Return: 0, -ENOENT if there is none of that size.
 */
int kvm_demux_get(struct kvm_vcpu *vcpu, u64 id, u64 *val)
{
	u32 csselr = id & KVM_REG_ARM_DEMUX_VAL_MASK;

	if ((id & KVM_REG_ARM_DEMUX_ID_MASK) != KVM_REG_ARM_DEMUX_ID_CCSIDR ||
	    !kvm_ccsidr_valid(vcpu, csselr))
		return -ENOENT;

	if ((id & KVM_REG_SIZE_MASK) != KVM_REG_SIZE_U32)
		return -ENOENT;

	*val = kvm_ccsidr(vcpu, csselr);
	return 0;
}

/**
 * kvm_demux_set - KVM_SET_ONE_REG of a KVM_REG_ARM_DEMUX register
 * @vcpu: the vCPU
 * @id: its id
 * @val: a value
 *
 * Return: as kvm_demux_get(), and -EINVAL for any value but the one it has.
 */
int kvm_demux_set(struct kvm_vcpu *vcpu, u64 id, u64 val)
{
	u64 cur;
	int ret = kvm_demux_get(vcpu, id, &cur);

	if (ret)
		return ret;

	return val == cur ? 0 : -EINVAL;
}
