// SPDX-License-Identifier: GPL-2.0-only
/*
 * KVM_SET_GUEST_DEBUG: breakpoints in software and hardware, watchpoints, single
 * steps over all that can become of an instruction, and what is not accepted.
 *
 * The guest code is in assembly. It writes down, in the order of execution, where
 * it is at each step: "step" in front of an instruction, "expect" for another
 * place.
 */
#include <linux/sizes.h>

#include "debug.h"
#include "kvm_util.h"
#include "processor.h"

#define MMIO_GVA	0x50000000UL
#define HOLE_GVA	0x58000000UL
#define USER_GVA	0x60000000UL

/* HSR */
#define HSR_EC(hsr)	((hsr) >> 26)
#define HSR_EC_IABT	0x20
#define HSR_EC_DABT	0x24
#define HSR_WNR		BIT(6)
#define HSR_FSC(hsr)	((hsr) & 0x3f)
#define FSC_DEBUG	0x22

/* DBGBCR, DBGWCR */
#define E		BIT(0)
#define PMC		(3 << 1)
#define LOAD		BIT(3)
#define STORE		BIT(4)
#define BAS(x)		((x) << 5)
#define MASK(x)		((x) << 24)
#define BT(x)		((x) << 20)
#define LBN(x)		((x) << 16)
#define HMC		BIT(13)

/* IFSR of a debug exception in the long-descriptor format */
#define FSR_DEBUG	(FSR_LPAE | FSC_DEBUG)

/* In the list: what may also be left out */
#define OPTIONAL	1U

/* A step that has not ended by then does not end */
#define STEPS_MAX	400

extern char debug_vectors[], steps_arm[], points[], point_bkpt[], point_thumb[];
extern char point_arm[], point_half[], point_str[], point_ldrb[], point_bkpt2[];
extern char point_word[], point_end[], steps_ldrex[];
extern const uint32_t steps_begin[], steps_end[];
extern const uint32_t user_code[], user_code_end[];

