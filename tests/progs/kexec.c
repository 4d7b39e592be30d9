// SPDX-License-Identifier: GPL-2.0-only
/*
 * kexec [-p] [-i] ZIMAGE INITRD CMDLINE: load the kernel to be started next
 * or, with -p, in case of a panic. With -i its CPUs get an idle state in which
 * they lose their registers, as far as it knows.
 * kexec -e: start it at once, without a shutdown of user space.
 *
 * Debian's kexec-tools need Xen's libraries, and there is no static build.
 */
#include <err.h>
#include <fcntl.h>
#include <linux/kexec.h>
#include <linux/reboot.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <libfdt.h>

#define FDT_FILE	"/sys/firmware/fdt"
/* ZIMAGE INITRD CMDLINE */
#define NR_ARGS		3
/* Room for what is added to the device tree */
#define FDT_SPARE	4096

/*
 * From the start of the memory that the kernel gets. The zImage unpacks the
 * kernel to the start of the 128 MiB that it is in.
 */
#define ZIMAGE_OFFSET	0x04000000
#define FDT_OFFSET	0x07000000
#define INITRD_OFFSET	0x08000000

/* PSCI, the original format of power_state: a power down of the CPU */
#define PSCI_POWER_DOWN	0x00010000
/* Any number that the tree has no use for yet, as phandles go */
#define IDLE_PHANDLE	0x1d1e

struct blob {
	void *data;
	size_t size;
};

struct range {
	unsigned long long start;
	unsigned long long size;
};

/* Files of sysfs, too, whose size is only known at their end */
static struct blob read_file(const char *path)
{
	struct blob blob = {};
	size_t room = 0;
	ssize_t got;
	int fd;

	fd = open(path, O_RDONLY);
	if (fd < 0)
		err(1, "%s", path);

	do {
		if (room == blob.size) {
			room = room ? 2 * room : 1 << 20;
			blob.data = realloc(blob.data, room);
			if (!blob.data)
				errx(1, "%s: no memory", path);
		}
		got = read(fd, blob.data + blob.size, room - blob.size);
		if (got < 0)
			err(1, "%s", path);
		blob.size += got;
	} while (got);

	close(fd);
	return blob;
}

/* The first range of /proc/iomem with this name */
static struct range find_memory(const char *name)
{
	struct range range;
	char line[128], *what;
	unsigned long long end;
	FILE *file;

	file = fopen("/proc/iomem", "r");
	if (!file)
		err(1, "/proc/iomem");

	while (fgets(line, sizeof(line), file)) {
		what = strstr(line, " : ");
		if (!what || strncmp(what + 3, name, strlen(name)) ||
		    sscanf(line, " %llx-%llx", &range.start,
			   &end) != 2)
			continue;
		range.size = end + 1 - range.start;
		fclose(file);
		return range;
	}

	errx(1, "there is no '%s' in /proc/iomem", name);
}

static void fdt_try(int ret, const char *what)
{
	if (ret < 0)
		errx(1, "device tree: %s: %s", what, fdt_strerror(ret));
}

static int add_node(void *fdt, int parent, const char *name)
{
	int node = fdt_add_subnode(fdt, parent, name);

	fdt_try(node, name);
	return node;
}

static void set_string(void *fdt, int node, const char *name, const char *value)
{
	fdt_try(fdt_setprop_string(fdt, node, name, value), name);
}

static void set_cell(void *fdt, int node, const char *name, uint32_t value)
{
	fdt_try(fdt_setprop_u32(fdt, node, name, value), name);
}

/* See Documentation/devicetree/bindings/cpu/idle-states.yaml */
static void add_idle_state(void *fdt)
{
	int node, cpu = -1;

	node = add_node(fdt, fdt_path_offset(fdt, "/cpus"), "idle-states");
	set_string(fdt, node, "entry-method", "psci");
	node = add_node(fdt, node, "cpu-power-down");
	set_string(fdt, node, "compatible", "arm,idle-state");
	set_cell(fdt, node, "phandle", IDLE_PHANDLE);
	set_cell(fdt, node, "arm,psci-suspend-param", PSCI_POWER_DOWN);
	set_cell(fdt, node, "entry-latency-us", 1);
	set_cell(fdt, node, "exit-latency-us", 1);
	set_cell(fdt, node, "min-residency-us", 2);

	/* A change may move what comes behind it: look again each time. */
	for (;;) {
		cpu = fdt_node_offset_by_prop_value(fdt, cpu, "device_type",
						    "cpu", sizeof("cpu"));
		if (cpu < 0)
			break;
		set_cell(fdt, cpu, "cpu-idle-states", IDLE_PHANDLE);
	}
}

