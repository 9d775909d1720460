// SPDX-License-Identifier: GPL-2.0
// Copyright (C) 2026 kport contributors
// Two units that use the same names for different static functions, data, types and locals.
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt
#include <linux/module.h>
#include "two_units.h"

struct state {
	int value;
};

static struct state state = { 1 };
static const char *const name = "main";
static int calls;

static int step(int x)
{
	static int calls = 100;

	return x + ++calls;
}

static int __init two_init(void)
{
	calls++;
	state.value += 10;
	pr_info("%s: step %d, ", name, step(1));
	pr_cont("%s: step %d\n", other_name(), other_step(1));
	pr_info("state %d %d, calls %d %d, shared %d\n", state.value, other_state(), calls, other_calls(), shared);
	return 0;
}

static void __exit two_exit(void)
{
}

module_init(two_init);
module_exit(two_exit);

MODULE_DESCRIPTION("two-units-same-static");
MODULE_LICENSE("GPL");
