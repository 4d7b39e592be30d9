# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# What the scripts share: where things are, how to fail, how to build a kernel.
set -euo pipefail

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# The kernel that the port is laid over; all but Debian's own have a build
# directory of their own.
BASE=${BASE:-6.12}
if [ -z "${BUILD:-}" ]; then
	BUILD=$ROOT/build
	[ "$BASE" = 6.12 ] || BUILD=$BUILD/$BASE
fi
JOBS=${JOBS:-$(nproc)}
CROSS_COMPILE=${CROSS_COMPILE:-arm-linux-gnueabihf-}
# The depend mode of ccache does not see what .incbin takes in: a zImage would have
# the first kernel that was ever built.
export CCACHE_NODEPEND=1
# CONFIG names a variant of the host kernel: scripts/config/$CONFIG.config is
# laid over host.config.
CONFIG=${CONFIG:-host}

# On a terminal a counter may stand where the next line begins.
CLEAR=
[ ! -t 1 ] || CLEAR=$'\r\e[K'

die() {
	echo "$CLEAR$(basename "$0"): $*" >&2
	exit 1
}

# base_patches: the patches for $BASE in the order of their numbers. Those that
# other bases need differently, or not at all, are in patches/$BASE.
base_patches() {
	local patch
	for patch in "$ROOT/patches"/{,"$BASE"/}*.patch; do
		[ ! -e "$patch" ] || printf '%s\t%s\n' "${patch##*/}" "$patch"
	done | LC_ALL=C sort | cut -f 2
}

# step NAME WHAT: say that it begins, and its place in PLAN, the steps of what make
# was asked for. What a plan does not have is part of another step, and not said.
step() {
	local plan place
	read -ra plan <<< "${PLAN:-$1}"
	if [ "${plan[*]}" = "$1" ]; then
		echo "$2"
		return
	fi
	for place in "${!plan[@]}"; do
		[ "${plan[place]}" != "$1" ] ||
			echo "$((place + 1)) of ${#plan[@]}, $2"
	done
}

# counting COMMAND...: on a terminal, the time that it takes moves meanwhile. Not
# for commands that say something.
counting() {
	local counter
	if [ -z "$CLEAR" ]; then
		"$@"
		return
	fi
	# Ends by itself, too, where the command fails and the script with it
	(
		start=$SECONDS
		while sleep 1 && kill -0 $$ 2>/dev/null; do
			time=$((SECONDS - start))
			printf '%s%d:%02d' "$CLEAR" $((time / 60)) $((time % 60))
		done
	) &
	counter=$!
	"$@"
	kill $counter
	wait $counter 2>/dev/null || true
	printf '%s' "$CLEAR"
}

# kernel_outputs CONFIG: the directory that takes zImage, vmlinux and config
kernel_outputs() {
	if [ "$1" = host ]; then
		echo "$BUILD"
	else
		echo "$BUILD/$1"
	fi
}

with_ccache() {
	if command -v ccache >/dev/null; then
		echo "ccache $1"
	else
		echo "$1"
	fi
}

arm_cc() {
	with_ccache "${CROSS_COMPILE}gcc"
}

# kmake SRC OBJ ARGUMENT...: make in a kernel tree, for ARM, out of tree. With
# LLVM=1 by clang and its tools. The same sources give the same kernel: what it says
# of its build is a part of what its random numbers begin with, and so of what make
# bench counts.
kmake() {
	local src=$1 obj=$2 toolchain
	shift 2
	if [ -n "${LLVM:-}" ]; then
		toolchain=(LLVM="$LLVM" CC="$(with_ccache clang)")
	else
		toolchain=(CROSS_COMPILE="$CROSS_COMPILE" CC="$(arm_cc)")
	fi
	make -s -C "$src" O="$obj" -j"$JOBS" ARCH=arm "${toolchain[@]}" \
		KBUILD_BUILD_USER=kvm KBUILD_BUILD_HOST=arm KBUILD_BUILD_VERSION=1 \
		KBUILD_BUILD_TIMESTAMP="${KBUILD_BUILD_TIMESTAMP:-Thu Jan  1 00:00:00 UTC 1970}" \
		"$@"
}

# other_kmake SRC OBJ ARCH ARGUMENT...: the same for arm64 or x86
other_kmake() {
	local src=$1 obj=$2 arch=$3 prefix=
	shift 3
	[ "$arch" != arm64 ] || prefix=aarch64-linux-gnu-
	make -s -C "$src" O="$obj" -j"$JOBS" ARCH="$arch" \
		CROSS_COMPILE="$prefix" CC="$(with_ccache "${prefix}gcc")" "$@"
}

# configure_other SRC OBJ ARCH: its defconfig with all of KVM
configure_other() {
	local options=(VIRTUALIZATION KVM KVM_INTEL KVM_AMD WERROR)
	mkdir -p "$2"
	other_kmake "$@" defconfig
	sed -i -E "/CONFIG_($(IFS='|'; echo "${options[*]}"))[ =]/d" "$2/.config"
	printf 'CONFIG_%s=y\n' "${options[@]}" >> "$2/.config"
	other_kmake "$@" olddefconfig
	grep -qx 'CONFIG_KVM=y' "$2/.config" || die "no KVM for $3"
}

# install_if_changed FROM TO: keep the time stamp where nothing changed
install_if_changed() {
	if ! cmp -s "$1" "$2"; then
		mkdir -p "$(dirname "$2")"
		# A rename: the file there may be a hard link to the base.
		cp "$1" "$2.new"
		mv -f "$2.new" "$2"
	fi
}

