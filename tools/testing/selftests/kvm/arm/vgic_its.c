// SPDX-License-Identifier: GPL-2.0-only
/*
 * MSIs of a 32-bit ARM guest: an ITS that the guest sets up by 32-bit accesses,
 * KVM_SIGNAL_MSI, irqfd by MSI routing; and the ITS saved in one VM and restored
 * in another, with an LPI that is pending; all that with tables below 4 GiB, and
 * above.
 */
#include <sys/eventfd.h>

#include "gic_v3_its.h"

#define NR_IRQS		64
#define LPI		(FIRST_LPI + 5)
#define DEVICE		0x21
#define EVENT		3
#define NO_EVENT	4
#define EVENT_BITS	5
#define COLLECTION	0
#define GSI		7

/* Memory of the tables, at the same place in both VMs, and for a guest always */
#define TABLES_LOW	0x40000000ULL
#define TABLES_HIGH	(BIT_ULL(32) | TABLES_LOW)
#define TABLES_GVA	0x40000000UL
#define TABLES_SIZE	0x80000
#define TABLES_SLOT	10
#define TABLE(n)	(tables + (n) * ITS_TABLE_SIZE)
#define COMMANDS	TABLE(0)
#define DEVICES		TABLE(1)
#define COLLECTIONS	TABLE(2)
#define EVENTS		TABLE(3)
#define PROPERTIES	TABLE(4)
#define PENDING		TABLE(5)

/* Where these are */
static uint64_t tables;
static volatile uint32_t nr_lpis, nr_others;

static void guest_irq_handler(struct ex_regs *regs)
{
	uint32_t intid = read_cp15(ICC_IAR1);

	if (intid == IAR_SPURIOUS)
		return;
	if (intid == LPI)
		nr_lpis++;
	else
		nr_others++;
	write_cp15(intid, ICC_EOIR1);
	isb();
}

static void guest_setup(void)
{
	gicv3_enable_lpi(PROPERTIES, LPI);
	gicv3_enable_lpis(0, PROPERTIES, PENDING);
	its_init(COMMANDS, DEVICES, COLLECTIONS);

	its_map_device(DEVICE, EVENTS, EVENT_BITS);
	its_map_collection(COLLECTION, 0);
	its_map_event(DEVICE, EVENT, LPI, COLLECTION);
	its_invalidate_event(DEVICE, EVENT);
	its_sync(0);
}

/* The ucall has left the guest, and what was sent then comes at the return */
static void guest_expect(uint32_t nr)
{
	local_irq_enable();
	isb();
	readl(gicv3_dist(GICD_TYPER));
	isb();
	local_irq_disable();
	GUEST_ASSERT_EQ(nr_lpis, nr);
	GUEST_ASSERT_EQ(nr_others, 0);
}

static void guest_first(void)
{
	local_irq_disable();
	gicv3_cpu_init(0);
	guest_setup();
	GUEST_SYNC(1);
	guest_expect(1);
	GUEST_SYNC(2);
	guest_expect(2);
	/* Not taken: left for the other VM */
	GUEST_SYNC(3);
	GUEST_ASSERT(0);
}

static void guest_second(void)
{
	local_irq_disable();
	gicv3_cpu_init(0);
	guest_expect(1);
	GUEST_SYNC(1);
	guest_expect(2);
	GUEST_DONE();
}

static struct kvm_vm *create_vm(void *guest_code, struct kvm_vcpu **vcpu,
				int *gic_fd, int *its_fd)
{
	struct kvm_vm *vm = vm_create_with_one_vcpu(vcpu, guest_code);

	vm_init_descriptor_tables(vm);
	vm_install_exception_handler(vm, VECTOR_IRQ_CURRENT, guest_irq_handler);
	sync_global_to_guest(vm, tables);
	vm_userspace_mem_region_add(vm, VM_MEM_SRC_ANONYMOUS, tables,
				    TABLES_SLOT,
				    TABLES_SIZE / vm->page_size, 0);
	virt_map(vm, TABLES_GVA, tables, TABLES_SIZE / vm->page_size);
	*gic_fd = vgic_v3_setup(vm, 1, NR_IRQS);
	*its_fd = vgic_its_setup(vm);
	return vm;
}

static void signal_by_irqfd(struct kvm_vm *vm)
{
	struct {
		struct kvm_irq_routing info;
		struct kvm_irq_routing_entry entry;
	} routing = {
		.info.nr = 1,
		.entry = {
			.gsi = GSI,
			.type = KVM_IRQ_ROUTING_MSI,
			.flags = KVM_MSI_VALID_DEVID,
			.u.msi = {
				.address_lo = GICV3_ITS_GPA + GITS_TRANSLATER,
				.data = EVENT,
				.devid = DEVICE,
			},
		},
	};
	struct kvm_irqfd irqfd = { .fd = eventfd(0, 0), .gsi = GSI };
	uint64_t one = 1;

	vm_ioctl(vm, KVM_SET_GSI_ROUTING, &routing.info);
	vm_ioctl(vm, KVM_IRQFD, &irqfd);
	TEST_ASSERT_EQ(write(irqfd.fd, &one, sizeof(one)), sizeof(one));
	irqfd.flags = KVM_IRQFD_FLAG_DEASSIGN;
	vm_ioctl(vm, KVM_IRQFD, &irqfd);
	close(irqfd.fd);
}

/* In the order of restoring, GITS_CTLR apart */
static const uint32_t its_regs[] = {
	GITS_IIDR, GITS_CBASER, GITS_CREADR, GITS_CWRITER, GITS_BASER0,
	GITS_BASER1,
};

static const uint32_t redist_regs[] = {
	GICR_PROPBASER, GICR_PROPBASER + 4, GICR_PENDBASER, GICR_PENDBASER + 4,
	GICR_CTLR,
};

