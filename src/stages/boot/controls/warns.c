// SPDX-License-Identifier: GPL-2.0
/* Control: runs into WARN_ON() and goes on. */
#include <linux/module.h>

static noinline void warns_here(void)
{
	WARN_ON(THIS_MODULE);
}

static int __init warns_init(void)
{
	warns_here();
	return 0;
}

static void __exit warns_exit(void)
{
}

module_init(warns_init);
module_exit(warns_exit);
MODULE_LICENSE("GPL");
