/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Guest code in both instruction sets
 */
#ifndef SELFTEST_KVM_ARM_ISA_H
#define SELFTEST_KVM_ARM_ISA_H

#include "processor.h"

#define __arm_state	__attribute__((__noinline__, target("arm")))
#define __thumb_state	__attribute__((__noinline__, target("thumb")))

/**
 * BOTH_STATES - compile a function of the guest for ARM and for Thumb
 * @fn: static __always_inline, with the value of CPSR.T as its parameter
 *
 * Defines @fn_guest(), an entry point that runs one after the other.
 */
#define BOTH_STATES(fn)							\
static __arm_state void fn##_arm(void)					\
{									\
	fn(0);								\
}									\
static __thumb_state void fn##_thumb(void)				\
{									\
	fn(PSR_T);							\
}									\
static void fn##_guest(void)						\
{									\
	fn##_arm();							\
	fn##_thumb();							\
	GUEST_DONE();							\
}

/**
 * struct fault_site - where an exception is expected
 * @pc: address of the instruction
 * @cpsr: CPSR before it
 * @count: exceptions that came where they were expected
 */
struct fault_site {
	volatile uint32_t pc;
	volatile uint32_t cpsr;
	volatile uint32_t count;
};

/* Bits 15:11 of the first halfword of a 32-bit Thumb instruction: at least */
#define THUMB32_PREFIX_MIN	0x1d
#define THUMB32_PREFIX(hw)	((hw) >> 11)

/**
 * insn_size - size of an instruction
 * @pc: its address
 * @t: PSR_T for Thumb
 *
 * Return: 2 or 4
 */
static inline unsigned int insn_size(uint32_t pc, uint32_t t)
{
	if (!t)
		return 4;

	return THUMB32_PREFIX(*(uint16_t *)(uintptr_t)pc) >=
	       THUMB32_PREFIX_MIN ? 4 : 2;
}

/**
 * FAULT_SITE - execute one instruction that takes an exception
 * @site: struct fault_site
 * @t: CPSR.T of this code, a constant
 * @insn: the instruction; R0 to R3 are its own
 * @r0: value for R0 before it
 *
 * MRS reads the T bit as zero (DDI 0406C B9.3.8), so it is added.
 *
 * Return: R0 after it
 */
#define FAULT_SITE(site, t, insn, r0) ({				\
	register uint32_t __r0 asm("r0") = (r0);			\
									\
	asm volatile(".syntax unified\n"				\
		     "movw r1, #:lower16:1f\n"				\
		     "movt r1, #:upper16:1f\n"				\
		     "str r1, %1\n"					\
		     "mrs r1, cpsr\n"					\
		     "orr r1, r1, %3\n"					\
		     "str r1, %2\n"					\
		     "1: " insn "\n"					\
		     : "+r" (__r0), "=m" ((site)->pc),			\
		       "=m" ((site)->cpsr)				\
		     : "i" (t)						\
		     : "r1", "r2", "r3", "memory");			\
	__r0;								\
})

/**
 * fault_site_check - assert that an exception came where it was expected
 * @site: where
 * @regs: the context of the handler
 *
 * Called first in a handler, as CPSR is that of the exception entry but for
 * the mode.  PC and SPSR have to be those of the instruction; the entry masks
 * IRQ, leaves FIQ alone, and goes on in the endianness of SCTLR.EE, which is
 * little.  The handler returns to the next instruction.
 *
 * Return: CPSR of the exception entry
 */
static inline uint32_t fault_site_check(struct fault_site *site,
					struct ex_regs *regs)
{
	uint32_t cpsr = read_cpsr();

	__GUEST_ASSERT(regs->pc == site->pc, "pc 0x%x, not 0x%x", regs->pc,
		       site->pc);
	__GUEST_ASSERT(regs->cpsr == site->cpsr, "SPSR 0x%x, not 0x%x",
		       regs->cpsr, site->cpsr);
	__GUEST_ASSERT((cpsr & (PSR_I | PSR_E)) == PSR_I,
		       "CPSR 0x%x in the handler", cpsr);
	__GUEST_ASSERT((cpsr & PSR_F) == (site->cpsr & PSR_F),
		       "The exception changed F: CPSR 0x%x, was 0x%x", cpsr,
		       site->cpsr);

	site->count++;
	regs->pc += insn_size(regs->pc, regs->cpsr & PSR_T);

	return cpsr;
}

#endif /* SELFTEST_KVM_ARM_ISA_H */
