// SPDX-License-Identifier: GPL-2.0-only
/*
 * Split virtqueues (Virtual I/O Device version 1.1, section 2.6).
 *
 * The guest owns every byte of the rings and may change it at any time: what
 * decides is read once into a local variable and checked there.
 */
#include <string.h>

#include "util.h"
#include "virtqueue.h"

/* Keeps the compiler from reading guest memory a second time. */
#define barrier()		__asm__ volatile("" ::: "memory")

#define DESC_ALIGN		16
#define AVAIL_ALIGN		2
#define USED_ALIGN		4
/* All buffers of a request together, in bytes: section 2.6.5.2 */
#define MAX_CHAIN		(4096ULL * SZ_1M)

static void *ring_ptr(const struct virtqueue *vq, uint64_t gpa,
		      unsigned int align, size_t len)
{
	return gpa % align ? NULL : ram_ptr(vq->ram, gpa, len);
}

/**
 * vq_start() - begin to use a queue
 * @vq: a queue whose size and addresses the driver has set to any value
 *
 * Return: false where they are not valid; the queue is not ready then.
 */
bool vq_start(struct virtqueue *vq)
{
	size_t size = vq->size;

	if (!size || size > VIRTQUEUE_MAX || (size & (size - 1)))
		return false;
	vq->desc = ring_ptr(vq, vq->desc_gpa, DESC_ALIGN,
			    size * sizeof(struct vring_desc));
	vq->avail = ring_ptr(vq, vq->avail_gpa, AVAIL_ALIGN,
			     sizeof(*vq->avail) +
			     size * sizeof(vq->avail->ring[0]));
	vq->used = ring_ptr(vq, vq->used_gpa, USED_ALIGN,
			    sizeof(*vq->used) +
			    size * sizeof(vq->used->ring[0]));
	vq->next_avail = 0;
	vq->next_used = 0;
	vq->ready = vq->desc && vq->avail && vq->used;
	return vq->ready;
}

/**
 * vq_save() - put the state of a queue into a section
 * @vq: the queue
 * @section: where to
 */
void vq_save(const struct virtqueue *vq, struct section *section)
{
	section_put32(section, vq->size);
	section_put8(section, vq->ready);
	section_put8(section, vq->indirect);
	section_put64(section, vq->desc_gpa);
	section_put64(section, vq->avail_gpa);
	section_put64(section, vq->used_gpa);
	section_put16(section, vq->next_avail);
	section_put16(section, vq->next_used);
}

/**
 * vq_load() - give a queue the state that a section holds
 * @vq: a queue after a reset
 * @section: where from; may hold anything
 *
 * Return: false where the section does not hold the state of a queue, or that
 * of one that cannot be in use; the queue is not ready then.
 */
bool vq_load(struct virtqueue *vq, struct section *section)
{
	uint16_t next_avail, next_used;
	bool ready;

	vq->size = section_get32(section);
	ready = section_get8(section);
	vq->indirect = section_get8(section);
	vq->desc_gpa = section_get64(section);
	vq->avail_gpa = section_get64(section);
	vq->used_gpa = section_get64(section);
	next_avail = section_get16(section);
	next_used = section_get16(section);
	if (section->bad || (ready && !vq_start(vq)))
		return false;
	vq->next_avail = next_avail;
	vq->next_used = next_used;
	return true;
}

static bool add_buffer(const struct virtqueue *vq, struct vq_chain *chain,
		       const struct vring_desc *desc)
{
	unsigned int nr = chain->nr_out + chain->nr_in;
	bool in = desc->flags & VRING_DESC_F_WRITE;
	void *host = ram_ptr(vq->ram, desc->addr, desc->len);

	if (!host || nr == ARRAY_SIZE(chain->iov) || (!in && chain->nr_in))
		return false;
	chain->iov[nr].iov_base = host;
	chain->iov[nr].iov_len = desc->len;
	if (in)
		chain->nr_in++;
	else
		chain->nr_out++;
	return true;
}

static bool walk_table(const struct virtqueue *vq, struct vq_chain *chain,
		       const void *table, unsigned int size,
		       unsigned int index, bool indirect_allowed);

static bool walk_indirect(const struct virtqueue *vq, struct vq_chain *chain,
			  const struct vring_desc *desc)
{
	uint32_t size = desc->len / sizeof(*desc);
	const void *table = ram_ptr(vq->ram, desc->addr, desc->len);

	if (!table || desc->len % sizeof(*desc) || !size ||
	    size > VIRTQUEUE_MAX || (desc->flags & VRING_DESC_F_NEXT))
		return false;
	return walk_table(vq, chain, table, size, 0, false);
}

