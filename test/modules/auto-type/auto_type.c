// SPDX-License-Identifier: GPL-2.0
// Copyright (C) 2026 kport contributors
// __auto_type and typeof, plain and unqualified, as min(), max() and swap() use them.
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt
#include <linux/module.h>
#include <linux/minmax.h>

#define largest(a, b) ({ __auto_type _a = (a); __auto_type _b = (b); _a > _b ? _a : _b; })
#if defined(__clang__) || __GNUC__ >= 14
#define unqualified(x) __typeof_unqual__(x)
#else
#define unqualified(x) __typeof__(({ __auto_type _v = (x); _v; }))
#endif

struct pair {
	u8 a : 3;
	u16 b;
};

static volatile int seed = -7;
static int calls;

static int next(void)
{
	return ++calls;
}

static int __init auto_init(void)
{
	const u8 narrow = 200;
	unqualified(narrow) copy = narrow;
	unqualified(_Generic(narrow, u8: seed, default: 0)) chosen = 5;
	typeof(struct pair) pair = { .a = 5, .b = 600 };
	typeof(&pair) at = &pair;
	typeof(int[3]) three = { 1, 2, 3 };
	typeof(next) *call = next;
	__auto_type pointer = &three[1];
	__auto_type field = at->b;
	int i = seed, j = 4;

	copy += 100;
	chosen += seed;
	swap(i, j);
	pr_info("largest %d, %u, once each %d\n", largest(i, j), largest(1u, 3u), largest(next(), 1));
	pr_info("copy %u, field %u, pointer %d, sizes %zu %zu\n", copy, field, *pointer, sizeof(field), sizeof(three));
	pr_info("min %d max %d clamp %d\n", min(i, j), max(i, j), clamp(seed, -3, 3));
	pr_info("min_t %u min3 %d call %d\n", min_t(u8, field, 50), min3(i, j, 1), call());
	pr_info("calls %d chosen %d\n", calls, chosen);
	return 0;
}

static void __exit auto_exit(void)
{
}

module_init(auto_init);
module_exit(auto_exit);

MODULE_DESCRIPTION("auto-type");
MODULE_LICENSE("GPL");
