#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# guest.sh COMMAND [VMM-OPTION...]: a guest that has perf, and a PMU
. ../lib.sh

command=$1
shift
guest "dmesg | grep 'hw perfevents: enabled' && $command" \
	-k /guest/zImage-lpae --pmu "$@"
