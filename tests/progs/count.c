// SPDX-License-Identifier: GPL-2.0-only
/*
 * What perf stat and perf record do: count and sample a loop of known length.
 *
 *   count stat		cycles and instructions of it, in user mode and in both,
 *			by one percent; and where it accesses a device meanwhile,
 *			which is the host's business and not to be counted
 *   count record	samples of its cycles, as many as there are periods
 *   count work		the first again and again, until SIGTERM
 *   count loop		nothing: these are for perf itself, ten loops, and
 *   count accesses	ten with the accesses
 *
 * A cycle is as long as an instruction where the emulator counts so (-icount
 * shift=0). Where an instruction takes more cycles (shift=3) the periods are whole
 * instructions.
 */
#include <err.h>
#include <fcntl.h>
#include <linux/perf_event.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))

#define ROUNDS		5000000
/* Two instructions a round */
#define LENGTH		(2ull * ROUNDS)

#define NR_ACCESSES	500

#define NR_LOOPS	10

#define PERIOD		800000
#define BUFFER_PAGES	16

extern const char loop_begin[], loop_end[];

static volatile sig_atomic_t ended;

static __attribute__((noinline)) void loop_rounds(unsigned int n)
{
	asm volatile(".balign 8\n"
		     ".globl loop_begin, loop_end\n"
		     "loop_begin: subs %0, %0, #1\n"
		     "	bne	loop_begin\n"
		     "loop_end:"
		     : "+r" (n) : : "cc");
}

static void loop(void)
{
	loop_rounds(ROUNDS);
}

/* The modem status of the console is where the guest's kernel has not got it. */
static void loop_and_access(void)
{
	int status, i, fd = open("/dev/console", O_RDWR | O_NOCTTY);

	for (i = 0; i < NR_ACCESSES; i++) {
		loop_rounds(ROUNDS / NR_ACCESSES);
		if (ioctl(fd, TIOCMGET, &status))
			err(1, "/dev/console");
	}
	close(fd);
}

static int open_event(uint64_t config, bool kernel, uint64_t period)
{
	struct perf_event_attr attr = {
		.type = PERF_TYPE_HARDWARE,
		.size = sizeof(attr),
		.config = config,
		.sample_period = period,
		.sample_type = PERF_SAMPLE_IP,
		.disabled = 1,
		.pinned = 1,
		.exclude_kernel = !kernel,
		.exclude_hv = 1,
	};
	int fd = syscall(SYS_perf_event_open, &attr, 0, -1, -1, 0);

	if (fd < 0)
		err(1, "perf_event_open");
	return fd;
}

static const struct {
	const char *name;
	uint64_t config;
	bool kernel;
	void (*loop)(void);
} counted[] = {
	{ "cycles:u", PERF_COUNT_HW_CPU_CYCLES, false, loop },
	{ "cycles", PERF_COUNT_HW_CPU_CYCLES, true, loop },
	{ "instructions:u", PERF_COUNT_HW_INSTRUCTIONS, false, loop },
	{ "instructions", PERF_COUNT_HW_INSTRUCTIONS, true, loop },
	{ "cycles:u, accesses", PERF_COUNT_HW_CPU_CYCLES, false,
	  loop_and_access },
	{ "instructions:u, accesses", PERF_COUNT_HW_INSTRUCTIONS, false,
	  loop_and_access },
};

/* One after the other: what the kernel does for one is not in another */
static void stat(bool say)
{
	uint64_t count;
	unsigned int i;
	int fd;

	for (i = 0; i < ARRAY_SIZE(counted); i++) {
		fd = open_event(counted[i].config, counted[i].kernel, 0);
		ioctl(fd, PERF_EVENT_IOC_ENABLE, 0);
		counted[i].loop();
		ioctl(fd, PERF_EVENT_IOC_DISABLE, 0);
		if (read(fd, &count, sizeof(count)) != sizeof(count))
			err(1, "%s: read", counted[i].name);
		close(fd);
		if (say)
			printf("%s: %llu\n", counted[i].name, count);
		if (count < LENGTH || count > LENGTH + LENGTH / 100)
			errx(1, "%s: %llu, not %llu", counted[i].name, count,
			     LENGTH);
	}
}

struct sample {
	struct perf_event_header header;
	uint64_t ip;
};

/* All of them fit: none is at the end of the buffer and at its beginning. */
static void take_samples(const struct perf_event_mmap_page *page,
			 unsigned int *nr, unsigned int *inside)
{
	const char *data = (const char *)page + getpagesize();
	const struct sample *sample;
	uint64_t at;

	for (at = 0; at < page->data_head; at += sample->header.size) {
		sample = (const void *)(data + at);
		if (sample->header.type != PERF_RECORD_SAMPLE)
			continue;
		++*nr;
		*inside += sample->ip >= (uintptr_t)loop_begin &&
			   sample->ip <= (uintptr_t)loop_end;
	}
}

static void record(void)
{
	int fd = open_event(PERF_COUNT_HW_CPU_CYCLES, false, PERIOD);
	void *page = mmap(NULL, (1 + BUFFER_PAGES) * getpagesize(),
			  PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	unsigned int nr = 0, inside = 0, wanted;
	uint64_t count;

	if (page == MAP_FAILED)
		err(1, "mmap");
	ioctl(fd, PERF_EVENT_IOC_ENABLE, 0);
	loop();
	ioctl(fd, PERF_EVENT_IOC_DISABLE, 0);
	if (read(fd, &count, sizeof(count)) != sizeof(count))
		err(1, "read");
	wanted = count / PERIOD;
	take_samples(page, &nr, &inside);
	printf("%llu cycles, %u samples, %u of the loop\n", count, nr, inside);
	if (count < LENGTH || nr < wanted - wanted / 20 || nr > wanted)
		errx(1, "not %u samples", wanted);
	if (inside < wanted - wanted / 20)
		errx(1, "not %u of the loop", wanted);
}

static void repeat(void (*function)(void))
{
	int i;

	for (i = 0; i < NR_LOOPS; i++)
		function();
}

static void end(int sig)
{
	(void)sig;
	ended = true;
}

static void work(void)
{
	signal(SIGTERM, end);
	while (!ended)
		stat(false);
}

int main(int argc, char **argv)
{
	if (argc != 2)
		errx(1, "usage: count stat|record|work|loop|accesses");
	if (!strcmp(argv[1], "stat"))
		stat(true);
	else if (!strcmp(argv[1], "record"))
		record();
	else if (!strcmp(argv[1], "loop"))
		repeat(loop);
	else if (!strcmp(argv[1], "accesses"))
		repeat(loop_and_access);
	else
		work();
	return 0;
}
