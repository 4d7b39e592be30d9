// SPDX-License-Identifier: GPL-2.0-only
/* What guest memory holds when the guest starts. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "boot.h"
#include "util.h"

/* What every kernel maps from the start, wherever it puts its own mappings */
#define LOW_MEMORY		(256ULL * SZ_1M)
#define INITRD_ALIGN		(4ULL * SZ_1K)

static int open_image(const char *path, uint64_t *size)
{
	struct stat st;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0 || fstat(fd, &st) < 0)
		die_errno("%s", path);
	if (!S_ISREG(st.st_mode) || !st.st_size)
		die("%s: not a file, or empty", path);
	*size = st.st_size;
	return fd;
}

static void load_image(const struct guest_ram *ram, int fd, const char *path,
		       uint64_t gpa, uint64_t size)
{
	uint8_t *to = ram_ptr(ram, gpa, size);
	ssize_t len;

	if (!to)
		die("%s: does not fit into guest memory", path);
	while (size) {
		len = read(fd, to, size);
		if (len < 0 && errno == EINTR)
			continue;
		if (len < 0)
			die_errno("%s", path);
		if (!len)
			die("%s: shorter than it was", path);
		to += len;
		size -= len;
	}
	close(fd);
}

/**
 * boot_load() - load kernel, RAM disk and device tree or end the process
 * @ram: guest memory
 * @opt: the images
 * @info: the guest; the place of the RAM disk is filled in
 * @entry: filled in
 *
 * RAM disk and device tree go to the end of low memory, as far from the
 * kernel as can be, which decompresses itself to the start of memory.
 */
void boot_load(const struct guest_ram *ram, const struct options *opt,
	       struct guest_info *info, struct boot_entry *entry)
{
	uint64_t top, kernel_size, initrd_size, kernel_end;
	int fd;

	top = ram->base + (ram->size < LOW_MEMORY ? ram->size : LOW_MEMORY);
	entry->pc = ram->base + KERNEL_OFFSET;
	entry->dtb = top - GUEST_FDT_SIZE;
	top = entry->dtb;

	fd = open_image(opt->kernel, &kernel_size);
	kernel_end = entry->pc + kernel_size;
	if (kernel_end > top)
		die("%s: does not fit into guest memory", opt->kernel);
	load_image(ram, fd, opt->kernel, entry->pc, kernel_size);

	if (opt->initrd) {
		fd = open_image(opt->initrd, &initrd_size);
		if (initrd_size + INITRD_ALIGN > top - kernel_end)
			die("%s: does not fit into guest memory", opt->initrd);
		info->initrd_start = ALIGN_DOWN(top - initrd_size, INITRD_ALIGN);
		info->initrd_end = info->initrd_start + initrd_size;
		load_image(ram, fd, opt->initrd, info->initrd_start,
			   initrd_size);
	}

	guest_fdt_build(ram_ptr(ram, entry->dtb, GUEST_FDT_SIZE),
			GUEST_FDT_SIZE, info);
}

/**
 * boot_dump_dtb() - write the device tree to a file or end the process
 * @path: the file
 * @info: the guest
 */
void boot_dump_dtb(const char *path, const struct guest_info *info)
{
	void *fdt = xcalloc(1, GUEST_FDT_SIZE);
	size_t size = guest_fdt_build(fdt, GUEST_FDT_SIZE, info);
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);

	if (fd < 0 || write(fd, fdt, size) != (ssize_t)size || close(fd) < 0)
		die_errno("%s", path);
	free(fdt);
}
