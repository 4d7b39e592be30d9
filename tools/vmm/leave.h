/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VMM_LEAVE_H
#define VMM_LEAVE_H

#include <signal.h>
#include <stdbool.h>

#include "options.h"
#include "vm.h"

bool leave_is_possible(const struct options *opt);
void leave_signals(sigset_t *set);
void leave_init(const struct options *opt);
void leave_begin(struct vm *vm);
bool leave_finish(struct vm *vm);

#endif
