// SPDX-License-Identifier: GPL-2.0
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt
#include <linux/module.h>
#include <linux/printk.h>

static int answer = 1;
module_param(answer, int, 0444);

static noinline int steps(int n)
{
	return n > 0 ? n * 3 : -1;
}

/* The kernel loads the module all the same, with a word on it and a stack trace (do_init_module() in kernel/module/main.c). */
static int __init positive_init(void)
{
	pr_info("returns %d\n", steps(READ_ONCE(answer)));
	return steps(READ_ONCE(answer));
}

static void __exit positive_exit(void)
{
}

module_init(positive_init);
module_exit(positive_exit);
MODULE_DESCRIPTION("Returns a positive number from its init");
MODULE_LICENSE("GPL");
