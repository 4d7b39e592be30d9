// SPDX-License-Identifier: GPL-2.0-only
/*
 * The devices that are the vGICv3 and the ITS of a 32-bit ARM guest: their
 * creation, every attribute with every way to get it wrong, and the order in
 * which things have to be done.
 */
#include <linux/sizes.h>

#include "gic_v3_its.h"
#include "vgic.h"

#define NR_VCPUS	4
#define NR_IRQS		64
#define MIN_MAX_VCPUS	64
#define UNKNOWN		100

/* Outside the 40 bits of guest physical address */
#define BEYOND_IPA	BIT_ULL(40)

#define ADDR		KVM_DEV_ARM_VGIC_GRP_ADDR
#define CONTROL		KVM_DEV_ARM_VGIC_GRP_CTRL
#define DIST_REGS	KVM_DEV_ARM_VGIC_GRP_DIST_REGS
#define REDIST_REGS	KVM_DEV_ARM_VGIC_GRP_REDIST_REGS
#define SYSREGS		KVM_DEV_ARM_VGIC_GRP_CPU_SYSREGS
#define LEVEL_INFO	KVM_DEV_ARM_VGIC_GRP_LEVEL_INFO
#define ITS_REGS	KVM_DEV_ARM_VGIC_GRP_ITS_REGS
#define DIST		KVM_VGIC_V3_ADDR_TYPE_DIST
#define REDIST		KVM_VGIC_V3_ADDR_TYPE_REDIST
#define REGION		KVM_VGIC_V3_ADDR_TYPE_REDIST_REGION

#define OF(mpidr, reg) \
	((uint64_t)(mpidr) << KVM_DEV_ARM_VGIC_V3_MPIDR_SHIFT | (reg))
#define LAST_VCPU	(NR_VCPUS - 1)
#define NO_VCPU		NR_VCPUS
/* Affinity of a third level, which no vCPU has */
#define AFF3		BIT(24)

#define REDISTS(count, base, flags, index) \
	((uint64_t)(count) << 52 | (base) | (uint64_t)(flags) << 12 | (index))

#define GITS_TYPER	0x0008
#define BASER_VALID	BIT_ULL(63)
#define BASER_RO_MASK	(GENMASK_ULL(58, 56) | GENMASK_ULL(52, 48))

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

static int set(int fd, uint32_t group, uint64_t attr, uint64_t val)
{
	return __kvm_device_attr_set(fd, group, attr, &val);
}

static int get(int fd, uint32_t group, uint64_t attr, uint64_t *val)
{
	*val = 0;
	return __kvm_device_attr_get(fd, group, attr, val);
}

static int has(int fd, uint32_t group, uint64_t attr)
{
	return __kvm_has_device_attr(fd, group, attr);
}

static struct kvm_vm *create_vm(struct kvm_vcpu *vcpus[], int *gic_fd)
{
	struct kvm_vm *vm = vm_create_with_vcpus(NR_VCPUS, guest_code, vcpus);

	*gic_fd = kvm_create_device(vm, KVM_DEV_TYPE_ARM_VGIC_V3);
	return vm;
}

static struct kvm_vm *create_whole(struct kvm_vcpu *vcpus[], int *gic_fd)
{
	struct kvm_vm *vm = vm_create_with_vcpus(NR_VCPUS, guest_code, vcpus);

	*gic_fd = vgic_v3_setup(vm, NR_VCPUS, NR_IRQS);
	return vm;
}

static void free_vm(struct kvm_vm *vm, int gic_fd)
{
	close(gic_fd);
	kvm_vm_free(vm);
}

/* KVM has killed the VM: there are no memory slots to remove any more. */
static void free_dead_vm(struct kvm_vm *vm, int gic_fd)
{
	close(gic_fd);
	kvm_vm_release(vm);
}

