// SPDX-License-Identifier: GPL-2.0
// Copyright (C) 2026 kport contributors
// asm goto: labels, with inputs, with outputs that either way needs, in memory, early clobbered, with a constant, out of a loop.
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

static noinline long take(long *left, long by)
{
	asm goto("subq %[by], %[left]\n\tjs %l[short_of]" : [left] "+m" (*left) : [by] "er" (by) : "cc" : short_of);
	return *left;
short_of:
	*left += by;
	return -*left;
}

static noinline int both_ways(int a, int b, int *out)
{
	int r;

	asm goto("movl %1, %0\n\taddl %2, %0\n\tcmpl %3, %0\n\tjg %l[above]" : "=&r" (r) : "r" (a), "r" (b), "i" (100) : "cc" : above);
	*out = r;
	return 0;
above:
	*out = -r;
	return 1;
}

/* Out of two loops and a switch, and to the same label from two places. */
static noinline int deep(const int *v, int n)
{
	int i, j, sum = 0;

	for (i = 0; i < n; i++) {
		switch (v[i] & 3) {
		case 0:
			continue;
		case 1:
			for (j = i; j < n; j++) {
				asm goto("testl %0, %0\n\tjz %l[out]" : : "r" (v[j]) : "cc" : out);
				sum += v[j];
			}
			break;
		default:
			asm goto("cmpl $9, %0\n\tja %l[out]" : : "r" (v[i]) : "cc" : out);
		}
		sum *= 2;
	}
	return sum;
out:
	return -sum;
}

static int __init goto_init(void)
{
	const int more[] = { 4, 1, 2, 3, 0, 30 };
	long left = 10;
	const int values[] = { 3, 1, 4, 1, 5, 9, 2, 6 };
	int sum = 0, r;

	pr_info("signs %d %d %d\n", sign(seed), sign(-seed), sign(seed - 9));
	r = add_checked(seed, 5, &sum);
	pr_info("sum %d %d\n", r, sum);
	pr_info("overflow %d\n", add_checked(INT_MAX, seed, &sum));
	pr_info("first above %d %d\n", first_above(values, ARRAY_SIZE(values), 4), first_above(values, ARRAY_SIZE(values), seed));
	pr_info("took %ld\n", take(&left, seed));
	pr_info("short of %ld\n", take(&left, seed));
	r = both_ways(seed, 20, &sum);
	pr_info("below %d %d\n", r, sum);
	r = both_ways(seed, 100, &sum);
	pr_info("above %d %d\n", r, sum);
	pr_info("deep %d %d %d\n", deep(more, 4), deep(more, 6), deep(more + 2, 4));
	return 0;
}

static void __exit goto_exit(void)
{
}

module_init(goto_init);
module_exit(goto_exit);

MODULE_DESCRIPTION("asm-goto");
MODULE_LICENSE("GPL");
