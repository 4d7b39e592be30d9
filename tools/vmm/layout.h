/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The physical memory map and interrupts of the guest. The addresses of the
 * serial port, the GIC and the memory are those of kvmtool, so that images
 * with a built-in early console run on both.
 */
#ifndef VMM_LAYOUT_H
#define VMM_LAYOUT_H

#define SERIAL_BASE		0x01000000ULL
#define SERIAL_SIZE		0x8ULL
#define SERIAL_SPI		0
#define SERIAL_CLOCK_HZ		1843200

#define VIRTIO_BASE		0x03000000ULL
#define VIRTIO_SIZE		0x200ULL
#define VIRTIO_FIRST_SPI	16
#define VIRTIO_MAX_DEVICES	16

/* A GICv2 has the first, a GICv3 those below; both have the distributor */
#define GIC_CPU_BASE		0x3ffd0000ULL
#define GIC_REDIST_BASE		0x3f000000ULL
#define GIC_ITS_BASE		0x3f800000ULL
#define GIC_DIST_BASE		0x3fff0000ULL
/* 32 private interrupts and 32 SPIs */
#define GIC_NR_IRQS		64
#define GIC_NR_PRIVATE_IRQS	32
#define GIC_FIRST_PPI		16

/* Indices of the architected timer's private peripheral interrupts */
#define TIMER_PPI_SECURE	13
#define TIMER_PPI_NONSECURE	14
#define TIMER_PPI_VIRTUAL	11
#define TIMER_PPI_HYP		10
/* And of the PMU's */
#define PMU_PPI			7

#define RAM_BASE		0x80000000ULL
#define RAM_MAX_SIZE		0x80000000ULL
#define RAM_MIN_SIZE		0x01000000ULL
#define KERNEL_OFFSET		0x8000ULL

/* Of a GICv2, and of a GICv3 by the room for redistributors */
#define GICV2_MAX_VCPUS		8
#define MAX_VCPUS		64

#endif
