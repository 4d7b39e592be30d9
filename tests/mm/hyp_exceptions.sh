#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Exceptions in HYP mode that should not happen end in a report that says on
# which CPU, which exception, and where.
set -uo pipefail

! grep -q '^CONFIG_THUMB2_KERNEL=y' "$BUILD/${CONFIG:+$CONFIG/}config" 2>/dev/null ||
	{ echo "# SKIP the instructions are ARM's"; exit 4; }

logs=$(mktemp -d)
trap 'rm -rf "$logs"' EXIT

# What follows quotes the problems that the runner has to find.
echo '# allow: .'
TESTS='' "$ROOT/scripts/check" --tests "$PWD/hyp_exceptions" \
	--logs "$logs/logs" --no-pack | sed 's/^/> /'

failed=0
# expect BOOT EXCEPTION PC: what its console says
expect() {
	local console=$logs/logs/boot.$1.console.log line
	for line in "HYP panic on CPU[0-9]+: $2" "PC is at $3" \
			"Kernel panic - not syncing: kvm: HYP panic"; do
		grep -qE "$line" "$console" && continue
		echo "# $1: there is no '$line'"
		failed=1
	done
}

expect undef "undefined instruction" "__kvm_vcpu_run"
expect hvc "HVC from HYP mode" "__kvm_vcpu_run"
expect dabt "data abort" "__kvm_vcpu_run"
expect pabt "prefetch abort" "0x0"
exit $failed
