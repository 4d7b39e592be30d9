// SPDX-License-Identifier: GPL-2.0-only
/* A virtual machine: its creation, life and end. */
#include <errno.h>
#include <fcntl.h>
#include <linux/kvm.h>
#include <linux/virtio_mmio.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <time.h>
#include <unistd.h>

#include "boot.h"
#include "host_timer.h"
#include "leave.h"
#include "pmu.h"
#include "util.h"
#include "vm.h"

#define KEY_QUIT		'x'
#define KEY_REGISTERS		'r'
#define KEY_LEAVE		's'

#define NS_PER_MS		1000000

static const struct {
	int cap;
	const char *name;
} needed_caps[] = {
	{ KVM_CAP_USER_MEMORY, "user memory regions" },
	{ KVM_CAP_ONE_REG, "KVM_GET_ONE_REG" },
	{ KVM_CAP_DEVICE_CTRL, "KVM_CREATE_DEVICE" },
	{ KVM_CAP_ARM_PSCI_0_2, "PSCI 0.2" },
	{ KVM_CAP_IMMEDIATE_EXIT, "immediate exit" },
};

static int open_kvm(void)
{
	int fd = open("/dev/kvm", O_RDWR | O_CLOEXEC);
	unsigned int i;

	if (fd < 0)
		die_errno("/dev/kvm");
	if (ioctl(fd, KVM_GET_API_VERSION, 0) != KVM_API_VERSION)
		die("/dev/kvm: not API version %d", KVM_API_VERSION);
	for (i = 0; i < ARRAY_SIZE(needed_caps); i++)
		if (ioctl(fd, KVM_CHECK_EXTENSION, needed_caps[i].cap) <= 0)
			die("/dev/kvm has no %s", needed_caps[i].name);
	return fd;
}

/* Rather an exit with the address than an error of KVM_RUN without. */
static void enable_nisv_exits(struct vm *vm)
{
	struct kvm_enable_cap cap = { .cap = KVM_CAP_ARM_NISV_TO_USER };

	ioctl(vm->fd, KVM_ENABLE_CAP, &cap);
}

static bool set_ram_slot(const struct vm *vm, uint32_t flags)
{
	struct kvm_userspace_memory_region region = {
		.slot = RAM_SLOT,
		.flags = flags,
		.guest_phys_addr = vm->ram.base,
		.memory_size = vm->ram.size,
		.userspace_addr = (uintptr_t)vm->ram.host,
	};

	return !ioctl(vm->fd, KVM_SET_USER_MEMORY_REGION, &region);
}

static void create_ram(struct vm *vm)
{
	const struct options *opt = vm->opt;

	ram_create(&vm->ram, RAM_BASE, opt->ram_size, opt->hugetlbfs, opt->thp);
	if (!set_ram_slot(vm, 0))
		die_errno("KVM_SET_USER_MEMORY_REGION");
}

/**
 * vm_log_dirty() - have KVM log the pages that the guest writes, or stop it
 * @vm: the VM
 * @log: log them
 *
 * Return: false, with errno set, where all is as it was.
 */
bool vm_log_dirty(const struct vm *vm, bool log)
{
	return set_ram_slot(vm, log ? KVM_MEM_LOG_DIRTY_PAGES : 0);
}

static const char *cpu_compatible(uint32_t target)
{
	static const char * const name[] = {
		[KVM_ARM_TARGET_CORTEX_A15] = "arm,cortex-a15",
		[KVM_ARM_TARGET_CORTEX_A7] = "arm,cortex-a7",
	};

	return target < ARRAY_SIZE(name) ? name[target] : "arm,armv7";
}

static uint32_t vcpu_features(const struct options *opt)
{
	uint32_t features = 0;

	if (!opt->psci_0_1)
		features |= BIT(KVM_ARM_VCPU_PSCI_0_2);
	if (opt->pmu)
		features |= BIT(KVM_ARM_VCPU_PMU_V3);
	return features;
}

