#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# memory.sh MIB [VMM-OPTION...]: a guest with MIB of memory uses most of it.
. ../lib.sh

GUEST_MEMORY=$1
shift
guest "load 5 $((GUEST_MEMORY * 3 / 4))" -c 2 "$@"
