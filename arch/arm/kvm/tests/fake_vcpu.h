/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _ARM_KVM_TESTS_FAKE_VCPU_H
#define _ARM_KVM_TESTS_FAKE_VCPU_H

#include <kunit/test.h>
#include <linux/kvm_host.h>
#include <linux/mutex.h>
#include <linux/preempt.h>
#include <linux/spinlock.h>

#include "cpu_model.h"

/**
 * fake_vcpu - a vCPU that emulation can work on but that cannot run
 * @test: the test, at the end of which it is gone
 *
 * It is of the kind of this CPU, not loaded, and all of its registers are zero.
 *
 * Return: the vCPU, number 0 of a VM with one.
 */
static inline struct kvm_vcpu *fake_vcpu(struct kunit *test)
{
	struct kvm *kvm = kunit_kzalloc(test, sizeof(*kvm), GFP_KERNEL);
	struct kvm_vcpu *vcpu = kunit_kzalloc(test, sizeof(*vcpu), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, kvm);
	KUNIT_ASSERT_NOT_NULL(test, vcpu);

	preempt_disable();
	KUNIT_EXPECT_EQ(test, kvm_cpu_model_add(), 0);
	kvm->arch.target = kvm_target_cpu();
	kvm->arch.model = kvm_cpu_model_find(kvm->arch.target);
	preempt_enable();

	mutex_init(&kvm->arch.config_lock);
	atomic_set(&kvm->online_vcpus, 1);
	vcpu->kvm = kvm;
	vcpu->cpu = -1;
	spin_lock_init(&vcpu->arch.mp_state_lock);

	return vcpu;
}

#endif /* _ARM_KVM_TESTS_FAKE_VCPU_H */
