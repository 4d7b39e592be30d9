#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# A VM's Stage-2 in debugfs: it maps what the guest has of memory, as shareable
# as the host has it, it can be read while the guest runs, and with the VM gone
# an open file is just empty.
. ../lib.sh
. ./dump.sh

RAM=$((0x80000000))

# check_dump FILE: in order, apart, and within RAM or the GIC's CPU interface.
# Addresses have ten digits each, so that they compare as strings do.
check_dump() {
	mappings "$1" | awk -v ram="$(printf '0x%010x' $RAM)" \
		-v end="$(printf '0x%010x' $((RAM + GUEST_MEMORY * 1048576)))" '
		$1 "" < last "" || $2 "" <= $1 "" { print "# out of order:", $0; wrong = 1 }
		$5 == "NORMAL" && ($1 "" < ram "" || $2 "" > end "") {
			print "# not RAM:", $0; wrong = 1 }
		{ last = $2 }
		END { exit wrong }' || fail "the dump is wrong"
}

hold_guest -c 2 --no-thp
[ "$(cat "$vm/../ipa_range")" = 40 ] || fail "ipa_range"
[ "$(cat "$vm/../stage2_levels")" = 3 ] || fail "stage2_levels"
dumps=0
while [ $dumps -lt 8 ]; do
	cat "$vm/stage2_page_tables" > /tmp/dump
	dumps=$((dumps + 1))
done
head -n 40 /tmp/dump
well_formed /tmp/dump
shared /tmp/dump
check_dump /tmp/dump
mappings /tmp/dump | grep -q ' .W. NORMAL' || fail "no RAM is mapped"
mappings /tmp/dump | grep -q ' ..X NORMAL' || fail "nothing is executable"
mappings /tmp/dump | grep -q ' RW- DEVICE' || fail "no GIC CPU interface is mapped"

# With nothing changing, it is the same in whatever pieces it is read.
kill -STOP "$vmm"
cat "$vm/stage2_page_tables" > /tmp/dump
[ "$(wc -c < /tmp/dump)" -gt $((2 * PAGE)) ] || fail "that is too short"
dd if="$vm/stage2_page_tables" bs=100 2>/dev/null | cmp - /tmp/dump ||
	fail "small reads find something else"
kill -CONT "$vmm"

exec 8< "$vm/stage2_page_tables"
kill -9 "$vmm"
wait "$vmm"
[ -z "$(cat <&8)" ] || fail "a VM without a process has memory mapped"
exec 8<&-
release_guest 2>/dev/null
! cat "$vm/stage2_page_tables" 2>/dev/null || fail "the file is still there"
