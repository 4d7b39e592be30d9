// SPDX-License-Identifier: GPL-2.0-only
/* Interrupts from devices to the in-kernel GIC. */
#include <linux/kvm.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "irq.h"
#include "layout.h"
#include "util.h"

/**
 * irq_line_create() - describe an interrupt line
 * @line: filled in; KVM_IRQ_LINE is used for it
 * @vm_fd: the VM
 * @spi: number of the shared peripheral interrupt, from 0
 */
void irq_line_create(struct irq_line *line, int vm_fd, unsigned int spi)
{
	line->vm_fd = vm_fd;
	line->spi = spi;
	line->pulse_fd = -1;
}

/**
 * irq_line_destroy() - free what belongs to a line
 * @line: the line; nothing uses it any more
 */
void irq_line_destroy(struct irq_line *line)
{
	if (line->pulse_fd >= 0)
		close(line->pulse_fd);
}

/**
 * irq_line_use_irqfd() - send edges through an event descriptor
 * @line: the line
 *
 * Context: after the GIC was initialised, which sets the default routing of
 * global interrupt n to SPI n.
 *
 * Return: false where the kernel refuses, and the line works without.
 */
bool irq_line_use_irqfd(struct irq_line *line)
{
	struct kvm_irqfd irqfd = {
		.fd = eventfd_create(0),
		.gsi = line->spi,
	};

	if (ioctl(line->vm_fd, KVM_IRQFD, &irqfd) < 0) {
		close(irqfd.fd);
		return false;
	}
	line->pulse_fd = irqfd.fd;
	return true;
}

/**
 * irq_line_set() - set the level of a line
 * @line: a line that the device tree calls level-triggered
 * @level: high is active
 */
void irq_line_set(const struct irq_line *line, bool level)
{
	struct kvm_irq_level irq = {
		.irq = (KVM_ARM_IRQ_TYPE_SPI << KVM_ARM_IRQ_TYPE_SHIFT) |
		       (line->spi + GIC_NR_PRIVATE_IRQS),
		.level = level,
	};

	if (ioctl(line->vm_fd, KVM_IRQ_LINE, &irq) < 0)
		die_errno("KVM_IRQ_LINE, SPI %u", line->spi);
}

/**
 * irq_line_pulse() - send an edge
 * @line: a line that the device tree calls edge-triggered
 */
void irq_line_pulse(const struct irq_line *line)
{
	if (line->pulse_fd >= 0) {
		eventfd_signal(line->pulse_fd);
		return;
	}
	irq_line_set(line, true);
	irq_line_set(line, false);
}
