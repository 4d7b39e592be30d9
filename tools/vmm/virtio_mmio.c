// SPDX-License-Identifier: GPL-2.0-only
/*
 * The MMIO transport of virtio devices (Virtual I/O Device version 1.1,
 * section 4.2), without the legacy interface.
 */
#include <linux/virtio_config.h>
#include <linux/virtio_mmio.h>
#include <linux/virtio_ring.h>
#include <string.h>
#include <unistd.h>

#include "util.h"
#include "virtio_mmio.h"

#define MAGIC			0x74726976	/* "virt" */
#define VERSION			2
#define VENDOR			0x4d4d564b	/* "KVMM" */
#define NO_SHARED_MEMORY	(~0U)
#define REG_SIZE		4
#define REG(offset)		((offset) / REG_SIZE)
#define NR_REGS			REG(VIRTIO_MMIO_CONFIG)

#define TRANSPORT_FEATURES	((1ULL << VIRTIO_F_VERSION_1) | \
				 (1ULL << VIRTIO_RING_F_INDIRECT_DESC))

static struct virtqueue *selected(struct virtio_device *dev)
{
	if (dev->queue_sel >= dev->nr_queues)
		return NULL;
	return &dev->queue[dev->queue_sel].vq;
}

static void interrupt(struct virtio_device *dev, unsigned int reason)
{
	atomic_fetch_or(&dev->interrupt_status, reason);
	irq_line_pulse(&dev->irq);
}

/**
 * virtio_interrupt_queue() - tell the driver that requests are finished
 * @dev: the device
 * @queue: number of the queue
 *
 * Context: &virtio_device.lock held.
 */
void virtio_interrupt_queue(struct virtio_device *dev, unsigned int queue)
{
	if (vq_wants_interrupt(&dev->queue[queue].vq))
		interrupt(dev, VIRTIO_MMIO_INT_VRING);
}

/**
 * virtio_fail() - stop the device until the driver resets it
 * @dev: the device, whose driver broke the rules
 *
 * Context: &virtio_device.lock held.
 */
void virtio_fail(struct virtio_device *dev)
{
	dev->status |= VIRTIO_CONFIG_S_NEEDS_RESET;
	if (dev->status & VIRTIO_CONFIG_S_DRIVER_OK)
		interrupt(dev, VIRTIO_MMIO_INT_CONFIG);
}

/**
 * virtio_queue_usable() - may the device use a queue
 * @dev: the device
 * @queue: number of the queue
 *
 * Context: &virtio_device.lock held.
 *
 * Return: true where the driver has set up the device and the queue.
 */
bool virtio_queue_usable(struct virtio_device *dev, unsigned int queue)
{
	return (dev->status & VIRTIO_CONFIG_S_DRIVER_OK) &&
	       !(dev->status & VIRTIO_CONFIG_S_NEEDS_RESET) &&
	       dev->queue[queue].vq.ready;
}

/**
 * virtio_process() - do the requests that wait in a queue
 * @dev: the device
 * @queue: number of the queue, which is usable
 * @request: does one
 *
 * A driver that adds requests as fast as they are done gets its turn again
 * after the other event sources. Context: &virtio_device.lock held.
 */
void virtio_process(struct virtio_device *dev, unsigned int queue,
		    virtio_request_fn request)
{
	struct virtqueue *vq = &dev->queue[queue].vq;
	enum vq_result result = VQ_CHAIN;
	struct vq_chain chain;
	unsigned int done;
	int64_t len;

	for (done = 0; done < vq->size; done++) {
		result = vq_pop(vq, &chain);
		if (result != VQ_CHAIN)
			break;
		len = request(dev, &chain);
		if (len == VIRTIO_MALFORMED) {
			result = VQ_BROKEN;
			break;
		}
		if (len == VIRTIO_LATER) {
			vq_put_back(vq);
			result = VQ_EMPTY;
			break;
		}
		vq_push(vq, chain.head, len);
	}
	if (done)
		virtio_interrupt_queue(dev, queue);
	if (result == VQ_BROKEN)
		virtio_fail(dev);
	if (result == VQ_CHAIN)
		eventfd_signal(dev->queue[queue].kick.fd);
}

