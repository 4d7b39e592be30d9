// SPDX-License-Identifier: GPL-2.0-only
/*
 * HYP mode of each CPU: from the stub into KVM's vectors when the CPU comes
 * online or wakes up, and back to the stub when it goes away.
 */
#include <linux/cpu.h>
#include <linux/cpu_pm.h>
#include <linux/error-injection.h>
#include <linux/kvm_host.h>
#include <linux/percpu.h>
#include <asm/cacheflush.h>
#include <asm/kvm_hyp.h>
#include <asm/kvm_mmu.h>
#include <asm/virt.h>

#include "cpu_model.h"
#include "hyp_mode.h"
#include "hyp_panic.h"
#include "spectre.h"
#include "vgic_host.h"

/**
 * struct kvm_hyp_stack - the HYP stack of a CPU
 * @page: kernel address of the page that is mapped
 * @top: its end in HYP's address space
 */
struct kvm_hyp_stack {
	unsigned long page;
	unsigned long top;
};

static DEFINE_PER_CPU(struct kvm_hyp_stack, hyp_stack);

/* This CPU answers kvm_call_hyp(); changed on the CPU itself */
static DEFINE_PER_CPU(bool, hyp_enabled);
/* Also while the CPU is asleep, and where it woke up and could not enter it */
static DEFINE_PER_CPU(bool, hyp_wanted);

/* The kernel's view of what is at the top of the HYP stack */
static struct kvm_hyp_cpu *hyp_cpu_of(int cpu)
{
	return (void *)(per_cpu(hyp_stack, cpu).page + KVM_HYP_STACK_SIZE -
			KVM_HYP_CPU_SIZE);
}

/**
 * kvm_hyp_enabled - tell whether this CPU answers kvm_call_hyp()
 *
 * Virtualization is enabled on all CPUs at once, so for a caller that cannot
 * run while that changes the answer is good for all of them.
 *
 * Return: true if so.
 */
bool kvm_hyp_enabled(void)
{
	return raw_cpu_read(hyp_enabled);
}

/**
 * kvm_hyp_panic_of - the last HYP panic report of a CPU
 * @cpu: CPU number
 *
 * Return: the report, in the kernel's address space.
 */
const struct kvm_hyp_panic_info *kvm_hyp_panic_of(int cpu)
{
	return &hyp_cpu_of(cpu)->panic;
}

/**
 * kvm_hyp_is_guard_page - tell whether an address is below a HYP stack
 * @cpu: CPU number
 * @hva: HYP VA
 *
 * Return: true if @hva is in the page that guards the stack of @cpu.
 */
bool kvm_hyp_is_guard_page(int cpu, unsigned long hva)
{
	return hva - (per_cpu(hyp_stack, cpu).top - KVM_HYP_STACK_SPAN) <
	       KVM_HYP_STACK_SPAN - KVM_HYP_STACK_SIZE;
}

static int alloc_stack(int cpu)
{
	struct kvm_hyp_stack *stack = &per_cpu(hyp_stack, cpu);
	struct kvm_hyp_cpu *hyp_cpu;
	int ret;

	stack->page = __get_free_page(GFP_KERNEL | __GFP_ZERO);
	if (!stack->page)
		return -ENOMEM;

	ret = create_hyp_stack(stack->page, &stack->top);
	if (ret)
		return ret;

	hyp_cpu = hyp_cpu_of(cpu);
	hyp_cpu->boot_pgd = kvm_mmu_get_boot_httbr();
	hyp_cpu->init_page = __pa_symbol(__hyp_idmap_text_start);
	/* Bit 0 says that they are Thumb code, which HVBAR has no room for. */
	hyp_cpu->stub_vectors = __pa_symbol(__hyp_stub_vectors) & ~1;
	hyp_cpu->panic_entry = (unsigned long)kvm_hyp_panic;

	return 0;
}

static void free_stacks(void)
{
	int cpu;

	for_each_possible_cpu(cpu) {
		free_page(per_cpu(hyp_stack, cpu).page);
		per_cpu(hyp_stack, cpu) = (struct kvm_hyp_stack){};
	}
}

/*
 * The stub hands over to the vectors of the init page, the HVC after that
 * sets up HYP mode with the four parameters.
 */
static void enter_hyp(void)
{
	const struct kvm_hyp_stack *stack = this_cpu_ptr(&hyp_stack);

	__hyp_set_vectors(kvm_get_idmap_vector());
	__kvm_hyp_enter(kvm_mmu_get_boot_httbr(), kvm_mmu_get_httbr(),
			stack->top - KVM_HYP_CPU_SIZE,
			(unsigned long)kern_hyp_va(kvm_hyp_vectors()));
	kvm_call_hyp(__kvm_hyp_cpu_init);
}

