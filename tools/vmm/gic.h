/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VMM_GIC_H
#define VMM_GIC_H

#include <stdbool.h>

#include "state.h"

int gic_create(int vm_fd);
void gic_init(int gic_fd);
bool gic_save(int gic_fd, unsigned int nr_vcpus, struct section *section,
	      struct state_stream *stream);
bool gic_load(int gic_fd, unsigned int nr_vcpus, struct section *section,
	      struct state_stream *stream);

#endif