asm(".syntax unified\n"
".arch_extension virt\n"
".arch_extension sec\n"
".macro expect where\n"
"	.pushsection .rodata.steps, \"a\", %progbits\n"
"	.word \\where\n"
"	.popsection\n"
".endm\n"
".macro step\n"
"9999:\n"
"	expect 9999b\n"
".endm\n"
"	.pushsection .rodata.steps, \"a\", %progbits\n"
"	.balign 4\n"
"steps_begin:\n"
"	.popsection\n"

"	.text\n"
"	.arm\n"
"	.balign 32\n"
"debug_vectors:\n"
"	b	.\n"
"	b	debug_undef\n"
"	b	debug_svc\n"
"	b	debug_pabt\n"
"	b	debug_dabt\n"
"	b	.\n"
"	b	debug_irq\n"
"	b	.\n"
"debug_undef:\n"
"	movs	pc, lr\n"
"debug_svc:\n"
"	mov	pc, r8\n"
/* BKPT is 4 bytes before LR: go on behind it */
"debug_pabt:\n"
"	mrc	p15, 0, r9, c5, c0, 1\n"
"	movs	pc, lr\n"
"debug_dabt:\n"
"	subs	pc, lr, #4\n"
"debug_irq:\n"
"	subs	pc, lr, #4\n"

/* ---- breakpoints and watchpoints ---- */
"	.arm\n"
"points:\n"
"	movw	r0, #:lower16:point_word\n"
"	movt	r0, #:upper16:point_word\n"
"point_bkpt:\n"
"	bkpt	#0x1234\n"
"	blx	point_t\n"
"point_arm:\n"
"	mov	r1, #1\n"
"point_str:\n"
"	str	r1, [r0]\n"
"point_ldrb:\n"
"	ldrb	r2, [r0, #3]\n"
"	mov	r9, #0\n"
"point_bkpt2:\n"
"	bkpt	#1\n"
"point_end:\n"
"	b	.\n"
"	.thumb\n"
"	.balign	4\n"
"point_t:\n"
"	nop\n"
"point_half:\n"
"	nop\n"
"point_thumb:\n"
"	bkpt	#1\n"
"	bx	lr\n"

/* ---- steps in ARM state ---- */
"	.arm\n"
"	.balign	4\n"
"steps_arm:\n"
"	step\n	movw	r0, #:lower16:point_word\n"
"	step\n	movt	r0, #:upper16:point_word\n"
"	step\n	cmp	r0, r0\n"
"	step\n	beq	1f\n"
"	udf	#0\n"
"1:	step\n	bne	2f\n"
"	step\n	bl	1f\n"
"2:	udf	#0\n"
"1:	step\n	adr	r1, 1f\n"
"	step\n	bx	r1\n"
"	udf	#0\n"
"1:	step\n	blxne	r1\n"
"	step\n	adr	r1, 1f\n"
"	step\n	mov	pc, r1\n"
"	udf	#0\n"
"1:	step\n	add	pc, pc, #0\n"
"	udf	#0\n"
"	step\n	mov	r1, #1\n"
"	step\n	add	pc, pc, r1, lsl #2\n"
"	udf	#0\n"
"	udf	#0\n"
"	step\n	ldr	pc, 3f\n"
"	udf	#0\n"
"3:	.word	1f\n"
"1:	step\n	adr	r1, 3f\n"
"	step\n	ldr	pc, [r1], #4\n"
"	udf	#0\n"
"3:	.word	1f\n"
"1:	step\n	adr	r1, 1f\n"
"	step\n	push	{r1, r2}\n"
"	step\n	ldr	pc, [sp, #0]\n"
"1:	step\n	adr	r2, 1f\n"
"	step\n	str	r2, [sp, #4]\n"
"	step\n	pop	{r1, pc}\n"
"	udf	#0\n"
"1:	step\n	adr	r1, 1f\n"
"	step\n	str	r1, [sp, #-4]!\n"
"	step\n	ldmia	sp, {pc}\n"
"1:	step\n	add	sp, sp, #4\n"
/* exceptions that it takes, and returns from them */
"	step\n	adr	r8, 1f\n"
"	step\n	svc	#0\n"
"	expect	debug_vectors + 8\n"
"	expect	debug_svc\n"
"1:	step\n	udf	#1\n"
"	expect	debug_vectors + 4\n"
"	expect	debug_undef\n"
"	step\n	mov	r1, #0x58000000\n"
"	step\n	ldr	r2, [r1]\n"
"	expect	debug_vectors + 0x10\n"
"	expect	debug_dabt\n"
/* LR is behind what cannot be fetched: back to it */
"	step\n	nop\n"
/* exits to the kernel, and to user space */
"	step\n	mrc	p15, 0, r2, c1, c0, 1\n"
"	step\n	mov	r0, #0x84000000\n"
"	step\n	hvc	#0\n"
"	step\n	mov	r0, #0x84000000\n"
"	step\n	smc	#0\n"
"	step\n	mov	r1, #0x50000000\n"
"	step\n	str	r0, [r1]\n"
"	step\n	ldr	r2, [r1]\n"
"	step\n	wfi\n"
/* The line is high all the time: it may be taken before the next instruction */
"	step\n	cpsie	i\n"
"	expect	1f + 1\n"
"	expect	debug_vectors + 0x18\n"
"	expect	debug_irq\n"
"1:	step\n	cpsid	i\n"
/* other modes */
"	step\n	cps	#0x1f\n"
"	step\n	cps	#0x13\n"
"	step\n	mrs	r1, cpsr\n"
"	step\n	msr	spsr_cxsf, r1\n"
"	step\n	adr	lr, 1f\n"
"	step\n	movs	pc, lr\n"
"	udf	#0\n"
"1:	step\n	msr	spsr_cxsf, r1\n"
"	step\n	adr	lr, 1f\n"
"	step\n	subs	pc, lr, #0\n"
"	udf	#0\n"
"1:	step\n	msr	spsr_cxsf, r1\n"
"	step\n	adr	r2, 1f\n"
"	step\n	push	{r2}\n"
"	step\n	ldm	sp!, {pc}^\n"
"	udf	#0\n"
"1:	step\n	adr	r8, 1f\n"
"	step\n	mov	r2, #0x60000000\n"
"	step\n	bic	r3, r1, #0x1f\n"
"	step\n	orr	r3, r3, #0x10\n"
"	step\n	push	{r2, r3}\n"
"	step\n	rfeia	sp!\n"
"	expect	0x60000000\n"
"	expect	0x60000004\n"
"	expect	debug_vectors + 8\n"
"	expect	debug_svc\n"
/* sequences of exclusives, which are one step */
"1:	step\n	movw	r0, #:lower16:point_word\n"
"	step\n	movt	r0, #:upper16:point_word\n"
"	step\n"
"steps_ldrex:\n"
"1:	ldrex	r1, [r0]\n"
"	add	r1, r1, #1\n"
"	strex	r2, r1, [r0]\n"
"	step\n	teq	r2, #0\n"
"	step\n	bne	1b\n"
"	step\n	mov	r3, #0\n"
"	step\n"
"	ldrex	r1, [r0]\n"
"	cmp	r3, #0\n"
"	beq	1f\n"
"	strex	r2, r1, [r0]\n"
"	udf	#0\n"
"1:	step\n	clrex\n"

/* ---- steps in Thumb state ---- */
"	step\n	blx	steps_thumb\n"
"	.thumb\n"
"	.balign	4\n"
"steps_thumb:\n"
"	step\n	movs	r1, #0\n"
"	step\n	cbz	r1, 1f\n"
"	udf	#0\n"
"1:	step\n	cbnz	r1, 1f\n"
"	step\n	beq	1f\n"
"	udf	#0\n"
"1:	step\n	beq.w	1f\n"
"	udf	#0\n"
"1:	step\n	bne.w	1f\n"
"	step\n	b	1f\n"
"	udf	#0\n"
"1:	step\n	b.w	1f\n"
"	udf	#0\n"
"1:	step\n	bl	1f\n"
"	udf	#0\n"
"1:	step\n	ite	ne\n"
"	step\n	movne	r1, #5\n"
"	step\n	moveq	r2, #6\n"
"	step\n	itt	eq\n"
"	step\n	moveq	r1, #5\n"
"	step\n	beq	1f\n"
"	udf	#0\n"
"1:	step\n	it	ne\n"
"	step\n	bne	1f\n"
"	step\n	movs	r1, #1\n"
"	step\n	tbb	[pc, r1]\n"
"2:	.byte	0, (1f - 2b) / 2\n"
"	udf	#0\n"
"1:	step\n	tbh	[pc, r1, lsl #1]\n"
"2:	.short	0, (1f - 2b) / 2\n"
"	udf	#0\n"
"	.balign	4\n"
"1:	step\n	ldr.w	pc, 3f\n"
"	udf	#0\n"
"	.balign	4\n"
"3:	.word	1f + 1\n"
"1:	step\n	adr	r1, 1f\n"
"	step\n	adds	r1, #1\n"
"	step\n	push	{r1, r2, r3}\n"
"	step\n	ldr.w	pc, [sp, #0]\n"
"	udf	#0\n"
"	.balign	4\n"
"1:	step\n	adr	r1, 1f\n"
"	step\n	adds	r1, #1\n"
"	step\n	str	r1, [sp, #8]\n"
"	step\n	pop	{r2, r3, pc}\n"
"	udf	#0\n"
"	.balign	4\n"
"1:	step\n	adr	r1, 1f\n"
"	step\n	mov	pc, r1\n"
"	udf	#0\n"
"	.balign	4\n"
"1:	step\n	movs	r1, #0\n"
"	step\n	add	pc, r1\n"
"	nop\n"
"	step\n	svc	#1\n"
"	expect	debug_vectors + 8\n"
"	expect	debug_svc\n"
"	.arm\n"
"	.balign	4\n"
"	.pushsection .rodata.steps, \"a\", %progbits\n"
"steps_end:\n"
"	.popsection\n"

"	.section .rodata\n"
"	.balign	4\n"
"user_code:\n"
"	mov	r0, r0\n"
"	svc	#1\n"
"user_code_end:\n"
"	.data\n"
"	.balign	8\n"
"point_word:\n"
"	.word	0, 0\n"
"	.text\n"
#ifdef __thumb__
"	.thumb\n"
#else
"	.arm\n"
#endif
);

