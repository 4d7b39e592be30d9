// SPDX-License-Identifier: GPL-2.0-only
/*
 * Page tables of Stage-2 are charged to the control group of the VM's owner,
 * and counted for the host, and given back with the VM.
 */
#include <fcntl.h>
#include <limits.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <linux/sizes.h>

#include "host.h"
#include "kvm_util.h"
#include "processor.h"

#define MEM_GPA		0x80000000UL
#define MEM_SLOT	10
#define MEM_SIZE	SZ_256M
#define NR_TOUCHED	(MEM_SIZE / SZ_2M)

/* A table of level 3 for each page touched, and one of level 2 for all */
#define NR_TABLES	(NR_TOUCHED + 1)

#define CGROUP_ROOT	"/tmp/cgroup.accounting"
#define CGROUP		CGROUP_ROOT "/vm"

/* The kernel folds its counters every two seconds. */
#define MAX_READS	200
#define READ_INTERVAL	50000

static void guest_code(void)
{
	uint32_t i;

	for (;;) {
		for (i = 0; i < NR_TOUCHED; i++)
			WRITE_ONCE(*(uint32_t *)(MEM_GPA + i * SZ_2M), i);
		GUEST_SYNC(0);
	}
}

static long find_number(const char *file, const char *name)
{
	long number = host_number(file, name);

	TEST_ASSERT(number >= 0, "No '%s' in %s", name, file);
	return number;
}

static long host_tables(void)
{
	char buf[1];
	int fd = open("/proc/sys/vm/stat_refresh", O_RDONLY);

	/* Reading folds the counters of all CPUs. */
	TEST_ASSERT(fd >= 0 && !read(fd, buf, sizeof(buf)), "errno %d", errno);
	close(fd);

	return find_number("/proc/meminfo", "SecPageTables:") /
	       (SZ_4K / 1024);
}

static long cgroup_tables(void)
{
	return find_number(CGROUP "/memory.stat", "sec_pagetables ") /
	       SZ_4K;
}

static void expect(const char *what, long (*tables)(void), long want)
{
	long is;
	int i;

	for (i = 0; i < MAX_READS; i++) {
		is = tables();
		if (is == want)
			return;
		usleep(READ_INTERVAL);
	}
	TEST_FAIL("%s: %ld table pages, not %ld", what, is, want);
}

static void enter_cgroup(void)
{
	mkdir(CGROUP_ROOT, 0755);
	__TEST_REQUIRE(!mount("none", CGROUP_ROOT, "cgroup2", 0, NULL),
		       "No cgroup2");
	__TEST_REQUIRE(__host_put(CGROUP_ROOT "/cgroup.subtree_control", "+memory"),
		       "No memory controller");
	TEST_ASSERT(!mkdir(CGROUP, 0755), "errno %d", errno);
	host_put(CGROUP "/cgroup.procs", "0");
}

static void leave_cgroup(void)
{
	host_put(CGROUP_ROOT "/cgroup.procs", "0");
	TEST_ASSERT(!rmdir(CGROUP), "errno %d", errno);
	TEST_ASSERT(!umount(CGROUP_ROOT), "errno %d", errno);
	rmdir(CGROUP_ROOT);
}

static void run(struct kvm_vcpu *vcpu)
{
	struct ucall uc;

	vcpu_run(vcpu);
	TEST_ASSERT(get_ucall(vcpu, &uc) == UCALL_SYNC, "exit %s",
		    exit_reason_str(vcpu->run->exit_reason));
}

int main(void)
{
	long host, host_before, cgroup;
	struct kvm_vcpu *vcpu;
	struct kvm_vm *vm;
	uint32_t i;
	void *mem;

	ksft_print_header();
	ksft_set_plan(2);

	enter_cgroup();
	host_before = host_tables();

	mem = mmap(NULL, MEM_SIZE, PROT_READ | PROT_WRITE,
		   MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	TEST_ASSERT(mem != MAP_FAILED, "errno %d", errno);
	madvise(mem, MEM_SIZE, MADV_NOHUGEPAGE);

	vm = vm_create_with_one_vcpu(&vcpu, guest_code);
	vm_set_user_memory_region(vm, MEM_SLOT, 0, MEM_GPA, MEM_SIZE, mem);
	for (i = 0; i < NR_TOUCHED; i++)
		virt_map(vm, MEM_GPA + i * SZ_2M, MEM_GPA + i * SZ_2M, 1);

	/* What is left without the slot is for the program and its tables. */
	run(vcpu);
	vm_set_user_memory_region(vm, MEM_SLOT, 0, MEM_GPA, 0, mem);
	host = host_tables();
	cgroup = host - host_before;
	TEST_ASSERT(cgroup > 0, "No table page for the VM itself");
	expect("control group", cgroup_tables, cgroup);

	vm_set_user_memory_region(vm, MEM_SLOT, 0, MEM_GPA, MEM_SIZE, mem);
	run(vcpu);
	expect("host", host_tables, host + NR_TABLES);
	expect("control group", cgroup_tables, cgroup + NR_TABLES);
	ksft_test_result_pass("%lu table pages counted\n",
			      (unsigned long)NR_TABLES);

	vm_set_user_memory_region(vm, MEM_SLOT, 0, MEM_GPA, 0, mem);
	expect("host", host_tables, host);
	kvm_vm_free(vm);
	expect("host", host_tables, host_before);
	expect("control group", cgroup_tables, 0);
	leave_cgroup();
	ksft_test_result_pass("and given back\n");

	ksft_finished();
}
