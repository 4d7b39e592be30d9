# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# CPUs that lose their state when they are idle: . ../idle.sh

# What is to be said of a CPU that is idle often
IDLE_TIMES=50

# idled: times that CPUs went idle so
idled() {
	cat /sys/devices/system/cpu/cpu*/cpuidle/state1/usage \
		/sys/devices/system/cpu/cpu*/cpuidle/state1/rejected |
		awk '{ n += $1 } END { print n + 0 }'
}

# idle_more: until they have done it so often again
idle_more() {
	until_idle=$(($(idled) + IDLE_TIMES))
	until [ "$(idled)" -gt $until_idle ]; do
		sleep 1
	done
}
