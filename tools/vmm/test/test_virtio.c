// SPDX-License-Identifier: GPL-2.0-only
/*
 * The virtio devices, as drivers see them: good ones and bad ones.
 *
 * Guest memory is a heap allocation, so that the address sanitizer sees any
 * access outside.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/virtio_blk.h>
#include <linux/virtio_config.h>
#include <linux/virtio_ids.h>
#include <linux/virtio_mmio.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <unistd.h>

#include "test.h"
#include "util.h"
#include "virtio_mmio.h"

#define RAM_GPA			0x80000000ULL
#define RAM_SIZE		0x10000U
#define QUEUE_SIZE		8
#define DISK_SECTORS		16
#define SECTOR			512
/* So much of the disk may be written */
#define LIMIT_SECTORS		8
/* A bit each in one number */
#define TOUCH_PAGES		64
/* All of it, as often as a chain may have it */
#define LONG_RAM_SIZE		(32 * SZ_1M)
#define LONGEST_CHAIN		(4096ULL * SZ_1M)
#define FUZZ_ROUNDS		50000
#define STATE_FUZZ_ROUNDS	5000
/* How long a disk is read elsewhere */
#define READER_US		50000

/* Where the driver puts what */
#define DESC_GPA		(RAM_GPA + 0x0000)
#define AVAIL_GPA		(RAM_GPA + 0x1000)
#define USED_GPA		(RAM_GPA + 0x2000)
#define HEADER_GPA		(RAM_GPA + 0x3000)
#define STATUS_GPA		(RAM_GPA + 0x3100)
#define INDIRECT_GPA		(RAM_GPA + 0x4001)	/* on purpose */
#define DATA_GPA		(RAM_GPA + 0x8000)

#define INTERRUPT_REASONS	(VIRTIO_MMIO_INT_VRING | VIRTIO_MMIO_INT_CONFIG)

static struct guest_ram ram;
static struct virtio_device *dev;
static char disk_path[] = "/tmp/kvm-vmm-test-XXXXXX";

static void *gpa(uint64_t address)
{
	return ram.host + (address - RAM_GPA);
}

static uint32_t in(unsigned int reg)
{
	return virtio_mmio_ops.read(dev, reg, 4);
}

static void out(unsigned int reg, uint32_t value)
{
	virtio_mmio_ops.write(dev, reg, 4, value);
}

static void out64(unsigned int reg_low, uint64_t value)
{
	out(reg_low, value);
	out(reg_low + 4, value >> 32);
}

static void kick(unsigned int queue)
{
	dev->queue[queue].kick.ready(&dev->queue[queue].kick);
}

static void begin(struct virtio_device *device)
{
	dev = device;
	ram.base = RAM_GPA;
	ram.size = RAM_SIZE;
	ram.host = xcalloc(1, RAM_SIZE);
	virtio_init(dev, &ram);
}

static void end(void)
{
	virtio_destroy(dev);
	free(ram.host);
}

static void begin_disk(bool read_only)
{
	uint8_t sector[SECTOR];
	unsigned int i;
	int fd;

	strcpy(disk_path + strlen(disk_path) - 6, "XXXXXX");
	fd = mkstemp(disk_path);
	for (i = 0; i < DISK_SECTORS; i++) {
		memset(sector, i, sizeof(sector));
		if (write(fd, sector, SECTOR) != SECTOR)
			die_errno("%s", disk_path);
	}
	close(fd);
	begin(virtio_blk_create(disk_path, read_only));
}

static void end_disk(void)
{
	end();
	unlink(disk_path);
}

static void set_features(uint64_t features)
{
	out(VIRTIO_MMIO_STATUS, 0);
	out(VIRTIO_MMIO_STATUS, VIRTIO_CONFIG_S_ACKNOWLEDGE |
				VIRTIO_CONFIG_S_DRIVER);
	out(VIRTIO_MMIO_DRIVER_FEATURES_SEL, 0);
	out(VIRTIO_MMIO_DRIVER_FEATURES, features);
	out(VIRTIO_MMIO_DRIVER_FEATURES_SEL, 1);
	out(VIRTIO_MMIO_DRIVER_FEATURES, features >> 32);
	out(VIRTIO_MMIO_STATUS, VIRTIO_CONFIG_S_ACKNOWLEDGE |
				VIRTIO_CONFIG_S_DRIVER |
				VIRTIO_CONFIG_S_FEATURES_OK);
}

static uint64_t get_features(void)
{
	uint64_t features;

	out(VIRTIO_MMIO_DEVICE_FEATURES_SEL, 1);
	features = (uint64_t)in(VIRTIO_MMIO_DEVICE_FEATURES) << 32;
	out(VIRTIO_MMIO_DEVICE_FEATURES_SEL, 0);
	return features | in(VIRTIO_MMIO_DEVICE_FEATURES);
}

static void set_queue(unsigned int queue, uint32_t size, uint64_t desc,
		      uint64_t avail, uint64_t used)
{
	out(VIRTIO_MMIO_QUEUE_SEL, queue);
	out(VIRTIO_MMIO_QUEUE_NUM, size);
	out64(VIRTIO_MMIO_QUEUE_DESC_LOW, desc);
	out64(VIRTIO_MMIO_QUEUE_AVAIL_LOW, avail);
	out64(VIRTIO_MMIO_QUEUE_USED_LOW, used);
	out(VIRTIO_MMIO_QUEUE_READY, 1);
}

/* Set up the driver with one queue and empty rings. */
static void start(unsigned int queue)
{
	memset(ram.host, 0, RAM_SIZE);
	set_features(get_features());
	set_queue(queue, QUEUE_SIZE, DESC_GPA, AVAIL_GPA, USED_GPA);
	out(VIRTIO_MMIO_STATUS, in(VIRTIO_MMIO_STATUS) |
				VIRTIO_CONFIG_S_DRIVER_OK);
	fake.pulses = 0;
}

