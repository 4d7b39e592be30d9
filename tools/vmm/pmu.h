/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VMM_PMU_H
#define VMM_PMU_H

#include <stdbool.h>

#include "vcpu.h"

bool pmu_is_possible(int kvm_fd);
void pmu_init(const struct vcpu *vcpu);
const char *pmu_compatible(const struct vcpu *vcpu);

#endif
