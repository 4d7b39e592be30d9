/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VMM_VIRTIO_MMIO_H
#define VMM_VIRTIO_MMIO_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "irq.h"
#include "loop.h"
#include "mmio.h"
#include "state.h"
#include "virtqueue.h"

#define VIRTIO_MAX_QUEUES	2
/* What a request handler returns for one that breaks the rules */
#define VIRTIO_MALFORMED	(-1)
/* And for one that is to stay in the queue until its doorbell is signalled */
#define VIRTIO_LATER		(-2)

struct virtio_device;

/**
 * struct virtio_ops - a kind of device
 * @notify: the driver added requests to queue number @queue, which is ready
 * @reset: forget the driver; may be NULL
 * @save: put what this kind of device has of its own into a section; may be
 *	  NULL, as may @load
 * @load: take it from there; return false where it is not valid
 * @settle: have what the driver wrote be where it stays; may be NULL; return
 *	    false with &state_stream.error set on failure. In any thread
 * @destroy: free the device
 *
 * Called with &virtio_device.lock held, @settle and @destroy without.
 */
struct virtio_ops {
	void (*notify)(struct virtio_device *dev, unsigned int queue);
	void (*reset)(struct virtio_device *dev);
	void (*save)(const struct virtio_device *dev, struct section *section);
	bool (*load)(struct virtio_device *dev, struct section *section);
	bool (*settle)(struct virtio_device *dev, struct state_stream *stream);
	void (*destroy)(struct virtio_device *dev);
};

/**
 * struct virtio_queue - a virtqueue and its doorbell
 * @dev: the device
 * @kick: the doorbell, an event descriptor in the event loop
 * @vq: the virtqueue
 */
struct virtio_queue {
	struct virtio_device *dev;
	struct event_source kick;
	struct virtqueue vq;
};

/**
 * struct virtio_device - a device on the MMIO transport
 * @ops: the kind of device
 * @id: virtio device number
 * @features: what the device offers
 * @config: configuration space
 * @config_size: its size in bytes
 * @nr_queues: number of queues
 *
 * @lock: protects all that follows but @interrupt_status
 * @irq: the interrupt line, edge-triggered
 * @interrupt_status: why the interrupt was sent, until acknowledged
 * @status: device status
 * @driver_features: what the driver accepted
 * @features_sel: which half of @features the driver reads
 * @driver_features_sel: which half of @driver_features it writes
 * @queue_sel: queue the queue registers are about, any value
 * @queue: the queues
 */
struct virtio_device {
	const struct virtio_ops *ops;
	uint32_t id;
	uint64_t features;
	const void *config;
	size_t config_size;
	unsigned int nr_queues;

	pthread_mutex_t lock;
	struct irq_line irq;
	atomic_uint interrupt_status;
	uint32_t status;
	uint64_t driver_features;
	uint32_t features_sel;
	uint32_t driver_features_sel;
	uint32_t queue_sel;
	struct virtio_queue queue[VIRTIO_MAX_QUEUES];
};

/**
 * typedef virtio_request_fn - do one request
 * @dev: the device
 * @chain: its buffers; may be modified
 *
 * Return: number of bytes written to its buffers, %VIRTIO_MALFORMED or
 * %VIRTIO_LATER.
 */
typedef int64_t (*virtio_request_fn)(struct virtio_device *dev,
				     struct vq_chain *chain);

extern const struct mmio_ops virtio_mmio_ops;

void virtio_init(struct virtio_device *dev, const struct guest_ram *ram);
void virtio_destroy(struct virtio_device *dev);
bool virtio_queue_usable(struct virtio_device *dev, unsigned int queue);
void virtio_process(struct virtio_device *dev, unsigned int queue,
		    virtio_request_fn request);
void virtio_interrupt_queue(struct virtio_device *dev, unsigned int queue);
void virtio_fail(struct virtio_device *dev);
void virtio_save(struct virtio_device *dev, struct section *section);
bool virtio_load(struct virtio_device *dev, struct section *section);
bool virtio_settle(struct virtio_device *dev, struct state_stream *stream);

/**
 * enum disk_lock - what others may do with a disk, at most
 * @DISK_SHARED: read it
 * @DISK_OWN: nothing
 * @DISK_AWAIT: nothing, once they do nothing with it
 *
 * For a disk that is only read, each is @DISK_SHARED.
 */
enum disk_lock {
	DISK_SHARED,
	DISK_OWN,
	DISK_AWAIT,
};

/* The kinds of devices. */
struct virtio_device *virtio_blk_create(const char *path, bool read_only);
bool virtio_blk_lock(struct virtio_device *dev, enum disk_lock lock);
void virtio_blk_forget(struct virtio_device *dev);
struct virtio_device *virtio_console_create(void);
size_t virtio_console_room(void *device);
void virtio_console_input(void *device, const uint8_t *data, size_t len);

#endif
