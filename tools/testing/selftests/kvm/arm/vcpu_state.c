// SPDX-License-Identifier: GPL-2.0-only
/*
 * The registers of a vCPU stay what they are: core registers of every mode,
 * cp15, VFP and Advanced SIMD, over exits to user space, while the vCPU moves
 * between CPUs and shares them with other guests that write all of the same
 * registers.  User space reads the same values by ONE_REG, the guest finds what
 * user space set, and user space finds its own VFP registers and its TPIDRURW
 * untouched.
 */
#include <pthread.h>
#include <sched.h>
#include <sys/syscall.h>

#include "kvm_util.h"
#include "processor.h"

#define NR_VMS		3
#define NR_ITERATIONS	100

#define NR_D_REGS	32
#define NR_D_REGS_16	16
#define MVFR0_SIMD_REGS_MASK	0xf
#define MVFR0_SIMD_REGS_32	2

/* Rounding mode, flush to zero, default NaN, and the cumulative flags */
#define FPSCR_MASK	0x03c0009fU

/* R4 to R10: R7 is the frame pointer of Thumb code, and R11 that of ARM */
#define NR_CORE		6

/* The guest's store to this address is its exit. */
#define EXIT_GPA	0x30000000UL

#define PATTERN(seed, i) \
	(((uint64_t)(seed) * 0x9e3779b1U + (i) * 0x01000193U) ^ \
	 ((uint64_t)(i) << 56) ^ ((uint64_t)(seed) << 40))

struct vfp_state {
	uint64_t d[NR_D_REGS];
	uint32_t fpscr;
};

/* Registers of other modes, by the names that MRS and MSR have for them */
#define BANKED_REGS(op)							\
	op(sp_usr, usr_regs.ARM_sp) op(lr_usr, usr_regs.ARM_lr)		\
	op(sp_abt, KVM_ARM_ABT_sp) op(lr_abt, KVM_ARM_ABT_lr)		\
	op(spsr_abt, KVM_ARM_ABT_spsr)					\
	op(sp_und, KVM_ARM_UND_sp) op(lr_und, KVM_ARM_UND_lr)		\
	op(spsr_und, KVM_ARM_UND_spsr)					\
	op(sp_irq, KVM_ARM_IRQ_sp) op(lr_irq, KVM_ARM_IRQ_lr)		\
	op(spsr_irq, KVM_ARM_IRQ_spsr)					\
	op(r8_fiq, KVM_ARM_FIQ_r8) op(r9_fiq, KVM_ARM_FIQ_r9)		\
	op(r10_fiq, KVM_ARM_FIQ_r10) op(r11_fiq, KVM_ARM_FIQ_fp)	\
	op(r12_fiq, KVM_ARM_FIQ_ip) op(sp_fiq, KVM_ARM_FIQ_sp)		\
	op(lr_fiq, KVM_ARM_FIQ_lr) op(spsr_fiq, KVM_ARM_FIQ_spsr)

/* cp15 registers that do nothing as long as the guest does nothing else */
#define CP15_REGS(op)							\
	op(TPIDRURW) op(TPIDRURO) op(CONTEXTIDR) op(DACR) op(MAIR1)	\
	op(DFSR) op(IFSR) op(DFAR) op(IFAR) op(AMAIR0) op(AMAIR1)	\
	op(CNTKCTL) op(CSSELR) op(ADFSR) op(AIFSR)

/* Attributes of MAIR0 that no mapping of the guest has */
#define MAIR0_UNUSED \
	(0xffU << 8 * MT_STRONGLY_ORDERED | 0xffU << 8 * MT_NORMAL_NC)

struct named_reg {
	const char *name;
	uint64_t id;
	void (*write)(uint32_t val);
	uint32_t (*read)(void);
};

#define BANKED_ACCESS(reg, core)					\
static void guest_write_##reg(uint32_t val)				\
{									\
	asm volatile(".arch_extension virt\nmsr " #reg ", %0"		\
		     : : "r" (val) : "memory");				\
}									\
static uint32_t guest_read_##reg(void)					\
{									\
	uint32_t val;							\
									\
	asm volatile(".arch_extension virt\nmrs %0, " #reg		\
		     : "=r" (val) : : "memory");			\
	return val;							\
}

