// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a host does to a guest's memory while the guest uses it: swap, discard,
 * remap, protect, copy on write, merge, split, collapse, migrate.
 *
 * Each vCPU has pages of its own, all over the memory.  It knows what it wrote
 * to each of them last, finds that again at any time, and writes something new:
 * nothing may be lost, and nothing stale be seen.  Each activity goes on until
 * the host's own counters say that it took place often enough.
 */
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <sys/mman.h>
#include <sys/swap.h>
#include <sys/wait.h>
#include <linux/sizes.h>

#include "host.h"
#include "kvm_util.h"
#include "processor.h"

#define MEM_GPA		0x80000000UL
#define MEM_SLOT	10
#define MEM_SIZE	SZ_16M
#define NR_PAGES	(MEM_SIZE / SZ_4K)
#define NR_VCPUS	2
#define MAX_VCPUS	8

/* What is moved or protected at once */
#define PIECE_PAGES	64
#define PIECE_SIZE	(PIECE_PAGES * SZ_4K)

/* How far each vCPU gets between two things that the host does */
#define GUEST_STEPS	500
#define GIVE_INTERVAL	16

/* A guest says nothing without an exit: between two looks at what it did */
#define LOOK_USEC	200

/* Documentation/admin-guide/mm/pagemap.rst */
#define PM_FRAME	(BIT_ULL(55) - 1)
#define PM_PRESENT	BIT_ULL(63)

#ifndef MADV_COLLAPSE
#define MADV_COLLAPSE	25
#endif

/*
 * The guest
 */

static struct {
	uint32_t stop;
	uint32_t nr_vcpus;
	uint32_t same;		/* Few different values, for pages to be equal */
	uint32_t allowed;	/* And no more writes of each vCPU than these */
	uint32_t gives;		/* Pages are given to the host, and come back */
	struct {
		uint32_t steps;
		uint32_t written;
		uint32_t given;	/* The number of a page plus one, or none */
	} vcpu[MAX_VCPUS];
} control;

/* The number of the last write to each page: a page never written is zero. */
static uint16_t writes[NR_PAGES];

static const uint32_t words[] = { 0, 255, 512, 1023 };

static uint32_t *guest_page(uint32_t page)
{
	return (uint32_t *)(uintptr_t)(MEM_GPA + page * SZ_4K);
}

static uint32_t value_of(uint32_t page)
{
	if (!writes[page])
		return 0;
	if (control.same)
		return 1 + writes[page] % 2;
	return writes[page] + page * 0x10001;
}

static void check_page(uint32_t page)
{
	uint32_t i, seen;

	for (i = 0; i < ARRAY_SIZE(words); i++) {
		seen = READ_ONCE(guest_page(page)[words[i]]);
		__GUEST_ASSERT(seen == value_of(page),
			       "Page %u word %u is 0x%x, not 0x%x", page,
			       words[i], seen, value_of(page));
	}
}

static void write_page(uint32_t page)
{
	uint32_t i;

	if (!++writes[page])
		++writes[page];
	for (i = 0; i < ARRAY_SIZE(words); i++)
		WRITE_ONCE(guest_page(page)[words[i]], value_of(page));
}

static void give_page(uint32_t id, uint32_t page)
{
	writes[page] = 0;
	dmb(ish);
	WRITE_ONCE(control.vcpu[id].given, page + 1);
}

static bool may_write(uint32_t id)
{
	return !control.same ||
	       control.vcpu[id].written != READ_ONCE(control.allowed);
}

static void guest_step(uint32_t id, uint32_t random)
{
	uint32_t nr = control.nr_vcpus;
	uint32_t page = (random >> 8) % (NR_PAGES / nr) * nr + id;
	uint32_t given = READ_ONCE(control.vcpu[id].given);

	if (given == page + 1)
		return;
	dmb(ish);

	check_page(page);
	if (!(random & 1) && may_write(id)) {
		write_page(page);
		control.vcpu[id].written++;
	}
	if (control.gives && !given && !(random % GIVE_INTERVAL))
		give_page(id, page);
}

