/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VMM_GIC_H
#define VMM_GIC_H

#include <stdbool.h>
#include <stdint.h>

#include "layout.h"
#include "state.h"

/**
 * enum gic_kind - what interrupt controller a guest has
 * @GIC_ANY: a GICv2 if KVM has one here, else a GICv3
 * @GIC_V2: a GICv2
 * @GIC_V3: a GICv3
 * @GIC_V3_ITS: a GICv3 with an ITS
 */
enum gic_kind {
	GIC_ANY,
	GIC_V2,
	GIC_V3,
	GIC_V3_ITS,
	GIC_NR_KINDS,
};

/**
 * struct gic - the in-kernel interrupt controller of a VM
 * @kind: not %GIC_ANY
 * @fd: descriptor of the GIC
 * @its_fd: descriptor of its ITS, or -1
 * @nr_vcpus: number of vCPUs
 * @mpidr: affinity fields of each one's MPIDR
 */
struct gic {
	enum gic_kind kind;
	int fd;
	int its_fd;
	unsigned int nr_vcpus;
	const uint32_t *mpidr;
};

void gic_create(struct gic *gic, int vm_fd, enum gic_kind kind);
void gic_init(struct gic *gic, unsigned int nr_vcpus, const uint32_t *mpidr);
void gic_destroy(struct gic *gic);

/* gic_state.c */
bool gic_flush(const struct gic *gic, struct state_stream *stream);
bool gic_save(const struct gic *gic, struct section *section,
	      struct state_stream *stream);
bool gic_load(const struct gic *gic, struct section *section,
	      struct state_stream *stream);

#endif
