#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# A CPU may lose its HYP state whenever it is idle. The device tree of the
# emulator has no such idle states: the next kernel gets them with kexec. The
# emulated firmware does not really power off, it waits for an interrupt.
. ../lib.sh

if [ -z "$generation" ]; then
	kexec -i /zImage /sys/firmware/initrd "$(next_cmdline)" ||
		fail "kexec_load"
	kexec -e
fi

cd /sys/devices/system/cpu || fail "no CPUs"
# times that CPUs went idle
idled() {
	cat cpu*/cpuidle/state1/usage cpu*/cpuidle/state1/rejected | awk '{ n += $1 } END { print n }'
}

cat cpu*/cpuidle/state1/name || fail "no idle states"
before=$(idled)
guest "load 3 && sleep 2" -c 2
after=$(idled)
echo "# $((after - before)) times idle"
[ $((after - before)) -gt 50 ] || fail "the CPUs were hardly ever idle"
