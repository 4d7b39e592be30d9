// SPDX-License-Identifier: GPL-2.0-only
/*
 * What KVM adds to the host's own handling of memory, and what a VM costs
 * to make and to destroy, in instructions.
 *
 * Memory is measured a page of 4 KiB, also where the host uses huge pages.
 */
#include <err.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "measure.h"
#include "vm.h"

#define HUGE_SIZE	(2UL << 20)
#define REGION_SIZE	(64UL << 20)
#define REGION_PAGES	(REGION_SIZE / GUEST_PAGE_SIZE)
#define REGION_END	(GUEST_RAM + REGION_SIZE)
#define VM_COUNT	16

#define TRACING		"/sys/kernel/tracing"
#define TLB_EVENT	"kvm_stage2_tlb_inval"

/*
 * The first touch is measured as when Linux 4.19 was: over 32 MiB, of which
 * the first page is touched before. With huge pages that leaves out one
 * fault of sixteen.
 */
#define FRESH_BEGIN	(GUEST_RAM + GUEST_PAGE_SIZE)
#define FRESH_END	(GUEST_RAM + (32UL << 20))
#define FRESH_PAGES	((FRESH_END - FRESH_BEGIN) / GUEST_PAGE_SIZE)

static void row(const char *name, const char *kind, int64_t each)
{
	printf("bench %s%s %lld\n", name, kind, (long long)each);
}

static void host_touch(char *at, size_t size)
{
	char *end = at + size;

	for (; at < end; at += GUEST_PAGE_SIZE)
		__atomic_store_n((uint32_t *)at, 0, __ATOMIC_RELAXED);
}

static int64_t time_host_touch(char *at)
{
	uint64_t begin = now();

	host_touch(at, REGION_SIZE);
	return since(begin);
}

static int64_t time_guest_touch(struct vm *vm, uint32_t from, uint32_t end)
{
	uint64_t begin = now();

	vm_touch(vm, from, end);
	return since(begin);
}

/* What a range costs that the guest touches for the first time */
static int64_t time_guest_map(struct vm *vm, uint32_t from, uint32_t end)
{
	int64_t first = time_guest_touch(vm, from, end);

	return first - time_guest_touch(vm, from, end);
}

static int64_t time_discard(char *at)
{
	uint64_t begin = now();

	if (madvise(at, REGION_SIZE, MADV_DONTNEED))
		err(EXIT_FAILURE, "madvise");
	return since(begin);
}

static bool host_has_huge_pages(void)
{
	unsigned long kbytes = 0;
	char line[128];
	FILE *f = fopen("/proc/meminfo", "r");

	if (!f)
		err(EXIT_FAILURE, "/proc/meminfo");
	while (fgets(line, sizeof(line), f))
		if (sscanf(line, "AnonHugePages: %lu", &kbytes) == 1)
			break;
	fclose(f);
	return kbytes >= REGION_SIZE >> 10;
}

static void trace_write(const char *name, const char *text)
{
	FILE *f = fopen(name, "w");

	if (!f || fputs(text, f) < 0 || fclose(f))
		err(EXIT_FAILURE, "%s", name);
}

/* How often the TLBs lose what they have of the VM, for one range */
static int count_tlb_invalidations(char *at)
{
	char line[256];
	int count = 0;
	FILE *f;

	trace_write(TRACING "/trace", "");
	trace_write(TRACING "/events/kvm/" TLB_EVENT "/enable", "1");
	time_discard(at);
	trace_write(TRACING "/events/kvm/" TLB_EVENT "/enable", "0");
	f = fopen(TRACING "/trace", "r");
	if (!f)
		err(EXIT_FAILURE, TRACING "/trace");
	while (fgets(line, sizeof(line), f))
		count += !!strstr(line, TLB_EVENT ":");
	fclose(f);
	return count;
}

/* Other kernels may have none. */
static bool host_has_tlb_event(void)
{
	return !access(TRACING "/events/kvm/" TLB_EVENT, F_OK);
}

static void measure_memory(const struct kind *kind)
{
	char *at = map_memory(REGION_SIZE, kind);
	int64_t fault, discard, touch, unmap, map;
	int invalidations;
	struct vm vm;

	fault = time_host_touch(at);
	if (kind->huge && !host_has_huge_pages()) {
		printf("bench: the host gives no huge pages\n");
		munmap(at, REGION_SIZE);
		return;
	}
	fault = (fault - time_host_touch(at)) / (int64_t)REGION_PAGES;
	discard = time_discard(at);

	vm_create(&vm, at, REGION_SIZE);
	vm_prepare(&vm);
	vm_touch(&vm, GUEST_RAM, FRESH_BEGIN);
	touch = time_guest_map(&vm, FRESH_BEGIN, FRESH_END);
	vm_touch(&vm, FRESH_END, REGION_END);
	unmap = time_discard(at) - discard;
	host_touch(at, REGION_SIZE);
	map = time_guest_map(&vm, GUEST_RAM, REGION_END);
	invalidations = host_has_tlb_event() ? count_tlb_invalidations(at) : -1;
	vm_destroy(&vm);
	munmap(at, REGION_SIZE);

	row("host-fault-", kind->name, fault);
	row("touch-", kind->name, touch / (int64_t)FRESH_PAGES - fault);
	row("unmap-", kind->name, unmap / (int64_t)REGION_PAGES);
	row("map-", kind->name, map / (int64_t)REGION_PAGES);
	if (invalidations >= 0)
		row("unmap-tlb-", kind->name, invalidations);
}

static int64_t time_create(struct vm *vm, void *at)
{
	uint64_t begin = now();

	vm_create(vm, at, HUGE_SIZE);
	return since(begin);
}

static int64_t time_destroy(struct vm *vm)
{
	uint64_t begin = now();

	vm_destroy(vm);
	return since(begin);
}

static void measure_vm(const struct kind *kind)
{
	int64_t create = 0, destroy = 0, destroy_used = 0;
	void *at = map_memory(HUGE_SIZE, kind);
	struct vm vm;
	int i;

	for (i = 0; i < VM_COUNT; i++) {
		create += time_create(&vm, at);
		destroy += time_destroy(&vm);
	}
	for (i = 0; i < VM_COUNT; i++) {
		vm_create(&vm, at, HUGE_SIZE);
		vm_prepare(&vm);
		vm_touch(&vm, GUEST_RAM, GUEST_RAM + HUGE_SIZE);
		destroy_used += time_destroy(&vm);
	}
	row("vm-create", "", create / VM_COUNT);
	row("vm-destroy", "", destroy / VM_COUNT);
	row("vm-destroy-used", "", destroy_used / VM_COUNT);
	munmap(at, HUGE_SIZE);
}

int main(void)
{
	size_t i;

	setlinebuf(stdout);
	vm_open();
	for (i = 0; i < NR_KINDS; i++)
		measure_memory(&kinds[i]);
	measure_vm(&kinds[1]);
	return 0;
}
