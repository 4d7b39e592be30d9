# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# What the tests that run in the host share: . ../lib.sh

GUEST_MEMORY=128
GUEST_INPUT=/dev/null
VMM=kvm-vmm

fail() {
	echo "# $*"
	exit 1
}

skip() {
	echo "# SKIP $*"
	exit "$KSFT_SKIP"
}

# The serial console is slow: guests say no more than warnings.
# start_guest LOG COMMAND [VMM-OPTION...]: a guest that runs COMMAND and powers
# off, in the background; its process is $!
start_guest() {
	guest_log=$1
	guest_command=$2
	shift 2
	# shellcheck disable=SC2086
	$VMM -m "$GUEST_MEMORY" -k /guest/zImage -i /guest/initramfs \
		-p "console=ttyS0 loglevel=5 run=\"$guest_command\"" "$@" \
		<"$GUEST_INPUT" >"$guest_log" 2>&1 &
}

# finish_guest PID LOG: the VMM must end well, the guest's command have
# succeeded and its kernel have powered off
finish_guest() {
	wait "$1"
	guest_status=$?
	cat "$2"
	[ $guest_status -eq 0 ] || fail "the VMM ended with status $guest_status"
	grep -q 'guest: status 0' "$2" || fail "the guest's command did not succeed"
	grep -q 'reboot: Power down' "$2" || fail "the guest did not power off"
}

# await_guest PID LOG PATTERN: until the guest has said it
await_guest() {
	until grep -q "$3" "$2"; do
		kill -0 "$1" || fail "the guest is gone"
		sleep 1
	done
}

# start_load LOG [VMM-OPTION...]: a guest that computes until finish_load, and
# has begun to; its process is $vmm
start_load() {
	GUEST_INPUT=$1.input
	mkfifo "$GUEST_INPUT"
	# Opened for both: neither end waits for the other.
	exec 4<>"$GUEST_INPUT"
	load_log=$1
	shift
	# shellcheck disable=SC2016
	start_guest "$load_log" \
		'load 3600 & echo at work; read -r line; kill $!; wait $!' "$@"
	vmm=$!
	GUEST_INPUT=/dev/null
	await_guest "$vmm" "$load_log" 'at work'
}

finish_load() {
	echo >&4
	exec 4>&-
	finish_guest "$vmm" "$load_log"
}

# guest COMMAND [VMM-OPTION...]: run a guest to its end
guest() {
	log=/tmp/guest.$$
	start_guest $log "$@"
	finish_guest $! $log
}

# start_guests LOG: two guests that check themselves, one of them with two
# vCPUs, the other one made anew again and again, until they are killed;
# returns when they run
start_guests() {
	mkfifo "$1.fifo"
	../selftests/arm/hotplug_test -g > "$1.fifo" 2>&1 &
	exec 3< "$1.fifo"
	until grep -q 'guests are running' "$1" 2>/dev/null; do
		read -r line <&3 || fail "the guests ended"
		echo "$line" >> "$1"
	done
}

# next_cmdline: the command line of a kernel that goes on with this test
next_cmdline() {
	echo "$(sed 's/ continue=.*//' /proc/cmdline)" \
		"continue=$TEST_NUMBER generation=$((${generation:-0} + 1))"
}

# free_kib: the memory that nobody uses, nor the kernel keeps for later. Of that, what
# CPUs have in lists of free pages of their own is not in MemFree. KASAN holds back what
# was freed until its cache is shrunk. A trace of the stack that it or kmemleak has taken
# stays for good, in pools of 16 KiB.
free_kib() {
	sync
	echo 3 > /proc/sys/vm/drop_caches
	traces=/sys/kernel/debug/stackdepot/stats
	if [ -e $traces ]; then
		for cache in /sys/kernel/slab/*/shrink; do
			echo 1 > "$cache"
		done
	else
		traces=/dev/null
	fi
	awk '/^MemFree/ { free += $2 }
		$1 == "count:" { free += 4 * $2 }
		$1 == "pools:" { free += 16 * $2 }
		END { print free }' /proc/meminfo /proc/zoneinfo $traces
}

# hyp_map: where the kernel can show them, the page tables of HYP mode
hyp_map() {
	cat /sys/kernel/debug/kvm/hyp_page_tables \
		/sys/kernel/debug/kvm/hyp_boot_page_tables 2>/dev/null
}

# leaks: where kmemleak is in the kernel, the memory that it believes to be lost
leaks() {
	[ -e /sys/kernel/debug/kmemleak ] || return 0
	# Nothing younger than five seconds is reported, and only what two scans
	# find alike.
	sleep 6
	echo scan > /sys/kernel/debug/kmemleak
	echo scan > /sys/kernel/debug/kmemleak
	cat /sys/kernel/debug/kmemleak
}
