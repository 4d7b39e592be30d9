// SPDX-License-Identifier: GPL-2.0-only
/*
 * The life of a VM in which the nth allocation of the kernel fails, for one n
 * after the other: whatever fails says so with an errno that the caller
 * expects, works at the second attempt, and leaks nothing.
 */
#include <fcntl.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <linux/kvm.h>
#include <linux/sizes.h>

#include "gic.h"
#include "host.h"
#include "kvm_util.h"
#include "processor.h"

#define FAIL_NTH	"/proc/thread-self/fail-nth"

#define MEM_GPA		0x80000000UL
#define DATA_OFFSET	SZ_1M
#define DATA_PAGES	64
#define MEM_SIZE	SZ_2M
#define MOVED_GPA	0xa0000000UL
#define DOORBELL_GPA	0x10000000UL
#define NR_VCPUS	3

/*
 * The guest, its MMU off: write to each page of the data, ring the doorbell
 * that nobody has taken, and so on for ever.
 */
static const uint32_t guest_code[] = {
	0xe24f0008,	/*	sub	r0, pc, #8		*/
	0xe2800601,	/*	add	r0, r0, #DATA_OFFSET	*/
	0xe3a01040,	/*	mov	r1, #DATA_PAGES		*/
	0xe5801000,	/* 1:	str	r1, [r0]		*/
	0xe2800a01,	/*	add	r0, r0, #4096		*/
	0xe2511001,	/*	subs	r1, r1, #1		*/
	0x1afffffb,	/*	bne	1b			*/
	0xe3a02201,	/*	mov	r2, #DOORBELL_GPA	*/
	0xe5821000,	/*	str	r1, [r2]		*/
	0xeafffff5,	/*	b	guest_code		*/
};

static struct {
	int kvm;
	int vm;
	int gic;
	int vcpu[NR_VCPUS];
	int event;
	int stats;
	struct kvm_run *run[NR_VCPUS];
} life;

static void *mem;
static size_t run_size;

static int set_slot(uint32_t slot, uint32_t flags, uint64_t gpa, uint64_t size)
{
	struct kvm_userspace_memory_region region = {
		.slot = slot,
		.flags = flags,
		.guest_phys_addr = gpa,
		.memory_size = size,
		.userspace_addr = (uintptr_t)mem,
	};

	return ioctl(life.vm, KVM_SET_USER_MEMORY_REGION, &region);
}

static int open_kvm(void)
{
	life.kvm = open("/dev/kvm", O_RDWR);
	return life.kvm;
}

static int create_vm(void)
{
	life.vm = ioctl(life.kvm, KVM_CREATE_VM, 0);
	return life.vm;
}

static int enable_split(void)
{
	struct kvm_enable_cap cap = {
		.cap = KVM_CAP_ARM_EAGER_SPLIT_CHUNK_SIZE,
		.args = { SZ_2M },
	};

	return ioctl(life.vm, KVM_ENABLE_CAP, &cap);
}

static int create_slot(void)
{
	return set_slot(0, 0, MEM_GPA, MEM_SIZE);
}

static int create_gic(void)
{
	struct kvm_create_device device = { .type = KVM_DEV_TYPE_ARM_VGIC_V2 };
	int ret = ioctl(life.vm, KVM_CREATE_DEVICE, &device);

	if (!ret)
		life.gic = device.fd;
	return ret;
}

static int create_vcpu(int i)
{
	life.vcpu[i] = ioctl(life.vm, KVM_CREATE_VCPU, i);
	return life.vcpu[i];
}

static int create_first_vcpu(void)
{
	return create_vcpu(0);
}

static int create_second_vcpu(void)
{
	return create_vcpu(1);
}

static int create_third_vcpu(void)
{
	return create_vcpu(2);
}

static int map_run(int i)
{
	life.run[i] = mmap(NULL, run_size, PROT_READ | PROT_WRITE, MAP_SHARED,
			   life.vcpu[i], 0);
	return life.run[i] == MAP_FAILED ? -1 : 0;
}

static int map_first_run(void)
{
	return map_run(0);
}

static int map_second_run(void)
{
	return map_run(1);
}

static int map_third_run(void)
{
	return map_run(2);
}

