#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# A vCPU on a CPU of another kind than its own: no emulated machine has any, so
# the kernel is made to believe it.
. ../lib.sh

[ -d /sys/kernel/debug/fail_function ] || skip "no error injection"
taskset 2 ../selftests/arm/vcpu_api -o || fail "see above"
