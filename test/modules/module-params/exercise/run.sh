#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Shows every parameter, then changes what may be changed.
cd /sys/module/module_params/parameters || exit 1
for p in *; do echo "$p $(stat -c %a "$p") $(cat "$p")"; done
for set in number=17 number=x yes=1 yes=perhaps buffer=0123456789abcdef doubled=4 unsigned_little=65536 octet=2; do
	(echo "${set#*=}" > "${set%%=*}") 2>/dev/null; echo "$set: $? $(cat "${set%%=*}")"
done
