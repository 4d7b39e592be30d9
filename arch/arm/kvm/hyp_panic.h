/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _ARM_KVM_HYP_PANIC_H
#define _ARM_KVM_HYP_PANIC_H

#include <linux/linkage.h>
#include <linux/types.h>

struct kvm_hyp_panic_info;

const struct kvm_hyp_panic_info *kvm_hyp_panic_of(int cpu);
bool kvm_hyp_is_guard_page(int cpu, unsigned long hva);
asmlinkage void __noreturn kvm_hyp_panic(void);

#endif /* _ARM_KVM_HYP_PANIC_H */