static void guest_code(void)
{
}

static struct kvm_vm *create_vm(struct kvm_vcpu **vcpu, const void *pc)
{
	struct kvm_vm *vm = vm_create_with_one_vcpu(vcpu, guest_code);
	uint32_t cpsr;

	vcpu_set_reg(*vcpu, KVM_CP15(CP15_VBAR), (uintptr_t)debug_vectors);
	vcpu_set_reg(*vcpu, ARM_CORE_REG(usr_regs.ARM_pc), (uintptr_t)pc);
	cpsr = vcpu_get_reg32(*vcpu, ARM_CORE_REG(usr_regs.ARM_cpsr));
	vcpu_set_reg(*vcpu, ARM_CORE_REG(usr_regs.ARM_cpsr), cpsr & ~PSR_T);
	return vm;
}

static uint32_t get_pc(struct kvm_vcpu *vcpu)
{
	return vcpu_get_reg32(vcpu, ARM_CORE_REG(usr_regs.ARM_pc));
}

static void skip(struct kvm_vcpu *vcpu, unsigned int bytes)
{
	vcpu_set_reg(vcpu, ARM_CORE_REG(usr_regs.ARM_pc),
		     get_pc(vcpu) + bytes);
}

static void set_debug(struct kvm_vcpu *vcpu, uint32_t control,
		      const struct kvm_guest_debug_arch *regs)
{
	struct kvm_guest_debug debug = {
		.control = control ? KVM_GUESTDBG_ENABLE | control : 0,
	};

	if (regs)
		debug.arch = *regs;
	vcpu_guest_debug_set(vcpu, &debug);
}

static void run_to_debug(struct kvm_vcpu *vcpu, const void *pc, uint32_t ec,
			 uint32_t moe)
{
	struct kvm_debug_exit_arch *arch = &vcpu->run->debug.arch;

	vcpu_run(vcpu);
	TEST_ASSERT(vcpu->run->exit_reason == KVM_EXIT_DEBUG,
		    "exit %s at 0x%x, 0x%x wanted",
		    exit_reason_str(vcpu->run->exit_reason), get_pc(vcpu),
		    (uint32_t)(uintptr_t)pc);
	TEST_ASSERT_EQ(get_pc(vcpu), (uintptr_t)pc);
	TEST_ASSERT_EQ(HSR_EC(arch->hsr), ec);
	TEST_ASSERT_EQ(HSR_FSC(arch->hsr), FSC_DEBUG);
	TEST_ASSERT_EQ(DSCR_MOE(arch->dscr), moe);
	TEST_ASSERT_EQ(arch->pad, 0);
}

/* BKPT is for user space, or else the guest's own */
static void test_software(void)
{
	struct kvm_vcpu *vcpu;
	struct kvm_vm *vm = create_vm(&vcpu, points);

	set_debug(vcpu, KVM_GUESTDBG_USE_SW_BP, NULL);
	run_to_debug(vcpu, point_bkpt, HSR_EC_IABT, MOE_BKPT);
	/* As often as it is run */
	run_to_debug(vcpu, point_bkpt, HSR_EC_IABT, MOE_BKPT);
	TEST_ASSERT_EQ(vcpu->run->debug.arch.far, 0);
	skip(vcpu, 4);
	run_to_debug(vcpu, point_thumb, HSR_EC_IABT, MOE_BKPT);
	TEST_ASSERT(vcpu_get_reg32(vcpu, ARM_CORE_REG(usr_regs.ARM_cpsr)) &
		    PSR_T, "not in Thumb state");
	skip(vcpu, 2);
	run_to_debug(vcpu, point_bkpt2, HSR_EC_IABT, MOE_BKPT);
	kvm_vm_free(vm);
	ksft_test_result_pass("software breakpoints\n");
}

