// SPDX-License-Identifier: GPL-2.0-only
/* Dispatch of the guest's accesses to device memory. */
#include <stdlib.h>
#include <string.h>

#include "mmio.h"
#include "util.h"

/**
 * mmio_add() - add a region
 * @bus: the bus
 * @region: copied; must not overlap another one
 *
 * Context: before the first vCPU runs.
 */
void mmio_add(struct mmio_bus *bus, const struct mmio_region *region)
{
	unsigned int i = bus->nr;

	if (bus->nr == MMIO_MAX_REGIONS)
		die("too many devices");
	for (; i && bus->region[i - 1].base > region->base; i--)
		bus->region[i] = bus->region[i - 1];
	bus->region[i] = *region;
	bus->nr++;
}

static int compare(const void *key, const void *element)
{
	const struct mmio_region *region = element;
	uint64_t addr = *(const uint64_t *)key;

	if (addr < region->base)
		return -1;
	return addr - region->base >= region->size;
}

/**
 * mmio_access() - do one access
 * @bus: the bus
 * @addr: guest physical address
 * @len: length in bytes, 1 to 8
 * @write: direction
 * @data: @len bytes in little-endian order, taken or filled in
 *
 * Where there is no device, reads are zero and writes are ignored.
 */
void mmio_access(const struct mmio_bus *bus, uint64_t addr, unsigned int len,
		 bool write, uint8_t *data)
{
	const struct mmio_region *region;
	uint64_t value = 0;

	region = bsearch(&addr, bus->region, bus->nr, sizeof(*region), compare);
	if (region && len > region->size - (addr - region->base))
		region = NULL;

	if (write) {
		memcpy(&value, data, len);
		if (region)
			region->ops->write(region->device, addr - region->base,
					   len, value);
		return;
	}
	if (region)
		value = region->ops->read(region->device, addr - region->base,
					  len);
	memcpy(data, &value, len);
}
