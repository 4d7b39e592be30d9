// SPDX-License-Identifier: GPL-2.0-only
/*
 * The guest's own debug exceptions, each of its breakpoints and watchpoints in
 * turn: alone, linked to a context ID, and on instructions that make an exception
 * themselves, which comes after it.
 */
#include "debug.h"
#include "kvm_util.h"
#include "processor.h"

/* Of DBGBCR and DBGWCR */
#define ENABLED			(3 << 1 | 1)
#define ALL_BYTES		(0xf << 5)
#define STORE			BIT(4)
#define LINKED_TO(n)		((n) << 16)
#define BT_LINKED		BIT(20)
#define BT_LINKED_CONTEXT	(3 << 20)
#define WT_LINKED		BIT(20)

#define CONTEXT			0x12345600U
#define OTHER_CONTEXT		0x12345700U

/* What an exception was, in the order in which they came */
enum { NONE, BREAKPOINT, WATCHPOINT, BKPT, SVC };

#define MAX_HITS		4

static volatile uint32_t nr_hits, hit[MAX_HITS], hit_pc[MAX_HITS];
static uint32_t word;

extern const char on_nop[], on_bkpt[], on_svc[];

/* The number of a register is part of the instruction. */
#define WRITE_CASE(n, reg) \
	case n: \
		write_cp14(val, reg(n)); \
		break;

#define DEFINE_WRITE(name, reg) \
static void write_##name(unsigned int n, uint32_t val) \
{ \
	switch (n) { \
	WRITE_CASE(0, reg) WRITE_CASE(1, reg) WRITE_CASE(2, reg) \
	WRITE_CASE(3, reg) WRITE_CASE(4, reg) WRITE_CASE(5, reg) \
	WRITE_CASE(6, reg) WRITE_CASE(7, reg) WRITE_CASE(8, reg) \
	WRITE_CASE(9, reg) WRITE_CASE(10, reg) WRITE_CASE(11, reg) \
	WRITE_CASE(12, reg) WRITE_CASE(13, reg) WRITE_CASE(14, reg) \
	WRITE_CASE(15, reg) \
	} \
	isb(); \
}

DEFINE_WRITE(bvr, CP14_DBGBVR)
DEFINE_WRITE(bcr, CP14_DBGBCR)
DEFINE_WRITE(wvr, CP14_DBGWVR)
DEFINE_WRITE(wcr, CP14_DBGWCR)

static void guest_clear(void)
{
	uint32_t didr = read_cp14(CP14_DBGDIDR);
	unsigned int n;

	for (n = 0; n < DIDR_NR_BRPS(didr); n++)
		write_bcr(n, 0);
	for (n = 0; n < DIDR_NR_WRPS(didr); n++)
		write_wcr(n, 0);
}

static void guest_hit(uint32_t what, uint32_t pc)
{
	if (nr_hits < MAX_HITS) {
		hit[nr_hits] = what;
		hit_pc[nr_hits] = pc;
	}
	nr_hits++;
}

/* The breakpoint is taken away, and the instruction executes. */
static void guest_prefetch_abort(struct ex_regs *regs)
{
	uint32_t moe = DSCR_MOE(read_cp14(CP14_DBGDSCRINT));

	guest_hit(moe == MOE_BREAKPOINT ? BREAKPOINT :
		  moe == MOE_BKPT ? BKPT : NONE, regs->pc);
	if (moe == MOE_BKPT)
		regs->pc += 4;
	else
		guest_clear();
}

static void guest_data_abort(struct ex_regs *regs)
{
	uint32_t moe = DSCR_MOE(read_cp14(CP14_DBGDSCRINT));

	guest_hit(moe == MOE_WATCHPOINT ? WATCHPOINT : NONE, regs->pc);
	guest_clear();
}

static void guest_svc(struct ex_regs *regs)
{
	guest_hit(SVC, regs->pc - 4);
}

static noinline __attribute__((target("arm"))) void guest_instructions(void)
{
	asm volatile("on_nop:	nop\n"
		     "on_bkpt:	bkpt	#0\n"
		     "on_svc:	svc	#0\n"
		     : : : "lr", "memory");
}

static void guest_expect(unsigned int i, uint32_t what, const char *pc)
{
	__GUEST_ASSERT(hit[i] == what && hit_pc[i] == (uintptr_t)pc,
		       "exception %u is %u at 0x%x, not %u at 0x%x", i, hit[i],
		       hit_pc[i], what, (uint32_t)(uintptr_t)pc);
}

