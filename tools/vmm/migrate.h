/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VMM_MIGRATE_H
#define VMM_MIGRATE_H

#include <pthread.h>
#include <stdbool.h>

#include "options.h"
#include "ram_state.h"
#include "state.h"

struct vm;

/**
 * struct migration - a guest on its way to another process
 * @vm: the VM
 * @thread: sends memory while the guest runs
 * @running: @thread is to be joined
 * @failed: @thread gave up
 * @stream: the connection
 * @section: room for a section
 * @dirty: pages to send, a bit each
 * @last: those of them that @thread found last
 * @count: pages sent
 * @rounds: how often memory was gone through while the guest ran
 */
struct migration {
	struct vm *vm;
	pthread_t thread;
	bool running;
	bool failed;
	struct state_stream stream;
	struct section section;
	uint8_t *dirty;
	uint8_t *last;
	struct ram_count count;
	unsigned int rounds;
};

void migrate_start(struct migration *migration, struct vm *vm);
bool migrate_finish(struct migration *migration);
void migrate_cancel(struct migration *migration);
void migrate_incoming(struct vm *vm, struct options *opt);

#endif