static void set_desc_at(uint64_t table, unsigned int index, uint64_t addr,
			uint32_t len, unsigned int flags, unsigned int next)
{
	struct vring_desc desc = {
		.addr = addr,
		.len = len,
		.flags = flags,
		.next = next,
	};

	memcpy((uint8_t *)gpa(table) + index * sizeof(desc), &desc,
	       sizeof(desc));
}

static void set_desc(unsigned int index, uint64_t addr, uint32_t len,
		     unsigned int flags, unsigned int next)
{
	set_desc_at(DESC_GPA, index, addr, len, flags, next);
}

static void submit(unsigned int head)
{
	struct vring_avail *avail = gpa(AVAIL_GPA);

	avail->ring[avail->idx++ % QUEUE_SIZE] = head;
}

static unsigned int used(void)
{
	return ((struct vring_used *)gpa(USED_GPA))->idx;
}

static uint32_t used_len(void)
{
	struct vring_used *ring = gpa(USED_GPA);

	return ring->ring[(ring->idx - 1) % QUEUE_SIZE].len;
}

/* One request of a well-behaved block driver; returns its status. */
static uint8_t blk_do(uint32_t type, uint64_t sector, uint32_t len, bool to_ram)
{
	struct virtio_blk_outhdr header = { .type = type, .sector = sector };
	unsigned int before = used();

	memcpy(gpa(HEADER_GPA), &header, sizeof(header));
	*(uint8_t *)gpa(STATUS_GPA) = 0xff;
	set_desc(0, HEADER_GPA, sizeof(header), VRING_DESC_F_NEXT,
		 len ? 1 : 2);
	set_desc(1, DATA_GPA, len,
		 VRING_DESC_F_NEXT | (to_ram ? VRING_DESC_F_WRITE : 0), 2);
	set_desc(2, STATUS_GPA, 1, VRING_DESC_F_WRITE, 0);
	submit(0);
	kick(0);
	EXPECT(used() == before + 1);
	return *(uint8_t *)gpa(STATUS_GPA);
}

static bool needs_reset(void)
{
	return in(VIRTIO_MMIO_STATUS) & VIRTIO_CONFIG_S_NEEDS_RESET;
}

static void test_identity(void)
{
	begin_disk(false);
	EXPECT(in(VIRTIO_MMIO_MAGIC_VALUE) == 0x74726976);
	EXPECT(in(VIRTIO_MMIO_VERSION) == 2);
	EXPECT(in(VIRTIO_MMIO_DEVICE_ID) == VIRTIO_ID_BLOCK);
	EXPECT(in(VIRTIO_MMIO_SHM_LEN_LOW) == ~0U);
	EXPECT(in(VIRTIO_MMIO_CONFIG) == DISK_SECTORS);
	EXPECT(virtio_mmio_ops.read(dev, VIRTIO_MMIO_CONFIG, 8) ==
	       DISK_SECTORS);
	EXPECT(virtio_mmio_ops.read(dev, VIRTIO_MMIO_CONFIG, 1) ==
	       DISK_SECTORS);
	EXPECT(virtio_mmio_ops.read(dev, VIRTIO_MMIO_CONFIG + 0xff, 1) == 0);
	EXPECT(virtio_mmio_ops.read(dev, VIRTIO_MMIO_MAGIC_VALUE, 1) == 0);
	out(VIRTIO_MMIO_QUEUE_SEL, 0);
	EXPECT(in(VIRTIO_MMIO_QUEUE_NUM_MAX) == VIRTQUEUE_MAX);
	out(VIRTIO_MMIO_QUEUE_SEL, 1);
	EXPECT(in(VIRTIO_MMIO_QUEUE_NUM_MAX) == 0);
	end_disk();
}

static void test_features(void)
{
	uint64_t features;

	begin_disk(false);
	features = get_features();
	EXPECT(features & (1ULL << VIRTIO_F_VERSION_1));
	EXPECT(!(features & (1ULL << VIRTIO_BLK_F_RO)));
	set_features(features);
	EXPECT(in(VIRTIO_MMIO_STATUS) & VIRTIO_CONFIG_S_FEATURES_OK);
	set_features(features & ~(1ULL << VIRTIO_F_VERSION_1));
	EXPECT(!(in(VIRTIO_MMIO_STATUS) & VIRTIO_CONFIG_S_FEATURES_OK));
	set_features(features | (1ULL << VIRTIO_RING_F_EVENT_IDX));
	EXPECT(!(in(VIRTIO_MMIO_STATUS) & VIRTIO_CONFIG_S_FEATURES_OK));
	end_disk();
}

static void test_blk_io(void)
{
	uint8_t expected[2 * SECTOR];

	begin_disk(false);
	start(0);
	EXPECT(blk_do(VIRTIO_BLK_T_IN, 3, 2 * SECTOR, true) == 0);
	EXPECT(used_len() == 2 * SECTOR + 1);
	memset(expected, 3, SECTOR);
	memset(expected + SECTOR, 4, SECTOR);
	EXPECT(!memcmp(gpa(DATA_GPA), expected, sizeof(expected)));
	EXPECT(fake.pulses == 1);
	EXPECT(in(VIRTIO_MMIO_INTERRUPT_STATUS) == VIRTIO_MMIO_INT_VRING);
	out(VIRTIO_MMIO_INTERRUPT_ACK, VIRTIO_MMIO_INT_VRING);
	EXPECT(in(VIRTIO_MMIO_INTERRUPT_STATUS) == 0);

	memset(gpa(DATA_GPA), 0xa5, SECTOR);
	EXPECT(blk_do(VIRTIO_BLK_T_OUT, 15, SECTOR, false) == 0);
	EXPECT(used_len() == 1);
	EXPECT(blk_do(VIRTIO_BLK_T_FLUSH, 0, 0, false) == 0);
	memset(gpa(DATA_GPA), 0, SECTOR);
	EXPECT(blk_do(VIRTIO_BLK_T_IN, 15, SECTOR, true) == 0);
	memset(expected, 0xa5, SECTOR);
	EXPECT(!memcmp(gpa(DATA_GPA), expected, SECTOR));

	EXPECT(blk_do(VIRTIO_BLK_T_GET_ID, 0, VIRTIO_BLK_ID_BYTES, true) == 0);
	EXPECT(!strncmp(gpa(DATA_GPA), disk_path + strlen("/tmp/"),
			VIRTIO_BLK_ID_BYTES));
	end_disk();
}

