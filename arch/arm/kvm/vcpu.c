// SPDX-License-Identifier: GPL-2.0-only
/*
 * A vCPU: its life, its run loop, its ioctls.
 */
#include <linux/kvm_host.h>
#include <linux/sched/stat.h>
#include <linux/uaccess.h>
#include <asm/cputype.h>
#include <asm/kvm_emulate.h>
#include <asm/kvm_hyp.h>
#include <asm/kvm_mmu.h>
#include <kvm/arm_arch_timer.h>
#include <kvm/arm_pmu.h>
#include <kvm/arm_psci.h>
#include <kvm/arm_vgic.h>
#include <trace/events/kvm.h>

#include "compat.h"
#include "cpu_model.h"
#include "pmu_switch.h"
#include "trace.h"
#include "trace_mmu.h"
#include "vcpu_pmu.h"
#include "vgic_host.h"

const struct kvm_stats_desc kvm_vcpu_stats_desc[] = {
	KVM_GENERIC_VCPU_STATS(),
	STATS_DESC_COUNTER(VCPU, hvc_exit_stat),
	STATS_DESC_COUNTER(VCPU, wfe_exit_stat),
	STATS_DESC_COUNTER(VCPU, wfi_exit_stat),
	STATS_DESC_COUNTER(VCPU, mmio_exit_user),
	STATS_DESC_COUNTER(VCPU, mmio_exit_kernel),
	STATS_DESC_COUNTER(VCPU, signal_exits),
	STATS_DESC_COUNTER(VCPU, exits)
};

const struct kvm_stats_header kvm_vcpu_stats_header = {
	.name_size = KVM_STATS_NAME_SIZE,
	.num_desc = ARRAY_SIZE(kvm_vcpu_stats_desc),
	.id_offset = sizeof(struct kvm_stats_header),
	.desc_offset = sizeof(struct kvm_stats_header) + KVM_STATS_NAME_SIZE,
	.data_offset = sizeof(struct kvm_stats_header) + KVM_STATS_NAME_SIZE +
		       sizeof(kvm_vcpu_stats_desc),
};

/* ---- life ---- */

int kvm_arch_vcpu_precreate(struct kvm *kvm, unsigned int id)
{
	if (id >= kvm->max_vcpus)
		return -EINVAL;

	if (irqchip_in_kernel(kvm) && vgic_initialized(kvm))
		return -EBUSY;

	return 0;
}

int kvm_arch_vcpu_create(struct kvm_vcpu *vcpu)
{
	int ret;

	spin_lock_init(&vcpu->arch.mp_state_lock);

	/* Tell lockdep that config_lock is taken inside vcpu->mutex */
	if (IS_ENABLED(CONFIG_LOCKDEP)) {
		mutex_lock(&vcpu->mutex);
		mutex_lock(&vcpu->kvm->arch.config_lock);
		mutex_unlock(&vcpu->kvm->arch.config_lock);
		mutex_unlock(&vcpu->mutex);
	}

	vcpu->arch.world_switch = kvm_vcpu_run_hyp;
	vcpu->arch.run = vcpu->arch.world_switch;
	vcpu->arch.enter = vcpu->arch.run;
	vcpu->arch.mmu_page_cache.gfp_zero = __GFP_ZERO;
	kvm_timer_vcpu_init(vcpu);
	kvm_pmu_vcpu_init(vcpu);

	ret = kvm_vgic_vcpu_init(vcpu);
	if (ret)
		goto err;

	ret = create_hyp_mappings(vcpu, vcpu + 1, PAGE_HYP);
	if (ret)
		goto err;

	return 0;

err:
	kvm_vgic_vcpu_destroy(vcpu);
	return ret;
}

void kvm_arch_vcpu_postcreate(struct kvm_vcpu *vcpu)
{
}

void kvm_arch_vcpu_destroy(struct kvm_vcpu *vcpu)
{
	kvm_mmu_free_memory_cache(&vcpu->arch.mmu_page_cache);
	kvm_timer_vcpu_terminate(vcpu);
	if (kvm_vcpu_has_pmu(vcpu))
		kvm_pmu_vcpu_destroy(vcpu);
	kvm_vgic_vcpu_destroy(vcpu);
	remove_hyp_mappings(vcpu, vcpu + 1);
}

vm_fault_t kvm_arch_vcpu_fault(struct kvm_vcpu *vcpu, struct vm_fault *vmf)
{
	return VM_FAULT_SIGBUS;
}

