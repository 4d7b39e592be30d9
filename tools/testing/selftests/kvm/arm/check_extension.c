// SPDX-License-Identifier: GPL-2.0-only
/*
 * What KVM_CHECK_EXTENSION answers on 32-bit ARM, capability by capability, on
 * /dev/kvm and on a VM.  Virtual machine monitors decide by it; a value that
 * changes without being changed here has changed by mistake.
 *
 * The same table is in Documentation/virt/kvm/arm/aarch32-api.rst, with where
 * each is tested.
 */
#include <glob.h>
#include <limits.h>
#include <unistd.h>
#include <linux/sizes.h>
#include <sys/klog.h>

#include "kvm_util.h"
#include "processor.h"

/* Of the kernel's log: more than it keeps; and to read all of it */
#define LOG_SIZE		SZ_4M
#define SYSLOG_ACTION_READ_ALL	3

/* Beyond any capability there is */
#define NR_CAPS			512

#define NR_VCPUS_MAX		8	/* what a GICv2 can address */
#define NR_MEMSLOTS		32767
#define NR_IRQ_ROUTES		4096
#define COALESCED_PAGE		1
#define IPA_BITS		40
#define DIRTY_RING_BYTES	(65536 * sizeof(struct kvm_dirty_gfn))
#define DIRTY_LOG_MANUAL	(KVM_DIRTY_LOG_MANUAL_PROTECT_ENABLE | \
				 KVM_DIRTY_LOG_INITIALLY_SET)
#define BLOCK_SIZES		(SZ_4K | SZ_2M)
#define GUEST_DEBUG		(KVM_GUESTDBG_ENABLE | \
				 KVM_GUESTDBG_SINGLESTEP | \
				 KVM_GUESTDBG_USE_SW_BP | \
				 KVM_GUESTDBG_USE_HW | \
				 KVM_GUESTDBG_BLOCKIRQ)
/* Of all cores that the tests run on, where the kernel knows what they have */
#define NR_BREAKPOINTS		6
#define NR_WATCHPOINTS		4

static int has_pmu(void)
{
	glob_t pmus;
	int ret = glob("/sys/bus/event_source/devices/armv*", 0, NULL, &pmus);

	globfree(&pmus);
	return !ret;
}

static int nr_vcpus(void)
{
	int nr_cpus = sysconf(_SC_NPROCESSORS_ONLN);

	return nr_cpus < NR_VCPUS_MAX ? nr_cpus : NR_VCPUS_MAX;
}

/*
 * Whether the host can use its breakpoints: it counts those that ptrace offers
 * whether it knows the core's debug architecture or not, and only says so.
 * True where the beginning of its log is gone.
 */
static bool has_breakpoints(void)
{
	static char log[LOG_SIZE];
	int len = klogctl(SYSLOG_ACTION_READ_ALL, log, sizeof(log) - 1);

	TEST_ASSERT(len >= 0, "klogctl: %d", errno);

	return !strstr(log, "Booting Linux") ||
	       strstr(log, "hw-breakpoint: found");
}

static int nr_breakpoints(void)
{
	return has_breakpoints() ? NR_BREAKPOINTS : 0;
}

static int nr_watchpoints(void)
{
	return has_breakpoints() ? NR_WATCHPOINTS : 0;
}

struct cap {
	const char *name;
	long cap;
	int val;
	/* Instead, where it depends on the host */
	int (*of_host)(void);
};

#define CAP(name, val)		{ #name, KVM_CAP_##name, val }
#define HOST_CAP(name, fn)	{ #name, KVM_CAP_##name, .of_host = fn }

