// SPDX-License-Identifier: GPL-2.0-only
/*
 * Hypercalls of 32-bit ARM guests by the SMC Calling Convention: the firmware
 * feature registers and what they switch, the entropy service, and the filter
 * that user space may put in front.
 */
#include <linux/arm-smccc.h>
#include <linux/psci.h>

#include "arch_timer.h"
#include "kvm_util.h"
#include "processor.h"

#define NOT_SUPPORTED		((uint32_t)SMCCC_RET_NOT_SUPPORTED)

/* TRNG (ARM DEN 0098) */
#define TRNG_VERSION_1_0	0x10000U
#define TRNG_INVALID_PARAMETERS	((uint32_t)-2)
#define TRNG_MAX_BITS		96
#define NR_TRNG_CALLS		64

/* PTP_KVM (Documentation/virt/kvm/arm/ptp_kvm.rst) */
#define UNKNOWN_COUNTER		2
#define NR_PTP_CALLS		10

#define REG(n)			(ARM_CORE_REG(usr_regs.uregs[0]) + (n))

struct fw_reg {
	const char *name;
	uint64_t id;
	uint64_t features;	/* bits that may be set */
};

/*
 * STD_HYP has the bit of stolen time, which a 32-bit guest has no call for;
 * the register is there all the same.
 */
static const struct fw_reg fw_regs[] = {
	{ "STD", KVM_REG_ARM_STD_BMAP, 1 },
	{ "STD_HYP", KVM_REG_ARM_STD_HYP_BMAP, 1 },
	{ "VENDOR_HYP", KVM_REG_ARM_VENDOR_HYP_BMAP, 3 },
};

struct call {
	uint32_t fn;
	uint32_t arg;
};

/* Calls that the firmware feature registers switch */
static const struct call feature_calls[] = {
	{ ARM_SMCCC_TRNG_VERSION, 0 },
	{ ARM_SMCCC_TRNG_FEATURES, ARM_SMCCC_TRNG_RND32 },
	{ ARM_SMCCC_TRNG_GET_UUID, 0 },
	{ ARM_SMCCC_TRNG_RND32, 32 },
	{ ARM_SMCCC_VENDOR_HYP_CALL_UID_FUNC_ID, 0 },
	{ ARM_SMCCC_VENDOR_HYP_KVM_FEATURES_FUNC_ID, 0 },
};

static void run_until(struct kvm_vcpu *vcpu, struct ucall *uc, uint64_t cmd)
{
	vcpu_run(vcpu);
	get_ucall(vcpu, uc);
	if (uc->cmd == UCALL_ABORT)
		REPORT_GUEST_ASSERT(*uc);
	TEST_ASSERT(uc->cmd == cmd, "ucall %" PRIu64 ", exit %s", uc->cmd,
		    exit_reason_str(vcpu->run->exit_reason));
}

static void guest_features(bool enabled)
{
	struct arm_smccc_res res;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(feature_calls); i++) {
		smccc_hvc(feature_calls[i].fn, feature_calls[i].arg, 0, 0,
			  &res);
		__GUEST_ASSERT((res.a0 != NOT_SUPPORTED) == enabled,
			       "call 0x%x returns 0x%x",
			       feature_calls[i].fn, res.a0);
	}

	GUEST_DONE();
}

static void check_fw_regs(struct kvm_vcpu *vcpu)
{
	const struct fw_reg *r;
	uint64_t val;
	int i, ret;

	for (i = 0; i < ARRAY_SIZE(fw_regs); i++) {
		r = &fw_regs[i];

		val = vcpu_get_reg64(vcpu, r->id);
		TEST_ASSERT(val == r->features, "%s: 0x%" PRIx64, r->name,
			    val);

		ret = __vcpu_set_reg(vcpu, r->id, r->features + 1);
		TEST_ASSERT(ret == -1 && errno == EINVAL,
			    "%s: reserved bit: ret %d errno %d", r->name, ret,
			    errno);
		/* A register has 64 bits on every host. */
		ret = __vcpu_set_reg(vcpu, r->id, 1ULL << 32);
		TEST_ASSERT(ret == -1 && errno == EINVAL,
			    "%s: bit 32: ret %d errno %d", r->name, ret,
			    errno);
		TEST_ASSERT(vcpu_get_reg64(vcpu, r->id) == r->features,
			    "%s changed", r->name);
	}
}

