// SPDX-License-Identifier: GPL-2.0-only
/*
 * CPUs go down and come back under vCPUs that are pinned to them, while other
 * VMs are made, run and destroyed, more of them than there are VMIDs.
 *
 * The guest checks itself: what one vCPU writes the other one finds, and what
 * a vCPU keeps in its registers stays there.  The other VMs have the same
 * addresses and their own numbers in them.
 */
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/sysinfo.h>
#include <sys/wait.h>

#include "host.h"
#include "kvm_util.h"
#include "processor.h"

#define NR_VCPUS	2
#define NR_CYCLES	200

/* VMIDs of ARMv7 have eight bits: so many VMs are a roll-over. */
#define NR_VMIDS	256

#define NR_PAGES	16
#define PAGE_WORDS	(4096 / sizeof(uint32_t))

/* Rounds of the guest between two exits to user space */
#define GUEST_ROUNDS	50

/* The test lasts as long as it takes to make so many VMs. */
#define MAKER_NICE	(-5)

struct shared {
	atomic_bool stop;
	atomic_uint vms;
};

/* Of the guest */
static uint32_t vm_number;
static uint32_t data[NR_VCPUS][NR_PAGES * PAGE_WORDS] __aligned(4096);
static uint32_t rounds_of[NR_VCPUS];

/* Of the host */
static struct shared *shared;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t moved = PTHREAD_COND_INITIALIZER;
static unsigned int progress[NR_VCPUS];
static atomic_bool stop_vcpus;

/* Each page has two words of a vCPU: the VM's number, and one of its own. */
static uint32_t *words_of(uint32_t me, uint32_t page)
{
	return &data[me][page * PAGE_WORDS + 2 * me];
}

static void guest_write(uint32_t me, uint32_t round)
{
	uint32_t i;

	for (i = 0; i < NR_PAGES; i++) {
		WRITE_ONCE(words_of(me, i)[0], vm_number);
		WRITE_ONCE(words_of(me, i)[1], round + i);
	}
	dsb(ish);
	WRITE_ONCE(rounds_of[me], round);
}

/*
 * Any round of the other vCPU, but no page older than what it has announced: it
 * may run long while this one stands still.
 */
static void guest_check(uint32_t whose)
{
	uint32_t round = READ_ONCE(rounds_of[whose]);
	uint32_t i, number, found;

	dsb(ish);
	for (i = 0; round && i < NR_PAGES; i++) {
		number = READ_ONCE(words_of(whose, i)[0]);
		found = READ_ONCE(words_of(whose, i)[1]);
		__GUEST_ASSERT(number == vm_number && found - i - round <= INT_MAX,
			       "vCPU %u, page %u: VM %u, not %u; 0x%x, round %u",
			       whose, i, number, vm_number, found, round);
	}
}

static void guest_code(uint32_t me)
{
	register uint64_t kept asm("d8") = 0x0123456789abcdefULL + me;
	uint32_t round, other = (me + 1) % NR_VCPUS;

	for (round = 1; ; round++) {
		asm volatile("" : "+w" (kept));
		guest_write(me, round);
		guest_check(me);
		guest_check(other);
		GUEST_ASSERT(kept == 0x0123456789abcdefULL + me);
		if (round % GUEST_ROUNDS == 0)
			GUEST_SYNC(round);
	}
}

static void check_sync(struct kvm_vcpu *vcpu)
{
	struct ucall uc;

	switch (get_ucall(vcpu, &uc)) {
	case UCALL_SYNC:
		return;
	case UCALL_ABORT:
		REPORT_GUEST_ASSERT(uc);
		break;
	default:
		TEST_FAIL("exit reason %u", vcpu->run->exit_reason);
	}
}

/* The kernel takes the pin off when the CPU goes down: set it again. */
static void pin_to(int cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	if (sched_setaffinity(0, sizeof(set), &set))
		TEST_ASSERT(errno == EINVAL, "sched_setaffinity: errno %d",
			    errno);
}

static void *run_vcpu(void *arg)
{
	struct kvm_vcpu *vcpu = arg;
	int last = get_nprocs_conf() - 1;
	int cpu = last ? last - vcpu->id % last : 0;

	while (!atomic_load(&stop_vcpus)) {
		pin_to(cpu);
		vcpu_run(vcpu);
		check_sync(vcpu);

		pthread_mutex_lock(&lock);
		progress[vcpu->id]++;
		pthread_cond_signal(&moved);
		pthread_mutex_unlock(&lock);
	}

	return NULL;
}

