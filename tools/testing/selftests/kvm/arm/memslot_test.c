// SPDX-License-Identifier: GPL-2.0-only
/*
 * Memory slots: what KVM refuses, and with which error; slots that come, go,
 * move and change while vCPUs use them; slots that the guest can only read.
 */
#include <pthread.h>
#include <sys/mman.h>
#include <linux/sizes.h>

#include "kvm_util.h"
#include "processor.h"

#define IPA_BITS	40
#define IPA_END		BIT_ULL(IPA_BITS)

#define MEM_GPA		0x80000000UL
#define OTHER_GPA	0xa0000000UL
#define MEM_SLOT	10
#define NR_PAGES	16
#define MEM_SIZE	(NR_PAGES * SZ_4K)
#define NR_VCPUS	2
#define NR_ROUNDS	60
#define NR_STEPS	50

/* What a read gets where there is no slot */
#define NO_SLOT		0xeeeeeeeeU
#define PATTERN(page)	(0x5a000000U + (page))

/*
 * Refused
 */

static void *mem;

struct refused {
	const char *what;
	uint32_t slot;
	uint32_t flags;
	uint64_t gpa;
	uint64_t size;
	uint64_t offset;	/* of the memory in user space */
	int error;
};

/* There is a slot 0 of two pages at MEM_GPA. */
static const struct refused refused[] = {
	{ "address not aligned", 1, 0, SZ_4K + 1, SZ_4K, 0, EINVAL },
	{ "size not aligned", 1, 0, 0, SZ_4K + 1, 0, EINVAL },
	{ "memory not aligned", 1, 0, 0, SZ_4K, 1, EINVAL },
	{ "unknown flag", 1, BIT(30), 0, SZ_4K, 0, EINVAL },
	{ "no such address space", BIT(16), 0, 0, SZ_4K, 0, EINVAL },
	{ "no such slot", UINT16_MAX, 0, 0, SZ_4K, 0, EINVAL },
	{ "wraps around", 1, 0, -2ULL * SZ_4K, 4 * SZ_4K, 0, EINVAL },
	{ "ends at 2^64", 1, 0, -1ULL * SZ_4K, SZ_4K, 0, EINVAL },
	{ "size of more than 32 bits", 1, 0, 0, SZ_4G, 0, EINVAL },
	{ "size of 64 bits", 1, 0, 0, -1ULL * SZ_4K, 0, EINVAL },
	{ "not in user space", 1, 0, 0, SZ_4K, SZ_4G, EINVAL },
	{ "begins after the last IPA", 1, 0, IPA_END, SZ_4K, 0, EFAULT },
	{ "ends after the last IPA", 1, 0, IPA_END - SZ_4K, 2 * SZ_4K, 0,
	  EFAULT },
	{ "far after the last IPA", 1, 0, BIT_ULL(60), SZ_4K, 0, EFAULT },
	{ "same place", 1, 0, MEM_GPA, 2 * SZ_4K, 0, EEXIST },
	{ "overlaps the beginning", 1, 0, MEM_GPA - SZ_4K, 2 * SZ_4K, 0,
	  EEXIST },
	{ "overlaps the end", 1, 0, MEM_GPA + SZ_4K, 2 * SZ_4K, 0, EEXIST },
	{ "around it", 1, 0, MEM_GPA - SZ_4K, 4 * SZ_4K, 0, EEXIST },
	{ "delete what is not there", 1, 0, 0, 0, 0, EINVAL },
	{ "another size", 0, 0, MEM_GPA, SZ_4K, 0, EINVAL },
	{ "other memory", 0, 0, MEM_GPA, 2 * SZ_4K, SZ_4K, EINVAL },
	{ "read-only from now on", 0, KVM_MEM_READONLY, MEM_GPA, 2 * SZ_4K, 0,
	  EINVAL },
};

