/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef ARCH_PERF_ARM_EXCEPTION_TYPES_H
#define ARCH_PERF_ARM_EXCEPTION_TYPES_H

/* Why a guest was left: "ret" of kvm_exit, as in asm/kvm_asm.h */
#define ARM_EXCEPTION_IRQ	0
#define ARM_EXCEPTION_TRAP	1
#define ARM_EXCEPTION_FIQ	2
#define ARM_EXCEPTION_DEBUG	3

#define kvm_arm_exception_type \
	{ ARM_EXCEPTION_IRQ, "IRQ" }, \
	{ ARM_EXCEPTION_TRAP, "TRAP" }, \
	{ ARM_EXCEPTION_FIQ, "FIQ" }, \
	{ ARM_EXCEPTION_DEBUG, "DEBUG" }

/* Exception classes of HSR: "esr_ec" of kvm_exit, as in asm/kvm_arm.h */
#define kvm_arm_exception_class \
	{ 0x00, "UNKNOWN" }, { 0x01, "WFx" }, { 0x03, "CP15_32" }, \
	{ 0x04, "CP15_64" }, { 0x05, "CP14_MR" }, { 0x06, "CP14_LS" }, \
	{ 0x07, "CP_0_13" }, { 0x08, "CP10_ID" }, { 0x09, "JAZELLE" }, \
	{ 0x0a, "BXJ" }, { 0x0c, "CP14_64" }, { 0x0e, "ILL" }, \
	{ 0x11, "SVC_HYP" }, { 0x12, "HVC" }, { 0x13, "SMC" }, \
	{ 0x20, "IABT" }, { 0x21, "IABT_HYP" }, { 0x22, "PCALIGN" }, \
	{ 0x24, "DABT" }, { 0x25, "DABT_HYP" }

#endif /* ARCH_PERF_ARM_EXCEPTION_TYPES_H */
