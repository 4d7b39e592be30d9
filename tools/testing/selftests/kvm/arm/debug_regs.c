// SPDX-License-Identifier: GPL-2.0-only
/*
 * The guest's own breakpoints and watchpoints, as its kernel sets them: each
 * takes the exception it should, with address, status and method of debug
 * entry, also after exits to user space, and in another vCPU that was given the
 * registers; BKPT has its own method whatever was before it.
 */
#include "debug.h"
#include "isa.h"
#include "kvm_util.h"
#include "processor.h"

#define ENABLED			(3 << 1 | 1)
#define BAS(x)			((x) << 5)
#define LOAD			BIT(3)
#define STORE			BIT(4)
#define HMC			BIT(13)
#define BT(x)			((x) << 20)

#define FSR_DEBUG		(FSR_LPAE | 0x22)
#define FSR_MASK		(FSR_LPAE | FSR_STATUS_MASK)

/* One that a core with six of them has, not the first */
#define BRP			3
#define WRP			2

/* Guest and host share these */
static volatile uint32_t hits, hit_pc, hit_moe, hit_far, hit_fsr;
static uint32_t word;

static void guest_hit(struct ex_regs *regs, uint32_t fsr, uint32_t far)
{
	hits++;
	hit_pc = regs->pc;
	hit_moe = DSCR_MOE(read_cp14(CP14_DBGDSCRINT));
	hit_fsr = fsr;
	hit_far = far;
}

/* A BKPT is skipped, a breakpoint taken away */
static void guest_prefetch_abort(struct ex_regs *regs)
{
	guest_hit(regs, read_cp15(CP15_IFSR), 0);
	if (hit_moe == MOE_BKPT)
		regs->pc += insn_size(regs->pc, regs->cpsr & PSR_T);
	else
		write_cp14(0, CP14_DBGBCR(BRP));
	isb();
}

static void guest_data_abort(struct ex_regs *regs)
{
	guest_hit(regs, read_cp15(CP15_DFSR), read_cp15(CP15_DFAR));
	write_cp14(0, CP14_DBGWCR(WRP));
	isb();
}

static void guest_mdbgen(bool on)
{
	uint32_t dscr = read_cp14(CP14_DBGDSCREXT) & ~DSCR_MDBGEN;

	write_cp14(on ? dscr | DSCR_MDBGEN : dscr, CP14_DBGDSCREXT);
	isb();
}

static noinline __attribute__((target("arm"))) void target_arm(void)
{
	asm volatile("nop");
}

static noinline __attribute__((target("thumb"))) void target_thumb(void)
{
	asm volatile("nop");
}

static void guest_break(void (*fn)(void), uint32_t control)
{
	uint32_t addr = (uintptr_t)fn & ~1U;
	uint32_t bas = 0xf;

	if ((uintptr_t)fn & 1)
		bas = addr & 2 ? 0xc : 0x3;
	write_cp14(addr & ~3U, CP14_DBGBVR(BRP));
	write_cp14(BAS(bas) | control, CP14_DBGBCR(BRP));
	isb();
}

static void guest_expect(uint32_t n, uint32_t pc, uint32_t moe)
{
	__GUEST_ASSERT(hits == n, "%u hits, not %u", hits, n);
	__GUEST_ASSERT(hit_pc == pc, "pc 0x%x, not 0x%x", hit_pc, pc);
	__GUEST_ASSERT(hit_moe == moe, "MOE %u, not %u", hit_moe, moe);
	__GUEST_ASSERT((hit_fsr & FSR_MASK) == FSR_DEBUG, "FSR 0x%x", hit_fsr);
}

static void guest_registers(void)
{
	uint32_t didr = read_cp14(CP14_DBGDIDR);

	GUEST_ASSERT(DIDR_VERSION(didr) >= 5);
	GUEST_ASSERT(DIDR_NR_BRPS(didr) > BRP && DIDR_NR_WRPS(didr) > WRP);

	write_cp14(0x12345678, CP14_DBGBVR(BRP));
	write_cp14(0xffffffff, CP14_DBGBCR(BRP));
	write_cp14(0x87654320, CP14_DBGWVR(WRP));
	write_cp14(0xffffffff, CP14_DBGWCR(WRP));
	GUEST_ASSERT_EQ(read_cp14(CP14_DBGBVR(BRP)), 0x12345678);
	GUEST_ASSERT_EQ(read_cp14(CP14_DBGBCR(BRP)), 0x00ff01e7);
	GUEST_ASSERT_EQ(read_cp14(CP14_DBGWVR(WRP)), 0x87654320);
	GUEST_ASSERT_EQ(read_cp14(CP14_DBGWCR(WRP)), 0x1f1f1fff);
	write_cp14(0, CP14_DBGBCR(BRP));
	write_cp14(0, CP14_DBGWCR(WRP));
	GUEST_DONE();
}

