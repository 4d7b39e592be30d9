#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# A guest kernel with LPAE.
. ../lib.sh

guest "[ \$(nproc) = 2 ] && load 2" -c 2 -k /guest/zImage-lpae
