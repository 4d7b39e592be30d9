// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fields of ioctl arguments with values that they can't have on 32-bit ARM:
 * unknown flags, sizes that are zero, huge or negative, addresses out of range
 * or misaligned, files that are none, things that are not there or are there
 * already, and steps in the wrong order.  A table for each group of ioctls,
 * with the errno for each row.
 *
 * Pointers to the arguments themselves are in bad_input.c.
 */
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <linux/sizes.h>

#include "gic.h"
#include "kvm_util.h"
#include "processor.h"
#include "vgic.h"

#define NR_IRQS			64
#define MAX_VCPUS		8
#define NR_SLOTS		32767
#define MAX_ROUTES		4096
#define NR_PINS			988	/* SPIs of a GIC */
#define MAX_ZONES		1000	/* devices on a bus */
#define MAX_ARG_SIZE		256
#define UNKNOWN			100
#define UNKNOWN_FLAG		BIT(31)

/* Guest physical addresses have 40 bits. */
#define END_OF_IPA		BIT_ULL(40)

#define DEVICE_GPA		0x30000000UL
#define MEM_GPA			0x80000000UL
#define MEM_SIZE		SZ_1M
#define MEM_PAGES		(MEM_SIZE / SZ_4K)
#define NR_BITMAP_WORDS		(MEM_PAGES / 64)
/* One with a dirty log, one that is read-only, and one that there isn't */
#define LOG_SLOT		10
#define RO_SLOT			11
#define FREE_SLOT		12
#define LOG_GPA			MEM_GPA
#define RO_GPA			(MEM_GPA + MEM_SIZE)
#define FREE_GPA		(MEM_GPA + 2 * MEM_SIZE)

#define DIRTY_RING_MAX		(65536 * sizeof(struct kvm_dirty_gfn))

#define LOW_ADDR		8U
#define KERNEL_ADDR		0xc0008000U

#define SPI_LINE(intid)	((KVM_ARM_IRQ_TYPE_SPI << KVM_ARM_IRQ_TYPE_SHIFT) | \
			 (intid))

static struct kvm_vm *vm;
static struct kvm_vcpu *vcpu;
static int gic_fd, sys_fd;
static void *mem;

/**
 * struct bad_value - an argument and what comes of it
 * @what: what is wrong with it
 * @fd: the file
 * @name: name of the ioctl
 * @cmd: its number
 * @arg: its argument, a copy of which is used
 * @err: the errno, 0 for success
 */
struct bad_value {
	const char *what;
	int fd;
	const char *name;
	unsigned long cmd;
	const void *arg;
	int err;
};

