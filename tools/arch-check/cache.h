/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The part of the caches' model that the plugin asks without its lock, for each
 * access: whether there is anything about it that the hooks should know.
 */
#ifndef ARCH_CHECK_CACHE_H
#define ARCH_CHECK_CACHE_H

#include "arch-check.h"

/**
 * cache_store_is_news - may a store change, or violate, something?
 * @cpu: of the machine
 * @world: whose
 * @physical: where
 */
bool cache_store_is_news(unsigned int cpu, enum world world, uint64_t physical);

/**
 * cache_load_may_be_news - may what a guest loads be another than what is there?
 * @cpu: of the machine
 *
 * Before the address is known, which takes a while.
 */
bool cache_load_may_be_news(unsigned int cpu);
bool cache_load_is_news(unsigned int cpu, uint64_t physical);

/**
 * cache_fetch_is_news - may the instructions of a guest be others?
 * @cpu: of the machine
 * @physical: of a line
 */
bool cache_fetch_is_news(unsigned int cpu, uint64_t physical);

/**
 * cache_table_store - descriptors that walks may find were stored
 * @cpu: did it
 * @insn: the store
 * @physical: of the descriptor, or of the table
 * @whole: a table that was linked
 */
void cache_table_store(struct cpu *cpu, const struct insn *insn,
		       uint64_t physical, bool whole);

#endif
