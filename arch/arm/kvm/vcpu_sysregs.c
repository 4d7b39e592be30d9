// SPDX-License-Identifier: GPL-2.0-only
/*
 * Registers that move when a vCPU is loaded on a CPU and put, not at each
 * entry and exit: the kernel in SVC mode neither uses nor changes them.
 *
 *  - VBAR: a kernel with an MMU has its vectors at 0xffff0000 (SCTLR.V)
 *  - AMAIR0/1: hold what the host set at boot, with no meaning on the cores
 *    that KVM runs on
 *  - PAR: the kernel does not have addresses translated
 *  - ADFSR, AIFSR: the kernel does not read them, and of the faults that it
 *    handles none has an auxiliary status
 *  - TTBCR2: counts as zero where TTBCR.T2E is clear, as the kernel has it
 *  - TPIDRURW: user space of the host, back before it runs
 *  - CNTKCTL: access of user space to the counters, likewise
 *  - TEECR, TEEHBR: ThumbEE, which the kernel is not written in. A guest in
 *    User mode may enter it whatever it is told, and must not find out where
 *    the host has its handlers
 *  - SP_usr: user space's is in its pt_regs while the kernel runs
 *  - R8-R14 and SPSR of FIQ mode: FIQs are masked while a guest has them
 */
#include <linux/irqflags.h>
#include <linux/kvm_host.h>
#include <asm/kvm_hyp.h>

#include "cpu_model.h"
#include "vcpu_sysregs.h"

/* Those of which the host gets its own value back at the put */
#define FOR_EACH_SWAPPED(reg) \
	reg(c12_VBAR, VBAR, vbar) \
	reg(c10_AMAIR0, AMAIR0, amair0) \
	reg(c10_AMAIR1, AMAIR1, amair1) \
	reg(c13_TID_URW, TPIDRURW, tpidrurw) \
	reg(c14_CNTKCTL, CNTKCTL, cntkctl)

/* Likewise, on a CPU that has them */
#define FOR_EACH_THUMBEE(reg) \
	reg(cp14_TEECR, TEECR, teecr) \
	reg(cp14_TEEHBR, TEEHBR, teehbr)

/* Those of which the host never looks at its own */
#define FOR_EACH_GUEST_ONLY(reg) \
	reg(c5_ADFSR, ADFSR, _) \
	reg(c5_AIFSR, AIFSR, _)

#define FOR_EACH_LOADED(reg) \
	FOR_EACH_SWAPPED(reg) \
	FOR_EACH_GUEST_ONLY(reg)

/*
 * PAR, TEECR, TEEHBR and DISR are not among what is asked for while the vCPU is
 * loaded: no access of the guest's to them traps, and no exception that it is
 * given has to do with them. User space asks when they are in memory.
 */
static bool read_loaded(enum vcpu_cp15_reg reg, u32 *val)
{
	switch (reg) {
#define READ_LOADED(index, sysreg, field) \
	case index: \
		*val = read_sysreg(sysreg); \
		return true;
	FOR_EACH_LOADED(READ_LOADED)
	READ_LOADED(c2_TTBCR2, TTBCR2, _)
	default:
		return false;
	}
}

static bool write_loaded(enum vcpu_cp15_reg reg, u32 val)
{
	switch (reg) {
#define WRITE_LOADED(index, sysreg, field) \
	case index: \
		write_sysreg(val, sysreg); \
		return true;
	FOR_EACH_LOADED(WRITE_LOADED)
	WRITE_LOADED(c2_TTBCR2, TTBCR2, _)
	default:
		return false;
	}
}

/**
 * vcpu_read_cp15 - read a cp15 register of a vCPU wherever it is
 * @vcpu: the vCPU
 * @reg: the register; of one with 64 bits, a half. Not PAR, TEECR, TEEHBR or
 *	DISR of a vCPU that is loaded
 *
 * Context: the vCPU's thread, or any holder of its mutex if it is not loaded.
 * A preemption in between is harmless, it takes the registers along.
 *
 * Return: its value.
 */
u32 vcpu_read_cp15(const struct kvm_vcpu *vcpu, enum vcpu_cp15_reg reg)
{
	u32 val;

	if (vcpu_get_flag(vcpu, SYSREGS_ON_CPU) && read_loaded(reg, &val))
		return val;

	return vcpu_cp15(vcpu, reg);
}

/**
 * vcpu_write_cp15 - write a cp15 register of a vCPU wherever it is
 * @vcpu: the vCPU
 * @reg: as for vcpu_read_cp15()
 * @val: its value
 *
 * Context: as vcpu_read_cp15().
 */
void vcpu_write_cp15(struct kvm_vcpu *vcpu, enum vcpu_cp15_reg reg, u32 val)
{
	if (vcpu_get_flag(vcpu, SYSREGS_ON_CPU) && write_loaded(reg, val))
		return;

	vcpu_cp15(vcpu, reg) = val;
}

/* R8 to R12, SP, LR, SPSR */
#define FIQ_REGS_SP	5

/* Halves of four words, each moved by one load or store */
static void save_fiq_bank(void *to)
{
	asm volatile(".arch_extension virt\n\t"
		     "mrs r2, R8_fiq\n\t"
		     "mrs r3, R9_fiq\n\t"
		     "mrs r4, R10_fiq\n\t"
		     "mrs r5, R11_fiq\n\t"
		     "stmia %0!, {r2-r5}\n\t"
		     "mrs r2, R12_fiq\n\t"
		     "mrs r3, SP_fiq\n\t"
		     "mrs r4, LR_fiq\n\t"
		     "mrs r5, SPSR_fiq\n\t"
		     "stmia %0!, {r2-r5}"
		     : "+r" (to) : : "r2", "r3", "r4", "r5", "memory");
}

