// SPDX-License-Identifier: GPL-2.0-only
/*
 * The trace points of guest entry and exit, interrupts and timers, which have
 * the same names and formats on 64-bit hosts.
 */
#include <linux/kvm_host.h>
#include <asm/kvm_arm.h>
#include <asm/kvm_asm.h>

#define CREATE_TRACE_POINTS
#include "trace_arm.h"
