#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# What management programs ask before they start a guest.
. ./lib.sh

# said PATTERN: the last answer of the monitor matches
said() {
	echo "$line"
	# shellcheck disable=SC2254 # it is a pattern
	case $line in
	$1)
		;;
	*)
		fail "it does not say $1"
		;;
	esac
}

start 0 true -S
qmp 0 '{"execute": "query-kvm"}'
said '*"enabled": true*'
said '*"present": true*'
qmp 0 '{"execute": "query-gic-capabilities"}'
said '*{"emulated": true, "version": 3, "kernel": false}*'
said '*{"emulated": true, "version": 2, "kernel": true}*'
for model in host max; do
	qmp 0 "{\"execute\": \"query-cpu-model-expansion\",
		\"arguments\": {\"type\": \"full\", \"model\": {\"name\": \"$model\"}}}"
	said '*"kvm-no-adjvtime": false*'
	said '*"kvm-steal-time": false*'
done
qmp 0 '{"execute": "query-cpu-definitions"}'
for model in host max cortex-a7 cortex-a15; do
	said "*\"name\": \"$model\"*"
done
qmp 0 '{"execute": "quit"}'
ended "$vmm"