static void test_features(bool enabled)
{
	struct kvm_vcpu *vcpu;
	struct kvm_vm *vm;
	struct ucall uc;
	int i, ret;

	vm = vm_create_with_one_vcpu(&vcpu, guest_features);
	check_fw_regs(vcpu);

	for (i = 0; !enabled && i < ARRAY_SIZE(fw_regs); i++)
		vcpu_set_reg(vcpu, fw_regs[i].id, 0);

	vcpu_args_set(vcpu, 1, enabled);
	run_until(vcpu, &uc, UCALL_DONE);

	/* It ran: too late for another value, while the same one is fine. */
	for (i = 0; i < ARRAY_SIZE(fw_regs); i++) {
		ret = __vcpu_set_reg(vcpu, fw_regs[i].id,
				     enabled ? 0 : fw_regs[i].features);
		TEST_ASSERT(ret == -1 && errno == EBUSY,
			    "%s: ret %d errno %d", fw_regs[i].name, ret,
			    errno);
		vcpu_set_reg(vcpu, fw_regs[i].id,
			     enabled ? fw_regs[i].features : 0);
	}

	kvm_vm_free(vm);
}

static uint32_t smc_one(uint32_t function_id)
{
	register uint32_t r0 asm("r0") = function_id;

	asm volatile(".arch_extension sec\nsmc #1"
		     : "+r" (r0) : : "r1", "r2", "r3", "memory");
	return r0;
}

static void guest_identity(void)
{
	struct arm_smccc_res res;

	smccc_hvc(ARM_SMCCC_VERSION_FUNC_ID, 0, 0, 0, &res);
	GUEST_ASSERT_EQ(res.a0, ARM_SMCCC_VERSION_1_1);

	smccc_hvc(ARM_SMCCC_VENDOR_HYP_CALL_UID_FUNC_ID, 0, 0, 0, &res);
	GUEST_ASSERT_EQ(res.a0, ARM_SMCCC_VENDOR_HYP_UID_KVM_REG_0);
	GUEST_ASSERT_EQ(res.a1, ARM_SMCCC_VENDOR_HYP_UID_KVM_REG_1);
	GUEST_ASSERT_EQ(res.a2, ARM_SMCCC_VENDOR_HYP_UID_KVM_REG_2);
	GUEST_ASSERT_EQ(res.a3, ARM_SMCCC_VENDOR_HYP_UID_KVM_REG_3);

	/* An unknown function, by either conduit */
	smccc_hvc(0x8600abcd, 1, 2, 3, &res);
	GUEST_ASSERT_EQ(res.a0, NOT_SUPPORTED);
	smccc_smc(0x8600abcd, 1, 2, 3, &res);
	GUEST_ASSERT_EQ(res.a0, NOT_SUPPORTED);
	/* KVM is not told the immediate */
	GUEST_ASSERT_EQ(smc_one(ARM_SMCCC_VERSION_FUNC_ID),
			ARM_SMCCC_VERSION_1_1);

	/* SMC64 calls don't exist for a 32-bit guest. */
	smccc_hvc(ARM_SMCCC_TRNG_RND64, 64, 0, 0, &res);
	GUEST_ASSERT_EQ(res.a0, NOT_SUPPORTED);
	smccc_hvc(ARM_SMCCC_TRNG_FEATURES, ARM_SMCCC_TRNG_RND64, 0, 0, &res);
	GUEST_ASSERT_EQ(res.a0, NOT_SUPPORTED);

	GUEST_DONE();
}

