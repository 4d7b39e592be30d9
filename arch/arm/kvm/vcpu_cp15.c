// SPDX-License-Identifier: GPL-2.0-only
/*
 * Coprocessor accesses that trapped, and the same registers as ONE_REGs:
 * everything that is not about a particular register. The registers are in
 * vcpu_cp15_table.c.
 */
#include <linux/hash.h>
#include <linux/kvm_host.h>
#include <linux/uaccess.h>
#include <asm/kvm_emulate.h>

#include "vcpu_cp15.h"

#define CREATE_TRACE_POINTS
#include "trace_cp15.h"

/* ISS of MCR, MRC, MCRR and MRRC (B3.13.6) */
#define ISS_IS_READ		BIT(0)
#define ISS_CRM(iss)		(((iss) >> 1) & 0xf)
#define ISS_RT(iss)		(((iss) >> 5) & 0xf)
#define ISS_CRN(iss)		(((iss) >> 10) & 0xf)
#define ISS_RT2(iss)		(((iss) >> 10) & 0xf)
#define ISS_OPC1(iss)		(((iss) >> 14) & 0x7)
#define ISS_OPC2(iss)		(((iss) >> 17) & 0x7)
#define ISS_OPC1_64(iss)	(((iss) >> 16) & 0xf)

#define CP14			14
#define CP15			15

/* As Rt of an MRC it stands for the condition flags */
#define RT_APSR_NZCV		15
#define APSR_NZCV_MASK		GENMASK(31, 28)

/*
 * Where a register is in the table, by a hash of its key: a slot holds the
 * position less one, the next one is looked at on a collision, an empty one
 * ends the search. Three quarters of them are empty.
 */
#define CPREG_SLOT_BITS		10
#define NR_CPREG_SLOTS		BIT(CPREG_SLOT_BITS)

static u16 cpreg_slots[NR_CPREG_SLOTS] __ro_after_init;

/* Positions of those that have a reset of their own: one in five */
static u16 cpreg_resets[NR_CPREG_SLOTS] __ro_after_init;
static unsigned int nr_cpreg_resets __ro_after_init;

/**
 * kvm_cpreg_find - look a register up
 * @key: CPREG_KEY32() or CPREG_KEY64()
 *
 * Return: the register, NULL if a guest has none such or if it is one that
 * neither traps nor is visible to user space.
 */
const struct kvm_cpreg *kvm_cpreg_find(u32 key)
{
	unsigned int slot = hash_32(key, CPREG_SLOT_BITS);
	const struct kvm_cpreg *r;

	while (cpreg_slots[slot]) {
		r = &kvm_cpregs[cpreg_slots[slot] - 1];
		if (likely(r->key == key))
			return r;
		slot = (slot + 1) % NR_CPREG_SLOTS;
	}

	return NULL;
}

/* True: done. False: to the guest it is UNDEFINED. */
static bool emulate_access(struct kvm_vcpu *vcpu, u32 key,
			   struct kvm_cpreg_access *a)
{
	const struct kvm_cpreg *r = kvm_cpreg_find(key);
	bool done;

	done = r && r->ops->access && (r->user || vcpu_mode_priv(vcpu)) &&
	       r->ops->access(vcpu, r, a);
	trace_kvm_cp_access(*vcpu_pc(vcpu), key, r ? r->name : "?",
			    a->is_write, done, a->val);

	return done;
}

static int access_done(struct kvm_vcpu *vcpu)
{
	kvm_incr_pc(vcpu);
	return 1;
}

static int access_undefined(struct kvm_vcpu *vcpu)
{
	kvm_inject_undefined(vcpu);
	return 1;
}

static void write_rt(struct kvm_vcpu *vcpu, u8 rt, u32 val)
{
	unsigned long *cpsr = vcpu_cpsr(vcpu);

	if (rt == RT_APSR_NZCV)
		*cpsr = (*cpsr & ~APSR_NZCV_MASK) | (val & APSR_NZCV_MASK);
	else
		vcpu_set_reg(vcpu, rt, val);
}

