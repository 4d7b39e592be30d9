/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _ARM_KVM_VCPU_SYSREGS_H
#define _ARM_KVM_VCPU_SYSREGS_H

struct kvm_vcpu;

void kvm_vcpu_save_banked(struct kvm_vcpu *vcpu);
void kvm_vcpu_restore_banked(struct kvm_vcpu *vcpu);

#endif /* _ARM_KVM_VCPU_SYSREGS_H */