static void test_create(void)
{
	struct kvm_vcpu *vcpus[NR_VCPUS];
	struct kvm_vm *vm;
	bool has_v2;
	int fd;

	vm = vm_create_with_vcpus(NR_VCPUS, guest_code, vcpus);
	has_v2 = !__kvm_test_create_device(vm, KVM_DEV_TYPE_ARM_VGIC_V2);
	/* An ITS is of a GICv3, but which comes first does not matter */
	close(kvm_create_device(vm, KVM_DEV_TYPE_ARM_VGIC_ITS));
	fd = kvm_create_device(vm, KVM_DEV_TYPE_ARM_VGIC_V3);
	EXPECT(EEXIST, __kvm_create_device(vm, KVM_DEV_TYPE_ARM_VGIC_V3));
	EXPECT(has_v2 ? EEXIST : ENODEV,
	       __vm_ioctl(vm, KVM_CREATE_IRQCHIP, NULL));
	free_vm(vm, fd);

	/* Not after a vCPU has run without it */
	vm = vm_create_with_vcpus(NR_VCPUS, guest_code, vcpus);
	vcpu_run(vcpus[0]);
	EXPECT(EBUSY, __kvm_create_device(vm, KVM_DEV_TYPE_ARM_VGIC_V3));
	kvm_vm_free(vm);
}

static void test_vcpus(void)
{
	unsigned int max = kvm_check_cap(KVM_CAP_MAX_VCPUS), i;
	struct kvm_vcpu *vcpus[NR_VCPUS];
	struct kvm_vm *vm;
	uint64_t val;
	int fd;

	TEST_ASSERT(max >= MIN_MAX_VCPUS, "%u vCPUs at most", max);
	vm = create_vm(vcpus, &fd);
	EXPECT(0, set(fd, ADDR, DIST, GICV3_DIST_GPA));
	EXPECT(0, set(fd, ADDR, REDIST, GICV3_REDIST_GPA));
	for (i = NR_VCPUS; i < MIN_MAX_VCPUS; i++)
		vm_vcpu_add(vm, i, guest_code);
	EXPECT(EINVAL, __vm_ioctl(vm, KVM_CREATE_VCPU,
				  (void *)(unsigned long)max));
	EXPECT(0, set(fd, CONTROL, KVM_DEV_ARM_VGIC_CTRL_INIT, 0));
	EXPECT(EBUSY, __vm_ioctl(vm, KVM_CREATE_VCPU,
				 (void *)(unsigned long)MIN_MAX_VCPUS));
	/* Clusters of 16: the last one is 3.15, and its redistributor too */
	EXPECT(0, get(fd, REDIST_REGS, OF(3 << 8 | 15, GICR_TYPER + 4), &val));
	TEST_ASSERT_EQ((uint32_t)val, 3 << 8 | 15);
	EXPECT(0, get(fd, REDIST_REGS, OF(3 << 8 | 15, GICR_TYPER), &val));
	TEST_ASSERT_EQ((uint32_t)val, (MIN_MAX_VCPUS - 1) << 8 | BIT(4));
	EXPECT(EINVAL, get(fd, REDIST_REGS, OF(16, GICR_TYPER), &val));
	free_vm(vm, fd);
}

/* Redistributors end where the distributor is, which is found with the next one. */
static void test_no_place(void)
{
	const uint64_t dist = GICV3_REDIST_GPA + NR_VCPUS * SZ_128K;
	struct kvm_vcpu *vcpus[NR_VCPUS];
	struct kvm_vm *vm;
	int fd, i;

	vm = create_vm(vcpus, &fd);
	EXPECT(0, set(fd, ADDR, DIST, dist));
	EXPECT(0, set(fd, ADDR, REDIST, GICV3_REDIST_GPA));
	vm_vcpu_add(vm, NR_VCPUS, guest_code);
	for (i = 0; i < 2; i++)
		EXPECT(EINVAL, __vm_ioctl(vm, KVM_CREATE_VCPU,
					  (void *)(NR_VCPUS + 1UL)));
	free_vm(vm, fd);
}

