// SPDX-License-Identifier: GPL-2.0-only
/*
 * A guest with fewer counters than its host, down to none: it finds as many as
 * user space has given it, may use each of them, and no other one; and so does
 * user space.  Nor is there another number after it has run, or once its vCPU is
 * reset.
 */
#include <linux/bits.h>

#include "kvm_util.h"
#include "pmu.h"
#include "processor.h"
#include "vgic.h"

#define NR_IRQS			64
/* The cycle counter is none of them */
#define MAX_COUNTERS		31
#define PATTERN(n)		(0x12345600U | (n))

static volatile uint32_t nr_undefs;

static void guest_undef(struct ex_regs *regs)
{
	nr_undefs++;
	regs->pc += 4;
}

/* As MCR and MRC have them in their encoding, there is a function for each. */
#define DEFINE_ACCESSORS(reg) \
static void write_##reg(uint32_t val) \
{ \
	write_cp15(val, CP15_##reg); \
} \
\
static uint32_t read_##reg(void) \
{ \
	return read_cp15(CP15_##reg); \
}

DEFINE_ACCESSORS(PMCNTENSET)
DEFINE_ACCESSORS(PMCNTENCLR)
DEFINE_ACCESSORS(PMINTENSET)
DEFINE_ACCESSORS(PMINTENCLR)
DEFINE_ACCESSORS(PMOVSSET)
DEFINE_ACCESSORS(PMOVSR)

/**
 * struct bits - two registers with a bit for each counter
 * @id: the ONE_REG
 * @set: writes the one that sets bits
 * @clear: writes the one that clears them
 * @read_set: reads the one
 * @read_clear: reads the other
 */
struct bits {
	uint64_t id;
	void (*set)(uint32_t val);
	void (*clear)(uint32_t val);
	uint32_t (*read_set)(void);
	uint32_t (*read_clear)(void);
};

static const struct bits all_bits[] = {
	{ KVM_CP15(CP15_PMCNTENSET), write_PMCNTENSET, write_PMCNTENCLR,
	  read_PMCNTENSET, read_PMCNTENCLR },
	{ KVM_CP15(CP15_PMINTENSET), write_PMINTENSET, write_PMINTENCLR,
	  read_PMINTENSET, read_PMINTENCLR },
	{ KVM_CP15(CP15_PMOVSSET), write_PMOVSSET, write_PMOVSR,
	  read_PMOVSSET, read_PMOVSR },
};

static uint32_t mask_of(uint32_t nr)
{
	return BIT(CYCLES) | (BIT(nr) - 1);
}

static void guest_expect_bits(const struct bits *b, uint32_t wanted)
{
	GUEST_ASSERT_EQ(b->read_set(), wanted);
	GUEST_ASSERT_EQ(b->read_clear(), wanted);
}

static void guest_check_bits(const struct bits *b, uint32_t nr)
{
	uint32_t n;

	b->clear(~0U);
	guest_expect_bits(b, 0);
	for (n = 0; n < nr; n++) {
		b->set(BIT(n));
		guest_expect_bits(b, BIT(n));
		b->clear(~BIT(n));
		guest_expect_bits(b, BIT(n));
		b->clear(BIT(n));
		guest_expect_bits(b, 0);
	}
	b->set(~0U);
	guest_expect_bits(b, mask_of(nr));
	b->clear(~0U);
}

static void guest_check_there(uint32_t n)
{
	guest_set_counter(n, EVENT_INST_RETIRED, PATTERN(n));
	GUEST_ASSERT_EQ(guest_get_counter(n), PATTERN(n));
	GUEST_ASSERT_EQ(read_cp15(CP15_PMXEVTYPER), EVENT_INST_RETIRED);
	GUEST_ASSERT_EQ(nr_undefs, 0);
}

static void guest_expect_undef(void)
{
	GUEST_ASSERT_EQ(nr_undefs, 1);
	nr_undefs = 0;
}

static void guest_check_not_there(uint32_t n)
{
	write_cp15(n, CP15_PMSELR);
	isb();
	write_cp15(0, CP15_PMXEVTYPER);
	guest_expect_undef();
	read_cp15(CP15_PMXEVTYPER);
	guest_expect_undef();
	write_cp15(0, CP15_PMXEVCNTR);
	guest_expect_undef();
	read_cp15(CP15_PMXEVCNTR);
	guest_expect_undef();
}

static void guest_check_reset(uint32_t nr)
{
	uint32_t n;

	write_cp15(PMCR_P, CP15_PMCR);
	for (n = 0; n < nr; n++)
		GUEST_ASSERT_EQ(guest_get_counter(n), 0);
}

static void guest_code(uint32_t nr)
{
	uint32_t n;

	nr_undefs = 0;
	GUEST_ASSERT_EQ(PMCR_N(read_cp15(CP15_PMCR)), nr);
	write_cp15(0, CP15_PMCR);
	GUEST_ASSERT_EQ(PMCR_N(read_cp15(CP15_PMCR)), nr);
	for (n = 0; n < ARRAY_SIZE(all_bits); n++)
		guest_check_bits(&all_bits[n], nr);
	for (n = 0; n < nr; n++)
		guest_check_there(n);
	for (; n < MAX_COUNTERS; n++)
		guest_check_not_there(n);
	guest_check_reset(nr);
	GUEST_DONE();
}

struct machine {
	struct kvm_vm *vm;
	struct kvm_vcpu *vcpu;
	int gic;
};

static const struct kvm_vcpu_init with_pmu = {
	.target = -1,
	.features[0] = BIT(KVM_ARM_VCPU_PMU_V3) | BIT(KVM_ARM_VCPU_PSCI_0_2),
};

static struct machine make_machine(void)
{
	struct kvm_vcpu_init init = with_pmu;
	struct machine m = { .vm = vm_create(1) };

	m.vcpu = arm_vcpu_add(m.vm, 0, &init, guest_code);
	vm_init_descriptor_tables(m.vm);
	vm_install_exception_handler(m.vm, VECTOR_UNDEF, guest_undef);
	m.gic = vgic_v2_setup(m.vm, 1, NR_IRQS);
	TEST_ASSERT(m.gic >= 0, "no vGIC");
	vcpu_init_pmu(m.vcpu);

	return m;
}

static void free_machine(struct machine *m)
{
	close(m->gic);
	kvm_vm_free(m->vm);
}

static uint32_t get_nr(struct kvm_vcpu *vcpu)
{
	return PMCR_N(vcpu_get_reg32(vcpu, KVM_CP15(CP15_PMCR)));
}

static void set_nr(struct kvm_vcpu *vcpu, uint32_t nr)
{
	vcpu_set_reg(vcpu, KVM_CP15(CP15_PMCR), nr << PMCR_N_SHIFT);
}

static void run(struct kvm_vcpu *vcpu, uint32_t nr)
{
	vcpu_args_set(vcpu, 1, nr);
	vcpu_run_until(vcpu, UCALL_DONE);
}

/* What a guest does not have user space cannot set. */
static void check_one_regs(struct kvm_vcpu *vcpu, uint32_t nr)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(all_bits); i++) {
		vcpu_set_reg(vcpu, all_bits[i].id, ~0U);
		TEST_ASSERT_EQ(vcpu_get_reg32(vcpu, all_bits[i].id),
			       mask_of(nr));
		vcpu_set_reg(vcpu, all_bits[i].id, 0);
		TEST_ASSERT_EQ(vcpu_get_reg32(vcpu, all_bits[i].id), 0);
	}
}

