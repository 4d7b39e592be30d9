// SPDX-License-Identifier: GPL-2.0-only
/*
 * The world switch: what of the CPU's state belongs to the guest is put there
 * before it runs and taken away after.
 *
 * Which register is moved where is the register policy, see
 * Documentation/virt/kvm/arm/register-policy.rst:
 *
 *  - here, saved and restored both ways: what host and guest both depend on
 *  - here, the host's side restored from a snapshot: what is constant on a CPU
 *  - here, the guest's side only: what the host overwrites without reading
 *  - vcpu_sysregs.c, at load and put: what the kernel does not use itself
 */
#include <asm/kvm_hyp.h>

/* A 64-bit register is two words, the least significant first on any host */
static __always_inline void put_cp15_64(u32 *reg, u64 val)
{
	reg[0] = lower_32_bits(val);
	reg[1] = upper_32_bits(val);
}

static __always_inline u64 get_cp15_64(const u32 *reg)
{
	return (u64)reg[1] << 32 | reg[0];
}

/* Registers that the host overwrites and never relies on */
static __always_inline void save_guest_only(struct kvm_cpu_context *ctxt)
{
	u32 *cp15 = ctxt->cp15;
	struct kvm_regs *regs = &ctxt->gp_regs;

	cp15[c5_DFSR] = read_sysreg(DFSR);
	cp15[c5_IFSR] = read_sysreg(IFSR);
	cp15[c5_ADFSR] = read_sysreg(ADFSR);
	cp15[c5_AIFSR] = read_sysreg(AIFSR);
	cp15[c6_DFAR] = read_sysreg(DFAR);
	cp15[c6_IFAR] = read_sysreg(IFAR);
	put_cp15_64(&cp15[c7_PAR], read_sysreg(PAR));

	regs->KVM_ARM_SVC_lr = read_banked(LR_svc);
	regs->KVM_ARM_SVC_spsr = read_banked(SPSR_svc);
	regs->KVM_ARM_ABT_lr = read_banked(LR_abt);
	regs->KVM_ARM_ABT_spsr = read_banked(SPSR_abt);
	regs->KVM_ARM_UND_lr = read_banked(LR_und);
	regs->KVM_ARM_UND_spsr = read_banked(SPSR_und);
	regs->KVM_ARM_IRQ_lr = read_banked(LR_irq);
	regs->KVM_ARM_IRQ_spsr = read_banked(SPSR_irq);
}

static __always_inline void restore_guest_only(struct kvm_cpu_context *ctxt)
{
	u32 *cp15 = ctxt->cp15;
	struct kvm_regs *regs = &ctxt->gp_regs;

	write_sysreg(cp15[c5_DFSR], DFSR);
	write_sysreg(cp15[c5_IFSR], IFSR);
	write_sysreg(cp15[c5_ADFSR], ADFSR);
	write_sysreg(cp15[c5_AIFSR], AIFSR);
	write_sysreg(cp15[c6_DFAR], DFAR);
	write_sysreg(cp15[c6_IFAR], IFAR);
	write_sysreg(get_cp15_64(&cp15[c7_PAR]), PAR);

	write_banked(regs->KVM_ARM_SVC_lr, LR_svc);
	write_banked(regs->KVM_ARM_SVC_spsr, SPSR_svc);
	write_banked(regs->KVM_ARM_ABT_lr, LR_abt);
	write_banked(regs->KVM_ARM_ABT_spsr, SPSR_abt);
	write_banked(regs->KVM_ARM_UND_lr, LR_und);
	write_banked(regs->KVM_ARM_UND_spsr, SPSR_und);
	write_banked(regs->KVM_ARM_IRQ_lr, LR_irq);
	write_banked(regs->KVM_ARM_IRQ_spsr, SPSR_irq);
}

