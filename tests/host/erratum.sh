#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# CPUs that have errata: guests run, the kernel and kvm-check say once what there
# is no workaround for, and nothing is missing.
. ../lib.sh

guest true
[ "$(dmesg | grep -c 'kvm: .* erratum 832075')" = 1 ] || fail "not said once"
kvm-check > /tmp/report || fail "something is missing: $(cat /tmp/report)"
cat /tmp/report
[ "$(grep -c '^note .* erratum 832075' /tmp/report)" = 1 ] || fail "not noted"
