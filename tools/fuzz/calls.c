// SPDX-License-Identifier: GPL-2.0-only
/*
 * The table of ioctls, of what their arguments are made of, and of what else there
 * is.  A field is drawn so that most values mean something.
 */
#include <fcntl.h>
#include <limits.h>
#include <stddef.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "calls.h"
#include "coverage.h"
#include "machine.h"
#include "pool.h"
#include "program.h"

#define MAX_CALLS	64	/* by a thread */
#define MAX_FIELDS	12
#define NR_PLACES	32	/* in memory */
#define REG_OTHER	0x8000	/* in the number of a register */

/* Where arguments end, and what they point to: each thread has a page of each. */
#define ARGUMENTS	(4 * PAGE)

struct space {
	uint8_t arguments[ARGUMENTS];
	uint8_t hole[PAGE];		/* can't be accessed */
	uint8_t pointed[ARGUMENTS];
	uint8_t hole_too[PAGE];
};

unsigned long calls_taken;

static struct space *spaces;
static struct kvm_reg_list *regs;

static struct space *space(void)
{
	return &spaces[pool_thread()];
}

/* There is one VM, and at most one more: see keep_vm() */
static int fd_of(enum fd_kind kind, uint8_t which)
{
	if (kind == FD_SYS || (kind == FD_VM && which != UINT8_MAX))
		which = 0;
	return machine.fds[kind][which % MAX_FDS];
}

/* A kind of value; the size is that of the field, in bytes */
typedef uint64_t (*draw_fn)(struct input *in, unsigned int size);

static uint64_t draw_byte(struct input *in, unsigned int size)
{
	(void)size;
	return draw(in);
}

static uint64_t draw_gpa(struct input *in, unsigned int size)
{
	static const uint64_t bases[] = {
		RAM_GPA, RAM_GPA + RAM_SIZE, GICD_GPA, GICC_GPA, GICR_GPA,
		ITS_GPA, HOST_GPA, 0xff00000000,
	};
	uint8_t byte = draw(in);

	(void)size;
	return bases[byte >> 5] + (byte & 0x1f) * PAGE;
}

static uint64_t draw_size(struct input *in, unsigned int size)
{
	static const uint64_t sizes[] = {
		0, 1, 2, 4, 8, PAGE, 2 * PAGE, KIB(64), KIB(128), MIB(1), MIB(2),
		MIB(2) + PAGE, RAM_SIZE, MIB(256), UINT32_MAX, UINT64_MAX,
	};

	(void)size;
	return sizes[draw(in) % ARRAY_SIZE(sizes)];
}

static uint64_t draw_hva(struct input *in, unsigned int size)
{
	uint8_t byte = draw(in);
	uintptr_t address = (uintptr_t)machine.ram + (byte & 0x1f) * PAGE;

	(void)size;
	if (byte & 0x80)
		address += RAM_SIZE - 16 * PAGE;
	if (byte & 0x40)
		address += MIB(1);

	return byte == UINT8_MAX ? 0 : address + (byte & 0x20 ? 1 : 0);
}

static uint64_t draw_fd(struct input *in, unsigned int size)
{
	uint8_t byte = draw(in);

	(void)size;
	return byte & 0x80 ? fd_of(byte >> 4 & 3, byte) :
			     machine.eventfds[byte % NR_EVENTFDS];
}

/* KVM_ARM_IRQ_TYPE_SHIFT and so on */
static uint64_t draw_irq(struct input *in, unsigned int size)
{
	uint8_t what = draw(in);

	(void)size;
	return (uint32_t)(what & 3) << KVM_ARM_IRQ_TYPE_SHIFT |
	       (uint32_t)(what >> 2 & 3) << KVM_ARM_IRQ_VCPU_SHIFT |
	       (uint32_t)(what >> 4 & 3) << KVM_ARM_IRQ_VCPU2_SHIFT |
	       draw(in);
}

/* One that there is, or what differs from it in a byte */
static uint64_t draw_reg(struct input *in, unsigned int size)
{
	uint16_t which = draw_number(in, sizeof(which));
	uint64_t reg = regs->reg[which % REG_OTHER % regs->n], other;

	if (!(which & REG_OTHER))
		return reg;
	other = draw(in);

	return reg ^ other << draw(in) % size * CHAR_BIT;
}

