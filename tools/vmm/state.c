// SPDX-License-Identifier: GPL-2.0-only
/* Sections of a saved guest, and the stream they are in. */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "state.h"
#include "util.h"

#define MAGIC			"KVMVMMST"
#define CANNOT_MARK		"cannot be marked as restored: %s"

/**
 * struct stream_header - how a stream begins
 * @magic: tells it from other files
 * @version: %STATE_VERSION
 * @used: the guest has gone on from here, see state_use_up()
 */
struct stream_header {
	char magic[8];
	uint32_t version;
	uint32_t used;
};

/**
 * struct section_header - what precedes the payload of a section
 * @type: an enum state_type
 * @instance: which one of several
 * @length: bytes of payload
 * @reserved: zero
 * @check: checksum of the members above and the payload
 */
struct section_header {
	uint32_t type;
	uint32_t instance;
	uint32_t length;
	uint32_t reserved;
	uint64_t check;
};

/**
 * state_fail() - remember why something failed
 * @stream: the stream
 * @fmt: printf() format, without the newline
 *
 * Return: false.
 */
bool state_fail(struct state_stream *stream, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vsnprintf(stream->error, sizeof(stream->error), fmt, args);
	va_end(args);
	return false;
}

/* ---- sections ---- */

/**
 * section_create() - allocate room for a section
 * @section: filled in; section_destroy() may be called in any case
 * @stream: for &state_stream.error
 *
 * Return: false with &state_stream.error set where there is not enough memory.
 */
bool section_create(struct section *section, struct state_stream *stream)
{
	*section = (struct section) { .data = calloc(1, STATE_MAX_LENGTH) };
	return section->data || state_fail(stream, "out of memory");
}

/**
 * section_destroy() - free what section_create() allocated
 * @section: the section
 */
void section_destroy(struct section *section)
{
	free(section->data);
}

/**
 * section_begin() - start to fill a section
 * @section: the section; what it held is gone
 * @type: what it will hold
 * @instance: which one of several, from 0
 */
void section_begin(struct section *section, enum state_type type,
		   uint32_t instance)
{
	section->type = type;
	section->instance = instance;
	section->len = 0;
	section->pos = 0;
	section->bad = false;
}

/**
 * section_put() - add bytes to a section
 * @section: the section
 * @data: the bytes
 * @len: their number
 */
void section_put(struct section *section, const void *data, size_t len)
{
	if (len > STATE_MAX_LENGTH - section->len) {
		section->bad = true;
		return;
	}
	/* No bytes may have no address, which memcpy() does not take. */
	if (len)
		memcpy(section->data + section->len, data, len);
	section->len += len;
}

/**
 * section_put8() - add a number of 8 bits to a section
 * @section: the section
 * @value: the number
 */
void section_put8(struct section *section, uint8_t value)
{
	section_put(section, &value, sizeof(value));
}

/**
 * section_put16() - add a number of 16 bits to a section
 * @section: the section
 * @value: the number
 */
void section_put16(struct section *section, uint16_t value)
{
	section_put(section, &value, sizeof(value));
}

/**
 * section_put32() - add a number of 32 bits to a section
 * @section: the section
 * @value: the number
 */
void section_put32(struct section *section, uint32_t value)
{
	section_put(section, &value, sizeof(value));
}

/**
 * section_put64() - add a number of 64 bits to a section
 * @section: the section
 * @value: the number
 */
void section_put64(struct section *section, uint64_t value)
{
	section_put(section, &value, sizeof(value));
}

/**
 * section_get() - take bytes from a section
 * @section: the section
 * @len: their number
 *
 * Return: the bytes, aligned to nothing, or NULL where there are not as many.
 */
const void *section_get(struct section *section, size_t len)
{
	const void *data = section->data + section->pos;

	if (section->bad || len > section->len - section->pos) {
		section->bad = true;
		return NULL;
	}
	section->pos += len;
	return data;
}

/* A section that is too short reads as zero; section_done() tells. */
static void get_number(struct section *section, void *value, size_t len)
{
	const void *data = section_get(section, len);

	if (data)
		memcpy(value, data, len);
}

/**
 * section_get8() - take a number of 8 bits from a section
 * @section: the section
 *
 * Return: the number, or 0 where there is none.
 */
