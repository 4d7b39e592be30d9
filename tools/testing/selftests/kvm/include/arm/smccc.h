/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * SMC Calling Convention (ARM DEN 0028) from a guest in AArch32 state
 */
#ifndef SELFTEST_KVM_ARM_SMCCC_H
#define SELFTEST_KVM_ARM_SMCCC_H

#include <stdint.h>

/**
 * struct arm_smccc_res - what a call returns
 * @a0: R0
 * @a1: R1
 * @a2: R2
 * @a3: R3
 */
struct arm_smccc_res {
	uint32_t a0;
	uint32_t a1;
	uint32_t a2;
	uint32_t a3;
};

/**
 * smccc_hvc - call a function by HVC
 * @function_id: R0
 * @arg0: R1
 * @arg1: R2
 * @arg2: R3
 * @res: R0 to R3 after the call
 */
void smccc_hvc(uint32_t function_id, uint32_t arg0, uint32_t arg1,
	       uint32_t arg2, struct arm_smccc_res *res);

/**
 * smccc_smc - call a function by SMC
 * @function_id: R0
 * @arg0: R1
 * @arg1: R2
 * @arg2: R3
 * @res: R0 to R3 after the call
 */
void smccc_smc(uint32_t function_id, uint32_t arg0, uint32_t arg1,
	       uint32_t arg2, struct arm_smccc_res *res);

#endif /* SELFTEST_KVM_ARM_SMCCC_H */
