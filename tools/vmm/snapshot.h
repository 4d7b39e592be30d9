/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VMM_SNAPSHOT_H
#define VMM_SNAPSHOT_H

#include <stdbool.h>

#include "options.h"
#include "state.h"
#include "vm.h"

bool snapshot_write_config(struct state_stream *stream, struct section *section,
			   const struct vm *vm);
bool snapshot_settle(struct state_stream *stream, struct vm *vm);
bool snapshot_write(struct state_stream *stream, struct section *section,
		    struct vm *vm);
bool snapshot_read(struct state_stream *stream, struct section *section,
		   struct vm *vm, struct options *opt);

bool snapshot_save(struct vm *vm, const char *path);
void snapshot_restore(struct vm *vm, struct options *opt);

#endif
