// SPDX-License-Identifier: GPL-2.0-only
/*
 * Guest memory whose backing changes under the guest: copy on write, pages that
 * go away and come back, other pages at the same place, read-only and
 * inaccessible mappings, huge pages that don't fit the guest's addresses, and
 * code.  The guest has to see what user space sees, always.  And the host has to
 * see which pages the guest uses.
 */
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <linux/sizes.h>

#include "host.h"
#include "kvm_util.h"
#include "processor.h"
#include "trace.h"

#define MEM_GPA		0x80000000UL
#define MEM_SLOT	10
#define NR_PAGES	(SZ_4M / SZ_4K)

#define VALUE(page)	(0x5a000000U + (page))

enum op {
	OP_READ,
	OP_WRITE,
	OP_EXECUTE,
	OP_DONE,
};

/* What the guest is to do next, and what came of it */
static struct {
	enum op op;
	uint32_t addr;
	uint32_t value;
} command;

/* mov r0, #imm8; bx lr */
#define CODE_MOV_R0(imm)	(0xe3a00000U | (imm))
#define CODE_BX_LR		0xe12fff1eU

static void guest_code(void)
{
	volatile uint32_t *p;

	for (;;) {
		p = (uint32_t *)(uintptr_t)command.addr;

		switch (command.op) {
		case OP_READ:
			command.value = *p;
			break;
		case OP_WRITE:
			*p = command.value;
			break;
		case OP_EXECUTE:
			/* The guest's part after code was written */
			asm volatile("mcr p15, 0, %0, c7, c11, 1\n" /* DCCMVAU */
				     "dsb\n"
				     "mcr p15, 0, %0, c7, c5, 1\n" /* ICIMVAU */
				     "mcr p15, 0, %0, c7, c5, 6\n" /* BPIALL */
				     "dsb\n"
				     "isb"
				     : : "r" (p) : "memory");
			command.value = ((uint32_t (*)(void))p)();
			break;
		case OP_DONE:
			GUEST_DONE();
			break;
		}

		GUEST_SYNC(0);
	}
}

static struct kvm_vm *vm;
static struct kvm_vcpu *vcpu;
static void *mem;
static int mem_fd = -1;

static void *page_hva(unsigned int page)
{
	return mem + page * SZ_4K;
}

static uint32_t *word(unsigned int page)
{
	return page_hva(page);
}

static typeof(command) *guest_command(void)
{
	return addr_gva2hva(vm, (uintptr_t)&command);
}

static void set_command(enum op op, unsigned int page, uint32_t value)
{
	guest_command()->op = op;
	guest_command()->addr = MEM_GPA + page * SZ_4K;
	guest_command()->value = value;
}

static uint32_t guest_do(enum op op, unsigned int page, uint32_t value)
{
	struct ucall uc;

	set_command(op, page, value);
	vcpu_run(vcpu);
	get_ucall(vcpu, &uc);
	if (uc.cmd == UCALL_ABORT)
		REPORT_GUEST_ASSERT(uc);
	TEST_ASSERT(uc.cmd == UCALL_SYNC, "page %u: exit %s", page,
		    exit_reason_str(vcpu->run->exit_reason));

	return guest_command()->value;
}

/* KVM_RUN fails, and can be tried again. */
static void guest_faults(enum op op, unsigned int page, uint32_t value)
{
	int ret;

	set_command(op, page, value);
	ret = __vcpu_run(vcpu);
	TEST_ASSERT(ret == -1 && errno == EFAULT, "page %u: ret %d errno %d",
		    page, ret, errno);
}

static uint32_t guest_retry(void)
{
	struct ucall uc;

	vcpu_run(vcpu);
	TEST_ASSERT_EQ(get_ucall(vcpu, &uc), UCALL_SYNC);
	return guest_command()->value;
}

static void guest_sees(unsigned int page, uint32_t value)
{
	uint32_t seen = guest_do(OP_READ, page, 0);

	TEST_ASSERT(seen == value, "page %u: the guest sees 0x%x, not 0x%x",
		    page, seen, value);
	TEST_ASSERT(*word(page) == value, "page %u: user space sees 0x%x",
		    page, *word(page));
}

static void guest_writes(unsigned int page, uint32_t value)
{
	guest_do(OP_WRITE, page, value);
	TEST_ASSERT(*word(page) == value,
		    "page %u: 0x%x after the guest wrote 0x%x", page,
		    *word(page), value);
}

