/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SELFTEST_KVM_ARM_SPINLOCK_H
#define SELFTEST_KVM_ARM_SPINLOCK_H

struct spinlock {
	int v;
};

/* For guest code, and for memory that a guest shares with others */
static inline void spin_lock(struct spinlock *lock)
{
	while (__atomic_exchange_n(&lock->v, 1, __ATOMIC_ACQUIRE))
		;
}

static inline void spin_unlock(struct spinlock *lock)
{
	__atomic_store_n(&lock->v, 0, __ATOMIC_RELEASE);
}

#endif /* SELFTEST_KVM_ARM_SPINLOCK_H */
