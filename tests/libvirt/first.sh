#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The first host: what people do with virsh and virt-install, to one guest. Its
# console takes commands for its shell, and says after each "status <N>".
# shellcheck source=lib.sh
. /check/lib.sh

EMULATOR=qemu-system-arm
DEBIAN_DISK=/dev/vdb
HOST2=qemu+tcp://host2/system
# What nobody says for so many seconds, nobody will say.
PATIENCE=300
# ms that a guest may stand still while it moves: the hosts are slow
DOWNTIME=20000

fail() {
	echo "# $*"
	return 1
}

# console COMMAND...: one that is at the guest's console, from now on
console() {
	if [ -n "${CONSOLE_PID:-}" ]; then
		kill "$CONSOLE_PID" 2>/dev/null
		wait "$CONSOLE_PID" 2>/dev/null
	fi
	echo "# $*"
	coproc CONSOLE { exec script -qfc "$*" /dev/null; }
	expect '*Escape character*'
}

# expect PATTERN: read what the guest says until a line matches, which is $line
expect() {
	while read -t $PATIENCE -r line <&"${CONSOLE[0]}"; do
		line=${line%$'\r'}
		echo "# | $line"
		# shellcheck disable=SC2053 # it is a pattern
		[[ $line != $1 ]] || return 0
	done
	fail "the guest does not say $1"
}

# guest COMMAND: what it says last is $said
guest() {
	echo "$1" >&"${CONSOLE[1]}"
	said=
	while expect '*'; do
		[[ $line != 'status <'* ]] || break
		said=$line
	done
	[ "$line" = 'status <0>' ]
}

# state URI STATE
state() {
	[ "$(command virsh -c "$1" domstate guest)" = "$2" ] ||
		fail "the guest is not $2"
}

capabilities() {
	virsh capabilities | tee /tmp/capabilities
	grep -q "<emulator>.*/$EMULATOR</emulator>" /tmp/capabilities &&
		grep -q "<domain type='kvm'/>" /tmp/capabilities
}

# has NAME PATTERN...: in this order
domain_capabilities() {
	local pattern
	virsh domcapabilities --virttype kvm | tee /tmp/capabilities
	for pattern in '<domain>kvm</domain>' '<machine>virt-10.0</machine>' \
		"<mode name='host-passthrough' supported='yes'>" \
		"<gic supported='yes'>" '<value>2</value>'; do
		grep -q "$pattern" /tmp/capabilities || fail "no $pattern" || return
	done
	# As the path, too: that is the binary's own
	virsh domcapabilities --emulatorbin /usr/bin/qemu-system-arm-kvm |
		grep '<domain>kvm</domain>'
}

# install KERNEL OPTION...: up to where it takes commands
install() {
	local kernel=$1
	shift
	console virt-install --import --name guest --memory 128 --vcpus 2 \
		--cpu host-passthrough --osinfo linux2022 --graphics none \
		--disk "$DISK" \
		--boot "'kernel=/check/$kernel,initrd=/check/initramfs,kernel_args=\"console=ttyAMA0 loglevel=5 run=/agent\"'" \
		"$@" && expect '*at your service*'
}

# A Debian, as this host is one. It gets its address without anybody at its
# console, who would have to log in.
debian_guest() {
	console virt-install --import --name debian --memory 320 --vcpus 2 \
		--cpu host-passthrough --osinfo linux2022 --graphics none \
		--disk "$DEBIAN_DISK" \
		--boot "'kernel=/check/zImage,kernel_args=\"console=ttyAMA0 loglevel=5 root=/dev/vda rw net.ifnames=0 ip=eth0:dhcp systemd.wants=systemd-network-generator.service systemd.wants=systemd-networkd.service systemd.mask=libvirtd.service systemd.mask=libvirt-guests.service systemd.default_device_timeout_sec=$PATIENCE\"'" \
		--network network=default &&
		expect '*Debian GNU/Linux 13*ttyAMA0*' || return
	for _ in $(seq $PATIENCE); do
		! address=$(command virsh domifaddr debian | grep -o '192[.0-9]*') ||
			break
		sleep 1
	done
	virsh domifaddr debian
	ping -c 3 "$address" && virsh destroy debian && virsh undefine debian
}

