// SPDX-License-Identifier: GPL-2.0-only
/* vCPUs and their threads. */
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "one_reg.h"
#include "util.h"
#include "vcpu.h"
#include "vm.h"

#define SIG_KICK		SIGUSR1

/* Aff0 to Aff2 of MPIDR */
#define MPIDR_AFFINITY		0xffffff
#define REG_MPIDR		(ARM_CP15_REG32(0, 0, 0, 5))
#define REG_CORE(name) \
	(KVM_REG_ARM | KVM_REG_SIZE_U32 | KVM_REG_ARM_CORE | \
	 KVM_REG_ARM_CORE_REG(name))

/* What the boot protocol wants in r1 of a kernel that gets a device tree */
#define NO_MACHINE_TYPE		(~0U)

static void kicked(int sig)
{
	(void)sig;
}

/**
 * vcpu_init_signals() - prepare the process for vcpu_kick()
 */
void vcpu_init_signals(void)
{
	/* Without SA_RESTART: system calls of a vCPU thread shall end. */
	struct sigaction action = { .sa_handler = kicked };

	sigaction(SIG_KICK, &action, NULL);
}

/**
 * vcpu_create() - make a vCPU or end the process
 * @vcpu: filled in
 * @vm: the VM
 * @index: its number, from 0
 * @kvm_fd: /dev/kvm
 */
void vcpu_create(struct vcpu *vcpu, struct vm *vm, unsigned int index,
		 int kvm_fd)
{
	int size = ioctl(kvm_fd, KVM_GET_VCPU_MMAP_SIZE, 0);

	if (size < 0)
		die_errno("KVM_GET_VCPU_MMAP_SIZE");
	vcpu->vm = vm;
	vcpu->index = index;
	vcpu->fd = ioctl(vm->fd, KVM_CREATE_VCPU, index);
	if (vcpu->fd < 0)
		die_errno("KVM_CREATE_VCPU, vCPU %u", index);
	vcpu->run_size = size;
	vcpu->run = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED,
			 vcpu->fd, 0);
	if (vcpu->run == MAP_FAILED)
		die_errno("mmap, vCPU %u", index);
}

/**
 * vcpu_destroy() - free what vcpu_create() allocated
 * @vcpu: a vCPU that has no thread
 */
void vcpu_destroy(struct vcpu *vcpu)
{
	munmap(vcpu->run, vcpu->run_size);
	close(vcpu->fd);
}

/**
 * vcpu_init() - reset a vCPU or end the process
 * @vcpu: the vCPU; all but the first wait for PSCI to switch them on
 * @target: answer of KVM_ARM_PREFERRED_TARGET
 * @features: bits of KVM_ARM_VCPU_*
 */
void vcpu_init(struct vcpu *vcpu, uint32_t target, uint32_t features)
{
	struct kvm_vcpu_init init = {
		.target = target,
		.features[0] = features,
	};

	if (vcpu->index)
		init.features[0] |= BIT(KVM_ARM_VCPU_POWER_OFF);
	if (ioctl(vcpu->fd, KVM_ARM_VCPU_INIT, &init) < 0)
		die_errno("KVM_ARM_VCPU_INIT, vCPU %u, target %u", vcpu->index,
			  target);
}

/**
 * vcpu_mpidr() - how the guest names a vCPU
 * @vcpu: an initialised vCPU
 *
 * Return: affinity fields of its MPIDR.
 */
uint32_t vcpu_mpidr(struct vcpu *vcpu)
{
	return one_reg_get(vcpu->fd, REG_MPIDR) & MPIDR_AFFINITY;
}

/**
 * vcpu_set_entry() - make a vCPU start as the Linux boot protocol wants it
 * @vcpu: an initialised vCPU
 * @entry: where
 *
 * The mode after a reset, supervisor with interrupts masked, is right already.
 */
void vcpu_set_entry(struct vcpu *vcpu, const struct boot_entry *entry)
{
	one_reg_set(vcpu->fd, REG_CORE(usr_regs.ARM_r0), 0);
	one_reg_set(vcpu->fd, REG_CORE(usr_regs.ARM_r1), NO_MACHINE_TYPE);
	one_reg_set(vcpu->fd, REG_CORE(usr_regs.ARM_r2), entry->dtb);
	one_reg_set(vcpu->fd, REG_CORE(usr_regs.ARM_pc), entry->pc);
}

static void exit_mmio(struct vcpu *vcpu)
{
	struct kvm_run *run = vcpu->run;

	mmio_access(&vcpu->vm->bus, run->mmio.phys_addr, run->mmio.len,
		    run->mmio.is_write, run->mmio.data);
}