static void kicked(struct event_source *source)
{
	struct virtio_queue *queue = container_of(source, struct virtio_queue,
						  kick);
	struct virtio_device *dev = queue->dev;
	unsigned int index = queue - dev->queue;

	eventfd_clear(source->fd);
	pthread_mutex_lock(&dev->lock);
	if (virtio_queue_usable(dev, index))
		dev->ops->notify(dev, index);
	pthread_mutex_unlock(&dev->lock);
}

static void reset(struct virtio_device *dev)
{
	const struct guest_ram *ram;
	unsigned int i;

	for (i = 0; i < dev->nr_queues; i++) {
		ram = dev->queue[i].vq.ram;
		memset(&dev->queue[i].vq, 0, sizeof(dev->queue[i].vq));
		dev->queue[i].vq.ram = ram;
	}
	dev->status = 0;
	dev->driver_features = 0;
	dev->features_sel = 0;
	dev->driver_features_sel = 0;
	dev->queue_sel = 0;
	atomic_store(&dev->interrupt_status, 0);
	if (dev->ops->reset)
		dev->ops->reset(dev);
}

static uint32_t read_magic(struct virtio_device *dev)
{
	(void)dev;
	return MAGIC;
}

static uint32_t read_version(struct virtio_device *dev)
{
	(void)dev;
	return VERSION;
}

static uint32_t read_device_id(struct virtio_device *dev)
{
	return dev->id;
}

static uint32_t read_vendor(struct virtio_device *dev)
{
	(void)dev;
	return VENDOR;
}

static uint32_t read_features(struct virtio_device *dev)
{
	if (dev->features_sel > 1)
		return 0;
	return dev->features >> (32 * dev->features_sel);
}

static uint32_t read_queue_max(struct virtio_device *dev)
{
	return selected(dev) ? VIRTQUEUE_MAX : 0;
}

static uint32_t read_queue_ready(struct virtio_device *dev)
{
	return selected(dev) && selected(dev)->ready;
}

static uint32_t read_status(struct virtio_device *dev)
{
	return dev->status;
}

static uint32_t read_no_shared_memory(struct virtio_device *dev)
{
	(void)dev;
	return NO_SHARED_MEMORY;
}

static uint32_t (*const read_reg[NR_REGS])(struct virtio_device *dev) = {
	[REG(VIRTIO_MMIO_MAGIC_VALUE)]		= read_magic,
	[REG(VIRTIO_MMIO_VERSION)]		= read_version,
	[REG(VIRTIO_MMIO_DEVICE_ID)]		= read_device_id,
	[REG(VIRTIO_MMIO_VENDOR_ID)]		= read_vendor,
	[REG(VIRTIO_MMIO_DEVICE_FEATURES)]	= read_features,
	[REG(VIRTIO_MMIO_QUEUE_NUM_MAX)]	= read_queue_max,
	[REG(VIRTIO_MMIO_QUEUE_READY)]		= read_queue_ready,
	[REG(VIRTIO_MMIO_STATUS)]		= read_status,
	[REG(VIRTIO_MMIO_SHM_LEN_LOW)]		= read_no_shared_memory,
	[REG(VIRTIO_MMIO_SHM_LEN_HIGH)]		= read_no_shared_memory,
	[REG(VIRTIO_MMIO_SHM_BASE_LOW)]		= read_no_shared_memory,
	[REG(VIRTIO_MMIO_SHM_BASE_HIGH)]	= read_no_shared_memory,
};

static void write_features_sel(struct virtio_device *dev, uint32_t value,
			       size_t arg)
{
	(void)arg;
	dev->features_sel = value;
}

