// SPDX-License-Identifier: GPL-2.0
// Copyright (C) 2026 kport contributors
// Builtins that c2rust does not know: of values, and of the frame of the function they stand in.
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt
#include <linux/module.h>
#include <linux/uaccess.h>

static volatile unsigned int seed = 0xb5;
static volatile int minus = -77;

static noinline unsigned long called_from(void)
{
	return (unsigned long)__builtin_return_address(0);
}

/* _RET_IP_ as an argument of a macro that moves into a helper would be the helper's. */
static noinline unsigned long counted_from(void)
{
	unsigned long there = 0;

	put_user(_RET_IP_, (unsigned long __user *)&there) ? (there = _RET_IP_) : 0;
	return there;
}

static noinline void shows_callers(void)
{
	unsigned long here = (unsigned long)shows_callers;
	unsigned long called = called_from(), counted = counted_from();

	pr_info("called from here %d, counted from here %d, from another place %d\n", called - here < 1024, counted - here < 1024, called != counted);
}

static int __init builtins_init(void)
{
	unsigned int x = seed;

	pr_info("parity %d %d, sign bits %d\n", __builtin_parity(x), __builtin_parity(x ^ 1), __builtin_clrsb(minus));
	pr_info("absolute %d", __builtin_abs(minus + (int)x++));
	pr_cont(", then %u\n", x);
	shows_callers();
	return 0;
}

static void __exit builtins_exit(void)
{
}

module_init(builtins_init);
module_exit(builtins_exit);

MODULE_DESCRIPTION("builtins");
MODULE_LICENSE("GPL");
