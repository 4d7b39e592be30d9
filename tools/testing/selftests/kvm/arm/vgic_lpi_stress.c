// SPDX-License-Identifier: GPL-2.0-only
/*
 * LPIs under load: each device has a thread of the host that sends its events as
 * fast as it can, while a vCPU of the guest moves them all from one vCPU to the
 * next and invalidates what is cached of them.  vCPUs that wait for interrupts are
 * among those that take them.
 *
 * What was sent comes: before each MSI the host writes a number that the handler
 * passes on after it has acknowledged the interrupt.  Many may become one
 * interrupt, but the number of the last has to get through.
 */
#include <pthread.h>
#include <sched.h>

#include "gic_v3_its.h"

#define NR_VCPUS	4
#define NR_DEVICES	3
#define NR_EVENTS	16
#define EVENT_BITS	4
#define NR_LPIS		(NR_DEVICES * NR_EVENTS)
#define NR_IRQS		64
#define SGI_STOP	7

#define NR_ROUNDS	400
/* So often in so many rounds, a device waits until all of its own are there */
#define ROUNDS_AHEAD	8
/* If the guest has done less in the meantime, there are more rounds */
#define MIN_MOVES	1000

#define TABLES_GPA	0x40000000ULL
#define TABLES_SLOT	10
#define TABLE(n)	((uint32_t)TABLES_GPA + (n) * ITS_TABLE_SIZE)
#define COMMANDS	TABLE(0)
#define DEVICES		TABLE(1)
#define COLLECTIONS	TABLE(2)
#define PROPERTIES	TABLE(3)
#define EVENTS(device)	TABLE(4 + (device))
#define PENDING(cpu)	TABLE(4 + NR_DEVICES + (cpu))
#define NR_TABLES	(4 + NR_DEVICES + NR_VCPUS)

/**
 * struct shared - what host and guest tell each other
 * @sent: of each LPI, the number of the last that was sent
 * @seen: of each LPI, the number that its handler found
 * @taken: interrupts of each vCPU
 * @moves: how often an LPI was moved
 * @stop: the host has sent all
 */
struct shared {
	uint32_t sent[NR_LPIS];
	uint32_t seen[NR_LPIS];
	uint32_t taken[NR_VCPUS];
	uint32_t moves;
	uint32_t stop;
};

static struct shared guest_shared __aligned(4096);
static volatile bool guest_ready[NR_VCPUS], guest_stopped[NR_VCPUS];

static struct kvm_vm *vm;
static struct shared *shared;

static unsigned int this_cpu(void)
{
	return read_cp15(CP15_MPIDR) & 0xff;
}

static void guest_irq_handler(struct ex_regs *regs)
{
	uint32_t intid = read_cp15(ICC_IAR1);
	unsigned int i = intid - FIRST_LPI;

	if (intid == IAR_SPURIOUS)
		return;

	/* The acknowledge comes before the read of what belongs to it. */
	dsb(sy);
	if (intid == SGI_STOP) {
		guest_stopped[this_cpu()] = true;
	} else {
		GUEST_ASSERT(i < NR_LPIS);
		WRITE_ONCE(guest_shared.seen[i],
			   READ_ONCE(guest_shared.sent[i]));
		guest_shared.taken[this_cpu()]++;
	}
	write_cp15(intid, ICC_EOIR1);
	isb();
}

static void guest_init_cpu(unsigned int cpu)
{
	gicv3_cpu_init(cpu);
	gicv3_enable_lpis(cpu, PROPERTIES, PENDING(cpu));
	dmb(ish);
	guest_ready[cpu] = true;
}

static void guest_map(void)
{
	unsigned int device, event, i;

	its_init(COMMANDS, DEVICES, COLLECTIONS);
	for (i = 0; i < NR_VCPUS; i++)
		its_map_collection(i, i);
	i = 0;
	for (device = 0; device < NR_DEVICES; device++) {
		its_map_device(device, EVENTS(device), EVENT_BITS);
		for (event = 0; event < NR_EVENTS; event++, i++)
			its_map_event(device, event, FIRST_LPI + i,
				      i % NR_VCPUS);
	}
	for (i = 0; i < NR_VCPUS; i++)
		its_invalidate_all(i);
}

static void guest_move_all(unsigned int turn)
{
	unsigned int device, event, to;

	for (device = 0; device < NR_DEVICES; device++) {
		for (event = 0; event < NR_EVENTS; event++) {
			to = (turn + device + event) % NR_VCPUS;
			its_move_event(device, event, to);
			guest_shared.moves++;
		}
	}
	its_invalidate_all(turn % NR_VCPUS);
}

