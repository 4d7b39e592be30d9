// SPDX-License-Identifier: GPL-2.0-only
/*
 * KVM_VM_TYPE_ARM_IPA_SIZE: a VM with so many bits of guest physical address
 * has memory, a vGIC and devices up to there.  What goes beyond is refused, and
 * what the guest does there is an abort of its own, not an exit.
 */
#include <linux/sizes.h>

#include "isa.h"
#include "kvm_util.h"
#include "processor.h"
#include "vgic.h"

#define MIN_BITS	32
#define MAX_BITS	40

#define TEST_SLOT	10

/* Guest virtual addresses, a page each: */
#define MEM_GVA		0x20000000UL	/* the last but one that the VM has */
#define DEVICE_GVA	0x21000000UL	/* the last */
#define END_GVA		0x22000000UL	/* the first that it does not have */
#define FAR_GVA		0x23000000UL	/* the last of 40 bits */
#define WALK_GVA	0x24000000UL	/* level 3 table beyond the end */

#define OFFSET		0x124
#define MAGIC		0x5aa51234U

static struct fault_site site;
static volatile uint32_t want_far;

static void guest_data_abort_handler(struct ex_regs *regs)
{
	uint32_t dfsr = read_cp15(CP15_DFSR);

	fault_site_check(&site, regs);
	GUEST_ASSERT_EQ(dfsr & FSR_STATUS_MASK, FSR_SYNC_EXTERNAL);
	GUEST_ASSERT_EQ(read_cp15(CP15_DFAR), want_far);
}

static void guest_prefetch_abort_handler(struct ex_regs *regs)
{
	uint32_t ifsr = read_cp15(CP15_IFSR);

	GUEST_ASSERT_EQ(regs->pc, want_far);
	GUEST_ASSERT_EQ(ifsr & FSR_STATUS_MASK, FSR_SYNC_EXTERNAL);
	GUEST_ASSERT_EQ(read_cp15(CP15_IFAR), want_far);

	site.count++;
	regs->pc = regs->lr & ~1U;
}

#define EXPECT_ABORT(insn, addr) do {					\
	uint32_t __n = site.count;					\
									\
	want_far = (addr);						\
	FAULT_SITE(&site, 0, insn, addr);				\
	GUEST_ASSERT_EQ(site.count, __n + 1);				\
} while (0)

static void guest_call(uint32_t addr)
{
	uint32_t n = site.count;

	want_far = addr;
	((void (*)(void))addr)();
	GUEST_ASSERT_EQ(site.count, n + 1);
}

static __arm_state void guest_code(uint32_t has_beyond)
{
	*(volatile uint32_t *)(MEM_GVA + OFFSET) = MAGIC;
	GUEST_ASSERT_EQ(*(volatile uint32_t *)(MEM_GVA + OFFSET), MAGIC);
	writel(MAGIC, (void *)(DEVICE_GVA + OFFSET));

	if (has_beyond) {
		EXPECT_ABORT("ldr r0, [r0]", END_GVA);
		EXPECT_ABORT("str r0, [r0]", END_GVA + OFFSET);
		EXPECT_ABORT("ldrd r0, r1, [r0]", FAR_GVA);
		EXPECT_ABORT("str r0, [r0]", FAR_GVA + OFFSET);
		EXPECT_ABORT("ldr r0, [r0]", WALK_GVA + OFFSET);
		guest_call(END_GVA + OFFSET);
	}
	GUEST_DONE();
}

static struct kvm_vm *vm_create_with_bits(unsigned int bits,
					  struct kvm_vcpu **vcpu)
{
	struct vm_shape shape = {
		.mode = VM_MODE_DEFAULT,
		.type = KVM_VM_TYPE_ARM_IPA_SIZE(bits),
	};

	return vm_create_shape_with_one_vcpu(shape, vcpu, guest_code);
}

static void expect_region(struct kvm_vm *vm, uint64_t gpa, uint64_t size,
			  void *mem, int err)
{
	int ret = __vm_set_user_memory_region(vm, TEST_SLOT, 0, gpa, size, mem);

	TEST_ASSERT(err ? ret == -1 && errno == err : !ret,
		    "0x%" PRIx64 " bytes at 0x%" PRIx64 ": ret %d errno %d",
		    size, gpa, ret, errno);
	if (!ret)
		vm_set_user_memory_region(vm, TEST_SLOT, 0, gpa, 0, mem);
}

