#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# The host's kgdb, by the kernel's own test of it, while vCPUs are loaded that have
# hardware breakpoints and watchpoints of KVM_SET_GUEST_DEBUG and of their own, and
# are stepped; and those never notice. Each time kgdb stops all CPUs, those that run
# guests, too. Its breakpoints are all in software: on 32-bit ARM it has no others.
. ../lib.sh

# So many steps of a function of its own, and breakpoints in one that all processes
# come by
KGDBTS=V1I100F100

# said PATTERN: what the kernel has said of kgdb
said() {
	dmesg | grep -A 999 'check: start debug/kgdb' | grep "$1"
}

touch /tmp/rounds
while [ ! -e /tmp/stop ]; do
	../selftests/arm/guest_debug || break
	../selftests/arm/debug_regs || break
	echo >> /tmp/rounds
done > /tmp/guests.log 2>&1 &
guests=$!

guests_run() {
	kill -0 $guests || fail "the guests: $(cat /tmp/guests.log)"
}

# round: until the guests have begun and ended once more
round() {
	before=$(wc -l < /tmp/rounds)
	until [ "$(wc -l < /tmp/rounds)" -gt $((before + 1)) ]; do
		guests_run
	done
}

round
echo $KGDBTS > /sys/module/kgdbts/parameters/kgdbts || fail "no kgdbts"
# It is done when its debugger has left.
until said 'KGDB: Unregistered'; do
	guests_run
done
round
touch /tmp/stop
wait $guests
cat /tmp/guests.log
said kgdbts:RUN || fail "kgdbts says nothing"
! said 'KGDB: Timed out' || fail "a CPU does not stop for kgdb"
