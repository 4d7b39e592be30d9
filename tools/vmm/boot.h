/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VMM_BOOT_H
#define VMM_BOOT_H

#include <stdint.h>

#include "guest_fdt.h"
#include "options.h"
#include "ram.h"

/**
 * struct boot_entry - how the first vCPU starts
 * @pc: address of its first instruction
 * @dtb: address of the device tree
 */
struct boot_entry {
	uint64_t pc;
	uint64_t dtb;
};

void boot_load(const struct guest_ram *ram, const struct options *opt,
	       struct guest_info *info, struct boot_entry *entry);
void boot_dump_dtb(const char *path, const struct guest_info *info);

#endif
