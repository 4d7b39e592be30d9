/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef BENCH_PLATFORM_H
#define BENCH_PLATFORM_H

#include <stdint.h>

/**
 * struct platform - what the guest uses of its machine
 * @gicd: base of the GIC's distributor
 * @gicc: base of a GICv2's CPU interface, or of a GICv3's redistributor
 * @uart: base of the 16550
 * @uart_shift: distance of two registers of the 16550, a power of two
 */
struct platform {
	uint32_t gicd;
	uint32_t gicc;
	uint32_t uart;
	uint32_t uart_shift;
};

#define UART_LSR	5
#define UART_LSR_THRE	0x20

/*
 * One plain load or store each: a hypervisor gets no syndrome for the
 * addressing modes that a compiler may choose.
 */
static inline uint32_t readl(uint32_t address)
{
	uint32_t value;

	asm volatile("ldr %0, [%1]" : "=r" (value) : "r" (address) : "memory");
	return value;
}

static inline void writel(uint32_t address, uint32_t value)
{
	asm volatile("str %0, [%1]" : : "r" (value), "r" (address) : "memory");
}

static inline uint32_t readb(uint32_t address)
{
	uint32_t value;

	asm volatile("ldrb %0, [%1]" : "=r" (value) : "r" (address) : "memory");
	return value;
}

static inline void writeb(uint32_t address, uint32_t value)
{
	asm volatile("strb %0, [%1]" : : "r" (value), "r" (address) : "memory");
}

void platform_find(struct platform *p, const void *fdt);
void print(const struct platform *p, const char *s);
void print_number(const struct platform *p, uint32_t value);

#endif