uint8_t section_get8(struct section *section)
{
	uint8_t value = 0;

	get_number(section, &value, sizeof(value));
	return value;
}

/**
 * section_get16() - take a number of 16 bits from a section
 * @section: the section
 *
 * Return: the number, or 0 where there is none.
 */
uint16_t section_get16(struct section *section)
{
	uint16_t value = 0;

	get_number(section, &value, sizeof(value));
	return value;
}

/**
 * section_get32() - take a number of 32 bits from a section
 * @section: the section
 *
 * Return: the number, or 0 where there is none.
 */
uint32_t section_get32(struct section *section)
{
	uint32_t value = 0;

	get_number(section, &value, sizeof(value));
	return value;
}

/**
 * section_get64() - take a number of 64 bits from a section
 * @section: the section
 *
 * Return: the number, or 0 where there is none.
 */
uint64_t section_get64(struct section *section)
{
	uint64_t value = 0;

	get_number(section, &value, sizeof(value));
	return value;
}

/**
 * section_done() - has a section held what it should, and nothing else
 * @section: a section from which all was taken
 *
 * Return: true where it was neither too short nor too long.
 */
bool section_done(const struct section *section)
{
	return !section->bad && section->pos == section->len;
}

/* ---- the checksum ---- */

/**
 * struct checksum - Fletcher's checksum over words of 32 bits
 * @sum: sum of the words
 * @sums: sum of all @sum so far, so that the order of the words counts
 *
 * Against files that were cut, mixed up or hit by a bad disk, at two additions
 * a word, since it is computed over all of guest memory.
 */
struct checksum {
	uint32_t sum;
	uint32_t sums;
};

static void checksum_add(struct checksum *check, const void *data, size_t len)
{
	const uint8_t *from = data;
	uint32_t word;

	for (; len >= sizeof(word); len -= sizeof(word), from += sizeof(word)) {
		memcpy(&word, from, sizeof(word));
		check->sum += word;
		check->sums += check->sum;
	}
	if (!len)
		return;
	word = 0;
	memcpy(&word, from, len);
	check->sum += word;
	check->sums += check->sum;
}

static uint64_t section_check(const struct section_header *header,
			      const void *data)
{
	struct checksum check = { 0 };

	checksum_add(&check, header, offsetof(struct section_header, check));
	checksum_add(&check, data, header->length);
	return (uint64_t)check.sums << 32 | check.sum;
}

/* ---- the stream ---- */

static bool write_all(struct state_stream *stream, const void *data, size_t len)
{
	const uint8_t *from = data;
	ssize_t done;

	while (len) {
		done = write(stream->fd, from, len);
		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0)
			return state_fail(stream, "cannot write: %s",
					  strerror(errno));
		from += done;
		len -= done;
		stream->bytes += done;
	}
	return true;
}

static bool read_all(struct state_stream *stream, void *data, size_t len)
{
	uint8_t *to = data;
	ssize_t done;

	while (len) {
		done = read(stream->fd, to, len);
		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0)
			return state_fail(stream, "cannot read: %s",
					  strerror(errno));
		if (!done)
			return state_fail(stream, "ends after %llu bytes",
					  (unsigned long long)stream->bytes);
		to += done;
		len -= done;
		stream->bytes += done;
	}
	return true;
}

/**
 * state_write_header() - begin a stream
 * @stream: the stream
 *
 * Return: false with &state_stream.error set on failure.
 */
bool state_write_header(struct state_stream *stream)
{
	struct stream_header header = { .version = STATE_VERSION };

	memcpy(header.magic, MAGIC, sizeof(header.magic));
	return write_all(stream, &header, sizeof(header));
}

/**
 * state_write() - write a section
 * @stream: the stream
 * @section: the section
 *
 * Return: false with &state_stream.error set on failure.
 */
bool state_write(struct state_stream *stream, const struct section *section)
{
	struct section_header header = {
		.type = section->type,
		.instance = section->instance,
		.length = section->len,
	};

	if (section->bad)
		return state_fail(stream, "section %u is too large",
				  section->type);
	header.check = section_check(&header, section->data);
	stream->nr++;
	return write_all(stream, &header, sizeof(header)) &&
	       write_all(stream, section->data, section->len);
}

/**
 * state_write_end() - end a stream
 * @stream: the stream
 * @section: any section; what it held is gone
 *
 * Return: false with &state_stream.error set on failure.
 */
