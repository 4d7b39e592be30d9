#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The table of long tests: a result takes the place of an earlier one, of the same
# kernel; others stay; what is no result, or of no test that there is, is not in it.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export PAGE=$work/page
cp "$ROOT/Documentation/virt/kvm/arm/aarch32-tests.rst" "$PAGE"
mapfile -t long < <(TESTS='' "$ROOT/scripts/check" --list | awk '$2 == "soak" { print $1 }')

# table ROW...: day, commit, base, configuration, test, tier, status, seconds, reason
table() {
	printf '%s\n' "$@" | tr ' ' '\t' > "$work/results"
	"$ROOT/scripts/soak-table" "$work/results"
}

number=0
# expect COUNT PATTERN
expect() {
	number=$((number + 1))
	if [ "$(grep -cE -- "$2" "$PAGE")" = "$1" ]; then
		echo "ok $number - $2"
	else
		echo "not ok $number - $2"
	fi
}

table "2001-02-03 one 6.12 host ${long[0]} soak ok 3725 9 cases" \
	"2001-02-03 two 6.12 debug ${long[0]} soak not_ok 61 status" \
	"2001-02-03 one 6.12 host ${long[1]} soak skip 0 why" \
	"2001-02-03 one 6.12 host none/such soak ok 1 " \
	"2001-02-03 one 6.12 host ${long[2]} check ok 1 "
expect 1 "^${long[0]} +6.12 +2001-02-03 +one +62:05 +ok$"
expect 0 "6.12, debug +2001-02-03"
expect 0 "^(${long[1]}|${long[2]}|none/such) .*2001"

sed -i 's/not_ok/not ok/' "$work/results"
"$ROOT/scripts/soak-table" "$work/results"
expect 1 "^${long[0]} +6.12, debug +2001-02-03 +two +1:01 +failed$"
expect 1 "^${long[0]} +6.12 +2001-02-03 +one +62:05 +ok$"

table "2002-02-03 three 6.12 host ${long[0]} soak ok 59 "
expect 1 "^${long[0]} +6.12 +2002-02-03 +three +0:59 +ok$"
expect 1 "^${long[0]} +6.12, debug +2001"
expect "${#long[@]}" "^($(IFS='|'; echo "${long[*]}")) +(6.12 |not run)"
