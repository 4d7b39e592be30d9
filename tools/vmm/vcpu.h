/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VMM_VCPU_H
#define VMM_VCPU_H

#include <linux/kvm.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "boot.h"
#include "state.h"

struct vm;

/**
 * struct vcpu - a virtual CPU and its thread
 * @vm: the VM
 * @index: its number, from 0
 * @fd: descriptor of the vCPU
 * @run: what KVM shares with us, @run_size bytes
 * @dump: the registers shall be printed
 * @thread: runs it
 */
struct vcpu {
	struct vm *vm;
	unsigned int index;
	int fd;
	struct kvm_run *run;
	size_t run_size;
	atomic_bool dump;
	pthread_t thread;
};

void vcpu_init_signals(void);
void vcpu_create(struct vcpu *vcpu, struct vm *vm, unsigned int index,
		 int kvm_fd);
void vcpu_destroy(struct vcpu *vcpu);
void vcpu_init(struct vcpu *vcpu, uint32_t target, uint32_t features);
uint32_t vcpu_mpidr(struct vcpu *vcpu);
void vcpu_set_entry(struct vcpu *vcpu, const struct boot_entry *entry);
void vcpu_start(struct vcpu *vcpu);
void vcpu_kick(struct vcpu *vcpu);
void vcpu_join(struct vcpu *vcpu);

void vcpu_save(const struct vcpu *vcpu, struct section *section);
bool vcpu_load(struct vcpu *vcpu, struct section *section,
	       struct state_stream *stream);

void vcpu_dump(const struct vcpu *vcpu, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
void vcpu_dump_exit(const struct vcpu *vcpu);

#endif
