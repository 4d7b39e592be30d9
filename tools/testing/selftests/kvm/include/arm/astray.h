/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Guests of which nobody knows what they will do
 */
#ifndef SELFTEST_KVM_ASTRAY_H
#define SELFTEST_KVM_ASTRAY_H

#include "kvm_util.h"

/**
 * vcpu_run_astray - run a vCPU until it exits, or some time is over
 * @vcpu: the vCPU
 * @usec: that time, in microseconds
 *
 * Fails the test if KVM_RUN has an error that a guest cannot bring about.
 * Takes SIGALRM, and is for one thread of a program.
 *
 * Return: true if there was an exit that user space has to do something about
 */
bool vcpu_run_astray(struct kvm_vcpu *vcpu, unsigned int usec);

/**
 * another_guest_runs - see if a guest that does as it should still can
 *
 * Return: true if so
 */
bool another_guest_runs(void);

#endif /* SELFTEST_KVM_ASTRAY_H */
