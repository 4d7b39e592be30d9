// SPDX-License-Identifier: GPL-2.0-only
/* The format of saved guests: what is whole is read, all else is refused. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ram_state.h"
#include "state.h"
#include "test.h"
#include "util.h"

#define RAM_GPA			0x80000000ULL
#define NR_PAGES		300
#define HEADER_SIZE		16
#define SECTION_HEADER_SIZE	24

static struct state_stream stream;
static struct section section;
static FILE *file;

static void begin(void)
{
	file = tmpfile();
	if (!file)
		die_errno("tmpfile");
	stream = (struct state_stream) { .fd = fileno(file) };
	test_section_create(&section);
}

static void again(void)
{
	lseek(stream.fd, 0, SEEK_SET);
	stream = (struct state_stream) { .fd = fileno(file) };
}

static void end(void)
{
	section_destroy(&section);
	fclose(file);
}

static bool write_two(void)
{
	bool ok = state_write_header(&stream);

	section_begin(&section, STATE_SERIAL, 0);
	section_put8(&section, 0x12);
	section_put16(&section, 0x3456);
	section_put32(&section, 0x789abcde);
	section_put64(&section, 0x0123456789abcdefULL);
	section_put(&section, "bytes", 5);
	ok = ok && state_write(&stream, &section);
	section_begin(&section, STATE_VIRTIO, 7);
	ok = ok && state_write(&stream, &section);
	return ok && state_write_end(&stream, &section);
}

/* Read what write_two() wrote; nothing wrong gets past. */
static bool read_two(void)
{
	const void *bytes;

	if (!state_read_header(&stream) || !state_read(&stream, &section))
		return false;
	EXPECT(section.type == STATE_SERIAL && !section.instance);
	EXPECT(section_get8(&section) == 0x12);
	EXPECT(section_get16(&section) == 0x3456);
	EXPECT(section_get32(&section) == 0x789abcde);
	EXPECT(section_get64(&section) == 0x0123456789abcdefULL);
	EXPECT(!section_done(&section));
	bytes = section_get(&section, 5);
	EXPECT(bytes && !memcmp(bytes, "bytes", 5));
	EXPECT(section_done(&section));
	if (!state_read(&stream, &section))
		return false;
	EXPECT(section.type == STATE_VIRTIO && section.instance == 7);
	EXPECT(section_done(&section));
	if (!state_read(&stream, &section))
		return false;
	EXPECT(section.type == STATE_END);
	return state_read_end(&stream, &section);
}

static void test_round_trip(void)
{
	begin();
	EXPECT(write_two());
	again();
	EXPECT(read_two());
	EXPECT(!state_read(&stream, &section));
	EXPECT(strstr(stream.error, "ends after"));
	end();
}

static void test_truncated(void)
{
	off_t size;

	begin();
	EXPECT(write_two());
	for (size = stream.bytes - 1; size >= 0; size--) {
		if (ftruncate(stream.fd, size) < 0)
			die_errno("ftruncate");
		again();
		EXPECT(!read_two());
		EXPECT(strstr(stream.error, "ends after"));
	}
	end();
}

/* Every bit of every byte counts. */
static void test_damaged(void)
{
	uint8_t byte, changed;
	unsigned int bit;
	off_t at, size;

	begin();
	EXPECT(write_two());
	size = stream.bytes;
	for (at = 0; at < size; at++) {
		for (bit = 0; bit < 8; bit++) {
			if (pread(stream.fd, &byte, 1, at) != 1)
				die_errno("pread");
			changed = byte ^ BIT(bit);
			if (pwrite(stream.fd, &changed, 1, at) != 1)
				die_errno("pwrite");
			again();
			EXPECT(!read_two());
			EXPECT(*stream.error);
			if (pwrite(stream.fd, &byte, 1, at) != 1)
				die_errno("pwrite");
		}
	}
	again();
	EXPECT(read_two());
	end();
}

