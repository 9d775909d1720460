#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
cat /dev/kport3 || exit 1
echo written > /dev/kport3; cat /dev/kport3
dd if=/dev/kport3 bs=1 skip=3 count=2 2>/dev/null; echo
dd if=/dev/zero of=/dev/kport3 bs=100 count=1 2>&1 | sed -n 's/.*: //p'; wc -c < /dev/kport3
