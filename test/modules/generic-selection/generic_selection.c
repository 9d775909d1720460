// SPDX-License-Identifier: GPL-2.0
// Copyright (C) 2026 kport contributors
// _Generic: by type, by qualifier, with a default, nested, as an lvalue's address.
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt
#include <linux/module.h>

#define kind(x) _Generic((x), \
	char: 1, signed char: 2, unsigned char: 3, short: 4, unsigned short: 5, int: 6, unsigned int: 7, \
	long: 8, unsigned long: 9, long long: 10, unsigned long long: 11, _Bool: 12, \
	char *: 13, const char *: 14, void *: 15, default: 0)
#define is_const(p) _Generic((p), const int *: 1, int *: 0)
#define twice(x) _Generic((x), int: twice_int, unsigned long: twice_ulong)(x)
#define pick(x) (*_Generic(&(x), int *: &ints, u64 *: &longs))

struct point {
	int x;
};

static volatile int seed = 21;
static int ints = 3;
static u64 longs = 4;

static int twice_int(int x)
{
	return 2 * x;
}

static unsigned long twice_ulong(unsigned long x)
{
	return 2 * x + 1;
}

static int __init generic_init(void)
{
	const int c = seed;
	int v = seed;
	struct point p = { seed };
	u64 wide = 0;
	char *text = "t";

	pr_info("%d %d %d %d %d\n", kind((char)v), kind((u8)v), kind((s16)v), kind(v), kind(1UL));
	pr_info("%d %d %d %d %d\n", kind(1ULL), kind((bool)v), kind(text), kind((const char *)text), kind(p));
	pr_info("const %d, plain %d\n", is_const(&c), is_const(&v));
	pr_info("twice %d %lu\n", twice(v), twice((unsigned long)v));
	pick(v) += seed;
	pick(wide) += seed;
	pr_info("picked %d %llu\n", ints, longs);
	pr_info("nested %d\n", _Generic(v, int: _Generic(&p, struct point *: p.x + 1, default: 0), default: -1));
	pr_info("read once %d\n", READ_ONCE(ints));
	return 0;
}

static void __exit generic_exit(void)
{
}

module_init(generic_init);
module_exit(generic_exit);

MODULE_DESCRIPTION("generic-selection");
MODULE_LICENSE("GPL");
