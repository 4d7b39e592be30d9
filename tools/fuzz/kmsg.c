// SPDX-License-Identifier: GPL-2.0-only
/* The kernel's log: Documentation/ABI/testing/dev-kmsg */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kmsg.h"
#include "util.h"

#define LEVEL_MASK	7
#define LEVEL_WARNING	4

static const char * const harmless[] = {
	/* Of a machine that is emulated, on one that has no time for it */
	"hrtimer: interrupt took",
	"perf: interrupt took too long",
	"hogged CPU for",
	/* Of what machine_hide() does */
	"KVM: debugfs: duplicate directory",
	"callbacks suppressed",
};

static int kmsg_fd;

void kmsg_open(void)
{
	kmsg_fd = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (kmsg_fd < 0 || lseek(kmsg_fd, 0, SEEK_END) < 0)
		die("/dev/kmsg");
}

static bool is_harmless(const char *record)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(harmless); i++)
		if (strstr(record, harmless[i]))
			return true;

	return false;
}

bool kmsg_complains(void)
{
	char record[8192];
	bool found = false;
	ssize_t length;

	for (;;) {
		length = read(kmsg_fd, record, sizeof(record) - 1);
		/* Who is overtaken by the log goes on where it begins now. */
		if (length < 0 && errno != EPIPE)
			return found;
		if (length < 0)
			continue;
		record[length] = '\0';
		if ((strtoul(record, NULL, 10) & LEVEL_MASK) > LEVEL_WARNING ||
		    is_harmless(record))
			continue;
		printf("# kernel: %s", record);
		found = true;
	}
}
