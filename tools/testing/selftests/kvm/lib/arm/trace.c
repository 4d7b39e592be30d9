// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reads the host's trace points through tracefs
 */
#include <limits.h>

#include "host.h"
#include "kvm_util.h"
#include "trace.h"

#define TRACING		"/sys/kernel/tracing"
#define BUFFER_KIB	"4096"

static bool put(const char *file, const char *value)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), TRACING "/%s", file);
	return __host_put(path, value);
}

static void switch_events(const char *const *events, const char *value)
{
	char file[128];

	for (; *events; events++) {
		snprintf(file, sizeof(file), "events/%s%s/enable",
			 strchr(*events, '/') ? "" : "kvm/", *events);
		TEST_ASSERT(put(file, value), "No trace event %s", *events);
	}
}

void trace_start(const char *const *events)
{
	__TEST_REQUIRE(put("buffer_size_kb", BUFFER_KIB), "No " TRACING);

	put("trace", "");
	switch_events(events, "1");
	put("tracing_on", "1");
}

void trace_stop(const char *const *events)
{
	put("tracing_on", "0");
	switch_events(events, "0");
}

void trace_mark(const char *text)
{
	TEST_ASSERT(put("trace_marker", text), "errno %d", errno);
}

FILE *trace_open(void)
{
	unsigned long in_buffer = 0, written = 0;
	bool found = false;
	char *line = NULL;
	size_t size = 0;
	char *at;
	FILE *f;

	f = fopen(TRACING "/trace", "r");
	TEST_ASSERT(f, "No " TRACING "/trace, errno %d", errno);

	while (!found && getline(&line, &size, f) > 0) {
		at = strstr(line, "entries-in-buffer/entries-written:");
		if (at)
			found = sscanf(at, "%*s %lu/%lu", &in_buffer,
				       &written) == 2;
	}
	free(line);
	TEST_ASSERT(found && in_buffer == written,
		    "%lu of %lu events are left", in_buffer, written);

	return f;
}

const char *trace_find(const char *line, const char *event)
{
	const char *at = strstr(line, event);

	if (!at || at == line || at[-1] != ' ' || at[strlen(event)] != ':')
		return NULL;

	return at + strlen(event) + 1;
}

unsigned int trace_count(const char *event)
{
	FILE *f = trace_open();
	unsigned int n = 0;
	char *line = NULL;
	size_t size = 0;

	while (getline(&line, &size, f) > 0)
		n += !!trace_find(line, event);

	free(line);
	fclose(f);
	return n;
}
