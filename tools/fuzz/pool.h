/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Threads that are there for all inputs: making some for each would take longer
 * than what they do.
 */
#ifndef FUZZ_POOL_H
#define FUZZ_POOL_H

#include <linux/kvm.h>

/* The calling thread is the first. */
#define POOL_THREADS	3

/**
 * pool_start() - make the threads
 *
 * To be called once in a process, of which the caller is one.
 */
void pool_start(void);

/**
 * pool_run() - have threads do something at the same time
 * @count: how many of them, up to POOL_THREADS
 * @work: what each does, with its number
 *
 * Returns when all have done it.
 */
void pool_run(unsigned int count, void (*work)(unsigned int number));

/**
 * pool_thread() - the number of the calling thread
 *
 * Return: 0 for the first
 */
unsigned int pool_thread(void);

/**
 * pool_limit() - begin to limit the time that this thread runs a vCPU
 * @run: that of the vCPU
 * @usec: the limit, in microseconds
 *
 * When that time is over KVM_RUN ends with EINTR, then and each time again.
 */
void pool_limit(struct kvm_run *run, unsigned int usec);

/**
 * pool_unlimit() - the vCPU does not run any more
 */
void pool_unlimit(void);

#endif /* FUZZ_POOL_H */