/* An offset, and the CPU whose register it is */
static uint64_t draw_attr(struct input *in, unsigned int size)
{
	uint16_t offset = draw_number(in, sizeof(offset));
	uint8_t where = draw(in);

	(void)size;
	return (uint64_t)(where >> 4) << KVM_DEV_ARM_VGIC_CPUID_SHIFT |
	       (where & 0xf) << 16 | offset;
}

/* Where there are some bytes, or none, or not enough */
static uint64_t draw_pointer(struct input *in, unsigned int size)
{
	uint8_t byte = draw(in), length = byte & 0x3f, i;
	uint8_t *pointed = space()->pointed;

	(void)size;
	if (byte >> 6 == 3)
		pointed = space()->hole_too - length;
	if (byte >> 6 == 2)
		pointed++;
	for (i = 0; i < length; i++)
		pointed[i] = draw(in);

	return byte == UINT8_MAX ? 0 : (uintptr_t)pointed;
}

static uint64_t draw_raw(struct input *in, unsigned int size)
{
	return draw_number(in, size);
}

struct field {
	uint16_t offset;
	uint8_t size;
	draw_fn draw;
};

/**
 * struct call - what a byte stands for
 * @cmd: an ioctl
 * @kind: the files that know it
 * @size: of its argument, if that is a pointer
 * @fields: what is not zero in it; or the one that is the argument
 * @done: what else to do with a result that is no error
 * @instead: what to do, if there is no ioctl
 */
struct call {
	unsigned long cmd;
	enum fd_kind kind;
	uint16_t size;
	struct field fields[MAX_FIELDS];
	void (*done)(uint8_t which, int result, const void *argument);
	void (*instead)(struct input *in);
};

static void keep(enum fd_kind kind, uint8_t which, int fd)
{
	machine.fds[kind][which % MAX_FDS] = fd;
}

static void keep_vm(uint8_t which, int result, const void *argument)
{
	(void)which;
	(void)argument;
	keep(FD_VM, MAX_FDS - 1, result);
}

static void keep_vcpu(uint8_t which, int result, const void *argument)
{
	unsigned int number = (uintptr_t)argument % MAX_FDS;

	(void)which;
	keep(FD_VCPU, number, result);
	if (!machine.run[number])
		machine_vcpu_map(number);
}

static void keep_device(uint8_t which, int result, const void *argument)
{
	const struct kvm_create_device *device = argument;

	(void)result;
	if (!(device->flags & KVM_CREATE_DEVICE_TEST))
		keep(FD_DEVICE, which, device->fd);
}

static void read_stats(uint8_t which, int result, const void *argument)
{
	uint8_t bytes[PAGE];

	(void)which;
	(void)argument;
	while (read(result, bytes, sizeof(bytes)) > 0)
		;
	close(result);
}

static void run(struct input *in)
{
	machine_run(draw(in) % MAX_FDS, NULL);
}

static void write_program(struct input *in)
{
	uint8_t number = draw(in) % MAX_VCPUS;
	struct input program = draw_part(in);

	program_write(number, &program);
	machine_vcpu_init(number, draw(in));
}

static void change_run(struct input *in)
{
	struct kvm_run *shared = machine.run[draw(in) % MAX_FDS];
	uint8_t offset = draw(in), value = draw(in);

	if (shared)
		((uint8_t *)shared)[offset] = value;
}

static void close_one(struct input *in)
{
	uint8_t which = draw(in);
	int *fd = &machine.fds[which >> 4 & 3][which % MAX_FDS];

	if (fd != &machine.fds[FD_SYS][0]) {
		close(*fd);
		*fd = -1;
	}
}

static void signal_event(struct input *in)
{
	eventfd_write(machine.eventfds[draw(in) % NR_EVENTFDS], 1);
}

static void change_memory(struct input *in)
{
	static const int advices[] = {
		MADV_DONTNEED, MADV_HUGEPAGE, MADV_NOHUGEPAGE, MADV_MERGEABLE,
		MADV_COLD, MADV_PAGEOUT, MADV_WILLNEED, MADV_DONTFORK,
	};
	static const int protections[] = {
		PROT_NONE, PROT_READ, PROT_READ | PROT_WRITE, PROT_WRITE,
	};
	uint8_t what = draw(in), place = draw(in) % NR_PLACES;
	uint8_t *at = machine.ram + place * (2 * RAM_SIZE / NR_PLACES);
	size_t size = (what >> 4) * PAGE;

	machine.ram_changed = true;
	/* The first place is where we write programs. */
	if (what & 8 && place)
		mprotect(at, size, protections[what % ARRAY_SIZE(protections)]);
	else
		madvise(at, size, advices[what % ARRAY_SIZE(advices)]);
}

