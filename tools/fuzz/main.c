// SPDX-License-Identifier: GPL-2.0-only
/*
 * fuzz ioctls|guest: run inputs that afl-fuzz makes, and tell it what code of KVM
 * each has reached.  See scripts/fuzz.
 *
 * fuzz [-b] ioctls|guest FILE: run those of a file, which has one a line, in
 * hexadecimal digits.  With -b, which needs CONFIG_KCOV, print the blocks of code
 * that each reaches, as places of the map, each time that it runs.
 *
 * An input is, for "ioctls", what a VMM does: the byte of CONFIG_*, a length and
 * what is done first, a length and what another thread does, and what this one does
 * meanwhile.  For "guest" it is what a guest does: the same byte, a length and the
 * program for each vCPU, and what the VMM does when the first one asks for it.
 */
#include <signal.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "afl.h"
#include "calls.h"
#include "coverage.h"
#include "kmsg.h"
#include "machine.h"
#include "pool.h"
#include "program.h"

#define MAX_INPUT	AFL_MAX_INPUT
#define MAX_TRIES	100

/*
 * How long a vCPU runs before it is stopped, in microseconds.  In the host of make
 * fuzz, with KASAN and lockdep, a program of a dozen instructions takes 14 ms.
 */
#define RUN_USEC	100000

/*
 * Elsewhere it is as long as so many VMs take that have nothing to do, from their
 * beginning to their end: a host has more or less of the machine that it is on.
 */
#define RUN_LIVES	4
#define MEASURED_LIVES	16
/* Less than a second, which pool_limit() is for */
#define MAX_RUN_USEC	900000

static struct input inputs[POOL_THREADS];
/* Programs that a vCPU ran, and those of them that came to their end */
static unsigned long programs, programs_ended;

static void thread_calls(unsigned int number)
{
	calls_all(&inputs[number]);
}

static void run_ioctls(struct input *in)
{
	struct input first;

	machine_make(draw(in));
	first = draw_part(in);
	calls_all(&first);
	inputs[1] = draw_part(in);
	inputs[0] = *in;
	pool_run(is_drawn_out(&inputs[1]) ? 1 : 2, thread_calls);
	machine_destroy();
}

static void on_host(void)
{
	if (!is_drawn_out(&inputs[0]))
		calls_one(&inputs[0]);
}

static void run_vcpu(unsigned int number)
{
	bool ended = machine_run(number, number ? NULL : on_host);

	__atomic_fetch_add(&programs, 1, __ATOMIC_RELAXED);
	__atomic_fetch_add(&programs_ended, ended, __ATOMIC_RELAXED);
}

static void run_guest(struct input *in)
{
	uint8_t config = draw(in) & ~CONFIG_VCPU_NEW;
	struct input program;
	unsigned int i;

	machine_make(config);
	for (i = 0; i < CONFIG_VCPUS(config); i++) {
		program = draw_part(in);
		program_write(i, &program);
	}
	inputs[0] = *in;
	pool_run(CONFIG_VCPUS(config), run_vcpu);
	machine_destroy();
}

static const struct mode {
	const char *name;
	void (*run)(struct input *in);
} modes[] = {
	{ "ioctls", run_ioctls },
	{ "guest", run_guest },
};

static const struct mode *mode;

static void start(void)
{
	pool_start();
	machine_start();
	calls_start();
}

static void start_hidden(void)
{
	start();
	machine_hide();
}

static void run_input(const uint8_t *data, size_t size)
{
	struct input in = { data, data + size };

	mode->run(&in);
}

static void run_or_abort(const uint8_t *data, size_t size)
{
	run_input(data, size);
	if (kmsg_complains())
		abort();
}

/* Return: the bytes of a line */
static size_t parse(const char *line, uint8_t *data)
{
	size_t size;

	for (size = 0; size < MAX_INPUT; size++)
		if (sscanf(line + 2 * size, "%2hhx", &data[size]) != 1)
			break;

	return size;
}

