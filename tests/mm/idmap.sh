#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# KVM provides the identity mapping of its init code itself: a section of its
# own, of one page, while the kernel's idmap knows nothing of KVM.
. "$ROOT/scripts/lib.sh"

vmlinux=$(kernel_outputs "$CONFIG")/vmlinux
symbols=$(mktemp)
trap 'rm -f "$symbols"' EXIT
"${CROSS_COMPILE}nm" "$vmlinux" > "$symbols"

# address NAME
address() {
	awk -v name="$1" '$3 == name { print "0x" $1 }' "$symbols"
}

# within FROM TO: the symbols between two others
within() {
	awk -v from="$(address "$1")" -v to="$(address "$2")" \
		'"0x" $1 >= from && "0x" $1 < to { print $3 }' "$symbols"
}

start=$(address __hyp_idmap_text_start)
end=$(address __hyp_idmap_text_end)
echo "# init code: $start to $end"
[ $((start % 4096)) -eq 0 ] || die "it does not begin a page"
[ $((end - start)) -gt 0 ] || die "there is none"
[ $((end - start)) -le 4096 ] || die "it takes more than a page"

init=$(within __hyp_idmap_text_start __hyp_idmap_text_end)
for name in __kvm_hyp_init __kvm_hyp_reset; do
	grep -qx "$name" <<< "$init" || die "$name is not in it"
done

idmap=$(within __idmap_text_start __idmap_text_end)
grep -q __turn_mmu_on <<< "$idmap" || die "the kernel's idmap is not found"
! grep -i kvm <<< "$idmap" || die "the kernel's idmap has code of KVM"
for object in "$BUILD/obj/$CONFIG"/arch/arm/kvm/{,hyp/}*.o; do
	! "${CROSS_COMPILE}objdump" -h "$object" | grep -w '\.idmap\.text' ||
		die "$object adds to the kernel's idmap"
done
! grep -l '^+++ b/arch/arm/mm/idmap.c' "$ROOT"/patches/{,*/}*.patch ||
	die "the kernel's idmap is patched"