/**
 * struct its_state - what goes from one VM to another
 * @its: registers of the ITS
 * @its_ctlr: the one that comes last
 * @redist: registers of the redistributor
 * @tables: memory
 */
struct its_state {
	uint64_t its[ARRAY_SIZE(its_regs)];
	uint64_t its_ctlr;
	uint32_t redist[ARRAY_SIZE(redist_regs)];
	uint8_t tables[TABLES_SIZE];
};

static void save(struct kvm_vm *vm, int gic_fd, int its_fd,
		 struct its_state *state)
{
	int i;

	kvm_device_attr_set(gic_fd, KVM_DEV_ARM_VGIC_GRP_CTRL,
			    KVM_DEV_ARM_VGIC_SAVE_PENDING_TABLES, NULL);
	kvm_device_attr_set(its_fd, KVM_DEV_ARM_VGIC_GRP_CTRL,
			    KVM_DEV_ARM_ITS_SAVE_TABLES, NULL);
	for (i = 0; i < ARRAY_SIZE(its_regs); i++)
		kvm_device_attr_get(its_fd, KVM_DEV_ARM_VGIC_GRP_ITS_REGS,
				    its_regs[i], &state->its[i]);
	kvm_device_attr_get(its_fd, KVM_DEV_ARM_VGIC_GRP_ITS_REGS, GITS_CTLR,
			    &state->its_ctlr);
	for (i = 0; i < ARRAY_SIZE(redist_regs); i++)
		kvm_device_attr_get(gic_fd, KVM_DEV_ARM_VGIC_GRP_REDIST_REGS,
				    redist_regs[i], &state->redist[i]);
	memcpy(state->tables, addr_gpa2hva(vm, tables), TABLES_SIZE);
}

static void restore(struct kvm_vm *vm, int gic_fd, int its_fd,
		    struct its_state *state)
{
	int i;

	memcpy(addr_gpa2hva(vm, tables), state->tables, TABLES_SIZE);
	for (i = 0; i < ARRAY_SIZE(redist_regs); i++)
		kvm_device_attr_set(gic_fd, KVM_DEV_ARM_VGIC_GRP_REDIST_REGS,
				    redist_regs[i], &state->redist[i]);
	for (i = 0; i < ARRAY_SIZE(its_regs); i++)
		kvm_device_attr_set(its_fd, KVM_DEV_ARM_VGIC_GRP_ITS_REGS,
				    its_regs[i], &state->its[i]);
	kvm_device_attr_set(its_fd, KVM_DEV_ARM_VGIC_GRP_CTRL,
			    KVM_DEV_ARM_ITS_RESTORE_TABLES, NULL);
	kvm_device_attr_set(its_fd, KVM_DEV_ARM_VGIC_GRP_ITS_REGS, GITS_CTLR,
			    &state->its_ctlr);
}

/* Not the ITS, though the half that a 32-bit host has of the address is its own */
static void expect_no_doorbell(struct kvm_vm *vm)
{
	int ret = its_signal_msi_at(vm, BIT_ULL(32) | (GICV3_ITS_GPA +
						       GITS_TRANSLATER),
				    DEVICE, EVENT);

	TEST_ASSERT(ret == -1 && errno == EINVAL, "ret %d errno %d", ret,
		    errno);
}

static void pass(const char *what)
{
	ksft_test_result_pass("%s, tables at 0x%" PRIx64 "\n", what, tables);
}

static void test_its(void)
{
	static struct its_state state;
	struct kvm_vcpu *vcpu;
	int gic_fd, its_fd;
	struct kvm_vm *vm;

	vm = create_vm(guest_first, &vcpu, &gic_fd, &its_fd);
	vcpu_run_until(vcpu, UCALL_SYNC);
	TEST_ASSERT_EQ(its_signal_msi(vm, DEVICE, EVENT), 1);
	/* What the guest has not mapped goes nowhere. */
	TEST_ASSERT_EQ(its_signal_msi(vm, DEVICE, NO_EVENT), 0);
	TEST_ASSERT_EQ(its_signal_msi(vm, DEVICE + 1, EVENT), 0);
	TEST_ASSERT_EQ(its_signal_msi(vm, DEVICE | 0x10000, EVENT), 0);
	vcpu_run_until(vcpu, UCALL_SYNC);
	expect_no_doorbell(vm);
	pass("KVM_SIGNAL_MSI");

	signal_by_irqfd(vm);
	vcpu_run_until(vcpu, UCALL_SYNC);
	pass("irqfd");

	TEST_ASSERT_EQ(its_signal_msi(vm, DEVICE, EVENT), 1);
	save(vm, gic_fd, its_fd, &state);
	close(its_fd);
	close(gic_fd);
	kvm_vm_free(vm);

	vm = create_vm(guest_second, &vcpu, &gic_fd, &its_fd);
	restore(vm, gic_fd, its_fd, &state);
	vcpu_run_until(vcpu, UCALL_SYNC);
	pass("an LPI that was pending when it was saved");
	TEST_ASSERT_EQ(its_signal_msi(vm, DEVICE, EVENT), 1);
	vcpu_run_until(vcpu, UCALL_DONE);
	pass("KVM_SIGNAL_MSI by restored tables");
	close(its_fd);
	close(gic_fd);
	kvm_vm_free(vm);
}

int main(void)
{
	TEST_REQUIRE(kvm_check_cap(KVM_CAP_MAX_VCPUS) > 8);

	ksft_print_header();
	ksft_set_plan(8);

	tables = TABLES_LOW;
	test_its();
	tables = TABLES_HIGH;
	test_its();

	ksft_finished();
}
