// SPDX-License-Identifier: GPL-2.0-only
/* virtio block device on a file or block device. */
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <linux/virtio_blk.h>
#include <linux/virtio_ids.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

#include "util.h"
#include "virtio_mmio.h"

#define SECTOR_SIZE		512
#define SECTOR_SHIFT		9
/* Far more than a driver asks for: what is longer would block the I/O thread */
#define MAX_TRANSFER		(32 * SZ_1M)

/**
 * struct virtio_blk - a block device
 * @dev: the device on the transport
 * @config: its configuration space
 * @path: the file
 * @read_only: refuse to write
 * @fd: descriptor of the file
 * @lost: errno of a write that the host took and then lost, or 0
 */
struct virtio_blk {
	struct virtio_device dev;
	struct virtio_blk_config config;
	const char *path;
	bool read_only;
	int fd;
	atomic_int lost;
};

/**
 * struct blk_request - a request, taken apart
 * @blk: the device
 * @header: type and position
 * @iov: buffers of the data
 * @nr: their number
 * @size: their length in bytes
 * @in: the device writes them
 */
struct blk_request {
	struct virtio_blk *blk;
	struct virtio_blk_outhdr header;
	struct iovec *iov;
	unsigned int nr;
	uint64_t size;
	bool in;
};

/* Drop @len bytes from the start of a list of buffers that has them. */
static void advance(struct iovec **iov, unsigned int *nr, size_t len)
{
	while (*nr && len >= (*iov)->iov_len) {
		len -= (*iov)->iov_len;
		(*iov)++;
		(*nr)--;
	}
	if (len) {
		(*iov)->iov_base = (uint8_t *)(*iov)->iov_base + len;
		(*iov)->iov_len -= len;
	}
}

static bool transfer(struct blk_request *rq, bool write)
{
	uint64_t offset = rq->header.sector << SECTOR_SHIFT;
	uint64_t left = rq->size;
	ssize_t done;

	while (left) {
		done = write ? pwritev(rq->blk->fd, rq->iov, rq->nr, offset) :
			       preadv(rq->blk->fd, rq->iov, rq->nr, offset);
		if (done < 0 && errno == EINTR)
			continue;
		if (done <= 0)
			return false;
		advance(&rq->iov, &rq->nr, done);
		offset += done;
		left -= done;
	}
	return true;
}

static bool in_range(const struct blk_request *rq)
{
	uint64_t capacity = rq->blk->config.capacity;

	return !(rq->size % SECTOR_SIZE) && rq->size <= MAX_TRANSFER &&
	       rq->header.sector <= capacity &&
	       rq->size / SECTOR_SIZE <= capacity - rq->header.sector;
}

static uint8_t do_read(struct blk_request *rq)
{
	if (!rq->in || !in_range(rq) || !transfer(rq, false))
		return VIRTIO_BLK_S_IOERR;
	return VIRTIO_BLK_S_OK;
}

static uint8_t do_write(struct blk_request *rq)
{
	if (rq->in || rq->blk->read_only || !in_range(rq) ||
	    !transfer(rq, true))
		return VIRTIO_BLK_S_IOERR;
	return VIRTIO_BLK_S_OK;
}

/*
 * Linux tells once that it could not write a page and then takes it for clean:
 * the next fdatasync() says that all is well. Whoever did not hear of the first
 * has to be told, too, be that the guest or who takes its disk.
 */
static int sync_file(struct virtio_blk *blk)
{
	if (!blk->read_only && fdatasync(blk->fd) < 0)
		atomic_store(&blk->lost, errno);
	return atomic_load(&blk->lost);
}

static uint8_t do_flush(struct blk_request *rq)
{
	return sync_file(rq->blk) ? VIRTIO_BLK_S_IOERR : VIRTIO_BLK_S_OK;
}

