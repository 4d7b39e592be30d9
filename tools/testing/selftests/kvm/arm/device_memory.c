// SPDX-License-Identifier: GPL-2.0-only
/*
 * Devices that a guest uses without an exit: the real-time clock of the host's
 * machine (ARM PrimeCell PL031, DDI 0224), given to it as a memory slot, and
 * the virtual CPU interface of the GIC, which KVM maps itself.
 */
#include <fcntl.h>
#include <sys/mman.h>
#include <linux/sizes.h>

#include "gic.h"
#include "kvm_util.h"
#include "processor.h"
#include "trace.h"
#include "vgic.h"

/* Where QEMU's virt machine has it */
#define RTC_PHYS	0x09010000UL
#define RTC_DR		0x000	/* the time in seconds */
#define RTC_MR		0x004	/* when to raise an interrupt, if enabled */
#define RTC_PERIPH_ID	0xfe0	/* four registers of eight bits */
#define RTC_PART	0x031

#define RTC_GPA		0x80000000UL
#define RTC_SLOT	10
#define WALK_GVA	0x90000000UL
#define MATCH		0x7fffff5aU
#define PRIO_MASK	0xf0

static const char *const events[] = { "kvm_mmio", NULL };

static uint32_t aborts;
static uint32_t rtc_time;

static void *rtc_reg(void *base, unsigned int reg)
{
	return base + reg;
}

static uint32_t rtc_part(void *base)
{
	return (readl(rtc_reg(base, RTC_PERIPH_ID)) & 0xff) |
	       (readl(rtc_reg(base, RTC_PERIPH_ID + 4)) & 0xf) << 8;
}

/* The caller's next instruction is where a call would have returned to. */
static void return_from_call(struct ex_regs *regs)
{
	aborts++;
	regs->pc = regs->lr & ~1U;
	if (regs->lr & 1)
		regs->cpsr |= PSR_T;
}

static void skip_instruction(struct ex_regs *regs)
{
	aborts++;
	regs->pc += 4;
}

static void guest_rtc(void)
{
	void *rtc = (void *)RTC_GPA;

	GUEST_ASSERT_EQ(rtc_part(rtc), RTC_PART);
	rtc_time = readl(rtc_reg(rtc, RTC_DR));
	writel(MATCH, rtc_reg(rtc, RTC_MR));
	GUEST_ASSERT_EQ(readl(rtc_reg(rtc, RTC_MR)), MATCH);
	GUEST_SYNC(0);

	/* It has gone. */
	readl(rtc_reg(rtc, RTC_DR));
	GUEST_DONE();
}

/* Neither code nor page tables can be in a device. */
static void guest_abuse(void)
{
	asm volatile("blx %0"
		     : : "r" (RTC_GPA)
		     : "r0", "r1", "r2", "r3", "ip", "lr", "cc", "memory");
	GUEST_ASSERT_EQ(READ_ONCE(aborts), 1);

	asm volatile("ldr.w r0, [%0]" : : "r" (WALK_GVA) : "r0", "memory");
	GUEST_ASSERT_EQ(READ_ONCE(aborts), 2);
	GUEST_DONE();
}

static void guest_gicv(void)
{
	void *gicc = (void *)GICC_BASE_GVA;

	writel(PRIO_MASK, gicc + GICC_PMR);
	GUEST_ASSERT_EQ(readl(gicc + GICC_PMR), PRIO_MASK);
	GUEST_ASSERT_EQ(GICC_IAR_INTID(readl(gicc + GICC_IAR)), IAR_SPURIOUS);
	GUEST_ASSERT_NE(readl(gicc + GICC_IIDR), 0);
	GUEST_DONE();
}

static struct kvm_vcpu *vcpu;
static struct kvm_vm *vm;

static void expect_ucall(uint64_t cmd)
{
	struct ucall uc;

	vcpu_run(vcpu);
	get_ucall(vcpu, &uc);
	if (uc.cmd == UCALL_ABORT)
		REPORT_GUEST_ASSERT(uc);
	TEST_ASSERT(uc.cmd == cmd, "exit %s",
		    exit_reason_str(vcpu->run->exit_reason));
}

