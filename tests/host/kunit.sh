#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# The results of the kernel's unit tests.
. ../lib.sh

cd /sys/kernel/debug/kunit || fail "no KUnit"
[ -n "$(ls)" ] || skip "the kernel has no unit tests"
cat ./*/results
! cat ./*/results | grep '^ *not ok' || fail "a unit test failed"
