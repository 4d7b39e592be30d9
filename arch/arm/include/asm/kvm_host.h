/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * KVM on 32-bit ARM hosts: the data of a VM and of a vCPU.
 */
#ifndef _ASM_ARM_KVM_HOST_H
#define _ASM_ARM_KVM_HOST_H

#include <linux/arm-smccc.h>
#include <linux/bitmap.h>
#include <linux/jump_label.h>
#include <linux/kvm_types.h>
#include <linux/maple_tree.h>
#include <linux/percpu.h>
#include <linux/psci.h>
#include <linux/types.h>
#include <asm/cputype.h>
#include <asm/kvm.h>
#include <asm/kvm_arm.h>
#include <asm/kvm_asm.h>
#include <asm/kvm_shared.h>
#include <asm/spectre.h>

#define __KVM_HAVE_ARCH_INTC_INITIALIZED
#define __KVM_HAVE_ARCH_FLUSH_REMOTE_TLBS
#define __KVM_HAVE_ARCH_FLUSH_REMOTE_TLBS_RANGE
#define KVM_HAVE_MMU_RWLOCK

#define KVM_HALT_POLL_NS_DEFAULT 500000

#include <kvm/arm_vgic.h>
#include <kvm/arm_arch_timer.h>
#include <kvm/arm_pmu.h>

/* With a GICv3; fewer with a GICv2: see kvm_vgic_get_max_vcpus() */
#define KVM_MAX_VCPUS VGIC_V3_MAX_CPUS

#define KVM_VCPU_MAX_FEATURES 4
#define KVM_VCPU_VALID_FEATURES	(BIT(KVM_ARM_VCPU_POWER_OFF) | \
				 BIT(KVM_ARM_VCPU_PSCI_0_2) | \
				 BIT(KVM_ARM_VCPU_PMU_V3))

#define KVM_REQ_SLEEP \
	KVM_ARCH_REQ_FLAGS(0, KVM_REQUEST_WAIT | KVM_REQUEST_NO_WAKEUP)
#define KVM_REQ_IRQ_PENDING	KVM_ARCH_REQ(1)
#define KVM_REQ_VCPU_RESET	KVM_ARCH_REQ(2)
#define KVM_REQ_RELOAD_GICv4	KVM_ARCH_REQ(3)
#define KVM_REQ_SUSPEND		KVM_ARCH_REQ(4)
#define KVM_REQ_OTHER_CPU	KVM_ARCH_REQ(5)
#define KVM_REQ_VGIC_PROCESS_UPDATE KVM_ARCH_REQ(6)
#define KVM_REQ_STEP		KVM_ARCH_REQ(7)
#define KVM_REQ_RELOAD_PMU	KVM_ARCH_REQ(8)

#define KVM_GUESTDBG_VALID_MASK	(KVM_GUESTDBG_ENABLE | \
				 KVM_GUESTDBG_USE_SW_BP | \
				 KVM_GUESTDBG_USE_HW | \
				 KVM_GUESTDBG_SINGLESTEP | \
				 KVM_GUESTDBG_BLOCKIRQ)

#define KVM_DIRTY_LOG_MANUAL_CAPS   (KVM_DIRTY_LOG_MANUAL_PROTECT_ENABLE | \
				     KVM_DIRTY_LOG_INITIALLY_SET)

struct kvm_vmid {
	atomic64_t id;
};

struct kvm_cpu_model;
struct kvm_pgtable;

/**
 * struct kvm_s2_mmu - Stage-2 translation of a VM
 * @vmid:	VMID with its generation
 * @phys_size:	of the IPA space that user space wants; see kvm_arch_init_vm()
 * @pgt:	the tables; NULL before the VM is made and after it is gone
 * @pgd_phys:	physical address of the first level (8 KiB, two pages)
 * @last_vcpu_ran: for each CPU the index of the vCPU of this VM that ran
 *		there last, -1 for none
 * @split_page_cache: table pages for splitting blocks ahead of logging
 * @split_page_chunk_size: bytes that one such split covers; 0: none
 * @arch:	the VM this belongs to
 */
