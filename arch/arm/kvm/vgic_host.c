// SPDX-License-Identifier: GPL-2.0-only
/*
 * The host's GIC: whether guests can have its virtual interface, and if not,
 * what is in the way, mostly in the device tree.
 *
 * The driver of the GIC offers the interface or does not. Why not is nothing
 * that it tells, so the node is looked at here.
 */
#include <linux/bitfield.h>
#include <linux/io.h>
#include <linux/irq.h>
#include <linux/irqchip/arm-gic.h>
#include <linux/irqdomain.h>
#include <linux/kvm_host.h>
#include <linux/of.h>
#include <linux/of_address.h>
#include <linux/preempt.h>
#include <linux/sizes.h>
#include <asm/kvm_hyp.h>
#include <clocksource/arm_arch_timer.h>

#include "compat.h"
#include "vgic/vgic.h"
#include "vgic_host.h"

bool kvm_vgic_is_present __ro_after_init;

/* Of a GICv3: see __vgic_v3_read_config(). 0: there is none, or not for HYP */
u64 kvm_gicv3_config __ro_after_init;

int (*kvm_vcpu_run_hyp)(struct kvm_vcpu *vcpu) __ro_after_init =
	__kvm_vcpu_run;

/* The entries of "reg"; a GICv3's has its redistributors before GICC */
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

static bool is_gicv3(struct device_node *gic)
{
	return of_device_is_compatible(gic, "arm,gic-v3");
}

static int region_index(struct device_node *gic, enum gic_region region)
{
	u32 redists = 1;

	if (!is_gicv3(gic) || region == GICD)
		return region;

	of_property_read_u32(gic, "#redistributor-regions", &redists);
	return redists + region;
}

static u64 region_size(struct device_node *gic, enum gic_region region)
{
	struct resource res;

	if (of_address_to_resource(gic, region_index(gic, region), &res))
		return 0;

	return resource_size(&res);
}

static u64 region_start(struct device_node *gic, enum gic_region region)
{
	struct resource res;

	if (of_address_to_resource(gic, region_index(gic, region), &res))
		return 0;

	return res.start;
}

static bool is_gicv2(struct device_node *gic)
{
	return of_device_compatible_match(gic, gic_compatible);
}

static bool is_other_gic(struct device_node *gic)
{
	return !is_gicv2(gic) && !is_gicv3(gic);
}

static bool has_no_interface(struct device_node *gic)
{
	return is_gicv2(gic) &&
	       (!region_size(gic, GICH) || !region_size(gic, GICV));
}

static bool has_no_interrupt(struct device_node *gic)
{
	return !is_other_gic(gic) && !of_property_present(gic, "interrupts") &&
	       !of_property_present(gic, "interrupts-extended");
}

/* ICC_HSRE.SRE is not for HYP mode to set unless ICC_MSRE.SRE is set */
static bool has_no_sysregs(struct device_node *gic)
{
	return is_gicv3(gic) && !kvm_gicv3_config;
}

/* Without GICC_DIR a guest's timer cannot be deactivated by the guest */
static bool has_small_gicc(struct device_node *gic)
{
	return is_gicv2(gic) && region_size(gic, GICC) < SZ_8K;
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
	  "is no GICv2 with virtualization extensions, nor a GICv3: use a VMM that emulates one" },
	{ has_no_interface,
	  "has no GICH and GICV in \"reg\": add them if the hardware has them" },
	{ has_no_interrupt,
	  "has no maintenance interrupt: add \"interrupts\", mostly <1 9 0xf04>" },
	{ has_no_sysregs,
	  "has no system registers in HYP mode: firmware must set ICC_MSRE.SRE and Enable" },
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

/* The CPUs are not in KVM's HYP mode yet: this one is, for the one call */
static void __init read_gicv3_config(void)
{
	if (!FIELD_GET(ID_PFR1_GIC, read_sysreg(ID_PFR1)))
		return;

	preempt_disable();
	if (!kvm_hyp_cpu_enable()) {
		kvm_gicv3_config = kvm_call_hyp_ret(__vgic_v3_read_config);
		kvm_hyp_cpu_disable();
	}
	preempt_enable();
}

