// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the code shared with 64-bit hosts names of GICv3 in Linux 6.12 alone:
 * see vgic_v2_only.c.
 */
#include <linux/kvm_host.h>
#include <kvm/arm_vgic.h>

#include "compat.h"
#include "vgic/vgic.h"

GICV3_ONLY(vgic_v3_set_underflow, struct kvm_vcpu *vcpu)
GICV3_ONLY(vgic_v3_enable, struct kvm_vcpu *vcpu)
