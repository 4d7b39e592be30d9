#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# kvm_check.sh STATUS PATTERN...: what kvm-check finds missing on this host, each
# with its cure, and its exit status. On a good host it finds nothing.
. ../lib.sh

wanted=$1
shift
kvm-check > /tmp/report 2>&1
status=$?
cat /tmp/report
[ $status -eq "$wanted" ] || fail "status $status"
[ "$(grep -c '^MISSING' /tmp/report)" = "$(grep -c '^  *-> .' /tmp/report)" ] ||
	fail "something has no cure"
# Nothing but these lines: no errors of the programs that it calls
! grep -vE '^(ok|MISSING|note)  |^  *-> ' /tmp/report || fail "odd lines"
for pattern; do
	tr '\n' ' ' < /tmp/report | sed 's/ok  /\n&/g; s/note  /\n&/g; s/MISSING  /\n&/g' |
		grep '^MISSING' | grep -qE "$pattern" || fail "no '$pattern'"
done
[ "$(grep -c '^MISSING' /tmp/report)" -ge $# ] || fail "too few"
[ $# -gt 0 ] || ! grep -q '^MISSING' /tmp/report || fail "something is missing"
