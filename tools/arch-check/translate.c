// SPDX-License-Identifier: GPL-2.0-only
#include "tlb.h"
#include "translate.h"

#define SCTLR_M			1u

#define LONG_ADDRESS		0xfffffff000ull
#define LONG_VALID		1u
#define LONG_TABLE		2u

enum { SHORT_FAULT, SHORT_TABLE, SHORT_SECTION, SHORT_SECTION_PXN };

#define SHORT_SUPERSECTION	(1u << 18)
#define SHORT_LARGE_PAGE	1u

static bool read_table(uint64_t physical, void *to, unsigned int size)
{
	uint32_t offset;

	return linear_map(&offset) && read_code(physical + offset, to, size);
}

/* Which of the two tables an address is in, and how many bits it has there */
static uint64_t long_base(uint32_t ttbcr, uint32_t address, unsigned int *bits)
{
	unsigned int t0sz = ttbcr & 7, t1sz = ttbcr >> 16 & 7;
	uint64_t top = ~0u;
	bool one;

	if (t1sz)
		one = address >> (32 - t1sz) == top >> (32 - t1sz);
	else
		one = t0sz && address >> (32 - t0sz);
	*bits = 32 - (one ? t1sz : t0sz);
	return read_state(one ? STATE_TTBR1 : STATE_TTBR0) & 0xffffffffe0ull;
}

static bool walk_long(uint32_t ttbcr, uint32_t address, uint64_t *physical)
{
	unsigned int bits, level, shift;
	uint64_t desc, base = long_base(ttbcr, address, &bits);
	uint64_t index = address & ((1ull << bits) - 1);

	for (level = bits > 30 ? 1 : 2; ; level++) {
		shift = 39 - 9 * level;
		if (!read_table(base + (index >> shift) * sizeof(desc), &desc,
				sizeof(desc)) || !(desc & LONG_VALID))
			return false;
		if (level == 3 || !(desc & LONG_TABLE))
			break;
		base = desc & LONG_ADDRESS;
		index = address & ((1u << shift) - 1);
	}
	index = (1u << shift) - 1;
	*physical = (desc & LONG_ADDRESS & ~index) | (address & index);
	return true;
}

static bool walk_short(uint32_t ttbcr, uint32_t address, uint64_t *physical)
{
	unsigned int n = ttbcr & 7;
	bool one = n && address >> (32 - n);
	uint32_t mask = one ? ~0x3fffu : ~0u << (14 - n), desc;
	uint32_t base = read_state(one ? STATE_TTBR1 : STATE_TTBR0) & mask;

	if (!read_table(base + (address << (one ? 0 : n) >> (one ? 0 : n) >> 20) * 4,
			&desc, sizeof(desc)))
		return false;
	switch (desc & 3) {
	case SHORT_FAULT:
		return false;
	case SHORT_SECTION:
	case SHORT_SECTION_PXN:
		mask = desc & SHORT_SUPERSECTION ? 0xffffff : 0xfffff;
		*physical = (desc & ~mask) | (address & mask);
		return true;
	}
	if (!read_table((desc & ~0x3ffu) + (address >> 12 & 0xff) * 4, &desc,
			sizeof(desc)) || !(desc & 3))
		return false;
	mask = (desc & 3) == SHORT_LARGE_PAGE ? 0xffff : 0xfff;
	*physical = (desc & ~mask) | (address & mask);
	return true;
}

bool translate_host(uint32_t address, uint64_t *physical)
{
	uint32_t ttbcr = read_state(STATE_TTBCR);

	if (!(read_state(STATE_SCTLR) & SCTLR_M)) {
		*physical = address;
		return true;
	}
	return ttbcr & TTBCR_EAE ? walk_long(ttbcr, address, physical) :
		walk_short(ttbcr, address, physical);
}
