// SPDX-License-Identifier: GPL-2.0-only
/*
 * Dirty tracking, in all of its ways, of memory that the guest has read before
 * it writes and that the host maps in huge pages: what is reported is exactly
 * what was written.  When logging begins, blocks are split ahead of the writes
 * if user space wants it, and when it ends they come back.
 */
#include <sys/mman.h>
#include <asm/barrier.h>
#include <linux/sizes.h>

#include "kvm_util.h"
#include "processor.h"
#include "trace.h"

#define MEM_GPA		0x80000000UL
#define MEM_SLOT	10
#define MEM_SIZE	SZ_8M
#define NR_PAGES	(MEM_SIZE / SZ_4K)
#define NR_BLOCKS	((unsigned int)(MEM_SIZE / SZ_2M))
#define NR_ROUNDS	3

/* Of the program itself, its stack and its page tables */
#define CODE_PAGES	1024

#ifndef MADV_COLLAPSE
#define MADV_COLLAPSE	25
#endif

/* Room for all pages, and for what the kernel keeps free */
#define RING_ENTRIES	(2 * NR_PAGES)

enum op {
	OP_NONE,
	OP_READ,
	OP_WRITE,
};

/* What the guest is to do with each page, and what it reads or writes there */
static uint8_t ops[NR_PAGES];
static uint32_t value;

static void guest_code(void)
{
	uint32_t *p;
	uint32_t i;

	for (;;) {
		for (i = 0; i < NR_PAGES; i++) {
			p = (void *)(uintptr_t)(MEM_GPA + i * SZ_4K);
			if (READ_ONCE(ops[i]) == OP_READ)
				READ_ONCE(*p);
			else if (READ_ONCE(ops[i]) == OP_WRITE)
				WRITE_ONCE(*p, READ_ONCE(value));
		}
		GUEST_SYNC(0);
	}
}

static struct kvm_vm *vm;
static struct kvm_vcpu *vcpu;
static void *area, *mem;
static uint8_t dirty[NR_PAGES / 8], expected[NR_PAGES / 8];
static uint32_t ring_next;

static uint8_t *guest_ops(void)
{
	return addr_gva2hva(vm, (uintptr_t)ops);
}

static void run_guest(void)
{
	struct ucall uc;

	vcpu_run(vcpu);
	get_ucall(vcpu, &uc);
	TEST_ASSERT(uc.cmd == UCALL_SYNC, "exit %s",
		    exit_reason_str(vcpu->run->exit_reason));
}

static void guest_does(enum op op)
{
	memset(guest_ops(), op, NR_PAGES);
	run_guest();
}

/* Some pages are written, all others read. */
static void guest_writes_some(uint32_t seed)
{
	uint8_t *op = guest_ops();
	uint32_t i;

	value = seed;
	sync_global_to_guest(vm, value);
	memset(expected, 0, sizeof(expected));
	for (i = 0; i < NR_PAGES; i++) {
		seed = seed * 1103515245 + 12345;
		op[i] = seed >> 16 & 3 ? OP_READ : OP_WRITE;
		if (op[i] == OP_WRITE)
			expected[i / 8] |= 1 << i % 8;
	}
	run_guest();
}

static void check_dirty(void)
{
	bool is, should_be;
	uint32_t i, seen;

	for (i = 0; i < NR_PAGES; i++) {
		is = dirty[i / 8] >> i % 8 & 1;
		should_be = expected[i / 8] >> i % 8 & 1;
		TEST_ASSERT(is == should_be, "Page %u is reported %s, but was %swritten",
			    i, is ? "dirty" : "clean", should_be ? "" : "not ");
		seen = *(uint32_t *)(mem + i * SZ_4K);
		TEST_ASSERT(!should_be || seen == value,
			    "Page %u holds 0x%x, not 0x%x", i, seen, value);
	}
}

/*
 * The ways to log
 */

struct mode {
	const char *name;
	uint64_t manual;	/* KVM_DIRTY_LOG_MANUAL_* */
	bool ring;
	bool ring_bitmap;
	void (*collect)(void);
};

static void get_bitmap(void)
{
	kvm_vm_get_dirty_log(vm, MEM_SLOT, dirty);
}