static int handle_mcr_mrc(struct kvm_vcpu *vcpu, u32 cp)
{
	u32 iss = kvm_vcpu_get_hsr(vcpu);
	struct kvm_cpreg_access a = { .is_write = !(iss & ISS_IS_READ) };
	u8 rt = ISS_RT(iss);
	u32 key;

	if (a.is_write)
		a.val = vcpu_get_reg(vcpu, rt);

	key = CPREG_KEY32(cp, ISS_OPC1(iss), ISS_CRN(iss), ISS_CRM(iss),
			  ISS_OPC2(iss));
	if (!emulate_access(vcpu, key, &a))
		return access_undefined(vcpu);

	if (!a.is_write)
		write_rt(vcpu, rt, a.val);

	return access_done(vcpu);
}

static int handle_mcrr_mrrc(struct kvm_vcpu *vcpu, u32 cp)
{
	u32 iss = kvm_vcpu_get_hsr(vcpu);
	struct kvm_cpreg_access a = { .is_write = !(iss & ISS_IS_READ) };
	u8 rt = ISS_RT(iss);
	u8 rt2 = ISS_RT2(iss);
	u32 key;

	if (a.is_write)
		a.val = (u64)vcpu_get_reg(vcpu, rt2) << 32 |
			vcpu_get_reg(vcpu, rt);

	key = CPREG_KEY64(cp, ISS_OPC1_64(iss), ISS_CRM(iss));
	if (!emulate_access(vcpu, key, &a))
		return access_undefined(vcpu);

	if (!a.is_write) {
		vcpu_set_reg(vcpu, rt, lower_32_bits(a.val));
		vcpu_set_reg(vcpu, rt2, upper_32_bits(a.val));
	}

	return access_done(vcpu);
}

/**
 * kvm_handle_cp15_32 - an MCR or MRC to cp15 trapped
 * @vcpu: the vCPU, with the syndrome of the trap
 *
 * Context: the vCPU's thread; may sleep, as all handlers of exits.
 *
 * Return: 1, to go on with the guest.
 */
int kvm_handle_cp15_32(struct kvm_vcpu *vcpu)
{
	return handle_mcr_mrc(vcpu, CP15);
}

/**
 * kvm_handle_cp15_64 - an MCRR or MRRC to cp15 trapped
 * @vcpu: the vCPU, with the syndrome of the trap
 *
 * Return: 1, to go on with the guest.
 */
int kvm_handle_cp15_64(struct kvm_vcpu *vcpu)
{
	return handle_mcrr_mrrc(vcpu, CP15);
}

/**
 * kvm_handle_cp14_32 - an MCR or MRC to cp14 trapped
 * @vcpu: the vCPU, with the syndrome of the trap
 *
 * Return: 1, to go on with the guest.
 */
int kvm_handle_cp14_32(struct kvm_vcpu *vcpu)
{
	return handle_mcr_mrc(vcpu, CP14);
}

/**
 * kvm_handle_cp14_64 - an MCRR or MRRC to cp14 trapped
 * @vcpu: the vCPU, with the syndrome of the trap
 *
 * Return: 1, to go on with the guest.
 */
int kvm_handle_cp14_64(struct kvm_vcpu *vcpu)
{
	return handle_mcrr_mrrc(vcpu, CP14);
}

/**
 * kvm_handle_cp14_load_store - an LDC or STC to cp14 trapped
 * @vcpu: the vCPU
 *
 * They transfer the Debug Communications Channel, of which a guest has none.
 *
 * Return: 1, to go on with the guest.
 */
int kvm_handle_cp14_load_store(struct kvm_vcpu *vcpu)
{
	return access_undefined(vcpu);
}

/**
 * kvm_reset_coprocs - give the coprocessor registers their reset values
 * @vcpu: the vCPU, not loaded
 */
void kvm_reset_coprocs(struct kvm_vcpu *vcpu)
{
	const struct kvm_cpreg *r;
	unsigned int i;

	for (i = 0; i < nr_cpreg_resets; i++) {
		r = &kvm_cpregs[cpreg_resets[i]];
		r->ops->reset(vcpu, r);
	}
}