/* ---- on and off a CPU ---- */

/**
 * kvm_vcpu_choose_enter - how a vCPU is entered has changed
 * @vcpu: the vCPU
 *
 * Context: its thread, or with its mutex; or, with interrupts off, on the CPU
 * where it is loaded.
 */
void kvm_vcpu_choose_enter(struct kvm_vcpu *vcpu)
{
	unsigned long flags;

	local_irq_save(flags);
	vcpu->arch.enter = vcpu->arch.debug.active ? __kvm_vcpu_run_debug :
						     vcpu->arch.run;
	local_irq_restore(flags);
}

/*
 * Guests of two vCPUs of one VM may use one ASID for two address spaces: a
 * CPU forgets the one when it gets the other (B3.10.1: a TLB is private to a
 * processor).
 */
static void flush_stale_context(struct kvm_vcpu *vcpu)
{
	int *last_ran = &vcpu->kvm->arch.mmu.last_vcpu_ran[smp_processor_id()];

	if (*last_ran == vcpu->vcpu_idx)
		return;

	kvm_call_hyp(__kvm_flush_cpu_context, vcpu->arch.vttbr);
	*last_ran = vcpu->vcpu_idx;
}

/* Waiting guests give the CPU away only where somebody else wants it */
static void set_wait_traps(struct kvm_vcpu *vcpu)
{
	if (single_task_running())
		vcpu->arch.hcr &= ~HCR_TWE;
	else
		vcpu->arch.hcr |= HCR_TWE;
}

/* The guest reads the counter itself unless it is to see another one */
static void set_counter_traps(struct kvm_vcpu *vcpu)
{
	vcpu->arch.cnthctl = vcpu->kvm->arch.timer_data.poffset ?
			     0 : CNTHCTL_PL1PCTEN;
}

/*
 * On a CPU of another kind than its own a vCPU is loaded, but does not run:
 * MIDR stays the host's, which would look at it by what it says.
 */
static void set_cpu_kind(struct kvm_vcpu *vcpu, int cpu)
{
	const struct kvm_cpu_model *model = vcpu->kvm->arch.model;

	vcpu->arch.on_other_cpu = kvm_cpu_model_is_other(model, cpu);
	if (unlikely(vcpu->arch.on_other_cpu)) {
		vcpu->arch.vpidr = read_cpuid_id();
		kvm_make_request(KVM_REQ_OTHER_CPU, vcpu);
	} else {
		vcpu->arch.vpidr = model->ids[HOST_MIDR];
	}
}

void kvm_arch_vcpu_load(struct kvm_vcpu *vcpu, int cpu)
{
	struct kvm_s2_mmu *mmu = &vcpu->kvm->arch.mmu;

	set_cpu_kind(vcpu, cpu);
	kvm_pmu_load(vcpu);
	kvm_arm_vmid_update(&mmu->vmid);
	vcpu->arch.vttbr = kvm_get_vttbr(mmu);
	trace_kvm_vmid_load(atomic64_read(&mmu->vmid.id), mmu->pgd_phys);
	flush_stale_context(vcpu);

	/* Who sees in its mode that the vCPU is in the guest also sees where */
	vcpu->cpu = cpu;
	smp_wmb();

	kvm_vgic_load(vcpu);
	kvm_timer_vcpu_load(vcpu);
	kvm_vcpu_load_sysregs(vcpu);
	set_wait_traps(vcpu);
	set_counter_traps(vcpu);
}

void kvm_arch_vcpu_put(struct kvm_vcpu *vcpu)
{
	kvm_vcpu_put_sysregs(vcpu);
	kvm_timer_vcpu_put(vcpu);
	kvm_vgic_put(vcpu);
	/* With the timer off, which runs by its offset of the counter */
	kvm_call_hyp(__kvm_vcpu_put);
	kvm_arm_vmid_clear_active();

	vcpu->cpu = -1;
}

/* ---- power and sleep ---- */

static void __vcpu_power_off(struct kvm_vcpu *vcpu)
{
	WRITE_ONCE(vcpu->arch.mp_state.mp_state, KVM_MP_STATE_STOPPED);
	kvm_make_request(KVM_REQ_SLEEP, vcpu);
	kvm_vcpu_kick(vcpu);
}

/**
 * kvm_arm_vcpu_power_off - stop a vCPU until something starts it again
 * @vcpu: the vCPU
 *
 * Context: any process context; takes mp_state_lock.
 */
