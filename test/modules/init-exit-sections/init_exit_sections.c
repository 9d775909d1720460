// SPDX-License-Identifier: GPL-2.0
// Copyright (C) 2026 kport contributors
// Code and data of init and exit, and what becomes read-only after init.
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt
#include <linux/module.h>

static int limit __initdata = 3;
static const char greeting[] __initconst = "only at the start";
static const char *const names[] __initconst = { "zero", "one", "two" };
static int table[4] __ro_after_init;
static int kept __read_mostly = 5;
static char farewell[] __exitdata = "only at the end";
static int counted __initdata;

static int __init fill(int upto)
{
	int i;

	for (i = 0; i < upto; i++)
		table[i] = i * 11;
	counted++;
	return table[upto - 1];
}

static noinline int __init count_names(void)
{
	int i, n = 0;

	for (i = 0; i < ARRAY_SIZE(names); i++)
		n += names[i][0] == 'o' || names[i][0] == 't';
	return n;
}

static noinline void __exit say_goodbye(int n)
{
	pr_info("%s, %d\n", farewell, n);
}

static int __init sections_init(void)
{
	pr_info("%s, %d %d\n", greeting, fill(limit), count_names());
	pr_info("counted %d\n", counted);
	return 0;
}

static void __exit sections_exit(void)
{
	say_goodbye(table[2] + kept);
}

module_init(sections_init);
module_exit(sections_exit);

MODULE_DESCRIPTION("init-exit-sections");
MODULE_LICENSE("GPL");
