// SPDX-License-Identifier: GPL-2.0-only
/*
 * More VMs at once than there are VMIDs: no guest sees the memory of another
 * one through a stale TLB entry, though all of them have theirs at the same
 * addresses.
 */
#include <sys/resource.h>

#include "kvm_util.h"
#include "processor.h"

/* VMIDs of ARMv7 have eight bits, and zero is the host's. */
#define NR_VMS		280
#define NR_ROUNDS	4
#define NR_PAGES	4
#define PAGE_WORDS	(4096 / sizeof(uint32_t))

/* A file each for the VM, its vCPU and /dev/kvm, and some to spare */
#define NR_FILES	(3 * NR_VMS + 100)

static uint32_t vm_number;
static uint32_t data[NR_PAGES * PAGE_WORDS] __aligned(4096);

static void guest_code(void)
{
	uint32_t round, i;

	for (round = 0; ; round++) {
		for (i = 0; i < NR_PAGES; i++)
			GUEST_ASSERT_EQ(data[i * PAGE_WORDS],
					round ? vm_number + round - 1 : 0);
		for (i = 0; i < NR_PAGES; i++)
			data[i * PAGE_WORDS] = vm_number + round;

		GUEST_SYNC1(vm_number);
	}
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

int main(void)
{
	static struct kvm_vcpu *vcpus[NR_VMS];
	static struct kvm_vm *vms[NR_VMS];
	struct ucall uc;
	uint32_t number;
	int i, round;

	ksft_print_header();
	ksft_set_plan(1);
	raise_file_limit();

	for (i = 0; i < NR_VMS; i++) {
		vms[i] = vm_create_with_one_vcpu(&vcpus[i], guest_code);
		vm_number = (i + 1) << 16;
		sync_global_to_guest(vms[i], vm_number);
	}

	for (round = 0; round < NR_ROUNDS; round++) {
		for (i = 0; i < NR_VMS; i++) {
			number = (i + 1) << 16;

			vcpu_run(vcpus[i]);
			get_ucall(vcpus[i], &uc);
			if (uc.cmd == UCALL_ABORT)
				REPORT_GUEST_ASSERT(uc);
			TEST_ASSERT(uc.cmd == UCALL_SYNC &&
				    uc.args[0] == number,
				    "VM %d says that it is 0x%" PRIx64, i,
				    uc.args[0]);
		}
	}

	for (i = 0; i < NR_VMS; i++)
		kvm_vm_free(vms[i]);

	ksft_test_result_pass("%d VMs, %d rounds\n", NR_VMS, NR_ROUNDS);
	ksft_finished();
}