static void write_driver_features(struct virtio_device *dev, uint32_t value,
				  size_t arg)
{
	unsigned int shift = 32 * dev->driver_features_sel;

	(void)arg;
	if (dev->driver_features_sel > 1 ||
	    (dev->status & VIRTIO_CONFIG_S_FEATURES_OK))
		return;
	dev->driver_features &= ~(0xffffffffULL << shift);
	dev->driver_features |= (uint64_t)value << shift;
}

static void write_driver_features_sel(struct virtio_device *dev,
				      uint32_t value, size_t arg)
{
	(void)arg;
	dev->driver_features_sel = value;
}

static void write_queue_sel(struct virtio_device *dev, uint32_t value,
			    size_t arg)
{
	(void)arg;
	dev->queue_sel = value;
}

static void write_queue_size(struct virtio_device *dev, uint32_t value,
			     size_t arg)
{
	struct virtqueue *vq = selected(dev);

	(void)arg;
	if (vq && !vq->ready)
		vq->size = value;
}

/* @arg is the offset of one half of a 64-bit member of struct virtqueue. */
static void write_queue_address(struct virtio_device *dev, uint32_t value,
				size_t arg)
{
	struct virtqueue *vq = selected(dev);

	if (vq && !vq->ready)
		memcpy((uint8_t *)vq + arg, &value, sizeof(value));
}

static void write_queue_ready(struct virtio_device *dev, uint32_t value,
			      size_t arg)
{
	struct virtqueue *vq = selected(dev);

	(void)arg;
	if (!vq)
		return;
	if (!value) {
		vq->ready = false;
		return;
	}
	vq->indirect = dev->driver_features &
		       (1ULL << VIRTIO_RING_F_INDIRECT_DESC);
	if (!vq->ready && !vq_start(vq))
		virtio_fail(dev);
}

/* Only where KVM does not take the write itself (KVM_IOEVENTFD). */
static void write_queue_notify(struct virtio_device *dev, uint32_t value,
			       size_t arg)
{
	(void)arg;
	if (value < dev->nr_queues)
		eventfd_signal(dev->queue[value].kick.fd);
}

static bool features_acceptable(const struct virtio_device *dev)
{
	return !(dev->driver_features & ~dev->features) &&
	       (dev->driver_features & (1ULL << VIRTIO_F_VERSION_1));
}

static void write_status(struct virtio_device *dev, uint32_t value, size_t arg)
{
	unsigned int i;

	(void)arg;
	if (!value) {
		reset(dev);
		return;
	}
	if ((value & VIRTIO_CONFIG_S_FEATURES_OK) && !features_acceptable(dev))
		value &= ~VIRTIO_CONFIG_S_FEATURES_OK;
	dev->status = value | (dev->status & VIRTIO_CONFIG_S_NEEDS_RESET);

	/* A queue may have been notified before, to no effect. */
	if (value & VIRTIO_CONFIG_S_DRIVER_OK)
		for (i = 0; i < dev->nr_queues; i++)
			eventfd_signal(dev->queue[i].kick.fd);
}

#define QUEUE_ADDRESS(member) \
	{ write_queue_address, offsetof(struct virtqueue, member) }
#define QUEUE_ADDRESS_HIGH(member) \
	{ write_queue_address, offsetof(struct virtqueue, member) + REG_SIZE }

