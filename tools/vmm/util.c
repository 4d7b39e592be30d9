// SPDX-License-Identifier: GPL-2.0-only
/* Messages, allocation and event descriptors. */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "util.h"

static void message(const char *fmt, va_list args, int error)
{
	char text[512];

	vsnprintf(text, sizeof(text), fmt, args);
	if (error)
		fprintf(stderr, "kvm-vmm: %s: %s\n", text, strerror(error));
	else
		fprintf(stderr, "kvm-vmm: %s\n", text);
}

/**
 * die() - print a message and end the process with status 1
 * @fmt: printf() format, without the newline
 */
void die(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	message(fmt, args, 0);
	va_end(args);
	exit(EXIT_FAILURE);
}

/**
 * die_errno() - like die(), with the meaning of errno added
 * @fmt: printf() format, without the newline
 */
void die_errno(const char *fmt, ...)
{
	int error = errno;
	va_list args;

	va_start(args, fmt);
	message(fmt, args, error);
	va_end(args);
	exit(EXIT_FAILURE);
}

/**
 * warn() - print a message on standard error
 * @fmt: printf() format, without the newline
 */
void warn(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	message(fmt, args, 0);
	va_end(args);
}

/**
 * xcalloc() - allocate zeroed memory or end the process
 * @nr: number of elements
 * @size: size of an element in bytes
 *
 * Return: the memory, to be freed with free().
 */
void *xcalloc(size_t nr, size_t size)
{
	void *p = calloc(nr, size);

	if (!p)
		die("out of memory");
	return p;
}

/**
 * eventfd_create() - make a non-blocking event descriptor or end the process
 * @count: initial value; the descriptor is readable while it is not zero
 *
 * Return: the descriptor, to be closed with close().
 */
int eventfd_create(unsigned int count)
{
	int fd = eventfd(count, EFD_CLOEXEC | EFD_NONBLOCK);

	if (fd < 0)
		die_errno("eventfd");
	return fd;
}

/**
 * eventfd_signal() - make an event descriptor readable
 * @fd: descriptor from eventfd_create()
 *
 * Safe in any thread. A counter that is full stays readable, so that there is
 * no failure to report.
 */
void eventfd_signal(int fd)
{
	uint64_t one = 1;

	while (write(fd, &one, sizeof(one)) < 0 && errno == EINTR)
		;
}

/**
 * eventfd_clear() - make an event descriptor unreadable
 * @fd: descriptor from eventfd_create()
 */
void eventfd_clear(int fd)
{
	uint64_t count;

	while (read(fd, &count, sizeof(count)) < 0 && errno == EINTR)
		;
}

/**
 * open_directory_of() - open the directory that a file is in
 * @path: the file, which need not be there
 *
 * Return: its descriptor, or -1 with errno set.
 */
int open_directory_of(const char *path)
{
	const char *slash = strrchr(path, '/');
	char *directory = strndup(path, slash ? slash - path + 1 : 0);
	int fd;

	if (!directory)
		return -1;
	fd = open(slash ? directory : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	free(directory);
	return fd;
}

/**
 * sync_fd() - have a file outlive a power cut, or the names in a directory
 * @fd: descriptor
 *
 * Return: false, with errno set, where that was not possible; true also where
 * there is nothing to write to.
 */
bool sync_fd(int fd)
{
	return !fsync(fd) || errno == EINVAL;
}
