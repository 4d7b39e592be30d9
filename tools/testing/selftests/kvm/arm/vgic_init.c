// SPDX-License-Identifier: GPL-2.0-only
/*
 * The device that is the vGICv2 of a 32-bit ARM guest: its creation, every
 * attribute with every way to get it wrong, its registers from user space, and
 * the order in which things have to be done.
 */
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <signal.h>
#include <linux/sizes.h>

#include "gic.h"
#include "kvm_util.h"
#include "processor.h"
#include "vgic.h"

#define NR_VCPUS	4
#define LAST_VCPU	(NR_VCPUS - 1)
#define NO_VCPU		NR_VCPUS
#define MAX_VCPUS	8

#define NR_IRQS		96
#define UNKNOWN_GROUP	100
#define UNKNOWN_ATTR	100

/* Outside the 40 bits of guest physical address */
#define BEYOND_IPA	BIT_ULL(40)

#define ADDR		KVM_DEV_ARM_VGIC_GRP_ADDR
#define DIST		KVM_VGIC_V2_ADDR_TYPE_DIST
#define CPU		KVM_VGIC_V2_ADDR_TYPE_CPU

#define REG_ATTR(vcpu, offset) \
	(((uint64_t)(vcpu) << KVM_DEV_ARM_VGIC_CPUID_SHIFT) | (offset))

static void guest_code(void)
{
	GUEST_DONE();
}

/* The result of a call, which fails with an errno or succeeds with 0 */
#define EXPECT(err, call) do {						\
	int __ret = (call), __err = (err);				\
									\
	TEST_ASSERT(__err ? __ret == -1 && errno == __err : __ret >= 0,	\
		    "%s: ret %d errno %d, wanted %d", #call, __ret,	\
		    errno, __err);					\
} while (0)

static struct kvm_vm *create_vm(struct kvm_vcpu *vcpus[NR_VCPUS], int *gic_fd)
{
	struct kvm_vm *vm = vm_create_with_vcpus(NR_VCPUS, guest_code, vcpus);

	*gic_fd = kvm_create_device(vm, KVM_DEV_TYPE_ARM_VGIC_V2);
	return vm;
}

static void free_vm(struct kvm_vm *vm, int gic_fd)
{
	close(gic_fd);
	kvm_vm_free(vm);
}

static int set_attr(int fd, uint32_t group, uint64_t attr, uint64_t val)
{
	return __kvm_device_attr_set(fd, group, attr, &val);
}

static int get_attr(int fd, uint32_t group, uint64_t attr, uint64_t *val)
{
	return __kvm_device_attr_get(fd, group, attr, val);
}

static int create_device_errno(struct kvm_vm *vm, uint32_t type)
{
	int fd = __kvm_create_device(vm, type);

	if (fd >= 0)
		close(fd);
	return fd;
}

static void test_create(void)
{
	struct kvm_vcpu *vcpus[NR_VCPUS];
	struct kvm_vm *vm;
	struct ucall uc;
	int gic_fd;

	vm = vm_create_with_vcpus(NR_VCPUS, guest_code, vcpus);
	EXPECT(0, __kvm_test_create_device(vm, KVM_DEV_TYPE_ARM_VGIC_V2));
	EXPECT(ENODEV, create_device_errno(vm, KVM_DEV_TYPE_ARM_VGIC_V3));
	EXPECT(ENODEV, create_device_errno(vm, KVM_DEV_TYPE_ARM_VGIC_ITS));
	EXPECT(ENODEV, create_device_errno(vm, UNKNOWN_ATTR));

	gic_fd = kvm_create_device(vm, KVM_DEV_TYPE_ARM_VGIC_V2);
	EXPECT(EEXIST, create_device_errno(vm, KVM_DEV_TYPE_ARM_VGIC_V2));
	EXPECT(EEXIST, __vm_ioctl(vm, KVM_CREATE_IRQCHIP, NULL));
	free_vm(vm, gic_fd);

	/* Not after a vCPU has run without it */
	vm = vm_create_with_vcpus(NR_VCPUS, guest_code, vcpus);
	vcpu_run(vcpus[0]);
	TEST_ASSERT_EQ(get_ucall(vcpus[0], &uc), UCALL_DONE);
	EXPECT(EBUSY, create_device_errno(vm, KVM_DEV_TYPE_ARM_VGIC_V2));
	EXPECT(EBUSY, __vm_ioctl(vm, KVM_CREATE_IRQCHIP, NULL));
	kvm_vm_free(vm);
}

