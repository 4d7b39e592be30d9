#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# And none where it is not to.
. ../qemu/lib.sh

CPU=host,pmu=off
start_perf 0 "[ ! -e /proc/device-tree/pmu ] && ! count stat"
expect "*perf_event_open: No such file*"
expect "*guest: status 0*"
ended "$vmm"
