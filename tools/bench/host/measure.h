/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef BENCH_MEASURE_H
#define BENCH_MEASURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
 * struct kind - a kind of host memory
 * @name: ending of the names of its rows
 * @advice: what makes the host use it
 * @huge: whether the host must have used huge pages
 */
struct kind {
	const char *name;
	int advice;
	bool huge;
};

#define NR_KINDS	2

extern const struct kind kinds[NR_KINDS];

uint64_t now(void);
int64_t since(uint64_t begin);
void *map_memory(size_t size, const struct kind *kind);

#endif