static void test_has_attr(void)
{
	static const struct {
		uint32_t group;
		uint64_t attr;
		int err;
	} cases[] = {
		{ ADDR, DIST, 0 },
		{ ADDR, REDIST, 0 },
		{ ADDR, REGION, 0 },
		{ ADDR, KVM_VGIC_V2_ADDR_TYPE_DIST, ENXIO },
		{ ADDR, KVM_VGIC_ITS_ADDR_TYPE, ENXIO },
		{ ADDR, UNKNOWN, ENXIO },
		{ KVM_DEV_ARM_VGIC_GRP_NR_IRQS, 0, 0 },
		{ CONTROL, KVM_DEV_ARM_VGIC_CTRL_INIT, 0 },
		{ CONTROL, KVM_DEV_ARM_VGIC_SAVE_PENDING_TABLES, 0 },
		{ CONTROL, KVM_DEV_ARM_ITS_SAVE_TABLES, ENXIO },
		{ CONTROL, UNKNOWN, ENXIO },
		{ DIST_REGS, GICD_CTLR, 0 },
		{ DIST_REGS, GICD_CTLR + 1, ENXIO },
		{ DIST_REGS, 0xff00, ENXIO },
		{ REDIST_REGS, OF(LAST_VCPU, GICR_TYPER), 0 },
		{ REDIST_REGS, OF(NO_VCPU, GICR_TYPER), EINVAL },
		{ REDIST_REGS, OF(AFF3, GICR_TYPER), EINVAL },
		{ REDIST_REGS, GICR_TYPER + 2, ENXIO },
		{ REDIST_REGS, GICR_SGI + 0xff00, ENXIO },
		{ SYSREGS, OF(LAST_VCPU, GICV3_SYSREG_ATTR(ICC_PMR)), 0 },
		{ SYSREGS, OF(NO_VCPU, GICV3_SYSREG_ATTR(ICC_PMR)), EINVAL },
		{ SYSREGS, OF(AFF3, GICV3_SYSREG_ATTR(ICC_PMR)), EINVAL },
		/* Those that only a guest can use */
		{ SYSREGS, GICV3_SYSREG_ATTR(ICC_IAR1), ENXIO },
		{ SYSREGS, GICV3_SYSREG_ATTR(ICC_DIR), ENXIO },
		{ SYSREGS, 0, ENXIO },
		{ SYSREGS, 0xffff, ENXIO },
		{ LEVEL_INFO, 0, 0 },
		{ LEVEL_INFO, 1 << KVM_DEV_ARM_VGIC_LINE_LEVEL_INFO_SHIFT,
		  ENXIO },
		{ KVM_DEV_ARM_VGIC_GRP_CPU_REGS, 0, ENXIO },
		{ ITS_REGS, 0, ENXIO },
		{ UNKNOWN, 0, ENXIO },
	};
	struct kvm_vcpu *vcpus[NR_VCPUS];
	struct kvm_vm *vm;
	int fd, i, ret;

	vm = create_vm(vcpus, &fd);
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		ret = has(fd, cases[i].group, cases[i].attr);
		TEST_ASSERT(!ret == !cases[i].err &&
			    (!ret || errno == cases[i].err),
			    "group %u attr 0x%" PRIx64 ": ret %d errno %d",
			    cases[i].group, cases[i].attr, ret, errno);
	}
	free_vm(vm, fd);
}

static void test_addresses(void)
{
	struct kvm_vcpu *vcpus[NR_VCPUS];
	struct kvm_vm *vm;
	uint64_t val;
	int fd;

	vm = create_vm(vcpus, &fd);
	EXPECT(0, get(fd, ADDR, DIST, &val));
	TEST_ASSERT_EQ(val, ~0ULL);
	EXPECT(0, get(fd, ADDR, REDIST, &val));
	TEST_ASSERT_EQ(val, ~0ULL);
	EXPECT(EINVAL, set(fd, ADDR, DIST, GICV3_DIST_GPA + SZ_4K));
	EXPECT(EINVAL, set(fd, ADDR, REDIST, GICV3_REDIST_GPA + SZ_4K));
	EXPECT(E2BIG, set(fd, ADDR, DIST, BEYOND_IPA));
	EXPECT(E2BIG, set(fd, ADDR, REDIST, BEYOND_IPA));
	EXPECT(E2BIG, set(fd, ADDR, REDIST, BEYOND_IPA - SZ_64K));
	EXPECT(ENXIO, set(fd, ADDR, KVM_VGIC_V2_ADDR_TYPE_DIST, 0));
	EXPECT(ENXIO, set(fd, ADDR, KVM_VGIC_V2_ADDR_TYPE_CPU, 0));
	EXPECT(ENXIO, set(fd, ADDR, UNKNOWN, 0));
	EXPECT(EFAULT, __kvm_device_attr_set(fd, ADDR, DIST, NULL));
	EXPECT(EFAULT, __kvm_device_attr_set(fd, ADDR, REDIST, NULL));

	/* An address above 4 GiB comes back whole. */
	EXPECT(0, set(fd, ADDR, DIST, BEYOND_IPA - SZ_64K));
	EXPECT(0, get(fd, ADDR, DIST, &val));
	TEST_ASSERT_EQ(val, BEYOND_IPA - SZ_64K);
	EXPECT(EEXIST, set(fd, ADDR, DIST, GICV3_DIST_GPA));
	EXPECT(0, set(fd, ADDR, REDIST, BEYOND_IPA / 2));
	EXPECT(0, get(fd, ADDR, REDIST, &val));
	TEST_ASSERT_EQ(val, BEYOND_IPA / 2);
	EXPECT(EEXIST, set(fd, ADDR, REDIST, GICV3_REDIST_GPA));
	free_vm(vm, fd);

	/* One on top of the other */
	vm = create_vm(vcpus, &fd);
	EXPECT(0, set(fd, ADDR, DIST, GICV3_DIST_GPA));
	EXPECT(EINVAL, set(fd, ADDR, REDIST, GICV3_DIST_GPA));
	EXPECT(EINVAL, set(fd, ADDR, REDIST, GICV3_DIST_GPA - SZ_128K));
	free_vm(vm, fd);
}

