/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * AArch64's system registers, which <linux/irqchip/arm-gic-v5.h> includes by
 * this name. There are none: <asm/kvm_shared.h> has what KVM's shared code uses.
 */
#ifndef _ASM_ARM_SYSREG_H
#define _ASM_ARM_SYSREG_H

#endif /* _ASM_ARM_SYSREG_H */
