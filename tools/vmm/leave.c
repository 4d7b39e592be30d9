// SPDX-License-Identifier: GPL-2.0-only
/* How a guest leaves this process: for a file or for another process. */
#include <pthread.h>

#include "leave.h"
#include "migrate.h"
#include "snapshot.h"

/**
 * leave_is_possible() - does the command line say where to
 * @opt: the command line
 *
 * Return: true for yes.
 */
bool leave_is_possible(const struct options *opt)
{
	return opt->save || opt->migrate_to;
}

/**
 * leave_signals() - the signals that make a guest leave
 * @set: filled in
 */
void leave_signals(sigset_t *set)
{
	sigemptyset(set);
	sigaddset(set, SIGUSR2);
}

/**
 * leave_init() - prepare the process for the signal, if it has a meaning
 * @opt: the command line
 *
 * Context: before any other thread exists, which would not block it.
 */
void leave_init(const struct options *opt)
{
	sigset_t set;

	leave_signals(&set);
	if (leave_is_possible(opt))
		pthread_sigmask(SIG_BLOCK, &set, NULL);
}

/**
 * leave_begin() - the user wants the guest to leave
 * @vm: a VM that runs
 *
 * Context: the I/O thread. Makes vm_run() return %VM_PAUSED sooner or later.
 */
void leave_begin(struct vm *vm)
{
	if (vm->opt->save)
		vm_pause(vm);
	else if (vm->opt->migrate_to)
		migrate_start(&vm->migration, vm);
}

/**
 * leave_finish() - let a guest leave
 * @vm: a VM that is paused
 *
 * Return: true where it has left; false, after a message, where it is still
 * here and to go on.
 */
bool leave_finish(struct vm *vm)
{
	if (vm->opt->save)
		return snapshot_save(vm, vm->opt->save);
	return migrate_finish(&vm->migration);
}
