#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# thumb2.sh VCPUS: a guest kernel of Thumb-2 instructions
. ../lib.sh

# shellcheck disable=SC2016 # the guest's shell expands it
guest '[ $(nproc) = '"$1"' ] && load 2' -c "$1" -k /guests/thumb2/zImage
