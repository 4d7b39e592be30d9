// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the host's perf counts while guests run, with a PMU and without: an event
 * of the host alone counts nothing of a guest, one of guests alone nothing of the
 * host, and one of both all of it.  A counter of the guest's own at the same
 * time counts the guest.  And the counters are no more user space's than before.
 *
 * Instructions are counted, in loops of known lengths, which is exact where the
 * emulator runs a CPU by the instruction (-icount).
 */
#include <linux/perf_event.h>
#include <setjmp.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>

#include "kvm_util.h"
#include "pmu.h"
#include "processor.h"
#include "vgic.h"

#define NR_RUNS			20
/* Two instructions a round */
#define GUEST_ROUNDS		200000
#define HOST_ROUNDS		50000
#define GUEST_COUNT		(NR_RUNS * 2 * GUEST_ROUNDS)
#define HOST_COUNT		(NR_RUNS * 2 * HOST_ROUNDS)
/* More than an exit to user space takes, less than a loop of the guest */
#define HOST_BESIDE		(NR_RUNS * 100000)

#define NR_IRQS			64

static void loop(uint32_t n)
{
	asm volatile(".balign 8\n1:	subs	%0, %0, #1\n	bne	1b"
		     : "+r" (n) : : "cc");
}

static void guest_loops(void)
{
	int i;

	for (i = 0; i < NR_RUNS; i++) {
		loop(GUEST_ROUNDS);
		GUEST_SYNC(i);
	}
}

static void guest_plain(void)
{
	guest_loops();
	GUEST_DONE();
}

static void guest_counting(void)
{
	uint32_t count;

	guest_set_counter(0, EVENT_INST_RETIRED, 0);
	guest_start(BIT(0));
	guest_loops();
	guest_stop();
	count = guest_get_counter(0);
	__GUEST_ASSERT(count >= GUEST_COUNT &&
		       count < GUEST_COUNT + GUEST_COUNT / 100,
		       "%u, wanted %u", count, GUEST_COUNT);
	GUEST_DONE();
}

enum { BOTH, HOST_ONLY, GUEST_ONLY, NR_EVENTS };

static int open_event(int kind)
{
	struct perf_event_attr attr = {
		.type		= PERF_TYPE_HARDWARE,
		.config		= PERF_COUNT_HW_INSTRUCTIONS,
		.size		= sizeof(attr),
		.disabled	= 1,
		.pinned		= 1,
		.exclude_hv	= 1,
		.exclude_guest	= kind == HOST_ONLY,
		.exclude_host	= kind == GUEST_ONLY,
	};

	return syscall(SYS_perf_event_open, &attr, 0, -1, -1, 0);
}

static void open_events(int *fds)
{
	int i;

	for (i = 0; i < NR_EVENTS; i++) {
		fds[i] = open_event(i);
		TEST_ASSERT(fds[i] >= 0, "event %d: errno %d", i, errno);
	}
	for (i = 0; i < NR_EVENTS; i++)
		TEST_ASSERT(!ioctl(fds[i], PERF_EVENT_IOC_ENABLE, 0),
			    "event %d: errno %d", i, errno);
}

static void close_events(const int *fds, uint64_t *counts)
{
	int i;

	for (i = 0; i < NR_EVENTS; i++)
		TEST_ASSERT(!ioctl(fds[i], PERF_EVENT_IOC_DISABLE, 0),
			    "event %d: errno %d", i, errno);
	for (i = 0; i < NR_EVENTS; i++) {
		TEST_ASSERT(read(fds[i], &counts[i], sizeof(counts[i])) ==
			    sizeof(counts[i]), "event %d: errno %d", i, errno);
		close(fds[i]);
	}
}

static void run_to_end(struct kvm_vcpu *vcpu)
{
	struct ucall uc;

	for (;;) {
		vcpu_run(vcpu);
		switch (get_ucall(vcpu, &uc)) {
		case UCALL_SYNC:
			loop(HOST_ROUNDS);
			break;
		case UCALL_DONE:
			return;
		case UCALL_ABORT:
			REPORT_GUEST_ASSERT(uc);
			break;
		default:
			TEST_FAIL("exit %s",
				  exit_reason_str(vcpu->run->exit_reason));
		}
	}
}

static void expect(const char *what, uint64_t count, uint64_t wanted,
		   uint64_t beside)
{
	pr_info("%s: %" PRIu64 "\n", what, count);
	TEST_ASSERT(count >= wanted && count < wanted + beside,
		    "%s: %" PRIu64 ", wanted %" PRIu64 " and up to %" PRIu64
		    " more", what, count, wanted, beside);
}

static void count_run(struct kvm_vcpu *vcpu)
{
	uint64_t counts[NR_EVENTS];
	int fds[NR_EVENTS];

	open_events(fds);
	run_to_end(vcpu);
	close_events(fds, counts);

	expect("guest alone", counts[GUEST_ONLY], GUEST_COUNT,
	       GUEST_COUNT / 100);
	expect("host alone", counts[HOST_ONLY], HOST_COUNT, HOST_BESIDE);
	/* It is on and off a little earlier than the others. */
	expect("both", counts[BOTH],
	       counts[HOST_ONLY] + counts[GUEST_ONLY] - GUEST_COUNT / 200,
	       GUEST_COUNT / 100);
}

static void test_plain(void)
{
	struct kvm_vcpu *vcpu;
	struct kvm_vm *vm = vm_create_with_one_vcpu(&vcpu, guest_plain);

	count_run(vcpu);
	kvm_vm_free(vm);
}

static sigjmp_buf undefined;

static void on_sigill(int sig)
{
	siglongjmp(undefined, 1);
}

static void expect_no_access(void)
{
	const struct sigaction action = { .sa_handler = on_sigill };

	TEST_ASSERT(!sigaction(SIGILL, &action, NULL), "errno %d", errno);
	if (!sigsetjmp(undefined, 1))
		TEST_FAIL("user space reads PMCNTENSET: %#x",
			  read_cp15(CP15_PMCNTENSET));
}

static void test_counting(void)
{
	struct kvm_vcpu_init init = {
		.target = -1,
		.features[0] = BIT(KVM_ARM_VCPU_PMU_V3) |
			       BIT(KVM_ARM_VCPU_PSCI_0_2),
	};
	struct kvm_vm *vm = vm_create(1);
	struct kvm_vcpu *vcpu = arm_vcpu_add(vm, 0, &init, guest_counting);
	int gic = vgic_v2_setup(vm, 1, NR_IRQS);

	TEST_ASSERT(gic >= 0, "no vGIC");
	vcpu_init_pmu(vcpu);
	count_run(vcpu);
	expect_no_access();
	close(gic);
	kvm_vm_free(vm);
}

int main(void)
{
	int fd = open_event(BOTH);

	__TEST_REQUIRE(fd >= 0, "the host counts no instructions");
	close(fd);

	kvm_pin_this_task_to_pcpu(0);

	expect_no_access();
	test_plain();
	if (kvm_has_cap(KVM_CAP_ARM_PMU_V3))
		test_counting();

	return 0;
}
