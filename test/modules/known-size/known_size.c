// SPDX-License-Identifier: GPL-2.0
// Copyright (C) 2026 kport contributors
// A check that is there because the compiler knows how large a buffer is: from its allocation, in the same function, or of the member that it is.
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt
#include <linux/bug.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/string.h>

struct record {
	u16 number;
	char name[14];
};

#define size_of(to) __builtin_object_size(to, 0)
#define fits(to, n) (size_of(to) == (size_t)-1 || !WARN_ON_ONCE((n) > size_of(to)))

static char *name = "a name";
module_param(name, charp, 0444);

static noinline int record_length(const char *from, size_t length)
{
	struct record *r = kzalloc(sizeof(*r), GFP_KERNEL);
	int n;

	if (!r)
		return -ENOMEM;
	n = -E2BIG;
	if (fits(r->name, length)) {
		memcpy(r->name, from, length);
		n = strnlen(r->name, sizeof(r->name));
	}
	kfree(r);
	return n;
}

struct labelled {
	char label[8];
	int uses;
};

/* How far it may look is known of the member. */
static noinline size_t label_length(const struct labelled *l)
{
	return strlen(l->label);
}

static int __init known_init(void)
{
	struct labelled l = { .label = "a label" };

	pr_info("of a member %zu\n", label_length(&l));
	pr_info("%d %d\n", record_length(name, strlen(name)), record_length("a name that is too long", 23));
	return 0;
}

static void __exit known_exit(void)
{
}

module_init(known_init);
module_exit(known_exit);

MODULE_DESCRIPTION("known-size");
MODULE_LICENSE("GPL");