/* VMs one after the other, each with a number of its own */
static void make_vms(void)
{
	struct kvm_vcpu *vcpu;
	struct kvm_vm *vm;
	uint32_t n;

	setpriority(PRIO_PROCESS, 0, MAKER_NICE);
	for (n = 1; !atomic_load(&shared->stop); n++) {
		vm = vm_create_with_one_vcpu(&vcpu, guest_code);
		vcpu_args_set(vcpu, 1, (uint64_t)0);
		vm_number = n;
		sync_global_to_guest(vm, vm_number);
		vcpu_run(vcpu);
		check_sync(vcpu);
		kvm_vm_free(vm);
		atomic_store(&shared->vms, n);
	}
}

static pid_t start_making_vms(void)
{
	pid_t pid;

	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	TEST_ASSERT(shared != MAP_FAILED, "mmap: errno %d", errno);

	pid = fork();
	TEST_ASSERT(pid >= 0, "fork: errno %d", errno);
	if (!pid) {
		make_vms();
		_exit(0);
	}

	return pid;
}

static void set_online(int cpu, bool online)
{
	char path[64];

	snprintf(path, sizeof(path), "/sys/devices/system/cpu/cpu%d/online",
		 cpu);
	host_put(path, online ? "1" : "0");
}

/* Every vCPU has run since; it need not be on the CPU it is pinned to. */
static void await_progress(void)
{
	unsigned int before[NR_VCPUS], i;

	pthread_mutex_lock(&lock);
	memcpy(before, progress, sizeof(before));
	for (i = 0; i < NR_VCPUS; i++)
		while (progress[i] == before[i])
			pthread_cond_wait(&moved, &lock);
	pthread_mutex_unlock(&lock);
}

static void cycle_cpus(void)
{
	int cpu, nr = get_nprocs_conf();

	for (cpu = 1; cpu < nr; cpu++) {
		set_online(cpu, false);
		await_progress();
	}
	for (cpu = 1; cpu < nr; cpu++) {
		set_online(cpu, true);
		await_progress();
	}
}

/* For a caller that has other plans with the CPUs */
static void run_until_killed(void)
{
	await_progress();
	pr_info("guests are running\n");
	fflush(stdout);
	for (;;)
		pause();
}

static int enough_vms(void)
{
	return atomic_load(&shared->vms) > NR_VMIDS;
}

int main(int argc, char **argv)
{
	unsigned int i, cycles, wanted = NR_CYCLES;
	struct kvm_vcpu *vcpus[NR_VCPUS];
	pthread_t threads[NR_VCPUS];
	struct kvm_vm *vm;
	bool only_guests = false;
	int opt, status;
	pid_t maker;

	while ((opt = getopt(argc, argv, "n:gh")) != -1) {
		switch (opt) {
		case 'n':
			wanted = atoi_positive("Number of cycles", optarg);
			break;
		case 'g':
			only_guests = true;
			break;
		default:
			pr_info("usage: %s [-n cycles | -g]\n"
				" -g: only run the guests, until killed\n",
				argv[0]);
			exit(opt == 'h' ? 0 : KSFT_FAIL);
		}
	}

	ksft_print_header();
	ksft_set_plan(1);
	__TEST_REQUIRE(only_guests || get_nprocs_conf() > 1, "More than one CPU is needed");
	__TEST_REQUIRE(only_guests || !access("/sys/devices/system/cpu/cpu1/online", W_OK),
		       "CPU hotplug is needed");

	maker = start_making_vms();

	vm = vm_create_with_vcpus(NR_VCPUS, guest_code, vcpus);
	for (i = 0; i < NR_VCPUS; i++) {
		vcpu_args_set(vcpus[i], 1, (uint64_t)i);
		TEST_ASSERT(!pthread_create(&threads[i], NULL, run_vcpu,
					    vcpus[i]), "pthread_create");
	}

	if (only_guests)
		run_until_killed();

	for (cycles = 0; cycles < wanted || !enough_vms(); cycles++) {
		cycle_cpus();
		TEST_ASSERT(!waitpid(maker, &status, WNOHANG),
			    "the other VMs failed, status 0x%x", status);
	}

	atomic_store(&stop_vcpus, true);
	for (i = 0; i < NR_VCPUS; i++)
		pthread_join(threads[i], NULL);
	kvm_vm_free(vm);

	atomic_store(&shared->stop, true);
	TEST_ASSERT(waitpid(maker, &status, 0) == maker && !status,
		    "the other VMs failed, status 0x%x", status);

	ksft_test_result_pass("%u cycles of %d CPUs, %u other VMs\n", cycles,
			      get_nprocs_conf() - 1,
			      atomic_load(&shared->vms));
	ksft_finished();
}
