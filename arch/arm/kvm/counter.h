/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _ARM_KVM_COUNTER_H
#define _ARM_KVM_COUNTER_H

void kvm_counter_suspend(void);
void kvm_counter_resume(void);

#endif /* _ARM_KVM_COUNTER_H */
