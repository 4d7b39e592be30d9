// SPDX-License-Identifier: GPL-2.0-only
/*
 * The state of a vCPU in a section: whether it is on, what it is about to
 * take, and every register that KVM names.
 */
#include <errno.h>
#include <linux/kvm.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>

#include "one_reg.h"
#include "util.h"
#include "vcpu.h"

#define REG_MIDR		(ARM_CP15_REG32(0, 0, 0, 0))
#define OTHER_KIND		"vCPU %u is of another kind of CPU: taskset, or another host"

/* The counters are the VM's and come after all else: see clock.c. */
static bool is_counter(uint64_t id)
{
	return id == KVM_REG_ARM_TIMER_CNT || id == KVM_REG_ARM_PTIMER_CNT;
}

static struct kvm_reg_list *get_reg_list(const struct vcpu *vcpu)
{
	struct kvm_reg_list size = { .n = 0 }, *list;

	if (!ioctl(vcpu->fd, KVM_GET_REG_LIST, &size) || errno != E2BIG)
		die_errno("KVM_GET_REG_LIST, vCPU %u", vcpu->index);
	list = xcalloc(1, sizeof(*list) + size.n * sizeof(list->reg[0]));
	list->n = size.n;
	if (ioctl(vcpu->fd, KVM_GET_REG_LIST, list) < 0)
		die_errno("KVM_GET_REG_LIST, vCPU %u", vcpu->index);
	return list;
}

/**
 * vcpu_save() - put the state of a vCPU into a section
 * @vcpu: a vCPU that does not run, and that has nothing to complete
 * @section: where to
 */
void vcpu_save(const struct vcpu *vcpu, struct section *section)
{
	struct kvm_reg_list *list = get_reg_list(vcpu);
	struct kvm_vcpu_events events;
	struct kvm_mp_state mp_state;
	uint64_t i;

	if (ioctl(vcpu->fd, KVM_GET_MP_STATE, &mp_state) < 0)
		die_errno("KVM_GET_MP_STATE, vCPU %u", vcpu->index);
	if (ioctl(vcpu->fd, KVM_GET_VCPU_EVENTS, &events) < 0)
		die_errno("KVM_GET_VCPU_EVENTS, vCPU %u", vcpu->index);

	section_put32(section, mp_state.mp_state);
	section_put(section, &events, sizeof(events));
	for (i = 0; i < list->n; i++) {
		if (is_counter(list->reg[i]))
			continue;
		section_put64(section, list->reg[i]);
		section_put64(section, one_reg_get(vcpu->fd, list->reg[i]));
	}
	free(list);
}

/**
 * vcpu_load() - give a vCPU the state that a section holds
 * @vcpu: a vCPU that was initialised and never ran
 * @section: where from
 * @stream: gets the error
 *
 * Return: false with &state_stream.error set where this host's vCPU cannot
 * have that state.
 */
bool vcpu_load(struct vcpu *vcpu, struct section *section,
	       struct state_stream *stream)
{
	struct kvm_mp_state mp_state = { .mp_state = section_get32(section) };
	struct kvm_vcpu_events events = { 0 };
	const void *from = section_get(section, sizeof(events));
	uint64_t id, value;

	if (from)
		memcpy(&events, from, sizeof(events));
	while (!section->bad && section->pos < section->len) {
		id = section_get64(section);
		value = section_get64(section);
		if (section->bad || one_reg_try_set(vcpu->fd, id, value))
			continue;
		/* On big.LITTLE it is a matter of where this process began. */
		if (id == REG_MIDR)
			return state_fail(stream, OTHER_KIND, vcpu->index);
		return state_fail(stream, "register 0x%llx of vCPU %u: %s",
				  (unsigned long long)id, vcpu->index,
				  strerror(errno));
	}
	if (!section_done(section))
		return state_fail(stream, "vCPU %u is not valid", vcpu->index);

	/* After the registers: an abort is put into some of them. */
	if (ioctl(vcpu->fd, KVM_SET_VCPU_EVENTS, &events) < 0)
		return state_fail(stream, "events of vCPU %u: %s", vcpu->index,
				  strerror(errno));
	if (ioctl(vcpu->fd, KVM_SET_MP_STATE, &mp_state) < 0)
		return state_fail(stream, "state of vCPU %u: %s", vcpu->index,
				  strerror(errno));
	return true;
}
