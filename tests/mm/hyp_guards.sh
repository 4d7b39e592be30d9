#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Each CPU has a HYP stack of one page, and nothing is mapped below it: stack
# and guard page together are aligned to their size.
. ../lib.sh
. ./dump.sh

cpus=$(find /sys/devices/system/cpu -maxdepth 1 -name 'cpu[0-9]*' | wc -l)
awk '/ Private end /{ exit } private; / Private /{ private = 1 }' \
	$HYP_RUNTIME > /tmp/private
cat /tmp/private
stacks=0
below=0
mappings /tmp/private > /tmp/mappings
while read -r start end _ rwx type _; do
	if [ "$type" = NORMAL ]; then
		stacks=$((stacks + 1))
		[ "$rwx" = RW- ] || fail "a stack with permissions $rwx"
		[ $((end - start)) = $PAGE ] || fail "a stack of another size"
		[ $((start % (2 * PAGE))) = $PAGE ] || fail "$start is not aligned"
		[ $((start)) != $((below)) ] || fail "no guard page below $start"
	fi
	below=$end
done < /tmp/mappings
[ $stacks = "$cpus" ] || fail "$stacks stacks for $cpus CPUs"
