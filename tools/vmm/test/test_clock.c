// SPDX-License-Identifier: GPL-2.0-only
/* The time of a guest: it goes on, and as fast as it did. */
#include <string.h>

#include "clock.h"
#include "test.h"

#define H3_HZ			24000000
#define IMX7D_HZ		8000000

static void test_round_trip(void)
{
	struct vm_clock saved = { .virt = 0x123456789abcdefULL, .phys = ~0ULL };
	struct vm_clock clock = { 0 };
	struct section section;

	test_section_create(&section);
	section_begin(&section, STATE_CLOCK, 0);
	clock_save(&saved, &section);
	EXPECT(clock_load(&clock, &section));
	EXPECT(clock.stopped);
	EXPECT(clock.virt == saved.virt && clock.phys == saved.phys);
	EXPECT(!clock_load(&clock, &section));
	section_destroy(&section);
}

static void test_frequency(void)
{
	struct state_stream stream = { 0 };

	fake.hz = H3_HZ;
	EXPECT(clock_fits(H3_HZ, &stream));
	EXPECT(!stream.error[0]);
	fake.hz = IMX7D_HZ;
	EXPECT(!clock_fits(H3_HZ, &stream));
	EXPECT(strstr(stream.error, "24000000 Hz, not 8000000"));

	/* Nobody can say. */
	EXPECT(clock_fits(0, &stream));
	fake.hz = 0;
	EXPECT(clock_fits(H3_HZ, &stream));
}

static void test_milliseconds(void)
{
	struct vm_clock clock = { .virt = 3 * H3_HZ / 2 };

	fake.hz = H3_HZ;
	EXPECT(clock_ms(&clock) == 1500);
	fake.hz = 0;
	EXPECT(!clock_ms(&clock));
}

const struct test clock_tests[] = {
	{ "clock round trip", test_round_trip },
	{ "clock of another frequency", test_frequency },
	{ "clock in milliseconds", test_milliseconds },
	{ NULL, NULL },
};
