// SPDX-License-Identifier: GPL-2.0-only
/*
 * nap SECONDS: suspend the machine as /sys/power/mem_sleep says, until the
 * RTC wakes it up. Fails if something else does.
 *
 * The kernel refuses where the alarm is less than two seconds away by the time
 * that all tasks are frozen: then the nap is a longer one.
 */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#define STATE		"/sys/power/state"
#define MAX_SECONDS	60

static double now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_BOOTTIME, &ts);
	return ts.tv_sec + ts.tv_nsec / 1e9;
}

/* The kernel passes the next such alarm on to the RTC. */
static int alarm_after(int timer, int seconds)
{
	struct itimerspec alarm = { .it_value.tv_sec = seconds };

	return timerfd_settime(timer, 0, &alarm, NULL);
}

int main(int argc, char **argv)
{
	int timer, fd, seconds;
	double start;

	if (argc != 2)
		errx(1, "usage: nap SECONDS");

	seconds = atoi(argv[1]);
	timer = timerfd_create(CLOCK_BOOTTIME_ALARM, 0);
	fd = open(STATE, O_WRONLY);
	if (timer < 0 || fd < 0)
		err(1, timer < 0 ? "no alarm" : STATE);

	for (;; seconds *= 2) {
		start = now();
		if (alarm_after(timer, seconds))
			err(1, "no alarm");
		if (write(fd, "mem", 3) == 3)
			break;
		if (errno != EBUSY || seconds > MAX_SECONDS)
			err(1, STATE);
	}
	/* The RTC counts whole seconds. */
	if (now() - start < seconds - 1)
		errx(1, "awake again after %.1f s", now() - start);

	return 0;
}
