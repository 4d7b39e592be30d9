#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# kvm-check and a device tree whose timer is there and disabled, as that of AM57xx
# is: a copy in the place of the host's.
. ../lib.sh

tree=/sys/firmware/devicetree/base
cp -r $tree /tmp/tree || fail "no copy"
printf 'disabled\0' > /tmp/tree/timer/status
mount --bind /tmp/tree $tree || fail "no other tree"
sh kvm_check.sh 1 '/timer: disabled.*status'