static const struct {
	void (*write)(struct virtio_device *dev, uint32_t value, size_t arg);
	size_t arg;
} write_reg[NR_REGS] = {
	[REG(VIRTIO_MMIO_DEVICE_FEATURES_SEL)]	= { write_features_sel, 0 },
	[REG(VIRTIO_MMIO_DRIVER_FEATURES)]	= { write_driver_features, 0 },
	[REG(VIRTIO_MMIO_DRIVER_FEATURES_SEL)]	= { write_driver_features_sel, 0 },
	[REG(VIRTIO_MMIO_QUEUE_SEL)]		= { write_queue_sel, 0 },
	[REG(VIRTIO_MMIO_QUEUE_NUM)]		= { write_queue_size, 0 },
	[REG(VIRTIO_MMIO_QUEUE_READY)]		= { write_queue_ready, 0 },
	[REG(VIRTIO_MMIO_QUEUE_NOTIFY)]		= { write_queue_notify, 0 },
	[REG(VIRTIO_MMIO_STATUS)]		= { write_status, 0 },
	[REG(VIRTIO_MMIO_QUEUE_DESC_LOW)]	= QUEUE_ADDRESS(desc_gpa),
	[REG(VIRTIO_MMIO_QUEUE_DESC_HIGH)]	= QUEUE_ADDRESS_HIGH(desc_gpa),
	[REG(VIRTIO_MMIO_QUEUE_AVAIL_LOW)]	= QUEUE_ADDRESS(avail_gpa),
	[REG(VIRTIO_MMIO_QUEUE_AVAIL_HIGH)]	= QUEUE_ADDRESS_HIGH(avail_gpa),
	[REG(VIRTIO_MMIO_QUEUE_USED_LOW)]	= QUEUE_ADDRESS(used_gpa),
	[REG(VIRTIO_MMIO_QUEUE_USED_HIGH)]	= QUEUE_ADDRESS_HIGH(used_gpa),
};

static uint64_t read_config(const struct virtio_device *dev, uint64_t offset,
			    unsigned int len)
{
	uint64_t value = 0;

	if (offset <= dev->config_size && len <= dev->config_size - offset)
		memcpy(&value, (const uint8_t *)dev->config + (size_t)offset,
		       len);
	return value;
}

static uint64_t virtio_mmio_read(void *device, uint64_t offset,
				 unsigned int len)
{
	struct virtio_device *dev = device;
	uint32_t value = 0;

	if (offset >= VIRTIO_MMIO_CONFIG)
		return read_config(dev, offset - VIRTIO_MMIO_CONFIG, len);
	/* The I/O thread may hold the lock for as long as a disk takes. */
	if (offset == VIRTIO_MMIO_INTERRUPT_STATUS)
		return atomic_load(&dev->interrupt_status);
	if (len != REG_SIZE || offset % REG_SIZE || !read_reg[REG(offset)])
		return 0;

	pthread_mutex_lock(&dev->lock);
	value = read_reg[REG(offset)](dev);
	pthread_mutex_unlock(&dev->lock);
	return value;
}

static void virtio_mmio_write(void *device, uint64_t offset, unsigned int len,
			      uint64_t value)
{
	struct virtio_device *dev = device;

	if (offset == VIRTIO_MMIO_INTERRUPT_ACK) {
		atomic_fetch_and(&dev->interrupt_status, ~(unsigned int)value);
		return;
	}
	if (len != REG_SIZE || offset % REG_SIZE ||
	    offset >= VIRTIO_MMIO_CONFIG || !write_reg[REG(offset)].write)
		return;

	pthread_mutex_lock(&dev->lock);
	write_reg[REG(offset)].write(dev, value, write_reg[REG(offset)].arg);
	pthread_mutex_unlock(&dev->lock);
}

const struct mmio_ops virtio_mmio_ops = {
	.read = virtio_mmio_read,
	.write = virtio_mmio_write,
};

/**
 * virtio_init() - prepare the transport of a device
 * @dev: zeroed, but for what describes the kind of device and the interrupt
 * @ram: guest memory
 *
 * The caller adds the doorbell of each queue to its event loop.
 */
void virtio_init(struct virtio_device *dev, const struct guest_ram *ram)
{
	unsigned int i;

	pthread_mutex_init(&dev->lock, NULL);
	dev->features |= TRANSPORT_FEATURES;
	for (i = 0; i < dev->nr_queues; i++) {
		dev->queue[i].dev = dev;
		dev->queue[i].vq.ram = ram;
		dev->queue[i].kick.fd = eventfd_create(0);
		dev->queue[i].kick.ready = kicked;
	}
}