void kvm_arm_vcpu_power_off(struct kvm_vcpu *vcpu)
{
	spin_lock(&vcpu->arch.mp_state_lock);
	__vcpu_power_off(vcpu);
	spin_unlock(&vcpu->arch.mp_state_lock);
}

/**
 * kvm_arm_vcpu_stopped - tell whether a vCPU is powered off
 * @vcpu: the vCPU
 *
 * Return: true if so; may change at once without mp_state_lock.
 */
bool kvm_arm_vcpu_stopped(struct kvm_vcpu *vcpu)
{
	return READ_ONCE(vcpu->arch.mp_state.mp_state) == KVM_MP_STATE_STOPPED;
}

static bool vcpu_suspended(struct kvm_vcpu *vcpu)
{
	return READ_ONCE(vcpu->arch.mp_state.mp_state) ==
	       KVM_MP_STATE_SUSPENDED;
}

static void vcpu_suspend(struct kvm_vcpu *vcpu)
{
	WRITE_ONCE(vcpu->arch.mp_state.mp_state, KVM_MP_STATE_SUSPENDED);
	kvm_make_request(KVM_REQ_SUSPEND, vcpu);
	kvm_vcpu_kick(vcpu);
}

int kvm_arch_vcpu_ioctl_get_mpstate(struct kvm_vcpu *vcpu,
				    struct kvm_mp_state *mp_state)
{
	*mp_state = READ_ONCE(vcpu->arch.mp_state);

	return 0;
}

int kvm_arch_vcpu_ioctl_set_mpstate(struct kvm_vcpu *vcpu,
				    struct kvm_mp_state *mp_state)
{
	int ret = 0;

	spin_lock(&vcpu->arch.mp_state_lock);

	switch (mp_state->mp_state) {
	case KVM_MP_STATE_RUNNABLE:
		WRITE_ONCE(vcpu->arch.mp_state, *mp_state);
		break;
	case KVM_MP_STATE_STOPPED:
		__vcpu_power_off(vcpu);
		break;
	case KVM_MP_STATE_SUSPENDED:
		vcpu_suspend(vcpu);
		break;
	default:
		ret = -EINVAL;
	}

	spin_unlock(&vcpu->arch.mp_state_lock);

	return ret;
}

static bool vcpu_can_run(struct kvm_vcpu *vcpu)
{
	return !kvm_arm_vcpu_stopped(vcpu) && !atomic_read(&vcpu->arch.pause);
}

/*
 * Asked by other vCPUs, which cannot ask for its timers: these may be on a CPU.
 * When one of them expires it is woken up, and nobody has to ask.
 */
bool kvm_arch_dy_runnable(struct kvm_vcpu *vcpu)
{
	bool irq = READ_ONCE(vcpu->arch.irq_lines) ||
		   (vcpu->arch.hcr & HCR_VA) ||
		   kvm_vgic_vcpu_pending_irq(vcpu);

	return irq && vcpu_can_run(vcpu);
}

int kvm_arch_vcpu_runnable(struct kvm_vcpu *vcpu)
{
	if (!irqchip_in_kernel(vcpu->kvm) &&
	    (kvm_timer_should_notify_user(vcpu) ||
	     kvm_pmu_should_notify_user(vcpu)))
		return vcpu_can_run(vcpu);

	return kvm_arch_dy_runnable(vcpu);
}

bool kvm_arch_vcpu_in_kernel(struct kvm_vcpu *vcpu)
{
	return vcpu_mode_priv(vcpu);
}

int kvm_arch_vcpu_should_kick(struct kvm_vcpu *vcpu)
{
	return kvm_vcpu_exiting_guest_mode(vcpu) == IN_GUEST_MODE;
}

/**
 * kvm_arm_halt_guest - bring all vCPUs of a VM out of the guest and keep them
 * @kvm: the VM
 *
 * Context: process context. Returns when none is in the guest.
 */
void kvm_arm_halt_guest(struct kvm *kvm)
{
	struct kvm_vcpu *vcpu;
	unsigned long i;

	kvm_for_each_vcpu(i, vcpu, kvm)
		atomic_inc(&vcpu->arch.pause);
	kvm_make_all_cpus_request(kvm, KVM_REQ_SLEEP);
}

/**
 * kvm_arm_resume_guest - undo one kvm_arm_halt_guest()
 * @kvm: the VM
 */