#define BAD(fd, cmd, err, what, type, ...) \
	{ what, fd, #cmd, cmd, &(const type) { __VA_ARGS__ }, err }
#define BAD_NR(fd, cmd, err, what, nr) \
	{ what, fd, #cmd, cmd, (const void *)(unsigned long)(nr), err }

static bool check(const struct bad_value *bad)
{
	size_t size = _IOC_SIZE(bad->cmd);
	uint64_t copy[MAX_ARG_SIZE / sizeof(uint64_t)];
	void *arg = (void *)bad->arg;
	int ret, err;

	TEST_ASSERT(size <= sizeof(copy), "%s has %zu bytes", bad->name, size);
	if (size)
		arg = memcpy(copy, bad->arg, size);
	ret = ioctl(bad->fd, bad->cmd, arg);
	err = ret == -1 ? errno : 0;
	if (err == bad->err)
		return true;

	pr_info("%s, %s: ret %d errno %d, wanted %d\n", bad->name, bad->what,
		ret, err, bad->err);
	return false;
}

static bool check_all(const struct bad_value *bad, unsigned int nr)
{
	bool ok = true;

	for (; nr; nr--)
		ok &= check(bad++);

	return ok;
}

static uint64_t addr_of(const void *p)
{
	return (uintptr_t)p;
}

static void guest_code(void)
{
	for (;;)
		GUEST_SYNC(0);
}

static bool test_numbers(void)
{
	const struct bad_value cases[] = {
		BAD_NR(sys_fd, KVM_GET_API_VERSION, EINVAL, "argument", 1),
		BAD_NR(sys_fd, KVM_GET_VCPU_MMAP_SIZE, EINVAL, "argument", 1),
		BAD_NR(sys_fd, KVM_CREATE_VM, EINVAL, "type 1", 1),
		BAD_NR(sys_fd, KVM_CREATE_VM, EINVAL, "31 bits of IPA", 31),
		BAD_NR(sys_fd, KVM_CREATE_VM, EINVAL, "41 bits of IPA", 41),
		BAD_NR(sys_fd, KVM_CREATE_VM, EINVAL, "type 256", 256),
		BAD_NR(sys_fd, KVM_CREATE_VM, EINVAL, "negative type", -1),
		BAD_NR(vm->fd, KVM_CREATE_VCPU, EBUSY, "after the vGIC", 1),
		BAD_NR(vm->fd, KVM_CREATE_VCPU, EINVAL, "id", MAX_VCPUS),
		BAD_NR(vm->fd, KVM_CREATE_VCPU, EINVAL, "huge id", 1U << 31),
		BAD_NR(vm->fd, KVM_CREATE_VCPU, EINVAL, "negative id", -1),
		BAD_NR(vm->fd, KVM_CREATE_IRQCHIP, EEXIST, "second", 0),
		BAD_NR(vm->fd, KVM_RESET_DIRTY_RINGS, EINVAL, "no ring", 0),
		BAD_NR(vcpu->fd, KVM_RUN, EINVAL, "argument", 1),
		BAD_NR(vcpu->fd, KVM_RUN, EINVAL, "pointer", KERNEL_ADDR),
	};

	return check_all(cases, ARRAY_SIZE(cases));
}

#define REGION(err, what, ...) \
	BAD(vm->fd, KVM_SET_USER_MEMORY_REGION, err, what, \
	    struct kvm_userspace_memory_region, __VA_ARGS__)

static bool test_memory_regions(void)
{
	const uint64_t uaddr = addr_of(mem);
	/* slot, flags, guest physical address, size, user address */
	const struct bad_value cases[] = {
		REGION(EINVAL, "unknown flag", FREE_SLOT, UNKNOWN_FLAG,
		       FREE_GPA, SZ_4K, uaddr),
		REGION(EINVAL, "private memory", FREE_SLOT, KVM_MEM_GUEST_MEMFD,
		       FREE_GPA, SZ_4K, uaddr),
		REGION(EINVAL, "first slot that there isn't", NR_SLOTS, 0,
		       FREE_GPA, SZ_4K, uaddr),
		REGION(EINVAL, "last slot", 0xffff, 0, FREE_GPA, SZ_4K, uaddr),
		REGION(EINVAL, "address space", 1 << 16 | FREE_SLOT, 0,
		       FREE_GPA, SZ_4K, uaddr),
		REGION(EINVAL, "negative slot", -1, 0, FREE_GPA, SZ_4K, uaddr),
		REGION(EINVAL, "nothing to delete", FREE_SLOT, 0, FREE_GPA, 0,
		       uaddr),
		REGION(EINVAL, "size of a byte", FREE_SLOT, 0, FREE_GPA, 1,
		       uaddr),
		REGION(EINVAL, "size of no whole page", FREE_SLOT, 0, FREE_GPA,
		       SZ_4K + 1, uaddr),
		REGION(EINVAL, "size of 4 GiB", FREE_SLOT, 0, FREE_GPA,
		       1ULL << 32, uaddr),
		REGION(EINVAL, "size above 4 GiB", FREE_SLOT, 0, FREE_GPA,
		       (1ULL << 32) + SZ_4K, uaddr),
		REGION(EINVAL, "negative size", FREE_SLOT, 0, FREE_GPA,
		       -(uint64_t)SZ_4K, uaddr),
		REGION(EINVAL, "size up to the end of user space and more",
		       FREE_SLOT, 0, FREE_GPA, KERNEL_ADDR & ~0xfffU, uaddr),
		REGION(EINVAL, "misaligned guest address", FREE_SLOT, 0,
		       FREE_GPA + 1, SZ_4K, uaddr),
		REGION(EINVAL, "end wraps", FREE_SLOT, 0, -(uint64_t)SZ_4K,
		       SZ_8K, uaddr),
		REGION(EFAULT, "beyond the address space of a guest",
		       FREE_SLOT, 0, END_OF_IPA, SZ_4K, uaddr),
		REGION(EFAULT, "ends beyond it", FREE_SLOT, 0,
		       END_OF_IPA - SZ_4K, SZ_8K, uaddr),
		REGION(EFAULT, "bit 63", FREE_SLOT, 0, 1ULL << 63 | FREE_GPA,
		       SZ_4K, uaddr),
		REGION(EINVAL, "misaligned user address", FREE_SLOT, 0,
		       FREE_GPA, SZ_4K, uaddr + 1),
		REGION(EINVAL, "kernel memory", FREE_SLOT, 0, FREE_GPA, SZ_4K,
		       KERNEL_ADDR & ~0xfffU),
		REGION(EINVAL, "user address that wraps", FREE_SLOT, 0,
		       FREE_GPA, SZ_8K, 0xfffff000U),
		REGION(EINVAL, "user address above 4 GiB", FREE_SLOT, 0,
		       FREE_GPA, SZ_4K, 1ULL << 32 | uaddr),
		REGION(EINVAL, "user address with bit 63", FREE_SLOT, 0,
		       FREE_GPA, SZ_4K, 1ULL << 63 | uaddr),
		REGION(EEXIST, "on top of another", FREE_SLOT, 0, LOG_GPA,
		       SZ_4K, uaddr),
		REGION(EEXIST, "overlaps another", FREE_SLOT, 0,
		       LOG_GPA - SZ_4K, SZ_8K, uaddr),
		REGION(EEXIST, "moved onto another", LOG_SLOT,
		       KVM_MEM_LOG_DIRTY_PAGES, RO_GPA, MEM_SIZE, uaddr),
		REGION(EINVAL, "other size", LOG_SLOT, KVM_MEM_LOG_DIRTY_PAGES,
		       LOG_GPA, SZ_4K, uaddr),
		REGION(EINVAL, "other memory", LOG_SLOT,
		       KVM_MEM_LOG_DIRTY_PAGES, LOG_GPA, MEM_SIZE,
		       uaddr + SZ_4K),
		REGION(EINVAL, "read-only from now on", LOG_SLOT,
		       KVM_MEM_READONLY, LOG_GPA, MEM_SIZE, uaddr),
		REGION(EINVAL, "writable from now on", RO_SLOT, 0, RO_GPA,
		       MEM_SIZE, uaddr),
		REGION(0, "no change", RO_SLOT, KVM_MEM_READONLY, RO_GPA,
		       MEM_SIZE, uaddr),
		BAD(vm->fd, KVM_SET_USER_MEMORY_REGION2, EINVAL,
		    "private memory", struct kvm_userspace_memory_region2,
		    .slot = FREE_SLOT, .flags = KVM_MEM_GUEST_MEMFD,
		    .guest_phys_addr = FREE_GPA, .memory_size = SZ_4K,
		    .userspace_addr = uaddr),
	};

	return check_all(cases, ARRAY_SIZE(cases));
}

#define GET_LOG(err, what, ...) \
	BAD(vm->fd, KVM_GET_DIRTY_LOG, err, what, struct kvm_dirty_log, \
	    __VA_ARGS__)
#define CLEAR_LOG(err, what, ...) \
	BAD(vm->fd, KVM_CLEAR_DIRTY_LOG, err, what, \
	    struct kvm_clear_dirty_log, __VA_ARGS__)

static bool test_dirty_log(void)
{
	uint64_t map[NR_BITMAP_WORDS] = {};
	void *low = (void *)LOW_ADDR, *kernel = (void *)KERNEL_ADDR;
	const struct bad_value cases[] = {
		GET_LOG(0, "fine", LOG_SLOT, .dirty_bitmap = map),
		GET_LOG(ENOENT, "without a log", RO_SLOT, .dirty_bitmap = map),
		GET_LOG(ENOENT, "no slot", FREE_SLOT, .dirty_bitmap = map),
		GET_LOG(EINVAL, "slot", 0xffff, .dirty_bitmap = map),
		GET_LOG(EINVAL, "address space", 1 << 16 | LOG_SLOT,
			.dirty_bitmap = map),
		GET_LOG(EINVAL, "negative slot", -1, .dirty_bitmap = map),
		GET_LOG(EFAULT, "null pointer", LOG_SLOT,
			.dirty_bitmap = NULL),
		GET_LOG(EFAULT, "low pointer", LOG_SLOT, .dirty_bitmap = low),
		GET_LOG(EFAULT, "kernel pointer", LOG_SLOT,
			.dirty_bitmap = kernel),
		/* slot, number of pages, first page */
		CLEAR_LOG(0, "fine", LOG_SLOT, MEM_PAGES, 0,
			  .dirty_bitmap = map),
		CLEAR_LOG(0, "none", LOG_SLOT, 0, 0, .dirty_bitmap = map),
		CLEAR_LOG(ENOENT, "without a log", RO_SLOT, 64, 0,
			  .dirty_bitmap = map),
		CLEAR_LOG(ENOENT, "no slot", FREE_SLOT, 64, 0,
			  .dirty_bitmap = map),
		CLEAR_LOG(EINVAL, "negative slot", -1, 64, 0,
			  .dirty_bitmap = map),
		CLEAR_LOG(EINVAL, "first page", LOG_SLOT, 64, 1,
			  .dirty_bitmap = map),
		CLEAR_LOG(EINVAL, "first page, 32 bits of a log", LOG_SLOT, 64,
			  32, .dirty_bitmap = map),
		CLEAR_LOG(EINVAL, "number of pages", LOG_SLOT, 32, 0,
			  .dirty_bitmap = map),
		CLEAR_LOG(EINVAL, "beyond the end", LOG_SLOT, MEM_PAGES + 64,
			  0, .dirty_bitmap = map),
		CLEAR_LOG(EINVAL, "ends beyond the end", LOG_SLOT, MEM_PAGES,
			  64, .dirty_bitmap = map),
		CLEAR_LOG(EINVAL, "huge number of pages", LOG_SLOT, ~0U, 0,
			  .dirty_bitmap = map),
		CLEAR_LOG(EINVAL, "huge first page", LOG_SLOT, 64,
			  1ULL << 32, .dirty_bitmap = map),
		CLEAR_LOG(EINVAL, "negative first page", LOG_SLOT, 64, -64ULL,
			  .dirty_bitmap = map),
		CLEAR_LOG(EFAULT, "null pointer", LOG_SLOT, 64, 0,
			  .dirty_bitmap = NULL),
		CLEAR_LOG(EFAULT, "low pointer", LOG_SLOT, 64, 0,
			  .dirty_bitmap = low),
		CLEAR_LOG(EFAULT, "kernel pointer", LOG_SLOT, 64, 0,
			  .dirty_bitmap = kernel),
	};

	return check_all(cases, ARRAY_SIZE(cases));
}

#define ZONE(err, what, ...) \
	BAD(vm->fd, KVM_REGISTER_COALESCED_MMIO, err, what, \
	    struct kvm_coalesced_mmio_zone, __VA_ARGS__)

static bool test_coalesced_mmio(void)
{
	const struct bad_value cases[] = {
		ZONE(EINVAL, "kind", DEVICE_GPA, SZ_4K, .pio = 2),
		ZONE(EINVAL, "negative kind", DEVICE_GPA, SZ_4K, .pio = -1),
		BAD(vm->fd, KVM_UNREGISTER_COALESCED_MMIO, EINVAL, "kind",
		    struct kvm_coalesced_mmio_zone, DEVICE_GPA, SZ_4K,
		    .pio = 2),
		BAD(vm->fd, KVM_UNREGISTER_COALESCED_MMIO, 0, "not there",
		    struct kvm_coalesced_mmio_zone, DEVICE_GPA, SZ_4K,
		    .pio = 0),
	};
	struct kvm_coalesced_mmio_zone zone = { DEVICE_GPA, SZ_4K };
	bool ok = check_all(cases, ARRAY_SIZE(cases));
	struct kvm_vm *full = vm_create_barebones();
	int i, ret;

	/* A bus has room for so many, and not for one more. */
	for (i = 0; i < MAX_ZONES; i++)
		vm_ioctl(full, KVM_REGISTER_COALESCED_MMIO, &zone);
	ret = __vm_ioctl(full, KVM_REGISTER_COALESCED_MMIO, &zone);
	ok &= ret == -1 && errno == ENOSPC;
	kvm_vm_free(full);

	return ok;
}

#define IOEVENTFD(err, what, ...) \
	BAD(vm->fd, KVM_IOEVENTFD, err, what, struct kvm_ioeventfd, \
	    __VA_ARGS__)

static bool test_ioeventfd(void)
{
	int fd = eventfd(0, 0);
	/* In this order: one row leaves one for the rows after it. */
	const struct bad_value cases[] = {
		IOEVENTFD(EINVAL, "length 3", .addr = DEVICE_GPA, .len = 3,
			  .fd = fd),
		IOEVENTFD(EINVAL, "length 16", .addr = DEVICE_GPA, .len = 16,
			  .fd = fd),
		IOEVENTFD(EINVAL, "negative length", .addr = DEVICE_GPA,
			  .len = -4, .fd = fd),
		IOEVENTFD(EINVAL, "end wraps", .addr = -2ULL, .len = 4,
			  .fd = fd),
		IOEVENTFD(EINVAL, "unknown flag", .addr = DEVICE_GPA, .len = 4,
			  .fd = fd, .flags = UNKNOWN_FLAG),
		IOEVENTFD(EINVAL, "value without a length", .addr = DEVICE_GPA,
			  .fd = fd, .flags = KVM_IOEVENTFD_FLAG_DATAMATCH),
		IOEVENTFD(EBADF, "no file", .addr = DEVICE_GPA, .len = 4,
			  .fd = -1),
		IOEVENTFD(EINVAL, "not an eventfd", .addr = DEVICE_GPA,
			  .len = 4, .fd = sys_fd),
		IOEVENTFD(ENOENT, "not there", .addr = DEVICE_GPA, .len = 4,
			  .fd = fd, .flags = KVM_IOEVENTFD_FLAG_DEASSIGN),
		IOEVENTFD(0, "fine", .addr = DEVICE_GPA, .len = 4, .fd = fd),
		IOEVENTFD(EEXIST, "there already", .addr = DEVICE_GPA,
			  .len = 4, .fd = fd),
		IOEVENTFD(ENOENT, "other length", .addr = DEVICE_GPA, .len = 2,
			  .fd = fd, .flags = KVM_IOEVENTFD_FLAG_DEASSIGN),
		IOEVENTFD(0, "removed", .addr = DEVICE_GPA, .len = 4, .fd = fd,
			  .flags = KVM_IOEVENTFD_FLAG_DEASSIGN),
	};
	bool ok = check_all(cases, ARRAY_SIZE(cases));

	close(fd);
	return ok;
}

#define IRQFD(file, err, what, ...) \
	BAD(file, KVM_IRQFD, err, what, struct kvm_irqfd, __VA_ARGS__)

static bool test_irqfd(void)
{
	struct kvm_vm *no_gic = vm_create_barebones();
	int fd = eventfd(0, 0);
	const struct bad_value cases[] = {
		IRQFD(no_gic->fd, EAGAIN, "no vGIC", .fd = fd, .gsi = 1),
		IRQFD(vm->fd, EINVAL, "unknown flag", .fd = fd, .gsi = 1,
		      .flags = UNKNOWN_FLAG),
		IRQFD(vm->fd, EBADF, "no file", .fd = -1, .gsi = 1),
		IRQFD(vm->fd, EINVAL, "not an eventfd", .fd = sys_fd,
		      .gsi = 1),
		IRQFD(vm->fd, EBADF, "no file to resample", .fd = fd,
		      .gsi = 1, .flags = KVM_IRQFD_FLAG_RESAMPLE,
		      .resamplefd = -1),
		IRQFD(vm->fd, EINVAL, "not an eventfd to resample", .fd = fd,
		      .gsi = 1, .flags = KVM_IRQFD_FLAG_RESAMPLE,
		      .resamplefd = sys_fd),
		IRQFD(vm->fd, EBADF, "no file to remove", .fd = -1, .gsi = 1,
		      .flags = KVM_IRQFD_FLAG_DEASSIGN),
		IRQFD(vm->fd, 0, "fine", .fd = fd, .gsi = 1),
		IRQFD(vm->fd, EBUSY, "there already", .fd = fd, .gsi = 2),
		IRQFD(vm->fd, 0, "removed", .fd = fd, .gsi = 1,
		      .flags = KVM_IRQFD_FLAG_DEASSIGN),
	};
	bool ok = check_all(cases, ARRAY_SIZE(cases));

	close(fd);
	kvm_vm_free(no_gic);
	return ok;
}

#define LINE(file, err, what, type, nr_vcpu, nr) \
	BAD(file, KVM_IRQ_LINE, err, what, struct kvm_irq_level, \
	    .irq = ((uint32_t)(type) << KVM_ARM_IRQ_TYPE_SHIFT) | \
		   ((nr_vcpu) << KVM_ARM_IRQ_VCPU_SHIFT) | (nr))

static bool test_irq_line(void)
{
	struct kvm_vm *no_gic = vm_create_barebones();
	const struct bad_value cases[] = {
		LINE(no_gic->fd, ENXIO, "SPI, no vGIC", KVM_ARM_IRQ_TYPE_SPI,
		     0, MIN_SPI),
		LINE(no_gic->fd, ENXIO, "PPI, no vGIC", KVM_ARM_IRQ_TYPE_PPI,
		     0, MIN_PPI),
		LINE(no_gic->fd, EINVAL, "line, no vCPU", KVM_ARM_IRQ_TYPE_CPU,
		     0, KVM_ARM_IRQ_CPU_IRQ),
		LINE(vm->fd, ENXIO, "line of a CPU with a vGIC",
		     KVM_ARM_IRQ_TYPE_CPU, 0, KVM_ARM_IRQ_CPU_IRQ),
		LINE(vm->fd, EINVAL, "SPI that is a PPI",
		     KVM_ARM_IRQ_TYPE_SPI, 0, MIN_SPI - 1),
		LINE(vm->fd, EINVAL, "SPI that there isn't",
		     KVM_ARM_IRQ_TYPE_SPI, 0, NR_IRQS),
		LINE(vm->fd, EINVAL, "last number", KVM_ARM_IRQ_TYPE_SPI, 0,
		     0xffff),
		LINE(vm->fd, EINVAL, "PPI that is an SGI",
		     KVM_ARM_IRQ_TYPE_PPI, 0, MIN_PPI - 1),
		LINE(vm->fd, EINVAL, "PPI of no vCPU", KVM_ARM_IRQ_TYPE_PPI,
		     1, MIN_PPI),
		LINE(vm->fd, EINVAL, "PPI of the last vCPU there could be",
		     KVM_ARM_IRQ_TYPE_PPI, 0xff, MIN_PPI),
		LINE(vm->fd, EINVAL, "type 3", 3, 0, MIN_SPI),
		LINE(vm->fd, EINVAL, "type 15", 15, 0, MIN_SPI),
	};
	bool ok = check_all(cases, ARRAY_SIZE(cases));

	kvm_vm_free(no_gic);
	return ok;
}

static bool test_msi(void)
{
	struct kvm_vm *no_gic = vm_create_barebones();
	const struct bad_value cases[] = {
		BAD(no_gic->fd, KVM_SIGNAL_MSI, EINVAL, "no vGIC",
		    struct kvm_msi, .data = 1),
		BAD(vm->fd, KVM_SIGNAL_MSI, EINVAL, "unknown flag",
		    struct kvm_msi, .flags = UNKNOWN_FLAG),
		BAD(vm->fd, KVM_SIGNAL_MSI, ENODEV, "no ITS", struct kvm_msi,
		    .flags = KVM_MSI_VALID_DEVID),
	};
	bool ok = check_all(cases, ARRAY_SIZE(cases));

	kvm_vm_free(no_gic);
	return ok;
}

static int set_routing(uint32_t nr, uint32_t flags,
		       const struct kvm_irq_routing_entry *entries,
		       uint32_t nr_entries)
{
	size_t size = nr_entries * sizeof(*entries);
	struct kvm_irq_routing *routing = malloc(sizeof(*routing) + size);
	int ret, err;

	TEST_ASSERT(routing, "Out of memory");
	routing->nr = nr;
	routing->flags = flags;
	memcpy(routing->entries, entries, size);
	ret = __vm_ioctl(vm, KVM_SET_GSI_ROUTING, routing);
	err = ret == -1 ? errno : 0;
	free(routing);

	return err;
}

#define PIN_ROUTE(g, chip, p) { .gsi = (g), .type = KVM_IRQ_ROUTING_IRQCHIP, \
	.u.irqchip = { .irqchip = (chip), .pin = (p) } }

static bool test_routing(void)
{
	static const struct {
		const char *what;
		uint32_t nr, flags;
		struct kvm_irq_routing_entry entries[2];
		int err;
	} cases[] = {
		{ "flags", 1, 1, { PIN_ROUTE(0, 0, 0) }, EINVAL },
		{ "too many", MAX_ROUTES + 1, 0, { PIN_ROUTE(0, 0, 0) },
		  EINVAL },
		{ "negative number", ~0U, 0, { PIN_ROUTE(0, 0, 0) }, EINVAL },
		{ "huge GSI", 1, 0, { PIN_ROUTE(MAX_ROUTES, 0, 0) }, EINVAL },
		{ "negative GSI", 1, 0, { PIN_ROUTE(~0U, 0, 0) }, EINVAL },
		{ "no such chip", 1, 0, { PIN_ROUTE(0, 1, 0) }, EINVAL },
		{ "no such pin", 1, 0, { PIN_ROUTE(0, 0, NR_PINS) }, EINVAL },
		{ "negative pin", 1, 0, { PIN_ROUTE(0, 0, ~0U) }, EINVAL },
		{ "two pins", 2, 0,
		  { PIN_ROUTE(0, 0, 0), PIN_ROUTE(0, 0, 1) }, EINVAL },
		{ "type 0", 1, 0, { { .type = 0 } }, EINVAL },
		{ "type of another architecture", 1, 0,
		  { { .type = KVM_IRQ_ROUTING_S390_ADAPTER } }, EINVAL },
		{ "flags of an entry", 1, 0,
		  { { .type = KVM_IRQ_ROUTING_IRQCHIP, .flags = 1 } },
		  EINVAL },
		{ "flags of an MSI", 1, 0,
		  { { .type = KVM_IRQ_ROUTING_MSI, .flags = UNKNOWN_FLAG } },
		  EINVAL },
		{ "fine", 2, 0, { PIN_ROUTE(0, 0, 0), PIN_ROUTE(1, 0, 1) },
		  0 },
	};
	bool ok = true;
	int i, err;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		err = set_routing(cases[i].nr, cases[i].flags,
				  cases[i].entries, 2);
		if (err == cases[i].err)
			continue;
		pr_info("KVM_SET_GSI_ROUTING, %s: errno %d, wanted %d\n",
			cases[i].what, err, cases[i].err);
		ok = false;
	}

	return ok;
}

