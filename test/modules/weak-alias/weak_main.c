// SPDX-License-Identifier: GPL-2.0
// Copyright (C) 2026 kport contributors
// Weak functions, overridden and not, and aliases of functions and data.
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt
#include <linux/module.h>
#include "weak_alias.h"

static volatile int seed = 5;

int __weak weak_overridden(int x)
{
	return -x;
}

int __weak weak_kept(int x)
{
	return x + 1;
}

/* Said by a declaration alone, before the definition and behind it. */
int __weak weak_before(int x);
int weak_before(int x)
{
	return x + 2;
}

noinline int weak_behind(int x)
{
	return x + 3;
}
int __weak weak_behind(int x);

static noinline int not_inlined(int x);
static int not_inlined(int x)
{
	return x ^ 9;
}

int weak_missing(void) __weak;

/* Before what it is another name of. */
int early_alias(int x) __attribute__((alias("defined_later")));

static int original(int x)
{
	return x * 3;
}

int aliased(int x) __attribute__((alias("original")));
int weakly_aliased(int x) __attribute__((weak, alias("original")));

int data_original = 8;
extern int data_aliased __attribute__((alias("data_original")));

int defined_later(int x)
{
	return x * 5;
}

static int __init weak_init(void)
{
	data_aliased += seed;
	pr_info("overridden %d, kept %d, missing %d\n", weak_overridden(seed), weak_kept(seed), weak_missing ? weak_missing() : -1);
	pr_info("declared so %d %d %d\n", weak_before(seed), weak_behind(seed), not_inlined(seed));
	pr_info("renamed %d %d\n", renamed(seed), renamed_data);
	pr_info("early %d\n", early_alias(seed));
	pr_info("aliased %d %d %d, data %d\n", aliased(seed), weakly_aliased(seed), aliased == original, data_original);
	return 0;
}

static void __exit weak_exit(void)
{
}

module_init(weak_init);
module_exit(weak_exit);

MODULE_DESCRIPTION("weak-alias");
MODULE_LICENSE("GPL");
