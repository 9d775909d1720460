// SPDX-License-Identifier: GPL-2.0
// Copyright (C) 2026 kport contributors
// Static calls, redirected while the module runs.
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt
#include <linux/module.h>
#include <linux/static_call.h>

static int add(int a, int b)
{
	return a + b;
}

static int multiply(int a, int b)
{
	return a * b;
}

static void note(int *seen)
{
	++*seen;
}

DEFINE_STATIC_CALL(kport_fixture_op, add);
DEFINE_STATIC_CALL_NULL(kport_fixture_note, note);
static volatile int seed = 6;

static noinline int compute(void)
{
	static int seen;

	static_call_cond(kport_fixture_note)(&seen);
	return static_call(kport_fixture_op)(seed, 7) + 1000 * seen;
}

static int __init call_init(void)
{
	pr_info("added %d\n", compute());
	static_call_update(kport_fixture_op, multiply);
	static_call_update(kport_fixture_note, note);
	pr_info("multiplied %d\n", compute());
	pr_info("and again %d\n", compute());
	static_call_update(kport_fixture_note, NULL);
	pr_info("unnoted %d, query %d\n", compute(), static_call_query(kport_fixture_op) == multiply);
	return 0;
}

static void __exit call_exit(void)
{
}

module_init(call_init);
module_exit(call_exit);

MODULE_DESCRIPTION("static-call");
MODULE_LICENSE("GPL");
