/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What everything is decided by: a string of bytes, with zeros behind its end.
 */
#ifndef FUZZ_INPUT_H
#define FUZZ_INPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct input {
	const uint8_t *at;
	const uint8_t *end;
};

static inline bool is_drawn_out(const struct input *in)
{
	return in->at == in->end;
}

/* The next byte */
static inline uint8_t draw(struct input *in)
{
	return is_drawn_out(in) ? 0 : *in->at++;
}

/* The next bytes, up to eight of them, as a number; the first is its lowest */
static inline uint64_t draw_number(struct input *in, unsigned int bytes)
{
	uint64_t value = 0;
	unsigned int i;

	for (i = 0; i < bytes; i++)
		value |= (uint64_t)draw(in) << (8 * i);

	return value;
}

/* The next byte says how many of those behind it make an input of their own. */
static inline struct input draw_part(struct input *in)
{
	unsigned int length = draw(in);
	struct input part = { in->at, in->end };

	if (length < (size_t)(in->end - in->at))
		part.end = in->at + length;
	in->at = part.end;

	return part;
}

#endif /* FUZZ_INPUT_H */