bool state_write_end(struct state_stream *stream, struct section *section)
{
	section_begin(section, STATE_END, 0);
	section_put32(section, stream->nr);
	return state_write(stream, section);
}

static bool check_unused(struct state_stream *stream, uint32_t used)
{
	return !used ||
	       state_fail(stream, "was restored before: its disks have gone on");
}

/**
 * state_read_header() - begin to read a stream
 * @stream: the stream
 *
 * Return: false with &state_stream.error set where it is none, one of another
 * version, or one that was used.
 */
bool state_read_header(struct state_stream *stream)
{
	struct stream_header header;

	if (!read_all(stream, &header, sizeof(header)))
		return false;
	if (memcmp(header.magic, MAGIC, sizeof(header.magic)))
		return state_fail(stream, "is not a saved guest");
	if (header.version != STATE_VERSION)
		return state_fail(stream, "has format version %u, not %u",
				  header.version, STATE_VERSION);
	return check_unused(stream, header.used);
}

static bool write_used(int fd, uint32_t used)
{
	return pwrite(fd, &used, sizeof(used),
		      offsetof(struct stream_header, used)) == sizeof(used);
}

/* Left as it was where it cannot be marked: the guest has not gone on. */
static bool mark_used(struct state_stream *stream, int fd)
{
	uint32_t used;
	int error;

	if (pread(fd, &used, sizeof(used),
		  offsetof(struct stream_header, used)) != sizeof(used))
		return state_fail(stream, "is gone");
	if (!check_unused(stream, used))
		return false;
	if (write_used(fd, true) && sync_fd(fd))
		return true;
	error = errno;
	write_used(fd, false);
	return state_fail(stream, CANNOT_MARK, strerror(error));
}

/**
 * state_use_up() - have state_read_header() refuse a file from now on
 * @stream: the stream; a pipe is gone by itself
 *
 * Once the guest has written to its disks the state is of others: a file system
 * that it has in its memory would be written over what has become of it. Who has
 * kept copies of both has a state that was not used.
 *
 * Context: with the disks taken, so that of several who have read the header one
 * gets here at a time, and the first gets the guest.
 *
 * Return: false with &state_stream.error set where the file was used meanwhile, or
 * cannot be marked; when it has been, that outlives a power cut.
 */
bool state_use_up(struct state_stream *stream)
{
	char path[sizeof("/proc/self/fd/") + 10];
	bool ok;
	int fd;

	if (lseek(stream->fd, 0, SEEK_CUR) < 0)
		return true;
	/* By its name it may be another by now. */
	snprintf(path, sizeof(path), "/proc/self/fd/%d", stream->fd);
	fd = open(path, O_RDWR | O_CLOEXEC);
	if (fd < 0)
		return state_fail(stream, CANNOT_MARK, strerror(errno));
	ok = mark_used(stream, fd);
	close(fd);
	return ok;
}

/**
 * state_read() - read the next section
 * @stream: the stream
 * @section: filled in
 *
 * Return: false with &state_stream.error set where the stream ends early or
 * the section is not as it was written.
 */
bool state_read(struct state_stream *stream, struct section *section)
{
	struct section_header header;
	uint64_t where = stream->bytes;

	if (!read_all(stream, &header, sizeof(header)))
		return false;
	if (!header.type || header.type >= STATE_NR_TYPES || header.reserved ||
	    header.length > STATE_MAX_LENGTH)
		return state_fail(stream, "is damaged at byte %llu",
				  (unsigned long long)where);
	section_begin(section, header.type, header.instance);
	if (!read_all(stream, section->data, header.length))
		return false;
	section->len = header.length;
	if (section_check(&header, section->data) != header.check)
		return state_fail(stream, "is damaged after byte %llu",
				  (unsigned long long)where);
	stream->nr++;
	return true;
}

/**
 * state_read_end() - check the last section of a stream
 * @stream: the stream
 * @section: the section that was read last, of type %STATE_END
 *
 * Return: false with &state_stream.error set where sections are missing.
 */
bool state_read_end(struct state_stream *stream, struct section *section)
{
	uint32_t nr = section_get32(section);

	if (!section_done(section) || nr != stream->nr - 1)
		return state_fail(stream, "lacks sections");
	return true;
}