void kvm_arm_resume_guest(struct kvm *kvm)
{
	struct kvm_vcpu *vcpu;
	unsigned long i;

	kvm_for_each_vcpu(i, vcpu, kvm) {
		if (atomic_dec_and_test(&vcpu->arch.pause))
			__kvm_vcpu_wake_up(vcpu);
	}
}

static void vcpu_sleep(struct kvm_vcpu *vcpu)
{
	rcuwait_wait_event(kvm_arch_vcpu_get_wait(vcpu), vcpu_can_run(vcpu),
			   TASK_INTERRUPTIBLE);

	/* A signal has to be handled first: sleep again after that */
	if (!vcpu_can_run(vcpu))
		kvm_make_request(KVM_REQ_SLEEP, vcpu);

	/*
	 * Who sees the vCPU started sees its reset request: pairs with the
	 * smp_wmb() in kvm_psci_vcpu_on().
	 */
	smp_rmb();
}

/**
 * kvm_vcpu_wfi - wait for an interrupt on behalf of the guest
 * @vcpu: the vCPU
 *
 * The vGIC's view of what is pending has to be current while the vCPU
 * sleeps, so its state is put away for the time.
 *
 * Context: the vCPU's thread, vCPU loaded. Sleeps.
 */
void kvm_vcpu_wfi(struct kvm_vcpu *vcpu)
{
	/* It may have overflowed just before */
	if (kvm_vcpu_has_pmu(vcpu))
		kvm_pmu_sync_hwstate(vcpu);

	preempt_disable();
	vcpu_set_flag(vcpu, IN_WFI);
	kvm_vgic_put(vcpu);
	preempt_enable();

	kvm_vcpu_halt(vcpu);

	preempt_disable();
	vcpu_clear_flag(vcpu, IN_WFI);
	kvm_vgic_load(vcpu);
	preempt_enable();
}

/* Suspended until user space makes it runnable: wake-ups are its business */
static int handle_suspend(struct kvm_vcpu *vcpu)
{
	if (!vcpu_suspended(vcpu))
		return 1;

	kvm_vcpu_wfi(vcpu);
	kvm_make_request(KVM_REQ_SUSPEND, vcpu);

	if (!kvm_arch_vcpu_runnable(vcpu))
		return 1;

	memset(&vcpu->run->system_event, 0, sizeof(vcpu->run->system_event));
	vcpu->run->system_event.type = KVM_SYSTEM_EVENT_WAKEUP;
	vcpu->run->exit_reason = KVM_EXIT_SYSTEM_EVENT;
	return 0;
}

/* ---- the run loop ---- */

/* User space has to keep the thread on CPUs of its kind, see aarch32-usage.rst */
static int handle_other_cpu(struct kvm_vcpu *vcpu)
{
	struct kvm_run *run = vcpu->run;
	bool other;
	int cpu;

	/* A preemption may move the thread to where this is not so */
	cpu = get_cpu();
	other = vcpu->arch.on_other_cpu;
	put_cpu();
	if (!other)
		return 1;

	/* Until it is on another CPU */
	kvm_make_request(KVM_REQ_OTHER_CPU, vcpu);

	run->exit_reason = KVM_EXIT_FAIL_ENTRY;
	run->fail_entry.hardware_entry_failure_reason =
		KVM_EXIT_FAIL_ENTRY_CPU_UNSUPPORTED;
	run->fail_entry.cpu = cpu;
	return 0;
}

static int handle_requests(struct kvm_vcpu *vcpu)
{
	int ret;

	if (!kvm_request_pending(vcpu))
		return 1;

	if (kvm_test_request(KVM_REQ_VM_DEAD, vcpu))
		return -EIO;

	if (kvm_check_request(KVM_REQ_SLEEP, vcpu))
		vcpu_sleep(vcpu);

	if (kvm_check_request(KVM_REQ_VCPU_RESET, vcpu))
		kvm_reset_vcpu(vcpu);

	/* Whose output the interrupt line has not followed yet */
	if (kvm_check_request(KVM_REQ_RELOAD_PMU, vcpu)) {
		kvm_vcpu_reload_pmu(vcpu);
		kvm_pmu_flush_hwstate(vcpu);
	}

	/* Made so that the vCPU passes here and sees new interrupts */
	if (kvm_check_request(KVM_REQ_IRQ_PENDING, vcpu) &&
	    kvm_vcpu_has_pmu(vcpu))
		kvm_pmu_sync_hwstate(vcpu);

	if (kvm_check_request(KVM_REQ_VGIC_PROCESS_UPDATE, vcpu))
		kvm_vgic_process_async_update(vcpu);

	if (kvm_check_request(KVM_REQ_OTHER_CPU, vcpu) &&
	    !handle_other_cpu(vcpu))
		return 0;

	if (kvm_check_request(KVM_REQ_STEP, vcpu)) {
		ret = kvm_debug_begin_step(vcpu);
		if (ret <= 0)
			return ret;
	}

	if (kvm_check_request(KVM_REQ_SUSPEND, vcpu))
		return handle_suspend(vcpu);

	if (kvm_dirty_ring_check_request(vcpu))
		return 0;

	return 1;
}

