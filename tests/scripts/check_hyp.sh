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

# barrier CODE PATTERN WHAT: an object of a function f with CODE
barrier() {
	object $kvm/hyp/bad.o <<< ".arch armv7ve; .section .hyp.text, \"ax\"; f: $1; bx lr"
	finds "bad.o: $2" "$3"
}

barrier 'eret' 'f+0x0: no DSB and ISB behind' "a bare exception return"
barrier 'eret; isb; dsb nsh' 'f+0x0: no DSB and ISB behind' "barriers in the wrong order"
barrier 'mcr p15, 4, r0, c8, c7, 0' 'f+0x0: no DSB of all accesses completes' \
	"TLB maintenance that nothing completes"
barrier 'mcr p15, 0, r0, c7, c1, 0; dsb ishst; isb; dsb ish' \
	'f+0x0: no DSB of all accesses completes' "ICIALLUIS and a DSB of stores"
barrier 'mcr p15, 0, r0, c7, c14, 1; dsb st' \
	'f+0x0: no DSB of all accesses completes' "DCCIMVAC and a DSB of stores"
barrier '.arch armv8-a; mcr p15, 4, r0, c8, c7, 0; dsb nshld' \
	'f+0x0: no DSB of all accesses completes' "TLBIALLH and a DSB of loads"
barrier 'mcr p15, 4, r0, c8, c7, 0; isb; dsb nsh' \
	'f+0x0: no DSB of all accesses completes' "an ISB before the DSB"
barrier 'mcreq p15, 4, r0, c8, c7, 0; isb' \
	'f+0x0: no DSB of all accesses completes' "a condition of an operation"
barrier 'mcr p15, 4, r0, c8, c7, 0; bxeq lr; dsb nsh' \
	'f+0x0: no DSB of all accesses completes' "a return before the DSB"
barrier 'mcr p15, 4, r0, c8, c7, 0; popne {r4, pc}; dsb nsh' \
	'f+0x0: no DSB of all accesses completes' "another return before the DSB"
barrier 'mcr p15, 4, r0, c8, c7, 0; bl one; dsb nsh' \
	'f+0x0: no DSB of all accesses completes' "a call before the DSB"
barrier 'mcr p15, 4, r0, c8, c7, 0; beq 1f; dsb nsh; 1: isb' \
	'f+0x0: no DSB of all accesses completes' "a branch around the DSB"
barrier 'mcr p15, 0, r0, c8, c3, 0; dsb nsh; isb' \
	"f+0x0: the DSB that completes '.*' is not as wide" "TLBIALLIS and a DSB of this CPU"
barrier 'mcr p15, 4, r0, c8, c0, 1; dsb nsh; isb; dsb ish' \
	"f+0x0: the DSB that completes '.*' is not as wide" "TLBIIPAS2IS and one"
barrier 'mcr p15, 0, r0, c7, c1, 0; dsb nsh; isb' \
	"f+0x0: the DSB that completes '.*' is not as wide" "ICIALLUIS and one"
barrier 'dsb ishst; mcrr p15, 6, r0, r1, c2' \
	'f+0x4: no DSB of all accesses before VTTBR' "VTTBR after a DSB of stores"
barrier 'dsb; mcrr p15, 6, r0, r1, c2; mcrr p15, 6, r2, r3, c2' \
	'f+0x8: no DSB of all accesses before VTTBR' "VTTBR again"
barrier 'mcr p15, 0, r0, c7, c8, 0' 'f+0x0: an address translation operation' ATS1CPR
barrier 'isb; mcreq p15, 4, r1, c7, c8, 1' \
	'f+0x4: an address translation operation' ATS1HW
barrier '.word 0xee070f58' 'f+0x0: an address translation operation' \
	"ATS1CUR as data"

# vectors NAME CODE PATTERN WHAT: a hardened table with CODE
vectors() {
	object $kvm/hyp/bad.o <<< ".arch armv7ve; .section .hyp.text, \"ax\"
		__kvm_hyp_vector_$1: $2"
	finds "bad.o: __kvm_hyp_vector_$1: $3" "$4"
}

slots='.rept 7; add sp, sp, #1; .endr'
iciallu='mcr p15, 0, r0, c7, c5, 0'
bpiall='mcr p15, 0, r0, c7, c5, 6'
vectors ic_inv "$slots; isb; b one" 'no ICIALLU in each vector' "vectors without ICIALLU"
vectors bp_inv "$slots; isb; b one" 'no BPIALL in each vector' "vectors without BPIALL"
vectors ic_inv "$slots; $bpiall; isb; b one" 'no ICIALLU in each vector' \
	"BPIALL instead of ICIALLU"
vectors bp_inv "$slots; $iciallu; isb; b one" 'no BPIALL in each vector' \
	"ICIALLU instead of BPIALL"
vectors bp_inv "add sp, sp, #1; $bpiall; $slots; isb; b one" 'no BPIALL in each vector' \
	"vectors behind BPIALL"
vectors bp_inv "$slots; beq one; $bpiall; isb; b one" 'no BPIALL in each vector' \
	"a branch before BPIALL"
vectors bp_inv "$slots; $bpiall; b one; isb" 'no ISB between BPIALL' "BPIALL without an ISB"
vectors ic_inv "$slots; isb; $iciallu; b one" 'no ISB between ICIALLU' \
	"an ISB before ICIALLU"
vectors other "$slots; $bpiall; isb; b one" 'hardened vectors with an operation' \
	"vectors of which nothing is known"
object $kvm/hyp/bad.o <<< '.section .hyp.text, "ax"; bx lr'

object $kvm/hyp/entry.o <<< '.section .hyp.text, "ax"; bx lr'
finds 'entry.o: no __guest_enter' "no return to a guest"
object $kvm/hyp/entry.o <<< \
	'.arch armv7ve; .section .hyp.text, "ax"; __guest_enter: eret; dsb nsh; isb'
finds 'entry.o: __guest_enter+0x0: no CLREX' "a return to a guest without CLREX"
object $kvm/hyp/entry.o <<< \
	'.arch armv7ve; .section .hyp.text, "ax"; .global __guest_enter; __guest_enter: clrex; eret; dsb nsh; isb'
object $kvm/hyp/bad.o <<< '.arch armv7ve; .section .hyp.text, "ax"
	f: dsb nsh; mcrr p15, 6, r0, r1, c2; mcr p15, 0, r0, c8, c7, 0; dsb nsh; isb
	bl __guest_enter; mcrr p15, 6, r0, r1, c2; bx lr'
object $kvm/hyp/more.o <<< ".arch armv7ve; .section .hyp.text, \"ax\"
	g: teq r0, r1; beq 2f; 1: mcr p15, 4, r0, c8, c3, 1; b 3f; 2: bx lr
	3: cmp r0, r1; bcc 1b; dsb nsh; dsb ish; isb; bx lr
	__kvm_hyp_vector_ic_inv: $slots; $iciallu; isb; beq one
	__kvm_hyp_vector_bp_inv: $slots; $bpiall; isb; beq one"
if "$ROOT/scripts/check-hyp" "$dir"; then
	result ok "all barriers"
else
	result "not ok" "all barriers"
fi
