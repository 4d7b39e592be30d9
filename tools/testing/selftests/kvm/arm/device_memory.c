// SPDX-License-Identifier: GPL-2.0-only
/*
 * Devices that a guest uses without an exit: the real-time clock of the host's
 * machine (ARM PrimeCell PL031, DDI 0224), given to it as a memory slot, and
 * the virtual CPU interface of the GIC, which KVM maps itself. And what is a
 * device at all: the memory type of whatever can be behind a memory slot. And
 * where nothing is: that ends in external aborts, which are the guest's, also
 * where HYP mode meets them when it translates an address.
 */
#include <endian.h>
#include <fcntl.h>
#include <glob.h>
#include <libgen.h>
#include <pthread.h>
#include <stdio.h>
#include <unistd.h>
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
#define SLOT_GPA	RTC_GPA
#define RTC_SLOT	10
#define WALK_GVA	0x90000000UL
#define MATCH		0x7fffff5aU
#define PRIO_MASK	0xf0

#define RDONLY_GPA	0x81000000UL
#define RDONLY_SLOT	11
#define NR_STORES	3000
/* Of a loop: some of the way from a fault to where HYP mode looks at it */
#define FLIP_ROUNDS	64

/* In the device tree: memory that the kernel is not to map */
#define NO_MAP		"/sys/firmware/devicetree/base/reserved-memory/*/no-map"
/* And memory that the machine does not have */
#define NOTHING		"/sys/firmware/devicetree/base/reserved-memory/nothing@*/reg"

/* Of this process' VM, by its file descriptor */
#define STAGE2_DUMP	"/sys/kernel/debug/kvm/%d-%d/stage2_page_tables"

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