static void test_vcpu_limits(void)
{
	struct kvm_vcpu *vcpus[NR_VCPUS];
	struct kvm_vm *vm;
	int gic_fd, i;

	TEST_ASSERT_EQ(kvm_check_cap(KVM_CAP_MAX_VCPUS), MAX_VCPUS);

	vm = create_vm(vcpus, &gic_fd);
	for (i = NR_VCPUS; i < MAX_VCPUS; i++)
		__vm_vcpu_add(vm, i);
	EXPECT(EINVAL, __vm_ioctl(vm, KVM_CREATE_VCPU,
				  (void *)(unsigned long)MAX_VCPUS));
	free_vm(vm, gic_fd);

	/* No further vCPU after the vGIC is initialized */
	vm = create_vm(vcpus, &gic_fd);
	EXPECT(0, set_attr(gic_fd, KVM_DEV_ARM_VGIC_GRP_CTRL,
			   KVM_DEV_ARM_VGIC_CTRL_INIT, 0));
	EXPECT(EBUSY, __vm_ioctl(vm, KVM_CREATE_VCPU,
				 (void *)(unsigned long)NR_VCPUS));
	free_vm(vm, gic_fd);
}

static void test_has_attr(void)
{
	static const struct {
		uint32_t group;
		uint64_t attr;
		int err;
	} cases[] = {
		{ ADDR, DIST, 0 },
		{ ADDR, CPU, 0 },
		{ ADDR, KVM_VGIC_V3_ADDR_TYPE_DIST, ENXIO },
		{ ADDR, KVM_VGIC_V3_ADDR_TYPE_REDIST, ENXIO },
		{ ADDR, UNKNOWN_ATTR, ENXIO },
		{ KVM_DEV_ARM_VGIC_GRP_NR_IRQS, 0, 0 },
		{ KVM_DEV_ARM_VGIC_GRP_CTRL, KVM_DEV_ARM_VGIC_CTRL_INIT, 0 },
		{ KVM_DEV_ARM_VGIC_GRP_CTRL,
		  KVM_DEV_ARM_VGIC_SAVE_PENDING_TABLES, ENXIO },
		{ KVM_DEV_ARM_VGIC_GRP_DIST_REGS, GICD_CTLR, 0 },
		{ KVM_DEV_ARM_VGIC_GRP_DIST_REGS,
		  REG_ATTR(NR_VCPUS - 1, GICD_IIDR), 0 },
		{ KVM_DEV_ARM_VGIC_GRP_DIST_REGS,
		  REG_ATTR(NO_VCPU, GICD_CTLR), EINVAL },
		{ KVM_DEV_ARM_VGIC_GRP_DIST_REGS, GICD_CTLR + 1, ENXIO },
		{ KVM_DEV_ARM_VGIC_GRP_DIST_REGS, 0xff00, ENXIO },
		{ KVM_DEV_ARM_VGIC_GRP_CPU_REGS, GICC_PMR, 0 },
		{ KVM_DEV_ARM_VGIC_GRP_CPU_REGS,
		  REG_ATTR(NO_VCPU, GICC_PMR), EINVAL },
		{ KVM_DEV_ARM_VGIC_GRP_CPU_REGS, GICC_PMR + 2, ENXIO },
		{ KVM_DEV_ARM_VGIC_GRP_CPU_REGS, GICC_IAR, ENXIO },
		{ KVM_DEV_ARM_VGIC_GRP_REDIST_REGS, 0, ENXIO },
		{ KVM_DEV_ARM_VGIC_GRP_LEVEL_INFO, 0, ENXIO },
		{ UNKNOWN_GROUP, 0, ENXIO },
	};
	struct kvm_vcpu *vcpus[NR_VCPUS];
	struct kvm_vm *vm;
	int gic_fd, i, ret;

	vm = create_vm(vcpus, &gic_fd);
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		ret = __kvm_has_device_attr(gic_fd, cases[i].group,
					    cases[i].attr);
		TEST_ASSERT(!ret == !cases[i].err &&
			    (!ret || errno == cases[i].err),
			    "group %u attr 0x%" PRIx64 ": ret %d errno %d",
			    cases[i].group, cases[i].attr, ret, errno);
	}
	free_vm(vm, gic_fd);
}