static void exit_system_event(struct vcpu *vcpu)
{
	static const enum vm_end vm_end[] = {
		[KVM_SYSTEM_EVENT_SHUTDOWN] = VM_POWER_OFF,
		[KVM_SYSTEM_EVENT_RESET] = VM_RESET,
	};
	uint32_t type = vcpu->run->system_event.type;

	if (type < ARRAY_SIZE(vm_end) && vm_end[type] != VM_RUNS) {
		vm_stop(vcpu->vm, vm_end[type]);
		return;
	}
	vcpu_dump(vcpu, "system event %u", type);
	vm_stop(vcpu->vm, VM_ERROR);
}

static void exit_interrupted(struct vcpu *vcpu)
{
	/*
	 * In this order: who sets @immediate_exit says why first, so that
	 * the reason is either seen now or KVM_RUN returns at once.
	 */
	atomic_store((_Atomic uint8_t *)&vcpu->run->immediate_exit, 0);
	if (atomic_exchange(&vcpu->dump, false))
		vcpu_dump(vcpu, "registers");
}

/*
 * On big.LITTLE a guest is for CPUs of one kind, and the scheduler knows of none. Its
 * thread learns of those that are not, until there is nowhere to go.
 */
static bool keep_off(unsigned int cpu)
{
	cpu_set_t cpus;

	if (sched_getaffinity(0, sizeof(cpus), &cpus) < 0)
		return false;
	CPU_CLR(cpu, &cpus);
	return !sched_setaffinity(0, sizeof(cpus), &cpus);
}

static void exit_unexpected(struct vcpu *vcpu)
{
	vcpu_dump_exit(vcpu);
	vm_stop(vcpu->vm, VM_ERROR);
}

static void exit_fail_entry(struct vcpu *vcpu)
{
	const struct kvm_run *run = vcpu->run;

	if (run->fail_entry.hardware_entry_failure_reason !=
	    KVM_EXIT_FAIL_ENTRY_CPU_UNSUPPORTED ||
	    !keep_off(run->fail_entry.cpu))
		exit_unexpected(vcpu);
}

static void handle_exit(struct vcpu *vcpu)
{
	static void (*const handler[])(struct vcpu *vcpu) = {
		[KVM_EXIT_MMIO] = exit_mmio,
		[KVM_EXIT_FAIL_ENTRY] = exit_fail_entry,
		[KVM_EXIT_INTR] = exit_interrupted,
		[KVM_EXIT_SYSTEM_EVENT] = exit_system_event,
	};
	uint32_t reason = vcpu->run->exit_reason;

	if (reason < ARRAY_SIZE(handler) && handler[reason])
		handler[reason](vcpu);
	else
		exit_unexpected(vcpu);
}

/*
 * The registers are right only when KVM has finished what the last exit began:
 * it writes what a device answered to the register of the load, and steps over
 * the instruction, at the next entry.
 */
static void complete_exit(struct vcpu *vcpu)
{
	atomic_store((_Atomic uint8_t *)&vcpu->run->immediate_exit, 1);
	ioctl(vcpu->fd, KVM_RUN, 0);
	atomic_store((_Atomic uint8_t *)&vcpu->run->immediate_exit, 0);
}

static void *vcpu_thread(void *arg)
{
	struct vcpu *vcpu = arg;
	char name[16];

	snprintf(name, sizeof(name), "vcpu%u", vcpu->index);
	pthread_setname_np(pthread_self(), name);

	pthread_barrier_wait(&vcpu->vm->gate);
	while (vm_runs(vcpu->vm)) {
		if (!ioctl(vcpu->fd, KVM_RUN, 0)) {
			handle_exit(vcpu);
		} else if (errno == EINTR || errno == EAGAIN) {
			exit_interrupted(vcpu);
		} else {
			vcpu_dump(vcpu, "KVM_RUN: %s", strerror(errno));
			vm_stop(vcpu->vm, VM_ERROR);
		}
	}
	complete_exit(vcpu);
	return NULL;
}

/**
 * vcpu_start() - give a vCPU a thread of its own or end the process
 * @vcpu: the vCPU; it runs when all have come to &vm.gate
 */
void vcpu_start(struct vcpu *vcpu)
{
	int error = pthread_create(&vcpu->thread, NULL, vcpu_thread, vcpu);

	if (error)
		die("thread of vCPU %u: %s", vcpu->index, strerror(error));
}

/**
 * vcpu_kick() - make a vCPU look at vm_runs() and &vcpu.dump
 * @vcpu: a vCPU that has a thread; what it shall see is set already
 *
 * Inside KVM_RUN the signal ends it, before it @immediate_exit does.
 */
void vcpu_kick(struct vcpu *vcpu)
{
	atomic_store((_Atomic uint8_t *)&vcpu->run->immediate_exit, 1);
	pthread_kill(vcpu->thread, SIG_KICK);
}

/**
 * vcpu_join() - wait for the end of a vCPU's thread
 * @vcpu: a vCPU that was kicked after &vm.end or &vm.pause was set
 */
void vcpu_join(struct vcpu *vcpu)
{
	pthread_join(vcpu->thread, NULL);
}
