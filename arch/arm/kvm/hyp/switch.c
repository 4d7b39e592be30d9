// SPDX-License-Identifier: GPL-2.0-only
/*
 * The world switch: what of the CPU's state belongs to the guest is put there
 * before it runs and taken away after.
 *
 * Which register is moved where is the register policy, see
 * Documentation/virt/kvm/arm/aarch32-register-policy.rst:
 *
 *  - here, saved and restored both ways: what host and guest both depend on
 *  - here, the host's side restored from a snapshot: what is constant on a CPU
 *  - here, the guest's side only: what the host overwrites without reading
 *  - here, from the first entry after the load to the put: what of HYP mode's
 *    registers the host does not miss, or asks for by a trap
 *  - vcpu_sysregs.c, at load and put: what the kernel does not use itself
 */
#include <linux/irqchip/arm-gic-v3.h>
#include <linux/kvm_host.h>
#include <asm/kvm_hyp.h>
#include <asm/vfp.h>

#include "../compat.h"

/*
 * Blocks of registers that follow each other in memory: one load or store of
 * multiple words for each instead of one for each register. Read with MRC
 * and MRRC, written with MCR and MCRR, they are in the order of
 * enum vcpu_cp15_reg.
 */
#define CP15_VARIABLE(move, move2) \
	move2 " p15, 0, r2, r3, c2\n\t"	/* TTBR0 */ \
	move " p15, 0, r4, c2, c0, 2\n\t"	/* TTBCR */ \
	move " p15, 0, r5, c3, c0, 0\n\t"	/* DACR */ \
	move " p15, 0, r6, c13, c0, 1\n\t"	/* CONTEXTIDR */ \
	move " p15, 0, r7, c13, c0, 3\n\t"	/* TPIDRURO */

#define CP15_CONSTANT(move, move2) \
	move2 " p15, 1, r2, r3, c2\n\t"	/* TTBR1 */ \
	move " p15, 0, r4, c1, c0, 0\n\t"	/* SCTLR */ \
	move " p15, 0, r5, c1, c0, 2\n\t"	/* CPACR */ \
	move " p15, 0, r6, c10, c2, 0\n\t"	/* PRRR, MAIR0 */ \
	move " p15, 0, r7, c10, c2, 1\n\t"	/* NMRR, MAIR1 */ \
	move " p15, 0, r8, c13, c0, 4\n\t"	/* TPIDRPRW */

#define CP15_FAULT(move, move2) \
	move " p15, 0, r2, c5, c0, 0\n\t"	/* DFSR */ \
	move " p15, 0, r3, c5, c0, 1\n\t"	/* IFSR */ \
	move " p15, 0, r4, c6, c0, 0\n\t"	/* DFAR */ \
	move " p15, 0, r5, c6, c0, 2\n\t"	/* IFAR */

#define CP15_BLOCK_CLOBBERS \
	"r2", "r3", "r4", "r5", "r6", "r7", "r8", "memory"

/* The address moves on to the block that follows */
#define save_cp15(block, regs, to) \
	asm volatile(block("mrc", "mrrc") "stmia %0!, " regs \
		     : "+r" (to) : : CP15_BLOCK_CLOBBERS)

#define restore_cp15(block, regs, from) \
	asm volatile("ldmia %0!, " regs "\n\t" block("mcr", "mcrr") \
		     : "+r" (from) : : CP15_BLOCK_CLOBBERS)

#define VARIABLE_WORDS	"{r2-r7}"
#define CONSTANT_WORDS	"{r2-r8}"
#define FAULT_WORDS	"{r2-r5}"

static_assert(c2_TTBR1 == 6 && c5_DFSR == 6 + 7 && c12_VBAR == 6 + 7 + 4);
static_assert(c5_DFSR == HOST_NR_CP15_REGS);
static_assert(offsetof(struct kvm_hyp_host_context, sp_svc) ==
	      HOST_NR_CP15_REGS * sizeof(u32));

/* SP, LR and SPSR of a mode are in this order in struct kvm_regs */
#define SAVE_BANK(sp, lr, spsr, mode) \
	"mrs " sp ", SP_" mode "\n\t" \
	"mrs " lr ", LR_" mode "\n\t" \
	"mrs " spsr ", SPSR_" mode "\n\t"

