// SPDX-License-Identifier: GPL-2.0-only
/*
 * The host's GIC: whether guests can have its virtual interface, and if not,
 * what in the device tree is in the way.
 *
 * The driver of the GIC offers the interface or does not. Why not is nothing
 * that it tells, so the node is looked at here.
 */
#include <linux/io.h>
#include <linux/irq.h>
#include <linux/irqchip/arm-gic.h>
#include <linux/irqdomain.h>
#include <linux/kvm_host.h>
#include <linux/of.h>
#include <linux/of_address.h>
#include <linux/sizes.h>
#include <clocksource/arm_arch_timer.h>

#include "vgic_host.h"

/* The entries of "reg" */
enum gic_region { GICD, GICC, GICH, GICV };

/*
 * Where a GIC is wired for 64 KiB pages, each of its 4 KiB pages is seen 16
 * times: the last copy of the first one is next to the first of the second.
 */
#define GICV_STRIDE		SZ_64K
#define GICV_LAST_ALIAS		(GICV_STRIDE - SZ_4K)

/* Those of what the driver knows that can have the extensions */
static const char *const gic_compatible[] = {
	"arm,gic-400",
	"arm,cortex-a15-gic",
	"arm,cortex-a7-gic",
	"qcom,msm-qgic2",
	NULL
};

static u64 region_size(struct device_node *gic, enum gic_region region)
{
	struct resource res;

	if (of_address_to_resource(gic, region, &res))
		return 0;

	return resource_size(&res);
}

static u64 region_start(struct device_node *gic, enum gic_region region)
{
	struct resource res;

	if (of_address_to_resource(gic, region, &res))
		return 0;

	return res.start;
}

static bool is_other_gic(struct device_node *gic)
{
	return !of_device_compatible_match(gic, gic_compatible);
}

static bool has_no_interface(struct device_node *gic)
{
	return !is_other_gic(gic) &&
	       (!region_size(gic, GICH) || !region_size(gic, GICV));
}

static bool has_no_interrupt(struct device_node *gic)
{
	return !is_other_gic(gic) && !of_property_present(gic, "interrupts") &&
	       !of_property_present(gic, "interrupts-extended");
}

/* Without GICC_DIR a guest's timer cannot be deactivated by the guest */
static bool has_small_gicc(struct device_node *gic)
{
	return !is_other_gic(gic) && region_size(gic, GICC) < SZ_8K;
}

/* Guests get whole pages, and must not get what is next to GICV with it */
static bool has_odd_gicv(struct device_node *gic)
{
	u64 size = region_size(gic, GICV);

	return size && (!PAGE_ALIGNED(region_start(gic, GICV)) ||
			!PAGE_ALIGNED(size) || size < KVM_VGIC_V2_CPU_SIZE);
}

static bool gicv_is_aliased(struct device_node *gic)
{
	u64 start = region_start(gic, GICV);
	void __iomem *gicv;
	u32 id, next;

	if (!start || !IS_ALIGNED(start, GICV_STRIDE) || has_odd_gicv(gic))
		return false;

	gicv = ioremap(start, KVM_VGIC_V2_CPU_SIZE);
	if (!gicv)
		return false;

	id = readl_relaxed(gicv + GIC_CPU_IDENT);
	next = readl_relaxed(gicv + SZ_4K + GIC_CPU_IDENT);
	iounmap(gicv);

	return id && id == next;
}

static bool has_short_alias(struct device_node *gic)
{
	return region_size(gic, GICV) < GICV_LAST_ALIAS + KVM_VGIC_V2_CPU_SIZE &&
	       gicv_is_aliased(gic);
}

static const struct {
	bool (*found)(struct device_node *gic);
	const char *text;
} obstacles[] = {
	{ is_other_gic,
	  "is no GICv2 with virtualization extensions: use a VMM that emulates one" },
	{ has_no_interface,
	  "has no GICH and GICV in \"reg\": add them if the hardware has them" },
	{ has_no_interrupt,
	  "has no maintenance interrupt: add \"interrupts\", mostly <1 9 0xf04>" },
	{ has_small_gicc,
	  "has a GICC of less than 8 KiB: mend \"reg\", or boot with irqchip.gicv2_force_probe=1" },
	{ has_odd_gicv,
	  "has a GICV that is not whole pages, or less than 8 KiB: mend \"reg\"" },
	{ has_short_alias,
	  "has a GICV at a stride of 64 KiB: give it 128 KiB in \"reg\"" },
};

/* One line for each obstacle */
static void explain(struct device_node *gic)
{
	bool found = false;
	int i;

	for (i = 0; gic && i < ARRAY_SIZE(obstacles); i++) {
		if (!obstacles[i].found(gic))
			continue;

		pr_warn("kvm: no vGIC: %pOF %s\n", gic, obstacles[i].text);
		found = true;
	}

	if (!found)
		pr_warn("kvm: no vGIC: the driver of the interrupt controller offers none, see what it says above\n");
}

/* The controller that the virtual timer is wired to, of several */
static struct device_node *find_gic(void)
{
	int irq = arch_timer_get_kvm_info()->virtual_irq;
	struct irq_data *data = irq > 0 ? irq_get_irq_data(irq) : NULL;

	while (data && data->parent_data)
		data = data->parent_data;

	return data ? irq_domain_get_of_node(data->domain) : NULL;
}

/* Has to be known before the shared code sees such a GICV */
static bool gicv_is_usable(struct device_node *gic)
{
	return !gic || (!has_odd_gicv(gic) && !has_short_alias(gic));
}

/**
 * kvm_vgic_host_init - take the virtual interface of the host's GIC
 *
 * Without one, guests have their interrupt controller in user space, and the
 * log has a line on what is in the way. kvm_vgic_present() tells.
 *
 * Context: process context, at boot.
 *
 * Return: 0, or a negative errno if there is one that does not work.
 */
int __init kvm_vgic_host_init(void)
{
	struct device_node *gic = find_gic();
	int ret = -ENXIO;

	if (gicv_is_usable(gic))
		ret = kvm_vgic_hyp_init();

	switch (ret) {
	case 0:
		if (gic && gicv_is_aliased(gic))
			kvm_vgic_global_state.vcpu_base += GICV_LAST_ALIAS;
		return 0;
	case -ENODEV:
	case -ENXIO:
		explain(gic);
		kvm_vgic_global_state.max_gic_vcpus = KVM_MAX_VCPUS;
		return 0;
	default:
		pr_err("kvm: the vGIC does not work (%d)\n", ret);
		return ret;
	}
}

/**
 * kvm_vgic_host_init_cpu - have nothing in the virtual interface of this CPU
 *
 * A kernel that crashed under its guests may have left list registers, and
 * maintenance interrupts for them, which would come as soon as they are
 * enabled, and for ever.
 *
 * Context: preemption disabled, each time that the CPU enters HYP mode.
 */
void kvm_vgic_host_init_cpu(void)
{
	if (!kvm_vgic_present())
		return;

	writel_relaxed(0, kvm_vgic_global_state.vctrl_base + GICH_HCR);
	kvm_vgic_init_cpu_hardware();
}
