// SPDX-License-Identifier: GPL-2.0-only
/*
 * Live migration: memory is sent while the guest runs, and again what it wrote
 * meanwhile, until that is little; then the guest stops, and the rest follows.
 *
 * At the end each side says one byte. The receiver says LOADED when the guest
 * is there as a whole; the sender then says GO, and never runs the guest again.
 * Before that, whatever fails, the guest goes on where it is: so it runs in
 * one place at most, always. That is so of a network that fails, too; address.c
 * says how long a side waits for the other. GO may be lost, and then nobody runs the
 * guest; the receiver waits for longer than GO is on its way.
 *
 * The disks may be the same files on both sides. The sender shares them when
 * the guest has stopped, the receiver takes its share before LOADED, and waits
 * after GO for that of the sender to go: so at any time there is a lock that
 * keeps others from writing, and a disk that others have is found out while
 * the guest can still go on. The sender waits for no lock, and the receiver
 * only for one who never runs the guest again, or for a mere reader that came
 * in between.
 */
#include <errno.h>
#include <linux/kvm.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "address.h"
#include "migrate.h"
#include "snapshot.h"
#include "util.h"

/* So little is sent with the guest stopped */
#define FEW_PAGES		256
/* A guest that writes faster than this sends is stopped all the same */
#define MAX_ROUNDS		5

#define LOADED			'L'
#define GO			'G'

static bool say(struct state_stream *stream, char what)
{
	ssize_t len;

	do {
		len = send(stream->fd, &what, 1, MSG_NOSIGNAL);
	} while (len < 0 && errno == EINTR);
	return len == 1 || state_fail(stream, "the other side is gone");
}

static bool hear(struct state_stream *stream, char what)
{
	char heard = 0;
	ssize_t len;

	do {
		len = read(stream->fd, &heard, 1);
	} while (len < 0 && errno == EINTR);
	if (len < 0)
		return state_fail(stream, "the other side is gone: %s",
				  strerror(errno));
	return (len == 1 && heard == what) ||
	       state_fail(stream, "the other side gave up");
}

/* ---- the sender ---- */

/* Pages written since the last call, into @dirty */
static bool get_dirty(struct migration *m)
{
	struct kvm_dirty_log log = {
		.slot = RAM_SLOT,
		.dirty_bitmap = m->dirty,
	};

	if (ioctl(m->vm->fd, KVM_GET_DIRTY_LOG, &log) < 0)
		return state_fail(&m->stream, "KVM_GET_DIRTY_LOG: %s",
				  strerror(errno));
	return true;
}

static unsigned int count_dirty(const struct migration *m)
{
	size_t i, size = ram_bitmap_size(&m->vm->ram);
	unsigned int nr = 0;

	for (i = 0; i < size; i++)
		nr += __builtin_popcount(m->dirty[i]);
	return nr;
}

/* Here, as it takes long where nobody refuses, and devices work meanwhile. */
static bool reach(struct migration *m)
{
	return address_connect(m->stream.fd, m->vm->opt->migrate_to) ||
	       state_fail(&m->stream, "%s", strerror(errno));
}

static bool send_all(struct migration *m)
{
	m->rounds = 1;
	return state_write_header(&m->stream) &&
	       snapshot_write_config(&m->stream, &m->section, m->vm) &&
	       ram_save(&m->stream, &m->section, &m->vm->ram, NULL, &m->count);
}

/*
 * Once a round no longer helps, the pages it found are in @dirty and are sent
 * with those that the guest still writes until it has stopped.
 */
static bool send_changes(struct migration *m)
{
	for (;;) {
		if (!get_dirty(m))
			return false;
		if (count_dirty(m) <= FEW_PAGES || m->rounds == MAX_ROUNDS)
			return true;
		m->rounds++;
		if (!ram_save(&m->stream, &m->section, &m->vm->ram, m->dirty,
			      &m->count))
			return false;
	}
}

static void *sender(void *arg)
{
	struct migration *m = arg;

	/* What is on the disks already need not be waited for at the end. */
	m->failed = !reach(m) || !send_all(m) ||
		    !snapshot_settle(&m->stream, m->vm) || !send_changes(m);
	/* It says why in migrate_finish(), in the thread of all messages. */
	vm_pause(m->vm);
	return NULL;
}

static bool allocate(struct migration *m)
{
	size_t size = ram_bitmap_size(&m->vm->ram);

	m->dirty = calloc(1, size);
	m->last = calloc(1, size);
	return section_create(&m->section, &m->stream) &&
	       ((m->dirty && m->last) ||
		state_fail(&m->stream, "out of memory"));
}

static bool begin(struct migration *m)
{
	struct vm *vm = m->vm;
	int error;

	if (!allocate(m))
		return false;
	/*
	 * Devices write in this very thread, so nothing is in the middle of a
	 * write that is not logged. Pages stay touched to the end: a request
	 * is written to for as long as it takes.
	 */
	memset(vm->ram.touched, 0, ram_bitmap_size(&vm->ram));
	if (!vm_log_dirty(vm, true))
		return state_fail(&m->stream, "log of writes: %s",
				  strerror(errno));
	error = pthread_create(&m->thread, NULL, sender, m);
	if (!error)
		return true;
	vm_log_dirty(vm, false);
	return state_fail(&m->stream, "thread of the migration: %s",
			  strerror(error));
}

