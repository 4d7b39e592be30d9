// SPDX-License-Identifier: GPL-2.0-only
/* The guest's device tree. */
#include <libfdt.h>
#include <linux/kvm.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "guest_fdt.h"
#include "util.h"

#define PHANDLE_GIC		1
#define PHANDLE_ITS		2

#define GIC_SPI			0
#define GIC_PPI			1
#define IRQ_EDGE_RISING		1
#define IRQ_LEVEL_HIGH		4
#define IRQ_LEVEL_LOW		8
#define GIC_PPI_CPUS_SHIFT	8

#define GIC_DIST_SIZE		0x1000
#define GIC_CPU_SIZE		0x2000
#define GICV3_DIST_SIZE		0x10000
#define GICV3_REDIST_SIZE	0x20000
#define GICV3_ITS_SIZE		0x20000

#define MAX_CELLS		16
#define RNG_SEED_SIZE		64

static void check(int error)
{
	if (error < 0)
		die("device tree: %s", fdt_strerror(error));
}

static void begin(void *fdt, const char *name)
{
	check(fdt_begin_node(fdt, name));
}

static void begin_at(void *fdt, const char *name, uint64_t address)
{
	char full[32];

	snprintf(full, sizeof(full), "%s@%llx", name,
		 (unsigned long long)address);
	begin(fdt, full);
}

static void end(void *fdt)
{
	check(fdt_end_node(fdt));
}

static void prop_flag(void *fdt, const char *name)
{
	check(fdt_property(fdt, name, NULL, 0));
}

static void prop_string(void *fdt, const char *name, const char *value)
{
	check(fdt_property_string(fdt, name, value));
}

static void prop_cell(void *fdt, const char *name, uint32_t value)
{
	check(fdt_property_u32(fdt, name, value));
}

static void prop_cells(void *fdt, const char *name, unsigned int nr, ...)
{
	fdt32_t cell[MAX_CELLS];
	unsigned int i;
	va_list args;

	va_start(args, nr);
	for (i = 0; i < nr; i++)
		cell[i] = cpu_to_fdt32(va_arg(args, uint32_t));
	va_end(args);
	check(fdt_property(fdt, name, cell, nr * sizeof(cell[0])));
}

/* Two address and two size cells; nothing is above 4 GiB. */
static void prop_reg(void *fdt, uint64_t base, uint64_t size)
{
	prop_cells(fdt, "reg", 4, (uint32_t)(base >> 32), (uint32_t)base,
		   (uint32_t)(size >> 32), (uint32_t)size);
}

static void prop_spi(void *fdt, uint32_t spi, uint32_t trigger)
{
	prop_cells(fdt, "interrupts", 3, (uint32_t)GIC_SPI, spi, trigger);
}

/* stdout-path cannot name a virtio console: the command line has to. */
static void add_bootargs(void *fdt, const struct guest_info *info)
{
	const char *console = "";
	char *bootargs;

	if (info->virtio_console && !strstr(info->cmdline, "console="))
		console = "console=hvc0 ";
	if (asprintf(&bootargs, "%s%s", console, info->cmdline) < 0)
		die("out of memory");
	prop_string(fdt, "bootargs", bootargs);
	free(bootargs);
}

static void add_chosen(void *fdt, const struct guest_info *info)
{
	uint8_t seed[RNG_SEED_SIZE];
	char path[32];

	begin(fdt, "chosen");
	add_bootargs(fdt, info);
	if (!info->virtio_console) {
		snprintf(path, sizeof(path), "/serial@%llx:115200",
			 SERIAL_BASE);
		prop_string(fdt, "stdout-path", path);
	}
	if (info->initrd_end) {
		check(fdt_property_u64(fdt, "linux,initrd-start",
				       info->initrd_start));
		check(fdt_property_u64(fdt, "linux,initrd-end",
				       info->initrd_end));
	}
	if (getrandom(seed, sizeof(seed), GRND_NONBLOCK) == sizeof(seed))
		check(fdt_property(fdt, "rng-seed", seed, sizeof(seed)));
	end(fdt);
}