/* A page that was only read is the zero page, until somebody writes. */
static void test_zero_page(void)
{
	guest_sees(0, 0);
	guest_writes(0, 1);
	guest_sees(0, 1);

	guest_sees(1, 0);
	*word(1) = 2;
	guest_sees(1, 2);
	guest_writes(1, 3);
}

/* A child has the memory as it was at the time of the fork. */
static void test_fork(void)
{
	int to_child[2], status;
	pid_t child;
	char c = 0;

	guest_writes(2, 4);
	guest_writes(3, 5);

	TEST_ASSERT(!pipe(to_child), "errno %d", errno);
	child = fork();
	TEST_ASSERT(child >= 0, "errno %d", errno);
	if (!child) {
		/* Until the guest has written */
		c = read(to_child[0], &c, 1) == 1 && *word(2) == 4 &&
		    *word(3) == 5;
		*word(3) = 6;
		_exit(c ? 0 : 1);
	}

	guest_writes(2, 7);
	guest_sees(3, 5);
	TEST_ASSERT(write(to_child[1], &c, 1) == 1, "errno %d", errno);
	TEST_ASSERT(waitpid(child, &status, 0) == child && !status,
		    "The child sees what the guest wrote after the fork");
	guest_sees(3, 5);
	guest_sees(2, 7);
	close(to_child[0]);
	close(to_child[1]);
}

/* Pages that user space gives back are zero afterwards. */
static void test_discard(void)
{
	unsigned int i;

	for (i = 0; i < NR_PAGES; i++)
		guest_writes(i, VALUE(i));

	TEST_ASSERT(!madvise(page_hva(5), SZ_4K, MADV_DONTNEED), "errno %d",
		    errno);
	guest_sees(5, 0);
	guest_sees(4, VALUE(4));
	guest_sees(6, VALUE(6));
	guest_writes(5, 8);

	TEST_ASSERT(!madvise(mem, NR_PAGES * SZ_4K, MADV_DONTNEED),
		    "errno %d", errno);
	for (i = 0; i < NR_PAGES; i++)
		guest_sees(i, 0);
}

static void map_page(unsigned int page, int prot)
{
	void *p = mmap(page_hva(page), SZ_4K, prot,
		       MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);

	TEST_ASSERT(p == page_hva(page), "errno %d", errno);
}

