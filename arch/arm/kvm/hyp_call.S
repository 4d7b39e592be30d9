/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How the kernel enters HYP mode: an entry of its own for each HYP function,
 * with the function's prototype. See <asm/kvm_asm.h> for the call ABI.
 */
#include <linux/linkage.h>
#include <asm/asm-offsets.h>
#include <asm/assembler.h>
#include <asm/kvm_asm.h>

	.arch_extension virt
	.text

/*
 * A world switch leaves the guest's LR_svc behind, hence the push. ip goes
 * with it to keep the stack aligned to 8 bytes.
 */
	.macro	hyp_call, fn
ENTRY(__kvm_hvc_\fn)
	push	{ip, lr}
	mov_l	ip, \fn
	__HVC(KVM_HVC_CALL)
	pop	{ip, pc}
ENDPROC(__kvm_hvc_\fn)
	.endm

/* How a vCPU is run it knows itself. RCU does not watch the caller. */
	.pushsection .noinstr.text, "ax"
ENTRY(__kvm_hvc___kvm_vcpu_run)
	push	{ip, lr}
	ldr	ip, [r0, #VCPU_ENTER]
	__HVC(KVM_HVC_CALL)
	pop	{ip, pc}
ENDPROC(__kvm_hvc___kvm_vcpu_run)
	.popsection

	hyp_call __kvm_tlb_flush_vmid
	hyp_call __kvm_tlb_flush_local_vmid
	hyp_call __kvm_flush_cpu_context
	hyp_call __kvm_flush_vm_context
	hyp_call __kvm_tlb_flush_hyp_range
	hyp_call __kvm_hyp_cpu_init
	hyp_call __kvm_vcpu_load
	hyp_call __kvm_vcpu_put
	hyp_call __kvm_release_cpu
	hyp_call __vgic_v3_read_config
	hyp_call __vgic_v3_init_lrs
	hyp_call __vgic_v3_restore_vmcr_aprs
	hyp_call __vgic_v3_save_vmcr_aprs
#ifdef CONFIG_KVM_ARM_HYP_FAULT_TEST
	hyp_call __kvm_hyp_fault
	hyp_call __kvm_hyp_abort
#endif

/*
 * unsigned long __kvm_hyp_enter(boot_pgd, pgd, stack, vectors)
 *
 * The one HVC that the vectors of the init page answer: four parameters in
 * r0 to r3, r4 and r5 are clobbered.
 */
ENTRY(__kvm_hyp_enter)
	push	{r4, r5, ip, lr}
	__HVC(KVM_HVC_STUB)
	pop	{r4, r5, ip, pc}
ENDPROC(__kvm_hyp_enter)
