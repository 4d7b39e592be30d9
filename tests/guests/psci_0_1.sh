#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# A guest whose firmware is that of KVM up to Linux 3.15: it starts its CPUs, and
# takes them down and up, by function numbers of the device tree. There is no
# power-off: the guest halts, and is ended.
. ../lib.sh

# shellcheck disable=SC2016 # the guest's shell expands it
start_guest /tmp/log '(set -e; dmesg | grep psci:.Using.PSCI.v0.1; cd /sys/devices/system/cpu; for n in 1 2 3; do [ $(nproc) = 3 ]; for c in 1 2; do echo 0 > cpu$c/online; done; [ $(nproc) = 1 ]; for c in 1 2; do echo 1 > cpu$c/online; done; done; load 1)' \
	-c 3 --psci-0.1
vmm=$!
await_guest $vmm /tmp/log 'reboot: .*System halted'
kill $vmm
wait $vmm
cat /tmp/log
grep -q 'guest: status 0' /tmp/log || fail "the guest's command did not succeed"
