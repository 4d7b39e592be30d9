// SPDX-License-Identifier: GPL-2.0-only
/*
 * load SECONDS [MIB]: keep every CPU and MIB of memory busy with work whose
 * result is known, at least once, and fail at the first wrong one.
 *
 * SIGTERM ends it early, and well unless something was wrong.
 *
 * Two threads on each CPU, so that there is always one to switch to, each
 * with a share of its time for every kind of work:
 *  - memory: fill a share of MIB with a sequence, give random pages back,
 *    read all of it again;
 *  - VFP: a chaotic sequence in double precision, whose end is known;
 *  - NEON: all 32 double registers hold a pattern of the thread while it
 *    is interrupted and switched;
 *  - time: neither the clock nor the counter that it is made of goes back,
 *    whichever CPUs they are read on.
 */
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#define THREADS_PER_CPU	2
#define VFP_ROUNDS	200000
#define VFP_START	0.3
#define VFP_RATE	3.99
/* Any IEEE 754 machine ends here when it rounds after every operation. */
#define VFP_END		0x1.d073450740ffp-1
#define NEON_SPINS	400000
#define NEON_WORDS	64
#define CLOCK_READS	2000
#define NS_PER_S	1000000000ULL

struct worker {
	pthread_t thread;
	uint32_t seed;
	uint32_t *mem;
	size_t words;
	unsigned long rounds;
};

/**
 * struct last_time - the latest time that any thread has seen
 * @lock: held while time is read, so that the order is that of the readings
 * @clock: CLOCK_MONOTONIC in nanoseconds
 * @counter: the virtual counter
 */
struct last_time {
	pthread_mutex_t lock;
	uint64_t clock;
	uint64_t counter;
};

static struct last_time last = { .lock = PTHREAD_MUTEX_INITIALIZER };
static atomic_bool failed;
static atomic_bool told_to_end;
static time_t deadline;

static void end(int sig)
{
	(void)sig;
	atomic_store(&told_to_end, true);
}

static time_t now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec;
}

static bool running(void)
{
	return !atomic_load(&failed) && !atomic_load(&told_to_end) &&
	       now() < deadline;
}

static void fail(const struct worker *w, const char *what, size_t at,
		 unsigned long long got, unsigned long long want)
{
	atomic_store(&failed, true);
	printf("load: thread %#x, round %lu: %s %zu is %#llx, not %#llx\n",
	       w->seed, w->rounds, what, at, got, want);
}

static uint32_t next(uint32_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 17;
	*state ^= *state << 5;
	return *state;
}

static void check_memory(struct worker *w)
{
	uint32_t start = w->seed + w->rounds * 2, state = start | 1;
	size_t page = sysconf(_SC_PAGESIZE), words = page / sizeof(*w->mem);
	size_t i;

	for (i = 0; i < w->words; i++)
		w->mem[i] = next(&state);

	state = start | 1;
	for (i = 0; i < w->words; i++) {
		uint32_t want = next(&state);

		if (w->mem[i] != want) {
			fail(w, "word", i, w->mem[i], want);
			return;
		}
	}

	/* Pages that are freed and come back must be clean. */
	for (i = 0; i + words <= w->words; i += words * (1 + next(&state) % 8)) {
		madvise(w->mem + i, page, MADV_DONTNEED);
		if (w->mem[i] || w->mem[i + words - 1]) {
			fail(w, "fresh word", i, w->mem[i], 0);
			return;
		}
	}
}

static void check_vfp(struct worker *w)
{
	double x = VFP_START, end = VFP_END;
	uint64_t got, want;
	int i;

	for (i = 0; i < VFP_ROUNDS; i++)
		x = VFP_RATE * x * (1.0 - x);
	memcpy(&got, &x, sizeof(got));
	memcpy(&want, &end, sizeof(want));
	if (got != want)
		fail(w, "VFP result", 0, got, want);
}

static void check_neon(struct worker *w)
{
	uint32_t in[NEON_WORDS], out[NEON_WORDS];
	uint32_t state = w->seed + w->rounds;
	int i;

	state |= 1;
	for (i = 0; i < NEON_WORDS; i++)
		in[i] = next(&state);
	memset(out, 0, sizeof(out));

	asm volatile(
	"	mov	r4, %[in]\n"
	"	vldm	r4!, {d0-d15}\n"
	"	vldm	r4, {d16-d31}\n"
	"	mov	r5, %[spins]\n"
	"1:	subs	r5, r5, #1\n"
	"	bne	1b\n"
	"	mov	r4, %[out]\n"
	"	vstm	r4!, {d0-d15}\n"
	"	vstm	r4, {d16-d31}\n"
	: : [in] "r" (in), [out] "r" (out), [spins] "r" (NEON_SPINS)
	: "r4", "r5", "cc", "memory",
	  "d0", "d1", "d2", "d3", "d4", "d5", "d6", "d7",
	  "d8", "d9", "d10", "d11", "d12", "d13", "d14", "d15",
	  "d16", "d17", "d18", "d19", "d20", "d21", "d22", "d23",
	  "d24", "d25", "d26", "d27", "d28", "d29", "d30", "d31");

	for (i = 0; i < NEON_WORDS; i++) {
		if (out[i] != in[i]) {
			fail(w, "NEON word", i, out[i], in[i]);
			return;
		}
	}
}

static uint64_t read_counter(void)
{
	uint64_t value;

	asm volatile("isb\n\tmrrc p15, 1, %Q0, %R0, c14" : "=r" (value));
	return value;
}

static uint64_t read_clock(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * NS_PER_S + ts.tv_nsec;
}

static void check_order(const struct worker *w, const char *what,
			uint64_t *latest, uint64_t value)
{
	if (value < *latest)
		fail(w, what, 0, value, *latest);
	*latest = value;
}

static void check_time(struct worker *w)
{
	int i;

	for (i = 0; i < CLOCK_READS; i++) {
		pthread_mutex_lock(&last.lock);
		check_order(w, "clock", &last.clock, read_clock());
		check_order(w, "counter", &last.counter, read_counter());
		pthread_mutex_unlock(&last.lock);
	}
}

static void *work(void *arg)
{
	struct worker *w = arg;

	do {
		check_memory(w);
		check_vfp(w);
		check_neon(w);
		check_time(w);
		w->rounds++;
	} while (running());
	return NULL;
}

int main(int argc, char **argv)
{
	long seconds = argc > 1 ? atol(argv[1]) : 10;
	size_t mib = argc > 2 ? atol(argv[2]) : 16;
	long count = sysconf(_SC_NPROCESSORS_ONLN) * THREADS_PER_CPU;
	struct worker *workers = calloc(count, sizeof(*workers));
	size_t size = (mib << 20) / count;
	unsigned long rounds = 0;
	long i;

	signal(SIGTERM, end);
	deadline = now() + seconds;
	for (i = 0; i < count; i++) {
		struct worker *w = &workers[i];

		w->seed = (getpid() << 16) + 0x9e37 * (i + 1);
		w->words = size / sizeof(*w->mem);
		w->mem = mmap(NULL, size, PROT_READ | PROT_WRITE,
			      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		if (w->mem == MAP_FAILED ||
		    pthread_create(&w->thread, NULL, work, w)) {
			perror("load");
			return 1;
		}
	}
	for (i = 0; i < count; i++) {
		pthread_join(workers[i].thread, NULL);
		rounds += workers[i].rounds;
	}
	printf("load: %ld threads, %zu MiB, %lu rounds, %s\n", count, mib,
	       rounds, atomic_load(&failed) ? "FAILED" : "all right");
	return atomic_load(&failed);
}
