# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2034
# To read the kernel's dumps of page tables: . ./dump.sh, after ../lib.sh
#
# A line is "0xSTART-0xEND SIZE LEVEL RWX AF NORMAL IS [BLK] PA 0xADDRESS".

KVM=/sys/kernel/debug/kvm
HYP_BOOT=$KVM/hyp_boot_page_tables
HYP_RUNTIME=$KVM/hyp_page_tables
PAGE=4096

[ -e $HYP_RUNTIME ] || skip "the kernel does not show KVM's page tables"

# mappings FILE: the lines without markers, as "start end level rwx type output"
mappings() {
	sed -nE "s/^(0x[0-9a-f]+)-(0x[0-9a-f]+) +[0-9]+[KMGT] ([123]) ([RWX-]{3}) \
(AF|--) (NORMAL|DEVICE) (NS|IS)( BLK)? PA (0x[0-9a-f]+)\$/\1 \2 \3 \4 \6 \9/p" "$1"
}

# well_formed FILE: there is nothing in it but mappings and markers
well_formed() {
	! grep -v '^---\[ .* \]---$' "$1" > /tmp/lines ||
		[ "$(mappings "$1" | wc -l)" = "$(wc -l < /tmp/lines)" ] ||
		fail "$1 has lines that are neither"
}

# shared FILE: normal memory is inner shareable, as the kernel for several CPUs
# has it, or not shareable, as the one for a single CPU has it
shared() {
	sh=NS
	! zcat /proc/config.gz | grep -q '^CONFIG_SMP=y$' || sh=IS
	! grep ' NORMAL ' "$1" | grep -m 5 -v " NORMAL $sh " ||
		fail "$1 has memory that is not $sh"
}

# symbol NAME: its address
symbol() {
	awk -v name="$1" '$3 == name { print "0x" $1; exit }' /proc/kallsyms
}

# phys_of NAME: the physical address of a symbol of the kernel image
phys_of() {
	page_offset=$(zcat /proc/config.gz | sed -n 's/^CONFIG_PAGE_OFFSET=//p')
	ram=$(awk -F- '/System RAM/ { print "0x" $1; exit }' /proc/iomem)
	echo $(($(symbol "$1") - page_offset + ram))
}

# hold_guest [VMM-OPTION...]: a guest that is up, and at work until
# release_guest; its VMM is $vmm, its directory in debugfs $vm
hold_guest() {
	mkfifo /tmp/held
	kvm-vmm -m "$GUEST_MEMORY" -k /guest/zImage -i /guest/initramfs \
		-p 'console=ttyS0 loglevel=5 run="echo at work; load 600 32"' \
		"$@" </dev/null >/tmp/held 2>&1 &
	vmm=$!
	exec 7</tmp/held
	while read -r line <&7; do
		case $line in
		*"at work"*)
			break
			;;
		esac
	done
	kill -0 $vmm 2>/dev/null || fail "the guest did not start"
	vm=$(echo $KVM/$vmm-*)
	[ -d "$vm" ] || fail "no $vm"
}

# The VM goes with the last reference to it, which need not be the process'.
release_guest() {
	kill -9 "$vmm"
	wait "$vmm" 2>/dev/null
	exec 7<&-
	rm /tmp/held
	for _ in $(seq 100); do
		[ -d "$vm" ] || return 0
		usleep 50000
	done
	fail "$vm is still there"
}
