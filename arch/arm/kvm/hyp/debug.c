// SPDX-License-Identifier: GPL-2.0-only
/*
 * Debugging of a guest: while it runs its debug exceptions come to HYP mode
 * (HDCR.TDE, B1.8.9), and breakpoints and watchpoints are those set for it.
 *
 * All of that is here, around a run of the guest, so that one that is not
 * debugged pays nothing and the host never sees any of it. In HYP mode there
 * are no debug exceptions but by BKPT, and the exception returns, to the guest
 * and to the host, synchronize what was written to the debug registers before.
 */
#include <asm/kvm_hyp.h>

#define READ_CASE(n, reg) \
	case n: \
		return read_sysreg(reg(n));

#define WRITE_CASE(n, reg) \
	case n: \
		write_sysreg(val, reg(n)); \
		break;

#define FOR_EACH_NUMBER(make, reg) \
	make(0, reg) make(1, reg) make(2, reg) make(3, reg) \
	make(4, reg) make(5, reg) make(6, reg) make(7, reg) \
	make(8, reg) make(9, reg) make(10, reg) make(11, reg) \
	make(12, reg) make(13, reg) make(14, reg) make(15, reg)

/* The number of a register is part of the instruction */
#define DEFINE_ACCESSORS(name, reg) \
static u32 __hyp_text read_##name(u32 n) \
{ \
	switch (n) { \
	FOR_EACH_NUMBER(READ_CASE, reg) \
	default: \
		return 0; \
	} \
} \
\
static void __hyp_text write_##name(u32 n, u32 val) \
{ \
	switch (n) { \
	FOR_EACH_NUMBER(WRITE_CASE, reg) \
	} \
}

DEFINE_ACCESSORS(bvr, DBGBVR)
DEFINE_ACCESSORS(bcr, DBGBCR)
DEFINE_ACCESSORS(wvr, DBGWVR)
DEFINE_ACCESSORS(wcr, DBGWCR)

static u32 __hyp_text nr_regs(u32 didr, u32 shift)
{
	return ((didr >> shift) & DBGDIDR_NR_MASK) + 1;
}

/* The control registers say whether there is anything to move */
static void __hyp_text take_regs(struct kvm_hyp_cpu *cpu,
				 const struct kvm_guest_debug_arch *guest)
{
	struct kvm_guest_debug_arch *host = &cpu->host_debug;
	u32 didr = read_sysreg(DBGDIDR);
	u32 n;

	for (n = 0; n < nr_regs(didr, DBGDIDR_BRPS_SHIFT); n++) {
		host->dbg_bcr[n] = read_bcr(n);
		if (!((host->dbg_bcr[n] | guest->dbg_bcr[n]) & DBG_CTRL_E))
			continue;
		host->dbg_bvr[n] = read_bvr(n);
		write_bvr(n, guest->dbg_bvr[n]);
		write_bcr(n, guest->dbg_bcr[n]);
		cpu->moved_brps |= 1U << n;
	}

	for (n = 0; n < nr_regs(didr, DBGDIDR_WRPS_SHIFT); n++) {
		host->dbg_wcr[n] = read_wcr(n);
		if (!((host->dbg_wcr[n] | guest->dbg_wcr[n]) & DBG_CTRL_E))
			continue;
		host->dbg_wvr[n] = read_wvr(n);
		write_wvr(n, guest->dbg_wvr[n]);
		write_wcr(n, guest->dbg_wcr[n]);
		cpu->moved_wrps |= 1U << n;
	}
}

/**
 * __kvm_debug_release - give the host its breakpoints and watchpoints back
 * @cpu: this CPU
 *
 * Context: HYP mode.
 */
void __hyp_text __kvm_debug_release(struct kvm_hyp_cpu *cpu)
{
	const struct kvm_guest_debug_arch *host = &cpu->host_debug;
	u32 n;

	for (n = 0; cpu->moved_brps >> n; n++) {
		if (cpu->moved_brps & 1U << n) {
			write_bvr(n, host->dbg_bvr[n]);
			write_bcr(n, host->dbg_bcr[n]);
		}
	}

	for (n = 0; cpu->moved_wrps >> n; n++) {
		if (cpu->moved_wrps & 1U << n) {
			write_wvr(n, host->dbg_wvr[n]);
			write_wcr(n, host->dbg_wcr[n]);
		}
	}

	cpu->moved_brps = 0;
	cpu->moved_wrps = 0;
}

