#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# stalled.sh CONSOLE [VMM-OPTION...]: a guest prints what nobody reads, is typed
# at, and leaves all the same; what it did not get to print, it prints elsewhere.
. ./lib.sh

console=$1
shift

# quiet OPTION...: start a VMM whose own messages go to a file
quiet() {
	kvm-vmm -d /tmp/disk "$@" </tmp/console.in >/tmp/console.out 2>/tmp/messages &
	vmm=$!
}

quiet -m "$GUEST_MEMORY" -k /guest/zImage -i /guest/initramfs --save "$STATE" \
	-p "console=$console loglevel=5 run=\"$WORK\"" "$@"
expect "*at work*"
alive

# As much as the pipe takes: the guest gets not one byte into it. That it tries to
# is seen by nobody, so there is nothing to wait for but the time.
timeout 1 yes >/tmp/console.out || :
echo "ping first" >&3
sleep 3
echo "ping second" >&3
sleep 1
leave "$vmm"
until grep "kvm-vmm: saved" /tmp/messages; do
	time_left || give_up "the guest does not leave while nobody reads"
	sleep 1
done
ended "$vmm"

timeout 1 cat /tmp/console.out >/dev/null || :
quiet --restore "$STATE"
expect "*pong second*"
alive
finish
