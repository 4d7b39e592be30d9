// SPDX-License-Identifier: GPL-2.0-only
/* The event loop of the I/O thread. */
#include <errno.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "loop.h"
#include "util.h"

#define EVENTS_PER_WAIT		16

static void wake_ready(struct event_source *source)
{
	container_of(source, struct event_loop, wake)->stop = true;
}

/**
 * loop_create() - prepare an event loop or end the process
 * @loop: filled in
 */
void loop_create(struct event_loop *loop)
{
	loop->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	if (loop->epoll_fd < 0)
		die_errno("epoll_create1");
	loop->stop = false;
	loop->wake.fd = eventfd_create(0);
	loop->wake.ready = wake_ready;
	if (!loop_add(loop, &loop->wake))
		die_errno("epoll_ctl");
}

/**
 * loop_destroy() - free what loop_create() allocated
 * @loop: a loop that does not run
 */
void loop_destroy(struct event_loop *loop)
{
	close(loop->wake.fd);
	close(loop->epoll_fd);
}

/**
 * loop_add() - wait for a source
 * @loop: the loop
 * @source: must stay valid until the loop is destroyed
 *
 * Safe in any thread, also where the loop waits for @source already.
 *
 * Return: false where the descriptor cannot be waited for, such as a regular
 * file.
 */
bool loop_add(struct event_loop *loop, struct event_source *source)
{
	struct epoll_event event = {
		.events = source->output ? EPOLLOUT : EPOLLIN,
		.data.ptr = source,
	};

	return !epoll_ctl(loop->epoll_fd, EPOLL_CTL_ADD, source->fd, &event) ||
	       errno == EEXIST;
}

/**
 * loop_remove() - do not wait for a source any more
 * @loop: the loop
 * @source: a source that was added
 *
 * Context: the loop's thread. A source that merely has no event enabled would
 * still report a hang-up for ever, hence remove and add again to pause one.
 */
void loop_remove(struct event_loop *loop, struct event_source *source)
{
	epoll_ctl(loop->epoll_fd, EPOLL_CTL_DEL, source->fd, NULL);
}

/**
 * loop_rearm() - forget an earlier loop_stop()
 * @loop: a loop that does not run
 */
void loop_rearm(struct event_loop *loop)
{
	eventfd_clear(loop->wake.fd);
	loop->stop = false;
}

/**
 * loop_run() - dispatch events until loop_stop() is called
 * @loop: the loop
 */
void loop_run(struct event_loop *loop)
{
	struct epoll_event event[EVENTS_PER_WAIT];
	struct event_source *source;
	int i, nr;

	while (!loop->stop) {
		nr = epoll_wait(loop->epoll_fd, event, EVENTS_PER_WAIT, -1);
		for (i = 0; i < nr; i++) {
			source = event[i].data.ptr;
			source->ready(source);
		}
	}
}

/**
 * loop_stop() - end loop_run()
 * @loop: the loop
 *
 * Safe in any thread.
 */
void loop_stop(struct event_loop *loop)
{
	eventfd_signal(loop->wake.fd);
}
