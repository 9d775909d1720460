// SPDX-License-Identifier: GPL-2.0
// Copyright (C) 2026 kport contributors
// Bit-fields of structures that lie within packed ones, where nothing is aligned.
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt
#include <linux/module.h>

/* Only its bit-fields align it, to 8 bytes. */
struct flags {
	u64 low : 3, high : 40;
};

struct mixed {
	u32 plain;
	s16 sign : 5, rest : 9;
};

struct outer {
	u8 tag;
	struct flags one;
	struct mixed list[2];
	struct {
		u32 unnamed : 11;
	} inside;
	union {
		u16 word;
		struct {
			u16 three : 3, ten : 10;
		};
	};
	u32 own : 7;
} __packed;

/* The same structures where they are aligned. */
struct aligned {
	u8 tag;
	struct flags one;
};

static volatile int seed = 3;
static struct outer here = { 1, { 2, 3 }, { { 4, -5, 6 }, { 7, 8, 9 } }, { 11 }, { .word = 0x5a5a }, 10 };
static struct aligned there = { 1, { 2, 3 } };

static int __init packed_bitfields_init(void)
{
	struct outer *p = &here;

	p->one.low += seed;
	p->one.high = (u64)seed << 36;
	here.list[seed & 1].sign = -seed;
	p->list[0].rest ^= seed;
	here.own -= seed;
	p->inside.unnamed |= seed << 8;
	p->ten -= seed;
	here.three = p->ten >> 1;
	there.one.high *= seed;
	pr_info("sizes %zu %zu %zu, offsets %zu %zu\n", sizeof(struct flags), sizeof(struct outer), sizeof(struct aligned),
		offsetof(struct outer, list), offsetof(struct aligned, one));
	pr_info("one %u %llx, inside %x, own %u\n", (u32)p->one.low, (u64)p->one.high, here.inside.unnamed, here.own);
	pr_info("list %d %d, %d %d\n", p->list[0].sign, here.list[0].rest, p->list[1].sign, here.list[1].rest);
	pr_info("word %x, %u %u\n", here.word, p->three, here.ten);
	pr_info("bytes %*ph\n", (int)sizeof(here), &here);
	pr_info("aligned %llu\n", (u64)there.one.high);
	return 0;
}

static void __exit packed_bitfields_exit(void)
{
}

module_init(packed_bitfields_init);
module_exit(packed_bitfields_exit);

MODULE_DESCRIPTION("packed-bitfields");
MODULE_LICENSE("GPL");
