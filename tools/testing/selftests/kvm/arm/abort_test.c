// SPDX-License-Identifier: GPL-2.0-only
/*
 * Data and prefetch aborts of the guest, in ARM and in Thumb state: its own,
 * by its own page tables, and those that KVM injects, where there is no
 * memory, where the page tables themselves are not in memory, and on request
 * of user space.  Each has to report the right address and status, with the
 * right PC, LR and SPSR.
 */
#include <linux/sizes.h>

#include "isa.h"
#include "kvm_util.h"
#include "processor.h"

/* Nothing is at these guest physical addresses. */
#define HOLE_GPA	0x30000000UL
#define HOLE_OFFSET	0x124

/* Guest virtual addresses, apart from what the library maps */
#define DATA_GVA	0x20000000UL	/* one page with memory, see the PTE */
#define HOLE_GVA	0x21000000UL	/* HOLE_GPA */
#define WALK_GVA	0x22000000UL	/* level 3 table at HOLE_GPA */
#define LEVEL3_GVA	(DATA_GVA + SZ_4K)
#define LEVEL2_GVA	0x28000000UL
#define LEVEL1_GVA	0x80000000UL

/* A synchronous external abort on a walk tells the level in bits 1:0. */
#define FSR_SYNC_EXTERNAL_WALK		0x14
#define FSR_SYNC_EXTERNAL_WALK_MASK	0x3c

static struct fault_site site;
static volatile uint32_t want_far, want_status, want_wnr;

static bool status_is_expected(uint32_t fsr)
{
	uint32_t status = fsr & FSR_STATUS_MASK;

	if (status == want_status)
		return true;

	/* KVM may tell that it was the walk, or just that it is external. */
	return want_status == FSR_SYNC_EXTERNAL_WALK &&
	       (status == FSR_SYNC_EXTERNAL ||
		(status & FSR_SYNC_EXTERNAL_WALK_MASK) == want_status);
}

static void guest_check_fsr(const char *name, uint32_t fsr, uint32_t far)
{
	__GUEST_ASSERT(fsr & FSR_LPAE, "%s 0x%x: not in long format", name,
		       fsr);
	__GUEST_ASSERT(status_is_expected(fsr), "%s 0x%x, status 0x%x wanted",
		       name, fsr, want_status);
	__GUEST_ASSERT(far == want_far, "%s 0x%x: address 0x%x, not 0x%x",
		       name, fsr, far, want_far);
}

static void guest_data_abort_handler(struct ex_regs *regs)
{
	uint32_t cpsr = fault_site_check(&site, regs);
	uint32_t dfsr = read_cp15(CP15_DFSR);

	GUEST_ASSERT(cpsr & PSR_A);
	guest_check_fsr("DFSR", dfsr, read_cp15(CP15_DFAR));
	if (want_status != FSR_SYNC_EXTERNAL)
		GUEST_ASSERT_EQ(!!(dfsr & FSR_WNR), want_wnr);
}

/* The site is a call, and the fault is where it goes. */
static void guest_prefetch_abort_handler(struct ex_regs *regs)
{
	uint32_t ifsr = read_cp15(CP15_IFSR);
	uint32_t cpsr = read_cpsr();

	__GUEST_ASSERT(regs->pc == want_far, "pc 0x%x, not 0x%x", regs->pc,
		       want_far);
	__GUEST_ASSERT(regs->cpsr == site.cpsr, "SPSR 0x%x, not 0x%x",
		       regs->cpsr, site.cpsr);
	__GUEST_ASSERT((cpsr & (PSR_I | PSR_A | PSR_E)) == (PSR_I | PSR_A),
		       "CPSR 0x%x in the handler", cpsr);
	GUEST_ASSERT_EQ(cpsr & PSR_F, site.cpsr & PSR_F);
	guest_check_fsr("IFSR", ifsr, read_cp15(CP15_IFAR));

	site.count++;
	regs->pc = regs->lr & ~1U;
}

static __always_inline void expect(uint32_t status, uint32_t far, bool write)
{
	want_status = status;
	want_far = far;
	want_wnr = write;
}

#define EXPECT_DATA_ABORT(t, insn, addr, status, write) do {		\
	uint32_t __n = site.count;					\
									\
	expect(status, addr, write);					\
	GUEST_ASSERT_EQ(FAULT_SITE(&site, t, insn, addr), addr);	\
	GUEST_ASSERT_EQ(site.count, __n + 1);				\
} while (0)

#define READ(t, addr, status) \
	EXPECT_DATA_ABORT(t, "ldr r0, [r0]", addr, status, false)