static int init_vcpu(void)
{
	uint32_t pc = MEM_GPA;
	struct kvm_one_reg reg = {
		.id = ARM_CORE_REG(usr_regs.ARM_pc),
		.addr = (uintptr_t)&pc,
	};
	struct kvm_vcpu_init init;
	int i, ret;

	ret = ioctl(life.vm, KVM_ARM_PREFERRED_TARGET, &init);
	for (i = 0; !ret && i < NR_VCPUS; i++) {
		ret = ioctl(life.vcpu[i], KVM_ARM_VCPU_INIT, &init);
		if (!ret)
			ret = ioctl(life.vcpu[i], KVM_SET_ONE_REG, &reg);
	}
	return ret;
}

static int set_gic_attr(uint32_t group, uint64_t attr, void *value)
{
	struct kvm_device_attr device_attr = {
		.group = group,
		.attr = attr,
		.addr = (uintptr_t)value,
	};

	return ioctl(life.gic, KVM_SET_DEVICE_ATTR, &device_attr);
}

static int place_dist(void)
{
	uint64_t gpa = GICD_BASE_GPA;

	return set_gic_attr(KVM_DEV_ARM_VGIC_GRP_ADDR,
			    KVM_VGIC_V2_ADDR_TYPE_DIST, &gpa);
}

static int place_cpu_interface(void)
{
	uint64_t gpa = GICC_BASE_GPA;

	return set_gic_attr(KVM_DEV_ARM_VGIC_GRP_ADDR,
			    KVM_VGIC_V2_ADDR_TYPE_CPU, &gpa);
}

static int init_gic(void)
{
	return set_gic_attr(KVM_DEV_ARM_VGIC_GRP_CTRL,
			    KVM_DEV_ARM_VGIC_CTRL_INIT, NULL);
}

static int create_event(void)
{
	life.event = eventfd(0, 0);
	return life.event;
}

static int assign_irqfd(void)
{
	struct kvm_irqfd irqfd = { .fd = life.event, .gsi = 0 };

	return ioctl(life.vm, KVM_IRQFD, &irqfd);
}

static int assign_ioeventfd(void)
{
	struct kvm_ioeventfd ioeventfd = {
		.addr = DOORBELL_GPA + SZ_4K,
		.len = 4,
		.fd = life.event,
	};

	return ioctl(life.vm, KVM_IOEVENTFD, &ioeventfd);
}

static int get_stats(void)
{
	life.stats = ioctl(life.vcpu[0], KVM_GET_STATS_FD, NULL);
	return life.stats;
}

static int run_vcpu(int i)
{
	struct kvm_run *run = life.run[i];
	int ret = ioctl(life.vcpu[i], KVM_RUN, NULL);

	TEST_ASSERT(ret || (run->exit_reason == KVM_EXIT_MMIO &&
			    run->mmio.phys_addr == DOORBELL_GPA),
		    "exit %s", exit_reason_str(run->exit_reason));
	return ret;
}

static int run(void)
{
	return run_vcpu(0);
}

/* These have no pages for tables yet, where the first one has enough left. */
static int run_second(void)
{
	return run_vcpu(1);
}

static int run_third(void)
{
	return run_vcpu(2);
}

static int start_logging(void)
{
	return set_slot(0, KVM_MEM_LOG_DIRTY_PAGES, MEM_GPA, MEM_SIZE);
}

static int get_log(void)
{
	static uint8_t bitmap[MEM_SIZE / SZ_4K / 8];
	struct kvm_dirty_log log = { .slot = 0, .dirty_bitmap = bitmap };

	return ioctl(life.vm, KVM_GET_DIRTY_LOG, &log);
}

/* The guest stays where it is in the memory. */
static int move_slot(void)
{
	return set_slot(0, 0, MOVED_GPA, MEM_SIZE);
}

static int move_pc(void)
{
	uint32_t pc = MOVED_GPA;
	struct kvm_one_reg reg = {
		.id = ARM_CORE_REG(usr_regs.ARM_pc),
		.addr = (uintptr_t)&pc,
	};
	int ret;

	/* The store that is not complete yet moves the PC. */
	life.run[0]->immediate_exit = 1;
	ret = ioctl(life.vcpu[0], KVM_RUN, NULL);
	life.run[0]->immediate_exit = 0;
	if (ret != -1 || errno != EINTR)
		return -1;

	ret = ioctl(life.vcpu[0], KVM_SET_ONE_REG, &reg);
	if (!ret)
		ret = ioctl(life.vcpu[2], KVM_SET_ONE_REG, &reg);
	return ret;
}

