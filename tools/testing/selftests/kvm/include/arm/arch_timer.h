/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Generic timer of ARMv7 (DDI 0406C chapter B8), from the guest
 */
#ifndef SELFTEST_KVM_ARCH_TIMER_H
#define SELFTEST_KVM_ARCH_TIMER_H

#include <linux/bits.h>

#include "processor.h"

enum arch_timer {
	VIRTUAL,
	PHYSICAL,
};

#define CTL_ENABLE	BIT(0)
#define CTL_IMASK	BIT(1)
#define CTL_ISTATUS	BIT(2)

#define msec_to_cycles(msec)	\
	(timer_get_cntfrq() * (uint64_t)(msec) / 1000)

#define usec_to_cycles(usec)	\
	(timer_get_cntfrq() * (uint64_t)(usec) / 1000000)

#define cycles_to_usec(cycles) \
	((uint64_t)(cycles) * 1000000 / timer_get_cntfrq())

static inline uint32_t timer_get_cntfrq(void)
{
	return read_cp15(CP15_CNTFRQ);
}

static inline uint64_t timer_get_cntct(enum arch_timer timer)
{
	isb();
	return timer == VIRTUAL ? read_cp15_64(CP15_CNTVCT) :
				  read_cp15_64(CP15_CNTPCT);
}

static inline void timer_set_cval(enum arch_timer timer, uint64_t cval)
{
	if (timer == VIRTUAL)
		write_cp15_64(cval, CP15_CNTV_CVAL);
	else
		write_cp15_64(cval, CP15_CNTP_CVAL);
	isb();
}

static inline uint64_t timer_get_cval(enum arch_timer timer)
{
	return timer == VIRTUAL ? read_cp15_64(CP15_CNTV_CVAL) :
				  read_cp15_64(CP15_CNTP_CVAL);
}

static inline void timer_set_tval(enum arch_timer timer, int32_t tval)
{
	if (timer == VIRTUAL)
		write_cp15(tval, CP15_CNTV_TVAL);
	else
		write_cp15(tval, CP15_CNTP_TVAL);
	isb();
}

static inline int32_t timer_get_tval(enum arch_timer timer)
{
	isb();
	return timer == VIRTUAL ? read_cp15(CP15_CNTV_TVAL) :
				  read_cp15(CP15_CNTP_TVAL);
}

static inline void timer_set_ctl(enum arch_timer timer, uint32_t ctl)
{
	if (timer == VIRTUAL)
		write_cp15(ctl, CP15_CNTV_CTL);
	else
		write_cp15(ctl, CP15_CNTP_CTL);
	isb();
}

static inline uint32_t timer_get_ctl(enum arch_timer timer)
{
	return timer == VIRTUAL ? read_cp15(CP15_CNTV_CTL) :
				  read_cp15(CP15_CNTP_CTL);
}

static inline void timer_set_next_cval_ms(enum arch_timer timer, uint32_t msec)
{
	timer_set_cval(timer, timer_get_cntct(timer) + msec_to_cycles(msec));
}

static inline void timer_set_next_tval_ms(enum arch_timer timer, uint32_t msec)
{
	timer_set_tval(timer, msec_to_cycles(msec));
}

#endif /* SELFTEST_KVM_ARCH_TIMER_H */