static void break_at(struct kvm_guest_debug_arch *regs, unsigned int n,
		     uint32_t addr, uint32_t bas)
{
	regs->dbg_bvr[n] = addr & ~3U;
	regs->dbg_bcr[n] = BAS(bas) | PMC | E;
}

static void test_guests_bkpt(void)
{
	struct kvm_guest_debug_arch regs = {};
	struct kvm_vcpu *vcpu;
	struct kvm_vm *vm = create_vm(&vcpu, point_ldrb);

	vcpu_set_reg(vcpu, ARM_CORE_REG(usr_regs.ARM_r0),
		     (uintptr_t)point_word);
	break_at(&regs, 0, (uintptr_t)point_end, 0xf);
	set_debug(vcpu, KVM_GUESTDBG_USE_HW, &regs);
	run_to_debug(vcpu, point_end, HSR_EC_IABT, MOE_BREAKPOINT);
	TEST_ASSERT_EQ(vcpu_get_reg32(vcpu, ARM_CORE_REG(usr_regs.ARM_r9)) &
		       ~BIT(12), FSR_DEBUG);
	kvm_vm_free(vm);
	ksft_test_result_pass("the guest's own BKPT\n");
}

static void test_hardware(unsigned int nr)
{
	struct kvm_guest_debug_arch regs = {};
	struct kvm_vcpu *vcpu;
	struct kvm_vm *vm = create_vm(&vcpu, points);

	/* The first and the last that there is */
	break_at(&regs, 0, (uintptr_t)point_arm, 0xf);
	break_at(&regs, nr - 1, (uintptr_t)point_half, 0xc);
	set_debug(vcpu, KVM_GUESTDBG_USE_SW_BP | KVM_GUESTDBG_USE_HW, &regs);

	run_to_debug(vcpu, point_bkpt, HSR_EC_IABT, MOE_BKPT);
	skip(vcpu, 4);
	run_to_debug(vcpu, point_half, HSR_EC_IABT, MOE_BREAKPOINT);
	run_to_debug(vcpu, point_half, HSR_EC_IABT, MOE_BREAKPOINT);
	TEST_ASSERT_EQ(vcpu->run->debug.arch.far, 0);
	skip(vcpu, 2);
	run_to_debug(vcpu, point_thumb, HSR_EC_IABT, MOE_BKPT);
	skip(vcpu, 2);
	run_to_debug(vcpu, point_arm, HSR_EC_IABT, MOE_BREAKPOINT);

	/* Without them it goes on */
	set_debug(vcpu, KVM_GUESTDBG_USE_SW_BP, NULL);
	run_to_debug(vcpu, point_bkpt2, HSR_EC_IABT, MOE_BKPT);
	kvm_vm_free(vm);
	ksft_test_result_pass("hardware breakpoints\n");
}

static void test_watchpoints(unsigned int nr)
{
	struct kvm_guest_debug_arch regs = {};
	uint32_t addr = (uintptr_t)point_word;
	struct kvm_vcpu *vcpu;
	struct kvm_vm *vm = create_vm(&vcpu, point_arm);

	vcpu_set_reg(vcpu, ARM_CORE_REG(usr_regs.ARM_r0), addr);
	regs.dbg_wvr[0] = addr;
	regs.dbg_wcr[0] = BAS(0xf) | STORE | PMC | E;
	regs.dbg_wvr[nr - 1] = addr;
	regs.dbg_wcr[nr - 1] = BAS(0x8) | LOAD | PMC | E;
	set_debug(vcpu, KVM_GUESTDBG_USE_SW_BP | KVM_GUESTDBG_USE_HW, &regs);

	run_to_debug(vcpu, point_str, HSR_EC_DABT, MOE_WATCHPOINT);
	TEST_ASSERT_EQ(vcpu->run->debug.arch.far, addr);
	TEST_ASSERT(vcpu->run->debug.arch.hsr & HSR_WNR, "not a write");
	regs.dbg_wcr[0] = 0;
	set_debug(vcpu, KVM_GUESTDBG_USE_SW_BP | KVM_GUESTDBG_USE_HW, &regs);

	run_to_debug(vcpu, point_ldrb, HSR_EC_DABT, MOE_WATCHPOINT);
	TEST_ASSERT_EQ(vcpu->run->debug.arch.far, addr + 3);
	TEST_ASSERT(!(vcpu->run->debug.arch.hsr & HSR_WNR), "not a read");
	TEST_ASSERT_EQ(*(uint32_t *)addr_gva2hva(vm, addr), 1);

	set_debug(vcpu, KVM_GUESTDBG_USE_SW_BP, NULL);
	run_to_debug(vcpu, point_bkpt2, HSR_EC_IABT, MOE_BKPT);
	kvm_vm_free(vm);
	ksft_test_result_pass("watchpoints\n");
}

/* Code that user mode may execute */
static void map_user_page(struct kvm_vm *vm)
{
	vm_paddr_t gpa = vm_phy_page_alloc(vm, KVM_GUEST_PAGE_TABLE_MIN_PADDR,
					   0);

	virt_map(vm, USER_GVA, gpa, 1);
	memcpy(addr_gpa2hva(vm, gpa), user_code,
	       (char *)user_code_end - (char *)user_code);
	*virt_get_pte_hva(vm, USER_GVA) |= PTE_AP_USER;
}

