// SPDX-License-Identifier: GPL-2.0
/* Control: nothing is wrong. */
#include <linux/module.h>

static int level = 3;
module_param(level, int, 0644);

static int __init good_init(void)
{
	pr_info("good: here\n");
	return 0;
}

static void __exit good_exit(void)
{
	pr_info("good: gone\n");
}

module_init(good_init);
module_exit(good_exit);
MODULE_LICENSE("GPL");
