/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What is different in the kernels that this port is for, as far as its own
 * files have to know: they use the names that are here. What only the shared
 * code knows, <asm/kvm_shared.h> has for all of them.
 *
 * Told apart by what is there: with GICv5 came all the rest. To be included
 * after <linux/kvm_host.h>.
 */
#ifndef _ARM_KVM_COMPAT_H
#define _ARM_KVM_COMPAT_H

/* A function of what no 32-bit host has, for objects that serve it, too */
#define NEVER_CALLED(fn, ...) \
	void fn(__VA_ARGS__) { WARN_ON_ONCE(1); }

#ifdef VGIC_V5_NR_PRIVATE_IRQS

/*
 * Can flush and sync of the vGIC be left out? GICH_VMCR is read by the sync, not
 * when the vCPU is put, and what is there without a vGIC is of another VM.
 */
#define kvm_vgic_is_idle(vcpu)	(!irqchip_in_kernel((vcpu)->kvm))

/* What vgic_v3_probe() wants to know, which reads ICH_VTR by itself */
#define kvm_vgic_v3_probe_config(config) ((config) & VGIC_V3_CONFIG_MMIO)

/*
 * Active interrupts may be in no list register: their end is counted, or a
 * guest's writes of ICC_DIR trap.
 */
#define VGIC_V3_EVICTS		true

/* Pairs with smp_store_release() in kvm_vgic_map_resources() */
#define vgic_ready(kvm)		smp_load_acquire(&(kvm)->arch.vgic.ready)

#define kvm_fault_in_page(slot, gfn, write, writable, page) \
	__kvm_faultin_pfn(slot, gfn, (write) ? FOLL_WRITE : 0, writable, page)

void kvm_pmu_vcpu_reset(struct kvm_vcpu *vcpu);
u64 kvm_pmu_pmceid(struct kvm_vcpu *vcpu, bool pmceid1);

/* The MMU notifiers ask Stage-2 whether a page is young */
#define kvm_note_pfn_accessed(pfn)	((void)(pfn))

#else /* Linux 6.12 */

#include <linux/entry-kvm.h>

/*
 * While no interrupt is pending or active the vGIC has nothing in the list
 * registers. One that another CPU adds right now kicks this one.
 */
#define kvm_vgic_is_idle(vcpu)	list_empty(&(vcpu)->arch.vgic_cpu.ap_list_head)

#define kvm_vgic_v3_probe_config(config) (config)
#define VGIC_V3_EVICTS		false
#define vgic_v3_deactivate(vcpu, val)	((void)(vcpu), (void)(val))

#define kvm_supports_guest_pmuv3()	kvm_arm_support_pmu_v3()
#define kvm_pmu_pmceid(vcpu, pmceid1)	kvm_pmu_get_pmceid(vcpu, pmceid1)
#define kvm_pmu_implemented_counter_mask(vcpu) \
	kvm_pmu_valid_counter_mask(vcpu)

/* Have the counters of the mask count, or not, as PMCNTENSET says */
static inline void kvm_pmu_reprogram_counter_mask(struct kvm_vcpu *vcpu, u64 mask)
{
	u64 enabled = __vcpu_sys_reg(vcpu, PMCNTENSET_EL0);

	kvm_pmu_enable_counter_mask(vcpu, mask & enabled);
	kvm_pmu_disable_counter_mask(vcpu, mask & ~enabled);
}

#define kvm_fault_in_page(slot, gfn, write, writable, page)		\
({									\
	kvm_pfn_t __pfn = __gfn_to_pfn_memslot(slot, gfn, false, false,	\
					       NULL, write, writable,	\
					       NULL);			\
									\
	*(page) = is_error_noslot_pfn(__pfn) ? NULL :			\
		  kvm_pfn_to_refcounted_page(__pfn);			\
	__pfn;								\
})

#define kvm_note_pfn_accessed(pfn)	kvm_set_pfn_accessed(pfn)

#define kvm_xfer_to_guest_mode_handle_work(vcpu) \
	xfer_to_guest_mode_handle_work(vcpu)

/* Nobody makes the request */
#define kvm_vgic_process_async_update(vcpu)	((void)(vcpu))

#endif

#endif /* _ARM_KVM_COMPAT_H */
