#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# A guest has high memory of the host, for which the kernel has no address.
. ../lib.sh
. ./dump.sh

lowmem_kib=$(awk '/LowTotal/ { print $2 }' /proc/meminfo)
[ -n "$lowmem_kib" ] || skip "the host has no high memory"
base=$(awk -F- '/System RAM/ { print "0x" $1; exit }' /proc/iomem)
# What LowTotal leaves out, the kernel itself, only makes this stricter.
high=$((base + 800 * 1048576))

GUEST_MEMORY=512
hold_guest -c 2
mappings "$vm/stage2_page_tables" > /tmp/mappings
release_guest
pages=0
while read -r start end _ _ type output; do
	if [ "$type" = NORMAL ] && [ $((output)) -ge $high ]; then
		pages=$((pages + (end - start) / PAGE))
	fi
done < /tmp/mappings
echo "# $pages pages of high memory"
[ $pages -gt 0 ] || fail "the guest has no high memory"