/* @table is aligned to nothing where it is an indirect one. */
static bool walk_table(const struct virtqueue *vq, struct vq_chain *chain,
		       const void *table, unsigned int size,
		       unsigned int index, bool indirect_allowed)
{
	struct vring_desc desc;
	unsigned int left;

	/* A chain that is longer than the table is a loop. */
	for (left = size; left; left--) {
		if (index >= size)
			return false;
		memcpy(&desc, (const uint8_t *)table + index * sizeof(desc),
		       sizeof(desc));
		barrier();

		if (desc.flags & VRING_DESC_F_INDIRECT)
			return indirect_allowed &&
			       walk_indirect(vq, chain, &desc);
		if (!add_buffer(vq, chain, &desc))
			return false;
		if (!(desc.flags & VRING_DESC_F_NEXT))
			return true;
		index = desc.next;
	}
	return false;
}

/* Buffers may overlap, but a driver makes no request that is longer. */
static bool too_long(const struct vq_chain *chain)
{
	return iov_size(chain->iov, chain->nr_out + chain->nr_in) > MAX_CHAIN;
}

static void touch_buffers(const struct virtqueue *vq,
			  const struct vq_chain *chain)
{
	const struct iovec *in = chain->iov + chain->nr_out;
	unsigned int i;

	for (i = 0; i < chain->nr_in; i++)
		ram_touch(vq->ram, in[i].iov_base, in[i].iov_len);
}

/**
 * vq_pop() - take the next request from a queue
 * @vq: a queue that is ready
 * @chain: filled in
 *
 * Return: %VQ_CHAIN, or why there is none.
 */
enum vq_result vq_pop(struct virtqueue *vq, struct vq_chain *chain)
{
	uint16_t index = __atomic_load_n(&vq->avail->idx, __ATOMIC_ACQUIRE);
	uint16_t pending = index - vq->next_avail;
	uint16_t slot = vq->next_avail & (vq->size - 1);

	if (!pending)
		return VQ_EMPTY;
	if (pending > vq->size)
		return VQ_BROKEN;

	chain->head = __atomic_load_n(&vq->avail->ring[slot], __ATOMIC_RELAXED);
	chain->nr_out = 0;
	chain->nr_in = 0;
	if (!walk_table(vq, chain, vq->desc, vq->size, chain->head,
			vq->indirect) || too_long(chain))
		return VQ_BROKEN;
	touch_buffers(vq, chain);
	vq->next_avail++;
	return VQ_CHAIN;
}

/**
 * vq_put_back() - leave the request that vq_pop() returned last in the queue
 * @vq: the queue it came from
 */
void vq_put_back(struct virtqueue *vq)
{
	vq->next_avail--;
}

/**
 * vq_push() - give a request back to the driver
 * @vq: the queue it came from
 * @head: &vq_chain.head of the request
 * @len: number of bytes written to its buffers
 */
void vq_push(struct virtqueue *vq, uint16_t head, uint32_t len)
{
	vring_used_elem_t *elem;

	elem = &vq->used->ring[vq->next_used++ & (vq->size - 1)];
	elem->id = head;
	elem->len = len;
	ram_touch(vq->ram, vq->used,
		  sizeof(*vq->used) + vq->size * sizeof(vq->used->ring[0]));
	__atomic_store_n(&vq->used->idx, vq->next_used, __ATOMIC_RELEASE);
}

/**
 * vq_wants_interrupt() - does the driver want to hear of finished requests
 * @vq: the queue, after vq_push()
 *
 * Return: true for yes.
 */
bool vq_wants_interrupt(const struct virtqueue *vq)
{
	uint16_t flags;

	/* The driver clears the flag, then looks at the used index. */
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	flags = __atomic_load_n(&vq->avail->flags, __ATOMIC_RELAXED);
	return !(flags & VRING_AVAIL_F_NO_INTERRUPT);
}

/**
 * iov_size() - length of a list of buffers
 * @iov: the buffers
 * @nr: their number
 *
 * Return: the length in bytes; it may exceed the size of guest memory, as
 * buffers may overlap.
 */
uint64_t iov_size(const struct iovec *iov, unsigned int nr)
{
	uint64_t size = 0;

	while (nr--)
		size += iov++->iov_len;
	return size;
}