static uint8_t do_get_id(struct blk_request *rq)
{
	const char *name = strrchr(rq->blk->path, '/');
	char id[VIRTIO_BLK_ID_BYTES] = "";
	size_t done = 0, len;

	if (!rq->in || rq->size < sizeof(id))
		return VIRTIO_BLK_S_IOERR;
	name = name ? name + 1 : rq->blk->path;
	memcpy(id, name, strnlen(name, sizeof(id)));
	for (; done < sizeof(id); done += len, rq->iov++) {
		len = sizeof(id) - done;
		if (len > rq->iov->iov_len)
			len = rq->iov->iov_len;
		memcpy(rq->iov->iov_base, id + done, len);
	}
	return VIRTIO_BLK_S_OK;
}

static uint8_t (*const do_request[])(struct blk_request *rq) = {
	[VIRTIO_BLK_T_IN]	= do_read,
	[VIRTIO_BLK_T_OUT]	= do_write,
	[VIRTIO_BLK_T_FLUSH]	= do_flush,
	[VIRTIO_BLK_T_GET_ID]	= do_get_id,
};

/* The last byte the device may write is the status: take it off the list. */
static uint8_t *take_status(struct vq_chain *chain)
{
	struct iovec *last;

	while (chain->nr_in) {
		last = &chain->iov[chain->nr_out + chain->nr_in - 1];
		if (last->iov_len)
			return (uint8_t *)last->iov_base + --last->iov_len;
		chain->nr_in--;
	}
	return NULL;
}

/* The first bytes the device reads are the header: take them off the list. */
static bool take_header(struct vq_chain *chain, struct iovec **out,
			struct virtio_blk_outhdr *header)
{
	uint8_t *to = (uint8_t *)header;
	size_t len, left = sizeof(*header);

	if (iov_size(chain->iov, chain->nr_out) < sizeof(*header))
		return false;
	while (left) {
		len = left < (*out)->iov_len ? left : (*out)->iov_len;
		memcpy(to, (*out)->iov_base, len);
		advance(out, &chain->nr_out, len);
		to += len;
		left -= len;
	}
	return true;
}

static int64_t blk_request(struct virtio_device *dev, struct vq_chain *chain)
{
	struct iovec *out = chain->iov, *in = chain->iov + chain->nr_out;
	struct blk_request rq = {
		.blk = container_of(dev, struct virtio_blk, dev),
	};
	uint8_t *status_byte = take_status(chain);
	uint8_t status = VIRTIO_BLK_S_UNSUPP;
	uint32_t type;

	if (!status_byte || !take_header(chain, &out, &rq.header))
		return VIRTIO_MALFORMED;

	rq.in = !chain->nr_out;
	rq.iov = rq.in ? in : out;
	rq.nr = rq.in ? chain->nr_in : chain->nr_out;
	rq.size = iov_size(rq.iov, rq.nr);

	type = rq.header.type;
	if (type < ARRAY_SIZE(do_request) && do_request[type])
		status = do_request[type](&rq);
	*status_byte = status;

	/* Of a request that failed only the status counts as written. */
	if (type == VIRTIO_BLK_T_IN && status == VIRTIO_BLK_S_OK)
		return rq.size + sizeof(status);
	return sizeof(status);
}

static void blk_notify(struct virtio_device *dev, unsigned int queue)
{
	virtio_process(dev, queue, blk_request);
}

/* The guest may never flush, and is not asked to when it leaves. */
static bool blk_settle(struct virtio_device *dev, struct state_stream *stream)
{
	struct virtio_blk *blk = container_of(dev, struct virtio_blk, dev);
	int error = sync_file(blk);

	/* The path is last: it may be too long for the message. */
	return !error || state_fail(stream, "cannot write, %s: disk %s",
				    strerror(error), blk->path);
}

static void blk_destroy(struct virtio_device *dev)
{
	struct virtio_blk *blk = container_of(dev, struct virtio_blk, dev);

	close(blk->fd);
	free(blk);
}

static const struct virtio_ops blk_ops = {
	.notify = blk_notify,
	.settle = blk_settle,
	.destroy = blk_destroy,
};

