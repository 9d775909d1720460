#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# The event as user space sees it: its format, without the id, which the kernel numbers as they come.
mkdir -p /tmp && mount -t tracefs tracefs /sys/kernel/tracing 2>/dev/null
grep -v ^ID: /sys/kernel/tracing/events/kport_fixture/kport_fixture_step/format