static void create_vcpus(struct vm *vm, int kvm_fd)
{
	struct guest_info *info = &vm->info;
	struct kvm_vcpu_init preferred;
	struct vcpu *vcpu;
	unsigned int i;

	if (ioctl(vm->fd, KVM_ARM_PREFERRED_TARGET, &preferred) < 0)
		die_errno("KVM_ARM_PREFERRED_TARGET");
	info->cpu_compatible = cpu_compatible(preferred.target);
	info->timer_hz = host_timer_frequency();
	vm->nr_vcpus = vm->opt->nr_vcpus;
	if (vm->gic.kind == GIC_V2 && vm->nr_vcpus > GICV2_MAX_VCPUS)
		die("--cpus: a GICv2 has %u at most", GICV2_MAX_VCPUS);
	for (i = 0; i < vm->nr_vcpus; i++) {
		vcpu = &vm->vcpu[i];
		vcpu_create(vcpu, vm, i, kvm_fd);
		vcpu_init(vcpu, preferred.target, vcpu_features(vm->opt));
		info->mpidr[i] = vcpu_mpidr(vcpu);
	}
}

/* KVM wants to know the GIC first. */
static void create_pmus(struct vm *vm)
{
	unsigned int i;

	for (i = 0; i < vm->nr_vcpus; i++)
		pmu_init(&vm->vcpu[i]);
	vm->info.pmu_compatible = pmu_compatible(&vm->vcpu[0]);
}

static void create_serial(struct vm *vm)
{
	const struct mmio_region region = {
		.base = SERIAL_BASE,
		.size = SERIAL_SIZE,
		.ops = &serial_mmio_ops,
		.device = &vm->serial,
	};

	irq_line_create(&vm->serial.irq, vm->fd, SERIAL_SPI);
	serial_init(&vm->serial);
	mmio_add(&vm->bus, &region);
}

static void add_doorbell(struct vm *vm, const struct mmio_region *region,
			 struct virtio_queue *queue, unsigned int index)
{
	struct kvm_ioeventfd doorbell = {
		.datamatch = index,
		.addr = region->base + VIRTIO_MMIO_QUEUE_NOTIFY,
		.len = sizeof(uint32_t),
		.fd = queue->kick.fd,
		.flags = KVM_IOEVENTFD_FLAG_DATAMATCH,
	};

	if (!loop_add(&vm->loop, &queue->kick))
		die_errno("epoll_ctl");
	/* Where this fails, the write is an MMIO exit. */
	if (vm->opt->ioeventfd)
		ioctl(vm->fd, KVM_IOEVENTFD, &doorbell);
}

static void add_virtio(struct vm *vm, struct virtio_device *dev)
{
	const struct mmio_region region = {
		.base = VIRTIO_BASE + vm->nr_virtio * VIRTIO_SIZE,
		.size = VIRTIO_SIZE,
		.ops = &virtio_mmio_ops,
		.device = dev,
	};
	unsigned int i;

	irq_line_create(&dev->irq, vm->fd, VIRTIO_FIRST_SPI + vm->nr_virtio);
	if (vm->opt->irqfd)
		irq_line_use_irqfd(&dev->irq);
	virtio_init(dev, &vm->ram);
	mmio_add(&vm->bus, &region);
	for (i = 0; i < dev->nr_queues; i++)
		add_doorbell(vm, &region, &dev->queue[i], i);
	vm->virtio[vm->nr_virtio++] = dev;
}

static void escape_key(void *opaque, uint8_t key)
{
	struct vm *vm = opaque;
	unsigned int i;

	if (key == KEY_QUIT)
		vm_stop(vm, VM_QUIT);
	if (key == KEY_LEAVE)
		leave_begin(vm);
	if (key != KEY_REGISTERS)
		return;
	for (i = 0; i < vm->nr_vcpus; i++) {
		atomic_store(&vm->vcpu[i].dump, true);
		vcpu_kick(&vm->vcpu[i]);
	}
}

static void create_devices(struct vm *vm)
{
	const struct options *opt = vm->opt;
	struct virtio_device *console;
	unsigned int i;

	create_serial(vm);
	for (i = 0; i < opt->nr_disks; i++)
		add_virtio(vm, virtio_blk_create(opt->disk[i].path,
						 opt->disk[i].read_only));
	vm->term = (struct term_client) {
		.room = serial_room,
		.input = serial_input,
		.device = &vm->serial,
		.escape = escape_key,
		.escape_opaque = vm,
	};
	if (!opt->virtio_console)
		return;

	console = virtio_console_create();
	add_virtio(vm, console);
	vm->term.room = virtio_console_room;
	vm->term.input = virtio_console_input;
	vm->term.device = console;
}

