// SPDX-License-Identifier: GPL-2.0-only
/*
 * KVM on 32-bit ARM hosts: what happens once, and what happens once a CPU.
 */
#include <linux/kvm_host.h>
#include <linux/module.h>
#include <asm/arch_timer.h>
#include <asm/kvm_hyp.h>
#include <asm/kvm_mmu.h>
#include <asm/virt.h>
#include <kvm/arm_arch_timer.h>
#include <kvm/arm_vgic.h>

#include "counter.h"
#include "cpu_model.h"
#include "hyp_mode.h"
#include "ptdump.h"
#include "vgic_host.h"

/* Interrupts that a CPU needs while it has virtualization enabled */
static void cpu_irqs_up(void)
{
	if (kvm_vgic_present())
		kvm_vgic_cpu_up();
	kvm_timer_cpu_up();
}

static void cpu_irqs_down(void)
{
	kvm_timer_cpu_down();
	if (kvm_vgic_present())
		kvm_vgic_cpu_down();
}

/* A guest reads the register, which only firmware can write (B8.1.1) */
static void check_counter_frequency(void)
{
	u32 rate = arch_timer_get_rate();

	if (arch_timer_get_cntfrq() == rate)
		return;

	pr_warn_once("kvm: CNTFRQ of CPU%d is %u, not %u: firmware must set it, or guests have clock-frequency = <%u> in their timer's node\n",
		     smp_processor_id(), arch_timer_get_cntfrq(), rate, rate);
}

/**
 * kvm_arch_enable_virtualization_cpu - prepare this CPU for guests
 *
 * Called on each CPU that is online when virtualization is enabled, and on
 * each that comes online later.
 *
 * Return: 0 or a negative errno, which refuses the CPU.
 */
int kvm_arch_enable_virtualization_cpu(void)
{
	int ret;

	/* The vGIC code wants to stay on the CPU whose registers it clears */
	preempt_disable();

	ret = kvm_hyp_cpu_enable();
	if (!ret) {
		cpu_irqs_up();
		check_counter_frequency();
		kvm_counter_resume();
	}

	preempt_enable();

	return ret;
}

/**
 * kvm_arch_disable_virtualization_cpu - give this CPU back to the stub
 *
 * Context: preemption disabled, or the CPU is going offline.
 */
void kvm_arch_disable_virtualization_cpu(void)
{
	kvm_counter_suspend();
	cpu_irqs_down();
	kvm_hyp_cpu_disable();
}

long kvm_arch_dev_ioctl(struct file *filp, unsigned int ioctl,
			unsigned long arg)
{
	return -EINVAL;
}

bool kvm_arch_irqchip_in_kernel(struct kvm *kvm)
{
	return irqchip_in_kernel(kvm);
}

static bool hyp_mode_is_usable(void)
{
	sync_boot_mode();

	if (is_hyp_mode_mismatched()) {
		pr_err("kvm: CPUs were started in different modes: the bootloader must start all of them in HYP mode\n");
		return false;
	}

	if (!is_hyp_mode_available()) {
		pr_info("kvm: HYP mode not available: the bootloader must start the kernel in HYP mode\n");
		return false;
	}

	return true;
}

static int __init init_subsystems(void)
{
	int ret;

	ret = kvm_vgic_host_init();
	if (ret)
		return ret;

	ret = kvm_timer_hyp_init(kvm_vgic_present());
	if (ret)
		pr_err("kvm: the virtual timer is not usable (%d): the timer's node must be enabled and have its third interrupt\n",
		       ret);

	return ret;
}

static int __init kvm_arm_init(void)
{
	int ret;

	if (!hyp_mode_is_usable())
		return -ENODEV;

	ret = kvm_coproc_table_init();
	if (ret)
		return ret;

	ret = kvm_cpu_models_init();
	if (ret)
		return ret;

	ret = kvm_arm_vmid_alloc_init();
	if (ret)
		return ret;

	ret = kvm_hyp_mode_init();
	if (ret)
		goto err_vmid;

	ret = kvm_hyp_setup();
	if (ret)
		goto err_mode;

	ret = init_subsystems();
	if (ret)
		goto err_hyp;

	kvm_guest_walk_init();

	/* From here on user space can open /dev/kvm */
	ret = kvm_init(sizeof(struct kvm_vcpu), 0, THIS_MODULE);
	if (ret)
		goto err_hyp;

	kvm_ptdump_init();
	pr_info("kvm: HYP mode initialized, %d-bit IPA, %d VMID bits\n",
		KVM_PHYS_SHIFT, kvm_arm_vmid_bits);
	return 0;

err_hyp:
	kvm_hyp_teardown();
err_mode:
	kvm_hyp_mode_exit();
err_vmid:
	kvm_arm_vmid_alloc_free();
	return ret;
}

module_init(kvm_arm_init);
