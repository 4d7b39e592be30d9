#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# no_vgic.sh PATTERN...: guests can have no interrupt controller in the kernel.
# The log has a line for each reason, with what to change, and no other but those on
# the CPU; KVM is there, and a guest with its interrupt controller in user space has
# its timer.
. ../lib.sh

dmesg | grep 'kvm[ :]' | grep -vE 'HYP mode initialized|erratum' > /tmp/lines
cat /tmp/lines
[ "$(wc -l < /tmp/lines)" = $# ] || fail "not $# lines"
for pattern; do
	grep -qE "no vGIC: /.*$pattern" /tmp/lines ||
		fail "no line '$pattern'"
done
[ "$(dmesg | grep -c 'kvm.*: HYP mode initialized')" = 1 ] || fail "no KVM"
../selftests/arm/no_vgic || fail "the API"

# The ticks of the guest's virtual timer come by the host's interrupt, not when
# something else happens to end the guest's turn.
vtimer() {
	awk '/kvm guest vtimer/ { for (n = 2; $n ~ /^[0-9]+$/; n++) sum += $n }
		END { print sum }' /proc/interrupts
}
before=$(vtimer)
../selftests/arm/user_irqchip || fail "the interrupt controller in user space"
echo "# $(($(vtimer) - before)) interrupts"
[ $(($(vtimer) - before)) -gt 4 ] || fail "ticks that come late"

if kvm-vmm -k /guest/zImage >/tmp/vmm 2>&1; then
	fail "kvm-vmm has no interrupt controller of its own"
fi
cat /tmp/vmm
grep -q 'interrupt controller' /tmp/vmm || fail "kvm-vmm does not say why"
