// SPDX-License-Identifier: GPL-2.0-only
/* A VM, as it is before an input does something to it */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "coverage.h"
#include "machine.h"
#include "pool.h"
#include "program.h"

#define MAX_EXITS	64
#define NR_IRQS		64

#define REG_CORE(name) \
	(KVM_REG_ARM | KVM_REG_SIZE_U32 | KVM_REG_ARM_CORE | \
	 KVM_REG_ARM_CORE_REG(name))

#define RAM_SLOT	0
/* Far from all that is mapped elsewhere, and where huge pages may be */
#define RAM_HVA		((void *)0x50000000)

/* What a device that is not there answers */
#define MMIO_BYTE	0x5a

struct machine machine;
unsigned long machine_exits;

/* What is kept is below what is closed with each VM. */
static int spare_fd, first_fd;
static size_t run_size;
static unsigned int run_usec;

static int vm_ioctl(unsigned long cmd, const void *arg)
{
	return ioctl(machine.fds[FD_VM][0], cmd, arg);
}

static int vcpu_ioctl(unsigned int number, unsigned long cmd, const void *arg)
{
	return ioctl(machine.fds[FD_VCPU][number], cmd, arg);
}

static void set_reg(unsigned int number, uint64_t id, uint32_t value)
{
	struct kvm_one_reg reg = { .id = id, .addr = (uintptr_t)&value };

	vcpu_ioctl(number, KVM_SET_ONE_REG, &reg);
}

void machine_limit(unsigned int usec)
{
	run_usec = usec;
}

void machine_start(void)
{
	int fd, size;

	spare_fd = open("/dev/null", O_RDWR | O_CLOEXEC);
	fd = open("/dev/kvm", O_RDWR | O_CLOEXEC);
	if (fd < 0)
		die("/dev/kvm");
	size = ioctl(fd, KVM_GET_VCPU_MMAP_SIZE, 0);
	if (size < 0)
		die("KVM_GET_VCPU_MMAP_SIZE");
	run_size = size;
	machine.fds[FD_SYS][0] = fd;
	first_fd = fd + 1;
}

void machine_hide(void)
{
	int vm = ioctl(machine.fds[FD_SYS][0], KVM_CREATE_VM, 0);

	if (vm != first_fd || dup2(vm, spare_fd) < 0 || close(vm))
		die("KVM_CREATE_VM");
}

/*
 * Made anew only where it is not what it was: the kernel invalidates TLBs page by
 * page, for which an emulator takes long.
 */
