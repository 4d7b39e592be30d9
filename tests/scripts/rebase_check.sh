#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# scripts/rebase-check tells patches that apply to another tree from those that
# do not, and those that are there already.
set -euo pipefail

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
tree=$dir/tree repo=$dir/repo

fail() {
	echo "# $*"
	exit 1
}

# patch_of NAME FROM TO: a patch to the third of five lines
patch_of() {
	cat > "$repo/patches/$1.patch" <<PATCH
From: Some One <some@one.example>
Subject: [PATCH] $1

---
diff --git a/file.c b/file.c
--- a/file.c
+++ b/file.c
@@ -1,5 +1,5 @@
 a
 b
-$2
+$3
 d
 e
PATCH
}

check() {
	BASE=6.12 BUILD=$dir/build "$repo/scripts/rebase-check" "$tree" "$@" > "$dir/out" 2>&1
}

says() {
	grep -qx "$1" "$dir/out" || fail "no '$1': $(cat "$dir/out")"
}

mkdir -p "$tree" "$repo/patches" "$repo/scripts"
cp "$ROOT"/scripts/{lib.sh,rebase-check} "$repo/scripts/"
touch "$tree/Kbuild"
printf '%s\n' a b c d e > "$tree/file.c"

patch_of 0001-one c C
patch_of 0002-two C cc
patch_of 0800-other cc ccc
check || fail "it fails where all apply"
says '0001-one  *yes'
says '0002-two  *yes'
! grep -q 0800 "$dir/out" || fail "a patch that was not asked for"
check 08 && fail "it takes a patch without those before it"
says '0800-other  *no: 1 hunks'

# Its surroundings have changed
printf '%s\n' A b c d e > "$tree/file.c"
check && fail "fuzz is success"
says '0001-one  *fuzz'
says '0002-two  *fuzz'

printf '%s\n' a b C d e > "$tree/file.c"
check || fail "it fails where one is there already"
says '0001-one  *there'
says '0002-two  *yes'

rm "$tree/file.c"
check && fail "it applies to nothing"
says '0001-one  *no: 1 hunks'
cmp -s "$tree/Kbuild" /dev/null || fail "it has written to the tree"
