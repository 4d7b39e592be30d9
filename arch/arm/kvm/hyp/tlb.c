// SPDX-License-Identifier: GPL-2.0-only
/*
 * TLB maintenance that only HYP mode can do: of a VMID that is not the
 * current one, and of HYP's own translations (ARM ARM, B3.10.6).
 *
 * ARMv7 has no invalidation by IPA, so Stage-2 goes by the whole VMID.
 */
#include <asm/kvm_hyp.h>

/*
 * A DSB of reads and writes, for two reasons. Tables may have been cleaned, and
 * only such a one completes maintenance (DDI 0487, "Data Synchronization
 * Barrier"). And a walk that the host began may still be in flight in HYP mode,
 * none begins there: it has to end under the VMID it began with (R_LFHQG).
 */
static __always_inline void enter_vmid(u64 vttbr)
{
	dsb(ish);
	write_sysreg(vttbr, VTTBR);
	isb();
}

/* After the DSB that completes the invalidation */
static __always_inline void leave_vmid(void)
{
	write_sysreg(0ULL, VTTBR);
	isb();
}

/**
 * __kvm_tlb_flush_vmid - invalidate what all CPUs' TLBs hold of a VM
 * @vttbr: its VTTBR, of which the VMID counts
 *
 * Covers both stages, walk caches included, and completes before return.
 *
 * Context: HYP mode, by kvm_call_hyp(), on behalf of the host.
 */
void __hyp_text __kvm_tlb_flush_vmid(u64 vttbr)
{
	enter_vmid(vttbr);
	write_sysreg(0, TLBIALLIS);
	dsb(ish);
	isb();
	leave_vmid();
}

/**
 * __kvm_tlb_flush_local_vmid - invalidate what this CPU's TLBs hold of a VM
 * @vttbr: its VTTBR, of which the VMID counts
 *
 * Context: HYP mode, by kvm_call_hyp().
 */
void __hyp_text __kvm_tlb_flush_local_vmid(u64 vttbr)
{
	enter_vmid(vttbr);
	write_sysreg(0, TLBIALL);
	dsb(nsh);
	isb();
	leave_vmid();
}

/**
 * __kvm_flush_cpu_context - forget on this CPU what another vCPU left there
 * @vttbr: the VM's VTTBR, of which the VMID counts
 *
 * For two vCPUs of one VM that take turns on a CPU. Their guests may use the
 * same ASID for different address spaces. And one with its MMU off may fetch
 * into the instruction cache from the point of coherency (B3.2), what the other
 * one has by then cleaned to the point of unification and invalidated here:
 * that one would find lines that are stale again.
 *
 * Context: HYP mode, by kvm_call_hyp().
 */
void __hyp_text __kvm_flush_cpu_context(u64 vttbr)
{
	enter_vmid(vttbr);
	write_sysreg(0, TLBIALL);
	write_sysreg(0, ICIALLU);
	dsb(nsh);
	isb();
	leave_vmid();
}

/**
 * __kvm_flush_vm_context - invalidate what all CPUs hold of all VMs
 *
 * For the roll-over of VMIDs. Instruction caches may be tagged by VMID.
 *
 * Context: HYP mode, by kvm_call_hyp().
 */
void __hyp_text __kvm_flush_vm_context(void)
{
	dsb(ish);
	write_sysreg(0, TLBIALLNSNHIS);
	write_sysreg(0, ICIALLUIS);
	dsb(ish);
	isb();
}

/**
 * __kvm_tlb_flush_hyp_range - invalidate HYP translations on all CPUs
 * @start: HYP VA, page aligned
 * @size: in bytes, a multiple of the page size
 *
 * Context: HYP mode, by kvm_call_hyp().
 */
void __hyp_text __kvm_tlb_flush_hyp_range(unsigned long start,
					  unsigned long size)
{
	unsigned long va;

	dsb(ish);
	for (va = start; va - start < size; va += PAGE_SIZE)
		write_sysreg(va, TLBIMVAHIS);
	dsb(ish);
	isb();
}