static void test_blk_errors(void)
{
	begin_disk(false);
	start(0);
	EXPECT(blk_do(VIRTIO_BLK_T_IN, 16, SECTOR, true) ==
	       VIRTIO_BLK_S_IOERR);
	EXPECT(used_len() == 1);
	EXPECT(blk_do(VIRTIO_BLK_T_IN, 15, 2 * SECTOR, true) ==
	       VIRTIO_BLK_S_IOERR);
	EXPECT(blk_do(VIRTIO_BLK_T_OUT, 16, SECTOR, false) ==
	       VIRTIO_BLK_S_IOERR);
	EXPECT(blk_do(VIRTIO_BLK_T_OUT, ~0ULL, SECTOR, false) ==
	       VIRTIO_BLK_S_IOERR);
	EXPECT(blk_do(VIRTIO_BLK_T_IN, 0, SECTOR + 1, true) ==
	       VIRTIO_BLK_S_IOERR);
	EXPECT(blk_do(VIRTIO_BLK_T_IN, 0, SECTOR, false) ==
	       VIRTIO_BLK_S_IOERR);
	EXPECT(blk_do(VIRTIO_BLK_T_OUT, 0, SECTOR, true) ==
	       VIRTIO_BLK_S_IOERR);
	EXPECT(blk_do(VIRTIO_BLK_T_GET_ID, 0, 4, true) == VIRTIO_BLK_S_IOERR);
	EXPECT(blk_do(VIRTIO_BLK_T_DISCARD, 0, 0, false) ==
	       VIRTIO_BLK_S_UNSUPP);
	EXPECT(blk_do(0xffffffff, 0, 0, false) == VIRTIO_BLK_S_UNSUPP);
	EXPECT(!needs_reset());
	end_disk();

	begin_disk(true);
	start(0);
	EXPECT(get_features() & (1ULL << VIRTIO_BLK_F_RO));
	EXPECT(blk_do(VIRTIO_BLK_T_IN, 0, SECTOR, true) == 0);
	EXPECT(blk_do(VIRTIO_BLK_T_OUT, 0, SECTOR, false) ==
	       VIRTIO_BLK_S_IOERR);
	end_disk();
}

/* The limit is on the length of files: a write ends at it, or is refused. */
static void test_blk_limit(void)
{
	struct rlimit before, limit;

	begin_disk(false);
	start(0);
	signal(SIGXFSZ, SIG_IGN);
	getrlimit(RLIMIT_FSIZE, &before);
	limit = before;
	limit.rlim_cur = LIMIT_SECTORS * SECTOR;
	setrlimit(RLIMIT_FSIZE, &limit);
	EXPECT(blk_do(VIRTIO_BLK_T_OUT, LIMIT_SECTORS - 1, SECTOR, false) == 0);
	EXPECT(blk_do(VIRTIO_BLK_T_OUT, LIMIT_SECTORS - 1, 2 * SECTOR, false) ==
	       VIRTIO_BLK_S_IOERR);
	EXPECT(blk_do(VIRTIO_BLK_T_OUT, LIMIT_SECTORS, SECTOR, false) ==
	       VIRTIO_BLK_S_IOERR);
	EXPECT(blk_do(VIRTIO_BLK_T_IN, LIMIT_SECTORS, SECTOR, true) == 0);
	EXPECT(!needs_reset());
	setrlimit(RLIMIT_FSIZE, &before);
	signal(SIGXFSZ, SIG_DFL);
	end_disk();
}

/* A write that was lost stays lost, whoever hears of it first. */
static void test_blk_settle(void)
{
	struct state_stream stream = { 0 };

	begin_disk(false);
	start(0);
	EXPECT(virtio_settle(dev, &stream));
	EXPECT(fake.syncs == 1);
	EXPECT(blk_do(VIRTIO_BLK_T_FLUSH, 0, 0, false) == 0);
	fake.sync_error = EIO;
	EXPECT(!virtio_settle(dev, &stream));
	EXPECT(strstr(stream.error, strerror(EIO)));
	EXPECT(strstr(stream.error, disk_path));
	EXPECT(blk_do(VIRTIO_BLK_T_FLUSH, 0, 0, false) == VIRTIO_BLK_S_IOERR);
	EXPECT(!virtio_settle(dev, &stream));
	end_disk();

	begin_disk(false);
	start(0);
	fake.sync_error = ENOSPC;
	EXPECT(blk_do(VIRTIO_BLK_T_FLUSH, 0, 0, false) == VIRTIO_BLK_S_IOERR);
	EXPECT(!virtio_settle(dev, &stream));
	EXPECT(strstr(stream.error, strerror(ENOSPC)));
	end_disk();

	fake.syncs = 0;
	begin_disk(true);
	EXPECT(virtio_settle(dev, &stream));
	EXPECT(!fake.syncs);
	end_disk();

	begin(virtio_console_create());
	EXPECT(virtio_settle(dev, &stream));
	end();
}

static void test_blk_lock(void)
{
	struct virtio_device *other, *reader;

	begin_disk(false);
	other = virtio_blk_create(disk_path, false);
	reader = virtio_blk_create(disk_path, true);
	EXPECT(virtio_blk_lock(dev, DISK_OWN));
	EXPECT(!virtio_blk_lock(other, DISK_OWN));
	EXPECT(!virtio_blk_lock(other, DISK_SHARED));
	EXPECT(!virtio_blk_lock(reader, DISK_OWN));

	/* A guest moves to the other: neither has it alone until one is gone. */
	EXPECT(virtio_blk_lock(dev, DISK_SHARED));
	EXPECT(virtio_blk_lock(other, DISK_SHARED));
	EXPECT(!virtio_blk_lock(dev, DISK_OWN));
	EXPECT(!virtio_blk_lock(other, DISK_OWN));
	end();
	EXPECT(virtio_blk_lock(other, DISK_OWN));
	EXPECT(!virtio_blk_lock(reader, DISK_OWN));
	other->ops->destroy(other);

	EXPECT(virtio_blk_lock(reader, DISK_OWN));
	begin(virtio_blk_create(disk_path, true));
	EXPECT(virtio_blk_lock(dev, DISK_OWN));
	reader->ops->destroy(reader);
	end_disk();
}