struct kvm_s2_mmu {
	struct kvm_vmid vmid;
	u64 phys_size;
	struct kvm_pgtable *pgt;
	phys_addr_t pgd_phys;
	int *last_vcpu_ran;
	struct kvm_mmu_memory_cache split_page_cache;
	u64 split_page_chunk_size;
	struct kvm_arch *arch;
};

struct kvm_arch_memory_slot {
};

/**
 * struct kvm_smccc_features - hypercall services that a VM offers
 * @std_bmap:		Standard Secure services
 * @std_hyp_bmap:	Standard Hypervisor services
 * @vendor_hyp_bmap:	Vendor Hypervisor services
 * @vendor_hyp_bmap_2:	those of them from function 64 on
 */
struct kvm_smccc_features {
	unsigned long std_bmap;
	unsigned long std_hyp_bmap;
	unsigned long vendor_hyp_bmap;
	unsigned long vendor_hyp_bmap_2;
};

struct kvm_arch {
	struct kvm_s2_mmu mmu;
	struct vgic_dist vgic;
	struct arch_timer_vm_data timer_data;

	/* PSCI version that user space asked for; 0: the latest */
	u32 psci_version;

	/* Taken inside kvm->lock and vcpu->mutex; protects VM configuration */
	struct mutex config_lock;

#define KVM_ARCH_FLAG_RETURN_NISV_IO_ABORT_TO_USER	0
#define KVM_ARCH_FLAG_HAS_RAN_ONCE			1
#define KVM_ARCH_FLAG_SYSTEM_SUSPEND_ENABLED		2
#define KVM_ARCH_FLAG_VM_COUNTER_OFFSET			3
#define KVM_ARCH_FLAG_TIMER_PPIS_IMMUTABLE		4
	unsigned long flags;

	/* KVM_ARM_VCPU_INIT: the same for every vCPU of a VM */
	int target;
	const struct kvm_cpu_model *model;
	DECLARE_BITMAP(vcpu_features, KVM_VCPU_MAX_FEATURES);

	struct kvm_smccc_features smccc_feat;
	struct maple_tree smccc_filter;

	/* The host's PMU that counts, and where; under config_lock */
	struct arm_pmu *arm_pmu;
	cpumask_var_t supported_cpus;
	/* Events that may be counted, NULL: all */
	unsigned long *pmu_filter;
	/* PMCR.N, by the name of either kernel */
	union {
		u8 pmcr_n;
		u8 nr_pmu_counters;
	};
	/* For a feature that no vCPU has */
	u8 pmmir_slots;
};

/**
 * struct kvm_vcpu_fault_info - a trap to HYP mode, read once at the exit
 * @hsr:	Hyp Syndrome Register
 * @hxfar:	HDFAR or HIFAR: guest VA of an abort
 * @hpfar:	HPFAR: IPA[39:12] of a Stage-2 abort in bits 31:4
 */
struct kvm_vcpu_fault_info {
	u32 hsr;
	u32 hxfar;
	u32 hpfar;
};

/**
 * struct kvm_vfp_context - VFP and Advanced SIMD state
 * @d:		D0 to D31; the upper half is unused where there are 16
 * @fpexc:	Floating-Point Exception Control register
 * @fpscr:	Floating-Point Status and Control Register
 * @fpinst:	what user space set FPINST to, which no core with HYP mode has
 * @fpinst2:	likewise
 *
 * Assembly (hyp/vfp.S) knows the layout by asm-offsets.
 */
struct kvm_vfp_context {
	u64 d[32];
	u32 fpexc;
	u32 fpscr;
	u32 fpinst;
	u32 fpinst2;
};

/**
 * struct kvm_cpu_context - register state of a guest CPU
 * @gp_regs:	core registers of every mode, as the ABI has them
 * @cp15:	system registers by enum vcpu_cp15_reg
 * @vfp:	VFP and Advanced SIMD registers
 */
struct kvm_cpu_context {
	struct kvm_regs gp_regs;
	u32 cp15[NR_CP15_REGS] __aligned(8);
	struct kvm_vfp_context vfp;
};

