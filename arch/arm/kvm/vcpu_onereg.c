// SPDX-License-Identifier: GPL-2.0-only
/*
 * KVM_GET_ONE_REG, KVM_SET_ONE_REG and KVM_GET_REG_LIST: the id of a register
 * has a class in its coprocessor field, and each class is a row of a table.
 */
#include <linux/kvm_host.h>
#include <linux/uaccess.h>
#include <kvm/arm_hypercalls.h>
#include <asm/hwcap.h>
#include <asm/kvm_emulate.h>

#include "cpu_model.h"
#include "vcpu_cp15.h"

#define CP14_CLASS		14
#define CP15_CLASS		15
#define REG_CLASS(id) \
	(((id) & KVM_REG_ARM_COPROC_MASK) >> KVM_REG_ARM_COPROC_SHIFT)
#define REG_ARCH(id)		((id) & KVM_REG_ARCH_MASK)

/**
 * struct onereg_class - a class of registers
 * @class: the coprocessor field of its ids
 * @indices: put the ids at @uindices unless that is NULL; return how many
 *	     there are, or -EFAULT. NULL: another class does it
 * @get: read the register, -ENOENT if @id, with its size, is not one
 * @set: write the register, -EINVAL if it cannot have that value
 */
struct onereg_class {
	u32 class;
	long (*indices)(struct kvm_vcpu *vcpu, u64 __user *uindices);
	int (*get)(struct kvm_vcpu *vcpu, u64 id, u64 *val);
	int (*set)(struct kvm_vcpu *vcpu, u64 id, u64 val);
};

/* ---- core registers ---- */

#define NR_CORE_REGS		(sizeof(struct kvm_regs) / sizeof(u32))
#define CORE_REG_MASK		GENMASK(15, 0)
#define CORE_REG_CPSR		KVM_REG_ARM_CORE_REG(usr_regs.ARM_cpsr)

static long core_indices(struct kvm_vcpu *vcpu, u64 __user *uindices)
{
	const u64 base = KVM_REG_ARM | KVM_REG_SIZE_U32 | KVM_REG_ARM_CORE;
	u32 i;

	for (i = 0; uindices && i < NR_CORE_REGS; i++)
		if (put_user(base | i, uindices + i))
			return -EFAULT;

	return NR_CORE_REGS;
}

static int core_reg(struct kvm_vcpu *vcpu, u64 id, u32 **reg)
{
	u32 nr = id & CORE_REG_MASK;

	if (nr >= NR_CORE_REGS)
		return -ENOENT;

	if ((id & KVM_REG_SIZE_MASK) != KVM_REG_SIZE_U32)
		return -ENOENT;

	*reg = (u32 *)vcpu_gp_regs(vcpu) + nr;
	return 0;
}

static int core_get(struct kvm_vcpu *vcpu, u64 id, u64 *val)
{
	u32 *reg;
	int ret = core_reg(vcpu, id, &reg);

	if (!ret)
		*val = *reg;

	return ret;
}

/* The modes of PL0 and PL1: a guest in Monitor or Hyp mode is not contained */
static bool mode_is_valid(u64 cpsr)
{
	switch (cpsr & MODE_MASK) {
	case USR_MODE:
	case FIQ_MODE:
	case IRQ_MODE:
	case SVC_MODE:
	case ABT_MODE:
	case UND_MODE:
	case SYSTEM_MODE:
		return true;
	default:
		return false;
	}
}

/*
 * HYP mode returns to what this says. Outside of Thumb state there is no IT
 * block: ITSTATE has to be zero (A2.5.2). {J, T} of an instruction set that
 * the CPU does not have may as well select one that it has.
 *
 * All else is for the CPU: the PC is aligned by each exception return, IL of
 * ARMv8 is an exception in the guest.
 */
static u32 sanitize_cpsr(u32 cpsr)
{
	if (!(cpsr & PSR_T_BIT))
		cpsr &= ~PSR_IT_MASK;

	if (!(cpsr & PSR_T_BIT) || !kvm_has_thumbee)
		cpsr &= ~PSR_J_BIT;

	return cpsr;
}

static int core_set(struct kvm_vcpu *vcpu, u64 id, u64 val)
{
	u32 *reg;
	int ret = core_reg(vcpu, id, &reg);

	if (ret)
		return ret;

	if ((id & CORE_REG_MASK) == CORE_REG_CPSR) {
		if (!mode_is_valid(val))
			return -EINVAL;
		val = sanitize_cpsr(val);
	}

	if (*reg != val)
		kvm_debug_reg_changed(vcpu);
	*reg = val;
	return 0;
}

/* ---- VFP ---- */

/**
 * struct vfp_sysreg - a VFP system register
 * @nr: its number in the ABI
 * @offset: of where it is in struct kvm_vfp_context
 * @is_id: it says what the CPU has and cannot change
 * @id: then the kind of CPU has it as ids[@id]
 */
struct vfp_sysreg {
	u16 nr;
	u16 offset;
	bool is_id;
	u8 id;
};

