// SPDX-License-Identifier: GPL-2.0
// Copyright (C) 2026 kport contributors
// Overflow builtins whose operands and result are of different types: what is stored, and whether it fits.
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt
#include <linux/module.h>
#include <linux/overflow.h>

static volatile u64 big = 0xfedcba9876543210ULL;
static volatile s64 minus = -7;
static volatile u32 u = 0xfffffff0;
static volatile s16 s = -300;
static volatile u8 small = 200;

static int __init overflow_init(void)
{
	unsigned __int128 wide, product = (unsigned __int128)big * big;
	size_t size;
	u32 r;
	s32 i;
	s64 l;
	u8 b;
	bool o;

	o = check_add_overflow(u, (u8)small, &r);
	pr_info("u32 = u32 + u8: %d %u\n", o, r);
	o = check_mul_overflow(u, sizeof(r), &r);
	pr_info("u32 = u32 * size_t: %d %u\n", o, r);
	o = check_add_overflow(sizeof(r), (size_t)u, &size);
	pr_info("size_t = sizeof + size_t: %d %zu\n", o, size);
	o = check_sub_overflow(minus, big, &size);
	pr_info("size_t = s64 - u64: %d %zu\n", o, size);
	o = check_sub_overflow(u, big, &l);
	pr_info("s64 = u32 - u64: %d %lld\n", o, l);
	o = check_mul_overflow(minus, big, &l);
	pr_info("s64 = s64 * u64: %d %lld\n", o, l);
	o = check_mul_overflow(big, big, &i);
	pr_info("s32 = u64 * u64: %d %d\n", o, i);
	o = check_mul_overflow(s, s, &i);
	pr_info("s32 = s16 * s16: %d %d\n", o, i);
	o = check_add_overflow(s, small, &b);
	pr_info("u8 = s16 + u8: %d %u\n", o, b);
	o = check_sub_overflow(small, 201, &b);
	pr_info("u8 = u8 - 201: %d %u\n", o, b);
	o = check_add_overflow(minus, 7, &b);
	pr_info("u8 = s64 + 7: %d %u\n", o, b);
	o = __builtin_mul_overflow(big, big, &wide);
	pr_info("u128 = u64 * u64: %d %d\n", o, wide == product);
	o = __builtin_add_overflow(product, minus, &wide);
	pr_info("u128 = u128 + s64: %d %lld\n", o, (s64)(wide - product));
	/* Each is stored where it stands. */
	i = 5;
	l = 8 * __builtin_mul_overflow(minus, s, &i) + 3 * __builtin_sub_overflow(s, 7, &i);
	pr_info("in order: %lld %d\n", (long long)l, i);
	l = i + 2 * __builtin_add_overflow(s, s, &i) + 3 * i;
	pr_info("in order: %lld %d\n", (long long)l, i);
	return 0;
}

static void __exit overflow_exit(void)
{
}

module_init(overflow_init);
module_exit(overflow_exit);

MODULE_DESCRIPTION("overflow");
MODULE_LICENSE("GPL");
