/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _ARM_KVM_HYP_FAULT_TEST_H
#define _ARM_KVM_HYP_FAULT_TEST_H

/* In r0 at the fault, and one more in each register up to r11 */
#define KVM_HYP_FAULT_R0	0x50505050

/* What __kvm_hyp_fault() branches by */
#define KVM_HYP_FAULT_UNDEF	0
#define KVM_HYP_FAULT_HVC	1
#define KVM_HYP_FAULT_FETCH	2
#define KVM_HYP_FAULT_EXECUTE	3
#define KVM_HYP_FAULT_READ	4
#define KVM_HYP_FAULT_WRITE	5
#define KVM_HYP_FAULT_OVERFLOW	6

#endif /* _ARM_KVM_HYP_FAULT_TEST_H */
