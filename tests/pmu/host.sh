#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# host.sh COMMAND [VMM-OPTION...]: the host counts and samples as ever while a guest
# does, too, on the same CPU and with the same counters.
. ../lib.sh

command=$1
shift
start_guest /tmp/guest.log "for i in 1 2 3; do $command || break; done; $command" \
	-k /guest/zImage-lpae --pmu "$@"
vmm=$!
rounds=0
while kill -0 $vmm 2>/dev/null; do
	$command > /tmp/host.log 2>&1 || fail "the host: $(cat /tmp/host.log)"
	rounds=$((rounds + 1))
done
cat /tmp/host.log
finish_guest $vmm /tmp/guest.log
[ $rounds -ge 3 ] || fail "the host has counted $rounds times"
