#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# scripts/check-hyp passes the kernel's HYP objects, and finds what may not be
# in one.
set -euo pipefail

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
number=0

# object NAME: assemble standard input
object() {
	"${CROSS_COMPILE:-arm-linux-gnueabihf-}gcc" -c -x assembler -o "$dir/$1" -
}

result() {
	number=$((number + 1))
	echo "$1 $number - $2"
}

# finds PATTERN WHAT: check-hyp must fail and say PATTERN
finds() {
	if "$ROOT/scripts/check-hyp" "$dir" > "$dir/out" 2>&1 ||
	   ! grep -q "$1" "$dir/out"; then
		sed 's/^/# /' "$dir/out"
		result "not ok" "$2"
	else
		result ok "$2"
	fi
}

if "$ROOT/scripts/check-hyp" "$BUILD/obj/${CONFIG:-host}"; then
	result ok "the kernel's"
else
	result "not ok" "the kernel's"
fi

kvm=arch/arm/kvm
mkdir -p "$dir/$kvm/hyp"
finds 'no HYP objects' "no objects"
object $kvm/hyp_init.o <<< '.section .hyp.idmap.text, "ax"; .global one; one: bx lr'
object $kvm/hyp/good.o <<< '.section .hyp.text, "ax"; two: b one; bl two'
"$ROOT/scripts/check-hyp" "$dir" || result "not ok" "nothing wrong"

object $kvm/hyp/bad.o <<< '.section .hyp.text, "ax"; bl memcpy'
finds 'bad.o: .hyp.text+0x0 refers to memcpy' "a call of the kernel"
object $kvm/hyp/bad.o <<< '.section .hyp.text, "ax"; bl __gnu_mcount_nc'
finds 'refers to __gnu_mcount_nc' "a tracer"
object $kvm/hyp/bad.o <<< '.section .hyp.text, "ax"; ldr r0, =table; .section .rodata; table: .word 1'
finds 'refers to .rodata' "a reference to a table"
finds 'bad.o: 4 bytes in .rodata' "a table"
object $kvm/hyp/bad.o <<< '.text; bx lr'
finds 'bad.o: 4 bytes in .text' "code out of its section"
