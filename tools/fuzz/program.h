/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a guest executes
 */
#ifndef FUZZ_PROGRAM_H
#define FUZZ_PROGRAM_H

#include "input.h"

/**
 * program_vectors() - write the exception vectors that all vCPUs have
 *
 * What made an exception is passed over, an interrupt is acknowledged, and who is
 * lost is at the end.
 */
void program_vectors(void);

/**
 * program_write() - write the program of a vCPU, up to the access that ends it
 * @number: the vCPU
 * @in: what decides what it is
 */
void program_write(unsigned int number, struct input *in);

#endif /* FUZZ_PROGRAM_H */
