/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VMM_OPTIONS_H
#define VMM_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "gic.h"
#include "layout.h"

#define MAX_DISKS		(VIRTIO_MAX_DEVICES - 1)

/**
 * struct options - the command line
 * @nr_vcpus: number of vCPUs
 * @gic: its interrupt controller
 * @ram_size: guest memory in bytes
 * @kernel: image to start, or NULL
 * @initrd: initial RAM disk, or NULL
 * @cmdline: kernel command line
 * @nr_disks: number of block devices
 * @disk: the block devices
 * @virtio_console: the terminal's input goes there, not to the serial port
 * @pmu: performance monitors for the guest
 * @psci_0_1: firmware as KVM gave it to guests up to Linux 3.15
 * @dump_dtb: file for the device tree, or NULL
 * @hugetlbfs: where guest memory comes from, or NULL
 * @thp: transparent huge pages for guest memory
 * @reboot: start the guest again when it resets
 * @irqfd: use KVM_IRQFD
 * @ioeventfd: use KVM_IOEVENTFD
 * @save: file to save the guest in when told to, or NULL
 * @restore: file to take the guest from, or NULL
 * @migrate_to: address to move the guest to when told to, or NULL
 * @incoming: address at which a guest arrives, or NULL
 */
struct options {
	unsigned int nr_vcpus;
	enum gic_kind gic;
	uint64_t ram_size;
	const char *kernel;
	const char *initrd;
	const char *cmdline;
	unsigned int nr_disks;
	struct {
		const char *path;
		bool read_only;
	} disk[MAX_DISKS];
	bool virtio_console;
	bool pmu;
	bool psci_0_1;
	const char *dump_dtb;
	const char *hugetlbfs;
	bool thp;
	bool reboot;
	bool irqfd;
	bool ioeventfd;
	const char *save;
	const char *restore;
	const char *migrate_to;
	const char *incoming;
};

void options_parse(struct options *opt, int argc, char **argv);

#endif
