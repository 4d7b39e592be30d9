#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# above_4g.sh: a guest has memory of the host above 4 GiB, and works with it.
# The host hands out what is highest first.
. ../lib.sh
. ./dump.sh

grep 'System RAM' /proc/iomem
GUEST_MEMORY=512
hold_guest -c 2
cat "$vm/stage2_page_tables" > /tmp/dump
above=0
mappings /tmp/dump > /tmp/mappings
while read -r start end _ _ type output; do
	if [ "$type" = NORMAL ] && [ $((output)) -ge $((0x100000000)) ]; then
		above=$((above + end - start))
	fi
done < /tmp/mappings
release_guest
echo "# $((above >> 20)) MiB of the guest's memory is above 4 GiB"
[ $above -gt 0 ] || fail "none of its memory is above 4 GiB"
guest "load 5 384" -c 2