static void test_memory(struct kvm_vm *vm, uint64_t end)
{
	void *mem = mmap(NULL, SZ_8K, PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	TEST_ASSERT(mem != MAP_FAILED, "errno %d", errno);
	expect_region(vm, end - SZ_4K, SZ_4K, mem, 0);
	expect_region(vm, end - SZ_8K, SZ_8K, mem, 0);
	expect_region(vm, end - SZ_4K, SZ_8K, mem, EFAULT);
	expect_region(vm, end, SZ_4K, mem, EFAULT);
	expect_region(vm, end + SZ_1G, SZ_4K, mem, EFAULT);
	munmap(mem, SZ_8K);
}

static void expect_vgic_addr(struct kvm_vm *vm, int gic_fd, uint64_t type,
			     uint64_t addr, int err)
{
	struct kvm_arm_device_addr dev_addr = {
		.id = KVM_ARM_DEVICE_VGIC_V2 << KVM_ARM_DEVICE_ID_SHIFT | type,
		.addr = addr,
	};
	int ret = __vm_ioctl(vm, KVM_ARM_SET_DEVICE_ADDR, &dev_addr);

	TEST_ASSERT(ret == -1 && errno == err,
		    "ioctl, type %" PRIu64 " at 0x%" PRIx64 ": ret %d errno %d",
		    type, addr, ret, errno);

	ret = __kvm_device_attr_set(gic_fd, KVM_DEV_ARM_VGIC_GRP_ADDR, type,
				    &addr);
	TEST_ASSERT(ret == -1 && errno == err,
		    "attribute %" PRIu64 " at 0x%" PRIx64 ": ret %d errno %d",
		    type, addr, ret, errno);
}

static void test_vgic(unsigned int bits)
{
	uint64_t addr, end = BIT_ULL(bits);
	struct kvm_vcpu *vcpu;
	struct kvm_vm *vm = vm_create_with_bits(bits, &vcpu);
	int gic_fd = kvm_create_device(vm, KVM_DEV_TYPE_ARM_VGIC_V2);

	expect_vgic_addr(vm, gic_fd, KVM_VGIC_V2_ADDR_TYPE_DIST, end, E2BIG);
	expect_vgic_addr(vm, gic_fd, KVM_VGIC_V2_ADDR_TYPE_CPU, end, E2BIG);
	expect_vgic_addr(vm, gic_fd, KVM_VGIC_V2_ADDR_TYPE_CPU, end - SZ_4K,
			 E2BIG);

	addr = end - SZ_4K;
	kvm_device_attr_set(gic_fd, KVM_DEV_ARM_VGIC_GRP_ADDR,
			    KVM_VGIC_V2_ADDR_TYPE_DIST, &addr);

	close(gic_fd);
	kvm_vm_free(vm);
}

static void map_guest(struct kvm_vm *vm, uint64_t end)
{
	const uint64_t far = BIT_ULL(MAX_BITS) - SZ_4K;

	vm_userspace_mem_region_add(vm, VM_MEM_SRC_ANONYMOUS, end - SZ_8K,
				    TEST_SLOT, 1, 0);
	virt_map(vm, MEM_GVA, end - SZ_8K, 1);
	virt_map_device(vm, DEVICE_GVA, end - SZ_4K, 1);
	if (end > far)
		return;

	virt_map(vm, END_GVA, end, 1);
	virt_map(vm, FAR_GVA, far, 1);
	/* Map a page to get a table, and let the table above lose it. */
	virt_map(vm, WALK_GVA, end, 1);
	*virt_get_table_pte_hva(vm, WALK_GVA) = end | PTE_TABLE;
}

static void check_mmio(struct kvm_vcpu *vcpu, uint64_t end)
{
	TEST_ASSERT_KVM_EXIT_REASON(vcpu, KVM_EXIT_MMIO);
	TEST_ASSERT(vcpu->run->mmio.phys_addr == end - SZ_4K + OFFSET &&
		    *(uint32_t *)vcpu->run->mmio.data == MAGIC,
		    "MMIO at 0x%llx", vcpu->run->mmio.phys_addr);
}

static void test_guest(struct kvm_vm *vm, struct kvm_vcpu *vcpu, uint64_t end)
{
	struct ucall uc;

	vm_init_descriptor_tables(vm);
	vm_install_exception_handler(vm, VECTOR_DATA_ABORT,
				     guest_data_abort_handler);
	vm_install_exception_handler(vm, VECTOR_PREFETCH_ABORT,
				     guest_prefetch_abort_handler);
	map_guest(vm, end);
	vcpu_args_set(vcpu, 1, end < BIT_ULL(MAX_BITS));

	vcpu_run(vcpu);
	TEST_ASSERT_EQ(get_ucall(vcpu, &uc), UCALL_NONE);
	check_mmio(vcpu, end);

	vcpu_run(vcpu);
	get_ucall(vcpu, &uc);
	if (uc.cmd == UCALL_ABORT)
		REPORT_GUEST_ASSERT(uc);
	TEST_ASSERT(uc.cmd == UCALL_DONE, "ucall %" PRIu64 ", exit %s at 0x%llx",
		    uc.cmd, exit_reason_str(vcpu->run->exit_reason),
		    vcpu->run->mmio.phys_addr);
}

static void test_bits(unsigned int bits)
{
	uint64_t end = BIT_ULL(bits);
	struct kvm_vcpu *vcpu;
	struct kvm_vm *vm = vm_create_with_bits(bits, &vcpu);

	test_memory(vm, end);
	test_guest(vm, vcpu, end);
	kvm_vm_free(vm);
	test_vgic(bits);
}

/* Zero is the default, which is 40. */
static void test_types(void)
{
	int kvm_fd = open_kvm_dev_path_or_exit();
	unsigned int type;
	int fd, err;

	TEST_ASSERT_EQ(kvm_check_cap(KVM_CAP_ARM_VM_IPA_SIZE), MAX_BITS);

	for (type = 0; type <= 2 * KVM_VM_TYPE_ARM_IPA_SIZE_MASK + 1; type++) {
		fd = ioctl(kvm_fd, KVM_CREATE_VM, type);
		err = fd < 0 ? errno : 0;
		TEST_ASSERT_EQ(err, !type || (type >= MIN_BITS &&
					      type <= MAX_BITS) ? 0 : EINVAL);
		if (fd >= 0)
			close(fd);
	}
	close(kvm_fd);
}

int main(void)
{
	unsigned int bits;

	ksft_print_header();
	ksft_set_plan(MAX_BITS - MIN_BITS + 2);

	test_types();
	ksft_test_result_pass("machine types\n");

	for (bits = MIN_BITS; bits <= MAX_BITS; bits++) {
		test_bits(bits);
		ksft_test_result_pass("%u bits\n", bits);
	}

	ksft_finished();
}
