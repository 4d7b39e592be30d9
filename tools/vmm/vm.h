/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VMM_VM_H
#define VMM_VM_H

#include <stdatomic.h>

#include "loop.h"
#include "mmio.h"
#include "options.h"
#include "ram.h"
#include "serial.h"
#include "term.h"
#include "vcpu.h"
#include "virtio_mmio.h"

/**
 * enum vm_end - why a VM ends
 * @VM_RUNS: it does not
 * @VM_POWER_OFF: the guest switched itself off
 * @VM_RESET: the guest asked for a reset
 * @VM_QUIT: the user had enough
 * @VM_ERROR: a vCPU cannot go on; reported already
 */
enum vm_end {
	VM_RUNS,
	VM_POWER_OFF,
	VM_RESET,
	VM_QUIT,
	VM_ERROR,
};

/**
 * struct vm - a virtual machine
 * @opt: the command line
 * @end: an enum vm_end; set once
 * @fd: descriptor of the VM
 * @gic_fd: descriptor of its GIC
 * @ram: its memory
 * @bus: its device memory
 * @loop: events of the I/O thread, which is the main thread
 * @nr_vcpus: number of vCPUs
 * @vcpu: the vCPUs
 * @serial: the serial port
 * @nr_virtio: number of virtio devices
 * @virtio: the virtio devices
 * @term: who gets the input of the terminal
 */
struct vm {
	const struct options *opt;
	atomic_int end;
	int fd;
	int gic_fd;
	struct guest_ram ram;
	struct mmio_bus bus;
	struct event_loop loop;
	unsigned int nr_vcpus;
	struct vcpu vcpu[MAX_VCPUS];
	struct serial serial;
	unsigned int nr_virtio;
	struct virtio_device *virtio[VIRTIO_MAX_DEVICES];
	struct term_client term;
};

void vm_create(struct vm *vm, const struct options *opt);
enum vm_end vm_run(struct vm *vm);
void vm_destroy(struct vm *vm);
void vm_stop(struct vm *vm, enum vm_end end);
void vm_describe(struct guest_info *info, const struct options *opt);

#endif
