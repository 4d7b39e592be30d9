// SPDX-License-Identifier: GPL-2.0-only
/*
 * vCPUs of 32-bit ARM guests
 */
#include <linux/compiler.h>

#include "guest_modes.h"
#include "kvm_util.h"
#include "processor.h"

#define DEFAULT_ARM_GUEST_STACK_VADDR_MIN	0xac0000
#define ARM_MAX_REG_ARGS			4

extern char vectors;

static void vcpu_setup_mmu(struct kvm_vcpu *vcpu)
{
	uint32_t sctlr = vcpu_get_reg32(vcpu, KVM_CP15(CP15_SCTLR));

	vcpu_set_reg(vcpu, KVM_CP15(CP15_MAIR0), DEFAULT_MAIR0);
	vcpu_set_reg(vcpu, KVM_CP15(CP15_MAIR1), 0);
	vcpu_set_reg(vcpu, KVM_CP15(CP15_TTBCR),
		     TTBCR_EAE | TTBCR_SH0_INNER | TTBCR_ORGN0_WBWA |
		     TTBCR_IRGN0_WBWA);
	vcpu_set_reg(vcpu, KVM_CP15_64(CP15_TTBR0_64), vcpu->vm->pgd);
	vcpu_set_reg(vcpu, KVM_CP15_64(CP15_TTBR1_64), 0);

	sctlr &= ~(SCTLR_A | SCTLR_V | SCTLR_EE | SCTLR_TE);
	sctlr |= SCTLR_M | SCTLR_C | SCTLR_Z | SCTLR_I;
	vcpu_set_reg(vcpu, KVM_CP15(CP15_SCTLR), sctlr);
}

void arm_vcpu_setup(struct kvm_vcpu *vcpu, struct kvm_vcpu_init *init)
{
	struct kvm_vcpu_init default_init = { .target = -1, };
	struct kvm_vcpu_init preferred;

	if (!init)
		init = &default_init;

	if (init->target == -1) {
		vm_ioctl(vcpu->vm, KVM_ARM_PREFERRED_TARGET, &preferred);
		init->target = preferred.target;
	}

	vcpu_ioctl(vcpu, KVM_ARM_VCPU_INIT, init);

	/* The compiler copies 64-bit values through VFP registers. */
	vcpu_set_reg(vcpu, KVM_CP15(CP15_CPACR), CPACR_VFP);
	vcpu_set_reg(vcpu, ARM_VFP_SYS_REG(FPEXC), FPEXC_ENABLE);

	vcpu_set_reg(vcpu, KVM_CP15(CP15_VBAR), (uintptr_t)&vectors);
	vcpu_set_reg(vcpu, KVM_CP15(CP15_TPIDRPRW), vcpu->id);

	vcpu_setup_mmu(vcpu);
}

static struct kvm_vcpu *__arm_vcpu_add(struct kvm_vm *vm, uint32_t vcpu_id,
				       struct kvm_vcpu_init *init)
{
	size_t stack_size = DEFAULT_STACK_PGS * vm->page_size;
	struct kvm_vcpu *vcpu = __vm_vcpu_add(vm, vcpu_id);
	vm_vaddr_t stack;

	stack = __vm_vaddr_alloc(vm, stack_size,
				 DEFAULT_ARM_GUEST_STACK_VADDR_MIN,
				 MEM_REGION_DATA);

	arm_vcpu_setup(vcpu, init);
	vcpu_set_reg(vcpu, ARM_CORE_REG(KVM_ARM_SVC_sp), stack + stack_size);

	return vcpu;
}

struct kvm_vcpu *arm_vcpu_add(struct kvm_vm *vm, uint32_t vcpu_id,
			      struct kvm_vcpu_init *init, void *guest_code)
{
	struct kvm_vcpu *vcpu = __arm_vcpu_add(vm, vcpu_id, init);

	vcpu_arch_set_entry_point(vcpu, guest_code);

	return vcpu;
}

struct kvm_vcpu *vm_arch_vcpu_add(struct kvm_vm *vm, uint32_t vcpu_id)
{
	return __arm_vcpu_add(vm, vcpu_id, NULL);
}

/* Bit 0 of a function's address tells its instruction set, like for BX. */
void vcpu_arch_set_entry_point(struct kvm_vcpu *vcpu, void *guest_code)
{
	uint32_t cpsr = vcpu_get_reg32(vcpu, ARM_CORE_REG(usr_regs.ARM_cpsr));
	uint32_t pc = (uintptr_t)guest_code;

	cpsr &= ~PSR_T;
	if (pc & 1)
		cpsr |= PSR_T;

	vcpu_set_reg(vcpu, ARM_CORE_REG(usr_regs.ARM_pc), pc & ~1U);
	vcpu_set_reg(vcpu, ARM_CORE_REG(usr_regs.ARM_cpsr), cpsr);
}

void __vcpu_args_set(struct kvm_vcpu *vcpu, unsigned int num,
		     const uint64_t *args)
{
	unsigned int i;

	TEST_ASSERT(num >= 1 && num <= ARM_MAX_REG_ARGS,
		    "Unsupported number of args,\n  num: %u", num);

	for (i = 0; i < num; i++) {
		TEST_ASSERT(args[i] == (uint32_t)args[i],
			    "Argument %u does not fit into a register", i);
		vcpu_set_reg(vcpu, ARM_CORE_REG(usr_regs.uregs[0]) + i, args[i]);
	}
}

void vcpu_arch_dump(FILE *stream, struct kvm_vcpu *vcpu, uint8_t indent)
{
	fprintf(stream, "%*scpsr: 0x%.8x pc: 0x%.8x\n", indent, "",
		vcpu_get_reg32(vcpu, ARM_CORE_REG(usr_regs.ARM_cpsr)),
		vcpu_get_reg32(vcpu, ARM_CORE_REG(usr_regs.ARM_pc)));
}

uint64_t vcpu_get_stat(struct kvm_vcpu *vcpu, const char *name)
{
	struct kvm_stats_desc *descs, *desc;
	struct kvm_stats_header header;
	uint64_t val;
	int fd, i;

	fd = vcpu_get_stats_fd(vcpu);
	read_stats_header(fd, &header);
	descs = read_stats_descriptors(fd, &header);
	for (i = 0; i < header.num_desc; i++) {
		desc = get_stats_descriptor(descs, i, &header);
		if (strcmp(desc->name, name))
			continue;

		read_stat_data(fd, &header, desc, &val, 1);
		free(descs);
		close(fd);
		return val;
	}

	TEST_FAIL("There is no counter %s", name);
}

void vcpu_check_ucall(struct kvm_vcpu *vcpu, uint64_t cmd)
{
	struct ucall uc;

	get_ucall(vcpu, &uc);
	if (uc.cmd == UCALL_ABORT)
		REPORT_GUEST_ASSERT(uc);
	TEST_ASSERT(uc.cmd == cmd, "ucall %" PRIu64 ", exit %s", uc.cmd,
		    exit_reason_str(vcpu->run->exit_reason));
}

void vcpu_run_until(struct kvm_vcpu *vcpu, uint64_t cmd)
{
	vcpu_run(vcpu);
	vcpu_check_ucall(vcpu, cmd);
}

uint32_t guest_get_vcpuid(void)
{
	return read_cp15(CP15_TPIDRPRW);
}

void kvm_selftest_arch_init(void)
{
	guest_modes_append_default();
}
