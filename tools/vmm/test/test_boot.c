// SPDX-License-Identifier: GPL-2.0-only
/* Where the images go in guest memory, and which ones do not fit. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "boot.h"
#include "test.h"
#include "util.h"

/* From the start of the kernel to the device tree, in the smallest guest */
#define ROOM			(RAM_MIN_SIZE - KERNEL_OFFSET - GUEST_FDT_SIZE)
#define KERNEL			0x11
#define INITRD			0x22

static struct guest_ram ram;
static struct guest_info info;
static struct boot_entry entry;

/* Make a file whose first byte and last one are @byte. */
static void make_image(char *path, off_t size, uint8_t byte)
{
	int fd = mkstemp(path);

	if (fd < 0 || pwrite(fd, &byte, 1, 0) != 1 ||
	    pwrite(fd, &byte, 1, size - 1) != 1)
		die_errno("%s", path);
	close(fd);
}

/* What does not fit ends the process: ask another one first. */
static bool boots(const struct options *opt)
{
	int status = 0;
	pid_t child;

	fflush(stdout);
	child = fork();
	if (!child) {
		fclose(stderr);
		boot_load(&ram, opt, &info, &entry);
		_exit(EXIT_SUCCESS);
	}
	if (child < 0 || waitpid(child, &status, 0) != child)
		die_errno("another process");
	EXPECT(WIFEXITED(status) && (WEXITSTATUS(status) == EXIT_SUCCESS ||
				     WEXITSTATUS(status) == EXIT_FAILURE));
	return !status;
}

/* Load images of these sizes, @initrd_size 0 for none; false if they do not fit. */
static bool load(off_t kernel_size, off_t initrd_size)
{
	char kernel[] = "/tmp/kvm-vmm-kernel-XXXXXX";
	char initrd[] = "/tmp/kvm-vmm-initrd-XXXXXX";
	struct options opt = { .kernel = kernel };
	bool ok;

	memset(ram.host, 0, ram.size);
	memset(&info, 0, sizeof(info));
	make_image(kernel, kernel_size, KERNEL);
	if (initrd_size) {
		make_image(initrd, initrd_size, INITRD);
		opt.initrd = initrd;
	}
	ok = boots(&opt);
	if (ok)
		boot_load(&ram, &opt, &info, &entry);
	unlink(kernel);
	if (initrd_size)
		unlink(initrd);
	return ok;
}

static uint8_t byte_at(uint64_t gpa)
{
	return *(uint8_t *)ram_ptr(&ram, gpa, 1);
}

static void begin(void)
{
	ram.base = RAM_BASE;
	ram.size = RAM_MIN_SIZE;
	ram.host = xcalloc(1, RAM_MIN_SIZE);
}

static void end(void)
{
	free(ram.host);
	ram.host = NULL;
}

static void test_kernel(void)
{
	begin();
	EXPECT(load(ROOM, 0));
	EXPECT(entry.pc == RAM_BASE + KERNEL_OFFSET);
	EXPECT(entry.dtb == entry.pc + ROOM);
	EXPECT(byte_at(entry.pc) == KERNEL);
	EXPECT(byte_at(entry.dtb - 1) == KERNEL);
	EXPECT(byte_at(entry.dtb) == FAKE_FDT);
	EXPECT(!info.initrd_end);
	EXPECT(!load(ROOM + 1, 0));
	end();
}

/* The RAM disk begins with a page, for which the kernel leaves one more. */
static void test_initrd(void)
{
	static const off_t sizes[] = {
		1, 100, RAM_PAGE_SIZE - 1, RAM_PAGE_SIZE, 5 * RAM_PAGE_SIZE + 1,
	};
	unsigned int i;
	off_t kernel;

	begin();
	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		kernel = ROOM - RAM_PAGE_SIZE - sizes[i];
		EXPECT(load(kernel, sizes[i]));
		EXPECT(info.initrd_start % RAM_PAGE_SIZE == 0);
		EXPECT(info.initrd_start >= entry.pc + kernel);
		EXPECT(info.initrd_end == info.initrd_start + sizes[i]);
		EXPECT(info.initrd_end <= entry.dtb);
		EXPECT(byte_at(info.initrd_start) == INITRD);
		EXPECT(byte_at(info.initrd_end - 1) == INITRD);
		EXPECT(byte_at(entry.pc + kernel - 1) == KERNEL);
		EXPECT(byte_at(entry.dtb) == FAKE_FDT);
		EXPECT(!load(kernel + 1, sizes[i]));
	}
	end();
}

/* A kernel that leaves less than a page, and nothing */
static void test_initrd_without_room(void)
{
	begin();
	EXPECT(!load(ROOM - RAM_PAGE_SIZE, 1));
	EXPECT(!load(ROOM - RAM_PAGE_SIZE + 1, 1));
	EXPECT(!load(ROOM - RAM_PAGE_SIZE + 1, 2 * RAM_PAGE_SIZE));
	EXPECT(!load(ROOM - 1, 1));
	EXPECT(!load(ROOM, 1));
	EXPECT(!load(ROOM, ROOM));
	EXPECT(!load(ROOM, 2 * RAM_MIN_SIZE));
	end();
}

const struct test boot_tests[] = {
	{ "boot a kernel", test_kernel },
	{ "boot a kernel and a RAM disk", test_initrd },
	{ "boot a RAM disk without room", test_initrd_without_room },
	{ NULL, NULL },
};
