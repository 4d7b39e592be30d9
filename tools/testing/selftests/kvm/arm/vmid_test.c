// SPDX-License-Identifier: GPL-2.0-only
/*
 * More VMs at once than there are VMIDs: no guest sees the memory of another
 * one, though all of them have theirs at the same addresses; at no time do two
 * VMs have one VMID; and a guest that runs when VMIDs are used up and begin
 * anew keeps its own, without being stopped.
 */
#include <pthread.h>
#include <sys/resource.h>
#include <sys/sysinfo.h>

#include "kvm_util.h"
#include "processor.h"
#include "trace.h"

/* VMIDs of ARMv7 have eight bits, and zero is the host's. */
#define VMID_BITS	8
#define NR_VMIDS	((1 << VMID_BITS) - 1)
#define NR_VMS		300
#define NR_THREADS	2
#define NR_ROUNDS	4
#define NR_PAGES	4
#define PAGE_WORDS	(4096 / sizeof(uint32_t))

/* A file each for the VM, its vCPU and /dev/kvm, and some to spare */
#define NR_FILES	(3 * (NR_VMS + 1) + 100)

static uint32_t vm_number;
static uint32_t data[NR_PAGES * PAGE_WORDS] __aligned(4096);

/* Of the guest that does not stop */
static uint32_t stop;
static uint32_t rounds_done;

static void check_and_write(uint32_t round)
{
	uint32_t i;

	for (i = 0; i < NR_PAGES; i++)
		GUEST_ASSERT_EQ(data[i * PAGE_WORDS],
				round ? vm_number + round - 1 : 0);
	for (i = 0; i < NR_PAGES; i++)
		data[i * PAGE_WORDS] = vm_number + round;
}

static void guest_in_turn(void)
{
	uint32_t round;

	for (round = 0; ; round++) {
		check_and_write(round);
		GUEST_SYNC1(vm_number);
	}
}

static void guest_runner(void)
{
	uint32_t round;

	for (round = 0; !READ_ONCE(stop); round++) {
		check_and_write(round);
		WRITE_ONCE(rounds_done, round + 1);
	}

	GUEST_DONE();
}

static const char *const events[] = {
	"kvm_vmid_load", "kvm_vmid_rollover", NULL
};

static struct kvm_vcpu *vcpus[NR_VMS + 1];
static struct kvm_vm *vms[NR_VMS + 1];
static pthread_barrier_t barrier;

static uint32_t number_of(int i)
{
	return (i + 1) << 16;
}

static void raise_file_limit(void)
{
	struct rlimit rl;

	TEST_ASSERT(!getrlimit(RLIMIT_NOFILE, &rl), "errno %d", errno);
	if (rl.rlim_cur >= NR_FILES)
		return;

	rl.rlim_cur = NR_FILES;
	if (rl.rlim_max < NR_FILES)
		rl.rlim_max = NR_FILES;
	__TEST_REQUIRE(!setrlimit(RLIMIT_NOFILE, &rl),
		       "%d files are needed", NR_FILES);
}

static void create_vm(int i, void *guest_code)
{
	vms[i] = vm_create_with_one_vcpu(&vcpus[i], guest_code);
	vm_number = number_of(i);
	sync_global_to_guest(vms[i], vm_number);
}

static void run_vm(int i)
{
	struct ucall uc;

	vcpu_run(vcpus[i]);
	get_ucall(vcpus[i], &uc);
	if (uc.cmd == UCALL_ABORT)
		REPORT_GUEST_ASSERT(uc);
	TEST_ASSERT(uc.cmd == UCALL_SYNC && uc.args[0] == number_of(i),
		    "VM %d says that it is 0x%" PRIx64, i, uc.args[0]);
}

/* Half of the VMs on each CPU, and the next time on the other one */
static void *run_half(void *arg)
{
	int thread = (intptr_t)arg;
	int i, round;

	kvm_pin_this_task_to_pcpu(thread);
	for (round = 0; round < NR_ROUNDS; round++) {
		pthread_barrier_wait(&barrier);
		for (i = (thread + round) % NR_THREADS; i < NR_VMS;
		     i += NR_THREADS)
			run_vm(i);
	}

	return NULL;
}