#define RESTORE_BANK(sp, lr, spsr, mode) \
	"msr SP_" mode ", " sp "\n\t" \
	"msr LR_" mode ", " lr "\n\t" \
	"msr SPSR_" mode ", " spsr "\n\t"

#define BANK_CLOBBERS	"r2", "r3", "r4", "r5", "r6", "r7", "memory"

#define save_two_banks(mode1, mode2, to) \
	asm volatile(".arch_extension virt\n\t" \
		     SAVE_BANK("r2", "r3", "r4", mode1) \
		     SAVE_BANK("r5", "r6", "r7", mode2) \
		     "stmia %0!, {r2-r7}" \
		     : "+r" (to) : : BANK_CLOBBERS)

#define restore_two_banks(mode1, mode2, from) \
	asm volatile(".arch_extension virt\n\t" \
		     "ldmia %0!, {r2-r7}\n\t" \
		     RESTORE_BANK("r2", "r3", "r4", mode1) \
		     RESTORE_BANK("r5", "r6", "r7", mode2) \
		     : "+r" (from) : : BANK_CLOBBERS)

/*
 * One pointer goes through a context, from the banks over the FIQ bank, which
 * is not moved here, to cp15. It is made anew each time: kept over the guest's
 * run it would be on the stack.
 */
static_assert(offsetof(struct kvm_cpu_context, cp15) ==
	      offsetof(struct kvm_cpu_context, gp_regs.fiq_regs) +
	      sizeof_field(struct kvm_cpu_context, gp_regs.fiq_regs));

static __always_inline void *banks_of(struct kvm_cpu_context *ctxt)
{
	OPTIMIZER_HIDE_VAR(ctxt);
	return ctxt->gp_regs.svc_regs;
}

static __always_inline void save_guest(struct kvm_cpu_context *ctxt)
{
	void *to = banks_of(ctxt);

	save_two_banks("svc", "abt", to);
	save_two_banks("und", "irq", to);
	to += sizeof(ctxt->gp_regs.fiq_regs);
	save_cp15(CP15_VARIABLE, VARIABLE_WORDS, to);
	save_cp15(CP15_CONSTANT, CONSTANT_WORDS, to);
	save_cp15(CP15_FAULT, FAULT_WORDS, to);
}

static __always_inline void restore_guest(struct kvm_cpu_context *ctxt)
{
	void *from = banks_of(ctxt);

	restore_two_banks("svc", "abt", from);
	restore_two_banks("und", "irq", from);
	from += sizeof(ctxt->gp_regs.fiq_regs);
	restore_cp15(CP15_VARIABLE, VARIABLE_WORDS, from);
	restore_cp15(CP15_CONSTANT, CONSTANT_WORDS, from);
	restore_cp15(CP15_FAULT, FAULT_WORDS, from);
}

/*
 * What changes while the host runs. TTBCR is among it because software PAN
 * (CONFIG_CPU_TTBR0_PAN) toggles it at each access to user memory.
 */
static __always_inline void save_host(struct kvm_hyp_host_context *host)
{
	u32 *cp15 = host->cp15;

	OPTIMIZER_HIDE_VAR(cp15);
	save_cp15(CP15_VARIABLE, VARIABLE_WORDS, cp15);
	host->sp_svc = read_banked(SP_svc);
}

static __always_inline void restore_host(struct kvm_hyp_host_context *host)
{
	u32 *cp15 = host->cp15;

	OPTIMIZER_HIDE_VAR(cp15);
	restore_cp15(CP15_VARIABLE, VARIABLE_WORDS, cp15);
	restore_cp15(CP15_CONSTANT, CONSTANT_WORDS, cp15);

	/* Up to here cp15 has moved: on to sp_svc and what follows it */
	asm volatile(".arch_extension virt\n\t"
		     "ldmia %0, {r2-r5}\n\t"
		     "msr SP_svc, r2\n\t"
		     "msr SP_abt, r3\n\t"
		     "msr SP_und, r4\n\t"
		     "msr SP_irq, r5"
		     : : "r" (cp15) : "r2", "r3", "r4", "r5", "memory");
}

/*
 * A breakpoint of the host is for an address of the thread that runs the vCPU.
 * The guest may have something else there, and would be told of it: until the
 * put, or until the host accesses a debug register, there is no monitor
 * debug-mode (C3.3). A host that has it on has found the registers accessible.
 */
