/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VMM_VIRTQUEUE_H
#define VMM_VIRTQUEUE_H

#include <linux/virtio_ring.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/uio.h>

#include "ram.h"
#include "state.h"

#define VIRTQUEUE_MAX		256

/**
 * struct virtqueue - a split virtqueue, as the driver set it up
 * @ram: guest memory
 * @size: number of descriptors
 * @ready: the three parts below were checked and are in use
 * @indirect: the driver may use indirect descriptors
 * @desc_gpa: guest physical address of the descriptors
 * @avail_gpa: guest physical address of the driver's ring
 * @used_gpa: guest physical address of the device's ring
 * @desc: descriptors
 * @avail: driver's ring
 * @used: device's ring
 * @next_avail: free-running index of the next entry of @avail to take
 * @next_used: free-running index of the next entry of @used to fill
 */
struct virtqueue {
	const struct guest_ram *ram;
	uint32_t size;
	bool ready;
	bool indirect;
	uint64_t desc_gpa;
	uint64_t avail_gpa;
	uint64_t used_gpa;
	const void *desc;
	struct vring_avail *avail;
	struct vring_used *used;
	uint16_t next_avail;
	uint16_t next_used;
};

/**
 * struct vq_chain - the buffers of one request, all inside guest memory
 * @head: what to hand to vq_push()
 * @nr_out: number of buffers the device reads, first in @iov
 * @nr_in: number of buffers the device writes, after them
 * @iov: the buffers
 */
struct vq_chain {
	uint16_t head;
	unsigned int nr_out;
	unsigned int nr_in;
	struct iovec iov[VIRTQUEUE_MAX];
};

/**
 * enum vq_result - what vq_pop() found
 * @VQ_EMPTY: nothing
 * @VQ_CHAIN: a request
 * @VQ_BROKEN: the driver breaks the rules: the device must stop
 */
enum vq_result {
	VQ_EMPTY,
	VQ_CHAIN,
	VQ_BROKEN,
};

bool vq_start(struct virtqueue *vq);
void vq_save(const struct virtqueue *vq, struct section *section);
bool vq_load(struct virtqueue *vq, struct section *section);
enum vq_result vq_pop(struct virtqueue *vq, struct vq_chain *chain);
void vq_put_back(struct virtqueue *vq);
void vq_push(struct virtqueue *vq, uint16_t head, uint32_t len);
bool vq_wants_interrupt(const struct virtqueue *vq);
uint64_t iov_size(const struct iovec *iov, unsigned int nr);

#endif
