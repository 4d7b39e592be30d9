// SPDX-License-Identifier: GPL-2.0-only
/*
 * ioeventfd on MMIO of 32-bit ARM guests: writes that match an address, a
 * length and a value signal a file and go on, all others are exits to user
 * space, and so are reads.
 */
#include <fcntl.h>
#include <sys/eventfd.h>

#include "isa.h"
#include "kvm_util.h"
#include "processor.h"

#define MMIO_GPA	0x30000000UL
#define NR_WRITES	5
#define VALUE		0x89abcdefU
#define OTHER_VALUE	0x12345678U

/**
 * struct notifier - an ioeventfd, and which of guest_writes() it is for
 * @name: what is special about it
 * @offset: from MMIO_GPA
 * @len: length of the access, 0 for any
 * @flags: KVM_IOEVENTFD_FLAG_*
 * @value: with KVM_IOEVENTFD_FLAG_DATAMATCH, what has to be written
 * @count: how often it is signalled
 */
struct notifier {
	const char *name;
	uint32_t offset;
	uint32_t len;
	uint32_t flags;
	uint32_t value;
	unsigned int count;
};

/* NR_WRITES times each, in both states, of each write that matches */
static const struct notifier notifiers[] = {
	{ "word", 0x00, 4, 0, 0, 2 * NR_WRITES },
	{ "halfword", 0x10, 2, 0, 0, 2 * NR_WRITES },
	{ "byte", 0x20, 1, 0, 0, 2 * NR_WRITES },
	{ "any length", 0x30, 0, 0, 0, 3 * 2 * NR_WRITES },
	{ "value", 0x40, 4, KVM_IOEVENTFD_FLAG_DATAMATCH, VALUE,
	  2 * NR_WRITES },
	{ "other value at the same address", 0x40, 4,
	  KVM_IOEVENTFD_FLAG_DATAMATCH, ~VALUE, 0 },
	{ "value of a byte", 0x50, 1, KVM_IOEVENTFD_FLAG_DATAMATCH,
	  VALUE & 0xff, 2 * NR_WRITES },
};

#define STORE(insn, value, offset)					\
	asm volatile(".syntax unified\n" insn " %0, [%1]"		\
		     : : "r" (value), "r" (MMIO_GPA + (offset)) : "memory")

/* Each of these signals, and none of them is an exit. */
static __always_inline void guest_writes(uint32_t t)
{
	unsigned int i;

	for (i = 0; i < NR_WRITES; i++) {
		STORE("str", i, 0x00);
		STORE("strh", i, 0x10);
		STORE("strb", i, 0x20);
		STORE("str", i, 0x30);
		STORE("strh", i, 0x30);
		STORE("strb", i, 0x30);
		STORE("str", VALUE, 0x40);
		STORE("strb", VALUE, 0x50);
	}
}

BOTH_STATES(guest_writes)

/* And each of these is an exit. */
static void guest_misses(void)
{
	STORE("strh", VALUE, 0x00);
	STORE("str", VALUE, 0x04);
	STORE("strb", VALUE, 0x10);
	STORE("str", OTHER_VALUE, 0x40);
	STORE("strb", OTHER_VALUE, 0x50);
	readl((void *)MMIO_GPA);
	GUEST_DONE();
}

#define NR_MISSES	6

static int fds[ARRAY_SIZE(notifiers)];

static void set_notifier(struct kvm_vm *vm, unsigned int i, uint32_t flags)
{
	const struct notifier *n = &notifiers[i];
	struct kvm_ioeventfd ioeventfd = {
		.addr = MMIO_GPA + n->offset,
		.len = n->len,
		.fd = fds[i],
		.flags = n->flags | flags,
		.datamatch = n->value,
	};

	vm_ioctl(vm, KVM_IOEVENTFD, &ioeventfd);
}

static uint64_t signalled(unsigned int i)
{
	eventfd_t count = 0;

	TEST_ASSERT(!eventfd_read(fds[i], &count) || errno == EAGAIN,
		    "errno %d", errno);
	return count;
}

static struct kvm_vm *create_vm(void *guest_code, struct kvm_vcpu **vcpu)
{
	struct kvm_vm *vm = vm_create_with_one_vcpu(vcpu, guest_code);
	unsigned int i;

	virt_map_device(vm, MMIO_GPA, MMIO_GPA, 1);
	for (i = 0; i < ARRAY_SIZE(notifiers); i++) {
		fds[i] = eventfd(0, EFD_NONBLOCK);
		set_notifier(vm, i, 0);
	}

	return vm;
}

static void free_vm(struct kvm_vm *vm)
{
	unsigned int i;

	kvm_vm_free(vm);
	for (i = 0; i < ARRAY_SIZE(notifiers); i++)
		close(fds[i]);
}

static void run_to_done(struct kvm_vcpu *vcpu)
{
	struct ucall uc;

	vcpu_run(vcpu);
	TEST_ASSERT(get_ucall(vcpu, &uc) == UCALL_DONE, "exit %s, address 0x%llx",
		    exit_reason_str(vcpu->run->exit_reason),
		    vcpu->run->mmio.phys_addr);
}

static void test_hits(void)
{
	struct kvm_vcpu *vcpu;
	struct kvm_vm *vm = create_vm(guest_writes_guest, &vcpu);
	uint64_t count;
	unsigned int i;

	run_to_done(vcpu);
	for (i = 0; i < ARRAY_SIZE(notifiers); i++) {
		count = signalled(i);
		ksft_test_result(count == notifiers[i].count,
				 "%s: signalled %" PRIu64 " times\n",
				 notifiers[i].name, count);
	}
	free_vm(vm);
}

static void expect_exits(struct kvm_vcpu *vcpu, unsigned int nr)
{
	unsigned int i;

	for (i = 0; i < nr; i++) {
		vcpu_run(vcpu);
		TEST_ASSERT_KVM_EXIT_REASON(vcpu, KVM_EXIT_MMIO);
		TEST_ASSERT((vcpu->run->mmio.phys_addr & ~0xfffULL) == MMIO_GPA,
			    "0x%llx", vcpu->run->mmio.phys_addr);
	}
}

static void test_misses(void)
{
	struct kvm_vcpu *vcpu;
	struct kvm_vm *vm = create_vm(guest_misses, &vcpu);
	unsigned int i;

	expect_exits(vcpu, NR_MISSES);
	run_to_done(vcpu);
	for (i = 0; i < ARRAY_SIZE(notifiers); i++)
		TEST_ASSERT(!signalled(i), "%s", notifiers[i].name);

	free_vm(vm);
	ksft_test_result_pass("what does not match\n");
}

/* Removed: every write is an exit again. */
static void test_removed(void)
{
	struct kvm_vcpu *vcpu;
	struct kvm_vm *vm = create_vm(guest_writes_guest, &vcpu);
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(notifiers); i++)
		set_notifier(vm, i, KVM_IOEVENTFD_FLAG_DEASSIGN);
	expect_exits(vcpu, 8 * 2 * NR_WRITES);
	run_to_done(vcpu);
	for (i = 0; i < ARRAY_SIZE(notifiers); i++)
		TEST_ASSERT(!signalled(i), "%s", notifiers[i].name);

	free_vm(vm);
	ksft_test_result_pass("removed\n");
}

int main(void)
{
	TEST_REQUIRE(kvm_has_cap(KVM_CAP_IOEVENTFD_ANY_LENGTH));

	ksft_print_header();
	ksft_set_plan(ARRAY_SIZE(notifiers) + 2);

	test_hits();
	test_misses();
	test_removed();

	ksft_finished();
}
