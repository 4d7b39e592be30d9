// SPDX-License-Identifier: GPL-2.0-only
/* Guest memory: anonymous, with or without huge pages, or from hugetlbfs. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "ram.h"
#include "util.h"

#define HUGETLBFS_MAGIC		0x958458f6
#define PAGES_PER_BYTE		8
#define PAGES_PER_LOG_WORD	64

static void map_anonymous(struct guest_ram *ram, bool thp)
{
	uintptr_t start;

	/* A block can only be mapped where host and guest are congruent. */
	ram->map_size = ram->size + SZ_2M;
	if (ram->map_size < ram->size)
		die("-m: too large for this process");
	ram->map = mmap(NULL, ram->map_size, PROT_READ | PROT_WRITE,
			MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (ram->map == MAP_FAILED)
		die_errno("%u MiB of guest memory",
			  (unsigned int)(ram->size / SZ_1M));

	start = ALIGN_UP((uintptr_t)ram->map, SZ_2M);
	ram->host = (uint8_t *)start;

	/* Fails where the kernel has no transparent huge pages: no matter. */
	madvise(ram->host, ram->size, thp ? MADV_HUGEPAGE : MADV_NOHUGEPAGE);
}

static void map_hugetlbfs(struct guest_ram *ram, const char *dir)
{
	char path[4096];
	struct statfs fs;
	int fd;

	if (statfs(dir, &fs) < 0)
		die_errno("%s", dir);
	if ((unsigned int)fs.f_type != HUGETLBFS_MAGIC)
		die("%s is not a hugetlbfs", dir);
	if (ram->size % (unsigned long)fs.f_bsize)
		die("-m is not a multiple of the huge page size, %lu KiB",
		    (unsigned long)fs.f_bsize / SZ_1K);

	snprintf(path, sizeof(path), "%s/kvm-vmm-XXXXXX", dir);
	fd = mkostemp(path, 0);
	if (fd < 0)
		die_errno("%s", path);
	unlink(path);
	if (ftruncate(fd, ram->size) < 0)
		die_errno("%s", path);

	ram->map_size = ram->size;
	ram->map = mmap(NULL, ram->map_size, PROT_READ | PROT_WRITE,
			MAP_SHARED, fd, 0);
	if (ram->map == MAP_FAILED)
		die_errno("%u MiB from %s",
			  (unsigned int)(ram->size / SZ_1M), dir);
	close(fd);
	ram->host = ram->map;
}

/**
 * ram_create() - allocate the memory of a guest or end the process
 * @ram: filled in
 * @base: guest physical address, a multiple of 2 MiB
 * @size: size in bytes
 * @hugetlbfs: mount point of a hugetlbfs to take it from, or NULL
 * @thp: use transparent huge pages, without @hugetlbfs
 */
void ram_create(struct guest_ram *ram, uint64_t base, uint64_t size,
		const char *hugetlbfs, bool thp)
{
	ram->base = base;
	ram->size = size;
	if (hugetlbfs)
		map_hugetlbfs(ram, hugetlbfs);
	else
		map_anonymous(ram, thp);
	ram->touched = xcalloc(1, ram_bitmap_size(ram));
}

/**
 * ram_destroy() - free what ram_create() allocated
 * @ram: the guest memory; no vCPU runs any more
 */
void ram_destroy(struct guest_ram *ram)
{
	free(ram->touched);
	munmap(ram->map, ram->map_size);
}

/**
 * ram_bitmap_size() - size of a bitmap of pages, as KVM_GET_DIRTY_LOG wants it
 * @ram: the guest memory
 *
 * Return: size in bytes.
 */
size_t ram_bitmap_size(const struct guest_ram *ram)
{
	return ALIGN_UP((size_t)(ram->size / RAM_PAGE_SIZE),
			PAGES_PER_LOG_WORD) / PAGES_PER_BYTE;
}

static void set_bits(uint8_t *byte, unsigned int first, unsigned int end)
{
	*byte |= BIT(end) - BIT(first);
}

/**
 * ram_touch() - a device writes to guest memory
 * @ram: the guest memory
 * @start: where this process sees the range that it writes
 * @len: length in bytes
 *
 * KVM logs what the guest writes, and knows nothing of what this process does.
 * Context: the I/O thread, in which all devices write.
 */
void ram_touch(const struct guest_ram *ram, const void *start, size_t len)
{
	size_t offset = (const uint8_t *)start - ram->host;
	size_t page, end, byte, last;

	if (!len || !ram->touched)
		return;
	page = offset / RAM_PAGE_SIZE;
	end = (offset + len - 1) / RAM_PAGE_SIZE + 1;
	byte = page / PAGES_PER_BYTE;
	last = end / PAGES_PER_BYTE;
	page %= PAGES_PER_BYTE;
	end %= PAGES_PER_BYTE;
	if (byte == last) {
		set_bits(&ram->touched[byte], page, end);
		return;
	}
	set_bits(&ram->touched[byte++], page, PAGES_PER_BYTE);
	memset(&ram->touched[byte], 0xff, last - byte);
	/* Behind memory that is touched to its end there is no byte. */
	if (end)
		set_bits(&ram->touched[last], 0, end);
}
