#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# reset.sh N: a guest with two vCPUs is reset N times from outside while it works.
. ./lib.sh

start 0 "$WORK" -smp 2
for _ in $(seq "$1"); do
	expect "*at work*"
	alive
	qmp 0 '{"execute": "system_reset"}'
done
expect "*at work*"
alive
finish