/* An external abort on a walk has the bit of an external abort, too. */
static void try_again(struct ex_regs *regs)
{
	GUEST_ASSERT(read_cp15(CP15_DFSR) & FSR_SYNC_EXTERNAL);
	aborts++;
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

static void guest_read(void)
{
	readl((void *)SLOT_GPA);
	GUEST_DONE();
}

/* Once it was read the page is there, and a store is a permission fault. */
static void guest_store(void)
{
	uint32_t i;

	readl((void *)WALK_GVA);
	for (i = 0; i < NR_STORES; i++)
		writel(i, (void *)WALK_GVA);
	GUEST_ASSERT(READ_ONCE(aborts));
	GUEST_DONE();
}

static struct kvm_vcpu *vcpu;
static struct kvm_vm *vm;

static void check_ucall(const struct ucall *uc, uint64_t cmd)
{
	if (uc->cmd == UCALL_ABORT)
		REPORT_GUEST_ASSERT(*uc);
	TEST_ASSERT(uc->cmd == cmd, "exit %s",
		    exit_reason_str(vcpu->run->exit_reason));
}

static void expect_ucall(uint64_t cmd)
{
	struct ucall uc;

	vcpu_run(vcpu);
	get_ucall(vcpu, &uc);
	check_ucall(&uc, cmd);
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

/*
 * What is behind a page of a slot. Each returns MAP_FAILED where the host has
 * nothing of the kind.
 */

static void *map_physical(uint64_t phys)
{
	int fd = open("/dev/mem", O_RDWR | O_SYNC);
	void *p = mmap64(NULL, SZ_4K, PROT_READ | PROT_WRITE, MAP_SHARED, fd,
			 phys);

	close(fd);
	return p;
}

static void *back_anonymous(void)
{
	return mmap(NULL, SZ_4K, PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}

static void *back_memfd(void)
{
	int fd = memfd_create("backing", 0);
	void *p = MAP_FAILED;

	if (!ftruncate(fd, SZ_4K))
		p = mmap(NULL, SZ_4K, PROT_READ | PROT_WRITE, MAP_SHARED, fd,
			 0);
	close(fd);
	return p;
}

static void *back_file(void)
{
	int fd = open("/proc/self/exe", O_RDONLY);
	void *p = mmap(NULL, SZ_4K, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);

	close(fd);
	return p;
}

static void *back_rtc(void)
{
	return map_physical(RTC_PHYS);
}

/* The next range of /proc/iomem that has the name */
static bool next_range(FILE *iomem, const char *name, uint64_t *start,
		       uint64_t *end)
{
	char line[128];

	while (fgets(line, sizeof(line), iomem)) {
		if (strstr(line, name) &&
		    sscanf(line, "%" SCNx64 "-%" SCNx64, start, end) == 2)
			return true;
	}
	return false;
}

/* RAM that stays what it is: the host's kernel */
static void *back_kernel(void)
{
	FILE *iomem = fopen("/proc/iomem", "r");
	uint64_t start, end;
	bool found = next_range(iomem, " : Kernel data", &start, &end);

	fclose(iomem);
	return found ? map_physical(start) : MAP_FAILED;
}

/* What has RAM before it and behind it, but is none */
static void *back_hole(void)
{
	FILE *iomem = fopen("/proc/iomem", "r");
	uint64_t start, end, next, next_end;
	bool found = false;

	if (next_range(iomem, " : System RAM", &start, &end)) {
		while (!found && next_range(iomem, " : System RAM", &next,
					    &next_end)) {
			found = next > end + 1;
			if (!found)
				end = next_end;
		}
	}
	fclose(iomem);

	return found ? map_physical(end + 1) : MAP_FAILED;
}

/* What the first node is about that has this property */
static void *map_node(const char *property)
{
	uint64_t phys = 0;
	char path[256];
	glob_t found;
	FILE *reg;

	if (glob(property, 0, NULL, &found))
		return MAP_FAILED;

	snprintf(path, sizeof(path), "%s/reg", dirname(found.gl_pathv[0]));
	globfree(&found);
	reg = fopen(path, "r");
	TEST_ASSERT(reg && fread(&phys, sizeof(phys), 1, reg), "No %s", path);
	fclose(reg);

	return map_physical(be64toh(phys));
}

/* RAM that firmware has kept for itself */
static void *back_no_map(void)
{
	return map_node(NO_MAP);
}

static const struct backing {
	const char *name;
	void *(*map)(void);
	const char *type;
} backings[] = {
	{ "anonymous memory", back_anonymous, "NORMAL" },
	{ "shared memory", back_memfd, "NORMAL" },
	{ "private mapping of a file", back_file, "NORMAL" },
	{ "RAM by its address", back_kernel, "NORMAL" },
	{ "device", back_rtc, "DEVICE" },
	{ "hole between RAM", back_hole, "DEVICE" },
	{ "RAM that is not to be mapped", back_no_map, "DEVICE" },
};

/* How Stage-2 has it: the type is the word behind the access flag. */
static void check_type(const char *type)
{
	char path[128], line[256], is[16];
	uint64_t start, end;
	FILE *dump;

	snprintf(path, sizeof(path), STAGE2_DUMP, getpid(), vm->fd);
	dump = fopen(path, "r");
	__TEST_REQUIRE(dump, "No %s", path);
	while (fgets(line, sizeof(line), dump)) {
		if (sscanf(line, "%" SCNx64 "-%" SCNx64 " %*s %*s %*s AF %15s",
			   &start, &end, is) == 3 &&
		    start <= SLOT_GPA && end > SLOT_GPA) {
			TEST_ASSERT(!strcmp(is, type), "%s", line);
			fclose(dump);
			return;
		}
	}
	TEST_FAIL("Nothing is mapped");
}

static void test_backing(const struct backing *b)
{
	void *mem = b->map();

	if (mem == MAP_FAILED) {
		ksft_test_result_skip("no %s\n", b->name);
		return;
	}

	create_vm(guest_read, mem);
	virt_map(vm, SLOT_GPA, SLOT_GPA, 1);
	expect_ucall(UCALL_DONE);
	check_type(b->type);
	kvm_vm_free(vm);
	munmap(mem, SZ_4K);
	ksft_test_result_pass("%s\n", b->name);
}

/**
 * struct flip - a descriptor that is one thing and another, all the time
 * @pte: its lower half
 * @values: what it is
 * @stop: it is enough
 */
struct flip {
	uint32_t *pte;
	uint32_t values[2];
	bool stop;
};

static void *flip(void *arg)
{
	struct flip *f = arg;
	unsigned int n, i;

	kvm_pin_this_task_to_pcpu(1);
	for (n = 0; !READ_ONCE(f->stop); n++) {
		WRITE_ONCE(*f->pte, f->values[n % ARRAY_SIZE(f->values)]);
		for (i = 0; i < FLIP_ROUNDS; i++)
			cpu_relax();
	}
	return NULL;
}

/* What is no ucall is a store */
static void run_stores(void)
{
	unsigned int n;
	struct ucall uc;

	for (n = 0;; n++) {
		vcpu_run(vcpu);
		if (get_ucall(vcpu, &uc))
			break;
		TEST_ASSERT_KVM_EXIT_REASON(vcpu, KVM_EXIT_MMIO);
		TEST_ASSERT(vcpu->run->mmio.phys_addr == RDONLY_GPA,
			    "MMIO at 0x%llx", vcpu->run->mmio.phys_addr);
	}
	check_ucall(&uc, UCALL_DONE);
	TEST_ASSERT_EQ(n, NR_STORES);
}

/*
 * A store to what is read-only is a permission fault, for which HYP mode has the
 * address translated again. By then the tables may lead to nothing: as HCR.PTW
 * keeps walks out of devices, to what the host takes for memory.
 */
static void test_walk_nothing(void)
{
	void *nothing = map_node(NOTHING);
	void *rdonly = back_anonymous();
	struct flip f = {};
	pthread_t thread;
	uint64_t *ptep;

	if (nothing == MAP_FAILED) {
		ksft_test_result_skip("all that is to be memory is memory\n");
		return;
	}
	TEST_ASSERT(rdonly != MAP_FAILED, "mmap: errno %d", errno);
	create_vm(guest_store, nothing);
	vm_init_descriptor_tables(vm);
	vm_install_exception_handler(vm, VECTOR_DATA_ABORT, try_again);
	vm_set_user_memory_region(vm, RDONLY_SLOT, KVM_MEM_READONLY, RDONLY_GPA,
				  SZ_4K, rdonly);
	virt_map(vm, WALK_GVA, RDONLY_GPA, 1);
	ptep = virt_get_table_pte_hva(vm, WALK_GVA);
	f.pte = (uint32_t *)ptep;
	f.values[0] = SLOT_GPA | PTE_TABLE;
	f.values[1] = *ptep;

	kvm_pin_this_task_to_pcpu(0);
	TEST_ASSERT(!pthread_create(&thread, NULL, flip, &f), "No thread");
	run_stores();
	WRITE_ONCE(f.stop, true);
	pthread_join(thread, NULL);

	kvm_vm_free(vm);
	munmap(rdonly, SZ_4K);
	munmap(nothing, SZ_4K);
	ksft_test_result_pass("page tables where nothing is\n");
}

int main(void)
{
	unsigned int i;

	ksft_print_header();
	ksft_set_plan(4 + ARRAY_SIZE(backings));

	test_rtc();
	test_abuse();
	test_gicv();
	for (i = 0; i < ARRAY_SIZE(backings); i++)
		test_backing(&backings[i]);
	test_walk_nothing();

	ksft_finished();
}
