/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VMM_TERM_H
#define VMM_TERM_H

#include <stddef.h>
#include <stdint.h>

#include "loop.h"

/**
 * struct term_client - the device that gets what is typed
 * @room: return how many bytes @input takes now
 * @input: take @len bytes, at most what @room returned
 * @device: handed to both
 * @escape: Ctrl-A and then @key was typed; @opaque is @escape_opaque
 * @escape_opaque: handed to @escape
 *
 * Called in the event loop's thread.
 */
struct term_client {
	size_t (*room)(void *device);
	void (*input)(void *device, const uint8_t *data, size_t len);
	void *device;
	void (*escape)(void *opaque, uint8_t key);
	void *escape_opaque;
};

void term_init(void);
void term_attach(struct event_loop *loop, const struct term_client *client);
void term_detach(void);
void term_resume(void);
void term_write(const void *data, size_t len);
size_t term_try_write(const void *data, size_t len, int doorbell);

#endif
