#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Nothing is in the way of the vGIC, and a guest has one.
. ../lib.sh

! dmesg | grep 'no vGIC' || fail "the log says that there is no vGIC"
dmesg | grep 'kvm.*: vgic interrupt' || fail "the vGIC is not there"
guest 'grep arch_timer /proc/interrupts' -c 2
