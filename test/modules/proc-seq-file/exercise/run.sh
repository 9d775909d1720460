#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
cd /proc/kport_fixture || exit 1
for f in *; do echo "$f $(stat -c %a "$f")"; done
cat single values stored; echo
echo 'something longer than that' > stored; cat stored; echo; cat single
