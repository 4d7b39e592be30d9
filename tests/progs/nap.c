// SPDX-License-Identifier: GPL-2.0-only
/*
 * nap SECONDS: suspend the machine as /sys/power/mem_sleep says, until the
 * RTC wakes it up. Fails if something else does.
 */
#include <err.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#define STATE	"/sys/power/state"

static double now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_BOOTTIME, &ts);
	return ts.tv_sec + ts.tv_nsec / 1e9;
}

int main(int argc, char **argv)
{
	struct itimerspec alarm = {};
	int timer, fd, seconds;
	double start;

	if (argc != 2)
		errx(1, "usage: nap SECONDS");

	/* The kernel passes the next such alarm on to the RTC. */
	seconds = atoi(argv[1]);
	alarm.it_value.tv_sec = seconds;
	timer = timerfd_create(CLOCK_BOOTTIME_ALARM, 0);
	if (timer < 0 || timerfd_settime(timer, 0, &alarm, NULL))
		err(1, "no alarm");

	start = now();
	fd = open(STATE, O_WRONLY);
	if (fd < 0 || write(fd, "mem", 3) != 3)
		err(1, STATE);
	/* The RTC counts whole seconds. */
	if (now() - start < seconds - 1)
		errx(1, "awake again after %.1f s", now() - start);

	return 0;
}
