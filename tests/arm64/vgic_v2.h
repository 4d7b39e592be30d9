/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What arm/vgic_irq.c needs beside arm64's processor.h
 */
#ifndef TESTS_ARM64_VGIC_V2_H
#define TESTS_ARM64_VGIC_V2_H

#include "kvm_util.h"
#include "processor.h"

/* Stage-2 maps the CPU interface, and has it as a device. */
#define virt_map_device(vm, vaddr, paddr, npages) \
	virt_map(vm, vaddr, paddr, npages)

static __always_inline void writeb(uint8_t val, volatile void *addr)
{
	__iowmb();
	asm volatile("strb %w0, [%1]" : : "r" (val), "r" (addr) : "memory");
}

#endif /* TESTS_ARM64_VGIC_V2_H */