/*
 * The last look before the guest is entered, interrupts off and the mode
 * published. 1: nothing speaks against it; otherwise *ret is for the loop.
 */
static bool must_not_enter(struct kvm_vcpu *vcpu, int *ret)
{
	*ret = 1;

	if (unlikely(!irqchip_in_kernel(vcpu->kvm)) &&
	    (kvm_timer_should_notify_user(vcpu) ||
	     kvm_pmu_should_notify_user(vcpu))) {
		vcpu->run->exit_reason = KVM_EXIT_INTR;
		*ret = -EINTR;
		return true;
	}

	return kvm_request_pending(vcpu) || xfer_to_guest_mode_work_pending();
}

/* Instrumentation may use RCU, which does not watch while the guest runs */
static int noinstr vcpu_enter_exit(struct kvm_vcpu *vcpu)
{
	int exit;

	guest_state_enter_irqoff();
	exit = kvm_call_hyp_ret(__kvm_vcpu_run, vcpu);
	guest_state_exit_irqoff();

	return exit;
}

/* What was put into the CPU's interrupt hardware comes back before irqs do */
static void vcpu_sync_irqs(struct kvm_vcpu *vcpu)
{
	if (!kvm_vgic_is_idle(vcpu))
		kvm_vgic_sync_hwstate(vcpu);
	if (unlikely(!irqchip_in_kernel(vcpu->kvm)))
		kvm_timer_sync_user(vcpu);
	smp_store_release(&vcpu->mode, OUTSIDE_GUEST_MODE);
}

/* Into the guest once: ARM_EXCEPTION_* in *exit, or false for what is in *ret */
static bool vcpu_enter(struct kvm_vcpu *vcpu, int *exit, int *ret)
{
	bool entered = false;

	preempt_disable();
	local_irq_disable();
	if (!kvm_vgic_is_idle(vcpu))
		kvm_vgic_flush_hwstate(vcpu);

	/*
	 * Requests made after this kick the CPU: see "IN_GUEST_MODE" in
	 * Documentation/virt/kvm/vcpu-requests.rst.
	 */
	smp_store_mb(vcpu->mode, IN_GUEST_MODE);

	if (must_not_enter(vcpu, ret)) {
		vcpu_sync_irqs(vcpu);
		goto out;
	}

	kvm_adjust_pc(vcpu);

	trace_kvm_entry(*vcpu_pc(vcpu));
	guest_timing_enter_irqoff();

	*exit = vcpu_enter_exit(vcpu);
	entered = true;
	vcpu->stat.exits++;
	vcpu_sync_irqs(vcpu);

	/* Take the interrupt on guest time, the tick is accounted by it */
	if (ARM_EXCEPTION_CODE(*exit) == ARM_EXCEPTION_IRQ) {
		local_irq_enable();
		isb();
		local_irq_disable();
	}

	guest_timing_exit_irqoff();
	trace_kvm_exit(*exit, kvm_vcpu_trap_get_class(vcpu), *vcpu_pc(vcpu));
out:
	local_irq_enable();
	preempt_enable();

	return entered;
}

static int vcpu_run_once(struct kvm_vcpu *vcpu)
{
	int exit, ret;

	if (unlikely(__xfer_to_guest_mode_work_pending())) {
		ret = kvm_xfer_to_guest_mode_handle_work(vcpu);
		if (ret)
			return ret;
	}

	ret = handle_requests(vcpu);
	if (ret <= 0)
		return ret;

	if (!vcpu_enter(vcpu, &exit, &ret))
		return ret;

	return kvm_handle_exit(vcpu, exit);
}

/* User space has done its part of an exit */
static int complete_exit(struct kvm_vcpu *vcpu)
{
	if (vcpu->run->exit_reason == KVM_EXIT_MMIO)
		return kvm_handle_mmio_return(vcpu);

	return 1;
}

