// SPDX-License-Identifier: GPL-2.0-only
/*
 * The device that a guest's kernel accesses at each IPI and each interrupt it
 * routes is the distributor of its vGIC: accesses to it are told from others
 * by their address, before memory slots and I/O bus are searched, and go to
 * the register without a detour through kvm_run.
 */
#include <linux/bitops.h>
#include <linux/kvm_host.h>
#include <asm/kvm_emulate.h>
#include <kvm/arm_vgic.h>
#include <trace/events/kvm.h>

#include "compat.h"
#include "vgic/vgic.h"
#include "vgic/vgic-mmio.h"

/* Of an abort that has to be a translation fault with a valid syndrome */
#define HSR_PLAIN_MASK	(HSR_ISV | HSR_DABT_CM | HSR_DABT_S1PTW | HSR_FSC_TYPE)
#define HSR_PLAIN	(HSR_ISV | FSC_FAULT)

static noinline void trace_dist(int type, unsigned int len, gpa_t ipa,
				unsigned long data)
{
	trace_kvm_mmio(type, len, ipa, &data);
}

static void dist_write(struct kvm_vcpu *vcpu,
		       const struct vgic_register_region *region, gpa_t ipa,
		       unsigned int len)
{
	unsigned long data = vcpu_get_reg(vcpu, kvm_vcpu_dabt_get_rd(vcpu));

	data = vcpu_data_guest_to_host(vcpu, data, len);
	if (trace_kvm_mmio_enabled())
		trace_dist(KVM_TRACE_MMIO_WRITE, len, ipa, data);

	/* No register there: write-ignored */
	if (region)
		region->write(vcpu, ipa, len, data);
}

static void dist_read(struct kvm_vcpu *vcpu,
		      const struct vgic_register_region *region, gpa_t ipa,
		      unsigned int len)
{
	unsigned long data = region ? region->read(vcpu, ipa, len) : 0;

	if (trace_kvm_mmio_enabled())
		trace_dist(KVM_TRACE_MMIO_READ, len, ipa, data);

	data = vcpu_data_host_to_guest(vcpu, data, len);
	if (kvm_vcpu_dabt_issext(vcpu) && len < sizeof(data))
		data = sign_extend32(data, len * BITS_PER_BYTE - 1);

	vcpu_set_reg(vcpu, kvm_vcpu_dabt_get_rd(vcpu), data);
}

/**
 * kvm_handle_dist_access - emulate an access to the distributor of the vGIC
 * @vcpu: the vCPU, at a Data Abort
 *
 * Should user space have put a memory slot at the same address, the device
 * hides the memory, for what only accesses could map is never mapped.
 *
 * Context: the vCPU's thread, process context.
 *
 * Return: true if it was one and is done, or to be done again.
 */
bool kvm_handle_dist_access(struct kvm_vcpu *vcpu)
{
	struct vgic_io_device *dist = &vcpu->kvm->arch.vgic.dist_iodev;
	const struct vgic_register_region *region;
	gpa_t ipa = kvm_vcpu_get_fault_ipa(vcpu);
	unsigned int len;

	if (ipa != dist->base_addr || !vgic_ready(vcpu->kvm) ||
	    (kvm_vcpu_get_hsr(vcpu) & HSR_PLAIN_MASK) != HSR_PLAIN)
		return false;

	if (!kvm_correct_srt(vcpu))
		return true;

	ipa |= offset_in_page(kvm_vcpu_get_hfar(vcpu));
	len = kvm_vcpu_dabt_get_as(vcpu);
	region = vgic_get_mmio_region(vcpu, dist, ipa, len);

	if (kvm_vcpu_dabt_iswrite(vcpu))
		dist_write(vcpu, region, ipa, len);
	else
		dist_read(vcpu, region, ipa, len);

	vcpu->stat.mmio_exit_kernel++;
	kvm_incr_pc(vcpu);

	return true;
}