static void restore_fiq_bank(const void *from)
{
	asm volatile(".arch_extension virt\n\t"
		     "ldmia %0!, {r2-r5}\n\t"
		     "msr R8_fiq, r2\n\t"
		     "msr R9_fiq, r3\n\t"
		     "msr R10_fiq, r4\n\t"
		     "msr R11_fiq, r5\n\t"
		     "ldmia %0!, {r2-r5}\n\t"
		     "msr R12_fiq, r2\n\t"
		     "msr SP_fiq, r3\n\t"
		     "msr LR_fiq, r4\n\t"
		     "msr SPSR_fiq, r5"
		     : "+r" (from) : : "r2", "r3", "r4", "r5", "memory");
}

/*
 * A FIQ handler of the host finds what it left in R8 to R12, see set_fiq_regs().
 * Where there can be none, the host's vector needs its stack pointer alone.
 */
static void save_host_fiq_bank(struct kvm_vcpu *vcpu)
{
	u32 *regs = vcpu->arch.host.fiq_regs;

	if (IS_ENABLED(CONFIG_FIQ))
		save_fiq_bank(regs);
	else
		regs[FIQ_REGS_SP] = read_banked(SP_fiq);
}

static void restore_host_fiq_bank(const struct kvm_vcpu *vcpu)
{
	if (IS_ENABLED(CONFIG_FIQ))
		restore_fiq_bank(vcpu->arch.host.fiq_regs);
	else
		write_banked(vcpu->arch.host.fiq_regs[FIQ_REGS_SP], SP_fiq);
}

/**
 * kvm_vcpu_save_banked - bring SP_usr and the FIQ bank up to date in memory
 * @vcpu: the vCPU, loaded on this CPU
 *
 * Context: preemption disabled.
 */
void kvm_vcpu_save_banked(struct kvm_vcpu *vcpu)
{
	struct kvm_regs *regs = vcpu_gp_regs(vcpu);

	regs->usr_regs.ARM_sp = read_banked(SP_usr);
	save_fiq_bank(regs->fiq_regs);
}

/**
 * kvm_vcpu_restore_banked - put SP_usr and the FIQ bank on the CPU
 * @vcpu: the vCPU, loaded on this CPU
 *
 * Context: preemption disabled.
 */
void kvm_vcpu_restore_banked(struct kvm_vcpu *vcpu)
{
	struct kvm_regs *regs = vcpu_gp_regs(vcpu);

	write_banked(regs->usr_regs.ARM_sp, SP_usr);
	restore_fiq_bank(regs->fiq_regs);
}

/**
 * kvm_vcpu_load_sysregs - put on the CPU what stays there until the put
 * @vcpu: the vCPU
 *
 * The exception return into the guest is what makes the values seen.
 *
 * Context: preemption disabled; kvm_vcpu_put_sysregs() follows on this CPU
 * before another thread runs. FIQs stay masked in between: their handler's
 * stack pointer is the guest's.
 */
void kvm_vcpu_load_sysregs(struct kvm_vcpu *vcpu)
{
	const u32 *cp15 = vcpu->arch.ctxt.cp15;

#define LOAD_HOST(index, sysreg, field) \
	vcpu->arch.host.field = read_sysreg(sysreg);
	FOR_EACH_SWAPPED(LOAD_HOST)

#define LOAD_GUEST(index, sysreg, field) \
	write_sysreg(cp15[index], sysreg);
	FOR_EACH_LOADED(LOAD_GUEST)
	write_sysreg((u64)cp15[c7_PAR_HI] << 32 | cp15[c7_PAR], PAR);

	if (kvm_has_thumbee) {
		FOR_EACH_THUMBEE(LOAD_HOST)
		FOR_EACH_THUMBEE(LOAD_GUEST)
	}

	if (kvm_has_ttbcr2)
		write_sysreg(cp15[c2_TTBCR2], TTBCR2);

	local_fiq_disable();
	save_host_fiq_bank(vcpu);
	kvm_vcpu_restore_banked(vcpu);

	vcpu_set_flag(vcpu, SYSREGS_ON_CPU);
}

/**
 * kvm_vcpu_put_sysregs - take them off the CPU and give the host its own back
 * @vcpu: the vCPU, loaded by kvm_vcpu_load_sysregs()
 *
 * SP_usr of the host has no value to keep: the return to user space loads it.
 *
 * Context: preemption disabled.
 */
void kvm_vcpu_put_sysregs(struct kvm_vcpu *vcpu)
{
	u32 *cp15 = vcpu->arch.ctxt.cp15;
	u64 par = read_sysreg(PAR);

#define PUT_GUEST(index, sysreg, field) \
	cp15[index] = read_sysreg(sysreg);
	FOR_EACH_LOADED(PUT_GUEST)
	cp15[c7_PAR] = lower_32_bits(par);
	cp15[c7_PAR_HI] = upper_32_bits(par);

#define PUT_HOST(index, sysreg, field) \
	write_sysreg(vcpu->arch.host.field, sysreg);
	FOR_EACH_SWAPPED(PUT_HOST)

	if (kvm_has_thumbee) {
		FOR_EACH_THUMBEE(PUT_GUEST)
		FOR_EACH_THUMBEE(PUT_HOST)
	}

	if (kvm_has_ttbcr2)
		cp15[c2_TTBCR2] = read_sysreg(TTBCR2);

	kvm_vcpu_save_banked(vcpu);
	restore_host_fiq_bank(vcpu);
	local_fiq_enable();

	vcpu_clear_flag(vcpu, SYSREGS_ON_CPU);
}
