#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# hyp_exception.sh INSTRUCTION...: HYP mode meets these where it enters a guest,
# which is the end of this host.
. ../lib.sh
. ./dump.sh

to=$(phys_of __kvm_vcpu_run)
for instruction in "$@"; do
	devmem "$to" 32 "0x$instruction" || fail "cannot write to $to"
	to=$((to + 4))
done
guest true
