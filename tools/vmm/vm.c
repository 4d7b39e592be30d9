// SPDX-License-Identifier: GPL-2.0-only
/* A virtual machine: its creation, life and end. */
#include <errno.h>
#include <fcntl.h>
#include <linux/kvm.h>
#include <linux/virtio_mmio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "boot.h"
#include "gic.h"
#include "util.h"
#include "vm.h"

#define RAM_SLOT		0

#define KEY_QUIT		'x'
#define KEY_REGISTERS		'r'

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

static void create_ram(struct vm *vm)
{
	const struct options *opt = vm->opt;
	struct kvm_userspace_memory_region region = {
		.slot = RAM_SLOT,
		.guest_phys_addr = RAM_BASE,
		.memory_size = opt->ram_size,
	};

	ram_create(&vm->ram, RAM_BASE, opt->ram_size, opt->hugetlbfs, opt->thp);
	region.userspace_addr = (uintptr_t)vm->ram.host;
	if (ioctl(vm->fd, KVM_SET_USER_MEMORY_REGION, &region) < 0)
		die_errno("KVM_SET_USER_MEMORY_REGION");
}

static const char *cpu_compatible(uint32_t target)
{
	static const char * const name[] = {
		[KVM_ARM_TARGET_CORTEX_A15] = "arm,cortex-a15",
		[KVM_ARM_TARGET_CORTEX_A7] = "arm,cortex-a7",
	};

	return target < ARRAY_SIZE(name) ? name[target] : "arm,armv7";
}

static void create_vcpus(struct vm *vm, int kvm_fd, struct guest_info *info)
{
	struct kvm_vcpu_init preferred;
	struct vcpu *vcpu;
	unsigned int i;

	if (ioctl(vm->fd, KVM_ARM_PREFERRED_TARGET, &preferred) < 0)
		die_errno("KVM_ARM_PREFERRED_TARGET");
	info->cpu_compatible = cpu_compatible(preferred.target);
	vm->nr_vcpus = vm->opt->nr_vcpus;
	for (i = 0; i < vm->nr_vcpus; i++) {
		vcpu = &vm->vcpu[i];
		vcpu_create(vcpu, vm, i, kvm_fd);
		vcpu_init(vcpu, preferred.target);
		info->mpidr[i] = vcpu_mpidr(vcpu);
	}
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
 * vm_describe() - what the command line says about a guest
 * @info: filled in, with what a host without KVM would answer
 * @opt: the command line
 */
void vm_describe(struct guest_info *info, const struct options *opt)
{
	unsigned int i;

	*info = (struct guest_info) {
		.nr_vcpus = opt->nr_vcpus,
		.cpu_compatible = cpu_compatible(KVM_ARM_TARGET_CORTEX_A15),
		.ram_size = opt->ram_size,
		.nr_virtio = opt->nr_disks + opt->virtio_console,
		.virtio_console = opt->virtio_console,
		.cmdline = opt->cmdline,
	};
	for (i = 0; i < opt->nr_vcpus; i++)
		info->mpidr[i] = i;
}

/**
 * vm_create() - make a VM that is ready to run or end the process
 * @vm: filled in
 * @opt: the command line
 */
void vm_create(struct vm *vm, const struct options *opt)
{
	struct boot_entry entry;
	struct guest_info info;
	int kvm_fd = open_kvm();

	memset(vm, 0, sizeof(*vm));
	vm->opt = opt;
	vm_describe(&info, opt);
	loop_create(&vm->loop);
	vm->fd = ioctl(kvm_fd, KVM_CREATE_VM, 0);
	if (vm->fd < 0)
		die_errno("KVM_CREATE_VM");
	enable_nisv_exits(vm);
	create_ram(vm);
	vm->gic_fd = gic_create(vm->fd);
	create_vcpus(vm, kvm_fd, &info);
	gic_init(vm->gic_fd);
	create_devices(vm);
	close(kvm_fd);

	boot_load(&vm->ram, opt, &info, &entry);
	if (opt->dump_dtb)
		boot_dump_dtb(opt->dump_dtb, &info);
	vcpu_set_entry(&vm->vcpu[0], &entry);
}

/**
 * vm_run() - run a VM until it ends
 * @vm: a VM from vm_create()
 *
 * The calling thread does the I/O. No other thread is left afterwards.
 *
 * Return: why it ended.
 */
enum vm_end vm_run(struct vm *vm)
{
	unsigned int i;

	term_attach(&vm->loop, &vm->term);
	for (i = 0; i < vm->nr_vcpus; i++)
		vcpu_start(&vm->vcpu[i]);
	loop_run(&vm->loop);
	for (i = 0; i < vm->nr_vcpus; i++)
		vcpu_kick(&vm->vcpu[i]);
	for (i = 0; i < vm->nr_vcpus; i++)
		vcpu_join(&vm->vcpu[i]);
	term_detach();
	return atomic_load(&vm->end);
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

	for (i = 0; i < vm->nr_virtio; i++)
		virtio_destroy(vm->virtio[i]);
	for (i = 0; i < vm->nr_vcpus; i++)
		vcpu_destroy(&vm->vcpu[i]);
	close(vm->gic_fd);
	close(vm->fd);
	ram_destroy(&vm->ram);
	loop_destroy(&vm->loop);
}
