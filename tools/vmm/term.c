// SPDX-License-Identifier: GPL-2.0-only
/* The terminal: standard input and output of this process. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <termios.h>
#include <unistd.h>

#include "term.h"
#include "util.h"

#define ESCAPE_KEY	0x01	/* Ctrl-A */
#define INPUT_CHUNK	64
/* What a pipe or terminal that is ready for output takes without blocking */
#define OUTPUT_CHUNK	256

static struct {
	struct termios saved;
	bool raw;
	bool escaped;
	bool eof;
	/* Standard input is not in the event loop: the device has no room. */
	atomic_bool paused;
	/* What is waited for in place of a file that cannot be polled */
	int always_ready;
	struct event_loop *loop;
	struct event_source source;
	const struct term_client *client;
	/* No two writes for one report that output is possible */
	pthread_mutex_t output_lock;
	/* Standard output, in the event loop while @doorbell waits for it */
	struct event_source output;
	int doorbell;
} term = {
	.always_ready = -1,
	.output_lock = PTHREAD_MUTEX_INITIALIZER,
};

static const int fatal_signals[] = {
	SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGABRT, SIGBUS, SIGSEGV,
};

static void term_restore(void)
{
	if (term.raw)
		tcsetattr(STDIN_FILENO, TCSANOW, &term.saved);
}

/* The handler was reset: the signal ends the process once it returns. */
static void restore_and_die(int sig)
{
	term_restore();
	raise(sig);
}

static void make_raw(void)
{
	struct termios raw;
	pid_t foreground;

	if (tcgetattr(STDIN_FILENO, &term.saved) < 0)
		return;
	/* Who sets it all the same is stopped, and nobody knows why. */
	foreground = tcgetpgrp(STDIN_FILENO);
	if (foreground > 0 && foreground != getpgrp())
		die("the terminal is another job's: not in the background, or with </dev/null");
	raw = term.saved;
	raw.c_iflag &= ~(ICRNL | INLCR | IGNCR | ISTRIP | IXON | IXOFF);
	raw.c_lflag &= ~(ICANON | ECHO | ISIG | IEXTEN);
	raw.c_cc[VMIN] = 1;
	raw.c_cc[VTIME] = 0;
	term.raw = true;
	tcsetattr(STDIN_FILENO, TCSANOW, &raw);
}

/* Or a file opened later would be taken for the terminal. */
static void open_closed_standard_files(void)
{
	int fd;

	do {
		fd = open("/dev/null", O_RDWR);
	} while (fd >= 0 && fd <= STDERR_FILENO);
	close(fd);
}

/**
 * term_init() - take over the terminal or end the process
 *
 * A terminal on standard input is set to raw mode; the end of the process,
 * by a signal too, restores it.
 */
void term_init(void)
{
	struct sigaction fatal = {
		.sa_handler = restore_and_die,
		.sa_flags = SA_RESETHAND | SA_NODEFER,
	};
	struct sigaction ignore = { .sa_handler = SIG_IGN };
	unsigned int i;

	open_closed_standard_files();
	atexit(term_restore);
	for (i = 0; i < ARRAY_SIZE(fatal_signals); i++)
		sigaction(fatal_signals[i], &fatal, NULL);
	/* What cannot be written is an error of write(), and no end of a guest. */
	sigaction(SIGPIPE, &ignore, NULL);
	sigaction(SIGXFSZ, &ignore, NULL);
	make_raw();
}

/* Take Ctrl-A sequences out of @data; return what is left for the guest. */
static size_t filter_escapes(uint8_t *data, size_t len)
{
	size_t in, out = 0;

	for (in = 0; in < len; in++) {
		if (!term.escaped && data[in] == ESCAPE_KEY) {
			term.escaped = true;
			continue;
		}
		if (term.escaped && data[in] != ESCAPE_KEY)
			term.client->escape(term.client->escape_opaque,
					    data[in]);
		else
			data[out++] = data[in];
		term.escaped = false;
	}
	return out;
}

static void pause_input(void)
{
	loop_remove(term.loop, &term.source);
	atomic_store(&term.paused, true);
	/* The device may have made room just before it could see the pause. */
	if (term.client->room(term.client->device))
		term_resume();
}