#define WRITE(t, addr, status) \
	EXPECT_DATA_ABORT(t, "str r0, [r0]", addr, status, true)

/* Call the address in the instruction set of the caller. */
#define EXECUTE(t, addr, status) do {					\
	uint32_t __n = site.count;					\
									\
	expect(status, addr, false);					\
	asm volatile(".syntax unified\n"				\
		     "mrs r1, cpsr\n"					\
		     "orr r1, r1, %1\n"					\
		     "str r1, %0\n"					\
		     "blx %2"						\
		     : "=m" (site.cpsr)					\
		     : "i" (t), "r" ((addr) | !!(t))			\
		     : "r1", "lr", "memory");				\
	GUEST_ASSERT_EQ(site.count, __n + 1);				\
} while (0)

static __always_inline void guest_own_faults(uint32_t t)
{
	READ(t, LEVEL1_GVA, FSR_TRANSLATION(1));
	READ(t, LEVEL2_GVA, FSR_TRANSLATION(2));
	READ(t, LEVEL3_GVA, FSR_TRANSLATION(3));
	WRITE(t, LEVEL1_GVA + SZ_4K, FSR_TRANSLATION(1));

	/* DATA_GVA: read-only, and never executable */
	(void)READ_ONCE(*(uint32_t *)DATA_GVA);
	WRITE(t, DATA_GVA, FSR_PERMISSION(3));
	EXECUTE(t, DATA_GVA + 0x40, FSR_PERMISSION(3));
	EXECUTE(t, LEVEL2_GVA + 0x40, FSR_TRANSLATION(2));
}

BOTH_STATES(guest_own_faults)

static __always_inline void guest_access_flag(uint32_t t)
{
	READ(t, DATA_GVA, FSR_ACCESS_FLAG(3));
	WRITE(t, DATA_GVA + 4, FSR_ACCESS_FLAG(3));
}

BOTH_STATES(guest_access_flag)

static __always_inline void guest_execute_hole(uint32_t t)
{
	EXECUTE(t, HOLE_GVA, FSR_SYNC_EXTERNAL);
	EXECUTE(t, HOLE_GVA + HOLE_OFFSET, FSR_SYNC_EXTERNAL);
}

BOTH_STATES(guest_execute_hole)

static __always_inline void guest_walk_hole(uint32_t t)
{
	READ(t, WALK_GVA + HOLE_OFFSET, FSR_SYNC_EXTERNAL_WALK);
	WRITE(t, WALK_GVA + HOLE_OFFSET, FSR_SYNC_EXTERNAL_WALK);
}

BOTH_STATES(guest_walk_hole)

/* User space makes an abort of an access to a device. */
static __always_inline void guest_user_abort(uint32_t t)
{
	READ(t, HOLE_GVA + HOLE_OFFSET, FSR_SYNC_EXTERNAL);
	WRITE(t, HOLE_GVA + HOLE_OFFSET, FSR_SYNC_EXTERNAL);
}

BOTH_STATES(guest_user_abort)

/* Cache maintenance of what is not memory does nothing. */
static __always_inline void guest_maintain_hole(uint32_t t)
{
	asm volatile("mcr p15, 0, %0, c7, c14, 1\n"	/* DCCIMVAC */
		     "mcr p15, 0, %0, c7, c10, 1\n"	/* DCCMVAC */
		     "mcr p15, 0, %0, c7, c11, 1\n"	/* DCCMVAU */
		     "dsb"
		     : : "r" (HOLE_GVA + HOLE_OFFSET) : "memory");
}

BOTH_STATES(guest_maintain_hole)

static uint32_t pc_of(struct kvm_vcpu *vcpu)
{
	return vcpu_get_reg32(vcpu, ARM_CORE_REG(usr_regs.ARM_pc));
}

/* Does user space come back with the abort before the guest runs again? */
static bool enter_first;

/* The exception is entered once, and no instruction of its handler skipped */
static void enter_exception(struct kvm_vcpu *vcpu)
{
	uint32_t pc = pc_of(vcpu);

	vcpu_run_complete_io(vcpu);
	TEST_ASSERT_EQ(pc_of(vcpu), pc);
	vcpu_run_complete_io(vcpu);
	TEST_ASSERT_EQ(pc_of(vcpu), pc);
}

