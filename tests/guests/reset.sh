#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# A guest that resets itself ends the VMM, and well.
. ../lib.sh

start_guest /tmp/log 'reboot -f'
wait $!
status=$?
cat /tmp/log
[ $status -eq 0 ] || fail "the VMM ended with status $status"
grep -q 'reboot: Restarting system' /tmp/log || fail "no reset"
