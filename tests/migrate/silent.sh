#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# A network goes silent when a guest stands still, as all of it was sent: the guest
# goes on. Whoever has got all of one, and not been told to run it, gives up.
. ./lib.sh

ip link set lo up
boot -c 2 --save "$STATE"
expect "*at work*"
leave "$vmm"
expect "kvm-vmm: saved:*"
ended "$vmm"
cp "$STATE" /tmp/stream
cp /tmp/disk /tmp/other

# Takes it all, and does not say that it has
sleep 99999 | nc -l -p 2001 >/dev/null &
vmm --restore "$STATE" --migrate-to tcp:127.0.0.1:2001
source=$vmm
expect "kvm-vmm: restored"
alive
leave "$source"
while cat /proc/"$source"/task/*/comm | grep -q vcpu; do
	sleep 1
done

# Sends it all, and does not say that it is done
kvm-vmm --incoming tcp:127.0.0.1:2002 -d /tmp/other </dev/null >/tmp/console.out 2>&1 &
receiver=$!
expect "kvm-vmm: waiting*"
{
	cat /tmp/stream
	sleep 99999
} | nc 127.0.0.1 2002 >/tmp/answer &
until [ -s /tmp/answer ]; do
	sleep 1
done

ip link set lo down
expect "kvm-vmm: tcp:127.0.0.1:2001: the other side is gone:*"
alive
expect "kvm-vmm: tcp:127.0.0.1:2002: the other side is gone:*"
wait $receiver
status=$?
[ $status -eq 1 ] || fail "the receiver ended with status $status, not 1"
alive
vmm=$source
finish
