#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# The host has a GICv3 alone, which this QEMU does not know how to use: it says so,
# and what to do instead, to who starts a guest and to management programs.
. ./lib.sh

# refused OPTION...
refused() {
	qemu-system-arm -M virt -accel kvm -cpu host -nodefaults -display none \
		-kernel /guest/zImage "$@" </dev/null >/tmp/log 2>&1
	status=$?
	cat /tmp/log
	[ $status -eq 1 ] || fail "QEMU ended with status $status, not 1"
	grep -q "only a GICv3" /tmp/log || fail "it does not say why"
	grep -q "kernel-irqchip=off" /tmp/log || fail "it does not say what to do"
}

refused
for version in 2 3 host max; do
	refused -M gic-version=$version
done

# As the message says it
ACCEL=kvm
MACHINE=$MACHINE,kernel-irqchip=off
start 0 true
qmp 0 '{"execute": "query-gic-capabilities"}'
echo "$line"
for version in 2 3; do
	case $line in
	*"{\"emulated\": true, \"version\": $version, \"kernel\": false}"*)
		;;
	*)
		fail "the GICv$version is not QEMU's alone"
		;;
	esac
done
expect "*guest: status 0*"
ended "$vmm"
