#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# All CPUs started in HYP mode, and KVM says in one line that it has taken it.
. ../lib.sh

dmesg | grep 'All CPU(s) started in HYP mode' || fail "not in HYP mode"
dmesg | grep kvm
[ "$(dmesg | grep -c 'kvm.*: HYP mode')" = 1 ] || fail "not one line"
[ -c /dev/kvm ] || fail "no /dev/kvm"
