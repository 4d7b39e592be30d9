#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# What is not a saved guest, or not all of it, or of another machine, is refused
# with a message.
. ./lib.sh

HEADER=16
SECTION=24

boot -c 2 --save "$STATE"
expect "*at work*"
leave "$vmm"
expect "kvm-vmm: saved:*"
ended "$vmm"
size=$(stat -c %s "$STATE")
[ "$size" -gt 1000000 ] || fail "the file has $size bytes"

# refused MESSAGE [VMM-OPTION...]
refused() {
	message=$1
	shift
	kvm-vmm --restore /tmp/bad "$@" </dev/null >/tmp/log 2>&1
	status=$?
	cat /tmp/log
	[ $status -eq 1 ] || fail "a VMM ended with status $status, not 1"
	grep -q "$message" /tmp/log || fail "the message is not: $message"
}

# put OFFSET BYTE: the file with that byte at OFFSET, from its end if negative
put() {
	cp "$STATE" /tmp/bad
	at=$1
	[ "$at" -ge 0 ] || at=$((size + at))
	printf "%b" "$2" | dd of=/tmp/bad bs=1 seek="$at" conv=notrunc 2>/dev/null
}

for length in 0 1 $((HEADER - 1)) $HEADER $((HEADER + SECTION)) 500000 \
	$((size / 2)) $((size - 4)) $((size - 1)); do
	dd if="$STATE" of=/tmp/bad bs="$length" count=1 2>/dev/null ||
		: > /tmp/bad
	refused "ends after" -d /tmp/disk
done
put 0 X
refused "not a saved guest" -d /tmp/disk
put 8 '\0377'
refused "format version" -d /tmp/disk
for at in $HEADER $((HEADER + SECTION)) 300000 $((size / 2)) -30 -1; do
	put "$at" '\0252'
	cmp -s "$STATE" /tmp/bad && put "$at" '\0125'
	refused "damaged" -d /tmp/disk
done
cp "$STATE" /tmp/bad
refused "1 disks, not 0"
cp /tmp/disk /tmp/larger
echo >> /tmp/larger
dd if=/dev/zero bs=512 count=1 >> /tmp/larger 2>/dev/null
refused "not the one given here" -d /tmp/larger
cp /guest/zImage /tmp/bad
refused "not a saved guest" -d /tmp/disk

# A host with a slower counter, as its device tree says
TREE=/sys/firmware/devicetree/base
mount -t tmpfs tree $TREE
mkdir $TREE/timer
printf 'arm,armv7-timer\0' > $TREE/timer/compatible
printf '\0\172\022\0' > $TREE/timer/clock-frequency
cp "$STATE" /tmp/bad
refused "a counter of [1-9][0-9]* Hz, not 8000000" -d /tmp/disk
umount $TREE

# And it is none of all that itself
vmm --restore "$STATE"
expect "kvm-vmm: restored"
alive
finish
