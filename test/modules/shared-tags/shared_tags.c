// SPDX-License-Identifier: GPL-2.0
// Copyright (C) 2026 kport contributors
// Structures of functions that have one another's tag, and other members.
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt
#include <linux/module.h>

static volatile int seed = 3;

struct context {
	u8 kind;
	u32 value;
};

static noinline void show(const char *what, const void *bytes, int n)
{
	pr_info("%s %*ph\n", what, n, bytes);
}

static noinline void outer(int k)
{
	struct context c = { k, 2 }, d;

	d = (struct context){ .value = k };
	show("outer", &c, sizeof(c));
	show("outer", &d, sizeof(d));
}

static noinline void inner(int k)
{
	struct context { u64 at; u8 kind; } c = { k, 4 };

	show("inner", &c, sizeof(c));
	{
		struct context { char text[3]; u16 kind; } c = { "ab", k };

		show("deeper", &c, sizeof(c));
	}
}

static noinline void first(int k)
{
	struct walk { u16 depth; u32 max; } w = { k, k + 1 };

	show("first", &w, sizeof(w));
}

static noinline void second(int k)
{
	struct walk { u8 seen; u64 depth; } w = { .depth = k };

	w.seen += k;
	show("second", &w, sizeof(w));
}

static int __init shared_tags_init(void)
{
	outer(seed);
	inner(seed);
	first(seed);
	second(seed);
	return 0;
}

static void __exit shared_tags_exit(void)
{
}

module_init(shared_tags_init);
module_exit(shared_tags_exit);
MODULE_DESCRIPTION("kport fixture: shared-tags");
MODULE_LICENSE("GPL");
