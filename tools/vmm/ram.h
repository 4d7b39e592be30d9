/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VMM_RAM_H
#define VMM_RAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RAM_PAGE_SIZE		0x1000U

/**
 * struct guest_ram - the memory of a guest
 * @host: where this process sees it
 * @base: guest physical address
 * @size: size in bytes
 * @map: the mapping that contains @host
 * @map_size: size of @map in bytes
 * @touched: pages that this process has or may have written since they were
 *	     last cleared, a bit each, or NULL; only the I/O thread writes
 */
struct guest_ram {
	uint8_t *host;
	uint64_t base;
	uint64_t size;
	void *map;
	size_t map_size;
	uint8_t *touched;
};

void ram_create(struct guest_ram *ram, uint64_t base, uint64_t size,
		const char *hugetlbfs, bool thp);
void ram_destroy(struct guest_ram *ram);
size_t ram_bitmap_size(const struct guest_ram *ram);
void ram_touch(const struct guest_ram *ram, const void *start, size_t len);

/**
 * ram_ptr() - translate a range of guest memory
 * @ram: the guest memory
 * @gpa: guest physical address, any value
 * @len: length in bytes, any value
 *
 * Return: where this process sees the range, or NULL where any part of it
 * is outside guest memory.
 */
static inline void *ram_ptr(const struct guest_ram *ram, uint64_t gpa,
			    uint64_t len)
{
	uint64_t offset = gpa - ram->base;

	if (gpa < ram->base || offset > ram->size || len > ram->size - offset)
		return NULL;
	return ram->host + (size_t)offset;
}

#endif