static void map_ram(void)
{
	if (machine.ram && !machine.ram_changed) {
		madvise(machine.ram, 2 * RAM_SIZE, MADV_DONTNEED);
		return;
	}
	machine.ram_changed = false;
	machine.ram = mmap(RAM_HVA, 2 * RAM_SIZE, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
	if (machine.ram == MAP_FAILED)
		die("mmap");
}

/* Return: true if there is one, with that number */
static bool make_device(unsigned int type, unsigned int number)
{
	struct kvm_create_device device = { .type = type };

	if (vm_ioctl(KVM_CREATE_DEVICE, &device))
		return false;
	machine.fds[FD_DEVICE][number] = device.fd;
	return true;
}

static void set_attr(unsigned int device, unsigned int group, uint64_t attr,
		     const void *value)
{
	const struct kvm_device_attr device_attr = {
		.group = group,
		.attr = attr,
		.addr = (uintptr_t)value,
	};

	ioctl(machine.fds[FD_DEVICE][device], KVM_SET_DEVICE_ATTR, &device_attr);
}

static void set_address(unsigned int device, unsigned int type, uint64_t gpa)
{
	set_attr(device, KVM_DEV_ARM_VGIC_GRP_ADDR, type, &gpa);
}

static void make_gic(void)
{
	if (make_device(KVM_DEV_TYPE_ARM_VGIC_V3, 0))
		machine.gic = KVM_DEV_TYPE_ARM_VGIC_V3;
	else if (make_device(KVM_DEV_TYPE_ARM_VGIC_V2, 0))
		machine.gic = KVM_DEV_TYPE_ARM_VGIC_V2;
}

static void init_gic(void)
{
	const uint32_t irqs = NR_IRQS;

	if (machine.gic == KVM_DEV_TYPE_ARM_VGIC_V3) {
		set_address(0, KVM_VGIC_V3_ADDR_TYPE_DIST, GICD_GPA);
		set_address(0, KVM_VGIC_V3_ADDR_TYPE_REDIST, GICR_GPA);
	} else {
		set_address(0, KVM_VGIC_V2_ADDR_TYPE_DIST, GICD_GPA);
		set_address(0, KVM_VGIC_V2_ADDR_TYPE_CPU, GICC_GPA);
	}
	set_attr(0, KVM_DEV_ARM_VGIC_GRP_NR_IRQS, 0, &irqs);
	set_attr(0, KVM_DEV_ARM_VGIC_GRP_CTRL, KVM_DEV_ARM_VGIC_CTRL_INIT, NULL);
}

static void make_its(void)
{
	if (!make_device(KVM_DEV_TYPE_ARM_VGIC_ITS, 1))
		return;
	set_address(1, KVM_VGIC_ITS_ADDR_TYPE, ITS_GPA);
	set_attr(1, KVM_DEV_ARM_VGIC_GRP_CTRL, KVM_DEV_ARM_VGIC_CTRL_INIT, NULL);
}

static void init_pmu(unsigned int number)
{
	const int irq = 23;
	const struct kvm_device_attr attrs[] = {
		{
			.group = KVM_ARM_VCPU_PMU_V3_CTRL,
			.attr = KVM_ARM_VCPU_PMU_V3_IRQ,
			.addr = (uintptr_t)&irq,
		}, {
			.group = KVM_ARM_VCPU_PMU_V3_CTRL,
			.attr = KVM_ARM_VCPU_PMU_V3_INIT,
		},
	};

	vcpu_ioctl(number, KVM_SET_DEVICE_ATTR, &attrs[0]);
	vcpu_ioctl(number, KVM_SET_DEVICE_ATTR, &attrs[1]);
}

void machine_vcpu_init(unsigned int number, uint8_t config)
{
	struct kvm_vcpu_init init = {};

	vm_ioctl(KVM_ARM_PREFERRED_TARGET, &init);
	init.features[0] = 1 << KVM_ARM_VCPU_PSCI_0_2;
	if (config & CONFIG_PMU)
		init.features[0] |= 1 << KVM_ARM_VCPU_PMU_V3;
	if (number && (config & CONFIG_POWER_OFF))
		init.features[0] |= 1 << KVM_ARM_VCPU_POWER_OFF;
	vcpu_ioctl(number, KVM_ARM_VCPU_INIT, &init);
	set_reg(number, REG_CORE(usr_regs.ARM_pc), CODE_GPA + number * CODE_SIZE);
}

void machine_vcpu_map(unsigned int number)
{
	void *run = mmap(NULL, run_size, PROT_READ | PROT_WRITE, MAP_SHARED,
			 machine.fds[FD_VCPU][number], 0);

	machine.run[number] = run == MAP_FAILED ? NULL : run;
}

static void make_vcpu(unsigned int number, uint8_t config)
{
	machine.fds[FD_VCPU][number] = ioctl(machine.fds[FD_VM][0],
					     KVM_CREATE_VCPU, number);
	machine_vcpu_map(number);
	if (!(config & CONFIG_VCPU_NEW))
		machine_vcpu_init(number, config);
}

static void make_ram(uint8_t config)
{
	const struct kvm_userspace_memory_region region = {
		.slot = RAM_SLOT,
		.flags = config & CONFIG_LOG ? KVM_MEM_LOG_DIRTY_PAGES : 0,
		.guest_phys_addr = RAM_GPA,
		.memory_size = RAM_SIZE,
		.userspace_addr = (uintptr_t)machine.ram,
	};

	vm_ioctl(KVM_SET_USER_MEMORY_REGION, &region);
}

void machine_make(uint8_t config)
{
	int sys = machine.fds[FD_SYS][0];
	unsigned int gic = config & CONFIG_GIC_MASK, i;

	memset(machine.fds, -1, sizeof(machine.fds));
	memset(machine.run, 0, sizeof(machine.run));
	machine.gic = 0;
	machine.fds[FD_SYS][0] = sys;

	map_ram();
	coverage_begin();
	/* The first of its files: see machine_hide() */
	machine.fds[FD_VM][0] = ioctl(sys, KVM_CREATE_VM, 0);
	make_ram(config);
	if (gic != CONFIG_GIC_NONE)
		make_gic();
	for (i = 0; i < CONFIG_VCPUS(config); i++)
		make_vcpu(i, config);
	if (gic == CONFIG_GIC_READY || gic == CONFIG_GIC_ITS)
		init_gic();
	if (gic == CONFIG_GIC_ITS)
		make_its();
	if (config & CONFIG_PMU)
		for (i = 0; i < CONFIG_VCPUS(config); i++)
			init_pmu(i);
	coverage_end();
	for (i = 0; i < NR_EVENTFDS; i++)
		machine.eventfds[i] = eventfd(0, EFD_NONBLOCK);
	program_vectors();
}

void machine_destroy(void)
{
	unsigned int i;

	coverage_begin();
	for (i = 0; i < MAX_FDS; i++)
		if (machine.run[i])
			munmap(machine.run[i], run_size);
	close_range(first_fd, ~0U, 0);
	coverage_end();
}

/* Return: true if the program is at its end */
static bool on_mmio(struct kvm_run *run, void (*on_host)(void))
{
	if (run->mmio.phys_addr == END_GPA)
		return true;
	if (run->mmio.phys_addr == HOST_GPA && on_host)
		on_host();
	if (!run->mmio.is_write)
		memset(run->mmio.data, MMIO_BYTE, sizeof(run->mmio.data));

	return false;
}

bool machine_run(unsigned int number, void (*on_host)(void))
{
	struct kvm_run *run = machine.run[number];
	bool at_end = false;
	unsigned int exits;
	int ret;

	if (!run)
		return false;

	run->immediate_exit = 0;
	pool_limit(run, run_usec);
	for (exits = 0; exits < MAX_EXITS && !at_end; exits++) {
		coverage_begin();
		ret = vcpu_ioctl(number, KVM_RUN, NULL);
		coverage_end();
		__atomic_fetch_add(&machine_exits, 1, __ATOMIC_RELAXED);
		if (ret || run->exit_reason == KVM_EXIT_SYSTEM_EVENT)
			break;
		if (run->exit_reason == KVM_EXIT_MMIO)
			at_end = on_mmio(run, on_host);
	}
	pool_unlimit();

	return at_end;
}
