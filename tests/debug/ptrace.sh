#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Hardware breakpoints and watchpoints of a process in a guest, and of one of the
# host at the same time: at addresses of its own, which may be the same.
. ../lib.sh

# -cpu max of later emulators, an ARMv8 core, has a newer debug architecture than that
# of ARMv8.4, and the kernel knows none beyond that.
unknown_architecture() {
	grep -q '^CPU part.*: 0xd' /proc/cpuinfo && dmesg > /tmp/dmesg &&
		grep -q 'Booting Linux' /tmp/dmesg &&
		! grep -q 'hw-breakpoint: found' /tmp/dmesg
}
! unknown_architecture || skip "the kernel does not know this debug architecture"

while :; do
	hwbreak > /tmp/host.log 2>&1 || break
done &
host=$!
guest "for i in \$(seq 5); do hwbreak || break; done; hwbreak" -c 2 -k /guest/zImage-lpae
kill -0 $host 2>/dev/null || fail "the host's stopped: $(cat /tmp/host.log)"
kill $host