/*
 * Entropy: R3 has the lowest bits, R1 the highest, bits that were not asked
 * for are zero, and over some calls every bit that was is seen in both states.
 */
static void guest_trng(void)
{
	uint32_t ones[3] = {}, zeroes[3] = {}, mask;
	struct arm_smccc_res res;
	unsigned int bits, i;

	smccc_hvc(ARM_SMCCC_TRNG_VERSION, 0, 0, 0, &res);
	GUEST_ASSERT_EQ(res.a0, TRNG_VERSION_1_0);

	for (i = 0; i < NR_TRNG_CALLS; i++) {
		smccc_hvc(ARM_SMCCC_TRNG_RND32, TRNG_MAX_BITS, 0, 0, &res);
		GUEST_ASSERT_EQ(res.a0, SMCCC_RET_SUCCESS);
		ones[0] |= res.a3;
		ones[1] |= res.a2;
		ones[2] |= res.a1;
		zeroes[0] |= ~res.a3;
		zeroes[1] |= ~res.a2;
		zeroes[2] |= ~res.a1;
	}
	for (i = 0; i < ARRAY_SIZE(ones); i++)
		__GUEST_ASSERT(ones[i] == ~0U && zeroes[i] == ~0U,
			       "word %u: bits never 1: 0x%x, never 0: 0x%x", i,
			       ~ones[i], ~zeroes[i]);

	for (bits = 1; bits <= TRNG_MAX_BITS; bits++) {
		smccc_hvc(ARM_SMCCC_TRNG_RND32, bits, 0, 0, &res);
		GUEST_ASSERT_EQ(res.a0, SMCCC_RET_SUCCESS);

		mask = bits % 32 ? ~0U << (bits % 32) : 0;
		if (bits <= 32)
			GUEST_ASSERT_EQ(res.a3 & mask, 0);
		else if (bits <= 64)
			GUEST_ASSERT_EQ(res.a2 & mask, 0);
		else
			GUEST_ASSERT_EQ(res.a1 & mask, 0);
		GUEST_ASSERT(bits > 32 || !res.a2);
		GUEST_ASSERT(bits > 64 || !res.a1);
	}

	smccc_hvc(ARM_SMCCC_TRNG_RND32, TRNG_MAX_BITS + 1, 0, 0, &res);
	GUEST_ASSERT_EQ(res.a0, TRNG_INVALID_PARAMETERS);

	GUEST_DONE();
}

/*
 * Time of day together with the counter it belongs to: the counter is read
 * during the call, and neither goes back.  R0 and R2 have the upper halves.
 */
static void guest_ptp(void)
{
	uint64_t before, after, cycles, ns, last_ns = 0;
	struct arm_smccc_res res;
	unsigned int i;

	for (i = 0; i < NR_PTP_CALLS; i++) {
		before = timer_get_cntct(VIRTUAL);
		smccc_hvc(ARM_SMCCC_VENDOR_HYP_KVM_PTP_FUNC_ID,
			  KVM_PTP_VIRT_COUNTER, 0, 0, &res);
		after = timer_get_cntct(VIRTUAL);
		GUEST_ASSERT(res.a0 != NOT_SUPPORTED);

		ns = (uint64_t)res.a0 << 32 | res.a1;
		cycles = (uint64_t)res.a2 << 32 | res.a3;
		GUEST_ASSERT(before <= cycles && cycles <= after);
		GUEST_ASSERT(ns > last_ns);
		last_ns = ns;
	}

	smccc_hvc(ARM_SMCCC_VENDOR_HYP_KVM_PTP_FUNC_ID, UNKNOWN_COUNTER, 0, 0,
		  &res);
	GUEST_ASSERT_EQ(res.a0, NOT_SUPPORTED);

	GUEST_DONE();
}

static void test_guest(void *guest_code)
{
	struct kvm_vcpu *vcpu;
	struct kvm_vm *vm;
	struct ucall uc;

	vm = vm_create_with_one_vcpu(&vcpu, guest_code);
	run_until(vcpu, &uc, UCALL_DONE);
	kvm_vm_free(vm);
}

