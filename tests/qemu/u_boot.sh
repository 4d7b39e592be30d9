#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# U-Boot starts in a flash, to its prompt, and resets.
. ./lib.sh

GUEST_MEMORY=128
TREE=/tmp/tree

# It reads fw_cfg by LDRD and STRD, for which a CPU gives no syndrome that KVM
# could emulate them by (B3.13.6, "ISV"): in the machine's tree there is to be
# none that it knows.
qemu-system-arm -M "$MACHINE,dumpdtb=$TREE" -accel kvm -cpu host \
	-m $GUEST_MEMORY -nodefaults -display none || fail "no tree"
offset=$(strings -t d $TREE | awk '/qemu,fw-cfg-mmio/ { print $1 }')
printf X | dd of=$TREE bs=1 seek="$offset" conv=notrunc 2>/dev/null

qemu 0 -bios /usr/share/firmware/u-boot.bin -dtb $TREE
for _ in 1 2; do
	expect "U-Boot 20*"
	# It finds nothing to boot, and there is the prompt.
	expect "(0 bootflows*"
	printf 'version\r' >&3
	expect "U-Boot 20*"
	printf 'reset\r' >&3
done
expect "U-Boot 20*"
qmp 0 '{"execute": "quit"}'
ended "$vmm"
