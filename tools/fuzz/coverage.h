/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which of KVM's code a thread runs: what CONFIG_KCOV tells of it, as a map that
 * afl-fuzz understands.  A place of the map stands for a block of code.  How often
 * it ran does not count, nor after which other one: that depends on when interrupts
 * come, and on whom else there is.  A thread that is preempted in the middle of any
 * block runs what kvm_sched_out() and kvm_sched_in() call.
 */
#ifndef FUZZ_COVERAGE_H
#define FUZZ_COVERAGE_H

#include <stddef.h>
#include <stdint.h>

#define COVERAGE_SIZE	65536

/**
 * coverage_enable() - have all threads fill a map
 * @map: the map, of COVERAGE_SIZE bytes
 *
 * Without it the other functions do nothing.
 */
void coverage_enable(uint8_t *map);

/**
 * coverage_thread() - have the kernel tell what this thread runs
 *
 * Ends the process where the kernel cannot.
 */
void coverage_thread(void);

/**
 * coverage_begin() - what this thread ran until now does not count
 */
void coverage_begin(void);

/**
 * coverage_end() - add what this thread ran since coverage_begin() to the map
 */
void coverage_end(void);

#endif /* FUZZ_COVERAGE_H */
