// SPDX-License-Identifier: GPL-2.0-only
/* The counters of a guest on their way to another process. */
#include "clock.h"
#include "host_timer.h"
#include "util.h"

/**
 * clock_save() - put the time of a guest into a section
 * @clock: a clock that is stopped
 * @section: where to
 */
void clock_save(const struct vm_clock *clock, struct section *section)
{
	section_put64(section, clock->virt);
	section_put64(section, clock->phys);
}

/**
 * clock_fits() - can the time of a guest go on here
 * @hz: host_counter_frequency() of where it comes from
 * @stream: for &state_stream.error
 *
 * The guest has been told once, when it booted: for good. A host that does not
 * know is left alone.
 *
 * Return: false with &state_stream.error set where it would go faster or slower.
 */
bool clock_fits(uint32_t hz, struct state_stream *stream)
{
	uint32_t here = host_counter_frequency();

	return !hz || !here || hz == here ||
	       state_fail(stream, "is of a guest with a counter of %u Hz, not %u",
			  hz, here);
}

/**
 * clock_load() - take the time of a guest from a section
 * @clock: filled in; it is stopped
 * @section: where from
 *
 * Return: false where the section does not hold one.
 */
bool clock_load(struct vm_clock *clock, struct section *section)
{
	clock->virt = section_get64(section);
	clock->phys = section_get64(section);
	clock->stopped = true;
	return section_done(section);
}

/**
 * clock_ms() - how late it is in a guest
 * @clock: a clock that is stopped
 *
 * Return: the virtual counter in milliseconds, or 0 if nobody knows how fast it is.
 */
uint64_t clock_ms(const struct vm_clock *clock)
{
	uint32_t hz = host_counter_frequency();

	return hz ? clock->virt * MS_PER_S / hz : 0;
}
