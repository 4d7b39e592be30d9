#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# A VM's Stage-2 is made with it and goes with it: the pages of its tables, as
# SecPageTables and the VM's cgroup count them.
. ../lib.sh
. ./dump.sh

CGROUP=/tmp/cgroup/vm
# A guest that has booted, in pages, has ten tables at least.
TABLES_KIB=40

mkdir -p /tmp/cgroup
mount -t cgroup2 none /tmp/cgroup || fail "no cgroup2"
echo +memory > /tmp/cgroup/cgroup.subtree_control
mkdir $CGROUP

tables_kib() {
	cat /proc/sys/vm/stat_refresh
	awk '/SecPageTables/ { print $2 }' /proc/meminfo
}

cgroup_bytes() {
	awk '$1 == "sec_pagetables" { print $2 }' $CGROUP/memory.stat
}

before=$(tables_kib)
[ "$(cgroup_bytes)" = 0 ] || fail "the cgroup is not empty"

echo $$ > $CGROUP/cgroup.procs
hold_guest --no-thp
echo $$ > /tmp/cgroup/cgroup.procs
during=$(tables_kib)
charged=$(($(cgroup_bytes) / 1024))
release_guest
after=$(tables_kib)
left=$(cgroup_bytes)
rmdir $CGROUP || fail "the cgroup is in use"
umount /tmp/cgroup

echo "# SecPageTables: $before KiB, then $during, then $after; cgroup: $charged KiB, then $left"
[ $((during - before)) -ge $TABLES_KIB ] || fail "the tables are not counted"
[ $charged -ge $TABLES_KIB ] || fail "the tables are not charged to the cgroup"
[ "$after" = "$before" ] || fail "tables are left behind"
[ "$left" = 0 ] || fail "the cgroup is still charged for tables"