/**
 * vm_lock_disks() - keep others from the disks
 * @vm: the VM
 * @lock: from what
 *
 * Return: NULL, or the path of a disk that somebody else has.
 */
const char *vm_lock_disks(const struct vm *vm, enum disk_lock lock)
{
	unsigned int i;

	/* create_devices() makes them first, in this order. */
	for (i = 0; i < vm->opt->nr_disks; i++)
		if (!virtio_blk_lock(vm->virtio[i], lock))
			return vm->opt->disk[i].path;
	return NULL;
}

/**
 * vm_forget_disks() - read from the disks again what was read of them before
 * @vm: the VM, which has not run
 */
void vm_forget_disks(const struct vm *vm)
{
	unsigned int i;

	for (i = 0; i < vm->opt->nr_disks; i++)
		virtio_blk_forget(vm->virtio[i]);
}

/* A guest that is to arrive has its disks elsewhere still: migrate_incoming(). */
static void take_disks(const struct vm *vm)
{
	const char *taken;

	if (vm->opt->incoming)
		return;
	taken = vm_lock_disks(vm, DISK_OWN);
	if (taken)
		die("disk %s is in use", taken);
}

/**
 * vm_describe() - what the command line says about a guest
 * @info: filled in, with what a host without KVM would answer
 * @opt: the command line
 */
void vm_describe(struct guest_info *info, const struct options *opt)
{
	unsigned int i;

	*info = (struct guest_info) {
		.nr_vcpus = opt->nr_vcpus,
		.gic = opt->gic == GIC_ANY ? GIC_V2 : opt->gic,
		.cpu_compatible = cpu_compatible(KVM_ARM_TARGET_CORTEX_A15),
		.ram_size = opt->ram_size,
		.timer_hz = host_timer_frequency(),
		.nr_virtio = opt->nr_disks + opt->virtio_console,
		.virtio_console = opt->virtio_console,
		.psci_0_1 = opt->psci_0_1,
		.cmdline = opt->cmdline,
	};
	for (i = 0; i < opt->nr_vcpus; i++)
		info->mpidr[i] = i;
}

static void trigger_ready(struct event_source *source)
{
	struct signalfd_siginfo siginfo;

	if (read(source->fd, &siginfo, sizeof(siginfo)) == sizeof(siginfo))
		leave_begin(container_of(source, struct vm, trigger));
}

static void create_trigger(struct vm *vm)
{
	sigset_t set;

	vm->trigger.fd = -1;
	if (!leave_is_possible(vm->opt))
		return;
	leave_signals(&set);
	vm->trigger.ready = trigger_ready;
	vm->trigger.fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	if (vm->trigger.fd < 0 || !loop_add(&vm->loop, &vm->trigger))
		die_errno("signalfd");
}

/**
 * vm_create() - make a VM that holds no guest yet or end the process
 * @vm: filled in
 * @opt: the command line
 */
void vm_create(struct vm *vm, const struct options *opt)
{
	int kvm_fd = open_kvm();

	memset(vm, 0, sizeof(*vm));
	vm->opt = opt;
	vm_describe(&vm->info, opt);
	loop_create(&vm->loop);
	vm->fd = ioctl(kvm_fd, KVM_CREATE_VM, 0);
	if (vm->fd < 0)
		die_errno("KVM_CREATE_VM");
	if (opt->pmu && !pmu_is_possible(kvm_fd))
		die("--pmu: this host has none for guests");
	enable_nisv_exits(vm);
	create_ram(vm);
	gic_create(&vm->gic, vm->fd, opt->gic);
	vm->info.gic = vm->gic.kind;
	create_vcpus(vm, kvm_fd);
	gic_init(&vm->gic, vm->nr_vcpus, vm->info.mpidr);
	if (opt->pmu)
		create_pmus(vm);
	create_devices(vm);
	take_disks(vm);
	create_trigger(vm);
	close(kvm_fd);
}

