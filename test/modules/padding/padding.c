// SPDX-License-Identifier: GPL-2.0
// Copyright (C) 2026 kport contributors
// What lies between members and what no member is named for: a local that goes to user space must carry no old stack along.
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt
#include <linux/module.h>
#include <linux/string.h>

struct pair {
	u8 tag;
	u32 value;
};

struct record {
	u8 kind;
	u64 place;
	struct pair inner;
	union {
		u8 small;
		u64 large;
	};
	u16 flags : 3;
};

static volatile int seed = 5;

static noinline void dirty(void)
{
	volatile u8 stack[512];
	int i;

	for (i = 0; i < sizeof(stack); i++)
		stack[i] = 0xee;
}

static noinline void show(const char *what, const void *bytes, int n)
{
	pr_info("%s %*ph\n", what, n, bytes);
}

static noinline void unset(void)
{
	struct record r;
	struct pair first, second, *at = &first;

	r.kind = seed;
	r.flags = seed;
	at->tag = seed;
	second.value = seed;
	show("unset", &r, sizeof(r));
	show("of two", &first, sizeof(first));
	show("of two", &second, sizeof(second));
}

static noinline void given(void)
{
	struct record r = { .kind = 1, .inner = { 2, 3 }, .small = 4 };
	const struct pair fixed = { 5, 6 };
	const struct record zero = {};

	show("given", &r, sizeof(r));
	show("constant", &fixed, sizeof(fixed));
	show("empty", &zero, sizeof(zero));
}

static noinline void copied(struct pair *to)
{
	struct pair from = /* all */ // zero
		{};

	from.tag = seed;
	from.value = seed + 1;
	memset(to, 0xff, sizeof(*to));
	*to = from;
}

/* Several in a statement, and one that begins as a copy. */
static noinline void together(const struct pair *given)
{
	struct pair first = { .tag = seed }, second = *given, *at = &second, third = { at->tag + 1, first.tag }, none;
	struct record held = { .kind = seed, .inner = *given };

	show("first", &first, sizeof(first));
	show("second", at, sizeof(*at));
	show("third", &third, sizeof(third));
	none.tag = seed;
	show("held", &held, sizeof(held));
	held = (struct record){ .kind = 2, .inner = *given };
	show("held", &held.inner, sizeof(held.inner));
	show("none", &none, sizeof(none));
}

/* What begins as one of two, as what a block computes, and in a loop's head. */
static noinline void chosen(const struct pair *one, const struct pair *other, int k)
{
	struct pair first = k > 4 ? *one : *other, second = ({ struct pair t = *other; t.tag += k; t; });

	show("one of two", &first, sizeof(first));
	first = k > 4 ? *other : *one;
	show("the other", &first, sizeof(first));
	show("of a block", &second, sizeof(second));
	for (struct pair at = *one, fresh = { .tag = k }; fresh.tag < 7; fresh.tag++, at.value++) {
		show("head", &at, sizeof(at));
		show("head", &fresh, sizeof(fresh));
	}
}

static int __init padding_init(void)
{
	struct pair p, other;

	dirty();
	unset();
	dirty();
	given();
	dirty();
	copied(&p);
	show("copied", &p, sizeof(p));
	memset(&p, 0x77, sizeof(p));
	dirty();
	together(&p);
	memset(&other, 0x66, sizeof(other));
	dirty();
	chosen(&p, &other, seed);
	return 0;
}

static void __exit padding_exit(void)
{
}

module_init(padding_init);
module_exit(padding_exit);

MODULE_DESCRIPTION("padding");
MODULE_LICENSE("GPL");
