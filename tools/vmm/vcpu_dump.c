// SPDX-License-Identifier: GPL-2.0-only
/* Readable reports on a vCPU that cannot go on. */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/ioctl.h>

#include "util.h"
#include "vcpu.h"

#define CORE(name) \
	(KVM_REG_ARM | KVM_REG_SIZE_U32 | KVM_REG_ARM_CORE | \
	 KVM_REG_ARM_CORE_REG(name))
#define REGS_PER_LINE		4

static const struct {
	const char *name;
	uint64_t id;
} dump_table[] = {
	{ "r0", CORE(usr_regs.ARM_r0) },
	{ "r1", CORE(usr_regs.ARM_r1) },
	{ "r2", CORE(usr_regs.ARM_r2) },
	{ "r3", CORE(usr_regs.ARM_r3) },
	{ "r4", CORE(usr_regs.ARM_r4) },
	{ "r5", CORE(usr_regs.ARM_r5) },
	{ "r6", CORE(usr_regs.ARM_r6) },
	{ "r7", CORE(usr_regs.ARM_r7) },
	{ "r8", CORE(usr_regs.ARM_r8) },
	{ "r9", CORE(usr_regs.ARM_r9) },
	{ "r10", CORE(usr_regs.ARM_r10) },
	{ "r11", CORE(usr_regs.ARM_fp) },
	{ "r12", CORE(usr_regs.ARM_ip) },
	{ "sp_usr", CORE(usr_regs.ARM_sp) },
	{ "lr_usr", CORE(usr_regs.ARM_lr) },
	{ "pc", CORE(usr_regs.ARM_pc) },
	{ "cpsr", CORE(usr_regs.ARM_cpsr) },
	{ "sp_svc", CORE(KVM_ARM_SVC_sp) },
	{ "lr_svc", CORE(KVM_ARM_SVC_lr) },
	{ "spsr_svc", CORE(KVM_ARM_SVC_spsr) },
	{ "sp_abt", CORE(KVM_ARM_ABT_sp) },
	{ "lr_abt", CORE(KVM_ARM_ABT_lr) },
	{ "spsr_abt", CORE(KVM_ARM_ABT_spsr) },
	{ "sp_und", CORE(KVM_ARM_UND_sp) },
	{ "lr_und", CORE(KVM_ARM_UND_lr) },
	{ "spsr_und", CORE(KVM_ARM_UND_spsr) },
	{ "sp_irq", CORE(KVM_ARM_IRQ_sp) },
	{ "lr_irq", CORE(KVM_ARM_IRQ_lr) },
	{ "spsr_irq", CORE(KVM_ARM_IRQ_spsr) },
	{ "r8_fiq", CORE(KVM_ARM_FIQ_r8) },
	{ "r9_fiq", CORE(KVM_ARM_FIQ_r9) },
	{ "r10_fiq", CORE(KVM_ARM_FIQ_r10) },
	{ "r11_fiq", CORE(KVM_ARM_FIQ_fp) },
	{ "r12_fiq", CORE(KVM_ARM_FIQ_ip) },
	{ "sp_fiq", CORE(KVM_ARM_FIQ_sp) },
	{ "lr_fiq", CORE(KVM_ARM_FIQ_lr) },
	{ "spsr_fiq", CORE(KVM_ARM_FIQ_spsr) },
	{ "MIDR", ARM_CP15_REG32(0, 0, 0, 0) },
	{ "MPIDR", ARM_CP15_REG32(0, 0, 0, 5) },
	{ "SCTLR", ARM_CP15_REG32(0, 1, 0, 0) },
	{ "CPACR", ARM_CP15_REG32(0, 1, 0, 2) },
	{ "TTBR0", ARM_CP15_REG64(0, 2) },
	{ "TTBR1", ARM_CP15_REG64(1, 2) },
	{ "TTBCR", ARM_CP15_REG32(0, 2, 0, 2) },
	{ "DACR", ARM_CP15_REG32(0, 3, 0, 0) },
	{ "DFSR", ARM_CP15_REG32(0, 5, 0, 0) },
	{ "IFSR", ARM_CP15_REG32(0, 5, 0, 1) },
	{ "DFAR", ARM_CP15_REG32(0, 6, 0, 0) },
	{ "IFAR", ARM_CP15_REG32(0, 6, 0, 2) },
	{ "PRRR", ARM_CP15_REG32(0, 10, 2, 0) },
	{ "NMRR", ARM_CP15_REG32(0, 10, 2, 1) },
	{ "VBAR", ARM_CP15_REG32(0, 12, 0, 0) },
	{ "CONTEXTIDR", ARM_CP15_REG32(0, 13, 0, 1) },
	{ "TPIDRURW", ARM_CP15_REG32(0, 13, 0, 2) },
	{ "TPIDRURO", ARM_CP15_REG32(0, 13, 0, 3) },
	{ "TPIDRPRW", ARM_CP15_REG32(0, 13, 0, 4) },
	{ "CNTV_CTL", KVM_REG_ARM_TIMER_CTL },
	{ "CNTVCT", KVM_REG_ARM_TIMER_CNT },
	{ "CNTV_CVAL", KVM_REG_ARM_TIMER_CVAL },
};

