# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# The checker sees in each instruction what the assembler has made of it.
set -eu

out=$BUILD/tests/arch-decode
cross=${CROSS_COMPILE:-arm-linux-gnueabihf-}
failed=
mkdir -p "$out"
gcc -std=gnu11 -Wall -Werror -O1 -I "$ROOT/tools/arch-check" -o "$out/decode" \
	decode.c "$ROOT/tools/arch-check/decode.c"

# check SET ASSEMBLER-DIRECTIVE DECODE-OPTION...
check() {
	local set=$1 directive=$2
	shift 2
	awk -v set="$set" '/^[AT]/ && index($1, set)' instructions > "$out/$set"
	{
		echo ".syntax unified; .arch armv8.5-a; .fpu neon-fp-armv8"
		echo ".arch_extension sb; $directive"
		# The four fields before the instruction
		sed -E 's/^([^\t]+\t+){4}//' "$out/$set"
	} > "$out/$set.s"
	"${cross}gcc" -c -o "$out/$set.o" "$out/$set.s"
	"${cross}objcopy" -O binary -j .text "$out/$set.o" "$out/$set.bin"
	"$out/decode" "$@" "$out/$set.bin" > "$out/$set.decoded"
	if diff <(awk '{ print $2, $3, $4 }' "$out/$set") "$out/$set.decoded"; then
		echo "ok ${set}32: $(wc -l < "$out/$set") instructions"
	else
		echo "not ok ${set}32"
		failed=1
	fi
}

check A .arm
check T .thumb -t
[ -z "$failed" ]