/* Debug registers that there are several of */
enum kvm_debug_reg {
	DEBUG_BVR,
	DEBUG_BCR,
	DEBUG_WVR,
	DEBUG_WCR,
};

/**
 * struct kvm_vcpu_debug - debugging of a guest
 * @on_cpu:	what the CPU has while the guest runs: one of the others, checked
 * @guest:	what the guest has set
 * @guest_dscr:	its DBGDSCR
 * @user:	what user space has set by KVM_SET_GUEST_DEBUG
 * @step:	breakpoints that end a single step
 * @dscr:	DBGDSCR after the last debug exception: how it came about
 * @active:	the guest is run by __kvm_vcpu_run_debug()
 * @block_irqs:	it takes no interrupts in User mode
 */
struct kvm_vcpu_debug {
	struct kvm_guest_debug_arch on_cpu;
	struct kvm_guest_debug_arch guest;
	struct kvm_guest_debug_arch user;
	struct kvm_guest_debug_arch step;
	u32 guest_dscr;
	u32 dscr;
	bool active;
	bool block_irqs;
};

/* What KVM_ARM_VCPU_INIT leaves for a PSCI CPU_ON to fill in */
struct vcpu_reset_state {
	unsigned long pc;
	unsigned long r0;
	bool be;
	bool reset;
};

/*
 * Registers that the code shared with 64-bit hosts keeps as an array of
 * 64-bit values (__vcpu_sys_reg()): those of the timers and the PMU, and what
 * it names for nested virtualization and never touches here.
 */
enum vcpu_shared_reg {
	CNTV_CTL_EL0,
	CNTV_CVAL_EL0,
	CNTP_CTL_EL0,
	CNTP_CVAL_EL0,
	CNTHV_CTL_EL2,
	CNTHV_CVAL_EL2,
	CNTHP_CTL_EL2,
	CNTHP_CVAL_EL2,
	CNTVOFF_EL2,
	CNTHCTL_EL2,
	HCR_EL2,
	MDCR_EL2,
	PMCR_EL0,
	PMSELR_EL0,
	PMCNTENSET_EL0,
	PMINTENSET_EL1,
	PMOVSSET_EL0,
	PMUSERENR_EL0,
	PMEVCNTR0_EL0,
	PMEVCNTR30_EL0 = PMEVCNTR0_EL0 + 30,
	PMCCNTR_EL0,
	PMEVTYPER0_EL0,
	PMEVTYPER30_EL0 = PMEVTYPER0_EL0 + 30,
	PMCCFILTR_EL0,
	NR_SYS_REGS
};

#define __vcpu_sys_reg(v, r)	((v)->arch.shared_regs[(r)])
#define __vcpu_assign_sys_reg(v, r, val) ((void)(__vcpu_sys_reg(v, r) = (val)))
#define __vcpu_rmw_sys_reg(v, r, op, val) ((void)(__vcpu_sys_reg(v, r) op (val)))
#define vcpu_read_sys_reg(v, r)	__vcpu_sys_reg(v, r)
#define __ctxt_sys_reg(c, r) \
	(&container_of(c, struct kvm_vcpu_arch, ctxt)->shared_regs[(r)])

struct kvm_vcpu_arch {
	struct kvm_cpu_context ctxt;
	struct kvm_vcpu_fault_info fault;

	/*
	 * What the HYP call of __kvm_vcpu_run() is for this vCPU. Debugging
	 * calls @run, which may switch the PMU and calls @world_switch, which
	 * is up to the host's GIC
	 */
	int (*enter)(struct kvm_vcpu *vcpu);
	int (*run)(struct kvm_vcpu *vcpu);
	int (*world_switch)(struct kvm_vcpu *vcpu);

	/* HYP registers while this vCPU runs */
	u64 vttbr;
	u64 cntvoff;
	unsigned long hcr;
	u32 cnthctl;
	u32 vpidr;

	/*
	 * HCPTR, which lets the guest have the VFP once its registers are
	 * there, until the host wants it or the vCPU is put (HYP's own)
	 */
	u32 hcptr;

