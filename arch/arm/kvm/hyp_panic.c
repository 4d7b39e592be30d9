// SPDX-License-Identifier: GPL-2.0-only
/*
 * The kernel's half of the report of an exception that HYP mode could not
 * handle. HYP mode has collected the registers and has put the host's back.
 */
#include <linux/atomic.h>
#include <linux/kernel.h>
#include <linux/kvm_host.h>
#include <linux/panic.h>
#include <linux/smp.h>
#include <asm/kvm_arm.h>
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

/* Exception classes that HYP mode itself can cause (B3.13.6) */
static const char * const ec_names[HSR_EC_MAX + 1] = {
	[HSR_EC_UNKNOWN]	= "undefined instruction",
	[HSR_EC_ILL]		= "illegal execution state",
	[HSR_EC_SVC_HYP]	= "SVC taken to HYP mode",
	[HSR_EC_HVC]		= "HVC",
	[HSR_EC_IABT]		= "prefetch abort from another mode",
	[HSR_EC_IABT_HYP]	= "prefetch abort from HYP mode",
	[HSR_EC_PCALIGN]	= "misaligned PC",
	[HSR_EC_DABT]		= "data abort from another mode",
	[HSR_EC_DABT_HYP]	= "data abort from HYP mode",
};

/* Fault status codes of the long-descriptor format (B3.13.3) */
static const char * const fsc_names[FSC_MAX + 1] = {
	[FSC_ADDRSZ + 1]	= "address size fault, level 1",
	[FSC_ADDRSZ + 2]	= "address size fault, level 2",
	[FSC_ADDRSZ + 3]	= "address size fault, level 3",
	[FSC_FAULT + 1]		= "translation fault, level 1",
	[FSC_FAULT + 2]		= "translation fault, level 2",
	[FSC_FAULT + 3]		= "translation fault, level 3",
	[FSC_ACCESS + 1]	= "access flag fault, level 1",
	[FSC_ACCESS + 2]	= "access flag fault, level 2",
	[FSC_ACCESS + 3]	= "access flag fault, level 3",
	[FSC_PERM + 1]		= "permission fault, level 1",
	[FSC_PERM + 2]		= "permission fault, level 2",
	[FSC_PERM + 3]		= "permission fault, level 3",
	[FSC_SEA_TTW1]		= "external abort on a table walk, level 1",
	[FSC_SEA_TTW2]		= "external abort on a table walk, level 2",
	[FSC_SEA_TTW3]		= "external abort on a table walk, level 3",
	[FSC_SECC_TTW1]		= "parity error on a table walk, level 1",
	[FSC_SECC_TTW2]		= "parity error on a table walk, level 2",
	[FSC_SECC_TTW3]		= "parity error on a table walk, level 3",
	[FSC_SEA]		= "external abort",
	[FSC_SEA_ASYNC]		= "asynchronous external abort",
	[FSC_SECC]		= "parity error",
	[FSC_ALIGN]		= "alignment fault",
	[FSC_DEBUG]		= "debug event",
	[FSC_TLB_CONFLICT]	= "TLB conflict",
};

static const char *name_of(const char * const *names, u32 code)
{
	return names[code] ?: "unknown";
}

static void show_fault(const struct kvm_hyp_panic_info *p, const char *access,
		       u32 address)
{
	bool guard = kvm_hyp_is_guard_page(raw_smp_processor_id(), address);

	pr_emerg("%s on a %s %08x%s\n", name_of(fsc_names, p->hsr & HSR_FSC),
		 access, address, guard ? ", the stack's guard page" : "");
}

static void show_syndrome(const struct kvm_hyp_panic_info *p)
{
	u32 ec = HSR_EC(p->hsr);

	pr_emerg("HSR: %08x (EC %#x, IL %d, ISS %#x): %s\n", p->hsr, ec,
		 !!(p->hsr & HSR_IL), (u32)(p->hsr & HSR_ISS_MASK),
		 name_of(ec_names, ec));

	if (ec == HSR_EC_IABT || ec == HSR_EC_IABT_HYP)
		show_fault(p, "fetch from", p->hifar);
	else if (ec == HSR_EC_DABT || ec == HSR_EC_DABT_HYP)
		show_fault(p, p->hsr & HSR_WNR ? "write to" : "read from",
			   p->hdfar);
}

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
	show_syndrome(p);
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
	static atomic_t reports;

	/* One report can be read, those of several CPUs at a time cannot. */
	if (atomic_inc_return(&reports) > 1)
		panic_smp_self_stop();

	show_report(kvm_hyp_panic_of(raw_smp_processor_id()));
	panic("kvm: HYP panic\n");
}
