/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VMM_UTIL_H
#define VMM_UTIL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define ARRAY_SIZE(a)		(sizeof(a) / sizeof((a)[0]))
#define ALIGN_UP(x, a)		(((x) + (a) - 1) & ~((__typeof__(x))(a) - 1))
#define ALIGN_DOWN(x, a)	((x) & ~((__typeof__(x))(a) - 1))
#define BIT(n)			(1U << (n))
#define MS_PER_S		1000
#define SZ_1K			0x400U
#define SZ_1M			0x100000U
#define SZ_2M			0x200000U

#define container_of(ptr, type, member) \
	((type *)((char *)(ptr) - offsetof(type, member)))

_Noreturn void die(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
_Noreturn void die_errno(const char *fmt, ...)
	__attribute__((format(printf, 1, 2)));
void warn(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

void *xcalloc(size_t nr, size_t size);
int eventfd_create(unsigned int count);
void eventfd_signal(int fd);
void eventfd_clear(int fd);
int open_directory_of(const char *path);
bool sync_fd(int fd);

#endif