static void set_irq_line(struct kvm_vm *vm, int level)
{
	kvm_irq_line(vm, KVM_ARM_IRQ_TYPE_CPU << KVM_ARM_IRQ_TYPE_SHIFT |
			 KVM_ARM_IRQ_CPU_IRQ, level);
}

static void step_once(struct kvm_vcpu *vcpu, int *nr_mmio)
{
	do {
		vcpu_run(vcpu);
		*nr_mmio += vcpu->run->exit_reason == KVM_EXIT_MMIO;
	} while (vcpu->run->exit_reason == KVM_EXIT_MMIO);

	TEST_ASSERT(vcpu->run->exit_reason == KVM_EXIT_DEBUG,
		    "exit %s at 0x%x", exit_reason_str(vcpu->run->exit_reason),
		    get_pc(vcpu));
	TEST_ASSERT_EQ(HSR_EC(vcpu->run->debug.arch.hsr), HSR_EC_IABT);
	TEST_ASSERT_EQ(DSCR_MOE(vcpu->run->debug.arch.dscr), MOE_BREAKPOINT);
}

static void test_steps(void)
{
	const uint32_t *at = steps_begin + 1;
	struct kvm_vcpu *vcpu;
	struct kvm_vm *vm = create_vm(&vcpu, steps_arm);
	int nr_mmio = 0;

	map_user_page(vm);
	virt_map(vm, MMIO_GVA, MMIO_GVA, 1);
	set_irq_line(vm, 1);
	set_debug(vcpu, KVM_GUESTDBG_SINGLESTEP, NULL);

	for (; at < steps_end; at++) {
		step_once(vcpu, &nr_mmio);
		while (*at & OPTIONAL && get_pc(vcpu) != (*at & ~OPTIONAL))
			at++;
		/* An exit in between, by the host's tick, makes the store fail */
		while (get_pc(vcpu) == (uintptr_t)steps_ldrex &&
		       *at != get_pc(vcpu))
			at--;
		TEST_ASSERT(get_pc(vcpu) == (*at & ~OPTIONAL),
			    "step %zd: at 0x%x, not at 0x%x",
			    at - steps_begin, get_pc(vcpu), *at);
		if (get_pc(vcpu) == (uintptr_t)debug_vectors + 0x18)
			set_irq_line(vm, 0);
	}

	TEST_ASSERT_EQ(nr_mmio, 2);
	TEST_ASSERT_EQ(*(uint32_t *)addr_gva2hva(vm, (uintptr_t)point_word), 1);
	kvm_vm_free(vm);
	ksft_test_result_pass("%zd steps\n", steps_end - steps_begin);
}

/* Descriptors of the short format: Normal memory, of a domain that permits all */
#define SHORT_SECTION		(0x2 | 1 << 12 | 0x3 << 2)
#define SHORT_SUPERSECTION	(SHORT_SECTION | BIT(18))
#define SHORT_TABLE		0x1
#define SHORT_LARGE_PAGE	(0x1 | 1 << 12 | 0x3 << 2)
#define SHORT_SMALL_PAGE	(0x2 | 1 << 6 | 0x3 << 2)
#define SHORT_L1_SIZE		0x4000
#define SHORT_L2_ENTRIES	256
#define SHORT_REPEATED		16
#define DACR_MANAGER		0xffffffff
#define TTBCR_N(n)		(n)
#define TTBCR_PD1		BIT(5)
#define SCTLR_TRE		BIT(28)
#define SCTLR_AFE		BIT(29)
#define LDR_PC_R0		0xe590f000
/* The guest's instruction cache may have what is near the instruction */
#define WORD_OFFSET		SZ_1K

/* Where the same memory is found, each by another descriptor */
#define SECTION_GVA		0x10000000U
#define SUPERSECTION_GVA	0x20000000U
#define LARGE_GVA		0x30000000U
#define SMALL_L1_GVA		0x30100000U
#define SMALL_INDEX		0x93
#define SMALL_GVA		(SMALL_L1_GVA + SMALL_INDEX * SZ_4K)
#define TTBR1_GVA		0x98000000U
/* TTBCR.N of 1: TTBR0 has a table of half the size, for one half */
#define TTBR0_GVA		(TTBR1_GVA - 0x80000000U)

static void make_short_tables(uint32_t *l1, uint32_t *l2, vm_paddr_t l2_gpa,
			      vm_paddr_t code)
{
	unsigned int i;

	l1[SECTION_GVA / SZ_1M] = (code & -SZ_1M) | SHORT_SECTION;
	l1[TTBR1_GVA / SZ_1M] = (code & -SZ_1M) | SHORT_SECTION;
	for (i = 0; i < SHORT_REPEATED; i++)
		l1[SUPERSECTION_GVA / SZ_1M + i] = (code & -SZ_16M) |
						   SHORT_SUPERSECTION;

	l1[LARGE_GVA / SZ_1M] = l2_gpa | SHORT_TABLE;
	for (i = 0; i < SHORT_REPEATED; i++)
		l2[i] = (code & -SZ_64K) | SHORT_LARGE_PAGE;

	l2 += SHORT_L2_ENTRIES;
	l1[SMALL_L1_GVA / SZ_1M] = (l2_gpa + SHORT_L2_ENTRIES * sizeof(*l2)) |
				SHORT_TABLE;
	l2[SMALL_INDEX] = code | SHORT_SMALL_PAGE;
}