static int reader_fd;

static void close_reader(int sig)
{
	(void)sig;
	close(reader_fd);
}

static void test_blk_lock_waits(void)
{
	struct itimerval soon = { .it_value.tv_usec = READER_US };
	struct sigaction action = { .sa_handler = close_reader };
	struct flock lock = { .l_type = F_RDLCK };

	begin_disk(false);
	reader_fd = open(disk_path, O_RDONLY);
	EXPECT(!fcntl(reader_fd, F_OFD_SETLK, &lock));
	EXPECT(!virtio_blk_lock(dev, DISK_OWN));
	/* The signal interrupts the waiting as well. */
	sigaction(SIGALRM, &action, NULL);
	setitimer(ITIMER_REAL, &soon, NULL);
	EXPECT(virtio_blk_lock(dev, DISK_AWAIT));
	reader_fd = open(disk_path, O_RDONLY);
	EXPECT(fcntl(reader_fd, F_OFD_SETLK, &lock) < 0);
	close(reader_fd);
	end_disk();
}

/* QEMU locks single bytes for reading, and looks for any lock there. */
static void test_blk_lock_bytes(void)
{
	static const off_t bytes[] = { 100, 101, 103, 200, 201, 203 };
	struct flock lock = { .l_type = F_RDLCK, .l_len = 1 };
	unsigned int i;
	int fd;

	begin_disk(false);
	for (i = 0; i < ARRAY_SIZE(bytes); i++) {
		fd = open(disk_path, O_RDWR);
		lock.l_start = bytes[i];
		EXPECT(!fcntl(fd, F_OFD_SETLK, &lock));
		EXPECT(!virtio_blk_lock(dev, DISK_OWN));
		close(fd);
	}
	EXPECT(virtio_blk_lock(dev, DISK_OWN));
	fd = open(disk_path, O_RDWR);
	EXPECT(fcntl(fd, F_OFD_SETLK, &lock) < 0);
	EXPECT(virtio_blk_lock(dev, DISK_SHARED));
	lock.l_type = F_WRLCK;
	EXPECT(!fcntl(fd, F_OFD_GETLK, &lock) && lock.l_type == F_RDLCK);
	close(fd);
	end_disk();
}

/* Header in two parts, an unaligned indirect table, status after the data */
static void test_blk_layout(void)
{
	static const struct virtio_blk_outhdr header = {
		.type = VIRTIO_BLK_T_IN,
		.sector = 7,
	};

	begin_disk(false);
	start(0);
	memcpy(gpa(HEADER_GPA), &header, sizeof(header));
	set_desc_at(INDIRECT_GPA, 0, HEADER_GPA, 5, VRING_DESC_F_NEXT, 1);
	set_desc_at(INDIRECT_GPA, 1, HEADER_GPA + 5, sizeof(header) - 5,
		    VRING_DESC_F_NEXT, 3);
	set_desc_at(INDIRECT_GPA, 3, DATA_GPA + 1, 100,
		    VRING_DESC_F_NEXT | VRING_DESC_F_WRITE, 2);
	set_desc_at(INDIRECT_GPA, 2, DATA_GPA + 101, SECTOR - 100 + 1,
		    VRING_DESC_F_WRITE, 0);
	set_desc(5, INDIRECT_GPA, 4 * sizeof(struct vring_desc),
		 VRING_DESC_F_INDIRECT, 0);
	*((uint8_t *)gpa(DATA_GPA) + 1 + SECTOR) = 0xff;
	submit(5);
	kick(0);
	EXPECT(used() == 1 && used_len() == SECTOR + 1);
	EXPECT(((struct vring_used *)gpa(USED_GPA))->ring[0].id == 5);
	EXPECT(*((uint8_t *)gpa(DATA_GPA) + 1) == 7);
	EXPECT(*((uint8_t *)gpa(DATA_GPA) + SECTOR) == 7);
	EXPECT(*((uint8_t *)gpa(DATA_GPA) + 1 + SECTOR) == 0);
	end_disk();
}

static void test_no_interrupt(void)
{
	begin_disk(false);
	start(0);
	((struct vring_avail *)gpa(AVAIL_GPA))->flags = VRING_AVAIL_F_NO_INTERRUPT;
	blk_do(VIRTIO_BLK_T_FLUSH, 0, 0, false);
	EXPECT(!fake.pulses);
	((struct vring_avail *)gpa(AVAIL_GPA))->flags = 0;
	blk_do(VIRTIO_BLK_T_FLUSH, 0, 0, false);
	EXPECT(fake.pulses == 1);
	end_disk();
}

