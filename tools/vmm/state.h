/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The format of a guest that is saved in a file, or on its way to another
 * process: a header and then sections, the last of which is STATE_END. All
 * numbers are little-endian, and so is every CPU that this is built for.
 */
#ifndef VMM_STATE_H
#define VMM_STATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Any change to what a section holds takes a new version: a VMM reads the one
 * version that it writes.
 */
#define STATE_VERSION		6

/* The longest payload of a section in bytes */
#define STATE_MAX_LENGTH	0x80000U

/**
 * enum state_type - kinds of sections, in the order they have in a stream
 * @STATE_CONFIG: what machine this is
 * @STATE_RAM: pages of memory
 * @STATE_ZERO: pages of memory that are zero, though they were not before
 * @STATE_VCPU: a vCPU; the instance is its number
 * @STATE_GIC: the interrupt controller
 * @STATE_SERIAL: the serial port
 * @STATE_VIRTIO: a virtio device; the instance is its number
 * @STATE_CLOCK: the counters
 * @STATE_END: the number of sections before this one
 *
 * A reader restores each section as it arrives, so the order is that of
 * restoring; &struct snapshot_section says what depends on it. Those of memory
 * may alternate.
 */
enum state_type {
	STATE_CONFIG = 1,
	STATE_RAM,
	STATE_ZERO,
	STATE_VCPU,
	STATE_GIC,
	STATE_SERIAL,
	STATE_VIRTIO,
	STATE_CLOCK,
	STATE_END,
	STATE_NR_TYPES,
};

/**
 * struct section - a section that is being written or read
 * @type: an enum state_type
 * @instance: which one of several
 * @data: payload, room for %STATE_MAX_LENGTH bytes
 * @len: bytes of payload
 * @pos: where the next get function reads
 * @bad: something did not fit: more was put than there is room for, or more
 *	 was taken than there is
 */
struct section {
	uint32_t type;
	uint32_t instance;
	uint8_t *data;
	size_t len;
	size_t pos;
	bool bad;
};

void section_destroy(struct section *section);
void section_begin(struct section *section, enum state_type type,
		   uint32_t instance);
void section_put(struct section *section, const void *data, size_t len);
void section_put8(struct section *section, uint8_t value);
void section_put16(struct section *section, uint16_t value);
void section_put32(struct section *section, uint32_t value);
void section_put64(struct section *section, uint64_t value);
const void *section_get(struct section *section, size_t len);
uint8_t section_get8(struct section *section);
uint16_t section_get16(struct section *section);
uint32_t section_get32(struct section *section);
uint64_t section_get64(struct section *section);
bool section_done(const struct section *section);

/**
 * struct state_stream - a file or socket that sections go to or come from
 * @fd: descriptor
 * @nr: sections so far
 * @bytes: bytes so far
 * @error: why the last function failed
 */
struct state_stream {
	int fd;
	uint32_t nr;
	uint64_t bytes;
	char error[128];
};

bool state_fail(struct state_stream *stream, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
bool section_create(struct section *section, struct state_stream *stream);
bool state_write_header(struct state_stream *stream);
bool state_write(struct state_stream *stream, const struct section *section);
bool state_write_end(struct state_stream *stream, struct section *section);
bool state_read_header(struct state_stream *stream);
bool state_use_up(struct state_stream *stream);
bool state_read(struct state_stream *stream, struct section *section);
bool state_read_end(struct state_stream *stream, struct section *section);

#endif
