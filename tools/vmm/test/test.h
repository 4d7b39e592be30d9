/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VMM_TEST_H
#define VMM_TEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
 * struct test - a test case
 * @name: for the report
 * @run: the test; failures are reported by EXPECT()
 */
struct test {
	const char *name;
	void (*run)(void);
};

extern const struct test boot_tests[];
extern const struct test clock_tests[];
extern const struct test serial_tests[];
extern const struct test snapshot_tests[];
extern const struct test state_tests[];
extern const struct test virtio_tests[];

void test_fail(const char *file, int line, const char *what);

#define EXPECT(condition) \
	do { \
		if (!(condition)) \
			test_fail(__FILE__, __LINE__, #condition); \
	} while (0)

/* All bytes of a device tree */
#define FAKE_FDT		0xfd

struct section;

uint32_t test_random(void);
void test_section_create(struct section *section);

/**
 * struct fake - what devices did to the rest of the VMM
 * @level: level of the interrupt line
 * @pulses: edges sent
 * @resumes: how often term_resume() was called
 * @output: what was written to the terminal, the first bytes of it
 * @output_len: how much was written
 * @on_output: called before, or NULL
 * @output_limit: how much the terminal takes of devices that do not wait for it,
 *		  or 0 for any amount
 * @doorbell: whom to tell when it takes more
 * @syncs: how often fdatasync() or fsync() was called
 * @on_sync: called in each of them, after it was counted, or NULL
 * @sync_error: the errno of the next one, or 0
 * @hz: how fast the host's counters count, as far as it knows
 */
struct fake {
	bool level;
	unsigned int pulses;
	unsigned int resumes;
	char output[64];
	size_t output_len;
	void (*on_output)(void);
	size_t output_limit;
	int doorbell;
	unsigned int syncs;
	void (*on_sync)(int fd);
	int sync_error;
	uint32_t hz;
};

extern struct fake fake;

#endif