static void test_addresses(void)
{
	struct kvm_vcpu *vcpus[NR_VCPUS];
	struct kvm_vm *vm;
	uint64_t val;
	int gic_fd;

	vm = create_vm(vcpus, &gic_fd);

	EXPECT(0, get_attr(gic_fd, ADDR, DIST, &val));
	TEST_ASSERT_EQ(val, ~0ULL);

	EXPECT(EINVAL, set_attr(gic_fd, ADDR, DIST, GICD_BASE_GPA + 0x10));
	EXPECT(EINVAL, set_attr(gic_fd, ADDR, CPU, GICC_BASE_GPA + 0x10));
	EXPECT(E2BIG, set_attr(gic_fd, ADDR, DIST, BEYOND_IPA));
	EXPECT(E2BIG, set_attr(gic_fd, ADDR, CPU, BEYOND_IPA));
	EXPECT(E2BIG, set_attr(gic_fd, ADDR, CPU, BEYOND_IPA - SZ_4K));
	EXPECT(E2BIG, set_attr(gic_fd, ADDR, DIST, GICD_BASE_GPA | 1ULL << 63));
	EXPECT(ENXIO, set_attr(gic_fd, ADDR, KVM_VGIC_V3_ADDR_TYPE_DIST, 0));
	EXPECT(ENXIO, set_attr(gic_fd, ADDR, UNKNOWN_ATTR, 0));
	EXPECT(EFAULT, __kvm_device_attr_set(gic_fd, ADDR, DIST, NULL));

	/* An address above 4 GiB comes back whole. */
	EXPECT(0, set_attr(gic_fd, ADDR, DIST, BEYOND_IPA - SZ_4K));
	EXPECT(0, get_attr(gic_fd, ADDR, DIST, &val));
	TEST_ASSERT_EQ(val, BEYOND_IPA - SZ_4K);
	EXPECT(EEXIST, set_attr(gic_fd, ADDR, DIST, GICD_BASE_GPA));
	EXPECT(EFAULT, __kvm_device_attr_get(gic_fd, ADDR, DIST, NULL));

	free_vm(vm, gic_fd);
}

/* KVM has killed the VM: there are no memory slots to remove any more. */
static void free_dead_vm(struct kvm_vm *vm, int gic_fd)
{
	EXPECT(EIO, __vm_ioctl(vm, KVM_CREATE_IRQCHIP, NULL));
	close(gic_fd);
	kvm_vm_release(vm);
}

static void test_run_errors(void)
{
	struct kvm_vcpu *vcpus[NR_VCPUS];
	struct kvm_vm *vm;
	int gic_fd;

	/* Without addresses */
	vm = create_vm(vcpus, &gic_fd);
	EXPECT(ENXIO, __vcpu_run(vcpus[0]));
	free_dead_vm(vm, gic_fd);

	vm = create_vm(vcpus, &gic_fd);
	EXPECT(0, set_attr(gic_fd, ADDR, DIST, GICD_BASE_GPA));
	EXPECT(ENXIO, __vcpu_run(vcpus[0]));
	free_dead_vm(vm, gic_fd);

	/* One on top of the other */
	vm = create_vm(vcpus, &gic_fd);
	EXPECT(0, set_attr(gic_fd, ADDR, DIST, GICD_BASE_GPA + SZ_4K));
	EXPECT(0, set_attr(gic_fd, ADDR, CPU, GICD_BASE_GPA));
	EXPECT(EINVAL, __vcpu_run(vcpus[0]));
	free_dead_vm(vm, gic_fd);
}

