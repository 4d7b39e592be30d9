#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Build the kernel's KVM selftests for an architecture the way that a kernel
# developer does, without a warning, and install them.
#
#   build.sh ARCH CROSS_COMPILE [PROGRAM...]
#
# Some of the programs that have to come out are named.
set -euo pipefail

arch=$1 cross=$2
shift 2
src=$BUILD/linux
obj=$BUILD/tests/build-$arch
log=$obj/log

case $arch in
arm64)
	"$ROOT/scripts/deps" gcc-aarch64-linux-gnu libc6-dev-arm64-cross
	;;
esac

rm -rf "$obj"
mkdir -p "$obj"
make -s -C "$src" O="$obj" ARCH="$arch" headers >/dev/null

make -s -C "$src/tools/testing/selftests" O="$obj" ARCH="$arch" \
	CROSS_COMPILE="$cross" TARGETS=kvm -j"$(nproc)" \
	INSTALL_PATH="$obj/install" install >"$log" 2>&1 || {
	tail -20 "$log"
	exit 1
}
if grep -E 'warning:|error:' "$log"; then
	exit 1
fi

for program; do
	if ! [ -x "$obj/install/kvm/$program" ]; then
		echo "# $program was not installed"
		exit 1
	fi
done
echo "# $(find "$obj/install/kvm" -type f -perm -u+x | wc -l) programs"
