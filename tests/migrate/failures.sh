#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# A guest that cannot leave goes on where it is; one whose other half is lost
# before it has arrived does not run twice.
. ./lib.sh

# So long may a file be, in blocks of 512 bytes: more than the disk has, and less
# than the guest's memory
LIMIT_BLOCKS=4096

# refused COMMAND: a VMM must end with an error
refused() {
	wait "$1"
	status=$?
	[ $status -eq 1 ] || fail "a VMM ended with status $status, not 1"
}

# narrow COMMAND: with a limit by which no process has room for a thread's stack
narrow() {
	# shellcheck disable=SC3045 # busybox has it
	ulimit -S -s 3000000
	exec "$@"
}

# No room for another thread, and its stack, when the guest is to move. What a guest
# takes otherwise is known of one that is not told to.
MORE_KIB=4096
start_working() {
	boot -c 2 --migrate-to "$ADDR"
	expect "*at work*"
}
start_working
limit=$(($(awk '/^VmPeak/ { print $2 }' /proc/"$vmm"/status) + MORE_KIB))
kill -KILL "$vmm"
wait "$vmm"
# shellcheck disable=SC3045 # busybox has it
ulimit -S -v $limit
start_working
# shellcheck disable=SC3045
ulimit -S -v unlimited
for _ in 1 2; do
	leave "$vmm"
	expect "kvm-vmm: $ADDR: *"
	alive
done
finish

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
cp /tmp/small/state /tmp/saved-state

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

# One without room for the threads of its vCPUs promises nothing.
narrow kvm-vmm -d /tmp/disk --incoming "$ADDR" </dev/null >/tmp/console.out 2>&1 &
other=$!
expect "kvm-vmm: waiting*"
leave "$source"
expect "kvm-vmm: thread of vCPU 0:*"
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

# The guest would take the disk for what it was. From copies of both it goes on,
# but not where it does not run, or nobody can tell the next one that it has.
kvm-vmm --restore /tmp/small/state -d /tmp/disk </dev/null >/tmp/console.out 2>&1 &
expect "kvm-vmm: /tmp/small/state: was restored before*"
refused $!
cp /tmp/saved-disk /tmp/disk
cp /tmp/saved-state /tmp/small/state
narrow kvm-vmm --restore /tmp/small/state -d /tmp/disk </dev/null >/tmp/console.out 2>&1 &
expect "kvm-vmm: thread of vCPU 0:*"
refused $!
mount -o remount,ro /tmp/small
kvm-vmm --restore /tmp/small/state -d /tmp/disk </dev/null >/tmp/console.out 2>&1 &
expect "kvm-vmm: /tmp/small/state: cannot be marked*"
refused $!
mount -o remount,rw /tmp/small

# Nor does it leave for a file that is longer than a limit allows.
# shellcheck disable=SC3045 # busybox has it
ulimit -S -f $LIMIT_BLOCKS
vmm --restore /tmp/small/state --save "$STATE"
# shellcheck disable=SC3045
ulimit -S -f unlimited
expect "kvm-vmm: restored"
for _ in 1 2; do
	leave "$vmm"
	expect "kvm-vmm: $STATE: cannot write: File too large"
	alive
done
[ ! -e "$STATE.part" ] || fail "a part of a file is left"
finish
umount /tmp/small

# With disks that are only read a guest is restored as often as one likes.
reader() {
	kvm-vmm -d /tmp/disk,ro "$@" </tmp/console.in >/tmp/console.out 2>&1 &
	vmm=$!
}
reader -m "$GUEST_MEMORY" -k /guest/zImage -i /guest/initramfs --save "$STATE" \
	-p "console=ttyS0 loglevel=5 run=\"$ANSWER\""
expect "*at work*"
leave "$vmm"
expect "kvm-vmm: saved:*"
ended "$vmm"
for _ in 1 2; do
	reader --restore "$STATE"
	expect "kvm-vmm: restored"
	alive
	kill -KILL "$vmm"
	wait "$vmm" || :
done
