#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# kexec.sh GENERATIONS: kernels start each other, while guests run. Each finds
# all CPUs in HYP mode and runs guests.
. ../lib.sh

this=${generation:-0}
echo "# generation $this"
dmesg | grep 'All CPU(s) started in HYP mode' || fail "not in HYP mode"
dmesg | grep 'kvm.*: HYP mode initialized' || fail "no KVM"
[ "$(nproc)" = "$(nproc --all)" ] || fail "CPUs are missing"
../selftests/arm/vcpu_state || fail "guests do not run"
echo "ok - generation $this"

if [ "$this" = "$1" ]; then
	guest "load 3" -c 2
	exit
fi

kexec /zImage /sys/firmware/initrd "$(next_cmdline)" || fail "kexec_load"
start_guests /tmp/guests
kexec -e
