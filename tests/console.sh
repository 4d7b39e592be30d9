# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# A guest at a console, for tests that talk to it while it works. It answers
# "ping N" with "pong N", and ends its work at "stop". Its VMM reads
# /tmp/console.in and writes /tmp/console.out.

# So many seconds before it is killed a test gives up, and says what it knows.
LAST_WORDS=10
# The seconds of a test that nobody told when that is
WHOLE=600
TEST_END=${TEST_END:-$(($(cut -d. -f1 /proc/uptime) + WHOLE))}

mkfifo /tmp/console.in /tmp/console.out
exec 3<>/tmp/console.in 4<>/tmp/console.out

# What the guest's command ends with: it works until it is to stop.
# shellcheck disable=SC2016,SC2034 # the guest's shell expands it
ANSWER='echo at work; while read -r c x && [ $c = ping ]; do echo pong $x; done'

# give_up MESSAGE: a suite that has more to tell has one of its own
give_up() {
	fail "$@"
}

# time_left: $left are the seconds until it is time to give up, if it is not that
time_left() {
	IFS=. read -r now _ </proc/uptime
	left=$((TEST_END - LAST_WORDS - now))
	[ $left -gt 0 ]
}

# expect PATTERN: read what is printed until a line, which is $line, matches, or
# its end does: what a VMM says comes behind what its guest has begun to print
expect() {
	# shellcheck disable=SC3045 # busybox has it
	while time_left && read -t "$left" -r line <&4; do
		echo "$line"
		# shellcheck disable=SC2254 # it is a pattern
		case $line in
		*$1)
			return
			;;
		*FAILED* | *"guest: status"* | *anic*)
			give_up "instead of $1"
			;;
		esac
	done
	give_up "nobody says $1"
}

ping=0
# alive: the guest answers
alive() {
	ping=$((ping + 1))
	echo "ping $ping" >&3
	expect "*pong $ping*"
}

# ended PROCESS: a VMM must end, and well
ended() {
	wait "$1"
	status=$?
	[ $status -eq 0 ] || give_up "the VMM ended with status $status"
}

# finish: the guest's work was all right, and it powers off
finish() {
	echo stop >&3
	expect "*guest: status 0*"
	# shellcheck disable=SC2154 # the suite sets it
	ended "$vmm"
}