	/* VCPU_* flags below */
	u32 vcpu_flags;

	/*
	 * This CPU is not for the vCPU. No flag, as it is written by a
	 * preemption, which may be amid a change of the flags
	 */
	bool on_other_cpu;

	/* Host values of what kvm_arch_vcpu_load() moves */
	struct {
		u32 vbar;
		u32 amair0;
		u32 amair1;
		u32 tpidrurw;
		u32 cntkctl;
		u32 teecr;
		u32 teehbr;
		u32 fiq_regs[8];
	} host;

	u64 shared_regs[NR_SYS_REGS];
	struct vgic_cpu vgic_cpu;
	struct arch_timer_cpu timer_cpu;
	struct kvm_pmu pmu;

	/* Protects mp_state and reset_state */
	spinlock_t mp_state_lock;
	struct kvm_mp_state mp_state;
	struct vcpu_reset_state reset_state;

	/* The vCPU is held outside the guest while this is not zero */
	atomic_t pause;

	/* IRQ and FIQ lines of a user space interrupt controller */
	unsigned long irq_lines;

	struct kvm_mmu_memory_cache mmu_page_cache;

	/*
	 * On a host with a GICv3: its virtual interface is switched at each
	 * entry, not only where it has interrupts for the guest
	 */
	u32 gicv3_always;

	struct kvm_vcpu_debug debug;
};

/*
 * vCPU flags: a name is a pair of mask and value in vcpu_flags, which only
 * the thread that has the vCPU loaded, or holds its mutex, changes. It may be
 * preempted meanwhile: what a put changes here, the next load changes back.
 */
#define __vcpu_single_flag(bit)		(1U << (bit)), (1U << (bit))
#define __vcpu_except_flag(type)	(3U << 2), ((type) << 2)

#define PENDING_EXCEPTION	__vcpu_single_flag(0)
#define INCREMENT_PC		__vcpu_single_flag(1)
#define EXCEPT_MASK		(3U << 2), (3U << 2)
#define EXCEPT_AA32_UND		__vcpu_except_flag(0)
#define EXCEPT_AA32_IABT	__vcpu_except_flag(1)
#define EXCEPT_AA32_DABT	__vcpu_except_flag(2)
/* Named by shared code for 64-bit guests */
#define EXCEPT_AA64_EL1_SYNC	__vcpu_except_flag(0)
#define EXCEPT_AA64_EL2_SYNC	__vcpu_except_flag(3)
#define EXCEPT_AA64_EL1_SERR	__vcpu_except_flag(1)
#define EXCEPT_AA64_EL2_SERR	__vcpu_except_flag(2)
#define VCPU_INITIALIZED	__vcpu_single_flag(4)
#define IN_WFI			__vcpu_single_flag(5)
#define IN_WFIT			__vcpu_single_flag(6)
#define SYSREGS_ON_CPU		__vcpu_single_flag(7)
/* Named by shared code for nested virtualization */
#define IN_NESTED_ERET		__vcpu_single_flag(8)

#define __unpack_vcpu_flag(mask, val)	(val)
#define __vcpu_get_flag(v, mask, val)	((v)->arch.vcpu_flags & (mask))
#define __vcpu_set_flag(v, mask, val) \
	((v)->arch.vcpu_flags = ((v)->arch.vcpu_flags & ~(mask)) | (val))
#define __vcpu_clear_flag(v, mask, val)	((v)->arch.vcpu_flags &= ~(mask))

#define unpack_vcpu_flag(...)		__unpack_vcpu_flag(__VA_ARGS__)
#define vcpu_get_flag(v, ...)		__vcpu_get_flag(v, __VA_ARGS__)
#define vcpu_set_flag(v, ...)		((void)__vcpu_set_flag(v, __VA_ARGS__))
#define vcpu_clear_flag(v, ...)		((void)__vcpu_clear_flag(v, __VA_ARGS__))

#define kvm_vcpu_initialized(v)		vcpu_get_flag(v, VCPU_INITIALIZED)