/**
 * kvm_hyp_cpu_enable - take this CPU from the stub into KVM's HYP mode
 *
 * Context: runs on the CPU that it is about, which cannot migrate.
 *
 * Return: 0; -ENODEV if firmware did not start the CPU in HYP mode; a negative
 * errno if the CPU is too different from the others.
 */
int kvm_hyp_cpu_enable(void)
{
	unsigned long flags;
	int ret;

	if (this_cpu_read(hyp_enabled))
		return 0;

	if (!kvm_hyp_mode_usable())
		return -ENODEV;

	ret = kvm_cpu_model_add();
	if (ret)
		return ret;

	local_irq_save(flags);
	enter_hyp();
	this_cpu_write(hyp_enabled, true);
	this_cpu_write(hyp_wanted, true);
	kvm_vgic_host_init_cpu();
	local_irq_restore(flags);

	return 0;
}
ALLOW_ERROR_INJECTION(kvm_hyp_cpu_enable, ERRNO);

static void leave_hyp(void)
{
	unsigned long flags;

	local_irq_save(flags);
	if (this_cpu_read(hyp_enabled)) {
		/* The stub would not know what to do with the host's traps */
		kvm_call_hyp(__kvm_release_cpu);
		__hyp_reset_vectors();
		this_cpu_write(hyp_enabled, false);
	}
	local_irq_restore(flags);
}

/**
 * kvm_hyp_cpu_disable - give HYP mode of this CPU back to the stub
 *
 * Context: runs on the CPU that it is about, which cannot migrate.
 */
void kvm_hyp_cpu_disable(void)
{
	this_cpu_write(hyp_wanted, false);
	leave_hyp();
}

#ifdef CONFIG_CPU_PM
/* A CPU that loses its state wakes up in the stub: see sleep.S. */
static int hyp_cpu_pm_notify(struct notifier_block *self, unsigned long cmd,
			     void *v)
{
	switch (cmd) {
	case CPU_PM_ENTER:
		leave_hyp();
		return NOTIFY_OK;
	case CPU_PM_ENTER_FAILED:
	case CPU_PM_EXIT:
		if (this_cpu_read(hyp_wanted))
			kvm_hyp_cpu_enable();
		return NOTIFY_OK;
	default:
		return NOTIFY_DONE;
	}
}

static struct notifier_block hyp_cpu_pm_nb = {
	.notifier_call = hyp_cpu_pm_notify,
};

static void hyp_cpu_pm_init(void)
{
	cpu_pm_register_notifier(&hyp_cpu_pm_nb);
}

static void hyp_cpu_pm_exit(void)
{
	cpu_pm_unregister_notifier(&hyp_cpu_pm_nb);
}
#else
static void hyp_cpu_pm_init(void) {}
static void hyp_cpu_pm_exit(void) {}
#endif /* CONFIG_CPU_PM */

/**
 * kvm_hyp_setup - make the HYP page tables and a stack for each CPU
 *
 * The CPUs stay with the stub until kvm_hyp_cpu_enable().
 *
 * Context: process context, at boot.
 *
 * Return: 0 or a negative errno, with nothing left behind.
 */
int kvm_hyp_setup(void)
{
	int cpu, ret;

	ret = kvm_mmu_init();
	if (ret)
		return ret;

	/*
	 * Parts of it may have been patched; the init page runs uncached. Its
	 * cleaning ends in a DSB of writes, which does not complete it.
	 */
	__cpuc_flush_dcache_area(__hyp_idmap_text_start, PAGE_SIZE);
	dsb(sy);

	ret = create_hyp_mappings(__hyp_text_start, __hyp_text_end,
				  PAGE_HYP_EXEC);
	if (ret)
		goto err;

	for_each_possible_cpu(cpu) {
		ret = alloc_stack(cpu);
		if (ret)
			goto err;
	}

	hyp_cpu_pm_init();
	return 0;

err:
	free_hyp_pgds();
	free_stacks();
	return ret;
}

/**
 * kvm_hyp_teardown - undo kvm_hyp_setup()
 *
 * Context: process context; every CPU is back with the stub.
 */
void kvm_hyp_teardown(void)
{
	hyp_cpu_pm_exit();
	free_hyp_pgds();
	free_stacks();
}
