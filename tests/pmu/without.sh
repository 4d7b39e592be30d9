#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# A guest that was not given a PMU finds none, and goes on without.
. ../lib.sh

guest "! count stat" -k /guest/zImage-lpae
! grep 'hw perfevents: enabled' "$log" || fail "the guest has a PMU"
grep 'perf_event_open: No such file' "$log" || fail "the guest does not say why"
