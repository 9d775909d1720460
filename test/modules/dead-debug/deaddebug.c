// SPDX-License-Identifier: GPL-2.0
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt
#include <linux/module.h>

static int level = 3;
module_param(level, int, 0644);

static int __init deaddebug_init(void)
{
	int n = clamp(READ_ONCE(level), 1, 9);

	/* No number from 1 to 9 is that large: a compiler drops the message and its descriptor. */
	if (n > 20)
		pr_debug("too large: %d\n", n);
	pr_debug("level %d\n", n);
	pr_info("level %d\n", n);
	return 0;
}

static void __exit deaddebug_exit(void)
{
}

module_init(deaddebug_init);
module_exit(deaddebug_exit);
MODULE_DESCRIPTION("A debug message that cannot be reached");
MODULE_LICENSE("GPL");
