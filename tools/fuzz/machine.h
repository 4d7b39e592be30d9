/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The VM that an input is about, and its files.  There is one at a time.
 */
#ifndef FUZZ_MACHINE_H
#define FUZZ_MACHINE_H

#include <linux/kvm.h>

#include "input.h"
#include "util.h"

/* What of a guest's memory map is the same for all */
#define RAM_GPA		0
#define RAM_SIZE	MIB(2)
#define VECTORS_GPA	RAM_GPA
#define TABLE_GPA	(RAM_GPA + KIB(16))
#define CODE_GPA	(RAM_GPA + KIB(64))
#define CODE_SIZE	PAGE
#define GICD_GPA	0x08000000UL
#define GICC_GPA	0x08010000UL
#define ITS_GPA		0x08080000UL
#define GICR_GPA	0x080a0000UL
/* An access there ends a program, or has the VMM do something. */
#define END_GPA		0x0a000000UL
#define HOST_GPA	0x0a001000UL

#define MAX_VCPUS	3

enum fd_kind {
	FD_SYS,
	FD_VM,
	FD_VCPU,
	FD_DEVICE,
	NR_FD_KINDS,
};

/* Of each kind */
#define MAX_FDS		4
#define NR_EVENTFDS	4

/* The byte that says what a VM has from the beginning */
#define CONFIG_GIC_MASK		0x03
#define   CONFIG_GIC_READY	0	/* if need be with an ITS */
#define   CONFIG_GIC_ITS	1
#define   CONFIG_GIC_NEW	2	/* not initialized */
#define   CONFIG_GIC_NONE	3
#define CONFIG_VCPUS(config)	(1U + ((config) >> 2 & 3) % MAX_VCPUS)
#define CONFIG_PMU		0x10
#define CONFIG_VCPU_NEW		0x20	/* KVM_ARM_VCPU_INIT is to come */
#define CONFIG_POWER_OFF	0x40	/* all vCPUs but the first */
#define CONFIG_LOG		0x80	/* of dirty pages */

/**
 * struct machine - the VM
 * @fds: its files, -1 where there is none; those of vCPUs by their number
 * @run: what the vCPUs share with us, or NULL
 * @eventfds: for what takes one
 * @ram: its memory, RAM_SIZE and as much again that it does not have yet
 * @ram_changed: that is not mapped as it was
 * @gic: KVM_DEV_TYPE_* of its GIC, or 0
 */
struct machine {
	int fds[NR_FD_KINDS][MAX_FDS];
	struct kvm_run *run[MAX_FDS];
	int eventfds[NR_EVENTFDS];
	uint8_t *ram;
	bool ram_changed;
	unsigned int gic;
};

extern struct machine machine;

/* How often a vCPU came back */
extern unsigned long machine_exits;

/**
 * machine_limit() - say how long a vCPU runs before it is stopped
 * @usec: in microseconds
 */
void machine_limit(unsigned int usec);

/**
 * machine_start() - open what is the same for all VMs
 *
 * Ends the process where there is no KVM.
 */
void machine_start(void);

/**
 * machine_hide() - have no VM from now on appear in debugfs
 *
 * There is one already by the name that they would have.  Making and removing its
 * files is a fifth of what an input takes, of which KVM_RUN is three percent.  The
 * kernel says that there is one.
 */
void machine_hide(void);

/**
 * machine_make() - make a VM
 * @config: CONFIG_*
 */
void machine_make(uint8_t config);

/**
 * machine_destroy() - close all that was opened since machine_start()
 */
void machine_destroy(void);

/**
 * machine_vcpu_init() - have a vCPU begin with its own code, in SVC mode
 * @number: the vCPU
 * @config: CONFIG_*
 */
void machine_vcpu_init(unsigned int number, uint8_t config);

/**
 * machine_vcpu_map() - map what a new vCPU shares with us
 * @number: the vCPU
 */
void machine_vcpu_map(unsigned int number);

/**
 * machine_run() - run a vCPU, and do what it asks for, for some time
 * @number: the vCPU
 * @on_host: what to do when it asks the VMM for something, or NULL
 *
 * Return: true if it has come to the end of its program
 */
bool machine_run(unsigned int number, void (*on_host)(void));

#endif /* FUZZ_MACHINE_H */
