/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VMM_SERIAL_H
#define VMM_SERIAL_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "irq.h"
#include "mmio.h"
#include "state.h"

#define SERIAL_FIFO_SIZE	16

/**
 * struct serial - a 16550A
 * @lock: protects all of it
 * @irq: its interrupt, active high
 * @irq_level: what @irq was set to last
 * @ier: interrupt enable register, as are @fcr, @lcr, @mcr, @scr, @divisor
 * @thr_empty: the transmitter-empty interrupt is pending
 * @overrun: a byte was lost since the line status was read
 * @fifo: bytes received
 * @head: index of the oldest one
 * @count: number of them
 */
struct serial {
	pthread_mutex_t lock;
	struct irq_line irq;
	bool irq_level;
	uint8_t ier, fcr, lcr, mcr, scr;
	uint8_t divisor[2];
	bool thr_empty;
	bool overrun;
	uint8_t fifo[SERIAL_FIFO_SIZE];
	unsigned int head;
	unsigned int count;
};

extern const struct mmio_ops serial_mmio_ops;

void serial_init(struct serial *serial);
size_t serial_room(void *device);
void serial_input(void *device, const uint8_t *data, size_t len);
void serial_save(struct serial *serial, struct section *section);
bool serial_load(struct serial *serial, struct section *section);

#endif
