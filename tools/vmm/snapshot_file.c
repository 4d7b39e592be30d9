// SPDX-License-Identifier: GPL-2.0-only
/* A guest in a file. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "ram_state.h"
#include "snapshot.h"
#include "util.h"

static bool write_file(struct state_stream *stream, struct vm *vm,
		       struct ram_count *count)
{
	struct section section;
	bool ok;

	ok = section_create(&section, stream) &&
	     state_write_header(stream) &&
	     snapshot_write_config(stream, &section, vm) &&
	     gic_flush(&vm->gic, stream) &&
	     ram_save(stream, &section, &vm->ram, NULL, count) &&
	     snapshot_write(stream, &section, vm);
	section_destroy(&section);
	return ok;
}

/*
 * Give a file that was written its name. Until that is on the disk, a power cut
 * takes it away again, while the disks of the guest stay as they are. A directory
 * that may be written but not read, -1, cannot be asked for it.
 */
static bool publish(struct state_stream *stream, const char *part,
		    const char *path, int directory)
{
	if (rename(part, path) < 0)
		return state_fail(stream, "rename: %s", strerror(errno));
	if (directory < 0 || sync_fd(directory))
		return true;
	state_fail(stream, "fsync of its directory: %s", strerror(errno));
	/* The guest goes on, and its disks with it. */
	unlink(path);
	return false;
}

/**
 * snapshot_save() - save a guest in a file
 * @vm: a VM that is paused
 * @path: the file; it is replaced when all is written, and else left alone, or
 *	  gone where its name cannot be written
 *
 * Return: false, after a message, where that was not possible.
 */
bool snapshot_save(struct vm *vm, const char *path)
{
	struct state_stream stream = { 0 };
	struct ram_count count = { 0 };
	char part[PATH_MAX];
	int directory;
	bool ok;

	if (snprintf(part, sizeof(part), "%s.part", path) >= PATH_MAX) {
		warn("%s: is too long a name", path);
		return false;
	}
	stream.fd = open(part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (stream.fd < 0) {
		warn("%s: %s", part, strerror(errno));
		return false;
	}
	directory = open_directory_of(path);
	ok = write_file(&stream, vm, &count);
	if (ok && !sync_fd(stream.fd))
		ok = state_fail(&stream, "fsync: %s", strerror(errno));
	close(stream.fd);
	ok = ok && publish(&stream, part, path, directory);
	if (directory >= 0)
		close(directory);
	if (!ok) {
		warn("%s: %s", path, stream.error);
		unlink(part);
		return false;
	}
	warn("saved: %u pages, %u zero, ran %u ms, guest clock %u ms",
	     count.data, count.zero, (unsigned int)vm->ran_ms,
	     (unsigned int)clock_ms(&vm->clock));
	return true;
}

static bool writes_disks(const struct options *opt)
{
	unsigned int i;

	for (i = 0; i < opt->nr_disks; i++)
		if (!opt->disk[i].read_only)
			return true;
	return false;
}

/**
 * snapshot_restore() - make the VM that is saved in a file or end the process
 * @vm: filled in, ready to run
 * @opt: the command line; what the file says of the machine replaces it
 */
void snapshot_restore(struct vm *vm, struct options *opt)
{
	struct state_stream stream = { 0 };
	struct section section;

	stream.fd = open(opt->restore, O_RDONLY | O_CLOEXEC);
	if (stream.fd < 0)
		die_errno("%s", opt->restore);
	if (!section_create(&section, &stream) ||
	    !snapshot_read(&stream, &section, vm, opt) ||
	    (writes_disks(opt) && !state_use_up(&stream)))
		die("%s: %s", opt->restore, stream.error);
	section_destroy(&section);
	close(stream.fd);
	warn("restored");
}
