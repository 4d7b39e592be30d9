// SPDX-License-Identifier: GPL-2.0-only
/*
 * A VMM killed at any moment of the life of a VM: while it is made, runs with
 * its memory slots changing, or goes away.  The kernel has to clean up behind
 * it; what is left is for the caller to look at.
 */
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/wait.h>
#include <time.h>

#include "kvm_util.h"
#include "processor.h"
#include "vgic.h"

#define NSEC_PER_USEC	1000

#define NR_KILLS	200
#define NR_VCPUS	2
#define NR_IRQS		64

/* Rounds of slot changes, and of exits of each vCPU, in the life of a VM */
#define NR_CHANGES	8
#define NR_EXITS	50

#define SLOT		10
#define SLOT_GPA	0x20000000UL
#define SLOT_PAGES	64

/* Lives whose length is measured before the first is cut short */
#define NR_WHOLE	3

static void guest_code(void)
{
	uint32_t i;

	for (i = 0; ; i++)
		GUEST_SYNC(i);
}

static void *run_vcpu(void *arg)
{
	struct kvm_vcpu *vcpu = arg;
	int i;

	for (i = 0; i < NR_EXITS; i++)
		vcpu_run(vcpu);

	return NULL;
}

static void change_slots(struct kvm_vm *vm)
{
	int i;

	for (i = 0; i < NR_CHANGES; i++) {
		vm_userspace_mem_region_add(vm, VM_MEM_SRC_ANONYMOUS, SLOT_GPA,
					    SLOT, SLOT_PAGES,
					    i & 1 ? KVM_MEM_LOG_DIRTY_PAGES : 0);
		vm_mem_region_delete(vm, SLOT);
	}
}

static void whole_life(void)
{
	struct kvm_vcpu *vcpus[NR_VCPUS];
	pthread_t threads[NR_VCPUS];
	struct kvm_vm *vm;
	int i;

	vm = vm_create_with_vcpus(NR_VCPUS, guest_code, vcpus);
	vgic_v2_setup(vm, NR_VCPUS, NR_IRQS);
	for (i = 0; i < NR_VCPUS; i++)
		TEST_ASSERT(!pthread_create(&threads[i], NULL, run_vcpu,
					    vcpus[i]), "pthread_create");
	change_slots(vm);
	for (i = 0; i < NR_VCPUS; i++)
		pthread_join(threads[i], NULL);
	kvm_vm_free(vm);
}

static pid_t start_life(void)
{
	pid_t pid = fork();

	TEST_ASSERT(pid >= 0, "fork: errno %d", errno);
	if (!pid) {
		whole_life();
		_exit(0);
	}

	return pid;
}

static void finish_life(pid_t pid, bool killed)
{
	int status;

	TEST_ASSERT(waitpid(pid, &status, 0) == pid, "waitpid: errno %d", errno);
	TEST_ASSERT(!status || (killed && WIFSIGNALED(status) &&
				WTERMSIG(status) == SIGKILL),
		    "a VMM ended with status 0x%x", status);
}

static int64_t measure_life(void)
{
	struct timespec start, life;
	int i;

	for (i = 0; i < NR_WHOLE; i++) {
		clock_gettime(CLOCK_MONOTONIC, &start);
		finish_life(start_life(), false);
		life = timespec_elapsed(start);
	}

	return timespec_to_ns(life) / NSEC_PER_USEC;
}

int main(int argc, char **argv)
{
	unsigned int i, nr_kills = NR_KILLS;
	int64_t life_us;
	pid_t pid;
	int opt;

	while ((opt = getopt(argc, argv, "n:h")) != -1) {
		if (opt != 'n') {
			pr_info("usage: %s [-n kills]\n", argv[0]);
			exit(opt == 'h' ? 0 : KSFT_FAIL);
		}
		nr_kills = atoi_positive("Number of kills", optarg);
	}

	ksft_print_header();
	ksft_set_plan(1);
	srandom(time(NULL));
	life_us = measure_life();

	for (i = 0; i < nr_kills; i++) {
		pid = start_life();
		usleep(random() % life_us);
		kill(pid, SIGKILL);
		finish_life(pid, true);
	}

	finish_life(start_life(), false);
	ksft_test_result_pass("%u kills within %u us\n", nr_kills,
			      (unsigned int)life_us);
	ksft_finished();
}
