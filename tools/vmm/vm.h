/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VMM_VM_H
#define VMM_VM_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

#include "clock.h"
#include "gic.h"
#include "guest_fdt.h"
#include "loop.h"
#include "migrate.h"
#include "mmio.h"
#include "options.h"
#include "ram.h"
#include "serial.h"
#include "term.h"
#include "vcpu.h"
#include "virtio_mmio.h"

/* The memslot of all guest memory */
#define RAM_SLOT		0

/**
 * enum vm_end - why a VM ends
 * @VM_RUNS: it does not
 * @VM_POWER_OFF: the guest switched itself off
 * @VM_RESET: the guest asked for a reset
 * @VM_QUIT: the user had enough
 * @VM_ERROR: a vCPU cannot go on; reported already
 * @VM_PAUSED: it does not; vm_run() lets it go on where it was
 */
enum vm_end {
	VM_RUNS,
	VM_POWER_OFF,
	VM_RESET,
	VM_QUIT,
	VM_ERROR,
	VM_PAUSED,
};

/**
 * struct vm - a virtual machine
 * @opt: the command line
 * @end: an enum vm_end; set once
 * @pause: vCPUs shall stop for a while
 * @fd: descriptor of the VM
 * @gic: its GIC
 * @ram: its memory
 * @bus: its device memory
 * @loop: events of the I/O thread, which is the main thread
 * @nr_vcpus: number of vCPUs
 * @vcpu: the vCPUs
 * @serial: the serial port
 * @nr_virtio: number of virtio devices
 * @virtio: the virtio devices
 * @term: who gets the input of the terminal
 * @info: what the device tree says
 * @prepared: the vCPUs have their threads
 * @gate: where these wait for vm_run()
 * @clock: the time in the guest, while it is paused
 * @ran_ms: how long vm_run() let it run, in milliseconds
 * @trigger: SIGUSR2, if that is to make the guest leave
 * @migration: the guest is on its way to another process
 */
struct vm {
	const struct options *opt;
	atomic_int end;
	atomic_bool pause;
	int fd;
	struct gic gic;
	struct guest_ram ram;
	struct mmio_bus bus;
	struct event_loop loop;
	unsigned int nr_vcpus;
	struct vcpu vcpu[MAX_VCPUS];
	struct serial serial;
	unsigned int nr_virtio;
	struct virtio_device *virtio[VIRTIO_MAX_DEVICES];
	struct term_client term;
	struct guest_info info;
	bool prepared;
	pthread_barrier_t gate;
	struct vm_clock clock;
	uint64_t ran_ms;
	struct event_source trigger;
	struct migration migration;
};

void vm_create(struct vm *vm, const struct options *opt);
void vm_boot(struct vm *vm);
void vm_prepare(struct vm *vm);
enum vm_end vm_run(struct vm *vm);
bool vm_runs(struct vm *vm);
void vm_pause(struct vm *vm);
bool vm_log_dirty(const struct vm *vm, bool log);
const char *vm_lock_disks(const struct vm *vm, enum disk_lock lock);
void vm_forget_disks(const struct vm *vm);
void vm_destroy(struct vm *vm);
void vm_stop(struct vm *vm, enum vm_end end);
void vm_describe(struct guest_info *info, const struct options *opt);

#endif
