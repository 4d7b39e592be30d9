#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# A VMM that is killed at work leaves nothing behind: no memory, no VM.
. ../lib.sh

ROUNDS=12
# More than what the kernel may rightly keep, less than one guest's pages.
SLACK_KIB=16384

mkfifo /tmp/out
kill_one() {
	kvm-vmm -c 3 -m "$GUEST_MEMORY" -k /guest/zImage -i /guest/initramfs \
		-p 'console=ttyS0 loglevel=5 run="echo at work; load 60 64"' \
		</dev/null >/tmp/out 2>&1 &
	while read -r line; do
		case $line in
		*"at work"*)
			kill -9 $!
			;;
		esac
	done < /tmp/out
	wait
}

kill_one
before=$(free_kib)
for _ in $(seq $ROUNDS); do
	kill_one
done
after=$(free_kib)
echo "# free before: $before KiB, after: $after KiB"
[ $((before - after)) -lt $SLACK_KIB ] || fail "memory is missing"
guest true
