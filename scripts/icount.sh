# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# A machine of one CPU whose clock is the count of instructions, without any
# other source of time or randomness: what it counts repeats to the digit.

# icount_boot KERNEL INITRAMFS LOG MIB APPEND QEMU-ARGUMENT...: boot it until
# it powers off. $SEED is what its random numbers come from, $GIC the version of
# its interrupt controller.
icount_boot() {
	timeout "${TIMEOUT:-600}" qemu-system-aarch64 \
		-M "virt,virtualization=on,highmem=off,gic-version=${GIC:-2}" \
		-cpu cortex-a15 -smp 1 \
		-m "$4" -icount shift=0,sleep=off -seed "${SEED:-1}" \
		-rtc base=2024-01-01,clock=vm -nic none -display none \
		-monitor none -serial "file:$3" -no-reboot -kernel "$1" \
		-initrd "$2" -append "console=ttyAMA0 quiet panic=-1 $5" \
		"${@:6}" </dev/null || die "the machine did not power off; see $3"
}