static __always_inline void take_debug(struct kvm_hyp_host_context *host)
{
	host->dscr = read_sysreg(DBGDSCRINT);
	if (host->dscr & DBGDSCR_MDBGEN)
		write_sysreg(host->dscr & ~DBGDSCR_MDBGEN, DBGDSCREXT);
}

static __always_inline void release_debug(struct kvm_hyp_host_context *host)
{
	if (host->dscr & DBGDSCR_MDBGEN)
		write_sysreg(host->dscr, DBGDSCREXT);
}

/* The host's CPACR has no access to a VFP that is not there (B4.1.40) */
#define CPACR_VFP	(CPACC_FULL(10) | CPACC_FULL(11))

static __always_inline bool has_vfp(const struct kvm_hyp_host_context *host)
{
	return (host->cp15[c1_CPACR] & CPACR_VFP) == CPACR_VFP;
}

/*
 * With FPEXC.EN clear, as the host leaves it for a thread that has no VFP state
 * on the CPU, an instruction at PL1 or PL0 is UNDEFINED before HCPTR is looked
 * at (ARM DDI 0487, G1.13.2): a guest whose VFP traps would take that exception
 * itself. So the bit is set for as long as the traps are there, which are also
 * what the host meets before it could see it.
 */
static __always_inline void take_vfp(struct kvm_hyp_host_context *host)
{
	if (!has_vfp(host))
		return;

	host->fpexc = read_fpexc();
	write_fpexc(host->fpexc | FPEXC_EN);
	write_sysreg(HCPTR_TCP_VFP, HCPTR);
}

/* HCPTR permits it: there was an ISB since it was written */
static __always_inline void
release_fpexc(const struct kvm_hyp_host_context *host)
{
	if (has_vfp(host))
		write_fpexc(host->fpexc);
}

/*
 * A guest does not choose between a GICv2's and a GICv3's CPU interface: its
 * accesses to ICC_SRE trap, unless the CPU has no other one and the bit is RAO.
 * The host makes its own before its CPU has left the stub, and after it is back
 * there. Should it make another one, that traps: whatever trap of the host it
 * was, __kvm_release_cpu() sets the bit, and the next vCPU clears it.
 */
static __always_inline void
take_icc_sre(const struct kvm_hyp_host_context *host)
{
	if (host->icc_hsre)
		write_sysreg(host->icc_hsre & ~ICC_SRE_EL2_ENABLE, ICC_HSRE);
}

static __always_inline void
release_icc_sre(const struct kvm_hyp_host_context *host)
{
	if (host->icc_hsre)
		write_sysreg(host->icc_hsre, ICC_HSRE);
}

/*
 * Error records are those of the core, with the addresses of errors and the
 * controls of their interrupts (DDI 0487, G8.6). A guest has none, and
 * the host's kernel does not look at them.
 *
 * VDISR is what a guest has for DISR (HCR.AMO): its ESB leaves there what was
 * pending, and takes HCR.VA away.
 */
static __always_inline void take_ras(const struct kvm_vcpu *vcpu,
				     const struct kvm_hyp_host_context *host)
{
	if (!host->hcr2)
		return;

	write_sysreg(host->hcr2, HCR2);
	write_sysreg(vcpu->arch.ctxt.cp15[c12_DISR], VDISR);
}

static __always_inline void release_ras(const struct kvm_hyp_host_context *host)
{
	if (host->hcr2)
		write_sysreg(0, HCR2);
}

static __always_inline void save_disr(struct kvm_vcpu *vcpu,
				      const struct kvm_hyp_host_context *host)
{
	if (host->hcr2)
		vcpu->arch.ctxt.cp15[c12_DISR] = read_sysreg(VDISR);
}

/*
 * What keeps its guest's value until the put: nothing that the host uses, or
 * what traps if the host does. CNTVOFF is not for the kernel, which reads the
 * physical counter.
 */
static __always_inline void
take_hyp(struct kvm_vcpu *vcpu, struct kvm_hyp_cpu *cpu)
{
	write_sysreg(HSTR_GUEST, HSTR);
	write_sysreg(cpu->host.hdcr | HDCR_GUEST, HDCR);
	write_sysreg(vcpu->arch.vpidr, VPIDR);
	write_sysreg(vcpu->arch.cntvoff, CNTVOFF);
	take_debug(&cpu->host);
	take_vfp(&cpu->host);
	take_icc_sre(&cpu->host);
	take_ras(vcpu, &cpu->host);
	cpu->owner = vcpu;
}

