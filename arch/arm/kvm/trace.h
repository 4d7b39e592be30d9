/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _ARM_KVM_TRACE_H
#define _ARM_KVM_TRACE_H

#include "trace_arm.h"
#include "trace_exit.h"

#endif /* _ARM_KVM_TRACE_H */
