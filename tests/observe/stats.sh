#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# The statistics that kvm_stat reads: of all VMs and of one VM; what a
# guest does shows in them, and a reset works.
. ../lib.sh

kvm=/sys/kernel/debug/kvm

# What other ports call the same things, the generic ones and those of arm64
for name in exits hvc_exit_stat wfe_exit_stat wfi_exit_stat mmio_exit_user \
	mmio_exit_kernel signal_exits remote_tlb_flush halt_successful_poll \
	halt_attempted_poll halt_wakeup; do
	[ -e $kvm/$name ] || fail "no $name"
done

mkfifo /tmp/in /tmp/out
exec 3<>/tmp/in 4<>/tmp/out
kvm-vmm -c 2 -m "$GUEST_MEMORY" -k /guest/zImage -i /guest/initramfs \
	-p 'console=ttyS0 loglevel=5 run="echo at work; read x; echo more; read x"' \
	</tmp/in >/tmp/out 2>&1 &
vmm=$!

# until_guest_says TEXT: the guest says it
until_guest_says() {
	# shellcheck disable=SC3045 # busybox has it
	while read -t 60 -r line <&4; do
		case $line in
		*"$1"*)
			return
			;;
		esac
	done
	fail "the guest does not say: $1"
}

until_guest_says "at work"
set -- $kvm/"$vmm"-*
[ $# -eq 1 ] || fail "not one directory for the VM: $*"
vm=$1

for name in exits hvc_exit_stat wfi_exit_stat mmio_exit_user \
	mmio_exit_kernel halt_wakeup; do
	one=$(cat "$vm/$name")
	all=$(cat $kvm/$name)
	echo "# $name: $one"
	[ "$one" -gt 0 ] || fail "$name is 0"
	[ "$all" -ge "$one" ] || fail "$name of all VMs is $all"
done
[ "$(cat "$vm/exits")" -gt "$(cat "$vm/mmio_exit_user")" ] ||
	fail "there are more reasons than exits"

# What kvm_stat's reset does; and each character of the console is an exit
boot=$(cat "$vm/mmio_exit_user")
echo 0 > "$vm/mmio_exit_user"
before=$(cat "$vm/mmio_exit_user")
echo >&3
until_guest_says more
after=$(cat "$vm/mmio_exit_user")
echo "# mmio_exit_user after a reset: $before, after 4 characters: $after"
[ "$before" -lt "$boot" ] || fail "no reset: it was $boot"
[ "$after" -ge $((before + 4)) ] || fail "characters were not counted"

echo >&3
wait $vmm || fail "the VMM ended with status $?"
[ ! -e "$vm" ] || fail "the VM is gone, its statistics are not"
