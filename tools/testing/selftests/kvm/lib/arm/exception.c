// SPDX-License-Identifier: GPL-2.0-only
/*
 * Exceptions of 32-bit ARM guests: from the vectors to a handler of the test
 */
#include "kvm_util.h"
#include "processor.h"

/* Of the guest; host code reaches it by vm->handlers. */
static vm_vaddr_t exception_handlers;

struct handlers {
	handler_fn exception_handlers[VECTOR_NUM];
};

void route_exception(struct ex_regs *regs, unsigned int vector);

void vm_init_descriptor_tables(struct kvm_vm *vm)
{
	vm->handlers = __vm_vaddr_alloc(vm, sizeof(struct handlers),
					vm->page_size, MEM_REGION_DATA);
	memset(addr_gva2hva(vm, vm->handlers), 0, sizeof(struct handlers));

	write_guest_global(vm, exception_handlers, vm->handlers);
}

void vm_install_exception_handler(struct kvm_vm *vm, int vector,
				  handler_fn handler)
{
	struct handlers *handlers = addr_gva2hva(vm, vm->handlers);

	TEST_ASSERT(vector >= 0 && vector < VECTOR_NUM,
		    "There is no vector %d", vector);
	handlers->exception_handlers[vector] = handler;
}

static void guest_unexpected_exception(struct ex_regs *regs,
				       unsigned int vector)
{
	ucall(UCALL_UNHANDLED, 7, vector, regs->pc, regs->cpsr,
	      read_cp15(CP15_DFSR), read_cp15(CP15_DFAR),
	      read_cp15(CP15_IFSR), read_cp15(CP15_IFAR));
	for (;;)
		;
}

/* Guest code, called by the vectors */
void route_exception(struct ex_regs *regs, unsigned int vector)
{
	struct handlers *handlers;

	handlers = (struct handlers *)(uintptr_t)exception_handlers;
	if (handlers && handlers->exception_handlers[vector])
		handlers->exception_handlers[vector](regs);
	else
		guest_unexpected_exception(regs, vector);
}

void assert_on_unhandled_exception(struct kvm_vcpu *vcpu)
{
	static const char * const names[VECTOR_NUM] = {
		[VECTOR_RESET]		= "reset",
		[VECTOR_UNDEF]		= "undefined instruction",
		[VECTOR_SVC]		= "supervisor call",
		[VECTOR_PREFETCH_ABORT]	= "prefetch abort",
		[VECTOR_DATA_ABORT]	= "data abort",
		[VECTOR_HYP_TRAP]	= "HYP trap",
		[VECTOR_IRQ_CURRENT]	= "IRQ",
		[VECTOR_FIQ]		= "FIQ",
	};
	struct ucall uc;

	if (get_ucall(vcpu, &uc) != UCALL_UNHANDLED)
		return;

	TEST_ASSERT(uc.args[0] < VECTOR_NUM, "Unhandled exception is garbled");
	TEST_FAIL("Unexpected exception: %s\n"
		  "  pc: 0x%08x cpsr: 0x%08x\n"
		  "  DFSR: 0x%08x DFAR: 0x%08x IFSR: 0x%08x IFAR: 0x%08x",
		  names[uc.args[0]], (uint32_t)uc.args[1],
		  (uint32_t)uc.args[2], (uint32_t)uc.args[3],
		  (uint32_t)uc.args[4], (uint32_t)uc.args[5],
		  (uint32_t)uc.args[6]);
}