/* And MIDR, which traps nothing: the host's is of the same kind */
static __always_inline void release_traps(const struct kvm_hyp_cpu *cpu)
{
	write_sysreg(0, HCPTR);
	write_sysreg(0, HSTR);
	write_sysreg(cpu->host.hdcr, HDCR);
	write_sysreg(cpu->host.midr, VPIDR);
	release_ras(&cpu->host);
}

static __always_inline void activate_traps(struct kvm_vcpu *vcpu)
{
	write_sysreg(vcpu->arch.vttbr, VTTBR);
	write_sysreg(vcpu->arch.hcr | READ_ONCE(vcpu->arch.irq_lines), HCR);
	write_sysreg(vcpu->arch.hcptr, HCPTR);
	write_sysreg(vcpu->arch.cnthctl, CNTHCTL);
	write_sysreg(vcpu->arch.ctxt.cp15[c0_MPIDR], VMPIDR);
}

/* A virtual abort that the guest has taken is no longer pending */
static __always_inline void sync_vabt(struct kvm_vcpu *vcpu)
{
	if ((vcpu->arch.hcr & HCR_VA) && !(read_sysreg(HCR) & HCR_VA))
		vcpu->arch.hcr &= ~HCR_VA;
}

/* The VFP is not the host's: its accesses trap, see __kvm_release_hyp() */
static __always_inline void deactivate_traps(struct kvm_hyp_host_context *host)
{
	write_sysreg(0, HCR);
	write_sysreg(0ULL, VTTBR);
	write_sysreg(HCPTR_TCP_VFP, HCPTR);
	write_sysreg(CNTHCTL_PL1PCEN | CNTHCTL_PL1PCTEN, CNTHCTL);
	write_sysreg(host->mpidr, VMPIDR);
}

/*
 * Whether there is something in the virtual interface of a GICv3 for this
 * entry. What says so does not change while the guest runs.
 */
static __always_inline bool switches_gicv3(const struct kvm_vcpu *vcpu)
{
	const struct vgic_v3_cpu_if *cpu_if = &vcpu->arch.vgic_cpu.vgic_v3;
	u32 traps = VGIC_V3_EVICTS ? cpu_if->vgic_hcr & ICH_HCR_TDIR : 0;

	return cpu_if->used_lrs | vcpu->arch.gicv3_always | traps;
}

static __always_inline void switch_to_host(struct kvm_vcpu *vcpu,
					   struct kvm_hyp_cpu *cpu)
{
	sync_vabt(vcpu);
	deactivate_traps(&cpu->host);
	restore_host(&cpu->host);
	cpu->loaded = NULL;
}

/**
 * __kvm_release_hyp - give the host all that traps
 *
 * A guest that has used the VFP keeps it over its exits, and some accesses of
 * the host trap for as long as the vCPU is loaded. If code of the host makes
 * one, it is made again after this. The next entry takes it all back. The
 * offset of the virtual counter stays, as a timer of the guest may be running
 * by it.
 *
 * Context: HYP mode.
 */
void __hyp_text __kvm_release_hyp(void)
{
	struct kvm_hyp_cpu *cpu = this_hyp_cpu();
	struct kvm_vcpu *vcpu = cpu->owner;

	/* HCPTR has to be seen before the registers are touched */
	release_traps(cpu);
	isb();

	if (!vcpu)
		return;

	cpu->owner = NULL;
	release_debug(&cpu->host);
	save_disr(vcpu, &cpu->host);
	if (!(vcpu->arch.hcptr & HCPTR_TCP_VFP)) {
		__kvm_vfp_save(&vcpu->arch.ctxt.vfp);
		__kvm_vfp_restore(&cpu->host_vfp);
		vcpu->arch.hcptr = HCPTR_GUEST;
	}
	release_fpexc(&cpu->host);
}

/**
 * __kvm_release_cpu - give the host all that traps, and what does for good
 *
 * Which is ICC_SRE.
 *
 * Context: HYP mode: a trap from the host, or by kvm_call_hyp() before the stub
 * is back.
 */
