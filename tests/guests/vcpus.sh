#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# vcpus.sh N: a guest with N vCPUs boots, all of them compute, it powers off.
. ../lib.sh

guest "cat /proc/interrupts && [ \$(nproc) = $1 ] && load 1 8" -c "$1"
