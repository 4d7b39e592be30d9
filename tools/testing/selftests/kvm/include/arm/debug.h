/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Debug registers of 32-bit ARM (ARM DDI 0406C, C11.11)
 */
#ifndef SELFTEST_KVM_DEBUG_H
#define SELFTEST_KVM_DEBUG_H

#include <linux/bits.h>

#define DIDR_VERSION(didr)	(((didr) >> 16) & 0xf)
#define DIDR_CTX_CMPS(didr)	((((didr) >> 20) & 0xf) + 1)
#define DIDR_NR_BRPS(didr)	((((didr) >> 24) & 0xf) + 1)
#define DIDR_NR_WRPS(didr)	((((didr) >> 28) & 0xf) + 1)

#define DSCR_MDBGEN		BIT(15)
#define DSCR_MOE(dscr)		(((dscr) >> 2) & 0xf)
#define MOE_BREAKPOINT		1
#define MOE_BKPT		3
#define MOE_WATCHPOINT		10

#endif /* SELFTEST_KVM_DEBUG_H */
