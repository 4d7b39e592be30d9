// SPDX-License-Identifier: GPL-2.0-only
/* A guest in a file. */
#include <errno.h>
#include <fcntl.h>
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

	section_create(&section);
	ok = state_write_header(stream) &&
	     snapshot_write_config(stream, &section, vm) &&
	     gic_flush(&vm->gic, stream) &&
	     ram_save(stream, &section, &vm->ram, NULL, count) &&
	     snapshot_write(stream, &section, vm);
	section_destroy(&section);
	return ok;
}

/**
 * snapshot_save() - save a guest in a file
 * @vm: a VM that is paused
 * @path: the file; it is replaced when all is written, or else left alone
 *
 * Return: false, after a message, where that was not possible.
 */
bool snapshot_save(struct vm *vm, const char *path)
{
	struct state_stream stream = { 0 };
	struct ram_count count = { 0 };
	char part[4096];
	bool ok;

	snprintf(part, sizeof(part), "%s.part", path);
	stream.fd = open(part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (stream.fd < 0) {
		warn("%s: %s", part, strerror(errno));
		return false;
	}
	ok = write_file(&stream, vm, &count);
	if (ok && fsync(stream.fd) < 0 && errno != EINVAL)
		ok = state_fail(&stream, "fsync: %s", strerror(errno));
	close(stream.fd);
	if (ok && rename(part, path) < 0)
		ok = state_fail(&stream, "rename: %s", strerror(errno));
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
	section_create(&section);
	if (!snapshot_read(&stream, &section, vm, opt))
		die("%s: %s", opt->restore, stream.error);
	section_destroy(&section);
	close(stream.fd);
	warn("restored");
}