/**
 * vm_boot() - load what --kernel and --initrd name or end the process
 * @vm: a VM from vm_create()
 */
void vm_boot(struct vm *vm)
{
	struct boot_entry entry;

	boot_load(&vm->ram, vm->opt, &vm->info, &entry);
	if (vm->opt->dump_dtb)
		boot_dump_dtb(vm->opt->dump_dtb, &vm->info);
	vcpu_set_entry(&vm->vcpu[0], &entry);
}

static uint64_t now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * MS_PER_S + ts.tv_nsec / NS_PER_MS;
}

/**
 * vm_runs() - may vCPUs run
 * @vm: the VM
 *
 * Safe in any thread.
 *
 * Return: false where they are to end their threads.
 */
bool vm_runs(struct vm *vm)
{
	return atomic_load(&vm->end) == VM_RUNS && !atomic_load(&vm->pause);
}

/**
 * vm_prepare() - take what vm_run() needs of the host or end the process
 * @vm: a VM that holds a guest
 *
 * vm_run() does it where nobody has. Who promises that a guest runs here does it
 * before: a host may have no room for the threads of its vCPUs.
 */
void vm_prepare(struct vm *vm)
{
	unsigned int i;

	if (vm->prepared)
		return;
	vm->prepared = true;
	atomic_store(&vm->pause, false);
	loop_rearm(&vm->loop);
	term_attach(&vm->loop, &vm->term);
	pthread_barrier_init(&vm->gate, NULL, vm->nr_vcpus + 1);
	for (i = 0; i < vm->nr_vcpus; i++)
		vcpu_start(&vm->vcpu[i]);
}

/**
 * vm_run() - run a VM until it ends or is paused
 * @vm: a VM that holds a guest
 *
 * The calling thread does the I/O. No other thread is left afterwards.
 *
 * Return: why it ended, where it both ended and was paused too.
 */
enum vm_end vm_run(struct vm *vm)
{
	uint64_t start;
	unsigned int i;
	int end;

	vm_prepare(vm);
	start = now_ms();
	clock_start(&vm->clock, vm->vcpu[0].fd);
	pthread_barrier_wait(&vm->gate);
	loop_run(&vm->loop);
	for (i = 0; i < vm->nr_vcpus; i++)
		vcpu_kick(&vm->vcpu[i]);
	for (i = 0; i < vm->nr_vcpus; i++)
		vcpu_join(&vm->vcpu[i]);
	pthread_barrier_destroy(&vm->gate);
	vm->prepared = false;
	clock_stop(&vm->clock, vm->vcpu[0].fd);
	vm->ran_ms = now_ms() - start;
	term_detach();
	end = atomic_load(&vm->end);
	return end == VM_RUNS ? VM_PAUSED : end;
}

/**
 * vm_pause() - make vm_run() return, with a guest that can go on
 * @vm: the VM
 *
 * Safe in any thread; does not wait.
 */
void vm_pause(struct vm *vm)
{
	atomic_store(&vm->pause, true);
	loop_stop(&vm->loop);
}

/**
 * vm_stop() - end a VM
 * @vm: the VM
 * @end: why; where several threads have a reason, the first counts
 *
 * Safe in any thread; does not wait.
 */
void vm_stop(struct vm *vm, enum vm_end end)
{
	int runs = VM_RUNS;

	atomic_compare_exchange_strong(&vm->end, &runs, end);
	loop_stop(&vm->loop);
}

/**
 * vm_destroy() - free a VM
 * @vm: a VM that does not run
 */
void vm_destroy(struct vm *vm)
{
	unsigned int i;

	migrate_cancel(&vm->migration);
	if (vm->trigger.fd >= 0)
		close(vm->trigger.fd);
	for (i = 0; i < vm->nr_virtio; i++)
		virtio_destroy(vm->virtio[i]);
	for (i = 0; i < vm->nr_vcpus; i++)
		vcpu_destroy(&vm->vcpu[i]);
	gic_destroy(&vm->gic);
	close(vm->fd);
	ram_destroy(&vm->ram);
	loop_destroy(&vm->loop);
}