static int set_nr_irqs(int gic_fd, uint32_t nr)
{
	return __kvm_device_attr_set(gic_fd, KVM_DEV_ARM_VGIC_GRP_NR_IRQS, 0,
				     &nr);
}

static void test_nr_irqs(void)
{
	struct kvm_vcpu *vcpus[NR_VCPUS];
	struct kvm_vm *vm;
	uint32_t nr;
	int gic_fd;

	vm = create_vm(vcpus, &gic_fd);
	EXPECT(EINVAL, set_nr_irqs(gic_fd, 0));
	EXPECT(EINVAL, set_nr_irqs(gic_fd, 32));
	EXPECT(EINVAL, set_nr_irqs(gic_fd, NR_IRQS + 1));
	EXPECT(EINVAL, set_nr_irqs(gic_fd, 1024));
	EXPECT(EINVAL, set_nr_irqs(gic_fd, ~0U));
	EXPECT(EFAULT, __kvm_device_attr_set(gic_fd,
					     KVM_DEV_ARM_VGIC_GRP_NR_IRQS, 0,
					     NULL));
	EXPECT(0, set_nr_irqs(gic_fd, NR_IRQS));
	EXPECT(EBUSY, set_nr_irqs(gic_fd, NR_IRQS));
	kvm_device_attr_get(gic_fd, KVM_DEV_ARM_VGIC_GRP_NR_IRQS, 0, &nr);
	TEST_ASSERT_EQ(nr, NR_IRQS);
	free_vm(vm, gic_fd);

	/* Initialization settles the number. */
	vm = create_vm(vcpus, &gic_fd);
	EXPECT(0, set_attr(gic_fd, KVM_DEV_ARM_VGIC_GRP_CTRL,
			   KVM_DEV_ARM_VGIC_CTRL_INIT, 0));
	EXPECT(EBUSY, set_nr_irqs(gic_fd, NR_IRQS));
	EXPECT(ENXIO, set_attr(gic_fd, KVM_DEV_ARM_VGIC_GRP_CTRL,
			       KVM_DEV_ARM_VGIC_SAVE_PENDING_TABLES, 0));
	EXPECT(ENXIO, set_attr(gic_fd, KVM_DEV_ARM_VGIC_GRP_CTRL,
			       UNKNOWN_ATTR, 0));
	EXPECT(ENXIO, set_attr(gic_fd, UNKNOWN_GROUP, 0, 0));
	free_vm(vm, gic_fd);
}

struct reg_case {
	uint32_t group;
	uint32_t offset;
	uint32_t write;
	uint32_t read;
};

#define DIST_REG(off, w, r) { KVM_DEV_ARM_VGIC_GRP_DIST_REGS, off, w, r }
#define CPU_REG(off, w, r) { KVM_DEV_ARM_VGIC_GRP_CPU_REGS, off, w, r }

/* In the order in which they are written, and then all read */
static const struct reg_case regs[] = {
	DIST_REG(GICD_CTLR, GICD_CTLR_ENABLE, GICD_CTLR_ENABLE),
	/* PPIs of this vCPU; SGIs are always enabled */
	DIST_REG(GICD_ISENABLER, 0x08000000, 0x0800ffff),
	DIST_REG(GICD_ISENABLER + 4, 0x0f0f0f0f, 0x0f0f0f0f),
	DIST_REG(GICD_ISPENDR + 4, 0x00000300, 0x00000300),
	DIST_REG(GICD_ISACTIVER + 4, 0x00030000, 0x00030000),
	/* Five bits of priority */
	DIST_REG(GICD_IPRIORITYR + 0x20, 0xff80f708, 0xf880f008),
	/* Only vCPUs that there are */
	DIST_REG(GICD_ITARGETSR + 0x20, 0xff080201, 0x0f080201),
	/* Bit 1 of each field is level or edge, bit 0 reads as zero. */
	DIST_REG(GICD_ICFGR + 8, 0xc0000003, 0x80000002),
	CPU_REG(GICC_CTLR, GICC_CTLR_ENABLE | GICC_CTLR_EOIMODE,
		GICC_CTLR_ENABLE | GICC_CTLR_EOIMODE),
	/* Five bits of priority, in bits 4:0 */
	CPU_REG(GICC_PMR, 0x1e, 0x1e),
	CPU_REG(GICC_BPR, 3, 3),
	CPU_REG(GICC_APR0, 0x00000100, 0x00000100),
};

