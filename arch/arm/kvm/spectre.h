/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _ARM_KVM_SPECTRE_H
#define _ARM_KVM_SPECTRE_H

void *kvm_hyp_vectors(void);

#endif /* _ARM_KVM_SPECTRE_H */