/* Registers that the host needs back as they were */
static __always_inline void save_guest_shared(struct kvm_cpu_context *ctxt)
{
	u32 *cp15 = ctxt->cp15;
	struct kvm_regs *regs = &ctxt->gp_regs;

	put_cp15_64(&cp15[c2_TTBR0], read_sysreg(TTBR0));
	put_cp15_64(&cp15[c2_TTBR1], read_sysreg(TTBR1));
	cp15[c2_TTBCR] = read_sysreg(TTBCR);
	cp15[c3_DACR] = read_sysreg(DACR);
	cp15[c13_CID] = read_sysreg(CONTEXTIDR);
	cp15[c1_SCTLR] = read_sysreg(SCTLR);
	cp15[c1_CPACR] = read_sysreg(CPACR);
	cp15[c10_PRRR] = read_sysreg(PRRR);
	cp15[c10_NMRR] = read_sysreg(NMRR);
	cp15[c13_TID_URO] = read_sysreg(TPIDRURO);
	cp15[c13_TID_PRIV] = read_sysreg(TPIDRPRW);

	regs->KVM_ARM_SVC_sp = read_banked(SP_svc);
	regs->KVM_ARM_ABT_sp = read_banked(SP_abt);
	regs->KVM_ARM_UND_sp = read_banked(SP_und);
	regs->KVM_ARM_IRQ_sp = read_banked(SP_irq);
}

static __always_inline void restore_guest_shared(struct kvm_cpu_context *ctxt)
{
	u32 *cp15 = ctxt->cp15;
	struct kvm_regs *regs = &ctxt->gp_regs;

	write_sysreg(get_cp15_64(&cp15[c2_TTBR0]), TTBR0);
	write_sysreg(get_cp15_64(&cp15[c2_TTBR1]), TTBR1);
	write_sysreg(cp15[c2_TTBCR], TTBCR);
	write_sysreg(cp15[c3_DACR], DACR);
	write_sysreg(cp15[c13_CID], CONTEXTIDR);
	write_sysreg(cp15[c1_SCTLR], SCTLR);
	write_sysreg(cp15[c1_CPACR], CPACR);
	write_sysreg(cp15[c10_PRRR], PRRR);
	write_sysreg(cp15[c10_NMRR], NMRR);
	write_sysreg(cp15[c13_TID_URO], TPIDRURO);
	write_sysreg(cp15[c13_TID_PRIV], TPIDRPRW);

	write_banked(regs->KVM_ARM_SVC_sp, SP_svc);
	write_banked(regs->KVM_ARM_ABT_sp, SP_abt);
	write_banked(regs->KVM_ARM_UND_sp, SP_und);
	write_banked(regs->KVM_ARM_IRQ_sp, SP_irq);
}

/*
 * What changes while the host runs. TTBCR is among it because software PAN
 * (CONFIG_CPU_TTBR0_PAN) toggles it at each access to user memory.
 */
static __always_inline void save_host(struct kvm_hyp_host_context *host)
{
	host->ttbr0 = read_sysreg(TTBR0);
	host->ttbcr = read_sysreg(TTBCR);
	host->dacr = read_sysreg(DACR);
	host->contextidr = read_sysreg(CONTEXTIDR);
	host->tpidruro = read_sysreg(TPIDRURO);
	host->sp_svc = read_banked(SP_svc);
}

static __always_inline void restore_host(struct kvm_hyp_host_context *host)
{
	write_sysreg(host->ttbr0, TTBR0);
	write_sysreg(host->ttbr1, TTBR1);
	write_sysreg(host->ttbcr, TTBCR);
	write_sysreg(host->dacr, DACR);
	write_sysreg(host->contextidr, CONTEXTIDR);
	write_sysreg(host->sctlr, SCTLR);
	write_sysreg(host->cpacr, CPACR);
	write_sysreg(host->prrr, PRRR);
	write_sysreg(host->nmrr, NMRR);
	write_sysreg(host->tpidruro, TPIDRURO);
	write_sysreg(host->tpidrprw, TPIDRPRW);

	write_banked(host->sp_svc, SP_svc);
	write_banked(host->sp_abt, SP_abt);
	write_banked(host->sp_und, SP_und);
	write_banked(host->sp_irq, SP_irq);
}

