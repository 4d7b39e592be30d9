#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# migrate.sh N: a guest that counts, and checks its counts, is saved and restored,
# and moves to another process, N times.
. ../migrate/lib.sh

# shellcheck disable=SC2016 # the guest's shell expands it
WORK='count work & p=$!; until grep -q SigCgt.*[4-7c-f]...$ /proc/$p/status; do :; done; '"$ANSWER"'; kill $p; wait $p'

kvm-vmm -m 128 -k /guest/zImage-lpae -i /guest/initramfs --pmu --save "$STATE" \
	-p "console=ttyS0 loglevel=5 run=\"$WORK\"" \
	</tmp/console.in >/tmp/console.out 2>&1 &
vmm=$!
expect "*at work*"
alive
for _ in $(seq "$1"); do
	leave "$vmm"
	expect "kvm-vmm: saved:*"
	ended "$vmm"
	kvm-vmm --restore "$STATE" --migrate-to "$ADDR" \
		</tmp/console.in >/tmp/console.out 2>&1 &
	vmm=$!
	expect "kvm-vmm: restored"
	alive

	source=$vmm
	kvm-vmm --incoming "$ADDR" --save "$STATE" \
		</tmp/console.in >/tmp/console.out 2>&1 &
	vmm=$!
	expect "kvm-vmm: waiting*"
	leave "$source"
	expect "kvm-vmm: moved:*"
	ended "$source"
	alive
done
finish
