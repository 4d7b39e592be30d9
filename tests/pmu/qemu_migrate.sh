#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# A guest of QEMU that counts, and checks its counts, moves to another process.
. ../qemu/lib.sh

# shellcheck disable=SC2016 # the guest's shell expands it
WORK='count work & p=$!; until grep -q SigCgt.*[4-7c-f]...$ /proc/$p/status; do :; done; '"$ANSWER"'; kill $p; wait $p'

start_perf 0 "$WORK"
expect "*at work*"
alive
source=$vmm
start_perf 1 "$WORK" -incoming defer
arrive 1 unix:/tmp/socket
migrate 0 unix:/tmp/socket
event 1 '"event": "RESUME"'
ended "$source"
alive
finish