/* What is not cleared stays, and clearing some clears no other. */
static void get_and_clear(void)
{
	static uint8_t rest[NR_PAGES / 8];
	uint32_t half = NR_PAGES / 2;

	kvm_vm_get_dirty_log(vm, MEM_SLOT, dirty);
	kvm_vm_clear_dirty_log(vm, MEM_SLOT, dirty, 0, half);

	kvm_vm_get_dirty_log(vm, MEM_SLOT, rest);
	TEST_ASSERT(!memcmp(rest + half / 8, dirty + half / 8, half / 8),
		    "The upper half changed when the lower was cleared");
	memset(rest + half / 8, 0, half / 8);
	TEST_ASSERT(!memcmp(rest, rest + half / 8, half / 8),
		    "What was cleared is still there");

	kvm_vm_clear_dirty_log(vm, MEM_SLOT, dirty + half / 8, half, half);
}

static void get_ring(void)
{
	struct kvm_dirty_gfn *ring = vcpu_map_dirty_ring(vcpu), *gfn;
	uint32_t found = 0;

	memset(dirty, 0, sizeof(dirty));
	for (;; ring_next++, found++) {
		gfn = &ring[ring_next % RING_ENTRIES];
		/* As Documentation/virt/kvm/api.rst wants it, 8.29 */
		if (smp_load_acquire(&gfn->flags) != KVM_DIRTY_GFN_F_DIRTY)
			break;
		TEST_ASSERT(gfn->slot == MEM_SLOT && gfn->offset < NR_PAGES,
			    "Slot %u has no page 0x%llx", gfn->slot,
			    gfn->offset);
		dirty[gfn->offset / 8] |= 1 << gfn->offset % 8;
		/* Likewise */
		smp_store_release(&gfn->flags, KVM_DIRTY_GFN_F_RESET);
	}
	TEST_ASSERT(kvm_vm_reset_dirty_ring(vm) == found,
		    "%u pages are to be reset", found);
}

/* The bitmap is for what no vCPU writes, and there is no such thing here. */
static void get_ring_and_bitmap(void)
{
	uint32_t i;

	kvm_vm_get_dirty_log(vm, MEM_SLOT, dirty);
	for (i = 0; i < sizeof(dirty); i++)
		TEST_ASSERT(!dirty[i], "Pages from %u are in the bitmap", 8 * i);
	get_ring();
}

static const struct mode modes[] = {
	{ "bitmap", .collect = get_bitmap },
	{ "bitmap, manual protection", KVM_DIRTY_LOG_MANUAL_PROTECT_ENABLE,
	  .collect = get_and_clear },
	{ "bitmap, manual protection, all set",
	  KVM_DIRTY_LOG_MANUAL_PROTECT_ENABLE | KVM_DIRTY_LOG_INITIALLY_SET,
	  .collect = get_and_clear },
	{ "ring", .ring = true, .collect = get_ring },
	{ "ring with bitmap", .ring = true, .ring_bitmap = true,
	  .collect = get_ring_and_bitmap },
};

static void set_flags(uint32_t flags)
{
	vm_set_user_memory_region(vm, MEM_SLOT, flags, MEM_GPA, MEM_SIZE, mem);
}

