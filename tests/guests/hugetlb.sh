#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# A guest whose memory is huge pages of hugetlbfs; they come back at its end.
. ../lib.sh

PAGES=80
echo $PAGES > /proc/sys/vm/nr_hugepages
[ "$(cat /proc/sys/vm/nr_hugepages)" = $PAGES ] || fail "no huge pages to be had"
mkdir -p /tmp/huge
mount -t hugetlbfs none /tmp/huge
guest "load 5 96" -c 2 --hugetlbfs /tmp/huge
free=$(awk '/HugePages_Free/ { print $2 }' /proc/meminfo)
umount /tmp/huge
echo 0 > /proc/sys/vm/nr_hugepages
[ "$free" = $PAGES ] || fail "$free of $PAGES huge pages came back"
