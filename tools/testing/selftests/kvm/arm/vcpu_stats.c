// SPDX-License-Identifier: GPL-2.0-only
/*
 * The counters of a vCPU of a 32-bit ARM guest count what they say, and the
 * control over halt polling (KVM_CAP_HALT_POLL) is seen in them.
 */
#include <signal.h>

#include "arch_timer.h"
#include "gic.h"
#include "kvm_util.h"
#include "processor.h"
#include "vgic.h"

#define NR_IRQS		64
#define NR_TIMES	20
#define MMIO_GPA	0x30000000UL
#define VTIMER_PPI	27

/* Longer than any wait of this test, in nanoseconds */
#define POLL_NS		1000000000ULL
/*
 * And longer than an emulator has to wait for its turn on a busy machine, or the
 * time is over before the guest waits
 */
#define WAIT_US		20000

static void guest_hvc(void)
{
	struct arm_smccc_res res;
	int i;

	for (i = 0; i < NR_TIMES; i++)
		smccc_hvc(0x84000000, 0, 0, 0, &res);
	GUEST_DONE();
}

static void guest_mmio_kernel(void)
{
	int i;

	for (i = 0; i < NR_TIMES; i++)
		readl(GICD_BASE_GVA + GICD_TYPER);
	GUEST_DONE();
}

/* The last one is the end of the test itself. */
static void guest_mmio_user(void)
{
	int i;

	for (i = 0; i < NR_TIMES - 1; i++)
		writel(i, (void *)MMIO_GPA);
	GUEST_DONE();
}

/* The interrupt of the timer ends the WFI; it is masked, so nobody takes it. */
static void guest_wfi(void)
{
	int i;

	gic_init(GIC_V2, 1);
	gic_irq_enable(VTIMER_PPI);
	for (i = 0; i < NR_TIMES; i++) {
		timer_set_cval(VIRTUAL, timer_get_cntct(VIRTUAL) +
			       usec_to_cycles(WAIT_US));
		timer_set_ctl(VIRTUAL, CTL_ENABLE);
		while (!(timer_get_ctl(VIRTUAL) & CTL_ISTATUS))
			wfi();
		timer_set_ctl(VIRTUAL, CTL_IMASK);
	}
	GUEST_DONE();
}

static void guest_nothing(void)
{
	GUEST_DONE();
}

static void run_to_done(struct kvm_vcpu *vcpu)
{
	struct ucall uc;

	for (;;) {
		vcpu_run(vcpu);
		switch (get_ucall(vcpu, &uc)) {
		case UCALL_DONE:
			return;
		case UCALL_NONE:
			TEST_ASSERT_KVM_EXIT_REASON(vcpu, KVM_EXIT_MMIO);
			break;
		case UCALL_ABORT:
			REPORT_GUEST_ASSERT(uc);
			break;
		default:
			TEST_FAIL("Unexpected ucall %" PRIu64, uc.cmd);
		}
	}
}

static void ignore_signal(int sig)
{
}

/* Blocked in user space, and not in the guest: it ends KVM_RUN at once. */
static void run_to_signal(struct kvm_vcpu *vcpu)
{
	const struct sigaction sa = { .sa_handler = ignore_signal };
	struct {
		struct kvm_signal_mask header;
		uint64_t set;
	} __packed mask = { .header.len = sizeof(mask.set) };
	sigset_t usr1;
	int i, ret;

	sigaction(SIGUSR1, &sa, NULL);
	sigemptyset(&usr1);
	sigaddset(&usr1, SIGUSR1);
	sigprocmask(SIG_BLOCK, &usr1, NULL);
	vcpu_ioctl(vcpu, KVM_SET_SIGNAL_MASK, &mask.header);

	for (i = 0; i < NR_TIMES; i++) {
		raise(SIGUSR1);
		ret = __vcpu_run(vcpu);
		TEST_ASSERT(ret == -1 && errno == EINTR, "ret %d errno %d",
			    ret, errno);
		TEST_ASSERT_KVM_EXIT_REASON(vcpu, KVM_EXIT_INTR);
		/* It stays pending: take it. */
		sigprocmask(SIG_UNBLOCK, &usr1, NULL);
		sigprocmask(SIG_BLOCK, &usr1, NULL);
	}

	ret = ioctl(vcpu->fd, KVM_SET_SIGNAL_MASK, NULL);
	TEST_ASSERT(!ret, "errno %d", errno);
	sigprocmask(SIG_UNBLOCK, &usr1, NULL);
}

