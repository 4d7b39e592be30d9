/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VMM_GUEST_FDT_H
#define VMM_GUEST_FDT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "gic.h"
#include "layout.h"

/* Room for the device tree in guest memory */
#define GUEST_FDT_SIZE		0x10000

/**
 * struct guest_info - what the device tree says about a guest
 * @nr_vcpus: number of vCPUs
 * @mpidr: affinity fields of each one's MPIDR
 * @gic: the kind of GIC
 * @cpu_compatible: the kind of core
 * @ram_size: memory in bytes
 * @initrd_start: guest physical address of the RAM disk
 * @initrd_end: the first address after it, or 0 for none
 * @timer_hz: frequency of the timer, or 0 where CNTFRQ has it
 * @nr_virtio: number of virtio devices
 * @virtio_console: the console is one of them, not the serial port
 * @pmu_compatible: the kind of its PMU, or NULL
 * @psci_0_1: its firmware is PSCI 0.1
 * @cmdline: kernel command line
 */
struct guest_info {
	unsigned int nr_vcpus;
	uint32_t mpidr[MAX_VCPUS];
	enum gic_kind gic;
	const char *cpu_compatible;
	uint64_t ram_size;
	uint64_t initrd_start;
	uint64_t initrd_end;
	uint32_t timer_hz;
	unsigned int nr_virtio;
	bool virtio_console;
	const char *pmu_compatible;
	bool psci_0_1;
	const char *cmdline;
};

size_t guest_fdt_build(void *fdt, size_t size, const struct guest_info *info);

#endif
