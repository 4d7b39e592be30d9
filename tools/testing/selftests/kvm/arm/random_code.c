// SPDX-License-Identifier: GPL-2.0-only
/*
 * Guests that execute anything: random instructions of both instruction sets
 * with random registers, most of them of a kind that traps or has to do with
 * the CPU's system state; and a vGIC to which user space has written anything.
 * They have a PMU where there is one for guests.
 * Whatever becomes of the guests, the host goes on.
 */
#include <linux/sizes.h>

#include "astray.h"
#include "gic.h"
#include "kvm_util.h"
#include "pmu.h"
#include "processor.h"
#include "vgic.h"

#define NR_VMS		60
#define NR_PROGRAMS	30	/* of each VM */
#define PROGRAM_US	2000	/* between two exits, of which */
#define MAX_EXITS	1000	/* a program may have so many */
#define NR_IRQS		64
#define NR_VGIC_WRITES	40	/* for each program */

#define CODE_GPA	0x40000000UL
#define CODE_SLOT	10
#define CODE_PAGES	1
#define VECTORS_GPA	(CODE_GPA + CODE_PAGES * SZ_4K)
#define NR_INSNS	(CODE_PAGES * SZ_4K / sizeof(uint32_t))

#define COND_MASK	0xf0000000U
#define COND_ALWAYS	0xe0000000U

/**
 * struct insn_kind - a kind of instruction, as in ARM; many are in Thumb, too
 * @fixed: the bits that make it one
 * @value: their value; the condition, unless it is fixed, is always true
 */
struct insn_kind {
	uint32_t fixed;
	uint32_t value;
};

/* ARM ARM, A5 */
static const struct insn_kind kinds[] = {
	{ 0,		0 },		/* any */
	{ 0x0c000000,	0x04000000 },	/* load, store */
	{ 0x0e000000,	0x08000000 },	/* load, store multiple */
	{ 0x0f900080,	0x01000000 },	/* miscellaneous */
	{ 0x0ff000f0,	0x01400070 },	/* HVC */
	{ 0x0ff000f0,	0x01600070 },	/* SMC */
	{ 0x0fb00000,	0x03200000 },	/* MSR, hints */
	{ 0xfff00000,	0xf1000000 },	/* CPS, SETEND */
	{ 0xfe500000,	0xf8400000 },	/* SRS */
	{ 0xfe500000,	0xf8100000 },	/* RFE */
	{ 0x0f000f10,	0x0e000f10 },	/* MCR, MRC cp15 */
	{ 0x0f000f10,	0x0e000e10 },	/* MCR, MRC cp14 */
	{ 0x0f000010,	0x0e000010 },	/* MCR, MRC */
	{ 0x0f0f0f10,	0x0e090f10 },	/* MCR, MRC cp15, c9 */
	{ 0x0fe00f00,	0x0c400f00 },	/* MCRR, MRRC cp15 */
	{ 0x0fe00f00,	0x0c400e00 },	/* MCRR, MRRC cp14 */
	{ 0x0f000010,	0x0e000000 },	/* CDP, VFP */
	{ 0x0e000000,	0x0c000000 },	/* LDC, STC, VFP */
	{ 0x0fe00f10,	0x0ee00a10 },	/* VMSR, VMRS */
	{ 0xfe000000,	0xf2000000 },	/* Advanced SIMD */
};

/* What made an exception is passed over, and who got lost starts over. */
static const uint32_t vectors_code[] = {
	0xe3a0f101,	/* reset:		mov pc, #CODE_GPA */
	0xe1b0f00e,	/* undefined:		movs pc, lr */
	0xe1b0f00e,	/* SVC:			movs pc, lr */
	0xe3a0f101,	/* Prefetch Abort:	mov pc, #CODE_GPA */
	0xe25ef004,	/* Data Abort:		subs pc, lr, #4 */
	0xe3a0f101,	/* not used:		mov pc, #CODE_GPA */
	0xe25ef004,	/* IRQ:			subs pc, lr, #4 */
	0xe25ef004,	/* FIQ:			subs pc, lr, #4 */
};

static struct guest_random_state rng;

/*
 * MRRC with the PC as one of its registers is UNPREDICTABLE (ARM ARM, A8.8.108).
 * QEMU 10.0 aborts in its translator where the other side is a counter: it wants
 * the PC after it has given it up.
 */
static bool is_mrrc_to_pc(uint32_t insn)
{
	return (insn & 0x0ff00000) == 0x0c500000 &&
	       ((insn & 0x000f0000) == 0x000f0000 ||
		(insn & 0x0000f000) == 0x0000f000);
}

static uint32_t random_insn(void)
{
	const struct insn_kind *kind = &kinds[guest_random_u32(&rng) %
					      ARRAY_SIZE(kinds)];
	uint32_t insn;

	do {
		insn = guest_random_u32(&rng);
		if (kind->fixed && !(kind->fixed & COND_MASK))
			insn = (insn & ~COND_MASK) | COND_ALWAYS;
		insn = (insn & ~kind->fixed) | kind->value;
	} while (is_mrrc_to_pc(insn));

	return insn;
}

/* The first halfword of an instruction of Thumb is the one further up. */
static uint32_t to_thumb(uint32_t insn)
{
	return insn << 16 | insn >> 16;
}