/**
 * kvm_arch_vcpu_ioctl_run - run a vCPU until user space has to do something
 * @vcpu: the vCPU, its mutex held
 *
 * Return: 0 with the reason in kvm_run, or a negative errno.
 */
int kvm_arch_vcpu_ioctl_run(struct kvm_vcpu *vcpu)
{
	int ret;

	ret = complete_exit(vcpu);
	if (ret <= 0)
		return ret;

	vcpu_load(vcpu);

	if (!vcpu->wants_to_run) {
		ret = -EINTR;
		goto out;
	}

	kvm_sigset_activate(vcpu);

	vcpu->run->exit_reason = KVM_EXIT_UNKNOWN;
	vcpu->run->flags = 0;
	do {
		ret = vcpu_run_once(vcpu);
	} while (ret > 0);

	if (unlikely(!irqchip_in_kernel(vcpu->kvm))) {
		kvm_timer_update_run(vcpu);
		kvm_pmu_update_run(vcpu);
	}

	kvm_sigset_deactivate(vcpu);
out:
	/* User space sees the PC where it will go on */
	kvm_adjust_pc(vcpu);

	vcpu_put(vcpu);
	return ret;
}

/*
 * Also called when another thread runs the vCPU than before; the first time
 * everything about the VM is decided and gets its final form.
 */
int kvm_arch_vcpu_run_pid_change(struct kvm_vcpu *vcpu)
{
	struct kvm *kvm = vcpu->kvm;
	int ret;

	if (!kvm_vcpu_initialized(vcpu))
		return -ENOEXEC;

	if (vcpu_has_run_once(vcpu)) {
		if (kvm_vcpu_has_pmu(vcpu))
			kvm_pmu_restart(vcpu);
		return 0;
	}

	if (irqchip_in_kernel(kvm)) {
		/* A GICv2 names the source of an SGI by three bits. */
		if (vcpu->vcpu_id >= kvm->max_vcpus)
			return -EINVAL;
		ret = kvm_vgic_map_resources(kvm);
		if (ret)
			return ret;
	}

	kvm_vgic_host_init_vcpu(vcpu);

	ret = kvm_timer_enable(vcpu);
	if (ret)
		return ret;

	if (kvm_vcpu_has_pmu(vcpu)) {
		ret = kvm_arm_pmu_v3_enable(vcpu);
		if (ret)
			return ret;
	}

	mutex_lock(&kvm->arch.config_lock);
	set_bit(KVM_ARCH_FLAG_HAS_RAN_ONCE, &kvm->arch.flags);
	mutex_unlock(&kvm->arch.config_lock);

	return 0;
}

/* ---- ioctls ---- */

static bool wants_pmu(const struct kvm_vcpu_init *init)
{
	return init->features[0] & BIT(KVM_ARM_VCPU_PMU_V3);
}

static int check_init(struct kvm_vcpu *vcpu, const struct kvm_vcpu_init *init)
{
	int i;

	if (init->target >= KVM_ARM_NUM_TARGETS ||
	    !kvm_cpu_model_find(init->target))
		return -EINVAL;

	if (init->features[0] & ~KVM_VCPU_VALID_FEATURES)
		return -ENOENT;

	for (i = 1; i < ARRAY_SIZE(init->features); i++) {
		if (init->features[i])
			return -ENOENT;
	}

	if (wants_pmu(init) && !kvm_supports_guest_pmuv3())
		return -EINVAL;

	return 0;
}

/* Where a part of it cannot be had, the VM has no configuration yet */
static int first_config(struct kvm *kvm, const struct kvm_vcpu_init *init,
			const unsigned long *features)
{
	const struct kvm_cpu_model *model = kvm_cpu_model_find(init->target);
	struct kvm_arch *arch = &kvm->arch;
	int ret;

	/* On big.LITTLE this may be a CPU of another kind than the VM's. */
	if (wants_pmu(init)) {
		ret = kvm_arm_set_default_pmu(kvm, cpumask_first(&model->cpus));
		if (ret)
			return ret;
	}

	arch->target = init->target;
	arch->model = model;
	bitmap_copy(arch->vcpu_features, features, KVM_VCPU_MAX_FEATURES);

	return 0;
}

/*
 * Every vCPU of a VM, and every time, gets the same target and features; and
 * the same kind of CPU, where several have the target.
 */
