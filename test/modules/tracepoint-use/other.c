// SPDX-License-Identifier: GPL-2.0
// Copyright (C) 2026 kport contributors
// Uses the events that the other file defines.
#include <linux/module.h>
#include <linux/version.h>
#include "tracepoint_events.h"

/* The name says that it is a bare tracepoint since then. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 16, 0)
#define trace_kport_fixture_bare_tp(value) trace_kport_fixture_bare(value)
#endif

const char *fixture_parity(int step)
{
	return step & 1 ? "odd" : "even";
}

void other_steps(int n);

void other_steps(int n)
{
	u8 bytes[8] = { 40, 41 };

	while (n--)
		trace_kport_fixture_step(n * 100, bytes, n);
	if (trace_kport_fixture_step_enabled())
		trace_kport_fixture_bare_tp(n);
}