static void input_ready(struct event_source *source)
{
	uint8_t data[INPUT_CHUNK];
	ssize_t len;
	size_t room;

	room = term.client->room(term.client->device);
	if (!room) {
		pause_input();
		return;
	}
	len = read(STDIN_FILENO, data, room < sizeof(data) ? room : sizeof(data));
	if (len < 0 && (errno == EINTR || errno == EAGAIN))
		return;
	if (len <= 0) {
		term.eof = true;
		loop_remove(term.loop, source);
		return;
	}
	len = term.raw ? filter_escapes(data, len) : (size_t)len;
	if (len)
		term.client->input(term.client->device, data, len);
}

/**
 * term_attach() - connect the terminal to a device
 * @loop: where to wait for input
 * @client: the device; must stay valid until term_detach()
 */
void term_attach(struct event_loop *loop, const struct term_client *client)
{
	term.loop = loop;
	term.client = client;
	term.paused = false;
	if (term.eof)
		return;

	term.source.ready = input_ready;
	term.source.fd = term.always_ready < 0 ? STDIN_FILENO :
						 term.always_ready;
	if (loop_add(loop, &term.source))
		return;
	if (errno != EPERM)
		die_errno("standard input");

	term.always_ready = eventfd_create(1);
	term.source.fd = term.always_ready;
	if (!loop_add(loop, &term.source))
		die_errno("epoll_ctl");
}

/**
 * term_detach() - disconnect the terminal
 *
 * Context: after the event loop has ended and all vCPU threads too.
 */
void term_detach(void)
{
	term.loop = NULL;
	term.client = NULL;
}

/**
 * term_resume() - the device has room for input again
 *
 * Safe in any thread and with the device's lock held.
 */
void term_resume(void)
{
	if (atomic_exchange(&term.paused, false))
		loop_add(term.loop, &term.source);
}

/* Return the number of bytes, 0 where that is none now, -1 where it never is. */
static ssize_t write_chunk(const void *data, size_t len)
{
	struct pollfd out = { .fd = STDOUT_FILENO, .events = POLLOUT };
	ssize_t done = 0;

	pthread_mutex_lock(&term.output_lock);
	if (poll(&out, 1, 0) > 0)
		done = write(STDOUT_FILENO, data,
			     len < OUTPUT_CHUNK ? len : OUTPUT_CHUNK);
	if (done < 0 && (errno == EINTR || errno == EAGAIN))
		done = 0;
	pthread_mutex_unlock(&term.output_lock);
	return done;
}

/* Wait until output is possible; false if the VM ends before it is. */
static bool wait_for_output(void)
{
	struct pollfd fds[] = {
		{ .fd = STDOUT_FILENO, .events = POLLOUT },
		{ .fd = term.loop->wake.fd, .events = POLLIN },
	};

	while (poll(fds, ARRAY_SIZE(fds), -1) < 0)
		if (errno != EINTR)
			return false;
	return fds[0].revents;
}

/**
 * term_write() - print what the guest prints
 * @data: the bytes
 * @len: their number
 *
 * Waits for a slow reader, but no longer than the VM lives. What cannot be
 * written is dropped. Context: any thread but the I/O thread, which others wait
 * for.
 */
void term_write(const void *data, size_t len)
{
	ssize_t done;

	while (len) {
		done = write_chunk(data, len);
		if (done < 0 || (!done && !wait_for_output()))
			return;
		data = (const uint8_t *)data + done;
		len -= done;
	}
}

static void output_ready(struct event_source *source)
{
	loop_remove(term.loop, source);
	eventfd_signal(term.doorbell);
}

static void await_output(int doorbell)
{
	term.doorbell = doorbell;
	term.output.fd = STDOUT_FILENO;
	term.output.output = true;
	term.output.ready = output_ready;
	/* What cannot be waited for does not keep anybody waiting. */
	if (!loop_add(term.loop, &term.output))
		eventfd_signal(doorbell);
}

/**
 * term_try_write() - print what a reader takes at once
 * @data: the bytes
 * @len: their number
 * @doorbell: event descriptor, signalled when more can be printed if not all was
 *
 * Context: the I/O thread. There is one @doorbell.
 *
 * Return: the number of bytes that were printed, or dropped as they cannot be.
 */
size_t term_try_write(const void *data, size_t len, int doorbell)
{
	size_t done = 0;
	ssize_t chunk;

	while (done < len) {
		chunk = write_chunk((const uint8_t *)data + done, len - done);
		if (chunk < 0)
			return len;
		if (!chunk) {
			await_output(doorbell);
			break;
		}
		done += chunk;
	}
	return done;
}
