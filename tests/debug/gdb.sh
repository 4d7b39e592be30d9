#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# gdb on a Linux guest under KVM: breakpoints in the kernel, 1000 single steps
# through kernel and user space, watchpoints on what the guest writes, all of it or a
# part, a backtrace of each vCPU; and the guest goes on to its end.
. "$ROOT/scripts/lib.sh"

PATIENCE=$((300 * ${TIMEOUT_SCALE:-1}))
dir=$(mktemp -d)
console=$dir/console

"$ROOT/scripts/deps" gdb-multiarch
[ -e "$BUILD/qemu/initramfs" ] || "$ROOT/scripts/qemu"
cat "$BUILD/initramfs" "$BUILD/qemu/initramfs" > "$dir/initramfs"

port=$(python3 -c 'import socket
with socket.socket() as s:
    s.bind(("127.0.0.1", 0))
    print(s.getsockname()[1])')
qemu-system-aarch64 -M virt,virtualization=on,highmem=off -cpu cortex-a15 \
	-smp 2 -m 1024 -no-reboot -display none -monitor none \
	-chardev "file,id=console,path=$console" -serial chardev:console \
	-netdev "user,id=net,restrict=on,hostfwd=tcp:127.0.0.1:$port-10.0.2.15:1234" \
	-device virtio-net-device,netdev=net \
	-kernel "$BUILD/zImage" -initrd "$dir/initramfs" \
	-append "console=ttyAMA0 loglevel=5 do=one suite=debug command=\"sh host.sh\"" \
	</dev/null >/dev/null &
host=$!
trap 'kill $host 2>/dev/null || :; rm -rf "$dir"' EXIT

until grep -qs 'host: ready' "$console"; do
	kill -0 $host || die "the host is gone"
	sleep 0.2
done

timeout "$PATIENCE" gdb-multiarch -q -nx -batch "$BUILD/obj/guest/vmlinux" \
	-ex "set \$port = \"$port\"" -x guest.gdb </dev/null > "$dir/gdb" 2>&1 ||
	echo "gdb: status $?" >> "$dir/gdb"
wait $host || echo "the host ended with status $?" >> "$dir/gdb"
# How gdb ends a backtrace is what the runner takes for one of a kernel.
sed -e 's/^Backtrace stopped/No more frames/' -e 's/^/# /' "$dir/gdb" "$console"

number=0
failed=0
# expect WHAT PATTERN FILE [COUNT]
expect() {
	number=$((number + 1))
	if [ "$(grep -Ec -- "$2" "$3")" -ge "${4:-1}" ]; then
		echo "ok $number - $1"
	else
		echo "not ok $number - $1"
		failed=1
	fi
}

expect 'hardware breakpoint' 'Breakpoint 1, .*start_kernel' "$dir/gdb"
expect 'in SVC mode' '^cpsr 0x[0-9a-f]*[1-9d]3$' "$dir/gdb"
expect 'software breakpoint' 'Breakpoint 2, .*kernel_clone' "$dir/gdb" 2
expect 'backtrace' '^#1 ' "$dir/gdb"
expect 'in user space' '^Thread [12] hit Temporary breakpoint .* 0x0' "$dir/gdb"
# Of 700 and 300, few end on the other side.
expect 'single steps' '^steps: kernel [4567][0-9][0-9] user (300|2[0-9][0-9])$' "$dir/gdb"
expect 'watchpoints' '^Hardware watchpoint' "$dir/gdb" 2
expect 'values of the first watchpoint' '^New value = [1-9]' "$dir/gdb" 2
expect 'watchpoint of two words' '^second word: written$' "$dir/gdb"
expect 'a backtrace of each vCPU' '^Thread [12] \(Thread 1\.[12] ' "$dir/gdb" 2
expect 'the guest ends well' 'guest: status 0' "$console"
expect 'and QEMU' 'host: status 0' "$console"
exit $failed
