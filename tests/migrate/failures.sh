#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# A guest that cannot leave goes on where it is; one whose other half is lost
# before it has arrived does not run twice.
. ./lib.sh

# refused COMMAND: a VMM must end with an error
refused() {
	wait "$1"
	status=$?
	[ $status -eq 1 ] || fail "a VMM ended with status $status, not 1"
}

# No room for the file: the old one stays
mkdir /tmp/small
mount -t tmpfs -o size=4m small /tmp/small
echo old > /tmp/small/state
boot -c 2 --save /tmp/small/state
expect "*at work*"
for _ in 1 2 3; do
	leave "$vmm"
	expect "kvm-vmm: /tmp/small/state: cannot write*"
	alive
done
[ "$(ls /tmp/small)" = state ] || fail "a part of a file is left"
[ "$(cat /tmp/small/state)" = old ] || fail "the old file is gone"
umount /tmp/small
mount -t tmpfs -o size=64m small /tmp/small
leave "$vmm"
expect "kvm-vmm: saved:*"
ended "$vmm"
cp /tmp/disk /tmp/saved-disk

# Nobody waits, then somebody who is killed, then one with other disks
vmm --restore /tmp/small/state --migrate-to "$ADDR"
source=$vmm
expect "kvm-vmm: restored"
leave "$source"
expect "kvm-vmm: $ADDR:*"
vmm=$source
alive

vmm --incoming "$ADDR"
expect "kvm-vmm: waiting*"
kill -STOP "$vmm"
leave "$source"
alive
kill -KILL "$vmm"
expect "kvm-vmm: $ADDR:*"
alive

kvm-vmm --incoming "$ADDR" </dev/null >/tmp/console.out 2>&1 &
other=$!
expect "kvm-vmm: waiting*"
leave "$source"
refused $other
alive

# The source dies: the other side must not run what it has
vmm --incoming "$ADDR"
expect "kvm-vmm: waiting*"
kill -STOP "$vmm"
leave "$source"
alive
kill -KILL "$source"
kill -CONT "$vmm"
refused "$vmm"

# The state that was saved is still good, with the disk of that time.
cp /tmp/saved-disk /tmp/disk
vmm --restore /tmp/small/state
expect "kvm-vmm: restored"
alive
finish
umount /tmp/small