/* Where an instruction leads to that loads the PC: both are read by the tables */
static void test_short_tables(void)
{
	static const struct {
		uint32_t gva;
		uint32_t size;
		uint32_t ttbcr;
		uint32_t ttbr0;
	} maps[] = {
		{ SECTION_GVA, SZ_1M },
		{ SUPERSECTION_GVA, SZ_16M },
		{ LARGE_GVA, SZ_64K },
		{ SMALL_GVA, SZ_4K },
		{ TTBR1_GVA, SZ_1M },
		{ TTBR1_GVA, SZ_1M, TTBCR_N(1), SHORT_L1_SIZE / 2 },
		{ TTBR0_GVA, SZ_1M, TTBCR_N(1) | TTBCR_PD1, SHORT_L1_SIZE / 2 },
	};
	struct kvm_vcpu *vcpu;
	struct kvm_vm *vm = create_vm(&vcpu, points);
	/* Aligned to its size, and two pages behind it */
	vm_paddr_t gpa = vm_phy_pages_alloc(vm, 2 * SHORT_L1_SIZE / SZ_4K + 2,
					    KVM_GUEST_PAGE_TABLE_MIN_PADDR, 0);
	vm_paddr_t l1 = (gpa + SHORT_L1_SIZE - 1) & -SHORT_L1_SIZE;
	vm_paddr_t l2 = l1 + SHORT_L1_SIZE, code = l2 + SZ_4K;
	uint32_t *word = addr_gpa2hva(vm, code + WORD_OFFSET);
	uint32_t sctlr = vcpu_get_reg32(vcpu, KVM_CP15(CP15_SCTLR));
	unsigned int i;

	*(uint32_t *)addr_gpa2hva(vm, code) = LDR_PC_R0;
	make_short_tables(addr_gpa2hva(vm, l1), addr_gpa2hva(vm, l2), l2, code);
	vcpu_set_reg(vcpu, KVM_CP15(CP15_SCTLR),
		     sctlr & ~(SCTLR_TRE | SCTLR_AFE));
	vcpu_set_reg(vcpu, KVM_CP15(CP15_DACR), DACR_MANAGER);
	set_debug(vcpu, KVM_GUESTDBG_SINGLESTEP, NULL);

	for (i = 0; i < ARRAY_SIZE(maps); i++) {
		uint32_t gva = maps[i].gva + (code & (maps[i].size - 1));

		*word = gva + SZ_64;
		vcpu_set_reg(vcpu, KVM_CP15(CP15_TTBCR), maps[i].ttbcr);
		vcpu_set_reg(vcpu, KVM_CP15(CP15_TTBR0), l1 + maps[i].ttbr0);
		vcpu_set_reg(vcpu, KVM_CP15(CP15_TTBR1), l1);
		vcpu_set_reg(vcpu, ARM_CORE_REG(usr_regs.ARM_r0),
			     gva + WORD_OFFSET);
		vcpu_set_reg(vcpu, ARM_CORE_REG(usr_regs.ARM_pc), gva);
		run_to_debug(vcpu, (void *)(uintptr_t)(gva + SZ_64),
			     HSR_EC_IABT, MOE_BREAKPOINT);
	}

	kvm_vm_free(vm);
	ksft_test_result_pass("step by short descriptors\n");
}

/* TTBCR of the long format (B4.1.153), and the other region's attributes */
#define TTBCR_T0SZ(n)		(n)
#define TTBCR_T1SZ(n)		((n) << 16)
#define TTBCR_ATTR1		(3U << 28 | BIT(26) | BIT(24))
/* In the last of the four GiB, and in the second half of that */
#define HIGH_GVA		0xe0100000U

/* By TTBR1, for regions of different sizes, of what TTBR0 has for all of them */
static void test_long_tables(void)
{
	struct kvm_vcpu *vcpu;
	struct kvm_vm *vm = create_vm(&vcpu, points);
	vm_paddr_t code = vm_phy_page_alloc(vm, KVM_GUEST_PAGE_TABLE_MIN_PADDR,
					    0);
	uint64_t *pgd = addr_gpa2hva(vm, vm->pgd);
	uint32_t ttbcr = vcpu_get_reg32(vcpu, KVM_CP15(CP15_TTBCR));
	struct {
		uint32_t ttbcr;
		uint64_t ttbr1;
	} maps[] = {
		{ 0, 0 },
		{ TTBCR_T0SZ(1), vm->pgd },
		{ TTBCR_T1SZ(1), vm->pgd + 2 * sizeof(*pgd) },
		/* No more than a GiB: the walk begins at the second level */
		{ TTBCR_T0SZ(1) | TTBCR_T1SZ(2) },
		{ TTBCR_T1SZ(3) },
	};
	unsigned int i;

	virt_map(vm, HIGH_GVA, code, 1);
	maps[3].ttbr1 = pgd[3] & PTE_ADDR_MASK;
	maps[4].ttbr1 = maps[3].ttbr1 + SZ_4K / 2;

	*(uint32_t *)addr_gpa2hva(vm, code) = LDR_PC_R0;
	*(uint32_t *)addr_gpa2hva(vm, code + WORD_OFFSET) = HIGH_GVA + SZ_64;
	set_debug(vcpu, KVM_GUESTDBG_SINGLESTEP, NULL);
	vcpu_set_reg(vcpu, ARM_CORE_REG(usr_regs.ARM_r0),
		     HIGH_GVA + WORD_OFFSET);

	for (i = 0; i < ARRAY_SIZE(maps); i++) {
		vcpu_set_reg(vcpu, KVM_CP15(CP15_TTBCR),
			     ttbcr | TTBCR_ATTR1 | maps[i].ttbcr);
		vcpu_set_reg(vcpu, KVM_CP15_64(CP15_TTBR1_64), maps[i].ttbr1);
		vcpu_set_reg(vcpu, ARM_CORE_REG(usr_regs.ARM_pc), HIGH_GVA);
		run_to_debug(vcpu, (void *)(uintptr_t)(HIGH_GVA + SZ_64),
			     HSR_EC_IABT, MOE_BREAKPOINT);
	}

	kvm_vm_free(vm);
	ksft_test_result_pass("step by long descriptors\n");
}

