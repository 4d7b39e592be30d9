/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef KVM_ARM_VGIC_HOST_H
#define KVM_ARM_VGIC_HOST_H

#include <kvm/arm_vgic.h>

int kvm_vgic_host_init(void);
void kvm_vgic_host_init_cpu(void);

/* Guests can have an interrupt controller in the kernel */
static inline bool kvm_vgic_present(void)
{
	return kvm_vgic_global_state.can_emulate_gicv2;
}

#endif /* KVM_ARM_VGIC_HOST_H */
