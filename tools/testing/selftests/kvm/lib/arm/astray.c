// SPDX-License-Identifier: GPL-2.0-only
/*
 * Guests of which nobody knows what they will do
 */
#include <signal.h>
#include <sys/time.h>

#include "astray.h"
#include "processor.h"

static struct kvm_run *run;

/* Effective even if it comes before the guest is run */
static void stop_guest(int sig)
{
	run->immediate_exit = 1;
}

static void set_timer(unsigned int usec)
{
	const struct itimerval timer = { .it_value.tv_usec = usec };

	TEST_ASSERT(!setitimer(ITIMER_REAL, &timer, NULL), "errno %d", errno);
}

bool vcpu_run_astray(struct kvm_vcpu *vcpu, unsigned int usec)
{
	int ret, err;

	run = vcpu->run;
	run->immediate_exit = 0;
	signal(SIGALRM, stop_guest);

	set_timer(usec);
	ret = __vcpu_run(vcpu);
	err = errno;
	set_timer(0);

	/* ENOSYS: no memory there, and the instruction has to be decoded. */
	TEST_ASSERT(!ret || err == EINTR || err == ENOSYS, "KVM_RUN: errno %d",
		    err);
	TEST_ASSERT(ret || run->exit_reason != KVM_EXIT_INTERNAL_ERROR,
		    "HSR 0x%llx at 0x%llx", run->internal.data[0],
		    run->internal.data[1]);

	return !ret;
}

static void guest_code(void)
{
	GUEST_SYNC(0);
}

bool another_guest_runs(void)
{
	struct kvm_vcpu *vcpu;
	struct kvm_vm *vm = vm_create_with_one_vcpu(&vcpu, guest_code);
	bool runs;

	vcpu_run(vcpu);
	runs = get_ucall(vcpu, NULL) == UCALL_SYNC;
	kvm_vm_free(vm);

	return runs;
}
