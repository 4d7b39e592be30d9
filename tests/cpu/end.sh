#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# end.sh restart|power-off: the host goes down at once and without complaint,
# though guests run.
. ../lib.sh

start_guests /tmp/guests
echo "# ends: $1"
case $1 in
restart)
	reboot -f
	;;
power-off)
	poweroff -f
	;;
esac
sleep 30
fail "the host is still there"
