// SPDX-License-Identifier: GPL-2.0-only
/*
 * GICv3: the host's side, and the guest's
 */
#include "gic_v3.h"

#define SGI_MASK	0xffffU

static void set_address(int fd, uint64_t type, uint64_t addr)
{
	kvm_device_attr_set(fd, KVM_DEV_ARM_VGIC_GRP_ADDR, type, &addr);
}

static void map(struct kvm_vm *vm, uint64_t addr, uint64_t size)
{
	virt_map_device(vm, addr, addr, vm_calc_num_guest_pages(vm->mode, size));
}

int vgic_v3_setup(struct kvm_vm *vm, unsigned int nr_vcpus, uint32_t nr_irqs)
{
	int fd = kvm_create_device(vm, KVM_DEV_TYPE_ARM_VGIC_V3);

	kvm_device_attr_set(fd, KVM_DEV_ARM_VGIC_GRP_NR_IRQS, 0, &nr_irqs);
	set_address(fd, KVM_VGIC_V3_ADDR_TYPE_DIST, GICV3_DIST_GPA);
	set_address(fd, KVM_VGIC_V3_ADDR_TYPE_REDIST, GICV3_REDIST_GPA);
	map(vm, GICV3_DIST_GPA, 0x10000);
	map(vm, GICV3_REDIST_GPA, nr_vcpus * GICV3_REDIST_SIZE);
	kvm_device_attr_set(fd, KVM_DEV_ARM_VGIC_GRP_CTRL,
			    KVM_DEV_ARM_VGIC_CTRL_INIT, NULL);

	return fd;
}

int vgic_its_setup(struct kvm_vm *vm)
{
	int fd = kvm_create_device(vm, KVM_DEV_TYPE_ARM_VGIC_ITS);

	set_address(fd, KVM_VGIC_ITS_ADDR_TYPE, GICV3_ITS_GPA);
	map(vm, GICV3_ITS_GPA, GICV3_ITS_SIZE);
	kvm_device_attr_set(fd, KVM_DEV_ARM_VGIC_GRP_CTRL,
			    KVM_DEV_ARM_VGIC_CTRL_INIT, NULL);

	return fd;
}

volatile void *gicv3_reg(unsigned int cpu, unsigned int reg,
			 unsigned int intid, unsigned int bits)
{
	unsigned int offset = reg + intid * bits / 32 * sizeof(uint32_t);

	return intid < MIN_SPI ? gicv3_redist(cpu, GICR_SGI + offset) :
				 gicv3_dist(offset);
}

void gicv3_write_bit(unsigned int cpu, unsigned int reg, unsigned int intid)
{
	writel(1U << (intid % 32), gicv3_reg(cpu, reg, intid, 1));
}

bool gicv3_read_bit(unsigned int cpu, unsigned int reg, unsigned int intid)
{
	return readl(gicv3_reg(cpu, reg, intid, 1)) & (1U << (intid % 32));
}

static void init_range(unsigned int cpu, unsigned int first, unsigned int end)
{
	unsigned int i;

	for (i = first; i < end; i += 32) {
		writel(~0U, gicv3_reg(cpu, GICD_ICENABLER, i, 1));
		writel(~0U, gicv3_reg(cpu, GICD_ICACTIVER, i, 1));
		writel(~0U, gicv3_reg(cpu, GICD_ICPENDR, i, 1));
		writel(~0U, gicv3_reg(cpu, GICD_IGROUPR, i, 1));
	}
	for (i = first; i < end; i += 4)
		writel(GIC_PRIO_DEFAULT * 0x01010101U,
		       gicv3_reg(cpu, GICD_IPRIORITYR, i, 8));
}

void gicv3_cpu_init(unsigned int cpu)
{
	unsigned int nr_irqs;

	if (!cpu) {
		nr_irqs = ((readl(gicv3_dist(GICD_TYPER)) & 0x1f) + 1) * 32;
		init_range(cpu, MIN_SPI, nr_irqs);
		writel(GICD_CTLR_ARE | GICD_CTLR_ENABLE_G1A |
		       GICD_CTLR_ENABLE_G1, gicv3_dist(GICD_CTLR));
	}

	writel(0, gicv3_redist(cpu, GICR_WAKER));
	init_range(cpu, 0, MIN_SPI);
	writel(SGI_MASK, gicv3_reg(cpu, GICD_ISENABLER, 0, 1));

	write_cp15(ICC_SRE_SRE, ICC_SRE);
	isb();
	write_cp15(0xff, ICC_PMR);
	write_cp15(0, ICC_CTLR);
	write_cp15(1, ICC_IGRPEN1);
	isb();
}
