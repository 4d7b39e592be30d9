// SPDX-License-Identifier: GPL-2.0-only
/*
 * A virtual machine: its life, its capabilities, its ioctls.
 */
#include <linux/kvm_host.h>
#include <linux/once.h>
#include <linux/preempt.h>
#include <linux/uaccess.h>
#include <asm/kvm_mmu.h>
#include <kvm/arm_hypercalls.h>
#include <kvm/arm_psci.h>
#include <kvm/arm_pmu.h>
#include <kvm/arm_vgic.h>

#include "compat.h"
#include "cpu_model.h"
#include "hyp_mode.h"
#include "ptdump.h"
#include "trace.h"
#include "vgic_host.h"
#include "vgic/vgic.h"

const struct kvm_stats_desc kvm_vm_stats_desc[] = {
	KVM_GENERIC_VM_STATS()
};

const struct kvm_stats_header kvm_vm_stats_header = {
	.name_size = KVM_STATS_NAME_SIZE,
	.num_desc = ARRAY_SIZE(kvm_vm_stats_desc),
	.id_offset = sizeof(struct kvm_stats_header),
	.desc_offset = sizeof(struct kvm_stats_header) + KVM_STATS_NAME_SIZE,
	.data_offset = sizeof(struct kvm_stats_header) + KVM_STATS_NAME_SIZE +
		       sizeof(kvm_vm_stats_desc),
};

static int set_ipa_size(struct kvm_s2_mmu *mmu, unsigned long type)
{
	u32 bits = KVM_VM_TYPE_ARM_IPA_SIZE(type);

	if (type & ~KVM_VM_TYPE_ARM_IPA_SIZE_MASK)
		return -EINVAL;

	if (!bits)
		bits = KVM_PHYS_SHIFT;

	if (bits < KVM_MIN_PHYS_SHIFT || bits > KVM_PHYS_SHIFT)
		return -EINVAL;

	mmu->phys_size = BIT_ULL(bits);
	return 0;
}

/**
 * kvm_arch_init_vm - make the architecture's part of a VM
 * @kvm: the VM
 * @type: machine type: KVM_VM_TYPE_ARM_IPA_SIZE() of 32 to 40 bits; 0 is 40
 *
 * All VMs have tables for 40 bits: VTCR is the same for all. Where there can
 * be no memory slot and no vGIC there is never a mapping, and an access comes
 * to handle_io_fault().
 *
 * Return: 0, -EINVAL for another type, -ENODEV if a CPU has no HYP mode, or a
 * negative errno.
 */
int kvm_arch_init_vm(struct kvm *kvm, unsigned long type)
{
	int ret;

	ret = set_ipa_size(&kvm->arch.mmu, type);
	if (ret)
		return ret;

	if (!kvm_hyp_mode_everywhere())
		return -ENODEV;

	mutex_init(&kvm->arch.config_lock);

	/* Tell lockdep that config_lock is taken inside kvm->lock */
	if (IS_ENABLED(CONFIG_LOCKDEP)) {
		mutex_lock(&kvm->lock);
		mutex_lock(&kvm->arch.config_lock);
		mutex_unlock(&kvm->arch.config_lock);
		mutex_unlock(&kvm->lock);
	}

	/* No vCPU has said what it wants to be */
	kvm->arch.target = -1;

	if (!zalloc_cpumask_var(&kvm->arch.supported_cpus, GFP_KERNEL_ACCOUNT))
		return -ENOMEM;
	cpumask_copy(kvm->arch.supported_cpus, cpu_possible_mask);

	ret = kvm_alloc_stage2_pgd(kvm);
	if (ret) {
		free_cpumask_var(kvm->arch.supported_cpus);
		return ret;
	}

	/*
	 * A host that has had one VM will have others: the scheduler's hooks
	 * stay. Each first VM would put them in, and each last one take them
	 * out, with all CPUs stopped meanwhile to change the code.
	 */
	DO_ONCE_SLEEPABLE(preempt_notifier_inc);

	kvm_vgic_early_init(kvm);
	kvm_timer_init_vm(kvm);
	kvm_arm_init_hypercalls(kvm);
	kvm->max_vcpus = kvm_vgic_get_max_vcpus();

	return 0;
}

