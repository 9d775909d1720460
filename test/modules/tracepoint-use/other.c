// SPDX-License-Identifier: GPL-2.0
// Copyright (C) 2026 kport contributors
// Uses the events that the other file defines.
#include <linux/module.h>
#include "tracepoint_events.h"

void other_steps(int n);

void other_steps(int n)
{
	u8 bytes[8] = { 40, 41 };

	while (n--)
		trace_kport_fixture_step(n * 100, bytes, n);
	if (trace_kport_fixture_step_enabled())
		trace_kport_fixture_bare(n);
}
