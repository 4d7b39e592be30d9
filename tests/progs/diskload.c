// SPDX-License-Identifier: GPL-2.0-only
/*
 * diskload DISK: write to all of a disk, and read it again, around the page
 * cache; fail at the first wrong word. Ends well on SIGTERM.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define CHUNK		0x4000
#define ALIGNMENT	4096
#define WORDS		(CHUNK / sizeof(uint32_t))

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

static bool read_chunk(int fd, uint32_t *buf, unsigned long round, off_t offset)
{
	unsigned int i;

	for (i = 0; i < WORDS; i++)
		buf[i] = ~word(round, offset, i);
	if (pread(fd, buf, CHUNK, offset) != CHUNK) {
		perror("diskload: read");
		return false;
	}
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

static bool go_through(int fd, off_t size, uint32_t *buf, unsigned long round)
{
	off_t offset;

	for (offset = 0; offset + CHUNK <= size; offset += CHUNK)
		if (!write_chunk(fd, buf, round, offset))
			return false;
	for (offset = 0; offset + CHUNK <= size; offset += CHUNK)
		if (!read_chunk(fd, buf, round, offset))
			return false;
	return true;
}

int main(int argc, char **argv)
{
	int fd = argc > 1 ? open(argv[1], O_RDWR | O_DIRECT) : -1;
	uint32_t *buf = aligned_alloc(ALIGNMENT, CHUNK);
	unsigned long round = 0;
	bool ok = true;
	off_t size;

	signal(SIGTERM, end);
	if (fd < 0 || !buf) {
		perror("diskload");
		return 1;
	}
	size = lseek(fd, 0, SEEK_END);
	while (ok && !atomic_load(&told_to_end))
		ok = go_through(fd, size, buf, ++round);
	printf("diskload: %lu rounds, %s\n", round, ok ? "all right" : "FAILED");
	return !ok;
}