static void test_registers(void)
{
	struct kvm_vcpu *vcpus[NR_VCPUS];
	const struct reg_case *r;
	struct kvm_vm *vm;
	uint32_t val;
	int gic_fd, i;

	vm = create_vm(vcpus, &gic_fd);
	EXPECT(0, set_nr_irqs(gic_fd, NR_IRQS));

	val = vgic_reg_get(gic_fd, KVM_DEV_ARM_VGIC_GRP_DIST_REGS, 0,
			   GICD_TYPER);
	TEST_ASSERT_EQ(val & 0x1f, NR_IRQS / 32 - 1);
	TEST_ASSERT_EQ((val >> 5) & 7, NR_VCPUS - 1);

	/* User space may write back what it read, and nothing else. */
	val = vgic_reg_get(gic_fd, KVM_DEV_ARM_VGIC_GRP_DIST_REGS, 0,
			   GICD_IIDR);
	vgic_reg_set(gic_fd, KVM_DEV_ARM_VGIC_GRP_DIST_REGS, 0, GICD_IIDR,
		     val);
	val ^= 0xfff;
	EXPECT(EINVAL, __kvm_device_attr_set(gic_fd,
					     KVM_DEV_ARM_VGIC_GRP_DIST_REGS,
					     GICD_IIDR, &val));

	for (i = 0; i < ARRAY_SIZE(regs); i++)
		vgic_reg_set(gic_fd, regs[i].group, 1, regs[i].offset,
			     regs[i].write);

	for (i = 0; i < ARRAY_SIZE(regs); i++) {
		r = &regs[i];
		val = vgic_reg_get(gic_fd, r->group, 1, r->offset);
		TEST_ASSERT(val == r->read,
			    "group %u offset 0x%x: 0x%x, not 0x%x", r->group,
			    r->offset, val, r->read);
	}

	/* Registers of a vCPU are its own. */
	TEST_ASSERT_EQ(vgic_reg_get(gic_fd, KVM_DEV_ARM_VGIC_GRP_DIST_REGS, 0,
				    GICD_ISENABLER), 0x0000ffff);
	TEST_ASSERT_EQ(vgic_reg_get(gic_fd, KVM_DEV_ARM_VGIC_GRP_CPU_REGS, 0,
				    GICC_APR0), 0);

	EXPECT(EINVAL, get_attr(gic_fd, KVM_DEV_ARM_VGIC_GRP_DIST_REGS,
				REG_ATTR(NO_VCPU, GICD_CTLR), NULL));
	EXPECT(EFAULT, __kvm_device_attr_set(gic_fd,
					     KVM_DEV_ARM_VGIC_GRP_DIST_REGS,
					     GICD_CTLR, NULL));

	free_vm(vm, gic_fd);
}

static sem_t guest_runs;

static void guest_spin(void)
{
	GUEST_SYNC(0);
	for (;;)
		cpu_relax();
}

static void *vcpu_thread(void *arg)
{
	struct kvm_vcpu *vcpu = arg;
	struct ucall uc;
	int ret;

	vcpu_run(vcpu);
	TEST_ASSERT_EQ(get_ucall(vcpu, &uc), UCALL_SYNC);
	sem_post(&guest_runs);

	ret = __vcpu_run(vcpu);
	TEST_ASSERT(ret == -1 && errno == EINTR, "ret %d errno %d", ret,
		    errno);
	return NULL;
}