#define VFP_ID(name) \
	{ .nr = KVM_REG_ARM_VFP_##name, .is_id = true, .id = HOST_##name }

#define VFP_STATE(name, field) \
	{ .nr = KVM_REG_ARM_VFP_##name, \
	  .offset = offsetof(struct kvm_vfp_context, field) }

static const struct vfp_sysreg vfp_sysregs[] = {
	VFP_ID(FPSID),
	VFP_STATE(FPSCR, fpscr),
	VFP_ID(MVFR1),
	VFP_ID(MVFR0),
	VFP_STATE(FPEXC, fpexc),
	VFP_STATE(FPINST, fpinst),
	VFP_STATE(FPINST2, fpinst2),
};

#define NR_VFP_DREGS_MAX	32
#define NR_VFP_DREGS_D16	16

static u32 nr_vfp_dregs(void)
{
	return elf_hwcap & HWCAP_VFPD32 ? NR_VFP_DREGS_MAX : NR_VFP_DREGS_D16;
}

static long vfp_indices(struct kvm_vcpu *vcpu, u64 __user *uindices)
{
	const u64 base = KVM_REG_ARM | KVM_REG_ARM_VFP;
	u32 nr_dregs = nr_vfp_dregs();
	u32 i;

	if (!(elf_hwcap & HWCAP_VFP))
		return 0;

	for (i = 0; uindices && i < nr_dregs; i++)
		if (put_user(base | KVM_REG_SIZE_U64 | i, uindices++))
			return -EFAULT;

	for (i = 0; uindices && i < ARRAY_SIZE(vfp_sysregs); i++)
		if (put_user(base | KVM_REG_SIZE_U32 | vfp_sysregs[i].nr,
			     uindices++))
			return -EFAULT;

	return nr_dregs + ARRAY_SIZE(vfp_sysregs);
}

static const struct vfp_sysreg *find_vfp_sysreg(u32 nr)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(vfp_sysregs); i++)
		if (vfp_sysregs[i].nr == nr)
			return &vfp_sysregs[i];

	return NULL;
}

/* One of @dreg and @sysreg is set, the other NULL */
static int vfp_reg(struct kvm_vcpu *vcpu, u64 id, u64 **dreg,
		   const struct vfp_sysreg **sysreg)
{
	u32 nr = id & KVM_REG_ARM_VFP_MASK;
	u64 size;

	*dreg = NULL;
	*sysreg = NULL;

	if (!(elf_hwcap & HWCAP_VFP))
		return -ENOENT;

	if (nr < nr_vfp_dregs()) {
		*dreg = &vcpu->arch.ctxt.vfp.d[nr];
		size = KVM_REG_SIZE_U64;
	} else {
		*sysreg = find_vfp_sysreg(nr);
		if (!*sysreg)
			return -ENOENT;
		size = KVM_REG_SIZE_U32;
	}

	return (id & KVM_REG_SIZE_MASK) == size ? 0 : -ENOENT;
}

static u32 *vfp_state(struct kvm_vcpu *vcpu, const struct vfp_sysreg *r)
{
	return (void *)&vcpu->arch.ctxt.vfp + r->offset;
}

static int vfp_get(struct kvm_vcpu *vcpu, u64 id, u64 *val)
{
	const struct vfp_sysreg *sysreg;
	u64 *dreg;
	int ret = vfp_reg(vcpu, id, &dreg, &sysreg);

	if (ret)
		return ret;

	if (dreg)
		*val = *dreg;
	else if (sysreg->is_id)
		*val = vcpu->kvm->arch.model->ids[sysreg->id];
	else
		*val = *vfp_state(vcpu, sysreg);

	return 0;
}

static int vfp_set(struct kvm_vcpu *vcpu, u64 id, u64 val)
{
	const struct vfp_sysreg *sysreg;
	u64 *dreg;
	int ret = vfp_reg(vcpu, id, &dreg, &sysreg);

	if (ret)
		return ret;

	if (sysreg && sysreg->is_id)
		return val == vcpu->kvm->arch.model->ids[sysreg->id] ?
		       0 : -EINVAL;

	if (dreg)
		*dreg = val;
	else
		*vfp_state(vcpu, sysreg) = val;

	return 0;
}

/* ---- firmware: code that is shared and copies by itself ---- */

static long fw_indices(struct kvm_vcpu *vcpu, u64 __user *uindices)
{
	if (uindices && kvm_arm_copy_fw_reg_indices(vcpu, uindices))
		return -EFAULT;

	return kvm_arm_get_fw_num_regs(vcpu);
}

static bool is_fw_class(u64 id)
{
	u64 class = id & KVM_REG_ARM_COPROC_MASK;

	return class == KVM_REG_ARM_FW || class == KVM_REG_ARM_FW_FEAT_BMAP;
}

/* ---- all of them ---- */

