#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# A disk is one guest's, wherever that is, and one that moves finds another's
# disk taken while it can still go on.
. ./lib.sh

SECONDS_TO_REFUSE=20

# in_use DISK...: they are not given to a VMM
in_use() {
	timeout $SECONDS_TO_REFUSE kvm-vmm -k /guest/zImage "$@" \
		</dev/null >/tmp/log 2>&1
	status=$?
	cat /tmp/log
	[ $status -eq 1 ] || fail "a VMM ended with status $status, not 1"
	grep -q "disk .* is in use" /tmp/log || fail "it is not the disk's lock"
}

boot -c 2 --migrate-to "$ADDR"
expect "*at work*"
source=$vmm
in_use -d /tmp/disk
in_use -d /tmp/disk,ro
cp /tmp/disk /tmp/other
in_use -d /tmp/other -d /tmp/other

start_guest /tmp/other.log "echo there; sleep 99999" -d /tmp/other
other=$!
await_guest $other /tmp/other.log there
kvm-vmm --incoming "$ADDR" -d /tmp/other </dev/null >/tmp/console.out 2>&1 &
refused=$!
expect "kvm-vmm: waiting*"
leave "$source"
expect "kvm-vmm: $ADDR: disk /tmp/other is in use"
expect "kvm-vmm: $ADDR: the other side*"
wait $refused
status=$?
[ $status -eq 1 ] || fail "a VMM ended with status $status, not 1"
kill -KILL $other
alive
in_use -d /tmp/disk

vmm --incoming "$ADDR"
expect "kvm-vmm: waiting*"
leave "$source"
expect "kvm-vmm: moved:*"
ended "$source"
alive
in_use -d /tmp/disk
in_use -d /tmp/disk,ro
finish

# Nobody has it now, and any number may read it.
start_guest /tmp/first.log "echo there; sleep 99999" -d /tmp/disk,ro
first=$!
await_guest $first /tmp/first.log there
guest "dd if=/dev/vda of=/dev/null" -d /tmp/disk,ro
in_use -d /tmp/disk
kill -KILL $first