static int set_config(struct kvm_vcpu *vcpu, const struct kvm_vcpu_init *init)
{
	unsigned long features = init->features[0] &
				 ~BIT(KVM_ARM_VCPU_POWER_OFF);
	struct kvm_arch *arch = &vcpu->kvm->arch;
	int ret = 0;

	mutex_lock(&arch->config_lock);
	if (arch->target < 0) {
		ret = first_config(vcpu->kvm, init, &features);
	} else if (arch->target != init->target ||
		   !bitmap_equal(arch->vcpu_features, &features,
				 KVM_VCPU_MAX_FEATURES)) {
		ret = -EINVAL;
	}
	mutex_unlock(&arch->config_lock);

	return ret;
}

static int vcpu_init(struct kvm_vcpu *vcpu, void __user *argp)
{
	struct kvm_vcpu_init init;
	bool off;
	int ret;

	if (copy_from_user(&init, argp, sizeof(init)))
		return -EFAULT;

	ret = check_init(vcpu, &init);
	if (ret)
		return ret;

	ret = set_config(vcpu, &init);
	if (ret)
		return ret;

	if (wants_pmu(&init))
		kvm_pmu_switch_enable();

	vcpu->arch.hcr = HCR_GUEST_MASK;
	vcpu->arch.hcptr = HCPTR_GUEST;
	vcpu->arch.vcpu_flags = 0;
	kvm_reset_vcpu(vcpu);
	vcpu_set_flag(vcpu, VCPU_INITIALIZED);

	/*
	 * A guest that starts over runs with its caches off: its memory has
	 * to be faulted in again, and cleaned to the point of coherency.
	 */
	if (vcpu_has_run_once(vcpu))
		stage2_unmap_vm(vcpu->kvm);

	off = init.features[0] & BIT(KVM_ARM_VCPU_POWER_OFF);
	spin_lock(&vcpu->arch.mp_state_lock);
	WRITE_ONCE(vcpu->arch.mp_state.mp_state,
		   off ? KVM_MP_STATE_STOPPED : KVM_MP_STATE_RUNNABLE);
	if (off)
		kvm_make_request(KVM_REQ_SLEEP, vcpu);
	spin_unlock(&vcpu->arch.mp_state_lock);

	return 0;
}

static int vcpu_one_reg(struct kvm_vcpu *vcpu, void __user *argp,
			int (*fn)(struct kvm_vcpu *vcpu,
				  const struct kvm_one_reg *reg))
{
	struct kvm_one_reg reg;

	if (copy_from_user(&reg, argp, sizeof(reg)))
		return -EFAULT;

	return fn(vcpu, &reg);
}

static int vcpu_reg_list(struct kvm_vcpu *vcpu,
			 struct kvm_reg_list __user *user_list)
{
	struct kvm_reg_list list;
	u64 n;

	if (copy_from_user(&list, user_list, sizeof(list)))
		return -EFAULT;

	n = list.n;
	list.n = kvm_arm_num_regs(vcpu);
	if (copy_to_user(user_list, &list, sizeof(list)))
		return -EFAULT;

	if (n < list.n)
		return -E2BIG;

	return kvm_arm_copy_reg_indices(vcpu, user_list->reg);
}

static int vcpu_get_events(struct kvm_vcpu *vcpu, void __user *argp)
{
	struct kvm_vcpu_events events = {};
	int ret;

	ret = __kvm_arm_vcpu_get_events(vcpu, &events);
	if (ret)
		return ret;

	return copy_to_user(argp, &events, sizeof(events)) ? -EFAULT : 0;
}

static int vcpu_set_events(struct kvm_vcpu *vcpu, void __user *argp)
{
	struct kvm_vcpu_events events;

	if (copy_from_user(&events, argp, sizeof(events)))
		return -EFAULT;

	if (memchr_inv(events.reserved, 0, sizeof(events.reserved)) ||
	    memchr_inv(events.exception.pad, 0, sizeof(events.exception.pad)))
		return -EINVAL;

	return __kvm_arm_vcpu_set_events(vcpu, &events);
}

/* The timer's attributes after these two are for guests with a HYP mode */
static bool is_timer_attr(const struct kvm_device_attr *attr)
{
	return attr->group == KVM_ARM_VCPU_TIMER_CTRL &&
	       attr->attr <= KVM_ARM_VCPU_TIMER_IRQ_PTIMER;
}