/* What an input reaches each time, but for what is different from run to run */
static void print_blocks(const uint8_t *data, size_t size, uint8_t *map)
{
	static uint8_t first[COVERAGE_SIZE];
	unsigned int i;

	memset(map, 0, COVERAGE_SIZE);
	run_input(data, size);
	memcpy(first, map, COVERAGE_SIZE);
	memset(map, 0, COVERAGE_SIZE);
	run_input(data, size);

	printf("blocks:");
	for (i = 0; i < COVERAGE_SIZE; i++)
		if (map[i] && first[i])
			printf(" %u", i);
	printf("\n");
}

/* What an empty input is */
static void run_idle_guest(void)
{
	struct input none = {};

	run_guest(&none);
}

static unsigned long now_usec(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * USEC_PER_SEC + now.tv_nsec / NSEC_PER_USEC;
}

/* Return: how long a vCPU may run on this host */
static unsigned int measure(void)
{
	unsigned long begin = now_usec(), limit;
	unsigned int i;

	machine_limit(MAX_RUN_USEC);
	for (i = 0; i < MEASURED_LIVES; i++)
		run_idle_guest();
	limit = (now_usec() - begin) * RUN_LIVES / MEASURED_LIVES;
	if (limit > MAX_RUN_USEC)
		limit = MAX_RUN_USEC;
	printf("# a vCPU runs for up to %lu us\n", limit);

	return limit;
}

/* Return: how many faults were found */
static unsigned int replay(FILE *file, uint8_t *map)
{
	static uint8_t data[MAX_INPUT];
	char line[2 * MAX_INPUT + 2];
	unsigned int count = 0, faults = 0;
	size_t size;

	/* Not those of measure() */
	programs = 0;
	programs_ended = 0;
	machine_exits = 0;
	while (fgets(line, sizeof(line), file)) {
		if (*line == '#')
			continue;
		size = parse(line, data);
		if (map)
			print_blocks(data, size, map);
		else
			run_input(data, size);
		count++;
		if (kmsg_complains()) {
			printf("# input: %s", line);
			faults++;
		}
	}
	printf("# %u inputs, %lu ioctls taken, %lu exits, %lu of %lu programs ended\n",
	       count, calls_taken, machine_exits, programs_ended, programs);

	/* Nearly half end where there is time: others wait for what does not come. */
	return faults || !machine_exits || 3 * programs_ended < programs;
}

/* After all that, a guest that does as it should still can, if it gets the time. */
static bool another_guest_runs(void)
{
	unsigned long before = programs_ended;
	unsigned int i;

	for (i = 0; i < MAX_TRIES && programs_ended == before; i++)
		run_idle_guest();

	return programs_ended != before;
}

static int bad_arguments(void)
{
	fprintf(stderr, "usage: fuzz [-b] ioctls|guest [FILE]\n");
	return EXIT_FAILURE;
}

int main(int argc, char **argv)
{
	static uint8_t map[COVERAGE_SIZE];
	bool blocks = false;
	unsigned int i;
	FILE *file;

	if (argc > 1 && !strcmp(argv[1], "-b")) {
		blocks = true;
		coverage_enable(map);
		argv++;
		argc--;
	}
	if (argc < 2 || argc > 3)
		return bad_arguments();
	for (i = 0; i < ARRAY_SIZE(modes); i++)
		if (!strcmp(argv[1], modes[i].name))
			mode = &modes[i];
	if (!mode)
		return bad_arguments();

	machine_limit(RUN_USEC);
	kmsg_open();
	if (argc == 2) {
		afl_serve(start_hidden, run_or_abort);
		return EXIT_SUCCESS;
	}

	file = fopen(argv[2], "r");
	if (!file)
		die(argv[2]);
	start();
	if (!blocks)
		machine_limit(measure());
	if (replay(file, blocks ? map : NULL))
		return EXIT_FAILURE;

	return another_guest_runs() ? EXIT_SUCCESS : EXIT_FAILURE;
}
