#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# A VM's Stage-2 in debugfs: it maps what the guest has of memory, it can be
# read while the guest runs, and with the VM gone an open file is just empty.
. ../lib.sh
. ./dump.sh

RAM=$((0x80000000))

# check_dump FILE: in order, apart, and within RAM or the GIC's CPU interface
check_dump() {
	last=0
	mappings "$1" | while read -r start end _ _ type _; do
		[ $((start)) -ge "$last" ] || fail "$start is out of order"
		[ $((end)) -gt $((start)) ] || fail "$start has no size"
		if [ "$type" = NORMAL ]; then
			[ $((start)) -ge $RAM ] || fail "$start is not RAM"
			[ $((end)) -le $((RAM + GUEST_MEMORY * 1048576)) ] ||
				fail "$end is beyond RAM"
		fi
		last=$((end))
	done || exit 1
}

hold_guest -c 2
[ "$(cat "$vm/ipa_range")" = 40 ] || fail "ipa_range"
[ "$(cat "$vm/stage2_levels")" = 3 ] || fail "stage2_levels"
dumps=0
while [ $dumps -lt 20 ]; do
	cat "$vm/stage2_page_tables" > /tmp/dump
	dumps=$((dumps + 1))
done
cat /tmp/dump
well_formed /tmp/dump
check_dump /tmp/dump
mappings /tmp/dump | grep -q ' .W. NORMAL' || fail "no RAM is mapped"
mappings /tmp/dump | grep -q ' ..X NORMAL' || fail "nothing is executable"
mappings /tmp/dump | grep -q ' RW- DEVICE' || fail "no GIC CPU interface is mapped"

exec 8< "$vm/stage2_page_tables"
kill -9 "$vmm"
wait "$vmm"
[ -z "$(cat <&8)" ] || fail "a VM without a process has memory mapped"
exec 8<&-
release_guest 2>/dev/null
! cat "$vm/stage2_page_tables" 2>/dev/null || fail "the file is still there"
