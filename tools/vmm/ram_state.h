/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VMM_RAM_STATE_H
#define VMM_RAM_STATE_H

#include <stdbool.h>
#include <stdint.h>

#include "ram.h"
#include "state.h"

/**
 * struct ram_count - what was written of guest memory
 * @data: pages with their content
 * @zero: pages that are known to be zero, in a section or by being left out
 */
struct ram_count {
	unsigned int data;
	unsigned int zero;
};

bool ram_save(struct state_stream *stream, struct section *section,
	      const struct guest_ram *ram, const uint8_t *dirty,
	      struct ram_count *count);
bool ram_load_data(struct section *section, const struct guest_ram *ram);
bool ram_load_zero(struct section *section, const struct guest_ram *ram);

#endif
