/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VMM_CLOCK_H
#define VMM_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

#include "state.h"

/**
 * struct vm_clock - the counters of a guest that does not run
 * @stopped: the other members are valid
 * @virt: CNTVCT
 * @phys: CNTPCT
 */
struct vm_clock {
	bool stopped;
	uint64_t virt;
	uint64_t phys;
};

void clock_stop(struct vm_clock *clock, int vcpu_fd);
void clock_start(struct vm_clock *clock, int vcpu_fd);
void clock_save(const struct vm_clock *clock, struct section *section);
bool clock_fits(uint32_t hz, struct state_stream *stream);
bool clock_load(struct vm_clock *clock, struct section *section);
uint64_t clock_ms(const struct vm_clock *clock);

#endif
