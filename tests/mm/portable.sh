#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# What is particular to the architecture's caches, TLBs and table walks is in
# asm/kvm_mmu.h and mmu_cache.c: neither the sources that a port could share
# nor the engine's object code have any of it.
. "$ROOT/scripts/lib.sh"

SOURCES=(pgtable hyp_map mmu mmu_memslot)
OBJECTS=(pgtable mmu_memslot)
LOW_LEVEL='\basm (volatile )?\(|\b(mcr|mrc|mcrr|mrrc|dsb|isb|dmb)\b|\b__cpuc_|(read|write)_(sysreg|cpuid)'
LOW_LEVEL+='|\b[id]?cache_is_|\bcacheid\b|flush_[id]?cache_[a-z]+\(|\bflush_tlb|\bTLBI'
LOW_LEVEL+='|\b(HCR|SCTLR|CR|TTBR)_'

cd "$ROOT/arch/arm/kvm"
for name in "${SOURCES[@]}"; do
	! sed 's|/\*.*\*/||; /^ \*/d; /^\/\*/d' "$name.c" | grep -nE "$LOW_LEVEL" ||
		die "$name.c has operations of the architecture"
done

# The compiler may read current and the per-CPU offset.
cd "$BUILD/obj/$CONFIG/arch/arm/kvm"
for name in "${OBJECTS[@]}"; do
	"${CROSS_COMPILE}objdump" -d "$name.o" > /dev/null ||
		die "no $name.o"
	! "${CROSS_COMPILE}objdump" -d "$name.o" |
		grep -E '\b(mcr|mcrr|mrc|mrrc|cdp)[0-9a-z]*\b' |
		grep -vE 'mrc.*cr13, cr0, \{[34]\}' ||
		die "$name.o accesses coprocessor registers"
done
