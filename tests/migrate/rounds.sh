#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# rounds.sh MOVES SAVES [VMM-OPTION...]: one guest with two vCPUs, that works
# and checks its work, is saved and restored SAVES times, and then moved to
# another process while it runs, and all of that MOVES times.
. ./lib.sh

# What the guest's clock may be away from the time that the guest ran, in ms:
# the threads of the VMM start and end meanwhile, later on a busy machine.
SLACK_MS=$((500 * ${TIMEOUT_SCALE:-1}))

moves=$1
saves=$2
shift 2

# value NAME: the number that follows NAME in $line
value() {
	rest=${line#*"$1 "}
	echo "${rest%% *}"
}

# time_passed: the guest's clock has moved by as much as the guest ran
clock=
time_passed() {
	now=$(value "guest clock")
	ran=$(value "ran")
	if [ -n "$clock" ]; then
		off=$((now - clock - ran))
		[ ${off#-} -le $SLACK_MS ] ||
			fail "the guest's clock is off by $off ms"
	fi
	clock=$now
}

# next_exit ROUND: how the guest leaves the process it is in
next_exit() {
	if [ $(($1 % (saves + 1))) -eq "$saves" ]; then
		echo "--migrate-to $ADDR"
	else
		echo "--save $STATE"
	fi
}

total=$((moves * (saves + 1)))
round=0
# shellcheck disable=SC2046 # two words
boot -c 2 "$@" $(next_exit 0)
expect "*at work*"
alive
while [ $round -lt $total ]; do
	old=$vmm
	exit=$(next_exit $round)
	round=$((round + 1))
	if [ "${exit% *}" = --save ]; then
		leave "$old"
		expect "kvm-vmm: saved:*"
		time_passed
		ended "$old"
		# shellcheck disable=SC2046 # two words
		vmm --restore "$STATE" $(next_exit $round)
		expect "kvm-vmm: restored"
	else
		# shellcheck disable=SC2046 # two words
		vmm --incoming "$ADDR" $(next_exit $round)
		expect "kvm-vmm: waiting*"
		leave "$old"
		expect "kvm-vmm: moved:*"
		time_passed
		ended "$old"
	fi
	alive
done
finish
echo "# $((moves * saves)) times saved and restored, $moves times moved"
