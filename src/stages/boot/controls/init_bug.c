// SPDX-License-Identifier: GPL-2.0
/* Control: init runs into BUG(), which is also how a panic of Rust code ends. */
#include <linux/module.h>

static int __init init_bug_init(void)
{
	BUG_ON(THIS_MODULE);
	return 0;
}

module_init(init_bug_init);
MODULE_LICENSE("GPL");
