/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VMM_ONE_REG_H
#define VMM_ONE_REG_H

#include <stdbool.h>
#include <stdint.h>

uint64_t one_reg_get(int vcpu_fd, uint64_t id);
bool one_reg_try_set(int vcpu_fd, uint64_t id, uint64_t value);
void one_reg_set(int vcpu_fd, uint64_t id, uint64_t value);

#endif