static void test_refused(void)
{
	struct kvm_vm *vm = vm_create_barebones();
	const struct refused *r;
	int ret;

	ret = __vm_set_user_memory_region(vm, 0, 0, MEM_GPA, 2 * SZ_4K, mem);
	TEST_ASSERT(!ret, "errno %d", errno);

	for (r = refused; r < refused + ARRAY_SIZE(refused); r++) {
		struct kvm_userspace_memory_region region = {
			.slot = r->slot,
			.flags = r->flags,
			.guest_phys_addr = r->gpa,
			.memory_size = r->size,
			.userspace_addr = (uintptr_t)mem + r->offset,
		};

		ret = ioctl(vm->fd, KVM_SET_USER_MEMORY_REGION, &region);
		TEST_ASSERT(ret == -1 && errno == r->error,
			    "%s: ret %d errno %d, not %d", r->what, ret, errno,
			    r->error);
	}

	/* The last page of the IPA space can be had. */
	ret = __vm_set_user_memory_region(vm, 1, 0, IPA_END - SZ_4K, SZ_4K,
					  mem);
	TEST_ASSERT(!ret, "errno %d", errno);

	kvm_vm_free(vm);
	ksft_test_result_pass("%lu errors\n",
			      (unsigned long)ARRAY_SIZE(refused));
}

/*
 * A pointer may be made 64 bits wide by way of a signed type: its upper half is
 * then what bit 31 is.
 */