/**
 * kvm_cpreg_indices - list the coprocessor registers that are ONE_REGs
 * @vcpu: the vCPU
 * @uindices: user space array to fill in, or NULL to count them
 *
 * Return: how many there are, or -EFAULT.
 */
long kvm_cpreg_indices(struct kvm_vcpu *vcpu, u64 __user *uindices)
{
	const struct kvm_cpreg *r;
	long n = 0;

	for (r = kvm_cpregs; r < kvm_cpregs + kvm_nr_cpregs; r++) {
		if (!kvm_cpreg_is_onereg(vcpu, r) || r->ops->unlisted)
			continue;
		if (uindices && put_user(kvm_cpreg_id(r), uindices + n))
			return -EFAULT;
		n++;
	}

	return n;
}

static int find_by_id(struct kvm_vcpu *vcpu, u64 id,
		      const struct kvm_cpreg **r)
{
	u32 key = lower_32_bits(id);

	switch (id & KVM_REG_SIZE_MASK) {
	case KVM_REG_SIZE_U32:
		break;
	case KVM_REG_SIZE_U64:
		key |= CPREG_KEY_64;
		break;
	default:
		return -ENOENT;
	}

	*r = kvm_cpreg_find(key);

	return *r && kvm_cpreg_is_onereg(vcpu, *r) ? 0 : -ENOENT;
}

/**
 * kvm_cpreg_get - KVM_GET_ONE_REG of a coprocessor register
 * @vcpu: the vCPU
 * @id: its id
 * @val: its value, filled in
 *
 * Context: with the vCPU's mutex, not loaded.
 *
 * Return: 0, -ENOENT if there is no such register of the size that @id says.
 */
int kvm_cpreg_get(struct kvm_vcpu *vcpu, u64 id, u64 *val)
{
	const struct kvm_cpreg *r;
	int ret = find_by_id(vcpu, id, &r);

	if (ret)
		return ret;

	*val = r->ops->get(vcpu, r);
	return 0;
}

/**
 * kvm_cpreg_set - KVM_SET_ONE_REG of a coprocessor register
 * @vcpu: the vCPU
 * @id: its id
 * @val: its new value
 *
 * Context: with the vCPU's mutex, not loaded.
 *
 * Return: as kvm_cpreg_get(), and -EINVAL if it cannot have that value.
 */
int kvm_cpreg_set(struct kvm_vcpu *vcpu, u64 id, u64 val)
{
	const struct kvm_cpreg *r;
	int ret = find_by_id(vcpu, id, &r);

	if (ret)
		return ret;

	return r->ops->set(vcpu, r, val);
}

static void fill_slots(void)
{
	unsigned int i, slot;

	memset(cpreg_slots, 0, sizeof(cpreg_slots));
	for (i = 0; i < kvm_nr_cpregs; i++) {
		slot = hash_32(kvm_cpregs[i].key, CPREG_SLOT_BITS);
		while (cpreg_slots[slot])
			slot = (slot + 1) % NR_CPREG_SLOTS;
		cpreg_slots[slot] = i + 1;
	}
}

static void list_resets(void)
{
	unsigned int i;

	nr_cpreg_resets = 0;
	for (i = 0; i < kvm_nr_cpregs; i++) {
		if (kvm_cpregs[i].ops->reset)
			cpreg_resets[nr_cpreg_resets++] = i;
	}
}

/**
 * kvm_coproc_table_init - check the table
 *
 * Context: at init, before any VM.
 *
 * Return: 0, or -EINVAL if the table is out of order, by which it is known
 * that no key is there twice.
 */
int kvm_coproc_table_init(void)
{
	unsigned int i;

	for (i = 1; i < kvm_nr_cpregs; i++) {
		if (WARN_ONCE(kvm_cpregs[i - 1].key >= kvm_cpregs[i].key,
			      "kvm: %s and %s are out of order\n",
			      kvm_cpregs[i - 1].name, kvm_cpregs[i].name))
			return -EINVAL;
	}

	fill_slots();
	list_resets();
	return 0;
}
