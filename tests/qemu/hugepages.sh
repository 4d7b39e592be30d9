#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# A guest in huge pages, those of a file system and those of a memfd: they are
# what it gets, and it has its memory in blocks.
. ./lib.sh

HUGE_PAGE=2
RAM=0x0040000000
RAM_END=$(printf '0x%010x' $((RAM + (GUEST_MEMORY << 20))))

# free_huge_pages: how many nobody has
free_huge_pages() {
	awk '/HugePages_Free/ { print $2 }' /proc/meminfo
}

# huge N OPTION...: guest N has all of the huge pages
huge() {
	number=$1
	shift
	start "$number" "$WORK" -smp 2 "$@"
	expect "*at work*"
	alive
	[ "$(free_huge_pages)" -eq 0 ] || fail "huge pages are left"
	# Addresses have ten digits each, so that they compare as strings do.
	cat /sys/kernel/debug/kvm/"$vmm"-*/stage2_page_tables >/tmp/dump
	grep '^0x' /tmp/dump | tr - ' ' | awk -v ram="$RAM" -v end="$RAM_END" '
		$1 "" < ram "" || $1 "" >= end "" { next }
		!/ BLK / { print "# not a block:", $0; wrong = 1 }
		{ some = 1 }
		END { exit wrong || !some }' || fail "that is not in blocks"
	finish
	[ "$(free_huge_pages)" -eq "$pages" ] || fail "huge pages are not free again"
}

# However it ends, the next test has no use for them.
trap 'umount -l /tmp/huge; echo 0 >/proc/sys/vm/nr_hugepages' EXIT
pages=$((GUEST_MEMORY / HUGE_PAGE))
echo $pages >/proc/sys/vm/nr_hugepages
[ "$(free_huge_pages)" -eq $pages ] || fail "the host has no huge pages"
mkdir /tmp/huge
mount -t hugetlbfs none /tmp/huge
huge 0 -mem-path /tmp/huge -mem-prealloc
huge 1 -machine memory-backend=ram -object \
	"memory-backend-memfd,id=ram,size=${GUEST_MEMORY}M,hugetlb=on,hugetlbsize=${HUGE_PAGE}M,prealloc=on"
