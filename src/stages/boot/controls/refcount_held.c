// SPDX-License-Identifier: GPL-2.0
/* Control: takes a reference to itself and never gives it back. */
#include <linux/module.h>

static int __init refcount_held_init(void)
{
	__module_get(THIS_MODULE);
	return 0;
}

static void __exit refcount_held_exit(void)
{
}

module_init(refcount_held_init);
module_exit(refcount_held_exit);
MODULE_LICENSE("GPL");
