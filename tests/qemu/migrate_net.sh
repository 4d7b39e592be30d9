#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# migrate_net.sh N: a guest with two vCPUs, a disk and a network by the kernel's
# vhost moves to another process and back, N times. It works all the time, and
# checks what it computes, what it reads from the disk, and what comes back from
# the host of what it has sent.
. ./lib.sh

DISK_SECTORS=512
BLOCKS=16
BLOCK=65536
HOST=10.0.0.1
GUEST=10.0.0.2
PORT=2000
BRIDGE=02:00:00:00:00:01

# The network's load starts again and again, each time with a new connection.
# shellcheck disable=SC2016 # the guest's shell expands it
NET="(until [ -e /tmp/stop ]; do nc $HOST $PORT </tmp/x | cmp - /tmp/x || { echo network FAILED; exit 1; }; done) & d=\$!"
WORK="set -e; ip addr add $GUEST/24 dev eth0; ip link set eth0 up; dd if=/dev/urandom of=/tmp/x bs=$BLOCK count=$BLOCKS; $NET; diskload /dev/vda & b=\$!; $WORK; touch /tmp/stop; kill \$b; wait \$b; wait \$d"

dd if=/dev/zero of=/tmp/disk bs=512 count=$DISK_SECTORS 2>/dev/null
brctl addbr br0
# Without an address of its own a bridge has that of a port, and another when the
# guest has moved. What the guest then sends first, it sends to the one it knows,
# and nobody answers: 70 seconds were seen until a connection came about.
ifconfig br0 hw ether $BRIDGE || fail "the bridge has no address of its own"
ip addr add $HOST/24 dev br0
ip link set br0 up
nc -ll -p $PORT -e cat &

# begin N OPTION...: start QEMU N; its network is tapN, a port of the bridge
begin() {
	tap=tap$1
	number=$1
	shift
	start "$number" "$WORK" -smp 2 \
		-drive if=none,id=disk,file=/tmp/disk,format=raw \
		-device virtio-blk-pci,drive=disk \
		-netdev "tap,id=net,ifname=$tap,script=no,downscript=no,vhost=on" \
		-device virtio-net-pci,netdev=net,romfile= "$@"
	brctl addif br0 "$tap"
	ip link set "$tap" up
}

# transfers: as much goes through the present tap as one connection has, in both
# directions
transfers() {
	transferred "$tap" $((BLOCKS * BLOCK))
}

n=0
begin $n
expect "*at work*"
grep -q "vhost-$vmm" /proc/$vmm/task/*/comm || fail "no vhost"
transfers
for n in $(seq $(($1 * 2))); do
	source=$vmm
	begin "$n" -incoming defer
	arrive "$n" unix:/tmp/socket
	migrate $((n - 1)) unix:/tmp/socket
	event "$n" '"event": "RESUME"'
	ended "$source"
	alive
	transfers
done
finish
! grep . /tmp/qemu.* || fail "QEMU is not content"
