#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# The init page is in its three places and nowhere else: at its physical address
# and at the trampoline in the boot table, at the trampoline in the runtime one.
. ../lib.sh
. ./dump.sh

cat $HYP_BOOT $HYP_RUNTIME
init=$(phys_of __hyp_idmap_text_start)
trampoline=$((0xffff0000))
printf '# the init page is at 0x%x\n' "$init"

# places FILE: where it maps the init page, with level and permissions
places() {
	mappings "$1" | while read -r start end level rwx type output; do
		[ $((output)) -gt "$init" ] ||
			[ $((output + end - start)) -le "$init" ] ||
			echo "$((start + init - output)) $((end - start)) $level $rwx $type"
	done
}

[ "$(places $HYP_BOOT)" = "$init $PAGE 3 R-X NORMAL
$trampoline $PAGE 3 R-X NORMAL" ] || fail "not in its two places in the boot table"
[ "$(mappings $HYP_BOOT | wc -l)" = 2 ] || fail "the boot table maps something else"
[ "$(places $HYP_RUNTIME)" = "$trampoline $PAGE 3 R-X NORMAL" ] ||
	fail "not in its one place in the runtime table"
