#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# hotplug.sh SECONDS: the host's CPUs go down and come back under a guest that
# computes, each time in HYP mode and with KVM.
. ../lib.sh

cd /sys/devices/system/cpu || fail "no CPUs"
toggle() {
	for cpu in cpu[1-9]*; do
		echo "$1" > "$cpu/online" || fail "$cpu does not go $1"
	done
}

all=$(nproc)
start_guest /tmp/log "load $1 32" -c 3
vmm=$!
rounds=0
while kill -0 $vmm 2>/dev/null; do
	toggle 0
	[ "$(nproc)" = 1 ] || fail "CPUs did not go down"
	toggle 1
	[ "$(nproc)" = "$all" ] || fail "CPUs did not come up"
	rounds=$((rounds + 1))
done
finish_guest $vmm /tmp/log
echo "# $rounds rounds"
[ $rounds -gt 2 ] || fail "hardly anything happened"

# A VM that is made while CPUs are down runs on them when they come up.
toggle 0
start_guest /tmp/log "load 3" -c 2
vmm=$!
toggle 1
finish_guest $vmm /tmp/log