static void test_number(uint32_t nr)
{
	struct kvm_vcpu_init init = with_pmu;
	struct machine m = make_machine();
	uint32_t max = get_nr(m.vcpu), sp;

	set_nr(m.vcpu, nr);
	TEST_ASSERT_EQ(get_nr(m.vcpu), nr);
	check_one_regs(m.vcpu, nr);
	sp = vcpu_get_reg32(m.vcpu, ARM_CORE_REG(KVM_ARM_SVC_sp));
	run(m.vcpu, nr);

	set_nr(m.vcpu, nr ? 0 : max);
	TEST_ASSERT_EQ(get_nr(m.vcpu), nr);

	arm_vcpu_setup(m.vcpu, &init);
	vcpu_set_reg(m.vcpu, ARM_CORE_REG(KVM_ARM_SVC_sp), sp);
	vcpu_arch_set_entry_point(m.vcpu, guest_code);
	TEST_ASSERT_EQ(get_nr(m.vcpu), nr);
	run(m.vcpu, nr);
	free_machine(&m);
}

/* More than the host has: not heard, and no error. */
static void test_too_many(uint32_t nr)
{
	struct machine m = make_machine();
	uint32_t max = get_nr(m.vcpu);

	set_nr(m.vcpu, nr);
	TEST_ASSERT_EQ(get_nr(m.vcpu), max);
	free_machine(&m);
}

int main(void)
{
	struct machine m;
	uint32_t nr, max;

	TEST_REQUIRE(kvm_has_cap(KVM_CAP_ARM_PMU_V3));

	m = make_machine();
	max = get_nr(m.vcpu);
	free_machine(&m);
	TEST_ASSERT(max > 0 && max <= MAX_COUNTERS, "%u counters", max);

	for (nr = 0; nr <= max; nr++)
		test_number(nr);
	for (; nr <= MAX_COUNTERS; nr++)
		test_too_many(nr);

	return 0;
}