/* Another page at the same address */
static void test_replace(void)
{
	void *other;

	guest_writes(7, 9);
	map_page(7, PROT_READ | PROT_WRITE);
	*word(7) = 10;
	guest_sees(7, 10);

	other = mmap(NULL, SZ_4K, PROT_READ | PROT_WRITE,
		     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	TEST_ASSERT(other != MAP_FAILED, "errno %d", errno);
	*(uint32_t *)other = 11;
	TEST_ASSERT(mremap(other, SZ_4K, SZ_4K, MREMAP_MAYMOVE | MREMAP_FIXED,
			   page_hva(7)) == page_hva(7), "errno %d", errno);
	guest_sees(7, 11);
	guest_writes(7, 12);
}

/* What user space may not do, the guest may not do either. */
static void test_protection(void)
{
	guest_writes(8, 13);

	TEST_ASSERT(!mprotect(page_hva(8), SZ_4K, PROT_NONE), "errno %d",
		    errno);
	guest_faults(OP_READ, 8, 0);
	guest_faults(OP_READ, 8, 0);
	TEST_ASSERT(!mprotect(page_hva(8), SZ_4K, PROT_READ), "errno %d",
		    errno);
	TEST_ASSERT_EQ(guest_retry(), 13);

	guest_faults(OP_WRITE, 8, 14);
	TEST_ASSERT(!mprotect(page_hva(8), SZ_4K, PROT_READ | PROT_WRITE),
		    "errno %d", errno);
	guest_retry();
	guest_sees(8, 14);

	TEST_ASSERT(!munmap(page_hva(8), SZ_4K), "errno %d", errno);
	guest_faults(OP_READ, 8, 0);
	guest_faults(OP_WRITE, 8, 0);
	map_page(8, PROT_READ | PROT_WRITE);
	guest_retry();
	guest_sees(8, 0);
}

static void put_code(unsigned int page, unsigned int imm)
{
	word(page)[0] = CODE_MOV_R0(imm);
	word(page)[1] = CODE_BX_LR;
	__builtin___clear_cache(page_hva(page), page_hva(page) + 8);
}

/* Code changes in place, and with the page that it is in. */
static void test_code(void)
{
	put_code(9, 15);
	TEST_ASSERT_EQ(guest_do(OP_EXECUTE, 9, 0), 15);
	put_code(9, 16);
	TEST_ASSERT_EQ(guest_do(OP_EXECUTE, 9, 0), 16);

	map_page(9, PROT_READ | PROT_WRITE);
	put_code(9, 17);
	TEST_ASSERT_EQ(guest_do(OP_EXECUTE, 9, 0), 17);
}

/* All pages, in an order that has neighbours far apart */
static void check_all(void)
{
	unsigned int i, page;

	for (i = 0; i < NR_PAGES; i++)
		*word(i) = VALUE(i);
	for (i = 0; i < NR_PAGES; i++) {
		page = (i * 331) % NR_PAGES;
		guest_sees(page, VALUE(page));
		guest_writes(page, ~VALUE(page));
	}
	for (i = 0; i < NR_PAGES; i++)
		guest_sees(i, ~VALUE(i));
}

static void test_all_pages(void)
{
	check_all();

	/* One small page out of a huge one */
	TEST_ASSERT(!madvise(page_hva(100), SZ_4K, MADV_DONTNEED), "errno %d",
		    errno);
	guest_sees(100, 0);
	guest_sees(99, ~VALUE(99));
	guest_sees(101, ~VALUE(101));

	/* Smaller again: what was mapped by one block is mapped by pages. */
	TEST_ASSERT(!mprotect(page_hva(200), SZ_4K, PROT_READ), "errno %d",
		    errno);
	guest_faults(OP_WRITE, 200, 18);
	TEST_ASSERT(!mprotect(page_hva(200), SZ_4K, PROT_READ | PROT_WRITE),
		    "errno %d", errno);
	guest_retry();
	guest_sees(200, 18);
	guest_sees(201, ~VALUE(201));
}

/* A hole in a file is zero, and what one mapping writes all others see. */
static void test_shared(void)
{
	uint32_t *alias;

	alias = mmap(NULL, NR_PAGES * SZ_4K, PROT_READ | PROT_WRITE,
		     MAP_SHARED, mem_fd, 0);
	TEST_ASSERT(alias != MAP_FAILED, "errno %d", errno);

	guest_writes(0, 19);
	TEST_ASSERT_EQ(alias[0], 19);
	alias[0] = 20;
	guest_sees(0, 20);

	guest_writes(1, 21);
	TEST_ASSERT(!fallocate(mem_fd, FALLOC_FL_PUNCH_HOLE |
			       FALLOC_FL_KEEP_SIZE, SZ_4K, SZ_4K),
		    "errno %d", errno);
	guest_sees(1, 0);
	guest_sees(0, 20);

	munmap(alias, NR_PAGES * SZ_4K);
}

#define CLEAR_REFS	"/proc/self/clear_refs"
#define SCAN_SLEEP \
	"/sys/kernel/mm/transparent_hugepage/khugepaged/scan_sleep_millisecs"
#define SCAN_EVENT	"mm_khugepaged_scan_pmd"
#define SCAN_EVENT_DIR	"/sys/kernel/tracing/events/huge_memory/" SCAN_EVENT

/* So far apart that no fault maps two of them */
#define YOUNG_STRIDE	32
#define NR_YOUNG	(SZ_2M / SZ_4K / YOUNG_STRIDE)

/* Of a scan that got to its end; else -1 */
static int referenced_in(const char *line)
{
	const char *fields = trace_find(line, SCAN_EVENT), *at;
	int referenced;

	if (!fields || (!strstr(fields, "status=succeeded") &&
			!strstr(fields, "status=lack_referenced_page")))
		return -1;

	at = strstr(fields, " referenced=");
	TEST_ASSERT(at && sscanf(at, " referenced=%d", &referenced) == 1, "%s",
		    line);
	return referenced;
}

/* Pages in use, as khugepaged finds them, for user space has not used any */
static int scan_young(void)
{
	static const char *const events[] = { "huge_memory/" SCAN_EVENT, NULL };
	int referenced = -1;
	char *line = NULL;
	size_t size = 0;
	FILE *f;

	host_put(CLEAR_REFS, "1");
	trace_start(events);
	TEST_ASSERT(!madvise(mem, SZ_2M, MADV_HUGEPAGE), "errno %d", errno);
	while (referenced < 0) {
		f = trace_open();
		while (referenced < 0 && getline(&line, &size, f) > 0)
			referenced = referenced_in(line);
		fclose(f);
	}
	TEST_ASSERT(!madvise(mem, SZ_2M, MADV_NOHUGEPAGE), "errno %d", errno);
	trace_stop(events);

	free(line);
	return referenced;
}

/*
 * The guest's accesses keep a page young that the host believes to be old.
 * khugepaged looks a second time, with the pages taken from the guest, and so
 * leaves them as they are.
 */
static void test_young(void)
{
	char sleep[16];
	unsigned int i;

	snprintf(sleep, sizeof(sleep), "%ld", host_number(SCAN_SLEEP, NULL));
	host_put(SCAN_SLEEP, "10");

	for (i = 0; i < NR_YOUNG; i++)
		guest_writes(i * YOUNG_STRIDE, VALUE(i));
	TEST_ASSERT_EQ(scan_young(), NR_YOUNG);
	TEST_ASSERT_EQ(scan_young(), 0);
	for (i = 0; i < NR_YOUNG; i += 2)
		guest_sees(i * YOUNG_STRIDE, VALUE(i));
	TEST_ASSERT_EQ(scan_young(), NR_YOUNG / 2);
	for (i = 0; i < NR_YOUNG; i++)
		guest_sees(i * YOUNG_STRIDE, VALUE(i));

	host_put(SCAN_SLEEP, sleep);
}

struct test {
	const char *name;
	void (*test)(void);
	const char *needs;	/* a file */
	bool thp;		/* ask for huge pages */
	unsigned int offset;	/* of the memory to a multiple of 2 MiB */
	bool shared;
};

static const struct test tests[] = {
	{ "zero page", test_zero_page },
	{ "copy on write", test_fork },
	{ "discarded pages", test_discard },
	{ "replaced pages", test_replace },
	{ "protection", test_protection },
	{ "code", test_code },
	{ "huge pages", test_all_pages, .thp = true },
	{ "huge pages, guest addresses that don't fit", test_all_pages,
	  .thp = true, .offset = SZ_4K },
	{ "shared file", test_shared, .shared = true },
	{ "young pages", test_young, .needs = SCAN_EVENT_DIR },
};

static void run_test(const struct test *test)
{
	size_t size = NR_PAGES * SZ_4K, room = size + 2 * SZ_2M;
	struct ucall uc;
	void *area;

	vm = vm_create_with_one_vcpu(&vcpu, guest_code);

	if (test->shared)
		mem_fd = kvm_memfd_alloc(room, false);
	area = mmap(NULL, room, PROT_READ | PROT_WRITE,
		    test->shared ? MAP_SHARED : MAP_PRIVATE | MAP_ANONYMOUS,
		    mem_fd, 0);
	TEST_ASSERT(area != MAP_FAILED, "errno %d", errno);
	mem = test->shared ? area : align_ptr_up(area, SZ_2M) + test->offset;
	if (thp_configured() && !test->shared)
		TEST_ASSERT(!madvise(area, room, test->thp ? MADV_HUGEPAGE :
				     MADV_NOHUGEPAGE), "errno %d", errno);

	vm_set_user_memory_region(vm, MEM_SLOT, 0, MEM_GPA, size, mem);
	virt_map(vm, MEM_GPA, MEM_GPA, NR_PAGES);

	test->test();

	set_command(OP_DONE, 0, 0);
	vcpu_run(vcpu);
	TEST_ASSERT_EQ(get_ucall(vcpu, &uc), UCALL_DONE);

	vm_set_user_memory_region(vm, MEM_SLOT, 0, MEM_GPA, 0, mem);
	kvm_vm_free(vm);
	munmap(area, room);
	if (test->shared)
		close(mem_fd);
	mem_fd = -1;
}

int main(void)
{
	int i;

	ksft_print_header();
	ksft_set_plan(ARRAY_SIZE(tests));

	for (i = 0; i < ARRAY_SIZE(tests); i++) {
		if (tests[i].needs && access(tests[i].needs, F_OK)) {
			ksft_test_result_skip("%s: no %s\n", tests[i].name,
					      tests[i].needs);
			continue;
		}
		run_test(&tests[i]);
		ksft_test_result_pass("%s\n", tests[i].name);
	}

	ksft_finished();
}
