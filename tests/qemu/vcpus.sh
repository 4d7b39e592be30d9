#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# vcpus.sh N [OPTION...]: a guest with N vCPUs boots, all of them compute, it
# powers off.
. ./lib.sh

vcpus=$1
shift
start 0 "cat /proc/interrupts && [ \$(nproc) = $vcpus ] && load 1 8" \
	-smp "$vcpus" "$@"
check_irqchip
expect "*guest: status 0*"
ended "$vmm"