/* Entered at once, as user space that saves the vCPU cannot see it pending */
static void abort_mmio(struct kvm_vcpu *vcpu)
{
	struct kvm_vcpu_events events = {};
	uint32_t pc = pc_of(vcpu);

	TEST_ASSERT_KVM_EXIT_REASON(vcpu, KVM_EXIT_MMIO);
	TEST_ASSERT(vcpu->run->mmio.phys_addr == HOLE_GPA + HOLE_OFFSET,
		    "MMIO at 0x%llx", vcpu->run->mmio.phys_addr);

	events.exception.ext_dabt_pending = 1;
	vcpu_events_set(vcpu, &events);
	TEST_ASSERT(pc_of(vcpu) != pc, "The abort is pending");
	if (enter_first)
		enter_exception(vcpu);
}

static void run_guest(struct kvm_vcpu *vcpu)
{
	struct ucall uc;

	for (;;) {
		vcpu_run(vcpu);
		switch (get_ucall(vcpu, &uc)) {
		case UCALL_NONE:
			abort_mmio(vcpu);
			break;
		case UCALL_DONE:
			return;
		case UCALL_ABORT:
			REPORT_GUEST_ASSERT(uc);
			break;
		default:
			TEST_FAIL("Unexpected ucall %" PRIu64, uc.cmd);
		}
	}
}

static void map_guest(struct kvm_vm *vm, uint64_t data_attrs)
{
	vm_paddr_t table_pte_gpa;
	uint64_t *ptep;

	virt_map(vm, DATA_GVA,
		 vm_phy_page_alloc(vm, SZ_64K, vm->memslots[MEM_REGION_DATA]),
		 1);
	ptep = virt_get_pte_hva(vm, DATA_GVA);
	*ptep = (*ptep & ~PTE_AF) | data_attrs;

	virt_map(vm, HOLE_GVA, HOLE_GPA, 1);

	/* Map a page to get a table, and let the table above lose it. */
	virt_map(vm, WALK_GVA, HOLE_GPA, 1);
	table_pte_gpa = addr_hva2gpa(vm, virt_get_pte_hva(vm, WALK_GVA));
	ptep = virt_get_table_pte_hva(vm, WALK_GVA);
	TEST_ASSERT((*ptep & PTE_ADDR_MASK) == (table_pte_gpa & PTE_ADDR_MASK),
		    "Not the table of the page");
	*ptep = HOLE_GPA | PTE_TABLE;
}

static void test_guest(const char *name, void *guest_code, uint64_t data_attrs)
{
	struct kvm_vcpu *vcpu;
	struct kvm_vm *vm;

	vm = vm_create_with_one_vcpu(&vcpu, guest_code);
	vm_init_descriptor_tables(vm);
	vm_install_exception_handler(vm, VECTOR_DATA_ABORT,
				     guest_data_abort_handler);
	vm_install_exception_handler(vm, VECTOR_PREFETCH_ABORT,
				     guest_prefetch_abort_handler);
	map_guest(vm, data_attrs);

	run_guest(vcpu);

	kvm_vm_free(vm);
	ksft_test_result_pass("%s\n", name);
}

/* DISR, and the syndrome that DFSR has, too, with the RAS Extension */
#define DISR_A			BIT(31)
#define FSR_SYNDROME_MASK	(BIT(15) | BIT(14) | BIT(12))

static volatile uint32_t nr_async;

/* Imprecise: there is no address, and the PC is where the guest goes on. */
static void guest_async_abort_handler(struct ex_regs *regs)
{
	uint32_t cpsr = read_cpsr();
	uint32_t dfsr = read_cp15(CP15_DFSR);

	GUEST_ASSERT((cpsr & (PSR_I | PSR_A)) == (PSR_I | PSR_A));
	__GUEST_ASSERT((dfsr & FSR_STATUS_MASK) == FSR_ASYNC_EXTERNAL &&
		       !(dfsr & FSR_SYNDROME_MASK), "DFSR 0x%x", dfsr);
	nr_async++;
}

static void guest_async_abort(void)
{
	/* Pending since before the first instruction, and masked */
	GUEST_ASSERT_EQ(nr_async, 0);
	GUEST_SYNC(0);
	GUEST_ASSERT_EQ(nr_async, 0);

	asm volatile("cpsie a\nisb" : : : "memory");
	while (!nr_async)
		cpu_relax();
	GUEST_SYNC(0);
	GUEST_ASSERT_EQ(nr_async, 1);
	GUEST_DONE();
}

static bool serror_is_pending(struct kvm_vcpu *vcpu)
{
	struct kvm_vcpu_events events;

	vcpu_events_get(vcpu, &events);
	return events.exception.serror_pending;
}

