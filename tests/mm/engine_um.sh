#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The page-table engine and its unit tests on another architecture, User Mode
# Linux on the build machine: neither depends on ARM.
. "$ROOT/scripts/lib.sh"

tree=$BUILD/um/linux
obj=$BUILD/um/obj
arch=$tree/arch/um

um_make() {
	make -s -C "$tree" O="$obj" -j"$JOBS" ARCH=um "$@"
}

# A tree of hard links: a file that is edited has to be a new one.
rm -rf "$BUILD/um"
mkdir -p "$obj" "$BUILD/um"
cp -al "$BUILD/linux" "$tree"
mkdir "$arch/kvm"
cat > "$arch/kvm/Makefile" <<'MAKEFILE'
ccflags-y += -I$(srctree)/arch/arm/include
obj-y += ../../arm/kvm/pgtable.o ../../arm/kvm/tests/pgtable_test.o
MAKEFILE
{ cat "$arch/Kbuild"; echo 'obj-y += kvm/'; } > "$arch/Kbuild.new"
mv "$arch/Kbuild.new" "$arch/Kbuild"

cat > "$BUILD/um/config" <<'CONFIG'
CONFIG_64BIT=y
CONFIG_EXPERT=y
CONFIG_PRINTK=y
CONFIG_BUG=y
CONFIG_STDERR_CONSOLE=y
CONFIG_KUNIT=y
CONFIG
um_make KCONFIG_ALLCONFIG="$BUILD/um/config" allnoconfig
um_make linux

output=$("$obj/linux" mem=256M console=tty kunit.enable=1 kunit_shutdown=halt \
	< /dev/null 2>&1) || true
rm -rf "$BUILD/um"
echo "$output"
for suite in stage2_pgtable hyp_pgtable hyp_pgtable_offset pgtable_walker; do
	grep -qE "^ok [0-9]+ kvm_arm_$suite" <<< "$output" ||
		die "kvm_arm_$suite did not pass"
done
