/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VMM_IRQ_H
#define VMM_IRQ_H

#include <stdbool.h>

/**
 * struct irq_line - an input of the guest's GIC
 * @vm_fd: the VM
 * @spi: number of the shared peripheral interrupt, from 0
 * @pulse_fd: irqfd for edges, or -1
 */
struct irq_line {
	int vm_fd;
	unsigned int spi;
	int pulse_fd;
};

void irq_line_create(struct irq_line *line, int vm_fd, unsigned int spi);
void irq_line_destroy(struct irq_line *line);
bool irq_line_use_irqfd(struct irq_line *line);
void irq_line_set(const struct irq_line *line, bool level);
void irq_line_pulse(const struct irq_line *line);

#endif
