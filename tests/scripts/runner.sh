#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The runner finds every way to fail, and loses no test but the one that failed.
set -uo pipefail

logs=$(mktemp -d)
trap 'rm -rf "$logs"' EXIT

# What follows quotes the problems that the runner has to find.
echo '# allow: .'
output=$(PATH=$PWD/runner:$PATH STILL_MARK=$logs/started CHILD=$logs/child BASE=6.12 \
	CONFIG='' TESTS='' TIMEOUT_SCALE=1 "$ROOT/scripts/check" --tests "$PWD/runner" \
	--logs "$logs/logs" --no-pack)
status=$?
printf '%s\n' "$output" | sed 's/^/> /'

number=0
# expect PATTERN: a line of the runner's output
expect() {
	number=$((number + 1))
	if grep -qE -- "$1" <<< "$output"; then
		echo "ok $number - $1"
	else
		echo "not ok $number - $1"
	fi
}

expect '^ok +suite/passes '
expect '^ok +suite/after '
expect '^ok +suite/last '
expect '^skip +suite/skips .*# no such thing'
expect '^skip +suite/other .*# not on Linux 6.12: it is for another'
expect '^skip +suite/later .*# QEMU is [0-9.]*: it has to be 1000.0.1 or later'
expect '^not ok suite/fails .*# status 3'
expect '^not ok suite/hangs .*# timed out after 2 s'
expect '^not ok suite/hangs-here .*# status timeout'
expect '^not ok suite/subtest .*# not ok 2'
expect '^ok +suite/some-skipped .*# 4 cases, 3 skipped: no b; no c$'
expect '^skip +suite/all-skipped .*# no a$'
expect '^not ok suite/warns .*# kernel log: .*WARNING: from a test'
expect '^not ok suite/guest-warns .*# in the output: .*Kernel panic'
expect '^not ok suite/panics .*# the host went down'
expect '^not ok suite/powers-off .*# the host went down'
expect '^ok +boot/small '
expect '^not ok boot/dead .*# the host went down'
expect '^not ok suite/never .*# not run'
expect '^skip +suite/aborts .*# the emulator aborted: .*Assertion'
expect '^not ok suite/aborts-anew .*# the emulator aborted: .*Assertion'
expect '^ok +suite/after-abort '
expect '^ok +suite/rounds '
expect '^again +suite/still # the machine stood still for [0-9]+ s$'
expect '^ok +suite/still '
expect '^again +suite/still-fails # the machine stood still for [0-9]+ s$'
expect '^not ok suite/still-fails .*# status 5'
expect '^10 passed, 12 failed, 5 skipped$'
[ $status -eq 1 ] || echo "not ok - the runner's exit status is $status"
! grep -qs sleep "/proc/$(< "$logs/child")/cmdline" || echo "not ok - a test's child goes on"

# One name that no test has is one too many.
output=$(BASE=6.12 TESTS='suite/passes suite/none' "$ROOT/scripts/check" --tests "$PWD/runner" \
	--logs "$logs/none" --no-pack 2>&1)
status=$?
expect '^no such tests: suite/none$'
[ $status -eq 1 ] || echo "not ok - the runner's exit status is $status"

# CONFIG=debug has fewer rounds of some.
output=$(BASE=6.12 CONFIG=debug TESTS='suite/rounds' "$ROOT/scripts/check" \
	--tests "$PWD/runner" --logs "$logs/debug" --no-pack)
expect '^not ok suite/rounds .*# status 1$'

# Who comes second takes nothing away from the first.
first=$(< "$logs/logs/results")
exec {lock}> "$logs/logs.lock"
flock "$lock"
output=$(BASE=6.12 TESTS='suite/passes' "$ROOT/scripts/check" --tests "$PWD/runner" \
	--logs "$logs/logs" --no-pack 2>&1)
status=$?
expect "^tests that run already write to $logs/logs: "
[ $status -eq 1 ] || echo "not ok - the runner's exit status is $status"
[ "$first" = "$(< "$logs/logs/results")" ] || echo "not ok - the results of the first are gone"
