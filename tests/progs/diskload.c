// SPDX-License-Identifier: GPL-2.0-only
/*
 * diskload DISK: write to all of a disk, and read it again, around the page
 * cache; fail at the first wrong word. Ends well on SIGTERM.
 *
 * What was read is left alone for some rounds before it is looked at: nobody
 * but the device has written to that memory since, which a guest that moves has
 * to take along.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define CHUNK		0x4000
#define ALIGNMENT	4096
#define WORDS		(CHUNK / sizeof(uint32_t))
/* So many rounds are kept */
#define KEPT		4

static atomic_bool told_to_end;

static void end(int sig)
{
	(void)sig;
	atomic_store(&told_to_end, true);
}

static uint32_t word(unsigned long round, off_t offset, unsigned int i)
{
	return (round << 24) ^ (uint32_t)(offset + i * sizeof(uint32_t));
}

static bool write_chunk(int fd, uint32_t *buf, unsigned long round,
			off_t offset)
{
	unsigned int i;

	for (i = 0; i < WORDS; i++)
		buf[i] = word(round, offset, i);
	if (pwrite(fd, buf, CHUNK, offset) != CHUNK) {
		perror("diskload: write");
		return false;
	}
	return true;
}

static bool check_chunk(const uint32_t *buf, unsigned long round, off_t offset)
{
	unsigned int i;

	for (i = 0; i < WORDS; i++) {
		if (buf[i] == word(round, offset, i))
			continue;
		printf("diskload: round %lu: word %u at %lld is %#x, not %#x\n",
		       round, i, (long long)offset, buf[i],
		       word(round, offset, i));
		return false;
	}
	return true;
}

/* The disk as it was in some round */
static uint32_t *copy_of(uint32_t *kept, off_t size, unsigned long round)
{
	return kept + round % KEPT * (size / sizeof(uint32_t));
}

static bool write_disk(int fd, off_t size, uint32_t *buf, unsigned long round)
{
	off_t offset;

	for (offset = 0; offset < size; offset += CHUNK)
		if (!write_chunk(fd, buf, round, offset))
			return false;
	return true;
}

static bool read_disk(int fd, off_t size, uint32_t *copy)
{
	off_t offset;

	for (offset = 0; offset < size; offset += CHUNK) {
		if (pread(fd, (char *)copy + offset, CHUNK, offset) != CHUNK) {
			perror("diskload: read");
			return false;
		}
	}
	return true;
}

static bool check_copy(const uint32_t *copy, off_t size, unsigned long round)
{
	off_t offset;

	for (offset = 0; offset < size; offset += CHUNK)
		if (!check_chunk(copy + offset / sizeof(uint32_t), round,
				 offset))
			return false;
	return true;
}

/* All rounds that are still kept */
static bool check_kept(uint32_t *kept, off_t size, unsigned long last)
{
	unsigned long round = last < KEPT ? 1 : last - (KEPT - 1);

	for (; round <= last; round++)
		if (!check_copy(copy_of(kept, size, round), size, round))
			return false;
	return true;
}

/* Looks at the copy that the next round overwrites */
static bool go_through(int fd, off_t size, uint32_t *buf, uint32_t *kept,
		       unsigned long round)
{
	unsigned long oldest = round - (KEPT - 1);

	return write_disk(fd, size, buf, round) &&
	       read_disk(fd, size, copy_of(kept, size, round)) &&
	       (round < KEPT ||
		check_copy(copy_of(kept, size, oldest), size, oldest));
}

int main(int argc, char **argv)
{
	int fd = argc > 1 ? open(argv[1], O_RDWR | O_DIRECT) : -1;
	uint32_t *buf = aligned_alloc(ALIGNMENT, CHUNK);
	uint32_t *kept = NULL;
	unsigned long round = 0;
	bool ok = true;
	off_t size = 0;

	signal(SIGTERM, end);
	if (fd >= 0) {
		size = lseek(fd, 0, SEEK_END) / CHUNK * CHUNK;
		kept = aligned_alloc(ALIGNMENT, KEPT * size);
	}
	if (!buf || !kept) {
		perror("diskload");
		return 1;
	}
	/* No page comes, and is cleared, while the disk is read */
	memset(kept, -1, KEPT * size);
	while (ok && !atomic_load(&told_to_end))
		ok = go_through(fd, size, buf, kept, ++round);
	ok = ok && check_kept(kept, size, round);
	printf("diskload: %lu rounds, %s\n", round, ok ? "all right" : "FAILED");
	return !ok;
}
