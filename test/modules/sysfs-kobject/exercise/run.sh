#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
cd /sys/kernel/kport_fixture/thing1 || exit 1
for f in *; do echo "$f $(stat -c %a "$f") $(cat "$f")"; done
for set in value=7 value=x value=-0x10 name=other; do
	(echo "${set#*=}" > "${set%%=*}") 2>/dev/null; echo "$set: $? $(cat "${set%%=*}")"
done
