/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _ASM_ARM_KVM_TYPES_H
#define _ASM_ARM_KVM_TYPES_H

/* A fault takes two table pages at most; more saves refilling every time */
#define KVM_ARCH_NR_OBJS_PER_MEMORY_CACHE 16

#endif /* _ASM_ARM_KVM_TYPES_H */