/* The tree that this kernel was given, with another /chosen */
static struct blob make_fdt(const char *cmdline, struct range initrd,
			    const struct range *usable, bool idle)
{
	struct blob old = read_file(FDT_FILE), fdt;
	fdt64_t cells[2];
	int chosen;

	fdt.size = old.size + FDT_SPARE + strlen(cmdline);
	fdt.data = malloc(fdt.size);
	if (!fdt.data)
		errx(1, "no memory");
	fdt_try(fdt_open_into(old.data, fdt.data, fdt.size), "open");

	if (idle)
		add_idle_state(fdt.data);

	chosen = fdt_path_offset(fdt.data, "/chosen");
	fdt_try(chosen, "/chosen");
	fdt_try(fdt_setprop_string(fdt.data, chosen, "bootargs", cmdline),
		"bootargs");
	fdt_try(fdt_setprop_u64(fdt.data, chosen, "linux,initrd-start",
				initrd.start), "initrd");
	fdt_try(fdt_setprop_u64(fdt.data, chosen, "linux,initrd-end",
				initrd.start + initrd.size), "initrd");
	if (usable) {
		cells[0] = cpu_to_fdt64(usable->start);
		cells[1] = cpu_to_fdt64(usable->size);
		fdt_try(fdt_setprop(fdt.data, chosen,
				    "linux,usable-memory-range", cells,
				    sizeof(cells)), "usable memory");
	}
	free(old.data);

	return fdt;
}

static struct kexec_segment segment(struct blob blob, unsigned long where)
{
	size_t page = sysconf(_SC_PAGESIZE);

	return (struct kexec_segment) {
		.buf = blob.data,
		.bufsz = blob.size,
		.mem = (void *)where,
		.memsz = (blob.size + page - 1) & ~(page - 1),
	};
}

static void load(bool crash, bool idle, char **args)
{
	struct range memory = find_memory(crash ? "Crash kernel" : "System RAM");
	struct blob zimage = read_file(args[0]), initrd = read_file(args[1]);
	struct range initrd_at = { memory.start + INITRD_OFFSET, initrd.size };
	struct kexec_segment segments[3];
	struct blob fdt;

	if (INITRD_OFFSET + initrd.size > memory.size)
		errx(1, "%llu MiB of memory are not enough",
		     memory.size >> 20);

	fdt = make_fdt(args[2], initrd_at, crash ? &memory : NULL, idle);
	segments[0] = segment(zimage, memory.start + ZIMAGE_OFFSET);
	segments[1] = segment(fdt, memory.start + FDT_OFFSET);
	segments[2] = segment(initrd, initrd_at.start);

	if (syscall(SYS_kexec_load, (unsigned long)memory.start + ZIMAGE_OFFSET,
		    3UL, segments,
		    KEXEC_ARCH_ARM | (crash ? KEXEC_ON_CRASH : 0)))
		err(1, "kexec_load");
}

int main(int argc, char **argv)
{
	bool crash = false, idle = false;
	int opt;

	while ((opt = getopt(argc, argv, "epi")) != -1) {
		switch (opt) {
		case 'e':
			syscall(SYS_reboot, LINUX_REBOOT_MAGIC1,
				LINUX_REBOOT_MAGIC2, LINUX_REBOOT_CMD_KEXEC,
				NULL);
			err(1, "reboot");
		case 'p':
			crash = true;
			break;
		case 'i':
			idle = true;
			break;
		default:
			argc = 0;
		}
	}

	if (argc != optind + NR_ARGS)
		errx(1, "usage: kexec -e | kexec [-p] [-i] ZIMAGE INITRD CMDLINE");

	load(crash, idle, argv + optind);
	return 0;
}
