// SPDX-License-Identifier: GPL-2.0-only
/*
 * Whatever value a register of a 32-bit ARM guest gets from user space, it is
 * either refused or the guest's business alone: the guest may go astray, the
 * host goes on.  Each register gets zeros, ones, and its reset value with each
 * bit in turn the other way round; then some registers get anything, again and
 * again.  And each time the guest runs for a while.  Where there is a PMU for
 * guests, its registers are among them.
 */
#include "astray.h"
#include "kvm_util.h"
#include "pmu.h"
#include "processor.h"

/* A guest that is lost is left to itself for so long, in microseconds. */
#define ASTRAY_US	500

/* Lives with random registers, and how many percent of the registers are */
#define NR_RANDOM	200
#define PERCENT_RANDOM	10

/* Uses what the world switch moves late: VFP and Advanced SIMD. */
static void guest_code(void)
{
	asm volatile(".fpu neon-vfpv4\n"
		     "vadd.f64 d0, d0, d0\n"
		     "vadd.i32 q8, q8, q8\n"
		     ".fpu vfpv3-d16"
		     : : : "d0");
	GUEST_SYNC(0);
}

static struct kvm_vcpu_init vcpu_config = { .target = -1 };

static struct kvm_vm *make_vm(struct kvm_vcpu **vcpu)
{
	struct kvm_vm *vm = vm_create(1);

	*vcpu = arm_vcpu_add(vm, 0, &vcpu_config, guest_code);
	if (vcpu_config.features[0])
		TEST_ASSERT(!vcpu_pmu_attr(*vcpu, KVM_ARM_VCPU_PMU_V3_INIT,
					   NULL), "errno %d", errno);

	return vm;
}

static void start_over(struct kvm_vcpu *vcpu, vm_vaddr_t stack)
{
	arm_vcpu_setup(vcpu, &vcpu_config);
	vcpu_set_reg(vcpu, ARM_CORE_REG(KVM_ARM_SVC_sp), stack);
	vcpu_arch_set_entry_point(vcpu, guest_code);
}

static uint64_t get_reg(struct kvm_vcpu *vcpu, uint64_t id)
{
	uint64_t val = 0;

	vcpu_get_reg(vcpu, id, &val);
	return val;
}

static bool set_reg(struct kvm_vcpu *vcpu, uint64_t id, uint64_t val)
{
	int ret = __vcpu_set_reg(vcpu, id, val);

	TEST_ASSERT(!ret || errno == EINVAL || errno == EBUSY,
		    "register 0x%" PRIx64 " value 0x%" PRIx64 ": errno %d",
		    id, val, errno);
	return !ret;
}

/* How many of the values were taken */
static unsigned int test_reg(uint64_t id)
{
	unsigned int i, taken = 0, bits = 8 << ((id & KVM_REG_SIZE_MASK) >>
						KVM_REG_SIZE_SHIFT);
	struct kvm_vcpu *vcpu;
	struct kvm_vm *vm = make_vm(&vcpu);
	vm_vaddr_t stack = vcpu_get_reg32(vcpu, ARM_CORE_REG(KVM_ARM_SVC_sp));
	uint64_t val, reset = get_reg(vcpu, id);

	for (i = 0; i < bits + 2; i++) {
		val = i < bits ? reset ^ BIT_ULL(i) : -(uint64_t)(i - bits);
		start_over(vcpu, stack);
		if (!set_reg(vcpu, id, val))
			continue;
		taken++;
		vcpu_run_astray(vcpu, ASTRAY_US);
	}

	kvm_vm_free(vm);
	return taken;
}

static void test_random(const struct kvm_reg_list *list,
			struct guest_random_state *rng)
{
	struct kvm_vcpu *vcpu;
	struct kvm_vm *vm = make_vm(&vcpu);
	uint64_t i;

	for (i = 0; i < list->n; i++)
		if (__guest_random_bool(rng, PERCENT_RANDOM))
			set_reg(vcpu, list->reg[i], guest_random_u64(rng));
	vcpu_run_astray(vcpu, ASTRAY_US);
	kvm_vm_free(vm);
}

static struct kvm_reg_list *reg_list(void)
{
	struct kvm_vcpu *vcpu;
	struct kvm_vm *vm = make_vm(&vcpu);
	struct kvm_reg_list *list = vcpu_get_reg_list(vcpu);

	kvm_vm_free(vm);
	return list;
}

int main(void)
{
	struct guest_random_state rng = new_guest_random_state(0);
	struct kvm_reg_list *list;
	uint64_t i;

	vcpu_config.features[0] = pmu_feature();
	list = reg_list();

	ksft_print_header();
	ksft_set_plan(list->n + 2);

	for (i = 0; i < list->n; i++)
		ksft_test_result_pass("register 0x%llx: %u values taken\n",
				      list->reg[i], test_reg(list->reg[i]));

	for (i = 0; i < NR_RANDOM; i++)
		test_random(list, &rng);
	ksft_test_result_pass("%d times registers at random\n", NR_RANDOM);
	free(list);

	ksft_test_result(another_guest_runs(), "another guest runs\n");
	ksft_finished();
}
