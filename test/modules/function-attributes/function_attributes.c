// SPDX-License-Identifier: GPL-2.0
// Copyright (C) 2026 kport contributors
// Attributes of functions: inline, cold, hot, pure, section, noinline, noreturn, used, visibility; functions with one body.
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt
#include <linux/module.h>

static volatile int seed = 6;

static inline int plain_inline(int x)
{
	return x + 1;
}

static __always_inline int always(int x)
{
	return x + 2;
}

static noinline __cold int cold(int x)
{
	return x - 3;
}

static noinline __attribute__((hot, flatten)) int hot(int x)
{
	return plain_inline(x) * always(x);
}

static __attribute_const__ int squared(int x)
{
	return x * x;
}

static __pure int indexed(const int *v, int i)
{
	return v[i];
}

static noinline __section(".text.kport") int placed(int x)
{
	return x ^ 0x55;
}

static __noreturn noinline void never(int code)
{
	panic("not to be reached: %d", code);
}

static __must_check __attribute__((nonnull(1))) int checked(const int *p)
{
	if (*p > 1000)
		never(*p);
	return *p;
}

static int __used kept(void)
{
	return 1;
}

static __attribute__((aligned(16))) noinline int lined(int x)
{
	return x | 0x100;
}

/* To the kernel, an inline function that is not static is one that other files may call. */
inline int inline_alone(int x);
inline int inline_alone(int x)
{
	return x * 5;
}

/* Two functions have two addresses, though they do the same. */
static noinline int first_twin(int x)
{
	return (x + 11) * 3;
}

static noinline int second_twin(int x)
{
	return (x + 11) * 3;
}

static int (*volatile twins[])(int) = { first_twin, second_twin };

static int __init attributes_init(void)
{
	int values[] = { 1, seed, 3 };

	pr_info("%d %d %d %d\n", cold(seed), hot(seed), squared(seed), indexed(values, 1));
	pr_info("%x %d %x\n", placed(seed), checked(&values[1]), lined(seed));
	pr_info("aligned %d\n", IS_ALIGNED((unsigned long)lined, 16));
	pr_info("twins %d %d, the same %d\n", twins[0](seed), twins[1](seed), twins[0] == twins[1]);
	pr_info("inline alone %d\n", inline_alone(seed));
	return 0;
}

static void __exit attributes_exit(void)
{
}

module_init(attributes_init);
module_exit(attributes_exit);

MODULE_DESCRIPTION("function-attributes");
MODULE_LICENSE("GPL");
