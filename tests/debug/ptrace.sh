#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Hardware breakpoints and watchpoints of a process in a guest, and of one of the
# host at the same time: at addresses of its own, which may be the same.
. ../lib.sh

while :; do
	hwbreak > /tmp/host.log 2>&1 || break
done &
host=$!
guest "for i in \$(seq 5); do hwbreak || break; done; hwbreak" -c 2 -k /guest/zImage-lpae
kill -0 $host 2>/dev/null || fail "the host's stopped: $(cat /tmp/host.log)"
kill $host
