/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VMM_LOOP_H
#define VMM_LOOP_H

#include <stdbool.h>

/**
 * struct event_source - a descriptor the event loop waits for
 * @fd: the descriptor
 * @output: what matters is that it is writable, not readable
 * @ready: called in the loop's thread each time it is
 */
struct event_source {
	int fd;
	bool output;
	void (*ready)(struct event_source *source);
};

/**
 * struct event_loop - what the I/O thread waits for
 * @epoll_fd: all sources
 * @wake: readable once the loop shall end
 * @stop: the loop shall end
 */
struct event_loop {
	int epoll_fd;
	struct event_source wake;
	bool stop;
};

void loop_create(struct event_loop *loop);
void loop_destroy(struct event_loop *loop);
bool loop_add(struct event_loop *loop, struct event_source *source);
void loop_remove(struct event_loop *loop, struct event_source *source);
void loop_rearm(struct event_loop *loop);
void loop_run(struct event_loop *loop);
void loop_stop(struct event_loop *loop);

#endif