static void test_bad_queue(void)
{
	static const struct {
		uint32_t size;
		uint64_t desc, avail, used;
	} bad[] = {
		{ 0, DESC_GPA, AVAIL_GPA, USED_GPA },
		{ 3, DESC_GPA, AVAIL_GPA, USED_GPA },
		{ 2 * VIRTQUEUE_MAX, DESC_GPA, AVAIL_GPA, USED_GPA },
		{ 0x80000000, DESC_GPA, AVAIL_GPA, USED_GPA },
		{ QUEUE_SIZE, DESC_GPA + 8, AVAIL_GPA, USED_GPA },
		{ QUEUE_SIZE, DESC_GPA, AVAIL_GPA + 1, USED_GPA },
		{ QUEUE_SIZE, DESC_GPA, AVAIL_GPA, USED_GPA + 2 },
		{ QUEUE_SIZE, DESC_GPA - 16, AVAIL_GPA, USED_GPA },
		{ QUEUE_SIZE, RAM_GPA + RAM_SIZE - 16, AVAIL_GPA, USED_GPA },
		{ QUEUE_SIZE, DESC_GPA, 0, USED_GPA },
		{ QUEUE_SIZE, DESC_GPA, RAM_GPA + RAM_SIZE - 2, USED_GPA },
		{ QUEUE_SIZE, DESC_GPA, AVAIL_GPA, RAM_GPA + RAM_SIZE - 4 },
		{ QUEUE_SIZE, DESC_GPA, AVAIL_GPA, USED_GPA + (1ULL << 32) },
		{ QUEUE_SIZE, 0xfffffffffffffff0ULL, AVAIL_GPA, USED_GPA },
	};
	unsigned int i;

	begin_disk(false);
	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		set_features(get_features());
		set_queue(0, bad[i].size, bad[i].desc, bad[i].avail,
			  bad[i].used);
		EXPECT(!in(VIRTIO_MMIO_QUEUE_READY));
		EXPECT(needs_reset());
	}
	start(0);
	EXPECT(in(VIRTIO_MMIO_QUEUE_READY) && !needs_reset());
	EXPECT(blk_do(VIRTIO_BLK_T_FLUSH, 0, 0, false) == 0);

	/* Neither set-up nor reset concern a queue that does not exist. */
	set_queue(7, QUEUE_SIZE, DESC_GPA, AVAIL_GPA, USED_GPA);
	EXPECT(!in(VIRTIO_MMIO_QUEUE_READY) && !needs_reset());
	out(VIRTIO_MMIO_QUEUE_NOTIFY, 7);
	end_disk();
}

/* Nothing of a ring is used before the driver says so, or after a reset. */
static void test_not_ready(void)
{
	begin_disk(false);
	kick(0);
	start(0);
	out(VIRTIO_MMIO_STATUS, VIRTIO_CONFIG_S_ACKNOWLEDGE);
	submit(0);
	kick(0);
	EXPECT(!used());
	start(0);
	out(VIRTIO_MMIO_STATUS, 0);
	submit(0);
	kick(0);
	EXPECT(!used());
	end_disk();
}

static void bad_buffer(void)
{
	set_desc(0, RAM_GPA + RAM_SIZE - 15, 16, 0, 0);
	submit(0);
}

static void bad_low_buffer(void)
{
	set_desc(0, RAM_GPA - 1, 16, 0, 0);
	submit(0);
}

static void bad_wrapping_buffer(void)
{
	set_desc(0, ~0ULL - 8, 0xffffffff, 0, 0);
	submit(0);
}

/* A request that is fine, but for the number of its first descriptor */
static void bad_head(void)
{
	set_desc(QUEUE_SIZE, HEADER_GPA, 16, VRING_DESC_F_NEXT, 1);
	set_desc(1, STATUS_GPA, 1, VRING_DESC_F_WRITE, 0);
	submit(QUEUE_SIZE);
}

static void bad_next(void)
{
	set_desc(0, HEADER_GPA, 16, VRING_DESC_F_NEXT, QUEUE_SIZE);
	set_desc(QUEUE_SIZE, STATUS_GPA, 1, VRING_DESC_F_WRITE, 0);
	submit(0);
}

static void bad_far_next(void)
{
	set_desc(0, HEADER_GPA, 16, VRING_DESC_F_NEXT, 0xffff);
	submit(0);
}

static void bad_loop(void)
{
	set_desc(0, HEADER_GPA, 16, VRING_DESC_F_NEXT, 1);
	set_desc(1, HEADER_GPA, 16, VRING_DESC_F_NEXT, 0);
	submit(0);
}

static void bad_order(void)
{
	set_desc(0, HEADER_GPA, 16, VRING_DESC_F_NEXT | VRING_DESC_F_WRITE, 1);
	set_desc(1, HEADER_GPA, 16, 0, 0);
	submit(0);
}

static void bad_index(void)
{
	set_desc(0, HEADER_GPA, 16, VRING_DESC_F_NEXT, 1);
	set_desc(1, STATUS_GPA, 1, VRING_DESC_F_WRITE, 0);
	((struct vring_avail *)gpa(AVAIL_GPA))->idx = QUEUE_SIZE + 1;
}

static void bad_indirect_size(void)
{
	set_desc(0, INDIRECT_GPA, 17, VRING_DESC_F_INDIRECT, 0);
	submit(0);
}

static void bad_indirect_empty(void)
{
	set_desc(0, INDIRECT_GPA, 0, VRING_DESC_F_INDIRECT, 0);
	submit(0);
}

static void bad_indirect_end(void)
{
	set_desc(0, RAM_GPA + RAM_SIZE - 16, 32, VRING_DESC_F_INDIRECT, 0);
	submit(0);
}

static void bad_indirect_huge(void)
{
	set_desc(0, RAM_GPA, (VIRTQUEUE_MAX + 1) * 16, VRING_DESC_F_INDIRECT,
		 0);
	submit(0);
}

static void bad_indirect_nested(void)
{
	set_desc(0, INDIRECT_GPA, 16, VRING_DESC_F_INDIRECT, 0);
	set_desc_at(INDIRECT_GPA, 0, INDIRECT_GPA, 16, VRING_DESC_F_INDIRECT,
		    0);
	submit(0);
}

/* More buffers than a queue of the largest size could have */
static void bad_indirect_long(void)
{
	unsigned int i;

	set_desc(0, HEADER_GPA, 1, VRING_DESC_F_NEXT, 1);
	set_desc(1, INDIRECT_GPA, VIRTQUEUE_MAX * 16, VRING_DESC_F_INDIRECT, 0);
	for (i = 0; i < VIRTQUEUE_MAX; i++)
		set_desc_at(INDIRECT_GPA, i, HEADER_GPA, 1,
			    i < VIRTQUEUE_MAX - 1 ? VRING_DESC_F_NEXT : 0,
			    i + 1);
	submit(0);
}