/**
 * virtio_blk_create() - make a block device or end the process
 * @path: file or block device; must stay valid, its size must not change
 * @read_only: refuse to write
 *
 * Return: the device, not yet on the transport.
 */
struct virtio_device *virtio_blk_create(const char *path, bool read_only)
{
	struct virtio_blk *blk = xcalloc(1, sizeof(*blk));
	off_t size;

	blk->path = path;
	blk->read_only = read_only;
	blk->fd = open(path, (read_only ? O_RDONLY : O_RDWR) | O_CLOEXEC);
	if (blk->fd < 0)
		die_errno("%s", path);
	size = lseek(blk->fd, 0, SEEK_END);
	if (size < 0)
		die_errno("%s", path);

	blk->config.capacity = size / SECTOR_SIZE;
	blk->config.blk_size = SECTOR_SIZE;
	/* The header and the status take a descriptor each. */
	blk->config.seg_max = VIRTQUEUE_MAX - 2;
	blk->dev.ops = &blk_ops;
	blk->dev.id = VIRTIO_ID_BLOCK;
	blk->dev.features = (1ULL << VIRTIO_BLK_F_SEG_MAX) |
			    (1ULL << VIRTIO_BLK_F_BLK_SIZE) |
			    (1ULL << VIRTIO_BLK_F_FLUSH);
	if (read_only)
		blk->dev.features |= 1ULL << VIRTIO_BLK_F_RO;
	blk->dev.config = &blk->config;
	blk->dev.config_size = sizeof(blk->config);
	blk->dev.nr_queues = 1;
	return &blk->dev;
}

/**
 * virtio_blk_lock() - keep others from the file of a block device
 * @dev: the block device
 * @lock: from what; replaces an earlier lock, which stays on failure
 *
 * It is a lock of the whole file, to its end wherever that will be. QEMU, which
 * knows more ways to share, has read locks of single bytes, one for each thing
 * that it does or does not let others do, and looks who else has a lock there:
 * with any lock of all bytes it finds all of that taken, and with any byte of
 * QEMU's there is no lock for writing. What goes unseen is a QEMU that writes a
 * disk which is only read here, and harms nobody else's data.
 *
 * The lock is the open file's, as QEMU's are: a process that gives the same file
 * twice is refused, too, and closing another descriptor of it unlocks nothing.
 *
 * Return: false where somebody has the file; true also where it is of a file
 * system without locks, after a message.
 */
bool virtio_blk_lock(struct virtio_device *dev, enum disk_lock lock)
{
	static const struct {
		int command;
		short type;
	} locks[] = {
		[DISK_SHARED]	= { F_OFD_SETLK, F_RDLCK },
		[DISK_OWN]	= { F_OFD_SETLK, F_WRLCK },
		[DISK_AWAIT]	= { F_OFD_SETLKW, F_WRLCK },
	};
	struct virtio_blk *blk = container_of(dev, struct virtio_blk, dev);
	struct flock whole_file = {
		.l_type = blk->read_only ? F_RDLCK : locks[lock].type,
		.l_whence = SEEK_SET,
	};
	int ret;

	do {
		ret = fcntl(blk->fd, locks[lock].command, &whole_file);
	} while (ret < 0 && errno == EINTR);
	if (ret < 0 && (errno == EAGAIN || errno == EACCES))
		return false;
	if (ret < 0)
		warn("%s: cannot be locked: %s", blk->path, strerror(errno));
	return true;
}

/**
 * virtio_blk_forget() - drop what this machine has read of a block device
 * @dev: the block device
 *
 * Another machine has written to it since. Linux reads from it by itself, where
 * it is a device: it looks for partitions.
 */
void virtio_blk_forget(struct virtio_device *dev)
{
	struct virtio_blk *blk = container_of(dev, struct virtio_blk, dev);

	posix_fadvise(blk->fd, 0, 0, POSIX_FADV_DONTNEED);
}
