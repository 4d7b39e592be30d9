// SPDX-License-Identifier: GPL-2.0-only
/*
 * What kernels with GICv5 want of an architecture, and what the code shared
 * with 64-bit hosts names there of interrupt controllers that no 32-bit host
 * has.
 */
#include <linux/bitmap.h>
#include <linux/kvm_host.h>
#include <linux/percpu.h>
#include <linux/perf/arm_pmu.h>
#include <linux/perf/arm_pmuv3.h>
#include <kvm/arm_pmu.h>
#include <kvm/arm_vgic.h>

#include "compat.h"
#include "vgic/vgic.h"

DEFINE_PER_CPU(struct kvm_shared_host_data, kvm_shared_host_data);

/* All ioctls of a vCPU are with its mutex */
long kvm_arch_vcpu_unlocked_ioctl(struct file *filp, unsigned int ioctl,
				  unsigned long arg)
{
	return -ENOIOCTLCMD;
}

/* The counters' events end, and leave their values in the registers */
void kvm_pmu_vcpu_reset(struct kvm_vcpu *vcpu)
{
	unsigned long mask = kvm_pmu_implemented_counter_mask(vcpu);
	int i;

	for_each_set_bit(i, &mask, KVM_ARMV8_PMU_MAX_COUNTERS)
		kvm_pmu_set_counter_value_user(vcpu, i,
					       kvm_pmu_get_counter_value(vcpu, i));
}

#ifdef CONFIG_HW_PERF_EVENTS
static void read_pmceid(struct arm_pmu *pmu)
{
	u32 pmceid[] = { read_sysreg(PMCEID0), read_sysreg(PMCEID1) };

	if (bitmap_empty(pmu->pmceid_bitmap, ARMV8_PMUV3_MAX_COMMON_EVENTS))
		bitmap_from_arr32(pmu->pmceid_bitmap, pmceid,
				  ARMV8_PMUV3_MAX_COMMON_EVENTS);
}
#else
static void read_pmceid(struct arm_pmu *pmu)
{
}
#endif

/*
 * The emulation asks the driver what there is to count, and that of PMUv2 has
 * not looked. The vCPU is on a CPU that has these counters.
 */
u64 kvm_pmu_pmceid(struct kvm_vcpu *vcpu, bool pmceid1)
{
	read_pmceid(vcpu->kvm->arch.arm_pmu);

	return kvm_pmu_get_pmceid(vcpu, pmceid1);
}

/* ---- answers ---- */

bool vgic_state_is_nested(struct kvm_vcpu *vcpu)
{
	return false;
}

int vgic_v5_probe(const struct gic_kvm_info *info)
{
	return -ENODEV;
}

int vgic_v5_init(struct kvm *kvm)
{
	return -ENXIO;
}

int vgic_v5_map_resources(struct kvm *kvm)
{
	return -ENXIO;
}

/* ---- never reached ---- */

NEVER_CALLED(vgic_v3_load_nested, struct kvm_vcpu *vcpu)
NEVER_CALLED(vgic_v3_put_nested, struct kvm_vcpu *vcpu)
NEVER_CALLED(vgic_v3_flush_nested, struct kvm_vcpu *vcpu)
NEVER_CALLED(vgic_v3_sync_nested, struct kvm_vcpu *vcpu)
NEVER_CALLED(vgic_v3_handle_nested_maint_irq, struct kvm_vcpu *vcpu)
NEVER_CALLED(vgic_v3_nested_update_mi, struct kvm_vcpu *vcpu)
NEVER_CALLED(vgic_v5_reset, struct kvm_vcpu *vcpu)
NEVER_CALLED(vgic_v5_set_ppi_ops, struct kvm_vcpu *vcpu, u32 vintid)
NEVER_CALLED(vgic_v5_set_ppi_dvi, struct kvm_vcpu *vcpu, struct vgic_irq *irq,
	     bool dvi)
NEVER_CALLED(vgic_v5_flush_ppi_state, struct kvm_vcpu *vcpu)
NEVER_CALLED(vgic_v5_fold_ppi_state, struct kvm_vcpu *vcpu)
NEVER_CALLED(vgic_v5_load, struct kvm_vcpu *vcpu)
NEVER_CALLED(vgic_v5_put, struct kvm_vcpu *vcpu)
NEVER_CALLED(vgic_v5_set_vmcr, struct kvm_vcpu *vcpu, struct vgic_vmcr *vmcr)
NEVER_CALLED(vgic_v5_get_vmcr, struct kvm_vcpu *vcpu, struct vgic_vmcr *vmcr)
NEVER_CALLED(vgic_v5_restore_state, struct kvm_vcpu *vcpu)
NEVER_CALLED(vgic_v5_save_state, struct kvm_vcpu *vcpu)

bool vgic_v5_has_pending_ppi(struct kvm_vcpu *vcpu)
{
	WARN_ON_ONCE(1);
	return false;
}

bool vgic_v5_ppi_queue_irq_unlock(struct kvm *kvm, struct vgic_irq *irq,
				  unsigned long flags) __releases(&irq->irq_lock)
{
	WARN_ON_ONCE(1);
	raw_spin_unlock_irqrestore(&irq->irq_lock, flags);
	return false;
}
