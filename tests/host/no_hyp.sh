#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Without HYP mode one line says why and what to change, there is no /dev/kvm.
. ../lib.sh

dmesg | grep 'kvm[ :]'
[ "$(dmesg | grep -c 'kvm[ :]')" = 1 ] || fail "not one line"
dmesg | grep -q 'kvm.*HYP' || fail "it does not say that HYP mode is missing"
dmesg | grep -qE 'kvm.*(boot|firmware)' || fail "it does not say what to change"
[ ! -e /dev/kvm ] || fail "/dev/kvm exists"