static void ignore_signal(int sig)
{
}

/*
 * While a vCPU runs, its registers are not to be had, and those that were found
 * stopped before it are not kept from running.
 */
static void test_busy(void)
{
	const struct sigaction sa = { .sa_handler = ignore_signal };
	struct kvm_vcpu *vcpus[NR_VCPUS];
	struct kvm_vm *vm;
	pthread_t thread;
	uint32_t val;
	int gic_fd;

	sigaction(SIGUSR1, &sa, NULL);
	sem_init(&guest_runs, 0, 0);

	vm = vm_create_with_vcpus(NR_VCPUS, guest_spin, vcpus);
	gic_fd = vgic_v2_setup(vm, NR_VCPUS, NR_IRQS);
	pthread_create(&thread, NULL, vcpu_thread, vcpus[LAST_VCPU]);
	sem_wait(&guest_runs);

	/* It is on its way into the guest, from where it does not return. */
	while (!__kvm_device_attr_get(gic_fd, KVM_DEV_ARM_VGIC_GRP_DIST_REGS,
				      GICD_CTLR, &val))
		sched_yield();
	TEST_ASSERT_EQ(errno, EBUSY);
	EXPECT(EBUSY, __kvm_device_attr_get(gic_fd,
					    KVM_DEV_ARM_VGIC_GRP_CPU_REGS,
					    REG_ATTR(0, GICC_PMR), &val));

	vcpus[LAST_VCPU]->run->immediate_exit = 1;
	pthread_kill(thread, SIGUSR1);
	pthread_join(thread, NULL);
	EXPECT(0, __kvm_device_attr_get(gic_fd, KVM_DEV_ARM_VGIC_GRP_DIST_REGS,
					GICD_CTLR, &val));

	free_vm(vm, gic_fd);
}

static int set_legacy_addr(struct kvm_vm *vm, uint32_t dev, uint32_t type,
			   uint64_t gpa)
{
	struct kvm_arm_device_addr addr = {
		.id = (dev << KVM_ARM_DEVICE_ID_SHIFT) |
		      (type << KVM_ARM_DEVICE_TYPE_SHIFT),
		.addr = gpa,
	};

	return __vm_ioctl(vm, KVM_ARM_SET_DEVICE_ADDR, &addr);
}

static void test_legacy(void)
{
	struct kvm_vcpu *vcpus[NR_VCPUS];
	struct kvm_vm *vm;
	struct ucall uc;

	vm = vm_create_with_vcpus(NR_VCPUS, guest_code, vcpus);
	EXPECT(ENODEV, set_legacy_addr(vm, KVM_ARM_DEVICE_VGIC_V2, DIST,
				       GICD_BASE_GPA));
	vm_create_irqchip(vm);
	EXPECT(ENODEV, set_legacy_addr(vm, 1, DIST, GICD_BASE_GPA));
	EXPECT(ENODEV, set_legacy_addr(vm, KVM_ARM_DEVICE_VGIC_V2, 2,
				       GICD_BASE_GPA));
	EXPECT(EINVAL, set_legacy_addr(vm, KVM_ARM_DEVICE_VGIC_V2, DIST,
				       GICD_BASE_GPA + 1));
	EXPECT(0, set_legacy_addr(vm, KVM_ARM_DEVICE_VGIC_V2, DIST,
				  GICD_BASE_GPA));
	EXPECT(EEXIST, set_legacy_addr(vm, KVM_ARM_DEVICE_VGIC_V2, DIST,
				       GICD_BASE_GPA));
	EXPECT(0, set_legacy_addr(vm, KVM_ARM_DEVICE_VGIC_V2, CPU,
				  GICC_BASE_GPA));

	vcpu_run(vcpus[0]);
	TEST_ASSERT_EQ(get_ucall(vcpus[0], &uc), UCALL_DONE);
	kvm_vm_free(vm);
}

