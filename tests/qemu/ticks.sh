#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# ticks.sh SECONDS: a guest with two vCPUs loses no tick of its timers, neither
# while they sleep in between nor while they compute, each for so long. None
# comes much later than the host's own do meanwhile: a machine with too much to
# do has both wait, even for seconds.
. ./lib.sh

NEVER=99999
# To the latest of the host: times, and ms
TIMES=4
MORE=2000

# later: the ms that $line says are now in $late, if they are more than before
later() {
	ms=${line##*up to }
	ms=${ms%% ms*}
	[ "$ms" -le "$late" ] || late=$ms
}

ticks $NEVER $NEVER >/tmp/host &
host=$!
start 0 "echo at work; ticks $1 $NEVER && { load $1 8 & a=\$!; ticks $1 $NEVER && wait \$a; }" -smp 2
expect "*at work*"
check_irqchip
late=0
for _ in 1 2 3 4; do
	expect "*ticks: CPU*"
	later
done
guest_late=$late
expect "*guest: status 0*"
ended "$vmm"

kill $host
wait $host || fail "the host has lost ticks"
late=0
while read -r line; do
	echo "host: $line"
	later
done </tmp/host
[ "$guest_late" -lt $((late * TIMES + MORE)) ] || fail "late by $guest_late ms"
