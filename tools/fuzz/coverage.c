// SPDX-License-Identifier: GPL-2.0-only
/* What the kernel ran, as a map: see coverage.h */
#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "coverage.h"
#include "util.h"

/* Documentation/dev-tools/kcov.rst */
#define KCOV_FILE	"/sys/kernel/debug/kcov"
#define KCOV_INIT_TRACE	_IOR('c', 1, unsigned long)
#define KCOV_ENABLE	_IO('c', 100)
#define KCOV_TRACE_PC	0

/* Words of a trace, of which the first is the number of those that follow */
#define TRACE_WORDS	(64 << 10)

static uint8_t *coverage;
static __thread unsigned long *trace;

void coverage_enable(uint8_t *map)
{
	coverage = map;
}

void coverage_thread(void)
{
	int fd;

	if (!coverage)
		return;

	fd = open(KCOV_FILE, O_RDWR);
	if (fd < 0 || ioctl(fd, KCOV_INIT_TRACE, TRACE_WORDS))
		die(KCOV_FILE);
	trace = mmap(NULL, TRACE_WORDS * sizeof(*trace), PROT_READ | PROT_WRITE,
		     MAP_SHARED, fd, 0);
	if (trace == MAP_FAILED || ioctl(fd, KCOV_ENABLE, KCOV_TRACE_PC))
		die(KCOV_FILE);
}

void coverage_begin(void)
{
	if (trace)
		__atomic_store_n(&trace[0], 0, __ATOMIC_RELAXED);
}

/* Multiplied by a prime, neighbours are far from each other. */
static unsigned int place_of(unsigned long block)
{
	return ((uint32_t)block * 2654435761U) >> 16;
}

void coverage_end(void)
{
	unsigned long i, count;

	if (!trace)
		return;

	count = __atomic_load_n(&trace[0], __ATOMIC_RELAXED);
	for (i = 1; i <= count; i++)
		coverage[place_of(trace[i])] = 1;
	coverage_begin();
}
