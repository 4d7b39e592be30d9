#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Nobody answers where a guest is to move to: its devices work meanwhile, and it goes
# on afterwards, or ends before.
. ./lib.sh

TCP=tcp:127.0.0.1:2000
PORT=07D0
ESTABLISHED=01
SECONDS_TO_END=30

# What waits to be accepted is one more than fits: others hear nothing.
ip link set lo up
kvm-vmm --incoming $TCP </dev/null >/tmp/console.out 2>&1 &
listener=$!
expect "kvm-vmm: waiting*"
kill -STOP $listener
for _ in 1 2; do
	sleep 99999 | nc 127.0.0.1 2000 &
done
until [ "$(grep -c ":$PORT $ESTABLISHED " /proc/net/tcp)" -eq 2 ]; do
	sleep 1
done

boot -c 2 --migrate-to $TCP
expect "*at work*"
leave "$vmm"
alive
expect "kvm-vmm: $TCP: *timed out"
alive

leave "$vmm"
alive
echo stop >&3
expect "*guest: status 0*"
IFS=. read -r before _ </proc/uptime
ended "$vmm"
IFS=. read -r after _ </proc/uptime
[ $((after - before)) -lt $SECONDS_TO_END ] ||
	fail "the VMM waited for $((after - before)) seconds"