/* A section that is missing is missed, though all others are whole. */
static void test_missing_section(void)
{
	uint8_t data[4096];
	ssize_t size;
	off_t at = HEADER_SIZE + SECTION_HEADER_SIZE + 20;

	begin();
	EXPECT(write_two());
	size = pread(stream.fd, data, sizeof(data), at + SECTION_HEADER_SIZE);
	if (pwrite(stream.fd, data, size, at) != size)
		die_errno("pwrite");
	again();
	EXPECT(state_read_header(&stream));
	EXPECT(state_read(&stream, &section));
	EXPECT(state_read(&stream, &section) && section.type == STATE_END);
	EXPECT(!state_read_end(&stream, &section));
	EXPECT(!strcmp(stream.error, "lacks sections"));
	end();
}

static void test_too_short(void)
{
	begin();
	section_begin(&section, STATE_GIC, 0);
	section_put32(&section, 1);
	EXPECT(!section_get64(&section));
	EXPECT(section.bad && !section_done(&section));
	/* And stays so, even where the rest would fit */
	EXPECT(!section_get8(&section));
	end();
}

static void test_too_long(void)
{
	uint8_t *data = xcalloc(1, STATE_MAX_LENGTH);

	begin();
	section_begin(&section, STATE_GIC, 0);
	section_put(&section, data, STATE_MAX_LENGTH);
	EXPECT(!section.bad && section.len == STATE_MAX_LENGTH);
	section_put8(&section, 0);
	EXPECT(section.bad);
	EXPECT(!state_write(&stream, &section));
	free(data);
	end();
}

/* ---- memory ---- */

static struct guest_ram ram;

static void ram_begin(void)
{
	begin();
	ram.base = RAM_GPA;
	ram.size = NR_PAGES * RAM_PAGE_SIZE;
	ram.host = xcalloc(NR_PAGES, RAM_PAGE_SIZE);
}

static void ram_end(void)
{
	free(ram.host);
	end();
}

static uint8_t *page(unsigned int nr)
{
	return ram.host + nr * RAM_PAGE_SIZE;
}

static void ram_read(unsigned int nr_sections)
{
	again();
	while (nr_sections--) {
		EXPECT(state_read(&stream, &section));
		if (section.type == STATE_RAM)
			EXPECT(ram_load_data(&section, &ram));
		else
			EXPECT(ram_load_zero(&section, &ram));
	}
	EXPECT(!state_read(&stream, &section));
}

static void test_memory(void)
{
	struct ram_count count = { 0 };
	unsigned int i, nr;
	uint8_t *before;

	ram_begin();
	for (i = 0; i < NR_PAGES; i++)
		if (i < 200 || i % 3)
			page(i)[test_random() % RAM_PAGE_SIZE] = i | 1;
	before = xcalloc(NR_PAGES, RAM_PAGE_SIZE);
	memcpy(before, ram.host, ram.size);
	EXPECT(ram_save(&stream, &section, &ram, NULL, &count));
	EXPECT(count.data + count.zero == NR_PAGES);
	EXPECT(count.zero == 33);
	nr = stream.nr;
	memset(ram.host, 0, ram.size);
	ram_read(nr);
	EXPECT(!memcmp(ram.host, before, ram.size));
	free(before);
	ram_end();
}

static void test_dirty_memory(void)
{
	uint8_t dirty[ALIGN_UP(NR_PAGES, 64) / 8] = { 0 };
	struct ram_count count = { 0 };
	unsigned int nr;

	ram_begin();
	memset(page(0), 1, 10 * RAM_PAGE_SIZE);
	dirty[0] = BIT(1) | BIT(2) | BIT(5);
	dirty[1] = BIT(3);
	dirty[(NR_PAGES - 1) / 8] |= BIT((NR_PAGES - 1) % 8);
	page(NR_PAGES - 1)[RAM_PAGE_SIZE - 1] = 9;
	EXPECT(ram_save(&stream, &section, &ram, dirty, &count));
	EXPECT(count.data == 4 && count.zero == 1);
	nr = stream.nr;

	/* Page 11 is zero there, and here it will be, too. */
	memset(ram.host, 7, ram.size);
	ram_read(nr);
	EXPECT(page(0)[0] == 7 && page(1)[0] == 1 && page(2)[0] == 1);
	EXPECT(page(3)[0] == 7 && page(5)[0] == 1 && page(6)[0] == 7);
	EXPECT(page(10)[0] == 7 && page(11)[0] == 0 && page(12)[0] == 7);
	EXPECT(page(11)[RAM_PAGE_SIZE - 1] == 0);
	EXPECT(page(NR_PAGES - 1)[RAM_PAGE_SIZE - 1] == 9);
	ram_end();
}