static void add_cpus(void *fdt, const struct guest_info *info)
{
	unsigned int i;

	begin(fdt, "cpus");
	prop_cell(fdt, "#address-cells", 1);
	prop_cell(fdt, "#size-cells", 0);
	for (i = 0; i < info->nr_vcpus; i++) {
		begin_at(fdt, "cpu", info->mpidr[i]);
		prop_string(fdt, "device_type", "cpu");
		prop_string(fdt, "compatible", info->cpu_compatible);
		prop_string(fdt, "enable-method", "psci");
		prop_cell(fdt, "reg", info->mpidr[i]);
		end(fdt);
	}
	end(fdt);
}

/* PSCI 0.1 leaves the numbers of the functions to the platform. */
static void add_psci_0_1(void *fdt)
{
	begin(fdt, "psci");
	prop_string(fdt, "compatible", "arm,psci");
	prop_cell(fdt, "cpu_suspend", KVM_PSCI_FN_CPU_SUSPEND);
	prop_cell(fdt, "cpu_off", KVM_PSCI_FN_CPU_OFF);
	prop_cell(fdt, "cpu_on", KVM_PSCI_FN_CPU_ON);
	prop_cell(fdt, "migrate", KVM_PSCI_FN_MIGRATE);
	prop_string(fdt, "method", "hvc");
	end(fdt);
}

static void add_psci(void *fdt)
{
	static const char compatible[] = "arm,psci-1.0\0arm,psci-0.2";

	begin(fdt, "psci");
	check(fdt_property(fdt, "compatible", compatible, sizeof(compatible)));
	prop_string(fdt, "method", "hvc");
	end(fdt);
}

static void add_its(void *fdt)
{
	begin_at(fdt, "msi-controller", GIC_ITS_BASE);
	prop_string(fdt, "compatible", "arm,gic-v3-its");
	prop_reg(fdt, GIC_ITS_BASE, GICV3_ITS_SIZE);
	prop_flag(fdt, "msi-controller");
	prop_cell(fdt, "#msi-cells", 1);
	prop_cell(fdt, "phandle", PHANDLE_ITS);
	end(fdt);
}

static void add_gicv2(void *fdt)
{
	prop_string(fdt, "compatible", "arm,cortex-a15-gic");
	prop_cells(fdt, "reg", 8,
		   0, (uint32_t)GIC_DIST_BASE, 0, GIC_DIST_SIZE,
		   0, (uint32_t)GIC_CPU_BASE, 0, GIC_CPU_SIZE);
	prop_cell(fdt, "#address-cells", 0);
}

static void add_gicv3(void *fdt, const struct guest_info *info)
{
	prop_string(fdt, "compatible", "arm,gic-v3");
	prop_cells(fdt, "reg", 8,
		   0, (uint32_t)GIC_DIST_BASE, 0, GICV3_DIST_SIZE,
		   0, (uint32_t)GIC_REDIST_BASE,
		   0, info->nr_vcpus * GICV3_REDIST_SIZE);
	prop_cell(fdt, "#address-cells", 2);
	prop_cell(fdt, "#size-cells", 2);
	prop_flag(fdt, "ranges");
}

static void add_gic(void *fdt, const struct guest_info *info)
{
	begin_at(fdt, "interrupt-controller", GIC_DIST_BASE);
	prop_flag(fdt, "interrupt-controller");
	prop_cell(fdt, "#interrupt-cells", 3);
	prop_cell(fdt, "phandle", PHANDLE_GIC);
	if (info->gic == GIC_V2)
		add_gicv2(fdt);
	else
		add_gicv3(fdt, info);
	if (info->gic == GIC_V3_ITS)
		add_its(fdt);
	end(fdt);
}

/* A GICv2's are for the CPUs in a mask, a GICv3's for all */
static uint32_t ppi_cpus(const struct guest_info *info)
{
	return info->gic == GIC_V2 ?
	       (BIT(info->nr_vcpus) - 1) << GIC_PPI_CPUS_SHIFT : 0;
}