/* Some of what is enabled here has to be before there is any memory. */
static void __create_vm(const struct mode *mode, uint64_t chunk, bool huge,
			size_t offset)
{
	size_t room = MEM_SIZE + SZ_2M;
	int i;

	vm = vm_create_barebones();
	if (mode->ring)
		vm_enable_dirty_ring(vm, RING_ENTRIES *
				     sizeof(struct kvm_dirty_gfn));
	if (mode->ring_bitmap)
		vm_enable_cap(vm, KVM_CAP_DIRTY_LOG_RING_WITH_BITMAP, 0);
	if (mode->manual)
		vm_enable_cap(vm, KVM_CAP_MANUAL_DIRTY_LOG_PROTECT2,
			      mode->manual);
	if (chunk)
		vm_enable_cap(vm, KVM_CAP_ARM_EAGER_SPLIT_CHUNK_SIZE, chunk);

	vm_userspace_mem_region_add(vm, VM_MEM_SRC_ANONYMOUS, 0, 0,
				    CODE_PAGES, 0);
	for (i = 0; i < NR_MEM_REGIONS; i++)
		vm->memslots[i] = 0;
	kvm_vm_elf_load(vm, program_invocation_name);
	ucall_init(vm, CODE_PAGES * SZ_4K);
	vcpu = vm_vcpu_add(vm, 0, guest_code);
	ring_next = 0;

	area = mmap(NULL, room, PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	TEST_ASSERT(area != MAP_FAILED, "errno %d", errno);
	if (thp_configured())
		madvise(area, room, huge ? MADV_HUGEPAGE : MADV_NOHUGEPAGE);
	mem = align_ptr_up(area, SZ_2M) + offset;
	memset(mem, 1, MEM_SIZE);
	if (huge)
		TEST_ASSERT(!madvise(mem, MEM_SIZE, MADV_COLLAPSE),
			    "errno %d", errno);
	set_flags(0);
	virt_map(vm, MEM_GPA, MEM_GPA, NR_PAGES);
}

static void create_vm(const struct mode *mode, uint64_t chunk, bool huge)
{
	__create_vm(mode, chunk, huge, 0);
}

static void free_vm(void)
{
	kvm_vm_free(vm);
	munmap(area, MEM_SIZE + SZ_2M);
}

static void test_mode(const struct mode *mode, uint64_t chunk, bool huge)
{
	uint32_t round;

	create_vm(mode, chunk, huge);
	guest_does(OP_READ);
	set_flags(KVM_MEM_LOG_DIRTY_PAGES);

	memset(expected, 0, sizeof(expected));
	value = 0;
	if (mode->manual & KVM_DIRTY_LOG_INITIALLY_SET)
		memset(dirty, 0xff, sizeof(dirty));
	else
		memset(dirty, 0, sizeof(dirty));
	memcpy(expected, dirty, sizeof(dirty));
	mode->collect();
	TEST_ASSERT(!memcmp(dirty, expected, sizeof(dirty)),
		    "The log does not begin as it should");

	for (round = 1; round <= NR_ROUNDS; round++) {
		guest_writes_some(round);
		mode->collect();
		check_dirty();
	}

	/* None is lost when nobody looks for a while. */
	guest_does(OP_WRITE);
	mode->collect();
	memset(expected, 0xff, sizeof(expected));
	check_dirty();

	free_vm();
	ksft_test_result_pass("%s, %s pages%s\n", mode->name,
			      huge ? "huge" : "small",
			      chunk ? ", split ahead" : "");
}

/*
 * Blocks: splitting ahead costs one invalidation a chunk, and only where there
 * are blocks, so that these can be counted from the trace.
 */

static const char *const events[] = { "kvm_stage2_tlb_inval", NULL };

/* Of the whole of a block, or of anything if @any */
static unsigned int invalidations(bool any)
{
	uint64_t ipa, size;
	unsigned int n = 0;
	char *line = NULL;
	const char *at;
	size_t len = 0;
	FILE *f = trace_open();

	while (getline(&line, &len, f) > 0) {
		at = trace_find(line, events[0]);
		if (at && sscanf(at, " ipa %" SCNx64 " size %" SCNx64, &ipa,
				 &size) == 2)
			n += (any || size == SZ_2M) && ipa >= MEM_GPA &&
			     ipa < MEM_GPA + MEM_SIZE;
	}
	free(line);
	fclose(f);

	return n;
}

static unsigned int blocks_split(void)
{
	return invalidations(false);
}

static unsigned int start_logging(void)
{
	trace_start(events);
	set_flags(KVM_MEM_LOG_DIRTY_PAGES);
	trace_stop(events);

	return blocks_split();
}

static void test_split(bool ahead)
{
	unsigned int at_start, at_write;

	create_vm(&modes[0], ahead ? SZ_2M : 0, true);
	guest_does(OP_WRITE);
	at_start = start_logging();

	trace_start(events);
	guest_writes_some(1);
	trace_stop(events);
	at_write = blocks_split();

	TEST_ASSERT(at_start == (ahead ? NR_BLOCKS : 0) &&
		    at_write == (ahead ? 0 : NR_BLOCKS),
		    "%u blocks are split at the start, %u by writes",
		    at_start, at_write);
	get_bitmap();
	check_dirty();
	free_vm();
	ksft_test_result_pass("blocks split %s\n",
			      ahead ? "ahead" : "by writes");
}

/* All pages have been written since, so nothing has to fault any more. */
static void test_collapse(void)
{
	unsigned int blocks;

	create_vm(&modes[0], SZ_2M, true);
	guest_does(OP_WRITE);
	TEST_ASSERT_EQ(start_logging(), NR_BLOCKS);
	guest_does(OP_WRITE);

	set_flags(0);
	value = 1;
	sync_global_to_guest(vm, value);
	guest_does(OP_WRITE);

	blocks = start_logging();
	TEST_ASSERT(blocks == NR_BLOCKS, "%u of %u blocks came back", blocks,
		    NR_BLOCKS);
	get_bitmap();
	memset(expected, 0, sizeof(expected));
	check_dirty();
	guest_writes_some(2);
	get_bitmap();
	check_dirty();
	free_vm();
	ksft_test_result_pass("blocks come back\n");
}

/* Where the guest cannot have blocks it loses nothing when logging ends. */
static void test_no_collapse(void)
{
	unsigned int n;

	__create_vm(&modes[0], 0, true, SZ_4K);
	guest_does(OP_WRITE);
	TEST_ASSERT_EQ(start_logging(), 0);
	guest_does(OP_WRITE);

	trace_start(events);
	set_flags(0);
	trace_stop(events);
	n = invalidations(true);
	TEST_ASSERT(!n, "%u invalidations for blocks that don't fit", n);

	free_vm();
	ksft_test_result_pass("blocks that don't fit\n");
}

static void test_chunk_size(void)
{
	static const uint64_t bad[] = { 1, SZ_4K + 1, SZ_1M, SZ_4M,
					SZ_1G, SZ_4G, 1ULL << 63 };
	uint64_t sizes;
	int i, ret;

	vm = vm_create_barebones();
	sizes = vm_check_cap(vm, KVM_CAP_ARM_SUPPORTED_BLOCK_SIZES);
	TEST_ASSERT_EQ(sizes, SZ_4K | SZ_2M);
	TEST_ASSERT_EQ(vm_check_cap(vm, KVM_CAP_ARM_EAGER_SPLIT_CHUNK_SIZE), 0);

	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		ret = __vm_enable_cap(vm, KVM_CAP_ARM_EAGER_SPLIT_CHUNK_SIZE,
				      bad[i]);
		TEST_ASSERT(ret == -1 && errno == EINVAL,
			    "0x%" PRIx64 ": ret %d errno %d", bad[i], ret,
			    errno);
	}
	vm_enable_cap(vm, KVM_CAP_ARM_EAGER_SPLIT_CHUNK_SIZE, SZ_2M);
	TEST_ASSERT_EQ(vm_check_cap(vm, KVM_CAP_ARM_EAGER_SPLIT_CHUNK_SIZE),
		       SZ_2M);
	kvm_vm_free(vm);

	/* Not once there is memory */
	vm = vm_create(1);
	ret = __vm_enable_cap(vm, KVM_CAP_ARM_EAGER_SPLIT_CHUNK_SIZE, SZ_2M);
	TEST_ASSERT(ret == -1 && errno == EINVAL, "ret %d errno %d", ret,
		    errno);
	kvm_vm_free(vm);

	ksft_test_result_pass("chunk sizes\n");
}

int main(void)
{
	int i;

	ksft_print_header();
	ksft_set_plan(3 * ARRAY_SIZE(modes) + 5);

	test_chunk_size();
	for (i = 0; i < ARRAY_SIZE(modes); i++)
		test_mode(&modes[i], 0, false);

	if (!thp_configured()) {
		for (i = ARRAY_SIZE(modes); i < 3 * ARRAY_SIZE(modes) + 4; i++)
			ksft_test_result_skip("no huge pages\n");
		ksft_finished();
	}

	for (i = 0; i < ARRAY_SIZE(modes); i++) {
		test_mode(&modes[i], 0, true);
		test_mode(&modes[i], SZ_2M, true);
	}
	test_split(false);
	test_split(true);
	test_collapse();
	test_no_collapse();

	ksft_finished();
}
