// SPDX-License-Identifier: GPL-2.0-only
/*
 * vGICv3: interrupts that become pending while the distributor is disabled are
 * forwarded when it is enabled, whoever does that (IHI 0069, GICD_CTLR).
 */
#include <linux/sizes.h>

#include "arch_timer.h"
#include "gic.h"
#include "gic_v3.h"
#include "kvm_util.h"
#include "processor.h"
#include "ucall.h"
#include "vgic.h"

#define NR_IRQS		64
#define SPI		40
#define PPI		20
#define TIMEOUT_MS	30000

static volatile uint32_t handled[NR_IRQS];

static void guest_irq_handler(struct ex_regs *regs)
{
	unsigned int intid = gic_get_and_ack_irq();

	if (intid == IAR_SPURIOUS)
		return;
	GUEST_ASSERT(intid < NR_IRQS);
	handled[intid]++;
	gic_set_eoi(intid);
}

static void guest_init(void)
{
	local_irq_disable();
	gic_init(GIC_V3, 1);
	gic_irq_set_config(SPI, true);
	gic_irq_enable(SPI);
	gic_irq_enable(PPI);
}

static void expect(unsigned int intid)
{
	uint64_t start = timer_get_cntct(VIRTUAL);

	local_irq_enable();
	while (!handled[intid])
		__GUEST_ASSERT(timer_get_cntct(VIRTUAL) - start <
			       msec_to_cycles(TIMEOUT_MS),
			       "interrupt %u did not come", intid);
	local_irq_disable();
	GUEST_ASSERT_EQ(handled[intid], 1);
}

static void guest_enables(void)
{
	uint32_t ctlr;

	guest_init();
	ctlr = readl(GICD_BASE_GVA + GICD_CTLR);
	writel(ctlr & ~GICD_CTLR_ENABLE_SS_G1, GICD_BASE_GVA + GICD_CTLR);
	gic_irq_set_pending(SPI);
	gic_irq_set_pending(PPI);
	writel(ctlr, GICD_BASE_GVA + GICD_CTLR);
	expect(SPI);
	expect(PPI);
	GUEST_DONE();
}

/* As the state of a vGIC is restored, whose GICD_CTLR may come last */
static void user_enables(void)
{
	guest_init();
	writel(readl(GICD_BASE_GVA + GICD_CTLR) & ~GICD_CTLR_ENABLE_SS_G1,
	       GICD_BASE_GVA + GICD_CTLR);
	gic_irq_set_pending(SPI);
	gic_irq_set_pending(PPI);
	GUEST_SYNC(0);
	expect(SPI);
	expect(PPI);
	GUEST_DONE();
}

static void enable(int gic_fd)
{
	uint32_t ctlr;

	kvm_device_attr_get(gic_fd, KVM_DEV_ARM_VGIC_GRP_DIST_REGS, GICD_CTLR,
			    &ctlr);
	ctlr |= GICD_CTLR_ENABLE_SS_G1;
	kvm_device_attr_set(gic_fd, KVM_DEV_ARM_VGIC_GRP_DIST_REGS, GICD_CTLR,
			    &ctlr);
}

static void run_test(const char *name, void (*guest_code)(void))
{
	struct kvm_vcpu *vcpu;
	struct kvm_vm *vm;
	struct ucall uc;
	int gic_fd;

	vm = vm_create_with_one_vcpu(&vcpu, guest_code);
	vm_init_descriptor_tables(vm);
	vcpu_init_descriptor_tables(vcpu);
	vm_install_exception_handler(vm, VECTOR_IRQ_CURRENT, guest_irq_handler);
	gic_fd = vgic_v3_setup(vm, 1, NR_IRQS);
	__TEST_REQUIRE(gic_fd >= 0, "no vGICv3");

	for (;;) {
		vcpu_run(vcpu);
		switch (get_ucall(vcpu, &uc)) {
		case UCALL_SYNC:
			enable(gic_fd);
			break;
		case UCALL_DONE:
			printf("ok %s\n", name);
			close(gic_fd);
			kvm_vm_free(vm);
			return;
		case UCALL_ABORT:
			REPORT_GUEST_ASSERT(uc);
			break;
		default:
			TEST_FAIL("Unexpected exit: %u", vcpu->run->exit_reason);
		}
	}
}

int main(void)
{
	run_test("the guest enables the distributor", guest_enables);
	run_test("user space enables the distributor", user_enables);
	return 0;
}