static void guest_code(uint32_t id)
{
	uint32_t random = id + 1, page;

	while (!READ_ONCE(control.stop)) {
		random ^= random << 13;
		random ^= random >> 17;
		random ^= random << 5;
		guest_step(id, random);
		WRITE_ONCE(control.vcpu[id].steps,
			   control.vcpu[id].steps + 1);
	}

	for (page = id; page < NR_PAGES; page += control.nr_vcpus) {
		if (page + 1 != READ_ONCE(control.vcpu[id].given))
			check_page(page);
	}

	GUEST_DONE();
}

/*
 * The VM
 */

static struct kvm_vm *vm;
static struct kvm_vcpu *vcpus[MAX_VCPUS];
static pthread_t threads[MAX_VCPUS];
static unsigned int nr_vcpus;
static typeof(control) *guest;
static void *mem;
static uint32_t host_random;

static uint32_t next_random(uint32_t max)
{
	host_random = host_random * 1103515245 + 12345;
	return (host_random >> 12) % max;
}

static void *page_hva(uint32_t page)
{
	return mem + page * SZ_4K;
}

static void *random_piece(void)
{
	return page_hva(next_random(NR_PAGES / PIECE_PAGES) * PIECE_PAGES);
}

/* Where user space has no access now, it may soon have some again. */
static void *run_vcpu(void *arg)
{
	struct kvm_vcpu *vcpu = arg;
	struct ucall uc;
	int ret;

	do {
		ret = __vcpu_run(vcpu);
	} while (ret == -1 && errno == EFAULT);
	TEST_ASSERT(!ret, KVM_IOCTL_ERROR(KVM_RUN, ret));

	get_ucall(vcpu, &uc);
	if (uc.cmd == UCALL_ABORT)
		REPORT_GUEST_ASSERT(uc);
	TEST_ASSERT(uc.cmd == UCALL_DONE, "vCPU %u: exit %s", vcpu->id,
		    exit_reason_str(vcpu->run->exit_reason));

	return NULL;
}

static void wait_for_guest(void)
{
	uint32_t before[MAX_VCPUS];
	unsigned int i;

	for (i = 0; i < nr_vcpus; i++)
		before[i] = READ_ONCE(guest->vcpu[i].steps);
	for (i = 0; i < nr_vcpus; i++) {
		while (READ_ONCE(guest->vcpu[i].steps) - before[i] < GUEST_STEPS)
			usleep(LOOK_USEC);
	}
}

/*
 * Activities
 */

struct activity {
	const char *name;
	const char *unit;
	long enough;		/* of these */
	void (*begin)(void);
	long (*round)(void);	/* Returns how many it was this time. */
	void (*end)(void);
	unsigned int nr_vcpus;
	bool same;
	bool gives;
	bool huge;
};

#define ZRAM		"/dev/zram0"
#define SWAP_MAGIC	"SWAPSPACE2"
#define SWAP_INFO	1024

static void begin_swap(void)
{
	struct {
		uint32_t version;
		uint32_t last_page;
	} info = { 1, 2 * NR_PAGES - 1 };
	char page[SZ_4K] = {};
	int fd;

	__TEST_REQUIRE(__host_put("/sys/block/zram0/disksize", "32M"), "No zram");

	memcpy(page + SWAP_INFO, &info, sizeof(info));
	memcpy(page + SZ_4K - strlen(SWAP_MAGIC), SWAP_MAGIC,
	       strlen(SWAP_MAGIC));
	fd = open(ZRAM, O_RDWR);
	TEST_ASSERT(fd >= 0 && pwrite(fd, page, SZ_4K, 0) == SZ_4K,
		    "errno %d", errno);
	close(fd);
	TEST_ASSERT(!swapon(ZRAM, 0), "errno %d", errno);
}

static long pages_read(void)
{
	return host_number("/sys/block/zram0/stat", NULL);
}

static long round_swap(void)
{
	long before = pages_read();

	madvise(random_piece(), PIECE_SIZE, MADV_PAGEOUT);
	wait_for_guest();

	return pages_read() - before;
}

static void end_swap(void)
{
	TEST_ASSERT(!swapoff(ZRAM), "errno %d", errno);
	host_put("/sys/block/zram0/reset", "1");
}