/*
 * The record of trace points
 */

struct load {
	uint64_t id;	/* generation and VMID */
	uint64_t pgd;	/* tells VMs apart */
};

static struct load *loads;
static unsigned int nr_loads;

/* What the runner had loaded when it was kept over a roll-over */
static struct load *kept;
static unsigned int nr_kept;

static void check_one_owner(const struct load *load)
{
	unsigned int i;

	for (i = 0; i < nr_loads; i++)
		TEST_ASSERT(loads[i].id != load->id ||
			    loads[i].pgd == load->pgd,
			    "Two VMs have VMID 0x%" PRIx64, load->id);
}

static void check_not_kept(const struct load *load)
{
	unsigned int i;

	for (i = 0; i < nr_kept; i++)
		TEST_ASSERT(kept[i].id != load->id || kept[i].pgd == load->pgd,
			    "VMID 0x%" PRIx64 " is in use by a VM that runs",
			    load->id);
}

/* @runner: its Stage-2, 0 if there is none. Returns the number of roll-overs. */
static unsigned int replay(uint64_t runner)
{
	uint64_t generation, runner_vmid = 0;
	unsigned int cpus, rollovers = 0;
	struct load load;
	const char *at;
	char *line = NULL;
	size_t size = 0;
	FILE *f = trace_open();

	while (getline(&line, &size, f) > 0) {
		at = trace_find(line, "kvm_vmid_rollover");
		if (at && sscanf(at, " generation %" SCNx64 " kept %u",
				 &generation, &cpus) == 2) {
			rollovers++;
			if (!runner || !cpus)
				continue;
			kept = realloc(kept, (nr_kept + 1) * sizeof(*kept));
			kept[nr_kept++] = (struct load) {
				.id = generation | runner_vmid,
				.pgd = runner,
			};
		}

		at = trace_find(line, "kvm_vmid_load");
		if (!at || sscanf(at, " id %" SCNx64 " pgd %" SCNx64, &load.id,
				  &load.pgd) != 2)
			continue;

		check_one_owner(&load);
		check_not_kept(&load);
		loads = realloc(loads, (nr_loads + 1) * sizeof(*loads));
		loads[nr_loads++] = load;
		if (load.pgd == runner)
			runner_vmid = load.id & NR_VMIDS;
	}

	free(line);
	fclose(f);
	return rollovers;
}

static void test_in_turn(void)
{
	pthread_t threads[NR_THREADS];
	unsigned int rollovers;
	intptr_t i;

	pthread_barrier_init(&barrier, NULL, NR_THREADS);
	trace_start(events);
	for (i = 0; i < NR_THREADS; i++)
		pthread_create(&threads[i], NULL, run_half, (void *)i);
	for (i = 0; i < NR_THREADS; i++)
		pthread_join(threads[i], NULL);
	trace_stop(events);

	rollovers = replay(0);
	TEST_ASSERT(rollovers >= NR_ROUNDS * NR_VMS / NR_VMIDS - 1,
		    "only %u roll-overs", rollovers);
	ksft_test_result_pass("%d VMs, %d rounds on %d CPUs, %u roll-overs\n",
			      NR_VMS, NR_ROUNDS, NR_THREADS, rollovers);
}

/* Of CPU 1, as /proc/interrupts has it: what stops a CPU is one of these. */
static unsigned long function_calls(void)
{
	unsigned long count[NR_THREADS] = {};
	bool found = false;
	char *line = NULL;
	size_t size = 0;
	FILE *f = fopen("/proc/interrupts", "r");

	TEST_ASSERT(f, "errno %d", errno);
	while (!found && getline(&line, &size, f) > 0)
		found = strstr(line, "Function call") &&
			sscanf(line, " %*s %lu %lu", &count[0], &count[1]) == 2;
	free(line);
	fclose(f);
	TEST_ASSERT(found, "No function calls in /proc/interrupts");

	return count[1];
}

