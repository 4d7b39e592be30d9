// SPDX-License-Identifier: GPL-2.0-only
/*
 * What grows with what: instructions and memory for each VM, each vCPU and
 * each MiB of guest memory, at three sizes each. Instructions as in main.c.
 *
 * Lines are "scale NAME SIZE VALUE"; a value is for each of SIZE.
 */
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "measure.h"
#include "vm.h"

#define MIB		(1UL << 20)
#define MAX_VMS		300
#define MAX_VCPUS	8
#define SIZES		3

/* Each VM with vCPUs is made as often, so that a page more or less is nothing. */
#define REPEAT		24

static const int vm_counts[SIZES] = { 30, 100, MAX_VMS };
static const int vcpu_counts[SIZES] = { 1, 4, MAX_VCPUS };
static const int ram_mib[SIZES] = { 16, 64, 256 };

static void report(const char *name, const char *kind, int size, int64_t value)
{
	printf("scale %s%s %d %lld\n", name, kind, size, (long long)value);
}

/* Bytes that nobody uses, in the zones and in each CPU's stock of pages */
static int64_t free_memory(void)
{
	FILE *f = fopen("/proc/zoneinfo", "r");
	unsigned long pages, sum = 0;
	char line[128];

	if (!f)
		err(EXIT_FAILURE, "/proc/zoneinfo");
	while (fgets(line, sizeof(line), f))
		if (sscanf(line, " nr_free_pages %lu", &pages) == 1 ||
		    sscanf(line, " count: %lu", &pages) == 1)
			sum += pages;
	fclose(f);
	return (int64_t)sum * GUEST_PAGE_SIZE;
}

/* Bytes of tables that map guest memory */
static int64_t table_memory(void)
{
	FILE *f = fopen("/proc/meminfo", "r");
	unsigned long kbytes = 0;
	char line[128];

	if (!f)
		err(EXIT_FAILURE, "/proc/meminfo");
	while (fgets(line, sizeof(line), f))
		if (sscanf(line, "SecPageTables: %lu", &kbytes) == 1)
			break;
	fclose(f);
	return (int64_t)kbytes << 10;
}

static void measure_vms(int count)
{
	int fds[MAX_VMS], i;
	int64_t create, destroy, memory = free_memory();
	uint64_t begin = now();

	for (i = 0; i < count; i++)
		fds[i] = vm_new();
	create = since(begin);
	memory -= free_memory();
	begin = now();
	for (i = 0; i < count; i++)
		close(fds[i]);
	destroy = since(begin);

	report("vm-create", "", count, create / count);
	report("vm-destroy", "", count, destroy / count);
	report("vm-memory", "", count, memory / count);
}

static void measure_vcpus(int count)
{
	int64_t create = 0, destroy = 0, memory = 0;
	int vms[REPEAT], vcpus[REPEAT][MAX_VCPUS], i, j;
	uint64_t begin;

	for (i = 0; i < REPEAT; i++)
		vms[i] = vm_new();
	memory = free_memory();
	begin = now();
	for (i = 0; i < REPEAT; i++)
		for (j = 0; j < count; j++)
			vcpus[i][j] = vm_add_vcpu(vms[i], j);
	create = since(begin);
	memory -= free_memory();

	/* They go with their VM, which is held by each of them. */
	for (i = 0; i < REPEAT; i++)
		for (j = 0; j < count; j++)
			close(vcpus[i][j]);
	begin = now();
	for (i = 0; i < REPEAT; i++)
		close(vms[i]);
	destroy = since(begin);

	report("vcpu-create", "", count, create / (REPEAT * count));
	report("vm-vcpus-destroy", "", count, destroy / REPEAT);
	report("vcpu-memory", "", count, memory / (REPEAT * count));
}

static void measure_ram(int mib, const struct kind *kind)
{
	void *ram = map_memory(mib * MIB, kind);
	int64_t tables = table_memory();
	struct vm vm;
	uint64_t begin;

	vm_create(&vm, ram, mib * MIB);
	vm_prepare(&vm);
	vm_touch(&vm, GUEST_RAM, GUEST_RAM + mib * MIB);
	tables = table_memory() - tables;
	begin = now();
	vm_destroy(&vm);
	report("vm-ram-destroy-", kind->name, mib, since(begin));
	report("tables-", kind->name, mib, tables);
	munmap(ram, mib * MIB);
}

int main(void)
{
	int i, k;

	setlinebuf(stdout);
	vm_open();
	/* What is allocated once, and stays, is no part of it. */
	close(vm_new());
	for (i = 0; i < SIZES; i++)
		measure_vms(vm_counts[i]);
	for (i = 0; i < SIZES; i++)
		measure_vcpus(vcpu_counts[i]);
	for (k = 0; k < NR_KINDS; k++)
		for (i = 0; i < SIZES; i++)
			measure_ram(ram_mib[i], &kinds[k]);
	return 0;
}
