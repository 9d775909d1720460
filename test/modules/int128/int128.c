// SPDX-License-Identifier: GPL-2.0
// Copyright (C) 2026 kport contributors
// 128-bit integers: product, shift, compare, sign, in a structure, across a call.
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt
#include <linux/module.h>
#include <linux/math64.h>

typedef unsigned __int128 wide;

struct keyed {
	u8 tag;
	wide value;
};

static volatile u64 seed = 0xfedcba9876543210ULL;

static wide square(u64 x)
{
	return (wide)x * x;
}

static __int128 negate(__int128 x)
{
	return -x;
}

static int __init int128_init(void)
{
	struct keyed k = { 1, square(seed) };
	wide one = 1, shifted = (one << 100) | 0xff;
	__int128 minus = negate(seed);

	pr_info("square %016llx%016llx\n", (u64)(k.value >> 64), (u64)k.value);
	pr_info("shifted %016llx%016llx\n", (u64)(shifted >> 64), (u64)shifted);
	pr_info("minus %016llx%016llx, below zero %d\n", (u64)(minus >> 64), (u64)minus, minus < 0);
	k.value += shifted;
	k.value ^= one << 127;
	pr_info("mixed %016llx%016llx\n", (u64)(k.value >> 64), (u64)k.value);
	pr_info("compare %d %d, size %zu at %zu\n", k.value > shifted, minus == negate(negate(minus)), sizeof(k), offsetof(struct keyed, value));
	pr_info("mul_u64_u64_shr %llx\n", mul_u64_u64_shr(seed, seed, 32));
	return 0;
}

static void __exit int128_exit(void)
{
}

module_init(int128_init);
module_exit(int128_exit);

MODULE_DESCRIPTION("int128");
MODULE_LICENSE("GPL");
