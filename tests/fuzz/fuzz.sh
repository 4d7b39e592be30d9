#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# fuzz.sh MODE: have afl-fuzz look for inputs that reach new code of KVM, in a host
# that scripts/fuzz has booted, until that ends it. What comes out is in a directory
# of the machine that this one is emulated on, and survives it.
#
# fuzz.sh MODE blocks: say what each of the inputs in the file "inputs" there reaches.

OUT=/out
# For an input, in milliseconds: emulated CPUs are slow, and wait for others.
LIMIT=10000
MAX_BYTES=1024

mkdir -p $OUT
mount -t 9p -o trans=virtio,version=9p2000.L,msize=131072 out $OUT || exit
if [ "$2" = blocks ]; then
	exec ./fuzz -b "$1" $OUT/inputs > $OUT/blocks
fi

export AFL_SKIP_BIN_CHECK=1 AFL_SKIP_CPUFREQ=1 AFL_NO_AFFINITY=1 AFL_NO_UI=1 \
	AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES=1 AFL_AUTORESUME=1 \
	AFL_FAST_CAL=1 AFL_DISABLE_TRIM=1 AFL_FORKSRV_INIT_TMOUT=60000 \
	AFL_MAP_SIZE=65536
afl-fuzz -i $OUT/seeds -o $OUT/afl -t "$LIMIT" -m none -G "$MAX_BYTES" \
	-- ./fuzz "$1" > $OUT/afl.log 2>&1