static const struct onereg_class onereg_classes[] = {
	{ REG_CLASS(KVM_REG_ARM_CORE), core_indices, core_get, core_set },
	{ CP14_CLASS, NULL, kvm_cpreg_get, kvm_cpreg_set },
	{ CP15_CLASS, kvm_cpreg_indices, kvm_cpreg_get, kvm_cpreg_set },
	{ REG_CLASS(KVM_REG_ARM_DEMUX), kvm_demux_indices, kvm_demux_get,
	  kvm_demux_set },
	{ REG_CLASS(KVM_REG_ARM_VFP), vfp_indices, vfp_get, vfp_set },
};

static long class_indices(const struct onereg_class *class,
			  struct kvm_vcpu *vcpu, u64 __user *uindices)
{
	return class->indices ? class->indices(vcpu, uindices) : 0;
}

/* What is neither architecture, size, class nor number has to be zero */
#define REG_RESERVED		GENMASK_ULL(51, 28)

static const struct onereg_class *find_class(u64 id)
{
	unsigned int i;

	if (id & REG_RESERVED)
		return NULL;

	for (i = 0; i < ARRAY_SIZE(onereg_classes); i++)
		if (onereg_classes[i].class == REG_CLASS(id))
			return &onereg_classes[i];

	return NULL;
}

/**
 * kvm_arm_num_regs - how many registers a vCPU has
 * @vcpu: the vCPU
 *
 * Return: the number of ids that kvm_arm_copy_reg_indices() copies.
 */
unsigned long kvm_arm_num_regs(struct kvm_vcpu *vcpu)
{
	unsigned long n = fw_indices(vcpu, NULL);
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(onereg_classes); i++)
		n += class_indices(&onereg_classes[i], vcpu, NULL);

	return n;
}

/**
 * kvm_arm_copy_reg_indices - KVM_GET_REG_LIST
 * @vcpu: the vCPU
 * @indices: user space array with room for kvm_arm_num_regs() ids
 *
 * Return: 0, or -EFAULT.
 */
int kvm_arm_copy_reg_indices(struct kvm_vcpu *vcpu, u64 __user *indices)
{
	unsigned int i;
	long n;

	for (i = 0; i < ARRAY_SIZE(onereg_classes); i++) {
		n = class_indices(&onereg_classes[i], vcpu, indices);
		if (n < 0)
			return n;
		indices += n;
	}

	n = fw_indices(vcpu, indices);

	return n < 0 ? n : 0;
}

static int reg_to_user(u64 val, const struct kvm_one_reg *reg)
{
	void __user *uaddr = u64_to_user_ptr(reg->addr);

	if ((reg->id & KVM_REG_SIZE_MASK) == KVM_REG_SIZE_U32)
		return put_user((u32)val, (u32 __user *)uaddr);

	return put_user(val, (u64 __user *)uaddr);
}

static int reg_from_user(u64 *val, const struct kvm_one_reg *reg)
{
	void __user *uaddr = u64_to_user_ptr(reg->addr);
	u32 val32;

	switch (reg->id & KVM_REG_SIZE_MASK) {
	case KVM_REG_SIZE_U32:
		if (get_user(val32, (u32 __user *)uaddr))
			return -EFAULT;
		*val = val32;
		return 0;
	case KVM_REG_SIZE_U64:
		return get_user(*val, (u64 __user *)uaddr);
	default:
		return -ENOENT;
	}
}

/**
 * kvm_arm_get_reg - KVM_GET_ONE_REG
 * @vcpu: the vCPU
 * @reg: the register's id, and where user space wants its value
 *
 * Context: with the vCPU's mutex, not loaded.
 *
 * Return: 0, -ENOENT if there is no such register of that size, -EINVAL if the
 * id is of another architecture, -EFAULT.
 */
int kvm_arm_get_reg(struct kvm_vcpu *vcpu, const struct kvm_one_reg *reg)
{
	const struct onereg_class *class;
	u64 val;
	int ret;

	if (REG_ARCH(reg->id) != KVM_REG_ARM)
		return -EINVAL;

	if (is_fw_class(reg->id))
		return kvm_arm_get_fw_reg(vcpu, reg);

	class = find_class(reg->id);
	if (!class)
		return -ENOENT;

	ret = class->get(vcpu, reg->id, &val);
	if (ret)
		return ret;

	return reg_to_user(val, reg);
}

/**
 * kvm_arm_set_reg - KVM_SET_ONE_REG
 * @vcpu: the vCPU
 * @reg: the register's id, and where user space has its value
 *
 * Context: with the vCPU's mutex, not loaded.
 *
 * Return: as kvm_arm_get_reg(), and -EINVAL for a value it cannot have.
 */
int kvm_arm_set_reg(struct kvm_vcpu *vcpu, const struct kvm_one_reg *reg)
{
	const struct onereg_class *class;
	u64 val;
	int ret;

	if (REG_ARCH(reg->id) != KVM_REG_ARM)
		return -EINVAL;

	if (is_fw_class(reg->id))
		return kvm_arm_set_fw_reg(vcpu, reg);

	class = find_class(reg->id);
	if (!class)
		return -ENOENT;

	ret = reg_from_user(&val, reg);
	if (ret)
		return ret;

	return class->set(vcpu, reg->id, val);
}
