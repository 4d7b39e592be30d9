/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * VFP and Advanced SIMD registers to and from a struct kvm_vfp_context.
 * HCPTR must permit the access; CPACR does not count in HYP mode.
 *
 * FPINST and FPINST2 stay out of it: no core with HYP mode leaves an exception
 * behind in them, and to access them is UNDEFINED there, whatever FPEXC.EX of
 * the context says, which user space may have set.
 */
#include <linux/linkage.h>
#include <asm/asm-offsets.h>
#include <asm/assembler.h>
#include <asm/vfp.h>

	.arm
	.fpu	neon
	.section .hyp.text, "ax"

/* void __kvm_vfp_save(struct kvm_vfp_context *ctxt) */
ENTRY(__kvm_vfp_save)
	vmrs	r1, fpexc
	orr	r2, r1, #FPEXC_EN
	vmsr	fpexc, r2
	add	r3, r0, #HYP_VFP_FPEXC
	vstmia	r0!, {d0-d15}
	vmrs	r2, mvfr0
	and	r2, r2, #MVFR0_A_SIMD_MASK
	teq	r2, #2				@ 32 double registers
	vstmiaeq r0!, {d16-d31}
	vmrs	r2, fpscr
	stm	r3, {r1, r2}			@ fpexc, fpscr
	bx	lr
ENDPROC(__kvm_vfp_save)

/* void __kvm_vfp_restore(struct kvm_vfp_context *ctxt) */
ENTRY(__kvm_vfp_restore)
	vmrs	r1, fpexc
	orr	r1, r1, #FPEXC_EN
	vmsr	fpexc, r1
	add	r3, r0, #HYP_VFP_FPEXC
	vldmia	r0!, {d0-d15}
	vmrs	r2, mvfr0
	and	r2, r2, #MVFR0_A_SIMD_MASK
	teq	r2, #2				@ 32 double registers
	vldmiaeq r0!, {d16-d31}
	ldm	r3, {r1, r2}			@ fpexc, fpscr
	vmsr	fpscr, r2
	vmsr	fpexc, r1
	bx	lr
ENDPROC(__kvm_vfp_restore)