static const struct cap caps[] = {
	/* Linux 5.6 answered these on 32-bit ARM. */
	CAP(IRQCHIP, 1),
	CAP(USER_MEMORY, 1),
	CAP(MP_STATE, 1),
	CAP(COALESCED_MMIO, COALESCED_PAGE),
	CAP(SYNC_MMU, 1),
	CAP(DESTROY_MEMORY_REGION_WORKS, 1),
	CAP(IRQ_ROUTING, NR_IRQ_ROUTES),
	CAP(JOIN_MEMORY_REGIONS_WORKS, 1),
	CAP(IRQFD, 1),
	CAP(IOEVENTFD, 1),
	CAP(INTERNAL_ERROR_DATA, 1),
	CAP(VCPU_EVENTS, 1),
	CAP(NR_MEMSLOTS, NR_MEMSLOTS),
	CAP(MAX_VCPUS, NR_VCPUS_MAX),
	CAP(ONE_REG, 1),
	CAP(SIGNAL_MSI, 1),
	CAP(READONLY_MEM, 1),
	CAP(IRQFD_RESAMPLE, 1),
	CAP(ARM_PSCI, 1),
	CAP(ARM_SET_DEVICE_ADDR, 1),
	CAP(DEVICE_CTRL, 1),
	CAP(ENABLE_CAP_VM, 1),
	CAP(ARM_PSCI_0_2, 1),
	CAP(CHECK_EXTENSION_VM, 1),
	CAP(IOEVENTFD_ANY_LENGTH, 1),
	CAP(MAX_VCPU_ID, NR_VCPUS_MAX),
	CAP(IMMEDIATE_EXIT, 1),
	CAP(ARM_USER_IRQ, 1),
	CAP(COALESCED_PIO, 1),
	CAP(MANUAL_DIRTY_LOG_PROTECT2, DIRTY_LOG_MANUAL),
	CAP(ARM_IRQ_LINE_LAYOUT_2, 1),
	CAP(ARM_NISV_TO_USER, 1),
	CAP(ARM_INJECT_EXT_DABT, 1),

	/* These came later, or were there for 64-bit ARM only. */
	CAP(ARM_VM_IPA_SIZE, IPA_BITS),
	CAP(VCPU_ATTRIBUTES, 1),
	CAP(HALT_POLL, 1),
	CAP(PTP_KVM, 1),
	CAP(BINARY_STATS_FD, 1),
	CAP(SYSTEM_EVENT_DATA, 1),
	CAP(ARM_SYSTEM_SUSPEND, 1),
	CAP(DIRTY_LOG_RING_ACQ_REL, DIRTY_RING_BYTES),
	CAP(DIRTY_LOG_RING_WITH_BITMAP, 1),
	CAP(COUNTER_OFFSET, 1),
	CAP(ARM_EAGER_SPLIT_CHUNK_SIZE, 0),
	CAP(ARM_SUPPORTED_BLOCK_SIZES, BLOCK_SIZES),
	CAP(USER_MEMORY2, 1),
	CAP(SET_GUEST_DEBUG, 1),
	CAP(SET_GUEST_DEBUG2, GUEST_DEBUG),

	HOST_CAP(NR_VCPUS, nr_vcpus),
	HOST_CAP(ARM_PMU_V3, has_pmu),
	HOST_CAP(GUEST_DEBUG_HW_BPS, nr_breakpoints),
	HOST_CAP(GUEST_DEBUG_HW_WPS, nr_watchpoints),
};

static int check(int fd, long cap)
{
	return ioctl(fd, KVM_CHECK_EXTENSION, cap);
}

static bool check_is(int fd, const struct cap *cap)
{
	int wanted = cap->of_host ? cap->of_host() : cap->val;
	int val = check(fd, cap->cap);

	if (val == wanted)
		return true;

	pr_info("%s: %d, not %d\n", cap->name, val, wanted);
	return false;
}

/* The only one of which /dev/kvm has no idea */
static bool check_msi_devid(int sys_fd, int vm_fd)
{
	return check(sys_fd, KVM_CAP_MSI_DEVID) == -1 && errno == EINVAL &&
	       check(vm_fd, KVM_CAP_MSI_DEVID) == 0;
}

static bool is_in_table(long cap)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(caps); i++)
		if (caps[i].cap == cap)
			return true;

	return cap == KVM_CAP_MSI_DEVID;
}

/* What is not in the table is not there. */
static bool others_are_zero(int fd)
{
	static const long beyond[] = { INT_MAX, INT_MIN, -1 };
	bool ok = true;
	long cap;
	int i;

	for (cap = 0; cap < NR_CAPS; cap++) {
		if (is_in_table(cap) || !check(fd, cap))
			continue;
		pr_info("capability %ld: %d\n", cap, check(fd, cap));
		ok = false;
	}
	for (i = 0; i < ARRAY_SIZE(beyond); i++)
		ok &= !check(fd, beyond[i]);

	return ok;
}

int main(void)
{
	struct kvm_vm *vm = vm_create_barebones();
	int sys_fd = open_kvm_dev_path_or_exit();
	bool ok;
	int i;

	ksft_print_header();
	ksft_set_plan(ARRAY_SIZE(caps) + 3);

	ok = ioctl(sys_fd, KVM_GET_API_VERSION, 0) == KVM_API_VERSION;
	ksft_test_result(ok, "API version\n");

	for (i = 0; i < ARRAY_SIZE(caps); i++) {
		ok = check_is(sys_fd, &caps[i]) && check_is(vm->fd, &caps[i]);
		ksft_test_result(ok, "%s\n", caps[i].name);
	}
	ksft_test_result(check_msi_devid(sys_fd, vm->fd), "MSI_DEVID\n");

	ok = others_are_zero(sys_fd) && others_are_zero(vm->fd);
	ksft_test_result(ok, "no others\n");

	close(sys_fd);
	kvm_vm_free(vm);
	ksft_finished();
}
