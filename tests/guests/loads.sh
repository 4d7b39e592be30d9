#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# loads.sh SECONDS: two guests at once, each with a load that checks its own
# results, and the same load on the host.
. ../lib.sh

start_guest /tmp/one "load $1 64" -c 2
one=$!
start_guest /tmp/two "load $1 64" -c 2
two=$!
load "$1" 64 || fail "the host's own load failed"
finish_guest $one /tmp/one
finish_guest $two /tmp/two