/* The guest's addresses are physical ones */
static void test_no_mmu(void)
{
	struct kvm_vcpu *vcpu;
	struct kvm_vm *vm = create_vm(&vcpu, points);
	vm_paddr_t code = vm_phy_page_alloc(vm, KVM_GUEST_PAGE_TABLE_MIN_PADDR,
					    0);
	uint32_t sctlr = vcpu_get_reg32(vcpu, KVM_CP15(CP15_SCTLR));

	*(uint32_t *)addr_gpa2hva(vm, code) = LDR_PC_R0;
	*(uint32_t *)addr_gpa2hva(vm, code + WORD_OFFSET) = code + SZ_64;
	vcpu_set_reg(vcpu, KVM_CP15(CP15_SCTLR),
		     sctlr & ~(SCTLR_M | SCTLR_C | SCTLR_I));
	vcpu_set_reg(vcpu, ARM_CORE_REG(usr_regs.ARM_r0), code + WORD_OFFSET);
	vcpu_set_reg(vcpu, ARM_CORE_REG(usr_regs.ARM_pc), code);
	set_debug(vcpu, KVM_GUESTDBG_SINGLESTEP, NULL);
	run_to_debug(vcpu, (void *)(uintptr_t)(code + SZ_64), HSR_EC_IABT,
		     MOE_BREAKPOINT);

	kvm_vm_free(vm);
	ksft_test_result_pass("step without an MMU\n");
}

static void start_user(struct kvm_vcpu *vcpu, int control)
{
	vcpu_set_reg(vcpu, ARM_CORE_REG(usr_regs.ARM_cpsr), PSR_MODE_USR);
	vcpu_set_reg(vcpu, ARM_CORE_REG(usr_regs.ARM_pc), USER_GVA);
	set_debug(vcpu, KVM_GUESTDBG_SINGLESTEP | control, NULL);
}

static void expect_psr(struct kvm_vcpu *vcpu, uint64_t id, uint32_t wanted)
{
	uint32_t psr = vcpu_get_reg32(vcpu, id);

	TEST_ASSERT((psr & (PSR_I | PSR_F | PSR_MODE_MASK)) == wanted,
		    "PSR 0x%x, not 0x%x", psr, wanted);
}

/* One is pending all the time, and User mode does not get to see it. */
static void test_held_irqs(void)
{
	struct kvm_vcpu *vcpu;
	struct kvm_vm *vm = create_vm(&vcpu, steps_arm);
	int nr_mmio = 0;

	map_user_page(vm);
	vcpu_set_reg(vcpu, KVM_CP15(CP15_VBAR), (uintptr_t)debug_vectors);
	set_irq_line(vm, 1);

	start_user(vcpu, KVM_GUESTDBG_BLOCKIRQ);
	step_once(vcpu, &nr_mmio);
	TEST_ASSERT_EQ(get_pc(vcpu), USER_GVA + 4);
	expect_psr(vcpu, ARM_CORE_REG(usr_regs.ARM_cpsr), PSR_MODE_USR);
	step_once(vcpu, &nr_mmio);
	TEST_ASSERT_EQ(get_pc(vcpu), (uintptr_t)debug_vectors + 8);
	expect_psr(vcpu, ARM_CORE_REG(usr_regs.ARM_cpsr),
		   PSR_MODE_SVC | PSR_I);
	expect_psr(vcpu, ARM_CORE_REG(KVM_ARM_SVC_spsr), PSR_MODE_USR);

	start_user(vcpu, 0);
	step_once(vcpu, &nr_mmio);
	TEST_ASSERT_EQ(get_pc(vcpu), (uintptr_t)debug_vectors + 0x18);
	expect_psr(vcpu, ARM_CORE_REG(KVM_ARM_IRQ_spsr), PSR_MODE_USR);
	kvm_vm_free(vm);
	ksft_test_result_pass("interrupts held back from a step\n");
}

/* It gets nowhere, but does not hang either */
static void test_step_still(void)
{
	struct kvm_vcpu *vcpu;
	struct kvm_vm *vm = create_vm(&vcpu, point_end);

	set_debug(vcpu, KVM_GUESTDBG_SINGLESTEP, NULL);
	run_to_debug(vcpu, point_end, HSR_EC_IABT, MOE_BREAKPOINT);
	run_to_debug(vcpu, point_end, HSR_EC_IABT, MOE_BREAKPOINT);
	/* From another place */
	vcpu_set_reg(vcpu, ARM_CORE_REG(usr_regs.ARM_pc), (uintptr_t)points);
	run_to_debug(vcpu, points + 4, HSR_EC_IABT, MOE_BREAKPOINT);
	kvm_vm_free(vm);
	ksft_test_result_pass("step of a branch to itself\n");
}