static const char * const exit_name[] = {
	[KVM_EXIT_UNKNOWN] = "KVM_EXIT_UNKNOWN",
	[KVM_EXIT_EXCEPTION] = "KVM_EXIT_EXCEPTION",
	[KVM_EXIT_HYPERCALL] = "KVM_EXIT_HYPERCALL",
	[KVM_EXIT_DEBUG] = "KVM_EXIT_DEBUG",
	[KVM_EXIT_SHUTDOWN] = "KVM_EXIT_SHUTDOWN",
	[KVM_EXIT_FAIL_ENTRY] = "KVM_EXIT_FAIL_ENTRY",
	[KVM_EXIT_INTERNAL_ERROR] = "KVM_EXIT_INTERNAL_ERROR",
	[KVM_EXIT_ARM_NISV] = "KVM_EXIT_ARM_NISV",
	[KVM_EXIT_MEMORY_FAULT] = "KVM_EXIT_MEMORY_FAULT",
};

static bool is_64bit(uint64_t id)
{
	return (id & KVM_REG_SIZE_MASK) == KVM_REG_SIZE_U64;
}

static void print_registers(const struct vcpu *vcpu)
{
	unsigned int i, column = 0;

	for (i = 0; i < ARRAY_SIZE(dump_table); i++) {
		uint64_t value = 0;
		struct kvm_one_reg reg = {
			.id = dump_table[i].id,
			.addr = (uintptr_t)&value,
		};

		/* Which system registers there are is the kernel's choice. */
		if (ioctl(vcpu->fd, KVM_GET_ONE_REG, &reg) < 0)
			continue;
		fprintf(stderr, "%10s %0*" PRIx64, dump_table[i].name,
			is_64bit(reg.id) ? 16 : 8, value);
		column = (column + 1) % REGS_PER_LINE;
		fputs(column ? "" : "\n", stderr);
	}
	if (column)
		fputc('\n', stderr);
}

/**
 * vcpu_dump() - print a message and all registers of a vCPU
 * @vcpu: a vCPU that is not in KVM_RUN
 * @fmt: printf() format, without the newline
 */
void vcpu_dump(const struct vcpu *vcpu, const char *fmt, ...)
{
	va_list args;

	flockfile(stderr);
	/* The guest's own output may have stopped in the middle of a line. */
	fprintf(stderr, "\nkvm-vmm: vCPU %u: ", vcpu->index);
	va_start(args, fmt);
	vfprintf(stderr, fmt, args);
	va_end(args);
	fputc('\n', stderr);
	print_registers(vcpu);
	funlockfile(stderr);
}

static void dump_fail_entry(const struct vcpu *vcpu)
{
	vcpu_dump(vcpu, "KVM_EXIT_FAIL_ENTRY, reason 0x%llx, CPU %u",
		  vcpu->run->fail_entry.hardware_entry_failure_reason,
		  vcpu->run->fail_entry.cpu);
}

static void dump_internal_error(const struct vcpu *vcpu)
{
	const struct kvm_run *run = vcpu->run;
	char text[ARRAY_SIZE(run->internal.data) * 20] = "";
	unsigned int i, nr = run->internal.ndata;
	size_t len = 0;

	if (nr > ARRAY_SIZE(run->internal.data))
		nr = ARRAY_SIZE(run->internal.data);
	for (i = 0; i < nr; i++)
		len += snprintf(text + len, sizeof(text) - len, " 0x%llx",
				run->internal.data[i]);
	vcpu_dump(vcpu, "KVM_EXIT_INTERNAL_ERROR, suberror %u, data%s",
		  run->internal.suberror, len ? text : " none");
}

static void dump_nisv(const struct vcpu *vcpu)
{
	vcpu_dump(vcpu,
		  "KVM_EXIT_ARM_NISV: an instruction that cannot be emulated accessed 0x%llx, which is not memory (ISS 0x%llx)",
		  vcpu->run->arm_nisv.fault_ipa, vcpu->run->arm_nisv.esr_iss);
}

/**
 * vcpu_dump_exit() - print why KVM_RUN returned and all registers
 * @vcpu: the vCPU, with an exit that is not handled
 */
void vcpu_dump_exit(const struct vcpu *vcpu)
{
	static void (*const dump[])(const struct vcpu *vcpu) = {
		[KVM_EXIT_FAIL_ENTRY] = dump_fail_entry,
		[KVM_EXIT_INTERNAL_ERROR] = dump_internal_error,
		[KVM_EXIT_ARM_NISV] = dump_nisv,
	};
	uint32_t reason = vcpu->run->exit_reason;

	if (reason < ARRAY_SIZE(dump) && dump[reason])
		dump[reason](vcpu);
	else if (reason < ARRAY_SIZE(exit_name) && exit_name[reason])
		vcpu_dump(vcpu, "%s", exit_name[reason]);
	else
		vcpu_dump(vcpu, "exit reason %u", reason);
}
