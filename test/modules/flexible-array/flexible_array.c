// SPDX-License-Identifier: GPL-2.0
// Copyright (C) 2026 kport contributors
// Flexible arrays: sized by struct_size, initialised statically, of length 0 or 1 as of old, counted_by, in a union.
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt
#include <linux/module.h>
#include <linux/overflow.h>
#include <linux/slab.h>
#include <linux/string.h>

#if defined __has_attribute
#if __has_attribute(__counted_by__)
#define counted(m) __attribute__((__counted_by__(m)))
#endif
#endif
#ifndef counted
#define counted(m)
#endif

struct item {
	u16 key;
	u32 value;
};

struct list {
	u32 count;
	struct item items[] counted(count);
};

struct old {
	u8 length;
	u8 data[0];
};

struct older {
	u16 length;
	char text[1];
};

struct slots {
	u32 used;
	union {
		u8 bytes[0];
		u16 pairs[0];
	};
};

union frame {
	struct old old;
	DECLARE_FLEX_ARRAY(u32, words);
};

static struct list fixed = { .count = 3, .items = { { 1, 10 }, { 2, 20 }, { 3, 30 } } };
static struct {
	u16 count;
	struct {
		u8 key;
		u32 value;
	} pairs[];
} nameless = { 2, { { 1, 20 }, { .value = 30 } } };

static int up(int k)
{
	return k + 1;
}

static struct {
	int count;
	int (*calls[])(int);
} called = { 1, { up } };
static volatile int seed = 4;

static int __init flexible_init(void)
{
	struct list *l = kzalloc(struct_size(l, items, seed), GFP_KERNEL);
	struct older *o = kzalloc(sizeof(*o) + 8, GFP_KERNEL);
	u8 raw[8] = { 3, 1, 2, 3, 4 };
	union frame *f = (union frame *)raw;
	struct slots *s = (struct slots *)raw;
	u32 i, sum = 0;

	if (l && o) {
		l->count = seed;
		for (i = 0; i < l->count; i++)
			l->items[i] = (struct item){ i, i * i };
		for (i = 0; i < fixed.count; i++)
			sum += fixed.items[i].value * l->items[i].value;
		/* Not strcpy: kernels since 6.5 take an array of one for what it says (-fstrict-flex-arrays=3). */
		for (i = 0; i < sizeof("grown"); i++)
			o->text[i] = "grown"[i];
		pr_info("sum %u, last %u, text %s\n", sum, l->items[seed - 1].value, o->text);
		s->bytes[seed - 2] = seed;
		pr_info("slots %u %x\n", s->bytes[seed - 2], s->pairs[seed - 3]);
		pr_info("old %u %u, words %08x\n", f->old.length, f->old.data[f->old.length], f->words[0]);
		pr_info("sizes %zu %zu %zu %zu\n", sizeof(struct list), sizeof(struct old), sizeof(struct older), struct_size(l, items, 5));
	}
	pr_info("nameless %u %u, called %d\n", nameless.pairs[seed - 3].value, nameless.pairs[0].key, called.calls[0](seed));
	kfree(o);
	kfree(l);
	return 0;
}

static void __exit flexible_exit(void)
{
}

module_init(flexible_init);
module_exit(flexible_exit);

MODULE_DESCRIPTION("flexible-array");
MODULE_LICENSE("GPL");
