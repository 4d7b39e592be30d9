// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the host says about its timer, by the device tree above all.
 *
 * A tree names the frequency where firmware has not set CNTFRQ, or set it
 * wrongly. A guest reads the same register.
 */
#include <arpa/inet.h>
#include <fcntl.h>
#include <glob.h>
#include <libgen.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "host_timer.h"
#include "util.h"

#define TREE			"/proc/device-tree"

static const char * const timers[] = { "arm,armv7-timer", "arm,armv8-timer" };

/* Fills in what there is of a property; the rest stays as it is. */
static void read_property(const char *node, const char *name, void *value,
			  size_t size)
{
	char path[256];
	int fd;

	snprintf(path, sizeof(path), "%s/%s", node, name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return;
	if (read(fd, value, size) < 0)
		warn("%s is not readable", path);
	close(fd);
}

/* "compatible" is a list of strings, from the most specific on. */
static int is_timer(const char *node)
{
	char list[128] = "", *name;
	unsigned int i;

	read_property(node, "compatible", list, sizeof(list) - 1);
	for (name = list; *name; name += strlen(name) + 1)
		for (i = 0; i < ARRAY_SIZE(timers); i++)
			if (!strcmp(name, timers[i]))
				return 1;
	return 0;
}

/**
 * host_timer_frequency() - the frequency that the host's device tree names
 *
 * Return: Hz, or 0 if it names none, and CNTFRQ is right.
 */
uint32_t host_timer_frequency(void)
{
	uint32_t cell = 0;
	glob_t found;
	size_t i;

	/* A timer is at the root, or below a bus that is. */
	glob(TREE "/*/clock-frequency", 0, NULL, &found);
	glob(TREE "/*/*/clock-frequency", GLOB_APPEND, NULL, &found);
	for (i = 0; i < found.gl_pathc && !cell; i++) {
		const char *node = dirname(found.gl_pathv[i]);

		if (is_timer(node))
			read_property(node, "clock-frequency", &cell,
				      sizeof(cell));
	}
	globfree(&found);
	return ntohl(cell);
}

/* Linux lets user space read it along with the virtual counter. */
static uint32_t read_cntfrq(void)
{
	uint32_t hz;

	__asm__ volatile("mrc p15, 0, %0, c14, c0, 0" : "=r" (hz));
	return hz;
}

/**
 * host_counter_frequency() - how fast the counters of host and guests count
 *
 * Return: Hz, or 0 if neither the device tree nor CNTFRQ says.
 */
uint32_t host_counter_frequency(void)
{
	uint32_t hz = host_timer_frequency();

	return hz ? hz : read_cntfrq();
}
