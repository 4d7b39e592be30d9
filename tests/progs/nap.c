// SPDX-License-Identifier: GPL-2.0-only
/*
 * nap SECONDS: suspend the machine as /sys/power/mem_sleep says, until the
 * RTC wakes it up. Fails if something else does.
 *
 * The kernel refuses where the alarm is less than two seconds away by the time
 * that all tasks are frozen, and where it has gone off before the machine is
 * asleep: then the nap is a longer one.
 */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#define STATE		"/sys/power/state"
#define COUNT		"/sys/power/wakeup_count"
#define COUNT_LENGTH	32
#define MAX_SECONDS	60

static double now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_BOOTTIME, &ts);
	return ts.tv_sec + ts.tv_nsec / 1e9;
}

/* The kernel passes the next such alarm on to the RTC. */
static void set_alarm(int timer, int seconds)
{
	struct itimerspec alarm = { .it_value.tv_sec = seconds };

	if (timer < 0 || timerfd_settime(timer, 0, &alarm, NULL))
		err(1, "no alarm");
}

static int open_or_fail(const char *path, int flags)
{
	int fd = open(path, flags);

	if (fd < 0)
		err(1, "%s", path);
	return fd;
}

/*
 * The kernel compares the count of the wakeups with the one from before the
 * alarm was set. Returns false if there was one.
 */
static bool try_nap(int timer, int seconds)
{
	int count = open_or_fail(COUNT, O_RDWR);
	int state = open_or_fail(STATE, O_WRONLY);
	char seen[COUNT_LENGTH];
	ssize_t len;
	bool slept;

	len = read(count, seen, sizeof(seen));
	if (len <= 0)
		err(1, COUNT);
	set_alarm(timer, seconds);

	slept = write(count, seen, len) == len && write(state, "mem", 3) == 3;
	if (!slept && errno != EBUSY && errno != EINVAL)
		err(1, STATE);

	close(count);
	close(state);
	return slept;
}

int main(int argc, char **argv)
{
	int timer, seconds;
	double start;

	if (argc != 2)
		errx(1, "usage: nap SECONDS");

	timer = timerfd_create(CLOCK_BOOTTIME_ALARM, 0);
	for (seconds = atoi(argv[1]);; seconds *= 2) {
		start = now();
		if (try_nap(timer, seconds))
			break;
		if (seconds > MAX_SECONDS)
			errx(1, "something else wakes the machine");
	}
	/* The RTC counts whole seconds. */
	if (now() - start < seconds - 1)
		errx(1, "awake again after %.1f s", now() - start);

	return 0;
}
