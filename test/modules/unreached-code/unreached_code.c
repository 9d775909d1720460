// SPDX-License-Identifier: GPL-2.0
// Copyright (C) 2026 kport contributors
// Code behind conditions that are numbers: it is in no C module, with the functions and tables that nothing else names, but for what a label is in.
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt
#include <linux/module.h>
#include <linux/slab.h>

struct ops {
	int (*run)(int value);
};

static int value = 4;
module_param(value, int, 0444);

static int calls;

// Named by a table that only code without a chance to run names.
static int run_slowly(int v)
{
	void *copy = kmemdup(&v, sizeof(v), GFP_KERNEL);

	calls++;
	pr_debug("slowly %d %d\n", v, calls);
	kfree(copy);
	return v + 1;
}

static int run(int v)
{
	return v + 2;
}

static const struct ops slow = { run_slowly };
static const struct ops fast = { run };

static const struct ops *choose(int v)
{
	if (IS_ENABLED(CONFIG_KPORT_IS_NO_OPTION) && v > 3)
		return &slow;
	return &fast;
}

static noinline int jumped_into(int v)
{
	if (v > 3)
		goto inside;
	if (0) {
inside:
		WARN_ONCE(v > 100, "large\n");
		pr_debug("inside %d\n", v);
		return v * 2;
	}
	return v;
}

// What checks the format is in `if (0)`, and the macro around it runs.
static noinline void traced(int v)
{
	trace_printk("traced %d\n", v);
}

static int __init unreached_init(void)
{
	traced(value);
	pr_info("%d %d %d\n", choose(value)->run(value), jumped_into(value), jumped_into(3));
	pr_info("%d\n", IS_ENABLED(CONFIG_KPORT_IS_NO_OPTION) ? run_slowly(2) : 1 || run_slowly(3));
	return 0;
}

static void __exit unreached_exit(void)
{
	pr_info("%d calls\n", calls);
}

module_init(unreached_init);
module_exit(unreached_exit);

MODULE_DESCRIPTION("unreached-code");
MODULE_LICENSE("GPL");
