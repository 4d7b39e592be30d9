/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SELFTEST_KVM_UCALL_H
#define SELFTEST_KVM_UCALL_H

#include "kvm_util.h"

#define UCALL_EXIT_REASON       KVM_EXIT_MMIO

/*
 * ucall_exit_mmio_addr holds per-VM values (global data is duplicated by each
 * VM), it must not be accessed from host code.
 */
extern uint32_t *ucall_exit_mmio_addr;

/*
 * A ucall is one 32-bit store.  A store of vm_vaddr_t would be an STRD, for
 * which the hardware gives no syndrome: KVM can't tell user space about it.
 */
static inline void ucall_arch_do_ucall(vm_vaddr_t uc)
{
	asm volatile("str %1, %0"
		     : "=Qo" (*ucall_exit_mmio_addr)
		     : "r" ((uint32_t)uc)
		     : "memory");
}

#endif
