#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# In the host: a Linux guest with two vCPUs in QEMU, which waits for a debugger.
# The guest ends when it has started some processes.
. ../lib.sh

# shellcheck disable=SC2016 # the guest's shell expands it
COMMAND='for i in $(seq 40); do ls / > /dev/null; done'

ifconfig lo 127.0.0.1 up
ifconfig eth0 10.0.2.15 netmask 255.255.255.0 up
echo "host: ready"
qemu-system-arm -M virt,highmem=off -accel kvm -cpu host -smp 2 -m 64 \
	-nodefaults -no-user-config -display none -serial stdio \
	-S -gdb tcp::1234 \
	-kernel /guest/zImage -initrd /guest/initramfs \
	-append "console=ttyAMA0 loglevel=5 run=\"$COMMAND\"" \
	</dev/null