static void forget(struct migration *m)
{
	close(m->stream.fd);
	section_destroy(&m->section);
	free(m->dirty);
	free(m->last);
	m->running = false;
}

/**
 * migrate_start() - begin to move a guest to --migrate-to
 * @m: zeroed, or what migrate_finish() left
 * @vm: the VM, which runs
 *
 * Ends with vm_pause(), and migrate_finish() is to be called then; or, where it
 * cannot begin, with a message. Context: the I/O thread.
 */
void migrate_start(struct migration *m, struct vm *vm)
{
	int fd;

	if (m->running)
		return;
	fd = address_open(vm->opt->migrate_to);
	if (fd < 0) {
		warn("%s: %s", vm->opt->migrate_to, strerror(errno));
		return;
	}
	*m = (struct migration) { .vm = vm, .stream.fd = fd };
	if (begin(m)) {
		m->running = true;
		return;
	}
	warn("%s: %s", vm->opt->migrate_to, m->stream.error);
	forget(m);
}

static bool send_rest(struct migration *m)
{
	size_t i, size = ram_bitmap_size(&m->vm->ram);
	bool ok;

	memcpy(m->last, m->dirty, size);
	/* Its writes are in the log that is read next. */
	ok = gic_flush(&m->vm->gic, &m->stream) && get_dirty(m);
	for (i = 0; i < size; i++)
		m->dirty[i] |= m->last[i] | m->vm->ram.touched[i];
	vm_lock_disks(m->vm, DISK_SHARED);
	return ok && ram_save(&m->stream, &m->section, &m->vm->ram, m->dirty,
			      &m->count) &&
	       snapshot_write(&m->stream, &m->section, m->vm);
}

/**
 * migrate_finish() - send what is left of a guest
 * @m: from migrate_start()
 *
 * Context: the VM is paused.
 *
 * Return: true where the guest is gone; false, after a message, where it is
 * still here and to go on.
 */
bool migrate_finish(struct migration *m)
{
	struct ram_count before = m->count;
	bool ok;

	pthread_join(m->thread, NULL);
	ok = !m->failed && send_rest(m) && hear(&m->stream, LOADED) &&
	     say(&m->stream, GO);
	if (ok)
		warn("moved: %u rounds, %u pages, %u last, ran %u ms, guest clock %u ms",
		     m->rounds, m->count.data,
		     m->count.data - before.data, (unsigned int)m->vm->ran_ms,
		     (unsigned int)clock_ms(&m->vm->clock));
	else
		warn("%s: %s", m->vm->opt->migrate_to, m->stream.error);
	/* With a log that stays the guest is slower, and no worse. */
	if (!ok)
		vm_log_dirty(m->vm, false);
	forget(m);
	/* Where the receiver has them yet, a share keeps writers away as well. */
	if (!ok)
		vm_lock_disks(m->vm, DISK_OWN);
	return ok;
}

/**
 * migrate_cancel() - do not move a guest that has ended
 * @m: from migrate_start(), or zeroed
 */
void migrate_cancel(struct migration *m)
{
	struct timespec soon;

	if (!m->running)
		return;
	/*
	 * The receiver may be slow, or not there; it need not have the rest.
	 * There is nothing to shut down just before connect(), so that it may
	 * take more than once.
	 */
	do {
		shutdown(m->stream.fd, SHUT_RDWR);
		clock_gettime(CLOCK_REALTIME, &soon);
		soon.tv_sec++;
	} while (pthread_timedjoin_np(m->thread, NULL, &soon) == ETIMEDOUT);
	forget(m);
}

/* ---- the receiver ---- */

static bool share_disks(const struct vm *vm, struct state_stream *stream)
{
	const char *taken = vm_lock_disks(vm, DISK_SHARED);

	return !taken || state_fail(stream, "disk %s is in use", taken);
}

static void own_disks(const struct vm *vm)
{
	const char *taken = vm_lock_disks(vm, DISK_OWN);

	if (!taken)
		return;
	warn("disk %s: waiting until nobody else has it", taken);
	vm_lock_disks(vm, DISK_AWAIT);
}

/**
 * migrate_incoming() - wait for a guest to arrive or end the process
 * @vm: filled in, ready to run
 * @opt: the command line; what the guest says of its machine replaces it
 */
void migrate_incoming(struct vm *vm, struct options *opt)
{
	struct state_stream stream = { .fd = address_accept(opt->incoming) };
	struct section section;

	if (!section_create(&section, &stream) ||
	    !snapshot_read(&stream, &section, vm, opt) ||
	    !share_disks(vm, &stream) || !say(&stream, LOADED) ||
	    !hear(&stream, GO))
		die("%s: %s", opt->incoming, stream.error);
	own_disks(vm);
	vm_forget_disks(vm);
	section_destroy(&section);
	close(stream.fd);
	warn("arrived");
}
