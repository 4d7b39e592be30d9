#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# What this host cannot do is refused, with a message.
. ./lib.sh

# refused MESSAGE OPTION...
refused() {
	message=$1
	shift
	qemu-system-arm -M virt -accel kvm -nodefaults -display none \
		-kernel /guest/zImage "$@" </dev/null >/tmp/log 2>&1
	status=$?
	cat /tmp/log
	[ $status -eq 1 ] || fail "QEMU ended with status $status, not 1"
	grep -q "$message" /tmp/log || fail "the message is not: $message"
}

refused "not a cortex-a7" -cpu cortex-a7
refused "kvm-steal-time.*cannot be enabled" -cpu host,kvm-steal-time=on
refused "Property.*pmu.* not found" -cpu host,pmu=on
refused "requested (9) exceeds the maximum" -cpu host -smp 9
refused "virtual.*TrustZone\|Security extensions" -cpu host -M virt,secure=on
refused "Virtualization extensions" -cpu host -M virt,virtualization=on
refused "does not support GICv3" -cpu host -M virt,gic-version=3
