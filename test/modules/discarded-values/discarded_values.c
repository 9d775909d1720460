// SPDX-License-Identifier: GPL-2.0
// Copyright (C) 2026 kport contributors
// Expressions over array elements and pointers whose values nobody uses: what they do besides is done all the same.
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt
#include <linux/module.h>

static volatile int seed = 1;
static int numbers[4] = { 1, 2, 3, 4 };
static int calls;

static noinline int next(void)
{
	return ++calls & 3;
}

static int __init discarded_init(void)
{
	int i = seed, *p = numbers, used;

	&numbers[i] == p, i = 2;
	(void)(&numbers[next()] != p + next());
	(void)(numbers[i++] + *p++);
	i ? &numbers[next()] : p + 1;
	used = (numbers[next()] + 1, numbers[i]);
	((next(), &numbers[seed]) == p) & numbers[0], used++;
	pr_info("calls %d, i %d, used %d, p %d\n", calls, i, used, *p);
	return 0;
}

static void __exit discarded_exit(void)
{
}

module_init(discarded_init);
module_exit(discarded_exit);

MODULE_DESCRIPTION("discarded-values");
MODULE_LICENSE("GPL");