static void bad_no_status(void)
{
	set_desc(0, HEADER_GPA, 16, 0, 0);
	submit(0);
}

static void bad_short_header(void)
{
	set_desc(0, HEADER_GPA, 15, VRING_DESC_F_NEXT, 1);
	set_desc(1, STATUS_GPA, 1, VRING_DESC_F_WRITE, 0);
	submit(0);
}

static void bad_empty_status(void)
{
	set_desc(0, HEADER_GPA, 16, VRING_DESC_F_NEXT, 1);
	set_desc(1, STATUS_GPA, 0, VRING_DESC_F_WRITE, 0);
	submit(0);
}

static void test_bad_requests(void)
{
	static void (*const bad[])(void) = {
		bad_buffer, bad_low_buffer, bad_wrapping_buffer, bad_head,
		bad_next, bad_far_next, bad_loop, bad_order, bad_index,
		bad_indirect_size, bad_indirect_empty, bad_indirect_end, bad_indirect_huge,
		bad_indirect_nested, bad_indirect_long, bad_no_status,
		bad_short_header, bad_empty_status,
	};
	unsigned int i;

	begin_disk(false);
	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		start(0);
		bad[i]();
		kick(0);
		EXPECT(needs_reset());
		EXPECT(fake.pulses);
		EXPECT(in(VIRTIO_MMIO_INTERRUPT_STATUS) &
		       VIRTIO_MMIO_INT_CONFIG);
		EXPECT(!used());
		if (!needs_reset())
			test_fail(__FILE__, i, "index of bad[]");
		kick(0);
		EXPECT(!used());
	}
	start(0);
	EXPECT(!needs_reset());
	EXPECT(blk_do(VIRTIO_BLK_T_IN, 0, SECTOR, true) == 0);
	end_disk();
}

/* Take the state of the device to a new one of the same kind. */
static bool move_to(struct virtio_device *other)
{
	struct section section;
	bool ok;

	test_section_create(&section);
	section_begin(&section, STATE_VIRTIO, 0);
	virtio_save(dev, &section);
	virtio_destroy(dev);
	dev = other;
	virtio_init(dev, &ram);
	ok = virtio_load(dev, &section);
	section_destroy(&section);
	return ok;
}

static void say_hello(void)
{
	memcpy(gpa(DATA_GPA), "hello world", 11);
	set_desc(0, DATA_GPA, 6, VRING_DESC_F_NEXT, 1);
	set_desc(1, DATA_GPA + 6, 5, 0, 0);
	submit(0);
	kick(1);
}

static void test_console_output(void)
{
	begin(virtio_console_create());
	EXPECT(in(VIRTIO_MMIO_DEVICE_ID) == VIRTIO_ID_CONSOLE);
	start(1);
	say_hello();
	EXPECT(used() == 1 && fake.pulses == 1);
	EXPECT(fake.output_len == 11 && !memcmp(fake.output, "hello world", 11));
	end();
}

/* Whoever reads stands still: nobody waits, and nothing is lost or repeated. */
static void test_console_stalled(void)
{
	begin(virtio_console_create());
	start(1);
	fake.output_limit = 4;
	say_hello();
	EXPECT(fake.output_len == 4 && !used() && !fake.pulses);
	EXPECT(fake.doorbell == dev->queue[1].kick.fd);
	kick(1);
	EXPECT(fake.output_len == 4 && !used());
	fake.output_limit = 8;
	kick(1);
	EXPECT(fake.output_len == 8 && !used());

	/* Where the guest leaves meanwhile, the rest is printed elsewhere. */
	EXPECT(move_to(virtio_console_create()));
	fake.output_limit = 0;
	kick(1);
	EXPECT(used() == 1 && fake.pulses == 1 && !needs_reset());
	say_hello();
	EXPECT(used() == 2 && fake.output_len == 22);
	EXPECT(!memcmp(fake.output, "hello worldhello world", 22));

	/* And where it begins anew, it begins with what it says then. */
	fake.output_limit = 24;
	say_hello();
	start(1);
	fake.output_limit = 0;
	say_hello();
	EXPECT(used() == 1 && fake.output_len == 24 + 11);
	EXPECT(!memcmp(fake.output + 24, "hello world", 11));
	end();
}

static void test_console_input(void)
{
	uint8_t many[256];
	size_t room;

	begin(virtio_console_create());
	room = virtio_console_room(dev);
	EXPECT(room && room <= sizeof(many));
	/* Typed before there is a driver */
	virtio_console_input(dev, (const uint8_t *)"abc", 3);
	EXPECT(virtio_console_room(dev) == room - 3);
	start(0);
	set_desc(0, DATA_GPA, 2, VRING_DESC_F_WRITE, 0);
	set_desc(1, DATA_GPA + 2, 64, VRING_DESC_F_WRITE, 0);
	submit(0);
	kick(0);
	EXPECT(used() == 1 && used_len() == 2 && fake.pulses == 1);
	submit(1);
	kick(0);
	EXPECT(used() == 2 && used_len() == 1 && fake.resumes);
	EXPECT(!memcmp(gpa(DATA_GPA), "abc", 3));
	EXPECT(virtio_console_room(dev) == room);
	submit(0);
	virtio_console_input(dev, (const uint8_t *)"de", 2);
	EXPECT(used() == 3 && used_len() == 2);

	/* No buffers: until there is no more room */
	memset(many, 'x', sizeof(many));
	virtio_console_input(dev, many, room);
	EXPECT(!virtio_console_room(dev) && used() == 3);

	/* Only buffers the device cannot write to */
	set_desc(2, DATA_GPA, 2, 0, 0);
	submit(2);
	kick(0);
	EXPECT(needs_reset());
	end();
}

