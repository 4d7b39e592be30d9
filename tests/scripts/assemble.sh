#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# scripts/assemble lays patches and new files over a base tree, touches only
# what changed, takes back what went away, and says what does not fit.
set -euo pipefail

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
base=$dir/base repo=$dir/repo tree=$dir/build/linux

fail() {
	echo "# $*"
	exit 1
}

assemble() {
	BASE=${1:-6.12} BUILD=$dir/build LINUX=$base "$repo/scripts/assemble"
}

stamps() {
	(cd "$tree" && find . -type f -printf '%p %T@\n' | sort)
}

# changed FILE...: assemble again; these files, and no others, must be newer
changed() {
	stamps > "$dir/before"
	assemble
	stamps > "$dir/after"
	comm -13 "$dir/before" "$dir/after" | sed 's/^\.\/\([^ ]*\).*/\1/' > "$dir/changed"
	printf '%s\n' "$@" | sed '/^$/d' | diff - "$dir/changed" ||
		fail "not the files that should have changed"
}

# wrong PATTERN [BASE]: assembling must fail and say PATTERN
wrong() {
	! assemble "${2:-}" > "$dir/out" 2>&1 || fail "no failure"
	grep -q "$1" "$dir/out" || fail "no word of '$1': $(cat "$dir/out")"
}

mkdir -p "$base/arch/arm" "$repo/patches" "$repo/arch/arm/kvm"
cp -r "$ROOT/scripts" "$repo/"
printf 'VERSION = 6\nPATCHLEVEL = 12\n' > "$base/Makefile"
printf '%s\n' a b c d e f g h > "$base/arch/arm/one.c"
cp "$base/arch/arm/one.c" "$base/arch/arm/two.c"
echo new > "$repo/arch/arm/kvm/new.c"
cat > "$repo/patches/0001-one.patch" <<PATCH
--- a/arch/arm/one.c
+++ b/arch/arm/one.c
@@ -1,3 +1,3 @@
 a
-b
+B
 c
PATCH

assemble
grep -qx B "$tree/arch/arm/one.c" || fail "the patch is not there"
grep -qx b "$base/arch/arm/one.c" || fail "the base was written to"
cmp "$repo/arch/arm/kvm/new.c" "$tree/arch/arm/kvm/new.c"
echo "ok 1 - lays out the tree"

changed ""
echo newer > "$repo/arch/arm/kvm/new.c"
changed arch/arm/kvm/new.c
sed 's/one\.c/two.c/' "$repo/patches/0001-one.patch" > "$repo/patches/0002-two.patch"
changed arch/arm/two.c
rm "$repo/patches/0001-one.patch"
changed arch/arm/one.c
cmp "$base/arch/arm/one.c" "$tree/arch/arm/one.c"
rm "$repo/arch/arm/kvm/new.c"
changed ""
[ ! -e "$tree/arch/arm/kvm/new.c" ] || fail "new.c is still there"
echo "ok 2 - touches only what changed"

sed 's/^-b/-x/' "$repo/patches/0002-two.patch" > "$repo/patches/0003-bad.patch"
wrong '0003-bad.patch does not apply'
rm "$repo/patches/0003-bad.patch"
# Context that differs is what fuzz would let pass.
sed 's/^ c/ x/; s/two/one/' "$repo/patches/0002-two.patch" > "$repo/patches/0004-fuzz.patch"
wrong '0004-fuzz.patch does not apply'
rm "$repo/patches/0004-fuzz.patch"
echo "ok 3 - stops at a patch that does not apply"

echo mine > "$repo/arch/arm/one.c"
wrong 'arch/arm/one.c exists in the base'
rm "$repo/arch/arm/one.c"
sed -i 's/12/11/' "$base/Makefile"
rm -r "$dir/build"
wrong '6.11, not 6.12'
wrong 'not for Linux 6.11' 6.11
echo "ok 4 - refuses what is not meant"

# Those of one base go between those of all, by their numbers.
mkdir "$repo/patches"/{6.11,6.12}
sed 's/two/one/' "$repo/patches/0002-two.patch" > "$repo/patches/6.11/0001-one.patch"
sed 's/two/one/; s/^-b/-B/; s/^+B/+ours/' "$repo/patches/0002-two.patch" \
	> "$repo/patches/0002-ours.patch"
sed 's/^-b/-x/' "$repo/patches/0002-two.patch" > "$repo/patches/6.12/0003-bad.patch"
assemble 6.11
grep -qx ours "$tree/arch/arm/one.c" || fail "the patch of the base is not there"
grep -qx B "$tree/arch/arm/two.c" || fail "the patch of all bases is not there"
echo "ok 5 - lays out what is for the base"
