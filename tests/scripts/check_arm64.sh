#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# What scripts/check-arm64 makes of its results, when they show too little.
set -uo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cat > "$work/programs" << 'EOF'
# name	timeout	wanted	program	arguments
any	60	ok	dir/any	-n 2
broken	60	fails	broken
fix	60	fixed	fix
EOF
# Two machines. One program is for the second alone, and the fix for the first.
good='one any skip skip
one broken not_ok not_ok
one fix not_ok ok
two any ok ok
two broken not_ok not_ok
two fix skip skip'

number=0
# expect WHAT [EDIT [ALL]]: what is said of the rows after a sed command
expect() {
	local said
	number=$((number + 1))
	sed -e "${2:-}" -e 's/ /\t/g' -e 's/_/ /g' <<< "$good" > "$work/rows"
	said=$(awk -v machines=2 -v all="${3:-1}" -f "$ROOT/tests/arm64/judge.awk" \
		"$work/programs" FS='\t' "$work/rows")
	if [ "$said" = "$1" ]; then
		echo "ok $number - ${1:-nothing is wrong}"
	else
		echo "not ok $number - '$said' and not '$1'"
	fi
}

expect ''
expect 'any: passes on no machine: WRONG' '/two any/s/ok/skip/g'
expect 'any: passes on no machine: WRONG' '/two any/s/ok$/not_ok/'
expect 'fix: passes on no machine: WRONG' '/one fix/s/ok$/not_ok/'
expect 'fix: fails on the base of no machine: WRONG' '/one fix/s/not_ok/ok/'
expect 'fix: fails on the base of no machine: WRONG' '/one fix/s/not_ok/skip/'
expect 'broken: 1 results on 2 machines: WRONG' '/two broken/d'
expect 'broken: 1 results on 2 machines: WRONG' '/two broken/s/not_ok$/none/'
expect 'any: 0 results on 2 machines: WRONG
any: passes on no machine: WRONG' '/any/d'
expect '' '/any/s/ok/skip/g; /fix/s/ok\|not_ok/skip/g' 0
expect 'any: 0 results on 2 machines: WRONG' '/any/d' 0
echo "# none" > "$work/programs"
expect 'programs: there are none: WRONG'
