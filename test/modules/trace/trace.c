// SPDX-License-Identifier: GPL-2.0
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt
#include <linux/module.h>
#include <linux/printk.h>

static noinline int trace_inner(int n)
{
	if (n > 2)
		dump_stack();
	return n + 1;
}

static int __init trace_init(void)
{
	pr_info("%d\n", trace_inner(3));
	return 0;
}

static void __exit trace_exit(void)
{
}

module_init(trace_init);
module_exit(trace_exit);
MODULE_DESCRIPTION("Prints where it is called from");
MODULE_LICENSE("GPL");
