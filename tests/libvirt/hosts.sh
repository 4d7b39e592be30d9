#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Boot two hosts with Debian on one network, of which the first tells the tests'
# results. Kernels' logs are held to what those of other tests are.
set -euo pipefail
: "${ROOT:?}" "${BUILD:?}"

top=$BUILD/libvirt
dir=$(mktemp -d)
trap 'kill $(jobs -p) 2>/dev/null; rm -rf "$dir"' EXIT

# host NAME NUMBER OTHER-NUMBER: its second disk is for a guest that is such a
# Debian, too
host() {
	qemu-system-aarch64 -M virt,virtualization=on,highmem=off \
		-cpu cortex-a15 -smp 2 -m 1024 -no-reboot -display none \
		-monitor none -serial "file:$top/$1.console.log" \
		-kernel "$top/zImage" -initrd "$top/initramfs" \
		-append "console=ttyAMA0 root=/dev/vda rw net.ifnames=0 systemd.condition_needs_update=no host=$1" \
		-drive "file=$top/disk,format=raw,snapshot=on,if=none,id=disk" \
		-device virtio-blk-device,drive=disk \
		-drive "file=$top/disk,format=raw,snapshot=on,if=none,id=guest" \
		-device virtio-blk-device,drive=guest \
		-netdev "dgram,id=net,local.type=unix,local.path=$dir/$2,remote.type=unix,remote.path=$dir/$3" \
		-device "virtio-net-device,netdev=net,mac=52:54:00:00:00:0$2" \
		-device virtio-rng-device -device virtio-serial-device \
		-chardev "file,id=tests,path=$top/$1.log" \
		-device virtserialport,chardev=tests,name=tests &
}

"$ROOT/scripts/libvirt"
host second 2 1
host first 1 2
status=0
wait $! || status=$?
echo "# the first host's emulator has ended with status $status"
cat "$top/first.log"
sed 's/^/# second: /' "$top/second.log"
grep -a '^\[ *[0-9.]*\] ' "$top/first.console.log" "$top/second.console.log" |
	sed 's/^[^[]*/# /'
grep -q '^ok .* finish' "$top/first.log"
