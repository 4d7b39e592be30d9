// SPDX-License-Identifier: GPL-2.0-only
/*
 * Files in which the host's kernel is told something or tells it
 */
#include <fcntl.h>

#include "host.h"
#include "kvm_util.h"

bool __host_put(const char *file, const char *value)
{
	int fd = open(file, O_WRONLY | O_TRUNC);
	ssize_t ret;

	if (fd < 0)
		return false;

	ret = write(fd, value, strlen(value));
	close(fd);

	return ret == (ssize_t)strlen(value);
}

void host_put(const char *file, const char *value)
{
	TEST_ASSERT(__host_put(file, value), "%s > %s: errno %d", value, file,
		    errno);
}

long host_number(const char *file, const char *name)
{
	size_t len = name ? strlen(name) : 0;
	long number = -1;
	char line[128];
	FILE *f = fopen(file, "r");

	if (!f)
		return -1;

	while (number < 0 && fgets(line, sizeof(line), f)) {
		if (!len || !strncmp(line, name, len))
			sscanf(line + len, "%ld", &number);
	}
	fclose(f);

	return number;
}
