// SPDX-License-Identifier: GPL-2.0-only
/* Runs the unit tests of the device models and prints KTAP. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "state.h"
#include "test.h"
#include "util.h"

#define RANDOM_SEED		0x2545f491

static bool failed;
static uint32_t random_state;

/**
 * test_fail() - the running test has failed
 * @file: where
 * @line: where
 * @what: what should have been true
 */
void test_fail(const char *file, int line, const char *what)
{
	printf("# %s:%d: not true: %s\n", file, line, what);
	failed = true;
}

/**
 * test_random() - pseudo-random numbers, the same ones in every run
 *
 * Return: any value (xorshift).
 */
uint32_t test_random(void)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 17;
	random_state ^= random_state << 5;
	return random_state;
}

/**
 * test_section_create() - section_create() or end the process
 * @section: filled in
 */
void test_section_create(struct section *section)
{
	struct state_stream stream;

	if (!section_create(section, &stream))
		die("%s", stream.error);
}

static unsigned int count(const struct test *test)
{
	unsigned int nr = 0;

	while (test[nr].name)
		nr++;
	return nr;
}

int main(void)
{
	static const struct test *const suite[] = {
		serial_tests, virtio_tests, state_tests, clock_tests,
		snapshot_tests, boot_tests,
	};
	unsigned int i, number = 0, nr_failed = 0;
	const struct test *test;

	for (i = 0; i < ARRAY_SIZE(suite); i++)
		number += count(suite[i]);
	printf("KTAP version 1\n1..%u\n", number);

	number = 0;
	for (i = 0; i < ARRAY_SIZE(suite); i++) {
		for (test = suite[i]; test->name; test++) {
			failed = false;
			random_state = RANDOM_SEED;
			memset(&fake, 0, sizeof(fake));
			test->run();
			printf("%sok %u %s\n", failed ? "not " : "", ++number,
			       test->name);
			fflush(stdout);
			nr_failed += failed;
		}
	}
	return nr_failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
