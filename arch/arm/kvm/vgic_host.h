/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef KVM_ARM_VGIC_HOST_H
#define KVM_ARM_VGIC_HOST_H

#include <kvm/arm_vgic.h>

/* vCPUs in a cluster; of a GICv3 those that one write of ICC_SGI1R reaches */
#define VGIC_V2_CLUSTER_SIZE	4
#define VGIC_V3_CLUSTER_SIZE	16

extern bool kvm_vgic_is_present;

int kvm_vgic_host_init(void);
void kvm_vgic_host_init_cpu(void);
void kvm_vgic_host_init_vcpu(struct kvm_vcpu *vcpu);

/* Guests can have an interrupt controller in the kernel */
static inline bool kvm_vgic_present(void)
{
	return kvm_vgic_is_present;
}

/* Which can be a GICv3 */
static inline bool kvm_vgic_host_is_v3(void)
{
	return kvm_vgic_global_state.type == VGIC_V3;
}

static inline unsigned int kvm_vgic_cluster_size(void)
{
	return kvm_vgic_host_is_v3() ? VGIC_V3_CLUSTER_SIZE :
				       VGIC_V2_CLUSTER_SIZE;
}

#endif /* KVM_ARM_VGIC_HOST_H */
