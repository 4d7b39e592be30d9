#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# kvm-check names the QEMU that has KVM, whichever others there are: that of the
# package before Debian's; and says of one that has none that it has none.
set -euo pipefail

bin=$(mktemp -d)
trap 'rm -rf "$bin"' EXIT

# program NAME LINE...: says each, whatever it is asked
program() {
	printf '#!/bin/sh\ncat <<END\n%s\nEND\n' "$(printf '%s\n' "${@:2}")" > "$bin/$1"
	chmod +x "$bin/$1"
}

number=0
# expect WHAT REPORT: all that it says of QEMU
expect() {
	local said
	number=$((number + 1))
	# Of another machine much is missing.
	said=$(PATH=$bin:$PATH "$ROOT/tools/kvm-check" | sed -n 's/^note  *\(qemu-.*\)/\1/p') || true
	if [ "$said" = "$2" ]; then
		echo "ok $number - $1"
	else
		echo "# $said"
		echo "not ok $number - $1"
	fi
}

program uname armv7l
program qemu-system-arm "QEMU 1" tcg
expect "Debian's alone" \
	"qemu-system-arm: QEMU 1 without KVM: 5.1 was the last for 32-bit ARM hosts"
program qemu-system-arm-kvm "QEMU 2" kvm
expect "the package's beside it" "qemu-system-arm-kvm: QEMU 2 with KVM"
rm "$bin/qemu-system-arm-kvm"
program qemu-system-arm "QEMU 3" tcg kvm
expect "one that was built with KVM" "qemu-system-arm: QEMU 3 with KVM"
