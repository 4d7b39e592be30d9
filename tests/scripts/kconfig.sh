#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# KVM is offered to a kernel for ARMv7, and not to one that is for ARMv6, too,
# which would not build.
. "$ROOT/scripts/lib.sh"

WANTED='MMU ARCH_MULTIPLATFORM ARCH_MULTI_V7 ARCH_VIRT AEABI VFP VFPv3 SMP VIRTUALIZATION KVM'
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT

# config SYMBOL...: what a configuration with these has of KVM
config() {
	printf 'CONFIG_%s=y\n' "$@" > "$dir/wanted"
	kmake "$BUILD/linux" "$dir/obj" KCONFIG_ALLCONFIG="$dir/wanted" allnoconfig
	grep -E '^CONFIG_(KVM|CPU_V[67]K?|ARCH_MULTI_V[67])=' "$dir/obj/.config" || true
}

mkdir "$dir/obj"
# shellcheck disable=SC2086
config $WANTED ARCH_MULTI_V6 | tee "$dir/both"
grep -qx 'CONFIG_CPU_V6K=y' "$dir/both" || die "not for ARMv6"
grep -qx 'CONFIG_CPU_V7=y' "$dir/both" || die "not for ARMv7"
! grep -q 'CONFIG_KVM=y' "$dir/both" || die "KVM with ARMv6"
# shellcheck disable=SC2086
config $WANTED | tee "$dir/v7"
grep -qx 'CONFIG_KVM=y' "$dir/v7" || die "no KVM with ARMv7"