static void guest_first(void)
{
	unsigned int cpu, i, turn = 0;

	for (i = 0; i < NR_LPIS; i++)
		gicv3_enable_lpi(PROPERTIES, FIRST_LPI + i);
	guest_init_cpu(0);
	for (cpu = 1; cpu < NR_VCPUS; cpu++)
		while (!guest_ready[cpu])
			cpu_relax();
	guest_map();
	local_irq_enable();
	GUEST_SYNC(0);

	while (!READ_ONCE(guest_shared.stop))
		guest_move_all(turn++);

	dsb(ishst);
	write_cp15_64(ICC_SGI1R_OTHERS | ICC_SGI1R_ID(SGI_STOP), ICC_SGI1R);
	isb();
	GUEST_DONE();
}

/* Every other one waits for interrupts: they have to wake it. */
static void guest_others(unsigned int cpu)
{
	guest_init_cpu(cpu);
	while (!guest_stopped[cpu]) {
		local_irq_disable();
		if (cpu % 2 && !guest_stopped[cpu])
			wfi();
		local_irq_enable();
		isb();
	}
	GUEST_DONE();
}

static void guest_code(void)
{
	unsigned int cpu = this_cpu();

	if (!cpu) {
		guest_first();
		return;
	}
	while (!guest_ready[0])
		cpu_relax();
	guest_others(cpu);
}

static void *run_until_done(void *arg)
{
	vcpu_run_until(arg, UCALL_DONE);
	return NULL;
}

static void await_all(unsigned int first)
{
	unsigned int i;

	for (i = first; i < first + NR_EVENTS; i++)
		while (__atomic_load_n(&shared->seen[i], __ATOMIC_ACQUIRE) !=
		       shared->sent[i])
			sched_yield();
}

static void *send_events(void *arg)
{
	unsigned int device = (uintptr_t)arg, first = device * NR_EVENTS;
	unsigned int round, event;

	for (round = 1;; round++) {
		for (event = 0; event < NR_EVENTS; event++) {
			__atomic_store_n(&shared->sent[first + event], round,
					 __ATOMIC_RELEASE);
			TEST_ASSERT_EQ(its_signal_msi(vm, device, event), 1);
		}
		if (round % ROUNDS_AHEAD)
			continue;
		await_all(first);
		if (round >= NR_ROUNDS && READ_ONCE(shared->moves) >= MIN_MOVES)
			return NULL;
	}
}

static void create_vm(struct kvm_vcpu *vcpus[], int *gic_fd, int *its_fd)
{
	vm = vm_create_with_vcpus(NR_VCPUS, guest_code, vcpus);
	vm_init_descriptor_tables(vm);
	vm_install_exception_handler(vm, VECTOR_IRQ_CURRENT, guest_irq_handler);
	vm_userspace_mem_region_add(vm, VM_MEM_SRC_ANONYMOUS, TABLES_GPA,
				    TABLES_SLOT, NR_TABLES * ITS_TABLE_SIZE /
				    vm->page_size, 0);
	virt_map(vm, TABLES_GPA, TABLES_GPA,
		 NR_TABLES * ITS_TABLE_SIZE / vm->page_size);
	*gic_fd = vgic_v3_setup(vm, NR_VCPUS, NR_IRQS);
	*its_fd = vgic_its_setup(vm);
	shared = addr_gva2hva(vm, (uintptr_t)&guest_shared);
}

int main(void)
{
	pthread_t vcpu_threads[NR_VCPUS], devices[NR_DEVICES];
	struct kvm_vcpu *vcpus[NR_VCPUS];
	int gic_fd, its_fd;
	unsigned int i;

	TEST_REQUIRE(kvm_check_cap(KVM_CAP_MAX_VCPUS) > 8);

	ksft_print_header();
	ksft_set_plan(2);

	create_vm(vcpus, &gic_fd, &its_fd);
	for (i = 1; i < NR_VCPUS; i++)
		pthread_create(&vcpu_threads[i], NULL, run_until_done, vcpus[i]);
	vcpu_run_until(vcpus[0], UCALL_SYNC);
	pthread_create(&vcpu_threads[0], NULL, run_until_done, vcpus[0]);

	for (i = 0; i < NR_DEVICES; i++)
		pthread_create(&devices[i], NULL, send_events,
			       (void *)(uintptr_t)i);
	for (i = 0; i < NR_DEVICES; i++)
		pthread_join(devices[i], NULL);
	WRITE_ONCE(shared->stop, 1);
	for (i = 0; i < NR_VCPUS; i++)
		pthread_join(vcpu_threads[i], NULL);
	ksft_test_result_pass("what was sent last has come, of %u LPIs\n",
			      NR_LPIS);

	for (i = 0; i < NR_VCPUS; i++)
		TEST_ASSERT(shared->taken[i], "vCPU %u took none", i);
	TEST_ASSERT(shared->moves >= MIN_MOVES, "only %u moves", shared->moves);
	ksft_test_result_pass("on each vCPU, while they were moved %u times\n",
			      shared->moves);

	close(its_fd);
	close(gic_fd);
	kvm_vm_free(vm);
	ksft_finished();
}
