#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# net.sh OPTIONS: a guest's network by a tap with OPTIONS, with data that is
# checked both ways; QEMU killed in the middle of that, and then another one.
. ./lib.sh

options=$1
MIB=4
HOST=10.0.0.1
GUEST=10.0.0.2
PORT=2000

dd if=/dev/urandom of=/tmp/data bs=1M count=$MIB 2>/dev/null
sum=$(md5sum < /tmp/data)
sum=${sum%% *}
mkfifo /tmp/never

network() {
	start "$1" "$2" -smp 2 -netdev \
		"tap,id=net,ifname=tap0,script=no,downscript=no,$options" \
		-device virtio-net-pci,netdev=net,romfile=
	ip addr add $HOST/24 dev tap0
	ip link set tap0 up
}

# The threads of vhost are QEMU's, by their name.
workers() {
	grep -l "^vhost-" /proc/[0-9]*/task/*/comm 2>/dev/null
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

# exchange N: guest N gets the data, and sends them back
exchange() {
	network "$1" "set -e; $UP; $LISTEN >/tmp/x & n=\$!; echo ready; wait \$n; md5sum /tmp/x | grep $sum; grep MSI.*virtio /proc/interrupts; nc $HOST $PORT </tmp/x"
	expect "*ready*"
	case $options in
	*vhost=on*)
		[ -n "$(workers)" ] || fail "no vhost"
		;;
	*)
		[ -z "$(workers)" ] || fail "vhost, which nobody asked for"
		;;
	esac
	eval "exec $LISTEN >/tmp/back" &
	server=$!
	send /tmp/data
	expect "*guest: status 0*"
	wait $server
	ended "$vmm"
	cmp /tmp/data /tmp/back || fail "it came back other than it went"
}

# clean: the host has nothing left of the network, and of the VM
clean() {
	[ ! -e /sys/class/net/tap0 ] || fail "the tap is left"
	[ -z "$(workers)" ] || fail "workers of vhost are left"
	[ -z "$(find /sys/kernel/debug/kvm -mindepth 1 -type d)" ] ||
		fail "a VM is left"
}

exchange 0
clean

# Data go both ways when it is killed.
network 1 "$UP; cat /dev/zero | nc $HOST $PORT >/dev/null & echo ready; $LISTEN >/dev/null"
nc -l -p $PORT <>/tmp/never >/dev/null &
expect "*ready*"
send /dev/zero &
sender=$!
transferred tap0 $((MIB << 20))
kill -9 "$vmm" $sender
killall -9 nc
wait
clean

exchange 2
clean
