// SPDX-License-Identifier: GPL-2.0
// Copyright (C) 2026 kport contributors
// Division of 64-bit numbers by the kernel's own helpers.
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt
#include <linux/module.h>
#include <linux/math64.h>

static volatile u64 seed = 1000000000000000003ULL;

static int __init division_init(void)
{
	u64 n = seed, q = seed;
	u32 rest = do_div(q, 1000);
	s32 signed_rest;
	s64 s = div_s64_rem(-(s64)n, 7, &signed_rest);
	u64 rest64, whole = div64_u64_rem(n, 1ULL << 33 | 1, &rest64);

	pr_info("do_div %llu rest %u\n", q, rest);
	pr_info("signed %lld rest %d, s64 %lld\n", s, signed_rest, div64_s64(-(s64)n, 1000000007));
	pr_info("u64 %llu rest %llu\n", whole, rest64);
	pr_info("closest %llu, up %llu, round %llu\n", DIV64_U64_ROUND_CLOSEST(n, 13ULL), DIV_ROUND_UP_ULL(n, 9), (u64)roundup(n, 4096ULL));
	pr_info("mul_div %llu, sector %llu, mod %llu\n", mul_u64_u32_div(n, 3, 1000), n % 512, n % 1000000007);
	return 0;
}

static void __exit division_exit(void)
{
}

module_init(division_init);
module_exit(division_exit);

MODULE_DESCRIPTION("64-bit-division");
MODULE_LICENSE("GPL");
