#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# scripts/series makes patches that git am applies and that add up to the
# assembled tree; a Makefile grows with its sources; nothing is forgotten.
# shellcheck disable=SC2016 # variables of make
set -euo pipefail

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
base=$dir/base repo=$dir/repo out=$dir/build/series
export BASE=6.12 LINUX=$base BUILD=$dir/build GIT_CONFIG_GLOBAL=$dir/gitconfig
git config --file "$GIT_CONFIG_GLOBAL" user.name Tester
git config --file "$GIT_CONFIG_GLOBAL" user.email tester@example.org
number=0

fail() {
	echo "# $*"
	exit 1
}

passed() {
	number=$((number + 1))
	echo "ok $number - $1"
}

# wrong PATTERN: there must be no series, and PATTERN be said
wrong() {
	! "$repo/scripts/series" > "$dir/out" 2>&1 || fail "no failure"
	grep -q "$1" "$dir/out" || fail "no word of '$1': $(cat "$dir/out")"
}

message() {
	printf '%s\n\nReason.\n\nSigned-off-by: Some One <one@example.org>\n' "$1"
}

mkdir -p "$base/arch/arm" "$repo/patches" "$repo/arch/arm/kvm" "$repo/series"
cp -r "$ROOT/scripts" "$repo/"
printf 'VERSION = 6\nPATCHLEVEL = 12\n' > "$base/Makefile"
printf '%s\n' a b c > "$base/arch/arm/one.c"
{
	message 'Subject: [PATCH] ARM: Change one'
	printf '%s\n' --- '--- a/arch/arm/one.c' '+++ b/arch/arm/one.c' \
		'@@ -1,3 +1,3 @@' ' a' -b +B ' c'
} > "$repo/patches/0001-one.patch"
cp "$repo/patches/0001-one.patch" "$dir/one"
for name in first second; do
	message "ARM: KVM: The $name" > "$repo/series/$name"
	echo "int $name;" > "$repo/arch/arm/kvm/$name.c"
done
cat > "$repo/arch/arm/kvm/Makefile" <<'M'
kvm-y += first.o second.o $(shared)/third.o
obj-y += kvm.o
M
cat > "$repo/series/manifest" <<'M'
# comment
patch first
	arch/arm/kvm/Makefile
	arch/arm/kvm/first.c
patches 0001-*
patch second
	arch/arm/kvm/s*
	arch/arm/kvm/Makefile: $(shared)/*
M
echo 'A series' > "$repo/series/cover-letter"
echo 'Fixes' > "$repo/series/fixes"

cp "$repo/series/manifest" "$dir/manifest"
sed -i '/^patches/d; 1a patches 0001-*\nend fixes' "$repo/series/manifest"
"$repo/scripts/series"
[ "$(find "$out" -maxdepth 1 -name '*.patch' | wc -l)" -eq 3 ] || fail "not three files"
grep -q 'Subject: \[PATCH 6.12 1/1\] ARM: Change one' "$out"/fixes/0001-*.patch ||
	fail "the fix is not by itself"
grep -q 'Subject: \[PATCH 6.12 0/1\] Fixes' "$out"/fixes/0000-*.patch ||
	fail "not its cover letter"
sed -i 's/^end.*/end others/' "$repo/series/manifest"
wrong 'no cover letter series/others'
cp "$dir/manifest" "$repo/series/manifest"
passed "ends a series before another one"

"$repo/scripts/series"
[ "$(find "$out" -maxdepth 1 -name '*.patch' | wc -l)" -eq 4 ] || fail "not four files"
grep -q '^+kvm-y += first.o$' "$out"/0001-*.patch || fail "the Makefile is ahead"
grep -q 'Subject: \[PATCH 6.12 2/3\] ARM: Change one' "$out"/0002-*.patch
grep -q '^From: Some One' "$out"/0003-*.patch || fail "whose patch is it?"
passed "makes patches in the order of the manifest"

git -C "$base" init -q
git -C "$base" add -A
git -C "$base" commit -q -m base
git -C "$base" am -q "$out"/000[1-9]-*.patch
diff -r --exclude=.git "$base" "$dir/build/linux" || fail "not the assembled tree"
git -C "$base" reset -q --hard HEAD~3
rm -rf "$base/.git"
passed "git am applies them, and leaves the assembled tree"

echo "int new;" > "$repo/arch/arm/kvm/new.c"
wrong 'arch/arm/kvm/new.c is in no patch'
rm "$repo/arch/arm/kvm/new.c"
cp "$dir/one" "$repo/patches/0002-two.patch"
sed -i 's/-b/-B/; s/+B/+b/' "$repo/patches/0002-two.patch"
wrong '0002-two.patch is in no patch'
rm "$repo/patches/0002-two.patch"
echo 'kvm-y += $(other)/fourth.o' >> "$repo/arch/arm/kvm/Makefile"
wrong '$(other)/fourth.o is in no patch'
sed -i '/fourth/d' "$repo/arch/arm/kvm/Makefile"
passed "refuses what the manifest does not name"

rm "$repo/arch/arm/kvm/first.c"
wrong 'arch/arm/kvm/first.c, which does not exist'
echo "int first;" > "$repo/arch/arm/kvm/first.c"
sed -i '/Signed-off/d' "$repo/series/second"
wrong 'not signed off'
passed "refuses what is not there"