BANKED_REGS(BANKED_ACCESS)

#define CP15_ACCESS(reg)						\
static void guest_write_##reg(uint32_t val)				\
{									\
	write_cp15(val, CP15_##reg);					\
	isb();								\
}									\
static uint32_t guest_read_##reg(void)					\
{									\
	return read_cp15(CP15_##reg);					\
}

CP15_REGS(CP15_ACCESS)

static void guest_write_MAIR0(uint32_t val)
{
	write_cp15((DEFAULT_MAIR0 & ~MAIR0_UNUSED) | (val & MAIR0_UNUSED),
		   CP15_MAIR0);
	isb();
}

static uint32_t guest_read_MAIR0(void)
{
	return read_cp15(CP15_MAIR0);
}

#define BANKED_ENTRY(reg, core) \
	{ #reg, ARM_CORE_REG(core), guest_write_##reg, guest_read_##reg },
#define CP15_ENTRY(reg) \
	{ #reg, KVM_CP15(CP15_##reg), guest_write_##reg, guest_read_##reg },

static const struct named_reg regs[] = {
	BANKED_REGS(BANKED_ENTRY)
	CP15_REGS(CP15_ENTRY)
	CP15_ENTRY(MAIR0)
};

#define NR_REGS		ARRAY_SIZE(regs)

/* What the guest put into its registers, for the host to compare */
static struct {
	struct vfp_state vfp;
	uint32_t regs[NR_REGS];
	uint64_t par;
	uint32_t core[NR_CORE];
} expected;

/* What it found in them after the exit */
static struct vfp_state found_vfp;
static uint32_t found_core[NR_CORE];

/* Bits of the registers that are not fixed on this CPU */
static uint32_t writable[NR_REGS];

static bool has_d32;
static uint32_t guest_seed;

/* D0 and up of struct vfp_state at an address that moves on; R12 is has_d32 */
#define FOR_D_REGS(op, at)		\
	op " " at "!, {d0 - d15}\n"	\
	"cmp r12, #0\n"			\
	"beq 1f\n"			\
	op " " at "!, {d16 - d31}\n"	\
	"1:\n"

#define D_REGS_CLOBBERS						\
	"d0", "d1", "d2", "d3", "d4", "d5", "d6", "d7",		\
	"d8", "d9", "d10", "d11", "d12", "d13", "d14", "d15"

/*
 * Load VFP and the core registers, leave, and look: nothing but the exit is
 * between the two.
 */
static __attribute__((__noinline__)) void guest_exit(void)
{
	register struct vfp_state *in asm("r0") = &expected.vfp;
	register struct vfp_state *out asm("r1") = &found_vfp;
	register uint32_t *core_in asm("r2") = expected.core;
	register uint32_t *core_out asm("r3") = found_core;
	register uint32_t d32 asm("r12") = has_d32;

	asm volatile(".syntax unified\n"
		     ".fpu neon-vfpv4\n"
		     "ldr r4, [r0, %[fpscr]]\n"
		     "vmsr fpscr, r4\n"
		     "mov r4, r0\n"
		     FOR_D_REGS("vldmia", "r4")
		     "ldmia r2, {r4, r5, r6, r8, r9, r10}\n"
		     "str r0, [%[exit]]\n"
		     "stmia r3, {r4, r5, r6, r8, r9, r10}\n"
		     "vmrs r4, fpscr\n"
		     "str r4, [r1, %[fpscr]]\n"
		     FOR_D_REGS("vstmia", "r1")
		     ".fpu vfpv3-d16\n"
		     : "+r" (in), "+r" (out), "+r" (core_in), "+r" (core_out),
		       "+r" (d32)
		     : [exit] "r" (EXIT_GPA),
		       [fpscr] "i" (offsetof(struct vfp_state, fpscr))
		     : "r4", "r5", "r6", "r8", "r9", "r10", "cc", "memory",
		       D_REGS_CLOBBERS);
}

static void guest_fill(uint32_t seed)
{
	unsigned int i;

	for (i = 0; i < NR_D_REGS; i++)
		expected.vfp.d[i] = PATTERN(seed, i);
	expected.vfp.fpscr = PATTERN(seed, i) & FPSCR_MASK;

	for (i = 0; i < NR_CORE; i++)
		expected.core[i] = PATTERN(seed + 1, i);

	/* Not every bit can be written: what can is what reads back. */
	for (i = 0; i < NR_REGS; i++) {
		regs[i].write(PATTERN(seed + 2, i));
		expected.regs[i] = regs[i].read();
	}
	write_cp15_64(PATTERN(seed + 3, 0), CP15_PAR_64);
	expected.par = read_cp15_64(CP15_PAR_64);
}

static void guest_compare(void)
{
	unsigned int i;

	for (i = 0; i < (has_d32 ? NR_D_REGS : NR_D_REGS_16); i++)
		__GUEST_ASSERT(found_vfp.d[i] == expected.vfp.d[i],
			       "d%u: 0x%llx, not 0x%llx", i,
			       (unsigned long long)found_vfp.d[i],
			       (unsigned long long)expected.vfp.d[i]);
	__GUEST_ASSERT(found_vfp.fpscr == expected.vfp.fpscr,
		       "FPSCR 0x%x, not 0x%x", found_vfp.fpscr,
		       expected.vfp.fpscr);

	for (i = 0; i < NR_CORE; i++)
		__GUEST_ASSERT(found_core[i] == expected.core[i],
			       "core register %u: 0x%x, not 0x%x", i,
			       found_core[i], expected.core[i]);

	for (i = 0; i < NR_REGS; i++)
		__GUEST_ASSERT(regs[i].read() == expected.regs[i],
			       "%s: 0x%x, not 0x%x", regs[i].name,
			       regs[i].read(), expected.regs[i]);
	GUEST_ASSERT_EQ(read_cp15_64(CP15_PAR_64), expected.par);
}

static void guest_probe_writable(void)
{
	unsigned int i;

	for (i = 0; i < NR_REGS; i++) {
		regs[i].write(~0U);
		writable[i] = regs[i].read();
		regs[i].write(0);
		writable[i] &= ~regs[i].read();
	}
}

static void guest_code(void)
{
	unsigned int i;

	guest_probe_writable();
	for (i = 0; i < NR_ITERATIONS; i++) {
		guest_fill(guest_seed + 16 * i);
		guest_exit();
		guest_compare();
	}

	/* Now user space has changed what the guest expects as well. */
	guest_fill(guest_seed);
	GUEST_SYNC(0);
	guest_exit();
	guest_compare();

	GUEST_DONE();
}

/* KVM_RUN between a load and a look at the VFP registers of this thread */
static int ioctl_with_vfp(int fd, struct vfp_state *before,
			  struct vfp_state *after)
{
	register struct vfp_state *in asm("r4") = before;
	register struct vfp_state *out asm("r5") = after;
	register uint32_t d32 asm("r12") = has_d32;
	register long r0 asm("r0") = fd;
	register long r1 asm("r1") = KVM_RUN;
	register long r2 asm("r2") = 0;

	asm volatile(".syntax unified\n"
		     ".fpu neon-vfpv4\n"
		     "vmrs r8, fpscr\n"
		     "ldr r9, [%[in], %[fpscr]]\n"
		     "vmsr fpscr, r9\n"
		     FOR_D_REGS("vldmia", "%[in]")
		     "push {r7}\n"
		     "mov r7, %[nr]\n"
		     "svc #0\n"
		     "pop {r7}\n"
		     "vmrs r9, fpscr\n"
		     "str r9, [%[out], %[fpscr]]\n"
		     "vmsr fpscr, r8\n"
		     FOR_D_REGS("vstmia", "%[out]")
		     ".fpu vfpv3-d16\n"
		     : "+r" (r0), [in] "+r" (in), [out] "+r" (out)
		     : "r" (r1), "r" (r2), "r" (d32), [nr] "i" (__NR_ioctl),
		       [fpscr] "i" (offsetof(struct vfp_state, fpscr))
		     : "r8", "r9", "cc", "memory", D_REGS_CLOBBERS);

	return r0;
}

/*
 * KVM_RUN with a pattern in the VFP registers of this thread.  A system call
 * preserves all of them.
 */
static int run_with_vfp(struct kvm_vcpu *vcpu, uint32_t seed)
{
	struct vfp_state before = {}, after = {};
	int i, ret;

	for (i = 0; i < (has_d32 ? NR_D_REGS : NR_D_REGS_16); i++)
		before.d[i] = PATTERN(~seed, i);
	before.fpscr = PATTERN(~seed, i) & FPSCR_MASK;

	ret = ioctl_with_vfp(vcpu->fd, &before, &after);

	TEST_ASSERT(!memcmp(before.d, after.d, sizeof(before.d)),
		    "KVM_RUN changed the VFP registers of its caller");
	TEST_ASSERT(before.fpscr == after.fpscr, "FPSCR 0x%x, not 0x%x",
		    after.fpscr, before.fpscr);

	return ret;
}

/* Likewise with one in TPIDRURW, which is nobody's but this thread's */
static int run_with_pattern(struct kvm_vcpu *vcpu, uint32_t seed)
{
	uint32_t tpidrurw = PATTERN(~seed, NR_D_REGS + 1);
	int ret;

	write_cp15(tpidrurw, CP15_TPIDRURW);
	ret = run_with_vfp(vcpu, seed);
	TEST_ASSERT_EQ(read_cp15(CP15_TPIDRURW), tpidrurw);

	return ret;
}

static void check_one_reg(struct kvm_vcpu *vcpu)
{
	struct kvm_vm *vm = vcpu->vm;
	typeof(expected) *want = addr_gva2hva(vm, (uintptr_t)&expected);
	unsigned int i, nr_d;
	uint64_t val;

	nr_d = *(bool *)addr_gva2hva(vm, (uintptr_t)&has_d32) ?
	       NR_D_REGS : NR_D_REGS_16;
	for (i = 0; i < nr_d; i++) {
		val = vcpu_get_reg64(vcpu, ARM_VFP_D_REG(i));
		TEST_ASSERT(val == want->vfp.d[i],
			    "d%u: 0x%" PRIx64 ", not 0x%" PRIx64, i, val,
			    want->vfp.d[i]);
	}
	val = vcpu_get_reg32(vcpu, ARM_VFP_SYS_REG(FPSCR));
	TEST_ASSERT(val == want->vfp.fpscr, "FPSCR 0x%x, not 0x%x",
		    (uint32_t)val, want->vfp.fpscr);

	for (i = 0; i < NR_REGS; i++) {
		val = vcpu_get_reg32(vcpu, regs[i].id);
		TEST_ASSERT(val == want->regs[i], "%s: 0x%x, not 0x%x",
			    regs[i].name, (uint32_t)val, want->regs[i]);
	}
	val = vcpu_get_reg64(vcpu, KVM_CP15_64(CP15_PAR_64));
	TEST_ASSERT(val == want->par, "PAR 0x%" PRIx64 ", not 0x%" PRIx64, val,
		    want->par);
}

/* Other values for all of them; the guest stopped after it had written its. */
static void set_one_reg(struct kvm_vcpu *vcpu)
{
	typeof(expected) *want = addr_gva2hva(vcpu->vm, (uintptr_t)&expected);
	uint32_t *mask = addr_gva2hva(vcpu->vm, (uintptr_t)writable);
	unsigned int i;

	for (i = 0; i < NR_REGS; i++) {
		want->regs[i] ^= mask[i];
		vcpu_set_reg(vcpu, regs[i].id, want->regs[i]);
	}
}

static void set_vfp(struct kvm_vcpu *vcpu, uint32_t seed)
{
	typeof(expected) *want = addr_gva2hva(vcpu->vm, (uintptr_t)&expected);
	unsigned int i;

	for (i = 0; i < NR_D_REGS_16; i++) {
		want->vfp.d[i] = PATTERN(seed + 5, i);
		vcpu_set_reg(vcpu, ARM_VFP_D_REG(i), want->vfp.d[i]);
	}
	want->vfp.fpscr = PATTERN(seed + 5, i) & FPSCR_MASK;
	vcpu_set_reg(vcpu, ARM_VFP_SYS_REG(FPSCR), want->vfp.fpscr);
}

static cpu_set_t possible_cpus;

static void move_to_next_cpu(void)
{
	int cpu;

	cpu = sched_getcpu();
	do {
		cpu = (cpu + 1) % CPU_SETSIZE;
	} while (!CPU_ISSET(cpu, &possible_cpus));

	kvm_pin_this_task_to_pcpu(cpu);
}

static void expect_exit(struct kvm_vcpu *vcpu)
{
	if (vcpu->run->exit_reason == KVM_EXIT_MMIO &&
	    vcpu->run->mmio.phys_addr == EXIT_GPA)
		return;

	vcpu_check_ucall(vcpu, UCALL_NONE);
	TEST_FAIL("Unexpected exit: %s",
		  exit_reason_str(vcpu->run->exit_reason));
}

static void *run_vcpu(void *arg)
{
	struct kvm_vcpu *vcpu = arg;
	uint32_t seed;
	int i, ret;

	seed = *(uint32_t *)addr_gva2hva(vcpu->vm, (uintptr_t)&guest_seed);

	for (i = 0; i < NR_ITERATIONS; i++) {
		ret = run_with_pattern(vcpu, seed + i);
		TEST_ASSERT(!ret, "KVM_RUN: %d", ret);
		expect_exit(vcpu);
		check_one_reg(vcpu);
		move_to_next_cpu();
	}

	vcpu_run(vcpu);
	vcpu_check_ucall(vcpu, UCALL_SYNC);
	set_one_reg(vcpu);

	ret = run_with_pattern(vcpu, seed);
	TEST_ASSERT(!ret, "KVM_RUN: %d", ret);
	expect_exit(vcpu);
	set_vfp(vcpu, seed);
	check_one_reg(vcpu);
	move_to_next_cpu();

	vcpu_run(vcpu);
	vcpu_check_ucall(vcpu, UCALL_DONE);

	return NULL;
}

int main(void)
{
	struct kvm_vcpu *vcpus[NR_VMS];
	struct kvm_vm *vms[NR_VMS];
	pthread_t threads[NR_VMS];
	uint32_t mvfr0;
	int i;

	TEST_ASSERT(!sched_getaffinity(0, sizeof(possible_cpus),
				       &possible_cpus), "errno %d", errno);

	ksft_print_header();
	ksft_set_plan(1);

	for (i = 0; i < NR_VMS; i++) {
		vms[i] = vm_create_with_one_vcpu(&vcpus[i], guest_code);
		virt_map_device(vms[i], EXIT_GPA, EXIT_GPA, 1);

		mvfr0 = vcpu_get_reg32(vcpus[i], ARM_VFP_SYS_REG(MVFR0));
		has_d32 = (mvfr0 & MVFR0_SIMD_REGS_MASK) == MVFR0_SIMD_REGS_32;
		sync_global_to_guest(vms[i], has_d32);
		guest_seed = 0x1000 * (i + 1);
		sync_global_to_guest(vms[i], guest_seed);
	}

	for (i = 0; i < NR_VMS; i++)
		pthread_create(&threads[i], NULL, run_vcpu, vcpus[i]);
	for (i = 0; i < NR_VMS; i++)
		pthread_join(threads[i], NULL);

	for (i = 0; i < NR_VMS; i++)
		kvm_vm_free(vms[i]);

	ksft_test_result_pass("%d vCPUs, %d exits each\n", NR_VMS,
			      NR_ITERATIONS);
	ksft_finished();
}
