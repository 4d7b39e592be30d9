#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# A guest that resets itself starts again from the beginning, with all vCPUs.
# Its disk says how often it has been started.
. ../lib.sh

dd if=/dev/zero of=/tmp/disk bs=4k count=1 2>/dev/null
guest "[ \$(nproc) = 2 ] || poweroff -f; read n < /dev/vda; echo x\$n > /dev/vda; sync; echo started x\$n; [ x\$n = xxx ] || reboot -f" \
	-c 2 --reboot -d /tmp/disk
[ "$(grep -c '^started x' /tmp/guest.$$)" = 3 ] || fail "not three starts"
