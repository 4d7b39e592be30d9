// SPDX-License-Identifier: GPL-2.0-only
/*
 * The HYP address space of a port whose HYP mode cannot have the kernel's
 * virtual addresses: see kern_hyp_va().
 */
#define HYP_TEST_OFFSET		0x20000000UL
#define HYP_TEST_SUITE		"kvm_arm_hyp_map_offset"
#define HYP_TEST_NAME(fn)	test_offset_##fn
#include "hyp_map_test.c"