/* What vgic_v3_probe() asks HYP mode for */
u64 __kvm_hvc___vgic_v3_get_gic_config(void)
{
	return kvm_vgic_v3_probe_config(kvm_gicv3_config);
}

static int __init take_vgic(struct device_node *gic)
{
	if (gic && (is_gicv3(gic) ? has_no_sysregs(gic) : !gicv_is_usable(gic)))
		return -ENXIO;

	return kvm_vgic_hyp_init();
}

/* What the probe takes for granted */
static void __init check_gicv3(struct device_node *gic)
{
	struct vgic_global *vgic = &kvm_vgic_global_state;

	/* Interrupts that go to guests without the host are not supported */
	vgic->has_gicv4 = false;
	vgic->has_gicv4_1 = false;

	if (vgic->can_emulate_gicv2 && gic && has_odd_gicv(gic)) {
		pr_warn("kvm: no GICv2 for guests: %pOF has a GICV that is not whole pages, or less than 8 KiB\n",
			gic);
		vgic->can_emulate_gicv2 = false;
	}
}

/**
 * kvm_vgic_host_init - take the virtual interface of the host's GIC
 *
 * Without one, guests have their interrupt controller in user space, and the
 * log has a line on what is in the way. kvm_vgic_present() tells.
 *
 * Context: process context, at boot, after kvm_hyp_setup().
 *
 * Return: 0, or a negative errno if there is one that does not work.
 */
int __init kvm_vgic_host_init(void)
{
	struct vgic_global *vgic = &kvm_vgic_global_state;
	struct device_node *gic = find_gic();
	int ret;

	read_gicv3_config();
	ret = take_vgic(gic);

	switch (ret) {
	case 0:
		kvm_vgic_is_present = true;
		if (kvm_vgic_host_is_v3())
			check_gicv3(gic);
		else if (gic && gicv_is_aliased(gic))
			vgic->vcpu_base += GICV_LAST_ALIAS;
		break;
	case -ENODEV:
	case -ENXIO:
		explain(gic);
		vgic->max_gic_vcpus = VGIC_V2_MAX_CPUS;
		break;
	default:
		pr_err("kvm: the vGIC does not work (%d)\n", ret);
		return ret;
	}

	/* A guest that has no GICv3 is kept from the registers of the host's */
	if (kvm_gicv3_config && (!kvm_vgic_is_present || kvm_vgic_host_is_v3()))
		kvm_vcpu_run_hyp = __kvm_vcpu_run_gicv3;

	return 0;
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

	if (!kvm_vgic_host_is_v3())
		writel_relaxed(0, kvm_vgic_global_state.vctrl_base + GICH_HCR);
	kvm_vgic_init_cpu_hardware();
}

/**
 * kvm_vgic_host_init_vcpu - decide what of a GICv3 a vCPU is kept from
 * @vcpu: the vCPU
 *
 * Context: before the vCPU runs for the first time, with the VM's vGIC as it
 * will be.
 */
void kvm_vgic_host_init_vcpu(struct kvm_vcpu *vcpu)
{
	struct vgic_v3_cpu_if *cpu_if = &vcpu->arch.vgic_cpu.vgic_v3;

	if (kvm_vcpu_run_hyp != __kvm_vcpu_run_gicv3)
		return;

	vcpu_set_ich_hcr(vcpu);
	/* Not for kernels with GICv5 to do where the host gives no vGIC at all */
	if (!kvm_vm_has_gicv3(vcpu->kvm))
		cpu_if->vgic_hcr |= ICH_HCR_TALL0 | ICH_HCR_TALL1 | ICH_HCR_TC;

	vcpu->arch.gicv3_always = !cpu_if->vgic_sre ||
				  (cpu_if->vgic_hcr & ~ICH_HCR_EN);
}
