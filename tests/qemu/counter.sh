#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# The physical counter of a guest that is put back goes on from where it was saved,
# whatever it was in the meantime.
. ./lib.sh

TRIES=6

# ask CHARACTER: $count is what the guest says then
ask() {
	printf '%s' "$1" >&3
	expect "*count [0-9a-f]*"
	count=${line##*count }
	count=$((0x${count%%[!0-9a-f]*}))
}

qemu-img create -q -f qcow2 /tmp/disk 16M
qemu 0 -kernel /usr/bin/irqline -drive if=none,id=disk,file=/tmp/disk,format=qcow2
expect "*irq 0*"
ask c
before=$count
hmp 0 "savevm state"

# To load it takes time, too: after a longer one it is back before that.
for waits in $(seq $TRIES); do
	for _ in $(seq $((1 << waits))); do
		ask w
	done
	after=$count
	hmp 0 "loadvm state"
	ask c
	echo "# $before, then $after, then $count"
	[ "$count" -ge "$before" ] || give_up "it went back"
	[ "$count" -ge "$after" ] || exit 0
done
give_up "it went on as if nothing had been loaded"
