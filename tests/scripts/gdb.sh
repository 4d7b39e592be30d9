#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# A breakpoint in HYP code stops the host there, when it starts its guest.
set -uo pipefail

# M[4:0] of the CPSR in HYP mode (ARM ARM, B1.3.1)
HYP_MODE=0x1a

# shellcheck disable=SC2016 # gdb expands it
output=$(NO_PACK=1 "$ROOT/scripts/run" gdb -batch -ex 'break __kvm_vcpu_run' \
	-ex continue -ex 'printf "mode 0x%x\n", $cpsr & 0x1f' \
	-ex 'backtrace 2' -ex kill 2>&1)
printf '%s\n' "$output" | sed 's/^/# /'

number=0
expect() {
	number=$((number + 1))
	if grep -q -- "$1" <<< "$output"; then
		echo "ok $number - $1"
	else
		echo "not ok $number - $1"
	fi
}

expect '^Thread .* hit Breakpoint 1, .*__kvm_vcpu_run'
expect "^mode $HYP_MODE\$"
