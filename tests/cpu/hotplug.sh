#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# hotplug.sh CYCLES: CPUs go and come under guests, while other VMs are made.
#
# The scheduler of the base tree may lose count of the bandwidth of its server
# for fair tasks when a CPU goes away, and warns of it (inactive_task_timer()).
# That has nothing to do with guests, and no task here can starve another.
for server in /sys/kernel/debug/sched/fair_server/cpu*/runtime; do
	[ ! -e "$server" ] || echo 0 > "$server"
done
exec ../selftests/arm/hotplug_test -n "$1"
