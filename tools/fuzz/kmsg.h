/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the kernel says, which it should not: neither a VMM nor a guest can have
 * it print a warning.
 */
#ifndef FUZZ_KMSG_H
#define FUZZ_KMSG_H

#include <stdbool.h>

/**
 * kmsg_open() - begin with what the kernel says from now on
 */
void kmsg_open(void);

/**
 * kmsg_complains() - see if there was a warning, or worse, since the last call
 *
 * Writes it to stdout.
 *
 * Return: true if there was
 */
bool kmsg_complains(void);

#endif /* FUZZ_KMSG_H */
