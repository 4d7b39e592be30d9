#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# What HYP mode can write it cannot execute. HYP text and the trampoline are
# all that it can execute, also while a guest runs. Memory is as shareable for it
# as for the kernel.
. ../lib.sh
. ./dump.sh

check() {
	cat "$1"
	well_formed "$1"
	shared "$1"
	! mappings "$1" | grep -E ' .WX ' || fail "$1: both writable and executable"
	mappings "$1" | grep -q ' R-X ' || fail "$1: nothing is executable"
}

hold_guest -c 1
check $HYP_BOOT
check $HYP_RUNTIME
text=$(($(symbol __hyp_text_start)))
text_end=$(($(symbol __hyp_text_end)))
trampoline=$((0xffff0000))
executable=$(mappings $HYP_RUNTIME | grep ' R-X ' | while read -r start end _; do
	echo $((start)) $((end))
done)
[ "$executable" = "$text $text_end
$trampoline $((trampoline + PAGE))" ] || fail "something else is executable"
mappings $HYP_RUNTIME | grep -q ' RW- NORMAL ' || fail "nothing is writable"
release_guest
