#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# A CPU that comes online is set up for HYP mode by then: a guest that may run
# nowhere else runs there. It needs the boot tables, which are still in place.
. ../lib.sh
. ./dump.sh

CPU=1
online=/sys/devices/system/cpu/cpu$CPU/online

cat $HYP_BOOT > /tmp/boot
for _ in 1 2 3; do
	echo 0 > $online || fail "CPU$CPU does not go offline"
	echo 1 > $online || fail "CPU$CPU does not come online"
done
cmp $HYP_BOOT /tmp/boot || fail "the boot tables have changed"

# All threads that the VMM makes inherit this.
taskset -p $((1 << CPU)) $$ || fail "cannot move to CPU$CPU"
guest true -c 2