/*
 * User mode does not see the masks and cannot change them: set, they hold back
 * interrupts from a step, of which a pending one would be all that there is.
 */
static u32 __hyp_text mask_irqs(struct kvm_vcpu *vcpu)
{
	unsigned long *cpsr = &vcpu->arch.ctxt.gp_regs.usr_regs.ARM_cpsr;
	u32 masked;

	if (!vcpu->arch.debug.block_irqs || (*cpsr & MODE_MASK) != USR_MODE)
		return 0;

	masked = ~*cpsr & (PSR_I_BIT | PSR_F_BIT);
	*cpsr |= masked;

	return masked;
}

/*
 * The step may have been to an exception: that leaves F as it was, sets I by
 * itself, and has both in the SPSR of its mode (B1.8.3).
 */
static void __hyp_text unmask_irqs(struct kvm_vcpu *vcpu, u32 masked)
{
	struct kvm_regs *regs = &vcpu->arch.ctxt.gp_regs;
	unsigned long *cpsr = &regs->usr_regs.ARM_cpsr;
	u32 mode = *cpsr & MODE_MASK;

	if (mode == USR_MODE) {
		*cpsr &= ~masked;
		return;
	}

	*cpsr &= ~(masked & PSR_F_BIT);
	if (mode == SVC_MODE)
		regs->KVM_ARM_SVC_spsr &= ~masked;
	else if (mode == ABT_MODE)
		regs->KVM_ARM_ABT_spsr &= ~masked;
	else if (mode == UND_MODE)
		regs->KVM_ARM_UND_spsr &= ~masked;
}

static bool __hyp_text is_debug_exception(int exit, u32 hsr)
{
	return exit == ARM_EXCEPTION_TRAP &&
	       (HSR_EC(hsr) == HSR_EC_IABT || HSR_EC(hsr) == HSR_EC_DABT) &&
	       (hsr & HSR_FSC) == FSC_DEBUG;
}

/**
 * __kvm_vcpu_run_debug - run a vCPU whose debug exceptions are not its own
 * @vcpu: the vCPU, loaded on this CPU and mapped in HYP
 *
 * A host that does not have monitor debug-mode on may have debug registers that
 * are not accessible: then BKPT is all that there is.
 *
 * Context: HYP mode, instead of __kvm_vcpu_run().
 *
 * Return: as __kvm_vcpu_run(), and ARM_EXCEPTION_DEBUG.
 */
int __hyp_text __kvm_vcpu_run_debug(struct kvm_vcpu *vcpu)
{
	struct kvm_hyp_cpu *cpu = this_hyp_cpu();
	u32 hdcr = cpu->host.hdcr | HDCR_GUEST;
	u32 monitor, masked;
	int exit;

	if (cpu->owner != vcpu)
		__kvm_vcpu_load(vcpu);

	monitor = cpu->host.dscr & DBGDSCR_MDBGEN;
	write_sysreg(hdcr | HDCR_TDE, HDCR);
	if (monitor) {
		take_regs(cpu, &vcpu->arch.debug.on_cpu);
		write_sysreg(cpu->host.dscr, DBGDSCREXT);
	}

	masked = mask_irqs(vcpu);
	exit = vcpu->arch.run(vcpu);
	unmask_irqs(vcpu, masked);

	if (is_debug_exception(exit, vcpu->arch.fault.hsr)) {
		vcpu->arch.debug.dscr = read_sysreg(DBGDSCRINT);
		exit = ARM_EXCEPTION_DEBUG;
	}

	if (monitor) {
		write_sysreg(cpu->host.dscr & ~DBGDSCR_MDBGEN, DBGDSCREXT);
		__kvm_debug_release(cpu);
	}
	write_sysreg(hdcr, HDCR);

	return exit;
}
