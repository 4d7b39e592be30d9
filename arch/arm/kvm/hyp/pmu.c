// SPDX-License-Identifier: GPL-2.0-only
/*
 * The entry of a guest that has a PMU, or on a CPU that has counters for the
 * host alone or for guests alone.
 */
#include <linux/perf/arm_pmuv3.h>
#include <asm/kvm_hyp.h>

/* With PMUSERENR.EN set, what User mode accesses traps, and is ours to judge */
static __always_inline u32 guest_userenr(const struct kvm_vcpu *vcpu)
{
	return vcpu->arch.pmu.created ? ARMV8_PMU_USERENR_EN : 0;
}

/**
 * __kvm_vcpu_run_counted - vcpu->arch.world_switch(), with the PMU switched
 * @vcpu: the vCPU, loaded on this CPU and mapped in HYP, with the counters in
 *	  vcpu->arch.pmu.events
 *
 * A guest's counter does not count in HYP mode: the emulation asks for events
 * without (exclude_hv), for which the drivers leave PMXEVTYPER.NSH clear
 * (C12.8). So it does not matter when in HYP mode it starts, only that it is
 * seen by the exception return, which synchronises the context. Of an event
 * that user space of the host has asked for with HYP mode, that is a part of
 * the switch.
 *
 * An access from User mode is UNDEFINED at PL1, before HDCR.TPM is looked at,
 * where PMUSERENR.EN is clear (B1.14.3).
 *
 * Context: HYP mode, by kvm_call_hyp_ret(__kvm_vcpu_run).
 *
 * Return: as __kvm_vcpu_run().
 */
int __hyp_text __kvm_vcpu_run_counted(struct kvm_vcpu *vcpu)
{
	u32 host = vcpu->arch.pmu.events.events_host;
	u32 guest = vcpu->arch.pmu.events.events_guest;
	u32 userenr = read_sysreg(PMUSERENR);
	int exit;

	write_sysreg(guest_userenr(vcpu), PMUSERENR);
	write_sysreg(host, PMCNTENCLR);
	write_sysreg(guest, PMCNTENSET);

	exit = vcpu->arch.world_switch(vcpu);

	write_sysreg(guest, PMCNTENCLR);
	write_sysreg(host, PMCNTENSET);
	write_sysreg(userenr, PMUSERENR);

	return exit;
}