#define vcpu_gp_regs(v)			(&(v)->arch.ctxt.gp_regs)

/*
 * A cp15 register in memory. Some live on the CPU while the vCPU is loaded:
 * vcpu_read_cp15() and vcpu_write_cp15() know where each is.
 */
#define vcpu_cp15(v, r)			((v)->arch.ctxt.cp15[(r)])

struct kvm_vm_stat {
	struct kvm_vm_stat_generic generic;
};

struct kvm_vcpu_stat {
	struct kvm_vcpu_stat_generic generic;
	u64 hvc_exit_stat;
	u64 wfe_exit_stat;
	u64 wfi_exit_stat;
	u64 mmio_exit_user;
	u64 mmio_exit_kernel;
	u64 signal_exits;
	u64 exits;
};

/* Who changes it holds vcpu->mutex; it is not followed */
#define vcpu_has_run_once(vcpu)	(!!(unsigned long)READ_ONCE((vcpu)->pid))
#define kvm_vm_has_ran_once(kvm) \
	(test_bit(KVM_ARCH_FLAG_HAS_RAN_ONCE, &(kvm)->arch.flags))

static inline bool __vcpu_has_feature(const struct kvm_arch *ka, int feature)
{
	return test_bit(feature, ka->vcpu_features);
}

#define kvm_vm_has_gicv3(kvm) \
	(irqchip_in_kernel(kvm) && \
	 (kvm)->arch.vgic.vgic_model == KVM_DEV_TYPE_ARM_VGIC_V3)

#define vcpu_has_feature(v, f)	__vcpu_has_feature(&(v)->kvm->arch, (f))

/* vcpu_onereg.c */
unsigned long kvm_arm_num_regs(struct kvm_vcpu *vcpu);
int kvm_arm_copy_reg_indices(struct kvm_vcpu *vcpu, u64 __user *indices);
int kvm_arm_get_reg(struct kvm_vcpu *vcpu, const struct kvm_one_reg *reg);
int kvm_arm_set_reg(struct kvm_vcpu *vcpu, const struct kvm_one_reg *reg);

/* vcpu_cp15.c */
int kvm_handle_cp15_32(struct kvm_vcpu *vcpu);
int kvm_handle_cp15_64(struct kvm_vcpu *vcpu);
int kvm_handle_cp14_32(struct kvm_vcpu *vcpu);
int kvm_handle_cp14_64(struct kvm_vcpu *vcpu);
int kvm_handle_cp14_load_store(struct kvm_vcpu *vcpu);
void kvm_reset_coprocs(struct kvm_vcpu *vcpu);
int kvm_coproc_table_init(void);

/* vcpu_sysregs.c */
u32 vcpu_read_cp15(const struct kvm_vcpu *vcpu, enum vcpu_cp15_reg reg);
void vcpu_write_cp15(struct kvm_vcpu *vcpu, enum vcpu_cp15_reg reg, u32 val);
void kvm_vcpu_load_sysregs(struct kvm_vcpu *vcpu);
void kvm_vcpu_put_sysregs(struct kvm_vcpu *vcpu);

/* vcpu_debug.c */
unsigned int kvm_debug_nr_brps(const struct kvm_cpu_model *model);
unsigned int kvm_debug_nr_wrps(const struct kvm_cpu_model *model);
u32 kvm_debug_get_dscr(const struct kvm_vcpu *vcpu);
void kvm_debug_set_dscr(struct kvm_vcpu *vcpu, u32 val);
void kvm_debug_reset(struct kvm_vcpu *vcpu, u32 dscr);
u32 *kvm_debug_reg(struct kvm_vcpu *vcpu, enum kvm_debug_reg kind,
		   unsigned int n);
void kvm_debug_write(struct kvm_vcpu *vcpu, enum kvm_debug_reg kind,
		     unsigned int n, u32 val);
void kvm_debug_reg_changed(struct kvm_vcpu *vcpu);
int kvm_debug_begin_step(struct kvm_vcpu *vcpu);
int kvm_handle_debug(struct kvm_vcpu *vcpu);

