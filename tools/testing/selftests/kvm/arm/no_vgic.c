// SPDX-License-Identifier: GPL-2.0-only
/*
 * A host that has no interrupt controller for guests: KVM says so wherever it
 * is asked, and a VM has as many vCPUs as on any other host.
 */
#include "kvm_util.h"
#include "processor.h"

#define NR_VCPUS	8

static void guest_code(void)
{
	GUEST_DONE();
}

static bool fails_with(int ret, int err)
{
	return ret == -1 && errno == err;
}

static bool is_not_created(struct kvm_vm *vm, uint32_t type)
{
	return __kvm_test_create_device(vm, type) && errno == ENODEV &&
	       fails_with(__kvm_create_device(vm, type), ENODEV);
}

static bool has_no_address(struct kvm_vm *vm, uint64_t type)
{
	struct kvm_arm_device_addr addr = {
		.id = KVM_ARM_DEVICE_VGIC_V2 << KVM_ARM_DEVICE_ID_SHIFT | type,
		.addr = 0x8000000,
	};

	return fails_with(__vm_ioctl(vm, KVM_ARM_SET_DEVICE_ADDR, &addr), ENXIO);
}

static bool has_no_lines(struct kvm_vm *vm)
{
	uint32_t spi = KVM_ARM_IRQ_TYPE_SPI << KVM_ARM_IRQ_TYPE_SHIFT | 32;
	uint32_t ppi = KVM_ARM_IRQ_TYPE_PPI << KVM_ARM_IRQ_TYPE_SHIFT | 27;

	return fails_with(_kvm_irq_line(vm, spi, 1), ENXIO) &&
	       fails_with(_kvm_irq_line(vm, ppi, 1), ENXIO);
}

static void check_device(struct kvm_vm *vm)
{
	ksft_test_result(!kvm_has_cap(KVM_CAP_IRQCHIP) &&
			 !vm_check_cap(vm, KVM_CAP_IRQCHIP),
			 "no KVM_CAP_IRQCHIP\n");
	ksft_test_result(fails_with(__vm_ioctl(vm, KVM_CREATE_IRQCHIP, NULL),
				    ENXIO), "KVM_CREATE_IRQCHIP: ENXIO\n");
	ksft_test_result(is_not_created(vm, KVM_DEV_TYPE_ARM_VGIC_V2) &&
			 is_not_created(vm, KVM_DEV_TYPE_ARM_VGIC_V3),
			 "KVM_CREATE_DEVICE: ENODEV\n");
	ksft_test_result(has_no_address(vm, KVM_VGIC_V2_ADDR_TYPE_DIST) &&
			 has_no_address(vm, KVM_VGIC_V2_ADDR_TYPE_CPU),
			 "KVM_ARM_SET_DEVICE_ADDR: ENXIO\n");
	ksft_test_result(has_no_lines(vm), "KVM_IRQ_LINE: ENXIO\n");
}

static void run_all(struct kvm_vcpu *vcpus[])
{
	struct ucall uc;
	int i;

	for (i = 0; i < NR_VCPUS; i++) {
		vcpu_run(vcpus[i]);
		TEST_ASSERT_EQ(get_ucall(vcpus[i], &uc), UCALL_DONE);
	}
}

int main(void)
{
	struct kvm_vcpu *vcpus[NR_VCPUS];
	struct kvm_vm *vm;

	TEST_REQUIRE(!kvm_has_cap(KVM_CAP_IRQCHIP));
	TEST_REQUIRE(kvm_has_cap(KVM_CAP_ARM_USER_IRQ));

	ksft_print_header();
	ksft_set_plan(8);

	vm = vm_create_with_vcpus(NR_VCPUS, guest_code, vcpus);
	check_device(vm);
	run_all(vcpus);
	ksft_test_result_pass("eight vCPUs\n");
	/* Not later, either */
	ksft_test_result(fails_with(__vm_ioctl(vm, KVM_CREATE_IRQCHIP, NULL),
				    ENXIO), "KVM_CREATE_IRQCHIP: ENXIO\n");
	ksft_test_result(kvm_check_cap(KVM_CAP_MAX_VCPUS) == NR_VCPUS,
			 "KVM_CAP_MAX_VCPUS\n");
	kvm_vm_free(vm);

	ksft_finished();
}
