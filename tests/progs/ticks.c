// SPDX-License-Identifier: GPL-2.0-only
/*
 * ticks SECONDS LATE: on each CPU sleep from tick to tick of a timer, a
 * hundredth of a second each, and compare their number with the virtual counter
 * of the CPU. Fails if one is missing, if there is one too many, or if one comes
 * LATE ms or more after its time.
 *
 * A CPU that nobody else wakes up stays asleep after a tick that is lost.
 * SIGTERM ends it early, and well unless something was wrong.
 */
#include <err.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/timerfd.h>
#include <unistd.h>

#define TICKS_PER_S	100
#define NS_PER_TICK	(1000000000 / TICKS_PER_S)
#define MS_PER_TICK	(1000 / TICKS_PER_S)
/* The kernel's clock is the counter, but for what it rounds. */
#define TOLERANCE	1

struct cpu {
	pthread_t thread;
	int number;
	bool failed;
	uint64_t late;
};

static uint64_t seconds, max_late;
static atomic_bool told_to_end;

static void end(int sig)
{
	(void)sig;
	atomic_store(&told_to_end, true);
}

static uint64_t read_counter(void)
{
	uint64_t value;

	asm volatile("isb\n\tmrrc p15, 1, %Q0, %R0, c14" : "=r" (value));
	return value;
}

static uint64_t ticks_since(uint64_t start)
{
	uint32_t frequency;

	asm volatile("mrc p15, 0, %0, c14, c0, 0" : "=r" (frequency));
	return (read_counter() - start) * TICKS_PER_S / frequency;
}

static void pin(int number)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(number, &set);
	if (sched_setaffinity(0, sizeof(set), &set))
		err(1, "CPU%d", number);
}

static int start_timer(void)
{
	const struct itimerspec tick = {
		.it_value.tv_nsec = NS_PER_TICK,
		.it_interval.tv_nsec = NS_PER_TICK,
	};
	int timer = timerfd_create(CLOCK_MONOTONIC, 0);

	if (timer < 0 || timerfd_settime(timer, 0, &tick, NULL))
		err(1, "no timer");
	return timer;
}

static void *count(void *arg)
{
	struct cpu *cpu = arg;
	uint64_t first, last, before, after, new, ticks = 0;
	int timer;

	/* The timer starts somewhere in between */
	pin(cpu->number);
	first = read_counter();
	timer = start_timer();
	last = read_counter();
	do {
		uint64_t due = ticks + 1;

		before = ticks_since(last);
		if (read(timer, &new, sizeof(new)) != sizeof(new))
			err(1, "no tick");
		after = ticks_since(first);
		ticks += new;
		if (after > due && after - due > cpu->late)
			cpu->late = after - due;
		if (ticks + TOLERANCE < before || ticks > after + TOLERANCE ||
		    cpu->late * MS_PER_TICK >= max_late)
			cpu->failed = true;
	} while (!cpu->failed && !atomic_load(&told_to_end) &&
		 after < seconds * TICKS_PER_S);
	printf("ticks: CPU%d: %llu at %llu, late by up to %llu ms, %s\n",
	       cpu->number, ticks, after, cpu->late * MS_PER_TICK,
	       cpu->failed ? "FAILED" : "all right");
	return NULL;
}

int main(int argc, char **argv)
{
	long i, cpus = sysconf(_SC_NPROCESSORS_ONLN);
	struct cpu *cpu = calloc(cpus, sizeof(*cpu));
	bool failed = false;

	if (argc != 3)
		errx(1, "usage: ticks SECONDS LATE");

	signal(SIGTERM, end);
	seconds = atoi(argv[1]);
	max_late = atoi(argv[2]);
	for (i = 0; i < cpus; i++) {
		cpu[i].number = i;
		if (pthread_create(&cpu[i].thread, NULL, count, &cpu[i]))
			errx(1, "no thread");
	}
	for (i = 0; i < cpus; i++) {
		pthread_join(cpu[i].thread, NULL);
		failed |= cpu[i].failed;
	}
	return failed;
}
