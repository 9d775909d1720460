// SPDX-License-Identifier: GPL-2.0
// Copyright (C) 2026 kport contributors
// Arithmetic as the kernel's flags define it: wrapping, shifts, signed division, conversions, byte order.
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt
#include <linux/module.h>
#include <linux/version.h>
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 12, 0)
#include <linux/unaligned.h>
#else
#include <asm/unaligned.h>
#endif

#define WHAT "the seed"

static volatile int seed = 7;
static volatile s8 narrow = -1;

static int __init integer_init(void)
{
	int big = INT_MAX - 3 + seed;
	unsigned int u = 3u - seed;
	u8 raw[8] = { 1, 2, 3, 4, 5, 6, 7, 8 };
	s16 s = 0x7fff;
	u8 octet = 250;
	bool b = seed & 4;
	s64 shifted = (s64)-seed >> 1;
	char c = 200;

	s += seed;
	octet += seed;
	octet <<= 1;
	pr_info("wrapped %d %u %d %u\n", big, u, s, octet);
	pr_info("signs %u %d %d %llu\n", (u8)narrow, (u32)narrow == ~0u, narrow < seed, (u64)narrow);
	pr_info("division %d %d %lld, char %d, bool %d\n", -seed / 2, -seed % 4, shifted, c, b);
	pr_info("shifts %x %x %llx\n", 0x80000000u >> seed, (int)0x80000000 >> seed, 1ULL << (seed + 40));
	pr_info("order %x %llx %x %x\n", be32_to_cpup((__be32 *)raw), get_unaligned_le64(raw), get_unaligned_be16(raw + 1), swab16(0x1234));
	pr_info("compared %d %d %d\n", -1 < (unsigned int)seed, (s64)-1 < (u32)seed, (u8)narrow > narrow);
	big = (seed++, seed);
	/* What a string's characters are, nothing behind the dots says. */
	pr_info("%s is %s\n", WHAT, seed > 3 ? "more" : "less");
	pr_info("comma %d, negated %d %d, chain %d\n", big, !seed, ~seed, seed > 3 ? seed > 7 ? 2 : 1 : 0);
	return 0;
}

static void __exit integer_exit(void)
{
}

module_init(integer_init);
module_exit(integer_exit);

MODULE_DESCRIPTION("integer-conversions");
MODULE_LICENSE("GPL");