/* vcpu_walk.c */
int kvm_translate_fault(struct kvm_vcpu *vcpu, gpa_t *ipa);
int kvm_guest_read_va(struct kvm_vcpu *vcpu, u32 va, void *to, u32 len);
void kvm_guest_walk_init(void);

/* vcpu_exit.c */
int kvm_handle_exit(struct kvm_vcpu *vcpu, int exit);

/* vcpu_mmio.c */
bool kvm_handle_dist_access(struct kvm_vcpu *vcpu);

/* vcpu_inject.c */
int __kvm_arm_vcpu_get_events(struct kvm_vcpu *vcpu,
			      struct kvm_vcpu_events *events);
int __kvm_arm_vcpu_set_events(struct kvm_vcpu *vcpu,
			      struct kvm_vcpu_events *events);

/* cpu_model.c */
int kvm_target_cpu(void);

/* vcpu_reset.c */
int kvm_vcpu_preferred_target(struct kvm_vcpu_init *init);
void kvm_reset_vcpu(struct kvm_vcpu *vcpu);

/* vcpu.c */
void kvm_vcpu_choose_enter(struct kvm_vcpu *vcpu);
void kvm_arm_vcpu_power_off(struct kvm_vcpu *vcpu);
bool kvm_arm_vcpu_stopped(struct kvm_vcpu *vcpu);
void kvm_arm_halt_guest(struct kvm *kvm);
void kvm_arm_resume_guest(struct kvm *kvm);
void kvm_vcpu_wfi(struct kvm_vcpu *vcpu);
struct kvm_vcpu *kvm_mpidr_to_vcpu(struct kvm *kvm, unsigned long mpidr);

/* vm.c */
bool lock_all_vcpus(struct kvm *kvm);
void unlock_all_vcpus(struct kvm *kvm);

/* hyp_setup.c */
bool kvm_hyp_enabled(void);
int kvm_hyp_setup(void);
void kvm_hyp_teardown(void);
int kvm_hyp_cpu_enable(void);
void kvm_hyp_cpu_disable(void);

/* Built from arch/arm64/kvm */
void kvm_mmio_write_buf(void *buf, unsigned int len, unsigned long data);
unsigned long kvm_mmio_read_buf(const void *buf, unsigned int len);
int kvm_handle_mmio_return(struct kvm_vcpu *vcpu);
int io_mem_abort(struct kvm_vcpu *vcpu, gpa_t fault_ipa);
int kvm_trng_call(struct kvm_vcpu *vcpu);
int kvm_vm_ioctl_set_counter_offset(struct kvm *kvm,
				    struct kvm_arm_counter_offset *offset);

extern unsigned int kvm_arm_vmid_bits;
int kvm_arm_vmid_alloc_init(void);
void kvm_arm_vmid_alloc_free(void);
void kvm_arm_vmid_update(struct kvm_vmid *kvm_vmid);
void kvm_arm_vmid_clear_active(void);

static inline unsigned int kvm_get_vmid_bits(void)
{
	return VTTBR_VMID_BITS;
}

/**
 * kvm_get_vttbr - the VTTBR value of a VM
 * @mmu: Stage-2 of the VM
 *
 * The VMID is only good while the caller keeps it from rolling over: with
 * the vCPU loaded, or for invalidation, where a stale VMID does no harm
 * because roll-over has invalidated everything.
 */
static inline u64 kvm_get_vttbr(struct kvm_s2_mmu *mmu)
{
	u64 vmid = atomic64_read(&mmu->vmid.id);

	return (u64)mmu->pgd_phys |
	       ((vmid << VTTBR_VMID_SHIFT) & VTTBR_VMID_MASK);
}

static inline bool kvm_arch_pmi_in_guest(struct kvm_vcpu *vcpu)
{
	return false;
}

static inline void kvm_arch_sync_events(struct kvm *kvm) {}
static inline void kvm_arch_vcpu_blocking(struct kvm_vcpu *vcpu) {}
static inline void kvm_arch_vcpu_unblocking(struct kvm_vcpu *vcpu) {}

#endif /* _ASM_ARM_KVM_HOST_H */
