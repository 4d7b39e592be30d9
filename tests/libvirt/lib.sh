# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# What both hosts do. Each is on the other's network by a bridge, and libvirt of
# each is there for the other.
BRIDGE=br0
ADDRESS=10.1.0
FIRST=$ADDRESS.1
SECOND=$ADDRESS.2
# The guest's: it keeps some times as much in its memory as is on it.
DISK=/var/lib/libvirt/images/guest.qcow2
DISK_SIZE=4M

exec >/dev/virtio-ports/tests 2>&1 </dev/null
export LC_ALL=C

# virsh ...: with its command line in the log
virsh() {
	echo "# virsh $*"
	command virsh "$@"
}

# join NUMBER: the networks
join() {
	ip link add $BRIDGE type bridge
	ip link set eth0 master $BRIDGE up
	ip addr add "$ADDRESS.$1/24" dev $BRIDGE
	ip link set $BRIDGE up
	hostname "host$1"
	printf '%s host%s\n' $FIRST 1 $SECOND 2 >>/etc/hosts
	echo 'auth_tcp = "none"' >>/etc/libvirt/libvirtd.conf
	systemctl stop libvirtd.service
	systemctl start libvirtd-tcp.socket
	virsh net-start default
	qemu-img create -q -f qcow2 "$DISK" $DISK_SIZE
}