/* Bytes that are likely to mean something as part of a ring */
static uint64_t fuzz_address(void)
{
	static const uint64_t likely[] = {
		RAM_GPA, DESC_GPA, AVAIL_GPA, USED_GPA, HEADER_GPA, STATUS_GPA,
		DATA_GPA, INDIRECT_GPA, RAM_GPA + RAM_SIZE, RAM_GPA - 1, 0, ~0ULL,
	};

	return likely[test_random() % ARRAY_SIZE(likely)] +
	       test_random() % 32 - 16;
}

static void fuzz_memory(void)
{
	struct virtio_blk_outhdr header = {
		.type = test_random() % 12,
		.sector = test_random() % 20,
	};
	static const uint32_t lengths[] = {
		0, 1, 15, 16, 17, 32, 64, 512, 513, 1024, 4096, 0x8000,
		0x80000000, 0xffffffff,
	};
	unsigned int i;

	memcpy(gpa(HEADER_GPA), &header, sizeof(header));
	for (i = 0; i < QUEUE_SIZE; i++) {
		set_desc(i, fuzz_address(),
			 lengths[test_random() % ARRAY_SIZE(lengths)],
			 test_random() % 8, test_random() % (QUEUE_SIZE + 1));
		set_desc_at(INDIRECT_GPA, i, fuzz_address(),
			    lengths[test_random() % ARRAY_SIZE(lengths)],
			    test_random() % 8, test_random() % QUEUE_SIZE);
	}
	for (i = test_random() % (QUEUE_SIZE + 1); i; i--)
		submit(test_random() % (QUEUE_SIZE + 1));
}

static void fuzz_device(void)
{
	unsigned int i, queue;

	for (i = 0; i < FUZZ_ROUNDS; i++) {
		queue = test_random() % dev->nr_queues;
		if (needs_reset() || test_random() % 64 == 0)
			start(queue);
		fuzz_memory();
		kick(queue);
		if (test_random() % 4 == 0)
			out(test_random() % 0x40 * 4, test_random() % 512);
		if (test_random() % 4 == 0)
			virtio_mmio_ops.read(dev, test_random() % 0x1f8,
					     1U << test_random() % 4);
	}
}

static void test_blk_fuzz(void)
{
	begin_disk(false);
	fuzz_device();
	start(0);
	EXPECT(blk_do(VIRTIO_BLK_T_IN, 0, SECTOR, true) == 0);
	end_disk();
}

static void test_console_fuzz(void)
{
	begin(virtio_console_create());
	virtio_console_input(dev, (const uint8_t *)"fuzz", 4);
	fuzz_device();
	end();
}

static void test_blk_state(void)
{
	begin_disk(false);
	start(0);
	EXPECT(blk_do(VIRTIO_BLK_T_IN, 3, SECTOR, true) == 0);
	fake.pulses = 0;
	EXPECT(move_to(virtio_blk_create(disk_path, false)));
	/* The driver has not acknowledged the interrupt: it comes again. */
	EXPECT(fake.pulses == 1);
	EXPECT(in(VIRTIO_MMIO_INTERRUPT_STATUS) == VIRTIO_MMIO_INT_VRING);
	EXPECT(in(VIRTIO_MMIO_STATUS) & VIRTIO_CONFIG_S_DRIVER_OK);
	EXPECT(blk_do(VIRTIO_BLK_T_IN, 4, SECTOR, true) == 0);
	EXPECT(*(uint8_t *)gpa(DATA_GPA) == 4);

	/* A disk that is not the same one: the device is as after a reset. */
	EXPECT(!move_to(virtio_blk_create(disk_path, true)));
	EXPECT(!in(VIRTIO_MMIO_STATUS));
	end_disk();
}

/* A doorbell that nobody answered before the state was saved */
static void test_state_doorbell(void)
{
	uint64_t count = 0;

	begin_disk(false);
	start(0);
	EXPECT(move_to(virtio_blk_create(disk_path, false)));
	EXPECT(read(dev->queue[0].kick.fd, &count, sizeof(count)) ==
	       sizeof(count));
	EXPECT(count);
	end_disk();
}

static void test_console_state(void)
{
	begin(virtio_console_create());
	virtio_console_input(dev, (const uint8_t *)"typed", 5);
	EXPECT(move_to(virtio_console_create()));
	EXPECT(virtio_console_room(dev) == 256 - 5);
	end();
}

/* No state makes the device do anything but its work or nothing. */
static void test_state_fuzz(void)
{
	struct section section;
	unsigned int i, round, loaded = 0;
	size_t len;

	test_section_create(&section);
	begin_disk(false);
	start(0);
	for (round = 0; round < STATE_FUZZ_ROUNDS; round++) {
		section_begin(&section, STATE_VIRTIO, 0);
		virtio_save(dev, &section);
		len = section.len;
		for (i = test_random() % 4; i; i--)
			section.data[test_random() % len] = test_random();
		if (!(test_random() % 8))
			section.len = test_random() % len;
		loaded += virtio_load(dev, &section);
		kick(0);
		if (!(in(VIRTIO_MMIO_STATUS) & VIRTIO_CONFIG_S_DRIVER_OK) ||
		    (in(VIRTIO_MMIO_STATUS) & VIRTIO_CONFIG_S_NEEDS_RESET))
			start(0);
	}
	EXPECT(loaded > STATE_FUZZ_ROUNDS / 8);
	EXPECT(loaded < STATE_FUZZ_ROUNDS);
	end_disk();
	section_destroy(&section);
}

/* What a device writes is in no dirty log but this one. */
static void test_touched(void)
{
	uint8_t touched[RAM_SIZE / RAM_PAGE_SIZE / 8] = { 0 };

	begin_disk(false);
	start(0);
	ram.touched = touched;
	EXPECT(blk_do(VIRTIO_BLK_T_IN, 0, SECTOR, true) == 0);
	/* The ring of the device, the status, the data; none that it reads */
	EXPECT(touched[0] == (BIT(2) | BIT(3)));
	EXPECT(touched[1] == BIT(0));
	ram.touched = NULL;
	end_disk();
}

