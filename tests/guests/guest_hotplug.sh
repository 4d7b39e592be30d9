#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# A guest takes its vCPUs down and up again.
. ../lib.sh

guest "set -e; cd /sys/devices/system/cpu; for n in 1 2 3 4 5; do for c in 1 2; do echo 0 > cpu\$c/online; done; [ \$(nproc) = 1 ]; for c in 1 2; do echo 1 > cpu\$c/online; done; [ \$(nproc) = 3 ]; done; load 1" \
	-c 3