/**
 * kvm_arch_destroy_vm - take the architecture's part of a VM apart
 * @kvm: the VM, which nobody uses any more
 */
void kvm_arch_destroy_vm(struct kvm *kvm)
{
	bitmap_free(kvm->arch.pmu_filter);
	free_cpumask_var(kvm->arch.supported_cpus);

	kvm_vgic_destroy(kvm);
	kvm_destroy_vcpus(kvm);
	kvm_arm_teardown_hypercalls(kvm);

	/* Gone already unless the VM never got as far as its MMU notifier */
	kvm_free_stage2_pgd(kvm);
}

void kvm_arch_create_vm_debugfs(struct kvm *kvm)
{
	kvm_ptdump_create_vm(kvm);
}

bool kvm_arch_intc_initialized(struct kvm *kvm)
{
	return vgic_initialized(kvm);
}

/**
 * struct vm_cap - a capability whose value is a constant
 * @cap: KVM_CAP_*
 * @val: what KVM_CHECK_EXTENSION returns
 */
struct vm_cap {
	long cap;
	int val;
};

static const struct vm_cap constant_caps[] = {
	{ KVM_CAP_IOEVENTFD, 1 },
	{ KVM_CAP_USER_MEMORY, 1 },
	{ KVM_CAP_SYNC_MMU, 1 },
	{ KVM_CAP_DESTROY_MEMORY_REGION_WORKS, 1 },
	{ KVM_CAP_ONE_REG, 1 },
	{ KVM_CAP_ARM_PSCI, 1 },
	{ KVM_CAP_ARM_PSCI_0_2, 1 },
	{ KVM_CAP_READONLY_MEM, 1 },
	{ KVM_CAP_MP_STATE, 1 },
	{ KVM_CAP_IMMEDIATE_EXIT, 1 },
	{ KVM_CAP_VCPU_EVENTS, 1 },
	{ KVM_CAP_VCPU_ATTRIBUTES, 1 },
	{ KVM_CAP_ARM_IRQ_LINE_LAYOUT_2, 1 },
	{ KVM_CAP_ARM_NISV_TO_USER, 1 },
	{ KVM_CAP_ARM_INJECT_EXT_DABT, 1 },
	{ KVM_CAP_ARM_SET_DEVICE_ADDR, 1 },
	{ KVM_CAP_ARM_USER_IRQ, 1 },
	{ KVM_CAP_ARM_SYSTEM_SUSPEND, 1 },
	{ KVM_CAP_PTP_KVM, 1 },
	{ KVM_CAP_IRQFD_RESAMPLE, 1 },
	{ KVM_CAP_SET_GUEST_DEBUG, 1 },
	{ KVM_CAP_SET_GUEST_DEBUG2, KVM_GUESTDBG_VALID_MASK },
	{ KVM_CAP_COUNTER_OFFSET, 1 },
	{ KVM_CAP_ARM_VM_IPA_SIZE, KVM_PHYS_SHIFT },
};

static int max_vcpus(struct kvm *kvm)
{
	return kvm ? kvm->max_vcpus : kvm_vgic_get_max_vcpus();
}

/* Until the VM has a kind of CPU, that of the one that asks */
static const struct kvm_cpu_model *cpu_model(struct kvm *kvm)
{
	const struct kvm_cpu_model *model = kvm ? kvm->arch.model : NULL;

	return model ?: kvm_cpu_model_find(kvm_target_cpu());
}

