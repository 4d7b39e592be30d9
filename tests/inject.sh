# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# Functions of the kernel that fail: . ../inject.sh, after ../lib.sh

INJECT=/sys/kernel/debug/fail_function

# can_inject: the kernel has error injection
can_inject() {
	[ -d $INJECT ]
}

# inject FUNCTION TIMES [VALUE]: it fails so often, -1 is always, and returns VALUE.
# Only the last line has it begin, whatever was left of one before.
inject() {
	echo 0 > $INJECT/times
	echo "$1" > $INJECT/inject || fail "no error is injected"
	[ $# -lt 3 ] || echo "$3" > "$INJECT/$1/retval"
	echo 100 > $INJECT/probability
	echo 0 > $INJECT/verbose
	echo "$2" > $INJECT/times
}

# inject_no_more: no function fails any more
inject_no_more() {
	echo > $INJECT/inject
}
