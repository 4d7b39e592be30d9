/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VMM_HOST_TIMER_H
#define VMM_HOST_TIMER_H

#include <stdint.h>

uint32_t host_timer_frequency(void);
uint32_t host_counter_frequency(void);

#endif
