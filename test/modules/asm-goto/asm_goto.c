// SPDX-License-Identifier: GPL-2.0
// Copyright (C) 2026 kport contributors
// asm goto: labels, with inputs, with an output, out of a loop.
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt
#include <linux/module.h>

static volatile int seed = 9;

static noinline int sign(long x)
{
	asm goto("testq %0, %0\n\tjs %l[negative]\n\tjz %l[zero]" : : "r" (x) : "cc" : negative, zero);
	return 1;
negative:
	return -1;
zero:
	return 0;
}

static noinline int add_checked(int a, int b, int *sum)
{
	asm goto("addl %2, %0\n\tjo %l3" : "=r" (a) : "0" (a), "rm" (b) : "cc" : overflow);
	*sum = a;
	return 0;
overflow:
	return -EOVERFLOW;
}

static noinline int first_above(const int *v, int n, int limit)
{
	int i;

	for (i = 0; i < n; i++)
		asm goto("cmpl %1, %0\n\tjg %l[found]" : : "r" (v[i]), "r" (limit) : "cc" : found);
	return -1;
found:
	return i;
}

static int __init goto_init(void)
{
	const int values[] = { 3, 1, 4, 1, 5, 9, 2, 6 };
	int sum = 0, r;

	pr_info("signs %d %d %d\n", sign(seed), sign(-seed), sign(seed - 9));
	r = add_checked(seed, 5, &sum);
	pr_info("sum %d %d\n", r, sum);
	pr_info("overflow %d\n", add_checked(INT_MAX, seed, &sum));
	pr_info("first above %d %d\n", first_above(values, ARRAY_SIZE(values), 4), first_above(values, ARRAY_SIZE(values), seed));
	return 0;
}

static void __exit goto_exit(void)
{
}

module_init(goto_init);
module_exit(goto_exit);

MODULE_DESCRIPTION("asm-goto");
MODULE_LICENSE("GPL");
