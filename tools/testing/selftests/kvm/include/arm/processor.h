/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * 32-bit ARM processor specific defines
 */
#ifndef SELFTEST_KVM_PROCESSOR_H
#define SELFTEST_KVM_PROCESSOR_H

#include <linux/bits.h>

#include "kvm_util.h"
#include "ucall_common.h"
#include "cp15.h"

#include <linux/psci.h>
#include <linux/stringify.h>
#include <linux/types.h>

#include "smccc.h"

/* ONE_REG ids of the core registers and of the VFP system registers */
#define ARM_CORE_REG(x)	(KVM_REG_ARM | KVM_REG_SIZE_U32 | \
			 KVM_REG_ARM_CORE | KVM_REG_ARM_CORE_REG(x))
#define ARM_VFP_SYS_REG(x) (KVM_REG_ARM | KVM_REG_SIZE_U32 | \
			    KVM_REG_ARM_VFP | KVM_REG_ARM_VFP_ ## x)
#define ARM_VFP_D_REG(n) (KVM_REG_ARM | KVM_REG_SIZE_U64 | KVM_REG_ARM_VFP | \
			  (KVM_REG_ARM_VFP_BASE_REG + (n)))

/* PSR, named apart from <asm/ptrace.h>, which is included by the ABI header */
#define PSR_MODE_MASK	0x1fU
#define PSR_MODE_USR	0x10U
#define PSR_MODE_FIQ	0x11U
#define PSR_MODE_IRQ	0x12U
#define PSR_MODE_SVC	0x13U
#define PSR_MODE_ABT	0x17U
#define PSR_MODE_UND	0x1bU
#define PSR_MODE_SYS	0x1fU
#define PSR_T		BIT(5)
#define PSR_F		BIT(6)
#define PSR_I		BIT(7)
#define PSR_A		BIT(8)
#define PSR_E		BIT(9)

#define FPEXC_ENABLE	BIT(30)

/*
 * Default MAIR0: attribute indexes
 *   0  strongly ordered
 *   1  device
 *   2  normal, not cacheable
 *   3  normal, inner and outer write-back write-allocate
 */
#define MT_STRONGLY_ORDERED	0
#define MT_DEVICE		1
#define MT_NORMAL_NC		2
#define MT_NORMAL		3
#define DEFAULT_MAIR0		0xff440400U

/* Long descriptors, stage 1 */
#define PTE_TABLE		3ULL	/* levels 1 and 2 */
#define PTE_PAGE		3ULL	/* level 3 */
#define PTE_ADDR_MASK		0x000000fffffff000ULL
#define PTE_ATTR_INDX(i)	((uint64_t)(i) << 2)
#define PTE_ATTR_INDX_MASK	PTE_ATTR_INDX(7)
#define PTE_AP_USER		BIT_ULL(6)
#define PTE_AP_RDONLY		BIT_ULL(7)
#define PTE_SH_INNER		(3ULL << 8)
#define PTE_AF			BIT_ULL(10)
#define PTE_PXN			BIT_ULL(53)
#define PTE_XN			BIT_ULL(54)

/**
 * struct ex_regs - the context that an exception interrupted
 * @regs: R0 to R12
 * @sp: SP of the SVC mode before the exception; changes are ignored
 * @lr: LR of the SVC mode; of no use in a handler of an SVC instruction
 * @pc: where the handler returns to.  The address of the instruction that
 *	aborted or was undefined, and of the one that follows an SVC.
 * @cpsr: the SPSR of the exception, bit T tells how to read @pc
 */
struct ex_regs {
	uint32_t regs[13];
	uint32_t sp;
	uint32_t lr;
	uint32_t pc;
	uint32_t cpsr;
};

/* In the order of the vector table */
enum {
	VECTOR_RESET,
	VECTOR_UNDEF,
	VECTOR_SVC,
	VECTOR_PREFETCH_ABORT,
	VECTOR_DATA_ABORT,
	VECTOR_HYP_TRAP,
	VECTOR_IRQ_CURRENT,
	VECTOR_FIQ,
	VECTOR_NUM,
};

typedef void (*handler_fn)(struct ex_regs *regs);

/**
 * vm_init_descriptor_tables - allocate the guest's table of handlers
 * @vm: the VM
 */
void vm_init_descriptor_tables(struct kvm_vm *vm);

/**
 * vcpu_init_descriptor_tables - for the arm64 code that calls it
 * @vcpu: the vCPU
 *
 * VBAR is always set when a vCPU is added: with the reset value of VBAR, any
 * guest exception would be an endless loop at address 0 that nobody notices.
 */
static inline void vcpu_init_descriptor_tables(struct kvm_vcpu *vcpu)
{
}

/**
 * vm_install_exception_handler - call a function of the guest on an exception
 * @vm: the VM, after vm_init_descriptor_tables()
 * @vector: VECTOR_*
 * @handler: runs in SVC mode with the interrupts masked that the exception
 *	     masked, on the stack of the code that was interrupted
 */
void vm_install_exception_handler(struct kvm_vm *vm, int vector,
				  handler_fn handler);

/**
 * arm_vcpu_setup - initialize a vCPU for C code with the MMU on
 * @vcpu: from __vm_vcpu_add()
 * @init: target and features, NULL for the preferred target without features;
 *	  a target of -1 is replaced by the preferred one
 */
void arm_vcpu_setup(struct kvm_vcpu *vcpu, struct kvm_vcpu_init *init);