static void load_program(struct kvm_vm *vm, bool thumb)
{
	uint32_t *code = addr_gpa2hva(vm, CODE_GPA);
	unsigned int i;

	for (i = 0; i < NR_INSNS; i++) {
		code[i] = random_insn();
		if (thumb)
			code[i] = to_thumb(code[i]);
	}
	memcpy(addr_gpa2hva(vm, VECTORS_GPA), vectors_code,
	       sizeof(vectors_code));
}

/* Of memory or of the vGIC, for every other register */
static uint32_t random_address(void)
{
	static const uint32_t bases[] = {
		CODE_GPA, GICD_BASE_GPA, GICC_BASE_GPA,
	};

	return bases[guest_random_u32(&rng) % ARRAY_SIZE(bases)] +
	       guest_random_u32(&rng) % SZ_4K;
}

static void set_registers(struct kvm_vcpu *vcpu, bool thumb)
{
	static const uint32_t modes[] = {
		PSR_MODE_USR, PSR_MODE_SVC, PSR_MODE_SYS, PSR_MODE_ABT,
	};
	uint32_t cpsr = modes[guest_random_u32(&rng) % ARRAY_SIZE(modes)];
	int i;

	for (i = 0; i < 15; i++)
		vcpu_set_reg(vcpu, ARM_CORE_REG(usr_regs.uregs[0]) + i,
			     i % 2 ? guest_random_u32(&rng) : random_address());
	vcpu_set_reg(vcpu, ARM_CORE_REG(usr_regs.ARM_pc), CODE_GPA);
	vcpu_set_reg(vcpu, ARM_CORE_REG(usr_regs.ARM_cpsr),
		     thumb ? cpsr | PSR_T : cpsr);
	vcpu_set_reg(vcpu, KVM_CP15(CP15_VBAR), VECTORS_GPA);
	vcpu_set_reg(vcpu, KVM_CP15(CP15_CPACR), CPACR_VFP);
	vcpu_set_reg(vcpu, ARM_VFP_SYS_REG(FPEXC), FPEXC_ENABLE);
}

static void write_vgic(int gic_fd)
{
	uint32_t group, offset, val;
	int i, ret;

	for (i = 0; i < NR_VGIC_WRITES; i++) {
		group = guest_random_bool(&rng) ?
			KVM_DEV_ARM_VGIC_GRP_DIST_REGS :
			KVM_DEV_ARM_VGIC_GRP_CPU_REGS;
		offset = guest_random_u32(&rng) % SZ_4K & ~3U;
		val = guest_random_u32(&rng);
		ret = __kvm_device_attr_set(gic_fd, group, offset, &val);
		TEST_ASSERT(!ret || errno == EINVAL || errno == ENXIO,
			    "group %u offset 0x%x value 0x%x: errno %d", group,
			    offset, val, errno);
	}
}

static void reset(struct kvm_vcpu *vcpu)
{
	struct kvm_vcpu_init init;

	vm_ioctl(vcpu->vm, KVM_ARM_PREFERRED_TARGET, &init);
	init.features[0] = BIT(KVM_ARM_VCPU_PSCI_0_2) | pmu_feature();
	vcpu_ioctl(vcpu, KVM_ARM_VCPU_INIT, &init);
}

/* The number of exits that user space saw */
static unsigned int run_program(struct kvm_vcpu *vcpu, int gic_fd, bool thumb)
{
	unsigned int exits;

	reset(vcpu);
	load_program(vcpu->vm, thumb);
	set_registers(vcpu, thumb);
	write_vgic(gic_fd);

	for (exits = 0; exits < MAX_EXITS; exits++)
		if (!vcpu_run_astray(vcpu, PROGRAM_US) ||
		    vcpu->run->exit_reason != KVM_EXIT_MMIO)
			break;

	return exits;
}

static unsigned int run_programs(bool thumb)
{
	struct kvm_vm *vm = vm_create(1);
	unsigned int i, exits = 0;
	struct kvm_vcpu *vcpu;
	int gic_fd;

	vm_userspace_mem_region_add(vm, VM_MEM_SRC_ANONYMOUS, CODE_GPA,
				    CODE_SLOT, CODE_PAGES + 1, 0);
	vcpu = __vm_vcpu_add(vm, 0);
	gic_fd = vgic_v2_setup(vm, 1, NR_IRQS);
	if (pmu_feature()) {
		reset(vcpu);
		vcpu_init_pmu(vcpu);
	}
	for (i = 0; i < NR_PROGRAMS; i++)
		exits += run_program(vcpu, gic_fd, thumb);

	close(gic_fd);
	kvm_vm_free(vm);
	return exits;
}

int main(void)
{
	unsigned int i, exits[2] = {};

	rng = new_guest_random_state(1);
	ksft_print_header();
	ksft_set_plan(3);

	for (i = 0; i < NR_VMS; i++)
		exits[i % 2] += run_programs(i % 2);
	ksft_test_result(exits[0], "ARM: %u accesses seen\n", exits[0]);
	ksft_test_result(exits[1], "Thumb: %u accesses seen\n", exits[1]);

	ksft_test_result(another_guest_runs(), "another guest runs\n");
	ksft_finished();
}
