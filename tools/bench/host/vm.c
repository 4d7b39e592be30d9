// SPDX-License-Identifier: GPL-2.0-only
/* The virtual machine of the benchmark, by the KVM API alone */
#include <err.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "vm.h"

#define GUEST_CODE	0x40000000
#define GUEST_EXIT	0x50000000	/* no memory there: a write leaves */
#define GUEST_GICD	0x08000000
#define GUEST_GICC	0x08010000
#define GUEST_GICR	0x080a0000

#define CORE_REG(name) \
	(KVM_REG_ARM | KVM_REG_SIZE_U32 | KVM_REG_ARM_CORE | \
	 KVM_REG_ARM_CORE_REG(name))
#define CORE_REG_R(n)	(CORE_REG(usr_regs) + (n))
#define CORE_REG_PC	CORE_REG_R(15)

/* r1: the first page, r2: the end, r3: GUEST_EXIT */
static const uint32_t guest_code[] = {
	0xe5810000,	/* 1:	str	r0, [r1] */
	0xe2811a01,	/*	add	r1, r1, #4096 */
	0xe1510002,	/*	cmp	r1, r2 */
	0x3afffffb,	/*	blo	1b */
	0xe5830000,	/*	str	r0, [r3] */
	0xeafffff9,	/*	b	1b */
};

static int kvm = -1;
static void *code_page;
static size_t run_size;

static int control(int fd, unsigned long request, const char *name, void *arg)
{
	int ret = ioctl(fd, request, arg);

	if (ret < 0)
		err(EXIT_FAILURE, "%s", name);
	return ret;
}

