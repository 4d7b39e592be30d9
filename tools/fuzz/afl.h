/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What afl-fuzz wants of a program that it did not instrument: the protocol of its
 * fork server
 */
#ifndef FUZZ_AFL_H
#define FUZZ_AFL_H

#include <stddef.h>
#include <stdint.h>

#define AFL_MAX_INPUT	4096

/**
 * afl_serve() - run inputs as long as afl-fuzz has some
 * @start: called once in each process that does
 * @run: called with each input; aborts where a fault is found
 *
 * Fills the map of afl-fuzz: coverage_enable() has been called before @start.
 * Ends the process where afl-fuzz did not start it.
 */
void afl_serve(void (*start)(void),
	       void (*run)(const uint8_t *data, size_t size));

#endif /* FUZZ_AFL_H */