static void discard(void *hva)
{
	TEST_ASSERT(!madvise(hva, SZ_4K, MADV_DONTNEED), "errno %d", errno);
}

static void replace(void *hva)
{
	TEST_ASSERT(!munmap(hva, SZ_4K), "errno %d", errno);
	TEST_ASSERT(mmap(hva, SZ_4K, PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1,
			 0) == hva, "errno %d", errno);
}

/* Takes what the vCPUs have given, and says that they may have it again. */
static void take_pages(void (*take)(void *hva))
{
	unsigned int i;
	uint32_t given;

	for (i = 0; i < nr_vcpus; i++) {
		while (!(given = READ_ONCE(guest->vcpu[i].given)))
			usleep(LOOK_USEC);
		dmb(ish);
		take(page_hva(given - 1));
		dmb(ish);
		WRITE_ONCE(guest->vcpu[i].given, 0);
	}
}

static long round_discard(void)
{
	take_pages(discard);
	return nr_vcpus;
}

static long round_replace(void)
{
	take_pages(replace);
	return nr_vcpus;
}

static long round_protect(void)
{
	void *piece = random_piece();
	int prot = next_random(2) ? PROT_READ : PROT_NONE;

	TEST_ASSERT(!mprotect(piece, PIECE_SIZE, prot), "errno %d", errno);
	usleep(1000);
	TEST_ASSERT(!mprotect(piece, PIECE_SIZE, PROT_READ | PROT_WRITE),
		    "errno %d", errno);

	return PIECE_PAGES;
}

static void *elsewhere;

static void move(void *from, void *to)
{
	TEST_ASSERT(mremap(from, PIECE_SIZE, PIECE_SIZE,
			   MREMAP_MAYMOVE | MREMAP_FIXED, to) == to,
		    "errno %d", errno);
}

