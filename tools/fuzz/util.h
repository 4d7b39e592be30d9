/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef FUZZ_UTIL_H
#define FUZZ_UTIL_H

#include <stdio.h>
#include <stdlib.h>

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))
#define KIB(n)		((n) * 1024UL)
#define MIB(n)		((n) * 1024UL * 1024UL)
#define PAGE		KIB(4)
#define NSEC_PER_USEC	1000
#define USEC_PER_SEC	1000000UL

/* The end of a process that cannot do what it is for: not what a fault is. */
static inline void die(const char *what)
{
	perror(what);
	exit(EXIT_FAILURE);
}

#endif /* FUZZ_UTIL_H */