static int set_attr(struct kvm_vcpu *vcpu, struct kvm_device_attr *attr)
{
	int ret;

	if (is_timer_attr(attr))
		return kvm_arm_timer_set_attr(vcpu, attr);

	if (attr->group != KVM_ARM_VCPU_PMU_V3_CTRL)
		return -ENXIO;

	mutex_lock(&vcpu->kvm->arch.config_lock);
	ret = kvm_arm_pmu_v3_set_attr(vcpu, attr);
	mutex_unlock(&vcpu->kvm->arch.config_lock);

	return ret;
}

static int get_attr(struct kvm_vcpu *vcpu, struct kvm_device_attr *attr)
{
	if (is_timer_attr(attr))
		return kvm_arm_timer_get_attr(vcpu, attr);

	return attr->group == KVM_ARM_VCPU_PMU_V3_CTRL ?
	       kvm_arm_pmu_v3_get_attr(vcpu, attr) : -ENXIO;
}

static int has_attr(struct kvm_vcpu *vcpu, struct kvm_device_attr *attr)
{
	if (is_timer_attr(attr))
		return kvm_arm_timer_has_attr(vcpu, attr);

	return attr->group == KVM_ARM_VCPU_PMU_V3_CTRL ?
	       kvm_arm_pmu_v3_has_attr(vcpu, attr) : -ENXIO;
}

static int vcpu_attr(struct kvm_vcpu *vcpu, void __user *argp,
		     int (*fn)(struct kvm_vcpu *vcpu,
			       struct kvm_device_attr *attr))
{
	struct kvm_device_attr attr;

	if (copy_from_user(&attr, argp, sizeof(attr)))
		return -EFAULT;

	return fn(vcpu, &attr);
}

long kvm_arch_vcpu_ioctl(struct file *filp, unsigned int ioctl,
			 unsigned long arg)
{
	struct kvm_vcpu *vcpu = filp->private_data;
	void __user *argp = (void __user *)arg;

	switch (ioctl) {
	case KVM_ARM_VCPU_INIT:
		return vcpu_init(vcpu, argp);
	case KVM_SET_DEVICE_ATTR:
		return vcpu_attr(vcpu, argp, set_attr);
	case KVM_GET_DEVICE_ATTR:
		return vcpu_attr(vcpu, argp, get_attr);
	case KVM_HAS_DEVICE_ATTR:
		return vcpu_attr(vcpu, argp, has_attr);
	default:
		break;
	}

	/* The others are about registers, which KVM_ARM_VCPU_INIT makes */
	if (!kvm_vcpu_initialized(vcpu))
		return -ENOEXEC;

	/* A CPU_ON that came first comes first */
	if (kvm_check_request(KVM_REQ_VCPU_RESET, vcpu))
		kvm_reset_vcpu(vcpu);

	switch (ioctl) {
	case KVM_SET_ONE_REG:
		return vcpu_one_reg(vcpu, argp, kvm_arm_set_reg);
	case KVM_GET_ONE_REG:
		return vcpu_one_reg(vcpu, argp, kvm_arm_get_reg);
	case KVM_GET_REG_LIST:
		return vcpu_reg_list(vcpu, argp);
	case KVM_GET_VCPU_EVENTS:
		return vcpu_get_events(vcpu, argp);
	case KVM_SET_VCPU_EVENTS:
		return vcpu_set_events(vcpu, argp);
	default:
		return -EINVAL;
	}
}

/* These are defined for all architectures; ARM has ONE_REG instead. */
int kvm_arch_vcpu_ioctl_get_regs(struct kvm_vcpu *vcpu, struct kvm_regs *regs)
{
	return -EINVAL;
}

int kvm_arch_vcpu_ioctl_set_regs(struct kvm_vcpu *vcpu, struct kvm_regs *regs)
{
	return -EINVAL;
}

int kvm_arch_vcpu_ioctl_get_sregs(struct kvm_vcpu *vcpu,
				  struct kvm_sregs *sregs)
{
	return -EINVAL;
}

int kvm_arch_vcpu_ioctl_set_sregs(struct kvm_vcpu *vcpu,
				  struct kvm_sregs *sregs)
{
	return -EINVAL;
}

int kvm_arch_vcpu_ioctl_get_fpu(struct kvm_vcpu *vcpu, struct kvm_fpu *fpu)
{
	return -EINVAL;
}

int kvm_arch_vcpu_ioctl_set_fpu(struct kvm_vcpu *vcpu, struct kvm_fpu *fpu)
{
	return -EINVAL;
}

int kvm_arch_vcpu_ioctl_translate(struct kvm_vcpu *vcpu,
				  struct kvm_translation *tr)
{
	return -EINVAL;
}
