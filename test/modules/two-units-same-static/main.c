// SPDX-License-Identifier: GPL-2.0
// Copyright (C) 2026 kport contributors
// Two units that use the same names for different static functions, data, types and locals.
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt
#include <linux/module.h>
#include <linux/string.h>
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

/* Tables of pointers that each function has for itself, and whose addresses others get. */
static noinline int find_weekday(const char *s)
{
	static const char *const names[] = { "mon", "tue", "wed" };
	static const char *const any = "any";

	if (match_string(&any, 1, s) == 0)
		return 7;
	return match_string(names, ARRAY_SIZE(names), s);
}

static noinline int find_month(const char *s)
{
	static const char *const names[] = { "jan", "feb", "mar" };
	static const char *const *const last = &names[2];

	return match_string(names, ARRAY_SIZE(names), s) * 10 + match_string(last, 1, s);
}

static int __init two_init(void)
{
	pr_info("found %d %d %d %d\n", find_weekday("wed"), find_weekday("any"), find_month("mar"), other_find("two"));
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
