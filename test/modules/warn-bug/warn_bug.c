// SPDX-License-Identifier: GPL-2.0
// Copyright (C) 2026 kport contributors
// WARN, WARN_ON, WARN_ONCE, BUG and BUG_ON: their values, their bug table, what follows none and, with trigger=1, one that fires.
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt
#include <linux/module.h>
#include <linux/bug.h>

static bool trigger;
module_param(trigger, bool, 0444);
static volatile int seed = 4;

static noinline int checked(int x)
{
	BUG_ON(x > 100);
	if (WARN_ON(x < 0))
		return -1;
	if (WARN_ON_ONCE(x == 77))
		return -2;
	if (WARN_ONCE(x == 78, "x is %d\n", x))
		return -3;
	if (WARN(x == 79, "x is %d again\n", x))
		return -4;
	return x;
}

/* It asks who called it, and stays C. */
static noinline void refuse(int x)
{
	pr_emerg("%d refused for %pS\n", x, (void *)_RET_IP_);
	BUG();
}

static noinline int kind(int x)
{
	if (x > 100)
		refuse(x);
	switch (x & 3) {
	case 0:
		return 10;
	case 1:
		return 11;
	case 2:
	case 3:
		return 12;
	}
	BUG();
}

static noinline int limited_to_ten(int x)
{
#define LIMIT 10
#include "body.h"
#undef LIMIT
}

static noinline int limited_to_twenty(int x)
{
#define LIMIT 20
#include "body.h"
}

static int __init warn_init(void)
{
	pr_info("limited %d %d\n", limited_to_ten(seed), limited_to_twenty(seed));
	pr_info("checked %d, kind %d\n", checked(seed), kind(seed + 1));
	if (trigger) {
		pr_info("fired %d\n", checked(-seed));
		pr_info("fired once %d\n", checked(77));
		pr_info("fired no more %d\n", checked(77));
		pr_info("fired %d\n", checked(79));
	}
	return 0;
}

static void __exit warn_exit(void)
{
	BUILD_BUG_ON(sizeof(int) != 4);
	BUILD_BUG_ON_MSG(sizeof(long) != 8, "a long has eight bytes here");
}

module_init(warn_init);
module_exit(warn_exit);

MODULE_DESCRIPTION("warn-bug");
MODULE_LICENSE("GPL");
