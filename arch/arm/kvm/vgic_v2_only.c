// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the interrupt controller code names of GICv3, ITS and GICv4 when it is
 * built for GICv2 hosts alone.
 *
 * The GICv3 device is not registered, so no VM has one: what user space can
 * ask for answers that there is none, what only works on such a VM's behalf
 * warns that it was reached.
 */
#include <linux/kvm_host.h>
#include <linux/irqchip/arm-gic-v4.h>
#include <asm/kvm_hyp.h>
#include <kvm/arm_vgic.h>

#include "vgic/vgic.h"
#include "vgic/vgic-mmio.h"

/* ---- answers ---- */

int vgic_v3_probe(const struct gic_kvm_info *info)
{
	return -ENODEV;
}

bool vgic_has_its(struct kvm *kvm)
{
	return false;
}

bool vgic_supports_direct_msis(struct kvm *kvm)
{
	return false;
}

int kvm_vgic_register_its_device(void)
{
	return -ENODEV;
}

int vgic_its_inject_msi(struct kvm *kvm, struct kvm_msi *msi)
{
	return -ENODEV;
}

int vgic_its_inject_cached_translation(struct kvm *kvm, struct kvm_msi *msi)
{
	return -EWOULDBLOCK;
}

int vgic_v3_map_resources(struct kvm *kvm)
{
	return -ENXIO;
}

int vgic_v3_save_pending_tables(struct kvm *kvm)
{
	return -ENXIO;
}

int vgic_v3_set_redist_base(struct kvm *kvm, u32 index, u64 addr, u32 count)
{
	return -ENXIO;
}

struct vgic_redist_region *
vgic_v3_rdist_region_from_index(struct kvm *kvm, u32 index)
{
	return NULL;
}

int vgic_v3_has_attr_regs(struct kvm_device *dev, struct kvm_device_attr *attr)
{
	return -ENXIO;
}

int vgic_v3_dist_uaccess(struct kvm_vcpu *vcpu, bool is_write, int offset,
			 u32 *val)
{
	return -ENXIO;
}

int vgic_v3_redist_uaccess(struct kvm_vcpu *vcpu, bool is_write, int offset,
			   u32 *val)
{
	return -ENXIO;
}

int vgic_v3_cpu_sysregs_uaccess(struct kvm_vcpu *vcpu,
				struct kvm_device_attr *attr, bool is_write)
{
	return -ENXIO;
}

int vgic_v3_line_level_info_uaccess(struct kvm_vcpu *vcpu, bool is_write,
				    u32 intid, u32 *val)
{
	return -ENXIO;
}

int vgic_register_redist_iodev(struct kvm_vcpu *vcpu)
{
	return -ENXIO;
}

int vgic_v4_init(struct kvm *kvm)
{
	return -ENXIO;
}

#ifndef CONFIG_ARM_GIC_V3_ITS
int its_prop_update_vsgi(int irq, u8 priority, bool group)
{
	return -ENXIO;
}
#endif

/* ITS tables are the only thing in guest memory that the vGIC writes */
int kvm_write_guest_lock(struct kvm *kvm, gpa_t gpa, const void *data,
			 unsigned long len)
{
	return -ENXIO;
}

/* and so nothing but a vCPU dirties memory */
bool kvm_arch_allow_write_without_running_vcpu(struct kvm *kvm)
{
	return false;
}

/* ---- never reached ---- */

#define GICV3_ONLY(fn, ...) \
	void fn(__VA_ARGS__) { WARN_ON_ONCE(1); }

GICV3_ONLY(vgic_unregister_redist_iodev, struct kvm_vcpu *vcpu)
GICV3_ONLY(vgic_v3_free_redist_region, struct kvm *kvm,
	   struct vgic_redist_region *rdreg)
GICV3_ONLY(vgic_v3_fold_lr_state, struct kvm_vcpu *vcpu)
GICV3_ONLY(vgic_v3_populate_lr, struct kvm_vcpu *vcpu, struct vgic_irq *irq,
	   int lr)
GICV3_ONLY(vgic_v3_clear_lr, struct kvm_vcpu *vcpu, int lr)
GICV3_ONLY(vgic_v3_set_underflow, struct kvm_vcpu *vcpu)
GICV3_ONLY(vgic_v3_set_vmcr, struct kvm_vcpu *vcpu, struct vgic_vmcr *vmcr)
GICV3_ONLY(vgic_v3_get_vmcr, struct kvm_vcpu *vcpu, struct vgic_vmcr *vmcr)
GICV3_ONLY(vgic_v3_enable, struct kvm_vcpu *vcpu)
GICV3_ONLY(vgic_v3_load, struct kvm_vcpu *vcpu)
GICV3_ONLY(vgic_v3_put, struct kvm_vcpu *vcpu)
GICV3_ONLY(vgic_v4_commit, struct kvm_vcpu *vcpu)
GICV3_ONLY(vgic_v4_teardown, struct kvm *kvm)
GICV3_ONLY(__vgic_v3_save_state, struct vgic_v3_cpu_if *cpu_if)
GICV3_ONLY(__vgic_v3_restore_state, struct vgic_v3_cpu_if *cpu_if)
GICV3_ONLY(__vgic_v3_activate_traps, struct vgic_v3_cpu_if *cpu_if)
GICV3_ONLY(__vgic_v3_deactivate_traps, struct vgic_v3_cpu_if *cpu_if)
GICV3_ONLY(__kvm_hvc___vgic_v3_init_lrs, void)

unsigned int vgic_v3_init_dist_iodev(struct vgic_io_device *dev)
{
	WARN_ON_ONCE(1);
	return 0;
}
