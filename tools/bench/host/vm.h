/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef BENCH_VM_H
#define BENCH_VM_H

#include <linux/kvm.h>
#include <stddef.h>
#include <stdint.h>

#define GUEST_PAGE_SIZE	4096
#define GUEST_RAM	0x80000000

/**
 * struct vm - a virtual machine whose guest writes a word to each page
 * @fd: the VM
 * @vcpu: its one vCPU
 * @run: what the vCPU shares with us
 */
struct vm {
	int fd;
	int vcpu;
	struct kvm_run *run;
};

void vm_open(void);
int vm_new(void);
int vm_add_vcpu(int vm, int id);
void vm_create(struct vm *vm, void *ram, size_t size);
void vm_prepare(struct vm *vm);
void vm_touch(struct vm *vm, uint32_t begin, uint32_t end);
void vm_destroy(struct vm *vm);

#endif