/* Pending is part of the state until the guest takes it, and not after that. */
static void test_async_abort(void)
{
	struct kvm_vcpu_events events = { .exception.serror_pending = 1 };
	struct kvm_vcpu *vcpu;
	struct kvm_vm *vm;

	vm = vm_create_with_one_vcpu(&vcpu, guest_async_abort);
	vm_init_descriptor_tables(vm);
	vm_install_exception_handler(vm, VECTOR_DATA_ABORT,
				     guest_async_abort_handler);

	vcpu_events_set(vcpu, &events);
	TEST_ASSERT(serror_is_pending(vcpu), "Lost before the guest has run");
	vcpu_run_until(vcpu, UCALL_SYNC);
	TEST_ASSERT(serror_is_pending(vcpu), "Lost while it is masked");
	vcpu_run_until(vcpu, UCALL_SYNC);
	TEST_ASSERT(!serror_is_pending(vcpu), "Pending after it was taken");
	vcpu_run_until(vcpu, UCALL_DONE);

	kvm_vm_free(vm);
	ksft_test_result_pass("asynchronous external abort\n");
}

/* As NOP where there is no RAS Extension */
#define esb()		asm volatile("nop {0x10}" : : : "memory")

/* With ESB, what is pending and masked becomes a value in DISR. */
static void guest_deferred_abort(void)
{
	uint32_t disr;

	GUEST_ASSERT_EQ(read_cp15(CP15_DISR), 0);
	GUEST_SYNC(0);
	esb();
	disr = read_cp15(CP15_DISR);
	GUEST_SYNC(0);
	__GUEST_ASSERT((disr & (FSR_STATUS_MASK | FSR_SYNDROME_MASK)) ==
		       FSR_ASYNC_EXTERNAL && disr & DISR_A, "DISR 0x%x", disr);
	GUEST_ASSERT_EQ(read_cp15(CP15_DISR), disr);

	asm volatile("cpsie a\nisb" : : : "memory");
	GUEST_SYNC(0);
	GUEST_ASSERT_EQ(nr_async, 0);
	GUEST_DONE();
}

static void run_deferred_abort(struct kvm_vcpu *vcpu)
{
	struct kvm_vcpu_events events = { .exception.serror_pending = 1 };

	vm_init_descriptor_tables(vcpu->vm);
	vm_install_exception_handler(vcpu->vm, VECTOR_DATA_ABORT,
				     guest_async_abort_handler);

	vcpu_run_until(vcpu, UCALL_SYNC);
	vcpu_events_set(vcpu, &events);
	vcpu_run_until(vcpu, UCALL_SYNC);
	TEST_ASSERT(!serror_is_pending(vcpu), "Pending after it was deferred");
	TEST_ASSERT(vcpu_get_reg32(vcpu, KVM_CP15(CP15_DISR)) & DISR_A,
		    "Not in DISR");
	vcpu_run_until(vcpu, UCALL_SYNC);
	vcpu_run_until(vcpu, UCALL_DONE);
}

static void test_deferred_abort(void)
{
	const char *name = "asynchronous external abort, deferred";
	struct kvm_vcpu *vcpu;
	struct kvm_vm *vm;

	vm = vm_create_with_one_vcpu(&vcpu, guest_deferred_abort);
	if (vcpu_has_ras(vcpu)) {
		run_deferred_abort(vcpu);
		ksft_test_result_pass("%s\n", name);
	} else {
		ksft_test_result_skip("%s: no RAS Extension\n", name);
	}
	kvm_vm_free(vm);
}

int main(void)
{
	TEST_REQUIRE(kvm_has_cap(KVM_CAP_ARM_INJECT_EXT_DABT));

	ksft_print_header();
	ksft_set_plan(9);

	test_guest("faults of the guest's own tables", guest_own_faults_guest,
		   PTE_AF | PTE_AP_RDONLY | PTE_XN);
	test_guest("access flag faults", guest_access_flag_guest, 0);
	test_guest("execution outside memory", guest_execute_hole_guest,
		   PTE_AF);
	test_guest("page tables outside memory", guest_walk_hole_guest,
		   PTE_AF);
	test_guest("external abort over MMIO", guest_user_abort_guest, PTE_AF);
	enter_first = true;
	test_guest("external abort, entered first", guest_user_abort_guest,
		   PTE_AF);
	enter_first = false;
	test_guest("cache maintenance outside memory",
		   guest_maintain_hole_guest, PTE_AF);
	test_async_abort();
	test_deferred_abort();

	ksft_finished();
}