static int delete_slot(void)
{
	return set_slot(0, 0, MOVED_GPA, 0);
}

struct step {
	const char *name;
	int (*step)(void);
	int errors[2];		/* ENOMEM, too, if it allocates at all */
	bool allocates;		/* and tells when that fails */
	int fatal;		/* What the next attempt may say, for ever */
	unsigned int failed;
};

static struct step steps[] = {
	{ "open", open_kvm, .allocates = true },
	{ "KVM_CREATE_VM", create_vm, .allocates = true },
	{ "KVM_CAP_ARM_EAGER_SPLIT_CHUNK_SIZE", enable_split },
	{ "KVM_SET_USER_MEMORY_REGION, create", create_slot,
	  .allocates = true },
	{ "KVM_CREATE_DEVICE", create_gic, .allocates = true,
	  .fatal = EEXIST },
	{ "KVM_CREATE_VCPU", create_first_vcpu, .allocates = true },
	{ "KVM_CREATE_VCPU, the second", create_second_vcpu,
	  .allocates = true },
	{ "KVM_CREATE_VCPU, the third", create_third_vcpu,
	  .allocates = true },
	{ "mmap", map_first_run, .allocates = true },
	{ "mmap, the second", map_second_run, .allocates = true },
	{ "mmap, the third", map_third_run, .allocates = true },
	{ "KVM_ARM_VCPU_INIT", init_vcpu },
	{ "KVM_DEV_ARM_VGIC_GRP_ADDR, distributor", place_dist },
	{ "KVM_DEV_ARM_VGIC_GRP_ADDR, CPU interface", place_cpu_interface },
	{ "KVM_DEV_ARM_VGIC_CTRL_INIT", init_gic, .allocates = true },
	{ "eventfd", create_event, .allocates = true },
	{ "KVM_IRQFD", assign_irqfd, .allocates = true },
	{ "KVM_IOEVENTFD", assign_ioeventfd, .allocates = true },
	{ "KVM_GET_STATS_FD", get_stats, .allocates = true },
	{ "KVM_RUN", run, { EFAULT }, .allocates = true, .fatal = EIO },
	{ "KVM_SET_USER_MEMORY_REGION, log", start_logging,
	  .allocates = true },
	{ "KVM_RUN, logging", run_second, { EFAULT }, .allocates = true },
	{ "KVM_GET_DIRTY_LOG", get_log },
	{ "KVM_SET_USER_MEMORY_REGION, move", move_slot, .allocates = true },
	{ "the PC", move_pc },
	{ "KVM_RUN, moved", run_third, { EFAULT }, .allocates = true },
	{ "KVM_RUN, moved, the first", run, { EFAULT } },
	{ "KVM_SET_USER_MEMORY_REGION, delete", delete_slot,
	  .allocates = true },
};

static void close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

static void begin_life(void)
{
	int i;

	life.kvm = -1;
	life.vm = -1;
	life.gic = -1;
	life.event = -1;
	life.stats = -1;
	for (i = 0; i < NR_VCPUS; i++)
		life.vcpu[i] = -1;

	/* Nothing of the data is in memory, and all of the code. */
	madvise(mem, MEM_SIZE, MADV_DONTNEED);
	memcpy(mem, guest_code, sizeof(guest_code));
	__builtin___clear_cache(mem, mem + SZ_4K);
}

static void end_life(void)
{
	int i;

	for (i = 0; i < NR_VCPUS; i++) {
		if (life.run[i] && life.run[i] != MAP_FAILED)
			munmap(life.run[i], run_size);
		life.run[i] = NULL;
	}

	close_fd(&life.stats);
	for (i = 0; i < NR_VCPUS; i++)
		close_fd(&life.vcpu[i]);
	close_fd(&life.gic);
	close_fd(&life.event);
	close_fd(&life.vm);
	close_fd(&life.kvm);
}

static void check_data(void)
{
	uint32_t i, value;

	for (i = 0; i < DATA_PAGES; i++) {
		value = *(uint32_t *)(mem + DATA_OFFSET + i * SZ_4K);
		TEST_ASSERT(value == DATA_PAGES - i, "Page %u holds %u", i,
			    value);
	}
}