/* Such a call may be made where nobody has announced it */
static void guest_mitigation(void)
{
	static const uint32_t calls[] = {
		ARM_SMCCC_ARCH_WORKAROUND_1, ARM_SMCCC_ARCH_WORKAROUND_3,
	};
	struct arm_smccc_res res;
	int i;

	for (i = 0; i < ARRAY_SIZE(calls); i++) {
		smccc_hvc(calls[i], 1, 2, 3, &res);
		GUEST_ASSERT_EQ(res.a0, SMCCC_RET_SUCCESS);
		smccc_hvc(calls[i] - 1, 1, 2, 3, &res);
		GUEST_ASSERT_EQ(res.a0, NOT_SUPPORTED);
	}
	GUEST_DONE();
}

#define SPECTRE_V2	"/sys/devices/system/cpu/vulnerabilities/spectre_v2"

/* A guest is not told that it is safe where the host is not */
static void test_mitigation(void)
{
	struct kvm_vcpu *vcpu;
	struct ucall uc;
	char host[256] = "";
	struct kvm_vm *vm;
	uint64_t state;
	FILE *file;

	file = fopen(SPECTRE_V2, "r");
	TEST_ASSERT(file && fgets(host, sizeof(host), file), SPECTRE_V2);
	fclose(file);

	vm = vm_create_with_one_vcpu(&vcpu, guest_mitigation);
	vcpu_get_reg(vcpu, KVM_REG_ARM_SMCCC_ARCH_WORKAROUND_1, &state);
	TEST_ASSERT(!strncmp(host, "Not affected", 12) ||
		    state != KVM_REG_ARM_SMCCC_ARCH_WORKAROUND_1_NOT_REQUIRED,
		    "not required, but the host says %s", host);
	run_until(vcpu, &uc, UCALL_DONE);
	kvm_vm_free(vm);
}

static int set_filter(struct kvm_vm *vm, uint32_t base, uint32_t nr,
		      uint8_t action, uint8_t pad)
{
	struct kvm_smccc_filter filter = {
		.base = base,
		.nr_functions = nr,
		.action = action,
		.pad = { pad },
	};

	return __kvm_device_attr_set(vm->fd, KVM_ARM_VM_SMCCC_CTRL,
				     KVM_ARM_VM_SMCCC_FILTER, &filter);
}

static void test_filter_errors(void)
{
	static const struct {
		const char *what;
		uint32_t base, nr;
		uint8_t action, pad;
		int err;
	} cases[] = {
		{ "padding", PSCI_0_2_FN_PSCI_VERSION, 1,
		  KVM_SMCCC_FILTER_DENY, 1, EINVAL },
		{ "no function", PSCI_0_2_FN_PSCI_VERSION, 0,
		  KVM_SMCCC_FILTER_DENY, 0, EINVAL },
		{ "overflow", ~0U, ~0U, KVM_SMCCC_FILTER_DENY, 0, EINVAL },
		{ "action", PSCI_0_2_FN_PSCI_VERSION, 1, 3, 0, EINVAL },
		{ "architecture calls", ARM_SMCCC_ARCH_WORKAROUND_1, 1,
		  KVM_SMCCC_FILTER_DENY, 0, EEXIST },
		{ "first", PSCI_0_2_FN_CPU_ON, 1, KVM_SMCCC_FILTER_DENY, 0,
		  0 },
		{ "overlap", PSCI_0_2_FN_CPU_ON - 1, 3,
		  KVM_SMCCC_FILTER_DENY, 0, EEXIST },
	};
	struct kvm_vcpu *vcpu;
	struct kvm_vm *vm;
	struct ucall uc;
	int i, ret;

	vm = vm_create_with_one_vcpu(&vcpu, guest_identity);

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		ret = set_filter(vm, cases[i].base, cases[i].nr,
				 cases[i].action, cases[i].pad);
		TEST_ASSERT(!ret == !cases[i].err &&
			    (!ret || errno == cases[i].err),
			    "%s: ret %d errno %d", cases[i].what, ret, errno);
	}

	run_until(vcpu, &uc, UCALL_DONE);
	ret = set_filter(vm, PSCI_0_2_FN_CPU_OFF, 1, KVM_SMCCC_FILTER_DENY, 0);
	TEST_ASSERT(ret == -1 && errno == EBUSY,
		    "after the VM has run: ret %d errno %d", ret, errno);

	kvm_vm_free(vm);
}

