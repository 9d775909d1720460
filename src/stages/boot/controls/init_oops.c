// SPDX-License-Identifier: GPL-2.0
/* Control: init follows a null pointer. */
#include <linux/module.h>

static int *nowhere;

static int __init init_oops_init(void)
{
	return READ_ONCE(*nowhere);
}

static void __exit init_oops_exit(void)
{
}

module_init(init_oops_init);
module_exit(init_oops_exit);
MODULE_LICENSE("GPL");