# A kernel without LPAE does not reach the PCI bus where QEMU has it.
without_lpae() {
	install zImage-nolpae "--qemu-commandline='-machine highmem=off'" \
		--network none && guest '[ -b /dev/vda ]' &&
		virsh destroy guest && virsh undefine guest
}

# Both are at work when they catch SIGTERM (bit 14 of the mask).
# shellcheck disable=SC2016 # the guest's shell expands it
start_work() {
	guest 'load 99999 8 & load=$!' && guest 'diskload /dev/vda & disk=$!' &&
		guest 'for p in $load $disk; do until grep -q SigCgt.*[4-7c-f]...$ /proc/$p/status; do :; done; done'
}

install_guest() {
	install zImage --network network=default --network "bridge=$BRIDGE" ||
		return
	# It works, and checks its work, until the end.
	start_work
}

# shellcheck disable=SC2016
at_work() {
	guest 'kill -0 $load $disk'
}

# fetch FROM: data, by way of a network in which the guest is known as FROM
fetch() {
	guest "wget -q -O /tmp/who http://$SECOND/cgi-bin/who && cat /tmp/who" ||
		return
	[[ $said == "[::ffff:$1]" ]] || fail "that is not $1" || return
	guest "wget -q -O - http://$SECOND/data | md5sum" || return
	[[ $said == "$(md5sum < /check/data)" ]] || fail "not what was sent"
}

nat() {
	guest 'udhcpc -i eth0 -n -q -s /lease' || return
	virsh net-dhcp-leases default
	fetch "$FIRST"
}

bridge() {
	guest "ip addr add $ADDRESS.3/24 dev eth1 && ip link set eth1 up" ||
		return
	fetch "$ADDRESS.3"
}

start_again() {
	virsh destroy guest && state qemu:///system 'shut off' &&
		virsh start --paused guest &&
		console virsh console guest && virsh resume guest &&
		expect '*at your service*' &&
		start_work
}

save_restore() {
	virsh save guest /var/lib/libvirt/images/guest.save &&
		state qemu:///system 'shut off' &&
		virsh restore /var/lib/libvirt/images/guest.save &&
		console virsh console guest && at_work
}

snapshot() {
	guest 'touch /before' && virsh snapshot-create-as guest before &&
		guest 'touch /after; ls /before /after' &&
		virsh snapshot-list guest && virsh snapshot-revert guest before &&
		console virsh console guest && at_work &&
		guest 'ls /before && [ ! -e /after ]' &&
		virsh snapshot-delete guest before
}

# migrate FROM TO
migrate() {
	virsh -c "$1" migrate-setmaxdowntime guest $DOWNTIME
	virsh -c "$1" migrate --live --persistent --undefinesource \
		--copy-storage-all guest "$2" &&
		state "$2" running &&
		console virsh -c "$2" console guest && at_work &&
		ping -c 3 "$ADDRESS.3"
}

there_and_back() {
	migrate qemu:///system $HOST2 &&
		migrate $HOST2 qemu+tcp://host1/system
}

# shellcheck disable=SC2016
finish() {
	guest 'kill $load $disk && wait $load && wait $disk' && virsh destroy guest &&
		virsh undefine guest
}

STEPS=(
	capabilities domain_capabilities debian_guest without_lpae install_guest nat bridge
	save_restore snapshot there_and_back start_again finish
)

join 1
until ping -c 1 -W 5 "$SECOND"; do :; done
n=0
for step in "${STEPS[@]}"; do
	n=$((n + 1))
	if $step; then
		echo "ok $n $step"
	else
		echo "not ok $n $step"
		tail -n 40 /var/log/libvirt/qemu/*.log
		journalctl -b --no-pager -u libvirtd | tail -n 40
		dmesg | grep -i denied
		break
	fi
done
poweroff