/* From any page to any other one, and no byte of the bitmap outside */
static void test_touched_range(void)
{
	unsigned int first, last, start, end;
	uint64_t expected, touched;

	ram.host = xcalloc(TOUCH_PAGES, RAM_PAGE_SIZE);
	ram.touched = xcalloc(1, sizeof(touched));
	for (first = 0; first < TOUCH_PAGES; first++) {
		expected = 0;
		for (last = first; last < TOUCH_PAGES; last++) {
			/* As little as can be of the first page and the last */
			start = (first + 1) * RAM_PAGE_SIZE - 1;
			end = last * RAM_PAGE_SIZE + 1;
			memset(ram.touched, 0, sizeof(touched));
			ram_touch(&ram, ram.host + start,
				  last == first ? 1 : end - start);
			expected |= 1ULL << last;
			memcpy(&touched, ram.touched, sizeof(touched));
			EXPECT(touched == expected);
		}
	}
	free(ram.touched);
	free(ram.host);
	ram.touched = NULL;
}

/* A request is as long as the standard lets it be, or touches nothing. */
static void test_long_chain(void)
{
	struct virtqueue vq = {
		.ram = &ram,
		.size = VIRTQUEUE_MAX,
		.desc_gpa = DESC_GPA,
		.avail_gpa = AVAIL_GPA,
		.used_gpa = USED_GPA,
	};
	struct vq_chain chain;
	size_t i, size;

	ram.base = RAM_GPA;
	ram.size = LONG_RAM_SIZE;
	ram.host = xcalloc(1, LONG_RAM_SIZE);
	size = ram_bitmap_size(&ram);
	ram.touched = xcalloc(1, size);
	EXPECT(vq_start(&vq));
	for (i = 0; i < LONGEST_CHAIN / LONG_RAM_SIZE; i++)
		set_desc(i, RAM_GPA, LONG_RAM_SIZE,
			 VRING_DESC_F_WRITE | VRING_DESC_F_NEXT, i + 1);
	set_desc(i, RAM_GPA, 1, VRING_DESC_F_WRITE, 0);
	submit(0);
	EXPECT(vq_pop(&vq, &chain) == VQ_BROKEN);
	for (i = 0; i < size; i++)
		EXPECT(!ram.touched[i]);

	set_desc(LONGEST_CHAIN / LONG_RAM_SIZE, RAM_GPA, 0, VRING_DESC_F_WRITE,
		 0);
	EXPECT(vq_pop(&vq, &chain) == VQ_CHAIN);
	for (i = 0; i < size; i++)
		EXPECT(ram.touched[i] == 0xff);
	free(ram.touched);
	free(ram.host);
	ram.touched = NULL;
}

static uint64_t last_read(void *device, uint64_t offset, unsigned int len)
{
	(void)len;
	return (uintptr_t)device + offset;
}

static void last_write(void *device, uint64_t offset, unsigned int len,
		       uint64_t value)
{
	*(uint64_t *)device = offset << 32 | len << 16 | value;
}

static void test_bus(void)
{
	static const struct mmio_ops read_ops = { .read = last_read };
	static const struct mmio_ops write_ops = { .write = last_write };
	uint64_t written = 0;
	struct mmio_bus bus = { .nr = 0 };
	struct mmio_region region[] = {
		{ 0x3000, 0x100, &read_ops, (void *)0x30 },
		{ 0x1000, 0x008, &read_ops, (void *)0x10 },
		{ 0x2000, 0x100, &write_ops, &written },
	};
	uint8_t data[8];
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(region); i++)
		mmio_add(&bus, &region[i]);
	mmio_access(&bus, 0x1004, 4, false, data);
	EXPECT(!memcmp(data, "\x14\0\0\0", 4));
	mmio_access(&bus, 0x30ff, 1, false, data);
	EXPECT(data[0] == 0x2f);
	memcpy(data, "\x34\x12", 2);
	mmio_access(&bus, 0x2010, 2, true, data);
	EXPECT(written == (0x10ULL << 32 | 2 << 16 | 0x1234));

	/* Between, before, after and across the end of regions */
	memset(data, 0xff, sizeof(data));
	mmio_access(&bus, 0x1008, 1, false, data);
	mmio_access(&bus, 0xfff, 1, false, data + 1);
	mmio_access(&bus, 0x3100, 1, false, data + 2);
	mmio_access(&bus, 0x1006, 4, false, data + 3);
	EXPECT(!memcmp(data, "\0\0\0\0\0\0\0\xff", 8));
}

const struct test virtio_tests[] = {
	{ "mmio bus", test_bus },
	{ "virtio identity", test_identity },
	{ "virtio features", test_features },
	{ "virtio bad queue", test_bad_queue },
	{ "virtio not ready", test_not_ready },
	{ "virtio bad requests", test_bad_requests },
	{ "virtio no interrupt", test_no_interrupt },
	{ "virtio-blk requests", test_blk_io },
	{ "virtio-blk errors", test_blk_errors },
	{ "virtio-blk limit", test_blk_limit },
	{ "virtio-blk settles", test_blk_settle },
	{ "virtio-blk locks", test_blk_lock },
	{ "virtio-blk lock waits", test_blk_lock_waits },
	{ "virtio-blk locks and bytes", test_blk_lock_bytes },
	{ "virtio-blk layout", test_blk_layout },
	{ "virtio-blk fuzz", test_blk_fuzz },
	{ "virtio-console output", test_console_output },
	{ "virtio-console stalled", test_console_stalled },
	{ "virtio-console input", test_console_input },
	{ "virtio-console fuzz", test_console_fuzz },
	{ "virtio-blk state", test_blk_state },
	{ "virtio state with a doorbell", test_state_doorbell },
	{ "virtio state fuzz", test_state_fuzz },
	{ "virtio-console state", test_console_state },
	{ "virtio touches memory", test_touched },
	{ "virtio touches a range", test_touched_range },
	{ "virtio long chain", test_long_chain },
	{ NULL, NULL },
};