static void *run_runner(void *arg)
{
	struct ucall uc;

	kvm_pin_this_task_to_pcpu(1);
	vcpu_run(vcpus[NR_VMS]);
	get_ucall(vcpus[NR_VMS], &uc);
	if (uc.cmd == UCALL_ABORT)
		REPORT_GUEST_ASSERT(uc);
	TEST_ASSERT(uc.cmd == UCALL_DONE, "The runner stopped: exit %s",
		    exit_reason_str(vcpus[NR_VMS]->run->exit_reason));

	return NULL;
}

static uint32_t runner_rounds(void)
{
	sync_global_from_guest(vms[NR_VMS], rounds_done);
	return READ_ONCE(rounds_done);
}

static uint64_t runner_stage2(void)
{
	uint64_t id, pgd = 0;
	char *line = NULL;
	size_t size = 0;
	const char *at;
	FILE *f = trace_open();

	/* The first load there is, as nobody else was there yet */
	while (!pgd && getline(&line, &size, f) > 0) {
		at = trace_find(line, "kvm_vmid_load");
		if (at)
			sscanf(at, " id %" SCNx64 " pgd %" SCNx64, &id, &pgd);
	}
	free(line);
	fclose(f);
	TEST_ASSERT(pgd, "The runner was never loaded");

	return pgd;
}

/* Between two of these is what one VM did. */
static void mark_calls(void)
{
	char text[64];

	snprintf(text, sizeof(text), "calls %lu", function_calls());
	trace_mark(text);
}

/* In how many roll-overs the other CPU was stopped */
static unsigned int rollovers_with_calls(void)
{
	unsigned long calls, last = 0;
	bool rolled_over = false;
	unsigned int n = 0;
	char *line = NULL;
	size_t size = 0;
	const char *at;
	FILE *f = trace_open();

	while (getline(&line, &size, f) > 0) {
		if (trace_find(line, "kvm_vmid_rollover"))
			rolled_over = true;

		at = trace_find(line, "tracing_mark_write");
		if (!at || sscanf(at, " calls %lu", &calls) != 1)
			continue;

		n += rolled_over && calls != last;
		rolled_over = false;
		last = calls;
	}

	free(line);
	fclose(f);
	return n;
}

static void test_runner(void)
{
	unsigned int rollovers, stopped;
	uint32_t before;
	pthread_t thread;
	int i, round;

	kvm_pin_this_task_to_pcpu(0);
	trace_start(events);
	pthread_create(&thread, NULL, run_runner, NULL);
	while (!runner_rounds())
		sched_yield();

	for (round = 0; round < NR_ROUNDS; round++) {
		before = runner_rounds();
		for (i = 0; i < NR_VMS; i++) {
			mark_calls();
			run_vm(i);
		}
		mark_calls();
		while (runner_rounds() == before)
			sched_yield();
	}

	stop = 1;
	sync_global_to_guest(vms[NR_VMS], stop);
	pthread_join(thread, NULL);
	trace_stop(events);

	rollovers = replay(runner_stage2());
	TEST_ASSERT(rollovers >= NR_ROUNDS * NR_VMS / NR_VMIDS - 1,
		    "only %u roll-overs", rollovers);
	TEST_ASSERT(nr_kept, "The runner was not there at any roll-over");

	/* Others have reasons to stop a CPU, too, but not each time. */
	stopped = rollovers_with_calls();
	TEST_ASSERT(stopped < rollovers, "%u of %u roll-overs stopped a CPU",
		    stopped, rollovers);
	ksft_test_result_pass("A VM runs on, its VMID kept in %u of %u roll-overs\n",
			      nr_kept, rollovers);
}

int main(void)
{
	int i;

	ksft_print_header();
	ksft_set_plan(2);
	raise_file_limit();
	__TEST_REQUIRE(get_nprocs() >= NR_THREADS, "%d CPUs are needed",
		       NR_THREADS);

	for (i = 0; i < NR_VMS; i++)
		create_vm(i, guest_in_turn);
	create_vm(NR_VMS, guest_runner);

	test_in_turn();
	test_runner();

	for (i = 0; i <= NR_VMS; i++)
		kvm_vm_free(vms[i]);

	ksft_finished();
}
