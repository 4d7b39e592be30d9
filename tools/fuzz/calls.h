/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a VMM does to a VM
 */
#ifndef FUZZ_CALLS_H
#define FUZZ_CALLS_H

#include "input.h"

/* How many ioctls did not fail */
extern unsigned long calls_taken;

/**
 * calls_start() - find out which registers a vCPU has
 *
 * After machine_start().
 */
void calls_start(void);

/**
 * calls_one() - do one thing: an ioctl, or what has to do with memory or files
 * @in: what decides what it is
 */
void calls_one(struct input *in);

/**
 * calls_all() - do one thing after the other
 * @in: used up
 */
void calls_all(struct input *in);

#endif /* FUZZ_CALLS_H */
