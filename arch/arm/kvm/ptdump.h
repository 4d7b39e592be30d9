/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * KVM's translation tables in debugfs.
 */
#ifndef __ARM_KVM_PTDUMP_H__
#define __ARM_KVM_PTDUMP_H__

#include <linux/init.h>
#include <linux/kvm_host.h>

#ifdef CONFIG_KVM_ARM_PTDUMP
/**
 * kvm_ptdump_init() - make the files that dump HYP's tables
 *
 * Context: process context, after kvm_init(), which makes their directory.
 */
void __init kvm_ptdump_init(void);

/**
 * kvm_ptdump_create_vm() - make the files that dump a VM's Stage-2
 * @kvm: the VM, which has its debugfs directory; the files go with that
 *
 * Context: process context.
 */
void kvm_ptdump_create_vm(struct kvm *kvm);
#else
static inline void kvm_ptdump_init(void) {}
static inline void kvm_ptdump_create_vm(struct kvm *kvm) {}
#endif

#endif /* __ARM_KVM_PTDUMP_H__ */
