/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VMM_GIC_H
#define VMM_GIC_H

int gic_create(int vm_fd);
void gic_init(int gic_fd);

#endif
