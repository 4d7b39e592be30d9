#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# above_4g.sh: a guest has memory of the host above 4 GiB, and works with it.
# The host hands out what is highest first, or what is lowest, which is taken away
# then.
. ../lib.sh
. ./dump.sh

# What the machine has between its low memory and 4 GiB
HIGHMEM_BELOW=$((0x100000000 - 0x70000000))

grep 'System RAM' /proc/iomem
GUEST_MEMORY=512

# look: how much of a guest's memory is above 4 GiB
look() {
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
}

look
if [ $above -eq 0 ]; then
	mkdir /tmp/below
	mount -t tmpfs -o size=3g below /tmp/below
	fallocate -l "$HIGHMEM_BELOW" /tmp/below/fill || fail "no memory"
	look
fi
[ $above -gt 0 ] || fail "none of its memory is above 4 GiB"
guest "load 5 384" -c 2
