/* SPDX-License-Identifier: GPL-2.0-only */
#if !defined(_TRACE_ARM_KVM_CP15_H) || defined(TRACE_HEADER_MULTI_READ)
#define _TRACE_ARM_KVM_CP15_H

#include <linux/tracepoint.h>
#include <asm/kvm.h>

#undef TRACE_SYSTEM
#define TRACE_SYSTEM kvm

/* An access to cp14 or cp15 that trapped; the key is that of vcpu_cp15.h */
TRACE_EVENT(kvm_cp_access,
	TP_PROTO(unsigned long pc, u32 key, const char *name, bool is_write,
		 bool done, u64 val),
	TP_ARGS(pc, key, name, is_write, done, val),

	TP_STRUCT__entry(
		__field(unsigned long, pc)
		__field(u32, key)
		__string(name, name)
		__field(bool, is_write)
		__field(bool, done)
		__field(u64, val)
	),

	TP_fast_assign(
		__entry->pc = pc;
		__entry->key = key;
		__assign_str(name);
		__entry->is_write = is_write;
		__entry->done = done;
		__entry->val = val;
	),

	TP_printk("%s%s 0x%llx p%u,%u,c%u,c%u,%u at 0x%08lx%s",
		  __entry->is_write ? "write " : "read ", __get_str(name),
		  __entry->val,
		  (__entry->key >> KVM_REG_ARM_COPROC_SHIFT) & 0xf,
		  (__entry->key >> KVM_REG_ARM_OPC1_SHIFT) & 0xf,
		  (__entry->key >> KVM_REG_ARM_32_CRN_SHIFT) & 0xf,
		  (__entry->key >> KVM_REG_ARM_CRM_SHIFT) & 0xf,
		  (__entry->key >> KVM_REG_ARM_32_OPC2_SHIFT) & 0x7,
		  __entry->pc, __entry->done ? "" : " undefined")
);

#endif /* _TRACE_ARM_KVM_CP15_H */

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH ../../arch/arm/kvm
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace_cp15

/* This part must be outside protection */
#include <trace/define_trace.h>