static __always_inline void activate_traps(struct kvm_vcpu *vcpu,
					   struct kvm_hyp_host_context *host)
{
	write_sysreg(vcpu->arch.vttbr, VTTBR);
	write_sysreg(vcpu->arch.hcr | READ_ONCE(vcpu->arch.irq_lines), HCR);
	write_sysreg(HCPTR_GUEST, HCPTR);
	write_sysreg(HSTR_GUEST, HSTR);
	write_sysreg(host->hdcr | HDCR_GUEST, HDCR);
	write_sysreg(vcpu->arch.cnthctl, CNTHCTL);
	write_sysreg(vcpu->arch.ctxt.cp15[c0_MPIDR], VMPIDR);
}

static __always_inline void deactivate_traps(struct kvm_vcpu *vcpu,
					     struct kvm_hyp_host_context *host)
{
	/* A virtual abort that the guest has taken is no longer pending */
	if ((vcpu->arch.hcr & HCR_VA) && !(read_sysreg(HCR) & HCR_VA))
		vcpu->arch.hcr &= ~HCR_VA;

	write_sysreg(0, HCR);
	write_sysreg(0ULL, VTTBR);
	write_sysreg(0, HCPTR);
	write_sysreg(0, HSTR);
	write_sysreg(host->hdcr, HDCR);
	write_sysreg(CNTHCTL_PL1PCEN | CNTHCTL_PL1PCTEN, CNTHCTL);
	write_sysreg(host->mpidr, VMPIDR);
}

static __always_inline void switch_to_host(struct kvm_vcpu *vcpu,
					   struct kvm_hyp_cpu *cpu)
{
	deactivate_traps(vcpu, &cpu->host);

	if (vcpu->arch.vfp_loaded) {
		/* HCPTR has to be seen before the registers are touched */
		isb();
		__kvm_vfp_save(&vcpu->arch.ctxt.vfp);
		__kvm_vfp_restore(&cpu->host_vfp);
		vcpu->arch.vfp_loaded = 0;
	}

	restore_host(&cpu->host);
	cpu->loaded = NULL;
}

/**
 * __kvm_restore_host - leave the guest's state behind, for a HYP panic
 * @vcpu: the vCPU whose registers are on the CPU
 * @cpu: this CPU
 *
 * Context: HYP mode.
 */
void __hyp_text __kvm_restore_host(struct kvm_vcpu *vcpu,
				   struct kvm_hyp_cpu *cpu)
{
	switch_to_host(vcpu, cpu);
}

/*
 * HPFAR is not valid for a permission fault on the second stage of a
 * translation whose first stage was good (B3.13.3): have the hardware do the
 * first stage again, on the guest's tables.
 */
static __always_inline bool resolve_ipa(u32 far, u32 *hpfar)
{
	u64 guest_par = read_sysreg(PAR);
	u64 par;

	write_sysreg(far, ATS1CPR);
	isb();
	par = read_sysreg(PAR);
	write_sysreg(guest_par, PAR);

	if (par & PAR_F)
		return false;

	*hpfar = (u32)((par & PAR_PA_MASK) >> PAGE_SHIFT) << HPFAR_FIPA_SHIFT;
	return true;
}

/* False: the guest has changed its tables meanwhile, let it try again */
static __always_inline bool read_fault(struct kvm_vcpu_fault_info *fault)
{
	u32 hsr = read_sysreg(HSR);

	fault->hsr = hsr;
	switch (HSR_EC(hsr)) {
	case HSR_EC_IABT:
		fault->hxfar = read_sysreg(HIFAR);
		break;
	case HSR_EC_DABT:
		fault->hxfar = read_sysreg(HDFAR);
		break;
	default:
		return true;
	}

	if ((hsr & HSR_FSC_TYPE) == FSC_PERM && !(hsr & HSR_DABT_S1PTW))
		return resolve_ipa(fault->hxfar, &fault->hpfar);

	fault->hpfar = read_sysreg(HPFAR);
	return true;
}

/*
 * Which coprocessor it was is only told on ARMv7. If it was not the VFP, the
 * access traps again with the VFP loaded, and is for the kernel.
 */
