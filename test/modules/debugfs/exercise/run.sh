#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
grep -q ' /sys/kernel/debug ' /proc/mounts || mount -t debugfs debugfs /sys/kernel/debug
cd /sys/kernel/debug/kport_fixture || exit 1
for f in *; do echo "$f $(stat -c %a "$f") $(cat "$f")"; done
for set in octet=256 octet=7 number=40 doubled=7 doubled=84 yes=n counter=5; do
	(echo "${set#*=}" > "${set%%=*}") 2>/dev/null; echo "$set: $? $(cat "${set%%=*}")"
done
