// SPDX-License-Identifier: GPL-2.0-only
/* An ITS: the guest's side, by 32-bit accesses, and MSIs from the host */
#include "gic_v3_its.h"

#define VALID		BIT_ULL(63)
#define PTZ		BIT_ULL(62)
#define LPI_ID_BITS	15
#define LPI_ENABLED	1

#define CMD_MOVI	0x01
#define CMD_SYNC	0x05
#define CMD_MAPD	0x08
#define CMD_MAPC	0x09
#define CMD_MAPTI	0x0a
#define CMD_INV		0x0c
#define CMD_INVALL	0x0d

#define CMD_SIZE	32
#define QUEUE_SIZE	4096

int its_signal_msi_at(struct kvm_vm *vm, uint64_t addr, uint32_t device,
		      uint32_t event)
{
	struct kvm_msi msi = {
		.address_lo = addr,
		.address_hi = addr >> 32,
		.data = event,
		.flags = KVM_MSI_VALID_DEVID,
		.devid = device,
	};

	return __vm_ioctl(vm, KVM_SIGNAL_MSI, &msi);
}

int its_signal_msi(struct kvm_vm *vm, uint32_t device, uint32_t event)
{
	return its_signal_msi_at(vm, GICV3_ITS_GPA + GITS_TRANSLATER, device,
				 event);
}

/* As a 32-bit kernel does it, which has no store of 64 bits for devices */
static void write_64(uint64_t val, volatile void *addr)
{
	writel(val, addr);
	writel(val >> 32, addr + 4);
}

void gicv3_enable_lpi(uint64_t properties, uint32_t lpi)
{
	*(volatile uint8_t *)(uintptr_t)(properties + lpi - FIRST_LPI) =
		GIC_PRIO_DEFAULT | LPI_ENABLED;
	dsb(ishst);
}

void gicv3_enable_lpis(unsigned int cpu, uint64_t properties, uint64_t pending)
{
	write_64(properties | LPI_ID_BITS, gicv3_redist(cpu, GICR_PROPBASER));
	write_64(pending | PTZ, gicv3_redist(cpu, GICR_PENDBASER));
	writel(GICR_CTLR_ENABLE_LPIS, gicv3_redist(cpu, GICR_CTLR));
}

void its_init(uint64_t commands, uint64_t devices, uint64_t collections)
{
	write_64(VALID | commands, gicv3_its(GITS_CBASER));
	write_64(VALID | devices, gicv3_its(GITS_BASER0));
	write_64(VALID | collections, gicv3_its(GITS_BASER1));
	writel(1, gicv3_its(GITS_CTLR));
}

static void command(uint64_t dw0, uint64_t dw1, uint64_t dw2)
{
	uint32_t base = readl(gicv3_its(GITS_CBASER)) & ~(QUEUE_SIZE - 1U);
	uint32_t at = readl(gicv3_its(GITS_CWRITER));
	uint32_t next = (at + CMD_SIZE) % QUEUE_SIZE;
	volatile uint64_t *cmd = (void *)(uintptr_t)(base + at);

	cmd[0] = dw0;
	cmd[1] = dw1;
	cmd[2] = dw2;
	cmd[3] = 0;
	dsb(ishst);
	write_64(next, gicv3_its(GITS_CWRITER));
	while (readl(gicv3_its(GITS_CREADR)) != next)
		cpu_relax();
}

static uint64_t of_device(uint32_t device, uint32_t cmd)
{
	return (uint64_t)device << 32 | cmd;
}

/* RDbase, which is a number here: GITS_TYPER.PTA is 0 */
static uint64_t target(unsigned int cpu)
{
	return (uint64_t)cpu << 16;
}

void its_map_device(uint32_t device, uint64_t events, unsigned int event_bits)
{
	command(of_device(device, CMD_MAPD), event_bits - 1, VALID | events);
}

void its_map_collection(unsigned int collection, unsigned int cpu)
{
	command(CMD_MAPC, 0, VALID | target(cpu) | collection);
}

void its_map_event(uint32_t device, uint32_t event, uint32_t lpi,
		   unsigned int collection)
{
	command(of_device(device, CMD_MAPTI), (uint64_t)lpi << 32 | event,
		collection);
}

void its_move_event(uint32_t device, uint32_t event, unsigned int collection)
{
	command(of_device(device, CMD_MOVI), event, collection);
}

void its_invalidate_event(uint32_t device, uint32_t event)
{
	command(of_device(device, CMD_INV), event, 0);
}

void its_invalidate_all(unsigned int collection)
{
	command(CMD_INVALL, 0, collection);
}

void its_sync(unsigned int cpu)
{
	command(CMD_SYNC, 0, target(cpu));
}