/**
 * struct counter - a counter, and what makes it count
 * @name: of the counter
 * @guest_code: the guest
 * @run: how it is run
 * @poll_ns: for how long KVM may poll before it lets the vCPU sleep
 * @min: the least that it has to be
 * @max: the most
 */
struct counter {
	const char *name;
	void (*guest_code)(void);
	void (*run)(struct kvm_vcpu *vcpu);
	uint64_t poll_ns;
	uint64_t min, max;
};

static const struct counter counters[] = {
	{ "hvc_exit_stat", guest_hvc, run_to_done, 0, NR_TIMES, NR_TIMES },
	{ "hvc_exit_stat", guest_mmio_kernel, run_to_done, 0, 0, 0 },
	{ "mmio_exit_kernel", guest_mmio_kernel, run_to_done, 0, NR_TIMES,
	  NR_TIMES },
	{ "mmio_exit_kernel", guest_mmio_user, run_to_done, 0, 0, 0 },
	{ "mmio_exit_user", guest_mmio_user, run_to_done, 0, NR_TIMES,
	  NR_TIMES },
	{ "mmio_exit_user", guest_hvc, run_to_done, 0, 1, 1 },
	{ "exits", guest_hvc, run_to_done, 0, NR_TIMES + 1, UINT64_MAX },
	{ "wfi_exit_stat", guest_wfi, run_to_done, 0, 1, UINT64_MAX },
	{ "wfi_exit_stat", guest_hvc, run_to_done, 0, 0, 0 },
	{ "wfe_exit_stat", guest_hvc, run_to_done, 0, 0, 0 },
	{ "signal_exits", guest_nothing, run_to_signal, 0, NR_TIMES, NR_TIMES },
	{ "signal_exits", guest_nothing, run_to_done, 0, 0, 0 },
	{ "halt_attempted_poll", guest_wfi, run_to_done, 0, 0, 0 },
	{ "halt_attempted_poll", guest_wfi, run_to_done, POLL_NS, 1,
	  UINT64_MAX },
};

static void test_counter(const struct counter *c)
{
	struct kvm_vcpu *vcpu;
	struct kvm_vm *vm;
	uint64_t val;
	int gic_fd;

	vm = vm_create_with_one_vcpu(&vcpu, c->guest_code);
	virt_map_device(vm, MMIO_GPA, MMIO_GPA, 1);
	gic_fd = vgic_v2_setup(vm, 1, NR_IRQS);
	vm_enable_cap(vm, KVM_CAP_HALT_POLL, c->poll_ns);

	TEST_ASSERT_EQ(vcpu_get_stat(vcpu, c->name), 0);
	c->run(vcpu);
	val = vcpu_get_stat(vcpu, c->name);
	ksft_test_result(val >= c->min && val <= c->max, "%s: %" PRIu64 "\n",
			 c->name, val);

	close(gic_fd);
	kvm_vm_free(vm);
}

int main(void)
{
	int i;

	TEST_REQUIRE(kvm_has_cap(KVM_CAP_BINARY_STATS_FD));
	TEST_REQUIRE(kvm_has_cap(KVM_CAP_HALT_POLL));

	ksft_print_header();
	ksft_set_plan(ARRAY_SIZE(counters));

	for (i = 0; i < ARRAY_SIZE(counters); i++)
		test_counter(&counters[i]);

	ksft_finished();
}
