/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef ARCH_CHECK_TRANSLATE_H
#define ARCH_CHECK_TRANSLATE_H

#include "arch-check.h"

/**
 * translate_host - the physical address of a virtual one of the host
 * @address: of the CPU that a hook is called for, which executes at PL1
 * @physical: where to store the result
 *
 * By the tables in memory, of either format (DDI 0406C B3.5, B3.6), for which
 * Linux has to have them in lowmem.
 *
 * Return: false if there is none, or if it cannot be known
 */
bool translate_host(uint32_t address, uint64_t *physical);

#endif
