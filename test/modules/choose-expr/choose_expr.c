// SPDX-License-Identifier: GPL-2.0
// Copyright (C) 2026 kport contributors
// __builtin_choose_expr and __builtin_constant_p: types follow the chosen arm.
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt
#include <linux/module.h>

#define abs_of(x) __builtin_choose_expr(sizeof(x) == sizeof(long), abs_long(x), abs_int(x))
#define is_constant(x) (sizeof(int) == sizeof(*(8 ? ((void *)((long)(x) * 0l)) : (int *)8)))
#define constant_or(x, y) __builtin_choose_expr(is_constant(x), (x), (y))

static volatile int seed = -9;

static long abs_long(long x)
{
	return x < 0 ? -x : x;
}

static int abs_int(int x)
{
	return x < 0 ? -x : x;
}

static const int chosen = __builtin_choose_expr(sizeof(void *) == 8, 64, "never");

static int __init choose_init(void)
{
	typeof(__builtin_choose_expr(1, (u8)0, 0UL)) small = 250;
	long wide = seed * 10000000000L;
	int n = seed;

	small += 10;
	pr_info("small %u size %zu, chosen %d\n", small, sizeof(small), chosen);
	pr_info("abs %d %ld, size %zu %zu\n", abs_of(n), abs_of(wide), sizeof(abs_of(n)), sizeof(abs_of(wide)));
	pr_info("constant %d, not %d\n", constant_or(7, -1), constant_or(n, -1));
	pr_info("constant_p %d\n", __builtin_constant_p(4 * 4));
	pr_info("expect %d\n", __builtin_expect(n < 0, 1) ? !!likely(n == -9) : !!unlikely(n));
	return 0;
}

static void __exit choose_exit(void)
{
}

module_init(choose_init);
module_exit(choose_exit);

MODULE_DESCRIPTION("choose-expr");
MODULE_LICENSE("GPL");
