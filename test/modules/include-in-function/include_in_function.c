// SPDX-License-Identifier: GPL-2.0
// Copyright (C) 2026 kport contributors
// A header of the kernel's that is included within a function and within an initialiser: a list of macro calls.
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt
#include <linux/module.h>
#include <linux/string.h>

static volatile int seed = 1;

static const char *const names[] = {
	"none",
#define SUBSYS(x) #x,
#include <linux/cgroup_subsys.h>
#undef SUBSYS
};

static int __init include_init(void)
{
	unsigned int letters = 0, others = 0, i;

#define SUBSYS(x) if (READ_ONCE(seed)) letters += strlen(#x);
#include <linux/cgroup_subsys.h>
#undef SUBSYS
	for (i = 1; i < ARRAY_SIZE(names); i++)
		others += strlen(names[i]);
	pr_info("%zu names, %u letters, %u\n", ARRAY_SIZE(names), letters, others);
	return letters == others ? 0 : -EINVAL;
}

static void __exit include_exit(void)
{
	might_sleep();
}

module_init(include_init);
module_exit(include_exit);

MODULE_DESCRIPTION("include-in-function");
MODULE_LICENSE("GPL");