static __always_inline bool may_be_vfp_trap(const struct kvm_vcpu *vcpu)
{
	return HSR_EC(vcpu->arch.fault.hsr) == HSR_EC_CP_0_13 &&
	       !vcpu->arch.vfp_loaded;
}

/* The guest's first VFP access since its entry: from now on it has the VFP */
static __always_inline void load_guest_vfp(struct kvm_vcpu *vcpu,
					   struct kvm_hyp_cpu *cpu)
{
	write_sysreg(HCPTR_GUEST & ~HCPTR_TCP_VFP, HCPTR);
	isb();
	__kvm_vfp_save(&cpu->host_vfp);
	__kvm_vfp_restore(&vcpu->arch.ctxt.vfp);
	vcpu->arch.vfp_loaded = 1;
}

/* True: nothing for the kernel to do, back into the guest */
static __always_inline bool handled_in_hyp(struct kvm_vcpu *vcpu,
					   struct kvm_hyp_cpu *cpu, int exit)
{
	if (exit != ARM_EXCEPTION_TRAP)
		return false;

	if (!read_fault(&vcpu->arch.fault))
		return true;

	if (may_be_vfp_trap(vcpu)) {
		load_guest_vfp(vcpu, cpu);
		return true;
	}

	return false;
}

/**
 * __kvm_vcpu_run - run a vCPU until something needs the kernel
 * @vcpu: the vCPU, loaded on this CPU and mapped in HYP
 *
 * Context: HYP mode, by kvm_call_hyp_ret().
 *
 * Return: ARM_EXCEPTION_*; the syndrome is in vcpu->arch.fault.
 */
int __hyp_text __kvm_vcpu_run(struct kvm_vcpu *vcpu)
{
	struct kvm_hyp_cpu *cpu = this_hyp_cpu();
	struct kvm_cpu_context *ctxt = &vcpu->arch.ctxt;
	int exit;

	save_host(&cpu->host);
	cpu->loaded = vcpu;
	activate_traps(vcpu, &cpu->host);
	restore_guest_shared(ctxt);
	restore_guest_only(ctxt);

	do {
		exit = __guest_enter(ctxt);
	} while (handled_in_hyp(vcpu, cpu, exit));

	save_guest_only(ctxt);
	save_guest_shared(ctxt);
	switch_to_host(vcpu, cpu);

	return exit;
}

/**
 * __kvm_hyp_cpu_init - take note of what is constant on this CPU
 *
 * Called once a CPU has its HYP tables and stack, each time it comes online.
 *
 * Context: HYP mode, by kvm_call_hyp().
 */
void __hyp_text __kvm_hyp_cpu_init(void)
{
	struct kvm_hyp_cpu *cpu = this_hyp_cpu();
	struct kvm_hyp_host_context *host = &cpu->host;

	cpu->loaded = NULL;
	write_sysreg(0, HTPIDR);

	host->ttbr1 = read_sysreg(TTBR1);
	host->sctlr = read_sysreg(SCTLR);
	host->cpacr = read_sysreg(CPACR);
	host->prrr = read_sysreg(PRRR);
	host->nmrr = read_sysreg(NMRR);
	host->tpidrprw = read_sysreg(TPIDRPRW);
	host->mpidr = read_sysreg(VMPIDR);
	host->hdcr = read_sysreg(HDCR) & HDCR_HPMN_MASK;
	host->sp_abt = read_banked(SP_abt);
	host->sp_und = read_banked(SP_und);
	host->sp_irq = read_banked(SP_irq);

	write_sysreg(0ULL, VTTBR);
}

/**
 * __kvm_timer_set_cntvoff - set the offset of the virtual counter
 * @cntvoff: what CNTVCT is behind CNTPCT, in counter ticks
 *
 * Context: HYP mode, by kvm_call_hyp().
 */
void __hyp_text __kvm_timer_set_cntvoff(u64 cntvoff)
{
	write_sysreg(cntvoff, CNTVOFF);
}
