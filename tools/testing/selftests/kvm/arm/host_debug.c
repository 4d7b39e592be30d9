// SPDX-License-Identifier: GPL-2.0-only
/*
 * Breakpoints that the host has on a thread which runs a vCPU: they are of user
 * space's addresses, and a guest may have something else there.
 *
 * They do what they are for, while the debug registers change hands with the
 * vCPU loaded: the scheduler takes them away from the thread when it is
 * preempted in the guest, and gives them back.  A guest that does the same at
 * the same address, in user mode as they are, never notices.  Nor does the host
 * when the guest has breakpoints of its own in the same registers.
 *
 * The guest's timer is on, so that the vCPU has the CPU from the load, not from
 * the entry: what traps of the host before the put gives it back in between.
 */
#include <linux/hw_breakpoint.h>
#include <linux/perf_event.h>
#include <pthread.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <time.h>

#include "arch_timer.h"
#include "debug.h"
#include "kvm_util.h"
#include "processor.h"
#include "user_mode.h"

/* In user space and in the guest */
#define CODE_GVA		0x60000000UL
#define DATA_GVA		(CODE_GVA + 0x1000)

#define NR_PREEMPTIONS		50

/* The guest's own, of an address that it does not get to */
#define OWN_GVA			(CODE_GVA + 0x800)
#define OWN_BREAKPOINT		(0xf << 5 | 3 << 1 | 1)
#define OWN_WATCHPOINT		(0xf << 5 | 3 << 3 | 3 << 1 | 1)

/* The code at CODE_GVA: in the guest, and an SVC after it, and in user space */
#define INSN_STR_R0_R1		0xe5810000U
#define INSN_BX_LR		0xe12fff1eU

/**
 * struct breakpoint - a kind of breakpoint
 * @name: for the result
 * @type: HW_BREAKPOINT_*
 * @addr: where
 */
struct breakpoint {
	const char *name;
	uint32_t type;
	unsigned long addr;
};

static const struct breakpoint breakpoints[] = {
	{ "breakpoint", HW_BREAKPOINT_X, CODE_GVA },
	{ "watchpoint", HW_BREAKPOINT_RW, DATA_GVA },
};

/* Shared with the guest */
static volatile uint32_t guest_stop;
static volatile uint32_t guest_rounds;
static uint32_t guest_has_own;

/* Where the host has its first ones, too */
static void guest_set_own(void)
{
	write_cp14(OWN_GVA, CP14_DBGBVR(0));
	write_cp14(OWN_BREAKPOINT, CP14_DBGBCR(0));
	write_cp14(OWN_GVA, CP14_DBGWVR(0));
	write_cp14(OWN_WATCHPOINT, CP14_DBGWCR(0));
	write_cp14(read_cp14(CP14_DBGDSCREXT) | DSCR_MDBGEN, CP14_DBGDSCREXT);
	isb();
}

static void guest_code(void)
{
	uint32_t round = 0;

	timer_set_cval(VIRTUAL, INT64_MAX);
	timer_set_ctl(VIRTUAL, CTL_ENABLE);
	if (guest_has_own)
		guest_set_own();
	while (!guest_stop) {
		guest_user_mode(CODE_GVA, ++round, DATA_GVA);
		GUEST_ASSERT_EQ(*(volatile uint32_t *)DATA_GVA, round);
		guest_rounds = round;
	}
	GUEST_DONE();
}

static struct kvm_vm *create_vm(struct kvm_vcpu **vcpu)
{
	struct kvm_vm *vm = vm_create_with_one_vcpu(vcpu, guest_code);
	uint32_t *code;

	vm_init_descriptor_tables(vm);
	vm_install_user_mode(vm);
	vm_map_user_page(vm, DATA_GVA);

	code = vm_map_user_page(vm, CODE_GVA);
	code[0] = INSN_STR_R0_R1;
	code[1] = INSN_SVC;
	return vm;
}

/* What user space has at these addresses: a function, and a word */
static void map_user_pages(void)
{
	char *at = mmap((void *)CODE_GVA, 2 * getpagesize(),
			PROT_READ | PROT_WRITE | PROT_EXEC,
			MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE,
			-1, 0);

	TEST_ASSERT(at == (char *)CODE_GVA, "mmap: errno %d", errno);
	*(uint32_t *)at = INSN_BX_LR;
	__builtin___clear_cache(at, at + sizeof(uint32_t));
}