int kvm_vm_ioctl_check_extension(struct kvm *kvm, long ext)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(constant_caps); i++) {
		if (constant_caps[i].cap == ext)
			return constant_caps[i].val;
	}

	switch (ext) {
	case KVM_CAP_IRQCHIP:
		return kvm_vgic_present();
	case KVM_CAP_ARM_PMU_V3:
		return kvm_supports_guest_pmuv3();
	case KVM_CAP_NR_VCPUS:
		return min_t(int, num_online_cpus(), max_vcpus(kvm));
	case KVM_CAP_MAX_VCPUS:
	case KVM_CAP_MAX_VCPU_ID:
		return max_vcpus(kvm);
	case KVM_CAP_GUEST_DEBUG_HW_BPS:
		return kvm_debug_nr_brps(cpu_model(kvm));
	case KVM_CAP_GUEST_DEBUG_HW_WPS:
		return kvm_debug_nr_wrps(cpu_model(kvm));
	case KVM_CAP_MSI_DEVID:
		return kvm ? kvm->arch.vgic.msis_require_devid : -EINVAL;
	case KVM_CAP_ARM_EAGER_SPLIT_CHUNK_SIZE:
		return kvm ? kvm->arch.mmu.split_page_chunk_size : 0;
	case KVM_CAP_ARM_SUPPORTED_BLOCK_SIZES:
		return kvm_supported_block_sizes();
	default:
		return 0;
	}
}

static int enable_eager_split(struct kvm *kvm, u64 chunk)
{
	int ret = -EINVAL;

	mutex_lock(&kvm->slots_lock);
	if (kvm_are_all_memslots_empty(kvm) &&
	    (!chunk || kvm_is_block_size_supported(chunk))) {
		kvm->arch.mmu.split_page_chunk_size = chunk;
		ret = 0;
	}
	mutex_unlock(&kvm->slots_lock);

	return ret;
}

int kvm_vm_ioctl_enable_cap(struct kvm *kvm, struct kvm_enable_cap *cap)
{
	if (cap->flags)
		return -EINVAL;

	switch (cap->cap) {
	case KVM_CAP_ARM_NISV_TO_USER:
		set_bit(KVM_ARCH_FLAG_RETURN_NISV_IO_ABORT_TO_USER,
			&kvm->arch.flags);
		return 0;
	case KVM_CAP_ARM_SYSTEM_SUSPEND:
		set_bit(KVM_ARCH_FLAG_SYSTEM_SUSPEND_ENABLED,
			&kvm->arch.flags);
		return 0;
	case KVM_CAP_ARM_EAGER_SPLIT_CHUNK_SIZE:
		return enable_eager_split(kvm, cap->args[0]);
	default:
		return -EINVAL;
	}
}

/**
 * lock_all_vcpus - keep every vCPU of a VM from running
 * @kvm: the VM; caller holds kvm->lock
 *
 * Return: false, with nothing locked, if one of them is running.
 */
bool lock_all_vcpus(struct kvm *kvm)
{
	struct kvm_vcpu *vcpu;
	unsigned long i, locked;

	lockdep_assert_held(&kvm->lock);

	kvm_for_each_vcpu(i, vcpu, kvm) {
		if (!mutex_trylock(&vcpu->mutex))
			goto busy;
	}

	return true;

busy:
	locked = i;
	kvm_for_each_vcpu(i, vcpu, kvm) {
		if (i == locked)
			break;
		mutex_unlock(&vcpu->mutex);
	}
	return false;
}

/**
 * unlock_all_vcpus - let the vCPUs of a VM run again
 * @kvm: the VM; caller holds kvm->lock
 */
void unlock_all_vcpus(struct kvm *kvm)
{
	struct kvm_vcpu *vcpu;
	unsigned long i;

	lockdep_assert_held(&kvm->lock);

	kvm_for_each_vcpu(i, vcpu, kvm)
		mutex_unlock(&vcpu->mutex);
}

/**
 * kvm_mpidr_to_vcpu - find a vCPU by its affinity
 * @kvm: the VM
 * @mpidr: the affinity fields of an MPIDR. With anything else in it, as the
 *	third level that an AArch32 one does not have, it is nobody's
 *
 * Return: the vCPU or NULL.
 */