static void test_regions(void)
{
	uint64_t base = GICV3_REDIST_GPA, val;
	struct kvm_vcpu *vcpus[NR_VCPUS];
	struct kvm_vm *vm;
	int fd;

	vm = create_vm(vcpus, &fd);
	EXPECT(EINVAL, set(fd, ADDR, REGION, REDISTS(0, base, 0, 0)));
	EXPECT(EINVAL, set(fd, ADDR, REGION, REDISTS(2, base, 1, 0)));
	EXPECT(EINVAL, set(fd, ADDR, REGION, REDISTS(2, base, 0, 1)));
	EXPECT(E2BIG, set(fd, ADDR, REGION, REDISTS(2, BEYOND_IPA, 0, 0)));
	EXPECT(EFAULT, __kvm_device_attr_set(fd, ADDR, REGION, NULL));
	val = 0;
	EXPECT(ENOENT, __kvm_device_attr_get(fd, ADDR, REGION, &val));

	EXPECT(0, set(fd, ADDR, REGION, REDISTS(2, base, 0, 0)));
	EXPECT(EINVAL, set(fd, ADDR, REGION, REDISTS(2, base, 0, 1)));
	EXPECT(EINVAL, set(fd, ADDR, REDIST, base + SZ_1M));
	EXPECT(0, set(fd, ADDR, REGION, REDISTS(2, base + SZ_1M, 0, 1)));
	val = 1;
	EXPECT(0, __kvm_device_attr_get(fd, ADDR, REGION, &val));
	TEST_ASSERT_EQ(val, REDISTS(2, base + SZ_1M, 0, 1));
	EXPECT(0, set(fd, ADDR, DIST, GICV3_DIST_GPA));
	EXPECT(0, set(fd, CONTROL, KVM_DEV_ARM_VGIC_CTRL_INIT, 0));
	vcpu_run(vcpus[LAST_VCPU]);
	free_vm(vm, fd);

	/* A redistributor is missing: the VM is dead. */
	vm = create_vm(vcpus, &fd);
	EXPECT(0, set(fd, ADDR, REGION, REDISTS(2, base, 0, 0)));
	EXPECT(0, set(fd, ADDR, DIST, GICV3_DIST_GPA));
	EXPECT(0, set(fd, CONTROL, KVM_DEV_ARM_VGIC_CTRL_INIT, 0));
	EXPECT(ENXIO, __vcpu_run(vcpus[0]));
	free_dead_vm(vm, fd);
}

static void test_order(void)
{
	struct kvm_vcpu *vcpus[NR_VCPUS];
	uint32_t nr = NR_IRQS;
	struct kvm_vm *vm;
	uint64_t val;
	int fd;

	vm = create_vm(vcpus, &fd);
	EXPECT(EBUSY, get(fd, DIST_REGS, GICD_CTLR, &val));
	EXPECT(EBUSY, get(fd, REDIST_REGS, GICR_CTLR, &val));
	EXPECT(EBUSY, get(fd, SYSREGS, GICV3_SYSREG_ATTR(ICC_PMR), &val));
	EXPECT(EBUSY, get(fd, LEVEL_INFO, 32, &val));
	EXPECT(ENXIO, set(fd, CONTROL, KVM_DEV_ARM_VGIC_SAVE_PENDING_TABLES, 0));
	EXPECT(ENXIO, set(fd, CONTROL, UNKNOWN, 0));
	EXPECT(ENXIO, set(fd, UNKNOWN, 0, 0));
	EXPECT(0, set(fd, CONTROL, KVM_DEV_ARM_VGIC_CTRL_INIT, 0));
	EXPECT(EBUSY, __kvm_device_attr_set(fd, KVM_DEV_ARM_VGIC_GRP_NR_IRQS,
					    0, &nr));
	EXPECT(ENXIO, __vcpu_run(vcpus[0]));
	free_dead_vm(vm, fd);

	/* It has to be told that it is complete. */
	vm = create_vm(vcpus, &fd);
	EXPECT(0, set(fd, ADDR, DIST, GICV3_DIST_GPA));
	EXPECT(0, set(fd, ADDR, REDIST, GICV3_REDIST_GPA));
	EXPECT(EBUSY, __vcpu_run(vcpus[0]));
	free_dead_vm(vm, fd);
}

