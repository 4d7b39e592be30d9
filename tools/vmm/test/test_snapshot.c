// SPDX-License-Identifier: GPL-2.0-only
/* A guest that is saved: what a file has, and when, and what is left of it. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "snapshot.h"
#include "test.h"
#include "util.h"

#define OLD			"an older guest"
#define COUNTER_HZ		24000000
#define DIRECTORY		"/tmp/snapshot.XXXXXX"

static char directory[sizeof(DIRECTORY)];
static char path[sizeof(DIRECTORY "/guest")];
static char part[sizeof(DIRECTORY "/guest.part")];
static struct vm vm;
static bool fails_to_write;
static unsigned int nr_flushes;
/* Which sync is to fail, from 1, or none */
static unsigned int bad_sync;

/* The rest of what there is to save is only its end. */

bool snapshot_write_config(struct state_stream *stream, struct section *section,
			   const struct vm *of)
{
	(void)of;
	section_begin(section, STATE_CONFIG, 0);
	return state_write(stream, section);
}

bool snapshot_write(struct state_stream *stream, struct section *section,
		    struct vm *of)
{
	(void)of;
	if (fails_to_write)
		return state_fail(stream, "told to");
	return state_write_end(stream, section);
}

bool snapshot_read(struct state_stream *stream, struct section *section,
		   struct vm *to, struct options *opt)
{
	(void)to;
	(void)opt;
	return state_read_header(stream) && state_read(stream, section) &&
	       section->type == STATE_CONFIG && state_read(stream, section) &&
	       section->type == STATE_END && state_read_end(stream, section);
}

bool gic_flush(const struct gic *gic, struct state_stream *stream)
{
	(void)gic;
	(void)stream;
	nr_flushes++;
	return true;
}

static bool exists(const char *name)
{
	return !access(name, F_OK);
}

static bool is_old(void)
{
	char text[sizeof(OLD)] = "";
	FILE *file = fopen(path, "r");

	if (!file)
		return false;
	if (!fgets(text, sizeof(text), file))
		text[0] = '\0';
	fclose(file);
	return !strcmp(text, OLD);
}

/* A whole guest is in the file that is there, and nothing else. */
static bool is_saved(void)
{
	struct state_stream stream = { .fd = open(path, O_RDONLY) };
	struct section section;
	char more;
	bool ok;

	if (stream.fd < 0)
		return false;
	test_section_create(&section);
	ok = snapshot_read(&stream, &section, NULL, NULL) &&
	     !read(stream.fd, &more, sizeof(more));
	section_destroy(&section);
	close(stream.fd);
	return ok;
}

static bool is_same(int fd, const char *name)
{
	struct stat one, other;

	return !fstat(fd, &one) && !stat(name, &other) &&
	       one.st_dev == other.st_dev && one.st_ino == other.st_ino;
}

/* The file has to be on the disk before it has its name, and then the name. */
static void on_sync(int fd)
{
	if (fake.syncs == 1) {
		EXPECT(is_same(fd, part));
		EXPECT(is_old());
	} else {
		EXPECT(is_same(fd, directory));
		EXPECT(is_saved());
		EXPECT(!exists(part));
	}
	if (fake.syncs == bad_sync)
		fake.sync_error = EIO;
}

static void begin(void)
{
	FILE *file;

	memcpy(directory, DIRECTORY, sizeof(DIRECTORY));
	if (!mkdtemp(directory))
		die_errno("%s", directory);
	snprintf(path, sizeof(path), "%s/guest", directory);
	snprintf(part, sizeof(part), "%s.part", path);
	file = fopen(path, "w");
	if (!file || fputs(OLD, file) < 0 || fclose(file))
		die_errno("%s", path);
	fails_to_write = false;
	nr_flushes = 0;
	bad_sync = 0;
	fake.on_sync = on_sync;
	fake.hz = COUNTER_HZ;
}

static void end(void)
{
	EXPECT(!exists(part));
	unlink(part);
	unlink(path);
	if (rmdir(directory) < 0)
		die_errno("%s", directory);
}

static void test_save(void)
{
	begin();
	EXPECT(snapshot_save(&vm, path));
	EXPECT(fake.syncs == 2);
	EXPECT(nr_flushes == 1);
	EXPECT(is_saved());
	end();
}

static void test_not_written(void)
{
	begin();
	fails_to_write = true;
	EXPECT(!snapshot_save(&vm, path));
	EXPECT(!fake.syncs);
	EXPECT(is_old());
	end();
}

static void test_not_synced(void)
{
	begin();
	bad_sync = 1;
	EXPECT(!snapshot_save(&vm, path));
	EXPECT(fake.syncs == 1);
	EXPECT(is_old());
	end();
}

/* Whether the name is on the disk nobody knows: it may not be the guest's. */
static void test_name_not_synced(void)
{
	begin();
	bad_sync = 2;
	EXPECT(!snapshot_save(&vm, path));
	EXPECT(fake.syncs == 2);
	EXPECT(!exists(path));
	end();
}

const struct test snapshot_tests[] = {
	{ "snapshot outlives a power cut", test_save },
	{ "snapshot that cannot be written", test_not_written },
	{ "snapshot that does not get to the disk", test_not_synced },
	{ "snapshot whose name does not get to the disk",
	  test_name_not_synced },
	{ NULL, NULL }
};
