#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# A guest that was stopped has missed no time, unless QEMU is told to let its
# counter go on.
. ./lib.sh

STOPPED=5
# Seconds are whole ones, of the host's time and of the guest's.
ROUNDING=2

# asked: the seconds that the guest says it has been up
asked() {
	echo up >&3
	expect "*up for *"
	line=${line##*up for }
	up=${line%%.*}
}

# host_seconds: how long the host has been up
host_seconds() {
	cut -d. -f1 /proc/uptime
}

# stop N CPU: a guest that is stopped for a while. Meanwhile $guest seconds went
# by for it, and $host for the host.
stop() {
	CPU=$2
	# shellcheck disable=SC2016 # the guest's shell expands it
	start "$1" 'echo at work; while read -r c && [ $c = up ]; do read -r s x </proc/uptime; echo up for $s; done'
	expect "*at work*"
	host_before=$(host_seconds)
	asked
	before=$up
	hmp "$1" stop
	sleep $STOPPED
	hmp "$1" cont
	asked
	guest=$((up - before))
	host=$(($(host_seconds) - host_before))
	finish
}

stop 0 host
[ $guest -le $((host - STOPPED + ROUNDING)) ] ||
	fail "the guest's time went on: $guest s of $host"
stop 1 host,kvm-no-adjvtime=on
[ $guest -ge $STOPPED ] || fail "the guest's time stood still: $guest s of $host"
