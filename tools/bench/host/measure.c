// SPDX-License-Identifier: GPL-2.0-only
/*
 * Instructions and memory of the host: its virtual counter runs at a
 * nanosecond an instruction where QEMU was started with -icount shift=0.
 */
#include <err.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "measure.h"

#define NS_PER_SEC	1000000000
#define HUGE_SIZE	(2UL << 20)

const struct kind kinds[NR_KINDS] = {
	{ "4k", MADV_NOHUGEPAGE, false },
	{ "thp", MADV_HUGEPAGE, true },
};

/**
 * now() - ticks of the virtual counter
 */
uint64_t now(void)
{
	uint64_t ticks;

	asm volatile("isb\n\tmrrc p15, 1, %Q0, %R0, c14"
		     : "=r" (ticks) : : "memory");
	return ticks;
}

/**
 * since() - instructions executed
 * @begin: what now() returned before them
 */
int64_t since(uint64_t begin)
{
	uint32_t frequency;
	uint64_t end = now();

	asm volatile("mrc p15, 0, %0, c14, c0, 0" : "=r" (frequency));
	return (end - begin) * (NS_PER_SEC / frequency);
}

/**
 * map_memory() - fresh memory, aligned to a huge page
 * @size: number of bytes
 * @kind: the kind of memory
 */
void *map_memory(size_t size, const struct kind *kind)
{
	char *at = mmap(NULL, size + HUGE_SIZE, PROT_READ | PROT_WRITE,
			MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	size_t skip;

	if (at == MAP_FAILED)
		err(EXIT_FAILURE, "mmap");
	skip = -(uintptr_t)at & (HUGE_SIZE - 1);
	munmap(at, skip);
	munmap(at + skip + size, HUGE_SIZE - skip);
	at += skip;
	/* A host without huge pages knows neither advice: seen by the count. */
	madvise(at, size, kind->advice);
	return at;
}
