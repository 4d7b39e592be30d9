#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# A guest is saved while a software-generated interrupt is pending that it has not
# taken, another interrupt is active, and a third waits for that. It finds them
# again, and priorities, targets and the like with them.
. ./lib.sh

vmm -m 16 -k /usr/bin/gicstate --save "$STATE"
expect "*set*"
leave "$vmm"
ended "$vmm"
vmm --restore "$STATE"
echo >&3
expect "*kept*"
ended "$vmm"