struct kvm_vcpu *kvm_mpidr_to_vcpu(struct kvm *kvm, unsigned long mpidr)
{
	struct kvm_vcpu *vcpu;
	unsigned long i;

	/* Mostly it is what it was numbered at its reset */
	i = MPIDR_AFFINITY_LEVEL(mpidr, 1) * kvm_vgic_cluster_size() +
	    MPIDR_AFFINITY_LEVEL(mpidr, 0);
	vcpu = kvm_get_vcpu(kvm, i);
	if (vcpu && kvm_vcpu_get_mpidr_aff(vcpu) == mpidr)
		return vcpu;

	kvm_for_each_vcpu(i, vcpu, kvm) {
		if (kvm_vcpu_get_mpidr_aff(vcpu) == mpidr)
			return vcpu;
	}

	return NULL;
}

/* ---- interrupts from user space ---- */

static int user_irq_line(struct kvm *kvm, unsigned int vcpu_id,
			 unsigned int line, bool level)
{
	struct kvm_vcpu *vcpu = kvm_get_vcpu_by_id(kvm, vcpu_id);
	bool was;
	int bit;

	if (irqchip_in_kernel(kvm))
		return -ENXIO;
	if (!vcpu || line > KVM_ARM_IRQ_CPU_FIQ)
		return -EINVAL;

	bit = __ffs(line == KVM_ARM_IRQ_CPU_IRQ ? HCR_VI : HCR_VF);
	if (level)
		was = test_and_set_bit(bit, &vcpu->arch.irq_lines);
	else
		was = test_and_clear_bit(bit, &vcpu->arch.irq_lines);

	/* The lines are loaded at the next entry: make there be one */
	if (was != level) {
		kvm_make_request(KVM_REQ_IRQ_PENDING, vcpu);
		kvm_vcpu_kick(vcpu);
	}

	return 0;
}

/* A GICv2 need not have been initialized before its first interrupt */
static int inject_irq(struct kvm *kvm, struct kvm_vcpu *vcpu, unsigned int irq,
		      bool level)
{
	int ret = vgic_lazy_init(kvm);

	return ret ? ret : kvm_vgic_inject_irq(kvm, vcpu, irq, level, NULL);
}

static int ppi_line(struct kvm *kvm, unsigned int vcpu_id, unsigned int irq,
		    bool level)
{
	struct kvm_vcpu *vcpu = kvm_get_vcpu_by_id(kvm, vcpu_id);

	if (!irqchip_in_kernel(kvm))
		return -ENXIO;
	if (!vcpu || irq < VGIC_NR_SGIS || irq >= VGIC_NR_PRIVATE_IRQS)
		return -EINVAL;

	return inject_irq(kvm, vcpu, irq, level);
}

static int spi_line(struct kvm *kvm, unsigned int irq, bool level)
{
	if (!irqchip_in_kernel(kvm))
		return -ENXIO;
	if (irq < VGIC_NR_PRIVATE_IRQS)
		return -EINVAL;

	return inject_irq(kvm, NULL, irq, level);
}

int kvm_vm_ioctl_irq_line(struct kvm *kvm, struct kvm_irq_level *irq_level,
			  bool line_status)
{
	u32 irq = irq_level->irq;
	unsigned int type, vcpu_id, num;
	bool level = irq_level->level;

	type = (irq >> KVM_ARM_IRQ_TYPE_SHIFT) & KVM_ARM_IRQ_TYPE_MASK;
	vcpu_id = (irq >> KVM_ARM_IRQ_VCPU_SHIFT) & KVM_ARM_IRQ_VCPU_MASK;
	vcpu_id += ((irq >> KVM_ARM_IRQ_VCPU2_SHIFT) &
		    KVM_ARM_IRQ_VCPU2_MASK) * (KVM_ARM_IRQ_VCPU_MASK + 1);
	num = (irq >> KVM_ARM_IRQ_NUM_SHIFT) & KVM_ARM_IRQ_NUM_MASK;

	trace_kvm_irq_line(type, vcpu_id, num, irq_level->level);

	switch (type) {
	case KVM_ARM_IRQ_TYPE_CPU:
		return user_irq_line(kvm, vcpu_id, num, level);
	case KVM_ARM_IRQ_TYPE_PPI:
		return ppi_line(kvm, vcpu_id, num, level);
	case KVM_ARM_IRQ_TYPE_SPI:
		return spi_line(kvm, num, level);
	default:
		return -EINVAL;
	}
}