/* Only the ucall, and that once */
static void expect_no_mmio(uint64_t cmd)
{
	unsigned int n;

	trace_start(events);
	expect_ucall(cmd);
	trace_stop(events);
	n = trace_count("kvm_mmio");
	TEST_ASSERT(n == 1, "%u accesses were emulated", n - 1);
}

static void *map_rtc(void)
{
	int fd = open("/dev/mem", O_RDWR | O_SYNC);
	void *rtc;

	__TEST_REQUIRE(fd >= 0, "No /dev/mem");
	rtc = mmap(NULL, SZ_4K, PROT_READ | PROT_WRITE, MAP_SHARED, fd,
		   RTC_PHYS);
	close(fd);
	__TEST_REQUIRE(rtc != MAP_FAILED && rtc_part(rtc) == RTC_PART,
		       "No PL031 at 0x%lx", RTC_PHYS);

	return rtc;
}

static void create_vm(void *guest_code, void *rtc)
{
	vm = vm_create_with_one_vcpu(&vcpu, guest_code);
	vm_set_user_memory_region(vm, RTC_SLOT, 0, RTC_GPA, SZ_4K, rtc);
}

static void test_rtc(void)
{
	void *rtc = map_rtc();
	uint32_t now, match;
	int ret;

	match = readl(rtc_reg(rtc, RTC_MR));
	create_vm(guest_rtc, rtc);
	virt_map_device(vm, RTC_GPA, RTC_GPA, 1);

	now = readl(rtc_reg(rtc, RTC_DR));
	expect_no_mmio(UCALL_SYNC);
	sync_global_from_guest(vm, rtc_time);
	TEST_ASSERT(rtc_time >= now &&
		    rtc_time <= readl(rtc_reg(rtc, RTC_DR)),
		    "The guest reads %u, %u was before", rtc_time, now);
	TEST_ASSERT_EQ(readl(rtc_reg(rtc, RTC_MR)), MATCH);
	writel(match, rtc_reg(rtc, RTC_MR));

	/* A device has no dirty pages. */
	ret = __vm_set_user_memory_region(vm, RTC_SLOT, KVM_MEM_LOG_DIRTY_PAGES,
					  RTC_GPA, SZ_4K, rtc);
	TEST_ASSERT(ret == -1 && errno == EINVAL, "ret %d errno %d", ret,
		    errno);

	TEST_ASSERT(!munmap(rtc, SZ_4K), "errno %d", errno);
	ret = __vcpu_run(vcpu);
	TEST_ASSERT(ret == -1 && errno == EFAULT, "ret %d errno %d", ret,
		    errno);

	kvm_vm_free(vm);
	ksft_test_result_pass("real-time clock\n");
}

static void test_abuse(void)
{
	void *rtc = map_rtc();

	create_vm(guest_abuse, rtc);
	vm_init_descriptor_tables(vm);
	vm_install_exception_handler(vm, VECTOR_PREFETCH_ABORT,
				     return_from_call);
	vm_install_exception_handler(vm, VECTOR_DATA_ABORT, skip_instruction);
	virt_map(vm, RTC_GPA, RTC_GPA, 1);
	virt_map(vm, WALK_GVA, 0, 1);
	*virt_get_table_pte_hva(vm, WALK_GVA) = RTC_GPA | PTE_TABLE;

	expect_ucall(UCALL_DONE);
	kvm_vm_free(vm);
	munmap(rtc, SZ_4K);
	ksft_test_result_pass("code and page tables in a device\n");
}

static void test_gicv(void)
{
	int gic_fd;

	vm = vm_create_with_one_vcpu(&vcpu, guest_gicv);
	gic_fd = vgic_v2_setup(vm, 1, 64);
	__TEST_REQUIRE(gic_fd >= 0, "No vGICv2");

	expect_no_mmio(UCALL_DONE);
	close(gic_fd);
	kvm_vm_free(vm);
	ksft_test_result_pass("virtual CPU interface\n");
}

int main(void)
{
	ksft_print_header();
	ksft_set_plan(3);

	test_rtc();
	test_abuse();
	test_gicv();

	ksft_finished();
}
