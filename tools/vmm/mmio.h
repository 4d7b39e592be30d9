/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VMM_MMIO_H
#define VMM_MMIO_H

#include <stdbool.h>
#include <stdint.h>

/**
 * struct mmio_ops - what a device does with an access
 * @read: return the value at @offset of the region, @len bytes of it
 * @write: take @value, of which @len bytes count
 *
 * Called in a vCPU thread, by several at once; the device locks. @len is 1, 2,
 * 4 or 8, and the whole access is inside the region.
 */
struct mmio_ops {
	uint64_t (*read)(void *device, uint64_t offset, unsigned int len);
	void (*write)(void *device, uint64_t offset, unsigned int len,
		      uint64_t value);
};

/**
 * struct mmio_region - a range of guest physical addresses
 * @base: first address
 * @size: size in bytes
 * @ops: the accesses
 * @device: handed to @ops
 */
struct mmio_region {
	uint64_t base;
	uint64_t size;
	const struct mmio_ops *ops;
	void *device;
};

#define MMIO_MAX_REGIONS	32

/**
 * struct mmio_bus - all regions, sorted by address
 * @nr: number of regions
 * @region: the regions; they do not change while vCPUs run
 */
struct mmio_bus {
	unsigned int nr;
	struct mmio_region region[MMIO_MAX_REGIONS];
};

void mmio_add(struct mmio_bus *bus, const struct mmio_region *region);
void mmio_access(const struct mmio_bus *bus, uint64_t addr, unsigned int len,
		 bool write, uint8_t *data);

#endif
