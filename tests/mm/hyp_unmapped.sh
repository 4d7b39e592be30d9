#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# HYP mode sees a vCPU while there is a VM, and nothing of it after that, be the
# VM's end a good one or not.
. ../lib.sh
. ./dump.sh

cat $HYP_RUNTIME > /tmp/before

hold_guest -c 4
cat $HYP_RUNTIME > /tmp/during
! cmp -s /tmp/before /tmp/during || fail "no vCPU is mapped"
release_guest
cat $HYP_RUNTIME > /tmp/after
diff /tmp/before /tmp/after || fail "the killed VM left something behind"

guest true -c 3
cat $HYP_RUNTIME > /tmp/after
diff /tmp/before /tmp/after || fail "the VM left something behind"
