/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Code of a guest that runs in user mode, and ends with an SVC
 */
#ifndef SELFTEST_KVM_USER_MODE_H
#define SELFTEST_KVM_USER_MODE_H

#include "kvm_util.h"
#include "processor.h"

#define INSN_SVC		0xef000000U

static inline void guest_user_mode_svc(struct ex_regs *regs)
{
	/* To the instruction behind the one that went to user mode */
	regs->pc = regs->regs[2];
	regs->cpsr = regs->regs[3];
}

/**
 * guest_user_mode - run code in user mode, up to its SVC
 * @pc: where it is.  In ARM state, which is also what a CPSR says that was read
 * @arg0: its R0
 * @arg1: its R1
 */
static noinline __attribute__((target("arm"))) void
guest_user_mode(uint32_t pc, uint32_t arg0, uint32_t arg1)
{
	register uint32_t r0 asm("r0") = arg0;
	register uint32_t r1 asm("r1") = arg1;
	register uint32_t r4 asm("r4") = pc;

	asm volatile("adr	r2, 1f\n\t"
		     "mrs	r3, cpsr\n\t"
		     "bic	r5, r3, %[mode]\n\t"
		     "orr	r5, r5, %[user]\n\t"
		     "push	{r4, r5}\n\t"
		     "rfeia	sp!\n"
		     "1:"
		     : "+r" (r0), "+r" (r1), "+r" (r4)
		     : [mode] "I" (PSR_MODE_MASK), [user] "I" (PSR_MODE_USR)
		     : "r2", "r3", "r5", "lr", "cc", "memory");
}

/**
 * vm_install_user_mode - have guest_user_mode() come back
 * @vm: the VM, after vm_init_descriptor_tables()
 */
static inline void vm_install_user_mode(struct kvm_vm *vm)
{
	vm_install_exception_handler(vm, VECTOR_SVC, guest_user_mode_svc);
}

/**
 * vm_map_user_page - give a guest a page that user mode may write
 * @vm: the VM
 * @gva: where the guest is to have it
 *
 * Return: where it is here
 */
static inline void *vm_map_user_page(struct kvm_vm *vm, vm_vaddr_t gva)
{
	vm_paddr_t gpa = vm_phy_page_alloc(vm, KVM_GUEST_PAGE_TABLE_MIN_PADDR,
					   0);

	virt_map(vm, gva, gpa, 1);
	*virt_get_pte_hva(vm, gva) |= PTE_AP_USER;

	return addr_gva2hva(vm, gva);
}

#endif /* SELFTEST_KVM_USER_MODE_H */
