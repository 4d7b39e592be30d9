#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# failure.sh PROGRAM [OPTION...]: allocations fail all through the lives of VMs,
# and nothing is left behind: no page table, object or HYP mapping, no leak that
# kmemleak knows of.
. ../lib.sh

program=$1
shift
# More objects than the kernel may rightly keep, less than one a life.
SLACK=50

tables() {
	cat /proc/sys/vm/stat_refresh
	awk '/SecPageTables/ { print $2 }' /proc/meminfo
}

# Of the caches that VMs have objects in; SLUB counts those that are in use, and
# those that KASAN still keeps unless the cache is shrunk.
objects() {
	awk '/^kvm_vcpu|^kvm_async_pf|^kmalloc-(1k|2k|4k|8k) / { print $1 }' \
		/proc/slabinfo | while read -r cache; do
		echo 1 > "/sys/kernel/slab/$cache/shrink"
		awk -v c="$cache" '$1 == c { print $1, $2 }' /proc/slabinfo
	done
}

# vmalloc() shows where it failed. A warning has other words, too.
echo "# allow: Call trace"

# What the first VM makes for good is not counted.
"$program" -f 100000 > /dev/null
[ $? -ne "$KSFT_SKIP" ] || skip "no fault injection"

tables_before=$(tables)
[ -n "$tables_before" ] || fail "page tables are not counted"
hyp_map > /tmp/hyp.before
[ -s /tmp/hyp.before ] || fail "there is no HYP map to see"
objects > /tmp/objects.before
[ -s /tmp/objects.before ] || fail "there are no objects to count"
leaks > /tmp/leaks
cat /tmp/leaks
[ ! -s /tmp/leaks ] || fail "kmemleak found some before"

"$program" "$@" || fail "see above"

[ "$(tables)" = "$tables_before" ] || fail "page tables are left"
hyp_map > /tmp/hyp.after
cmp /tmp/hyp.before /tmp/hyp.after || fail "the HYP map is not what it was"
objects | while read -r cache count; do
	before=$(awk -v c="$cache" '$1 == c { print $2 }' /tmp/objects.before)
	echo "# $cache: $before before, $count after"
	[ "$count" -lt $((before + SLACK)) ] || fail "objects of $cache are left"
done || exit 1

leaks > /tmp/leaks
cat /tmp/leaks
[ ! -s /tmp/leaks ] || fail "kmemleak found some"