static bool is_expected(const struct step *s, int error)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(s->errors); i++) {
		if (s->errors[i] && s->errors[i] == error)
			return true;
	}

	return error == ENOMEM;
}

static int fail_fd;

static void fail_nth(unsigned int n)
{
	char number[16];
	int len = snprintf(number, sizeof(number), "%u", n);

	TEST_ASSERT(pwrite(fail_fd, number, len, 0) == len, "errno %d", errno);
}

/* Has the allocation failed that was to? */
static bool has_failed(void)
{
	char number[16] = {};

	TEST_ASSERT(pread(fail_fd, number, sizeof(number) - 1, 0) > 0,
		    "errno %d", errno);
	return !atoi(number);
}

/* Returns false if there are no n allocations. */
static bool live(unsigned int n)
{
	struct step *s;
	bool failed, dead = false;
	int ret;

	begin_life();
	fail_nth(n);
	for (s = steps; s < steps + ARRAY_SIZE(steps) && !dead; s++) {
		ret = s->step();
		if (ret >= 0)
			continue;

		TEST_ASSERT(has_failed() && is_expected(s, errno),
			    "%s: errno %d at allocation %u", s->name, errno,
			    n);
		s->failed++;
		ret = s->step();
		dead = ret < 0 && s->fatal && errno == s->fatal;
		TEST_ASSERT(ret >= 0 || dead,
			    "%s: errno %d after allocation %u failed once",
			    s->name, errno, n);
	}
	failed = has_failed();
	fail_nth(0);
	if (!dead)
		check_data();
	end_life();

	return failed;
}

#define DEBUGFS		"/sys/kernel/debug/"

/* All allocations count, and none is worth a message. */
static void set_up_injection(void)
{
	static const char *const files[][2] = {
		{ DEBUGFS "failslab/ignore-gfp-wait", "N" },
		{ DEBUGFS "failslab/verbose", "0" },
		{ DEBUGFS "fail_page_alloc/ignore-gfp-wait", "N" },
		{ DEBUGFS "fail_page_alloc/ignore-gfp-highmem", "N" },
		{ DEBUGFS "fail_page_alloc/min-order", "0" },
		{ DEBUGFS "fail_page_alloc/verbose", "0" },
	};
	int i;

	for (i = 0; i < ARRAY_SIZE(files); i++)
		__TEST_REQUIRE(__host_put(files[i][0], files[i][1]), "No %s",
			       files[i][0]);

	fail_fd = open(FAIL_NTH, O_RDWR);
	__TEST_REQUIRE(fail_fd >= 0, "No " FAIL_NTH);
}

static void help(const char *name)
{
	printf("usage: %s [-f first] [-s stride] [-t times]\n", name);
	exit(KSFT_SKIP);
}

int main(int argc, char **argv)
{
	unsigned int first = 1, stride = 1, times = 1, n, lives = 0, failed = 0;
	struct step *s;
	int opt, fd;

	while ((opt = getopt(argc, argv, "hf:s:t:")) != -1) {
		switch (opt) {
		case 'f':
			first = atoi_positive("First", optarg);
			break;
		case 's':
			stride = atoi_positive("Stride", optarg);
			break;
		case 't':
			times = atoi_positive("Times", optarg);
			break;
		default:
			help(argv[0]);
		}
	}

	ksft_print_header();
	ksft_set_plan(1);
	set_up_injection();

	fd = open_kvm_dev_path_or_exit();
	run_size = ioctl(fd, KVM_GET_VCPU_MMAP_SIZE, NULL);
	close(fd);
	mem = mmap(NULL, MEM_SIZE, PROT_READ | PROT_WRITE,
		   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	TEST_ASSERT(mem != MAP_FAILED, "errno %d", errno);
	madvise(mem, MEM_SIZE, MADV_NOHUGEPAGE);

	for (; times; times--) {
		for (n = first; live(n); n += stride)
			lives++;
	}

	for (s = steps; s < steps + ARRAY_SIZE(steps); s++) {
		ksft_print_msg("%s: failed %u times\n", s->name, s->failed);
		TEST_ASSERT(stride > 1 || first > 1 || !s->allocates || s->failed,
			    "%s never failed", s->name);
		failed += s->failed;
	}
	ksft_test_result_pass("%u lives, %u errors\n", lives, failed);
	ksft_finished();
}
