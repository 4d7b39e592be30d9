#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# kunit.sh SUITE...: these unit tests have run when the kernel booted, and each
# of their cases has passed.
. ../lib.sh

for suite in "$@"; do
	results=/sys/kernel/debug/kunit/$suite/results
	[ -e "$results" ] || fail "there is no suite $suite"
	cat "$results"
	grep -q "^ok .*$suite" "$results" || fail "$suite did not pass"
	! grep '^ *not ok' "$results" || fail "a case of $suite failed"
done