static void guest_filtered(uint32_t fn, bool smc)
{
	struct arm_smccc_res res;

	if (smc)
		smccc_smc(fn, 1, 2, 3, &res);
	else
		smccc_hvc(fn, 1, 2, 3, &res);
	GUEST_SYNC2(res.a0, res.a3);
	GUEST_DONE();
}

/* Of a function that answers unless it is denied: guest_trng() */
static void test_filter(bool smc, bool to_user)
{
	const uint32_t fn = ARM_SMCCC_TRNG_VERSION;
	const uint32_t want_flags = smc ? KVM_HYPERCALL_EXIT_SMC : 0;
	struct kvm_vcpu *vcpu;
	struct kvm_run *run;
	struct kvm_vm *vm;
	struct ucall uc;

	vm = vm_create_with_one_vcpu(&vcpu, guest_filtered);
	vcpu_args_set(vcpu, 2, fn, smc);
	TEST_ASSERT(!set_filter(vm, fn, 1, to_user ?
				KVM_SMCCC_FILTER_FWD_TO_USER :
				KVM_SMCCC_FILTER_DENY, 0), "errno %d", errno);

	if (to_user) {
		run = vcpu->run;
		vcpu_run(vcpu);
		TEST_ASSERT_KVM_EXIT_REASON(vcpu, KVM_EXIT_HYPERCALL);
		TEST_ASSERT(run->hypercall.nr == fn &&
			    run->hypercall.flags == want_flags,
			    "function 0x%llx flags 0x%llx", run->hypercall.nr,
			    run->hypercall.flags);

		/* The PC is behind the call, whatever the conduit. */
		TEST_ASSERT(vcpu_get_reg32(vcpu, REG(3)) == 3,
			    "R3 0x%x", vcpu_get_reg32(vcpu, REG(3)));
		vcpu_set_reg(vcpu, REG(0), 0x1234);
		vcpu_set_reg(vcpu, REG(3), 0x5678);
	}

	run_until(vcpu, &uc, UCALL_SYNC);
	TEST_ASSERT(uc.args[0] == (to_user ? 0x1234 : NOT_SUPPORTED),
		    "R0 0x%x", (uint32_t)uc.args[0]);
	TEST_ASSERT(!to_user || uc.args[1] == 0x5678,
		    "R3 0x%x", (uint32_t)uc.args[1]);
	run_until(vcpu, &uc, UCALL_DONE);

	kvm_vm_free(vm);
}

int main(void)
{
	ksft_print_header();
	ksft_set_plan(11);

	test_features(true);
	ksft_test_result_pass("features on\n");
	test_features(false);
	ksft_test_result_pass("features off\n");
	test_guest(guest_identity);
	ksft_test_result_pass("identity and unknown functions\n");
	test_guest(guest_trng);
	ksft_test_result_pass("entropy\n");
	test_guest(guest_ptp);
	ksft_test_result_pass("time of day\n");
	test_mitigation();
	ksft_test_result_pass("branch prediction\n");
	test_filter_errors();
	ksft_test_result_pass("filter: errors\n");
	test_filter(false, false);
	ksft_test_result_pass("filter: deny HVC\n");
	test_filter(true, false);
	ksft_test_result_pass("filter: deny SMC\n");
	test_filter(false, true);
	ksft_test_result_pass("filter: HVC to user space\n");
	test_filter(true, true);
	ksft_test_result_pass("filter: SMC to user space\n");

	ksft_finished();
}
