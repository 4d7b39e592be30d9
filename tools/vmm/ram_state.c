// SPDX-License-Identifier: GPL-2.0-only
/*
 * Guest memory in a stream: runs of pages with their content, and runs of
 * pages that became zero.
 */
#include <string.h>

#include "ram_state.h"
#include "util.h"

/* As many as fit into a section, with their address before them */
#define MAX_DATA_PAGES \
	((STATE_MAX_LENGTH - sizeof(uint64_t)) / RAM_PAGE_SIZE)
#define WORDS_PER_STEP		8

static bool page_is_zero(const uint8_t *page)
{
	const uint32_t *word = (const void *)page, *end;

	for (end = word + RAM_PAGE_SIZE / sizeof(*word); word < end;
	     word += WORDS_PER_STEP)
		if (word[0] | word[1] | word[2] | word[3] |
		    word[4] | word[5] | word[6] | word[7])
			return false;
	return true;
}

/*
 * A running guest may change a page while it is copied. It is in the dirty log
 * then, and comes again; what matters is that checksum and content are of the
 * same copy.
 */
static bool write_data(struct state_stream *stream, struct section *section,
		       const struct guest_ram *ram, unsigned int first,
		       unsigned int nr)
{
	uint64_t offset = (uint64_t)first * RAM_PAGE_SIZE;

	section_begin(section, STATE_RAM, 0);
	section_put64(section, ram->base + offset);
	section_put(section, ram->host + (size_t)offset,
		    (size_t)nr * RAM_PAGE_SIZE);
	return state_write(stream, section);
}

static bool write_zero(struct state_stream *stream, struct section *section,
		       const struct guest_ram *ram, unsigned int first,
		       unsigned int nr)
{
	section_begin(section, STATE_ZERO, 0);
	section_put64(section, ram->base + (uint64_t)first * RAM_PAGE_SIZE);
	section_put64(section, (uint64_t)nr * RAM_PAGE_SIZE);
	return state_write(stream, section);
}

static bool is_dirty(const uint8_t *dirty, unsigned int page)
{
	return !dirty || (dirty[page / 8] & BIT(page % 8));
}

/**
 * ram_save() - write guest memory
 * @stream: where to
 * @section: room for a section
 * @ram: the memory, a multiple of the page size
 * @dirty: which pages, a bit each as KVM_GET_DIRTY_LOG has them, or NULL for
 *	   all of a guest of which the reader has nothing yet: memory is zero
 *	   there, and so are pages that are left out
 * @count: the pages are added to it
 *
 * Return: false with &state_stream.error set on failure.
 */
bool ram_save(struct state_stream *stream, struct section *section,
	      const struct guest_ram *ram, const uint8_t *dirty,
	      struct ram_count *count)
{
	unsigned int nr_pages = ram->size / RAM_PAGE_SIZE;
	unsigned int page = 0, first;
	bool zero;

	while (page < nr_pages) {
		first = page;
		if (!is_dirty(dirty, page)) {
			page++;
			continue;
		}
		zero = page_is_zero(ram->host + (size_t)page * RAM_PAGE_SIZE);
		do {
			page++;
		} while (page < nr_pages && is_dirty(dirty, page) &&
			 (zero || page - first < MAX_DATA_PAGES) &&
			 page_is_zero(ram->host +
				      (size_t)page * RAM_PAGE_SIZE) == zero);

		if (!zero) {
			count->data += page - first;
			if (!write_data(stream, section, ram, first,
					page - first))
				return false;
			continue;
		}
		count->zero += page - first;
		if (dirty &&
		    !write_zero(stream, section, ram, first, page - first))
			return false;
	}
	return true;
}

/**
 * ram_load_data() - take pages from a section
 * @section: a section of type %STATE_RAM
 * @ram: the memory
 *
 * Return: false where the section is not valid for this memory.
 */
bool ram_load_data(struct section *section, const struct guest_ram *ram)
{
	uint64_t gpa = section_get64(section);
	size_t len = section->len - section->pos;
	const void *from = section_get(section, len);
	void *to = ram_ptr(ram, gpa, len);

	if (!from || !to)
		return false;
	memcpy(to, from, len);
	return true;
}

/**
 * ram_load_zero() - clear the pages that a section names
 * @section: a section of type %STATE_ZERO
 * @ram: the memory
 *
 * Return: false where the section is not valid for this memory.
 */
bool ram_load_zero(struct section *section, const struct guest_ram *ram)
{
	uint64_t gpa = section_get64(section);
	uint64_t len = section_get64(section);
	void *to = ram_ptr(ram, gpa, len);

	if (!section_done(section) || !to)
		return false;
	memset(to, 0, len);
	return true;
}