static void guest_expect_break(unsigned int n, uint32_t control,
			       const char *at, bool hits)
{
	unsigned int i = 0;

	nr_hits = 0;
	write_bvr(n, (uintptr_t)at);
	write_bcr(n, ENABLED | ALL_BYTES | control);
	guest_instructions();
	if (hits && at == on_nop)
		guest_expect(i++, BREAKPOINT, on_nop);
	if (hits && at == on_bkpt)
		guest_expect(i++, BREAKPOINT, on_bkpt);
	guest_expect(i++, BKPT, on_bkpt);
	if (hits && at == on_svc)
		guest_expect(i++, BREAKPOINT, on_svc);
	guest_expect(i++, SVC, on_svc);
	GUEST_ASSERT_EQ(nr_hits, i);
	guest_clear();
}

static void guest_expect_watch(unsigned int n, uint32_t control, bool hits)
{
	nr_hits = 0;
	write_wvr(n, (uintptr_t)&word);
	write_wcr(n, ENABLED | ALL_BYTES | STORE | control);
	WRITE_ONCE(word, n);
	GUEST_ASSERT_EQ(nr_hits, hits);
	if (hits)
		GUEST_ASSERT_EQ(hit[0], WATCHPOINT);
	guest_clear();
}

static void guest_context(uint32_t context)
{
	write_cp15(context, CP15_CONTEXTIDR);
	isb();
}

static void guest_link(unsigned int n)
{
	write_bvr(n, CONTEXT);
	write_bcr(n, ENABLED | ALL_BYTES | BT_LINKED_CONTEXT);
}

/* With a register that compares contexts, each of the others */
static void guest_linked(unsigned int context, uint32_t didr)
{
	unsigned int n;

	for (n = 0; n < DIDR_NR_BRPS(didr); n++) {
		if (n == context)
			continue;
		guest_context(CONTEXT);
		guest_link(context);
		guest_expect_break(n, BT_LINKED | LINKED_TO(context), on_nop,
				   true);
		guest_context(OTHER_CONTEXT);
		guest_link(context);
		guest_expect_break(n, BT_LINKED | LINKED_TO(context), on_nop,
				   false);
	}
	for (n = 0; n < DIDR_NR_WRPS(didr); n++) {
		guest_context(CONTEXT);
		guest_link(context);
		guest_expect_watch(n, WT_LINKED | LINKED_TO(context), true);
		guest_context(OTHER_CONTEXT);
		guest_link(context);
		guest_expect_watch(n, WT_LINKED | LINKED_TO(context), false);
	}
}

static void guest_code(void)
{
	uint32_t didr = read_cp14(CP14_DBGDIDR);
	unsigned int n, nr = DIDR_NR_BRPS(didr);

	guest_clear();
	write_cp14(read_cp14(CP14_DBGDSCREXT) | DSCR_MDBGEN, CP14_DBGDSCREXT);
	isb();

	for (n = 0; n < nr; n++) {
		guest_expect_break(n, 0, on_nop, true);
		guest_expect_break(n, 0, on_bkpt, true);
		guest_expect_break(n, 0, on_svc, true);
		guest_expect_break(n, 0, (const char *)&word, false);
	}
	for (n = 0; n < DIDR_NR_WRPS(didr); n++)
		guest_expect_watch(n, 0, true);
	for (n = nr - DIDR_CTX_CMPS(didr); n < nr; n++)
		guest_linked(n, didr);
	GUEST_DONE();
}

int main(void)
{
	struct kvm_vcpu *vcpu;
	struct kvm_vm *vm = vm_create_with_one_vcpu(&vcpu, guest_code);

	TEST_REQUIRE(kvm_check_cap(KVM_CAP_GUEST_DEBUG_HW_BPS) > 0);

	vm_init_descriptor_tables(vm);
	vm_install_exception_handler(vm, VECTOR_PREFETCH_ABORT,
				     guest_prefetch_abort);
	vm_install_exception_handler(vm, VECTOR_DATA_ABORT, guest_data_abort);
	vm_install_exception_handler(vm, VECTOR_SVC, guest_svc);

	vcpu_run_until(vcpu, UCALL_DONE);
	kvm_vm_free(vm);

	return 0;
}