/**
 * struct bad - what KVM_SET_GUEST_DEBUG does not accept
 * @control: kvm_guest_debug::control, with KVM_GUESTDBG_ENABLE
 * @bcr: of breakpoint @n
 * @bvr: likewise
 * @wcr: of watchpoint @n
 * @wvr: likewise
 * @n: which
 */
struct bad {
	uint32_t control;
	uint32_t bcr;
	uint32_t bvr;
	uint32_t wcr;
	uint32_t wvr;
	unsigned int n;
};

#define BCR(bits)	.control = KVM_GUESTDBG_USE_HW, .bcr = (bits)
#define WCR(bits)	.control = KVM_GUESTDBG_USE_HW, .wcr = (bits)
#define GOOD_BCR	(BAS(0xf) | PMC | E)
#define GOOD_WCR	(BAS(0xf) | LOAD | PMC | E)

static const struct bad bad[] = {
	{ .control = 1 << 18 },
	{ .control = 1 << 2 },
	{ BCR(PMC | E) },
	{ BCR(BAS(0x1) | PMC | E) },
	{ BCR(GOOD_BCR | HMC) },
	{ BCR(GOOD_BCR | BIT(14)) },
	{ BCR(GOOD_BCR | BT(8)) },
	{ BCR(GOOD_BCR | BT(1) | LBN(15)) },
	{ BCR(GOOD_BCR | MASK(3)) },
	{ BCR(GOOD_BCR), .bvr = 2 },
	{ BCR(GOOD_BCR), .n = 15 },
	{ WCR(GOOD_WCR & ~PMC) },
	{ WCR(GOOD_WCR & ~LOAD) },
	{ WCR(GOOD_WCR & ~BAS(0xf)) },
	{ WCR(GOOD_WCR & ~BAS(0x6)) },
	{ WCR(GOOD_WCR | HMC) },
	{ WCR(GOOD_WCR | MASK(3)) },
	{ WCR(GOOD_WCR | BAS(0xff) | MASK(2)) },
	{ WCR(GOOD_WCR | BAS(0xff) | MASK(4)), .wvr = 8 },
	{ WCR(GOOD_WCR | BAS(0xff)), .wvr = 4 },
	{ WCR(GOOD_WCR), .wvr = 1 },
	{ WCR(GOOD_WCR), .n = 15 },
};

static void test_bad(void)
{
	struct kvm_vm *vm = vm_create(1);
	struct kvm_vcpu *vcpu = __vm_vcpu_add(vm, 0);
	struct kvm_guest_debug debug = { .control = KVM_GUESTDBG_ENABLE };
	const struct bad *b;
	int ret;

	ret = __vcpu_ioctl(vcpu, KVM_SET_GUEST_DEBUG, &debug);
	TEST_ASSERT(ret == -1 && errno == ENOEXEC, "before the init: %d", errno);
	arm_vcpu_setup(vcpu, NULL);

	for (b = bad; b < bad + ARRAY_SIZE(bad); b++) {
		memset(&debug, 0, sizeof(debug));
		debug.control = KVM_GUESTDBG_ENABLE | b->control;
		debug.arch.dbg_bcr[b->n] = b->bcr;
		debug.arch.dbg_bvr[b->n] = b->bvr;
		debug.arch.dbg_wcr[b->n] = b->wcr;
		debug.arch.dbg_wvr[b->n] = b->wvr;
		ret = __vcpu_ioctl(vcpu, KVM_SET_GUEST_DEBUG, &debug);
		TEST_ASSERT(ret == -1 && errno == EINVAL,
			    "%zd: %d, errno %d", b - bad, ret, errno);

		/* What is not enabled does not matter */
		debug.arch.dbg_bcr[b->n] &= ~E;
		debug.arch.dbg_wcr[b->n] &= ~E;
		if (b->control & KVM_GUESTDBG_USE_HW)
			vcpu_guest_debug_set(vcpu, &debug);
	}

	/*
	 * PMC 0b00 is User, System and Supervisor mode, and of a watchpoint only
	 * is it reserved. The emulator's breakpoints have no such modes.
	 */
	memset(&debug, 0, sizeof(debug));
	debug.control = KVM_GUESTDBG_ENABLE | KVM_GUESTDBG_USE_HW;
	debug.arch.dbg_bcr[0] = GOOD_BCR & ~PMC;
	vcpu_guest_debug_set(vcpu, &debug);

	set_debug(vcpu, 0, NULL);
	kvm_vm_free(vm);
	ksft_test_result_pass("bad values\n");
}

int main(void)
{
	unsigned int nr_bps = kvm_check_cap(KVM_CAP_GUEST_DEBUG_HW_BPS);
	unsigned int nr_wps = kvm_check_cap(KVM_CAP_GUEST_DEBUG_HW_WPS);

	TEST_REQUIRE(kvm_has_cap(KVM_CAP_SET_GUEST_DEBUG));
	ksft_print_header();

	if (!nr_bps) {
		ksft_set_plan(1);
		test_software();
		ksft_finished();
	}

	ksft_print_msg("%u breakpoints, %u watchpoints\n", nr_bps, nr_wps);
	ksft_set_plan(11);
	test_bad();
	test_software();
	test_hardware(nr_bps);
	test_guests_bkpt();
	test_watchpoints(nr_wps);
	test_step_still();
	test_steps();
	test_short_tables();
	test_long_tables();
	test_no_mmu();
	test_held_irqs();
	ksft_finished();
}
