#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# EDK2 runs from one flash and writes to another, through to its shell; what it
# has written is there after a reset.
. ./lib.sh

FLASH_SIZE=64M
# The least that it takes
GUEST_MEMORY=256
VARIABLE='Kept -guid 3e4b5e0c-2c5f-4c5c-8a6e-5d2f1c9b7a10'

for file in CODE VARS; do
	cp "/usr/share/firmware/AAVMF32_$file.fd" "/tmp/$file"
	truncate -s $FLASH_SIZE "/tmp/$file"
done
cp /tmp/CODE /tmp/CODE.before

# shell COMMAND...: a key has the shell begin, which else looks for a script, and
# then it gets the commands
shell() {
	expect "*UEFI Interactive Shell*"
	printf '\r' >&3
	printf '%s\r' "$@" >&3
}

qemu 0 -drive if=pflash,unit=0,file=/tmp/CODE,format=raw,readonly=on \
	-drive if=pflash,unit=1,file=/tmp/VARS,format=raw
shell "setvar $VARIABLE -bs -nv =0x4b455054" reset
shell "setvar $VARIABLE"
expect "*54 50 45 4B*"
qmp 0 '{"execute": "quit"}'
ended "$vmm"
cmp /tmp/CODE /tmp/CODE.before || fail "somebody wrote to the code"
