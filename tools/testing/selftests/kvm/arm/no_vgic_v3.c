// SPDX-License-Identifier: GPL-2.0-only
/*
 * A guest whose VM has no GICv3 has none of its registers either, though the
 * CPU does: each access is UNDEFINED. The host's own, between the guest's, are
 * not, which it shows by going on.
 */
#include "gic_v3.h"

static volatile uint32_t nr_undef;

static void guest_undef_handler(struct ex_regs *regs)
{
	nr_undef++;
	/* Those of a coprocessor have four bytes in either instruction set */
	regs->pc += sizeof(uint32_t);
}

#define EXPECT_UNDEF(access) do {					\
	uint32_t __n = nr_undef;					\
									\
	access;								\
	__GUEST_ASSERT(nr_undef == __n + 1, "%u exceptions of " #access,	\
		       nr_undef - __n);					\
} while (0)

static void guest_code(void)
{
	/* By each bit of ICH_HCR, and by HCR.IMO */
	EXPECT_UNDEF(read_cp15(ICC_PMR));
	EXPECT_UNDEF(write_cp15(0xff, ICC_PMR));
	EXPECT_UNDEF(read_cp15(ICC_CTLR));
	EXPECT_UNDEF(read_cp15(ICC_RPR));
	EXPECT_UNDEF(write_cp15(0, ICC_DIR));
	EXPECT_UNDEF(read_cp15(ICC_IAR0));
	EXPECT_UNDEF(write_cp15(1, ICC_IGRPEN0));
	EXPECT_UNDEF(read_cp15(ICC_IAR1));
	EXPECT_UNDEF(write_cp15(0, ICC_EOIR1));
	EXPECT_UNDEF(read_cp15(ICC_AP1R0));
	EXPECT_UNDEF(write_cp15(1, ICC_IGRPEN1));
	EXPECT_UNDEF(write_cp15_64(0, ICC_SGI1R));
	EXPECT_UNDEF(write_cp15_64(0, ICC_ASGI1R));
	EXPECT_UNDEF(write_cp15_64(0, ICC_SGI0R));
	GUEST_DONE();
}

int main(void)
{
	struct kvm_vcpu *vcpu;
	struct kvm_vm *vm;

	ksft_print_header();
	ksft_set_plan(1);

	vm = vm_create_with_one_vcpu(&vcpu, guest_code);
	vm_init_descriptor_tables(vm);
	vm_install_exception_handler(vm, VECTOR_UNDEF, guest_undef_handler);
	TEST_REQUIRE(vcpu_get_reg32(vcpu, KVM_CP15(CP15_ID_PFR1)) >> 28);

	vcpu_run_until(vcpu, UCALL_DONE);
	ksft_test_result_pass("no register of a GICv3\n");

	kvm_vm_free(vm);
	ksft_finished();
}