#define FIELD(type, member, how) \
	{ offsetof(struct type, member), sizeof(((struct type *)0)->member), \
	  draw_##how }

#define NONE(_cmd, _kind)	{ .cmd = _cmd, .kind = FD_##_kind }
#define VALUE(_cmd, _kind, how) \
	{ .cmd = _cmd, .kind = FD_##_kind, \
	  .fields = { { 0, sizeof(int), draw_##how } } }
#define STRUCT(_cmd, _kind, type, ...) \
	{ .cmd = _cmd, .kind = FD_##_kind, .size = sizeof(struct type), \
	  .fields = { __VA_ARGS__ } }
#define OTHER(fn)		{ .instead = fn }

#define ATTR_FIELDS \
	FIELD(kvm_device_attr, group, byte), \
	FIELD(kvm_device_attr, attr, attr), \
	FIELD(kvm_device_attr, addr, pointer)
#define ATTR(cmd, kind)	STRUCT(cmd, kind, kvm_device_attr, ATTR_FIELDS)
#define REG(cmd) \
	STRUCT(cmd, VCPU, kvm_one_reg, FIELD(kvm_one_reg, id, reg), \
	       FIELD(kvm_one_reg, addr, pointer))
#define ZONE(cmd) \
	STRUCT(cmd, VM, kvm_coalesced_mmio_zone, \
	       FIELD(kvm_coalesced_mmio_zone, addr, gpa), \
	       FIELD(kvm_coalesced_mmio_zone, size, size), \
	       FIELD(kvm_coalesced_mmio_zone, pio, byte))
#define LINE(cmd) \
	STRUCT(cmd, VM, kvm_irq_level, \
	       FIELD(kvm_irq_level, irq, irq), \
	       FIELD(kvm_irq_level, level, byte))
#define REGION_FIELDS(type) \
	FIELD(type, slot, byte), \
	FIELD(type, flags, byte), \
	FIELD(type, guest_phys_addr, gpa), \
	FIELD(type, memory_size, size), \
	FIELD(type, userspace_addr, hva)

/* With room for what follows */
struct reg_list {
	struct kvm_reg_list list;
	__u64 reg[512];
};

struct routing {
	struct kvm_irq_routing table;
	struct kvm_irq_routing_entry entries[2];
};

struct signal_mask {
	struct kvm_signal_mask mask;
	__u64 signals;
};

#define ROUTE(n) \
	FIELD(routing, entries[n].gsi, byte), \
	FIELD(routing, entries[n].type, byte), \
	FIELD(routing, entries[n].u.irqchip.irqchip, byte), \
	FIELD(routing, entries[n].u.irqchip.pin, byte)

static const struct call calls[] = {
	OTHER(run),
	OTHER(write_program),
	OTHER(change_run),
	OTHER(close_one),
	OTHER(signal_event),
	OTHER(change_memory),

	NONE(KVM_GET_API_VERSION, SYS),
	{ .cmd = KVM_CREATE_VM, .kind = FD_SYS, .done = keep_vm,
	  .fields = { { 0, sizeof(int), draw_byte } } },
	VALUE(KVM_CHECK_EXTENSION, SYS, byte),
	VALUE(KVM_CHECK_EXTENSION, VM, byte),
	{ .cmd = KVM_CREATE_VCPU, .kind = FD_VM, .done = keep_vcpu,
	  .fields = { { 0, sizeof(int), draw_byte } } },
	NONE(KVM_CREATE_IRQCHIP, VM),
	NONE(KVM_RESET_DIRTY_RINGS, VM),
	{ .cmd = KVM_GET_STATS_FD, .kind = FD_VM, .done = read_stats },
	{ .cmd = KVM_GET_STATS_FD, .kind = FD_VCPU, .done = read_stats },

	STRUCT(KVM_ENABLE_CAP, VM, kvm_enable_cap,
	       FIELD(kvm_enable_cap, cap, byte),
	       FIELD(kvm_enable_cap, flags, byte),
	       FIELD(kvm_enable_cap, args[0], size)),
	STRUCT(KVM_SET_USER_MEMORY_REGION, VM, kvm_userspace_memory_region,
	       REGION_FIELDS(kvm_userspace_memory_region)),
	STRUCT(KVM_SET_USER_MEMORY_REGION2, VM, kvm_userspace_memory_region2,
	       REGION_FIELDS(kvm_userspace_memory_region2),
	       FIELD(kvm_userspace_memory_region2, guest_memfd_offset, size),
	       FIELD(kvm_userspace_memory_region2, guest_memfd, fd)),
	STRUCT(KVM_GET_DIRTY_LOG, VM, kvm_dirty_log,
	       FIELD(kvm_dirty_log, slot, byte),
	       FIELD(kvm_dirty_log, dirty_bitmap, pointer)),
	STRUCT(KVM_CLEAR_DIRTY_LOG, VM, kvm_clear_dirty_log,
	       FIELD(kvm_clear_dirty_log, slot, byte),
	       FIELD(kvm_clear_dirty_log, num_pages, raw),
	       FIELD(kvm_clear_dirty_log, first_page, byte),
	       FIELD(kvm_clear_dirty_log, dirty_bitmap, pointer)),
	ZONE(KVM_REGISTER_COALESCED_MMIO),
	ZONE(KVM_UNREGISTER_COALESCED_MMIO),
	STRUCT(KVM_IRQFD, VM, kvm_irqfd,
	       FIELD(kvm_irqfd, fd, fd),
	       FIELD(kvm_irqfd, gsi, byte),
	       FIELD(kvm_irqfd, flags, byte),
	       FIELD(kvm_irqfd, resamplefd, fd)),
	STRUCT(KVM_IOEVENTFD, VM, kvm_ioeventfd,
	       FIELD(kvm_ioeventfd, datamatch, byte),
	       FIELD(kvm_ioeventfd, addr, gpa),
	       FIELD(kvm_ioeventfd, len, size),
	       FIELD(kvm_ioeventfd, fd, fd),
	       FIELD(kvm_ioeventfd, flags, byte)),
	STRUCT(KVM_SIGNAL_MSI, VM, kvm_msi,
	       FIELD(kvm_msi, address_lo, gpa),
	       FIELD(kvm_msi, address_hi, byte),
	       FIELD(kvm_msi, data, byte),
	       FIELD(kvm_msi, flags, byte),
	       FIELD(kvm_msi, devid, byte)),
	LINE(KVM_IRQ_LINE),
	LINE(KVM_IRQ_LINE_STATUS),
	STRUCT(KVM_SET_GSI_ROUTING, VM, routing,
	       FIELD(routing, table.nr, byte),
	       FIELD(routing, table.flags, byte),
	       ROUTE(0), ROUTE(1)),
	{ .cmd = KVM_CREATE_DEVICE, .kind = FD_VM,
	  .size = sizeof(struct kvm_create_device), .done = keep_device,
	  .fields = { FIELD(kvm_create_device, type, byte),
		      FIELD(kvm_create_device, flags, byte) } },
	STRUCT(KVM_ARM_SET_DEVICE_ADDR, VM, kvm_arm_device_addr,
	       FIELD(kvm_arm_device_addr, id, byte),
	       FIELD(kvm_arm_device_addr, addr, gpa)),
	STRUCT(KVM_ARM_PREFERRED_TARGET, VM, kvm_vcpu_init),
	STRUCT(KVM_ARM_SET_COUNTER_OFFSET, VM, kvm_arm_counter_offset,
	       FIELD(kvm_arm_counter_offset, counter_offset, raw),
	       FIELD(kvm_arm_counter_offset, reserved, byte)),

	ATTR(KVM_HAS_DEVICE_ATTR, VM),
	ATTR(KVM_SET_DEVICE_ATTR, VM),
	ATTR(KVM_HAS_DEVICE_ATTR, VCPU),
	ATTR(KVM_SET_DEVICE_ATTR, VCPU),
	ATTR(KVM_GET_DEVICE_ATTR, VCPU),
	ATTR(KVM_HAS_DEVICE_ATTR, DEVICE),
	ATTR(KVM_SET_DEVICE_ATTR, DEVICE),
	ATTR(KVM_GET_DEVICE_ATTR, DEVICE),

	STRUCT(KVM_ARM_VCPU_INIT, VCPU, kvm_vcpu_init,
	       FIELD(kvm_vcpu_init, target, byte),
	       FIELD(kvm_vcpu_init, features[0], byte)),
	REG(KVM_GET_ONE_REG),
	REG(KVM_SET_ONE_REG),
	STRUCT(KVM_GET_REG_LIST, VCPU, reg_list,
	       FIELD(reg_list, list.n, size)),
	STRUCT(KVM_GET_MP_STATE, VCPU, kvm_mp_state),
	STRUCT(KVM_SET_MP_STATE, VCPU, kvm_mp_state,
	       FIELD(kvm_mp_state, mp_state, byte)),
	STRUCT(KVM_GET_VCPU_EVENTS, VCPU, kvm_vcpu_events),
	STRUCT(KVM_SET_VCPU_EVENTS, VCPU, kvm_vcpu_events,
	       FIELD(kvm_vcpu_events, exception.serror_pending, byte),
	       FIELD(kvm_vcpu_events, exception.serror_has_esr, byte),
	       FIELD(kvm_vcpu_events, exception.ext_dabt_pending, byte),
	       FIELD(kvm_vcpu_events, exception.serror_esr, byte)),
	STRUCT(KVM_SET_GUEST_DEBUG, VCPU, kvm_guest_debug,
	       FIELD(kvm_guest_debug, control, raw),
	       FIELD(kvm_guest_debug, arch.dbg_bcr[0], raw),
	       FIELD(kvm_guest_debug, arch.dbg_bvr[0], gpa),
	       FIELD(kvm_guest_debug, arch.dbg_bcr[1], raw),
	       FIELD(kvm_guest_debug, arch.dbg_bvr[1], gpa),
	       FIELD(kvm_guest_debug, arch.dbg_wcr[0], raw),
	       FIELD(kvm_guest_debug, arch.dbg_wvr[0], gpa)),
	STRUCT(KVM_SET_SIGNAL_MASK, VCPU, signal_mask,
	       FIELD(signal_mask, mask.len, byte),
	       FIELD(signal_mask, mask.sigset[0], raw),
	       FIELD(signal_mask, signals, byte)),
	/* An ioctl that nobody has, or that is for another file */
	VALUE(0, SYS, byte),
};

static void call_ioctl(const struct call *call, struct input *in)
{
	uint8_t *argument = space()->arguments + ARGUMENTS - call->size;
	uint8_t which = call->kind == FD_SYS ? 0 : draw(in);
	const struct field *field;
	uintptr_t value = 0;
	int result;

	memset(argument, 0, call->size);
	for (field = call->fields; field->draw; field++) {
		uint64_t drawn = field->draw(in, field->size);

		if (call->size)
			memcpy(argument + field->offset, &drawn, field->size);
		else
			value = drawn;
	}
	if (call->size)
		value = (uintptr_t)argument;

	coverage_begin();
	result = ioctl(fd_of(call->kind, which), call->cmd, value);
	coverage_end();
	if (result < 0)
		return;
	__atomic_fetch_add(&calls_taken, 1, __ATOMIC_RELAXED);
	if (call->done)
		call->done(which, result, (void *)value);
}

void calls_one(struct input *in)
{
	const struct call *call = &calls[draw(in) % ARRAY_SIZE(calls)];

	if (!call->instead) {
		call_ioctl(call, in);
		return;
	}
	coverage_begin();
	call->instead(in);
	coverage_end();
}

void calls_all(struct input *in)
{
	unsigned int i;

	for (i = 0; i < MAX_CALLS && !is_drawn_out(in); i++)
		calls_one(in);
}

static void find_regs(void)
{
	machine_make(0);
	regs = calloc(1, sizeof(struct reg_list));
	if (!regs)
		die("calloc");
	regs->n = ARRAY_SIZE(((struct reg_list *)0)->reg);
	if (ioctl(machine.fds[FD_VCPU][0], KVM_GET_REG_LIST, regs))
		die("KVM_GET_REG_LIST");
	machine_destroy();
}

void calls_start(void)
{
	unsigned int i;

	spaces = mmap(NULL, POOL_THREADS * sizeof(*spaces),
		      PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (spaces == MAP_FAILED)
		die("mmap");
	for (i = 0; i < POOL_THREADS; i++)
		if (mprotect(spaces[i].hole, PAGE, PROT_NONE) ||
		    mprotect(spaces[i].hole_too, PAGE, PROT_NONE))
			die("mprotect");
	find_regs();
}