static int open_breakpoint(const struct breakpoint *b)
{
	struct perf_event_attr attr = {
		.type	 = PERF_TYPE_BREAKPOINT,
		.size	 = sizeof(attr),
		.bp_type = b->type,
		.bp_addr = b->addr,
		.bp_len	 = sizeof(uint32_t),
	};

	return syscall(SYS_perf_event_open, &attr, 0, -1, -1, 0);
}

static uint64_t get_count(int fd)
{
	uint64_t count;

	TEST_ASSERT(read(fd, &count, sizeof(count)) == sizeof(count),
		    "read of the event: errno %d", errno);
	return count;
}

static void hit(const struct breakpoint *b)
{
	if (b->type == HW_BREAKPOINT_X)
		((void (*)(void))b->addr)();
	else
		*(volatile uint32_t *)b->addr = 0;
}

static void wait_for_round(volatile uint32_t *rounds)
{
	uint32_t round = *rounds;
	struct timespec ts = { .tv_nsec = 1000000 };

	/* Each wake-up takes the CPU from the guest, wherever it is. */
	do {
		nanosleep(&ts, NULL);
	} while (*rounds == round);
}

/**
 * struct preempter - a thread that takes the CPU away from the vCPU
 * @stop: tells the guest to end, in host memory
 * @rounds: how far the guest is, likewise
 */
struct preempter {
	volatile uint32_t *stop;
	volatile uint32_t *rounds;
};

static void *preempt(void *arg)
{
	struct preempter *p = arg;
	int i;

	for (i = 0; i < NR_PREEMPTIONS; i++)
		wait_for_round(p->rounds);
	*p->stop = true;
	return NULL;
}

static void run_preempted(struct kvm_vcpu *vcpu)
{
	const struct sched_param param = { .sched_priority = 1 };
	struct preempter p = {
		.stop	= addr_gva2hva(vcpu->vm, (uintptr_t)&guest_stop),
		.rounds	= addr_gva2hva(vcpu->vm, (uintptr_t)&guest_rounds),
	};
	pthread_attr_t attr;
	pthread_t thread;

	*p.stop = false;
	pthread_attr_init(&attr);
	pthread_attr_setinheritsched(&attr, PTHREAD_EXPLICIT_SCHED);
	pthread_attr_setschedpolicy(&attr, SCHED_FIFO);
	pthread_attr_setschedparam(&attr, &param);
	TEST_ASSERT(!pthread_create(&thread, &attr, preempt, &p), "No thread");

	vcpu_run_until(vcpu, UCALL_DONE);
	pthread_join(thread, NULL);
	pthread_attr_destroy(&attr);
}

static void test_breakpoint(const struct breakpoint *b, bool own)
{
	struct rusage before, after;
	struct kvm_vcpu *vcpu;
	struct kvm_vm *vm;
	uint64_t count;
	int fd;

	fd = open_breakpoint(b);
	if (fd < 0 && errno == ENODEV) {
		ksft_test_result_skip("%s: the host has none\n", b->name);
		return;
	}
	TEST_ASSERT(fd >= 0, "perf_event_open: errno %d", errno);

	vm = create_vm(&vcpu);
	guest_has_own = own;
	sync_global_to_guest(vm, guest_has_own);
	getrusage(RUSAGE_THREAD, &before);
	run_preempted(vcpu);
	getrusage(RUSAGE_THREAD, &after);
	TEST_ASSERT(after.ru_nivcsw - before.ru_nivcsw >= NR_PREEMPTIONS,
		    "only %ld preemptions",
		    after.ru_nivcsw - before.ru_nivcsw);
	TEST_ASSERT_EQ(get_count(fd), 0);

	hit(b);
	count = get_count(fd);
	ksft_test_result(count == 1, "%s%s: hit %" PRIu64 " times\n", b->name,
			 own ? ", and the guest's own" : "", count);
	kvm_vm_free(vm);
	close(fd);
}

int main(void)
{
	int i;

	ksft_print_header();
	ksft_set_plan(2 * ARRAY_SIZE(breakpoints));

	kvm_pin_this_task_to_pcpu(0);

	map_user_pages();
	for (i = 0; i < ARRAY_SIZE(breakpoints); i++) {
		test_breakpoint(&breakpoints[i], false);
		test_breakpoint(&breakpoints[i], true);
	}

	ksft_finished();
}