static void test_registers(void)
{
	struct kvm_vcpu *vcpus[NR_VCPUS];
	unsigned int pri_bits;
	struct kvm_vm *vm;
	uint64_t val, ctlr;
	int fd;

	vm = create_whole(vcpus, &fd);
	EXPECT(0, get(fd, DIST_REGS, GICD_TYPER, &val));
	TEST_ASSERT_EQ(val & 0x1f, NR_IRQS / 32 - 1);
	EXPECT(0, get(fd, DIST_REGS, GICD_PIDR2, &val));
	TEST_ASSERT_EQ(val & 0xf0, 0x30);
	/* What KVM does not know reads as zero. */
	EXPECT(0, get(fd, DIST_REGS, 0xff00, &val));
	TEST_ASSERT_EQ(val, 0);
	EXPECT(EFAULT, __kvm_device_attr_get(fd, DIST_REGS, GICD_CTLR, NULL));
	EXPECT(EFAULT, __kvm_device_attr_set(fd, DIST_REGS, GICD_CTLR, NULL));
	EXPECT(0, get(fd, REDIST_REGS, GICR_SGI + 0xff00, &val));
	TEST_ASSERT_EQ(val, 0);
	EXPECT(EINVAL, get(fd, REDIST_REGS, OF(NO_VCPU, GICR_CTLR), &val));
	EXPECT(EINVAL, get(fd, REDIST_REGS, OF(AFF3, GICR_CTLR), &val));

	/* User space may write back what it read, and nothing else. */
	EXPECT(0, get(fd, DIST_REGS, GICD_IIDR, &val));
	EXPECT(0, set(fd, DIST_REGS, GICD_IIDR, val));
	EXPECT(EINVAL, set(fd, DIST_REGS, GICD_IIDR, val ^ 0xfff));

	EXPECT(0, set(fd, SYSREGS, GICV3_SYSREG_ATTR(ICC_PMR), 0xf8));
	EXPECT(0, get(fd, SYSREGS, GICV3_SYSREG_ATTR(ICC_PMR), &val));
	TEST_ASSERT_EQ(val, 0xf8);
	EXPECT(0, get(fd, SYSREGS, OF(1, GICV3_SYSREG_ATTR(ICC_PMR)), &val));
	TEST_ASSERT_EQ(val, 0);
	EXPECT(0, get(fd, SYSREGS, GICV3_SYSREG_ATTR(ICC_SRE), &val));
	TEST_ASSERT_EQ(val, 7);
	EXPECT(EINVAL, set(fd, SYSREGS, GICV3_SYSREG_ATTR(ICC_SRE), 6));
	EXPECT(0, set(fd, SYSREGS, GICV3_SYSREG_ATTR(ICC_SRE), 7));
	EXPECT(0, get(fd, SYSREGS, GICV3_SYSREG_ATTR(ICC_CTLR), &ctlr));
	EXPECT(0, set(fd, SYSREGS, GICV3_SYSREG_ATTR(ICC_CTLR), ctlr));
	pri_bits = ICC_CTLR_PRIBITS(ctlr);
	TEST_ASSERT(pri_bits >= 5, "%u bits of priority", pri_bits);
	EXPECT(EINVAL, set(fd, SYSREGS, GICV3_SYSREG_ATTR(ICC_CTLR),
			   ctlr | 7 << 8));
	EXPECT(EINVAL, set(fd, SYSREGS, GICV3_SYSREG_ATTR(ICC_CTLR),
			   ctlr ^ BIT(15)));
	EXPECT(0, set(fd, SYSREGS, GICV3_SYSREG_ATTR(ICC_AP1R0), 0x80000001));
	EXPECT(0, get(fd, SYSREGS, GICV3_SYSREG_ATTR(ICC_AP1R0), &val));
	TEST_ASSERT_EQ(val, 0x80000001);
	EXPECT(pri_bits == 7 ? 0 : EINVAL,
	       get(fd, SYSREGS, GICV3_SYSREG(0, 12, 9, 3), &val));
	EXPECT(ENOENT, get(fd, SYSREGS, GICV3_SYSREG_ATTR(ICC_IAR1), &val));
	EXPECT(ENOENT, set(fd, SYSREGS, 0xffff, 0));
	EXPECT(EINVAL, get(fd, SYSREGS,
			   OF(NO_VCPU, GICV3_SYSREG_ATTR(ICC_PMR)), &val));
	EXPECT(EFAULT, __kvm_device_attr_get(fd, SYSREGS,
					     GICV3_SYSREG_ATTR(ICC_PMR), NULL));
	EXPECT(EFAULT, __kvm_device_attr_set(fd, SYSREGS,
					     GICV3_SYSREG_ATTR(ICC_PMR), NULL));

	EXPECT(EINVAL, get(fd, LEVEL_INFO, 33, &val));
	EXPECT(EINVAL, get(fd, LEVEL_INFO,
			   1 << KVM_DEV_ARM_VGIC_LINE_LEVEL_INFO_SHIFT, &val));
	EXPECT(0, set(fd, DIST_REGS, GICD_ICFGR + 8, 0));
	EXPECT(0, set(fd, LEVEL_INFO, 32, 0x10));
	EXPECT(0, get(fd, LEVEL_INFO, 32, &val));
	TEST_ASSERT_EQ(val, 0x10);

	EXPECT(0, set(fd, CONTROL, KVM_DEV_ARM_VGIC_SAVE_PENDING_TABLES, 0));
	free_vm(vm, fd);
}