static void guest_breakpoints(void)
{
	guest_mdbgen(true);
	guest_break(target_arm, ENABLED);
	target_arm();
	guest_expect(1, (uintptr_t)target_arm, MOE_BREAKPOINT);
	target_arm();
	GUEST_ASSERT_EQ(hits, 1);

	/* User space comes in between */
	guest_break(target_thumb, ENABLED);
	GUEST_SYNC(0);
	target_thumb();
	guest_expect(2, (uintptr_t)target_thumb & ~1U, MOE_BREAKPOINT);
	GUEST_DONE();
}

static void guest_watchpoints(void)
{
	uint32_t addr = (uintptr_t)&word;

	guest_mdbgen(true);
	write_cp14(addr, CP14_DBGWVR(WRP));
	write_cp14(BAS(0xf) | STORE | ENABLED, CP14_DBGWCR(WRP));
	isb();
	(void)READ_ONCE(word);
	GUEST_ASSERT_EQ(hits, 0);
	WRITE_ONCE(word, 1);
	guest_expect(1, hit_pc, MOE_WATCHPOINT);
	GUEST_ASSERT_EQ(hit_far, addr);
	GUEST_ASSERT(hit_fsr & FSR_WNR);

	write_cp14(BAS(0xf) | LOAD | ENABLED, CP14_DBGWCR(WRP));
	isb();
	GUEST_SYNC(0);
	(void)READ_ONCE(word);
	guest_expect(2, hit_pc, MOE_WATCHPOINT);
	GUEST_ASSERT_EQ(hit_far, addr);
	GUEST_ASSERT(!(hit_fsr & FSR_WNR));
	GUEST_DONE();
}

#define guest_bkpt()	asm volatile("bkpt #0" : : : "memory")

static void guest_bkpts(void)
{
	guest_bkpt();
	guest_expect(1, hit_pc, MOE_BKPT);
	guest_mdbgen(true);
	guest_bkpt();
	guest_expect(2, hit_pc, MOE_BKPT);
	guest_break(target_arm, ENABLED);
	guest_bkpt();
	guest_expect(3, hit_pc, MOE_BKPT);
	target_arm();
	guest_expect(4, (uintptr_t)target_arm, MOE_BREAKPOINT);
	/* None is enabled any more */
	guest_bkpt();
	guest_expect(5, hit_pc, MOE_BKPT);
	guest_bkpt();
	guest_expect(6, hit_pc, MOE_BKPT);
	GUEST_DONE();
}

/* What has no effect */
static void guest_without(void)
{
	guest_break(target_arm, ENABLED);
	target_arm();
	guest_mdbgen(true);
	guest_break(target_arm, ENABLED | BT(8));
	target_arm();
	guest_break(target_arm, ENABLED & ~1U);
	target_arm();
	GUEST_ASSERT_EQ(hits, 0);

	/* HMC is not there, and so has none */
	guest_break(target_arm, ENABLED | HMC);
	target_arm();
	GUEST_ASSERT_EQ(hits, 1);
	GUEST_DONE();
}

static struct kvm_vm *create_vm(struct kvm_vcpu **vcpu, void *guest)
{
	struct kvm_vm *vm = vm_create_with_one_vcpu(vcpu, guest);

	vm_init_descriptor_tables(vm);
	vm_install_exception_handler(vm, VECTOR_PREFETCH_ABORT,
				     guest_prefetch_abort);
	vm_install_exception_handler(vm, VECTOR_DATA_ABORT, guest_data_abort);
	return vm;
}

