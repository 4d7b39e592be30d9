#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# A guest's network by a tap and the kernel's vhost, with data
# that is checked both ways; and QEMU killed in the middle of that.
. ./lib.sh

MIB=8
HOST=10.0.0.1
GUEST=10.0.0.2
PORT=2000

dd if=/dev/urandom of=/tmp/data bs=1M count=$MIB 2>/dev/null
sum=$(md5sum < /tmp/data)
sum=${sum%% *}
mkfifo /tmp/never

network() {
	start "$1" "$2" -smp 2 -netdev \
		tap,id=net,ifname=tap0,script=no,downscript=no,vhost=on \
		-device virtio-net-pci,netdev=net,romfile=
	ip addr add $HOST/24 dev tap0
	ip link set tap0 up
}

# Whoever listens has an input that does not end: with it the other end would.
LISTEN="nc -l -p $PORT <>/tmp/never"
UP="mkfifo /tmp/never; ip addr add $GUEST/24 dev eth0; ip link set eth0 up"

# send FILE: to the guest, as soon as it listens
send() {
	until nc $GUEST $PORT <"$1"; do
		kill -0 "$vmm" || give_up "QEMU is gone"
	done
}

# The guest gets it, and sends it back.
network 0 "set -e; $UP; $LISTEN >/tmp/x & n=\$!; echo ready; wait \$n; md5sum /tmp/x | grep $sum; grep MSI.*virtio /proc/interrupts; nc $HOST $PORT </tmp/x"
expect "*ready*"
grep -q "vhost-$vmm" /proc/$vmm/task/*/comm || fail "no vhost"
eval "exec $LISTEN >/tmp/back" &
server=$!
send /tmp/data
expect "*guest: status 0*"
wait $server
ended "$vmm"
cmp /tmp/data /tmp/back || fail "it came back other than it went"

# And killed at work
network 1 "$UP; echo ready; $LISTEN >/dev/null"
expect "*ready*"
send /dev/zero &
sender=$!
until [ "$(cat /sys/class/net/tap0/statistics/tx_bytes)" -gt $((MIB << 20)) ]; do
	kill -0 "$vmm" || give_up "QEMU is gone"
done
kill -9 "$vmm" $sender
killall -9 nc
wait
[ ! -e /sys/class/net/tap0 ] || fail "the tap is left"