void __hyp_text __kvm_release_cpu(void)
{
	release_icc_sre(&this_hyp_cpu()->host);
	__kvm_release_hyp();
}

/**
 * __kvm_vcpu_put - take what is left of a vCPU off the CPU
 *
 * User space may run next: its virtual counter is the physical one.
 *
 * Context: HYP mode, by kvm_call_hyp(); the guest's timers are off.
 */
void __hyp_text __kvm_vcpu_put(void)
{
	write_sysreg(0ULL, CNTVOFF);
	__kvm_release_hyp();
}

/**
 * __kvm_vcpu_load - put on the CPU what the first entry would
 * @vcpu: the vCPU, loaded on this CPU and mapped in HYP
 *
 * For one whose timer has to run before that.
 *
 * Context: HYP mode, by kvm_call_hyp().
 */
void __hyp_text __kvm_vcpu_load(struct kvm_vcpu *vcpu)
{
	take_hyp(vcpu, this_hyp_cpu());
}

/**
 * __kvm_restore_host - leave the guest's state behind, for a HYP panic
 * @cpu: this CPU, on which a vCPU is loaded
 *
 * The vCPU may be what HYP mode has faulted on and is not touched: it keeps
 * what it had, and the guest's VFP registers stay on the CPU, behind the host's
 * FPEXC.
 *
 * Context: HYP mode.
 */
void __hyp_text __kvm_restore_host(struct kvm_hyp_cpu *cpu)
{
	cpu->loaded = NULL;
	cpu->owner = NULL;
	dsb(nsh);
	deactivate_traps(&cpu->host);
	release_traps(cpu);
	isb();
	__kvm_debug_release(cpu);
	release_debug(&cpu->host);
	release_fpexc(&cpu->host);
	release_icc_sre(&cpu->host);
	if (cpu->host.icc_hsre & ICC_SRE_EL2_SRE)
		__vgic_v3_reset(cpu->host.icc_sre);
	restore_host(&cpu->host);
}

/* Of what leaves HPFAR UNKNOWN the kernel finds the IPA: kvm_find_fault_ipa() */
static __always_inline void read_fault(struct kvm_vcpu_fault_info *fault)
{
	switch (HSR_EC(fault->hsr)) {
	case HSR_EC_IABT:
		fault->hxfar = read_sysreg(HIFAR);
		break;
	case HSR_EC_DABT:
		fault->hxfar = read_sysreg(HDFAR);
		break;
	default:
		return;
	}

	fault->hpfar = read_sysreg(HPFAR);
}

/*
 * Which coprocessor it was is only told on ARMv7. If it was not the VFP, the
 * access traps again with the VFP loaded, and is for the kernel.
 */
static __always_inline bool may_be_vfp_trap(const struct kvm_vcpu *vcpu,
					    const struct kvm_hyp_cpu *cpu)
{
	return HSR_EC(vcpu->arch.fault.hsr) == HSR_EC_CP_0_13 &&
	       vcpu->arch.hcptr & HCPTR_TCP_VFP && has_vfp(&cpu->host);
}

/* The guest's first VFP access since the load: from now on it has the VFP */
static __always_inline void load_guest_vfp(struct kvm_vcpu *vcpu,
					   struct kvm_hyp_cpu *cpu)
{
	vcpu->arch.hcptr = HCPTR_GUEST & ~HCPTR_TCP_VFP;
	write_sysreg(vcpu->arch.hcptr, HCPTR);
	isb();
	__kvm_vfp_save(&cpu->host_vfp);
	__kvm_vfp_restore(&vcpu->arch.ctxt.vfp);
}

/* True: nothing for the kernel to do, back into the guest */
static __always_inline bool handled_in_hyp(struct kvm_vcpu *vcpu,
					   struct kvm_hyp_cpu *cpu, int exit)
{
	struct kvm_vcpu_fault_info *fault = &vcpu->arch.fault;

	if (exit != ARM_EXCEPTION_TRAP)
		return false;

	/* Aborts are told from all else by one bit (B3.13.6) */
	if (HSR_EC(fault->hsr) >= HSR_EC_IABT) {
		read_fault(fault);
		return false;
	}

	if (may_be_vfp_trap(vcpu, cpu)) {
		load_guest_vfp(vcpu, cpu);
		return true;
	}

	return false;
}