/**
 * virtio_destroy() - free a device
 * @dev: the device; no thread uses it any more
 */
void virtio_destroy(struct virtio_device *dev)
{
	unsigned int i;

	for (i = 0; i < dev->nr_queues; i++)
		close(dev->queue[i].kick.fd);
	irq_line_destroy(&dev->irq);
	dev->ops->destroy(dev);
}

/**
 * virtio_save() - put the state of a device into a section
 * @dev: a device whose doorbells nobody answers at the moment
 * @section: where to
 */
void virtio_save(struct virtio_device *dev, struct section *section)
{
	unsigned int i;

	pthread_mutex_lock(&dev->lock);
	section_put32(section, dev->id);
	section_put64(section, dev->features);
	section_put32(section, dev->config_size);
	section_put(section, dev->config, dev->config_size);
	section_put32(section, dev->status);
	section_put64(section, dev->driver_features);
	section_put32(section, dev->features_sel);
	section_put32(section, dev->driver_features_sel);
	section_put32(section, dev->queue_sel);
	section_put32(section, atomic_load(&dev->interrupt_status));
	for (i = 0; i < dev->nr_queues; i++)
		vq_save(&dev->queue[i].vq, section);
	if (dev->ops->save)
		dev->ops->save(dev, section);
	pthread_mutex_unlock(&dev->lock);
}

/* Is it a device of the same kind, size and abilities? */
static bool same_device(const struct virtio_device *dev,
			struct section *section)
{
	uint32_t id = section_get32(section);
	uint64_t features = section_get64(section);
	uint32_t config_size = section_get32(section);
	const void *config;

	if (id != dev->id || features != dev->features ||
	    config_size != dev->config_size)
		return false;
	config = section_get(section, config_size);
	return config && (!config_size ||
			  !memcmp(config, dev->config, config_size));
}

static bool load(struct virtio_device *dev, struct section *section)
{
	unsigned int i;

	dev->status = section_get32(section);
	dev->driver_features = section_get64(section);
	dev->features_sel = section_get32(section);
	dev->driver_features_sel = section_get32(section);
	dev->queue_sel = section_get32(section);
	atomic_store(&dev->interrupt_status, section_get32(section));
	for (i = 0; i < dev->nr_queues; i++)
		if (!vq_load(&dev->queue[i].vq, section))
			return false;
	return (!dev->ops->load || dev->ops->load(dev, section)) &&
	       section_done(section);
}

/**
 * virtio_load() - give a device the state that a section holds
 * @dev: a device after a reset
 * @section: where from; may hold anything
 *
 * A doorbell or an interrupt may have been on its way when the state was
 * saved, and is in none of it: every queue is looked at again, and an interrupt
 * that the driver has not acknowledged is sent again. The GIC has its state
 * already, or the edge would be lost.
 *
 * Return: false where the section does not hold the state of such a device;
 * the device is as after a reset then.
 */
bool virtio_load(struct virtio_device *dev, struct section *section)
{
	unsigned int i;
	bool ok;

	pthread_mutex_lock(&dev->lock);
	ok = same_device(dev, section) && load(dev, section);
	if (!ok)
		reset(dev);
	for (i = 0; ok && i < dev->nr_queues; i++)
		eventfd_signal(dev->queue[i].kick.fd);
	if (atomic_load(&dev->interrupt_status))
		irq_line_pulse(&dev->irq);
	pthread_mutex_unlock(&dev->lock);
	return ok;
}

/**
 * virtio_settle() - have what the driver wrote be where it stays
 * @dev: the device
 * @stream: of a guest that leaves
 *
 * Waits for a disk, for as long as that takes. Safe in any thread.
 *
 * Return: false with &state_stream.error set on failure.
 */
bool virtio_settle(struct virtio_device *dev, struct state_stream *stream)
{
	return !dev->ops->settle || dev->ops->settle(dev, stream);
}
