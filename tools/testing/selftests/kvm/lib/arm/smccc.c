// SPDX-License-Identifier: GPL-2.0-only
/*
 * SMC Calling Convention from a guest in AArch32 state
 */
#include "smccc.h"

#define __smccc_call(insn, function_id, arg0, arg1, arg2, res) do {	\
	register uint32_t r0 asm("r0") = (function_id);			\
	register uint32_t r1 asm("r1") = (arg0);			\
	register uint32_t r2 asm("r2") = (arg1);			\
	register uint32_t r3 asm("r3") = (arg2);			\
									\
	asm volatile(insn						\
		     : "+r" (r0), "+r" (r1), "+r" (r2), "+r" (r3)	\
		     : : "memory");					\
	(res)->a0 = r0;							\
	(res)->a1 = r1;							\
	(res)->a2 = r2;							\
	(res)->a3 = r3;							\
} while (0)

void smccc_hvc(uint32_t function_id, uint32_t arg0, uint32_t arg1,
	       uint32_t arg2, struct arm_smccc_res *res)
{
	__smccc_call(".arch_extension virt\nhvc #0", function_id, arg0, arg1,
		     arg2, res);
}

void smccc_smc(uint32_t function_id, uint32_t arg0, uint32_t arg1,
	       uint32_t arg2, struct arm_smccc_res *res)
{
	__smccc_call(".arch_extension sec\nsmc #0", function_id, arg0, arg1,
		     arg2, res);
}
