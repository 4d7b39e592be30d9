// SPDX-License-Identifier: GPL-2.0-only
/* What is around the devices, as the tests see it. */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "guest_fdt.h"
#include "host_timer.h"
#include "irq.h"
#include "term.h"
#include "test.h"

struct fake fake;

void irq_line_destroy(struct irq_line *line)
{
	(void)line;
}

void irq_line_set(const struct irq_line *line, bool level)
{
	(void)line;
	fake.level = level;
}

void irq_line_pulse(const struct irq_line *line)
{
	(void)line;
	fake.pulses++;
}

void term_resume(void)
{
	fake.resumes++;
}

size_t term_try_write(const void *data, size_t len, int doorbell)
{
	size_t room = len;

	if (fake.output_limit && room > fake.output_limit - fake.output_len)
		room = fake.output_limit - fake.output_len;
	term_write(data, room);
	if (room < len)
		fake.doorbell = doorbell;
	return room;
}

void term_write(const void *data, size_t len)
{
	const char *from = data;

	if (fake.on_output)
		fake.on_output();
	while (len--) {
		if (fake.output_len < sizeof(fake.output))
			fake.output[fake.output_len] = *from;
		from++;
		fake.output_len++;
	}
}

/* Like Linux, it does not fail again where nothing was written since. */
int fdatasync(int fd)
{
	fake.syncs++;
	if (fake.on_sync)
		fake.on_sync(fd);
	errno = fake.sync_error;
	fake.sync_error = 0;
	return errno ? -1 : 0;
}

int fsync(int fd)
{
	return fdatasync(fd);
}

size_t guest_fdt_build(void *fdt, size_t size, const struct guest_info *info)
{
	(void)info;
	memset(fdt, FAKE_FDT, size);
	return size;
}

uint32_t host_counter_frequency(void)
{
	return fake.hz;
}
