/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef KVM_ARM_HYP_MODE_H
#define KVM_ARM_HYP_MODE_H

#include <linux/types.h>

int kvm_hyp_mode_init(void);
void kvm_hyp_mode_exit(void);
bool kvm_hyp_mode_usable(void);
bool kvm_hyp_mode_everywhere(void);

#endif /* KVM_ARM_HYP_MODE_H */
