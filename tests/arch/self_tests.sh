# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# Break each rule with a program of its own, and see that it is reported and no
# other is; and that a program that breaks none is not accused, though all rules
# are asked. In A32 and in T32.
set -eu

here=$PWD
out=$BUILD/tests/arch
cross=${CROSS_COMPILE:-arm-linux-gnueabihf-}
failed=
n=0
# How long, in seconds, a violation may take, and a program to end after it
PATIENCE=$((60 * ${TIMEOUT_SCALE:-1}))
REST=$((3 * ${TIMEOUT_SCALE:-1}))

"$ROOT/scripts/deps" libglib2.0-dev pkg-config
make -s -C "$ROOT/tools/arch-check" O="$BUILD/tools"
emulator=$("$ROOT/scripts/qemu-plugin-host")/bin/qemu-system-arm
rm -rf "$out"
mkdir -p "$out"

# run NAME ASSEMBLER-OPTION...: leaves what the plugin found in $out/NAME.found
run() {
	local name=$1
	shift
	"${cross}gcc" -nostdlib -static -no-pie -Wl,--build-id=none,-z,noexecstack \
		-Wl,--no-warn-rwx-segments,-Ttext=0x40100000 \
		-o "$out/$name" "$@" "$here/program.S"
	timeout $PATIENCE "$emulator" -M virt,virtualization=on,highmem=off,gic-version=3 \
		-cpu max -m 64 -nic none -display none -monitor none \
		-serial none -kernel "$out/$name" \
		-plugin "$BUILD/tools/arch-check.so,out=$out/$name.found,walks=incoherent" \
		2> "$out/$name.log" &
	while kill -0 $! 2> /dev/null && ! grep -qs '^violation' "$out/$name.found"; do
		sleep 0.1
	done
	# A program that breaks a rule need not come to its end.
	timeout $REST tail -s 0.1 --pid=$! -f /dev/null || kill $! || true
	wait $! || true
}

result() {
	n=$((n + 1))
	echo "$1 $n $2"
	[ "$1" = ok ] || failed=1
}

# expect NAME RULE: these rules are violated, and no others
expect() {
	local seen
	seen=$(awk '$1 == "violation" { print $2 }' "$out/$1.found" | sort -u |
		tr '\n' ' ')
	if [ "$seen" = "$2" ]; then
		result ok "$1"
	else
		result "not ok" "$1: '$2' is broken, '$seen' reported"
	fi
}

for state in A32 T32; do
	options=(-marm)
	[ $state = A32 ] || options=(-mthumb -DTHUMB)
	run "$state-good" "${options[@]}"
	expect "$state-good" ""
	never=$(awk '$1 == "asked" && $3 == 0 { print $2 }' "$out/$state-good.found")
	if [ -z "$never" ] && grep -q '^asked' "$out/$state-good.found"; then
		result ok "$state-good-asks"
	else
		result "not ok" "$state-good-asks: never asked: $never"
	fi
	while read -r rule step; do
		run "$state-$step" "${options[@]}" "-Wa,--defsym,without_$step=1"
		expect "$state-$step" "$rule "
	done < <(grep -v '^#' "$here/variants")
done

# A rule without a program that breaks it is as good as none.
missing=$(awk '$1 == "rule" { sub(/\|.*/, ""); print $2 }' \
	"$out/A32-good.found" | grep -vxFf <(awk '{ print $1 }' "$here/variants") || true)
if [ -z "$missing" ]; then
	result ok each-rule
else
	result "not ok" "each-rule: nothing breaks $missing"
fi
[ -z "$failed" ]