static int signal_msi(struct kvm_vm *vm, uint64_t address, uint32_t flags,
		      uint32_t devid)
{
	struct kvm_msi msi = {
		.address_lo = address,
		.address_hi = address >> 32,
		.flags = flags,
		.devid = devid,
	};

	return __vm_ioctl(vm, KVM_SIGNAL_MSI, &msi);
}

static void test_its(void)
{
	struct kvm_vcpu *vcpus[NR_VCPUS];
	uint64_t val, baser;
	struct kvm_vm *vm;
	int gic_fd, fd;

	vm = create_whole(vcpus, &gic_fd);
	EXPECT(ENODEV, signal_msi(vm, GICV3_ITS_GPA + GITS_TRANSLATER,
				  KVM_MSI_VALID_DEVID, 0));
	fd = kvm_create_device(vm, KVM_DEV_TYPE_ARM_VGIC_ITS);
	EXPECT(0, has(fd, ADDR, KVM_VGIC_ITS_ADDR_TYPE));
	EXPECT(ENXIO, has(fd, ADDR, DIST));
	EXPECT(0, has(fd, CONTROL, KVM_DEV_ARM_ITS_SAVE_TABLES));
	EXPECT(ENXIO, has(fd, CONTROL, UNKNOWN));
	EXPECT(0, has(fd, ITS_REGS, GITS_CBASER));
	EXPECT(ENXIO, has(fd, ITS_REGS, GITS_TRANSLATER - SZ_32K));
	EXPECT(ENXIO, has(fd, UNKNOWN, 0));

	EXPECT(ENXIO, get(fd, ITS_REGS, GITS_CTLR, &val));
	EXPECT(EINVAL, set(fd, ADDR, KVM_VGIC_ITS_ADDR_TYPE,
			   GICV3_ITS_GPA + SZ_4K));
	EXPECT(E2BIG, set(fd, ADDR, KVM_VGIC_ITS_ADDR_TYPE, BEYOND_IPA));
	EXPECT(EFAULT, __kvm_device_attr_set(fd, ADDR, KVM_VGIC_ITS_ADDR_TYPE,
					     NULL));
	EXPECT(ENODEV, set(fd, ADDR, DIST, GICV3_ITS_GPA));
	EXPECT(0, set(fd, ADDR, KVM_VGIC_ITS_ADDR_TYPE, GICV3_ITS_GPA));
	EXPECT(EEXIST, set(fd, ADDR, KVM_VGIC_ITS_ADDR_TYPE, GICV3_ITS_GPA));
	EXPECT(0, set(fd, CONTROL, KVM_DEV_ARM_VGIC_CTRL_INIT, 0));

	EXPECT(EINVAL, get(fd, ITS_REGS, GITS_CBASER + 4, &val));
	EXPECT(EINVAL, get(fd, ITS_REGS, GITS_CTLR + 2, &val));
	EXPECT(ENXIO, get(fd, ITS_REGS, 0x1000, &val));
	EXPECT(EFAULT, __kvm_device_attr_set(fd, ITS_REGS, GITS_CTLR, NULL));
	EXPECT(EFAULT, __kvm_device_attr_get(fd, ITS_REGS, GITS_CTLR, NULL));

	/* Whole registers: both halves arrive, and come back. */
	val = BASER_VALID | 0x12340000ULL | 1ULL << 32;
	EXPECT(0, set(fd, ITS_REGS, GITS_CBASER, val));
	EXPECT(0, get(fd, ITS_REGS, GITS_CBASER, &baser));
	TEST_ASSERT_EQ(baser & (BASER_VALID | GENMASK_ULL(51, 12)), val);
	EXPECT(0, set(fd, ITS_REGS, GITS_BASER0, val));
	EXPECT(0, get(fd, ITS_REGS, GITS_BASER0, &baser));
	TEST_ASSERT(baser & BASER_VALID, "GITS_BASER0 0x%" PRIx64, baser);
	EXPECT(0, get(fd, ITS_REGS, GITS_TYPER, &val));
	TEST_ASSERT(val & BIT(0), "GITS_TYPER 0x%" PRIx64, val);
	EXPECT(EINVAL, set(fd, ITS_REGS, GITS_CREADR, 0xfffe0));
	EXPECT(EINVAL, set(fd, ITS_REGS, GITS_IIDR, 0xf000));

	/* There is no memory where the table is said to be. */
	EXPECT(EFAULT, set(fd, CONTROL, KVM_DEV_ARM_ITS_RESTORE_TABLES, 0));
	EXPECT(ENXIO, set(fd, CONTROL, UNKNOWN, 0));
	EXPECT(0, set(fd, CONTROL, KVM_DEV_ARM_ITS_CTRL_RESET, 0));
	EXPECT(0, get(fd, ITS_REGS, GITS_CBASER, &val));
	TEST_ASSERT(!(val & BASER_VALID), "GITS_CBASER 0x%" PRIx64, val);

	/* Nobody listens there, or the device is not named, or is none. */
	EXPECT(EINVAL, signal_msi(vm, GICV3_ITS_GPA + GICV3_ITS_SIZE,
				  KVM_MSI_VALID_DEVID, 0));
	EXPECT(EINVAL, signal_msi(vm, GICV3_DIST_GPA, KVM_MSI_VALID_DEVID, 0));
	EXPECT(EINVAL, signal_msi(vm, GICV3_ITS_GPA + GITS_TRANSLATER, 0, 0));
	EXPECT(EINVAL, signal_msi(vm, GICV3_ITS_GPA + GITS_TRANSLATER, ~0U, 0));
	/* Or the ITS is off */
	EXPECT(EBUSY, signal_msi(vm, GICV3_ITS_GPA + GITS_TRANSLATER,
				 KVM_MSI_VALID_DEVID, 0));
	TEST_ASSERT_EQ(vm_check_cap(vm, KVM_CAP_MSI_DEVID), 1);
	close(fd);
	free_vm(vm, gic_fd);
}

static const struct {
	const char *name;
	void (*test)(void);
} tests[] = {
	{ "creation", test_create },
	{ "vCPUs", test_vcpus },
	{ "no place for a redistributor", test_no_place },
	{ "has_attr", test_has_attr },
	{ "addresses", test_addresses },
	{ "regions of redistributors", test_regions },
	{ "order", test_order },
	{ "registers", test_registers },
	{ "ITS", test_its },
};

int main(void)
{
	int i;

	TEST_REQUIRE(kvm_has_cap(KVM_CAP_IRQCHIP));

	ksft_print_header();
	ksft_set_plan(ARRAY_SIZE(tests));
	for (i = 0; i < ARRAY_SIZE(tests); i++) {
		tests[i].test();
		ksft_test_result_pass("%s\n", tests[i].name);
	}
	ksft_finished();
}
