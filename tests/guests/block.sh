#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# block.sh [VMM-OPTION...]: a disk that is read and written, and one that is
# only read.
. ../lib.sh

SECTORS=8192

dd if=/dev/urandom of=/tmp/disk bs=512 count=$SECTORS 2>/dev/null
cp /tmp/disk /tmp/ro
sum=$(md5sum < /tmp/disk)
sum=${sum%% *}

guest "set -e; [ \$(cat /sys/block/vda/size) = $SECTORS ]; md5sum /dev/vda | grep $sum; md5sum /dev/vdb | grep $sum; dd if=/dev/vda of=/tmp/x bs=64k; dd if=/dev/zero of=/dev/vda bs=4k count=16; dd if=/tmp/x of=/dev/vda bs=64k seek=1 count=63; sync; [ \$(cat /sys/block/vdb/ro) = 1 ]; ! dd if=/dev/zero of=/dev/vdb count=1 conv=fsync" \
	-d /tmp/disk -d /tmp/ro,ro "$@"

[ "$(md5sum < /tmp/ro)" = "$sum  -" ] || fail "the read-only disk changed"
{
	dd if=/dev/zero bs=64k count=1
	dd if=/tmp/ro bs=64k count=63
} > /tmp/expected 2>/dev/null
cmp /tmp/disk /tmp/expected || fail "the disk does not hold what was written"
