#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# A guest whose console is a virtio device, and whose devices work without
# KVM_IRQFD and KVM_IOEVENTFD, is saved, restored and moved over TCP.
. ./lib.sh

TCP=tcp:127.0.0.1:2000

ip link set lo up
vmm -c 2 -m "$GUEST_MEMORY" -k /guest/zImage -i /guest/initramfs \
	--no-irqfd --no-ioeventfd --console virtio --save "$STATE" \
	-p "console=hvc0 loglevel=5 run=\"$WORK\""
expect "*at work*"
alive
leave "$vmm"
ended "$vmm"
vmm --restore "$STATE" --migrate-to $TCP --no-irqfd --no-ioeventfd
alive
old=$vmm
# Another way to interrupt is no part of what the guest sees.
vmm --incoming $TCP
expect "kvm-vmm: waiting*"
leave "$old"
ended "$old"
alive
finish