static bool load_at(bool (*load)(struct section *section,
				 const struct guest_ram *ram),
		    uint64_t gpa, uint64_t second)
{
	section_begin(&section, STATE_RAM, 0);
	section_put64(&section, gpa);
	section_put64(&section, second);
	return load(&section, &ram);
}

static void test_foreign_memory(void)
{
	ram_begin();
	EXPECT(load_at(ram_load_data, RAM_GPA + ram.size - 8, 0));
	EXPECT(!load_at(ram_load_data, RAM_GPA + ram.size - 7, 0));
	EXPECT(!load_at(ram_load_data, RAM_GPA - 1, 0));
	EXPECT(!load_at(ram_load_data, UINT64_MAX - 3, 0));
	EXPECT(load_at(ram_load_zero, RAM_GPA, ram.size));
	EXPECT(!load_at(ram_load_zero, RAM_GPA, ram.size + 1));
	EXPECT(!load_at(ram_load_zero, RAM_GPA + 1, ram.size));
	EXPECT(!load_at(ram_load_zero, RAM_GPA + 1, UINT64_MAX));
	section_begin(&section, STATE_RAM, 0);
	section_put32(&section, 0);
	EXPECT(!ram_load_data(&section, &ram));
	ram_end();
}

static void test_used(void)
{
	begin();
	EXPECT(write_two());
	again();
	EXPECT(read_two());
	fake.sync_error = EIO;
	EXPECT(!state_use_up(&stream));
	EXPECT(strstr(stream.error, strerror(EIO)));
	again();
	EXPECT(read_two());
	EXPECT(state_use_up(&stream));
	EXPECT(fake.syncs == 2);
	/* By one who has read the header before */
	EXPECT(!state_use_up(&stream));
	EXPECT(strstr(stream.error, "was restored before"));
	EXPECT(fake.syncs == 2);
	again();
	EXPECT(!read_two());
	EXPECT(strstr(stream.error, "was restored before"));
	end();
}

static void expect_directory(const char *path, const char *directory)
{
	struct stat opened, named;
	int fd = open_directory_of(path);

	EXPECT(fd >= 0);
	EXPECT(!fstat(fd, &opened) && !stat(directory, &named));
	EXPECT(opened.st_dev == named.st_dev && opened.st_ino == named.st_ino);
	close(fd);
}

static void test_directory(void)
{
	expect_directory("/usr/state", "/usr");
	expect_directory("/state", "/");
	expect_directory("state", ".");
	EXPECT(open_directory_of("/nowhere/state") < 0);
	EXPECT(errno == ENOENT);
}

static void test_sync(void)
{
	EXPECT(sync_fd(STDOUT_FILENO));
	fake.sync_error = EIO;
	EXPECT(!sync_fd(STDOUT_FILENO));
	EXPECT(errno == EIO);
	fake.sync_error = EINVAL;
	EXPECT(sync_fd(STDOUT_FILENO));
}

const struct test state_tests[] = {
	{ "state round trip", test_round_trip },
	{ "state truncated", test_truncated },
	{ "state damaged", test_damaged },
	{ "state without a section", test_missing_section },
	{ "state section too short", test_too_short },
	{ "state section too long", test_too_long },
	{ "state of memory", test_memory },
	{ "state of dirty memory", test_dirty_memory },
	{ "state of foreign memory", test_foreign_memory },
	{ "state that was used", test_used },
	{ "state and its directory", test_directory },
	{ "state and a power cut", test_sync },
	{ NULL, NULL },
};
