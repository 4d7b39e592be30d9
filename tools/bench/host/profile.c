// SPDX-License-Identifier: GPL-2.0-only
/*
 * What main.c measures from outside, for a plugin that follows it: each
 * operation is a function, and main() is what they return to.
 *
 * A fault is what the first touch of the memory takes beyond a second one.
 */
#include <sys/mman.h>

#include "measure.h"
#include "vm.h"

#define REGION_SIZE	(32UL << 20)
#define VM_SIZE		(2UL << 20)
#define ROUNDS		6

/* Also those that are the same: the plugin knows them by their addresses. */
#define OPERATION	static void __attribute__((noinline, no_icf))

static void touch(char *at)
{
	char *end = at + REGION_SIZE;

	for (; at < end; at += GUEST_PAGE_SIZE)
		__atomic_store_n((uint32_t *)at, 0, __ATOMIC_RELAXED);
}

OPERATION host_first(char *at)
{
	touch(at);
}

OPERATION host_again(char *at)
{
	touch(at);
}

OPERATION guest_first(struct vm *vm)
{
	vm_touch(vm, GUEST_RAM, GUEST_RAM + REGION_SIZE);
}

OPERATION guest_again(struct vm *vm)
{
	vm_touch(vm, GUEST_RAM, GUEST_RAM + REGION_SIZE);
}

OPERATION create(struct vm *vm, void *at)
{
	vm_create(vm, at, VM_SIZE);
}

OPERATION destroy(struct vm *vm)
{
	vm_destroy(vm);
}

int main(void)
{
	const struct kind *kind = &kinds[0];
	char *at, *vm_at;
	struct vm vm;
	int i;

	vm_open();
	vm_at = map_memory(VM_SIZE, &kinds[1]);
	for (i = 0; i < ROUNDS; i++) {
		at = map_memory(REGION_SIZE, kind);
		host_first(at);
		host_again(at);
		munmap(at, REGION_SIZE);

		at = map_memory(REGION_SIZE, kind);
		vm_create(&vm, at, REGION_SIZE);
		vm_prepare(&vm);
		guest_first(&vm);
		guest_again(&vm);
		vm_destroy(&vm);
		munmap(at, REGION_SIZE);

		create(&vm, vm_at);
		destroy(&vm);
	}
	return 0;
}