#define CONTROL(fd, request, arg) \
	control(fd, request, #request, (void *)(uintptr_t)(arg))

static void set_reg(struct vm *vm, uint64_t id, uint32_t value)
{
	struct kvm_one_reg reg = { .id = id, .addr = (uintptr_t)&value };

	CONTROL(vm->vcpu, KVM_SET_ONE_REG, &reg);
}

static void set_memory(struct vm *vm, uint32_t slot, uint64_t gpa, void *at,
		       size_t size)
{
	struct kvm_userspace_memory_region region = {
		.slot = slot,
		.guest_phys_addr = gpa,
		.memory_size = size,
		.userspace_addr = (uintptr_t)at,
	};

	CONTROL(vm->fd, KVM_SET_USER_MEMORY_REGION, &region);
}

static void set_device(struct vm *vm, uint64_t type, uint64_t base)
{
	struct kvm_arm_device_addr device = {
		.id = KVM_ARM_DEVICE_VGIC_V2 << KVM_ARM_DEVICE_ID_SHIFT | type,
		.addr = base,
	};

	CONTROL(vm->fd, KVM_ARM_SET_DEVICE_ADDR, &device);
}

static void create_gicv2(struct vm *vm)
{
	CONTROL(vm->fd, KVM_CREATE_IRQCHIP, 0);
	set_device(vm, KVM_VGIC_V2_ADDR_TYPE_DIST, GUEST_GICD);
	set_device(vm, KVM_VGIC_V2_ADDR_TYPE_CPU, GUEST_GICC);
}

static void set_address(int gic, uint64_t type, uint64_t base)
{
	struct kvm_device_attr attr = {
		.group = KVM_DEV_ARM_VGIC_GRP_ADDR,
		.attr = type,
		.addr = (uintptr_t)&base,
	};

	CONTROL(gic, KVM_SET_DEVICE_ATTR, &attr);
}

static void create_gicv3(struct vm *vm)
{
	struct kvm_create_device gic = { .type = KVM_DEV_TYPE_ARM_VGIC_V3 };
	struct kvm_device_attr init = {
		.group = KVM_DEV_ARM_VGIC_GRP_CTRL,
		.attr = KVM_DEV_ARM_VGIC_CTRL_INIT,
	};

	CONTROL(vm->fd, KVM_CREATE_DEVICE, &gic);
	set_address(gic.fd, KVM_VGIC_V3_ADDR_TYPE_DIST, GUEST_GICD);
	set_address(gic.fd, KVM_VGIC_V3_ADDR_TYPE_REDIST, GUEST_GICR);
	CONTROL(gic.fd, KVM_SET_DEVICE_ATTR, &init);
	close(gic.fd);
}

/* The one that the host's hardware helps with */
static void create_gic(struct vm *vm)
{
	struct kvm_create_device v2 = {
		.type = KVM_DEV_TYPE_ARM_VGIC_V2,
		.flags = KVM_CREATE_DEVICE_TEST,
	};

	if (ioctl(vm->fd, KVM_CREATE_DEVICE, &v2))
		create_gicv3(vm);
	else
		create_gicv2(vm);
}

/**
 * vm_open() - open KVM, load the guest's program
 */
void vm_open(void)
{
	kvm = open("/dev/kvm", O_RDWR | O_CLOEXEC);
	if (kvm < 0)
		err(EXIT_FAILURE, "/dev/kvm");
	run_size = CONTROL(kvm, KVM_GET_VCPU_MMAP_SIZE, 0);
	code_page = mmap(NULL, GUEST_PAGE_SIZE, PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (code_page == MAP_FAILED)
		err(EXIT_FAILURE, "mmap");
	memcpy(code_page, guest_code, sizeof(guest_code));
}

/**
 * vm_new() - make a VM with nothing in it
 *
 * Return: its file.
 */
int vm_new(void)
{
	return CONTROL(kvm, KVM_CREATE_VM, 0);
}

/**
 * vm_add_vcpu() - make a vCPU
 * @vm: file of the VM
 * @id: its number, from 0
 *
 * Return: its file.
 */
int vm_add_vcpu(int vm, int id)
{
	return CONTROL(vm, KVM_CREATE_VCPU, id);
}

/**
 * vm_create() - make a VM with one vCPU and its memory
 * @vm: filled in
 * @ram: the memory, at GUEST_RAM in the guest
 * @size: its size in bytes
 */
void vm_create(struct vm *vm, void *ram, size_t size)
{
	struct kvm_vcpu_init init;

	vm->fd = vm_new();
	vm->vcpu = vm_add_vcpu(vm->fd, 0);
	vm->run = mmap(NULL, run_size, PROT_READ | PROT_WRITE, MAP_SHARED,
		       vm->vcpu, 0);
	if (vm->run == MAP_FAILED)
		err(EXIT_FAILURE, "mmap of the vCPU");
	CONTROL(vm->fd, KVM_ARM_PREFERRED_TARGET, &init);
	CONTROL(vm->vcpu, KVM_ARM_VCPU_INIT, &init);
	set_memory(vm, 0, GUEST_RAM, ram, size);
}

/**
 * vm_prepare() - the rest of what it takes to run, and the first entry
 * @vm: the VM
 *
 * No page of the VM's memory is touched.
 */
void vm_prepare(struct vm *vm)
{
	create_gic(vm);
	set_memory(vm, 1, GUEST_CODE, code_page, GUEST_PAGE_SIZE);
	set_reg(vm, CORE_REG_R(3), GUEST_EXIT);
	set_reg(vm, CORE_REG_PC, GUEST_CODE);
	vm_touch(vm, GUEST_CODE + GUEST_PAGE_SIZE / 2, 0);
}

/**
 * vm_touch() - let the guest write a word to each page of a range
 * @vm: the VM
 * @begin: guest address in the first page
 * @end: guest address of the end; one page is touched in any case
 */
void vm_touch(struct vm *vm, uint32_t begin, uint32_t end)
{
	set_reg(vm, CORE_REG_R(1), begin);
	set_reg(vm, CORE_REG_R(2), end);
	CONTROL(vm->vcpu, KVM_RUN, 0);
	if (vm->run->exit_reason != KVM_EXIT_MMIO ||
	    vm->run->mmio.phys_addr != GUEST_EXIT)
		errx(EXIT_FAILURE, "the guest left with reason %u",
		     vm->run->exit_reason);
}

/**
 * vm_destroy() - the end of a VM
 * @vm: the VM
 */
void vm_destroy(struct vm *vm)
{
	munmap(vm->run, run_size);
	close(vm->vcpu);
	close(vm->fd);
}