/**
 * arm_vcpu_add - add a vCPU with a stack and given features
 * @vm: the VM
 * @vcpu_id: its id
 * @init: see arm_vcpu_setup()
 * @guest_code: where it starts
 *
 * Return: the vCPU
 */
struct kvm_vcpu *arm_vcpu_add(struct kvm_vm *vm, uint32_t vcpu_id,
			      struct kvm_vcpu_init *init, void *guest_code);

/**
 * virt_get_pte_hva - find the level 3 descriptor of a guest address
 * @vm: the VM
 * @gva: a mapped guest virtual address
 *
 * Return: where the descriptor is in host memory
 */
uint64_t *virt_get_pte_hva(struct kvm_vm *vm, vm_vaddr_t gva);

/**
 * virt_get_table_pte_hva - find the descriptor of the level 3 table
 * @vm: the VM
 * @gva: a guest virtual address in the range of the table
 *
 * Return: where the level 2 descriptor is in host memory
 */
uint64_t *virt_get_table_pte_hva(struct kvm_vm *vm, vm_vaddr_t gva);

/**
 * virt_map_device - like virt_map(), as device memory
 * @vm: the VM
 * @vaddr: guest virtual address
 * @paddr: guest physical address
 * @npages: number of pages
 */
void virt_map_device(struct kvm_vm *vm, uint64_t vaddr, uint64_t paddr,
		     unsigned int npages);

/**
 * vcpu_get_reg32 - read a 32-bit register by ONE_REG
 * @vcpu: the vCPU
 * @id: its id
 *
 * Return: the value
 */
static inline uint32_t vcpu_get_reg32(struct kvm_vcpu *vcpu, uint64_t id)
{
	uint32_t val;

	vcpu_get_reg(vcpu, id, &val);
	return val;
}

/**
 * vcpu_has_ras - has a vCPU the RAS Extension of ARMv8?
 * @vcpu: the vCPU
 *
 * Return: true if so
 */
static inline bool vcpu_has_ras(struct kvm_vcpu *vcpu)
{
	return ID_PFR0_RAS(vcpu_get_reg32(vcpu, KVM_CP15(CP15_ID_PFR0)));
}

/**
 * vcpu_get_reg64 - read a 64-bit register by ONE_REG
 * @vcpu: the vCPU
 * @id: its id
 *
 * Return: the value
 */
static inline uint64_t vcpu_get_reg64(struct kvm_vcpu *vcpu, uint64_t id)
{
	uint64_t val;

	vcpu_get_reg(vcpu, id, &val);
	return val;
}

/**
 * vcpu_get_stat - read a counter of a vCPU
 * @vcpu: the vCPU
 * @name: what KVM_GET_STATS_FD calls it
 *
 * Return: its value
 */
uint64_t vcpu_get_stat(struct kvm_vcpu *vcpu, const char *name);

/**
 * vcpu_check_ucall - see that a vCPU has left with the ucall that is expected
 * @vcpu: the vCPU
 * @cmd: UCALL_*; anything else is a failure, a guest's assertion with its words
 */
void vcpu_check_ucall(struct kvm_vcpu *vcpu, uint64_t cmd);

/**
 * vcpu_run_until - run a vCPU once, to the ucall that is expected
 * @vcpu: the vCPU
 * @cmd: see vcpu_check_ucall()
 */
void vcpu_run_until(struct kvm_vcpu *vcpu, uint64_t cmd);

#define isb()		asm volatile("isb" : : : "memory")
#define dsb(opt)	asm volatile("dsb " #opt : : : "memory")
#define dmb(opt)	asm volatile("dmb " #opt : : : "memory")

static inline void cpu_relax(void)
{
	asm volatile("yield" : : : "memory");
}

static inline void wfi(void)
{
	asm volatile("wfi" : : : "memory");
}

static inline void local_irq_enable(void)
{
	asm volatile("cpsie i" : : : "memory");
}

static inline void local_irq_disable(void)
{
	asm volatile("cpsid i" : : : "memory");
}

static inline uint32_t read_cpsr(void)
{
	uint32_t cpsr;

	asm volatile("mrs %0, cpsr" : "=r" (cpsr) : : "memory");
	return cpsr;
}

/*
 * Accesses to devices.  The addressing mode has to be one for which the
 * hardware gives a syndrome: no writeback, no register pairs.
 */
static __always_inline void writel(uint32_t val, volatile void *addr)
{
	dmb(st);
	asm volatile("str %0, [%1]" : : "r" (val), "r" (addr) : "memory");
}

static __always_inline uint32_t readl(const volatile void *addr)
{
	uint32_t val;

	asm volatile("ldr %0, [%1]" : "=r" (val) : "r" (addr) : "memory");
	dmb(sy);
	return val;
}

static __always_inline void writew(uint16_t val, volatile void *addr)
{
	dmb(st);
	asm volatile("strh %0, [%1]" : : "r" (val), "r" (addr) : "memory");
}

static __always_inline uint16_t readw(const volatile void *addr)
{
	uint32_t val;

	asm volatile("ldrh %0, [%1]" : "=r" (val) : "r" (addr) : "memory");
	dmb(sy);
	return val;
}

static __always_inline void writeb(uint8_t val, volatile void *addr)
{
	dmb(st);
	asm volatile("strb %0, [%1]" : : "r" (val), "r" (addr) : "memory");
}

static __always_inline uint8_t readb(const volatile void *addr)
{
	uint32_t val;

	asm volatile("ldrb %0, [%1]" : "=r" (val) : "r" (addr) : "memory");
	dmb(sy);
	return val;
}

#endif /* SELFTEST_KVM_PROCESSOR_H */
