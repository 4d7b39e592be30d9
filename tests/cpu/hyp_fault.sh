#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# hyp_fault.sh NAME: an exception that HYP mode cannot handle, on CPU1, or on
# the exit of a guest. It is reported as NAME.txt has it, and ends the host. An
# abort that comes where it is the guest's is no end.
. ../lib.sh

trigger=/sys/kernel/debug/kvm/hyp_fault
[ -e $trigger ] || skip "the kernel cannot provoke exceptions in HYP mode"

if [ "$1" = guest ]; then
	start_load /tmp/log
fi
if [ "$1" = abort-late ]; then
	for place in first last; do
		taskset 2 sh -c "echo abort-$place > $trigger" ||
			fail "an abort in the window is not the guest's"
	done
fi

echo "# ends: panic $1.txt"
taskset 2 sh -c "echo $1 > $trigger"
sleep 30
fail "there was no panic"