static void begin_move(void)
{
	elsewhere = mmap(NULL, PIECE_SIZE, PROT_NONE,
			 MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	TEST_ASSERT(elsewhere != MAP_FAILED, "errno %d", errno);
}

static long round_move(void)
{
	void *piece = random_piece();

	move(piece, elsewhere);
	usleep(1000);
	move(elsewhere, piece);

	return PIECE_PAGES;
}

/* Of the child: what it has must not change. */
static uint32_t snapshot[NR_PAGES][ARRAY_SIZE(words)];

static bool snapshot_holds(bool take)
{
	uint32_t page, i, value;

	for (page = 0; page < NR_PAGES; page++) {
		for (i = 0; i < ARRAY_SIZE(words); i++) {
			value = ((uint32_t *)page_hva(page))[words[i]];
			if (take)
				snapshot[page][i] = value;
			else if (snapshot[page][i] != value)
				return false;
		}
	}

	return true;
}

static long round_fork(void)
{
	int to_child[2], to_parent[2], status;
	pid_t child;
	char c = 0;

	TEST_ASSERT(!pipe(to_child) && !pipe(to_parent), "errno %d", errno);
	child = fork();
	TEST_ASSERT(child >= 0, "errno %d", errno);
	if (!child) {
		snapshot_holds(true);
		if (write(to_parent[1], &c, 1) != 1 ||
		    read(to_child[0], &c, 1) != 1)
			_exit(2);
		_exit(snapshot_holds(false) ? 0 : 1);
	}

	TEST_ASSERT(read(to_parent[0], &c, 1) == 1, "errno %d", errno);
	wait_for_guest();
	TEST_ASSERT(write(to_child[1], &c, 1) == 1, "errno %d", errno);
	TEST_ASSERT(waitpid(child, &status, 0) == child && !status,
		    "The child sees what the guest wrote after the fork");
	close(to_child[0]);
	close(to_child[1]);
	close(to_parent[0]);
	close(to_parent[1]);

	return 1;
}

#define KSM(file)	"/sys/kernel/mm/ksm/" file

/* Of each vCPU, while KSM looks through the memory once */
#define MERGE_WRITES	64

static void begin_merge(void)
{
	__TEST_REQUIRE(__host_put(KSM("sleep_millisecs"), "0"), "No KSM");
	host_put(KSM("pages_to_scan"), "1000");
	TEST_ASSERT(!madvise(mem, MEM_SIZE, MADV_MERGEABLE), "errno %d", errno);
	host_put(KSM("run"), "1");
}

/*
 * KSM takes only pages that have not changed from one scan to the next: how
 * many change must not depend on how fast it is.  It runs at a low priority,
 * and cannot be waited for but by looking.
 */
static long round_merge(void)
{
	long scans = host_number(KSM("full_scans"), NULL);

	WRITE_ONCE(guest->allowed, guest->allowed + MERGE_WRITES);
	while (host_number(KSM("full_scans"), NULL) == scans)
		usleep(LOOK_USEC);

	return host_number(KSM("pages_sharing"), NULL);
}

static void end_merge(void)
{
	host_put(KSM("run"), "2");
}

static long huge_blocks(void)
{
	return host_number("/proc/self/smaps_rollup", "AnonHugePages:") /
	       (SZ_2M / 1024);
}

static long round_huge(void)
{
	char range[64];
	long huge;

	madvise(mem, MEM_SIZE, MADV_COLLAPSE);
	huge = huge_blocks();
	wait_for_guest();
	snprintf(range, sizeof(range), "%d,0x%lx,0x%lx", getpid(),
		 (unsigned long)mem, (unsigned long)mem + MEM_SIZE);
	__host_put("/sys/kernel/debug/split_huge_pages", range);

	return huge - huge_blocks();
}

/* Where the pages are, or zero for those that are not in memory */
static void find_frames(uint64_t *frames)
{
	off_t at = (uintptr_t)mem / SZ_4K * sizeof(*frames);
	size_t size = NR_PAGES * sizeof(*frames);
	int fd = open("/proc/self/pagemap", O_RDONLY);
	uint32_t i;

	TEST_ASSERT(fd >= 0 && pread(fd, frames, size, at) == size, "errno %d",
		    errno);
	close(fd);
	for (i = 0; i < NR_PAGES; i++)
		frames[i] = frames[i] & PM_PRESENT ? frames[i] & PM_FRAME : 0;
}

#define LITTER_SIZE	SZ_32M

static long nr_migrated;

/*
 * Memory with holes is what compaction looks for, and pages at low addresses,
 * which it moves up: those that come back from swap may be there again.  What
 * stayed in memory is where it was moved to before.
 */
static long round_migrate(void)
{
	static uint64_t before[NR_PAGES], after[NR_PAGES];
	uint32_t i;
	void *litter = mmap(NULL, LITTER_SIZE, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	size_t at;

	TEST_ASSERT(litter != MAP_FAILED, "errno %d", errno);
	madvise(mem, MEM_SIZE, MADV_PAGEOUT);
	madvise(litter, LITTER_SIZE, MADV_NOHUGEPAGE);
	for (at = 0; at < LITTER_SIZE; at += SZ_4K)
		*(char *)(litter + at) = 1;
	for (at = 0; at < LITTER_SIZE; at += 2 * SZ_4K)
		madvise(litter + at, SZ_4K, MADV_DONTNEED);
	wait_for_guest();
	find_frames(before);
	host_put("/proc/sys/vm/compact_memory", "1");
	find_frames(after);
	munmap(litter, LITTER_SIZE);

	for (i = 0; i < NR_PAGES; i++)
		nr_migrated += before[i] && after[i] && before[i] != after[i];
	return 1;
}

/* How many each compaction moves is up to the kernel, down to none. */
static void end_migrate(void)
{
	while (nr_migrated < NR_PAGES / 8)
		round_migrate();
	printf("# %ld pages migrated\n", nr_migrated);
	end_swap();
}

/* But for new mappings, which would not move together with their neighbours */
static long round_all(void)
{
	static long (*const rounds[])(void) = {
		round_swap, round_discard, round_protect, round_move,
		round_huge,
	};

	rounds[next_random(ARRAY_SIZE(rounds))]();
	return 1;
}

static void begin_all(void)
{
	begin_swap();
	begin_move();
}

static const struct activity activities[] = {
	{ "swap", "pages swapped in", NR_PAGES / 2,
	  .begin = begin_swap, .round = round_swap, .end = end_swap },
	{ "discard", "pages", 400, .round = round_discard, .gives = true },
	{ "replace", "pages", 400, .round = round_replace, .gives = true },
	{ "protect", "pages", 50 * PIECE_PAGES, .round = round_protect },
	{ "move", "pages", 50 * PIECE_PAGES,
	  .begin = begin_move, .round = round_move },
	{ "fork", "children", 5, .round = round_fork },
	{ "merge", "pages merged", NR_PAGES,
	  .begin = begin_merge, .round = round_merge, .end = end_merge,
	  .same = true },
	{ "collapse and split", "blocks", 4 * MEM_SIZE / SZ_2M,
	  .round = round_huge, .huge = true },
	{ "migrate", "compactions", 2,
	  .begin = begin_swap, .round = round_migrate, .end = end_migrate },
	{ "all at once, 8 vCPUs", "activities", 20,
	  .begin = begin_all, .round = round_all, .end = end_swap,
	  .nr_vcpus = MAX_VCPUS, .gives = true, .huge = true },
};

static void create_vm(const struct activity *a, void **area)
{
	size_t room = MEM_SIZE + SZ_2M;
	unsigned int i;

	nr_vcpus = a->nr_vcpus ?: NR_VCPUS;
	vm = vm_create_with_vcpus(nr_vcpus, guest_code, vcpus);
	guest = addr_gva2hva(vm, (uintptr_t)&control);
	guest->nr_vcpus = nr_vcpus;
	guest->same = a->same;
	guest->gives = a->gives;

	*area = mmap(NULL, room, PROT_READ | PROT_WRITE,
		     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	TEST_ASSERT(*area != MAP_FAILED, "errno %d", errno);
	if (thp_configured())
		madvise(*area, room, a->huge ? MADV_HUGEPAGE :
			MADV_NOHUGEPAGE);
	mem = align_ptr_up(*area, SZ_2M);
	vm_set_user_memory_region(vm, MEM_SLOT, 0, MEM_GPA, MEM_SIZE, mem);
	virt_map(vm, MEM_GPA, MEM_GPA, NR_PAGES);

	for (i = 0; i < nr_vcpus; i++) {
		vcpu_args_set(vcpus[i], 1, i);
		pthread_create(&threads[i], NULL, run_vcpu, vcpus[i]);
	}
}

static void free_vm(void *area)
{
	unsigned int i;

	WRITE_ONCE(guest->stop, 1);
	for (i = 0; i < nr_vcpus; i++)
		pthread_join(threads[i], NULL);

	kvm_vm_free(vm);
	munmap(area, MEM_SIZE + SZ_2M);
}

static void run_activity(const struct activity *a, long times)
{
	long done = 0, rounds = 0;
	void *area;

	if (a->huge && !thp_configured()) {
		ksft_test_result_skip("%s: no huge pages\n", a->name);
		return;
	}

	create_vm(a, &area);
	if (a->begin)
		a->begin();
	wait_for_guest();

	for (; done < a->enough * times; rounds++) {
		done += a->round();
		wait_for_guest();
	}

	if (a->end)
		a->end();
	free_vm(area);
	ksft_test_result_pass("%s: %ld rounds, %ld %s\n", a->name, rounds,
			      done, a->unit);
}

static void help(const char *name)
{
	printf("usage: %s [-t times] [activity]\n", name);
	exit(KSFT_SKIP);
}

int main(int argc, char **argv)
{
	long times = 1;
	int i, opt;

	while ((opt = getopt(argc, argv, "ht:")) != -1) {
		if (opt != 't')
			help(argv[0]);
		times = atoi_positive("Times", optarg);
	}

	ksft_print_header();
	ksft_set_plan(optind < argc ? 1 : ARRAY_SIZE(activities));

	for (i = 0; i < ARRAY_SIZE(activities); i++) {
		if (optind >= argc || !strcmp(argv[optind], activities[i].name))
			run_activity(&activities[i], times);
	}

	ksft_finished();
}
