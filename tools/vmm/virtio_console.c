// SPDX-License-Identifier: GPL-2.0-only
/* virtio console device with one port, on the terminal. */
#include <linux/virtio_ids.h>
#include <stdlib.h>
#include <string.h>

#include "term.h"
#include "util.h"
#include "virtio_mmio.h"

#define RX_QUEUE		0
#define TX_QUEUE		1
#define NR_QUEUES		2
#define INPUT_SIZE		256
/* Far more than a driver sends: what is longer would block the I/O thread */
#define MAX_OUTPUT		(64 * SZ_1K)

/**
 * struct virtio_console - a console
 * @dev: the device
 * @input: bytes that wait for a buffer of the driver
 * @pending: number of them
 * @printed: bytes of the first request for output that are printed
 */
struct virtio_console {
	struct virtio_device dev;
	uint8_t input[INPUT_SIZE];
	size_t pending;
	size_t printed;
};

/* Fill the buffers of a request from @input; return the number of bytes. */
static size_t fill(const struct virtio_console *console,
		   const struct vq_chain *chain)
{
	const struct iovec *iov = chain->iov + chain->nr_out;
	size_t len, done = 0;
	unsigned int i;

	for (i = 0; i < chain->nr_in; i++) {
		len = console->pending - done;
		if (len > iov[i].iov_len)
			len = iov[i].iov_len;
		memcpy(iov[i].iov_base, console->input + done, len);
		done += len;
	}
	return done;
}

static void receive(struct virtio_console *console)
{
	struct virtio_device *dev = &console->dev;
	struct virtqueue *vq = &dev->queue[RX_QUEUE].vq;
	enum vq_result result = VQ_EMPTY;
	struct vq_chain chain;
	bool received = false;
	size_t len;

	if (!virtio_queue_usable(dev, RX_QUEUE))
		return;
	while (console->pending) {
		result = vq_pop(vq, &chain);
		if (result != VQ_CHAIN)
			break;
		len = fill(console, &chain);
		/* A driver that gives no room would keep this loop going. */
		if (!len) {
			result = VQ_BROKEN;
			break;
		}
		console->pending -= len;
		memmove(console->input, console->input + len, console->pending);
		vq_push(vq, chain.head, len);
		received = true;
	}
	if (received) {
		virtio_interrupt_queue(dev, RX_QUEUE);
		term_resume();
	}
	if (result == VQ_BROKEN)
		virtio_fail(dev);
}

/*
 * A reader may stand still for as long as it likes, and the I/O thread must not:
 * what is left of a request waits in the queue, with all behind it.
 */
static int64_t transmit(struct virtio_device *dev, struct vq_chain *chain)
{
	struct virtio_console *console = container_of(dev,
						      struct virtio_console,
						      dev);
	size_t len, done, skip = console->printed;
	const struct iovec *iov = chain->iov;
	unsigned int i;

	if (iov_size(iov, chain->nr_out) > MAX_OUTPUT)
		return VIRTIO_MALFORMED;
	for (i = 0; i < chain->nr_out; i++) {
		if (skip >= iov[i].iov_len) {
			skip -= iov[i].iov_len;
			continue;
		}
		len = iov[i].iov_len - skip;
		done = term_try_write((const uint8_t *)iov[i].iov_base + skip,
				      len, dev->queue[TX_QUEUE].kick.fd);
		console->printed += done;
		if (done < len)
			return VIRTIO_LATER;
		skip = 0;
	}
	console->printed = 0;
	return 0;
}

static void console_notify(struct virtio_device *dev, unsigned int queue)
{
	if (queue == TX_QUEUE)
		virtio_process(dev, TX_QUEUE, transmit);
	else
		receive(container_of(dev, struct virtio_console, dev));
}

static void console_reset(struct virtio_device *dev)
{
	container_of(dev, struct virtio_console, dev)->printed = 0;
}

static void console_save(const struct virtio_device *dev,
			 struct section *section)
{
	const struct virtio_console *console = container_of(dev,
							    struct virtio_console,
							    dev);

	section_put32(section, console->pending);
	section_put(section, console->input, console->pending);
	section_put32(section, console->printed);
}

static bool console_load(struct virtio_device *dev, struct section *section)
{
	struct virtio_console *console = container_of(dev,
						      struct virtio_console,
						      dev);
	uint32_t pending = section_get32(section);
	const void *input;

	if (pending > INPUT_SIZE)
		return false;
	input = section_get(section, pending);
	if (!input)
		return false;
	memcpy(console->input, input, pending);
	console->pending = pending;
	console->printed = section_get32(section);
	return console->printed <= MAX_OUTPUT;
}

static void console_destroy(struct virtio_device *dev)
{
	free(container_of(dev, struct virtio_console, dev));
}

static const struct virtio_ops console_ops = {
	.notify = console_notify,
	.reset = console_reset,
	.save = console_save,
	.load = console_load,
	.destroy = console_destroy,
};

/**
 * virtio_console_create() - make a console
 *
 * Return: the device, not yet on the transport.
 */
struct virtio_device *virtio_console_create(void)
{
	struct virtio_console *console = xcalloc(1, sizeof(*console));

	console->dev.ops = &console_ops;
	console->dev.id = VIRTIO_ID_CONSOLE;
	console->dev.nr_queues = NR_QUEUES;
	return &console->dev;
}

/**
 * virtio_console_room() - how many bytes virtio_console_input() takes now
 * @device: the device
 *
 * Return: a number of bytes.
 */
size_t virtio_console_room(void *device)
{
	struct virtio_console *console = container_of(device,
						      struct virtio_console,
						      dev);
	size_t room;

	pthread_mutex_lock(&console->dev.lock);
	room = INPUT_SIZE - console->pending;
	pthread_mutex_unlock(&console->dev.lock);
	return room;
}

/**
 * virtio_console_input() - receive bytes from the terminal
 * @device: the device
 * @data: the bytes
 * @len: their number, at most what virtio_console_room() returned
 */
void virtio_console_input(void *device, const uint8_t *data, size_t len)
{
	struct virtio_console *console = container_of(device,
						      struct virtio_console,
						      dev);

	pthread_mutex_lock(&console->dev.lock);
	memcpy(console->input + console->pending, data, len);
	console->pending += len;
	receive(console);
	pthread_mutex_unlock(&console->dev.lock);
}
