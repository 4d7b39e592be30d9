// SPDX-License-Identifier: GPL-2.0-only
/*
 * The mode that firmware starts CPUs in after boot.
 *
 * The kernel remembers that some CPU came up in another mode than the first
 * one, not which, and as long as it does no CPU installs the HYP stub. Here is
 * kept which ones they are: those that are right are not blamed, and once the
 * others are gone all is as it was before.
 */
#include <linux/cacheflush.h>
#include <linux/cpuhotplug.h>
#include <linux/cpumask.h>
#include <linux/printk.h>
#include <linux/smp.h>
#include <asm/virt.h>

#include "hyp_mode.h"

/* CPUs that have come up without installing the stub */
static struct cpumask no_stub;

static enum cpuhp_state state_alive, state_online;

/* CPUs come up one at a time: a mismatch that nobody has is this one's */
static int cpu_came_up(unsigned int cpu)
{
	sync_boot_mode();
	if (is_hyp_mode_mismatched())
		cpumask_set_cpu(cpu, &no_stub);

	return 0;
}

static int cpu_is_gone(unsigned int cpu)
{
	if (!cpumask_test_and_clear_cpu(cpu, &no_stub) ||
	    !cpumask_empty(&no_stub))
		return 0;

	/* The next one reads it with its caches off */
	__boot_cpu_mode &= ~BOOT_CPU_MODE_MISMATCH;
	sync_cache_w(&__boot_cpu_mode);

	return 0;
}

static void name_cpus(void)
{
	pr_err_ratelimited("kvm: CPU%*pbl not started in HYP mode: firmware must do so, or the CPU be offline\n",
			   cpumask_pr_args(&no_stub));
}

/**
 * kvm_hyp_mode_usable - tell whether the HYP stub is there for KVM to take over
 *
 * Says in the log which CPUs are in the way.
 *
 * Context: runs on a CPU that cannot migrate, and that may have come up, or
 * woken up, just now.
 *
 * Return: false if this CPU, or another that is online, does not have it.
 */
bool kvm_hyp_mode_usable(void)
{
	sync_boot_mode();
	if (is_hyp_mode_available())
		return true;

	if (cpumask_empty(&no_stub))
		cpumask_set_cpu(smp_processor_id(), &no_stub);

	name_cpus();
	return false;
}

/**
 * kvm_hyp_mode_everywhere - tell whether no CPU is in the way of a first VM
 *
 * Says in the log which CPUs are.
 *
 * Return: false if a CPU that is online does not have the HYP stub.
 */
bool kvm_hyp_mode_everywhere(void)
{
	if (cpumask_empty(&no_stub))
		return true;

	name_cpus();
	return false;
}

/**
 * kvm_hyp_mode_init - begin to watch what mode CPUs come up in
 *
 * Context: process context, at boot; all CPUs that are online are in HYP mode.
 *
 * Return: 0 or a negative errno.
 */
int __init kvm_hyp_mode_init(void)
{
	int ret;

	ret = cpuhp_setup_state_nocalls(CPUHP_BP_PREPARE_DYN,
					"arm/kvm/hyp_mode:alive",
					NULL, cpu_is_gone);
	if (ret < 0)
		return ret;
	state_alive = ret;

	ret = cpuhp_setup_state_nocalls(CPUHP_AP_ONLINE_DYN,
					"arm/kvm/hyp_mode:online",
					cpu_came_up, NULL);
	if (ret < 0) {
		cpuhp_remove_state_nocalls(state_alive);
		return ret;
	}
	state_online = ret;

	return 0;
}

/**
 * kvm_hyp_mode_exit - undo kvm_hyp_mode_init()
 */
void __init kvm_hyp_mode_exit(void)
{
	cpuhp_remove_state_nocalls(state_online);
	cpuhp_remove_state_nocalls(state_alive);
}
