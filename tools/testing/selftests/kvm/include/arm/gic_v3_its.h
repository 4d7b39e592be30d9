/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * An ITS (ARM IHI 0069, chapter 5): the guest's view
 *
 * Guest code, for one vCPU at a time: there is one command queue. It is mapped,
 * as is the table of properties, where the lower half of its address says.
 */
#ifndef SELFTEST_KVM_GIC_V3_ITS_H
#define SELFTEST_KVM_GIC_V3_ITS_H

#include "gic_v3.h"

#define FIRST_LPI	8192

#define GITS_CTLR	0x0000
#define GITS_IIDR	0x0004
#define GITS_CBASER	0x0080
#define GITS_CWRITER	0x0088
#define GITS_CREADR	0x0090
#define GITS_BASER0	0x0100
#define GITS_BASER1	0x0108
#define GITS_TRANSLATER	0x10040

/* Each of these tables, and each vCPU's pending table, is here in full */
#define ITS_TABLE_SIZE	0x10000U

/**
 * its_signal_msi - send an MSI from the host
 * @vm: the VM
 * @device: its DeviceID
 * @event: its EventID
 *
 * Return: what KVM_SIGNAL_MSI returned
 */
int its_signal_msi(struct kvm_vm *vm, uint32_t device, uint32_t event);

/**
 * its_signal_msi_at - the same, to any address
 * @vm: the VM
 * @addr: the address
 * @device: its DeviceID
 * @event: its EventID
 *
 * Return: what KVM_SIGNAL_MSI returned
 */
int its_signal_msi_at(struct kvm_vm *vm, uint64_t addr, uint32_t device,
		      uint32_t event);

/**
 * gicv3_enable_lpi - say in the table of properties that an LPI is on
 * @properties: address of the table, the same for all vCPUs
 * @lpi: INTID
 */
void gicv3_enable_lpi(uint64_t properties, uint32_t lpi);

/**
 * gicv3_enable_lpis - let a vCPU's redistributor take LPIs
 * @cpu: the vCPU
 * @properties: address of the table
 * @pending: address of this vCPU's table of pending LPIs, all zeroes
 */
void gicv3_enable_lpis(unsigned int cpu, uint64_t properties, uint64_t pending);

/**
 * its_init - turn the ITS on
 * @commands: address of the command queue, of one page
 * @devices: address of the table of devices, of one page
 * @collections: address of the table of collections, of one page
 */
void its_init(uint64_t commands, uint64_t devices, uint64_t collections);

/* What follows is a command each, done when it returns. */
void its_map_device(uint32_t device, uint64_t events, unsigned int event_bits);
void its_map_collection(unsigned int collection, unsigned int cpu);
void its_map_event(uint32_t device, uint32_t event, uint32_t lpi,
		   unsigned int collection);
void its_move_event(uint32_t device, uint32_t event, unsigned int collection);
void its_invalidate_event(uint32_t device, uint32_t event);
void its_invalidate_all(unsigned int collection);
void its_sync(unsigned int cpu);

#endif /* SELFTEST_KVM_GIC_V3_ITS_H */
