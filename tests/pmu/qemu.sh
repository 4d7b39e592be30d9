#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# QEMU gives a guest a PMU without being asked, and where it is.
. ../qemu/lib.sh

for CPU in host max,pmu=on; do
	rm -f /tmp/qmp* /tmp/qemu.* /tmp/said*
	start_perf 0 "dmesg | grep 'hw perfevents: enabled' && count stat"
	expect "*hw perfevents: enabled*"
	expect "*guest: status 0*"
	ended "$vmm"
done
