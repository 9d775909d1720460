// SPDX-License-Identifier: GPL-2.0
// Copyright (C) 2026 kport contributors
// Code and data of init and exit, and what becomes read-only after init.
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt
#include <linux/module.h>
#include <linux/slab.h>

static int limit __initdata = 3;
static const char greeting[] __initconst = "only at the start";
static const char *const names[] __initconst = { "zero", "one", "two" };
static int table[4] __ro_after_init;
static int kept __read_mostly = 5;
static char farewell[] __exitdata = "only at the end";
static int counted __initdata;
static char *keep;

static int __init fill(int upto)
{
	int i;

	for (i = 0; i < upto; i++)
		table[i] = i * 11;
	counted++;
	return table[upto - 1];
}

// What stays C of an __init function refers to what only the start has.
#define tell(i) do { counted++; pr_debug("%s\n", names[i]); } while (0)

static noinline void __init tell_all(int upto)
{
	int i;

	for (i = 0; i < upto; i++)
		tell(i);
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
	tell_all(limit);
	pr_info("counted %d\n", counted);
	keep = kzalloc(64, GFP_KERNEL);
	if (!keep)
		return -ENOMEM;
	keep[0] = 'k';
	return 0;
}

static void __exit sections_exit(void)
{
	// The start made the same call, and its memory is gone.
	char *again = kzalloc(64, GFP_KERNEL);

	if (again)
		pr_info("%c %d\n", keep[0], again[0]);
	kfree(again);
	kfree(keep);
	say_goodbye(table[2] + kept);
}

module_init(sections_init);
module_exit(sections_exit);

MODULE_DESCRIPTION("init-exit-sections");
MODULE_LICENSE("GPL");
