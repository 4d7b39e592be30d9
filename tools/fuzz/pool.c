// SPDX-License-Identifier: GPL-2.0-only
/* The threads */
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <time.h>
#include <unistd.h>

#include "coverage.h"
#include "pool.h"
#include "util.h"

#ifndef sigev_notify_thread_id
#define sigev_notify_thread_id	_sigev_un._tid
#endif

#define SIG_LIMIT	SIGALRM

static struct {
	sem_t begin;
	sem_t end;
} workers[POOL_THREADS];

static void (*current_work)(unsigned int number);

static __thread unsigned int thread_number;
static __thread struct kvm_run *limited_run;
static __thread timer_t limit;

/* Effective even if it comes before the vCPU runs */
static void on_limit(int sig)
{
	struct kvm_run *run = __atomic_load_n(&limited_run, __ATOMIC_RELAXED);

	(void)sig;
	if (run)
		run->immediate_exit = 1;
}

static void start_thread(unsigned int number)
{
	struct sigevent event = {
		.sigev_notify = SIGEV_THREAD_ID,
		.sigev_signo = SIG_LIMIT,
	};

	thread_number = number;
	event.sigev_notify_thread_id = gettid();
	if (timer_create(CLOCK_MONOTONIC, &event, &limit))
		die("timer_create");
	coverage_thread();
}

static void *worker(void *arg)
{
	start_thread((uintptr_t)arg);
	for (;;) {
		while (sem_wait(&workers[thread_number].begin))
			;
		current_work(thread_number);
		sem_post(&workers[thread_number].end);
	}

	return NULL;
}

void pool_start(void)
{
	const struct sigaction action = { .sa_handler = on_limit };
	pthread_t thread;
	uintptr_t i;

	if (sigaction(SIG_LIMIT, &action, NULL))
		die("sigaction");
	start_thread(0);
	for (i = 1; i < POOL_THREADS; i++) {
		sem_init(&workers[i].begin, 0, 0);
		sem_init(&workers[i].end, 0, 0);
		if (pthread_create(&thread, NULL, worker, (void *)i))
			die("pthread_create");
	}
}

void pool_run(unsigned int count, void (*work)(unsigned int number))
{
	unsigned int i;

	current_work = work;
	for (i = 1; i < count; i++)
		sem_post(&workers[i].begin);
	work(0);
	for (i = 1; i < count; i++)
		while (sem_wait(&workers[i].end))
			;
}

unsigned int pool_thread(void)
{
	return thread_number;
}

static void set_limit(unsigned int usec)
{
	const struct timespec period = { .tv_nsec = usec * NSEC_PER_USEC };
	const struct itimerspec timer = { period, period };

	timer_settime(limit, 0, &timer, NULL);
}

void pool_limit(struct kvm_run *run, unsigned int usec)
{
	__atomic_store_n(&limited_run, run, __ATOMIC_RELAXED);
	set_limit(usec);
}

void pool_unlimit(void)
{
	set_limit(0);
	__atomic_store_n(&limited_run, NULL, __ATOMIC_RELAXED);
}