/* Compiled twice: what only a GICv3 needs costs nothing on other hosts */
static __always_inline int run_vcpu(struct kvm_vcpu *vcpu, const bool gicv3)
{
	struct vgic_v3_cpu_if *cpu_if = &vcpu->arch.vgic_cpu.vgic_v3;
	struct kvm_hyp_cpu *cpu = this_hyp_cpu();
	struct kvm_cpu_context *ctxt = &vcpu->arch.ctxt;
	int exit;

	if (unlikely(cpu->owner != vcpu))
		take_hyp(vcpu, cpu);

	save_host(&cpu->host);
	cpu->loaded = vcpu;

	/*
	 * What the host has accessed is complete, and no walk of its tables is
	 * under way, when they change: see __guest_exit for the way back.
	 */
	dsb(nsh);
	activate_traps(vcpu);
	if (gicv3 && switches_gicv3(vcpu))
		__vgic_v3_restore_state(cpu_if);
	restore_guest(ctxt);

	do {
		exit = __guest_enter(ctxt);
	} while (handled_in_hyp(vcpu, cpu, exit));

	save_guest(ctxt);
	if (gicv3 && switches_gicv3(vcpu))
		__vgic_v3_save_state(cpu_if);
	switch_to_host(vcpu, cpu);

	return exit;
}

/**
 * __kvm_vcpu_run - run a vCPU until something needs the kernel
 * @vcpu: the vCPU, loaded on this CPU and mapped in HYP
 *
 * Context: HYP mode, by kvm_call_hyp_ret().
 *
 * Return: ARM_EXCEPTION_*, and ARM_EXIT_ABORT_PENDING; the syndrome is in
 * vcpu->arch.fault.
 */
int __hyp_text __kvm_vcpu_run(struct kvm_vcpu *vcpu)
{
	return run_vcpu(vcpu, false);
}

/**
 * __kvm_vcpu_run_gicv3 - the same, where guests' interrupts are a GICv3's
 * @vcpu: the vCPU, loaded on this CPU and mapped in HYP
 *
 * Also where a guest must be kept from the system registers of one.
 *
 * Context: HYP mode, by kvm_call_hyp_ret(__kvm_vcpu_run).
 *
 * Return: as __kvm_vcpu_run().
 */
int __hyp_text __kvm_vcpu_run_gicv3(struct kvm_vcpu *vcpu)
{
	return run_vcpu(vcpu, true);
}

/*
 * HCR2 is UNKNOWN after a reset that ends in AArch64 state, where firmware has
 * no reason to write it for a kernel in AArch32. It may make all of a guest's
 * memory Non-cacheable (CD, ID) and have TLB maintenance trap, for which nobody
 * is prepared. VDFSR is UNKNOWN after any reset. What is in it becomes part of a
 * guest's DFSR when it takes an asynchronous abort of KVM's (HCR.VA): none of
 * those has a syndrome.
 */
static __always_inline void init_armv8(struct kvm_hyp_host_context *host)
{
	host->hcr2 = 0;
	if (!(read_sysreg(ID_ISAR5) & ID_ISAR5_SEVL))
		return;

	write_sysreg(0, HCR2);
	if (!(read_sysreg(ID_PFR0) & ID_PFR0_RAS))
		return;

	host->hcr2 = HCR2_TERR;
	write_sysreg(0, VDFSR);
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
	u32 *cp15 = &host->cp15[c2_TTBR1];

	cpu->loaded = NULL;
	cpu->owner = NULL;
	cpu->moved_brps = 0;
	cpu->moved_wrps = 0;

	save_cp15(CP15_CONSTANT, CONSTANT_WORDS, cp15);
	host->midr = read_sysreg(VPIDR);
	host->mpidr = read_sysreg(VMPIDR);
	host->hdcr = read_sysreg(HDCR) & HDCR_HPMN_MASK;
	host->icc_hsre = read_sysreg(ID_PFR1) & ID_PFR1_GIC ?
			 read_sysreg(ICC_HSRE) : 0;
	if (host->icc_hsre & ICC_SRE_EL2_SRE)
		host->icc_sre = read_sysreg(ICC_SRE);
	take_icc_sre(host);
	init_armv8(host);
	host->sp_abt = read_banked(SP_abt);
	host->sp_und = read_banked(SP_und);
	host->sp_irq = read_banked(SP_irq);
}