#define ENABLE(file, err, what, c, f, arg) \
	BAD(file, KVM_ENABLE_CAP, err, what, struct kvm_enable_cap, \
	    .cap = KVM_CAP_##c, .flags = (f), .args = { arg })

static bool test_enable_cap(void)
{
	struct kvm_vm *empty = vm_create_barebones();
	struct kvm_vm *vcpus = vm_create_barebones();
	const struct bad_value cases[] = {
		BAD(vm->fd, KVM_ENABLE_CAP, EINVAL, "unknown capability",
		    struct kvm_enable_cap, .cap = 0xffff),
		ENABLE(vm->fd, EINVAL, "not one to enable", IRQCHIP, 0, 0),
		ENABLE(vm->fd, EINVAL, "another architecture's", X2APIC_API,
		       0, 0),
		ENABLE(vm->fd, EINVAL, "flags", ARM_NISV_TO_USER, 1, 0),
		ENABLE(vm->fd, EINVAL, "flags", ARM_SYSTEM_SUSPEND, 1, 0),
		ENABLE(vm->fd, EINVAL, "flags", HALT_POLL, 1, 0),
		ENABLE(vm->fd, EINVAL, "huge time", HALT_POLL, 0, 1ULL << 32),
		ENABLE(vm->fd, EINVAL, "flags", MANUAL_DIRTY_LOG_PROTECT2, 1,
		       1),
		ENABLE(vm->fd, EINVAL, "unknown bits",
		       MANUAL_DIRTY_LOG_PROTECT2, 0, 4),
		ENABLE(vm->fd, EINVAL, "all set but not manual",
		       MANUAL_DIRTY_LOG_PROTECT2, 0,
		       KVM_DIRTY_LOG_INITIALLY_SET),
		ENABLE(vm->fd, EINVAL, "there is memory",
		       ARM_EAGER_SPLIT_CHUNK_SIZE, 0, SZ_2M),
		ENABLE(empty->fd, EINVAL, "flags", ARM_EAGER_SPLIT_CHUNK_SIZE,
		       1, SZ_2M),
		ENABLE(empty->fd, EINVAL, "no size of a block",
		       ARM_EAGER_SPLIT_CHUNK_SIZE, 0, SZ_2M + SZ_4K),
		ENABLE(empty->fd, EINVAL, "huge block",
		       ARM_EAGER_SPLIT_CHUNK_SIZE, 0, 1ULL << 32 | SZ_2M),
		ENABLE(empty->fd, EINVAL, "not for weakly ordered CPUs",
		       DIRTY_LOG_RING, 0, SZ_64K),
		ENABLE(empty->fd, EINVAL, "no ring",
		       DIRTY_LOG_RING_WITH_BITMAP, 0, 0),
		ENABLE(empty->fd, EINVAL, "empty ring", DIRTY_LOG_RING_ACQ_REL,
		       0, 0),
		ENABLE(empty->fd, EINVAL, "no power of two",
		       DIRTY_LOG_RING_ACQ_REL, 0, SZ_64K + SZ_4K),
		ENABLE(empty->fd, EINVAL, "too small", DIRTY_LOG_RING_ACQ_REL,
		       0, SZ_1K),
		ENABLE(empty->fd, E2BIG, "too large", DIRTY_LOG_RING_ACQ_REL,
		       0, 2 * DIRTY_RING_MAX),
		ENABLE(vcpus->fd, EINVAL, "there is a vCPU",
		       DIRTY_LOG_RING_ACQ_REL, 0, SZ_64K),
		ENABLE(empty->fd, 0, "fine", DIRTY_LOG_RING_ACQ_REL, 0,
		       SZ_64K),
		ENABLE(empty->fd, EINVAL, "second ring",
		       DIRTY_LOG_RING_ACQ_REL, 0, SZ_64K),
		ENABLE(empty->fd, EINVAL, "flags", DIRTY_LOG_RING_WITH_BITMAP,
		       1, 0),
		ENABLE(vcpu->fd, EINVAL, "capability of a VM", HALT_POLL, 0,
		       0),
	};
	bool ok;

	__vm_vcpu_add(vcpus, 0);
	ok = check_all(cases, ARRAY_SIZE(cases));
	kvm_vm_free(empty);
	kvm_vm_free(vcpus);

	return ok;
}

#define ATTR(file, op, err, what, ...) \
	BAD(file, KVM_##op##_DEVICE_ATTR, err, what, struct kvm_device_attr, \
	    __VA_ARGS__)

static bool test_device_attrs(void)
{
	uint32_t ppi = MIN_PPI + 4, sgi = MIN_SGI, spi = MIN_SPI;
	const uint64_t low = LOW_ADDR, kernel = KERNEL_ADDR;
	struct kvm_vcpu *no_gic_vcpu;
	struct kvm_vm *no_gic = vm_create_with_one_vcpu(&no_gic_vcpu,
							guest_code);
	/* flags, group, attribute, address of the value */
	const struct bad_value cases[] = {
		ATTR(vm->fd, SET, ENXIO, "attribute", 0,
		     KVM_ARM_VM_SMCCC_CTRL, UNKNOWN, 0),
		ATTR(vm->fd, SET, EFAULT, "null pointer", 0,
		     KVM_ARM_VM_SMCCC_CTRL, KVM_ARM_VM_SMCCC_FILTER, 0),
		ATTR(vm->fd, SET, EFAULT, "kernel pointer", 0,
		     KVM_ARM_VM_SMCCC_CTRL, KVM_ARM_VM_SMCCC_FILTER, kernel),
		ATTR(vm->fd, HAS, 0, "the filter is there", 0,
		     KVM_ARM_VM_SMCCC_CTRL, KVM_ARM_VM_SMCCC_FILTER, 0),
		ATTR(vcpu->fd, HAS, ENXIO, "PMU", 0, KVM_ARM_VCPU_PMU_V3_CTRL,
		     KVM_ARM_VCPU_PMU_V3_IRQ, 0),
		ATTR(vcpu->fd, HAS, ENXIO, "timer", 0, KVM_ARM_VCPU_TIMER_CTRL,
		     UNKNOWN, 0),
		ATTR(vcpu->fd, HAS, ENXIO, "timer of a hypervisor", 0,
		     KVM_ARM_VCPU_TIMER_CTRL, KVM_ARM_VCPU_TIMER_IRQ_HVTIMER,
		     0),
		ATTR(vcpu->fd, GET, ENXIO, "timer of a hypervisor", 0,
		     KVM_ARM_VCPU_TIMER_CTRL, KVM_ARM_VCPU_TIMER_IRQ_HPTIMER,
		     addr_of(&ppi)),
		ATTR(vcpu->fd, SET, ENXIO, "timer of a hypervisor", 0,
		     KVM_ARM_VCPU_TIMER_CTRL, KVM_ARM_VCPU_TIMER_IRQ_HVTIMER,
		     addr_of(&ppi)),
		ATTR(vcpu->fd, GET, EFAULT, "low pointer", 0,
		     KVM_ARM_VCPU_TIMER_CTRL, KVM_ARM_VCPU_TIMER_IRQ_VTIMER,
		     low),
		ATTR(vcpu->fd, SET, EFAULT, "kernel pointer", 0,
		     KVM_ARM_VCPU_TIMER_CTRL, KVM_ARM_VCPU_TIMER_IRQ_VTIMER,
		     kernel),
		ATTR(vcpu->fd, SET, EINVAL, "an SGI", 0,
		     KVM_ARM_VCPU_TIMER_CTRL, KVM_ARM_VCPU_TIMER_IRQ_VTIMER,
		     addr_of(&sgi)),
		ATTR(vcpu->fd, SET, EINVAL, "an SPI", 0,
		     KVM_ARM_VCPU_TIMER_CTRL, KVM_ARM_VCPU_TIMER_IRQ_PTIMER,
		     addr_of(&spi)),
		ATTR(no_gic_vcpu->fd, SET, EINVAL, "no vGIC", 0,
		     KVM_ARM_VCPU_TIMER_CTRL, KVM_ARM_VCPU_TIMER_IRQ_VTIMER,
		     addr_of(&ppi)),
		ATTR(gic_fd, SET, EFAULT, "low pointer", 0,
		     KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V2_ADDR_TYPE_DIST,
		     low),
		ATTR(gic_fd, SET, EFAULT, "kernel pointer", 0,
		     KVM_DEV_ARM_VGIC_GRP_NR_IRQS, 0, kernel),
		ATTR(gic_fd, GET, EFAULT, "kernel pointer", 0,
		     KVM_DEV_ARM_VGIC_GRP_NR_IRQS, 0, kernel),
		ATTR(gic_fd, GET, EFAULT, "kernel pointer", 0,
		     KVM_DEV_ARM_VGIC_GRP_DIST_REGS, GICD_CTLR, kernel),
		ATTR(gic_fd, SET, EFAULT, "low pointer", 0,
		     KVM_DEV_ARM_VGIC_GRP_CPU_REGS, GICC_PMR, low),
		ATTR(gic_fd, GET, ENXIO, "nothing to get", 0,
		     KVM_DEV_ARM_VGIC_GRP_CTRL, KVM_DEV_ARM_VGIC_CTRL_INIT,
		     0),
		ATTR(gic_fd, GET, EINVAL, "last vCPU there could be", 0,
		     KVM_DEV_ARM_VGIC_GRP_DIST_REGS,
		     KVM_DEV_ARM_VGIC_CPUID_MASK, addr_of(&ppi)),
	};
	bool ok = check_all(cases, ARRAY_SIZE(cases));

	kvm_vm_free(no_gic);
	return ok;
}

static bool test_devices(void)
{
	const struct bad_value cases[] = {
		BAD(vm->fd, KVM_CREATE_DEVICE, ENODEV, "no such type",
		    struct kvm_create_device, .type = KVM_DEV_TYPE_MAX),
		BAD(vm->fd, KVM_CREATE_DEVICE, ENODEV, "negative type",
		    struct kvm_create_device, .type = ~0U),
		BAD(vm->fd, KVM_CREATE_DEVICE, ENODEV,
		    "another architecture's", struct kvm_create_device,
		    .type = KVM_DEV_TYPE_XICS,
		    .flags = KVM_CREATE_DEVICE_TEST),
		BAD(vm->fd, KVM_CREATE_DEVICE, EEXIST, "second vGIC",
		    struct kvm_create_device,
		    .type = KVM_DEV_TYPE_ARM_VGIC_V2),
		BAD(vm->fd, KVM_ARM_SET_DEVICE_ADDR, ENODEV, "device",
		    struct kvm_arm_device_addr,
		    .id = 1 << KVM_ARM_DEVICE_ID_SHIFT),
		BAD(vm->fd, KVM_ARM_SET_DEVICE_ADDR, ENODEV, "negative id",
		    struct kvm_arm_device_addr, .id = ~0ULL),
		BAD(vm->fd, KVM_ARM_SET_DEVICE_ADDR, EEXIST, "set already",
		    struct kvm_arm_device_addr,
		    .id = KVM_VGIC_V2_ADDR_TYPE_DIST, .addr = DEVICE_GPA),
		BAD(vm->fd, KVM_ARM_SET_COUNTER_OFFSET, EINVAL, "reserved",
		    struct kvm_arm_counter_offset, .reserved = 1ULL << 63),
	};

	return check_all(cases, ARRAY_SIZE(cases));
}

/* Of registers it is vcpu_api.c that has the table. */
static bool test_vcpu(void)
{
	static const struct kvm_signal_mask short_mask = { .len = 4 };
	const struct bad_value cases[] = {
		BAD(vcpu->fd, KVM_SET_MP_STATE, EINVAL, "no state of ARM's",
		    struct kvm_mp_state, KVM_MP_STATE_HALTED),
		BAD(vcpu->fd, KVM_SET_MP_STATE, EINVAL, "negative state",
		    struct kvm_mp_state, ~0U),
		BAD(vcpu->fd, KVM_SET_SIGNAL_MASK, EINVAL, "negative length",
		    struct kvm_signal_mask, .len = ~0U),
		{ "length", vcpu->fd, "KVM_SET_SIGNAL_MASK",
		  KVM_SET_SIGNAL_MASK, &short_mask, EINVAL },
		BAD(vcpu->fd, KVM_SET_VCPU_EVENTS, EINVAL, "syndrome",
		    struct kvm_vcpu_events, .exception.serror_has_esr = 1),
		BAD(vcpu->fd, KVM_SET_VCPU_EVENTS, EINVAL, "padding",
		    struct kvm_vcpu_events, .exception.pad = { [4] = 1 }),
		BAD(vcpu->fd, KVM_SET_VCPU_EVENTS, EINVAL, "reserved",
		    struct kvm_vcpu_events, .reserved = { 1 }),
		BAD(vcpu->fd, KVM_ARM_VCPU_INIT, EINVAL, "target",
		    struct kvm_vcpu_init, .target = KVM_ARM_NUM_TARGETS),
		BAD(vcpu->fd, KVM_ARM_VCPU_INIT, EINVAL, "negative target",
		    struct kvm_vcpu_init, .target = ~0U),
	};

	return check_all(cases, ARRAY_SIZE(cases));
}

static void setup(void)
{
	vm = vm_create_with_one_vcpu(&vcpu, guest_code);
	sys_fd = open_kvm_dev_path_or_exit();
	gic_fd = vgic_v2_setup(vm, 1, NR_IRQS);

	mem = mmap(NULL, 2 * MEM_SIZE, PROT_READ | PROT_WRITE,
		   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	TEST_ASSERT(mem != MAP_FAILED, "errno %d", errno);
	vm_set_user_memory_region(vm, LOG_SLOT, KVM_MEM_LOG_DIRTY_PAGES,
				  LOG_GPA, MEM_SIZE, mem);
	vm_set_user_memory_region(vm, RO_SLOT, KVM_MEM_READONLY, RO_GPA,
				  MEM_SIZE, mem);
}

int main(void)
{
	static const struct {
		const char *name;
		bool (*test)(void);
	} tests[] = {
		{ "arguments that are numbers", test_numbers },
		{ "memory regions", test_memory_regions },
		{ "dirty log", test_dirty_log },
		{ "coalesced MMIO", test_coalesced_mmio },
		{ "ioeventfd", test_ioeventfd },
		{ "irqfd", test_irqfd },
		{ "interrupt lines", test_irq_line },
		{ "message signalled interrupts", test_msi },
		{ "interrupt routing", test_routing },
		{ "capabilities", test_enable_cap },
		{ "device attributes", test_device_attrs },
		{ "devices", test_devices },
		{ "vCPU", test_vcpu },
	};
	struct ucall uc;
	int i;

	ksft_print_header();
	ksft_set_plan(ARRAY_SIZE(tests) + 1);
	setup();

	for (i = 0; i < ARRAY_SIZE(tests); i++)
		ksft_test_result(tests[i].test(), "%s\n", tests[i].name);

	/* After all that, the guest still runs. */
	vcpu_run(vcpu);
	ksft_test_result(get_ucall(vcpu, &uc) == UCALL_SYNC,
			 "the guest still runs\n");

	close(gic_fd);
	close(sys_fd);
	kvm_vm_free(vm);
	ksft_finished();
}
