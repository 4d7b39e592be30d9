// SPDX-License-Identifier: GPL-2.0-only
/*
 * The HYP half of the report of an exception that HYP mode cannot handle:
 * collect what only HYP mode can read, then hand the CPU to the kernel.
 */
#include <asm/kvm_hyp.h>
#include <asm/ptrace.h>

/* From HYP mode SPSR_hyp is plain SPSR: its banked name is UNPREDICTABLE. */
static __always_inline u32 read_spsr(void)
{
	u32 val;

	asm volatile("mrs %0, SPSR" : "=r" (val));
	return val;
}

static __always_inline void write_spsr(u32 val)
{
	asm volatile("msr SPSR_fsxc, %0" : : "r" (val));
}

/**
 * __kvm_hyp_panic - fill in the report and arrange the return to the kernel
 * @cpu: this CPU; the vectors have stored core registers and vector number
 *
 * Context: HYP mode, from the vectors, which return by ERET.
 */
void __hyp_text __kvm_hyp_panic(struct kvm_hyp_cpu *cpu)
{
	struct kvm_hyp_panic_info *panic = &cpu->panic;
	struct kvm_vcpu *vcpu = cpu->loaded;

	panic->elr = read_banked(ELR_hyp);
	panic->spsr = read_spsr();
	panic->hsr = read_sysreg(HSR);
	panic->hdfar = read_sysreg(HDFAR);
	panic->hifar = read_sysreg(HIFAR);
	panic->hpfar = read_sysreg(HPFAR);
	panic->vcpu = vcpu;
	write_sysreg(0, HTPIDR);

	if (vcpu)
		__kvm_restore_host(cpu);

	write_banked(cpu->panic_entry, ELR_hyp);
	write_spsr(SVC_MODE | PSR_A_BIT | PSR_I_BIT | PSR_F_BIT |
		   (cpu->panic_entry & 1 ? PSR_T_BIT : 0));
}