static void add_timer(void *fdt, const struct guest_info *info)
{
	uint32_t flags = ppi_cpus(info) | IRQ_LEVEL_LOW;

	begin(fdt, "timer");
	prop_string(fdt, "compatible", "arm,armv7-timer");
	prop_cells(fdt, "interrupts", 12,
		   GIC_PPI, TIMER_PPI_SECURE, flags,
		   GIC_PPI, TIMER_PPI_NONSECURE, flags,
		   GIC_PPI, TIMER_PPI_VIRTUAL, flags,
		   GIC_PPI, TIMER_PPI_HYP, flags);
	prop_flag(fdt, "always-on");
	if (info->timer_hz)
		prop_cell(fdt, "clock-frequency", info->timer_hz);
	end(fdt);
}

static void add_pmu(void *fdt, const struct guest_info *info)
{
	begin(fdt, "pmu");
	prop_string(fdt, "compatible", info->pmu_compatible);
	prop_cells(fdt, "interrupts", 3, GIC_PPI, PMU_PPI,
		   ppi_cpus(info) | IRQ_LEVEL_HIGH);
	end(fdt);
}

static void add_serial(void *fdt)
{
	begin_at(fdt, "serial", SERIAL_BASE);
	prop_string(fdt, "compatible", "ns16550a");
	prop_reg(fdt, SERIAL_BASE, SERIAL_SIZE);
	prop_spi(fdt, SERIAL_SPI, IRQ_LEVEL_HIGH);
	prop_cell(fdt, "clock-frequency", SERIAL_CLOCK_HZ);
	end(fdt);
}

static void add_virtio(void *fdt, unsigned int index)
{
	uint64_t base = VIRTIO_BASE + index * VIRTIO_SIZE;

	begin_at(fdt, "virtio", base);
	prop_string(fdt, "compatible", "virtio,mmio");
	prop_reg(fdt, base, VIRTIO_SIZE);
	prop_spi(fdt, VIRTIO_FIRST_SPI + index, IRQ_EDGE_RISING);
	prop_flag(fdt, "dma-coherent");
	end(fdt);
}

static void add_memory(void *fdt, const struct guest_info *info)
{
	begin_at(fdt, "memory", RAM_BASE);
	prop_string(fdt, "device_type", "memory");
	prop_reg(fdt, RAM_BASE, info->ram_size);
	end(fdt);
}

static void add_aliases(void *fdt)
{
	char path[32];

	begin(fdt, "aliases");
	snprintf(path, sizeof(path), "/serial@%llx", SERIAL_BASE);
	prop_string(fdt, "serial0", path);
	end(fdt);
}

/**
 * guest_fdt_build() - build the device tree or end the process
 * @fdt: where to
 * @size: room there in bytes
 * @info: the guest
 *
 * Return: size of the tree in bytes.
 */
size_t guest_fdt_build(void *fdt, size_t size, const struct guest_info *info)
{
	unsigned int i;

	check(fdt_create(fdt, size));
	check(fdt_finish_reservemap(fdt));
	begin(fdt, "");
	prop_string(fdt, "compatible", "linux,dummy-virt");
	prop_string(fdt, "model", "linux,dummy-virt");
	prop_cell(fdt, "#address-cells", 2);
	prop_cell(fdt, "#size-cells", 2);
	prop_cell(fdt, "interrupt-parent", PHANDLE_GIC);
	add_aliases(fdt);
	add_chosen(fdt, info);
	add_memory(fdt, info);
	add_cpus(fdt, info);
	if (info->psci_0_1)
		add_psci_0_1(fdt);
	else
		add_psci(fdt);
	add_gic(fdt, info);
	add_timer(fdt, info);
	if (info->pmu_compatible)
		add_pmu(fdt, info);
	add_serial(fdt);
	for (i = 0; i < info->nr_virtio; i++)
		add_virtio(fdt, i);
	end(fdt);
	check(fdt_finish(fdt));
	return fdt_totalsize(fdt);
}
