// SPDX-License-Identifier: GPL-2.0
// Copyright (C) 2026 kport contributors
// Static assertions of every spelling, about layouts, constants and types.
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt
#include <linux/module.h>
#include <linux/build_bug.h>

struct wire {
	u8 kind;
	u16 length;
	u32 at[2];
} __packed;

_Static_assert(sizeof(struct wire) == 11, "the wire format has no holes");
static_assert(offsetof(struct wire, at) == 3);
static_assert(sizeof(long) == 8, "64 bits");

static volatile int seed = 4;

static int __init assert_init(void)
{
	struct wire w = { 1, 2, { 3, seed } };

	_Static_assert(__alignof__(struct wire) == 1, "packed");
	BUILD_BUG_ON(ARRAY_SIZE(w.at) != 2);
	BUILD_BUG_ON_NOT_POWER_OF_2(PAGE_SIZE);
	pr_info("%u %u %u, %d\n", w.kind, w.length, w.at[1], BUILD_BUG_ON_ZERO(sizeof(int) != 4));
	return 0;
}

static void __exit assert_exit(void)
{
}

module_init(assert_init);
module_exit(assert_exit);

MODULE_DESCRIPTION("static-assert");
MODULE_LICENSE("GPL");
