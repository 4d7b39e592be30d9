/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Coprocessor registers (cp14 and cp15) of a vCPU: one table says for each
 * how an access that trapped is emulated, whether user space sees it, what
 * its value is at reset and what traces call it.
 */
#ifndef _ARM_KVM_VCPU_CP15_H
#define _ARM_KVM_VCPU_CP15_H

#include <linux/bits.h>
#include <linux/kvm_host.h>

/*
 * The key of a register is the low word of its ONE_REG id, with one bit more
 * for what ONE_REG has in its size field.
 */
#define CPREG_KEY_64		BIT(31)
#define CPREG_KEY_ID_MASK	GENMASK(27, 0)

#define CPREG_KEY32(cp, op1, crn, crm, op2) \
	((u32)(cp) << KVM_REG_ARM_COPROC_SHIFT | \
	 (u32)(crn) << KVM_REG_ARM_32_CRN_SHIFT | \
	 (u32)(crm) << KVM_REG_ARM_CRM_SHIFT | \
	 (u32)(op1) << KVM_REG_ARM_OPC1_SHIFT | \
	 (u32)(op2) << KVM_REG_ARM_32_OPC2_SHIFT)

#define CPREG_KEY64(cp, op1, crm) \
	(CPREG_KEY_64 | CPREG_KEY32(cp, op1, 0, crm, 0))

struct kvm_cpreg;

/**
 * struct kvm_cpreg_access - an MCR, MRC, MCRR or MRRC that trapped
 * @is_write: MCR or MCRR
 * @val: what is written, or what is to be read
 */
struct kvm_cpreg_access {
	bool is_write;
	u64 val;
};

/**
 * struct kvm_cpreg_ops - a kind of register
 * @access: emulate an access that trapped; false makes it UNDEFINED.
 *	    NULL: no access traps
 * @get: read it for user space. NULL: not a ONE_REG
 * @exists: whether the vCPU's CPU has it; NULL: every CPU has
 * @unlisted: KVM_GET_REG_LIST leaves it out
 * @set: write it for user space; -EINVAL if the value is not possible
 * @reset: set it to what it is out of reset. NULL: has no state, or
 * @reset_along: it has, and another register's reset takes it along
 */
struct kvm_cpreg_ops {
	bool (*access)(struct kvm_vcpu *vcpu, const struct kvm_cpreg *r,
		       struct kvm_cpreg_access *a);
	bool (*exists)(struct kvm_vcpu *vcpu, const struct kvm_cpreg *r);
	bool unlisted;
	u64 (*get)(struct kvm_vcpu *vcpu, const struct kvm_cpreg *r);
	int (*set)(struct kvm_vcpu *vcpu, const struct kvm_cpreg *r, u64 val);
	void (*reset)(struct kvm_vcpu *vcpu, const struct kvm_cpreg *r);
	bool reset_along;
};

/**
 * struct kvm_cpreg - a register
 * @key: CPREG_KEY32() or CPREG_KEY64()
 * @user: User mode may access it; else such an access is UNDEFINED
 * @index: an index for @ops: enum vcpu_cp15_reg of stored registers, position
 *	   in the snapshot of the host's for invariant ones, timer register
 * @reset: value out of reset
 * @ops: the kind of register
 * @name: as the manual has it
 */
struct kvm_cpreg {
	u32 key;
	u8 user;
	u8 index;
	u32 reset;
	const struct kvm_cpreg_ops *ops;
	const char *name;
};

static inline bool kvm_cpreg_is_64(const struct kvm_cpreg *r)
{
	return r->key & CPREG_KEY_64;
}

static inline u64 kvm_cpreg_id(const struct kvm_cpreg *r)
{
	return KVM_REG_ARM | (r->key & CPREG_KEY_ID_MASK) |
	       (kvm_cpreg_is_64(r) ? KVM_REG_SIZE_U64 : KVM_REG_SIZE_U32);
}

/* True if user space sees it */
static inline bool kvm_cpreg_is_onereg(struct kvm_vcpu *vcpu,
				       const struct kvm_cpreg *r)
{
	return r->ops->get && (!r->ops->exists || r->ops->exists(vcpu, r));
}

/* vcpu_cp15_table.c */
extern const struct kvm_cpreg kvm_cpregs[];
extern const unsigned int kvm_nr_cpregs;

/* vcpu_cp15.c */
const struct kvm_cpreg *kvm_cpreg_find(u32 key);
long kvm_cpreg_indices(struct kvm_vcpu *vcpu, u64 __user *uindices);
int kvm_cpreg_get(struct kvm_vcpu *vcpu, u64 id, u64 *val);
int kvm_cpreg_set(struct kvm_vcpu *vcpu, u64 id, u64 val);

/* vcpu_ccsidr.c */
bool kvm_ccsidr_valid(const struct kvm_vcpu *vcpu, u32 csselr);
u32 kvm_ccsidr(const struct kvm_vcpu *vcpu, u32 csselr);
long kvm_demux_indices(struct kvm_vcpu *vcpu, u64 __user *uindices);
int kvm_demux_get(struct kvm_vcpu *vcpu, u64 id, u64 *val);
int kvm_demux_set(struct kvm_vcpu *vcpu, u64 id, u64 val);

#endif /* _ARM_KVM_VCPU_CP15_H */
