#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Firmware that leaves anything in the registers of HYP mode: on the CPU that
# boots, on one that comes online later, and on one that does so again; and on each
# of them when it wakes up.
. ../lib.sh
. ../idle.sh

online=/sys/devices/system/cpu/cpu1/online

guest 'grep arch_timer /proc/interrupts'
for time in first second; do
	echo 1 > $online || fail "CPU1 does not come up the $time time"
	guest 'grep arch_timer /proc/interrupts' -c 2
	idle_more
	guest 'grep arch_timer /proc/interrupts' -c 2
	echo 0 > $online || fail "CPU1 does not go down"
done