static void test_user_address(void)
{
	static const uint64_t upper[] = { 1, 0x7fffffff, 0x80000000 };
	/* Made, made again, and changed */
	static const uint32_t flags[] = { 0, 0, KVM_MEM_LOG_DIRTY_PAGES };
	void *high = mmap(NULL, SZ_4K, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct kvm_vm *vm = vm_create_barebones();
	struct kvm_userspace_memory_region region = {
		.guest_phys_addr = MEM_GPA,
		.memory_size = SZ_4K,
	};
	int i, ret;

	TEST_ASSERT((int32_t)(uintptr_t)high < 0, "%p is not above 2 GiB", high);
	for (i = 0; i < ARRAY_SIZE(upper); i++) {
		region.userspace_addr = upper[i] << 32 | (uintptr_t)high;
		ret = ioctl(vm->fd, KVM_SET_USER_MEMORY_REGION, &region);
		TEST_ASSERT(ret == -1 && errno == EINVAL,
			    "0x%" PRIx64 ": ret %d errno %d",
			    (uint64_t)region.userspace_addr, ret, errno);
	}

	region.userspace_addr = (int32_t)(uintptr_t)high;
	for (i = 0; i < ARRAY_SIZE(flags); i++) {
		region.flags = flags[i];
		ret = ioctl(vm->fd, KVM_SET_USER_MEMORY_REGION, &region);
		TEST_ASSERT(!ret, "0x%" PRIx64 ", flags %u: errno %d",
			    (uint64_t)region.userspace_addr, flags[i], errno);
	}

	kvm_vm_free(vm);
	munmap(high, SZ_4K);
	ksft_test_result_pass("forms of a user address\n");
}

/*
 * Under running vCPUs
 */

static struct {
	uint32_t stop;
	uint32_t steps[NR_VCPUS];
	uint32_t seen[NR_VCPUS];	/* in a slot */
	uint32_t missed[NR_VCPUS];	/* and not in one */
} control;

static void guest_read(uint32_t id, uint32_t gpa, uint32_t page)
{
	uint32_t value = readl((void *)(uintptr_t)(gpa + page * SZ_4K));

	__GUEST_ASSERT(value == NO_SLOT || value == PATTERN(page),
		       "Page %u is 0x%x", page, value);
	if (value == NO_SLOT)
		control.missed[id]++;
	else
		control.seen[id]++;
}

static void guest_code(uint32_t id)
{
	uint32_t page;

	for (page = id; !READ_ONCE(control.stop); page = (page + 1) % NR_PAGES) {
		guest_read(id, MEM_GPA, page);
		guest_read(id, OTHER_GPA, page);
		WRITE_ONCE(control.steps[id], control.steps[id] + 1);
	}

	GUEST_DONE();
}

static struct kvm_vm *vm;
static struct kvm_vcpu *vcpus[NR_VCPUS];
static typeof(control) *guest;

static void *run_vcpu(void *arg)
{
	static const uint32_t no_slot = NO_SLOT;
	struct kvm_vcpu *vcpu = arg;
	struct kvm_run *run = vcpu->run;
	struct ucall uc;

	for (;;) {
		vcpu_run(vcpu);
		switch (get_ucall(vcpu, &uc)) {
		case UCALL_ABORT:
			REPORT_GUEST_ASSERT(uc);
		case UCALL_DONE:
			return NULL;
		}
		TEST_ASSERT(run->exit_reason == KVM_EXIT_MMIO &&
			    !run->mmio.is_write &&
			    run->mmio.len == sizeof(no_slot), "exit %s",
			    exit_reason_str(run->exit_reason));
		memcpy(run->mmio.data, &no_slot, sizeof(no_slot));
	}
}

static void wait_for_guest(void)
{
	uint32_t before[NR_VCPUS];
	int i;

	for (i = 0; i < NR_VCPUS; i++)
		before[i] = READ_ONCE(guest->steps[i]);
	for (i = 0; i < NR_VCPUS; i++) {
		while (READ_ONCE(guest->steps[i]) - before[i] < NR_STEPS)
			sched_yield();
	}
}

static void set_slot(uint32_t flags, uint64_t gpa, uint64_t size)
{
	vm_set_user_memory_region(vm, MEM_SLOT, flags, gpa, size, mem);
}

static void round_create_delete(int round)
{
	set_slot(0, MEM_GPA, MEM_SIZE);
	wait_for_guest();
	set_slot(0, MEM_GPA, 0);
}

static void round_move(int round)
{
	set_slot(0, round & 1 ? MEM_GPA : OTHER_GPA, MEM_SIZE);
}

static void round_flags(int round)
{
	set_slot(round & 1 ? 0 : KVM_MEM_LOG_DIRTY_PAGES, MEM_GPA, MEM_SIZE);
}

static void round_readonly(int round)
{
	set_slot(round & 1 ? 0 : KVM_MEM_READONLY, MEM_GPA, MEM_SIZE);
	wait_for_guest();
	set_slot(0, MEM_GPA, 0);
}

struct change {
	const char *name;
	void (*round)(int round);
	bool exists;		/* before the first and after the last round */
};

static const struct change changes[] = {
	{ "created and deleted", round_create_delete },
	{ "moved", round_move, true },
	{ "logged and not logged", round_flags, true },
	{ "read-only and not", round_readonly },
};

static void test_change(const struct change *c)
{
	pthread_t threads[NR_VCPUS];
	uint32_t page, seen = 0, missed = 0;
	int i;

	for (page = 0; page < NR_PAGES; page++)
		*(uint32_t *)(mem + page * SZ_4K) = PATTERN(page);

	vm = vm_create_with_vcpus(NR_VCPUS, guest_code, vcpus);
	guest = addr_gva2hva(vm, (uintptr_t)&control);
	virt_map(vm, MEM_GPA, MEM_GPA, NR_PAGES);
	virt_map(vm, OTHER_GPA, OTHER_GPA, NR_PAGES);
	if (c->exists)
		set_slot(0, MEM_GPA, MEM_SIZE);

	for (i = 0; i < NR_VCPUS; i++) {
		vcpu_args_set(vcpus[i], 1, i);
		pthread_create(&threads[i], NULL, run_vcpu, vcpus[i]);
	}
	for (i = 0; i < NR_ROUNDS; i++) {
		c->round(i);
		wait_for_guest();
	}
	WRITE_ONCE(guest->stop, 1);
	for (i = 0; i < NR_VCPUS; i++) {
		pthread_join(threads[i], NULL);
		seen += guest->seen[i];
		missed += guest->missed[i];
	}
	TEST_ASSERT(seen && missed, "%u reads of memory, %u of none", seen,
		    missed);

	kvm_vm_free(vm);
	ksft_test_result_pass("%s: %u reads of memory, %u of none\n", c->name,
			      seen, missed);
}

/*
 * Read-only
 */

#define CODE_MOV_R0	0xe3a00000U	/* mov r0, #imm8 */
#define CODE_BX_LR	0xe12fff1eU

#define RETURNS		42
#define WRITTEN		0x12345678U

static void guest_readonly(void)
{
	uint32_t (*code)(void) = (void *)MEM_GPA;

	GUEST_ASSERT_EQ(code(), RETURNS);
	GUEST_ASSERT_EQ(readl((void *)MEM_GPA), CODE_MOV_R0 | RETURNS);
	GUEST_SYNC(0);

	writel(WRITTEN, (void *)(MEM_GPA + SZ_4K + 4));
	GUEST_ASSERT_EQ(readl((void *)(MEM_GPA + SZ_4K + 4)), 0);
	GUEST_ASSERT_EQ(code(), RETURNS);
	GUEST_DONE();
}

static void expect_ucall(struct kvm_vcpu *vcpu, uint64_t cmd)
{
	struct ucall uc;

	vcpu_run(vcpu);
	get_ucall(vcpu, &uc);
	if (uc.cmd == UCALL_ABORT)
		REPORT_GUEST_ASSERT(uc);
	TEST_ASSERT(uc.cmd == cmd, "exit %s",
		    exit_reason_str(vcpu->run->exit_reason));
}

static void test_readonly(int prot)
{
	struct kvm_vcpu *vcpu;
	struct kvm_run *run;
	uint32_t *code = mem;
	uint32_t data;

	memset(mem, 0, MEM_SIZE);
	code[0] = CODE_MOV_R0 | RETURNS;
	code[1] = CODE_BX_LR;
	__builtin___clear_cache(mem, mem + SZ_4K);
	TEST_ASSERT(!mprotect(mem, MEM_SIZE, prot), "errno %d", errno);

	vm = vm_create_with_one_vcpu(&vcpu, guest_readonly);
	virt_map(vm, MEM_GPA, MEM_GPA, NR_PAGES);
	set_slot(KVM_MEM_READONLY, MEM_GPA, MEM_SIZE);

	expect_ucall(vcpu, UCALL_SYNC);

	vcpu_run(vcpu);
	run = vcpu->run;
	memcpy(&data, run->mmio.data, sizeof(data));
	TEST_ASSERT(run->exit_reason == KVM_EXIT_MMIO && run->mmio.is_write &&
		    run->mmio.len == sizeof(data) && data == WRITTEN &&
		    run->mmio.phys_addr == MEM_GPA + SZ_4K + 4,
		    "exit %s at 0x%llx", exit_reason_str(run->exit_reason),
		    run->mmio.phys_addr);

	expect_ucall(vcpu, UCALL_DONE);
	kvm_vm_free(vm);
	TEST_ASSERT(!mprotect(mem, MEM_SIZE, PROT_READ | PROT_WRITE),
		    "errno %d", errno);
	ksft_test_result_pass("read-only slot, %s memory\n",
			      prot & PROT_WRITE ? "writable" : "read-only");
}

int main(void)
{
	int i;

	ksft_print_header();
	ksft_set_plan(2 + ARRAY_SIZE(changes) + 2);

	mem = mmap(NULL, MEM_SIZE, PROT_READ | PROT_WRITE,
		   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	TEST_ASSERT(mem != MAP_FAILED, "errno %d", errno);

	test_refused();
	test_user_address();
	for (i = 0; i < ARRAY_SIZE(changes); i++)
		test_change(&changes[i]);
	test_readonly(PROT_READ | PROT_WRITE);
	test_readonly(PROT_READ);

	ksft_finished();
}
