#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# The diagram of the HYP address space in the documentation is what a host with
# a guest has mapped: names, order and permissions.
. ../lib.sh
. ./dump.sh

# diagram COLUMN: "name rwx" of each box, from low addresses to high
diagram() {
	sed -nE "s/^.{22}([|:].{26}[|:])(==|  )([|:].{26}[|:])\$/\\$1/p" \
		aarch32-memory.rst |
		sed -nE 's/^\| (.*[^ ]) +([RWX-]{3}) \|$/\1 \2/p' | tac
}

# dump FILE: "name rwx" of what is mapped, likewise
dump() {
	awk '/^---/ { gsub(/^---\[ | \]---$/, ""); name = $0; next }
		{ print name, $4 }' "$1" | uniq
}

# names FILE: those of the dump's markers, but for the ends of ranges
names() {
	sed -nE 's/^---\[ (.*) \]---$/\1/p' "$1" | grep -v ' end$'
}

check() {
	diagram "$2" > /tmp/diagram
	echo "# $1, documented:"
	cat /tmp/diagram
	echo "# $1, mapped:"
	dump "$1" | tee /tmp/dump
	names "$1" > /tmp/names
	sed 's/ ...$//' /tmp/diagram | diff - /tmp/names ||
		fail "the names in $1 are not those of the diagram"
	sort -u /tmp/dump > /tmp/dump.sorted
	sort -u /tmp/diagram | diff - /tmp/dump.sorted ||
		fail "what is mapped in $1 is not what the diagram shows"
}

hold_guest -c 1
check $HYP_BOOT 1
check $HYP_RUNTIME 3
release_guest
