/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _ARM_KVM_SPECTRE_H
#define _ARM_KVM_SPECTRE_H

#include <linux/types.h>

/**
 * struct kvm_spectre_core - mitigation of a core
 * @part: implementer and part number of MIDR
 * @vector: HYP vectors to use
 * @v2: state with regard to branch target injection and branch history
 * @v4: state with regard to speculative store bypass
 */
struct kvm_spectre_core {
	unsigned int part;
	char *vector;
	int v2;
	int v4;
};

struct kvm_spectre_core kvm_spectre_core_of(u32 midr, u32 actlr);
void *kvm_hyp_vectors(void);

#endif /* _ARM_KVM_SPECTRE_H */
