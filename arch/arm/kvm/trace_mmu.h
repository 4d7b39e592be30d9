/* SPDX-License-Identifier: GPL-2.0-only */
#if !defined(_TRACE_MMU_ARM_KVM_H) || defined(TRACE_HEADER_MULTI_READ)
#define _TRACE_MMU_ARM_KVM_H

#include <linux/tracepoint.h>

#undef TRACE_SYSTEM
#define TRACE_SYSTEM kvm

/*
 * Stage-2 TLB invalidation on all CPUs. The range is why it happens: ARMv7
 * invalidates all that the TLBs hold of the VM.
 */
TRACE_EVENT(kvm_stage2_tlb_inval,
	TP_PROTO(u64 ipa, u64 size),
	TP_ARGS(ipa, size),

	TP_STRUCT__entry(
		__field(u64,	ipa)
		__field(u64,	size)
	),

	TP_fast_assign(
		__entry->ipa	= ipa;
		__entry->size	= size;
	),

	TP_printk("ipa 0x%llx size 0x%llx", __entry->ipa, __entry->size)
);

/*
 * A vCPU is loaded: the VMID of its VM, with the generation above it, and the
 * physical address of Stage-2, which no two VMs share.
 */
TRACE_EVENT(kvm_vmid_load,
	TP_PROTO(u64 id, u64 pgd),
	TP_ARGS(id, pgd),

	TP_STRUCT__entry(
		__field(u64,	id)
		__field(u64,	pgd)
	),

	TP_fast_assign(
		__entry->id	= id;
		__entry->pgd	= pgd;
	),

	TP_printk("id 0x%llx pgd 0x%llx", __entry->id, __entry->pgd)
);

#endif /* _TRACE_MMU_ARM_KVM_H */

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace_mmu

#include <trace/define_trace.h>
