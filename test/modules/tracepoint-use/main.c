// SPDX-License-Identifier: GPL-2.0
// Copyright (C) 2026 kport contributors
// A trace event and a bare tracepoint of its own, with a probe on the event while the module runs.
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt
#include <linux/module.h>

#define CREATE_TRACE_POINTS
#include "tracepoint_events.h"

void other_steps(int n);

static int seen;

static void probe(void *data, int step, const u8 *bytes, u32 length)
{
	seen += step;
	pr_info("probe: %s, step %d, %u bytes, first %u, enabled %d\n", (char *)data, step, length, bytes[0],
		trace_kport_fixture_step_enabled());
}

static noinline void steps(int n)
{
	u8 bytes[8] = { 9, 8, 7 };

	while (n--) {
		bytes[0]++;
		trace_kport_fixture_step(n, bytes, sizeof(bytes));
	}
}

static int __init tracepoint_init(void)
{
	int ret;

	steps(2);
	ret = register_trace_kport_fixture_step(probe, "mine");
	if (ret)
		return ret;
	steps(3);
	other_steps(2);
	unregister_trace_kport_fixture_step(probe, "mine");
	tracepoint_synchronize_unregister();
	steps(4);
	other_steps(5);
	pr_info("seen %d, enabled %d\n", seen, trace_kport_fixture_step_enabled());
	return 0;
}

static void __exit tracepoint_exit(void)
{
}

module_init(tracepoint_init);
module_exit(tracepoint_exit);

MODULE_DESCRIPTION("tracepoint-use");
MODULE_LICENSE("GPL");
