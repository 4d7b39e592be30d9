// SPDX-License-Identifier: GPL-2.0-only
/*
 * Every ioctl of /dev/kvm, a VM, a vCPU and the vGIC of 32-bit ARM with what
 * no ioctl can take: pointers that lead nowhere or only half somewhere, files
 * that it is not for, VMs that are dead or another process's, and bytes that
 * mean nothing.  Each has its errno, and the guest is none the worse for it.
 *
 * Values of single fields that are wrong are in bad_values.c.
 */
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/wait.h>

#include "gic.h"
#include "kvm_util.h"
#include "processor.h"
#include "vgic.h"

enum fd_kind {
	FD_SYS,
	FD_VM,
	FD_VCPU,
	FD_GIC,
	NR_FD_KINDS,
};

#define SYS	BIT(FD_SYS)
#define VM	BIT(FD_VM)
#define VCPU	BIT(FD_VCPU)
#define GIC	BIT(FD_GIC)

static const char * const fd_names[NR_FD_KINDS] = {
	"/dev/kvm", "VM", "vCPU", "vGIC",
};

/* What a file says to an ioctl that it does not know */
static const int unknown_errno[NR_FD_KINDS] = {
	EINVAL, EINVAL, EINVAL, ENOTTY,
};

#define NR_IRQS		64
#define UNKNOWN		100
#define DEVICE_GPA	0x30000000UL
#define DEVICE_SIZE	0x1000

/* The first page of an address space is never mapped. */
#define LOW_POINTER	((void *)8)
/* In the kernel's half of it */
#define KERNEL_POINTER	((void *)0xc0008000UL)
#define LAST_BYTE	((void *)~0UL)

#define NR_FUZZ_ROUNDS	20

/**
 * struct kvm_ioctl - an ioctl, and an argument that can be given any time
 * @name: its name
 * @cmd: its number
 * @fds: the files that know it, a bit for each enum fd_kind
 * @arg: where the argument is a pointer, what it points to; else NULL
 * @err: errno with @arg, 0 if it succeeds
 * @null_err: errno with a null pointer, 0 if it succeeds
 */
struct kvm_ioctl {
	const char *name;
	unsigned long cmd;
	unsigned int fds;
	const void *arg;
	int err;
	int null_err;
};

