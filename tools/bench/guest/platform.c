// SPDX-License-Identifier: GPL-2.0-only
/* Find the devices in the device tree; print to the serial port. */
#include "platform.h"

#define FDT_BEGIN_NODE	1
#define FDT_END_NODE	2
#define FDT_PROP	3
#define FDT_END		9

/* Words of the header */
#define FDT_OFF_STRUCT	2
#define FDT_OFF_STRINGS	3

/* Words of "reg": the low half of each 64-bit address */
#define REG_FIRST	1
#define REG_SECOND	5

struct node {
	const char *compatible;
	const char *compatible_end;
	const uint32_t *reg;
	uint32_t reg_shift;
};

static uint32_t be32(const uint32_t *p)
{
	return __builtin_bswap32(*p);
}

static int same(const char *a, const char *b)
{
	while (*a && *a == *b) {
		a++;
		b++;
	}
	return *a == *b;
}

static const char *next_string(const char *s)
{
	while (*s)
		s++;
	return s + 1;
}

static int is_compatible(const struct node *node, const char *want)
{
	const char *s;

	for (s = node->compatible; s < node->compatible_end; s = next_string(s))
		if (same(s, want))
			return 1;
	return 0;
}

static void use_node(struct platform *p, const struct node *node)
{
	if (!node->reg)
		return;
	if (is_compatible(node, "arm,cortex-a15-gic") ||
	    is_compatible(node, "arm,gic-v3")) {
		p->gicd = be32(node->reg + REG_FIRST);
		p->gicc = be32(node->reg + REG_SECOND);
	} else if (!p->uart && is_compatible(node, "ns16550a")) {
		p->uart = be32(node->reg + REG_FIRST);
		p->uart_shift = node->reg_shift;
	}
}

static void use_property(struct node *node, const char *name,
			 const uint32_t *value, uint32_t size)
{
	if (same(name, "reg")) {
		node->reg = value;
	} else if (same(name, "reg-shift")) {
		node->reg_shift = be32(value);
	} else if (same(name, "compatible")) {
		node->compatible = (const char *)value;
		node->compatible_end = node->compatible + size;
	}
}

static const uint32_t *align_up(const void *p)
{
	return (const uint32_t *)(((uintptr_t)p + 3) & ~3);
}

/**
 * platform_find() - read the device tree
 * @p: where to put what was found, zeroes at first
 * @fdt: the device tree; addresses and sizes are of two cells each
 */
void platform_find(struct platform *p, const void *fdt)
{
	const uint32_t *header = fdt;
	const uint32_t *at = fdt + be32(header + FDT_OFF_STRUCT);
	const char *strings = fdt + be32(header + FDT_OFF_STRINGS);
	struct node node = {};
	uint32_t token;

	while ((token = be32(at++)) != FDT_END) {
		/* Properties come before the nodes inside. */
		if (token == FDT_BEGIN_NODE || token == FDT_END_NODE) {
			use_node(p, &node);
			node = (struct node){};
		}
		if (token == FDT_BEGIN_NODE) {
			at = align_up(next_string((const char *)at));
		} else if (token == FDT_PROP) {
			uint32_t size = be32(at);

			use_property(&node, strings + be32(at + 1), at + 2, size);
			at = align_up((const char *)(at + 2) + size);
		}
	}
}

static void print_char(const struct platform *p, char c)
{
	while (!(readb(p->uart + (UART_LSR << p->uart_shift)) & UART_LSR_THRE))
		;
	writeb(p->uart, c);
}

/**
 * print() - print a string
 * @p: the machine
 * @s: the string
 */
void print(const struct platform *p, const char *s)
{
	while (*s)
		print_char(p, *s++);
}

/**
 * print_number() - print a number in decimal
 * @p: the machine
 * @value: the number
 */
void print_number(const struct platform *p, uint32_t value)
{
	if (value >= 10)
		print_number(p, value / 10);
	print_char(p, '0' + value % 10);
}
