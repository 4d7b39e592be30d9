// SPDX-License-Identifier: GPL-2.0-only
/*
 * The trace points of exit handling.
 */
#include <linux/kvm_host.h>

#define CREATE_TRACE_POINTS
#include "trace_exit.h"
