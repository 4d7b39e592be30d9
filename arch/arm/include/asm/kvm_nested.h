/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The files built from arch/arm64/kvm include this for nested
 * virtualization, which 32-bit hosts do not have: <asm/kvm_shared.h> has the
 * constants that say so.
 */
#ifndef _ASM_ARM_KVM_NESTED_H
#define _ASM_ARM_KVM_NESTED_H

#include <asm/kvm_shared.h>

#endif /* _ASM_ARM_KVM_NESTED_H */