static void test_guest(const char *name, void *guest, int nr_syncs)
{
	struct kvm_vcpu *vcpu;
	struct kvm_vm *vm = create_vm(&vcpu, guest);

	while (nr_syncs--)
		vcpu_run_until(vcpu, UCALL_SYNC);
	vcpu_run_until(vcpu, UCALL_DONE);
	kvm_vm_free(vm);
	ksft_test_result_pass("%s\n", name);
}

/* The one sets its registers, and the other has the exception */
static void guest_moved(bool sets)
{
	if (sets) {
		guest_mdbgen(true);
		guest_break(target_arm, ENABLED);
		GUEST_SYNC(0);
	}
	target_arm();
	guest_expect(1, (uintptr_t)target_arm, MOE_BREAKPOINT);
	GUEST_DONE();
}

static const uint64_t ids[] = {
	KVM_CP14(CP14_DBGDSCREXT),
	KVM_CP14(CP14_DBGBCR(BRP)),
	KVM_CP14(CP14_DBGBVR(BRP)),
};

static void test_move(void)
{
	struct kvm_vcpu *from, *to;
	struct kvm_vm *vm_from = create_vm(&from, guest_moved);
	struct kvm_vm *vm_to = create_vm(&to, guest_moved);
	unsigned int i;

	vcpu_args_set(from, 1, 1);
	vcpu_args_set(to, 1, 0);
	vcpu_run_until(from, UCALL_SYNC);
	for (i = 0; i < ARRAY_SIZE(ids); i++)
		vcpu_set_reg(to, ids[i], vcpu_get_reg32(from, ids[i]));
	vcpu_run_until(to, UCALL_DONE);
	vcpu_run_until(from, UCALL_DONE);
	kvm_vm_free(vm_from);
	kvm_vm_free(vm_to);
	ksft_test_result_pass("moved to another vCPU\n");
}

/* A guest that starts over has what a new one has, and no breakpoint is left */
static void test_reset(void)
{
	struct kvm_vcpu *used, *fresh;
	struct kvm_vm *vm_used = create_vm(&used, guest_moved);
	struct kvm_vm *vm_fresh = create_vm(&fresh, guest_moved);
	unsigned int i;

	vcpu_args_set(used, 1, 1);
	vcpu_run_until(used, UCALL_SYNC);
	vcpu_set_reg(used, KVM_CP14(CP14_DBGWCR(WRP)), ENABLED);
	arm_vcpu_setup(used, NULL);
	for (i = 0; i < ARRAY_SIZE(ids); i++)
		TEST_ASSERT_EQ(vcpu_get_reg32(used, ids[i]),
			       vcpu_get_reg32(fresh, ids[i]));
	TEST_ASSERT_EQ(vcpu_get_reg32(used, KVM_CP14(CP14_DBGWCR(WRP))), 0);
	kvm_vm_free(vm_used);
	kvm_vm_free(vm_fresh);
	ksft_test_result_pass("reset\n");
}

/* While user space has its own, the guest's do nothing, and come back */
static void test_user_first(void)
{
	struct kvm_guest_debug debug = {
		.control = KVM_GUESTDBG_ENABLE | KVM_GUESTDBG_SINGLESTEP,
	};
	struct kvm_vcpu *vcpu;
	struct kvm_vm *vm = create_vm(&vcpu, guest_moved);

	vcpu_args_set(vcpu, 1, 1);
	vcpu_run_until(vcpu, UCALL_SYNC);
	vcpu_guest_debug_set(vcpu, &debug);
	vcpu_run(vcpu);
	TEST_ASSERT_EQ(vcpu->run->exit_reason, KVM_EXIT_DEBUG);
	debug.control = 0;
	vcpu_guest_debug_set(vcpu, &debug);
	vcpu_run_until(vcpu, UCALL_DONE);
	kvm_vm_free(vm);
	ksft_test_result_pass("after user space's\n");
}

int main(void)
{
	TEST_REQUIRE(kvm_check_cap(KVM_CAP_GUEST_DEBUG_HW_BPS) > BRP);
	ksft_print_header();
	ksft_set_plan(8);
	test_guest("registers", guest_registers, 0);
	test_guest("breakpoints", guest_breakpoints, 1);
	test_guest("watchpoints", guest_watchpoints, 1);
	test_guest("BKPT", guest_bkpts, 0);
	test_guest("without effect", guest_without, 0);
	test_move();
	test_reset();
	test_user_first();
	ksft_finished();
}