static int irq_line(struct kvm_vm *vm, uint32_t type, uint32_t vcpu,
		    uint32_t num)
{
	return _kvm_irq_line(vm, (type << KVM_ARM_IRQ_TYPE_SHIFT) |
				 (vcpu << KVM_ARM_IRQ_VCPU_SHIFT) | num, 1);
}

static void test_irq_line(void)
{
	struct kvm_vcpu *vcpus[NR_VCPUS];
	struct kvm_vm *vm;
	int gic_fd;

	/* Without an irqchip only the lines of the CPU are there. */
	vm = vm_create_with_vcpus(NR_VCPUS, guest_code, vcpus);
	EXPECT(ENXIO, irq_line(vm, KVM_ARM_IRQ_TYPE_SPI, 0, MIN_SPI));
	EXPECT(ENXIO, irq_line(vm, KVM_ARM_IRQ_TYPE_PPI, 0, MIN_PPI));
	EXPECT(EINVAL, irq_line(vm, KVM_ARM_IRQ_TYPE_CPU, NO_VCPU, 0));
	EXPECT(EINVAL, irq_line(vm, KVM_ARM_IRQ_TYPE_CPU, 0, 2));
	EXPECT(0, irq_line(vm, KVM_ARM_IRQ_TYPE_CPU, 0, KVM_ARM_IRQ_CPU_IRQ));
	EXPECT(0, irq_line(vm, KVM_ARM_IRQ_TYPE_CPU, 1, KVM_ARM_IRQ_CPU_FIQ));
	kvm_vm_free(vm);

	vm = vm_create_with_vcpus(NR_VCPUS, guest_code, vcpus);
	gic_fd = vgic_v2_setup(vm, NR_VCPUS, NR_IRQS);
	EXPECT(ENXIO, irq_line(vm, KVM_ARM_IRQ_TYPE_CPU, 0, 0));
	EXPECT(EINVAL, irq_line(vm, KVM_ARM_IRQ_TYPE_PPI, 0, MIN_PPI - 1));
	EXPECT(EINVAL, irq_line(vm, KVM_ARM_IRQ_TYPE_PPI, 0, MIN_SPI));
	EXPECT(EINVAL, irq_line(vm, KVM_ARM_IRQ_TYPE_PPI, NO_VCPU, MIN_PPI));
	EXPECT(EINVAL, irq_line(vm, KVM_ARM_IRQ_TYPE_SPI, 0, MIN_SPI - 1));
	EXPECT(EINVAL, irq_line(vm, KVM_ARM_IRQ_TYPE_SPI, 0, NR_IRQS));
	EXPECT(EINVAL, irq_line(vm, 3, 0, MIN_SPI));
	EXPECT(0, irq_line(vm, KVM_ARM_IRQ_TYPE_PPI, NR_VCPUS - 1, MIN_PPI));
	EXPECT(0, irq_line(vm, KVM_ARM_IRQ_TYPE_SPI, 0, NR_IRQS - 1));
	free_vm(vm, gic_fd);
}

int main(void)
{
	static const struct {
		const char *name;
		void (*test)(void);
	} tests[] = {
		{ "creation", test_create },
		{ "number of vCPUs", test_vcpu_limits },
		{ "KVM_HAS_DEVICE_ATTR", test_has_attr },
		{ "addresses", test_addresses },
		{ "KVM_RUN with a bad setup", test_run_errors },
		{ "number of interrupts", test_nr_irqs },
		{ "registers", test_registers },
		{ "registers of running vCPUs", test_busy },
		{ "KVM_CREATE_IRQCHIP", test_legacy },
		{ "KVM_IRQ_LINE", test_irq_line },
	};
	int i;

	TEST_REQUIRE(kvm_has_cap(KVM_CAP_DEVICE_CTRL));

	ksft_print_header();
	ksft_set_plan(ARRAY_SIZE(tests));

	for (i = 0; i < ARRAY_SIZE(tests); i++) {
		tests[i].test();
		ksft_test_result_pass("%s\n", tests[i].name);
	}

	ksft_finished();
}
