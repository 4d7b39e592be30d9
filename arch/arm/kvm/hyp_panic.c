// SPDX-License-Identifier: GPL-2.0-only
/*
 * The kernel's half of the report of an exception that HYP mode could not
 * handle. HYP mode has collected the registers and has put the host's back.
 */
#include <linux/kernel.h>
#include <linux/kvm_host.h>
#include <linux/panic.h>
#include <linux/smp.h>
#include <asm/kvm_hyp.h>

#include "hyp_panic.h"

static const char * const vector_names[KVM_HYP_NR_VECTORS] = {
	[KVM_HYP_VECTOR_RESET]	= "reset",
	[KVM_HYP_VECTOR_UNDEF]	= "undefined instruction",
	[KVM_HYP_VECTOR_SVC]	= "HVC from HYP mode",
	[KVM_HYP_VECTOR_PABT]	= "prefetch abort",
	[KVM_HYP_VECTOR_DABT]	= "data abort",
	[KVM_HYP_VECTOR_TRAP]	= "trap",
	[KVM_HYP_VECTOR_IRQ]	= "IRQ",
	[KVM_HYP_VECTOR_FIQ]	= "FIQ",
};

/* HYP text is mapped at the kernel's address, so its symbols are right */
static void show_report(const struct kvm_hyp_panic_info *p)
{
	const u32 *r = p->regs;

	pr_emerg("kvm: HYP panic on CPU%d: %s\n", smp_processor_id(),
		 vector_names[p->vector % KVM_HYP_NR_VECTORS]);
	pr_emerg("PC is at %pS, LR is at %pS\n", (void *)p->elr,
		 (void *)p->lr);
	pr_emerg("pc : %08x  lr : %08x  sp : %08x  psr: %08x\n",
		 p->elr, p->lr, p->sp, p->spsr);
	pr_emerg("r12: %08x  r11: %08x  r10: %08x  r9 : %08x  r8 : %08x\n",
		 r[12], r[11], r[10], r[9], r[8]);
	pr_emerg("r7 : %08x  r6 : %08x  r5 : %08x  r4 : %08x\n",
		 r[7], r[6], r[5], r[4]);
	pr_emerg("r3 : %08x  r2 : %08x  r1 : %08x  r0 : %08x\n",
		 r[3], r[2], r[1], r[0]);
	pr_emerg("HSR: %08x (EC %#x, IL %d, ISS %#x)\n", p->hsr,
		 (u32)HSR_EC(p->hsr), !!(p->hsr & HSR_IL),
		 (u32)(p->hsr & HSR_ISS_MASK));
	pr_emerg("HDFAR: %08x  HIFAR: %08x  HPFAR: %08x  vcpu: %pK\n",
		 p->hdfar, p->hifar, p->hpfar, p->vcpu);
}

/**
 * kvm_hyp_panic - report a HYP panic and stop
 *
 * Entered by exception return from HYP mode, on the stack on which the CPU
 * had called into HYP mode, interrupts masked.
 */
asmlinkage void __noreturn kvm_hyp_panic(void)
{
	show_report(kvm_hyp_panic_of(raw_smp_processor_id()));
	panic("kvm: HYP panic\n");
}
