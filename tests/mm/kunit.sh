#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# kunit.sh SUITE...: these unit tests have run when the kernel booted, and each
# of their cases has passed.
. ../lib.sh

# all_ran FILE: a suite that did not run says that it is ok, but has no cases
all_ran() {
	awk '!plan && sub(/^    1\.\./, "") { plan = $1 }
		/^    (not )?ok / { cases++ }
		END { exit !plan || cases != plan }' "$1"
}

for suite in "$@"; do
	results=/sys/kernel/debug/kunit/$suite/results
	[ -e "$results" ] || fail "there is no suite $suite"
	cat "$results"
	all_ran "$results" || fail "not all cases of $suite have run"
	grep -q "^ok .*$suite" "$results" || fail "$suite did not pass"
	! grep '^ *not ok' "$results" || fail "a case of $suite failed"
done
