// SPDX-License-Identifier: GPL-2.0-only
/*
 * Cache Size ID Registers: one for each value of CSSELR that CLIDR says
 * there is a cache for. Guests read them through a trap, user space as
 * KVM_REG_ARM_DEMUX registers; both get what the host has.
 */
#include <linux/irqflags.h>
#include <linux/kvm_host.h>
#include <linux/uaccess.h>
#include <asm/barrier.h>
#include <asm/cachetype.h>

#include "vcpu_cp15.h"

/* CLIDR (B4.1.20): three bits for each of seven levels */
#define CLIDR_CTYPE_SHIFT(level)	(3 * (level))
#define CLIDR_CTYPE_MASK		0x7
#define CTYPE_INSTRUCTION		1
#define CTYPE_SEPARATE			3
#define CTYPE_UNIFIED			4

/* CSSELR (B4.1.41): level less one, and whether the instruction cache */
#define CSSELR_IND			BIT(0)
#define CSSELR_LEVEL_SHIFT		1
#define NR_CACHE_LEVELS			7
#define NR_CSSELR			(NR_CACHE_LEVELS << CSSELR_LEVEL_SHIFT)

static u32 host_ccsidr[NR_CSSELR] __ro_after_init;
static u16 ccsidr_valid __ro_after_init;

/**
 * kvm_clidr_has_cache - is there a cache
 * @clidr: a Cache Level ID Register
 * @csselr: a value of CSSELR of one of the seven levels
 *
 * What it says of the levels after the first one without a cache is to be
 * ignored (B4.1.20).
 *
 * Return: true if so.
 */
bool kvm_clidr_has_cache(u32 clidr, u32 csselr)
{
	u32 level, ctype;

	for (level = 0; level <= csselr >> CSSELR_LEVEL_SHIFT; level++) {
		ctype = (clidr >> CLIDR_CTYPE_SHIFT(level)) & CLIDR_CTYPE_MASK;
		if (!ctype)
			return false;
	}

	if (csselr & CSSELR_IND)
		return ctype == CTYPE_INSTRUCTION || ctype == CTYPE_SEPARATE;

	return ctype > CTYPE_INSTRUCTION && ctype <= CTYPE_UNIFIED;
}

/**
 * kvm_ccsidr_init - take note of the caches of the host
 * @clidr: its Cache Level ID Register
 *
 * Context: at init, before any VM.
 */
void kvm_ccsidr_init(u32 clidr)
{
	unsigned long flags;
	u32 csselr;

	for (csselr = 0; csselr < NR_CSSELR; csselr++) {
		if (!kvm_clidr_has_cache(clidr, csselr))
			continue;

		/* The host selects caches in interrupt handlers, too */
		local_irq_save(flags);
		set_csselr(csselr);
		isb();
		host_ccsidr[csselr] = read_ccsidr();
		local_irq_restore(flags);

		ccsidr_valid |= BIT(csselr);
	}
}

/**
 * kvm_ccsidr_valid - is there such a cache
 * @csselr: a value of CSSELR
 *
 * Return: true if so.
 */
bool kvm_ccsidr_valid(u32 csselr)
{
	return csselr < NR_CSSELR && (ccsidr_valid & BIT(csselr));
}

/**
 * kvm_ccsidr - size and shape of a cache
 * @csselr: a value of CSSELR
 *
 * Return: CCSIDR, which is UNKNOWN and so zero if there is no such cache.
 */
u32 kvm_ccsidr(u32 csselr)
{
	return kvm_ccsidr_valid(csselr) ? host_ccsidr[csselr] : 0;
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
		if (!kvm_ccsidr_valid(csselr))
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
	    !kvm_ccsidr_valid(csselr))
		return -ENOENT;

	if ((id & KVM_REG_SIZE_MASK) != KVM_REG_SIZE_U32)
		return -ENOENT;

	*val = kvm_ccsidr(csselr);
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
