#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# console.sh NAME [VMM-OPTION...]: what is typed reaches the guest's shell, and
# what that says comes back.
. ../lib.sh

console=$1
shift
mkfifo /tmp/in /tmp/out
kvm-vmm -m "$GUEST_MEMORY" -k /guest/zImage -i /guest/initramfs \
	-p "console=$console loglevel=5 run=shell" "$@" </tmp/in >/tmp/out 2>&1 &
vmm=$!
exec 3>/tmp/in 4</tmp/out

# expect PATTERN: read up to a line that matches
expect() {
	while read -r line <&4; do
		echo "$line"
		echo "$line" | grep -q "$1" && return
	done
	fail "the guest ended without '$1'"
}

expect 'This is the guest'
# The shell prompts without an end of line: it reads when it is ready.
# shellcheck disable=SC2016
echo 'echo answer $((6 * 7))' >&3
expect 'answer 42'
echo "sed 's/ .*/ is a console/' /proc/consoles" >&3
expect "^$console is a console"
echo exit >&3
expect 'guest: status 0'
cat <&4
wait $vmm || fail "the VMM ended with status $?"