/* ---- ioctls ---- */

static int create_irqchip(struct kvm *kvm)
{
	int ret;

	if (!kvm_vgic_present())
		return -ENXIO;

	mutex_lock(&kvm->lock);
	ret = kvm_vgic_create(kvm, KVM_DEV_TYPE_ARM_VGIC_V2);
	mutex_unlock(&kvm->lock);

	return ret;
}

static int set_device_addr(struct kvm *kvm, void __user *argp)
{
	struct kvm_arm_device_addr dev_addr;

	if (copy_from_user(&dev_addr, argp, sizeof(dev_addr)))
		return -EFAULT;

	if (FIELD_GET(KVM_ARM_DEVICE_ID_MASK, dev_addr.id) !=
	    KVM_ARM_DEVICE_VGIC_V2)
		return -ENODEV;
	if (!kvm_vgic_present())
		return -ENXIO;

	return kvm_set_legacy_vgic_v2_addr(kvm, &dev_addr);
}

static int get_preferred_target(void __user *argp)
{
	struct kvm_vcpu_init init;
	int ret;

	ret = kvm_vcpu_preferred_target(&init);
	if (ret)
		return ret;

	return copy_to_user(argp, &init, sizeof(init)) ? -EFAULT : 0;
}

static int set_counter_offset(struct kvm *kvm, void __user *argp)
{
	struct kvm_arm_counter_offset offset;

	if (copy_from_user(&offset, argp, sizeof(offset)))
		return -EFAULT;

	return kvm_vm_ioctl_set_counter_offset(kvm, &offset);
}

static int vm_has_attr(struct kvm *kvm, struct kvm_device_attr *attr)
{
	return attr->group == KVM_ARM_VM_SMCCC_CTRL ?
	       kvm_vm_smccc_has_attr(kvm, attr) : -ENXIO;
}

static int vm_set_attr(struct kvm *kvm, struct kvm_device_attr *attr)
{
	return attr->group == KVM_ARM_VM_SMCCC_CTRL ?
	       kvm_vm_smccc_set_attr(kvm, attr) : -ENXIO;
}

static int vm_attr(struct kvm *kvm, void __user *argp,
		   int (*fn)(struct kvm *kvm, struct kvm_device_attr *attr))
{
	struct kvm_device_attr attr;

	if (copy_from_user(&attr, argp, sizeof(attr)))
		return -EFAULT;

	return fn(kvm, &attr);
}

int kvm_arch_vm_ioctl(struct file *filp, unsigned int ioctl,
		      unsigned long arg)
{
	struct kvm *kvm = filp->private_data;
	void __user *argp = (void __user *)arg;

	switch (ioctl) {
	case KVM_CREATE_IRQCHIP:
		return create_irqchip(kvm);
	case KVM_ARM_SET_DEVICE_ADDR:
		return set_device_addr(kvm, argp);
	case KVM_ARM_PREFERRED_TARGET:
		return get_preferred_target(argp);
	case KVM_ARM_SET_COUNTER_OFFSET:
		return set_counter_offset(kvm, argp);
	case KVM_HAS_DEVICE_ATTR:
		return vm_attr(kvm, argp, vm_has_attr);
	case KVM_SET_DEVICE_ATTR:
		return vm_attr(kvm, argp, vm_set_attr);
	default:
		return -EINVAL;
	}
}