#define VALUE_IOCTL(cmd, fds)	{ #cmd, cmd, fds, NULL, 0, 0 }
#define PTR_IOCTL(cmd, fds, err, type, ...) \
	{ #cmd, cmd, fds, &(const type) { __VA_ARGS__ }, err, EFAULT }

static const struct kvm_ioctl ioctls[] = {
	VALUE_IOCTL(KVM_GET_API_VERSION, SYS),
	VALUE_IOCTL(KVM_CREATE_VM, SYS),
	VALUE_IOCTL(KVM_CHECK_EXTENSION, SYS | VM),
	VALUE_IOCTL(KVM_GET_VCPU_MMAP_SIZE, SYS),
	VALUE_IOCTL(KVM_CREATE_VCPU, VM),
	VALUE_IOCTL(KVM_CREATE_IRQCHIP, VM),
	VALUE_IOCTL(KVM_RESET_DIRTY_RINGS, VM),
	VALUE_IOCTL(KVM_GET_STATS_FD, VM | VCPU),
	VALUE_IOCTL(KVM_RUN, VCPU),

	PTR_IOCTL(KVM_ENABLE_CAP, VM, 0, struct kvm_enable_cap,
		  .cap = KVM_CAP_HALT_POLL),
	PTR_IOCTL(KVM_SET_USER_MEMORY_REGION, VM, EINVAL,
		  struct kvm_userspace_memory_region, .slot = UNKNOWN),
	PTR_IOCTL(KVM_SET_USER_MEMORY_REGION2, VM, EINVAL,
		  struct kvm_userspace_memory_region2, .slot = UNKNOWN),
	PTR_IOCTL(KVM_GET_DIRTY_LOG, VM, ENOENT, struct kvm_dirty_log,
		  .slot = UNKNOWN),
	PTR_IOCTL(KVM_CLEAR_DIRTY_LOG, VM, ENOENT, struct kvm_clear_dirty_log,
		  .slot = UNKNOWN),
	PTR_IOCTL(KVM_REGISTER_COALESCED_MMIO, VM, 0,
		  struct kvm_coalesced_mmio_zone, .addr = DEVICE_GPA,
		  .size = DEVICE_SIZE),
	PTR_IOCTL(KVM_UNREGISTER_COALESCED_MMIO, VM, 0,
		  struct kvm_coalesced_mmio_zone, .addr = DEVICE_GPA,
		  .size = DEVICE_SIZE),
	PTR_IOCTL(KVM_IRQFD, VM, EBADF, struct kvm_irqfd, .fd = -1),
	PTR_IOCTL(KVM_IOEVENTFD, VM, EBADF, struct kvm_ioeventfd, .fd = -1,
		  .len = 4),
	PTR_IOCTL(KVM_SIGNAL_MSI, VM, ENODEV, struct kvm_msi, .data = 1),
	PTR_IOCTL(KVM_IRQ_LINE, VM, 0, struct kvm_irq_level,
		  .irq = KVM_ARM_IRQ_TYPE_SPI << KVM_ARM_IRQ_TYPE_SHIFT |
			 MIN_SPI),
	PTR_IOCTL(KVM_IRQ_LINE_STATUS, VM, 0, struct kvm_irq_level,
		  .irq = KVM_ARM_IRQ_TYPE_SPI << KVM_ARM_IRQ_TYPE_SHIFT |
			 MIN_SPI),
	PTR_IOCTL(KVM_SET_GSI_ROUTING, VM, 0, struct kvm_irq_routing, .nr = 0),
	PTR_IOCTL(KVM_CREATE_DEVICE, VM, 0, struct kvm_create_device,
		  .type = KVM_DEV_TYPE_ARM_VGIC_V2,
		  .flags = KVM_CREATE_DEVICE_TEST),
	PTR_IOCTL(KVM_ARM_SET_DEVICE_ADDR, VM, ENODEV,
		  struct kvm_arm_device_addr,
		  .id = UNKNOWN << KVM_ARM_DEVICE_ID_SHIFT),
	PTR_IOCTL(KVM_ARM_PREFERRED_TARGET, VM, 0, struct kvm_vcpu_init,
		  .target = 0),
	PTR_IOCTL(KVM_ARM_SET_COUNTER_OFFSET, VM, 0,
		  struct kvm_arm_counter_offset, .counter_offset = 0),

	PTR_IOCTL(KVM_HAS_DEVICE_ATTR, VM | VCPU | GIC, ENXIO,
		  struct kvm_device_attr, .group = UNKNOWN),
	PTR_IOCTL(KVM_SET_DEVICE_ATTR, VM | VCPU | GIC, ENXIO,
		  struct kvm_device_attr, .group = UNKNOWN),
	PTR_IOCTL(KVM_GET_DEVICE_ATTR, VCPU | GIC, ENXIO,
		  struct kvm_device_attr, .group = UNKNOWN),

	PTR_IOCTL(KVM_ARM_VCPU_INIT, VCPU, EINVAL, struct kvm_vcpu_init,
		  .target = ~0U),
	PTR_IOCTL(KVM_GET_ONE_REG, VCPU, EINVAL, struct kvm_one_reg, .id = 0),
	PTR_IOCTL(KVM_SET_ONE_REG, VCPU, EINVAL, struct kvm_one_reg, .id = 0),
	PTR_IOCTL(KVM_GET_REG_LIST, VCPU, E2BIG, struct kvm_reg_list, .n = 0),
	PTR_IOCTL(KVM_GET_MP_STATE, VCPU, 0, struct kvm_mp_state, 0),
	PTR_IOCTL(KVM_SET_MP_STATE, VCPU, 0, struct kvm_mp_state,
		  KVM_MP_STATE_RUNNABLE),
	PTR_IOCTL(KVM_GET_VCPU_EVENTS, VCPU, 0, struct kvm_vcpu_events,
		  .exception.serror_pending = 0),
	PTR_IOCTL(KVM_SET_VCPU_EVENTS, VCPU, 0, struct kvm_vcpu_events,
		  .exception.serror_pending = 0),
	PTR_IOCTL(KVM_SET_GUEST_DEBUG, VCPU, 0, struct kvm_guest_debug,
		  .control = 0),
	/* A null pointer is how to say that there is to be no mask. */
	{ "KVM_SET_SIGNAL_MASK", KVM_SET_SIGNAL_MASK, VCPU,
	  &(const struct kvm_signal_mask){ .len = UNKNOWN }, EINVAL, 0 },
};

/* The number says only how large the argument is, not what it is. */
#define FOREIGN(cmd)	{ #cmd, cmd }

/* What other architectures have, and 32-bit ARM has not and never had */
static const struct {
	const char *name;
	unsigned long cmd;
} foreign[] = {
	FOREIGN(KVM_GET_REGS), FOREIGN(KVM_SET_REGS), FOREIGN(KVM_GET_SREGS),
	FOREIGN(KVM_SET_SREGS), FOREIGN(KVM_GET_FPU), FOREIGN(KVM_SET_FPU),
	FOREIGN(KVM_TRANSLATE), FOREIGN(KVM_INTERRUPT), FOREIGN(KVM_NMI), FOREIGN(KVM_SMI),
	FOREIGN(KVM_KVMCLOCK_CTRL), FOREIGN(KVM_SET_TSC_KHZ),
	FOREIGN(KVM_GET_TSC_KHZ), FOREIGN(KVM_SET_NR_MMU_PAGES),
	FOREIGN(KVM_SET_TSS_ADDR), FOREIGN(KVM_SET_IDENTITY_MAP_ADDR),
	FOREIGN(KVM_CREATE_PIT), FOREIGN(KVM_SET_BOOT_CPU_ID),
	FOREIGN(KVM_REINJECT_CONTROL), FOREIGN(KVM_S390_ENABLE_SIE),
	FOREIGN(KVM_ARM_VCPU_FINALIZE), FOREIGN(KVM_ARM_MTE_COPY_TAGS),
	FOREIGN(KVM_CREATE_GUEST_MEMFD), FOREIGN(KVM_SET_MEMORY_ATTRIBUTES),
	FOREIGN(KVM_PRE_FAULT_MEMORY), FOREIGN(KVM_MEMORY_ENCRYPT_OP),
};

static struct {
	struct kvm_vm *vm;
	struct kvm_vcpu *vcpu;
	int fds[NR_FD_KINDS];
} t;

/*
 * One page that can be accessed and one behind it that can't; arguments end
 * where the first one does, or somewhat later.
 */
static void *page;

static void guest_code(void)
{
	for (;;)
		GUEST_SYNC(0);
}

static size_t arg_size(const struct kvm_ioctl *io)
{
	return _IOC_SIZE(io->cmd);
}

/* A place for an argument so that @beyond bytes of it can't be accessed */
static void *arg_at_end(size_t size, size_t beyond)
{
	return page + getpagesize() - size + beyond;
}

/* The result as an errno */
static int call(int fd, unsigned long cmd, void *arg)
{
	int ret = ioctl(fd, cmd, arg);
	int err = ret == -1 ? errno : 0;

	/* Where the result is a file, the test has no use for it. */
	if (ret > STDERR_FILENO && (cmd == KVM_CREATE_VM ||
				    cmd == KVM_CREATE_VCPU ||
				    cmd == KVM_GET_STATS_FD))
		close(ret);

	return err;
}

static bool expect(const char *name, enum fd_kind kind, const char *what,
		   int err, int want)
{
	if (err == want)
		return true;

	pr_info("%s on %s, %s: errno %d, wanted %d\n", name, fd_names[kind],
		what, err, want);
	return false;
}

static int call_good(const struct kvm_ioctl *io, int fd, void *arg)
{
	if (!io->arg)
		return call(fd, io->cmd, NULL);

	memcpy(arg, io->arg, arg_size(io));
	return call(fd, io->cmd, arg);
}

/* A structure of which the last byte, or all but the first, is missing */
static bool test_straddling(const struct kvm_ioctl *io, enum fd_kind kind,
			    size_t beyond)
{
	size_t size = arg_size(io);
	void *arg = arg_at_end(size, beyond);

	memcpy(arg, io->arg, size - beyond);
	return expect(io->name, kind, "half a structure",
		      call(t.fds[kind], io->cmd, arg), EFAULT);
}

/* KVM finds nothing wrong until it has a result to write. */
static bool test_readonly(const struct kvm_ioctl *io, enum fd_kind kind)
{
	void *arg = arg_at_end(arg_size(io), 0);
	int err;

	if (!(_IOC_DIR(io->cmd) & _IOC_READ) ||
	    (io->err && io->cmd != KVM_GET_REG_LIST))
		return true;

	memcpy(arg, io->arg, arg_size(io));
	TEST_ASSERT(!mprotect(page, getpagesize(), PROT_READ), "errno %d",
		    errno);
	err = call(t.fds[kind], io->cmd, arg);
	TEST_ASSERT(!mprotect(page, getpagesize(), PROT_READ | PROT_WRITE),
		    "errno %d", errno);

	return expect(io->name, kind, "read-only memory", err, EFAULT);
}

static bool test_pointers(const struct kvm_ioctl *io, enum fd_kind kind)
{
	int fd = t.fds[kind], i;
	bool ok = true;

	if (!io->arg)
		return true;

	ok &= expect(io->name, kind, "null pointer", call(fd, io->cmd, NULL),
		     io->null_err);
	ok &= expect(io->name, kind, "low pointer",
		     call(fd, io->cmd, LOW_POINTER), EFAULT);
	ok &= expect(io->name, kind, "kernel pointer",
		     call(fd, io->cmd, KERNEL_POINTER), EFAULT);
	ok &= expect(io->name, kind, "last byte",
		     call(fd, io->cmd, LAST_BYTE), EFAULT);
	ok &= test_straddling(io, kind, 1);
	ok &= test_straddling(io, kind, arg_size(io) - 1);
	ok &= test_readonly(io, kind);

	/* Misaligned ones are as good as any. */
	for (i = 0; i < 8; i++)
		ok &= expect(io->name, kind, "pointer of any alignment",
			     call_good(io, fd, page + i), io->err);

	return ok;
}

/* Files that know the same number, whatever they call it */
static unsigned int fds_of_cmd(unsigned long cmd)
{
	unsigned int fds = 0, i;

	for (i = 0; i < ARRAY_SIZE(ioctls); i++)
		if (ioctls[i].cmd == cmd)
			fds |= ioctls[i].fds;

	return fds;
}

static bool test_wrong_fd(const struct kvm_ioctl *io)
{
	int not_kvm[] = { eventfd(0, 0), open("/dev/null", O_RDWR) };
	unsigned int known = fds_of_cmd(io->cmd);
	enum fd_kind kind;
	bool ok = true;
	int i;

	for (kind = 0; kind < NR_FD_KINDS; kind++)
		if (!(known & BIT(kind)))
			ok &= expect(io->name, kind, "wrong file",
				     call_good(io, t.fds[kind], page),
				     unknown_errno[kind]);

	for (i = 0; i < ARRAY_SIZE(not_kvm); i++) {
		ok &= expect(io->name, 0, "not a file of KVM",
			     call_good(io, not_kvm[i], page), ENOTTY);
		close(not_kvm[i]);
		ok &= expect(io->name, 0, "closed file",
			     call_good(io, not_kvm[i], page), EBADF);
	}

	return ok;
}

static bool test_foreign(unsigned int nr, enum fd_kind kind)
{
	memset(page, 0, getpagesize());

	return expect(foreign[nr].name, kind, "foreign ioctl",
		      call(t.fds[kind], foreign[nr].cmd, page),
		      unknown_errno[kind]);
}

/* Everything but /dev/kvm itself */
static bool all_fail_with_eio(const int *fds)
{
	enum fd_kind kind;
	bool ok = true;
	int i;

	for (kind = FD_VM; kind < NR_FD_KINDS; kind++) {
		for (i = 0; i < ARRAY_SIZE(ioctls); i++)
			ok &= expect(ioctls[i].name, kind, "VM out of reach",
				     call_good(&ioctls[i], fds[kind], page),
				     EIO);
		for (i = 0; i < ARRAY_SIZE(foreign); i++)
			ok &= expect(foreign[i].name, kind, "VM out of reach",
				     call(fds[kind], foreign[i].cmd, page),
				     EIO);
	}

	return ok;
}

/* A VM belongs to the address space that made it. */
static bool test_other_process(void)
{
	int status;
	pid_t pid;

	pid = fork();
	TEST_ASSERT(pid >= 0, "errno %d", errno);
	if (!pid)
		_exit(all_fail_with_eio(t.fds) ? 0 : 1);

	TEST_ASSERT(waitpid(pid, &status, 0) == pid, "errno %d", errno);
	return !status;
}

static bool test_dead_vm(void)
{
	struct kvm_vcpu *vcpu;
	struct kvm_vm *vm;
	int fds[NR_FD_KINDS];
	bool ok;

	/* A vGIC that is nowhere is what KVM kills a VM for. */
	vm = vm_create_with_one_vcpu(&vcpu, guest_code);
	fds[FD_VM] = vm->fd;
	fds[FD_VCPU] = vcpu->fd;
	fds[FD_GIC] = kvm_create_device(vm, KVM_DEV_TYPE_ARM_VGIC_V2);
	TEST_ASSERT(call(vcpu->fd, KVM_RUN, NULL) == ENXIO, "errno %d", errno);

	ok = all_fail_with_eio(fds);

	close(fds[FD_GIC]);
	kvm_vm_release(vm);
	return ok;
}

/* The VM lives as long as any file of it is open. */
static bool test_closed_vm(void)
{
	struct kvm_vcpu *vcpu;
	struct kvm_vm *vm;
	int err;

	vm = vm_create_with_one_vcpu(&vcpu, guest_code);
	close(vm->fd);
	err = call(vcpu->fd, KVM_RUN, NULL);
	err = err ?: call(vcpu->fd, KVM_GET_MP_STATE, page);

	vm->fd = eventfd(0, 0);
	kvm_vm_release(vm);

	return !err;
}

static void guest_spin(void)
{
	GUEST_SYNC(0);
	for (;;)
		cpu_relax();
}

static void ignore_signal(int sig)
{
}

static void *run_to_signal(void *arg)
{
	TEST_ASSERT_EQ(call(((struct kvm_vcpu *)arg)->fd, KVM_RUN, NULL),
		       EINTR);
	return NULL;
}

static void *get_mp_state(void *arg)
{
	struct kvm_mp_state state;

	TEST_ASSERT_EQ(call(((struct kvm_vcpu *)arg)->fd, KVM_GET_MP_STATE,
			    &state), 0);
	return NULL;
}

/*
 * While one thread runs the vCPU: what needs all of them stopped says that it
 * is busy, what needs this one waits for it.  Any thread may run it, but it
 * takes one process.
 */
static bool test_other_thread(void)
{
	const struct sigaction sa = { .sa_handler = ignore_signal };
	struct kvm_arm_counter_offset offset = {};
	pthread_t runner, waiter;
	struct kvm_vcpu *vcpu;
	struct kvm_vm *vm;
	int err;

	sigaction(SIGUSR1, &sa, NULL);
	vm = vm_create_with_one_vcpu(&vcpu, guest_spin);
	vcpu_run(vcpu);

	pthread_create(&runner, NULL, run_to_signal, vcpu);
	do {
		err = call(vm->fd, KVM_ARM_SET_COUNTER_OFFSET, &offset);
	} while (!err);
	pthread_create(&waiter, NULL, get_mp_state, vcpu);

	vcpu->run->immediate_exit = 1;
	pthread_kill(runner, SIGUSR1);
	pthread_join(runner, NULL);
	pthread_join(waiter, NULL);
	kvm_vm_free(vm);

	return err == EBUSY;
}

static uint32_t next_random(uint32_t *seed)
{
	*seed = *seed * 1664525U + 1013904223U;
	return *seed;
}

/*
 * Bytes that mean nothing, on a VM of its own.  The result may be anything, but
 * not a message, a hang or a crash of the host.
 */
static void fuzz(unsigned int nr, uint32_t *seed)
{
	const struct kvm_ioctl *io = &ioctls[nr];
	size_t size = io->arg ? arg_size(io) : 0;
	struct kvm_vcpu *vcpu;
	struct kvm_vm *vm;
	int fds[NR_FD_KINDS];
	enum fd_kind kind;
	void *arg;
	size_t i;
	int round;

	vm = vm_create_with_one_vcpu(&vcpu, guest_code);
	fds[FD_SYS] = t.fds[FD_SYS];
	fds[FD_VM] = vm->fd;
	fds[FD_VCPU] = vcpu->fd;
	fds[FD_GIC] = vgic_v2_setup(vm, 1, NR_IRQS);

	for (round = 0; round < NR_FUZZ_ROUNDS; round++) {
		/* With nothing else behind what the number says */
		arg = size ? arg_at_end(size, 0) :
			     (void *)(uintptr_t)next_random(seed);
		for (i = 0; i < size; i++)
			((uint8_t *)arg)[i] = round ? next_random(seed) >> 24 :
						      0xff;
		for (kind = 0; kind < NR_FD_KINDS; kind++)
			if (io->fds & BIT(kind))
				call(fds[kind], io->cmd, arg);
	}

	close(fds[FD_GIC]);
	kvm_vm_release(vm);
}

static void setup(void)
{
	page = mmap(NULL, 2 * getpagesize(), PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	TEST_ASSERT(page != MAP_FAILED, "errno %d", errno);
	TEST_ASSERT(!mprotect(page + getpagesize(), getpagesize(), PROT_NONE),
		    "errno %d", errno);

	t.vm = vm_create_with_one_vcpu(&t.vcpu, guest_code);
	t.fds[FD_SYS] = open_kvm_dev_path_or_exit();
	t.fds[FD_VM] = t.vm->fd;
	t.fds[FD_VCPU] = t.vcpu->fd;
	t.fds[FD_GIC] = vgic_v2_setup(t.vm, 1, NR_IRQS);
}

static void test_ioctl(const struct kvm_ioctl *io)
{
	enum fd_kind kind;
	bool ok = true;

	for (kind = 0; kind < NR_FD_KINDS; kind++)
		if (io->fds & BIT(kind))
			ok &= test_pointers(io, kind);
	ok &= test_wrong_fd(io);

	ksft_test_result(ok, "%s\n", io->name);
}

int main(void)
{
	uint32_t seed = 1;
	enum fd_kind kind;
	struct ucall uc;
	bool ok;
	int i;

	ksft_print_header();
	ksft_set_plan(ARRAY_SIZE(ioctls) + NR_FD_KINDS + 6);
	setup();

	for (i = 0; i < ARRAY_SIZE(ioctls); i++)
		test_ioctl(&ioctls[i]);

	for (kind = 0; kind < NR_FD_KINDS; kind++) {
		for (ok = true, i = 0; i < ARRAY_SIZE(foreign); i++)
			ok &= test_foreign(i, kind);
		ksft_test_result(ok, "foreign ioctls on %s\n", fd_names[kind]);
	}

	ksft_test_result(test_other_process(), "another process\n");
	ksft_test_result(test_dead_vm(), "dead VM\n");
	ksft_test_result(test_closed_vm(), "closed VM\n");
	ksft_test_result(test_other_thread(), "another thread\n");

	for (i = 0; i < ARRAY_SIZE(ioctls); i++)
		if (ioctls[i].cmd != KVM_RUN)
			fuzz(i, &seed);
	ksft_test_result_pass("random bytes\n");

	/* After all that, the guest still runs. */
	vcpu_run(t.vcpu);
	ksft_test_result(get_ucall(t.vcpu, &uc) == UCALL_SYNC,
			 "the guest still runs\n");

	close(t.fds[FD_GIC]);
	kvm_vm_free(t.vm);
	ksft_finished();
}