# is_fetched STAMP WHAT: the file says that it was WHAT, and FETCH=1 does not want it
# once more
is_fetched() {
	[ -z "${FETCH:-}" ] && [ "$2" = "$(cat "$1" 2>/dev/null)" ]
}

# configure SRC OBJ FRAGMENT...: allnoconfig with the fragments over it, the
# last to name a symbol wins, and over all what is different for $BASE. Fails with
# the names of those that did not take.
configure() {
	local src=$1 obj=$2 base=$ROOT/scripts/config/base/$BASE.config
	local line missing=
	shift 2
	[ ! -e "$base" ] || set -- "$@" "$base"
	mkdir -p "$obj"
	cat "$@" | awk '
		/^CONFIG_/ { sub(/=n$/, "=n"); name = $0; sub(/=.*/, "", name) }
		/^# CONFIG_.* is not set$/ { name = $2; $0 = name "=n" }
		/^(# )?CONFIG_/ { value[name] = $0 }
		END { for (name in value) print value[name] }
	' | sort > "$obj/wanted.config"
	kmake "$src" "$obj" KCONFIG_ALLCONFIG="$obj/wanted.config" allnoconfig
	while read -r line; do
		case $line in
		*=n) ! grep -q "^${line%n}" "$obj/.config" ;;
		*) grep -qxF "$line" "$obj/.config" ;;
		esac || missing+=" $line"
	done < "$obj/wanted.config"
	[ -z "$missing" ] || die "the configuration did not take:$missing"
}

# configure_debian SRC OBJ FLAVOUR: Debian's own configuration, as it answers to
# this tree, with KVM
configure_debian() {
	local config=$BUILD/debian-config
	"$ROOT/scripts/armhf" linux-config-6.12 "$config" trixie
	mkdir -p "$2"
	xz -dc "$config/usr/src/linux-config-6.12/config.armhf_none_$3.xz" \
		> "$2/.config"
	cat "$ROOT/scripts/config/debian.config" >> "$2/.config"
	kmake "$1" "$2" olddefconfig 2> /dev/null
	grep -qx CONFIG_KVM=y "$2/.config"
}

# programs_tree: the kernel that programs of user space are built from. The KVM
# selftests and perf are Linux 6.12's on every kernel: one set of programs that
# finds the same on each of them.
programs_tree() {
	if [ "$BASE" != 6.12 ]; then
		BASE=6.12 BUILD='' LINUX='' "$ROOT/scripts/assemble" >&2
		echo "$ROOT/build/linux"
	else
		echo "$BUILD/linux"
	fi
}

# user_space DIR KIND: busybox, the test programs and the init of KIND
user_space() {
	local root=$1
	rm -rf "$root"
	mkdir -p "$root"/{bin,dev,proc,sys,tmp,usr/bin}
	cp "$BUILD/busybox" "$root/bin/"
	ln -s busybox "$root/bin/sh"
	cp "$ROOT/scripts/init/$2" "$root/init"
	find "$BUILD/progs" -maxdepth 1 -type f -perm -u+x -exec cp {} "$root/usr/bin/" \;
}

# pack DIR FILE: an initramfs; not compressed, emulated CPUs are slow. The same
# files give the same bytes: make bench counts every instruction of a boot.
pack() {
	find "$1" -exec touch -h -d @0 {} +
	(cd "$1" && find . | LC_ALL=C sort |
		cpio -o -H newc -R 0:0 --reproducible --quiet) > "$2.new"
	mv "$2.new" "$2"
}

# Each must be in the log of a host that has run the demonstration, in this
# order; where the kernels' are late, in the order of theirs and of the others'.
GUEST_LOG=(
	"Linux version ${BASE/./\\.}\."
	'CPU: All CPU\(s\) started in HYP mode'
	'kvm.*: HYP mode initialized'
	"Linux version ${BASE/./\\.}\."
	'CPU: All CPU\(s\) started in SVC mode'
	'processor.*: 0'
	'processor.*: 1'
	'arch_timer'
	'guest: status 0'
	'reboot: Power down'
	'host: the guest ended well'
	'reboot: Power down'
)

GUEST_LOG_KERNELS=("${GUEST_LOG[@]:0:5}" "${GUEST_LOG[@]: -3:1}" "${GUEST_LOG[@]: -1}")
GUEST_LOG_USERS=("${GUEST_LOG[@]:5:4}" "${GUEST_LOG[@]: -2:1}")

# console_log LOG: the consoles of later kernels are written by a thread, when it
# finds the time. There what kernels say is first, then what user space says, with
# its lines whole.
console_log() {
	if [ "$BASE" = 6.12 ]; then
		cat "$1"
	else
		perl -0ne '1 while s/^([^\n\[]+)(\[ *\d+\.\d{6}\] [^\n]*\n)/$2$1/mg;
			print for grep /^\[ *\d/, split /^/m;
			print for grep !/^\[ *\d/, split /^/m' "$1"
	fi
}

# check_guest_log LOG
check_guest_log() {
	local line=0 found pattern patterns=("${GUEST_LOG[@]}")
	[ "$BASE" = 6.12 ] || patterns=("${GUEST_LOG_KERNELS[@]}" "${GUEST_LOG_USERS[@]}")
	for pattern in "${patterns[@]}"; do
		# Not by a pipe: grep leaves with its first match, and tail would fail.
		found=$(grep -aEnm1 "$pattern" < <(console_log "$1" |
			tail -n "+$((line + 1))")) ||
			die "no line matches '$pattern' where it should; see $1"
		line=$((line + ${found%%:*}))
	done
}
